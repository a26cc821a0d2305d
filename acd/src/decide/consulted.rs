//! How a consultation ends, and who stays with the caller.

use events::{
    ConsultationEvent, ConsultationOutcome, Event, HungUpBy, Millis, MissedWhy, NotReadyReason,
    OperatorId, OutsideEvent, Timestamp, TransferKind, TransferTarget,
};

use super::Decision;
use super::pause::not_ready;
use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::{Consultation, Phase};

impl Acd {
    /// The consulted is gone: the operator is back with the caller.
    pub(super) fn consulted_gone(
        &self,
        now: Timestamp,
        call: &Call,
        why: ConsultationOutcome,
    ) -> Vec<Event> {
        let mut facts = self.consultation_over(now, call, why);
        facts.extend(call.resumed());
        facts
    }

    /// An offer to consult came to nothing; the caller has the operator back.
    pub(super) fn consultation_missed(&self, call: &Call, why: MissedWhy) -> Vec<Event> {
        let outcome = match why {
            MissedWhy::RingTimeout => ConsultationOutcome::NoAnswer,
            MissedWhy::Declined | MissedWhy::OperatorLeft => ConsultationOutcome::Declined,
            MissedWhy::Busy => ConsultationOutcome::Busy,
            MissedWhy::Unreachable => ConsultationOutcome::Unreachable,
            MissedWhy::CallerLeft => ConsultationOutcome::CallerLeft,
            MissedWhy::AnsweredAndDropped => ConsultationOutcome::Left,
            MissedWhy::AnsweredByAnother => ConsultationOutcome::Cancelled,
            MissedWhy::Failure => ConsultationOutcome::Failure,
        };
        let Some((beside, ended)) = call.consultation().zip(call.consulted_until(None, outcome))
        else {
            return Vec::new();
        };
        let mut facts = vec![ended];
        if why != MissedWhy::OperatorLeft {
            facts.extend(self.after_ringing(beside, outcome));
        }
        facts.extend(call.resumed());
        facts
    }

    /// The consultation ends, and what the consulted does now. Nobody is rung again without having
    /// said that they are back, as after any other offer.
    pub(super) fn consultation_over(
        &self,
        now: Timestamp,
        call: &Call,
        outcome: ConsultationOutcome,
    ) -> Vec<Event> {
        let ended = call.consulted_until(Some(now), outcome);
        let Some((beside, ended)) = call.consultation().zip(ended) else {
            return Vec::new();
        };
        let mut facts = vec![ended];
        facts.extend(if beside.rings() {
            self.after_ringing(beside, outcome)
        } else {
            self.after_consulting(now, beside)
        });
        facts
    }

    fn after_ringing(&self, beside: &Consultation, outcome: ConsultationOutcome) -> Option<Event> {
        let with = beside.with.as_ref()?;
        let phone_up = self.operators.get(with)?.phone_up;
        let reason = match outcome {
            ConsultationOutcome::NoAnswer if !self.settings.not_ready_after_ring_timeout => {
                let operator = with.clone();
                return Some(Event::OperatorReady { operator }); // to the end of the line
            }
            ConsultationOutcome::NoAnswer
            | ConsultationOutcome::Declined
            | ConsultationOutcome::Left => NotReadyReason::Rona,
            ConsultationOutcome::Busy | ConsultationOutcome::Unreachable => NotReadyReason::Phone,
            ConsultationOutcome::Transferred
            | ConsultationOutcome::Cancelled
            | ConsultationOutcome::CallerLeft
            | ConsultationOutcome::OperatorLeft
            | ConsultationOutcome::Failure
                if !phone_up =>
            {
                NotReadyReason::Phone
            }
            ConsultationOutcome::Transferred
            | ConsultationOutcome::Cancelled
            | ConsultationOutcome::CallerLeft
            | ConsultationOutcome::OperatorLeft
            | ConsultationOutcome::Failure => return None,
        };
        Some(not_ready(with, reason))
    }

