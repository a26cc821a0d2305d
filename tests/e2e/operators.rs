//! Operators: who do not answer, refuse, hold, hand on, wrap up.

use events::{EntryCause, Event, HungUpBy, MissedWhy, NotReadyReason, TransferKind};
use serde_json::json;
use tests::phone::Setup;
use tests::{Phone, Server};

use crate::story::{House, ready};

#[test]
fn who_does_not_answer_is_set_aside_and_the_caller_keeps_the_place() {
    let mut house = House::with_sample(&[("ring_timeout_s = 20", "ring_timeout_s = 2")]);
    house.call("100");
    house.ask_for_a_person();
    house.operator.wait("incoming");
    house.journal.wait("the missed offer", |e| {
        matches!(
            e,
            Event::OfferMissed {
                why: MissedWhy::RingTimeout,
                ..
            }
        )
    });
    house.journal.wait("set aside", |e| {
        matches!(
            e,
            Event::OperatorNotReady {
                reason: NotReadyReason::Rona,
                ..
            }
        )
    });
    house.operator.wait("closed");

    let mut second = Phone::start(&Setup::operator("operator2", 5072));
    let _desk = ready(&house.server, &mut house.journal, "operator2");
    second.answer();
    house
        .journal
        .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    house.caller.hang_up();
    house.wait_for_the_end();
}

#[test]
fn a_phone_with_a_fixed_address_rings_without_registering() {
    let sample = std::fs::read_to_string(tests::root().join("liniya.toml")).unwrap();
    let login = "login = \"operator1\"";
    assert!(sample.contains(login), "the sample has operator1");
    let contact = format!("phone_contact = \"sip:operator1@127.0.0.1:5071\"\n{login}");
    let server = Server::with_file(&sample.replacen(login, &contact, 1));
    let mut journal = server.journal();
    let mut operator = Phone::start(&Setup {
        register: false,
        ..Setup::operator("operator1", 5071)
    });
    let _desk = ready(&server, &mut journal, "operator1");
    let mut caller = Phone::start(&Setup::caller(5070));
    caller.dial("100");
    caller.wait("established");
    caller.hears_something();
    caller.press("0");
    operator.answer();
    journal.wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    operator.tone(700);
    caller.hears_tone(700);
}

#[test]
fn a_declined_offer_goes_back_and_the_caller_waits_on() {
    let mut house = House::open();
    house.call("100");
    house.ask_for_a_person();
    house.operator.reject();
    house.journal.wait("the missed offer", |e| {
        matches!(e, Event::OfferMissed { .. })
    });
    house.caller.hears_something(); // the waiting phrase goes on
    house.caller.hang_up();
    house.wait_for_the_end();
}

#[test]
fn a_caller_is_handed_to_a_colleague_and_to_a_queue() {
    let mut house = House::open();
    let mut second = Phone::start(&Setup::operator("operator2", 5072));
    let desk2 = ready(&house.server, &mut house.journal, "operator2");
    let mut third = Phone::start(&Setup::operator("operator3", 5073));
    let _desk3 = ready(&house.server, &mut house.journal, "operator3");

    let call = house.call("100");
    house.ask_for_a_person();
    house.talk(); // operator1 has been ready longest
    house.desk.command(
        &json!({"command": "transfer", "call": call.to_string(), "to": {"operator": "operator2"}}),
    );
    let moved = house.journal.wait("the transfer", |e| {
        matches!(e, Event::CallTransferred { .. })
    });
    assert!(matches!(
        moved.event,
        Event::CallTransferred {
            kind: TransferKind::Blind,
            ..
        }
    ));
    house.journal.wait("the queue", |e| {
        matches!(
            e,
            Event::QueueEntered {
                because: EntryCause::Transfer,
                wanted: Some(_),
                ..
            }
        )
    });
    second.answer();
    house.journal.wait(
        "the bridge",
        |e| matches!(e, Event::LegsBridged { operator, .. } if operator.as_str() == "operator2"),
    );
    second.hears_tone(440);

    desk2.command(
        &json!({"command": "transfer", "call": call.to_string(), "to": {"queue": "support"}}),
    );
    third.answer();
    house.journal.wait(
        "the bridge",
        |e| matches!(e, Event::LegsBridged { operator, .. } if operator.as_str() == "operator3"),
    );
    third.hears_tone(440);
    house.caller.hang_up();
    house.wait_for_the_end();
    let moved = r#"liniya_transfers_total{kind="blind",line="100",service="undetermined"}"#;
    assert_eq!(house.server.metric(moved), 2.0);
    let answered = r#"liniya_calls_answered_total{line="100",service="undetermined"}"#;
    assert_eq!(
        house.server.metric(answered),
        1.0,
        "one call is answered once"
    );
}

#[test]
fn hold_is_a_fact_and_the_talk_goes_on_after_it() {
    let mut house = House::open();
    let call = house.call("100");
    house.ask_for_a_person();
    house.talk();
    house.operator.hold();
    house
        .journal
        .wait("the hold", |e| matches!(e, Event::TalkHeld { .. }));
    house.operator.resume();
    house
        .journal
        .wait("the resume", |e| matches!(e, Event::TalkResumed { .. }));
    house.caller.hears_tone(700);
    house
        .desk
        .command(&json!({"command": "hang_up", "call": call.to_string()}));
    let ended = house.journal.wait("the end of the talk", |e| {
        matches!(e, Event::TalkEnded { .. })
    });
    assert!(matches!(
        ended.event,
        Event::TalkEnded {
            by: HungUpBy::Operator,
            ..
        }
    ));
    house.operator.wait("closed");
}

#[test]
fn after_call_work_ends_only_with_outcome_and_need() {
    let mut house = House::open();
    let call = house.call("100");
    house.ask_for_a_person();
    house.talk();
    house.caller.hang_up();
    house
        .journal
        .wait("wrap-up", |e| matches!(e, Event::WrapUpStarted { .. }));
    let refused = house
        .desk
        .try_command(&json!({"command": "finish_wrap_up"}));
    assert_eq!(refused.status, 409, "{refused:?}");
    assert!(refused.body.contains("укажите итог"), "{refused:?}");
    house.desk.command(&json!({"command": "disposition", "call": call.to_string(), "outcome": "way_given", "need": "5"}));
    house.desk.command(&json!({"command": "finish_wrap_up"}));
    house
        .journal
        .wait("readiness", |e| matches!(e, Event::WrapUpEnded { .. }));

    house.call("100"); // and the next caller is offered at once
    house.ask_for_a_person();
    house.operator.wait("incoming");
}
