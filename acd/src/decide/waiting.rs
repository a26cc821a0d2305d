//! From the queue to the bridge: offers, answers, misses, and callers whose patience or queue ends.

use events::{
    CallId, ConsultationOutcome, Event, MissedWhy, NotReadyReason, OperatorId, QueueId, Timestamp,
    UnansweredCause,
};

use super::Decision;
use super::pause::not_ready;
use crate::acd::{Acd, Due};
use crate::call::{Call, Offer};
use crate::{Nobody, Operator, Presence, Refusal};

const OFFER_GONE: Refusal = Refusal::WrongState("звонок уже снят с вас");

impl Acd {
    /// Its hours are over.
    pub(super) fn is_closed(&self, queue: &QueueId) -> bool {
        self.queues.get(queue).is_some_and(|of| !of.is_open())
    }

    /// Whether callers leave a queue that nobody is signed in to.
    pub(crate) fn leaves_deserted(&self, queue: &QueueId) -> bool {
        self.settings.nobody(queue) == Nobody::Leave || self.is_closed(queue)
    }

    /// No more room, and nobody free for one who would not have to wait.
    pub(super) fn is_full(&self, queue: &QueueId) -> bool {
        let full = |of: &crate::Queue| {
            of.free_operators() == 0 && of.len() >= self.settings.capacity(queue)
        };
        self.queues.get(queue).is_some_and(full)
    }

    pub(super) fn operator_rings(&self, call: CallId, by: &OperatorId) -> Decision {
        if self.consults_with(call, by).is_some() {
            return Ok(Vec::new());
        }
        let offer = self.offer_to(call, by)?;
        Ok(if offer.ringing || offer.accepted {
            Vec::new()
        } else {
            let (call, operator) = (call, by.clone());
            vec![Event::OfferRinging { call, operator }]
        })
    }

    /// The one place where an answer is taken. The offers to others end first, so that one call
    /// never has two operators.
    pub(super) fn operator_answers(
        &self,
        now: Timestamp,
        call: CallId,
        by: &OperatorId,
    ) -> Decision {
        if self.consults_with(call, by).is_some() {
            return self.consulted_answers(now, call, Some(by));
        }
        let offer = self.offer_to(call, by)?;
        if offer.accepted {
            return Err(Refusal::WrongState("звонок уже принят"));
        }
        if offer.until <= now {
            return Err(OFFER_GONE);
        }
        let operator = by.clone();
        let others = self.open_call(call)?.offers().iter();
        let others = others.filter(|other| other.operator != *by);
        let mut facts: Vec<Event> = others
            .flat_map(|other| self.missed(call, &other.operator, MissedWhy::AnsweredByAnother))
            .collect();
        facts.push(Event::OfferAccepted { call, operator });
        Ok(facts)
    }

    pub(super) fn bridged(&self, now: Timestamp, id: CallId, with: &OperatorId) -> Decision {
        let call = self.open_call(id)?;
        if !self.offer_to(id, with)?.accepted {
            return Err(Refusal::WrongState("звонок ещё не принят"));
        }
        Ok(vec![Event::LegsBridged {
            call: id,
            operator: with.clone(),
            waits: call.waits(now),
        }])
    }

    /// The switchboard reports what the operator's leg came to. Misses that only the distribution
    /// itself can know of are not its to report.
    pub(super) fn offer_fails(&self, call: CallId, by: &OperatorId, why: MissedWhy) -> Decision {
        let rung = self.consults_with(call, by);
        if rung.and_then(Call::consultation).is_none_or(|c| !c.rings()) {
            self.offer_to(call, by)?;
        }
        match why {
            MissedWhy::RingTimeout
            | MissedWhy::Declined
            | MissedWhy::Busy
            | MissedWhy::Unreachable
            | MissedWhy::AnsweredAndDropped => Ok(self.missed(call, by, why)),
            MissedWhy::CallerLeft
            | MissedWhy::OperatorLeft
            | MissedWhy::AnsweredByAnother
            | MissedWhy::Failure => Err(Refusal::WrongState("об этом сообщает сама система")),
        }
    }

