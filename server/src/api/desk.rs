//! An operator's own desk.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::commands::carry_out;
use super::desk_command::DeskCommand;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::desk::{DeskView, RoomView};

/// A desk, and what it shows of the room.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeDesk {
    #[serde(flatten)]
    desk: DeskView,
    /// Queues and colleagues.
    room: RoomView,
}

/// Рабочее место сейчас
#[utoipa::path(get, path = "/api/v1/desk", tag = "Рабочее место",
    responses(
        (status = 200, description = "Состояние, звонок, очереди, коллеги", body = WholeDesk),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>, by: SignedIn) -> Result<Json<WholeDesk>, Problem> {
    let all = api.desk();
    let room = all.room();
    let desk = all.view(&by.operator, api.now());
    let whole = desk.map(|desk| Json(WholeDesk { desk, room }));
    whole.ok_or_else(Problem::signed_out)
}

/// Выполнить команду оператора
#[utoipa::path(post, path = "/api/v1/desk/commands", tag = "Рабочее место",
    request_body = DeskCommand,
    responses(
        (status = 204, description = "Выполнено"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 409, description = "Сейчас нельзя; почему — в ответе", body = ProblemBody),
        (status = 422, description = "Команда не понята", body = ProblemBody),
    ))]
pub(super) async fn command(
    State(api): State<Api>,
    by: SignedIn,
    Body(command): Body<DeskCommand>,
) -> Result<StatusCode, Problem> {
    carry_out(&api, by.operator, command).await?;
    Ok(StatusCode::NO_CONTENT)
}
