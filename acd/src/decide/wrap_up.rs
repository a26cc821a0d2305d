//! After-call work: more time for it, and its end.

use events::{Event, NotReadyReason, OperatorId, Timestamp};

use super::Decision;
use super::pause::not_ready;
use crate::acd::Acd;
use crate::{Operator, Presence, Refusal};

impl Acd {
    /// More time, as often as the queue allows: counted from the end that was due, or from now if it
    /// is overdue.
    pub(super) fn extend_wrap_up(&self, now: Timestamp, id: &OperatorId) -> Decision {
        let operator = self.known(id)?;
        let Presence::WrapUp {
            call,
            until,
            extensions,
            ..
        } = operator.presence
        else {
            return Err(Refusal::WrongState("оформление не идёт"));
        };
        let Some(left) = extensions.checked_sub(1) else {
            return Err(Refusal::WrongState("больше продлевать нельзя"));
        };
        let queue = operator.serving.as_ref().map(|(queue, _)| queue);
        let more = queue.map(|queue| self.settings.wrap_up_more(queue));
        Ok(vec![Event::WrapUpExtended {
            call,
            operator: id.clone(),
            until: until.max(now) + more.unwrap_or_default(),
            left,
        }])
    }

    pub(super) fn finish_wrap_up(&self, now: Timestamp, id: &OperatorId) -> Decision {
        let operator = self.known(id)?;
        match operator.presence {
            Presence::WrapUp { disposed: true, .. } => Ok(self.wrap_up_is_over(now, operator)),
            Presence::WrapUp {
                disposed: false, ..
            } => Err(Refusal::DispositionMissing),
            Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Ready { .. }
            | Presence::Ringing { .. }
            | Presence::Connecting { .. }
            | Presence::Consulted { .. }
            | Presence::Talking { .. } => Err(Refusal::WrongState("нечего завершать")),
        }
    }

    /// The end of after-call work, and what the operator does next: the pause asked for, waiting for
    /// the phone, or the next call.
    pub(super) fn wrap_up_is_over(&self, now: Timestamp, operator: &Operator) -> Vec<Event> {
        let Presence::WrapUp { call, then, .. } = operator.presence else {
            return Vec::new();
        };
        let id = operator.id.clone();
        let ended = Event::WrapUpEnded {
            call,
            operator: id.clone(),
        };
        let next = match then {
            Some(reason) => self.pauses(now, operator, reason),
            None if !operator.phone_up => not_ready(&id, NotReadyReason::Phone),
            None => Event::OperatorReady { operator: id },
        };
        vec![ended, next]
    }
}
