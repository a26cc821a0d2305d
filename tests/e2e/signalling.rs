//! SIP at the level of messages: SIPp plays the other side.

use std::net::UdpSocket;

use events::{Event, RefusedWhy};
use tests::phone::Setup;
use tests::{Phone, Server, sipp};

#[test]
fn a_plain_call_and_options_with_and_without_a_user_part() {
    let server = Server::start();
    let mut journal = server.journal();
    sipp::pass("options.xml", &[]);
    sipp::pass("call.xml", &["-s", "100"]);
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}

#[test]
fn an_unknown_number_gets_404_and_is_counted_beside_the_calls() {
    let server = Server::start();
    let mut journal = server.journal();
    sipp::pass("unknown_line.xml", &["-s", "777"]);
    journal.wait("the refusal", |e| {
        matches!(
            e,
            Event::CallRefused {
                why: RefusedWhy::UnknownLine,
                status: 404,
                ..
            }
        )
    });
}

#[test]
fn a_retransmitted_invite_is_no_second_call() {
    let server = Server::start();
    let mut journal = server.journal();
    let caller = UdpSocket::bind("127.0.0.1:5090").unwrap();
    caller.connect("127.0.0.1:5060").unwrap();
    caller.set_read_timeout(Some(tests::PATIENCE)).unwrap();
    for _ in 0..3 {
        caller.send(&message("INVITE", 1, "", OFFER)).unwrap();
    }
    let answer = loop {
        let answer = receive(&caller);
        if answer.starts_with("SIP/2.0 200") {
            break answer;
        }
        assert!(answer.starts_with("SIP/2.0 1"), "{answer}");
    };
    let to = answer
        .lines()
        .find_map(|line| line.strip_prefix("To: "))
        .unwrap();
    let tag = to.split_once(";tag=").expect("a tag of ours").1;
    caller.send(&message("ACK", 1, tag, "")).unwrap();
    caller.send(&message("BYE", 2, tag, "")).unwrap();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    let arrived = |r: &&events::Record| matches!(r.event, Event::CallArrived { .. });
    assert_eq!(journal.all().iter().filter(arrived).count(), 1);
}

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n";

fn message(method: &str, cseq: u32, tag: &str, body: &str) -> Vec<u8> {
    let tag = if tag.is_empty() {
        String::new()
    } else {
        format!(";tag={tag}")
    };
    let kind = if body.is_empty() {
        ""
    } else {
        "Content-Type: application/sdp\r\n"
    };
    format!(
        "{method} sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK{method}\r\n\
         From: <sip:caller@127.0.0.1>;tag=1\r\nTo: <sip:100@127.0.0.1>{tag}\r\nCall-ID: twice\r\n\
         CSeq: {cseq} {method}\r\nContact: <sip:caller@127.0.0.1:5090>\r\nMax-Forwards: 70\r\n{kind}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn receive(socket: &UdpSocket) -> String {
    let mut datagram = [0; 2_000];
    let length = socket.recv(&mut datagram).expect("an answer");
    String::from_utf8_lossy(&datagram[..length]).into_owned()
}

#[test]
fn lost_packets_cost_no_call() {
    let server = Server::start();
    let mut journal = server.journal();
    sipp::pass("call.xml", &["-s", "100", "-m", "5", "-lost", "10"]);
    for _ in 0..5 {
        journal.wait("an end", |e| matches!(e, Event::CallEnded { .. }));
    }
}

#[test]
fn a_reinvite_hard_after_the_ack_is_answered() {
    let server = Server::start();
    let _journal = server.journal();
    sipp::pass("reinvite.xml", &["-s", "100"]);
}

#[test]
fn above_the_configured_load_new_callers_get_503_with_retry_after() {
    let server = Server::with(&[("LINIYA_SIP_MAX_CALLS", "1")]);
    let mut journal = server.journal();
    let mut caller = Phone::start(&Setup::caller(5070));
    caller.dial("100");
    caller.wait("established");
    sipp::pass("overload.xml", &["-s", "100"]);
    journal.wait("the refusal", |e| {
        matches!(
            e,
            Event::CallRefused {
                why: RefusedWhy::Overload,
                status: 503,
                ..
            }
        )
    });
}
