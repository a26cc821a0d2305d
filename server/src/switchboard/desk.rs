//! What an operator may do from the desk.

use acd::Command;
use cases::Wish;
use cases::notify::Plan;
use events::{Act, CallId, Channel, Event, LineId, OperatorId, Pii, Timestamp};
use sip_gateway::boundary::LegCommand;

use super::{PhoneKey, Switchboard, Turn};

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
    /// Press a key of the phone.
    Phone {
        /// The call.
        call: CallId,
        /// Who asks.
        operator: OperatorId,
        /// Which key.
        key: PhoneKey,
    },
    /// Write to the caller of the talk.
    Write {
        /// The call.
        call: CallId,
        /// Who writes.
        operator: OperatorId,
        /// What.
        text: Pii<String>,
    },
    /// State something about a case.
    Case(Wish),
    /// Tell somebody something.
    Tell(Box<Plan>),
    /// Tell many people something, those who may be told.
    TellAll(Vec<Plan>),
    /// Somebody allowed or forbade notifications.
    SetConsent {
        /// Whose number or address.
        address: String,
        /// Of these channels.
        channels: Vec<Channel>,
        /// Allowed from now on.
        allowed: bool,
    },
    /// Something for the audit trail.
    Administer {
        /// Who did it.
        by: Option<OperatorId>,
        /// What.
        act: Act,
    },
    /// What callers hear first from now on (row #55).
    Broadcast {
        /// On this line; on every line if none.
        line: Option<LineId>,
        /// The words; none takes them back.
        text: Option<String>,
        /// Taken back at this time; by hand only if none.
        until: Option<Timestamp>,
        /// Who says so.
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
            DeskAction::Write {
                call,
                operator,
                text,
            } => self.operator_writes(call, &operator, text, (now, turn)),
            DeskAction::HangUp { call, operator } => {
                let leg = self.talking_leg(call, &operator)?;
                self.leg(now, LegCommand::HangUp { leg }, turn);
                Ok(())
            }
            DeskAction::Phone {
                call,
                operator,
                key,
            } => self.phone_key((call, &operator), key, (now, turn)),
            DeskAction::Case(wish) => self.case_wish(now, &wish, turn),
            DeskAction::Tell(plan) => self.plan(now, *plan, turn),
            DeskAction::TellAll(plans) => self.plan_all(now, plans, turn),
            DeskAction::SetConsent {
                address,
                channels,
                allowed,
            } => self.set_consent(now, (&address, channels), allowed, turn),
            DeskAction::Administer { by, act } => {
                self.note(now, Event::Administered { by, act }, turn);
                Ok(())
            }
            DeskAction::Broadcast {
                line,
                text,
                until,
                operator,
            } => self.set_broadcast(now, (line, text, until), operator, turn),
        }
    }
}
