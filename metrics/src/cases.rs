//! Appointments, complaints and callbacks by service (rows #13, #16, #33, #36, #37).
//!
//! Open complaints = filed − answered; overdue are those whose last day is over. Days are counted
//! in UTC here: a complaint turns overdue no more than half a day beside local midnight.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallbackOutcome, CancelledBy, CaseEvent, CaseId, Date, Event, ServiceId, Timestamp};

use crate::call_book::Fact;
use crate::keys::Keys;
use crate::projection::Question;
use crate::sheet::{Family, Sheet, float};
use crate::words::{Tally, Word};

/// More services than this are booked as `undetermined`: the number of series has a limit.
const SERVICES_MAX: usize = 1_000;

/// Cases by service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cases {
    cells: BTreeMap<ServiceId, Cell>,
    /// The service of every case that something may still happen to.
    services: BTreeMap<CaseId, ServiceId>,
    /// Last days of complaints that are not answered.
    due: BTreeMap<CaseId, Date>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    booked: u64,
    moved: u64,
    cancelled: Tally<CancelledBy>,
    filed: u64,
    answered: u64,
    requested: u64,
    ended: Tally<CallbackOutcome>,
}

impl Cases {
    fn cell(&mut self, service: &ServiceId) -> &mut Cell {
        let known = self.cells.len() < SERVICES_MAX || self.cells.contains_key(service);
        let service = if known {
            service.clone()
        } else {
            ServiceId::undetermined()
        };
        self.cells.entry(service).or_default()
    }

    fn opened(&mut self, case: CaseId, service: &ServiceId) -> &mut Cell {
        self.services.insert(case, service.clone());
        self.cell(service)
    }

    /// The cell of a case that was opened before.
    fn of(&mut self, case: CaseId) -> &mut Cell {
        let service = self.services.get(&case).cloned();
        self.cell(&service.unwrap_or_else(ServiceId::undetermined))
    }

    fn case(&mut self, fact: &CaseEvent) {
        let case = fact.case();
        match fact {
            CaseEvent::AppointmentBooked { service, .. } => self.opened(case, service).booked += 1,
            CaseEvent::AppointmentMoved { .. } => self.of(case).moved += 1,
            CaseEvent::AppointmentCancelled { by, .. } => {
                self.of(case).cancelled.add(*by);
                self.services.remove(&case);
            }
            CaseEvent::ComplaintFiled { service, due, .. } => {
                self.opened(case, service).filed += 1;
                self.due.insert(case, *due);
            }
            CaseEvent::ComplaintAnswered { .. } => {
                self.of(case).answered += 1;
                self.due.remove(&case);
                self.services.remove(&case);
            }
            CaseEvent::CallbackRequested { service, .. } => {
                self.opened(case, service).requested += 1;
            }
            CaseEvent::CallbackEnded { outcome, .. } => {
                self.of(case).ended.add(*outcome);
                self.services.remove(&case);
            }
        }
    }

    /// Unanswered complaints of a service, and those of them whose last day is over.
    fn complaints(&self, service: &ServiceId, today: Date) -> (u64, u64) {
        let (mut open, mut overdue) = (0, 0);
        for (case, due) in &self.due {
            if self.services.get(case) == Some(service) {
                open += 1;
                overdue += u64::from(*due < today);
            }
        }
        (open, overdue)
    }
}

/// One sample a service, at 0 too.
struct Page<'a> {
    cases: &'a Cases,
    services: Vec<&'a ServiceId>,
}

impl Page<'_> {
    fn counts(&self, mut family: Family<'_>, value: impl Fn(&Cell) -> u64) {
        for service in &self.services {
            let count = self.cases.cells.get(*service).map_or(0, &value);
            family.value(&[("service", service.as_str())], float(count));
        }
    }

    fn words<W: Word>(
        &self,
        mut family: Family<'_>,
        label: &str,
        tally: impl Fn(&Cell) -> &Tally<W>,
    ) {
        for service in &self.services {
            let cell = self.cases.cells.get(*service);
            for word in W::all() {
                let count = cell.map_or(0, |cell| tally(cell).of(*word));
                let labels = [("service", service.as_str()), (label, word.word())];
                family.value(&labels, float(count));
            }
        }
    }
}

