//! Recognition of callers' speech, on its own fixed threads.
//!
//! A session is one caller being listened to with one closed list. Its audio comes through a ring
//! that the media thread fills; what is heard goes to a sink. Media threads never wait for any of
//! this: a ring that runs over is the media thread's to count.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use events::TranscriptDepth;
use rtrb::Consumer;
use tracing::warn;

use super::attention::Attention;
use super::figures::{RecogniserFigures, Refusal};
use super::lists::{self, Lists};
use super::loaded::{read, write};
use super::model::AcousticModel;
use super::opening;
use super::pace::Pace;
use super::settings::{RecogniserConfig, RecogniserState, RecogniserStatus, Unheard};
use super::shared::{Shared, lock};
use super::worker::{self, Session};
use crate::SpeechEvent;
use crate::graph::Expected;

/// Where results go: the session's number and what happened. Called on a recognition thread, so it
/// must not block.
pub type SpeechSink = Arc<dyn Fn(u64, SpeechEvent) + Send + Sync>;

/// A recognition thread, from outside.
struct Worker {
    /// No longer than the most callers at once: whoever does not fit has keys.
    sender: SyncSender<Session>,
    pace: Arc<Pace>,
}

/// What was asked for: the settings with the model as it was chosen last, and every list.
struct Asked {
    config: RecogniserConfig,
    lists: BTreeMap<String, Expected>,
}

