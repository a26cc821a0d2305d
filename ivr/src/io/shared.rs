//! What all recognition threads share: the model that is open, its lists, who is listened to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::attention::Attention;
use super::figures::{Counters, Refusal};
use super::lines::Lines;
use super::listener::Ear;
use super::lists::Prepared;
use super::loaded::{Models, read, write};
use super::model::AcousticModel;
use super::opening::Opened;
use super::settings::{RecogniserConfig, RecogniserState};
use crate::audio::hearing::Hearing;

/// The model in use with its lists; all of it is replaced when another model is chosen.
pub(super) struct Open {
    pub(super) lists: BTreeMap<String, Prepared>,
    /// None: only keys work.
    pub(super) model: Option<AcousticModel>,
    pub(super) state: RecogniserState,
}

/// Who is being listened to, and by which thread.
struct Running {
    worker: usize,
    stopped: Arc<AtomicBool>,
    attention: Attention,
}

/// How many are listened to at once at most.
#[derive(Clone, Copy, Debug)]
struct Most {
    callers: usize,
    talks: usize,
}

impl Most {
    const fn of(self, attention: Attention) -> usize {
        match attention {
            Attention::Answer | Attention::Dictation => self.callers,
            Attention::Talk => self.talks,
        }
    }
}

/// What all threads share.
pub(super) struct Shared {
    pub(super) open: RwLock<Open>,
    /// Held while a model is loaded; nobody waits for it but those who need a model.
    pub(super) models: Mutex<Models>,
    /// What was done for callers who talk with the assistant.
    pub(super) counters: Arc<Counters>,
    /// What was done for those who talk with a person.
    pub(super) talks: Arc<Counters>,
    /// What is known of the lines of callers who were listened to before.
    lines: Mutex<Lines>,
    sessions: Mutex<BTreeMap<u64, Running>>,
    most: Most,
}

impl Shared {
    pub(super) fn new(config: &RecogniserConfig, opened: Opened) -> Self {
        Self {
            open: RwLock::new(Open {
                state: RecogniserState::of(&opened.status),
                lists: opened.lists,
                model: opened.model,
            }),
            models: Mutex::new(opened.models),
            counters: Arc::default(),
            talks: Arc::default(),
            lines: Mutex::new(Lines::new(config.max_sessions + config.max_talks)),
            sessions: Mutex::default(),
            most: Most {
                callers: config.max_sessions,
                talks: config.max_talks,
            },
        }
    }

    /// Hears with this model from now on. Who is being listened to is heard to the end of the
    /// question with the model it began with.
    pub(super) fn replace(&self, opened: Opened) {
        let state = RecogniserState::of(&opened.status);
        let Opened {
            lists,
            model,
            models,
            status: _,
        } = opened;
        *lock(&self.models) = models;
        *write(&self.open) = Open {
            lists,
            model,
            state,
        };
    }

    /// What a session needs to hear its list; loads the model if it is not in memory.
    pub(super) fn ear(&self, list: &str) -> Option<Ear> {
        let prepared = read(&self.open).lists.get(list)?.clone();
        let model = lock(&self.models).get(&prepared.folder)?;
        Some(Ear {
            grammar: prepared.grammar,
            model,
            kind: prepared.kind,
            attention: Attention::Answer,
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

    /// Callers being listened to now: those who talk with a person, or all others.
    pub(super) fn active(&self, talks: bool) -> usize {
        let sessions = lock(&self.sessions);
        let of = |one: &&Running| (one.attention == Attention::Talk) == talks;
        sessions.values().filter(of).count()
    }

    /// The counters for those who are listened to like this.
    pub(super) const fn counters(&self, attention: Attention) -> &Arc<Counters> {
        match attention {
            Attention::Answer | Attention::Dictation => &self.counters,
            Attention::Talk => &self.talks,
        }
    }

    /// Takes a session in, at the least busy of these workers, if there is room.
    pub(super) fn admit(
        &self,
        (session, attention): (u64, Attention),
        list: &str,
        stopped: &Arc<AtomicBool>,
        workers: impl Iterator<Item = usize>,
    ) -> Result<usize, Refusal> {
        {
            let open = read(&self.open);
            if open.model.is_none() {
                return Err(Refusal::NoModel);
            }
            if !open.lists.contains_key(list) {
                return Err(Refusal::List);
            }
        }
        let mut sessions = lock(&self.sessions);
        let talks = |one: Attention| one == Attention::Talk;
        let beside = |one: &&Running| talks(one.attention) == talks(attention);
        if sessions.values().filter(beside).count() >= self.most.of(attention) {
            return Err(Refusal::Sessions);
        }
        let load = |worker: &usize| sessions.values().filter(|r| r.worker == *worker).count();
        let worker = workers.min_by_key(load).ok_or(Refusal::Overload)?;
        let stopped = Arc::clone(stopped);
        let running = Running {
            worker,
            stopped,
            attention,
        };
        sessions.insert(session, running);
        Ok(worker)
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

    /// A session is over on the caller's side.
    pub(super) fn stop(&self, session: u64) {
        if let Some(running) = lock(&self.sessions).remove(&session) {
            running.stopped.store(true, Ordering::Release);
        }
    }

    /// Every session is over.
    pub(super) fn stop_all(&self) {
        for running in lock(&self.sessions).values() {
            running.stopped.store(true, Ordering::Release);
        }
    }
}

/// A poisoned lock holds valid data here: nothing under these locks is left half-changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
