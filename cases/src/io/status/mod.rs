//! The registers of applications, asked on threads of their own: no call waits for one of them.
//!
//! A question goes through a bounded queue to a few workers. Each register has a time-out, a breaker
//! ([`crate::status::Breaker`]) and a memory of its last good answers. Every question is answered,
//! whatever happens: that the registers cannot be asked is an answer too.

mod database;
mod files;
mod http;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use events::{CaseNumber, Date, Millis, Timestamp};

use crate::status::{Breaker, Columns, Memory, Standing, StatusAnswer, Turned};

/// Questions answered at once.
const WORKERS: usize = 4;
/// Questions that wait at most; beyond it a caller is told at once that it cannot be asked.
const WAITING_MAX: usize = 256;

/// A register as it is configured.
#[derive(Clone, Debug)]
pub struct RegisterConfig {
    /// Its name in logs and metrics.
    pub name: String,
    /// Where it is.
    pub source: Source,
    /// How long it may take.
    pub timeout: Duration,
    /// How long an answer is good while it cannot be asked.
    pub kept: Millis,
}

/// Where a register is.
#[derive(Clone, Debug)]
pub enum Source {
    /// A service that answers `GET` with JSON.
    Http(HttpSource),
    /// A folder of tables (`*.csv`).
    Files {
        /// The folder, or one file.
        path: PathBuf,
        /// What its columns are called.
        columns: Columns,
    },
    /// A view of a database: SQLite.
    Database {
        /// `sqlite://PATH`; opened for reading only.
        url: String,
        /// One parameter, the number; columns: the status, then the due day or nothing.
        query: String,
    },
}

/// A service that answers `GET` with JSON.
#[derive(Clone, Debug)]
pub struct HttpSource {
    /// Its address; `{number}` stands for the application's digits.
    pub url: String,
    /// The `Authorization` header, if it wants one.
    pub authorization: Option<String>,
    /// JSON pointer (RFC 6901) of the status, e.g. `/status/title`.
    pub status: String,
    /// JSON pointer of the due day.
    pub due: String,
    /// Certificates in PEM that are trusted instead of the public ones.
    pub trusted: Option<PathBuf>,
}

/// Something that can be asked. An error is a sentence for the log, without personal data.
trait Register: Send + Sync {
    fn ask(&self, number: &CaseNumber) -> Result<Option<Standing>, String>;

    /// Lines of its source that cannot be used.
    fn bad_lines(&self) -> u64 {
        0
    }
}

/// How a register does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFigures {
    /// Its name.
    pub name: String,
    /// Whether it is asked at present, or left alone after failures.
    pub is_up: bool,
    /// Questions it got.
    pub asked: u64,
    /// Of them, those it failed to answer.
    pub failed: u64,
    /// Lines of its files that cannot be used.
    pub bad_lines: u64,
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Takes the answer, on a worker's thread.
pub type Sink = Box<dyn FnOnce(StatusAnswer) + Send>;

struct Desk {
    name: String,
    register: Box<dyn Register>,
    breaker: Mutex<Breaker>,
    memory: Mutex<Memory>,
    asked: AtomicU64,
    failed: AtomicU64,
}

/// All registers, and the workers who ask them.
pub struct Registers {
    desks: Arc<Vec<Desk>>,
    to: Option<SyncSender<(CaseNumber, Sink)>>,
    workers: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Registers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registers")
            .field("registers", &self.desks.len())
            .finish_non_exhaustive()
    }
}

impl Registers {
    /// Opens the registers. One that cannot be reached now is tried again when it is asked.
    ///
    /// # Errors
    /// A sentence that names the register whose configuration cannot be used.
    pub fn start(
        configs: Vec<RegisterConfig>,
        utc_offset_min: i16,
        clock: &Clock,
    ) -> Result<Self, String> {
        let desks: Result<Vec<Desk>, String> = configs.into_iter().map(Desk::open).collect();
        let desks = Arc::new(desks?);
        let (to, from) = sync_channel(WAITING_MAX);
        let from = Arc::new(Mutex::new(from));
        let mut workers = Vec::new();
        // Without registers nobody has anything to wait for: every question is answered at once.
        for _ in 0..WORKERS.min(desks.len() * WORKERS) {
            let (from, desks, clock) = (Arc::clone(&from), Arc::clone(&desks), Arc::clone(clock));
            let worker = std::thread::Builder::new()
                .name("register".into())
                .spawn(move || work(&from, &desks, (&clock, utc_offset_min)))
                .map_err(|error| format!("поток для реестров не запускается: {error}"))?;
            workers.push(worker);
        }
        let to = (!workers.is_empty()).then_some(to);
        Ok(Self { desks, to, workers })
    }

