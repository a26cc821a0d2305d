//! Unanswered calls until they are made good, and low ratings until somebody has looked into them.

use std::collections::{BTreeMap, BTreeSet};

use cases::notify::masked;
use events::{
    Act, CallId, CallbackOutcome, CaseEvent, CaseId, Event, Millis, OperatorId, Pii, PlacedEvent,
    QueueId, ServiceId, Timestamp, UnansweredCause,
};

use super::Desk;
use super::view::ms;
use super::views::{LowRatingView, OwedState, OwedView, UnansweredView};

/// Of each kind that are remembered; the oldest are dropped, the journal keeps them.
const KEPT: usize = 2_000;
/// Ratings up to this one are looked into.
const LOW: u8 = 2;

/// What is owed.
#[derive(Clone, Debug, Default)]
pub(super) struct Owed {
    unanswered: BTreeMap<CallId, Unanswered>,
    ratings: BTreeMap<CallId, LowRating>,
    /// Conversations of open calls.
    recordings: BTreeMap<CallId, Vec<String>>,
    /// Calls of the house for somebody who is owed one: whoever is reached by one was called back.
    placed: BTreeSet<CallId>,
}

#[derive(Clone, Debug)]
struct Unanswered {
    at: Timestamp,
    number: Option<Pii<String>>,
    service: ServiceId,
    queue: Option<QueueId>,
    cause: UnansweredCause,
    waited: Millis,
    failed: u32,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Open,
    Taken {
        case: CaseId,
        at: Timestamp,
        by: Option<OperatorId>,
    },
    CalledBack(Timestamp),
    Reached(Timestamp),
    Closed {
        at: Timestamp,
        by: Option<OperatorId>,
        note: Pii<String>,
    },
}

#[derive(Clone, Debug)]
struct LowRating {
    at: Timestamp,
    score: u8,
    operator: OperatorId,
    service: ServiceId,
    script_version: String,
    recordings: Vec<String>,
    reviewed: Option<(Timestamp, Option<OperatorId>, Pii<String>)>,
}

impl Owed {
    fn unanswered(&mut self, call: CallId, change: impl FnOnce(&mut Unanswered)) {
        if let Some(unanswered) = self.unanswered.get_mut(&call) {
            change(unanswered);
        }
    }

    fn act(&mut self, at: Timestamp, by: Option<&OperatorId>, act: &Act) {
        let by = by.cloned();
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "three acts of the many are about what is owed"
        )]
        match act {
            Act::UnansweredTaken { call, case } => {
                let stage = Stage::Taken {
                    case: *case,
                    at,
                    by,
                };
                self.unanswered(*call, |one| one.stage = stage);
            }
            Act::UnansweredClosed { call, note } => {
                let note = note.clone();
                self.unanswered(*call, |one| one.stage = Stage::Closed { at, by, note });
            }
            Act::RatingReviewed { call, note } => {
                if let Some(rating) = self.ratings.get_mut(call) {
                    rating.reviewed = Some((at, by, note.clone()));
                }
            }
            _ => {}
        }
    }

    fn callback_ended(&mut self, at: Timestamp, ended: CaseId, outcome: CallbackOutcome) {
        let mut all = self.unanswered.values_mut();
        let found = all.find(|one| matches!(one.stage, Stage::Taken { case, .. } if case == ended));
        let Some(found) = found else {
            return;
        };
        found.stage = match outcome {
            CallbackOutcome::Connected => Stage::CalledBack(at),
            CallbackOutcome::NoAnswer | CallbackOutcome::Expired | CallbackOutcome::Cancelled => {
                found.failed = found.failed.saturating_add(1);
                Stage::Open
            }
        };
    }

    fn reached(&mut self, at: Timestamp, number: &Pii<String>) {
        let open = self.unanswered.values_mut();
        for one in open.filter(|one| one.number.as_ref() == Some(number)) {
            if matches!(one.stage, Stage::Open | Stage::Taken { .. }) {
                one.stage = Stage::Reached(at);
            }
        }
    }
}

