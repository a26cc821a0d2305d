//! The service's side of the command line's door ([`crate::io::control`]).

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use events::{Act, OperatorId, ReloadWay};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::api::DeskRequest;
use crate::config::Config;
use crate::io::control::{Answer, LINE_MAX_BYTES, Request, path};
use crate::io::reload::Reloader;
use crate::switchboard::DeskAction;
use crate::told_log::ToldLog;

/// Questions that are answered at once; others wait.
const AT_ONCE: usize = 8;
/// Who connects asks within this.
const QUESTION: Duration = Duration::from_secs(10);
/// In whose name the command line acts; no operator's login has a space.
const WHO: &str = "командная строка";

/// What the command line may ask about.
#[derive(Clone)]
struct Rooms {
    commands: mpsc::Sender<DeskRequest>,
    reloader: Arc<Reloader>,
    told: Arc<RwLock<ToldLog>>,
}

/// The door.
pub(super) struct Control {
    path: PathBuf,
    /// None if it could not be opened.
    listener: Option<JoinHandle<()>>,
}

impl Control {
    /// Opens it: to wishes like a desk's, to whoever reads scripts anew, to what people are told. A
    /// socket that a killed process left behind is nobody's: the journal's lock has shown that no other
    /// service works in this folder. Without the door calls go on all the same; the log says what is
    /// missing.
    pub(super) fn open(
        config: &Config,
        (commands, reloader, told): (
            mpsc::Sender<DeskRequest>,
            Arc<Reloader>,
            Arc<RwLock<ToldLog>>,
        ),
    ) -> Self {
        let path = path(config);
        let _ = std::fs::remove_file(&path);
        let rooms = Rooms {
            commands,
            reloader,
            told,
        };
        let listener = match listen(&path) {
            Ok((listener, owner)) => Some(tokio::spawn(serve(listener, owner, rooms))),
            Err(error) => {
                tracing::error!(
                    %error,
                    path = %path.display(),
                    "сокет управления не создаётся, liniya reload и liniya broadcast не работают: \
                     проверьте права на data_dir и длину его имени (не больше 90 знаков)"
                );
                None
            }
        };
        Self { path, listener }
    }

    pub(super) fn close(&self) {
        if let Some(listener) = &self.listener {
            listener.abort();
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The socket and the user whose it is.
fn listen(path: &Path) -> std::io::Result<(UnixListener, u32)> {
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok((listener, std::fs::metadata(path)?.uid()))
}

async fn serve(listener: UnixListener, owner: u32, rooms: Rooms) {
    let free = Arc::new(Semaphore::new(AT_ONCE));
    while let Ok(place) = Arc::clone(&free).acquire_owned().await {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::error!(%error, "сокет управления больше не принимает команд");
                return;
            }
        };
        // Between its creation and its mode anybody could have connected.
        let may = |peer: u32| peer == owner || peer == 0;
        if !stream.peer_cred().is_ok_and(|peer| may(peer.uid())) {
            continue;
        }
        let rooms = rooms.clone();
        tokio::spawn(async move {
            if let Err(error) = answer(stream, &rooms).await {
                tracing::warn!(%error, "команда не выполнена");
            }
            drop(place);
        });
    }
}

async fn answer(stream: UnixStream, rooms: &Rooms) -> anyhow::Result<()> {
    let mut stream = BufReader::new(stream.take(LINE_MAX_BYTES));
    let mut question = String::new();
    tokio::time::timeout(QUESTION, stream.read_line(&mut question))
        .await
        .context("вопрос не пришёл вовремя")??;
    let request = serde_json::from_str(&question).context("вопрос не читается")?;
    let mut line = serde_json::to_string(&act(request, rooms).await)?;
    line.push('\n');
    stream
        .into_inner()
        .into_inner()
        .write_all(line.as_bytes())
        .await?;
    Ok(())
}

async fn act(request: Request, rooms: &Rooms) -> Answer {
    match request {
        Request::Reload => reload(rooms).await,
        Request::Broadcasts => {
            // A panic elsewhere leaves the log readable: `apply` never stops half-way.
            let told = rooms.told.read().unwrap_or_else(PoisonError::into_inner);
            Answer::Broadcasts(told.broadcasts().cloned().collect())
        }
        Request::SetBroadcast { line, text, until } => {
            let operator = OperatorId::new(WHO);
            let action = DeskAction::Broadcast {
                line,
                text,
                until,
                operator,
            };
            wish(&rooms.commands, action).await
        }
    }
}

/// Reads scripts anew and puts that on the audit trail; not for a task's thread.
pub(super) fn reload_by_signal(reloader: &Reloader, commands: &mpsc::Sender<DeskRequest>) {
    if reloader.reload().is_ok() {
        let (reply, _) = oneshot::channel();
        let action = reloaded(ReloadWay::Signal);
        // Refused only by a service that ends.
        let _ = commands.blocking_send(DeskRequest { action, reply });
    }
}

/// For the audit trail: scripts were read anew, and nobody of the organisation says so.
const fn reloaded(way: ReloadWay) -> DeskAction {
    DeskAction::Administer {
        by: None,
        act: Act::ScriptsReloaded { way },
    }
}

async fn reload(rooms: &Rooms) -> Answer {
    let reloader = Arc::clone(&rooms.reloader);
    match tokio::task::spawn_blocking(move || reloader.reload()).await {
        Ok(Ok(done)) => {
            let noted = wish(&rooms.commands, reloaded(ReloadWay::CommandLine)).await;
            if !matches!(noted, Answer::Done) {
                tracing::warn!("перезагрузка сценариев не записана в журнал действий");
            }
            Answer::Reloaded(done.versions)
        }
        Ok(Err(mistakes)) => Answer::Refused(mistakes.iter().map(ToString::to_string).collect()),
        Err(_) => Answer::Refused(vec!["служба завершается".to_owned()]),
    }
}

async fn wish(commands: &mpsc::Sender<DeskRequest>, action: DeskAction) -> Answer {
    let stopping = || Answer::Refused(vec!["служба завершается: ничего не сделано".to_owned()]);
    let (reply, done) = oneshot::channel();
    if commands.send(DeskRequest { action, reply }).await.is_err() {
        return stopping();
    }
    match done.await {
        Ok(Ok(())) => Answer::Done,
        Ok(Err(why)) => Answer::Refused(vec![why]),
        Err(_) => stopping(),
    }
}
