//! Operators come and go, pause, and their phones too.

use events::{Event, MissedWhy, NotReadyReason, OperatorId};

use super::Decision;
use super::pause::not_ready;
use crate::acd::Acd;
use crate::{Presence, Refusal};

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
            Presence::Connecting { .. } | Presence::Consulted { .. } | Presence::Talking { .. } => {
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
        if self.supervisions.contains_key(id) {
            return Err(Refusal::WrongState("сначала выйдите из чужого разговора"));
        }
        match operator.presence {
            Presence::SignedOut => Err(Refusal::WrongState("сначала войдите в систему")),
            Presence::NotReady { .. } if operator.phone_up => Ok(vec![ready]),
            Presence::NotReady { .. } => Err(Refusal::WrongState("телефон недоступен")),
            Presence::Ready { .. } | Presence::Ringing { .. } => Ok(Vec::new()),
            Presence::Connecting { then, .. }
            | Presence::Consulted { then, .. }
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => {
                let paused = then.is_some();
                Ok(paused.then_some(ready).into_iter().collect())
            }
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
            | Presence::Consulted { .. }
            | Presence::Talking { .. }
            | Presence::WrapUp { .. } => facts.push(down),
        }
        Ok(facts)
    }
}
