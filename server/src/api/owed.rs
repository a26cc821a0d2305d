//! Unanswered calls and low ratings, and how supervisors settle them; recorded conversations.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use events::{Act, CallId, Pii, TaskKind, TaskOutcome, TaskRequest, Value};
use serde::Deserialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::Api;
use super::body::Body;
use super::cases::CaseTask;
use super::commands::CallNumber;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::desk::OwedView;
use crate::switchboard::DeskTask;

/// A note is no longer than this, characters.
const NOTE_MAX: usize = 400;

/// Без ответа и низкие оценки
#[utoipa::path(get, path = "/api/v1/owed", tag = "Старший смены",
    responses(
        (status = 200, description = "Что ещё не закрыто — первым", body = OwedView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
    ))]
pub(super) async fn show(State(api): State<Api>) -> Json<OwedView> {
    let owed = api.desk().owed(api.now());
    Json(owed)
}

/// Перезвонить тому, кому не ответили
#[utoipa::path(post, path = "/api/v1/owed/calls/{call}/callback", tag = "Старший смены",
    params(("call" = String, Path, description = "Номер звонка, C17")),
    responses(
        (status = 204, description = "Служба перезвонит и соединит с сотрудником"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Уже не нужно, или номер не определился", body = ProblemBody),
        (status = 422, description = "Номер звонка не читается", body = ProblemBody),
    ))]
pub(super) async fn call_back(
    State(api): State<Api>,
    by: SignedIn,
    Path(call): Path<String>,
) -> Result<StatusCode, Problem> {
    let call = number(&call)?;
    let due = api.desk().callback_due(call);
    let gone = "Звонок уже взят или закрыт, или номер звонившего не определился";
    let (phone, service) = due.ok_or_else(|| Problem::refused(gone.to_owned()))?;
    let arguments = [
        ("phone".to_owned(), Value::Phone(phone.into_inner())),
        ("service".to_owned(), Value::Choice(service.to_string())),
    ];
    let task = DeskTask {
        call: None,
        operator: by.operator.clone(),
        request: TaskRequest {
            task: TaskKind::RequestCallback,
            arguments: Pii::new(arguments.into()),
        },
    };
    let (reply, answer) = oneshot::channel();
    let stopping = || Problem::unavailable("Служба останавливается: ничего не сделано");
    let sent = api.house.cases.tasks.send(CaseTask { task, reply }).await;
    sent.map_err(|_| stopping())?;
    let answer = answer.await.map_err(|_| stopping())?;
    let case = match answer.values.expose().get("number") {
        Some(Value::Case(number)) => number.case(),
        Some(_) | None => None,
    };
    match case.filter(|_| answer.outcome == TaskOutcome::Done) {
        Some(case) => {
            let act = Act::UnansweredTaken { call, case };
            api.administer(by.operator, act).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        None => Err(Problem::refused(
            "Обратный звонок не назначен: на этот номер сейчас звонить нельзя".to_owned(),
        )),
    }
}

/// What came of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteBody {
    /// At most 400 characters.
    note: String,
}

/// Закрыть звонок без ответа с пометкой
#[utoipa::path(post, path = "/api/v1/owed/calls/{call}/close", tag = "Старший смены",
    request_body = NoteBody,
    params(("call" = String, Path, description = "Номер звонка, C17")),
    responses(
        (status = 204, description = "Закрыт"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Уже закрыт", body = ProblemBody),
        (status = 422, description = "Пометка пуста или длинна", body = ProblemBody),
    ))]
pub(super) async fn close(
    State(api): State<Api>,
    by: SignedIn,
    Path(call): Path<String>,
    Body(body): Body<NoteBody>,
) -> Result<StatusCode, Problem> {
    let (call, note) = (number(&call)?, note(&body)?);
    if !api.desk().is_owed(call) {
        return Err(Problem::refused("Этот звонок уже закрыт".to_owned()));
    }
    let act = Act::UnansweredClosed { call, note };
    api.administer(by.operator, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Закрыть низкую оценку с пометкой
#[utoipa::path(post, path = "/api/v1/owed/ratings/{call}/close", tag = "Старший смены",
    request_body = NoteBody,
    params(("call" = String, Path, description = "Номер звонка, C17")),
    responses(
        (status = 204, description = "Разобрана"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Такой оценки нет, или она разобрана", body = ProblemBody),
        (status = 422, description = "Пометка пуста или длинна", body = ProblemBody),
    ))]
pub(super) async fn review(
    State(api): State<Api>,
    by: SignedIn,
    Path(call): Path<String>,
    Body(body): Body<NoteBody>,
) -> Result<StatusCode, Problem> {
    let (call, note) = (number(&call)?, note(&body)?);
    if !api.desk().is_rating_open(call) {
        let what = "Низкой оценки этого звонка нет, или она уже разобрана";
        return Err(Problem::refused(what.to_owned()));
    }
    let act = Act::RatingReviewed { call, note };
    api.administer(by.operator, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Запись разговора
#[utoipa::path(get, path = "/api/v1/recordings/{file}", tag = "Старший смены",
    params(("file" = String, Path, description = "Имя файла: C17-1.wav")),
    responses(
        (status = 200, description = "WAV; прослушивание остаётся в журнале действий", body = Vec<u8>, content_type = "audio/wav"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Нет права слушать записи", body = ProblemBody),
        (status = 404, description = "Такой записи нет", body = ProblemBody),
    ))]
pub(super) async fn recording(
    State(api): State<Api>,
    by: SignedIn,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let none = || Problem::not_found("Такой записи нет");
    // Only conversations: no other file, whatever the path says.
    if !is_conversation(&file) {
        return Err(none());
    }
    let (read, wanted) = (Arc::clone(&api.house.cases.recording), file.clone());
    let bytes = tokio::task::spawn_blocking(move || read(&wanted)).await;
    let bytes = bytes.ok().flatten().ok_or_else(none)?;
    api.administer(by.operator, Act::RecordingHeard { file })
        .await?;
    Ok(([(header::CONTENT_TYPE, "audio/wav")], bytes).into_response())
}

/// `C17-1.wav`: the call and the number of the conversation in it.
fn is_conversation(file: &str) -> bool {
    let stem = file.strip_suffix(".wav");
    let parts = stem.and_then(|stem| stem.strip_prefix('C')?.split_once('-'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    parts.is_some_and(|(call, number)| digits(call) && digits(number))
}

fn number(text: &str) -> Result<CallId, Problem> {
    CallNumber::parse(text)
        .map(|CallNumber(call)| call)
        .ok_or_else(|| Problem::malformed("Номер звонка записывается так: C17"))
}

fn note(body: &NoteBody) -> Result<Pii<String>, Problem> {
    let note = body.note.trim();
    if note.is_empty() || note.chars().count() > NOTE_MAX {
        let what = format!("В пометке должно быть от 1 до {NOTE_MAX} знаков");
        return Err(Problem::malformed(what));
    }
    Ok(Pii::new(note.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::is_conversation;

    #[test]
    fn only_conversations_are_given_out() {
        assert!(is_conversation("C17-1.wav"));
        for other in [
            "C17-.wav",
            "../C17-1.wav",
            "dictation-C17-2.wav",
            "C17-1.wav/..",
            "C17.wav",
        ] {
            assert!(!is_conversation(other), "{other}");
        }
    }
}
