//! Texts of the scripts folder edited in the browser: findings while one types, a proposal, the
//! difference, approval by another person (ADR 0016).

mod shelf;
mod views;
mod work;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use events::ProposalId;
use serde::Deserialize;

use super::Api;
use super::access::Access;
use super::body::{Asked, Body};
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use crate::organisation::Right;
use crate::script_texts::{NOTE_MAX_CHARS, Proposal, ProposalState, TextWish, is_editable};

pub use shelf::{Shelf, TextFinding};
use views::{DraftText, FileView, ProposalTexts, ProposedText, Rejection, TextRefused, TextsView};
use work::{before, current, keep_both, lost, none, proposal_view, tell, work};

/// A text at most, bytes: a script is what a person wrote.
const TEXT_MAX_BYTES: usize = 256 * 1024;
/// Proposals that are shown at most; older ones are in the journal.
const SHOWN_MAX: usize = 200;

/// Texts are longer than other bodies.
pub(super) fn routes() -> Vec<(&'static str, &'static str, Access, MethodRouter<Api>)> {
    let long = || DefaultBodyLimit::max(2 * TEXT_MAX_BYTES);
    let anybody = Access::SignedIn;
    vec![
        ("get", "/api/v1/script-texts", anybody, get(list)),
        (
            "post",
            "/api/v1/script-texts/lint",
            anybody,
            post(lint).layer(long()),
        ),
        (
            "post",
            "/api/v1/script-texts/proposals",
            anybody,
            post(propose).layer(long()),
        ),
        (
            "get",
            "/api/v1/script-texts/proposals/{id}",
            anybody,
            get(show),
        ),
        (
            "post",
            "/api/v1/script-texts/proposals/{id}/approve",
            Access::With(Right::ManageRoom),
            post(approve),
        ),
        (
            "post",
            "/api/v1/script-texts/proposals/{id}/reject",
            anybody,
            post(reject),
        ),
    ]
}

/// The files of the knowledge base, by the name of the topic that stands in each.
///
/// # Errors
/// The folder cannot be read.
pub(super) async fn files_by_topic(api: &Api) -> Result<BTreeMap<String, String>, Problem> {
    let files = work(api, |shelf| shelf.files()).await?;
    let files = files.map_err(Problem::unavailable)?.into_iter();
    let knowledge = files.filter(|(file, _)| file.starts_with("knowledge/"));
    let named = knowledge.filter_map(|(file, text)| {
        let table: toml::Table = toml::from_str(&text).ok()?;
        Some((table.get("id")?.as_str()?.to_owned(), file))
    });
    Ok(named.collect())
}

#[derive(Deserialize)]
pub(super) struct FileQuery {
    file: Option<String>,
}

/// Тексты сценариев и предложения
#[utoipa::path(get, path = "/api/v1/script-texts", tag = "Тексты сценариев",
    params(("file" = Option<String>, Query, description = "Только этот файл, с текстом")),
    responses(
        (status = 200, description = "Файлы и предложения", body = TextsView),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 503, description = "Папка не читается", body = ProblemBody),
    ))]
pub(super) async fn list(
    State(api): State<Api>,
    by: SignedIn,
    Asked(query): Asked<FileQuery>,
) -> Result<Json<TextsView>, Problem> {
    let files = work(&api, |shelf| shelf.files()).await?;
    let files = files.map_err(Problem::unavailable)?;
    let texts = api.texts();
    let used = texts.in_use();
    let wanted = query.file;
    let files = files
        .into_iter()
        .filter(|(file, _)| wanted.as_ref().is_none_or(|wanted| wanted == file));
    let view = |(file, text): (String, String)| {
        let digest = api.house.shelf.digest(&text);
        let approved = used.get(file.as_str());
        let table: Option<toml::Table> = toml::from_str(&text).ok();
        let said = |key: &str| {
            let value = table.as_ref().and_then(|table| table.get(key));
            value.and_then(toml::Value::as_str).map(str::to_owned)
        };
        FileView {
            title: said("title"),
            version: said("version"),
            is_changed_on_disk: approved.is_some_and(|approved| approved.digest != digest),
            text: wanted.as_ref().map(|_| text.clone()),
            file,
            digest,
        }
    };
    let files = files.map(view).collect();
    let of_file = |(_, proposal): &(ProposalId, &Proposal)| {
        wanted
            .as_ref()
            .is_none_or(|wanted| *wanted == proposal.file)
    };
    let proposals = texts.newest_first().filter(of_file).take(SHOWN_MAX);
    let proposals = proposals.map(|(id, one)| proposal_view(&api, (id, one), &by.operator));
    let proposals = proposals.collect();
    Ok(Json(TextsView { files, proposals }))
}

