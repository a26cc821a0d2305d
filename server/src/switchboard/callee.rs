//! Whoever the house called: they answer, listen, want a person, hang up, or are not there.

use cases::notify::TryResult;
use events::{
    CallId, CallbackOutcome, CaseEvent, DialogueOutcome, DialoguePurpose, Event, PlacedEvent,
    PlacedOutcome, Timestamp,
};
use sip_gateway::boundary::{LegCommand, LegEnd};

use super::placed::{Purpose, Stage};
use super::{Switchboard, Turn};

impl Switchboard {
    /// Whoever was called answered.
    pub(super) fn placed_answered(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let Some(placed) = self.outreach.calls.get_mut(&call) else {
            return;
        };
        placed.stage = Stage::Answered;
        self.note(now, Event::Placed(PlacedEvent::Answered { call }), turn);
        self.start_dialogue(now, call, DialoguePurpose::Assistant, turn);
    }

    /// Those who have rung for long enough are not rung any longer.
    pub(super) fn give_up_ringing(&mut self, now: Timestamp, turn: &mut Turn) {
        let mut over = Vec::new();
        for placed in self.outreach.calls.values_mut() {
            if placed.rings_until().is_some_and(|until| until <= now) {
                placed.stage = Stage::GivenUp;
                over.push(placed.leg);
            }
        }
        for leg in over {
            self.leg(now, LegCommand::HangUp { leg }, turn);
        }
    }

    /// The script is done with whoever answered.
    pub(super) fn placed_dialogue_ended(
        &mut self,
        now: Timestamp,
        call: CallId,
        (outcome, notice_played): (DialogueOutcome, bool),
        turn: &mut Turn,
    ) {
        let ended = Event::DialogueEnded {
            call,
            purpose: DialoguePurpose::Assistant,
            outcome,
            notice_played,
        };
        self.note(now, ended, turn);
        match outcome {
            DialogueOutcome::ToPerson | DialogueOutcome::PersonAsked => {
                self.hand_over(now, call, turn);
            }
            // Who says nothing that makes sense is a machine, or does not want to talk.
            DialogueOutcome::NotUnderstood
            | DialogueOutcome::Silence
            | DialogueOutcome::CallerLeft => {
                self.end_placed(now, call, PlacedOutcome::CutShort, turn);
            }
            // A call back that came to no word is placed once more.
            DialogueOutcome::Finished if self.calls_back(call) => {
                self.end_placed(now, call, PlacedOutcome::CutShort, turn);
            }
            DialogueOutcome::Contained | DialogueOutcome::Rated | DialogueOutcome::Finished => {
                self.end_placed(now, call, PlacedOutcome::Completed, turn);
            }
        }
    }

    fn calls_back(&self, call: CallId) -> bool {
        let placed = self.outreach.calls.get(&call);
        placed.is_some_and(|placed| matches!(placed.purpose, Purpose::Callback(_)))
    }

    /// From here on it is a call like any other.
    fn hand_over(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let (Some(room), Some(dial)) = (self.rooms.get(&call), &self.outreach.setup.dial) else {
            return;
        };
        let case = self.outreach.calls.get(&call);
        let case = case.and_then(|placed| match placed.purpose {
            Purpose::Callback(case) => Some(case),
            Purpose::Notification(..) => None,
        });
        let handed = acd::Command::CallPlaced {
            case,
            call,
            leg: room.caller,
            line: room.line.clone(),
            service: room.service.clone(),
            trunk: dial.trunk.clone(),
        };
        let Some(placed) = self.outreach.calls.remove(&call) else {
            return;
        };
        if let Err(refusal) = self.ask(now, handed, turn) {
            tracing::error!(%call, %refusal, "a call back finds no queue");
            self.outreach.calls.insert(call, placed);
            return self.end_placed(now, call, PlacedOutcome::Completed, turn);
        }
        if let Purpose::Notification(id, attempt) = placed.purpose {
            self.notified(now, (id, attempt), TryResult::Delivered, turn);
        }
    }

