//! What an operator may do from the desk.

use acd::Command;
use cases::Wish;
use cases::notify::Plan;
use events::{
    Act, CallId, Channel, Event, LineId, OperatorId, Pii, ScriptEvent, SupervisionMode, Timestamp,
    TrainingEvent,
};
use sip_gateway::boundary::LegCommand;

use super::{PhoneKey, Switchboard, Turn};
use crate::script_texts::TextWish;

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
    /// Come into somebody else's talk, or let others hear oneself there.
    Supervise {
        /// The call.
        call: CallId,
        /// Who asks.
        supervisor: OperatorId,
        /// Who hears them.
        mode: SupervisionMode,
    },
    /// Leave it.
    StopSupervising {
        /// Who asks.
        supervisor: OperatorId,
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
    /// Note something about the way through the script.
    Script(ScriptEvent),
    /// Note something about training.
    Train(Box<TrainingEvent>),
    /// Propose a text of the scripts folder, approve or reject one.
    Text(TextWish),
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
            DeskAction::Acd(command) => {
                let command = self.outside_allowed(command)?;
                self.ask(now, command, turn)
                    .map_err(|refusal| refusal.to_string())
            }
            DeskAction::Write {
                call,
                operator,
                text,
            } => self.operator_writes(call, &operator, text, (now, turn)),
            DeskAction::HangUp { call, operator } => {
                let leg = match self.hang_up_beside((call, &operator))? {
                    Some(leg) => leg,
                    None => self.talking_leg(call, &operator)?,
                };
                self.leg(now, LegCommand::HangUp { leg }, turn);
                Ok(())
            }
            DeskAction::Phone {
                call,
                operator,
                key,
            } => self.phone_key((call, &operator), key, (now, turn)),
            DeskAction::Script(fact) => self.script_wish(now, fact, turn),
            DeskAction::Train(fact) => {
                self.note(now, Event::Training(*fact), turn);
                Ok(())
            }
            DeskAction::Text(wish) => self.text_wish(now, wish, turn),
            DeskAction::Supervise {
                call,
                supervisor,
                mode,
            } => self.supervise(now, (call, supervisor), mode, turn),
            DeskAction::StopSupervising { supervisor } => {
                self.stop_supervising(now, &supervisor, turn)
            }
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
