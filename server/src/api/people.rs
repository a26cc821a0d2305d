//! People and their accounts, for administrators.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use events::{Act, NotReadyReason, OperatorId, Pii};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::commands::send;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::organisation::{OperatorCard, Phone, Role, hash_password};
use crate::switchboard::DeskAction;

/// A name or a position is no longer than this: it is said in one breath.
const CARD_MAX_CHARS: usize = 120;
/// A password has at least this many characters.
const PASSWORD_MIN_CHARS: usize = 10;
/// And at most so many bytes, like the one that is typed at the door.
const PASSWORD_MAX_BYTES: usize = 256;

/// Somebody who works here.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent of each other: hears recordings, is disabled, has a new password"
)]
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonView {
    /// Login.
    login: String,
    /// Surname, name, patronymic.
    full_name: String,
    /// Position.
    position: String,
    /// What they are in the house.
    role: Role,
    /// The role for people.
    role_title: &'static str,
    /// Titles of the queues they serve.
    queues: Vec<String>,
    /// How their phone is reached: `registers` or `fixed`.
    phone: &'static str,
    /// Whether they may listen to recordings.
    hears_recordings: bool,
    /// Whether the pages are closed to them.
    is_disabled: bool,
    /// Whether the password was given here: it goes before the configuration's.
    is_password_reset: bool,
    /// When they came last.
    seen_at_ms: Option<i64>,
}

/// Сотрудники и их доступ
#[utoipa::path(get, path = "/api/v1/people", tag = "Администратор",
    responses(
        (status = 200, description = "Карточки сотрудников", body = [PersonView]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
    ))]
pub(super) async fn list(State(api): State<Api>) -> Json<Vec<PersonView>> {
    let organisation = api.organisation();
    let everybody = organisation.operators.iter();
    Json(everybody.map(|(id, card)| person(&api, id, card)).collect())
}

fn person(api: &Api, id: &OperatorId, card: &OperatorCard) -> PersonView {
    use crate::organisation::Right;
    let account = api.desk().account(id);
    let queues = card.queues.iter();
    PersonView {
        login: id.to_string(),
        full_name: card.full_name.clone(),
        position: card.position.clone(),
        role: card.role,
        role_title: card.role.russian(),
        queues: queues
            .map(|queue| api.house.organisation.queue_title(queue))
            .collect(),
        phone: match card.phone {
            Phone::Registers => "registers",
            Phone::Fixed(_) => "fixed",
        },
        hears_recordings: card.may(Right::HearRecordings),
        is_disabled: account.is_disabled,
        is_password_reset: account.hash.is_some(),
        seen_at_ms: account.seen.map(|at| at.0.div_euclid(1_000)),
    }
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordBody {
    /// At least 10 characters.
    password: String,
}

/// Задать сотруднику новый пароль
#[utoipa::path(put, path = "/api/v1/people/{login}/password", tag = "Администратор",
    request_body = PasswordBody,
    params(("login" = String, Path, description = "Логин")),
    responses(
        (status = 204, description = "Действует сразу; прежние входы сотрудника закончены"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 404, description = "Такого сотрудника нет", body = ProblemBody),
        (status = 422, description = "Пароль слишком короткий или длинный", body = ProblemBody),
    ))]
pub(super) async fn password(
    State(api): State<Api>,
    by: SignedIn,
    Path(login): Path<String>,
    Body(PasswordBody { password }): Body<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let of = known(&api, login)?;
    if password.chars().count() < PASSWORD_MIN_CHARS || password.len() > PASSWORD_MAX_BYTES {
        let what = format!(
            "Пароль — от {PASSWORD_MIN_CHARS} знаков и не больше {PASSWORD_MAX_BYTES} байт"
        );
        return Err(Problem::malformed(what));
    }
    let busy = || Problem::unavailable("Служба останавливается: пароль прежний");
    let turn = api.password_checks.clone().acquire_owned().await;
    let turn = turn.map_err(|_| busy())?;
    let hash = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    drop(turn);
    let hash = Pii::new(hash.map_err(|_| busy())?.map_err(Problem::unavailable)?);
    let act = Act::PasswordReset {
        of: of.clone(),
        hash,
    };
    let own = by.operator == of;
    api.administer(by.operator, act).await?;
    api.sessions.end_all(&of, own.then_some(by.ticket));
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the pages are open to somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountBody {
    /// Open or closed.
    enabled: bool,
}

/// Закрыть или открыть сотруднику доступ
#[utoipa::path(put, path = "/api/v1/people/{login}/account", tag = "Администратор",
    request_body = AccountBody,
    params(("login" = String, Path, description = "Логин")),
    responses(
        (status = 204, description = "Действует сразу; разговор, если он идёт, не прерывается"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 404, description = "Такого сотрудника нет", body = ProblemBody),
        (status = 409, description = "Себе доступ не закрывают", body = ProblemBody),
    ))]
