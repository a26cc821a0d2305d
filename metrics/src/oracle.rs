//! Every number once more, the slow and obvious way: from the whole list of records, call by call.
//! Compared with the projections on random histories.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallId, Event, LineId, Millis, Record, ServiceId, Timestamp, UnansweredCause, Waits};
use proptest::prelude::*;

use crate::testing::{Story, play};
use crate::{Health, Numbers, Projection as _, compare, encode};

/// All facts of each call, in order.
fn by_call(records: &[Record]) -> BTreeMap<CallId, Vec<&Record>> {
    let mut calls: BTreeMap<CallId, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(call) = record.event.call() {
            calls.entry(call).or_default().push(record);
        }
    }
    calls
}

/// Line and service of a call before a record.
fn place(facts: &[&Record], before: u64) -> (LineId, ServiceId) {
    let mut place = None;
    for fact in facts.iter().take_while(|fact| fact.seq <= before) {
        match &fact.event {
            Event::CallArrived { line, service, .. } => {
                place = Some((line.clone(), service.clone()));
            }
            Event::ServiceChosen { service, .. } => {
                place = place.map(|(line, _)| (line, service.clone()));
            }
            _ => {}
        }
    }
    place.expect("a call begins with its arrival")
}

/// The samples of the naive count: name and labels as in the exposition → value.
fn naive(records: &[Record]) -> BTreeMap<String, f64> {
    let mut samples: BTreeMap<String, f64> = BTreeMap::new();
    let mut add = |name: &str, (line, service): &(LineId, ServiceId), more: &str, value: f64| {
        let labels = format!("line=\"{line}\",service=\"{service}\"{more}");
        *samples.entry(format!("{name}{{{labels}}}")).or_insert(0.0) += value;
    };
    for facts in by_call(records).values() {
        let wish = facts.iter().find(|fact| {
            matches!(
                fact.event,
                Event::QueueEntered { .. }
                    | Event::LegsBridged { .. }
                    | Event::CallUnanswered { .. }
            )
        });
        if let Some(wish) = wish {
            let asked = place(facts, wish.seq);
            add("liniya_calls_offered_total", &asked, "", 1.0);
            let bridge = facts.iter().find_map(|fact| match &fact.event {
                Event::LegsBridged { waits, .. } => Some(*waits),
                _ => None,
            });
            let lost = facts.iter().find_map(|fact| match &fact.event {
                Event::CallUnanswered { cause, waits, .. } => Some((*cause, *waits)),
                _ => None,
            });
            match (bridge, lost) {
                (Some(waits), None) => {
                    add("liniya_calls_answered_total", &asked, "", 1.0);
                    add("liniya_queue_wait_seconds_count", &asked, "", 1.0);
                    add(
                        "liniya_queue_wait_seconds_sum",
                        &asked,
                        "",
                        waits.queue_ms.as_s(),
                    );
                    add(
                        "liniya_total_wait_seconds_sum",
                        &asked,
                        "",
                        waits.total_ms.as_s(),
                    );
                    add(
                        "liniya_ring_wait_seconds_sum",
                        &asked,
                        "",
                        waits.ring_ms.as_s(),
                    );
                    let within = f64::from(u8::from(waits.queue_ms <= Millis(20_000)));
                    add(
                        "liniya_queue_wait_seconds_bucket",
                        &asked,
                        ",le=\"20\"",
                        within,
                    );
                }
                (None, Some((cause, waits))) => {
                    let label = format!(",cause=\"{}\"", cause.as_str());
                    add("liniya_calls_unanswered_total", &asked, &label, 1.0);
                    add(
                        "liniya_unanswered_wait_seconds_sum",
                        &asked,
                        "",
                        waits.queue_ms.as_s(),
                    );
                }
                (None, None) => add("liniya_calls_waiting", &asked, "", 1.0),
                (Some(_), Some(_)) => panic!("both answered and lost"),
            }
            if facts
                .iter()
                .any(|f| matches!(f.event, Event::CallTransferred { .. }))
            {
                add("liniya_calls_transferred_total", &asked, "", 1.0);
            }
        }
        for fact in facts {
            let here = place(facts, fact.seq);
            match &fact.event {
                Event::CallTransferred { kind, .. } => {
                    let label = format!(",kind=\"{}\"", kind.as_str());
                    add("liniya_transfers_total", &here, &label, 1.0);
                }
                Event::CallRated { service, score, .. } => {
                    let label = format!(",score=\"{score}\"");
                    let rated = (here.0, service.clone());
                    add("liniya_ratings_total", &rated, &label, 1.0);
                }
                Event::TalkEnded { talk_ms, .. } => {
                    add("liniya_talk_seconds_sum", &here, "", talk_ms.as_s());
                    let short = f64::from(u8::from(talk_ms.0 <= 600_000));
                    add("liniya_talk_seconds_bucket", &here, ",le=\"600\"", short);
                }
                Event::CallEnded { cause, .. } => {
                    let label = format!(",cause=\"{}\"", cause.as_str());
                    add("liniya_calls_ended_total", &here, &label, 1.0);
                }
                _ => {}
            }
        }
    }
    samples
}

