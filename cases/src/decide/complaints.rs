//! Complaints: the fields of row #36, the clock of row #37.

use std::collections::BTreeMap;

use events::{
    CaseEvent, CaseId, CaseNumber, OperatorId, Pii, TaskOutcome, TaskReply, Timestamp, Value,
};

use super::{Asker, Cases, Given, done, only};

/// Without these a complaint is none (row #36); the official is named only by those who know.
const REQUIRED: [&str; 3] = ["name", "reply_to", "substance"];
const OFFICIAL: &str = "official";

impl Cases {
    pub(super) fn file_complaint(
        &self,
        now: Timestamp,
        asker: &Asker,
        given: &Given<'_>,
    ) -> (Vec<CaseEvent>, TaskReply) {
        let said = |field: &str| given.text(field).is_some() || given.recording(field).is_some();
        let Some(inform_by) = given.choice("inform_by") else {
            return only(TaskOutcome::Refused);
        };
        if !REQUIRED.into_iter().all(said) {
            return only(TaskOutcome::Refused);
        }
        let service = given.service(asker);
        let Some(responsible) = self.settings.responsible_for(&service) else {
            return only(TaskOutcome::Unavailable);
        };
        let dictated = || REQUIRED.into_iter().chain([OFFICIAL]);
        let mut fields: BTreeMap<String, String> = dictated()
            .filter(|field| said(field))
            .map(|field| {
                (
                    field.to_owned(),
                    given.text(field).unwrap_or_default().to_owned(),
                )
            })
            .collect();
        fields.insert("inform_by".into(), inform_by.to_owned());
        if let Some(phone) = given.phone(asker) {
            fields.insert("phone".into(), phone.into_inner());
        }
        let recordings = dictated()
            .filter_map(|field| Some((field.to_owned(), given.recording(field)?.to_owned())))
            .collect();
        let due = self.date_of(now).plus_days(self.settings.complaint_days);
        let case = self.ledger.next_case();
        let fact = CaseEvent::ComplaintFiled {
            case,
            call: asker.call,
            service,
            responsible: responsible.name.clone(),
            due,
            fields: Pii::new(fields),
            recordings,
        };
        let reply = done([
            ("number", Value::Case(CaseNumber::of(case))),
            ("due", Value::Date(due)),
        ]);
        (vec![fact], reply)
    }

    pub(super) fn answer_complaint(
        &self,
        case: CaseId,
        operator: &OperatorId,
    ) -> Result<CaseEvent, String> {
        let number = CaseNumber::of(case);
        match self.ledger.complaint_of(case) {
            None => Err(format!("Жалобы {number} нет")),
            Some(complaint) if complaint.answered.is_some() => {
                Err(format!("Жалоба {number} уже закрыта"))
            }
            Some(_) => Ok(CaseEvent::ComplaintAnswered {
                case,
                operator: operator.clone(),
            }),
        }
    }
}
