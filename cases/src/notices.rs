//! What follows from a complaint: those who work here are told of a new one and of one whose term
//! ends, and whoever complained gets its receipt.

use std::collections::BTreeMap;

use events::{CaseEvent, CaseId, CaseNumber, Channel, Millis, NotificationKind, Pii, Timestamp};

use crate::civil::moment_min;
use crate::decide::Cases;
use crate::notify::{Address, Command, Plan};

/// The notice of a new complaint is useless after so many days.
const NEW_FOR_DAYS: u16 = 3;
const DAY_MIN: u16 = 1_440;
/// A receipt is told within 24 hours (row #16).
const RECEIPT_WITHIN: Millis = Millis::from_s(24 * 3_600);
/// Somebody who has just heard the number is not rung at once.
const RECEIPT_BY_VOICE_AFTER: Millis = Millis::from_s(1_800);

impl Cases {
    /// The notices that a fact about a complaint leads to: to the responsible person at once and
    /// again [`crate::Settings::warn_days`] before the last day; the answer withdraws both, and a
    /// receipt that is still to be told.
    /// Somebody without an e-mail address reads of it at the desk only.
    #[must_use]
    pub fn notices(&self, now: Timestamp, fact: &CaseEvent) -> Vec<Command> {
        match fact {
            CaseEvent::ComplaintFiled { case, .. } => [
                self.notice(now, *case, false),
                self.notice(now, *case, true),
            ]
            .into_iter()
            .flatten()
            .map(Command::Plan)
            .collect(),
            CaseEvent::ComplaintAnswered { case, .. } => {
                let keys = keys_of(*case);
                vec![Command::Withdraw { keys }]
            }
            CaseEvent::AppointmentBooked { .. }
            | CaseEvent::AppointmentMoved { .. }
            | CaseEvent::AppointmentCancelled { .. }
            | CaseEvent::CallbackRequested { .. }
            | CaseEvent::CallbackEnded { .. } => Vec::new(),
        }
    }

    /// The receipt that whoever complained gets within 24 hours, with number and term (rows #15,
    /// #16): the ways in which they can be told, what is written before what rings. All have one key:
    /// whichever is planned first is the only one.
    #[must_use]
    pub fn receipts(&self, now: Timestamp, fact: &CaseEvent) -> Vec<Plan> {
        let CaseEvent::ComplaintFiled {
            case,
            service,
            due,
            fields,
            ..
        } = fact
        else {
            return Vec::new();
        };
        let values = [
            ("number", CaseNumber::of(*case).digits().to_owned()),
            ("service", service.as_str().to_owned()),
            ("due", due.to_string()),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value));
        let plan = |channel: Channel, field: &str| {
            let after = match channel {
                Channel::Voice => RECEIPT_BY_VOICE_AFTER,
                Channel::Sms | Channel::Email => Millis::default(),
            };
            Some(Plan {
                key: format!("{}received", keys_of(*case)),
                kind: NotificationKind::Received,
                channel,
                to: Address::parse(channel, fields.expose().get(field)?)?,
                case: Some(*case),
                not_before: now + after,
                until: now + RECEIPT_WITHIN,
                values: Pii::new(BTreeMap::from(values.clone())),
            })
        };
        let ways = [
            plan(Channel::Email, "reply_to"),
            plan(Channel::Sms, "phone"),
            plan(Channel::Voice, "phone"),
        ];
        ways.into_iter().flatten().collect()
    }

    fn notice(&self, now: Timestamp, case: CaseId, is_late: bool) -> Option<Plan> {
        let complaint = self.ledger().complaint_of(case)?;
        let settings = self.settings();
        let person = settings.responsible_for(&complaint.service)?;
        let offset = settings.utc_offset_min;
        let filed = events::Date::at(now, offset);
        let (name, subject, not_before, until) = if is_late {
            let days = settings.complaint_days.saturating_sub(settings.warn_days);
            let morning = moment_min(filed.plus_days(days), 9 * 60, offset);
            let end = moment_min(complaint.due, DAY_MIN, offset);
            (
                "due",
                "Истекает срок ответа на жалобу",
                morning.max(now),
                end,
            )
        } else {
            let end = moment_min(filed.plus_days(NEW_FOR_DAYS), DAY_MIN, offset);
            ("filed", "Новая жалоба", now, end)
        };
        let values = [
            ("number", CaseNumber::of(case).digits().to_owned()),
            ("service", complaint.service.as_str().to_owned()),
            ("due", complaint.due.to_string()),
            ("subject", subject.to_owned()),
        ];
        let values: BTreeMap<String, String> = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Some(Plan {
            key: format!("{}{name}", keys_of(case)),
            kind: NotificationKind::Internal,
            channel: Channel::Email,
            to: Address::parse(Channel::Email, person.email.as_deref()?)?,
            case: Some(case),
            not_before,
            until,
            values: Pii::new(values),
        })
    }
}

fn keys_of(case: CaseId) -> String {
    format!("complaint/{}/", case.0)
}