/// Ошибки в тексте, пока его пишут
#[utoipa::path(post, path = "/api/v1/script-texts/lint", tag = "Тексты сценариев",
    request_body = DraftText,
    responses(
        (status = 200, description = "Что исправить, по строкам", body = [TextFinding]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 422, description = "Такой файл здесь не правят", body = ProblemBody),
    ))]
pub(super) async fn lint(
    State(api): State<Api>,
    _by: SignedIn,
    Body(draft): Body<DraftText>,
) -> Result<Json<Vec<TextFinding>>, Problem> {
    editable(&draft.file)?;
    let found = work(&api, move |shelf| shelf.findings(&draft.file, &draft.text)).await?;
    Ok(Json(found))
}

/// Предложить текст
#[utoipa::path(post, path = "/api/v1/script-texts/proposals", tag = "Тексты сценариев",
    request_body = ProposedText,
    responses(
        (status = 204, description = "Ждёт утверждения другим человеком"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 409, description = "В тексте ошибки, или файл уже изменился", body = TextRefused),
        (status = 422, description = "Такой файл здесь не правят", body = ProblemBody),
        (status = 503, description = "Диск не принимает текст", body = ProblemBody),
    ))]
pub(super) async fn propose(
    State(api): State<Api>,
    by: SignedIn,
    Body(proposed): Body<ProposedText>,
) -> Result<Response, Problem> {
    editable(&proposed.file)?;
    let note = proposed.note.trim().to_owned();
    if note.is_empty() || note.chars().count() > NOTE_MAX_CHARS {
        return Err(Problem::malformed(
            "Напишите, что изменено и зачем: от 1 до 500 знаков",
        ));
    }
    let (file, text) = (proposed.file.clone(), proposed.text.clone());
    let found = work(&api, move |shelf| shelf.findings(&file, &text)).await?;
    if found.iter().any(|one| one.is_error) {
        return Ok(refused("В тексте ошибки: исправьте их", found));
    }
    let (file, text) = (proposed.file.clone(), proposed.text);
    let kept = work(&api, move |shelf| keep_both(shelf, &file, &text)).await?;
    let (now, digest) = kept.map_err(Problem::unavailable)?;
    if now != proposed.base {
        return Ok(refused(STALE, Vec::new()));
    }
    let wish = TextWish::Propose {
        file: proposed.file,
        base: proposed.base,
        digest,
        author: by.operator,
        note,
    };
    tell(&api, wish).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

const STALE: &str =
    "Файл изменился с тех пор, как вы его открыли: откройте заново и перенесите правку";

/// Предложение с обоими текстами
#[utoipa::path(get, path = "/api/v1/script-texts/proposals/{id}", tag = "Тексты сценариев",
    params(("id" = u64, Path, description = "Номер предложения")),
    responses(
        (status = 200, description = "Было и стало", body = ProposalTexts),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 404, description = "Такого предложения нет", body = ProblemBody),
    ))]
pub(super) async fn show(
    State(api): State<Api>,
    by: SignedIn,
    Path(id): Path<u64>,
) -> Result<Json<ProposalTexts>, Problem> {
    let id = ProposalId(id);
    let one = api.texts().proposal(id).cloned().ok_or_else(none)?;
    let of = one.clone();
    let read = work(&api, move |shelf| {
        let text = shelf.kept(&of.digest).ok_or_else(lost)?;
        let before = of
            .base
            .as_deref()
            .and_then(|base| before(shelf, &of.file, base));
        let is_stale = current(shelf, &of.file)? != of.base;
        let findings = match of.state {
            ProposalState::Waiting => shelf.findings(&of.file, &text),
            ProposalState::Approved(..) | ProposalState::Rejected(..) => Vec::new(),
        };
        Ok((text, before.unwrap_or_default(), is_stale, findings))
    });
    let (text, before, is_stale, findings) = read.await??;
    Ok(Json(ProposalTexts {
        proposal: proposal_view(&api, (id, &one), &by.operator),
        text,
        before,
        is_stale,
        findings,
    }))
}

