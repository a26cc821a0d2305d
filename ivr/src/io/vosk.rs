//! Recognition of callers' speech, on its own fixed threads.
//!
//! A session is one caller being listened to with one closed list. Its audio comes through a ring
//! that the media thread fills; what is heard goes to a sink. Media threads never wait for any of
//! this: a ring that runs over is the media thread's to count.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::thread::JoinHandle;

use ::vosk::{LogLevel, Recognizer, set_log_level};
use rtrb::Consumer;
use tracing::warn;

use super::figures::{Counters, RecogniserFigures};
use super::libvosk;
use super::lines::Lines;
use super::listener::Ear;
use super::lists::{self, Lists, Prepared};
use super::loaded::Models;
use super::model::{AcousticModel, ModelKind};
use super::settings::{RecogniserConfig, RecogniserStatus};
use super::worker::{self, Session};
use crate::SpeechEvent;
use crate::audio::hearing::Hearing;
use crate::graph::{Expected, GraphError};

/// Where results go: the session's number and what happened. Called on a recognition thread, so it
/// must not block.
pub type SpeechSink = Arc<dyn Fn(u64, SpeechEvent) + Send + Sync>;

/// What all threads share.
pub(super) struct Shared {
    lists: RwLock<BTreeMap<String, Prepared>>,
    by_words: bool,
    models: Mutex<Models>,
    pub(super) counters: Arc<Counters>,
    /// What is known of the lines of callers who were listened to before.
    lines: Mutex<Lines>,
    /// Session → its worker and whether it was stopped.
    sessions: Mutex<BTreeMap<u64, Running>>,
    max_sessions: usize,
}

struct Running {
    worker: usize,
    stopped: Arc<AtomicBool>,
}

impl Shared {
    /// What a session needs to hear its list; loads the model if it is not in memory.
    pub(super) fn ear(&self, list: &str) -> Option<Ear> {
        let prepared = read(&self.lists).get(list)?.clone();
        let model = lock(&self.models).get(&prepared.folder)?;
        Some(Ear {
            grammar: prepared.grammar,
            model,
            by_words: self.by_words,
        })
    }

    /// What is known of the line of a caller who may have been listened to before.
    pub(super) fn hearing(&self, session: u64) -> Hearing {
        lock(&self.lines).of(session)
    }

    /// Keeps what is known of a caller's line for the next question.
    pub(super) fn remember(&self, session: u64, hearing: &Hearing) {
        lock(&self.lines).keep(session, hearing.rested());
    }

    /// A session is over on its worker's side.
    pub(super) fn ended(&self, session: u64, stopped: &Arc<AtomicBool>) {
        let mut sessions = lock(&self.sessions);
        if sessions
            .get(&session)
            .is_some_and(|running| Arc::ptr_eq(&running.stopped, stopped))
        {
            sessions.remove(&session);
        }
    }
}

/// A poisoned lock holds valid data here: nothing under these locks is left half-changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// All recognition of this process.
pub struct Recognisers {
    config: RecogniserConfig,
    shared: Arc<Shared>,
    /// One for each thread; none when only keys work.
    workers: Vec<Sender<Session>>,
    threads: Vec<JoinHandle<()>>,
}

impl fmt::Debug for Recognisers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recognisers")
            .field("threads", &self.threads.len())
            .finish_non_exhaustive()
    }
}

impl Recognisers {
    /// Opens the library, checks the model, writes the search graph of every list (name, phrases
    /// and patterns) and starts the threads. Always returns something that can be asked to listen: where speech
    /// cannot be recognised, the status says why and every session is [`SpeechEvent::Unavailable`].
    #[must_use]
    pub fn start<L: Into<Expected>>(
        config: &RecogniserConfig,
        lists: Vec<(String, L)>,
    ) -> (Self, RecogniserStatus) {
        let lists = lists.into_iter().map(|(key, list)| (key, list.into()));
        match Self::prepare(config, lists.collect()) {
            Ok((shared, status)) => {
                let shared = Arc::new(shared);
                let mut workers = Vec::new();
                let mut threads = Vec::new();
                for number in 0..config.threads.max(1) {
                    let (sender, receiver): (Sender<Session>, Receiver<Session>) = channel();
                    let shared = Arc::clone(&shared);
                    let thread = std::thread::Builder::new()
                        .name(format!("speech-{number}"))
                        .spawn(move || worker::run(&shared, &receiver));
                    match thread {
                        Ok(thread) => {
                            workers.push(sender);
                            threads.push(thread);
                        }
                        Err(why) => warn!(%why, "a recognition thread did not start"),
                    }
                }
                let status = if workers.is_empty() {
                    let why = "система не дала запустить потоки распознавания".to_owned();
                    RecogniserStatus::KeysOnly { why }
                } else {
                    status
                };
                let on = Self {
                    config: config.clone(),
                    shared,
                    workers,
                    threads,
                };
                (on, status)
            }
            Err(why) => {
                let off = Self {
                    config: config.clone(),
                    shared: Arc::new(Shared::new(config, BTreeMap::new(), false)),
                    workers: Vec::new(),
                    threads: Vec::new(),
                };
                (off, RecogniserStatus::KeysOnly { why })
            }
        }
    }

