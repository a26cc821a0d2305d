//! From the door to the queue.

use events::{
    CallId, CaseId, ChosenBy, DialogueOutcome, DialoguePurpose, EndCause, EntryCause, Event, LegId,
    LineId, PlacedEvent, ServiceId, SkippedWhy, Timestamp, UnansweredCause,
};

use super::Decision;
use super::terms::TakePlace as _;
use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::{Kept, LineSettings, Presence, Refusal};

impl Acd {
    pub(super) fn service_at_the_door(
        &self,
        call: CallId,
        line: &LineId,
    ) -> Result<ServiceId, Refusal> {
        if self.calls.contains_key(&call) {
            return Err(Refusal::WrongState("такой звонок уже есть"));
        }
        let line = self.settings.lines.get(line).ok_or(Refusal::NoSuchLine)?;
        Ok(line.service_at_the_door())
    }

    /// Says who chose the service of a line that has only one.
    pub(super) fn only_service(&self, call: CallId, line: &LineId) -> Option<Event> {
        let line = self.settings.lines.get(line)?;
        let [only] = line.services.as_slice() else {
            return None;
        };
        Some(Event::ServiceChosen {
            call,
            service: only.clone(),
            by: ChosenBy::Line,
        })
    }

    pub(super) fn caller_connected(&self, call: CallId) -> Decision {
        let call = self.open_call(call)?;
        match call.stage {
            Stage::AtDoor => Ok(vec![Event::LegAnswered {
                call: call.id,
                leg: call.leg,
            }]),
            // The ACK of a retransmitted 200 OK: t0 stays where it is.
            Stage::Assistant
            | Stage::Waiting(_)
            | Stage::Talking { .. }
            | Stage::Outside(_)
            | Stage::Parted
            | Stage::Rating { .. }
            | Stage::Farewell => Ok(Vec::new()),
        }
    }

    /// A service of the call's line, or «не определена». An operator may correct it in after-call
    /// work, when the caller is gone: the card of the request (row #40) is theirs to fill in.
    pub(super) fn choose_service(
        &self,
        call: CallId,
        service: &ServiceId,
        by: ChosenBy,
    ) -> Decision {
        let chosen = Event::ServiceChosen {
            call,
            service: service.clone(),
            by,
        };
        let Some(open) = self.calls.get(&call) else {
            let known = self.settings.lines.values().any(|line| has(line, service));
            return if by == ChosenBy::Operator && self.is_wrapped_up(call) && known {
                Ok(vec![chosen])
            } else {
                Err(Refusal::NoSuchCall)
            };
        };
        let line = self.settings.lines.get(&open.line);
        if !line.is_some_and(|line| has(line, service)) {
            return Err(Refusal::WrongState("эта услуга не относится к линии"));
        }
        Ok(if open.service == *service {
            Vec::new()
        } else {
            vec![chosen]
        })
    }

    /// Whoever was called back and wants a person becomes a caller, at the end of the line's queue.
    pub(super) fn call_placed(
        &self,
        now: Timestamp,
        (id, leg): (CallId, LegId),
        (line, service): (&LineId, &ServiceId),
        (trunk, case): (&str, Option<CaseId>),
    ) -> Decision {
        self.service_at_the_door(id, line)?;
        let mut facts = vec![Event::Placed(PlacedEvent::HandedOver {
            call: id,
            leg,
            line: line.clone(),
            service: service.clone(),
            trunk: trunk.to_owned(),
        })];
        let call = Call::called_back(id, leg, line.clone(), service.clone(), now);
        let kept = case.and_then(|case| self.kept(case));
        facts.extend(match kept {
            Some(kept) => vec![self.to_kept_place(now, &call, kept)],
            None => self.to_a_person(now, &call, EntryCause::Callback)?,
        });
        Ok(facts)
    }

    fn is_wrapped_up(&self, about: CallId) -> bool {
        let mut everybody = self.operators.values();
        everybody.any(|o| matches!(o.presence, Presence::WrapUp { call, .. } if call == about))
    }

