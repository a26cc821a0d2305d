//! Visits: offered, booked, moved, given up; never overbooked (rows #13, #33).

use std::collections::BTreeMap;

use events::{CaseEvent, CaseId, CaseNumber, TaskKind, TaskOutcome, Value};
use proptest::prelude::*;

use super::{House, date, id, number_of, said, text, time, times};

#[test]
fn at_least_two_times_are_offered_and_pages_go_on() {
    let mut house = House::at("2026-11-22 12:00");
    let page = |house: &mut House, n| {
        let reply = house.ask(1, TaskKind::FindTimes, &[("page", Value::Number(n))]);
        times(&reply)
    };
    assert_eq!(
        page(&mut house, 1),
        ["2026-11-23 09:00", "2026-11-23 09:30", "2026-11-23 10:00"]
    );
    assert_eq!(page(&mut house, 2)[0], "2026-11-23 10:30");
    let reply = house.ask(
        1,
        TaskKind::FindTimes,
        &[("from", date("2026-11-25")), ("after", time("17:00"))],
    );
    // 17:15 is no begin: half an hour would end after 17:45.
    assert_eq!(
        times(&reply),
        ["2026-11-25 17:00", "2026-11-26 17:00", "2026-11-27 17:00"]
    );
    let far = house.ask(1, TaskKind::FindTimes, &[("from", date("2026-12-07"))]);
    assert_eq!(
        far.outcome,
        TaskOutcome::None,
        "beyond the horizon of 14 days"
    );
    let far = house.ask(1, TaskKind::FindTimes, &[("page", Value::Number(u64::MAX))]);
    assert_eq!(far.outcome, TaskOutcome::None);
}

#[test]
fn today_is_offered_only_after_the_lead_time() {
    let mut house = House::at("2026-11-23 09:15");
    let reply = house.ask(1, TaskKind::FindTimes, &[]);
    assert_eq!(times(&reply)[0], "2026-11-23 11:30");
}

#[test]
fn a_visit_is_booked_found_moved_and_given_up_under_one_number() {
    let mut house = House::at("2026-11-22 12:00");
    let offered = house.ask(1, TaskKind::FindTimes, &[]).choices;
    let booked = house.ask(
        1,
        TaskKind::Book,
        &[
            ("time", id(&offered[1])),
            ("name", text("Сидорова")),
            ("remind", Value::YesNo(true)),
        ],
    );
    assert_eq!(said(booked.values.expose()), "2026-11-23 09:30");
    let number = number_of(&booked);
    let by_number = [("number", Value::Case(number.clone()))];
    let found = house.ask(2, TaskKind::FindBooking, &by_number);
    assert_eq!(
        found.values, booked.values,
        "the read-back equals the booking"
    );
    let later = [by_number[0].clone(), ("time", id(&offered[2]))];
    let moved = house.ask(2, TaskKind::MoveBooking, &later);
    assert_eq!(said(moved.values.expose()), "2026-11-23 10:00");
    assert_eq!(number_of(&moved), number);
    let facts = house.journal.len();
    let again = house.ask(2, TaskKind::MoveBooking, &later);
    assert_eq!(again.outcome, TaskOutcome::Done);
    assert_eq!(house.journal.len(), facts, "moved to where it is: no fact");
    let cancelled = house.ask(3, TaskKind::CancelBooking, &by_number);
    assert_eq!(said(cancelled.values.expose()), "2026-11-23 10:00");
    for task in [TaskKind::FindBooking, TaskKind::CancelBooking] {
        let reply = house.ask(3, task, &by_number);
        assert_eq!(reply.outcome, TaskOutcome::NotFound);
    }
    let CaseEvent::AppointmentBooked { phone, name, .. } = &house.journal[0].1 else {
        panic!("no booking");
    };
    assert_eq!(phone.as_ref().unwrap().expose(), "+79990000000");
    assert_eq!(name.as_ref().unwrap().expose(), "Сидорова");
}

#[test]
fn who_wants_no_reminder_leaves_no_number() {
    let mut house = House::at("2026-11-22 12:00");
    let offered = house.ask(1, TaskKind::FindTimes, &[]).choices;
    house.ask(1, TaskKind::Book, &[("time", id(&offered[0]))]);
    let CaseEvent::AppointmentBooked { phone, .. } = &house.journal[0].1 else {
        panic!("no booking");
    };
    assert_eq!(*phone, None);
}

