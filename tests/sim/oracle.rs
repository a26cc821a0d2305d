//! Waits once more, from the timestamps in the journal's text alone: slow, plain, and written from
//! the definitions (docs of `Waits`), not from the rules.

use std::collections::BTreeMap;

use events::{
    CallId, Chain, EndCause, Event, Millis, MissedWhy, PlacedEvent, Record, Timestamp, Waits,
};

/// Every wait and talk time in the journal is what the timestamps say, to the millisecond.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let mut chain = Chain::default();
    let mut records = Vec::new();
    for line in text.lines() {
        records.push(chain.read(line).map_err(|error| error.to_string())?);
    }
    for (here, record) in records.iter().enumerate() {
        let Some(call) = record.event.call() else {
            continue;
        };
        let end = end_of(&records, here, call);
        let (said, expected) = match &record.event {
            Event::LegsBridged { waits, .. }
            | Event::CallUnanswered { waits, .. }
            | Event::PlaceKept { waits, .. }
            | Event::CallEnded { waits, .. } => (*waits, waits_of(&records, here, call, end)),
            Event::TalkEnded { talk_ms, .. } => {
                let bridged = |event: &Event| matches!(event, Event::LegsBridged { .. });
                let since = last(&records, here, call, bridged);
                let expected = since.map(|since| end.since(since)).unwrap_or_default();
                (in_total(*talk_ms), in_total(expected))
            }
            _ => continue,
        };
        if said != expected {
            let fact = &record.event;
            return Err(format!("expected {expected:?} in {} {fact:?}", record.seq));
        }
    }
    Ok(())
}

fn in_total(total_ms: Millis) -> Waits {
    Waits {
        total_ms,
        ..Waits::default()
    }
}

/// A call that was open in a crash ended with the newest record before the restart.
fn end_of(records: &[Record], here: usize, call: CallId) -> Timestamp {
    let before = &records[..here];
    let started = |record: &Record| matches!(record.event, Event::ServerStarted { .. });
    let arrived = before.iter().position(|record| {
        let begins =
            matches!(record.event, Event::CallArrived { .. }) || is_called_back(&record.event);
        record.event.call() == Some(call) && begins
    });
    let Some(from) = arrived else {
        return records[here].at;
    };
    match before[from..].iter().position(started) {
        Some(restart) => before[from + restart - 1].at,
        None => records[here].at,
    }
}

fn first(
    records: &[Record],
    here: usize,
    call: CallId,
    which: impl Fn(&Event) -> bool,
) -> Option<Timestamp> {
    let mut of_call = records[..here]
        .iter()
        .filter(|r| r.event.call() == Some(call));
    of_call.find(|record| which(&record.event)).map(|r| r.at)
}

fn last(
    records: &[Record],
    here: usize,
    call: CallId,
    which: impl Fn(&Event) -> bool,
) -> Option<Timestamp> {
    let mut of_call = records[..here]
        .iter()
        .rev()
        .filter(|r| r.event.call() == Some(call));
    of_call.find(|record| which(&record.event)).map(|r| r.at)
}

fn waits_of(records: &[Record], here: usize, call: CallId, end: Timestamp) -> Waits {
    // The first bridge, or the end of waiting, stops every clock but one: W_total of a call that
    // nobody answered goes on to the end.
    let stop = |event: &Event| {
        matches!(
            event,
            Event::LegsBridged { .. } | Event::CallUnanswered { .. } | Event::PlaceKept { .. }
        )
    };
    let place = records[..here]
        .iter()
        .position(|record| record.event.call() == Some(call) && stop(&record.event));
    if let Some(place) = place {
        let then = end_of(records, place, call);
        let waits = waits_of(records, place, call, then);
        let answered = matches!(records[place].event, Event::LegsBridged { .. });
        let t0 = first(records, here, call, |e| {
            matches!(e, Event::LegAnswered { .. }) || is_called_back(e)
        });
        return if answered {
            waits
        } else {
            Waits {
                total_ms: t0.map(|t0| end.since(t0)).unwrap_or_default(),
                ..waits
            }
        };
    }
    let since = |which: fn(&Event) -> bool| {
        let at = first(records, here, call, which);
        at.map(|at| end.since(at)).unwrap_or_default()
    };
    Waits {
        total_ms: since(|event| {
            matches!(event, Event::LegAnswered { .. }) || is_called_back(event)
        }),
        queue_ms: since(|event| matches!(event, Event::QueueEntered { .. })),
        ring_ms: ring(records, here, call, end),
    }
}

/// From the offer that was answered; if none was, the oldest that was open when waiting ended.
fn ring(records: &[Record], here: usize, call: CallId, end: Timestamp) -> Millis {
    let mut rung = BTreeMap::new();
    for record in records[..here]
        .iter()
        .filter(|r| r.event.call() == Some(call))
    {
        match &record.event {
            Event::CallOffered { operator, .. } => {
                rung.insert(operator.clone(), record.at);
            }
            // Taken back because the waiting ended: it was open until now.
            Event::OfferMissed {
                why: MissedWhy::CallerLeft | MissedWhy::Failure,
                ..
            } => {}
            Event::OfferMissed { operator, .. } => {
                rung.remove(operator);
            }
            _ => {}
        }
    }
    let oldest = rung.values().min();
    oldest.map(|since| end.since(*since)).unwrap_or_default()
}

#[test]
fn the_oracle_knows_a_wrong_wait() {
    let (mut chain, mut text) = (Chain::default(), String::new());
    let call = CallId(1);
    let mut write = |at: i64, event: Event| {
        chain.append(Timestamp(at * 1_000_000), event, &mut text);
    };
    write(
        1,
        Event::LegAnswered {
            call,
            leg: events::LegId(1),
        },
    );
    let cause = EndCause::Completed;
    write(
        3,
        Event::CallEnded {
            call,
            cause,
            waits: in_total(Millis(2_000)),
        },
    );
    assert_eq!(check(&text), Ok(()));
    let wrong = text.replace("2000,", "2001,");
    assert!(check(&wrong).is_err(), "{wrong}");
}

/// The wait of whoever was called back begins when they want a person.
const fn is_called_back(event: &Event) -> bool {
    matches!(event, Event::Placed(PlacedEvent::HandedOver { .. }))
}
