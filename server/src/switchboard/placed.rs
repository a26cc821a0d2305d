//! Calls that the house places: to tell something, or to call somebody back.
//!
//! Whoever answers talks to a script like any caller. A placed call is no call of the distribution's
//! until they want a person: then it enters the line's queue.

use std::sync::Arc;

use acd::Kept;
use cases::notify::{Command, Owed, TryResult};
use events::{
    CallId, CaseId, Channel, Event, LegId, LegRole, LineId, NotificationEvent, NotificationId, Pii,
    PlacedEvent, PlacedWhy, ServiceId, Timestamp, Values,
};
use ivr::script::Script;
use sip_gateway::boundary::LegCommand;

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
    pub(super) leg: LegId,
    pub(super) purpose: Purpose,
    script: Arc<Script>,
    given: Values,
    pub(super) stage: Stage,
    /// What it is about was told.
    pub(super) heard: bool,
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To tell this; the number of the try.
    Notification(NotificationId, u8),
    /// To call back.
    Callback(CaseId),
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
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
    /// In whose name.
    line: LineId,
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
        if self.call_in_turn(now, &dial, turn) {
            return true;
        }
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
                    if !self.call_back(now, &owed, (&dial, dial.line.clone()), turn) {
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

    /// Calls those whose place in a queue is reached: they are callers, so nobody stands back for
    /// others. True if there is no room.
    fn call_in_turn(&mut self, now: Timestamp, dial: &DialSetup, turn: &mut Turn) -> bool {
        let retry = self.outreach.notify.policy().voice;
        loop {
            let callbacks = &self.outreach.callbacks;
            let due = |kept: &Kept| callbacks.ready_case(now, &retry, kept.case).is_some();
            let Some(kept) = self.acd.next_turn(now, due) else {
                return false;
            };
            let owed = callbacks.ready_case(now, &retry, kept.case).cloned();
            let (Some(owed), line) = (owed, kept.line.clone()) else {
                return false;
            };
            if !self.has_a_line(dial) || !self.call_back(now, &owed, (dial, line), turn) {
                self.put_places_off(now, turn);
                return true;
            }
        }
    }

    /// Nobody can be called now: operators who are held free for that serve those who wait.
    pub(super) fn put_places_off(&mut self, now: Timestamp, turn: &mut Turn) {
        let held = self.acd.kept_places().filter(|kept| kept.holds_back());
        let held: Vec<CaseId> = held.map(|kept| kept.case).collect();
        if held.is_empty() {
            return;
        }
        for case in held {
            self.note(now, Event::PlacePutOff { case }, turn);
        }
        let _ = self.ask(now, acd::Command::Tick, turn);
    }

    /// Placed calls leave room for callers, and stand back when callers wait.
    fn has_room_for_a_call(&self, dial: &DialSetup) -> bool {
        let waits = || self.acd.queues().any(|queue| !queue.is_empty());
        self.has_a_line(dial) && !(dial.yields && waits())
    }

    fn has_a_line(&self, dial: &DialSetup) -> bool {
        self.outreach.calls.len() < dial.max_calls && self.rooms.len() < self.setup.max_calls
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
        let no_place = |case| self.acd.kept(case).is_none();
        let ready = self.outreach.callbacks.ready_of(now, &retry, no_place);
        ready.cloned()
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
        (dial, line): (&DialSetup, LineId),
        turn: &mut Turn,
    ) -> bool {
        let Some(script) = self.outreach.setup.scripts.get(CALLBACK) else {
            return false;
        };
        let wanted = Wanted {
            purpose: Purpose::Callback(owed.case),
            to: owed.phone.clone(),
            service: owed.service.clone(),
            line,
            script: Arc::clone(script),
            given: Values::new(),
        };
        let call = self.mint_call();
        self.dial(now, (call, wanted), dial, turn);
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
                line: dial.line.clone(),
                script: self.outreach.script_of(job.kind)?,
                given: self.outreach.given(job),
            })
        });
        match wanted {
            Some(wanted) => self.dial(now, (call, wanted), dial, turn),
            None => self.notified(now, (notification, attempt), TryResult::Hopeless, turn),
        }
        true
    }

    fn dial(
        &mut self,
        now: Timestamp,
        (call, wanted): (CallId, Wanted),
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
            line: wanted.line.clone(),
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
        let mut room = Room::new(wanted.line.clone(), wanted.service, leg);
        room.number = Some(wanted.to.clone());
        self.rooms.insert(call, room);
        self.legs.insert(leg, (call, LegRole::Caller));
        let command = LegCommand::Call {
            leg,
            trunk: dial.trunk.clone(),
            number: wanted.to,
            line: wanted.line.as_str().to_owned(),
            display: self.outreach.setup.display.clone(),
            beside: None,
        };
        self.leg(now, command, turn);
    }

    /// Whether a call is placed and no queue has it.
    pub(super) fn is_placed(&self, call: CallId) -> bool {
        self.outreach.calls.contains_key(&call)
    }
}
