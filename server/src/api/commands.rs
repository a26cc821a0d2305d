//! What an operator may do from the desk, as it comes over the wire.

use acd::Command;
use events::{
    Act, CallId, CallOutcome, ChosenBy, ClientType, NeedCode, NotReadyReason, OperatorId, Pii,
    QueueId, ScriptId, ServiceId, TransferTarget,
};
use serde::{Deserialize, Deserializer};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::problem::Problem;
use super::{Api, DeskRequest};
use crate::switchboard::{DeskAction, PhoneKey};

/// A step's name is no longer than this.
const STEP_MAX_BYTES: usize = 64;
/// A line to a caller who reads is no longer than this.
const LINE_MAX_CHARS: usize = 500;

/// A call's number on the wire: `C17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallNumber(pub(super) CallId);

impl CallNumber {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text
            .strip_prefix('C')
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().map(|number| Self(CallId(number)))
    }
}

impl<'de> Deserialize<'de> for CallNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a call is written like C17"))
    }
}

/// What the operator wants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(super) enum DeskCommand {
    /// Open the desk.
    SignIn,
    /// Leave the desk.
    SignOut,
    /// Take calls.
    Ready,
    /// Take no calls; during a talk from the end of the after-call work on.
    NotReady {
        /// A pause of the configuration: see `pauses` of `/api/v1/reasons`.
        #[schema(value_type = String)]
        reason: NotReadyReason,
    },
    /// Correct the service.
    ChooseService {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// A service of the call's line, or `undetermined`.
        #[schema(value_type = String)]
        service: ServiceId,
    },
    /// Hand the caller on.
    Transfer {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// To whom.
        to: TransferTo,
    },
    /// State how the call ended.
    Disposition {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// `answered`, `transferred`, `way_given` or `callback`.
        #[schema(value_type = String)]
        outcome: CallOutcome,
        /// `1`–`9`.
        #[schema(value_type = String)]
        need: NeedCode,
        /// `citizen`, `entrepreneur`, `company`, `internal`, or nothing.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        client: Option<ClientType>,
    },
    /// End the after-call work.
    FinishWrapUp,
    /// More time for the after-call work.
    ExtendWrapUp,
    /// Tick a step of the operator's script, or take the tick back.
    TickStep {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The script's id.
        #[schema(value_type = String)]
        script: ScriptId,
        /// The step's id.
        step: String,
        /// Ticked or not.
        done: bool,
    },
    /// Write to the caller of the talk, who reads.
    Write {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// The line, at most 500 characters.
        text: String,
    },
    /// Press a key of the phone: `pick_up`, `decline`, `hold`, `resume`, `mute`, `unmute`.
    Phone {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
        /// Which key.
        key: PhoneKey,
    },
    /// Have read a message: a number of `messages`.
    ReadMessage {
        /// Which.
        message: u64,
    },
    /// End the talk; the caller stays for the rating.
    HangUp {
        /// The call on the desk, `C17`.
        #[schema(value_type = String)]
        call: CallNumber,
    },
}

/// To whom a caller is handed on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum TransferTo {
    /// A login.
    Operator(String),
    /// A queue's id.
    Queue(String),
}

/// Sends the wish of an operator to the distribution and waits for its answer.
pub(super) async fn carry_out(
    api: &Api,
    operator: OperatorId,
    command: DeskCommand,
) -> Result<(), Problem> {
    let action = action(api, operator, command)?;
    send(api, action).await
}

/// Sends a wish of anybody's and waits until it is granted.
pub(super) async fn send(api: &Api, action: DeskAction) -> Result<(), Problem> {
    let (reply, answer) = oneshot::channel();
    let stopping = || Problem::unavailable("Служба останавливается: команда не выполнена");
    let request = DeskRequest { action, reply };
    api.house
        .commands
        .send(request)
        .await
        .map_err(|_| stopping())?;
    answer
        .await
        .map_err(|_| stopping())?
        .map_err(Problem::refused)
}

fn action(api: &Api, operator: OperatorId, wish: DeskCommand) -> Result<DeskAction, Problem> {
    let command = match wish {
        DeskCommand::SignIn => Command::SignIn { operator },
        DeskCommand::SignOut => Command::SignOut { operator },
        DeskCommand::Ready => Command::BecomeReady { operator },
        DeskCommand::NotReady { reason } => Command::BecomeNotReady {
            operator,
            reason: chosen(api, reason)?,
        },
        DeskCommand::ChooseService { call, service } => {
            let call = on_desk(api, &operator, call)?;
            if !api.desk().services_for(call).contains(&service) {
                return Err(Problem::malformed("На этой линии нет такой услуги"));
            }
            Command::ChooseService {
                call,
                service,
                by: ChosenBy::Operator,
            }
        }
        DeskCommand::Transfer { call, to } => Command::Transfer {
            call: on_desk(api, &operator, call)?,
            operator,
            to: to.into(),
        },
        DeskCommand::Disposition {
            call,
            outcome,
            need,
            client,
        } => {
            let call = on_desk(api, &operator, call)?;
            Command::SetDisposition {
                call,
                operator,
                outcome,
                need,
                client,
            }
        }
        DeskCommand::FinishWrapUp => Command::FinishWrapUp { operator },
        DeskCommand::ExtendWrapUp => Command::ExtendWrapUp { operator },
        DeskCommand::TickStep {
            call,
            script,
            step,
            done,
        } => {
            known_step(api, &script, &step)?;
            Command::TickStep {
                call: on_desk(api, &operator, call)?,
                operator,
                script,
                step,
                done,
            }
        }
        DeskCommand::Write { call, text } => {
            let call = on_desk(api, &operator, call)?;
            return write(call, operator, &text);
        }
        DeskCommand::ReadMessage { message } => return read(api, operator, message),
        DeskCommand::Phone { call, key } => return press(api, operator, call, key),
        DeskCommand::HangUp { call } => {
            let call = on_desk(api, &operator, call)?;
            return Ok(DeskAction::HangUp { call, operator });
        }
    };
    Ok(DeskAction::Acd(command))
}

