//! How calls end: the rating, the caller who leaves, the books of the last wait.

use events::{
    CallId, ConsultationOutcome, DialogueOutcome, DialoguePurpose, EndCause, Event, HungUpBy,
    MissedWhy, RatingScope, SkippedWhy, Timestamp, UnansweredCause,
};

use super::Decision;
use crate::Refusal;
use crate::acd::Acd;
use crate::call::{Call, Stage};

const NO_RATING_NOW: Refusal = Refusal::WrongState("оценка сейчас не запрашивается");

impl Acd {
    /// Bound to call, operator, service and the version of the operator's script (row #8).
    pub(super) fn rate(&self, id: CallId, score: u8) -> Decision {
        let call = self.open_call(id)?;
        let Stage::Rating {
            operator,
            settled: false,
        } = &call.stage
        else {
            return Err(NO_RATING_NOW);
        };
        if !(1..=5).contains(&score) {
            return Err(Refusal::ScoreOutOfRange);
        }
        Ok(vec![Event::CallRated {
            call: id,
            operator: operator.clone(),
            service: call.service.clone(),
            score,
            scope: RatingScope::Service,
            script_version: self.settings.script_version(&call.service),
        }])
    }

    pub(super) fn skip_rating(&self, id: CallId, why: SkippedWhy) -> Decision {
        let call = self.open_call(id)?;
        let skipped = call.rating_skipped(why);
        skipped.map(|fact| vec![fact]).ok_or(NO_RATING_NOW)
    }

    /// The caller's leg ended: whatever was going on is closed in the books, at once.
    pub(super) fn caller_gone(&self, now: Timestamp, id: CallId, cause: EndCause) -> Decision {
        let call = self.open_call(id)?;
        let broke = match cause {
            EndCause::CallerHungUp | EndCause::Completed => false,
            EndCause::Failure | EndCause::ServerRestarted => true,
        };
        let left = |purpose, outcome| Event::DialogueEnded {
            call: id,
            purpose,
            outcome,
            notice_played: false,
        };
        let mut facts = Vec::new();
        match &call.stage {
            Stage::AtDoor | Stage::Parted => {}
            Stage::Assistant => {
                facts.push(left(
                    DialoguePurpose::Assistant,
                    DialogueOutcome::CallerLeft,
                ));
            }
            Stage::Waiting(wait) => {
                for offer in &wait.offers {
                    facts.extend(self.missed(id, &offer.operator, MissedWhy::CallerLeft));
                }
                facts.push(call.unserved(
                    now,
                    if broke {
                        UnansweredCause::Failure
                    } else {
                        UnansweredCause::Abandoned
                    },
                ));
            }
            Stage::Talking {
                operator, since, ..
            } => {
                let by = if broke {
                    HungUpBy::Failure
                } else {
                    HungUpBy::Caller
                };
                let left = ConsultationOutcome::CallerLeft;
                facts.extend(self.consultation_over(now, call, left));
                facts.extend(self.parted(now, call, (operator, *since), by));
            }
            Stage::Outside(outside) => facts.push(outside.left(now, id, broke)),
            Stage::Rating { settled, .. } => {
                let why = if broke {
                    SkippedWhy::Failure
                } else {
                    SkippedWhy::HungUp
                };
                facts.extend(call.rating_skipped(why));
                let outcome = if *settled {
                    DialogueOutcome::Finished
                } else {
                    DialogueOutcome::CallerLeft
                };
                facts.push(left(DialoguePurpose::Rating, outcome));
            }
            Stage::Farewell => {
                facts.push(left(call.last_purpose(), DialogueOutcome::CallerLeft));
            }
        }
        facts.push(call.ended(now, cause));
        Ok(facts)
    }
}

impl Call {
    /// The end of a wait without an operator. A call that was answered before stays answered.
    pub(super) fn unserved(&self, at: Timestamp, cause: UnansweredCause) -> Event {
        let call = self.id;
        match (&self.queue, self.is_answered()) {
            (Some(queue), true) => Event::QueueLeft {
                call,
                queue: queue.clone(),
                cause,
            },
            (None, true) | (_, false) => Event::CallUnanswered {
                call,
                cause,
                waits: self.waits(at),
            },
        }
    }

    /// «Нет оценки», if the question is still open.
    pub(super) fn rating_skipped(&self, why: SkippedWhy) -> Option<Event> {
        let Stage::Rating {
            operator,
            settled: false,
        } = &self.stage
        else {
            return None;
        };
        Some(Event::RatingSkipped {
            call: self.id,
            operator: operator.clone(),
            service: self.service.clone(),
            why,
        })
    }

    pub(super) fn ended(&self, at: Timestamp, cause: EndCause) -> Event {
        Event::CallEnded {
            call: self.id,
            cause,
            waits: self.waits(at),
        }
    }
}