/// Утвердить: текст работает сразу
#[utoipa::path(post, path = "/api/v1/script-texts/proposals/{id}/approve", tag = "Тексты сценариев",
    params(("id" = u64, Path, description = "Номер предложения")),
    responses(
        (status = 204, description = "Текст работает"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 409, description = "Свой текст, уже решено, файл изменился или в тексте ошибки", body = TextRefused),
        (status = 503, description = "Диск не принимает текст", body = ProblemBody),
    ))]
pub(super) async fn approve(
    State(api): State<Api>,
    by: SignedIn,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    // One approval at a time: each looks at the files as the one before has left them.
    let _turn = api.approvals.lock().await;
    let id = ProposalId(id);
    let one = api.texts().may_approve(id, &by.operator).cloned();
    let one = one.map_err(Problem::refused)?;
    let of = one.clone();
    let read = work(&api, move |shelf| {
        let text = shelf.kept(&of.digest).ok_or_else(lost)?;
        let now = current(shelf, &of.file)?;
        let found = shelf.all_findings(&of.file, &text);
        Ok::<_, Problem>((text, now, found))
    });
    let (text, now, found) = read.await??;
    // Whoever comes back after a crash finds the text where it belongs.
    if now != one.base && now.as_deref() != Some(one.digest.as_str()) {
        return Ok(refused(STALE, Vec::new()));
    }
    if found.iter().any(|one| one.is_error) {
        return Ok(refused("В тексте ошибки: всё осталось как было", found));
    }
    tell(
        &api,
        TextWish::Approve {
            proposal: id,
            by: by.operator,
        },
    )
    .await?;
    let put = work(&api, move |shelf| shelf.put_in_use(&one.file, &text)).await?;
    put.map_err(Problem::unavailable)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Отклонить чужое предложение или отозвать своё
#[utoipa::path(post, path = "/api/v1/script-texts/proposals/{id}/reject", tag = "Тексты сценариев",
    params(("id" = u64, Path, description = "Номер предложения")), request_body = Rejection,
    responses(
        (status = 204, description = "Отклонено"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Чужое отклоняет старший смены", body = ProblemBody),
        (status = 409, description = "Уже решено", body = ProblemBody),
    ))]
pub(super) async fn reject(
    State(api): State<Api>,
    by: SignedIn,
    Path(id): Path<u64>,
    Body(rejection): Body<Rejection>,
) -> Result<StatusCode, Problem> {
    let id = ProposalId(id);
    let author = api.texts().proposal(id).map(|one| one.author.clone());
    if author.ok_or_else(none)? != by.operator {
        api.require(&by.operator, Right::ManageRoom)?;
    }
    let why = rejection.why.trim().to_owned();
    if why.is_empty() || why.chars().count() > NOTE_MAX_CHARS {
        return Err(Problem::malformed("Напишите почему: от 1 до 500 знаков"));
    }
    let by = by.operator;
    tell(
        &api,
        TextWish::Reject {
            proposal: id,
            by,
            why,
        },
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn editable(file: &str) -> Result<(), Problem> {
    if is_editable(file) {
        Ok(())
    } else {
        Err(Problem::malformed(
            "Здесь правят operator/ИМЯ.toml, knowledge/ИМЯ.toml и directory/bodies.toml: ИМЯ — \
             строчные латинские буквы, цифры и «_»",
        ))
    }
}

fn refused(error: &str, findings: Vec<TextFinding>) -> Response {
    let body = TextRefused {
        error: error.to_owned(),
        code: "refused",
        findings,
    };
    (StatusCode::CONFLICT, Json(body)).into_response()
}
