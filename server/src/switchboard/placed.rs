//! Calls that the house places: to tell something, or to call somebody back.
//!
//! Whoever answers talks to a script like any caller. A placed call is no call of the distribution's
//! until they want a person: then it enters the line's queue.

use std::sync::Arc;

use cases::notify::{Command, Owed, TryResult};
use events::{
    CallId, CallbackOutcome, CaseEvent, CaseId, Channel, DialogueOutcome, DialoguePurpose, Event,
    LegId, LegRole, NotificationEvent, NotificationId, Pii, PlacedEvent, PlacedOutcome, PlacedWhy,
    ServiceId, Timestamp, Values,
};
use ivr::script::Script;
use sip_gateway::boundary::{LegCommand, LegEnd};

use super::outreach::DialSetup;
use super::room::Room;
use super::{Switchboard, Turn};

/// A script that tells something reaches a node of this name once it has been told.
const HEARD: &str = "heard";
/// The script of a call back.
const CALLBACK: &str = "callback";

/// A placed call that no queue has.
#[derive(Debug)]
pub(super) struct PlacedCall {
    leg: LegId,
    purpose: Purpose,
    script: Arc<Script>,
    given: Values,
    stage: Stage,
    heard: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Notification(NotificationId, u8),
    Callback(CaseId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Ringing {
        until: Timestamp,
    },
    /// It rang long enough: the leg's end is «nobody answered».
    GivenUp,
    Answered,
}

/// Whom to call, what for.
struct Wanted {
    purpose: Purpose,
    to: Pii<String>,
    service: ServiceId,
    script: Arc<Script>,
    given: Values,
}

impl PlacedCall {
    /// The dialogue reached a node.
    pub(super) fn reaches(&mut self, step: &str) {
        self.heard |= step == HEARD;
    }

    pub(super) const fn rings_until(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Ringing { until } => Some(until),
            Stage::GivenUp | Stage::Answered => None,
        }
    }

    pub(super) fn script(&self) -> Arc<Script> {
        Arc::clone(&self.script)
    }

    pub(super) const fn script_ref(&self) -> &Arc<Script> {
        &self.script
    }

    pub(super) fn given(&self) -> Pii<Values> {
        Pii::new(self.given.clone())
    }
}

impl Switchboard {
    /// Dials as many as there is room for; true if somebody is to be called and there is none.
    pub(super) fn place_calls(&mut self, now: Timestamp, turn: &mut Turn) -> bool {
        let Some(dial) = self.outreach.setup.dial.clone() else {
            return false;
        };
        loop {
            let callback = self.next_callback(now, &dial);
            let ready = self.outreach.notify.ready(now, Channel::Voice).next();
            let notification = ready.map(|job| job.id);
            if callback.is_none() && notification.is_none() {
                return self.callback_waits(now);
            }
            if !self.has_room_for_a_call(&dial) {
                return true;
            }
            match (callback, notification) {
                (Some(owed), _) => {
                    if !self.call_back(now, &owed, &dial, turn) {
                        return true;
                    }
                }
                (None, Some(notification)) => {
                    if !self.tell_by_call(now, notification, &dial, turn) {
                        return true;
                    }
                }
                (None, None) => return false,
            }
        }
    }

    /// Placed calls leave room for callers, and stand back when callers wait.
    fn has_room_for_a_call(&self, dial: &DialSetup) -> bool {
        let waits = || self.acd.queues().any(|queue| !queue.is_empty());
        self.outreach.calls.len() < dial.max_calls
            && self.rooms.len() < self.setup.max_calls
            && !(dial.yields && waits())
    }

    /// A callback is placed when somebody is free to talk, so that nobody is called to wait.
    fn next_callback(&self, now: Timestamp, dial: &DialSetup) -> Option<Owed> {
        let line = self.acd.settings().lines.get(&dial.line)?;
        let calling_back = |call: &&PlacedCall| matches!(call.purpose, Purpose::Callback(_));
        let under_way = self.outreach.calls.values().filter(calling_back).count();
        let serves =
            |operator: &&acd::Operator| operator.is_free() && operator.queues.contains(&line.queue);
        let free = self.acd.operators().filter(serves).count();
        if free <= under_way {
            return None;
        }
        let retry = self.outreach.notify.policy().voice;
        self.outreach.callbacks.ready(now, &retry).cloned()
    }