impl Desk {
    /// What a fact changes of what is owed.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a few facts of the many make or settle a debt"
    )]
    pub(super) fn follow_owed(&mut self, at: Timestamp, fact: &Event) {
        match fact {
            Event::CallUnanswered { call, cause, waits } => {
                self.owe(at, *call, (*cause, waits.queue_ms));
            }
            Event::Placed(PlacedEvent::Dialled {
                call,
                case: Some(_),
                ..
            }) => {
                self.owed.placed.insert(*call);
                // Whoever was not reached leaves no end of a call.
                if self.owed.placed.len() > KEPT {
                    self.owed.placed.pop_first();
                }
            }
            Event::LegsBridged { call, .. } if !self.owed.placed.contains(call) => {
                let number = self.calls.get(call).and_then(|call| call.caller.clone());
                if let Some(number) = number {
                    self.owed.reached(at, &number);
                }
            }
            Event::Case(CaseEvent::CallbackRequested {
                case,
                call: Some(call),
                ..
            }) => {
                let stage = Stage::Taken {
                    case: *case,
                    at,
                    by: None,
                };
                self.owed.unanswered(*call, |one| one.stage = stage);
            }
            Event::Case(CaseEvent::CallbackEnded { case, outcome }) => {
                self.owed.callback_ended(at, *case, *outcome);
            }
            Event::RecordingStarted { call, file } => {
                let files = self.owed.recordings.entry(*call).or_default();
                files.push(file.clone());
            }
            Event::CallRated {
                call,
                operator,
                service,
                score,
                script_version,
                ..
            } if *score <= LOW => {
                let rating = LowRating {
                    at,
                    score: *score,
                    operator: operator.clone(),
                    service: service.clone(),
                    script_version: script_version.clone(),
                    recordings: self.owed.recordings.get(call).cloned().unwrap_or_default(),
                    reviewed: None,
                };
                self.owed.ratings.insert(*call, rating);
                if self.owed.ratings.len() > KEPT {
                    self.owed.ratings.pop_first();
                }
            }
            Event::CallEnded { call, .. } => {
                self.owed.placed.remove(call);
                self.owed.recordings.remove(call);
            }
            Event::Administered { by, act } => self.owed.act(at, by.as_ref(), act),
            _ => {}
        }
    }

    fn owe(&mut self, at: Timestamp, id: CallId, (cause, waited): (UnansweredCause, Millis)) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        let unanswered = Unanswered {
            at,
            number: call.caller.clone(),
            service: call.service.clone(),
            queue: call.queue.clone(),
            cause,
            waited,
            failed: 0,
            stage: Stage::Open,
        };
        self.owed.unanswered.insert(id, unanswered);
        if self.owed.unanswered.len() > KEPT {
            self.owed.unanswered.pop_first();
        }
    }

    /// Whom to call back for an unanswered call that is open, and about what.
    #[must_use]
    pub fn callback_due(&self, call: CallId) -> Option<(Pii<String>, ServiceId)> {
        let one = self.owed.unanswered.get(&call)?;
        let open = matches!(one.stage, Stage::Open);
        one.number
            .clone()
            .filter(|_| open)
            .zip(Some(one.service.clone()))
    }

    /// Whether an unanswered call is still to be settled.
    #[must_use]
    pub fn is_owed(&self, call: CallId) -> bool {
        let one = self.owed.unanswered.get(&call);
        one.is_some_and(|one| matches!(one.stage, Stage::Open | Stage::Taken { .. }))
    }

    /// Whether a low rating is still to be looked into.
    #[must_use]
    pub fn is_rating_open(&self, call: CallId) -> bool {
        let one = self.owed.ratings.get(&call);
        one.is_some_and(|one| one.reviewed.is_none())
    }

    /// What is owed at `now`: what is open first, the newest of each first.
    #[must_use]
    pub fn owed(&self, now: Timestamp) -> OwedView {
        let all = self.owed.unanswered.iter().rev();
        let mut unanswered: Vec<UnansweredView> = all
            .map(|(id, one)| self.unanswered_view(*id, one, now))
            .collect();
        unanswered.sort_by_key(|one| one.state);
        let all = self.owed.ratings.iter().rev();
        let mut ratings: Vec<LowRatingView> = all
            .map(|(id, one)| self.low_rating_view(*id, one))
            .collect();
        ratings.sort_by_key(|one| one.reviewed_at_ms.is_some());
        OwedView {
            now_ms: ms(now),
            term_h: self.organisation.unanswered_h,
            unanswered,
            ratings,
        }
    }

    fn unanswered_view(&self, id: CallId, one: &Unanswered, now: Timestamp) -> UnansweredView {
        let name = |by: &Option<OperatorId>| {
            let by = by.as_ref();
            by.map(|by| self.organisation.operator_name(by))
        };
        let until = one.at + Millis::from_s(u64::from(self.organisation.unanswered_h) * 3_600);
        let (state, by, since, note) = match &one.stage {
            Stage::Open if until <= now => (OwedState::Expired, None, Some(until), None),
            Stage::Open => (OwedState::Open, None, None, None),
            Stage::Taken { at, by, .. } => (OwedState::Taken, name(by), Some(*at), None),
            Stage::CalledBack(at) => (OwedState::CalledBack, None, Some(*at), None),
            Stage::Reached(at) => (OwedState::Reached, None, Some(*at), None),
            Stage::Closed { at, by, note } => {
                let note = note.expose().clone();
                (OwedState::Closed, name(by), Some(*at), Some(note))
            }
        };
        let phone = one.number.as_ref();
        UnansweredView {
            call: id.to_string(),
            at_ms: ms(one.at),
            phone: phone.map(masked),
            service: self.organisation.service_title(&one.service),
            queue: one
                .queue
                .as_ref()
                .map(|queue| self.organisation.queue_title(queue)),
            cause: one.cause.as_str(),
            waited_ms: one.waited.0,
            state,
            until_at_ms: ms(until),
            by,
            since_at_ms: since.map(ms),
            failed: one.failed,
            note,
        }
    }

    fn low_rating_view(&self, id: CallId, one: &LowRating) -> LowRatingView {
        let reviewed = one.reviewed.as_ref();
        LowRatingView {
            call: id.to_string(),
            at_ms: ms(one.at),
            score: one.score,
            operator: self.organisation.operator_name(&one.operator),
            service: self.organisation.service_title(&one.service),
            script_version: one.script_version.clone(),
            recordings: one.recordings.clone(),
            by: reviewed
                .and_then(|(_, by, _)| by.as_ref())
                .map(|by| self.organisation.operator_name(by)),
            reviewed_at_ms: reviewed.map(|(at, ..)| ms(*at)),
            note: reviewed.map(|(.., note)| note.expose().clone()),
        }
    }
}
