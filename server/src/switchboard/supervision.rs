//! A supervisor comes into a talk: their phone is rung, and once it is answered they hear the talk.
//!
//! A phone in the browser is picked up by itself: the click that asked for the talk is the hand that
//! lifts it.

use acd::Command;
use events::{CallId, LegRole, OperatorId, SupervisionEvent, SupervisionMode, Timestamp};
use sip_gateway::boundary::{LegCommand, LegEnd};

use super::room::Supervisor;
use super::{Switchboard, Turn};

impl Switchboard {
    /// Rings the supervisor's phone for a talk; if they are in it, lets others hear them or no more.
    ///
    /// # Errors
    /// Why not, for the screen.
    pub(super) fn supervise(
        &mut self,
        now: Timestamp,
        (call, supervisor): (CallId, OperatorId),
        mode: SupervisionMode,
        turn: &mut Turn,
    ) -> Result<(), String> {
        if let Some(rung) = self.rung_for(&supervisor) {
            return self.asks_again(now, (call, rung), (&supervisor, mode), turn);
        }
        let command = Command::Supervise {
            call,
            supervisor: supervisor.clone(),
            mode,
        };
        // Only the rules are asked: the fact comes when the phone is answered.
        let allowed = self.acd.decide(now, &command);
        allowed.map_err(|refusal| refusal.to_string())?;
        let leg = self.gateway.new_leg();
        let Some(room) = self.rooms.get_mut(&call) else {
            return Err(acd::Refusal::NoSuchCall.to_string());
        };
        if room.supervisor.is_some() {
            return Err("К этому разговору уже подключается старший".to_owned());
        }
        let until = now + self.setup.supervisor_ring;
        room.supervisor = Some(Supervisor {
            id: supervisor.clone(),
            leg,
            mode,
            joined: false,
            until,
        });
        self.rung_supervisors.insert((until, call));
        let beside = room.caller;
        let title = self.setup.service_titles.get(&room.service);
        let display = title.cloned().unwrap_or_default();
        self.legs.insert(leg, (call, LegRole::Supervisor));
        let dial = LegCommand::Dial {
            leg,
            account: supervisor.as_str().to_owned(),
            beside,
            display,
        };
        self.leg(now, dial, turn);
        if self.gateway.rings_in_browser(leg) {
            self.leg(now, LegCommand::PickUp { leg }, turn);
        }
        Ok(())
    }

    /// Phones of supervisors that nobody answers ring no more.
    pub(super) fn supervisors_ring_out(&mut self, now: Timestamp, turn: &mut Turn) {
        while let Some(due) = self.rung_supervisors.first().copied()
            && due.0 <= now
        {
            self.rung_supervisors.remove(&due);
            let (at, call) = due;
            let room = self.rooms.get(&call);
            let rung = room.and_then(|room| room.supervisor.as_ref());
            // Answered, given up or rung anew meanwhile: then this is of no account.
            if rung.is_some_and(|rung| !rung.joined && rung.until == at) {
                self.dismiss_supervisor(now, call, turn);
            }
        }
    }

    /// A supervisor who is in a talk, or whose phone rings for one, says how they want to be heard.
    fn asks_again(
        &mut self,
        now: Timestamp,
        (call, rung): (CallId, CallId),
        (supervisor, mode): (&OperatorId, SupervisionMode),
        turn: &mut Turn,
    ) -> Result<(), String> {
        let room = self.rooms.get_mut(&rung);
        let present = room.and_then(|room| room.supervisor.as_mut());
        if let Some(present) = present.filter(|present| !present.joined) {
            if call != rung {
                return Err("Ваш телефон уже звонит для другого разговора".to_owned());
            }
            present.mode = mode;
            return Ok(());
        }
        let command = Command::Supervise {
            call,
            supervisor: supervisor.clone(),
            mode,
        };
        self.ask(now, command, turn)
            .map_err(|refusal| refusal.to_string())
    }

    /// The supervisor leaves, or wants the phone to ring no more.
    ///
    /// # Errors
    /// Why not, for the screen.
    pub(super) fn stop_supervising(
        &mut self,
        now: Timestamp,
        supervisor: &OperatorId,
        turn: &mut Turn,
    ) -> Result<(), String> {
        let call = self.rung_for(supervisor);
        let room = call.and_then(|call| self.rooms.get_mut(&call));
        let present = room.and_then(|room| room.supervisor.take_if(|present| !present.joined));
        if let Some(present) = present {
            self.leg(now, LegCommand::HangUp { leg: present.leg }, turn);
            return Ok(());
        }
        let leaves = Command::EndSupervision {
            supervisor: supervisor.clone(),
            broken: false,
        };
        self.ask(now, leaves, turn)
            .map_err(|refusal| refusal.to_string())
    }

    /// The supervisor's phone is answered; false if there is nothing to hear any more.
    pub(super) fn supervisor_answers(
        &mut self,
        now: Timestamp,
        call: CallId,
        turn: &mut Turn,
    ) -> bool {
        let room = self.rooms.get(&call);
        let Some(present) = room.and_then(|room| room.supervisor.as_ref()) else {
            return false;
        };
        let command = Command::Supervise {
            call,
            supervisor: present.id.clone(),
            mode: present.mode,
        };
        self.ask(now, command, turn).is_ok()
    }

    /// The supervisor's leg is over, whoever ended it.
    pub(super) fn supervisor_left(
        &mut self,
        now: Timestamp,
        call: CallId,
        why: LegEnd,
        turn: &mut Turn,
    ) {
        let room = self.rooms.get_mut(&call);
        let Some(present) = room.and_then(|room| room.supervisor.take()) else {
            return;
        };
        if present.joined {
            let leaves = Command::EndSupervision {
                supervisor: present.id,
                broken: matches!(why, LegEnd::Broken),
            };
            let _ = self.ask(now, leaves, turn);
        }
    }

    pub(super) fn react_to_supervision(
        &mut self,
        now: Timestamp,
        fact: &SupervisionEvent,
        turn: &mut Turn,
    ) {
        let call = fact.call();
        match fact {
            SupervisionEvent::Started { mode, .. } | SupervisionEvent::Changed { mode, .. } => {
                let room = self.rooms.get_mut(&call);
                if let Some(present) = room.and_then(|room| room.supervisor.as_mut()) {
                    (present.joined, present.mode) = (true, *mode);
                    self.mix(call, turn);
                }
            }
            SupervisionEvent::Ended { .. } => self.dismiss_supervisor(now, call, turn),
        }
    }

    /// Hangs up on a supervisor, in the talk or still rung: the media plane lets the others talk on.
    pub(super) fn dismiss_supervisor(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let room = self.rooms.get_mut(&call);
        if let Some(present) = room.and_then(|room| room.supervisor.take()) {
            self.leg(now, LegCommand::HangUp { leg: present.leg }, turn);
        }
    }

    /// The call whose talk a supervisor is in, or is rung for.
    fn rung_for(&self, supervisor: &OperatorId) -> Option<CallId> {
        let mut rooms = self.rooms.iter();
        let found = rooms.find(|(_, room)| {
            let present = room.supervisor.as_ref();
            present.is_some_and(|present| present.id == *supervisor)
        });
        found.map(|(call, _)| *call)
    }
}
