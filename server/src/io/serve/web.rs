//! The web side: fills the API's state and serves it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use events::{CallId, Record, Timestamp};
use metrics::io::Store;
use metrics::report::{Period, Shown, Step, concerns, ladder};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, block_in_place};

use super::browsers::Audio;
use super::health::Sources;
use crate::api::{
    self, Answer, ApiState, CallFilter, CallsReader, CaseTask, CasesDoor, DeskRequest, VisitorRules,
};
use crate::io::clock::Clock;
use crate::io::engine::Inbox;
use crate::io::journal_file;
use crate::io::reload::Reloader;
use crate::io::shelf::ScriptShelf;
use crate::io::world::{Published, Waiting, WaitingTasks, lock};
use crate::organisation::{Organisation, PasswordBook};
use crate::switchboard::Input;

/// Requests of desks that wait for the loop.
const DESK_REQUESTS: usize = 256;
/// Facts that the database may lag behind before the service calls itself not ready.
const LAG_MAX_RECORDS: u64 = 100_000;

/// What the API is filled from.
pub(super) struct Rooms {
    pub(super) organisation: Arc<Organisation>,
    pub(super) shelf: Arc<ScriptShelf>,
    pub(super) reloader: Arc<Reloader>,
    pub(super) published: Arc<Published>,
    pub(super) changes: watch::Receiver<u64>,
    pub(super) inbox: Inbox,
    pub(super) waiting: Waiting,
    pub(super) waiting_tasks: WaitingTasks,
    pub(super) rules: Arc<cases::Settings>,
    pub(super) recordings: PathBuf,
    pub(super) audio: Audio,
    pub(super) visitors: Option<VisitorRules>,
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) journal: PathBuf,
    pub(super) figures: Sources,
}

/// The running web server.
pub(super) struct Web {
    server: JoinHandle<()>,
    commands: mpsc::Sender<DeskRequest>,
    desks: JoinHandle<()>,
    tasks: JoinHandle<()>,
}

impl Web {
    pub(super) async fn open(address: SocketAddr, rooms: Rooms) -> anyhow::Result<Self> {
        let passwords = PasswordBook::new(&rooms.organisation).map_err(anyhow::Error::msg)?;
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| {
                format!(
                    "адрес {address} занят: остановите другую программу или измените [server] http"
                )
            })?;
        let (commands, requests) = mpsc::channel(DESK_REQUESTS);
        let desks = tokio::spawn(desks(
            requests,
            rooms.inbox.clone(),
            Arc::clone(&rooms.waiting),
        ));
        let (asked, questions) = mpsc::channel(DESK_REQUESTS);
        let tasks = tokio::spawn(tasks(
            questions,
            rooms.inbox.clone(),
            Arc::clone(&rooms.waiting_tasks),
        ));
        let app = api::app(state(rooms, passwords, (commands.clone(), asked)));
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "веб-сервер остановился");
            }
        });
        Ok(Self {
            server,
            commands,
            desks,
            tasks,
        })
    }

    /// The way for wishes like a desk's.
    pub(super) fn commands(&self) -> mpsc::Sender<DeskRequest> {
        self.commands.clone()
    }

    pub(super) fn close(&self) {
        self.server.abort();
        self.desks.abort();
        self.tasks.abort();
    }
}

fn state(
    rooms: Rooms,
    passwords: PasswordBook,
    (commands, tasks): (mpsc::Sender<DeskRequest>, mpsc::Sender<CaseTask>),
) -> ApiState {
    let Rooms {
        published,
        clock,
        journal,
        figures,
        ..
    } = rooms;
    let figures = Arc::new(figures);
    let inbox = rooms.inbox;
    let recordings = rooms.recordings;
    let ledger = Arc::clone(&published.ledger);
    let told = Arc::clone(&published.told);
    let shelf = Arc::clone(&rooms.shelf);
    let texts = Arc::clone(&published.texts);
    ApiState {
        organisation: rooms.organisation,
        passwords: Arc::new(passwords),
        desk: Arc::clone(&published.desk),
        changed: rooms.changes,
        commands,
        handbook: Arc::new(move || shelf.handbook()),
        shelf: rooms.shelf,
        texts,
        assistant: {
            let reloader = Arc::clone(&rooms.reloader);
            Arc::new(move || reloader.running())
        },
        reload: {
            let reloader = rooms.reloader;
            Arc::new(move || reloader.reload())
        },
        // These wait for the loop or the disk: the other tasks of their thread go elsewhere.
        readiness: {
            let figures = Arc::clone(&figures);
            Arc::new(move || block_in_place(|| ready(&inbox, &figures)))
        },
        metrics_text: Arc::new(move || {
            block_in_place(|| {
                // Copies: whoever makes facts durable waits for neither the loop nor the text.
                let mut health = lock(&published.health).clone();
                figures.fill(&mut health);
                let numbers = lock(&published.numbers).clone();
                metrics::encode(&numbers, clock.now(), &health)
            })
        }),
        calls: Arc::new(Calls(rooms.store)),
        ladder: Arc::new(move |call| block_in_place(|| call_ladder(&journal, call))),
        cases: CasesDoor {
            ledger,
            rules: rooms.rules,
            tasks,
            recording: Arc::new(move |file| std::fs::read(recordings.join(file)).ok()),
        },
        told,
        audio: Arc::new(rooms.audio),
        visitors: rooms.visitors,
        now: Arc::new(move || clock.now()),
    }
}

