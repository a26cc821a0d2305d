//! `liniya cases`: what is booked, filed and promised, from the journal.

use cases::{CallbackState, Ledger};
use events::{CaseNumber, Date, Event, Pii, TimeOfDay, Timestamp};

use super::say;
use crate::config::Config;
use crate::io::clock::Clock;
use crate::io::journal_file;

pub(super) fn show(config: &Config, personal: bool) -> anyhow::Result<()> {
    let mut ledger = Ledger::default();
    journal_file::read(&config.journal_path(), |record| {
        if let Event::Case(fact) = &record.event {
            ledger.apply(record.at, fact);
        }
    })?;
    let now = Clock::start(Timestamp::default()).now();
    let offset = config.organisation.utc_offset_min;
    list(&ledger, (now, offset), personal).iter().for_each(say);
    Ok(())
}

/// One line a case that something is owed for, by urgency.
fn list(ledger: &Ledger, (now, offset): (Timestamp, i16), personal: bool) -> Vec<String> {
    let when = |at| format!("{} {}", Date::at(at, offset), TimeOfDay::at(at, offset));
    let shown = |value: &Pii<String>| {
        if personal {
            value.expose().clone()
        } else {
            "…".to_owned()
        }
    };
    let mut visits: Vec<_> = ledger
        .appointments()
        .filter(|(_, visit)| !visit.is_cancelled && visit.until > now)
        .collect();
    visits.sort_by_key(|(case, visit)| (visit.from, *case));
    let mut lines = vec![format!("Записи на приём: {}", visits.len())];
    lines.extend(visits.iter().map(|(case, visit)| {
        let name = visit.name.as_ref().map_or("без имени".to_owned(), shown);
        let (number, from) = (CaseNumber::of(*case), when(visit.from));
        format!(
            "  {from}  {number}  {}, {}, {name}",
            visit.place, visit.service
        )
    }));
    let mut open: Vec<_> = ledger
        .complaints()
        .filter(|(_, complaint)| complaint.answered.is_none())
        .collect();
    open.sort_by_key(|(case, complaint)| (complaint.due, *case));
    lines.push(format!("Жалобы без ответа: {}", open.len()));
    lines.extend(open.iter().map(|(case, complaint)| {
        let late = if complaint.due < Date::at(now, offset) {
            "  ПРОСРОЧЕНА"
        } else {
            ""
        };
        let number = CaseNumber::of(*case);
        let (due, service) = (complaint.due, &complaint.service);
        format!(
            "  до {due}  {number}  {service}, отвечает {}{late}",
            complaint.responsible
        )
    }));
    let mut owed: Vec<_> = ledger
        .callbacks()
        .filter(|(_, callback)| callback.state == CallbackState::Owed)
        .collect();
    owed.sort_by_key(|(case, callback)| (callback.until, *case));
    lines.push(format!("Обратные звонки: {}", owed.len()));
    lines.extend(owed.iter().map(|(case, callback)| {
        let (number, from) = (CaseNumber::of(*case), when(callback.not_before));
        let until = when(callback.until);
        format!("  {from} – {until}  {number}  {}", shown(&callback.phone))
    }));
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use events::{CaseEvent, CaseId, ServiceId};

    use super::*;

    #[test]
    fn what_is_owed_stands_in_the_list_and_names_do_not() {
        let at = |hour: i64| Timestamp((1_795_312_800 + hour * 3_600) * 1_000_000);
        let mut ledger = Ledger::default();
        let facts = [
            CaseEvent::AppointmentBooked {
                case: CaseId(371_829),
                call: None,
                service: ServiceId::new("appointment"),
                place: "main".into(),
                from: at(24),
                until: at(25),
                name: Some(Pii::new("Сидорова".into())),
                phone: None,
            },
            CaseEvent::ComplaintFiled {
                case: CaseId(920_648),
                call: None,
                service: ServiceId::new("scrap_licence"),
                responsible: "Соколова".into(),
                due: Date::at(at(-30), 180),
                fields: Pii::default(),
                recordings: BTreeMap::new(),
            },
            CaseEvent::CallbackRequested {
                case: CaseId(569_467),
                call: None,
                service: ServiceId::undetermined(),
                phone: Pii::new("+79990000000".into()),
                not_before: at(1),
                until: at(5),
            },
        ];
        for fact in &facts {
            ledger.apply(at(0), fact);
        }
        let lines = list(&ledger, (at(0), 180), false);
        assert_eq!(lines[0], "Записи на приём: 1");
        assert!(lines[1].ends_with("main, appointment, …"), "{}", lines[1]);
        assert!(
            lines[3].ends_with("отвечает Соколова  ПРОСРОЧЕНА"),
            "{}",
            lines[3]
        );
        assert_eq!(lines[4], "Обратные звонки: 1");
        assert!(
            list(&ledger, (at(0), 180), true)
                .join("\n")
                .contains("Сидорова")
        );
    }
}
