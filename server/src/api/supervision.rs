//! A supervisor in an operator's talk: comes in, is heard or not, leaves.

use axum::extract::State;
use axum::http::StatusCode;
use events::SupervisionMode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::commands::CallNumber;
use super::notifications::act;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::switchboard::DeskAction;

/// Whose talk, and who shall hear the supervisor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Supervise {
    /// The call of an operator's talk, `C17`.
    #[schema(value_type = String)]
    call: CallNumber,
    /// `listen`: nobody; `whisper`: the operator; `barge`: everybody.
    #[schema(value_type = String)]
    mode: SupervisionMode,
}

/// Слушать разговор, подсказывать оператору или включиться
#[utoipa::path(post, path = "/api/v1/supervision", tag = "Старший смены",
    request_body = Supervise,
    responses(
        (status = 204, description = "Звонит телефон старшего, или разговор слышен по-новому"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Сейчас нельзя; почему — в ответе", body = ProblemBody),
        (status = 422, description = "Просьба не понята", body = ProblemBody),
    ))]
pub(super) async fn start(
    State(api): State<Api>,
    by: SignedIn,
    Body(wish): Body<Supervise>,
) -> Result<StatusCode, Problem> {
    let action = DeskAction::Supervise {
        call: wish.call.0,
        supervisor: by.operator,
        mode: wish.mode,
    };
    act(&api, action).await
}

/// Выйти из чужого разговора
#[utoipa::path(delete, path = "/api/v1/supervision", tag = "Старший смены",
    responses(
        (status = 204, description = "Старший вышел, разговор идёт дальше"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Старший не подключён к разговору", body = ProblemBody),
    ))]
pub(super) async fn stop(State(api): State<Api>, by: SignedIn) -> Result<StatusCode, Problem> {
    let supervisor = by.operator;
    act(&api, DeskAction::StopSupervising { supervisor }).await
}
