//! Queues with hours; and nobody who calls while nobody is at work goes away with nothing.

use acd::Command;
use events::{CallId, CallOutcome, NeedCode, NotReadyReason};

use super::placed::{count, in_order};
use super::world::{SETTINGS, World};

/// The consultation answers on working days; the tests begin on a Sunday.
fn on_weekdays() -> World {
    let hours = "id = \"consultation\"\nhours = \"weekdays\"";
    World::by_the_calendar(&SETTINGS.replace("id = \"consultation\"", hours))
}

/// «Обратный звонок», «на этот телефон», «при первой возможности», and the goodbye.
fn asks_to_be_called(line: &mut World, name: &'static str) {
    for _ in 0..3 {
        line.presses(name, '1');
    }
    for _ in 0..3 {
        line.hears_to_the_end(name);
    }
}

#[test]
fn a_queue_opens_and_closes_by_its_hours_and_the_assistant_knows() {
    let mut line = on_weekdays();
    in_order(&line, &["queue closed consultation"]);
    line.arrives("caller", "100");
    line.presses("caller", '0');
    line.hears_to_the_end("caller");
    assert_eq!(
        count(&line, "queue entered"),
        0,
        "nobody is led to a person"
    );
    line.hangs_up("caller");
    line.passes_s(36 * 3_600);
    assert_eq!(count(&line, "queue opened consultation"), 1);
    line.passes_s(12 * 3_600);
    assert_eq!(
        count(&line, "queue closed consultation"),
        2,
        "Monday is over"
    );
    line.restart();
    assert_eq!(count(&line, "queue closed consultation"), 2, "said once");
}

#[test]
fn whoever_finds_nobody_is_called_back() {
    // Nobody is signed in to the support, whose script leads to a person at every hour.
    let mut line = World::by_the_calendar(SETTINGS);
    line.asks_for_a_person("caller", "200");
    asks_to_be_called(&mut line, "caller");
    in_order(
        &line,
        &[
            "call unanswered C1 no_operators",
            "dialogue started C1 unanswered",
            "case callback_requested",
            "dialogue ended C1 notice_played=false contained",
            "call ended C1 completed",
        ],
    );
    line.ends_empty();
}

#[test]
fn whoever_waits_when_it_closes_is_served_while_somebody_is_there() {
    let settings = SETTINGS
        .replace(
            "id = \"consultation\"",
            "id = \"consultation\"\nhours = \"weekdays\"",
        )
        .replace("max_wait_s = 40", "max_wait_s = 80000");
    let mut line = World::by_the_calendar(&settings);
    // Monday, 17:40 in Moscow.
    line.passes_s(36 * 3_600 + 40 * 60);
    line.on_duty("anna");
    line.asks_for_a_person("first", "100");
    line.answers("anna");
    line.asks_for_a_person("second", "100");
    line.passes_s(600);
    assert_eq!(count(&line, "queue closed consultation"), 2);
    assert_eq!(count(&line, "call unanswered"), 0, "Anna is there");
    let operator = || "anna".into();
    let rests = Command::BecomeNotReady {
        operator: operator(),
        reason: NotReadyReason::Break,
    };
    line.desk("anna", rests);
    line.hangs_up("first");
    let noted = Command::SetDisposition {
        call: CallId(1),
        operator: operator(),
        outcome: CallOutcome::Answered,
        need: NeedCode::Consultation,
        client: None,
    };
    line.desk("anna", noted);
    let finishes = Command::FinishWrapUp {
        operator: operator(),
    };
    line.desk("anna", finishes);
    let operator = operator();
    line.desk("anna", Command::SignOut { operator });
    in_order(
        &line,
        &[
            "operator signed out anna",
            "call unanswered C2 after_hours",
            "dialogue started C2 unanswered",
        ],
    );
}