/// Samples of the page, in the same form.
fn page(numbers: &Numbers, now: Timestamp) -> BTreeMap<String, f64> {
    encode(numbers, now, &Health::default())
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
        .collect()
}

fn fold(records: &[Record]) -> Numbers {
    let mut numbers = Numbers::default();
    records.iter().for_each(|record| numbers.apply(record));
    numbers
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * b.abs().max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn projections_tell_what_the_oracle_tells(
        seed in any::<u64>(),
        operators in 1_u64..8,
        between_calls_ms in 2_000_u64..60_000,
        restarts in 0_u64..3,
        cut_permille in 0_usize..1_000,
    ) {
        let story = Story { seed, operators, between_calls_ms, restarts, length_s: 1_800, ..Story::default() };
        let mut records = play(story);
        // A cut in the middle leaves calls open: the law must hold at every moment.
        records.truncate(records.len() * cut_permille / 1_000 + 2);
        let numbers = fold(&records);
        let now = numbers.last_at();
        let page = page(&numbers, now);
        for (name, expected) in naive(&records) {
            let found = page.get(&name).copied();
            prop_assert!(found.is_some_and(|found| close(found, expected)), "{name}: oracle {expected}, page {found:?}");
        }
        let totals = numbers.totals();
        prop_assert!(totals.balance(), "{totals:?}");
        prop_assert_eq!(numbers.violations(), 0);
    }

    #[test]
    fn sums_over_services_are_the_total(seed in any::<u64>()) {
        let records = play(Story { seed, ..Story::default() });
        let numbers = fold(&records);
        let page = page(&numbers, numbers.last_at());
        let sum = |name: &str| -> f64 {
            page.iter().filter(|(n, _)| n.starts_with(&format!("{name}{{"))).map(|(_, v)| v).sum()
        };
        let count = |wanted: fn(&Event) -> bool| {
            records.iter().filter(|r| wanted(&r.event)).count() as f64
        };
        prop_assert_eq!(sum("liniya_calls_arrived_total"), count(|e| matches!(e, Event::CallArrived { .. })));
        prop_assert_eq!(sum("liniya_calls_refused_total"), count(|e| matches!(e, Event::CallRefused { .. })));
        prop_assert_eq!(sum("liniya_calls_ended_total"), count(|e| matches!(e, Event::CallEnded { .. })));
        prop_assert_eq!(sum("liniya_calls_unanswered_total"), count(|e| matches!(e, Event::CallUnanswered { .. })));
        prop_assert_eq!(sum("liniya_transfers_total"), count(|e| matches!(e, Event::CallTransferred { .. })));
        prop_assert_eq!(sum("liniya_ratings_total"), count(|e| matches!(e, Event::CallRated { .. })));
        prop_assert_eq!(sum("liniya_ratings_skipped_total"), count(|e| matches!(e, Event::RatingSkipped { .. })));
        prop_assert_eq!(sum("liniya_offers_total"), count(|e| matches!(e, Event::CallOffered { .. })));
        prop_assert_eq!(sum("liniya_offers_missed_total"), count(|e| matches!(e, Event::OfferMissed { .. })));
        prop_assert_eq!(sum("liniya_needs_total") + sum("liniya_wrap_ups_without_disposition_total"),
            count(|e| matches!(e, Event::WrapUpEnded { .. })));
        prop_assert_eq!(sum("liniya_dialogues_ended_total"), count(|e| matches!(e, Event::DialogueEnded { .. })));
        // Everybody is somewhere.
        prop_assert_eq!(sum("liniya_operators"), 6.0);
        prop_assert_eq!(sum("liniya_calls_open"), 0.0);
        // A story ends with empty queues, so the integral is the sum of all waits, to the rounding of
        // the waits; the wait from the acceptance to the bridge is in both.
        let waited = sum("liniya_queue_wait_seconds_sum") + sum("liniya_unanswered_wait_seconds_sum");
        let calls = count(|e| matches!(e, Event::QueueEntered { .. })).max(1.0);
        let apart = (sum("liniya_queue_seconds_total") - waited).abs();
        prop_assert!(apart < 0.01 * calls);
    }
}

