//! How many calls a second the signalling machine alone carries on one core (Linux): INVITE, 100, 180, 200,
//! ACK, re-INVITE, 200, ACK, BYE, 200, all through the real reader and writer.
//!
//! `cargo run --release -p sip-gateway --example calls_per_second`

use std::net::SocketAddr;

use bytes::Bytes;
use events::{LegId, Timestamp};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng as _;
use sip_gateway::boundary::{Flow, Input, LegCommand, LegEvent, Output, Transport};
use sip_gateway::gateway::{Gateway, GatewayConfig, Limits};
use sip_gateway::trunk::Trunk;

const CALLS: u64 = 100_000;
/// Calls a second of simulated time: how many transactions are open at once follows from it.
const RATE: u64 = 5_000;
const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n\
                   m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\n\
                   a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
                   a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

fn config(at: SocketAddr) -> Result<GatewayConfig, Box<dyn std::error::Error>> {
    let limits = Limits {
        max_legs: 100_000,
        new_calls_per_s: 1_000_000,
        new_calls_burst: 1_000_000,
        port_rest: events::Millis(0),
        ..Limits::default()
    };
    Ok(GatewayConfig {
        udp: at,
        tcp: at,
        advertised: at.ip(),
        media_address: at.ip(),
        media_ports: (20_000, 29_999),
        realm: "liniya".into(),
        accounts: Vec::new(),
        trunks: vec![Trunk {
            name: "load".into(),
            sources: vec!["192.0.2.0/24".parse()?],
            outbound: None,
        }],
        limits,
        user_agent: "liniya".into(),
    })
}

fn request(method: &str, call: u64, cseq: u32, tag: &str) -> Bytes {
    let (to_tag, body) = match (tag, method) {
        ("", _) => (String::new(), SDP),
        (tag, "INVITE") => (format!(";tag={tag}"), SDP),
        (tag, _) => (format!(";tag={tag}"), ""),
    };
    let kind = if body.is_empty() {
        ""
    } else {
        "Content-Type: application/sdp\r\n"
    };
    Bytes::from(format!(
        "{method} sip:100@203.0.113.1:5060 SIP/2.0\r\n\
         Via: SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bK-{call}-{cseq}-{method}\r\n\
         Max-Forwards: 70\r\nFrom: \"caller\" <sip:79990000001@192.0.2.10>;tag=t{call}\r\n\
         To: <sip:100@203.0.113.1>{to_tag}\r\nCall-ID: {call}@192.0.2.10\r\n\
         CSeq: {cseq} {method}\r\nContact: <sip:79990000001@192.0.2.10:5060>\r\n\
         User-Agent: load\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE\r\n{kind}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// Our tag in a response.
fn to_tag(output: &Output) -> Option<String> {
    let Output::Send { bytes, .. } = output else {
        return None;
    };
    let text = std::str::from_utf8(bytes).ok()?;
    let to = text.lines().find(|line| line.starts_with("To: "))?;
    to.split_once(";tag=").map(|(_, tag)| tag.to_owned())
}

/// Processor time of this process in milliseconds, so that a busy machine does not count.
fn cpu_ms() -> Result<u64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').ok_or("unreadable /proc/self/stat")?.1;
    // utime and stime, the 14th and 15th field, in hundredths of a second.
    let ticks: Result<Vec<u64>, _> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse)
        .collect();
    Ok(ticks?.iter().sum::<u64>() * 10)
}

#[expect(clippy::print_stdout, reason = "a tool for people")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local: SocketAddr = "203.0.113.1:5060".parse()?;
    let peer: SocketAddr = "192.0.2.10:5060".parse()?;
    let flow = Flow {
        transport: Transport::Udp,
        connection: 0,
        local,
        peer,
    };
    let mut gateway = Gateway::new(config(local)?, LegId(1), ChaCha12Rng::seed_from_u64(1));
    let (mut out, mut ended, mut most) = (Vec::new(), 0_u64, 0);
    let begun = cpu_ms()?;
    let mut now = Timestamp(1_000_000_000);
    for call in 1..=CALLS {
        now = Timestamp(now.0 + i64::try_from(1_000_000 / RATE)?);
        while gateway.deadline().is_some_and(|due| due <= now) {
            gateway.handle(now, Input::Tick, &mut out);
        }
        out.clear();
        let invite = request("INVITE", call, 1, "");
        gateway.handle(
            now,
            Input::Received {
                flow,
                bytes: invite,
            },
            &mut out,
        );
        let leg = LegId(call);
        gateway.handle(now, Input::Command(LegCommand::Ring { leg }), &mut out);
        gateway.handle(now, Input::Command(LegCommand::Answer { leg }), &mut out);
        let tag = out.iter().rev().find_map(to_tag).unwrap_or_default();
        for (method, cseq) in [("ACK", 1), ("INVITE", 2), ("ACK", 2), ("BYE", 3)] {
            let bytes = request(method, call, cseq, &tag);
            gateway.handle(now, Input::Received { flow, bytes }, &mut out);
        }
        let over = |output: &&Output| matches!(output, Output::Leg(LegEvent::Ended { .. }));
        ended += u64::try_from(out.iter().filter(over).count())?;
        if call % 1_000 == 0 {
            most = most.max(gateway.stats().transactions);
        }
    }
    let used_ms = (cpu_ms()? - begun).max(1);
    let rate = CALLS * 1_000 / used_ms;
    println!("{CALLS} calls, {ended} ended, {most} transactions open at most");
    println!("{used_ms} ms of processor time, {rate} calls a second on one core");
    Ok(())
}
