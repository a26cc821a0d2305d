//! Calling back (row #16: within 24 hours).

use events::{
    CallbackOutcome, CaseEvent, CaseId, CaseNumber, Millis, TaskOutcome, TaskReply, TaskRequest,
    Timestamp, Value,
};

use super::{Asker, Cases, Given, done, only};
use crate::civil::moment;
use crate::ledger::CallbackState;

/// A callback is owed within so long of the request, or of the time that was wished (row #16).
const TERM: Millis = Millis(24 * 3_600_000);
/// A window shorter than this leaves no second try: the next working hours are taken.
const WINDOW_MIN: u16 = 30;
/// Nobody is promised a call further ahead than this, calendar days.
const HORIZON_DAYS: u16 = 30;

impl Cases {
    pub(super) fn request_callback(
        &self,
        now: Timestamp,
        asker: &Asker,
        given: &Given<'_>,
    ) -> (Vec<CaseEvent>, TaskReply) {
        let Some(phone) = given.phone(asker) else {
            return only(TaskOutcome::Refused);
        };
        let Some(wished) = self.wished_time(now, given) else {
            return only(TaskOutcome::Refused);
        };
        let settings = &self.settings;
        let window = settings.callback_hours.next_open(
            &settings.calendar,
            (wished, settings.utc_offset_min),
            WINDOW_MIN,
        );
        let Some((not_before, closes)) = window else {
            return only(TaskOutcome::Unavailable);
        };
        // Within 24 hours, unless nobody works before: then in the first hours that are worked.
        let term = wished + TERM;
        let until = if not_before < term {
            closes.min(term)
        } else {
            closes
        };
        let case = self.ledger.next_case();
        let reply = done([
            ("number", Value::Case(CaseNumber::of(case))),
            ("date", Value::Date(self.date_of(not_before))),
            ("time", Value::Time(self.time_of(not_before))),
            ("phone", Value::Phone(phone.expose().clone())),
        ]);
        let fact = CaseEvent::CallbackRequested {
            case,
            call: asker.call,
            service: given.service(asker),
            phone,
            not_before,
            until,
        };
        (vec![fact], reply)
    }

    /// Somebody who waits in a queue is called when their place is reached, at the latest by `until`:
    /// they asked for it now, so no hours are looked at.
    #[must_use]
    pub fn keep_place(
        &self,
        now: Timestamp,
        asker: &Asker,
        request: &TaskRequest,
        until: Timestamp,
    ) -> Option<(CaseId, CaseEvent, TaskReply)> {
        let given = Given(request.arguments.expose());
        let phone = given.phone(asker)?;
        let case = self.ledger.next_case();
        let reply = done([
            ("number", Value::Case(CaseNumber::of(case))),
            ("phone", Value::Phone(phone.expose().clone())),
        ]);
        let fact = CaseEvent::CallbackRequested {
            case,
            call: asker.call,
            service: given.service(asker),
            phone,
            not_before: now,
            until,
        };
        Some((case, fact, reply))
    }

    /// When the caller wants to be called; now if they do not say. A time that has passed today is
    /// tomorrow's. None for a day that has passed or is too far.
    fn wished_time(&self, now: Timestamp, given: &Given<'_>) -> Option<Timestamp> {
        let offset_min = self.settings.utc_offset_min;
        let today = self.date_of(now);
        let Some(time) = given.time("time") else {
            let Some(day) = given.date("date").filter(|day| *day != today) else {
                return Some(now);
            };
            let fits = day > today && day <= today.plus_days(HORIZON_DAYS);
            let midnight = events::TimeOfDay::new(0, 0)?;
            return fits.then(|| moment(day, midnight, offset_min));
        };
        let day = given.date("date").unwrap_or(today);
        let at = moment(day, time, offset_min);
        if at >= now {
            (day <= today.plus_days(HORIZON_DAYS)).then_some(at)
        } else {
            given
                .date("date")
                .is_none()
                .then(|| moment(today.plus_days(1), time, offset_min))
        }
    }

    pub(super) fn end_callback(
        &self,
        case: CaseId,
        outcome: CallbackOutcome,
    ) -> Result<CaseEvent, String> {
        let number = CaseNumber::of(case);
        match self.ledger.callback_of(case).map(|callback| callback.state) {
            None => Err(format!("Обратного звонка {number} нет")),
            Some(CallbackState::Ended(..)) => Err(format!("Обратный звонок {number} уже закрыт")),
            Some(CallbackState::Owed) => Ok(CaseEvent::CallbackEnded { case, outcome }),
        }
    }
}