    /// The leg ended from outside, or because we gave up.
    pub(super) fn placed_left(
        &mut self,
        now: Timestamp,
        call: CallId,
        why: LegEnd,
        turn: &mut Turn,
    ) {
        let Some(placed) = self.outreach.calls.get(&call) else {
            return;
        };
        let purpose = placed.purpose;
        let outcome = match (placed.stage, why) {
            (Stage::Answered, _) => {
                if self
                    .rooms
                    .get(&call)
                    .is_some_and(|room| room.dialogue.is_some())
                {
                    let left = Event::DialogueEnded {
                        call,
                        purpose: DialoguePurpose::Assistant,
                        outcome: DialogueOutcome::CallerLeft,
                        notice_played: false,
                    };
                    self.note(now, left, turn);
                }
                PlacedOutcome::CutShort
            }
            (Stage::GivenUp, _) => PlacedOutcome::NoAnswer,
            (Stage::Ringing { .. }, LegEnd::Refused(status)) => refused(status),
            (Stage::Ringing { .. }, LegEnd::Remote | LegEnd::Local | LegEnd::Broken) => {
                PlacedOutcome::Failed
            }
        };
        if let LegEnd::Refused(status) = why
            && is_hopeless(status)
            && let Purpose::Notification(id, attempt) = purpose
        {
            self.notified(now, (id, attempt), TryResult::Hopeless, turn);
        }
        self.end_placed(now, call, outcome, turn);
    }

    /// Says goodbye in the books and on the wire.
    fn end_placed(
        &mut self,
        now: Timestamp,
        call: CallId,
        outcome: PlacedOutcome,
        turn: &mut Turn,
    ) {
        let Some(placed) = self.outreach.calls.remove(&call) else {
            return;
        };
        // Once told, it is told: also to somebody who hangs up before the goodbye.
        let outcome = if outcome == PlacedOutcome::CutShort && placed.heard {
            PlacedOutcome::Completed
        } else {
            outcome
        };
        self.note(
            now,
            Event::Placed(PlacedEvent::Ended { call, outcome }),
            turn,
        );
        match placed.purpose {
            Purpose::Notification(id, attempt) => {
                self.notified(now, (id, attempt), told(outcome), turn);
            }
            Purpose::Callback(case) if outcome == PlacedOutcome::Completed => {
                let outcome = CallbackOutcome::Cancelled;
                self.state_case(now, CaseEvent::CallbackEnded { case, outcome }, turn);
            }
            Purpose::Callback(_) => {}
        }
        self.leave(now, call, turn);
        // An operator who was held for this call is free for others.
        let _ = self.ask(now, acd::Command::Tick, turn);
    }
}

/// What a refusal says about whoever was called (RFC 3261 §21, RFC 8197).
const fn refused(status: u16) -> PlacedOutcome {
    match status {
        486 | 600 => PlacedOutcome::Busy,
        408 | 480 | 487 => PlacedOutcome::NoAnswer,
        403 | 603 | 607 => PlacedOutcome::Rejected,
        _ => PlacedOutcome::Failed,
    }
}

/// No such number: trying again helps nobody.
const fn is_hopeless(status: u16) -> bool {
    matches!(status, 404 | 410 | 484 | 485 | 604)
}

const fn told(outcome: PlacedOutcome) -> TryResult {
    match outcome {
        PlacedOutcome::Completed | PlacedOutcome::HandedOver => TryResult::Delivered,
        PlacedOutcome::CutShort => TryResult::CutShort,
        PlacedOutcome::Busy => TryResult::Busy,
        PlacedOutcome::NoAnswer => TryResult::NoAnswer,
        PlacedOutcome::Rejected => TryResult::Rejected,
        PlacedOutcome::Failed => TryResult::Failed,
    }
}
