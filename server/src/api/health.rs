//! For machines that watch: no login.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::Api;
use super::problem::{Problem, ProblemBody};

/// Показатели для Prometheus
#[utoipa::path(get, path = "/metrics", tag = "Наблюдение",
    responses((status = 200, description = "Текст Prometheus", body = String, content_type = "text/plain")))]
pub(super) async fn metrics(State(api): State<Api>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], (api.house.metrics_text)()).into_response()
}

/// Процесс жив
#[utoipa::path(get, path = "/healthz", tag = "Наблюдение",
    responses((status = 200, description = "Жив", body = String, content_type = "text/plain")))]
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Служба принимает звонки
#[utoipa::path(get, path = "/readyz", tag = "Наблюдение",
    responses(
        (status = 200, description = "Принимает", body = String, content_type = "text/plain"),
        (status = 503, description = "Не принимает; почему — в ответе", body = ProblemBody),
    ))]
pub(super) async fn ready(State(api): State<Api>) -> Result<&'static str, Problem> {
    (api.house.readiness)()
        .map(|()| "ok\n")
        .map_err(Problem::unavailable)
}
