//! What an operator does for a caller: the same tasks as the assistant's, by the same rules.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::Wish;
use events::{
    CallbackOutcome, CaseId, CaseNumber, Pii, ServiceId, TaskKind, TaskReply, TaskRequest, Value,
    Values,
};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::body::Body;
use super::cases::CaseTask;
use super::commands::{CallNumber, on_desk};
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use super::{Api, DeskRequest};
use crate::switchboard::{DeskAction, DeskTask};

/// A text is no longer than this, characters: the substance of a complaint.
const TEXT_MAX_CHARS: usize = 4_000;

/// A task. Values are written with their type: `{"text": "…"}`, `{"date": "2026-11-23"}`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskBody {
    /// `find_times`, `book`, `find_booking`, `cancel_booking`, `move_booking`, `check_status`,
    /// `file_complaint`, `request_callback`.
    #[schema(value_type = String)]
    task: TaskKind,
    /// The call on the desk, `C17`; nothing between calls.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    call: Option<CallNumber>,
    /// By name.
    #[serde(default)]
    #[schema(value_type = Object)]
    arguments: Values,
}

/// What came of a task.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskAnswer {
    /// `done`, `none`, `not_found`, `taken`, `refused`, `unavailable`.
    outcome: &'static str,
    /// By name, with their types.
    #[schema(value_type = Object)]
    values: Values,
    /// What may be chosen from.
    #[schema(value_type = Vec<Object>)]
    choices: Vec<Values>,
}

/// Выполнить задачу для звонящего
#[utoipa::path(post, path = "/api/v1/cases/tasks", tag = "Обращения", request_body = TaskBody,
    responses(
        (status = 200, description = "Чем кончилось", body = TaskAnswer),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 409, description = "Звонка нет на рабочем месте", body = ProblemBody),
        (status = 422, description = "Не хватает поля, или оно не того вида", body = ProblemBody),
    ))]
pub(super) async fn carry_out(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<TaskBody>,
) -> Result<Json<TaskAnswer>, Problem> {
    let call = match body.call {
        Some(call) => Some(on_desk(&api, &by.operator, call)?),
        None => None,
    };
    check(&api, body.task, &body.arguments)?;
    let task = DeskTask {
        call,
        operator: by.operator,
        request: TaskRequest {
            task: body.task,
            arguments: Pii::new(body.arguments),
        },
    };
    let (reply, answer) = oneshot::channel();
    let stopping = || Problem::unavailable("Служба останавливается: ничего не сделано");
    let request = CaseTask { task, reply };
    let sent = api.house.cases.tasks.send(request).await;
    sent.map_err(|_| stopping())?;
    let TaskReply {
        outcome,
        values,
        choices,
    } = answer.await.map_err(|_| stopping())?;
    Ok(Json(TaskAnswer {
        outcome: outcome.as_str(),
        values: values.into_inner(),
        choices,
    }))
}

/// Names, types and lengths; what a task cannot do without.
fn check(api: &Api, task: TaskKind, arguments: &Values) -> Result<(), Problem> {
    for (name, value) in arguments {
        let field = task.arguments().iter().find(|field| field.name == name);
        let fits = field.is_some_and(|field| field.kind == value.kind());
        if !fits {
            let what = format!("Поле «{name}» не из этой задачи или другого вида");
            return Err(Problem::malformed(what));
        }
        if let Value::Text(text) | Value::Dictation { words: text, .. } = value
            && text.chars().count() > TEXT_MAX_CHARS
        {
            let what = format!("Поле «{name}» длиннее {TEXT_MAX_CHARS} знаков");
            return Err(Problem::malformed(what));
        }
        // A desk types; recordings are only those of callers.
        if matches!(value, Value::Dictation { file, .. } if !file.is_empty()) {
            return Err(Problem::malformed("Записи делает только помощник"));
        }
        if name == "service"
            && let Value::Choice(service) = value
            && !is_service(api, service)
        {
            return Err(Problem::malformed("Такой услуги нет"));
        }
    }
    let missing = |name: &&str| !arguments.contains_key(*name);
    let required = task.arguments().iter().filter(|field| field.required);
    match required.map(|field| field.name).find(missing) {
        Some(name) => Err(Problem::malformed(format!("Не хватает поля «{name}»"))),
        None => Ok(()),
    }
}

fn is_service(api: &Api, service: &str) -> bool {
    let services = &api.house.organisation.services;
    services.contains_key(&ServiceId::new(service))
}

/// How a callback was settled at the desk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackBody {
    /// `connected` or `cancelled`.
    #[schema(value_type = String)]
    outcome: CallbackOutcome,
}

/// На жалобу дан ответ
#[utoipa::path(post, path = "/api/v1/cases/{number}/answer", tag = "Обращения",
    params(("number" = String, Path, description = "Номер жалобы")),
    responses(
        (status = 204, description = "Отмечено"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 409, description = "Такой жалобы нет, или на неё уже отвечено", body = ProblemBody),
        (status = 422, description = "Номер не читается", body = ProblemBody),
    ))]
pub(super) async fn answer(
    State(api): State<Api>,
    by: SignedIn,
    Path(number): Path<String>,
) -> Result<StatusCode, Problem> {
    state(&api, Wish::AnswerComplaint(case(&number)?, by.operator)).await
}

/// Обратный звонок закрыт
#[utoipa::path(post, path = "/api/v1/cases/{number}/callback", tag = "Обращения",
    request_body = CallbackBody,
    params(("number" = String, Path, description = "Номер обратного звонка")),
    responses(
        (status = 204, description = "Отмечено"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 409, description = "Такого обратного звонка нет, или он закрыт", body = ProblemBody),
        (status = 422, description = "Номер или итог не читается", body = ProblemBody),
    ))]
pub(super) async fn callback(
    State(api): State<Api>,
    _by: SignedIn,
    Path(number): Path<String>,
    Body(body): Body<CallbackBody>,
) -> Result<StatusCode, Problem> {
    match body.outcome {
        CallbackOutcome::Connected | CallbackOutcome::Cancelled => {}
        CallbackOutcome::NoAnswer | CallbackOutcome::Expired => {
            return Err(Problem::malformed("Этот итог ставит только система"));
        }
    }
    state(&api, Wish::EndCallback(case(&number)?, body.outcome)).await
}

fn case(number: &str) -> Result<CaseId, Problem> {
    let number = CaseNumber::parse(number).and_then(|number| number.case());
    number.ok_or_else(|| Problem::malformed("Номер не читается: проверьте цифры"))
}

async fn state(api: &Api, wish: Wish) -> Result<StatusCode, Problem> {
    let (reply, answer) = oneshot::channel();
    let stopping = || Problem::unavailable("Служба останавливается: ничего не отмечено");
    let action = DeskAction::Case(wish);
    let sent = api.house.commands.send(DeskRequest { action, reply }).await;
    sent.map_err(|_| stopping())?;
    answer
        .await
        .map_err(|_| stopping())?
        .map_err(Problem::refused)?;
    Ok(StatusCode::NO_CONTENT)
}
