//! Recognition of callers' speech, on its own fixed threads.
//!
//! A session is one caller being listened to with one closed list. Its audio comes through a ring
//! that the media thread fills; what is heard goes to a sink. Media threads never wait for any of
//! this: a ring that runs over is the media thread's to count.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use ::vosk::{LogLevel, Model, Recognizer, set_log_level};
use rtrb::Consumer;
use tracing::warn;

use super::figures::{Counters, RecogniserFigures};
use super::libvosk;
use super::lines::Lines;
use super::listener::Ear;
use super::loaded::{Models, load_model};
use super::model::{AcousticModel, ModelKind, ModelProblem};
use super::settings::{RecogniserConfig, RecogniserStatus};
use super::worker::{self, Session};
use crate::SpeechEvent;
use crate::audio::hearing::Hearing;
use crate::graph::{Expected, Grammar, GraphError};

/// Where results go: the session's number and what happened. Called on a recognition thread, so it
/// must not block.
pub type SpeechSink = Arc<dyn Fn(u64, SpeechEvent) + Send + Sync>;

/// A list that can be heard.
#[derive(Debug)]
struct Prepared {
    grammar: Arc<Grammar>,
    folder: PathBuf,
}

/// What all threads share.
pub(super) struct Shared {
    lists: BTreeMap<String, Prepared>,
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
        let prepared = self.lists.get(list)?;
        let model = lock(&self.models).get(&prepared.folder)?;
        Some(Ear {
            grammar: Arc::clone(&prepared.grammar),
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

fn refused_by(config: &RecogniserConfig) -> String {
    format!("libvosk не приняла модель {}", config.model.display())
}

/// An official model drops words that it does not know without a sound, so they are asked for here.
fn known_words(grammar: Grammar, model: Option<&mut Model>) -> Result<Grammar, GraphError> {
    if let Some(model) = model {
        let unknown = grammar
            .words()
            .into_iter()
            .find(|word| model.find_word(word).is_none());
        if let Some(word) = unknown {
            return Err(GraphError::UnknownWord(word.to_owned()));
        }
    }
    Ok(grammar)
}

/// A poisoned lock holds valid data here: nothing under these locks is left half-changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All recognition of this process.
pub struct Recognisers {
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
                if workers.is_empty() {
                    let why = "система не дала запустить потоки распознавания".to_owned();
                    return (
                        Self {
                            shared,
                            workers,
                            threads,
                        },
                        RecogniserStatus::KeysOnly { why },
                    );
                }
                (
                    Self {
                        shared,
                        workers,
                        threads,
                    },
                    status,
                )
            }
            Err(why) => {
                let shared = Arc::new(Shared::new(config, BTreeMap::new(), false));
                let off = Self {
                    shared,
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
        let mut vocabulary = match model.kind() {
            ModelKind::Phones => None,
            ModelKind::Words => Some(load_model(&config.model).ok_or_else(|| refused_by(config))?),
        };
        let mut prepared = BTreeMap::new();
        let mut refused = Vec::new();
        for (key, expected) in lists {
            let grammar = Grammar::with_patterns(&expected.phrases, &expected.patterns)
                .and_then(|grammar| known_words(grammar, vocabulary.as_mut()));
            match grammar {
                Ok(grammar) => {
                    let folder = model
                        .folder_for(&grammar, &config.cache)
                        .map_err(|why: ModelProblem| why.to_string())?;
                    prepared.insert(
                        key,
                        Prepared {
                            grammar: Arc::new(grammar),
                            folder,
                        },
                    );
                }
                Err(why) => refused.push((key, why)),
            }
        }
        drop(vocabulary);
        let status = RecogniserStatus::Ready {
            model: model.name(),
            lists: prepared.len(),
            refused,
        };
        let shared = Shared::new(config, prepared, model.kind() == ModelKind::Words);
        // The first list is loaded now: a model that libvosk refuses must be known at the start.
        if let Some(first) = shared.lists.keys().next() {
            let works = shared
                .ear(first)
                .is_some_and(|ear| Recognizer::new(&ear.model, 8_000.0).is_some());
            if !works {
                return Err(format!(
                    "libvosk не приняла модель {}",
                    config.model.display()
                ));
            }
        }
        Ok((shared, status))
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
        if !self.shared.lists.contains_key(list) || !self.admit(session, &stopped) {
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
            lists,
            by_words,
            models: Mutex::new(Models::new(config.max_models)),
            counters: Arc::default(),
            lines: Mutex::new(Lines::new(config.max_sessions)),
            sessions: Mutex::default(),
            max_sessions: config.max_sessions,
        }
    }
}