    /// Asks for an application; `sink` gets the answer, at once if too many wait already.
    pub fn ask(&self, number: CaseNumber, sink: Sink) {
        let Some(to) = &self.to else {
            return sink(StatusAnswer::Unavailable);
        };
        if let Err(TrySendError::Full((_, sink)) | TrySendError::Disconnected((_, sink))) =
            to.try_send((number, sink))
        {
            sink(StatusAnswer::Unavailable);
        }
    }

    /// How they do.
    #[must_use]
    pub fn figures(&self) -> Vec<RegisterFigures> {
        let figures = |desk: &Desk| RegisterFigures {
            name: desk.name.clone(),
            is_up: lock(&desk.breaker).is_closed(),
            asked: desk.asked.load(Ordering::Relaxed),
            failed: desk.failed.load(Ordering::Relaxed),
            bad_lines: desk.register.bad_lines(),
        };
        self.desks.iter().map(figures).collect()
    }
}

impl Drop for Registers {
    fn drop(&mut self) {
        self.to = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

type Questions = Mutex<Receiver<(CaseNumber, Sink)>>;

fn work(from: &Questions, desks: &[Desk], (clock, offset_min): (&Clock, i16)) {
    loop {
        let next = lock(from).recv();
        let Ok((number, sink)) = next else {
            return;
        };
        sink(answer(desks, &number, (clock, offset_min)));
    }
}

/// The first register that has the number; what one remembers if it cannot be asked.
fn answer(desks: &[Desk], number: &CaseNumber, (clock, offset_min): (&Clock, i16)) -> StatusAnswer {
    let mut otherwise = StatusAnswer::NotFound;
    for desk in desks {
        match desk.ask(clock, number) {
            Ok(Some(standing)) => return StatusAnswer::Found(standing),
            Ok(None) => {}
            Err(()) => {
                let now = clock();
                let memory = lock(&desk.memory);
                match memory.recall(now, number) {
                    Some((at, standing)) => {
                        let day = Date::at(at, offset_min);
                        return StatusAnswer::AsOf(standing.clone(), day);
                    }
                    None => otherwise = StatusAnswer::Unavailable,
                }
            }
        }
    }
    otherwise
}

impl Desk {
    fn open(config: RegisterConfig) -> Result<Self, String> {
        let register: Result<Box<dyn Register>, String> = match config.source {
            Source::Http(source) => http::open(source, config.timeout).map(|r| Box::new(r) as _),
            Source::Files { path, columns } => Ok(Box::new(files::open(path, columns))),
            Source::Database { url, query } => {
                database::open(&url, query, config.timeout).map(|r| Box::new(r) as _)
            }
        };
        Ok(Self {
            register: register.map_err(|why| format!("реестр «{}»: {why}", config.name))?,
            name: config.name,
            breaker: Mutex::default(),
            memory: Mutex::new(Memory::new(config.kept)),
            asked: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        })
    }

    fn ask(&self, clock: &Clock, number: &CaseNumber) -> Result<Option<Standing>, ()> {
        if !lock(&self.breaker).may_ask(clock()) {
            return Err(());
        }
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.register.ask(number);
        let now = clock();
        let turned = lock(&self.breaker).report(now, answer.is_ok());
        let why = answer
            .as_ref()
            .err()
            .map(String::as_str)
            .unwrap_or_default();
        match turned {
            Turned::Off => tracing::error!(
                register = self.name,
                why,
                "реестр заявлений не отвечает: звонящим говорят, что узнать сейчас нельзя; попытка — каждые 30 с"
            ),
            Turned::On => tracing::info!(register = self.name, "реестр заявлений снова отвечает"),
            Turned::Not => {}
        }
        match answer {
            Ok(Some(standing)) => {
                lock(&self.memory).keep(now, number, standing.clone());
                Ok(Some(standing))
            }
            Ok(None) => {
                lock(&self.memory).forget(number);
                Ok(None)
            }
            Err(why) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                tracing::debug!(register = self.name, why, "вопрос к реестру без ответа");
                Err(())
            }
        }
    }
}

/// Locks what is never left half-changed: a panic elsewhere does not spoil it.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