    fn prepare(
        config: &RecogniserConfig,
        lists: Vec<(String, Expected)>,
    ) -> Result<(Shared, RecogniserStatus), String> {
        libvosk::load(config.library.as_deref()).map_err(|why| {
            format!("не загрузилась библиотека libvosk ({why}). Выполните: deploy/setup/speech.sh")
        })?;
        set_log_level(LogLevel::Error);
        let model = AcousticModel::open(&config.model).map_err(|why| why.to_string())?;
        let Lists { prepared, refused } = lists::prepare(config, &model, lists)?;
        let status = RecogniserStatus::Ready {
            model: model.name(),
            lists: prepared.len(),
            refused,
        };
        let first = prepared.keys().next().cloned();
        let shared = Shared::new(config, prepared, model.kind() == ModelKind::Words);
        // The first list is loaded now: a model that libvosk refuses must be known at the start.
        if let Some(first) = first {
            let works = shared
                .ear(&first)
                .is_some_and(|ear| Recognizer::new(&ear.model, 8_000.0).is_some());
            if !works {
                return Err(lists::refused_by(config));
            }
        }
        Ok((shared, status))
    }

    /// Adds lists while callers are listened to; those of known names stay as they are. Returns those
    /// that cannot be heard. Blocks while search graphs are written.
    ///
    /// # Errors
    /// When the model or the disk is to blame, with what to do; no list is added then.
    pub fn learn<L: Into<Expected>>(
        &self,
        lists: Vec<(String, L)>,
    ) -> Result<Vec<(String, GraphError)>, String> {
        if !self.is_on() {
            return Ok(Vec::new());
        }
        let unknown = {
            let known = read(&self.shared.lists);
            let lists = lists
                .into_iter()
                .filter(|(key, _)| !known.contains_key(key));
            lists.map(|(key, list)| (key, list.into())).collect()
        };
        let model = AcousticModel::open(&self.config.model).map_err(|why| why.to_string())?;
        let Lists { prepared, refused } = lists::prepare(&self.config, &model, unknown)?;
        let lists = self.shared.lists.write();
        lists
            .unwrap_or_else(PoisonError::into_inner)
            .extend(prepared);
        Ok(refused)
    }

    /// Listens to a caller with a list until [`Recognisers::stop`], the next `listen` of the same
    /// session, or the end of the ring's other side. The ring carries 8 kHz mono; what is in it
    /// already is heard too, so a ring of some seconds loses no first word.
    pub fn listen(&self, session: u64, list: &str, audio: Consumer<i16>, sink: SpeechSink) {
        self.listen_beside(session, list, (audio, None), sink);
    }

    /// The same to a caller who hears something meanwhile: the second ring carries what is sent to
    /// them, sample for sample beside the first, so that its echo is not taken for them.
    pub fn listen_beside(
        &self,
        session: u64,
        list: &str,
        (audio, sent): (Consumer<i16>, Option<Consumer<i16>>),
        sink: SpeechSink,
    ) {
        self.stop(session);
        let stopped = Arc::new(AtomicBool::new(false));
        if !read(&self.shared.lists).contains_key(list) || !self.admit(session, &stopped) {
            self.shared.counters.unavailable();
            sink(session, SpeechEvent::Unavailable);
            return;
        }
        self.shared.counters.session();
        let worker = lock(&self.shared.sessions)
            .get(&session)
            .map_or(0, |running| running.worker);
        let given = Session {
            session,
            list: list.to_owned(),
            audio,
            sent,
            sink,
            stopped,
        };
        if let Some(Err(refused)) = self.workers.get(worker).map(|worker| worker.send(given)) {
            let Session {
                session,
                sink,
                stopped,
                ..
            } = refused.0;
            self.shared.ended(session, &stopped);
            self.shared.counters.failure();
            sink(session, SpeechEvent::Unavailable);
        }
    }

    /// Stops listening; a result that is being told at this very moment may still arrive.
    pub fn stop(&self, session: u64) {
        if let Some(running) = lock(&self.shared.sessions).remove(&session) {
            running.stopped.store(true, Ordering::Release);
        }
    }

    /// What was done so far.
    #[must_use]
    pub fn figures(&self) -> RecogniserFigures {
        let active = lock(&self.shared.sessions).len();
        let loaded = lock(&self.shared.models).count();
        self.shared.counters.snapshot(
            u64::try_from(active).unwrap_or(u64::MAX),
            u64::try_from(loaded).unwrap_or(u64::MAX),
        )
    }

    /// Whether anything is recognised at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.workers.is_empty()
    }

    /// Takes the session in at the least busy worker, if there is room.
    fn admit(&self, session: u64, stopped: &Arc<AtomicBool>) -> bool {
        let mut sessions = lock(&self.shared.sessions);
        if sessions.len() >= self.shared.max_sessions {
            return false;
        }
        let load = |worker: &usize| sessions.values().filter(|r| r.worker == *worker).count();
        let Some(worker) = (0..self.workers.len()).min_by_key(load) else {
            return false;
        };
        sessions.insert(
            session,
            Running {
                worker,
                stopped: Arc::clone(stopped),
            },
        );
        true
    }
}

impl Drop for Recognisers {
    fn drop(&mut self) {
        for running in lock(&self.shared.sessions).values() {
            running.stopped.store(true, Ordering::Release);
        }
        self.workers.clear();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                warn!("a recognition thread had panicked");
            }
        }
    }
}

impl Shared {
    fn new(config: &RecogniserConfig, lists: BTreeMap<String, Prepared>, by_words: bool) -> Self {
        Self {
            lists: RwLock::new(lists),
            by_words,
            models: Mutex::new(Models::new(config.max_models)),
            counters: Arc::default(),
            lines: Mutex::new(Lines::new(config.max_sessions)),
            sessions: Mutex::default(),
            max_sessions: config.max_sessions,
        }
    }
}
