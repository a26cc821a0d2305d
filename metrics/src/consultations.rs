//! What happens beside a talk: consultations, conferences, and numbers outside that took no caller.
//!
//! A consultation is counted when it ends, with what it came to; its time is that from the answer of
//! the consulted to the end. The caller's time on hold meanwhile is in `liniya_hold_seconds_total`.

use events::{ConsultationEvent, ConsultationOutcome, Event, OutsideEvent, Timestamp};

use crate::call_book::Fact;
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, seconds};
use crate::words::Tally;

/// Consultations per line and service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Consultations(Table<Cell>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    ended: Tally<ConsultationOutcome>,
    consulted_ms: u64,
    conferences: u64,
    outside_missed: Tally<ConsultationOutcome>,
    outside_talk_ms: u64,
}

impl Question for Consultations {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::Consultation(event) = &fact.record.event {
            self.follow(fact, event);
        }
        if let Event::Outside(OutsideEvent::Missed { outcome, .. }) = &fact.record.event {
            self.0.at(fact.key).outside_missed.add(*outcome);
        }
        if let Event::Outside(OutsideEvent::Ended { talk_ms, .. }) = &fact.record.event {
            self.0.at(fact.key).outside_talk_ms += talk_ms.0;
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let table = (keys, &self.0);
        sheet
            .counter(
                "liniya_consultations_total",
                "Консультации сотрудника с коллегой или внешним номером во время разговора, по итогу",
            )
            .per_word(table, "outcome", |cell| &cell.ended);
        sheet
            .counter(
                "liniya_consultation_seconds_total",
                "Сумма времени консультаций от ответа до окончания",
            )
            .per_key_float(table, |cell| seconds(cell.consulted_ms * 1_000));
        sheet
            .counter(
                "liniya_conferences_total",
                "Конференции клиента, сотрудника и третьего собеседника",
            )
            .per_key(table, |cell| cell.conferences);
        sheet
            .counter(
                "liniya_outside_missed_total",
                "Переключения на внешний номер, которые не состоялись: клиент вернулся в очередь или ушёл",
            )
            .per_word(table, "outcome", |cell| &cell.outside_missed);
        sheet
            .counter(
                "liniya_outside_talk_seconds_total",
                "Сумма времени разговоров клиентов с внешними номерами после переключения",
            )
            .per_key_float(table, |cell| seconds(cell.outside_talk_ms * 1_000));
    }
}

impl Consultations {
    fn follow(&mut self, fact: &Fact<'_>, event: &ConsultationEvent) {
        match event {
            ConsultationEvent::Ended {
                outcome,
                consulted_ms,
                ..
            } => {
                let cell = self.0.at(fact.key);
                cell.ended.add(*outcome);
                cell.consulted_ms += consulted_ms.0;
            }
            ConsultationEvent::ConferenceStarted { .. } => self.0.at(fact.key).conferences += 1,
            ConsultationEvent::Started { .. }
            | ConsultationEvent::Answered { .. }
            | ConsultationEvent::Swapped { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Numbers, Projection as _};
    use events::{CallId, Catalogue, LegId, LineCard, Millis, Record};

    fn about(call: CallId, outcome: ConsultationOutcome) -> Event {
        Event::Consultation(ConsultationEvent::Ended {
            call,
            operator: "anna".into(),
            with: Some("boris".into()),
            outcome,
            consulted_ms: Millis(7_500),
        })
    }

    #[test]
    fn consultations_are_counted_by_what_they_came_to() {
        let call = CallId(1);
        let line = LineCard {
            line: "100".into(),
            services: vec!["licence".into()],
            queue: "queue".into(),
        };
        let facts = [
            Event::CatalogueLoaded(Catalogue {
                lines: vec![line],
                ..Catalogue::default()
            }),
            Event::CallArrived {
                call,
                leg: LegId(1),
                line: "100".into(),
                service: "licence".into(),
                trunk: "trunk".into(),
                caller: None,
            },
            Event::Consultation(ConsultationEvent::ConferenceStarted {
                call,
                operator: "anna".into(),
            }),
            about(call, ConsultationOutcome::Transferred),
            about(call, ConsultationOutcome::NoAnswer),
            Event::Outside(OutsideEvent::Missed {
                call,
                outcome: ConsultationOutcome::Busy,
            }),
        ];
        let mut numbers = Numbers::default();
        for (fact, seq) in facts.into_iter().zip(1..) {
            numbers.apply(&Record {
                seq,
                at: Timestamp(1_000_000),
                event: fact,
            });
        }
        let page = crate::encode(&numbers, Timestamp(2_000_000), &crate::Health::default());
        for line in [
            r#"liniya_consultations_total{line="100",service="licence",outcome="transferred"} 1"#,
            r#"liniya_consultations_total{line="100",service="licence",outcome="no_answer"} 1"#,
            r#"liniya_consultation_seconds_total{line="100",service="licence"} 15"#,
            r#"liniya_conferences_total{line="100",service="licence"} 1"#,
            r#"liniya_outside_missed_total{line="100",service="licence",outcome="busy"} 1"#,
        ] {
            assert!(page.contains(line), "{line} is not on the page:\n{page}");
        }
    }
}
