//! What callers were told about their wait, and whether it came true.
//!
//! The first estimate of each wait counts. It came true if an operator answered within the range
//! (`within`); `early` is sooner than its lower end, `late` is later than its upper end or not at
//! all by then. Who gave up before the upper end proves nothing and is left out. Honest is
//! (early + within) / all between 0,85 and 0,95: the upper end is the ninth decile.

use std::collections::BTreeMap;

use events::{CallId, Event, Millis, Timestamp, WaitRange};

use crate::call_book::Fact;
use crate::keys::{Key, Keys, Table};
use crate::projection::Question;
use crate::sheet::Sheet;

/// Estimates per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WaitsTold {
    table: Table<Cell>,
    open: BTreeMap<CallId, (Key, Timestamp, WaitRange)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    early: u64,
    within: u64,
    late: u64,
    overflows: u64,
}

impl WaitsTold {
    fn close(&mut self, call: CallId, at: Timestamp, answered: bool) {
        let Some((key, told, range)) = self.open.remove(&call) else {
            return;
        };
        let waited = at.since(told);
        // Told «more than an hour»: nothing is too late for that.
        let to_ms = range.to_ms.unwrap_or(Millis(u64::MAX));
        let cell = self.table.at(key);
        if waited > to_ms {
            cell.late += 1;
        } else if answered && waited < range.from_ms {
            cell.early += 1;
        } else if answered {
            cell.within += 1;
        }
    }
}

impl Question for WaitsTold {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a question looks at its own facts; every other fact changes nothing here"
    )]
    fn apply(&mut self, fact: &Fact<'_>) {
        let at = fact.record.at;
        match &fact.record.event {
            Event::WaitEstimated {
                call,
                expected: Some(range),
                ..
            } => {
                let estimate = (fact.asked, at, *range);
                self.open.entry(*call).or_insert(estimate);
            }
            Event::QueueEntered {
                because: events::EntryCause::Overflow,
                ..
            } => self.table.at(fact.asked).overflows += 1,
            Event::LegsBridged { call, .. } => self.close(*call, at, true),
            Event::CallUnanswered { call, .. }
            | Event::QueueLeft { call, .. }
            | Event::CallEnded { call, .. } => self.close(*call, at, false),
            // Who need not wait on the line proves nothing.
            Event::PlaceKept { call, .. } => {
                self.open.remove(call);
            }
            // Nobody waited while no server ran.
            Event::ServerStarted { .. } => self.open.clear(),
            _ => {}
        }
    }

    fn show(&self, keys: &Keys, _: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.table);
        sheet
            .counter(
                "liniya_wait_estimates_early_total",
                "Ответ раньше названного клиенту времени ожидания",
            )
            .per_key(table, |cell| cell.early);
        sheet
            .counter(
                "liniya_wait_estimates_within_total",
                "Ответ в названных клиенту пределах ожидания",
            )
            .per_key(table, |cell| cell.within);
        sheet
            .counter(
                "liniya_wait_estimates_late_total",
                "Клиент ждал дольше названного времени",
            )
            .per_key(table, |cell| cell.late);
        sheet
            .counter(
                "liniya_queue_overflows_total",
                "Ожидавшие, которых очередь передала другой",
            )
            .per_key(table, |cell| cell.overflows);
    }
}

#[cfg(test)]
mod tests {
    use events::{EndCause, EntryCause, LegId, Record, Terms, Waits};

    use super::*;
    use crate::Numbers;
    use crate::projection::Projection as _;

    fn fold(outcome: impl Fn(CallId) -> (i64, Event), range: (u64, Option<u64>)) -> WaitsTold {
        let call = CallId(1);
        let s = Millis::from_s;
        let entered = |because| Event::QueueEntered {
            call,
            queue: "consultation".into(),
            because,
            wanted: None,
            until: Timestamp(1_000_000_000),
            terms: Terms::default(),
        };
        let story = [
            (
                0,
                Event::CallArrived {
                    call,
                    leg: LegId(1),
                    line: "100".into(),
                    service: "licence".into(),
                    trunk: "trunk".into(),
                    caller: None,
                },
            ),
            (1, entered(EntryCause::Assistant)),
            (
                1,
                Event::WaitEstimated {
                    call,
                    queue: "consultation".into(),
                    position: 2,
                    expected: Some(WaitRange {
                        from_ms: s(range.0),
                        to_ms: range.1.map(s),
                    }),
                },
            ),
            (2, entered(EntryCause::Overflow)),
            outcome(call),
            (
                900,
                Event::CallEnded {
                    call,
                    cause: EndCause::Completed,
                    waits: Waits::default(),
                },
            ),
        ];
        let mut numbers = Numbers::default();
        for (seq, (at, event)) in (1..).zip(story) {
            let at = Timestamp(at * 1_000_000);
            numbers.apply(&Record { seq, at, event });
        }
        numbers.waits_told
    }

    fn told(outcome: impl Fn(CallId) -> (i64, Event), range: (u64, Option<u64>)) -> [u64; 4] {
        let told = fold(outcome, range);
        assert!(told.open.is_empty());
        let mut sums = [0; 4];
        for cell in told.table.cells() {
            for (sum, one) in
                sums.iter_mut()
                    .zip([cell.early, cell.within, cell.late, cell.overflows])
            {
                *sum += one;
            }
        }
        sums
    }

    fn answered_at(s: i64) -> impl Fn(CallId) -> (i64, Event) {
        move |call| {
            let waits = Waits::default();
            let operator = "operator1".into();
            (
                s,
                Event::LegsBridged {
                    call,
                    operator,
                    waits,
                },
            )
        }
    }

    #[test]
    fn an_estimate_is_early_within_or_late() {
        assert_eq!(told(answered_at(60), (120, Some(300))), [1, 0, 0, 1]);
        assert_eq!(told(answered_at(200), (120, Some(300))), [0, 1, 0, 1]);
        assert_eq!(told(answered_at(302), (120, Some(300))), [0, 0, 1, 1]);
        assert_eq!(told(answered_at(899), (120, None)), [0, 1, 0, 1]);
    }

    #[test]
    fn who_gives_up_too_early_proves_nothing() {
        let gives_up_at = |s| {
            move |call| {
                let cause = events::UnansweredCause::Abandoned;
                let waits = Waits::default();
                (s, Event::CallUnanswered { call, cause, waits })
            }
        };
        assert_eq!(told(gives_up_at(200), (120, Some(300))), [0, 0, 0, 1]);
        assert_eq!(told(gives_up_at(302), (120, Some(300))), [0, 0, 1, 1]);
    }
}
