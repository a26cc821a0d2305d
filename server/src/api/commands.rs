//! What becomes of an operator's wish.

use acd::{Command, ConsultStep};
use events::{Act, CallId, ChosenBy, NotReadyReason, OperatorId, Pii};
use tokio::sync::oneshot;

pub(super) use super::call_number::CallNumber;
use super::desk_command::DeskCommand;
use super::problem::Problem;
use super::script_commands::{Writer, known_step};
use super::{Api, DeskRequest};
use crate::switchboard::{DeskAction, PhoneKey};

/// A line to a caller who reads is no longer than this.
const LINE_MAX_CHARS: usize = 500;

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

#[expect(
    clippy::too_many_lines,
    reason = "one arm a command, each of them plain"
)]
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
        DeskCommand::Consult { call, with } => {
            consult((api, operator), call, ConsultStep::Start(with.into()))?
        }
        DeskCommand::Swap { call } => consult((api, operator), call, ConsultStep::Swap)?,
        DeskCommand::EndConsultation { call } => {
            consult((api, operator), call, ConsultStep::Return)?
        }
        DeskCommand::CompleteTransfer { call } => {
            consult((api, operator), call, ConsultStep::Complete)?
        }
        DeskCommand::Conference { call } => {
            consult((api, operator), call, ConsultStep::Conference)?
        }
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
            known_step(&(api.house.handbook)().scripts, &script, &step)?;
            Command::TickStep {
                call: on_desk(api, &operator, call)?,
                operator,
                script,
                step,
                done,
            }
        }
        DeskCommand::AnswerStep {
            call,
            script,
            step,
            answer,
        } => return writer(api, operator, call).answer((script, step), answer),
        DeskCommand::OwnWords { call, script, step } => {
            return writer(api, operator, call).own_words(script, step);
        }
        DeskCommand::NoteField { call, field, value } => {
            return writer(api, operator, call).field(field, value.as_deref());
        }
        DeskCommand::Refer { call, body } => return writer(api, operator, call).refer(body),
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

const fn writer(api: &Api, operator: OperatorId, call: CallNumber) -> Writer<'_> {
    Writer {
        api,
        operator,
        call,
    }
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

fn consult(
    (api, operator): (&Api, OperatorId),
    call: CallNumber,
    step: ConsultStep,
) -> Result<Command, Problem> {
    Ok(Command::Consult {
        call: on_desk(api, &operator, call)?,
        operator,
        step,
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

#[cfg(test)]
mod tests {
    use super::super::desk_command::TransferTo;
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
        let with = TransferTo::Outside("+74951234567".into());
        assert_eq!(
            read(r#"{"command":"consult","call":"C17","with":{"outside":"+74951234567"}}"#),
            Ok(DeskCommand::Consult {
                call: CallNumber(CallId(17)),
                with
            })
        );
        assert_eq!(
            read(r#"{"command":"complete_transfer","call":"C17"}"#),
            Ok(DeskCommand::CompleteTransfer {
                call: CallNumber(CallId(17))
            })
        );
        assert!(read(r#"{"command":"transfer","call":"17","to":{"queue":"q"}}"#).is_err());
        assert!(read(r#"{"command":"rate","score":5}"#).is_err());
        assert!(CallNumber::parse("C+1").is_none());
        assert!(CallNumber::parse("C18446744073709551615").is_some());
        assert!(CallNumber::parse("C18446744073709551616").is_none());
    }
}
