//! Callers who would wait long are called back with the place kept; closed queues take nobody.

use acd::Command;
use events::{CallId, CallOutcome, NeedCode};

use super::placed::{count, house_of, in_order};
use super::world::{SETTINGS, World};

fn long_waits(first: &str) -> String {
    let keys = format!("max_wait_s = 900\ncallback_expected_s = 60\ncallback_first = \"{first}\"");
    SETTINGS.replace("max_wait_s = 40", &keys)
}

/// Anna talks with the first caller; the second was just told that everybody is busy.
fn second_waits(first: &str) -> World {
    let mut line = house_of(&long_waits(first));
    line.on_duty("anna");
    line.asks_for_a_person("first", "100");
    line.answers("anna");
    line.asks_for_a_person("second", "100");
    line.hears_to_the_end("second");
    line
}

/// «Перезвоните», «на этот телефон», and the goodbye.
fn wants_to_be_called(line: &mut World) {
    line.presses("second", '1');
    line.presses("second", '1');
    line.hears_to_the_end("second");
    line.hears_to_the_end("second");
}

fn anna_is_done_with(line: &mut World, call: u64) {
    let (call, operator) = (CallId(call), "anna".into());
    let noted = Command::SetDisposition {
        call,
        operator,
        outcome: CallOutcome::Answered,
        need: NeedCode::Consultation,
        client: None,
    };
    line.desk("anna", noted);
    let operator = "anna".into();
    line.desk("anna", Command::FinishWrapUp { operator });
}

#[test]
fn whoever_would_wait_long_hangs_up_and_is_called_in_their_turn() {
    let mut line = second_waits("operator");
    wants_to_be_called(&mut line);
    line.passes_s(3);
    assert_eq!(count(&line, "placed dialled"), 0, "nobody is free");
    line.hangs_up("first");
    anna_is_done_with(&mut line, 1);
    line.passes_s(2);
    in_order(&line, &["wrap up ended C1 anna", "placed dialled"]);
    line.answers("callee");
    line.presses("callee", '0');
    line.hears_to_the_end("callee");
    in_order(&line, &["placed dialled", "call offered C3 anna"]);
    line.answers("anna");
    in_order(
        &line,
        &[
            "dialogue started C2 waiting",
            "task asked C2 keep keep_place",
            "case callback_requested",
            "place kept C2",
            "task answered C2 done keep_place",
            "dialogue ended C2 notice_played=false contained",
            "call ended C2 completed",
            "wrap up ended C1 anna",
            "placed dialled",
            "placed handed_over C3 100",
            "queue entered callback C3 consultation",
            "call offered C3 anna",
            "legs bridged C3 anna",
            "case callback_ended",
        ],
    );
    assert_eq!(count(&line, "placed dialled"), 1);
}

#[test]
fn whoever_calls_again_has_the_place_and_is_not_called_as_well() {
    let mut line = second_waits("operator");
    wants_to_be_called(&mut line);
    line.asks_for_a_person("again", "100");
    line.hangs_up("first");
    anna_is_done_with(&mut line, 1);
    line.answers("anna");
    line.passes_s(5);
    in_order(
        &line,
        &[
            "place kept C2",
            "queue entered assistant C3 consultation",
            "legs bridged C3 anna",
            "case callback_ended",
        ],
    );
    assert_eq!(count(&line, "placed dialled"), 0);
}

#[test]
fn a_restart_in_the_middle_loses_nothing_and_calls_nobody_twice() {
    let mut line = second_waits("caller");
    wants_to_be_called(&mut line);
    line.restart();
    line.passes_s(5);
    assert_eq!(count(&line, "placed dialled"), 0, "nobody is at work");
    line.on_duty("anna");
    line.passes_s(2);
    assert_eq!(count(&line, "placed dialled"), 1);
    line.restart();
    line.on_duty("anna");
    line.passes_s(60);
    assert_eq!(count(&line, "placed dialled"), 1, "tried again later");
    line.passes_s(845);
    assert_eq!(count(&line, "placed dialled"), 2);
    line.answers("callee");
    line.presses("callee", '0');
    line.hears_to_the_end("callee");
    line.answers("anna");
    line.passes_s(3_600);
    assert_eq!(count(&line, "placed dialled"), 2);
    assert_eq!(count(&line, "callback_ended"), 1);
}

#[test]
fn whoever_waits_on_is_asked_no_more_and_an_answer_ends_the_question() {
    let mut line = second_waits("caller");
    line.presses("second", '2');
    line.hears_to_the_end("second");
    for _ in 0..6 {
        line.hears_to_the_end("second");
        line.passes_s(10);
    }
    assert_eq!(count(&line, "dialogue started C2 waiting"), 1);
    line.asks_for_a_person("third", "100");
    line.hears_to_the_end("third");
    line.hangs_up("first");
    line.hangs_up("second");
    anna_is_done_with(&mut line, 1);
    line.answers("anna");
    in_order(
        &line,
        &[
            "dialogue started C3 waiting",
            "offer accepted C3 anna",
            "dialogue ended C3 notice_played=false to_person",
            "legs bridged C3 anna",
        ],
    );
    line.hangs_up("third");
    assert_eq!(count(&line, "place kept"), 0);
}

#[test]
fn nobody_is_asked_where_no_call_can_be_placed() {
    let mut line = World::with(&long_waits("caller"));
    line.on_duty("anna");
    line.asks_for_a_person("first", "100");
    line.answers("anna");
    line.asks_for_a_person("second", "100");
    for _ in 0..4 {
        line.hears_to_the_end("second");
    }
    assert_eq!(count(&line, "dialogue started C2 waiting"), 0);
}
