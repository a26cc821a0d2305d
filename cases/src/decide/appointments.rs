//! Visits: free times, booking, moving, giving up (rows #13, #33, #34).

use events::{
    CancelledBy, CaseEvent, CaseId, CaseNumber, Date, Pii, ServiceId, TaskOutcome, TaskReply,
    TimeOfDay, Timestamp, Value, Values,
};

use super::{Asker, Cases, Given, done, only};
use crate::ledger::Appointment;
use crate::reception::{Reception, Slot};

/// Times offered at once: as many as somebody keeps in mind.
const PAGE: usize = 3;
/// Visits one call may book: nobody takes a whole day away from the others.
const BOOKED_IN_A_CALL_MAX: usize = 3;

impl Cases {
    pub(super) fn find_times(&self, now: Timestamp, asker: &Asker, given: &Given<'_>) -> TaskReply {
        let service = given.service(asker);
        if !self.receptions_for(&service).any(|_| true) {
            return TaskReply::bare(TaskOutcome::Unavailable);
        }
        // The first page is 1, as people count.
        let before = given.number("page").unwrap_or(1).saturating_sub(1);
        let before = usize::try_from(before).unwrap_or(usize::MAX);
        let after = given.time("after");
        let free = self.free_slots(now, &service, given.date("from"));
        let wanted = free.filter(|slot| after.is_none_or(|after| self.time_of(slot.from) >= after));
        let choices: Vec<Values> = wanted
            .skip(before.saturating_mul(PAGE))
            .take(PAGE)
            .map(|slot| self.choice(&slot))
            .collect();
        if choices.is_empty() {
            return TaskReply::bare(TaskOutcome::None);
        }
        let found = u64::try_from(choices.len()).unwrap_or(u64::MAX);
        TaskReply {
            choices,
            ..done([("found", Value::Number(found))])
        }
    }

    pub(super) fn book(
        &self,
        now: Timestamp,
        asker: &Asker,
        given: &Given<'_>,
    ) -> (Vec<CaseEvent>, TaskReply) {
        let service = given.service(asker);
        let slot = match self.bookable(now, &service, given.text("time"), None) {
            Ok(slot) => slot,
            Err(outcome) => return only(outcome),
        };
        let booked_here = |a: &Appointment| a.call == asker.call && !a.is_cancelled;
        let mine = self.ledger.appointments().filter(|(_, a)| booked_here(a));
        if asker.call.is_some() && mine.count() >= BOOKED_IN_A_CALL_MAX {
            return only(TaskOutcome::Refused);
        }
        let name = given.text("name").or_else(|| given.text("spoken_name"));
        let name = name.or_else(|| given.recording("spoken_name"));
        // A number is kept only of those who want to be reminded.
        let phone = given.is_yes("remind").then(|| given.phone(asker)).flatten();
        let case = self.ledger.next_case();
        let fact = CaseEvent::AppointmentBooked {
            case,
            call: asker.call,
            service,
            place: slot.place.clone(),
            from: slot.from,
            until: slot.until,
            name: name.map(|name| Pii::new(name.to_owned())),
            phone,
        };
        (vec![fact], self.visit_reply(case, &slot.place, slot.from))
    }

    pub(super) fn find_booking(&self, now: Timestamp, given: &Given<'_>) -> TaskReply {
        match self.coming(now, given) {
            Some((case, visit)) => self.visit_reply(case, &visit.place, visit.from),
            None => TaskReply::bare(TaskOutcome::NotFound),
        }
    }

    pub(super) fn move_booking(
        &self,
        now: Timestamp,
        asker: &Asker,
        given: &Given<'_>,
    ) -> (Vec<CaseEvent>, TaskReply) {
        let Some((case, visit)) = self.coming(now, given) else {
            return only(TaskOutcome::NotFound);
        };
        let slot = match self.bookable(now, &visit.service, given.text("time"), Some(visit)) {
            Ok(slot) => slot,
            Err(TaskOutcome::Unavailable) => return only(TaskOutcome::Unavailable),
            Err(_) => return only(TaskOutcome::Taken),
        };
        let reply = self.visit_reply(case, &slot.place, slot.from);
        if slot.from == visit.from && slot.place == visit.place {
            return (Vec::new(), reply);
        }
        let fact = CaseEvent::AppointmentMoved {
            case,
            call: asker.call,
            place: slot.place,
            from: slot.from,
            until: slot.until,
        };
        (vec![fact], reply)
    }

