//! The operators' and supervisors' door: JSON over HTTP, a live desk over a WebSocket, the console's
//! files, and `/metrics`.
//!
//! One file a resource. [`app`] makes the router from the table in `routes.rs`, and a test holds
//! that table against the OpenAPI document. Nothing here decides anything about calls: commands go
//! to the distribution, views come from the desk's projection.

mod access;
mod audio;
mod audit;
mod board;
mod body;
mod call_number;
mod calls;
mod case_tasks;
mod cases;
mod commands;
mod console;
mod desk;
mod desk_command;
mod floor;
mod guard;
mod health;
mod knowledge;
mod limits;
mod live;
mod me;
mod notifications;
mod openapi;
mod operator_scripts;
mod owed;
mod people;
mod problem;
mod reasons;
mod reload;
mod reports;
mod room;
mod routes;
mod script_commands;
mod script_texts;
mod scripts;
mod session;
mod supervision;
mod team;
mod training;
mod visitor;
mod wallboard;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use events::{CallId, LineId, ServiceId, Timestamp};
use ivr::ScriptSet;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use crate::desk::Desk;
use crate::handbook::Handbook;
use crate::organisation::{Organisation, PasswordBook};
use crate::script_texts::ScriptTexts;
use crate::switchboard::DeskAction;
use crate::told_log::ToldLog;
use audio::PhonePages;
pub use audio::{BrowserAudio, PageNews, Typed};
pub use cases::{CaseTask, CasesDoor, RecordingReader};
use limits::Limits;
pub use reload::{Mistake, Reload, Reloaded};
use room::WrittenRoom;
pub use script_texts::{Shelf, TextFinding};
use session::Sessions;
pub use visitor::VisitorRules;
use visitor::Visitors;

/// The largest request body, bytes: a command is a few hundred.
const BODY_MAX_BYTES: usize = 16 * 1024;
/// Passwords checked at once; each takes a core and 19 MiB. Others wait their turn.
const PASSWORD_CHECKS_MAX: usize = 2;

/// What the API needs of the house. The shell fills it.
#[derive(Clone)]
pub struct ApiState {
    /// Who works here and what things are called.
    pub organisation: Arc<Organisation>,
    /// What opens the desks.
    pub passwords: Arc<PasswordBook>,
    /// The live projection.
    pub desk: Arc<RwLock<Desk>>,
    /// Changes after every batch of facts that `desk` has applied.
    pub changed: watch::Receiver<u64>,
    /// The way to the distribution.
    pub commands: mpsc::Sender<DeskRequest>,
    /// What operators look into while they talk, as it is now.
    pub handbook: Arc<dyn Fn() -> Arc<Handbook> + Send + Sync>,
    /// The files that people edit in the browser.
    pub shelf: Arc<dyn Shelf>,
    /// Which texts were proposed and approved.
    pub texts: Arc<RwLock<ScriptTexts>>,
    /// The assistant's scripts that new calls follow.
    pub assistant: Arc<dyn Fn() -> Arc<ScriptSet> + Send + Sync>,
    /// Reads the assistant's scripts anew; may take its time.
    pub reload: Arc<Reload>,
    /// The text of `/metrics`.
    pub metrics_text: Arc<dyn Fn() -> String + Send + Sync>,
    /// Whether calls are taken; otherwise why not, in Russian.
    pub readiness: Arc<dyn Fn() -> Result<(), String> + Send + Sync>,
    /// The stored calls.
    pub calls: Arc<dyn CallsReader>,
    /// A call as a text ladder, from the journal; may take its time.
    pub ladder: Arc<dyn Fn(CallId) -> Option<String> + Send + Sync>,
    /// Appointments, complaints, callbacks.
    pub cases: CasesDoor,
    /// What people were told lately, and what callers hear first.
    pub told: Arc<RwLock<ToldLog>>,
    /// The browsers' audio.
    pub audio: Arc<dyn BrowserAudio>,
    /// Who may call from `/call`; nobody if none.
    pub visitors: Option<VisitorRules>,
    /// The one clock.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// An operator's wish on its way to the distribution.
#[derive(Debug)]
pub struct DeskRequest {
    /// The wish.
    pub action: DeskAction,
    /// Granted, or refused with a text for the operator's screen.
    pub reply: oneshot::Sender<Result<(), String>>,
}

/// An answer of the database, on its way. The error is for the log.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send>>;

/// What the API asks the database. The rows are given on as they are.
pub trait CallsReader: Send + Sync {
    /// The newest calls first: an array.
    fn recent(&self, filter: CallFilter) -> Answer<serde_json::Value>;
    /// One call, if it is stored.
    fn one(&self, call: CallId) -> Answer<Option<serde_json::Value>>;
    /// The summary by line and service of what happened from `from` until before `to`.
    fn summary(&self, from: Timestamp, to: Timestamp) -> Answer<serde_json::Value>;
}

/// Which calls are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Only this line.
    pub line: Option<LineId>,
    /// Only this service, as known last.
    pub service: Option<ServiceId>,
    /// Arrived at or after.
    pub from: Option<Timestamp>,
    /// Arrived before.
    pub to: Option<Timestamp>,
    /// At most this many, 1–1000.
    pub limit: u32,
}

/// The state of every handler: the house, and what belongs to the door itself.
#[derive(Clone)]
struct Api {
    house: ApiState,
    sessions: Arc<Sessions>,
    limits: Arc<Limits>,
    password_checks: Arc<Semaphore>,
    phones: Arc<PhonePages>,
    visitors: Arc<Visitors>,
    /// One approval of a text at a time.
    approvals: Arc<tokio::sync::Mutex<()>>,
    written_room: Arc<WrittenRoom>,
    /// Places of screens in the hall.
    walls: Arc<Semaphore>,
}

impl Api {
    fn desk(&self) -> RwLockReadGuard<'_, Desk> {
        // A panic elsewhere leaves the desk readable: `apply` never stops half-way.
        self.house
            .desk
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Who works here, as the journal left it. Not while the desk is held: take it before.
    fn organisation(&self) -> Arc<Organisation> {
        Arc::clone(self.desk().organisation())
    }

    fn now(&self) -> Timestamp {
        (self.house.now)()
    }
}

/// The router. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that login
/// attempts are counted by address.
pub fn app(state: ApiState) -> Router {
    let api = Api {
        house: state,
        sessions: Arc::default(),
        limits: Arc::default(),
        password_checks: Arc::new(Semaphore::new(PASSWORD_CHECKS_MAX)),
        phones: Arc::default(),
        visitors: Arc::default(),
        approvals: Arc::default(),
        written_room: Arc::default(),
        walls: Arc::new(Semaphore::new(wallboard::CONNECTIONS_MAX)),
    };
    let router = routes::routes()
        .into_iter()
        .chain(script_texts::routes())
        .fold(Router::new(), |router, (_, path, access, handler)| {
            let state = (api.clone(), access);
            let guard = axum::middleware::from_fn_with_state(state, access::guard);
            router.route(path, handler.route_layer(guard))
        });
    router
        .fallback(console::file)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(axum::middleware::from_fn(guard::same_origin))
        .layer(axum::middleware::from_fn(guard::headers))
        .with_state(api)
}
