//! How many calls came, were answered, stayed without an answer, and how they ended.

use events::UnansweredCause;
use events::{DialogueOutcome, DialoguePurpose, EndCause, Event, RefusedWhy, Timestamp};

use crate::call_book::{Fact, Turn};
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::Sheet;
use crate::words::Tally;

/// Counts of calls per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls(Table<Cell>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    arrived: u64,
    refused: Tally<RefusedWhy>,
    offered: u64,
    answered: u64,
    unanswered: Tally<UnansweredCause>,
    vanished: u64,
    kept: u64,
    contained: u64,
    lost_after_transfer: u64,
    ended: Tally<EndCause>,
}

impl Calls {
    /// Offered, answered, unanswered, vanished over everything.
    pub(crate) fn totals(&self) -> (u64, u64, u64, u64) {
        self.0.cells().fold((0, 0, 0, 0), |(o, a, u, v), cell| {
            (
                o + cell.offered,
                a + cell.answered,
                u + cell.unanswered.total(),
                v + cell.vanished,
            )
        })
    }

    /// Places that were kept, over everything.
    pub(crate) fn kept(&self) -> u64 {
        self.0.cells().map(|cell| cell.kept).sum()
    }

    fn turn(&mut self, fact: &Fact<'_>) {
        let cell = self.0.at(fact.asked);
        match fact.turn {
            Turn::Asks => cell.offered += 1,
            Turn::Answered { asked } => {
                cell.offered += u64::from(!asked);
                cell.answered += 1;
            }
            Turn::Unanswered { asked } => {
                cell.offered += u64::from(!asked);
                if let Event::CallUnanswered { cause, .. } = &fact.record.event {
                    cell.unanswered.add(*cause);
                }
            }
            Turn::Vanished => cell.vanished += 1,
            Turn::Kept => cell.kept += 1,
            Turn::LostAgain => cell.lost_after_transfer += 1,
            Turn::None | Turn::AsksAgain | Turn::AnsweredAgain => {}
        }
    }
}

impl Question for Calls {
    fn apply(&mut self, fact: &Fact<'_>) {
        if fact.turn != Turn::None {
            self.turn(fact);
        }
        if let Event::CallArrived { .. } = &fact.record.event {
            self.0.at(fact.key).arrived += 1;
        }
        if let Event::CallRefused { why, .. } = &fact.record.event {
            self.0.at(fact.key).refused.add(*why);
        }
        if let Event::CallEnded { cause, .. } = &fact.record.event {
            self.0.at(fact.key).ended.add(*cause);
        }
        if let Event::DialogueEnded {
            purpose: DialoguePurpose::Assistant,
            outcome: DialogueOutcome::Contained,
            ..
        } = &fact.record.event
        {
            self.0.at(fact.key).contained += 1;
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.0);
        sheet
            .counter(
                "liniya_calls_arrived_total",
                "Поступившие звонки, по услуге, известной при поступлении",
            )
            .per_key(table, |cell| cell.arrived);
        sheet
            .counter(
                "liniya_calls_refused_total",
                "Звонки, отклонённые на входе (не входят в поступившие), по причинам",
            )
            .per_word(table, "why", |cell| &cell.refused);
        sheet
            .counter(
                "liniya_calls_offered_total",
                "Звонки, в которых клиент запросил сотрудника: отвеченные + без ответа + ожидающие + место сохранено",
            )
            .per_key(table, |cell| cell.offered);
        sheet
            .counter(
                "liniya_calls_answered_total",
                "Звонки, в которых сотрудник и клиент услышали друг друга",
            )
            .per_key(table, |cell| cell.answered);
        sheet
            .counter(
                "liniya_calls_unanswered_total",
                "Запросы, оставшиеся без ответа, по причинам (п. 2.5.6)",
            )
            .per_word(table, "cause", |cell| &cell.unanswered);
        sheet
            .counter(
                "liniya_places_kept_total",
                "Звонки, в которых клиент попросил перезвонить, когда подойдёт его очередь",
            )
            .per_key(table, |cell| cell.kept);
        sheet
            .counter(
                "liniya_calls_lost_after_transfer_total",
                "Звонки, потерянные после переключения (уже отвеченные, в «без ответа» не входят)",
            )
            .per_key(table, |cell| cell.lost_after_transfer);
        sheet
            .counter(
                "liniya_calls_contained_total",
                "Звонки, на которые ответил голосовой помощник, без сотрудника",
            )
            .per_key(table, |cell| cell.contained);
        sheet
            .counter(
                "liniya_calls_ended_total",
                "Завершённые звонки по причине завершения, по последней известной услуге",
            )
            .per_word(table, "cause", |cell| &cell.ended);
    }
}
