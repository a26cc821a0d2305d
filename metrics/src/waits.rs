//! How long callers wait for a person. Three waits, never mixed (`docs/requirements.md`, «Waits»).
//!
//! * W_queue: time in all queues until the first operator; W_total: from the caller's connection;
//!   W_ring: from the last offer. All come with the fact, exact to the millisecond.
//! * «Среднее время ожидания ответа» (requirement row #5) = Σ W_queue of answered / answered, which
//!   is `_sum / _count` of `liniya_queue_wait_seconds`. Those who gave up are a second histogram.
//! * The longest wait is max(now − entry into the first queue) over those who wait now.

use std::collections::BTreeMap;

use events::{CallId, Event, Millis, Timestamp};

use crate::call_book::{Fact, Turn};
use crate::histogram::{Histogram, WAIT_EDGES_US};
use crate::keys::{Key, Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, seconds};

/// Length of the window of the peak: Prometheus asks several times within it.
const PEAK_WINDOW_US: i64 = 60_000_000;

/// Waits per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    table: Table<Cell>,
    /// Who waits for a first operator, and since when.
    first: BTreeMap<CallId, (Key, Timestamp)>,
    /// Who waits again after a transfer, and since when.
    again: BTreeMap<CallId, (Key, Timestamp)>,
    /// The newest fact; nobody waits while no server runs.
    alive: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    queue: Histogram,
    total: Histogram,
    ring: Histogram,
    unanswered: Histogram,
    depth: Depth,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            queue: Histogram::new(WAIT_EDGES_US),
            total: Histogram::new(WAIT_EDGES_US),
            ring: Histogram::new(WAIT_EDGES_US),
            unanswered: Histogram::new(WAIT_EDGES_US),
            depth: Depth::default(),
        }
    }
}

/// How many wait: now, at most lately, and summed over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Depth {
    now: u64,
    since: Timestamp,
    integral_us: u64,
    window: i64,
    peak: u64,
    peak_before: u64,
}

impl Depth {
    /// Changes the number of those who wait.
    fn set(&mut self, at: Timestamp, now: u64) {
        self.integral_us = self.integral_us(at);
        let window = at.0.div_euclid(PEAK_WINDOW_US);
        (self.peak, self.peak_before) = self.peaks(window);
        self.window = self.window.max(window);
        self.since = self.since.max(at);
        self.now = now;
        self.peak = self.peak.max(now);
    }

    /// Leaves out the time while no server ran.
    fn pause(&mut self, from: Timestamp, to: Timestamp) {
        self.set(from, self.now);
        self.since = self.since.max(to);
    }

    /// ∫ waiting dt, in caller-microseconds.
    fn integral_us(&self, at: Timestamp) -> u64 {
        let us = at.0.saturating_sub(self.since.0).max(0).unsigned_abs();
        self.integral_us.saturating_add(us.saturating_mul(self.now))
    }

    /// The largest number at once in this window and in the one before.
    const fn peaks(&self, window: i64) -> (u64, u64) {
        match window.saturating_sub(self.window) {
            i64::MIN..=0 => (self.peak, self.peak_before),
            1 => (self.now, self.peak),
            2..=i64::MAX => (self.now, self.now),
        }
    }

    fn peak(&self, at: Timestamp) -> u64 {
        let (this, before) = self.peaks(at.0.div_euclid(PEAK_WINDOW_US));
        this.max(before)
    }
}

impl Waiting {
    /// How many wait for their first operator.
    pub(crate) fn waiting(&self) -> u64 {
        self.table.cells().map(|cell| cell.depth.now).sum()
    }

    /// The longest present wait for a first operator.
    pub(crate) fn longest(&self, now: Timestamp) -> Millis {
        let waits = self.first.values().map(|(_, since)| now.since(*since));
        waits.max().unwrap_or_default()
    }

    fn enter(&mut self, call: CallId, fact: &Fact<'_>) {
        let depth = &mut self.table.at(fact.asked).depth;
        depth.set(fact.record.at, depth.now + 1);
        self.first.insert(call, (fact.asked, fact.record.at));
    }

    fn leave(&mut self, call: CallId, fact: &Fact<'_>) {
        if let Some((key, _)) = self.first.remove(&call) {
            let depth = &mut self.table.at(key).depth;
            depth.set(fact.record.at, depth.now.saturating_sub(1));
        }
    }

