//! What callers come for: visits, the state of applications, answers in their own voice; from the
//! first word to the fact, and after a crash.

use cases::status::{Standing, StatusAnswer};
use events::{
    CallId, CaseEvent, CaseId, CaseNumber, Date, Event, Millis, OperatorId, Pii, TaskKind,
    TaskOutcome, TaskRequest, Value, Values,
};

use super::world::{SETTINGS, World};
use crate::switchboard::{DeskTask, Dictated};

const SCRIPT: &str = include_str!("visits.toml");

/// The line 100 speaks the script of these tests; one visitor at a time in the reception.
fn house(max_calls: u32) -> World {
    let settings = SETTINGS
        .replace("script = \"consultation\"", "script = \"visits\"")
        .replace(
            "max_calls = 3",
            &format!("max_calls = {max_calls}\nnew_calls_per_s = 1000"),
        );
    World::receiving(&settings, ("assistant/visits.toml", SCRIPT), 1)
}

/// The ladder holds these words in this order.
fn happened(line: &mut World, words: &[&str]) {
    let ladder = line.ladder();
    let mut rest = ladder.as_str();
    for word in words {
        let Some((_, after)) = rest.split_once(word) else {
            panic!("no «{word}» in its place:\n{ladder}");
        };
        rest = after;
    }
}

fn booked(line: &World) -> Vec<String> {
    let facts = line.journal().iter();
    let visits = facts.filter_map(|record| {
        let Event::Case(CaseEvent::AppointmentBooked { call, from, .. }) = &record.event else {
            return None;
        };
        let day = Date::at(*from, 180);
        let time = events::TimeOfDay::at(*from, 180);
        Some(format!("{} {day} {time}", call.unwrap()))
    });
    visits.collect()
}

/// Asks for a visit by voice, up to the offers.
fn asks_for_a_visit(line: &mut World, name: &'static str) {
    line.arrives(name, "100");
    line.speaks(name, "запись");
}

#[test]
fn a_visit_is_booked_by_voice_and_its_number_is_said() {
    let mut line = house(3);
    line.arrives("caller", "100");
    line.quiet();
    line.speaks("caller", "запись");
    line.speaks("caller", "второе");
    line.hears_to_the_end("caller");
    line.speaks("caller", "всё");
    line.hears_to_the_end("caller");
    happened(
        &mut line,
        &[
            "task asked",
            "task answered",
            "task asked",
            "appointment_booked",
            "task answered",
            "caller hears",
            "call ended C1 completed",
        ],
    );
    assert_eq!(booked(&line), ["C1 2026-11-23 09:30"]);
    line.ends_empty();
}

#[test]
fn a_time_that_somebody_else_took_meanwhile_is_offered_no_more() {
    let mut line = house(3);
    asks_for_a_visit(&mut line, "quick");
    asks_for_a_visit(&mut line, "slow");
    line.speaks("quick", "первое");
    line.quiet();
    line.speaks("slow", "первое");
    happened(
        &mut line,
        &[
            "task asked",
            "taken",
            "task asked",
            "task answered",
            "slow hears",
        ],
    );
    line.speaks("slow", "первое");
    assert_eq!(
        booked(&line),
        ["C1 2026-11-23 09:00", "C2 2026-11-23 09:30"]
    );
    line.hangs_up("quick");
    line.hangs_up("slow");
    line.ends_empty();
}

/// Names that live as long as the tests.
fn name(n: usize) -> &'static str {
    Box::leak(format!("caller{n}").into_boxed_str())
}

#[test]
fn a_hundred_callers_who_want_the_same_time_get_it_once() {
    let mut line = house(200);
    let callers: Vec<&'static str> = (0..100).map(name).collect();
    for caller in &callers {
        asks_for_a_visit(&mut line, caller);
    }
    for caller in &callers {
        line.speaks(caller, "первое");
    }
    let visits = booked(&line);
    assert_eq!(
        visits,
        ["C1 2026-11-23 09:00"],
        "all but one hear new offers"
    );
    for caller in callers {
        line.hangs_up(caller);
    }
    line.ends_empty();
}

/// Says an application's number.
fn asks_for_a_status(line: &mut World) {
    line.arrives("caller", "100");
    line.presses("caller", '2');
    line.quiet();
    for digit in "20260029#".chars() {
        line.presses("caller", digit);
    }
}

#[test]
fn a_register_answers_while_the_loop_goes_on() {
    let mut line = house(3);
    asks_for_a_status(&mut line);
    line.arrives("other", "100");
    line.quiet();
    line.register_says(StatusAnswer::Found(Standing {
        status: "на рассмотрении".into(),
        due: None,
    }));
    line.hears_to_the_end("caller");
    line.hears_to_the_end("caller");
    happened(
        &mut line,
        &[
            "the registers: Found",
            "task answered",
            "done",
            "call ended C1",
        ],
    );
    line.hangs_up("other");
    line.ends_empty();
}

