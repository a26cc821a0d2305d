//! Operators come and go, pause, and their phones too.

use events::{Event, MissedWhy, NotReadyReason, OperatorId};

use super::Decision;
use crate::acd::Acd;
use crate::{Operator, Presence, Refusal};

impl Acd {
    pub(super) fn sign_in(&self, id: &OperatorId) -> Decision {
        // A second window of the same desk changes nothing.
        if self.known(id)?.is_signed_in() {
            return Ok(Vec::new());
        }
        let operator = id.clone();
        Ok(vec![
            Event::OperatorSignedIn {
                operator: operator.clone(),
            },
            not_ready(&operator, NotReadyReason::SignedIn),
        ])
    }

    /// Not with a caller, and not before the disposition is written down.
    pub(super) fn sign_out(&self, id: &OperatorId) -> Decision {
        let operator = id.clone();
        match self.known(id)?.presence {
            Presence::SignedOut => Ok(Vec::new()),
            Presence::NotReady { .. } | Presence::Ready { .. } => {
                Ok(vec![Event::OperatorSignedOut { operator }])
            }
            Presence::Ringing { call, .. } => {
                let mut facts = self.missed(call, id, MissedWhy::OperatorLeft);
                facts.push(Event::OperatorSignedOut { operator });
                Ok(facts)
            }
            Presence::Connecting { .. } | Presence::Talking { .. } => {
                Err(Refusal::WrongState("сначала завершите разговор"))
            }
            Presence::WrapUp { .. } => {
                Err(Refusal::WrongState("сначала завершите обработку звонка"))
            }
        }
    }

    pub(super) fn become_ready(&self, id: &OperatorId) -> Decision {
        let operator = self.known(id)?;
        let ready = Event::OperatorReady {
            operator: id.clone(),
        };
        match operator.presence {
            Presence::SignedOut => Err(Refusal::WrongState("сначала войдите в систему")),
            Presence::NotReady { .. } if operator.phone_up => Ok(vec![ready]),
            Presence::NotReady { .. } => Err(Refusal::WrongState("телефон недоступен")),
            Presence::Ready { .. } | Presence::Ringing { .. } => Ok(Vec::new()),
            Presence::Connecting { then, .. }
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => {
                let paused = then.is_some();
                Ok(paused.then_some(ready).into_iter().collect())
            }
        }
    }

    /// At once; during a call, after its wrap-up; while it rings, the caller goes to the next one.
    pub(super) fn become_not_ready(&self, id: &OperatorId, reason: NotReadyReason) -> Decision {
        let operator = self.known(id)?;
        match reason {
            NotReadyReason::SignedIn | NotReadyReason::Rona | NotReadyReason::Phone => {
                return Err(Refusal::WrongState("эту причину ставит система"));
            }
            NotReadyReason::Break
            | NotReadyReason::Lunch
            | NotReadyReason::Training
            | NotReadyReason::Meeting => {}
        }
        let paused = not_ready(id, reason);
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
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => Ok(if then == Some(reason) {
                Vec::new()
            } else {
                vec![paused]
            }),
        }
    }

    /// The phone is back: so is the operator, if the phone alone kept them away.
    pub(super) fn phone_up(&self, id: &OperatorId) -> Decision {
        let operator = self.known(id)?;
        let mut facts = Vec::new();
        if !operator.phone_up {
            facts.push(Event::PhoneReachable {
                operator: id.clone(),
            });
        }
        let kept_away = matches!(
            operator.presence,
            Presence::NotReady {
                reason: NotReadyReason::Phone,
                ..
            }
        );
        if kept_away {
            facts.push(Event::OperatorReady {
                operator: id.clone(),
            });
        }
        Ok(facts)
    }

    /// A talk goes on without registration; whether its audio does, its leg will tell.
    pub(super) fn phone_down(&self, id: &OperatorId) -> Decision {
        let operator = self.known(id)?;
        if !operator.phone_up {
            return Ok(Vec::new());
        }
        let mut facts = Vec::new();
        let down = Event::PhoneUnreachable {
            operator: id.clone(),
        };
        match operator.presence {
            Presence::Ringing { call, .. } => {
                facts.extend(self.missed(call, id, MissedWhy::Unreachable));
                facts.push(down);
            }
            Presence::Ready { .. } => {
                facts.push(down);
                facts.push(not_ready(id, NotReadyReason::Phone));
            }
            Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Connecting { .. }
            | Presence::Talking { .. }
            | Presence::WrapUp { .. } => facts.push(down),
        }
        Ok(facts)
    }
}

impl Operator {
    /// The end of after-call work, and what the operator does next: the pause asked for, waiting for
    /// the phone, or the next call.
    pub(super) fn wrap_up_ends(&self) -> Vec<Event> {
        let Presence::WrapUp { call, then, .. } = self.presence else {
            return Vec::new();
        };
        let operator = self.id.clone();
        let ended = Event::WrapUpEnded {
            call,
            operator: operator.clone(),
        };
        let next = match then {
            Some(reason) => not_ready(&operator, reason),
            None if !self.phone_up => not_ready(&operator, NotReadyReason::Phone),
            None => Event::OperatorReady { operator },
        };
        vec![ended, next]
    }
}

fn not_ready(operator: &OperatorId, reason: NotReadyReason) -> Event {
    Event::OperatorNotReady {
        operator: operator.clone(),
        reason,
    }
}