/// All recognition of this process.
pub struct Recognisers {
    /// Held as long as lists are prepared or a model is opened.
    asked: Mutex<Asked>,
    shared: Arc<Shared>,
    /// One for each thread.
    workers: Vec<Worker>,
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
        let lists: BTreeMap<String, Expected> = lists.collect();
        let opened = opening::open(config, &lists);
        let mut status = opened.status.clone();
        let shared = Arc::new(Shared::new(config, opened));
        let mut workers = Vec::new();
        let mut threads = Vec::new();
        for number in 0..config.threads.max(1) {
            let (sender, receiver) = sync_channel(config.max_sessions.max(1));
            let pace = Arc::new(Pace::default());
            let (shared, shown) = (Arc::clone(&shared), Arc::clone(&pace));
            let thread = std::thread::Builder::new()
                .name(format!("speech-{number}"))
                .spawn(move || worker::run(&shared, &receiver, &shown));
            match thread {
                Ok(thread) => {
                    workers.push(Worker { sender, pace });
                    threads.push(thread);
                }
                Err(why) => warn!(%why, "a recognition thread did not start"),
            }
        }
        if workers.is_empty() && matches!(status, RecogniserStatus::Ready { .. }) {
            let why = "система не дала запустить потоки распознавания".to_owned();
            status = RecogniserStatus::KeysOnly { why };
        }
        let config = config.clone();
        let made = Self {
            asked: Mutex::new(Asked { config, lists }),
            shared,
            workers,
            threads,
        };
        (made, status)
    }

    /// Adds lists while callers are listened to; those of known names stay as they are. Tells what of
    /// them cannot be heard. Blocks while search graphs are written.
    ///
    /// # Errors
    /// When the model or the disk is to blame, with what to do; no list is added then.
    pub fn learn<L: Into<Expected>>(&self, lists: Vec<(String, L)>) -> Result<Unheard, String> {
        let mut asked = lock(&self.asked);
        let new: BTreeMap<String, Expected> = lists
            .into_iter()
            .filter(|(key, _)| !asked.lists.contains_key(key))
            .map(|(key, list)| (key, list.into()))
            .collect();
        let dir = read(&self.shared.open)
            .model
            .as_ref()
            .map(|model| model.dir().to_owned());
        let Lists { prepared, unheard } = match dir {
            None => Lists::default(),
            Some(dir) => self
                .prepare(&asked.config, &dir, &new)
                .map_err(|why| why.to_string())?,
        };
        let mut open = write(&self.shared.open);
        open.lists.extend(prepared);
        if open.state == RecogniserState::Ready && !unheard.is_empty() {
            open.state = RecogniserState::Partial;
        }
        drop(open);
        asked.lists.extend(new);
        Ok(unheard)
    }

    fn prepare(
        &self,
        config: &RecogniserConfig,
        dir: &Path,
        lists: &BTreeMap<String, Expected>,
    ) -> Result<Lists, super::ModelProblem> {
        // The files may have changed since they were opened.
        let model = AcousticModel::open(dir)?;
        let words = opening::vocabulary(&model, &mut lock(&self.shared.models))?;
        lists::prepare(&config.cache, &model, words.as_ref(), lists.iter())
    }

    /// Hears with this model (and that reserve) from each caller's next question on. Blocks while it
    /// is opened. Where something works already and the new model does not, everything stays as it was;
    /// the reserve is for those who would have nothing.
    ///
    /// # Errors
    /// Why the model cannot be used, with what to do.
    pub fn switch(&self, model: &Path, reserve: Option<&Path>) -> Result<RecogniserStatus, String> {
        let mut asked = lock(&self.asked);
        let config = RecogniserConfig {
            model: model.to_owned(),
            reserve: reserve.filter(|_| !self.is_on()).map(Path::to_owned),
            ..asked.config.clone()
        };
        let opened = opening::open(&config, &asked.lists);
        let status = opened.status.clone();
        if let RecogniserStatus::KeysOnly { why } = status {
            return Err(why);
        }
        self.shared.replace(opened);
        asked.config = config;
        Ok(status)
    }

    /// Whether this is the very model that is in use, and not in another's place: its folder and,
    /// where it has one, its version.
    #[must_use]
    pub fn hears_with(&self, model: &Path) -> bool {
        let (now, state) = {
            let open = read(&self.shared.open);
            (open.model.clone(), open.state)
        };
        let Some(now) = now.filter(|_| state != RecogniserState::Reserve) else {
            return false;
        };
        AcousticModel::open(model)
            .is_ok_and(|other| other.dir() == now.dir() && other.version() == now.version())
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
        self.hear(Session {
            session,
            list: list.to_owned(),
            audio,
            sent,
            attention: Attention::Answer,
            sink,
            stopped: Arc::default(),
        });
    }

    /// Listens to a caller who dictates, with a list of commands, until the end of the ring's other
    /// side; then the sink is dropped. Every utterance is told: what is no command said alone has words
    /// only if [`Recognisers::writes_down`].
    pub fn dictation(&self, session: u64, list: &str, audio: Consumer<i16>, sink: SpeechSink) {
        self.hear(Session {
            session,
            list: list.to_owned(),
            audio,
            sent: None,
            attention: Attention::Dictation,
            sink,
            stopped: Arc::default(),
        });
    }

    /// Listens to a caller who talks with a person, with a list of what such talks are about, until
    /// [`Recognisers::stop`] or the end of the ring's other side. Told are [`SpeechEvent::Attending`]
    /// first, then every utterance: all its words if [`Recognisers::writes_down`], else the phrase of
    /// the list that is among them. Callers who answer the assistant come first: where there is no
    /// room or time for both, this is what is [`SpeechEvent::Unavailable`].
    ///
    /// The second ring carries what is said to them: see [`Recognisers::listen_beside`].
    pub fn overhear(
        &self,
        session: u64,
        list: &str,
        (audio, sent): (Consumer<i16>, Option<Consumer<i16>>),
        sink: SpeechSink,
    ) {
        self.hear(Session {
            session,
            list: list.to_owned(),
            audio,
            sent,
            attention: Attention::Talk,
            sink,
            stopped: Arc::default(),
        });
    }

    /// Whether free speech can be written down: not by a model of closed lists, which the built-in one is.
    #[must_use]
    pub fn writes_down(&self) -> bool {
        let open = read(&self.shared.open);
        open.model
            .as_ref()
            .is_some_and(|model| model.kind().depth() == TranscriptDepth::Words)
    }

    fn hear(&self, given: Session) {
        let (session, attention) = (given.session, given.attention);
        let (stopped, sink) = (Arc::clone(&given.stopped), Arc::clone(&given.sink));
        self.stop(session);
        let numbered = self.workers.iter().enumerate();
        let keep_up = numbered.filter(|(_, worker)| match attention {
            Attention::Answer | Attention::Dictation => worker.pace.keeps_up(),
            Attention::Talk => worker.pace.keeps_up_with_talks(),
        });
        let least = keep_up.map(|(number, _)| number);
        let refusal = match self
            .shared
            .admit((session, attention), &given.list, &stopped, least)
        {
            Ok(number) => {
                let worker = self.workers.get(number);
                match worker.map(|worker| worker.sender.try_send(given)) {
                    Some(Ok(())) => return self.shared.counters(attention).session(),
                    Some(Err(TrySendError::Full(_))) => Refusal::Overload,
                    Some(Err(TrySendError::Disconnected(_))) | None => Refusal::Failure,
                }
            }
            Err(refusal) => refusal,
        };
        self.shared.ended(session, &stopped);
        self.shared.counters(attention).refused(refusal);
        sink(session, SpeechEvent::Unavailable);
    }

    /// Stops listening; a result that is being told at this very moment may still arrive.
    pub fn stop(&self, session: u64) {
        self.shared.stop(session);
    }

    /// What was done so far for callers who talk with the assistant.
    #[must_use]
    pub fn figures(&self) -> RecogniserFigures {
        self.figures_of(Attention::Answer)
    }

    /// What was done so far for callers who talk with a person. The CPU time is in the other figures.
    #[must_use]
    pub fn talk_figures(&self) -> RecogniserFigures {
        self.figures_of(Attention::Talk)
    }

    fn figures_of(&self, attention: Attention) -> RecogniserFigures {
        let loaded = lock(&self.shared.models).count();
        let active = self.shared.active(attention == Attention::Talk);
        self.shared.counters(attention).snapshot(
            u64::try_from(active).unwrap_or(u64::MAX),
            u64::try_from(loaded).unwrap_or(u64::MAX),
        )
    }

    /// Whether anything is recognised at all: there is a model, and a thread that lives.
    #[must_use]
    pub fn is_on(&self) -> bool {
        read(&self.shared.open).model.is_some()
            && self.threads.iter().any(|thread| !thread.is_finished())
    }

    /// How recognition stands now.
    #[must_use]
    pub fn state(&self) -> RecogniserState {
        if self.is_on() {
            read(&self.shared.open).state
        } else {
            RecogniserState::KeysOnly
        }
    }
}

impl Drop for Recognisers {
    fn drop(&mut self) {
        self.shared.stop_all();
        self.workers.clear();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                warn!("a recognition thread had panicked");
            }
        }
    }
}
