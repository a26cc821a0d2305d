//! Pauses of operators, and when they should be over.

use events::{Event, Millis, MissedWhy, NotReadyReason, OperatorId, Timestamp};

use super::Decision;
use crate::acd::Acd;
use crate::{Operator, Presence, Refusal};

impl Acd {
    /// At once; during a call, after its wrap-up; while it rings, the caller goes to the next one.
    pub(super) fn become_not_ready(
        &self,
        now: Timestamp,
        id: &OperatorId,
        reason: NotReadyReason,
    ) -> Decision {
        let operator = self.known(id)?;
        if reason.is_systems() {
            return Err(Refusal::WrongState("эту причину ставит система"));
        }
        if self.settings.pause(reason).is_none() {
            return Err(Refusal::WrongState("такой причины перерыва нет"));
        }
        let paused = self.pauses(now, operator, reason);
        match operator.presence {
            Presence::SignedOut => Err(Refusal::WrongState("сначала войдите в систему")),
            Presence::NotReady { reason: now, .. } if now == reason => Ok(Vec::new()),
            Presence::NotReady { .. } | Presence::Ready { .. } => Ok(vec![paused]),
            Presence::Ringing { call, .. } => {
                let mut facts = self.missed(call, id, MissedWhy::OperatorLeft);
                facts.push(paused);
                Ok(facts)
            }
            Presence::Connecting { then, .. }
            | Presence::Consulted { then, .. }
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => Ok(if then == Some(reason) {
                Vec::new()
            } else {
                // It begins later: when it should be over is said then.
                vec![not_ready(id, reason)]
            }),
        }
    }

    /// The fact of a pause that begins now.
    pub(super) fn pauses(
        &self,
        now: Timestamp,
        operator: &Operator,
        reason: NotReadyReason,
    ) -> Event {
        Event::OperatorNotReady {
            operator: operator.id.clone(),
            reason,
            until: self.over_at(now, operator, reason),
        }
    }

    /// When a pause that begins now should be over: as long as one may last, or what is left of the
    /// shift's.
    fn over_at(
        &self,
        now: Timestamp,
        operator: &Operator,
        reason: NotReadyReason,
    ) -> Option<Timestamp> {
        let card = self.settings.pause(reason)?;
        let taken = operator.paused_for(reason, now);
        let left = card
            .shift_cap_ms
            .map(|cap| Millis(cap.0.saturating_sub(taken.0)));
        let longest = card.cap_ms.into_iter().chain(left).min();
        longest.map(|longest| now + longest)
    }
}

pub(super) fn not_ready(operator: &OperatorId, reason: NotReadyReason) -> Event {
    Event::OperatorNotReady {
        operator: operator.clone(),
        reason,
        until: None,
    }
}
