//! The audio of pages: an operator's phone in the browser opens and closes with the desk's own
//! connection; nothing of SIP comes here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use events::OperatorId;
use serde::{Deserialize, Serialize};
use sip_gateway::boundary::{BrowserEvent, SessionId, SessionOwner};
use tokio::sync::{mpsc, oneshot};

use super::Api;
use super::problem::Problem;

/// What the API asks of the browsers' audio.
pub trait BrowserAudio: Send + Sync {
    /// Whether there is any.
    fn is_on(&self) -> bool;
    /// Opens a session for a page's offer: its number and our answer. Takes some milliseconds.
    ///
    /// # Errors
    /// Why not, for the screen.
    fn open(&self, owner: SessionOwner, offer: &str) -> Result<(SessionId, String), String>;
    /// Closes a session.
    fn close(&self, session: SessionId);
    /// Something that the gateway shall know of a page.
    fn tell(&self, event: BrowserEvent);
    /// News of a visitor's session from now on.
    fn listen(&self, session: SessionId) -> mpsc::Receiver<PageNews>;
    /// A visitor types.
    fn types(&self, session: SessionId, typed: Typed);
}

/// What a visitor's page is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageNews {
    /// The line was reached.
    Ringing,
    /// Answered.
    Answered,
    /// Over.
    Ended,
    /// Nobody takes the call.
    Refused,
    /// A line to read.
    Line(String),
}

/// What a visitor types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// They began.
    Begun,
    /// A line.
    Line(String),
}

/// What a desk wants of its phone in the browser.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AudioAsk {
    /// A new session; the offer as SDP.
    Offer(String),
    /// No phone in the browser any more.
    Leave,
}

/// The one page of each operator whose audio is the phone.
#[derive(Debug, Default)]
pub(super) struct PhonePages {
    open: Mutex<BTreeMap<OperatorId, (SessionId, oneshot::Sender<()>)>>,
}

/// A desk's phone in the browser: closed with the desk's connection.
pub(super) struct PagePhone {
    api: Api,
    operator: OperatorId,
    session: SessionId,
    replaced: oneshot::Receiver<()>,
}

impl PagePhone {
    /// Opens the phone of an operator on this page, and takes it from any other.
    ///
    /// # Errors
    /// Why there is none, for the screen.
    pub(super) async fn open(
        api: &Api,
        operator: OperatorId,
        offer: String,
    ) -> Result<(Self, String), Problem> {
        let audio = Arc::clone(&api.house.audio);
        let owner = SessionOwner::Account(operator.to_string());
        let opened = tokio::task::spawn_blocking(move || audio.open(owner, &offer)).await;
        let (session, answer) = opened
            .map_err(|_| Problem::unavailable("Звук браузера не открылся"))?
            .map_err(Problem::refused)?;
        let (replace, replaced) = oneshot::channel();
        if let Some((_, older)) = api.phones.put(&operator, (session, replace)) {
            let _ = older.send(());
        }
        let phone = Self {
            api: api.clone(),
            operator,
            session,
            replaced,
        };
        Ok((phone, answer))
    }

    /// Until another page takes the phone.
    pub(super) async fn replaced(&mut self) {
        // Only a page that takes its place drops the other end of a phone that is still there.
        let _ = (&mut self.replaced).await;
    }

    /// The operator wants no phone in the browser any more.
    pub(super) fn leave(self) {
        let account = self.operator.to_string();
        self.api.house.audio.tell(BrowserEvent::Left { account });
    }
}

impl Drop for PagePhone {
    fn drop(&mut self) {
        self.api.phones.remove(&self.operator, self.session);
        self.api.house.audio.close(self.session);
    }
}

impl PhonePages {
    fn put(
        &self,
        operator: &OperatorId,
        page: (SessionId, oneshot::Sender<()>),
    ) -> Option<(SessionId, oneshot::Sender<()>)> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(operator.clone(), page)
    }

    fn remove(&self, operator: &OperatorId, session: SessionId) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.get(operator).is_some_and(|(own, _)| *own == session) {
            open.remove(operator);
        }
    }
}
