//! How long operators talk and how long the after-call work takes.
//!
//! Talk: bridge to end, hold included, one observation for each operator of a call. The share of
//! talks up to 10 minutes (requirement row #28) is the bucket `le="600"` over the count.
//! AHT = (talk + after-call work) / talks.

use std::collections::BTreeMap;

use events::{CallId, Event, HungUpBy, OperatorId, Timestamp};

use crate::call_book::Fact;
use crate::histogram::{Histogram, WAIT_EDGES_US};
use crate::keys::{Key, Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, seconds};
use crate::words::Tally;

/// Talks per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Talks {
    table: Table<Cell>,
    wrap_ups: BTreeMap<OperatorId, (Key, Timestamp)>,
    holds: BTreeMap<CallId, Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    talk: Histogram,
    wrap_up: Histogram,
    extensions: u64,
    held_us: u64,
    ended_by: Tally<HungUpBy>,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            talk: Histogram::new(WAIT_EDGES_US),
            wrap_up: Histogram::new(WAIT_EDGES_US),
            extensions: 0,
            held_us: 0,
            ended_by: Tally::default(),
        }
    }
}

fn us_between(from: Timestamp, to: Timestamp) -> u64 {
    to.0.saturating_sub(from.0).max(0).unsigned_abs()
}

impl Talks {
    fn end_hold(&mut self, call: CallId, fact: &Fact<'_>) {
        if let Some(since) = self.holds.remove(&call) {
            self.table.at(fact.key).held_us += us_between(since, fact.record.at);
        }
    }

    fn end_wrap_up(&mut self, operator: &OperatorId, at: Timestamp) {
        if let Some((key, since)) = self.wrap_ups.remove(operator) {
            self.table
                .at(key)
                .wrap_up
                .observe_us(us_between(since, at) / 1_000 * 1_000);
        }
    }
}

impl Question for Talks {
    fn apply(&mut self, fact: &Fact<'_>) {
        let at = fact.record.at;
        if let Event::TalkHeld { call, .. } = &fact.record.event {
            self.holds.entry(*call).or_insert(at);
        }
        if let Event::TalkResumed { call, .. } | Event::CallEnded { call, .. } = &fact.record.event
        {
            self.end_hold(*call, fact);
        }
        if let Event::TalkEnded {
            call, by, talk_ms, ..
        } = &fact.record.event
        {
            self.end_hold(*call, fact);
            let cell = self.table.at(fact.key);
            cell.talk.observe_ms(*talk_ms);
            cell.ended_by.add(*by);
        }
        if let Event::WrapUpStarted { operator, .. } = &fact.record.event {
            self.wrap_ups.insert(operator.clone(), (fact.key, at));
        }
        if let Event::WrapUpExtended { .. } = &fact.record.event {
            self.table.at(fact.key).extensions += 1;
        }
        if let Event::WrapUpEnded { operator, .. } = &fact.record.event {
            self.end_wrap_up(operator, at);
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.table);
        sheet
            .histogram(
                "liniya_talk_seconds",
                "Время разговора сотрудника с клиентом, с удержанием; le=\"600\" — до 10 минут",
            )
            .per_key_buckets(table, |cell| &cell.talk);
        sheet
            .histogram("liniya_wrap_up_seconds", "Время послевызовной обработки")
            .per_key_buckets(table, |cell| &cell.wrap_up);
        sheet
            .counter(
                "liniya_wrap_up_extensions_total",
                "Сколько раз сотрудники просили ещё времени на послевызовную обработку",
            )
            .per_key(table, |cell| cell.extensions);
        sheet
            .counter(
                "liniya_hold_seconds_total",
                "Сумма времени на удержании (завершённые удержания)",
            )
            .per_key_float(table, |cell| seconds(cell.held_us));
        sheet
            .counter(
                "liniya_talks_ended_total",
                "Завершённые разговоры по тому, кто завершил",
            )
            .per_word(table, "by", |cell| &cell.ended_by);
    }
}
