//! Numbers outside: which of them operators may dial, and callers who are handed on to them.

use acd::{Command, ConsultStep};
use cases::notify::Address;
use events::{
    CallId, Channel, ConsultationOutcome, LegRole, OutsideEvent, Pii, Timestamp, TransferTarget,
};
use sip_gateway::boundary::{LegCommand, LegEnd, MediaCommand};

use super::{Effect, Switchboard, Turn};

/// The music, of 24 seconds, is played so often to a caller for whom a number outside is rung: longer
/// than it ever rings.
const LOOPS: usize = 4;

/// How operators call numbers outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideSetup {
    /// By this trunk.
    pub trunk: String,
    /// The name shown beside the number.
    pub display: String,
    /// What a number has to begin with, in the house's spelling: `+7495`, `+78002000600`.
    pub prefixes: Vec<String>,
    /// The address book's numbers, in the same spelling.
    pub numbers: Vec<String>,
}

impl OutsideSetup {
    /// The number in the house's spelling.
    ///
    /// # Errors
    /// Why it may not be dialled, in Russian.
    pub fn allowed(&self, number: &Pii<String>) -> Result<Pii<String>, String> {
        let Some(address) = Address::parse(Channel::Voice, number.expose()) else {
            return Err("номер не читается: нужны цифры, например +7 495 123-45-67".to_owned());
        };
        let number = address.text();
        let fits = |prefix: &String| number.expose().starts_with(prefix.as_str());
        if self.prefixes.iter().any(fits) || self.numbers.contains(number.expose()) {
            Ok(number.clone())
        } else {
            Err("на этот номер звонить не разрешено".to_owned())
        }
    }
}

impl Switchboard {
    pub(super) fn follow_outside(&mut self, now: Timestamp, fact: &OutsideEvent, turn: &mut Turn) {
        match fact {
            OutsideEvent::Dialled { call, number, .. } => {
                let music = std::iter::repeat_n(self.setup.music.clone(), LOOPS);
                let phrases = std::iter::once(self.setup.transfer.clone()).chain(music);
                self.play(*call, phrases.collect(), false, turn);
                self.call_outside(now, *call, number, turn);
            }
            OutsideEvent::Joined { call, .. } => {
                let Some(room) = self.rooms.get_mut(call) else {
                    return;
                };
                room.play = None;
                if let Some(operator) = room.outside {
                    let caller = room.caller;
                    let bridge = MediaCommand::Bridge { caller, operator };
                    turn.effects.push(Effect::Media(bridge));
                }
            }
            OutsideEvent::Missed { call, .. } | OutsideEvent::Ended { call, .. } => {
                let leg = self.rooms.get_mut(call);
                if let Some(leg) = leg.and_then(|room| room.outside.take()) {
                    self.leg(now, LegCommand::HangUp { leg }, turn);
                }
            }
        }
    }

    /// Rings a number outside in the name of the call's line.
    pub(super) fn call_outside(
        &mut self,
        now: Timestamp,
        call: CallId,
        number: &Pii<String>,
        turn: &mut Turn,
    ) {
        let Some(outside) = self.setup.outside.clone() else {
            return self.outside_ends(now, call, LegEnd::Broken, turn);
        };
        let leg = self.gateway.new_leg();
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        room.outside = Some(leg);
        let command = LegCommand::Call {
            leg,
            trunk: outside.trunk,
            number: number.clone(),
            line: room.line.as_str().to_owned(),
            display: outside.display,
            beside: Some(room.caller),
        };
        self.legs.insert(leg, (call, LegRole::Outside));
        self.leg(now, command, turn);
    }

    /// The leg of a number outside is over.
    pub(super) fn outside_ends(
        &mut self,
        now: Timestamp,
        call: CallId,
        why: LegEnd,
        turn: &mut Turn,
    ) {
        if let Some(room) = self.rooms.get_mut(&call) {
            room.outside = None;
        }
        let why = match why {
            LegEnd::Local => return, // we hung up: what follows is known
            LegEnd::Remote => ConsultationOutcome::Left,
            LegEnd::Refused(486 | 600) => ConsultationOutcome::Busy,
            LegEnd::Refused(403 | 603 | 607) => ConsultationOutcome::Declined,
            LegEnd::Refused(408 | 480 | 487) => ConsultationOutcome::NoAnswer,
            LegEnd::Refused(_) | LegEnd::Broken => ConsultationOutcome::Unreachable,
        };
        let _ = self.ask(now, Command::OutsideGone { call, why }, turn);
    }

    /// A wish of the desk, with the number outside as it is dialled if it is about one.
    ///
    /// # Errors
    /// Why the number may not be dialled, in Russian.
    pub(super) fn outside_allowed(&self, mut command: Command) -> Result<Command, String> {
        if let Command::Transfer {
            to: TransferTarget::Outside(number),
            ..
        }
        | Command::Consult {
            step: ConsultStep::Start(TransferTarget::Outside(number)),
            ..
        } = &mut command
        {
            let outside = self.setup.outside.as_ref().ok_or_else(|| {
                "звонки на внешние номера не настроены: раздел [outside] настроек".to_owned()
            })?;
            *number = outside.allowed(number)?;
        }
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_is_dialled_however_it_is_written() {
        let outside = OutsideSetup {
            trunk: "carrier".into(),
            display: String::new(),
            prefixes: vec!["+7495".into()],
            numbers: vec!["+78002000600".into()],
        };
        let dialled = |number: &str| {
            let allowed = outside.allowed(&Pii::new(number.to_owned()));
            allowed.map(Pii::into_inner)
        };
        assert_eq!(dialled("8 (495) 123-45-67"), Ok("+74951234567".to_owned()));
        assert_eq!(dialled("+7 495 123-45-67"), Ok("+74951234567".to_owned()));
        assert_eq!(dialled("88002000600"), Ok("+78002000600".to_owned()));
        assert!(dialled("+78002000601").is_err());
        assert!(dialled("+3725555555").is_err());
        assert!(dialled("8495x").is_err());
        assert!(dialled("").is_err());
    }
}