fn read(api: &Api, operator: OperatorId, message: u64) -> Result<DeskAction, Problem> {
    if !api.desk().has_unread(&operator, message) {
        let what = "Сообщение уже прочитано или его нет";
        return Err(Problem::refused(what.to_owned()));
    }
    Ok(DeskAction::Administer {
        by: Some(operator),
        act: Act::MessageRead { message },
    })
}

fn press(
    api: &Api,
    operator: OperatorId,
    call: CallNumber,
    key: PhoneKey,
) -> Result<DeskAction, Problem> {
    let call = on_desk(api, &operator, call)?;
    Ok(DeskAction::Phone {
        call,
        operator,
        key,
    })
}

impl From<TransferTo> for TransferTarget {
    fn from(to: TransferTo) -> Self {
        match to {
            TransferTo::Operator(login) => Self::Operator(OperatorId::new(login)),
            TransferTo::Queue(queue) => Self::Queue(QueueId::new(queue)),
        }
    }
}

fn write(call: CallId, operator: OperatorId, text: &str) -> Result<DeskAction, Problem> {
    let text = Pii::new(line_of(text)?);
    Ok(DeskAction::Write {
        call,
        operator,
        text,
    })
}

/// Nobody touches a call that is not on their own desk.
pub(super) fn on_desk(
    api: &Api,
    operator: &OperatorId,
    call: CallNumber,
) -> Result<CallId, Problem> {
    let own = api.desk().call_of(operator);
    own.filter(|own| *own == call.0)
        .ok_or_else(|| Problem::refused("Этого звонка уже нет на вашем рабочем месте".into()))
}

/// A line as it is sent: without control characters, neither empty nor too long.
fn line_of(text: &str) -> Result<String, Problem> {
    let line: String = text.chars().filter(|c| !c.is_control()).collect();
    let line = line.trim();
    if line.is_empty() || line.chars().count() > LINE_MAX_CHARS {
        return Err(Problem::malformed(
            "В строке должно быть от 1 до 500 знаков",
        ));
    }
    Ok(line.to_owned())
}

/// A pause of the configuration; none of the system's own reasons.
pub(super) fn chosen(api: &Api, reason: NotReadyReason) -> Result<NotReadyReason, Problem> {
    let mut pauses = api.house.organisation.pauses.iter();
    if pauses.any(|pause| pause.reason == reason) {
        Ok(reason)
    } else if reason.is_systems() {
        Err(Problem::malformed("Эту причину ставит только система"))
    } else {
        Err(Problem::malformed("Такой причины перерыва нет"))
    }
}

fn known_step(api: &Api, script: &ScriptId, step: &str) -> Result<(), Problem> {
    let mut scripts = api.house.scripts.iter();
    let found = scripts
        .find(|known| known.id == *script)
        .is_some_and(|s| s.has_step(step));
    if found && step.len() <= STEP_MAX_BYTES {
        Ok(())
    } else {
        Err(Problem::malformed("В сценарии нет такого шага"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_read_as_the_page_sends_them() {
        let read =
            |text: &str| serde_json::from_str::<DeskCommand>(text).map_err(|e| e.to_string());
        assert_eq!(read(r#"{"command":"ready"}"#), Ok(DeskCommand::Ready));
        let lunch = DeskCommand::NotReady {
            reason: NotReadyReason::Lunch,
        };
        assert_eq!(
            read(r#"{"command":"not_ready","reason":"lunch"}"#),
            Ok(lunch)
        );
        let to = TransferTo::Operator("operator2".into());
        assert_eq!(
            read(r#"{"command":"transfer","call":"C17","to":{"operator":"operator2"}}"#),
            Ok(DeskCommand::Transfer {
                call: CallNumber(CallId(17)),
                to
            })
        );
        assert!(read(r#"{"command":"transfer","call":"17","to":{"queue":"q"}}"#).is_err());
        assert!(read(r#"{"command":"rate","score":5}"#).is_err());
        assert!(CallNumber::parse("C+1").is_none());
        assert!(CallNumber::parse("C18446744073709551615").is_some());
        assert!(CallNumber::parse("C18446744073709551616").is_none());
    }
}