fn ready(inbox: &Inbox, figures: &Sources) -> Result<(), String> {
    if inbox.look(crate::switchboard::Switchboard::takes_calls) != Some(true) {
        return Err("новые звонки не принимаются: служба завершается или журнал не пишется".into());
    }
    let lag = figures
        .ingest
        .upgrade()
        .map_or(0, |ingest| ingest.health().lag_records);
    if lag > LAG_MAX_RECORDS {
        return Err(format!("база данных отстаёт на {lag} фактов"));
    }
    Ok(())
}

/// A call of any age as text, without personal data.
fn call_ladder(journal: &std::path::Path, call: CallId) -> Option<String> {
    let mut records: Vec<Record> = Vec::new();
    let read = journal_file::read(journal, |record| {
        if concerns(&record.event, call) {
            records.push(record);
        }
    });
    if let Err(error) = read {
        tracing::error!(%error, "журнал не читается");
    }
    let shown = Shown {
        personal: false,
        times: true,
    };
    (!records.is_empty()).then(|| ladder(records.iter(), call, shown))
}

/// Numbers desks' requests and remembers who waits for which answer.
async fn desks(mut requests: mpsc::Receiver<DeskRequest>, inbox: Inbox, waiting: Waiting) {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    while let Some(request) = requests.recv().await {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        remember(&waiting, number, request.reply);
        inbox.push(Input::Desk(number, request.action));
    }
}

/// Numbers desks' tasks and remembers who waits for which answer.
async fn tasks(mut asked: mpsc::Receiver<CaseTask>, inbox: Inbox, waiting: WaitingTasks) {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    while let Some(CaseTask { task, reply }) = asked.recv().await {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        {
            let mut waiting = lock(&waiting);
            if waiting.len() > DESK_REQUESTS {
                // The disk refuses for a while: desks that gave up are not kept.
                waiting.retain(|_, reply| !reply.is_closed());
            }
            waiting.insert(number, reply);
        }
        inbox.push(Input::DeskTask(number, task));
    }
}

fn remember(
    waiting: &Mutex<std::collections::BTreeMap<u64, oneshot::Sender<Result<(), String>>>>,
    number: u64,
    reply: oneshot::Sender<Result<(), String>>,
) {
    let mut waiting = lock(waiting);
    if waiting.len() > DESK_REQUESTS {
        // The disk refuses for a while: desks that gave up are not kept.
        waiting.retain(|_, reply| !reply.is_closed());
    }
    waiting.insert(number, reply);
}

/// The stored calls.
struct Calls(Store);

impl CallsReader for Calls {
    fn recent(&self, filter: CallFilter) -> Answer<serde_json::Value> {
        let store = self.0.clone();
        Box::pin(async move {
            let filter = metrics::io::CallFilter {
                line: filter.line,
                service: filter.service,
                from: filter.from,
                to: filter.to,
                limit: filter.limit,
            };
            let calls = store
                .recent_calls(&filter)
                .await
                .map_err(|e| e.to_string())?;
            serde_json::to_value(calls).map_err(|e| e.to_string())
        })
    }

    fn one(&self, call: CallId) -> Answer<Option<serde_json::Value>> {
        let store = self.0.clone();
        Box::pin(async move {
            let row = store.call(call).await.map_err(|e| e.to_string())?;
            row.map(serde_json::to_value)
                .transpose()
                .map_err(|e| e.to_string())
        })
    }

    fn summary(&self, from: Timestamp, to: Timestamp) -> Answer<serde_json::Value> {
        let store = self.0.clone();
        Box::pin(async move {
            let summary = store.summary(Period { from, to }, Step::Whole).await;
            serde_json::to_value(summary.map_err(|e| e.to_string())?).map_err(|e| e.to_string())
        })
    }
}
