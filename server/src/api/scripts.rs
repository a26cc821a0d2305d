//! The assistant's scripts for those who write them: a list, a picture, a trial.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use events::{DialoguePurpose, ScriptId, ServiceId};
use ivr::script::{Date, Script};
use ivr::simulate::{Told, Trial};
use ivr::{Context, picture};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::problem::{Problem, ProblemBody};

/// Lines of a trial at most.
const LINES_MAX: usize = 200;
/// A line's length at most, in characters.
const LINE_MAX_CHARS: usize = 300;

/// One script of the assistant.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScriptCard {
    /// Its name.
    id: String,
    /// What people call it.
    title: String,
    /// Its version, as it stands in the journal.
    version: String,
    /// What it is for: `assistant`, `rating`, `farewell`.
    #[schema(value_type = String)]
    purpose: DialoguePurpose,
    /// How many nodes it has.
    nodes: usize,
}

/// What the person who tries a script has said so far.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TrialSoFar {
    /// Words, a key, nothing for silence, `?` for nonsense; in their order.
    lines: Vec<String>,
}

/// How a trial went.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrialView {
    /// Everything in its order.
    lines: Vec<TrialLine>,
    /// Whether it is over.
    is_over: bool,
}

/// A line of a trial.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrialLine {
    /// `assistant`, `caller`, `why` or `end`.
    who: &'static str,
    /// The words.
    text: String,
}

/// Сценарии помощника
#[utoipa::path(get, path = "/api/v1/scripts", tag = "Сценарии",
    responses(
        (status = 200, description = "Все сценарии, которыми помощник говорит сейчас", body = [ScriptCard]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
    ))]
pub(super) async fn list(State(api): State<Api>) -> Json<Vec<ScriptCard>> {
    let set = (api.house.assistant)();
    let card = |script: &Arc<Script>| ScriptCard {
        id: script.id.to_string(),
        title: script.title.clone(),
        version: script.version.clone(),
        purpose: script.purpose,
        nodes: script.nodes().count(),
    };
    Json(set.scripts().map(card).collect())
}

/// Картинка сценария
#[utoipa::path(get, path = "/api/v1/scripts/{script}/picture", tag = "Сценарии",
    params(("script" = String, Path, description = "Имя сценария")),
    responses(
        (status = 200, description = "SVG", content_type = "image/svg+xml", body = String),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 404, description = "Сценария нет", body = ProblemBody),
    ))]
pub(super) async fn show_picture(
    State(api): State<Api>,
    Path(script): Path<String>,
) -> Result<Response, Problem> {
    let script = known(&api, &script)?;
    let svg = picture::svg(&script, None);
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

/// Попробовать сценарий
///
/// Разговор каждый раз проходится с начала по всем репликам: сервер ничего не помнит.
#[utoipa::path(post, path = "/api/v1/scripts/{script}/trial", tag = "Сценарии",
    params(("script" = String, Path, description = "Имя сценария")),
    request_body = TrialSoFar,
    responses(
        (status = 200, description = "Весь разговор с объяснениями", body = TrialView),
        (status = 400, description = "Слишком длинно", body = ProblemBody),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 404, description = "Сценария нет", body = ProblemBody),
    ))]
pub(super) async fn try_out(
    State(api): State<Api>,
    Path(script): Path<String>,
    Body(so_far): Body<TrialSoFar>,
) -> Result<Json<TrialView>, Problem> {
    let script = known(&api, &script)?;
    let too_long = |line: &String| line.chars().count() > LINE_MAX_CHARS;
    if so_far.lines.len() > LINES_MAX || so_far.lines.iter().any(too_long) {
        return Err(Problem::malformed(
            "Не больше 200 реплик по 300 знаков: начните разговор заново",
        ));
    }
    let today = Date::at(api.now(), api.house.organisation.utc_offset_min);
    let context = Context {
        notice_required: true,
        ..Context::new(ServiceId::undetermined(), today)
    };
    let (mut trial, told) = Trial::begin(&script, context);
    let mut lines: Vec<TrialLine> = told.into_iter().map(line).collect();
    for said in so_far.lines {
        if trial.is_over() {
            break;
        }
        let told = trial.say(&said);
        lines.push(TrialLine {
            who: "caller",
            text: said,
        });
        lines.extend(told.into_iter().map(line));
    }
    let is_over = trial.is_over();
    Ok(Json(TrialView { lines, is_over }))
}

fn line(told: Told) -> TrialLine {
    let (who, text) = match told {
        Told::Said(text) => ("assistant", text),
        Told::Why(text) => ("why", text),
        Told::Ended(text) => ("end", text),
    };
    TrialLine { who, text }
}

fn known(api: &Api, script: &str) -> Result<Arc<Script>, Problem> {
    (api.house.assistant)()
        .script(&ScriptId::new(script))
        .ok_or_else(|| Problem::not_found("Такого сценария нет"))
}
