//! Callers who need not wait on the line: they are asked whether to be called back, their place is
//! kept, and the house calls when it is reached.

use acd::{Command, Stage};
use events::{
    CallId, CallbackOutcome, CaseEvent, DialogueOutcome, DialoguePurpose, Event, TaskOutcome,
    TaskReply, TaskRequest, Timestamp,
};

use super::{Switchboard, Turn};

/// Who says neither yes nor no is asked so often in one call.
pub(super) const OFFERS: u8 = 3;
/// The node of the script that is reached by those who would rather wait.
const STAYS: &str = "stay";

impl Switchboard {
    /// Whether a caller who waits may be asked at all.
    pub(super) fn may_offer_callback(&self, call: CallId) -> bool {
        let waits = self.acd.call(call).and_then(|call| call.queue.as_ref());
        let told = waits.and_then(|queue| self.setup.told.get(queue));
        let room = self.rooms.get(&call);
        self.setup.callback_offer.is_some()
            && self.outreach.setup.dial.is_some()
            && self.takes_calls()
            && told.is_some_and(|told| told.keep.is_some())
            && room.is_some_and(|room| room.callback_offers > 0 && room.dialogue.is_none())
    }

    /// Asks a caller who waits and was just told how long; true if they are asked now.
    pub(super) fn offer_callback(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) -> bool {
        let due = self.rooms.get_mut(&call);
        let due = due.is_some_and(|room| std::mem::take(&mut room.callback_due));
        if !due || !self.may_offer_callback(call) || !self.acd.offers_callback(now, call) {
            return false;
        }
        if let Some(room) = self.rooms.get_mut(&call) {
            room.callback_offers = room.callback_offers.saturating_sub(1);
        }
        self.start_dialogue(now, call, DialoguePurpose::Waiting, turn);
        true
    }

    /// Who says that they wait is not asked again.
    pub(super) fn follow_offer(&mut self, call: CallId, fact: &Event) {
        if let Event::StepReached { step, .. } = fact
            && step == STAYS
            && let Some(room) = self.rooms.get_mut(&call)
        {
            room.callback_offers = 0;
        }
    }

    /// Whoever was asked waits on.
    pub(super) fn answered_offer(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        if let Some(room) = self.rooms.get_mut(&call) {
            room.music_next = true;
        }
        self.wait_on(now, call, turn);
    }

    /// Whoever was being asked waits no longer.
    pub(super) fn cut_offer(
        &mut self,
        now: Timestamp,
        call: CallId,
        outcome: DialogueOutcome,
        turn: &mut Turn,
    ) {
        let running = self
            .rooms
            .get(&call)
            .and_then(|room| room.dialogue.as_ref());
        if running.is_none_or(|running| running.purpose != DialoguePurpose::Waiting) {
            return;
        }
        self.stop_listening(call, turn);
        self.drop_dictations(call, turn);
        self.drop_dialogue(call);
        let ended = Event::DialogueEnded {
            call,
            purpose: DialoguePurpose::Waiting,
            outcome,
            notice_played: false,
        };
        self.note(now, ended, turn);
    }

    /// The caller's leg ends while they are asked and wait.
    pub(super) fn leaves_offer(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        if self.stage_is(call, |stage| matches!(stage, Stage::Waiting(_))) {
            self.cut_offer(now, call, DialogueOutcome::CallerLeft, turn);
        }
    }

    /// The caller wants to be called. The callback is owed before the place is kept: a process that
    /// dies in between owes the call all the same.
    pub(super) fn keep_place(
        &mut self,
        now: Timestamp,
        call: CallId,
        request: &TaskRequest,
        turn: &mut Turn,
    ) -> TaskReply {
        if self.outreach.setup.dial.is_none() || !self.takes_calls() {
            return TaskReply::bare(TaskOutcome::Unavailable);
        }
        let Ok(waiting) = self.acd.may_keep_place(call) else {
            return TaskReply::bare(TaskOutcome::Refused); // somebody answers already
        };
        let told = waiting.queue.as_ref();
        let told = told.and_then(|queue| self.setup.told.get(queue));
        let Some(keep) = told.and_then(|told| told.keep) else {
            return TaskReply::bare(TaskOutcome::Unavailable);
        };
        let asker = self.asker(Some(call));
        let asked = self.cases.keep_place(now, &asker, request, now + keep);
        let Some((case, fact, reply)) = asked else {
            return TaskReply::bare(TaskOutcome::Refused); // a number that nobody knows
        };
        self.state_case(now, fact, turn);
        if self
            .ask(now, Command::KeepPlace { call, case }, turn)
            .is_err()
        {
            let outcome = CallbackOutcome::Cancelled;
            self.state_case(now, CaseEvent::CallbackEnded { case, outcome }, turn);
            return TaskReply::bare(TaskOutcome::Refused);
        }
        reply
    }
}
