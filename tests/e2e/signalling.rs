//! SIP at the level of messages: SIPp plays the other side.

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
        matches!(e, Event::CallRefused { why: RefusedWhy::UnknownLine, status: 404, .. })
    });
}

#[test]
fn retransmissions_and_lost_packets_change_nothing() {
    let server = Server::start();
    let mut journal = server.journal();
    sipp::pass("retransmit.xml", &["-s", "100"]);
    sipp::pass("call.xml", &["-s", "100", "-m", "5", "-lost", "10"]);
    for _ in 0..6 {
        journal.wait("an end", |e| matches!(e, Event::CallEnded { .. }));
    }
    let arrived = journal.all().iter().filter(|r| matches!(r.event, Event::CallArrived { .. })).count();
    assert_eq!(arrived, 6, "a retransmitted INVITE is no second call");
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
        matches!(e, Event::CallRefused { why: RefusedWhy::Overload, status: 503, .. })
    });
}
