//! Reminders of visits: which there should be, from the facts about appointments.
//!
//! A visit that is moved or given up takes its reminder with it. What there should be is compared
//! with what there is, so a journal that was cut between the booking and its reminder loses neither.

use std::collections::BTreeMap;

use events::{
    CaseEvent, CaseId, CaseNumber, Date, NotificationEvent, NotificationKind, Pii, ServiceId,
    TimeOfDay, Timestamp,
};

use super::address::Address;
use super::decide::Plan;
use super::machine::Notify;

/// Visits to come of people who want to be reminded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Visits(BTreeMap<CaseId, Visit>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Visit {
    service: ServiceId,
    place: String,
    from: Timestamp,
    phone: Pii<String>,
}

impl Visits {
    pub(super) fn cases(&self) -> impl Iterator<Item = CaseId> {
        self.0.keys().copied()
    }

    pub(super) fn apply(&mut self, at: Timestamp, fact: &CaseEvent) {
        match fact {
            CaseEvent::AppointmentBooked {
                case,
                service,
                place,
                from,
                phone: Some(phone),
                ..
            } => {
                self.0.retain(|_, visit| visit.from > at);
                let visit = Visit {
                    service: service.clone(),
                    place: place.clone(),
                    from: *from,
                    phone: phone.clone(),
                };
                self.0.insert(*case, visit);
            }
            CaseEvent::AppointmentMoved {
                case, place, from, ..
            } => {
                if let Some(visit) = self.0.get_mut(case) {
                    visit.place.clone_from(place);
                    visit.from = *from;
                }
            }
            CaseEvent::AppointmentCancelled { case, .. } => {
                self.0.remove(case);
            }
            CaseEvent::AppointmentBooked { phone: None, .. }
            | CaseEvent::ComplaintFiled { .. }
            | CaseEvent::ComplaintAnswered { .. }
            | CaseEvent::CallbackRequested { .. }
            | CaseEvent::CallbackEnded { .. } => {}
        }
    }
}

impl Notify {
    /// Withdraws reminders of a visit that is no more, or is at another time, and plans the one that
    /// is missing.
    pub(super) fn mind_visit(
        &self,
        now: Timestamp,
        case: CaseId,
        ahead: u64,
    ) -> Vec<NotificationEvent> {
        let plan = self.reminder_of(now, case);
        let wanted = plan.as_ref().map(|plan| plan.key.as_str());
        let stale = |fact: &NotificationEvent| {
            let NotificationEvent::Ended { notification, .. } = fact else {
                return true;
            };
            self.job(*notification).map(|job| job.key.as_str()) != wanted
        };
        let mut facts: Vec<NotificationEvent> = self
            .withdraw(&format!("appointment/{}/", case.0))
            .filter(stale)
            .collect();
        facts.extend(plan.and_then(|plan| self.plan_once(now, &plan, ahead)));
        facts
    }

    fn reminder_of(&self, now: Timestamp, case: CaseId) -> Option<Plan> {
        let visit = self.visits.0.get(&case)?;
        let reminder = self.policy().reminder?;
        let until = before(visit.from, reminder.useless.0);
        let not_before = before(visit.from, reminder.before.0).max(now);
        if not_before >= until {
            return None;
        }
        let offset = self.policy().utc_offset_min;
        let values = [
            ("number", CaseNumber::of(case).digits().to_owned()),
            ("service", visit.service.as_str().to_owned()),
            ("date", Date::at(visit.from, offset).to_string()),
            ("time", TimeOfDay::at(visit.from, offset).to_string()),
            ("place", visit.place.clone()),
        ];
        Some(Plan {
            // The time of the visit is part of the key: a moved visit has a reminder of its own.
            key: format!("appointment/{}/{}", case.0, visit.from.0 / 1_000_000),
            kind: NotificationKind::Appointment,
            channel: reminder.channel,
            to: Address::parse(reminder.channel, visit.phone.expose())?,
            case: Some(case),
            not_before,
            until,
            values: Pii::new(
                values
                    .map(|(name, value)| (name.to_owned(), value))
                    .into_iter()
                    .collect(),
            ),
        })
    }
}

fn before(at: Timestamp, ms: u64) -> Timestamp {
    let us = i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
    Timestamp(at.0.saturating_sub(us))
}