#[test]
fn a_register_that_cannot_be_asked_leads_to_a_person() {
    let mut line = house(3);
    asks_for_a_status(&mut line);
    line.quiet();
    line.register_says(StatusAnswer::Unavailable);
    line.hears_to_the_end("caller");
    happened(
        &mut line,
        &[
            "task answered",
            "unavailable",
            "queue entered assistant C1 consultation",
        ],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn an_answer_for_a_caller_who_has_left_is_nobodys() {
    let mut line = house(3);
    asks_for_a_status(&mut line);
    line.hangs_up("caller");
    line.quiet();
    line.register_says(StatusAnswer::NotFound);
    assert_eq!(line.ladder(), "the registers: NotFound\n");
    line.ends_empty();
}

#[test]
fn a_dictation_is_recorded_and_its_late_end_is_nobodys() {
    let mut line = house(3);
    line.arrives("caller", "100");
    line.presses("caller", '3');
    line.hears_to_the_end("caller");
    let (leg, dictation) = line.dictation("caller").expect("nothing is recorded");
    line.quiet();
    let dictated = Dictated {
        dictation,
        spoken: Millis(4_000),
        words: Pii::default(),
    };
    line.dictated(leg, dictated.clone());
    line.dictated(leg, dictated);
    let ladder = line.ladder();
    assert_eq!(ladder.matches("caller has spoken").count(), 2);
    assert_eq!(ladder.matches("answer recorded").count(), 1, "{ladder}");
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_caller_who_dictates_reaches_a_person_by_the_word() {
    let mut line = house(3);
    line.arrives("caller", "100");
    line.presses("caller", '3');
    line.hears_to_the_end("caller");
    let (leg, dictation) = line.dictation("caller").expect("nothing is recorded");
    line.speaks("caller", "приёмная закрыта");
    line.speaks("caller", "оператор");
    line.hears_to_the_end("caller");
    let dictated = Dictated {
        dictation,
        spoken: Millis(4_000),
        words: Pii::default(),
    };
    line.dictated(leg, dictated);
    let ladder = line.ladder();
    assert!(ladder.contains("stop recording caller alone"), "{ladder}");
    assert!(ladder.contains("queue entered assistant"), "{ladder}");
    assert!(!ladder.contains("answer recorded"), "{ladder}");
    line.hangs_up("caller");
    line.ends_empty();
}

fn desk(task: TaskKind, arguments: &[(&str, Value)]) -> DeskTask {
    let arguments: Values = arguments
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    DeskTask {
        call: None,
        operator: OperatorId::new("anna"),
        request: TaskRequest {
            task,
            arguments: Pii::new(arguments),
        },
    }
}

#[test]
fn a_crash_after_the_booking_loses_nothing_and_books_nothing_twice() {
    let mut line = house(3);
    asks_for_a_visit(&mut line, "caller");
    line.speaks("caller", "первое");
    // The number has not been heard yet.
    line.restart();
    let facts = booked(&line);
    assert_eq!(facts, ["C1 2026-11-23 09:00"]);
    let case = line
        .journal()
        .iter()
        .find_map(|record| {
            let Event::Case(fact) = &record.event else {
                return None;
            };
            Some(fact.case())
        })
        .unwrap();
    let number = Value::Case(CaseNumber::of(case));
    let found = line.desk_task(desk(TaskKind::FindBooking, &[("number", number)]));
    assert_eq!(found.outcome, TaskOutcome::Done);
    asks_for_a_visit(&mut line, "next");
    line.speaks("next", "первое");
    assert_eq!(
        booked(&line),
        ["C1 2026-11-23 09:00", "C2 2026-11-23 09:30"]
    );
    line.hangs_up("next");
    line.ends_empty();
}

#[test]
fn a_desk_does_the_same_by_the_same_rules() {
    let mut line = house(3);
    let found = line.desk_task(desk(TaskKind::FindTimes, &[]));
    let time = found.choices[0]["id"].clone();
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let booked = line.desk_task(desk(TaskKind::Book, &[("time", time.clone())]));
        outcomes.push(booked.outcome);
    }
    assert_eq!(outcomes, [TaskOutcome::Done, TaskOutcome::Taken]);
    let nobodys = Value::Case(CaseNumber::of(CaseId(999_999)));
    let moved = line.desk_task(desk(
        TaskKind::MoveBooking,
        &[("number", nobodys), ("time", time)],
    ));
    assert_eq!(moved.outcome, TaskOutcome::NotFound);
    let call = Some(CallId(1));
    let request = desk(TaskKind::RequestCallback, &[]).request;
    let refused = line.desk_task(DeskTask {
        call,
        operator: OperatorId::new("anna"),
        request,
    });
    assert_eq!(refused.outcome, TaskOutcome::Refused, "no number to call");
}