#[test]
fn a_time_that_is_full_or_past_is_taken_and_one_that_is_none_is_refused() {
    let mut house = House::at("2026-11-22 12:00");
    let first = house.ask(1, TaskKind::FindTimes, &[]).choices[0].clone();
    let outcome = |house: &mut House, call, slot: Value| {
        house.ask(call, TaskKind::Book, &[("time", slot)]).outcome
    };
    assert_eq!(outcome(&mut house, 1, id(&first)), TaskOutcome::Done);
    assert_eq!(outcome(&mut house, 2, id(&first)), TaskOutcome::Done);
    assert_eq!(outcome(&mut house, 3, id(&first)), TaskOutcome::Taken);
    assert_ne!(
        times(&house.ask(3, TaskKind::FindTimes, &[]))[0],
        said(&first),
        "a full time is not offered"
    );
    house.now = super::at("2026-11-23 08:30");
    assert_eq!(outcome(&mut house, 4, id(&first)), TaskOutcome::Taken);
    for nonsense in ["", "main", "main@", "main@99999999999999999999", "other@1"] {
        assert_eq!(outcome(&mut house, 4, text(nonsense)), TaskOutcome::Refused);
    }
    let between = crate::reception::Slot {
        place: "main".into(),
        from: super::at("2026-11-24 09:07"),
        until: super::at("2026-11-24 09:37"),
    };
    assert_eq!(
        outcome(&mut house, 4, text(&between.id())),
        TaskOutcome::Taken
    );
}

#[test]
fn one_call_does_not_book_a_whole_day() {
    let mut house = House::at("2026-11-22 12:00");
    let mut outcomes = Vec::new();
    for _ in 0..4 {
        let free = house.ask(1, TaskKind::FindTimes, &[]).choices[0].clone();
        outcomes.push(house.ask(1, TaskKind::Book, &[("time", id(&free))]).outcome);
    }
    assert_eq!(outcomes[2..], [TaskOutcome::Done, TaskOutcome::Refused]);
}

#[test]
fn without_a_reception_nothing_can_be_booked() {
    let mut house = House::at("2026-11-22 12:00");
    let mut settings = house.cases.settings().clone();
    settings.receptions.clear();
    house.cases = crate::Cases::new(settings, crate::Ledger::default());
    let reply = house.ask(1, TaskKind::FindTimes, &[]);
    assert_eq!(reply.outcome, TaskOutcome::Unavailable);
}

#[derive(Clone, Debug)]
enum Step {
    Book(usize),
    Move(usize, usize),
    Cancel(usize),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_usize..6).prop_map(Step::Book),
        2 => (0_usize..20, 0_usize..6).prop_map(|(who, slot)| Step::Move(who, slot)),
        2 => (0_usize..20).prop_map(Step::Cancel),
        1 => (0_u64..4_000).prop_map(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_time_is_ever_overbooked_and_no_visit_is_lost(steps in proptest::collection::vec(step(), 1..60)) {
        let mut house = House::at("2026-11-22 12:00");
        let offered = house.ask(1, TaskKind::FindTimes, &[]).choices;
        let more = house.ask(1, TaskKind::FindTimes, &[("page", Value::Number(2))]).choices;
        let slots: Vec<_> = offered.iter().chain(&more).map(id).collect();
        let mut numbers: Vec<CaseNumber> = Vec::new();
        let mut expected: BTreeMap<CaseId, String> = BTreeMap::new();
        for (call, step) in steps.into_iter().enumerate() {
            let call = u64::try_from(call).unwrap() + 10;
            match step {
                Step::Book(slot) => {
                    let reply = house.ask(call, TaskKind::Book, &[("time", slots[slot].clone())]);
                    if reply.outcome == TaskOutcome::Done {
                        let number = number_of(&reply);
                        expected.insert(number.case().unwrap(), said(reply.values.expose()));
                        numbers.push(number);
                    }
                }
                Step::Move(who, slot) => {
                    let Some(number) = numbers.get(who) else { continue };
                    let given = [("number", Value::Case(number.clone())), ("time", slots[slot].clone())];
                    let reply = house.ask(call, TaskKind::MoveBooking, &given);
                    if reply.outcome == TaskOutcome::Done {
                        expected.insert(number.case().unwrap(), said(reply.values.expose()));
                    }
                }
                Step::Cancel(who) => {
                    let Some(number) = numbers.get(who) else { continue };
                    let given = [("number", Value::Case(number.clone()))];
                    if house.ask(call, TaskKind::CancelBooking, &given).outcome == TaskOutcome::Done {
                        expected.remove(&number.case().unwrap());
                    }
                }
                Step::Pass(s) => house.now = house.now.plus_ms(s * 1_000),
            }
            let mut visitors: BTreeMap<String, u32> = BTreeMap::new();
            let mut standing: BTreeMap<CaseId, String> = BTreeMap::new();
            for (case, visit) in house.cases.ledger().appointments() {
                if !visit.is_cancelled {
                    let from = events::Date::at(visit.from, super::OFFSET_MIN);
                    let time = events::TimeOfDay::at(visit.from, super::OFFSET_MIN);
                    let when = format!("{from} {time}");
                    *visitors.entry(when.clone()).or_default() += 1;
                    standing.insert(case, when);
                }
            }
            prop_assert!(visitors.values().all(|n| *n <= 2), "{visitors:?}");
            prop_assert_eq!(&standing, &expected);
        }
    }
}
