//! Who may listen to whom: a supervisor, to a talk that goes on, one at a time.

use events::{
    CallId, Event, HungUpBy, OperatorId, SupervisionEnd, SupervisionEvent, SupervisionMode,
    Timestamp,
};

use super::Decision;
use crate::acd::Acd;
use crate::call::Stage;
use crate::{Presence, Refusal, Supervision};

impl Acd {
    /// A supervisor comes into a talk, or lets others hear them or no more. One who takes calls may
    /// not: somebody could ring them meanwhile.
    pub(super) fn supervise(
        &self,
        id: CallId,
        supervisor: &OperatorId,
        mode: SupervisionMode,
    ) -> Decision {
        let by = self.known(supervisor)?;
        if !self.settings.supervisors.contains(supervisor) {
            return Err(Refusal::WrongState("это может только старший смены"));
        }
        if let Some(present) = self.supervisions.get(supervisor) {
            return present.changes(id, supervisor, mode);
        }
        let Stage::Talking { operator, .. } = &self.open_call(id)?.stage else {
            return Err(Refusal::WrongState("разговор не идёт"));
        };
        if operator == supervisor {
            return Err(Refusal::WrongState("это ваш собственный разговор"));
        }
        if self.supervisions.values().any(|other| other.call == id) {
            return Err(Refusal::WrongState("к разговору уже подключён старший"));
        }
        match by.presence {
            Presence::SignedOut | Presence::NotReady { .. } => {}
            Presence::Ready { .. } => {
                return Err(Refusal::WrongState("сначала уйдите на паузу"));
            }
            Presence::Ringing { .. }
            | Presence::Connecting { .. }
            | Presence::Talking { .. }
            | Presence::Consulted { .. }
            | Presence::WrapUp { .. } => {
                return Err(Refusal::WrongState("сначала закончите свой звонок"));
            }
        }
        if !by.phone_up {
            return Err(Refusal::WrongState("ваш телефон не на связи"));
        }
        Ok(vec![Event::Supervision(SupervisionEvent::Started {
            call: id,
            operator: operator.clone(),
            supervisor: supervisor.clone(),
            mode,
        })])
    }

    pub(super) fn end_supervision(
        &self,
        now: Timestamp,
        supervisor: &OperatorId,
        broken: bool,
    ) -> Decision {
        let present = self.supervisions.get(supervisor);
        let present = present.ok_or(Refusal::WrongState("вы не подключены к разговору"))?;
        let why = match broken {
            true => SupervisionEnd::Failure,
            false => SupervisionEnd::Left,
        };
        Ok(vec![present.ended(now, supervisor, why)])
    }

    /// The same facts, and before the end of each talk that of the supervisor's presence in it.
    /// A talk that a crash cut ended before now.
    pub(crate) fn with_supervisions_ended(&self, facts: Vec<Event>) -> Vec<Event> {
        if self.supervisions.is_empty() {
            return facts;
        }
        let ended = |fact: &Event| {
            let Event::TalkEnded {
                call, by, talk_ms, ..
            } = fact
            else {
                return None;
            };
            let mut present = self.supervisions.iter();
            let (supervisor, present) = present.find(|(_, present)| present.call == *call)?;
            let end = match self.calls.get(call)?.stage {
                Stage::Talking { since, .. } => since + *talk_ms,
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Waiting(_)
                | Stage::Outside(_)
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell => present.since,
            };
            let why = match by {
                HungUpBy::Failure => SupervisionEnd::Failure,
                HungUpBy::Caller | HungUpBy::Operator | HungUpBy::Transfer => {
                    SupervisionEnd::TalkOver
                }
            };
            Some(present.ended(end, supervisor, why))
        };
        facts
            .into_iter()
            .flat_map(|fact| ended(&fact).into_iter().chain([fact]))
            .collect()
    }
}

impl Supervision {
    fn changes(self, id: CallId, supervisor: &OperatorId, mode: SupervisionMode) -> Decision {
        if self.call != id {
            return Err(Refusal::WrongState(
                "вы подключены к другому разговору: сначала выйдите из него",
            ));
        }
        let changed = Event::Supervision(SupervisionEvent::Changed {
            call: id,
            supervisor: supervisor.clone(),
            mode,
        });
        Ok((self.mode != mode).then_some(changed).into_iter().collect())
    }

    fn ended(self, now: Timestamp, supervisor: &OperatorId, why: SupervisionEnd) -> Event {
        Event::Supervision(SupervisionEvent::Ended {
            call: self.call,
            supervisor: supervisor.clone(),
            why,
            supervised_ms: now.since(self.since),
        })
    }
}
