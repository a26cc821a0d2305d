//! The audit trail, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use events::{Act, OperatorId};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::body::Asked;
use super::commands::send;
use super::problem::{Problem, ProblemBody};
use super::reports::{day_begins, day_ends};
use super::{Api, DeskRequest};
use crate::desk::{AUDIT_KINDS, AuditFilter, AuditRow};
use crate::switchboard::DeskAction;

/// Rows on a page.
const ROWS_MAX: usize = 500;
/// Rows of a table for download.
const CSV_MAX: usize = 20_000;

#[derive(Deserialize)]
pub(super) struct AuditQuery {
    by: Option<String>,
    kind: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// The trail.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditView {
    now_ms: i64,
    /// The newest first, at most 500.
    rows: Vec<AuditRow>,
    /// Every kind of act.
    kinds: Vec<Kind>,
    /// Everybody who could have acted.
    people: Vec<Kind>,
}

/// A word and its name.
#[derive(Serialize, ToSchema)]
pub(super) struct Kind {
    id: String,
    title: String,
}

/// Журнал действий
#[utoipa::path(get, path = "/api/v1/audit", tag = "Администратор",
    params(
        ("by" = Option<String>, Query, description = "Логин"),
        ("kind" = Option<String>, Query, description = "Вид действия"),
        ("from" = Option<String>, Query, description = "С этого дня, 2026-11-22"),
        ("to" = Option<String>, Query, description = "По этот день включительно"),
    ),
    responses(
        (status = 200, description = "Действия, новые первыми", body = AuditView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 422, description = "День записан неверно", body = ProblemBody),
    ))]
pub(super) async fn show(
    State(api): State<Api>,
    Asked(query): Asked<AuditQuery>,
) -> Result<Json<AuditView>, Problem> {
    let filter = filter(&api, query)?;
    let organisation = api.organisation();
    let people = organisation.operators.iter();
    let people = people.map(|(id, card)| Kind {
        id: id.to_string(),
        title: card.full_name.clone(),
    });
    let kinds = AUDIT_KINDS.iter().map(|(id, title)| Kind {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
    });
    let rows = api.desk().audit(&filter, ROWS_MAX);
    Ok(Json(AuditView {
        now_ms: api.now().0.div_euclid(1_000),
        rows,
        kinds: kinds.collect(),
        people: people.collect(),
    }))
}

/// Журнал действий таблицей
#[utoipa::path(get, path = "/api/v1/audit.csv", tag = "Администратор",
    params(
        ("by" = Option<String>, Query, description = "Логин"),
        ("kind" = Option<String>, Query, description = "Вид действия"),
        ("from" = Option<String>, Query, description = "С этого дня, 2026-11-22"),
        ("to" = Option<String>, Query, description = "По этот день включительно"),
    ),
    responses(
        (status = 200, description = "CSV, UTF-8", body = String, content_type = "text/csv"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 422, description = "День записан неверно", body = ProblemBody),
    ))]
pub(super) async fn table(
    State(api): State<Api>,
    Asked(query): Asked<AuditQuery>,
) -> Result<Response, Problem> {
    let filter = filter(&api, query)?;
    let offset = api.house.organisation.utc_offset_min;
    let rows = api.desk().audit(&filter, CSV_MAX);
    // The mark lets spreadsheets read Russian.
    let mut text = String::from("\u{feff}когда;логин;кто;вид;действие\r\n");
    for row in rows {
        let at = events::Timestamp(row.at_ms.saturating_mul(1_000));
        let day = events::Date::at(at, offset);
        let time = events::TimeOfDay::at(at, offset);
        let by = row.by.unwrap_or_default();
        let cells = [
            format!("{day} {time}"),
            by,
            row.name,
            row.kind.to_owned(),
            row.text,
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ),
    ];
    Ok((headers, text).into_response())
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection).
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

fn filter(api: &Api, query: AuditQuery) -> Result<AuditFilter, Problem> {
    let offset = api.house.organisation.utc_offset_min;
    let wanted = |text: Option<String>| text.filter(|text| !text.is_empty());
    let day = |text: Option<String>, read: fn(&str, i16) -> Result<events::Timestamp, Problem>| {
        wanted(text).map(|day| read(&day, offset)).transpose()
    };
    Ok(AuditFilter {
        by: wanted(query.by).map(OperatorId::new),
        kind: wanted(query.kind),
        from: day(query.from, day_begins)?,
        to: day(query.to, day_ends)?,
    })
}

impl Api {
    /// Puts an act on the trail and waits until it stands in the journal.
    ///
    /// # Errors
    /// If the service stops.
    pub(super) async fn administer(&self, by: OperatorId, act: Act) -> Result<(), Problem> {
        send(self, DeskAction::Administer { by: Some(by), act }).await
    }

    /// Puts an act on the trail without waiting: a journal that stalls keeps nobody out.
    pub(super) fn note(&self, by: Option<OperatorId>, act: Act) {
        let (reply, _) = oneshot::channel();
        let action = DeskAction::Administer { by, act };
        if self
            .house
            .commands
            .try_send(DeskRequest { action, reply })
            .is_err()
        {
            tracing::warn!("действие не записано в журнал действий: слишком много сразу");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_early() {
        assert_eq!(quoted("Вход"), "\"Вход\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(
            quoted("сказал «да», \"нет\";"),
            "\"сказал «да», \"\"нет\"\";\""
        );
    }
}
