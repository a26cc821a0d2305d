//! Queues, skills and strategies, and what supervisors change of them.

use std::collections::BTreeMap;

use acd::Command;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use events::{Direction, NotReadyReason, OperatorId, QueueId, SkillId, SkillLevel, Strategy};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::commands::{chosen, send};
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::desk::TeamView;
use crate::switchboard::DeskAction;

/// A skill's name is no longer than this, characters.
const NAME_MAX: usize = 40;

/// What an operator knows from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SkillsBody {
    /// Skill → level, 1–9; a skill that is not named is had no more.
    skills: BTreeMap<String, u8>,
}

/// What an operator does from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, tag = "state", rename_all = "snake_case")]
pub(super) enum StateBody {
    /// Takes calls.
    Ready,
    /// Takes none; during a talk it takes effect after the after-call work.
    NotReady {
        /// A pause of the configuration.
        #[schema(value_type = String)]
        reason: NotReadyReason,
    },
    /// Leaves the desk; not during a talk.
    SignOut,
}

/// Очереди, навыки, стратегии
#[utoipa::path(get, path = "/api/v1/team", tag = "Старший смены",
    responses(
        (status = 200, description = "Кто что обслуживает и умеет, как выбирают сотрудника", body = TeamView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>) -> Json<TeamView> {
    Json(api.desk().team(api.now()))
}

/// Изменить навыки сотрудника
#[utoipa::path(put, path = "/api/v1/team/{login}/skills", tag = "Старший смены",
    request_body = SkillsBody,
    params(("login" = String, Path, description = "Логин")),
    responses(
        (status = 204, description = "Изменено; кто изменил, записано в журнал"),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Нельзя; почему — в ответе", body = ProblemBody),
        (status = 422, description = "Не понято", body = ProblemBody),
    ))]
pub(super) async fn skills(
    State(api): State<Api>,
    by: SignedIn,
    Path(login): Path<String>,
    Body(body): Body<SkillsBody>,
) -> Result<StatusCode, Problem> {
    let is_name = |name: &String| {
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        !name.is_empty() && name.chars().count() <= NAME_MAX && name.chars().all(plain)
    };
    if !body.skills.keys().all(is_name) {
        return Err(Problem::malformed(
            "Название навыка — буквы, цифры, _ и -, до 40 знаков",
        ));
    }
    let skills = body.skills.into_iter().map(|(skill, level)| SkillLevel {
        skill: SkillId::new(skill),
        level,
    });
    let change = Command::ChangeSkills {
        by: by.operator,
        operator: OperatorId::new(login),
        skills: skills.collect(),
    };
    send(&api, DeskAction::Acd(change)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Изменить состояние сотрудника
#[utoipa::path(put, path = "/api/v1/team/{login}/state", tag = "Старший смены",
    request_body = StateBody,
    params(("login" = String, Path, description = "Логин")),
    responses(
        (status = 204, description = "Изменено; кто изменил, записано в журнал"),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Нельзя; почему — в ответе", body = ProblemBody),
        (status = 422, description = "Не понято", body = ProblemBody),
    ))]
pub(super) async fn state(
    State(api): State<Api>,
    by: SignedIn,
    Path(login): Path<String>,
    Body(body): Body<StateBody>,
) -> Result<StatusCode, Problem> {
    let to = match body {
        StateBody::Ready => Direction::Ready,
        StateBody::NotReady { reason } => Direction::NotReady(chosen(&api, reason)?),
        StateBody::SignOut => Direction::SignedOut,
    };
    let change = Command::Direct {
        by: by.operator,
        operator: OperatorId::new(login),
        to,
    };
    send(&api, DeskAction::Acd(change)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a queue chooses from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StrategyBody {
    /// `longest_idle`, `round_robin`, `least_occupied`, `fewest_calls`, `linear`, `ring_all`,
    /// `skills`.
    #[schema(value_type = String)]
    strategy: Strategy,
}

/// Изменить правило очереди
#[utoipa::path(put, path = "/api/v1/queues/{queue}/strategy", tag = "Старший смены",
    request_body = StrategyBody,
    params(("queue" = String, Path, description = "Очередь")),
    responses(
        (status = 204, description = "Изменено; действует со следующего звонка и после перезапуска"),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Такой очереди нет", body = ProblemBody),
        (status = 422, description = "Не понято", body = ProblemBody),
    ))]
pub(super) async fn strategy(
    State(api): State<Api>,
    by: SignedIn,
    Path(queue): Path<String>,
    Body(body): Body<StrategyBody>,
) -> Result<StatusCode, Problem> {
    let change = Command::ChangeStrategy {
        by: by.operator,
        queue: QueueId::new(queue),
        strategy: body.strategy,
    };
    send(&api, DeskAction::Acd(change)).await?;
    Ok(StatusCode::NO_CONTENT)
}
