//! What supervisors change: an operator's state and skills, a queue's strategy, a caller's place.
//! Who did it is a fact.

use std::collections::BTreeSet;

use events::{
    Act, CallId, ConsultationOutcome, Destination, Direction, EntryCause, Event, HungUpBy, Millis,
    MissedWhy, OperatorId, QueueId, SkillLevel, Strategy, Timestamp,
};

use super::Decision;
use crate::Refusal;
use crate::acd::Acd;
use crate::call::{Call, Stage, Wait};

/// An operator has no more skills than this.
const SKILLS_MAX: usize = 100;

impl Acd {
    /// As if the operator had asked for it; nothing is stated where nothing changes.
    pub(super) fn direct(
        &self,
        now: Timestamp,
        by: &OperatorId,
        (operator, to): (&OperatorId, Direction),
    ) -> Decision {
        let facts = match to {
            Direction::Ready => self.become_ready(operator),
            Direction::NotReady(reason) => self.become_not_ready(now, operator, reason),
            Direction::SignedOut => self.sign_out(operator),
        }?;
        if facts.is_empty() {
            return Ok(facts);
        }
        let of = operator.clone();
        let act = administered(by, Act::StateChanged { of, to });
        Ok(std::iter::once(act).chain(facts).collect())
    }

    pub(super) fn change_skills(
        &self,
        by: &OperatorId,
        (operator, skills): (&OperatorId, &[SkillLevel]),
    ) -> Decision {
        let known = self.known(operator)?;
        let names: BTreeSet<_> = skills.iter().map(|of| &of.skill).collect();
        let in_range = skills.iter().all(|of| (1..=9).contains(&of.level));
        if !in_range || names.len() != skills.len() || skills.len() > SKILLS_MAX {
            let why = "уровни навыков — от 1 до 9, каждый навык один раз";
            return Err(Refusal::WrongState(why));
        }
        let same = known.skills.len() == skills.len()
            && skills.iter().all(|of| known.level(&of.skill) == of.level);
        if same {
            return Ok(Vec::new());
        }
        let act = Act::SkillsChanged {
            of: operator.clone(),
            skills: skills.to_vec(),
        };
        Ok(vec![administered(by, act)])
    }

    pub(super) fn change_strategy(
        &self,
        by: &OperatorId,
        (queue, strategy): (&QueueId, Strategy),
    ) -> Decision {
        let found = self.queues.get(queue).ok_or(Refusal::NoSuchQueue)?;
        if found.strategy == strategy {
            return Ok(Vec::new());
        }
        let act = Act::StrategyChanged {
            queue: queue.clone(),
            strategy,
        };
        Ok(vec![administered(by, act)])
    }

    /// Whoever waits keeps the place of their arrival, unless it shall be the first. An operator who
    /// has answered is not robbed of the caller; whoever is only being rung is.
    pub(super) fn move_call(
        &self,
        now: Timestamp,
        by: &OperatorId,
        (id, to): (CallId, &Destination),
    ) -> Decision {
        let call = self.open_call(id)?;
        match (&call.stage, to) {
            (Stage::Waiting(wait), Destination::Front) if wait.offers.is_empty() => {
                Ok(self.to_the_front(by, call))
            }
            (Stage::Waiting(_), Destination::Front) => {
                Err(Refusal::WrongState("клиенту уже звонят сотрудники"))
            }
            (Stage::Waiting(wait), to) => self.move_waiting(now, by, (call, wait), to),
            (Stage::Talking { .. }, Destination::Front) => {
                Err(Refusal::WrongState("клиент уже разговаривает"))
            }
            (
                Stage::Talking {
                    operator, since, ..
                },
                to,
            ) => {
                let entry = self.entry(now, by, (call, EntryCause::Transfer), to)?;
                let mut facts = vec![moved(by, id, to)];
                let beside = ConsultationOutcome::Cancelled;
                facts.extend(self.consultation_over(now, call, beside));
                let parts = (operator, *since);
                facts.extend(self.parted(now, call, parts, HungUpBy::Transfer));
                facts.extend(entry);
                Ok(facts)
            }
            (
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Outside(_)
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell,
                _,
            ) => Err(Refusal::WrongState("клиент не ждёт и не разговаривает")),
        }
    }

    fn to_the_front(&self, by: &OperatorId, call: &Call) -> Vec<Event> {
        let queue = call.queue.as_ref().and_then(|queue| self.queues.get(queue));
        let first = queue.and_then(|queue| queue.waiting.first_key_value());
        let (Some((first, leader)), Some(own)) = (first, call.ticket) else {
            return Vec::new();
        };
        if *leader == call.id {
            return Vec::new();
        }
        let ahead_ms = Millis(own.order.since(first.order).0.saturating_add(1));
        let act = Act::CallMoved {
            call: call.id,
            to: Destination::Front,
            ahead_ms,
        };
        vec![administered(by, act)]
    }

    fn move_waiting(
        &self,
        now: Timestamp,
        by: &OperatorId,
        (call, wait): (&Call, &Wait),
        to: &Destination,
    ) -> Decision {
        if wait.offers.iter().any(|offer| offer.accepted) {
            return Err(Refusal::WrongState("на звонок уже ответили"));
        }
        if matches!(to, Destination::Queue(queue) if call.queue.as_ref() == Some(queue)) {
            return Ok(Vec::new());
        }
        let entry = self.entry(now, by, (call, EntryCause::Moved), to)?;
        let mut facts = vec![moved(by, call.id, to)];
        for offer in &wait.offers {
            facts.extend(self.missed(call.id, &offer.operator, MissedWhy::CallerLeft));
        }
        facts.extend(entry);
        Ok(facts)
    }

    /// Into the queue, and to the operator if one is named.
    fn entry(
        &self,
        now: Timestamp,
        by: &OperatorId,
        (call, because): (&Call, EntryCause),
        to: &Destination,
    ) -> Decision {
        let (queue, wanted) = match to {
            Destination::Front => return Ok(Vec::new()),
            Destination::Queue(queue) => (self.queue_to_transfer_to(queue)?, None),
            Destination::Operator(target) => {
                let target = self.known(target)?;
                if !target.is_free() {
                    return Err(Refusal::TargetNotReady);
                }
                (self.queue_with(call, target)?, Some(target.id.clone()))
            }
        };
        let mut facts = vec![Event::QueueEntered {
            call: call.id,
            queue: queue.clone(),
            because,
            wanted: wanted.clone(),
            until: now + self.settings.max_wait(&queue),
            terms: self.terms(now, call, &queue, because),
        }];
        facts.extend(wanted.map(|operator| Event::CallOffered {
            call: call.id,
            operator,
            reason: format!("направил старший смены {by}"),
            until: now + self.settings.ring_timeout(&queue),
        }));
        Ok(facts)
    }
}

fn administered(by: &OperatorId, act: Act) -> Event {
    Event::Administered {
        by: Some(by.clone()),
        act,
    }
}

fn moved(by: &OperatorId, call: CallId, to: &Destination) -> Event {
    let act = Act::CallMoved {
        call,
        to: to.clone(),
        ahead_ms: Millis(0),
    };
    administered(by, act)
}
