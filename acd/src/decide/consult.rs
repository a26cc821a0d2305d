//! Beside the talk: whom the operator consults, and who stays with the caller afterwards.
//!
//! The caller is never left on hold alone: a consultation that comes to nothing brings the operator
//! back, and an operator who is lost while the caller is on hold brings the caller back to the queue,
//! in the place of the original arrival.

use events::{
    CallId, Circle, ConsultationEvent, ConsultationOutcome, EntryCause, Event, HungUpBy,
    OperatorId, QueueId, Timestamp, TransferTarget,
};

use super::Decision;
use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::routing::pick;
use crate::{ConsultStep, Phase, Presence, Refusal};

/// What is done while somebody is consulted would leave one of three alone.
pub(super) const CONSULTS: Refusal = Refusal::WrongState("сначала завершите консультацию");

impl Acd {
    pub(super) fn consult(
        &self,
        now: Timestamp,
        id: CallId,
        by: &OperatorId,
        step: &ConsultStep,
    ) -> Decision {
        self.known(by)?;
        let (call, since) = self.talk_of(id, by)?;
        let Some(beside) = call.consultation() else {
            return match step {
                ConsultStep::Start(to) => self.consultation_starts(now, call, by, to),
                ConsultStep::Swap
                | ConsultStep::Return
                | ConsultStep::Complete
                | ConsultStep::Conference => Err(Refusal::WrongState("консультация не идёт")),
            };
        };
        if *step == ConsultStep::Return {
            let mut facts = self.consultation_over(now, call, ConsultationOutcome::Cancelled);
            facts.extend(call.resumed());
            return Ok(facts);
        }
        if let ConsultStep::Start(_) = step {
            return Err(CONSULTS);
        }
        if beside.rings() {
            return Err(Refusal::WrongState("собеседник ещё не ответил"));
        }
        match step {
            ConsultStep::Swap => Ok(swapped(call, by, beside.phase)),
            ConsultStep::Conference => Ok(conference(call, by, beside.phase)),
            ConsultStep::Complete => {
                Ok(self.left_to_each_other(now, call, (by, since), HungUpBy::Transfer))
            }
            ConsultStep::Start(_) | ConsultStep::Return => Ok(Vec::new()), // answered above
        }
    }

    /// Whom a consultation with this queue rings now, and why, in Russian; none if nobody is free.
    #[must_use]
    pub fn consultant(&self, now: Timestamp, queue: &QueueId) -> Option<(OperatorId, String)> {
        let queue = self.queues.get(queue)?;
        let free = self.candidates(queue, &Circle::default(), &[]);
        let chosen = pick(queue.strategy, self.moment(now, queue), &free, 1);
        let chosen = chosen.into_iter().next()?;
        Some((chosen.operator, chosen.reason))
    }

    fn consultation_starts(
        &self,
        now: Timestamp,
        call: &Call,
        by: &OperatorId,
        to: &TransferTarget,
    ) -> Decision {
        let with = match to {
            TransferTarget::Operator(target) => {
                let target = self.known(target)?;
                if !target.is_free() {
                    return Err(Refusal::TargetNotReady);
                }
                Some(target.id.clone())
            }
            TransferTarget::Queue(queue) => {
                if !self.queues.contains_key(queue) {
                    return Err(Refusal::NoSuchQueue);
                }
                let nobody = Refusal::WrongState("в этой очереди сейчас никто не свободен");
                let (chosen, _) = self.consultant(now, queue).ok_or(nobody)?;
                Some(chosen)
            }
            TransferTarget::Outside(_) => None,
        };
        let rings = match &with {
            Some(_) => self.settings.ring_timeout(&self.home_of(call)?),
            None => self.settings.outside_ring,
        };
        let held = matches!(call.stage, Stage::Talking { held: true, .. });
        let (id, operator) = (call.id, by.clone());
        let hold = (!held).then(|| Event::TalkHeld {
            call: id,
            operator: operator.clone(),
        });
        let mut facts: Vec<Event> = hold.into_iter().collect();
        facts.push(Event::Consultation(ConsultationEvent::Started {
            call: id,
            operator,
            to: to.clone(),
            with,
            until: now + rings,
        }));
        Ok(facts)
    }

    /// The consulted answered. A number outside that is rung for a caller answers here, too.
    pub(super) fn consulted_answers(
        &self,
        now: Timestamp,
        id: CallId,
        by: Option<&OperatorId>,
    ) -> Decision {
        let call = self.open_call(id)?;
        let gone = Refusal::WrongState("звонок уже снят с вас");
        if let (Stage::Outside(outside), None) = (&call.stage, by) {
            let until = outside.until.ok_or(gone.clone())?;
            return if until <= now {
                Err(gone)
            } else {
                Ok(outside.joined(id))
            };
        }
        let beside = call.consultation().filter(|c| c.with.as_ref() == by);
        let (Some(operator), Some(beside)) = (call.operator(), beside) else {
            return Err(gone);
        };
        match beside.phase {
            Phase::Ringing { until } if until > now => {
                Ok(vec![Event::Consultation(ConsultationEvent::Answered {
                    call: id,
                    operator: operator.clone(),
                    with: beside.with.clone(),
                })])
            }
            Phase::Ringing { .. } => Err(gone),
            Phase::Aside { .. } | Phase::WithCaller { .. } | Phase::Conference { .. } => {
                Err(Refusal::WrongState("звонок уже принят"))
            }
        }
    }

    /// The caller goes back to the head of the queue they came from.
    pub(super) fn returned(&self, now: Timestamp, call: &Call) -> Result<Event, Refusal> {
        let queue = self.home_of(call)?;
        Ok(Event::QueueEntered {
            call: call.id,
            because: EntryCause::Returned,
            wanted: None,
            until: now + self.settings.max_wait(&queue),
            terms: self.terms(now, call, &queue, EntryCause::Returned),
            queue,
        })
    }

    /// A consulted operator, rung or answered, if this is one.
    pub(super) fn consults_with(&self, call: CallId, operator: &OperatorId) -> Option<&Call> {
        let call = self.calls.get(&call)?;
        let beside = call.consultation()?;
        let busy = self.operators.get(operator).map(|o| &o.presence);
        let fits = matches!(
            busy,
            Some(Presence::Ringing { .. } | Presence::Consulted { .. })
        );
        (fits && beside.is_with(operator)).then_some(call)
    }
}

fn swapped(call: &Call, by: &OperatorId, phase: Phase) -> Vec<Event> {
    let (id, operator) = (call.id, by.clone());
    let to_caller = match phase {
        Phase::Aside { .. } => true,
        Phase::WithCaller { .. } | Phase::Conference { .. } => false,
        Phase::Ringing { .. } => return Vec::new(),
    };
    let hold = if to_caller {
        Event::TalkResumed {
            call: id,
            operator: operator.clone(),
        }
    } else {
        Event::TalkHeld {
            call: id,
            operator: operator.clone(),
        }
    };
    let swapped = Event::Consultation(ConsultationEvent::Swapped {
        call: id,
        operator,
        to_caller,
    });
    vec![hold, swapped]
}

fn conference(call: &Call, by: &OperatorId, phase: Phase) -> Vec<Event> {
    if let Phase::Conference { .. } | Phase::Ringing { .. } = phase {
        return Vec::new();
    }
    let mut facts: Vec<Event> = call.resumed().into_iter().collect();
    facts.push(Event::Consultation(ConsultationEvent::ConferenceStarted {
        call: call.id,
        operator: by.clone(),
    }));
    facts
}