    /// The offer is over, and what the operator does now. The caller keeps the place.
    ///
    /// Nobody is rung again without having said that they are back: an operator who let it ring out,
    /// declined, or dropped it becomes not ready (`rona`); one whose phone was busy or out of reach
    /// becomes not ready (`phone`) until the phone registers anew or they say that they are ready.
    /// Only a caller who left or was answered by another, or a restart, leaves the operator free, as
    /// long as they were.
    pub(super) fn missed(&self, call: CallId, by: &OperatorId, why: MissedWhy) -> Vec<Event> {
        if let Some(call) = self.consults_with(call, by) {
            return self.consultation_missed(call, why);
        }
        let operator = by.clone();
        let mut facts = vec![Event::OfferMissed {
            call,
            operator: operator.clone(),
            why,
        }];
        let found = self.operators.get(by);
        let pause = found.and_then(|o| o.presence.then());
        let phone_up = found.is_some_and(|o| o.phone_up);
        let reason = match why {
            MissedWhy::RingTimeout if !self.settings.not_ready_after_ring_timeout => {
                // To the end of the line of free operators.
                facts.push(Event::OperatorReady { operator });
                return facts;
            }
            MissedWhy::RingTimeout | MissedWhy::Declined | MissedWhy::AnsweredAndDropped => {
                Some(pause.unwrap_or(NotReadyReason::Rona))
            }
            MissedWhy::Busy | MissedWhy::Unreachable => {
                Some(pause.unwrap_or(NotReadyReason::Phone))
            }
            MissedWhy::CallerLeft | MissedWhy::AnsweredByAnother if !phone_up => {
                Some(pause.unwrap_or(NotReadyReason::Phone))
            }
            MissedWhy::CallerLeft | MissedWhy::AnsweredByAnother => pause,
            // What follows is said by whoever asked.
            MissedWhy::OperatorLeft | MissedWhy::Failure => None,
        };
        facts.extend(reason.map(|reason| not_ready(&operator, reason)));
        // Whoever waits for this operator alone waits no longer.
        let call = self.calls.get(&call).filter(|call| {
            let circle = call.wait().and_then(crate::Wait::circle);
            reason.is_some() && circle.is_some_and(|circle| circle.only.as_ref() == Some(by))
        });
        facts.extend(call.and_then(Call::widened));
        facts
    }

    /// Everything whose time has come. Each entry is about another call or operator, so the facts do
    /// not touch each other.
    pub(super) fn due_now(&self, now: Timestamp) -> Vec<Event> {
        let mut facts = Vec::new();
        for (_, due) in self.due.iter().take_while(|(at, _)| *at <= now) {
            match due {
                Due::Offer(call) => {
                    let offers = self.calls.get(call).map_or(&[][..], Call::offers);
                    for offer in offers.iter().filter(|offer| offer.until <= now) {
                        let why = if offer.accepted {
                            // They answered, and no audio came of it: the phone is at fault.
                            MissedWhy::Unreachable
                        } else {
                            MissedWhy::RingTimeout
                        };
                        facts.extend(self.missed(*call, &offer.operator, why));
                    }
                }
                Due::Consultation(call) => {
                    if let Some(call) = self.calls.get(call) {
                        let outcome = ConsultationOutcome::NoAnswer;
                        facts.extend(self.consulted_gone(now, call, outcome));
                    }
                }
                Due::Outside(call) => {
                    let call = self.calls.get(call);
                    let outcome = ConsultationOutcome::NoAnswer;
                    let missed = call.map(|call| self.outside_missed(now, call, outcome));
                    facts.extend(missed.and_then(Result::ok).unwrap_or_default());
                }
                Due::Wait(call) => {
                    if let Some(call) = self.calls.get(call) {
                        facts.push(call.unserved(now, UnansweredCause::Timeout));
                    }
                }
                Due::Widen(call) => {
                    if let Some(call) = self.calls.get(call) {
                        facts.extend(call.widened());
                    }
                }
                // After the offers: who is free now comes first.
                Due::Overflow(_) => {}
                Due::Pause(operator) => {
                    if let Some(Operator {
                        id,
                        presence: Presence::NotReady { reason, .. },
                        ..
                    }) = self.operators.get(operator)
                    {
                        facts.push(Event::PauseOverrun {
                            operator: id.clone(),
                            reason: *reason,
                        });
                    }
                }
                Due::WrapUp(operator) => {
                    if let Some(operator) = self.operators.get(operator) {
                        facts.extend(self.wrap_up_is_over(now, operator));
                    }
                }
            }
        }
        facts
    }

    /// Callers of queues that nobody is signed in to, where the settings or the hours let them go.
    pub(super) fn leave_deserted(&self, now: Timestamp) -> Vec<Event> {
        let leave = |id: &&QueueId| self.leaves_deserted(id);
        let queues = self.deserted.iter().filter(leave);
        let queues = queues.filter_map(|id| self.queues.get(id));
        let calls = queues.flat_map(crate::Queue::open_calls);
        let calls = calls.filter_map(|(_, id)| self.calls.get(id));
        calls
            .map(|call| {
                let closed = call
                    .queue
                    .as_ref()
                    .is_some_and(|queue| self.is_closed(queue));
                let cause = match closed {
                    true => UnansweredCause::AfterHours,
                    false => UnansweredCause::NoOperators,
                };
                let left = || call.unserved(now, cause);
                let queue = call.queue.as_ref().zip(call.wait().map(|wait| wait.until));
                let overflow = queue.and_then(|place| self.overflow_at_once(now, call, place));
                overflow.unwrap_or_else(left)
            })
            .collect()
    }

    /// The open offer of this call to this operator.
    fn offer_to(&self, call: CallId, operator: &OperatorId) -> Result<&Offer, Refusal> {
        self.known(operator)?;
        self.open_call(call)?.offer_to(operator).ok_or(OFFER_GONE)
    }
}

impl Call {
    /// More operators may be rung from now on.
    fn widened(&self) -> Option<Event> {
        let circle = self.wait()?.circle.saturating_add(1);
        Some(Event::CircleWidened {
            call: self.id,
            queue: self.queue.clone()?,
            circle,
        })
    }
}