    pub(super) fn cancel_booking(
        &self,
        now: Timestamp,
        asker: &Asker,
        given: &Given<'_>,
    ) -> (Vec<CaseEvent>, TaskReply) {
        let Some((case, visit)) = self.coming(now, given) else {
            return only(TaskOutcome::NotFound);
        };
        let fact = CaseEvent::AppointmentCancelled {
            case,
            call: asker.call,
            // Without a caller on the line it is the reception that cannot see them.
            by: if asker.call.is_some() {
                CancelledBy::Caller
            } else {
                CancelledBy::Office
            },
        };
        let reply = done([
            ("date", Value::Date(self.date_of(visit.from))),
            ("time", Value::Time(self.time_of(visit.from))),
        ]);
        (vec![fact], reply)
    }

    fn receptions_for<'a>(
        &'a self,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = (&'a str, &'a Reception)> {
        let all = self.settings.receptions.iter();
        all.filter(|(_, reception)| reception.serves(service))
            .map(|(name, reception)| (name.as_str(), reception))
    }

    /// Free times for a service in their order, from a day on.
    fn free_slots<'a>(
        &'a self,
        now: Timestamp,
        service: &'a ServiceId,
        from: Option<Date>,
    ) -> impl Iterator<Item = Slot> + 'a {
        let today = self.date_of(now);
        let last = self.receptions_for(service).map(|(_, r)| r.horizon_days);
        let days = (0..=last.max().unwrap_or(0)).map(move |n| today.plus_days(n));
        days.filter(move |day| from.is_none_or(|from| *day >= from))
            .flat_map(move |day| {
                let mut slots: Vec<Slot> = self
                    .receptions_for(service)
                    .flat_map(|(name, r)| r.slots(self.place(name), now, day))
                    .filter(|slot| self.is_free(slot))
                    .collect();
                slots.sort();
                slots
            })
    }

    /// The time that an id stands for, if it can be booked now; `own` is the visit that leaves it.
    fn bookable(
        &self,
        now: Timestamp,
        service: &ServiceId,
        id: Option<&str>,
        own: Option<&Appointment>,
    ) -> Result<Slot, TaskOutcome> {
        let id = id.ok_or(TaskOutcome::Refused)?;
        let (place, from) = Slot::parse_id(id).ok_or(TaskOutcome::Refused)?;
        let (name, reception) = self
            .receptions_for(service)
            .find(|(name, _)| *name == place)
            .ok_or(TaskOutcome::Refused)?;
        let mut slots = reception.slots(self.place(name), now, self.date_of(from));
        // What was offered and has meanwhile come too near is gone like any other taken time.
        let slot = slots
            .find(|slot| slot.from == from)
            .ok_or(TaskOutcome::Taken)?;
        let is_own = own.is_some_and(|own| own.from == slot.from && own.place == slot.place);
        if is_own || self.is_free(&slot) {
            Ok(slot)
        } else {
            Err(TaskOutcome::Taken)
        }
    }

    fn is_free(&self, slot: &Slot) -> bool {
        let capacity = self
            .settings
            .receptions
            .get(&slot.place)
            .map_or(0, |r| r.capacity);
        self.ledger.visitors(slot.from, &slot.place) < capacity
    }

    /// A visit that is still to come, by the number given.
    fn coming(&self, now: Timestamp, given: &Given<'_>) -> Option<(CaseId, &Appointment)> {
        let case = given.case()?.case()?;
        let visit = self.ledger.appointment(case)?;
        (!visit.is_cancelled && visit.from > now).then_some((case, visit))
    }

    fn place<'a>(&'a self, name: &'a str) -> (&'a str, &'a crate::ProductionCalendar, i16) {
        (name, &self.settings.calendar, self.settings.utc_offset_min)
    }

    fn choice(&self, slot: &Slot) -> Values {
        Values::from([
            ("id".to_owned(), Value::Text(slot.id())),
            ("date".to_owned(), Value::Date(self.date_of(slot.from))),
            ("time".to_owned(), Value::Time(self.time_of(slot.from))),
            ("place".to_owned(), Value::Text(self.address(&slot.place))),
        ])
    }

    fn visit_reply(&self, case: CaseId, place: &str, from: Timestamp) -> TaskReply {
        done([
            ("number", Value::Case(CaseNumber::of(case))),
            ("date", Value::Date(self.date_of(from))),
            ("time", Value::Time(self.time_of(from))),
            ("place", Value::Text(self.address(place))),
        ])
    }

    /// Where a reception is; its bare name if it was closed since.
    fn address(&self, place: &str) -> String {
        let reception = self.settings.receptions.get(place);
        reception.map_or_else(|| place.to_owned(), |r| r.address.clone())
    }

    pub(super) fn date_of(&self, at: Timestamp) -> Date {
        Date::at(at, self.settings.utc_offset_min)
    }

    pub(super) fn time_of(&self, at: Timestamp) -> TimeOfDay {
        TimeOfDay::at(at, self.settings.utc_offset_min)
    }
}
