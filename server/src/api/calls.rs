//! Calls that were, for supervisors.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use events::{CallId, LineId, ServiceId};
use serde::Deserialize;
use serde_json::Value;

use super::body::Asked;
use super::commands::CallNumber;
use super::problem::{Problem, ProblemBody};
use super::reports::{day_begins, day_ends};
use super::{Api, CallFilter};

/// Calls in one answer unless asked otherwise.
const LIMIT: u32 = 100;
/// Calls in one answer at most.
const LIMIT_MAX: u32 = 1_000;

#[derive(Deserialize)]
pub(super) struct CallsQuery {
    line: Option<String>,
    service: Option<String>,
    from: Option<String>,
    to: Option<String>,
    limit: Option<u32>,
}

/// Звонки, новые сначала
#[utoipa::path(get, path = "/api/v1/calls", tag = "Старший смены",
    params(
        ("line" = Option<String>, Query, description = "Номер линии"),
        ("service" = Option<String>, Query, description = "Услуга"),
        ("from" = Option<String>, Query, description = "С этого дня, 2026-11-22"),
        ("to" = Option<String>, Query, description = "По этот день включительно"),
        ("limit" = Option<u32>, Query, description = "Не больше скольких, 1–1000; обычно 100"),
    ),
    responses(
        (status = 200, description = "Строки таблицы звонков", body = Vec<Object>),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 422, description = "День или предел записан неверно", body = ProblemBody),
        (status = 503, description = "База данных недоступна", body = ProblemBody),
    ))]
pub(super) async fn list(
    State(api): State<Api>,
    Asked(query): Asked<CallsQuery>,
) -> Result<Json<Value>, Problem> {
    let offset = api.house.organisation.utc_offset_min;
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::malformed("limit — число от 1 до 1000"));
    }
    let filter = CallFilter {
        line: query.line.map(LineId::new),
        service: query.service.map(ServiceId::new),
        from: query.from.map(|day| day_begins(&day, offset)).transpose()?,
        to: query.to.map(|day| day_ends(&day, offset)).transpose()?,
        limit,
    };
    api.house
        .calls
        .recent(filter)
        .await
        .map(Json)
        .map_err(|e| database(&e))
}

/// Один звонок
#[utoipa::path(get, path = "/api/v1/calls/{call}", tag = "Старший смены",
    params(("call" = String, Path, description = "Номер звонка, C17")),
    responses(
        (status = 200, description = "Строка таблицы звонков", body = Object),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 404, description = "Звонка нет", body = ProblemBody),
        (status = 503, description = "База данных недоступна", body = ProblemBody),
    ))]
pub(super) async fn show(
    State(api): State<Api>,
    Path(call): Path<String>,
) -> Result<Json<Value>, Problem> {
    let found = api
        .house
        .calls
        .one(number(&call)?)
        .await
        .map_err(|e| database(&e))?;
    found.map(Json).ok_or_else(no_such_call)
}

/// Звонок лесенкой
#[utoipa::path(get, path = "/api/v1/calls/{call}/ladder", tag = "Старший смены",
    params(("call" = String, Path, description = "Номер звонка, C17")),
    responses(
        (status = 200, description = "Ход звонка из журнала", body = String, content_type = "text/plain"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 404, description = "Звонка нет", body = ProblemBody),
    ))]
pub(super) async fn ladder(
    State(api): State<Api>,
    Path(call): Path<String>,
) -> Result<Response, Problem> {
    let call = number(&call)?;
    let ladder = api.house.ladder;
    let read = tokio::task::spawn_blocking(move || ladder(call)).await;
    let text = read
        .map_err(|e| database(&e.to_string()))?
        .ok_or_else(no_such_call)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

fn number(text: &str) -> Result<CallId, Problem> {
    CallNumber::parse(text)
        .map(|CallNumber(call)| call)
        .ok_or_else(|| Problem::malformed("Номер звонка записывается так: C17"))
}

fn no_such_call() -> Problem {
    Problem::not_found("Такого звонка нет")
}

pub(super) fn database(error: &str) -> Problem {
    tracing::error!(error, "база данных не ответила");
    Problem::unavailable("База данных не ответила. Звонки идут; отчёты — позже")
}
