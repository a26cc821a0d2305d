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
