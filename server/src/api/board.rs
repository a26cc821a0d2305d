//! The supervisor's board.

use axum::Json;
use axum::extract::State;

use super::Api;
use super::problem::ProblemBody;
use crate::desk::BoardView;

/// Табло смены
#[utoipa::path(get, path = "/api/v1/board", tag = "Старший смены",
    responses(
        (status = 200, description = "Очереди, операторы, итоги дня", body = BoardView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>) -> Json<BoardView> {
    let board = api.desk().board(api.now());
    Json(board)
}
