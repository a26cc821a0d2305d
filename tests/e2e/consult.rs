//! Operators who ask a colleague, hand the caller on afterwards, talk all three, and call numbers
//! outside: with tones for voices, so that who hears whom is proved.

mod pages;

use events::{
    CallId, ConsultationEvent, ConsultationOutcome, EntryCause, Event, OutsideEvent, TransferKind,
};
use serde_json::json;
use tests::phone::Setup;
use tests::{Desk, Journal, Phone, sound};

use crate::story::{House, ready};

/// The trunk's other end: a body in the address book.
const BODY_PORT: u16 = 5076;
const BODY: &str = "101102";

fn say(desk: &Desk, command: &str, call: CallId) {
    desk.command(&json!({"command": command, "call": call.to_string()}));
}

fn consult(desk: &Desk, call: CallId, with: &serde_json::Value) {
    desk.command(&json!({"command": "consult", "call": call.to_string(), "with": with}));
}

fn answered(journal: &mut Journal) {
    journal.wait("the consultation", |e| {
        matches!(e, Event::Consultation(ConsultationEvent::Answered { .. }))
    });
}

fn ended(journal: &mut Journal) -> ConsultationOutcome {
    let ended = journal.wait("the end of the consultation", |e| {
        matches!(e, Event::Consultation(ConsultationEvent::Ended { .. }))
    });
    match ended.event {
        Event::Consultation(ConsultationEvent::Ended { outcome, .. }) => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_colleague_is_asked_talks_to_all_and_takes_the_caller() {
    let mut house = House::open();
    let mut second = Phone::start(&Setup::operator("operator2", 5072));
    let _desk2 = ready(&house.server, &mut house.journal, "operator2");
    let call = house.call("100");
    house.ask_for_a_person();
    house.talk(); // the caller sings 440, operator1 700
    second.tone(1_200);

    consult(&house.desk, call, &json!({"operator": "operator2"}));
    house.operator.hears_tone(425); // it rings
    second.answer();
    answered(&mut house.journal);
    second.hears_tone(700);
    house.operator.hears_tone(1_200);

    say(&house.desk, "swap", call);
    house.operator.hears_tone(440);
    house.caller.hears_tone(700);

    say(&house.desk, "conference", call);
    for hz in [440, 1_200] {
        house.operator.hears_in_the_mix(hz);
    }
    for hz in [440, 700] {
        second.hears_in_the_mix(hz);
    }
    for hz in [700, 1_200] {
        house.caller.hears_in_the_mix(hz);
    }

    say(&house.desk, "complete_transfer", call);
    assert_eq!(ended(&mut house.journal), ConsultationOutcome::Transferred);
    house.operator.wait("closed");
    second.hears_tone(440);
    house.caller.hears_tone(1_200);
    house.caller.hang_up();
    house.wait_for_the_end();
    let moved = r#"liniya_transfers_total{kind="conference",line="100",service="undetermined"}"#;
    assert_eq!(house.server.metric(moved), 1.0);
    let asked =
        r#"liniya_consultations_total{line="100",outcome="transferred",service="undetermined"}"#;
    assert_eq!(house.server.metric(asked), 1.0);
}

#[test]
fn a_talk_apart_from_the_caller_is_not_in_the_callers_recording() {
    let mut house = House::open();
    let mut second = Phone::start(&Setup::operator("operator2", 5072));
    let _desk2 = ready(&house.server, &mut house.journal, "operator2");
    let call = house.call("100");
    house.ask_for_a_person();
    house.talk();
    second.tone(1_200);
    consult(&house.desk, call, &json!({"operator": "operator2"}));
    second.answer();
    answered(&mut house.journal);
    second.hears_tone(700);
    house.operator.hears_tone(1_200);
    say(&house.desk, "end_consultation", call);
    ended(&mut house.journal);
    house.caller.hears_tone(700);
    house.operator.hears_tone(440);
    house.caller.hang_up();
    house.wait_for_the_end();

    let file = house.journal.all().into_iter().find_map(|r| match r.event {
        Event::RecordingStarted { file, .. } => Some(file),
        _ => None,
    });
    let folder = house.server.folder().join("recordings");
    let (caller, operator, rate) = sound::stereo(&folder.join(file.unwrap()));
    assert!(sound::seconds_of_tone(&caller, rate, 440) > 0.8);
    assert!(sound::seconds_of_tone(&operator, rate, 700) > 0.8);
    assert!(sound::seconds_of_tone(&operator, rate, 1_200) < 0.1);
}

/// A house that may call one number outside.
fn house_with_a_body() -> House {
    let call_out =
        format!("addresses = [\"127.0.0.0/8\"]\ncall_out = \"sip:127.0.0.1:{BODY_PORT}\"");
    let book = format!(
        "[[contact]]\nname = \"Ростехнадзор\"\nnumber = \"{BODY}\"\n\n[outside]\ntrunk = \
         \"loopback\"\n# "
    );
    House::with_sample(&[
        ("addresses = [\"127.0.0.0/8\"]", &call_out),
        ("[outside]\ntrunk = ", &book),
    ])
}

#[test]
fn a_number_outside_is_asked_is_busy_and_takes_the_caller() {
    let mut house = house_with_a_body();
    let mut body = Phone::start(&Setup {
        user: BODY,
        ..Setup::caller(BODY_PORT)
    });
    let call = house.call("100");
    house.ask_for_a_person();
    house.talk();
    body.tone(1_200);

    let refused = house.desk.try_command(
        &json!({"command": "transfer", "call": call.to_string(), "to": {"outside": "101103"}}),
    );
    assert_eq!(refused.status, 409, "{refused:?}");

    consult(&house.desk, call, &json!({"outside": BODY}));
    body.answer();
    answered(&mut house.journal);
    body.hears_tone(700);
    house.operator.hears_tone(1_200);
    say(&house.desk, "end_consultation", call);
    assert_eq!(ended(&mut house.journal), ConsultationOutcome::Cancelled);
    body.wait("closed");
    house.caller.hears_tone(700);
    house.operator.hears_tone(440);

    house.desk.command(
        &json!({"command": "transfer", "call": call.to_string(), "to": {"outside": BODY}}),
    );
    body.reject();
    house.journal.wait("the way back", |e| {
        let because = EntryCause::Returned;
        matches!(e, Event::QueueEntered { because: b, .. } if *b == because)
    });
    house.desk.command(&json!({
        "command": "disposition", "call": call.to_string(), "outcome": "answered", "need": "2",
    }));
    house.desk.command(&json!({"command": "finish_wrap_up"}));
    house.operator.answer();
    house
        .journal
        .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    house.caller.hears_tone(700);

    house.desk.command(
        &json!({"command": "transfer", "call": call.to_string(), "to": {"outside": BODY}}),
    );
    body.answer();
    let moved = house.journal.wait("the transfer", |e| {
        matches!(e, Event::CallTransferred { .. })
    });
    assert!(matches!(
        moved.event,
        Event::CallTransferred {
            kind: TransferKind::Outside,
            ..
        }
    ));
    house.caller.hears_tone(1_200);
    body.hears_tone(440);
    body.hang_up();
    house.journal.wait("the end of the talk outside", |e| {
        matches!(e, Event::Outside(OutsideEvent::Ended { .. }))
    });
    house.wait_for_the_end();
    let moved = r#"liniya_transfers_total{kind="outside",line="100",service="undetermined"}"#;
    assert_eq!(house.server.metric(moved), 1.0);
}