    fn show_now(&self, keys: &Keys, now: Timestamp, sheet: &mut Sheet) {
        let again = by_key(&self.again, now);
        let first = by_key(&self.first, now);
        let table = (keys, &self.table);
        sheet
            .gauge(
                "liniya_calls_waiting",
                "Клиенты, ожидающие первого сотрудника, сейчас",
            )
            .per_key(table, |cell| cell.depth.now);
        sheet
            .gauge(
                "liniya_calls_waiting_peak",
                "Наибольшее число ожидавших одновременно за текущую и предыдущую минуту",
            )
            .per_key(table, |cell| cell.depth.peak(now));
        sheet
            .gauge(
                "liniya_longest_wait_seconds",
                "Самое долгое из текущих ожиданий первого сотрудника",
            )
            .per_key_float((keys, &first), |(_, longest)| *longest);
        sheet
            .gauge(
                "liniya_transferred_calls_waiting",
                "Клиенты, ожидающие следующего сотрудника после переключения, сейчас",
            )
            .per_key((keys, &again), |(count, _)| *count);
        sheet
            .gauge(
                "liniya_transferred_longest_wait_seconds",
                "Самое долгое из текущих ожиданий после переключения",
            )
            .per_key_float((keys, &again), |(_, longest)| *longest);
        sheet
            .counter(
                "liniya_queue_seconds_total",
                "Сумма времени ожидания всех клиентов; rate() даёт среднюю длину очереди",
            )
            .per_key_float(table, |cell| seconds(cell.depth.integral_us(now)));
    }
}

/// How many wait at each key, and the longest of their waits.
fn by_key(waiting: &BTreeMap<CallId, (Key, Timestamp)>, now: Timestamp) -> Table<(u64, f64)> {
    let mut table: Table<(u64, f64)> = Table::default();
    for (key, since) in waiting.values() {
        let (count, longest) = table.at(*key);
        *count += 1;
        *longest = longest.max(now.since(*since).as_s());
    }
    table
}

impl Question for Waiting {
    fn apply(&mut self, fact: &Fact<'_>) {
        if matches!(fact.record.event, Event::ServerStarted { .. }) {
            for cell in self.table.cells_mut() {
                cell.depth.pause(self.alive, fact.record.at);
            }
        }
        self.alive = fact.record.at;
        let Some(call) = fact.record.event.call() else {
            return;
        };
        match fact.turn {
            Turn::None => {}
            Turn::Asks => self.enter(call, fact),
            Turn::Answered { .. } => {
                self.leave(call, fact);
                if let Event::LegsBridged { waits, .. } = &fact.record.event {
                    let cell = self.table.at(fact.asked);
                    cell.queue.observe_ms(waits.queue_ms);
                    cell.total.observe_ms(waits.total_ms);
                    cell.ring.observe_ms(waits.ring_ms);
                }
            }
            Turn::Unanswered { .. } => {
                self.leave(call, fact);
                if let Event::CallUnanswered { waits, .. } = &fact.record.event {
                    let cell = self.table.at(fact.asked);
                    cell.unanswered.observe_ms(waits.queue_ms);
                }
            }
            Turn::Vanished | Turn::Kept => self.leave(call, fact),
            Turn::AsksAgain => {
                self.again.insert(call, (fact.key, fact.record.at));
            }
            Turn::AnsweredAgain | Turn::LostAgain => {
                self.again.remove(&call);
            }
        }
    }

    fn show(&self, keys: &Keys, now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.table);
        self.show_now(keys, now, sheet);
        sheet
            .histogram(
                "liniya_queue_wait_seconds",
                "Ожидание в очереди (W_queue) отвеченных; _sum/_count — среднее время ожидания ответа",
            )
            .per_key_buckets(table, |cell| &cell.queue);
        sheet
            .histogram(
                "liniya_total_wait_seconds",
                "Ожидание от соединения до первого сотрудника (W_total), отвеченные",
            )
            .per_key_buckets(table, |cell| &cell.total);
        sheet
            .histogram(
                "liniya_ring_wait_seconds",
                "Ожидание от последнего предложения до ответа сотрудника (W_ring), отвеченные",
            )
            .per_key_buckets(table, |cell| &cell.ring);
        sheet
            .histogram(
                "liniya_unanswered_wait_seconds",
                "Ожидание в очереди (W_queue) тех, кому не ответили",
            )
            .per_key_buckets(table, |cell| &cell.unanswered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_remembered_for_this_minute_and_the_next() {
        let mut depth = Depth::default();
        let at = |s: i64| Timestamp(s * 1_000_000);
        depth.set(at(600), 3);
        depth.set(at(601), 1);
        assert_eq!(depth.peak(at(602)), 3);
        assert_eq!(depth.peak(at(679)), 3, "the next minute still tells it");
        assert_eq!(depth.peak(at(720)), 1, "then only who waits now");
        depth.set(at(721), 2);
        assert_eq!(depth.peak(at(722)), 2);
    }

    #[test]
    fn the_integral_is_callers_times_seconds_and_ignores_a_clock_that_steps_back() {
        let mut depth = Depth::default();
        let at = |s: i64| Timestamp(s * 1_000_000);
        depth.set(at(10), 2);
        depth.set(at(15), 1);
        assert_eq!(depth.integral_us(at(20)), 15_000_000);
        depth.set(at(5), 0);
        assert_eq!(depth.integral_us(at(30)), 10_000_000);
    }
}