    pub(super) fn dialogue_ends(
        &self,
        now: Timestamp,
        id: CallId,
        (purpose, outcome): (DialoguePurpose, DialogueOutcome),
        notice_played: bool,
    ) -> Decision {
        let call = self.open_call(id)?;
        let fits = match &call.stage {
            Stage::Assistant => purpose == DialoguePurpose::Assistant,
            Stage::Rating { .. } => purpose == DialoguePurpose::Rating,
            Stage::Farewell => purpose == call.last_purpose(),
            Stage::Waiting(_) => purpose == DialoguePurpose::Waiting,
            Stage::AtDoor | Stage::Talking { .. } | Stage::Outside(_) | Stage::Parted => false,
        };
        if !fits {
            return Err(Refusal::WrongState("этот диалог не идёт"));
        }
        let ended = Event::DialogueEnded {
            call: id,
            purpose,
            outcome,
            notice_played,
        };
        if let Stage::Waiting(_) = call.stage {
            return Ok(vec![ended]); // whoever was asked and waits on
        }
        let mut facts = Vec::new();
        if let Stage::Rating { settled: false, .. } = call.stage {
            let why = match outcome {
                DialogueOutcome::CallerLeft => SkippedWhy::HungUp,
                DialogueOutcome::ToPerson
                | DialogueOutcome::PersonAsked
                | DialogueOutcome::NotUnderstood
                | DialogueOutcome::Silence
                | DialogueOutcome::Contained
                | DialogueOutcome::Rated
                | DialogueOutcome::Finished => SkippedWhy::Silence,
            };
            facts.extend(call.rating_skipped(why));
        }
        facts.push(ended);
        match outcome {
            DialogueOutcome::CallerLeft => {
                facts.push(call.ended(now, EndCause::CallerHungUp));
            }
            DialogueOutcome::ToPerson
            | DialogueOutcome::PersonAsked
            | DialogueOutcome::NotUnderstood
            | DialogueOutcome::Silence
                if purpose == DialoguePurpose::Assistant =>
            {
                facts.extend(self.to_a_person(now, call, EntryCause::Assistant)?);
            }
            DialogueOutcome::ToPerson
            | DialogueOutcome::PersonAsked
            | DialogueOutcome::NotUnderstood
            | DialogueOutcome::Silence
            | DialogueOutcome::Contained
            | DialogueOutcome::Rated
            | DialogueOutcome::Finished => facts.push(call.ended(now, EndCause::Completed)),
        }
        Ok(facts)
    }

    /// Into the queue where the place is kept, full or not: it was theirs before.
    fn to_kept_place(&self, now: Timestamp, call: &Call, kept: &Kept) -> Event {
        let queue = kept.queue.clone();
        let because = EntryCause::Callback;
        let mut terms = self.terms(now, call, &queue, because);
        terms.take_place(now, kept);
        Event::QueueEntered {
            call: call.id,
            because,
            wanted: None,
            until: now + self.settings.max_wait(&queue),
            terms,
            queue,
        }
    }

    /// Into the line's queue; a caller who finds it full asked for a person all the same, so both
    /// the asking and the missing answer are facts.
    fn to_a_person(&self, now: Timestamp, call: &Call, because: EntryCause) -> Decision {
        let line = self.settings.lines.get(&call.line);
        let queue = &line.ok_or(Refusal::NoSuchLine)?.queue;
        let until = now + self.settings.max_wait(queue);
        let mut facts = vec![Event::QueueEntered {
            call: call.id,
            queue: queue.clone(),
            because,
            wanted: None,
            until,
            terms: self.terms(now, call, queue, because),
        }];
        if let Some(overflow) = self.overflow_at_once(now, call, (queue, until)) {
            facts.push(overflow);
        } else if self.is_closed(queue) || self.is_full(queue) {
            let cause = match self.is_closed(queue) {
                true => UnansweredCause::AfterHours,
                false => UnansweredCause::Overload,
            };
            facts.push(Event::CallUnanswered {
                call: call.id,
                cause,
                waits: call.waits(now),
            });
        }
        Ok(facts)
    }
}

fn has(line: &LineSettings, service: &ServiceId) -> bool {
    line.services.contains(service) || *service == ServiceId::undetermined()
}
