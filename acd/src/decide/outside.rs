//! Numbers outside that callers are handed on to.

use events::{
    CallId, ConsultationOutcome, EndCause, Event, HungUpBy, OutsideEvent, Timestamp, TransferKind,
    TransferTarget,
};

use super::Decision;
use crate::Refusal;
use crate::acd::Acd;
use crate::call::{Call, Outside, Stage};

impl Acd {
    /// The leg of a number outside ended.
    pub(super) fn outside_gone(
        &self,
        now: Timestamp,
        id: CallId,
        why: ConsultationOutcome,
    ) -> Decision {
        let call = self.open_call(id)?;
        if let Stage::Outside(outside) = &call.stage {
            let Some(since) = outside.since else {
                return self.outside_missed(now, call, why);
            };
            let by = match why {
                ConsultationOutcome::Failure | ConsultationOutcome::Unreachable => {
                    HungUpBy::Failure
                }
                ConsultationOutcome::Transferred
                | ConsultationOutcome::Cancelled
                | ConsultationOutcome::Declined
                | ConsultationOutcome::NoAnswer
                | ConsultationOutcome::Busy
                | ConsultationOutcome::Left
                | ConsultationOutcome::CallerLeft
                | ConsultationOutcome::OperatorLeft => HungUpBy::Transfer,
            };
            return Ok(vec![
                Event::Outside(OutsideEvent::Ended {
                    call: id,
                    by,
                    talk_ms: now.since(since),
                }),
                call.ended(now, EndCause::Completed),
            ]);
        }
        if call.consultation().is_none_or(|c| c.with.is_some()) {
            return Err(Refusal::WrongState("внешнего номера в этом звонке нет"));
        }
        Ok(self.consulted_gone(now, call, why))
    }

    /// The number does not take the caller: back to the queue, to the place of the original arrival.
    pub(super) fn outside_missed(
        &self,
        now: Timestamp,
        call: &Call,
        outcome: ConsultationOutcome,
    ) -> Decision {
        let call_id = call.id;
        Ok(vec![
            Event::Outside(OutsideEvent::Missed {
                call: call_id,
                outcome,
            }),
            self.returned(now, call)?,
        ])
    }
}

impl Outside {
    /// The number answered: the caller is handed on.
    pub(super) fn joined(&self, call: CallId) -> Vec<Event> {
        vec![
            Event::CallTransferred {
                call,
                from: self.from.clone(),
                to: TransferTarget::Outside(self.number.clone()),
                kind: TransferKind::Outside,
            },
            Event::Outside(OutsideEvent::Joined {
                call,
                operator: self.from.clone(),
                number: self.number.clone(),
            }),
        ]
    }

    /// The caller hung up, or the connection broke.
    pub(super) fn left(&self, at: Timestamp, call: CallId, broke: bool) -> Event {
        let talk = self.since.map(|since| at.since(since));
        Event::Outside(match (talk, broke) {
            (Some(talk_ms), _) => OutsideEvent::Ended {
                call,
                by: if broke {
                    HungUpBy::Failure
                } else {
                    HungUpBy::Caller
                },
                talk_ms,
            },
            (None, true) => OutsideEvent::Missed {
                call,
                outcome: ConsultationOutcome::Failure,
            },
            (None, false) => OutsideEvent::Missed {
                call,
                outcome: ConsultationOutcome::CallerLeft,
            },
        })
    }
}