pub(super) async fn account(
    State(api): State<Api>,
    by: SignedIn,
    Path(login): Path<String>,
    Body(AccountBody { enabled }): Body<AccountBody>,
) -> Result<StatusCode, Problem> {
    let of = known(&api, login)?;
    if of == by.operator {
        return Err(Problem::refused("Себе доступ закрыть нельзя".to_owned()));
    }
    if api.desk().account(&of).is_disabled != enabled {
        return Ok(StatusCode::NO_CONTENT);
    }
    let act = if enabled {
        Act::AccountEnabled { of: of.clone() }
    } else {
        Act::AccountDisabled { of: of.clone() }
    };
    api.administer(by.operator, act).await?;
    if !enabled {
        api.sessions.end_all(&of, None);
        leave(&api, of).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever may not come any more is offered no calls: at once, or after the call they are in.
async fn leave(api: &Api, operator: OperatorId) {
    let signs_out = acd::Command::SignOut {
        operator: operator.clone(),
    };
    if send(api, DeskAction::Acd(signs_out)).await.is_err() {
        let reason = NotReadyReason::Break;
        let rests = acd::Command::BecomeNotReady { operator, reason };
        // Refused only to somebody who is not at the desk.
        let _ = send(api, DeskAction::Acd(rests)).await;
    }
}

/// Somebody's card.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CardBody {
    /// Surname, name, patronymic if there is one.
    full_name: String,
    /// Position, as said in the greeting.
    position: String,
    /// What they are in the house.
    role: Role,
    /// Whether an analyst may listen to recordings.
    #[serde(default)]
    hears_recordings: bool,
}

/// Изменить карточку сотрудника: имя, должность, роль
#[utoipa::path(put, path = "/api/v1/people/{login}/card", tag = "Администратор",
    request_body = CardBody,
    params(("login" = String, Path, description = "Логин")),
    responses(
        (status = 204, description = "Действует сразу и переживает перезапуск; у кого прав стало меньше, тот входит снова"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 404, description = "Такого сотрудника нет", body = ProblemBody),
        (status = 409, description = "Свою роль не меняют; кто принимает звонки, решает файл настроек", body = ProblemBody),
        (status = 422, description = "Нет фамилии и имени или должности", body = ProblemBody),
    ))]
pub(super) async fn card(
    State(api): State<Api>,
    by: SignedIn,
    Path(login): Path<String>,
    Body(body): Body<CardBody>,
) -> Result<StatusCode, Problem> {
    let of = known(&api, login)?;
    let (full_name, position) = (line(&body.full_name), line(&body.position));
    if full_name.split(' ').count() < 2 || full_name.chars().count() > CARD_MAX_CHARS {
        let what = "Впишите фамилию, имя и отчество, если оно есть: до 120 знаков";
        return Err(Problem::malformed(what));
    }
    if position.is_empty() || position.chars().count() > CARD_MAX_CHARS {
        return Err(Problem::malformed("Впишите должность: до 120 знаков"));
    }
    let organisation = api.organisation();
    let card = organisation.operators.get(&of);
    let (before, heard) = card.map_or_else(Default::default, |c| (c.role, c.hears_recordings));
    if before != body.role && of == by.operator {
        return Err(Problem::refused("Свою роль изменить нельзя".to_owned()));
    }
    if before.takes_calls() != body.role.takes_calls() {
        let what = "Аналитик не принимает звонков, остальные принимают: такую роль меняют в liniya.toml \
                    вместе с очередями и телефоном, потом перезапускают службу";
        return Err(Problem::refused(what.to_owned()));
    }
    let act = Act::CardChanged {
        of: of.clone(),
        full_name: Pii::new(full_name),
        position,
        role: (before != body.role).then(|| body.role.into()),
        hears_recordings: (heard != body.hears_recordings).then_some(body.hears_recordings),
    };
    let rights = card.map(OperatorCard::rights).unwrap_or_default();
    api.administer(by.operator, act).await?;
    let card = api.organisation().operators.get(&of).cloned();
    let kept = card.map(|card| card.rights()).unwrap_or_default();
    if rights.iter().any(|right| !kept.contains(right)) {
        lose(&api, of).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever may less than before is in nobody's talk any more, is offered no calls, and signs in again.
async fn lose(api: &Api, of: OperatorId) {
    let supervisor = of.clone();
    // Refused to who is in nobody's talk.
    let _ = send(api, DeskAction::StopSupervising { supervisor }).await;
    api.sessions.end_all(&of, None);
    leave(api, of).await;
}

/// Words with one space between, and nothing that is no letter of a line.
fn line(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

fn known(api: &Api, login: String) -> Result<OperatorId, Problem> {
    let id = OperatorId::new(login);
    if api.house.organisation.operators.contains_key(&id) {
        Ok(id)
    } else {
        Err(Problem::not_found("Такого сотрудника нет"))
    }
}