#[test]
fn the_mean_wait_is_exact_to_the_millisecond() {
    let records = play(Story {
        seed: 7,
        ..Story::default()
    });
    let waits: Vec<Waits> = records
        .iter()
        .scan(BTreeSet::new(), |answered, record| {
            Some(match &record.event {
                Event::LegsBridged { call, waits, .. } if answered.insert(*call) => Some(*waits),
                _ => None,
            })
        })
        .flatten()
        .collect();
    let sum: u64 = waits.iter().map(|waits| waits.queue_ms.0).sum();
    let page = page(&fold(&records), Timestamp(0));
    let of = |suffix: &str| -> f64 {
        let name = format!("liniya_queue_wait_seconds_{suffix}{{");
        page.iter()
            .filter(|(n, _)| n.starts_with(&name))
            .map(|(_, v)| v)
            .sum()
    };
    assert!(waits.len() > 50);
    assert_eq!(of("count"), waits.len() as f64);
    assert_eq!((of("sum") * 1_000.0).round().to_string(), sum.to_string());
}

#[test]
fn every_cause_is_a_series_at_zero_before_anybody_calls() {
    let records = play(Story {
        length_s: 0,
        between_calls_ms: u64::MAX / 4,
        ..Story::default()
    });
    let numbers = fold(&records[..2]);
    let page = page(&numbers, Timestamp(0));
    for cause in UnansweredCause::ALL {
        let name = format!(
            "liniya_calls_unanswered_total{{line=\"200\",service=\"never_called\",cause=\"{}\"}}",
            cause.as_str()
        );
        assert_eq!(page.get(&name), Some(&0.0), "{name}");
    }
    assert_eq!(
        page.get("liniya_operators{state=\"signed_out\"}"),
        Some(&6.0)
    );
}

#[test]
fn two_folds_over_one_journal_are_equal_and_a_lost_fact_is_named() {
    let records = play(Story::default());
    let (one, two) = (fold(&records), fold(&records));
    assert_eq!(one, two);
    assert_eq!(compare(&one, &two), []);
    let lost: Vec<Record> = records
        .iter()
        .filter(|record| !matches!(record.event, Event::CallRated { .. }))
        .cloned()
        .collect();
    let differences = compare(&one, &fold(&lost));
    assert!(
        differences.iter().all(|d| {
            d.sample.starts_with("liniya_ratings_total") || d.sample.starts_with("liniya_journal")
        }),
        "{differences:?}"
    );
    assert!(differences.len() > 2);
}

#[test]
fn scraping_twice_changes_nothing() {
    let records = play(Story::default());
    let numbers = fold(&records);
    let now = numbers.last_at().plus_ms(5_000);
    let health = Health::default();
    assert_eq!(
        encode(&numbers, now, &health),
        encode(&numbers, now, &health)
    );
}

#[test]
fn downtime_is_nobodys_wait() {
    let mut records = play(Story {
        operators: 1,
        between_calls_ms: 5_000,
        ..Story::default()
    });
    let waiting = |records: &[Record]| fold(records).totals().waiting;
    let cut = (0..records.len())
        .find(|n| waiting(&records[..*n]) == 3)
        .unwrap();
    records.truncate(cut);
    let before = fold(&records);
    let end = before.last_at();
    let seconds = |numbers: &Numbers, now| -> f64 {
        let page = page(numbers, now);
        page.iter()
            .filter(|(n, _)| n.starts_with("liniya_queue_seconds_total"))
            .map(|(_, v)| v)
            .sum()
    };
    let started = Event::ServerStarted {
        node: 0,
        version: String::new(),
        seed: 1,
    };
    let at = end.plus_ms(7_200_000);
    records.push(Record {
        seq: records.len() as u64 + 1,
        at,
        event: started,
    });
    let after = fold(&records);
    assert!(close(seconds(&before, end), seconds(&after, at)));
}

#[test]
fn a_call_without_an_end_of_its_wish_is_a_violation_not_a_silence() {
    let records: Vec<Record> = play(Story {
        operators: 1,
        between_calls_ms: 5_000,
        ..Story::default()
    })
    .into_iter()
    .filter(|record| !matches!(record.event, Event::CallUnanswered { .. }))
    .collect();
    let numbers = fold(&records);
    assert!(numbers.violations() > 0);
    assert!(!numbers.totals().balance());
    assert!(numbers.totals().imbalance() > 0);
    assert_eq!(numbers.totals().waiting, 0);
}

#[test]
fn dialled_numbers_that_are_no_lines_share_one_series() {
    let mut records = play(Story {
        length_s: 0,
        ..Story::default()
    });
    records.truncate(2);
    for n in 0..50_u64 {
        let line = LineId::new(format!("evil{n}"));
        let event = Event::CallRefused {
            line,
            why: events::RefusedWhy::UnknownLine,
            status: 404,
        };
        records.push(Record {
            seq: 3 + n,
            at: Timestamp(0),
            event,
        });
    }
    let page = page(&fold(&records), Timestamp(0));
    let name = "liniya_calls_refused_total{line=\"unknown\",service=\"undetermined\",why=\"unknown_line\"}";
    assert_eq!(page.get(name), Some(&50.0));
    assert!(page.keys().all(|name| !name.contains("evil")));
}
