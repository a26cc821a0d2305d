//! From the bridge to the end of after-call work.

use events::{
    CallId, ConsultationOutcome, EndCause, EntryCause, Event, HungUpBy, MissedWhy, OperatorId,
    OutsideEvent, Pii, QueueId, Timestamp, TransferKind, TransferTarget,
};

use super::Decision;
use super::consult::CONSULTS;
use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::{Nobody, Operator, Refusal};

impl Acd {
    /// The operator's leg ended. Before the bridge it is a miss; in a talk the caller goes on to the
    /// rating, or, if the leg broke, back to the head of the queue: they did not hang up.
    pub(super) fn operator_gone(
        &self,
        now: Timestamp,
        id: CallId,
        by: &OperatorId,
        broken: bool,
    ) -> Decision {
        self.known(by)?;
        let call = self.open_call(id)?;
        if let Some(offer) = call.offer_to(by) {
            let why = match (offer.accepted, broken) {
                (true, _) => MissedWhy::AnsweredAndDropped,
                (false, true) => MissedWhy::Unreachable,
                (false, false) => MissedWhy::Declined,
            };
            return Ok(self.missed(id, by, why));
        }
        if let Some(call) = self.consults_with(id, by) {
            let why = match broken {
                true => ConsultationOutcome::Unreachable,
                false => ConsultationOutcome::Left,
            };
            return Ok(self.consulted_gone(now, call, why));
        }
        let (call, since) = self.talk_of(id, by)?;
        if call.consultation().is_some() {
            return self.consulting_operator_gone(now, call, (by, since), broken);
        }
        if broken {
            let mut facts = self.parted(now, call, (by, since), HungUpBy::Failure);
            facts.push(self.returned(now, call)?);
            return Ok(facts);
        }
        Ok(self.said_goodbye(now, call, (by, since)))
    }

    /// The operator hung up on the caller, who is asked for a rating.
    pub(super) fn said_goodbye(
        &self,
        now: Timestamp,
        call: &Call,
        talk: (&OperatorId, Timestamp),
    ) -> Vec<Event> {
        let mut facts = self.parted(now, call, talk, HungUpBy::Operator);
        if !self.settings.rates(&call.line) {
            facts.push(call.ended(now, EndCause::Completed));
        }
        facts
    }

    /// The talk ends and after-call work begins: always both.
    pub(super) fn parted(
        &self,
        now: Timestamp,
        call: &Call,
        (operator, since): (&OperatorId, Timestamp),
        by: HungUpBy,
    ) -> Vec<Event> {
        let queue = call.queue.as_ref();
        let wrap_up = queue.map(|q| self.settings.wrap_up(q));
        let extensions = queue.map(|q| self.settings.wrap_up_extensions(q));
        vec![
            Event::TalkEnded {
                call: call.id,
                operator: operator.clone(),
                by,
                talk_ms: now.since(since),
            },
            Event::WrapUpStarted {
                call: call.id,
                operator: operator.clone(),
                until: now + wrap_up.unwrap_or_default(),
                extensions: extensions.unwrap_or_default(),
            },
        ]
    }

    pub(super) fn hold_or_resume(&self, id: CallId, hold: bool) -> Decision {
        let call = self.open_call(id)?;
        let Stage::Talking { operator, held, .. } = &call.stage else {
            return Err(Refusal::WrongState("разговор не идёт"));
        };
        if call.consultation().is_some() {
            return Err(CONSULTS);
        }
        let (call, operator) = (id, operator.clone());
        Ok(match (*held, hold) {
            (false, true) => vec![Event::TalkHeld { call, operator }],
            (true, false) => vec![Event::TalkResumed { call, operator }],
            (true, true) | (false, false) => Vec::new(),
        })
    }

    /// Blind: the caller is handed on at once. A target operator must be free and is rung in the
    /// same turn, so nobody can slip in between; a miss leaves the caller in the queue of that
    /// operator, in the place of the original arrival.
    pub(super) fn transfer(
        &self,
        now: Timestamp,
        id: CallId,
        by: &OperatorId,
        to: &TransferTarget,
    ) -> Decision {
        self.known(by)?;
        let (call, since) = self.talk_of(id, by)?;
        if call.consultation().is_some() {
            return Err(CONSULTS);
        }
        if let TransferTarget::Outside(number) = to {
            return Ok(self.sent_outside(now, call, (by, since), number));
        }
        let mut facts = vec![Event::CallTransferred {
            call: id,
            from: by.clone(),
            to: to.clone(),
            kind: TransferKind::Blind,
        }];
        facts.extend(self.parted(now, call, (by, since), HungUpBy::Transfer));
        let (queue, wanted) = match to {
            TransferTarget::Queue(queue) => (self.queue_to_transfer_to(queue)?, None),
            TransferTarget::Operator(target) => {
                let target = self.known(target)?;
                if !target.is_free() {
                    return Err(Refusal::TargetNotReady);
                }
                (self.queue_with(call, target)?, Some(target.id.clone()))
            }
            TransferTarget::Outside(_) => return Err(Refusal::NoSuchQueue), // answered above
        };
        facts.push(Event::QueueEntered {
            call: id,
            queue: queue.clone(),
            because: EntryCause::Transfer,
            wanted: wanted.clone(),
            until: now + self.settings.max_wait(&queue),
            terms: self.terms(now, call, &queue, EntryCause::Transfer),
        });
        facts.extend(wanted.map(|operator| Event::CallOffered {
            call: id,
            operator,
            reason: format!("перевод от оператора {by}"),
            until: now + self.settings.ring_timeout(&queue),
        }));
        Ok(facts)
    }

    /// The operator leaves, and the number is rung. It counts as a transfer once it answers.
    fn sent_outside(
        &self,
        now: Timestamp,
        call: &Call,
        talk: (&OperatorId, Timestamp),
        number: &Pii<String>,
    ) -> Vec<Event> {
        let mut facts = self.parted(now, call, talk, HungUpBy::Transfer);
        facts.push(Event::Outside(OutsideEvent::Dialled {
            call: call.id,
            operator: talk.0.clone(),
            number: number.clone(),
            until: now + self.settings.outside_ring,
        }));
        facts
    }

    pub(super) fn queue_to_transfer_to(&self, queue: &QueueId) -> Result<QueueId, Refusal> {
        let found = self.queues.get(queue).ok_or(Refusal::NoSuchQueue)?;
        if self.is_closed(queue) {
            return Err(Refusal::WrongState("эта очередь сейчас закрыта"));
        }
        if self.is_full(queue) {
            return Err(Refusal::WrongState("в этой очереди нет мест"));
        }
        let leaves = self.settings.nobody(queue) == Nobody::Leave;
        if leaves && found.signed_in_operators() == 0 {
            return Err(Refusal::WrongState("в этой очереди сейчас нет операторов"));
        }
        Ok(queue.clone())
    }

    /// Where the caller waits for this operator: in the call's queue if the operator serves it,
    /// otherwise in one that they serve.
    pub(super) fn queue_with(&self, call: &Call, target: &Operator) -> Result<QueueId, Refusal> {
        let home = self.home_of(call)?;
        if target.queues.contains(&home) {
            return Ok(home);
        }
        Ok(target.queues.first().cloned().unwrap_or(home))
    }

    /// The queue the call came from.
    pub(super) fn home_of(&self, call: &Call) -> Result<QueueId, Refusal> {
        let line = || self.settings.lines.get(&call.line).map(|l| l.queue.clone());
        call.queue.clone().or_else(line).ok_or(Refusal::NoSuchQueue)
    }
}
