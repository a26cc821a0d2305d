//! How the API says no: a status, a word for programs, a Russian text for people.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::organisation::Right;

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    text: String,
    retry_after_s: Option<u64>,
}

/// The body of every answer that is no success.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ProblemBody {
    /// For the screen, in Russian.
    pub(super) error: String,
    /// For programs; never changes its meaning.
    pub(super) code: &'static str,
}

impl Problem {
    const fn new(status: StatusCode, code: &'static str, text: String) -> Self {
        Self {
            status,
            code,
            text,
            retry_after_s: None,
        }
    }

    pub(super) fn signed_out() -> Self {
        let text = "Войдите в рабочее место".into();
        Self::new(StatusCode::UNAUTHORIZED, "signed_out", text)
    }

    pub(super) fn wrong_password() -> Self {
        let text = "Неверный логин или пароль".into();
        Self::new(StatusCode::UNAUTHORIZED, "wrong_password", text)
    }

    pub(super) fn too_many_attempts(retry_after_s: u64) -> Self {
        let text = format!("Слишком много попыток входа. Повторите через {retry_after_s} с");
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", text)
        }
    }

    pub(super) fn no_right(right: Right) -> Self {
        let text = format!("Это доступно только {}", right.whose());
        Self::new(StatusCode::FORBIDDEN, "no_right", text)
    }

    pub(super) fn foreign_origin() -> Self {
        let text = "Запрос пришёл с чужой страницы и отклонён".into();
        Self::new(StatusCode::FORBIDDEN, "foreign_origin", text)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what.to_owned())
    }

    pub(super) fn malformed(what: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed", what.into())
    }

    /// A body that is no JSON of ours: the status tells in which way.
    pub(super) fn unreadable(status: StatusCode, what: &str) -> Self {
        Self::new(status, "unreadable", format!("Запрос не читается: {what}"))
    }

    pub(super) const fn refused(text: String) -> Self {
        Self::new(StatusCode::CONFLICT, "refused", text)
    }

    pub(super) fn unavailable(text: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", text.into())
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn code(&self) -> &'static str {
        self.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            error: self.text,
            code: self.code,
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
