//! The operator's words for a service, scripts for situations, and the directory of other bodies.

use axum::Json;
use axum::extract::{Path, State};
use events::ServiceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::body::Asked;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::bodies::Body;
use crate::operator_script::OperatorScript;
use crate::organisation::OperatorCard;

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
    let card = card(&api, &by)?;
    let service = ServiceId::new(service);
    let handbook = (api.house.handbook)();
    let script = handbook.scripts.for_service(&service);
    let script = script.ok_or_else(|| Problem::not_found("Для этой услуги нет сценария"))?;
    Ok(Json(script.filled(&api.organisation(), &card, &service)))
}

#[derive(Deserialize)]
pub(super) struct SituationsQuery {
    service: Option<String>,
}

/// Сценарии для особых случаев: жалоба, вопрос не в компетенции
#[utoipa::path(get, path = "/api/v1/operator-situations", tag = "Рабочее место",
    params(("service" = Option<String>, Query, description = "Услуга звонка: для подстановки")),
    responses(
        (status = 200, description = "Сценарии со словами этого оператора", body = [OperatorScript]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn situations(
    State(api): State<Api>,
    by: SignedIn,
    Asked(query): Asked<SituationsQuery>,
) -> Result<Json<Vec<OperatorScript>>, Problem> {
    let card = card(&api, &by)?;
    let organisation = api.organisation();
    let service = query
        .service
        .map_or_else(ServiceId::undetermined, ServiceId::new);
    let handbook = (api.house.handbook)();
    let scripts = handbook.scripts.situations();
    let filled = scripts.map(|script| script.filled(&organisation, &card, &service));
    Ok(Json(filled.collect()))
}

fn card(api: &Api, by: &SignedIn) -> Result<OperatorCard, Problem> {
    let organisation = api.organisation();
    let card = organisation.operators.get(&by.operator).cloned();
    card.ok_or_else(Problem::signed_out)
}

#[derive(Deserialize)]
pub(super) struct BodiesQuery {
    q: Option<String>,
}

/// Other bodies that may be competent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BodiesView {
    /// The best first.
    bodies: Vec<Body>,
}

/// Справочник органов: куда обратиться, если вопрос не в компетенции
#[utoipa::path(get, path = "/api/v1/bodies", tag = "Рабочее место",
    params(("q" = Option<String>, Query, description = "О чём вопрос, словами звонящего")),
    responses(
        (status = 200, description = "Подходящие органы; без слов — все", body = BodiesView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
    ))]
pub(super) async fn bodies(
    State(api): State<Api>,
    _by: SignedIn,
    Asked(query): Asked<BodiesQuery>,
) -> Json<BodiesView> {
    let handbook = (api.house.handbook)();
    let found = handbook.bodies.search(query.q.as_deref().unwrap_or(""));
    Json(BodiesView {
        bodies: found.into_iter().cloned().collect(),
    })
}
