//! A network of the test's own: only loopback, every port free.

use std::process::Command;

/// Moves this thread, and every process it starts from now on, into a new network namespace.
pub fn private() {
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET)
        .expect("a network namespace of its own: run the tests as root");
    let ip = super::program("ip", "iproute2");
    let up = Command::new(ip)
        .args(["link", "set", "lo", "up"])
        .status()
        .unwrap();
    assert!(
        up.success(),
        "loopback of the private network does not come up"
    );
}

/// Ports of RTP, the server's and the telephones'.
const MEDIA_PORTS: (u16, u16) = (20_000, 49_999);

/// Where a jump leads to a packet's acceptance.
const PASS: u32 = u32::MAX;

/// From now on so many thousandths of all packets of RTP, either way, are lost in this thread's private network.
///
/// A filter at the entrance of loopback does it: `netem` is not in every kernel, a filter is. It is
/// written in the packet filter's own code (Linux, `Documentation/networking/filter.rst`), which
/// `tc` takes as numbers: operation, jumps, operand.
pub fn loses(permille: u32) {
    let lost_below = u32::MAX / 1_000 * permille;
    let (first, last) = (u32::from(MEDIA_PORTS.0), u32::from(MEDIA_PORTS.1));
    // An Ethernet header (14 octets) stands before IP on loopback too.
    let code = [
        (0x28, 0, 0, 12),        // the frame's type …
        (0x15, 0, PASS, 0x0800), // … is IPv4,
        (0x30, 0, 0, 23),        // its protocol …
        (0x15, 0, PASS, 17),     // … is UDP;
        (0xb1, 0, 0, 14),        // behind IP's header
        (0x48, 0, 0, 16),        // the port it goes to
        (0x35, 0, PASS, first),  // is one of media;
        (0x25, PASS, 0, last),
        (0x20, 0, 0, 0xffff_f038),   // dice
        (0x35, PASS, 0, lost_below), // decide:
        (0x06, 0, 0, 2),             // away with it
        (0x06, 0, 0, 0),             // or on with it.
    ];
    let accept = code.len() - 1;
    let lines = code
        .iter()
        .enumerate()
        .map(|(at, (operation, yes, no, operand))| {
            let ahead = u32::try_from(accept.saturating_sub(at + 1)).unwrap();
            let jump = |to: u32| if to == PASS { ahead } else { to };
            format!("{operation} {} {} {operand}", jump(*yes), jump(*no))
        });
    let code = format!("{},{}", code.len(), lines.collect::<Vec<_>>().join(","));
    tc(&["qdisc", "add", "dev", "lo", "clsact"]);
    tc(&[
        "filter", "add", "dev", "lo", "ingress", "bpf", "da", "bytecode", &code,
    ]);
}

/// Nothing is lost any more.
pub fn loses_nothing() {
    tc(&["qdisc", "del", "dev", "lo", "clsact"]);
}

fn tc(arguments: &[&str]) {
    let tc = super::program("tc", "iproute2");
    let done = Command::new(tc).args(arguments).status().unwrap();
    assert!(done.success(), "tc {arguments:?}");
}
