//! The assistant's scripts read anew while calls run.

use std::fmt;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use events::{Act, ReloadWay};
use ivr::script::Finding;
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;

/// Reads the scripts anew, or tells everything that is wrong with them; blocks for seconds.
pub type Reload = dyn Fn() -> Result<Reloaded, Vec<Mistake>> + Send + Sync;

/// The scripts that new calls follow from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reloaded {
    /// Name and version of each.
    pub versions: Vec<(String, String)>,
}

/// Why scripts are not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mistake {
    /// File and line, `assistant/consultation.toml:12`; none if it is in no single place.
    pub place: Option<String>,
    /// What is wrong, in Russian.
    pub reason: String,
    /// What to do, in Russian.
    pub remedy: String,
}

impl From<&Finding> for Mistake {
    fn from(finding: &Finding) -> Self {
        Self {
            place: Some(format!("{}:{}", finding.file, finding.line)),
            reason: finding.message.clone(),
            remedy: finding.advice.clone(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}; что делать: {}", self.reason, self.remedy)
    }
}

/// One script from now on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScriptVersion {
    /// Its name.
    id: String,
    /// Its version.
    version: String,
}

/// Why nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReloadRefused {
    /// For the screen, in Russian.
    error: &'static str,
    /// For programs: `refused`.
    code: &'static str,
    /// Everything that is wrong.
    mistakes: Vec<Mistake>,
}

/// Перезагрузить сценарии
///
/// Читает папку сценариев, проверяет её и проводит образцы разговоров. При любой ошибке всё остаётся
/// как было. Начатые разговоры идут по прежним сценариям, новые звонки — по новым.
#[utoipa::path(post, path = "/api/v1/scripts/reload", tag = "Сценарии",
    responses(
        (status = 200, description = "Сценарии, по которым идут новые звонки", body = [ScriptVersion]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "В сценариях ошибки, ничего не изменилось", body = ReloadRefused),
        (status = 503, description = "Служба завершается", body = ProblemBody),
    ))]
pub(super) async fn reload(State(api): State<Api>, by: SignedIn) -> Result<Response, Problem> {
    let reload = std::sync::Arc::clone(&api.house.reload);
    let reloaded = tokio::task::spawn_blocking(move || reload()).await;
    match reloaded
        .map_err(|_| Problem::unavailable("Сценарии не перезагружены: служба завершается"))?
    {
        Ok(Reloaded { versions }) => {
            api.administer(
                by.operator,
                Act::ScriptsReloaded {
                    way: ReloadWay::Page,
                },
            )
            .await?;
            let named = |(id, version)| ScriptVersion { id, version };
            let versions: Vec<ScriptVersion> = versions.into_iter().map(named).collect();
            Ok(Json(versions).into_response())
        }
        Err(mistakes) => {
            let refused = ReloadRefused {
                error: "В сценариях ошибки: всё осталось как было",
                code: "refused",
                mistakes,
            };
            Ok((StatusCode::CONFLICT, Json(refused)).into_response())
        }
    }
}
