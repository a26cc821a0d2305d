//! What the handlers of texts share.

use std::sync::{Arc, PoisonError};

use events::{OperatorId, ProposalId};
use tokio::sync::oneshot;

use super::super::problem::Problem;
use super::super::{Api, DeskRequest};
use super::Shelf;
use super::views::ProposalView;
use crate::organisation::Right;
use crate::script_texts::{Proposal, ProposalState, ScriptTexts, TextWish};
use crate::switchboard::DeskAction;

pub(super) fn none() -> Problem {
    Problem::not_found("Такого предложения нет")
}

pub(super) fn lost() -> Problem {
    Problem::unavailable("Текст предложения не читается с диска: предложите его заново")
}

/// The digest of the text in use.
pub(super) fn current(shelf: &dyn Shelf, file: &str) -> Result<Option<String>, Problem> {
    let files = shelf.files().map_err(Problem::unavailable)?;
    let text = files.into_iter().find(|(name, _)| name == file);
    Ok(text.map(|(_, text)| shelf.digest(&text)))
}

/// Keeps a text, and the one it would replace: so that every version can come back.
pub(super) fn keep_both(
    shelf: &dyn Shelf,
    file: &str,
    text: &str,
) -> Result<(Option<String>, String), String> {
    let mut files = shelf.files()?.into_iter();
    let before = files.find(|(name, _)| name == file);
    let before = before.map(|(_, before)| shelf.keep(&before)).transpose()?;
    Ok((before, shelf.keep(text)?))
}

/// The text of a base: kept, or still in use.
pub(super) fn before(shelf: &dyn Shelf, file: &str, base: &str) -> Option<String> {
    let in_use = || {
        let mut files = shelf.files().ok()?.into_iter();
        let (_, text) = files.find(|(name, _)| name == file)?;
        (shelf.digest(&text) == base).then_some(text)
    };
    shelf.kept(base).or_else(in_use)
}

pub(super) fn proposal_view(
    api: &Api,
    (id, one): (ProposalId, &Proposal),
    by: &OperatorId,
) -> ProposalView {
    let organisation = api.organisation();
    let decided = match &one.state {
        ProposalState::Waiting => None,
        ProposalState::Approved(at, by) => Some((at, by, None)),
        ProposalState::Rejected(at, by, why) => Some((at, by, Some(why.clone()))),
    };
    let is_own = one.author == *by;
    ProposalView {
        id: id.0,
        file: one.file.clone(),
        author: organisation.operator_name(&one.author),
        note: one.note.clone(),
        at_ms: one.at.0.div_euclid(1_000),
        state: match one.state {
            ProposalState::Waiting => "waiting",
            ProposalState::Approved(..) => "approved",
            ProposalState::Rejected(..) => "rejected",
        },
        decided_by: decided
            .as_ref()
            .map(|(_, by, _)| organisation.operator_name(by)),
        decided_at_ms: decided.as_ref().map(|(at, _, _)| at.0.div_euclid(1_000)),
        why: decided.and_then(|(_, _, why)| why),
        is_own,
        may_approve: !is_own
            && one.state == ProposalState::Waiting
            && api.require(by, Right::ManageRoom).is_ok(),
        digest: one.digest.clone(),
    }
}

/// Files are read and written beside the requests of others.
pub(super) async fn work<T: Send + 'static>(
    api: &Api,
    what: impl FnOnce(&dyn Shelf) -> T + Send + 'static,
) -> Result<T, Problem> {
    let shelf = Arc::clone(&api.house.shelf);
    let done = tokio::task::spawn_blocking(move || what(shelf.as_ref())).await;
    done.map_err(|_| Problem::unavailable("Служба завершается"))
}

pub(super) async fn tell(api: &Api, wish: TextWish) -> Result<(), Problem> {
    let (reply, answer) = oneshot::channel();
    let stopping = || Problem::unavailable("Служба останавливается: ничего не сделано");
    let action = DeskAction::Text(wish);
    let sent = api.house.commands.send(DeskRequest { action, reply }).await;
    sent.map_err(|_| stopping())?;
    answer
        .await
        .map_err(|_| stopping())?
        .map_err(Problem::refused)
}

impl Api {
    /// Proposals as the journal has them.
    pub(super) fn texts(&self) -> ScriptTexts {
        let texts = self.house.texts.read();
        texts.unwrap_or_else(PoisonError::into_inner).clone()
    }
}
