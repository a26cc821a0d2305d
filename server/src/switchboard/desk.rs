//! What an operator may do from the desk.

use acd::Command;
use events::{CallId, OperatorId, Timestamp};
use sip_gateway::boundary::LegCommand;

use super::{Switchboard, Turn};

/// An operator's wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskAction {
    /// For the distribution to decide.
    Acd(Command),
    /// End the talk: the caller stays for the rating.
    HangUp {
        /// The call.
        call: CallId,
        /// Who asks.
        operator: OperatorId,
    },
}

impl Switchboard {
    pub(super) fn desk(
        &mut self,
        now: Timestamp,
        action: DeskAction,
        turn: &mut Turn,
    ) -> Result<(), String> {
        match action {
            DeskAction::Acd(command) => self
                .ask(now, command, turn)
                .map_err(|refusal| refusal.to_string()),
            DeskAction::HangUp { call, operator } => {
                let leg = self
                    .rooms
                    .get(&call)
                    .filter(|room| room.talking.as_ref() == Some(&operator))
                    .and_then(|room| room.operators.get(&operator).copied())
                    .ok_or_else(|| acd::Refusal::NoSuchCall.to_string())?;
                self.leg(now, LegCommand::HangUp { leg }, turn);
                Ok(())
            }
        }
    }
}
