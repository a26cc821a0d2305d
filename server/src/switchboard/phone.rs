//! What an operator does with the phone from the desk, in the same way for a phone in the browser
//! and for one that stands beside it.

use acd::Command;
use events::{CallId, LegId, MissedWhy, OperatorId, Timestamp};
use serde::Deserialize;
use sip_gateway::boundary::{LegCommand, MediaCommand, PlayId};

use super::{Effect, Switchboard, Turn};

/// A key of the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKey {
    /// Take the call that rings in the browser.
    PickUp,
    /// Refuse the call that rings.
    Decline,
    /// Put the caller on hold: music for them, silence for the operator.
    Hold,
    /// Take the caller back.
    Resume,
    /// Let the caller not hear the operator.
    Mute,
    /// Let the caller hear the operator again.
    Unmute,
}

impl Switchboard {
    /// # Errors
    /// What the phone cannot do now, in Russian.
    pub(super) fn phone_key(
        &mut self,
        (call, operator): (CallId, &OperatorId),
        key: PhoneKey,
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        match key {
            PhoneKey::PickUp => self.pick_up((call, operator), (now, turn)),
            PhoneKey::Decline => self.decline((call, operator), (now, turn)),
            PhoneKey::Hold => self.hold((call, operator), true, (now, turn)),
            PhoneKey::Resume => self.hold((call, operator), false, (now, turn)),
            PhoneKey::Mute => self.mute((call, operator), true, (now, turn)),
            PhoneKey::Unmute => self.mute((call, operator), false, (now, turn)),
        }
    }

    fn pick_up(
        &mut self,
        (call, operator): (CallId, &OperatorId),
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        let leg = self.ringing_leg(call, operator)?;
        if !self.gateway.rings_in_browser(leg) {
            return Err("Этот звонок пришёл на SIP-телефон: снимите трубку на нём".to_owned());
        }
        self.leg(now, LegCommand::PickUp { leg }, turn);
        Ok(())
    }

    fn decline(
        &mut self,
        (call, operator): (CallId, &OperatorId),
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        self.ringing_leg(call, operator)?;
        let declines = Command::OfferFails {
            call,
            operator: operator.clone(),
            why: MissedWhy::Declined,
        };
        self.ask(now, declines, turn)
            .map_err(|refusal| refusal.to_string())
    }

    fn hold(
        &mut self,
        (call, operator): (CallId, &OperatorId),
        held: bool,
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        let leg = self.talking_leg(call, operator)?;
        self.ask(now, Command::Hold { call, held }, turn)
            .map_err(|refusal| refusal.to_string())?;
        if held {
            self.begin_hold(call, leg, (now, turn));
        }
        Ok(())
    }

    fn begin_hold(&mut self, call: CallId, leg: LegId, (now, turn): (Timestamp, &mut Turn)) {
        let play = PlayId(self.next_play);
        let Some(room) = self.rooms.get_mut(&call).filter(|room| !room.held) else {
            return;
        };
        self.next_play += 1;
        room.held = true;
        turn.effects.push(Effect::Play {
            leg: room.caller,
            play,
            phrases: vec![self.setup.music.clone()],
            manner: room.manner,
            repeat: true,
        });
        self.leg(now, LegCommand::Mute { leg, muted: true }, turn);
    }

    /// The talk goes on, whoever took the caller back: the desk or the phone itself.
    pub(super) fn end_hold(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call).filter(|room| room.held) else {
            return;
        };
        room.held = false;
        let (leg, caller, muted) = (room.talking_leg(), room.caller, room.muted);
        let stop = MediaCommand::StopPlaying { leg: caller };
        turn.effects.push(Effect::Media(stop));
        if let Some(leg) = leg {
            self.leg(now, LegCommand::Mute { leg, muted }, turn);
        }
    }

    fn mute(
        &mut self,
        (call, operator): (CallId, &OperatorId),
        muted: bool,
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        if self.is_consulted(call, operator) {
            return self.mute_consulted((call, operator), muted, (now, turn));
        }
        let leg = self.talking_leg(call, operator)?;
        let Some(room) = self.rooms.get_mut(&call) else {
            return Ok(());
        };
        room.muted = muted;
        if !room.held {
            self.leg(now, LegCommand::Mute { leg, muted }, turn);
        }
        Ok(())
    }

    fn mute_consulted(
        &mut self,
        (call, operator): (CallId, &OperatorId),
        muted: bool,
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        let Some(room) = self.rooms.get_mut(&call) else {
            return Ok(());
        };
        room.consulted_muted = muted;
        if let Some(leg) = room.operators.get(operator).copied() {
            self.leg(now, LegCommand::Mute { leg, muted }, turn);
        }
        Ok(())
    }

    fn ringing_leg(&self, call: CallId, operator: &OperatorId) -> Result<LegId, String> {
        self.rooms
            .get(&call)
            .filter(|room| room.talking.as_ref() != Some(operator))
            .and_then(|room| room.operators.get(operator).copied())
            .ok_or_else(|| "Этот звонок вам больше не звонит".to_owned())
    }

    /// The leg of the operator who talks with the caller.
    pub(super) fn talking_leg(&self, call: CallId, operator: &OperatorId) -> Result<LegId, String> {
        self.rooms
            .get(&call)
            .filter(|room| room.talking.as_ref() == Some(operator))
            .and_then(|room| room.operators.get(operator).copied())
            .ok_or_else(|| acd::Refusal::NoSuchCall.to_string())
    }
}
