//! kill -9, and a tidy stop.

use std::collections::BTreeMap;

use events::{CallId, EndCause, Event, Record, UnansweredCause};
use tests::Phone;
use tests::phone::Setup;

use crate::story::House;

#[test]
fn killed_in_the_middle_every_call_is_closed_with_its_cause_and_totals_go_on() {
    let mut house = House::open();
    let talking = house.call("100");
    house.ask_for_a_person();
    house.talk();
    let mut second = Phone::start(&Setup::caller(5076));
    second.dial("100");
    second.wait("established");
    second.hears_something();
    second.press("0");
    let entered = house.journal.wait("the second in the queue", |e| {
        matches!(e, Event::QueueEntered { .. })
    });
    let waiting = entered.event.call().unwrap();
    house
        .journal
        .wait("a heartbeat", |e| matches!(e, Event::Heartbeat {}));

    house.server.kill();
    house.server.run();

    let records = house.journal.all();
    let closed = ends(&records);
    assert_eq!(closed[&talking], EndCause::ServerRestarted);
    assert_eq!(closed[&waiting], EndCause::ServerRestarted);
    let lost = records.iter().find_map(|r| match &r.event {
        Event::CallUnanswered { call, cause, waits } if *call == waiting => Some((*cause, *waits)),
        _ => None,
    });
    let (cause, waits) = lost.expect("the waiting caller is counted");
    assert_eq!(cause, UnansweredCause::Failure);
    let crashed = crash_time(&records);
    assert_eq!(
        waits.queue_ms,
        crashed.since(entered.at),
        "the wait until the crash, to the millisecond"
    );

    let labels = r#"{line="100",service="undetermined"}"#;
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_calls_offered_total{labels}")),
        2.0
    );
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_calls_answered_total{labels}")),
        1.0
    );
    assert_eq!(
        house
            .server
            .metric(&format!("liniya_calls_waiting{labels}")),
        0.0
    );
    let replay = house.server.output(&["replay"]);
    assert!(replay.contains("расхождений нет"), "{replay}");
}

/// Time of the newest record before the second start.
fn crash_time(records: &[Record]) -> events::Timestamp {
    let started = |r: &&Record| matches!(r.event, Event::ServerStarted { .. });
    let second = records
        .iter()
        .filter(started)
        .nth(1)
        .expect("a second start");
    let before = records.iter().rev().find(|r| r.seq < second.seq);
    before.expect("facts before it").at
}

fn ends(records: &[Record]) -> BTreeMap<CallId, EndCause> {
    let mut ends = BTreeMap::new();
    for record in records {
        if let Event::CallEnded { call, cause, .. } = record.event {
            assert!(ends.insert(call, cause).is_none(), "{call} ended twice");
        }
    }
    ends
}

#[test]
fn a_tidy_stop_waits_for_the_call_and_refuses_new_ones() {
    let mut house = House::open();
    house.call("100");
    let pid = house.server.pid().unwrap();
    let pid = nix::unistd::Pid::from_raw(pid.try_into().unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    tests::sipp::pass("options_draining.xml", &[]);
    house.caller.hang_up();
    house.wait_for_the_end();
    house
        .journal
        .wait("the stop", |e| matches!(e, Event::ServerStopped {}));
}
