//! The operator's words for a service.

use axum::Json;
use axum::extract::{Path, State};
use events::ServiceId;

use super::Api;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::operator_script::OperatorScript;

/// Сценарий оператора для услуги
#[utoipa::path(get, path = "/api/v1/operator-scripts/{service}", tag = "Рабочее место",
    params(("service" = String, Path, description = "Услуга или undetermined")),
    responses(
        (status = 200, description = "Шаги со словами этого оператора", body = OperatorScript),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 404, description = "Сценария нет", body = ProblemBody),
    ))]
pub(super) async fn show(
    State(api): State<Api>,
    by: SignedIn,
    Path(service): Path<String>,
) -> Result<Json<OperatorScript>, Problem> {
    let organisation = &api.house.organisation;
    let card = organisation
        .operators
        .get(&by.operator)
        .ok_or_else(Problem::signed_out)?;
    let script = api.house.scripts.for_service(&ServiceId::new(service));
    let script = script.ok_or_else(|| Problem::not_found("Для этой услуги нет сценария"))?;
    Ok(Json(script.filled(organisation, card)))
}