    /// Whether a callback is due that nobody is free for.
    fn callback_waits(&self, now: Timestamp) -> bool {
        let retry = self.outreach.notify.policy().voice;
        self.outreach.callbacks.ready(now, &retry).is_some()
    }

    /// False if the callback cannot be placed.
    fn call_back(
        &mut self,
        now: Timestamp,
        owed: &Owed,
        dial: &DialSetup,
        turn: &mut Turn,
    ) -> bool {
        let Some(script) = self.outreach.setup.scripts.get(CALLBACK) else {
            return false;
        };
        let wanted = Wanted {
            purpose: Purpose::Callback(owed.case),
            to: owed.phone.clone(),
            service: owed.service.clone(),
            script: Arc::clone(script),
            given: Values::new(),
        };
        let call = self.mint_call();
        self.dial(now, call, wanted, dial, turn);
        true
    }

    /// False if the policy has no word about it.
    fn tell_by_call(
        &mut self,
        now: Timestamp,
        notification: NotificationId,
        dial: &DialSetup,
        turn: &mut Turn,
    ) -> bool {
        let call = self.mint_call();
        let attempt = Command::Try {
            notification,
            call: Some(call),
        };
        let facts = self.notify(now, &attempt, turn);
        let Some(NotificationEvent::Tried { attempt, .. }) = facts.first() else {
            return !facts.is_empty(); // put off, or ended
        };
        let attempt = *attempt;
        let job = self.outreach.notify.job(notification);
        let wanted = job.and_then(|job| {
            let case = job.values.expose().get("service");
            Some(Wanted {
                purpose: Purpose::Notification(notification, attempt),
                to: job.to.clone(),
                service: case.map_or_else(ServiceId::undetermined, ServiceId::new),
                script: self.outreach.script_of(job.kind)?,
                given: self.outreach.given(job),
            })
        });
        match wanted {
            Some(wanted) => self.dial(now, call, wanted, dial, turn),
            None => self.notified(now, (notification, attempt), TryResult::Hopeless, turn),
        }
        true
    }

    fn dial(
        &mut self,
        now: Timestamp,
        call: CallId,
        wanted: Wanted,
        dial: &DialSetup,
        turn: &mut Turn,
    ) {
        let leg = self.gateway.new_leg();
        let (why, notification, case) = match wanted.purpose {
            Purpose::Notification(id, _) => (PlacedWhy::Notification, Some(id), None),
            Purpose::Callback(case) => (PlacedWhy::Callback, None, Some(case)),
        };
        let dialled = PlacedEvent::Dialled {
            call,
            leg,
            trunk: dial.trunk.clone(),
            line: dial.line.clone(),
            service: wanted.service.clone(),
            to: wanted.to.clone(),
            why,
            notification,
            case,
        };
        let placed = PlacedCall {
            leg,
            purpose: wanted.purpose,
            script: wanted.script,
            given: wanted.given,
            stage: Stage::Ringing {
                until: now + dial.ring,
            },
            heard: false,
        };
        self.outreach.calls.insert(call, placed);
        self.note(now, Event::Placed(dialled), turn);
        let mut room = Room::new(dial.line.clone(), wanted.service, leg);
        room.number = Some(wanted.to.clone());
        self.rooms.insert(call, room);
        self.legs.insert(leg, (call, LegRole::Caller));
        let command = LegCommand::Call {
            leg,
            trunk: dial.trunk.clone(),
            number: wanted.to,
            line: dial.line.as_str().to_owned(),
            display: self.outreach.setup.display.clone(),
        };
        self.leg(now, command, turn);
    }

    /// Whether a call is placed and no queue has it.
    pub(super) fn is_placed(&self, call: CallId) -> bool {
        self.outreach.calls.contains_key(&call)
    }

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
        let handed = acd::Command::CallPlaced {
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
        let outcome = match outcome {
            PlacedOutcome::CutShort if placed.heard => PlacedOutcome::Completed,
            other => other,
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
