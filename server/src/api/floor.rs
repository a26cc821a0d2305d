//! The room beside the board: callers who wait, moves, messages to operators.

use acd::Command;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use events::{Act, Audience, Destination, OperatorId, Pii, QueueId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::commands::{CallNumber, send};
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::desk::FloorView;
use crate::switchboard::DeskAction;

/// A message is no longer than this, characters.
const MESSAGE_MAX: usize = 400;

/// Зал: кто ждёт, сообщения сотрудникам
#[utoipa::path(get, path = "/api/v1/floor", tag = "Старший смены",
    responses(
        (status = 200, description = "Ожидающие и сообщения", body = FloorView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>) -> Json<FloorView> {
    let floor = api.desk().floor(api.now());
    Json(floor)
}

/// Where a caller goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveBody {
    /// `"front"`, `{"queue": id}` or `{"operator": login}`.
    to: Whither,
}

/// Where to.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whither {
    /// To the head of the queue they wait in.
    Front,
    /// To a queue, in the place of their arrival.
    Queue(String),
    /// To an operator who is free.
    Operator(String),
}

/// Переместить звонок
#[utoipa::path(post, path = "/api/v1/calls/{call}/move", tag = "Старший смены",
    request_body = MoveBody,
    params(("call" = String, Path, description = "Номер звонка, C17")),
    responses(
        (status = 204, description = "Перемещён; место по времени обращения сохранено"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Нельзя; почему — в ответе", body = ProblemBody),
        (status = 422, description = "Не понято", body = ProblemBody),
    ))]
pub(super) async fn relocate(
    State(api): State<Api>,
    by: SignedIn,
    Path(call): Path<String>,
    Body(body): Body<MoveBody>,
) -> Result<StatusCode, Problem> {
    let call = CallNumber::parse(&call)
        .ok_or_else(|| Problem::malformed("Номер звонка записывается так: C17"))?;
    let to = match body.to {
        Whither::Front => Destination::Front,
        Whither::Queue(queue) => Destination::Queue(QueueId::new(queue)),
        Whither::Operator(login) => Destination::Operator(OperatorId::new(login)),
    };
    let command = Command::MoveCall {
        by: by.operator,
        call: call.0,
        to,
    };
    send(&api, DeskAction::Acd(command)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A message to operators.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageBody {
    /// `"everybody"`, `{"queue": id}` or `{"operator": login}`.
    to: Whom,
    /// The words, at most 400 characters.
    text: String,
}

/// To whom.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whom {
    /// To everybody at the desks.
    Everybody,
    /// To those at the desks who serve a queue.
    Queue(String),
    /// To one, at the desk or not.
    Operator(String),
}

/// Сообщение сотрудникам
#[utoipa::path(post, path = "/api/v1/messages", tag = "Старший смены",
    request_body = MessageBody,
    responses(
        (status = 204, description = "На экранах, пока не прочитают"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 422, description = "Пусто, слишком длинно, или такого получателя нет", body = ProblemBody),
    ))]
pub(super) async fn message(
    State(api): State<Api>,
    by: SignedIn,
    Body(body): Body<MessageBody>,
) -> Result<StatusCode, Problem> {
    let text = body.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.chars().count() > MESSAGE_MAX {
        let what = format!("В сообщении должно быть от 1 до {MESSAGE_MAX} знаков");
        return Err(Problem::malformed(what));
    }
    let house = &api.house.organisation;
    let to = match body.to {
        Whom::Everybody => Audience::Everybody,
        Whom::Queue(queue) => Audience::Queue(QueueId::new(queue)),
        Whom::Operator(login) => Audience::Operator(OperatorId::new(login)),
    };
    let is_known = match &to {
        Audience::Everybody => true,
        Audience::Queue(queue) => house.queues.contains_key(queue),
        Audience::Operator(operator) => house.operators.contains_key(operator),
    };
    if !is_known {
        return Err(Problem::malformed("Такого получателя нет"));
    }
    let text = Pii::new(text);
    api.administer(by.operator, Act::MessageSent { to, text })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