    /// A pause that was asked for meanwhile begins; without a phone nobody is ready.
    fn after_consulting(&self, now: Timestamp, beside: &Consultation) -> Option<Event> {
        let operator = self.operators.get(beside.with.as_ref()?)?;
        match operator.presence.then() {
            Some(reason) => Some(self.pauses(now, operator, reason)),
            None if !operator.phone_up => Some(not_ready(&operator.id, NotReadyReason::Phone)),
            None => None,
        }
    }

    /// The operator leaves caller and consulted to each other.
    pub(super) fn left_to_each_other(
        &self,
        now: Timestamp,
        call: &Call,
        (by, since): (&OperatorId, Timestamp),
        end: HungUpBy,
    ) -> Vec<Event> {
        let Some(beside) = call.consultation() else {
            return Vec::new();
        };
        let (to, kind) = match (&beside.with, beside.phase) {
            (None, _) => (beside.to.clone(), TransferKind::Outside),
            (Some(with), Phase::Conference { .. }) => (
                TransferTarget::Operator(with.clone()),
                TransferKind::Conference,
            ),
            (
                Some(with),
                Phase::Ringing { .. } | Phase::Aside { .. } | Phase::WithCaller { .. },
            ) => (
                TransferTarget::Operator(with.clone()),
                TransferKind::Attended,
            ),
        };
        let mut facts = vec![Event::CallTransferred {
            call: call.id,
            from: by.clone(),
            to: to.clone(),
            kind,
        }];
        facts.extend(call.consulted_until(Some(now), ConsultationOutcome::Transferred));
        facts.extend(self.parted(now, call, (by, since), end));
        match (&beside.with, to) {
            (Some(with), _) => facts.push(Event::LegsBridged {
                call: call.id,
                operator: with.clone(),
                waits: call.waits(now),
            }),
            (None, TransferTarget::Outside(number)) => {
                facts.push(Event::Outside(OutsideEvent::Joined {
                    call: call.id,
                    operator: by.clone(),
                    number,
                }));
            }
            (None, TransferTarget::Operator(_) | TransferTarget::Queue(_)) => {}
        }
        facts
    }

    /// The operator of a talk hung up, or their phone broke, while somebody was consulted.
    pub(super) fn consulting_operator_gone(
        &self,
        now: Timestamp,
        call: &Call,
        (by, since): (&OperatorId, Timestamp),
        broken: bool,
    ) -> Decision {
        let phase = call.consultation().map(|beside| beside.phase);
        if let Some(Phase::Conference { .. }) = phase {
            let end = if broken {
                HungUpBy::Failure
            } else {
                HungUpBy::Transfer
            };
            return Ok(self.left_to_each_other(now, call, (by, since), end));
        }
        let mut facts = self.consultation_over(now, call, ConsultationOutcome::OperatorLeft);
        let with_caller = matches!(phase, Some(Phase::WithCaller { .. }));
        if with_caller && !broken {
            facts.extend(self.said_goodbye(now, call, (by, since)));
        } else {
            let end = if broken {
                HungUpBy::Failure
            } else {
                HungUpBy::Operator
            };
            facts.extend(self.parted(now, call, (by, since), end));
            facts.push(self.returned(now, call)?);
        }
        Ok(facts)
    }
}

impl Call {
    /// The caller is on hold no longer.
    pub(super) fn resumed(&self) -> Option<Event> {
        let Stage::Talking {
            operator,
            held: true,
            ..
        } = &self.stage
        else {
            return None;
        };
        Some(Event::TalkResumed {
            call: self.id,
            operator: operator.clone(),
        })
    }

    /// The end of the consultation; without a time, before any answer.
    pub(super) fn consulted_until(
        &self,
        end: Option<Timestamp>,
        outcome: ConsultationOutcome,
    ) -> Option<Event> {
        let (operator, beside) = self.operator().zip(self.consultation())?;
        let answered = beside.phase.answered();
        let consulted_ms = answered
            .zip(end)
            .map_or(Millis(0), |(since, end)| end.since(since));
        Some(Event::Consultation(ConsultationEvent::Ended {
            call: self.id,
            operator: operator.clone(),
            with: beside.with.clone(),
            outcome,
            consulted_ms,
        }))
    }
}