impl Question for Cases {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::Case(fact) = &fact.record.event {
            self.case(fact);
        }
    }

    fn show(&self, keys: &Keys, now: Timestamp, sheet: &mut Sheet) {
        let known = keys.iter().map(|(_, service, _)| service);
        let services: BTreeSet<&ServiceId> = known.chain(self.cells.keys()).collect();
        let page = Page {
            cases: self,
            services: services.into_iter().collect(),
        };
        let counter = |sheet: &mut Sheet, name, help, value: fn(&Cell) -> u64| {
            page.counts(sheet.counter(name, help), value);
        };
        counter(
            sheet,
            "liniya_appointments_booked_total",
            "Записи на приём (п. 3.2)",
            |cell| cell.booked,
        );
        counter(
            sheet,
            "liniya_appointments_moved_total",
            "Записи на приём, перенесённые на другое время",
            |cell| cell.moved,
        );
        counter(
            sheet,
            "liniya_complaints_filed_total",
            "Принятые жалобы",
            |cell| cell.filed,
        );
        counter(
            sheet,
            "liniya_complaints_answered_total",
            "Жалобы, на которые дан ответ",
            |cell| cell.answered,
        );
        counter(
            sheet,
            "liniya_callbacks_requested_total",
            "Просьбы перезвонить",
            |cell| cell.requested,
        );
        let cancelled = sheet.counter(
            "liniya_appointments_cancelled_total",
            "Отменённые записи на приём: by — клиент (caller) или приёмная (office)",
        );
        page.words(cancelled, "by", |cell| &cell.cancelled);
        let ended = sheet.counter(
            "liniya_callbacks_ended_total",
            "Обратные звонки по исходу: expired — не успели за срок",
        );
        page.words(ended, "outcome", |cell| &cell.ended);
        self.show_open(&page, now, sheet);
    }
}

impl Cases {
    fn show_open(&self, page: &Page<'_>, now: Timestamp, sheet: &mut Sheet) {
        let today = Date::at(now, 0);
        let mut gauge = |name, help, value: fn((u64, u64)) -> u64| {
            let mut family = sheet.gauge(name, help);
            for service in &page.services {
                let count = value(self.complaints(service, today));
                family.value(&[("service", service.as_str())], float(count));
            }
        };
        gauge(
            "liniya_complaints_open",
            "Жалобы, на которые ещё нет ответа",
            |(open, _)| open,
        );
        gauge(
            "liniya_complaints_overdue",
            "Жалобы без ответа, срок которых (30 дней) истёк: должно быть 0",
            |(_, overdue)| overdue,
        );
        let open = |cell: &Cell| cell.requested.saturating_sub(cell.ended.total());
        let family = sheet.gauge(
            "liniya_callbacks_open",
            "Обратные звонки, которые ещё предстоят",
        );
        page.counts(family, open);
    }
}

#[cfg(test)]
mod tests {
    use events::{OperatorId, Pii, Record};

    use super::*;
    use crate::{Health, Numbers, Projection as _, encode};

    fn complaint(case: u64, due: &str) -> CaseEvent {
        CaseEvent::ComplaintFiled {
            case: CaseId(case),
            call: None,
            service: ServiceId::new("licence"),
            responsible: "Соколова".into(),
            due: Date::parse(due).unwrap(),
            fields: Pii::default(),
            recordings: BTreeMap::new(),
        }
    }

    #[test]
    fn a_complaint_is_open_then_overdue_then_answered() {
        let mut numbers = Numbers::default();
        let facts = [
            complaint(1, "2026-12-23"),
            complaint(2, "2026-12-30"),
            CaseEvent::ComplaintAnswered {
                case: CaseId(2),
                operator: OperatorId::new("anna"),
            },
        ];
        for (seq, fact) in (1..).zip(facts) {
            numbers.apply(&Record {
                seq,
                at: Timestamp(0),
                event: Event::Case(fact),
            });
        }
        let at = |day: &str| {
            let days = Date::parse(day).map(|d| i64::from(d.day)).unwrap();
            // 2026-12-01 00:00 UTC plus days.
            let now = Timestamp((1_796_083_200 + (days - 1) * 86_400) * 1_000_000);
            assert_eq!(Date::at(now, 0).to_string(), day);
            let page = encode(&numbers, now, &Health::default());
            let value = |name: &str| {
                let start = format!("{name}{{service=\"licence\"}} ");
                let line = page.lines().find(|line| line.starts_with(&start)).unwrap();
                line.split(' ').next_back().unwrap().to_owned()
            };
            (
                value("liniya_complaints_open"),
                value("liniya_complaints_overdue"),
            )
        };
        assert_eq!(at("2026-12-23"), ("1".into(), "0".into()));
        assert_eq!(at("2026-12-24"), ("1".into(), "1".into()));
    }
}
