//! The world that effects act on: sockets, audio, recognition; and those who want to hear facts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use cases::Ledger;
use cases::io::Outgoing;
use cases::io::status::Registers;
use events::{Channel, Event, LegId, NotificationId, Record, TaskReply};
use ivr::SpeechEvent;
use ivr::io::{Recognisers, SpeechSink};
use metrics::io::Ingest;
use metrics::{Health, Numbers, Projection as _};
use rtrb::Consumer;
use sip_gateway::boundary::{BrowserCommand, MediaCommand, TextCommand};
use sip_gateway::io::{MediaPlane, TextPlane, Transports, WebRtcPlane};
use tokio::sync::{oneshot, watch};

use super::committer::World;
use super::dictation::{self, Dictation, Listener};
use super::engine::Inbox;
use super::pages::Pages;
use super::senders::Senders;
use super::sounds::Sounds;
use crate::desk::Desk;
use crate::script_texts::ScriptTexts;
use crate::switchboard::{DictationId, Effect, Input, ListenId};
use crate::told_log::ToldLog;

/// Audio that waits for the recogniser, in samples at 8 kHz: five seconds. The list of a question may
/// have to be loaded first.
const FEED_SAMPLES: usize = 40_000;

/// Everything that is folded from facts while the server runs.
#[derive(Debug)]
pub struct Published {
    /// The numbers behind `/metrics`.
    pub numbers: Mutex<Numbers>,
    /// What desks and the board show.
    pub desk: Arc<RwLock<Desk>>,
    /// Appointments, complaints and callbacks, as desks see them.
    pub ledger: Arc<RwLock<Ledger>>,
    /// What people were told, as supervisors see it.
    pub told: Arc<RwLock<ToldLog>>,
    /// Which texts of scripts were proposed and approved.
    pub texts: Arc<RwLock<ScriptTexts>>,
    /// Figures that are no facts.
    pub health: Mutex<Health>,
    /// Changes with every batch of facts.
    pub changed: watch::Sender<u64>,
}

/// Desks that wait for an answer, by the number of their request.
pub type Waiting = Arc<Mutex<BTreeMap<u64, oneshot::Sender<Result<(), String>>>>>;

/// Desks that wait for a task, by the number of their request.
pub type WaitingTasks = Arc<Mutex<BTreeMap<u64, oneshot::Sender<TaskReply>>>>;

/// The world of a running server.
pub struct Outside {
    /// SIP.
    pub transports: Arc<Transports>,
    /// RTP.
    pub plane: Arc<MediaPlane>,
    /// Real-time text.
    pub texts: TextPlane,
    /// Browsers' audio, if there is any.
    pub browsers: Option<Arc<WebRtcPlane>>,
    /// Pages that call.
    pub pages: Arc<Pages>,
    /// Speech.
    pub recognisers: Arc<Recognisers>,
    /// The sound of every phrase.
    pub sounds: Sounds,
    /// Where conversations are recorded.
    pub recordings: PathBuf,
    /// Desks that wait.
    pub waiting: Waiting,
    /// Desks that wait for a task.
    pub waiting_tasks: WaitingTasks,
    /// Where the state of applications is known.
    pub registers: Arc<Registers>,
    /// Dictations under way, by the caller's leg.
    pub dictations: BTreeMap<LegId, Dictation>,
    /// The mail server and the provider of short messages.
    pub senders: Senders,
    /// Those who hear facts.
    pub published: Arc<Published>,
    /// The way to the database.
    pub ingest: Arc<Ingest>,
    /// The way back into the loop.
    pub inbox: Inbox,
}

impl World for Outside {
    fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Send(flow, bytes) => self.transports.send(flow, bytes),
            Effect::Text(command) => self.text(command),
            Effect::Browser(command) => self.browser(command),
            Effect::Media(command) => {
                if let MediaCommand::Close { leg }
                | MediaCommand::StopPlaying { leg }
                | MediaCommand::Bridge { caller: leg, .. } = &command
                {
                    self.sounds.forget(*leg);
                }
                if let MediaCommand::Close { leg } = &command {
                    self.dictations.remove(leg);
                }
                self.plane.send(command);
            }
            Effect::Play {
                leg,
                play,
                phrases,
                manner: _,
                repeat: true,
            } => self.sounds.repeat(leg, play, &phrases),
            Effect::Play {
                leg,
                play,
                phrases,
                manner,
                repeat: false,
            } => self.sounds.play(leg, play, phrases, manner),
            Effect::Listen {
                leg,
                listen,
                grammar,
            } => self.listen(leg, listen, &grammar),
            Effect::Overhear { leg, listen, list } => self.overhear(leg, listen, &list),
            Effect::StopListening(leg) => {
                self.plane.send(MediaCommand::Untap { leg });
                self.recognisers.stop(leg.0);
            }
            Effect::Record { caller, file } => {
                let path = self.recordings.join(file);
                self.plane.send(MediaCommand::Record { caller, path });
            }
            Effect::Dictate {
                leg,
                dictation,
                listen,
                grammar,
                file,
            } => self.dictate(leg, dictation, (listen, &grammar), &file),
            Effect::StopDictating(leg) => self.stop_dictating(leg),
            Effect::TaskReply(request, reply) => tell(&self.waiting_tasks, request, reply),
            Effect::AskRegisters { ticket, number } => {
                let inbox = self.inbox.clone();
                let sink = move |answer| inbox.push(Input::Status(ticket, answer));
                self.registers.ask(number, Box::new(sink));
            }
            Effect::Tell {
                notification,
                attempt,
                channel,
                outgoing,
            } => self.tell((notification, attempt), channel, outgoing),
            Effect::Reply(request, result) => tell(&self.waiting, request, result),
        }
    }

    fn publish(&mut self, records: Vec<Record>) {
        {
            let mut numbers = lock(&self.published.numbers);
            records.iter().for_each(|record| numbers.apply(record));
        }
        {
            let desk = self.published.desk.write();
            let mut desk = desk.unwrap_or_else(PoisonError::into_inner);
            records.iter().for_each(|record| desk.apply(record));
        }
        self.keep_ledger(&records);
        {
            let told = self.published.told.write();
            let mut told = told.unwrap_or_else(PoisonError::into_inner);
            records.iter().for_each(|record| told.apply(record));
            drop(told);
            let texts = self.published.texts.write();
            let mut texts = texts.unwrap_or_else(PoisonError::into_inner);
            records.iter().for_each(|record| texts.apply(record));
        }
        self.ingest.publish(&records);
        self.published
            .changed
            .send_modify(|turn| *turn = turn.wrapping_add(1));
    }

    fn synced(&mut self, took: Duration, bytes: usize) {
        let mut health = lock(&self.published.health);
        health
            .journal_fsync
            .observe_us(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        health.journal_bytes += bytes as u64;
    }

    fn stalled(&mut self, stalled: bool) {
        lock(&self.published.health).journal_errors += u64::from(stalled);
        self.inbox.push(Input::JournalStalled(stalled));
    }
}

impl Outside {
    fn tell(
        &self,
        (notification, attempt): (NotificationId, u8),
        channel: Channel,
        outgoing: Outgoing,
    ) {
        let inbox = self.inbox.clone();
        let sink = move |result| {
            inbox.push(Input::Told {
                notification,
                attempt,
                result,
            });
        };
        self.senders.send(channel, outgoing, Box::new(sink));
    }

    fn keep_ledger(&self, records: &[Record]) {
        let facts = records.iter().filter_map(|record| {
            let Event::Case(fact) = &record.event else {
                return None;
            };
            Some((record.at, fact))
        });
        let mut ledger = None;
        for (at, fact) in facts {
            let write = || self.published.ledger.write();
            let ledger =
                ledger.get_or_insert_with(|| write().unwrap_or_else(PoisonError::into_inner));
            ledger.apply(at, fact);
        }
    }

    fn stop_dictating(&mut self, leg: LegId) {
        if self.dictations.remove(&leg).is_some() {
            self.plane.send(MediaCommand::Untap { leg });
        }
    }

    fn dictate(
        &mut self,
        leg: LegId,
        dictation: DictationId,
        (listen, grammar): (ListenId, &str),
        file: &str,
    ) {
        let (listener, audio, told) = Listener::new();
        let inbox = self.inbox.clone();
        let writes_down = self.recognisers.writes_down();
        let heard: SpeechSink = Arc::new(move |session, event| {
            if let SpeechEvent::Final { text, .. } = &event
                && writes_down
            {
                let _ = told.send(text.expose().clone());
            }
            inbox.push(Input::Speech(LegId(session), listen, event));
        });
        self.recognisers.dictation(leg.0, grammar, audio, heard);
        let inbox = self.inbox.clone();
        let sink = move |dictated| inbox.push(Input::Dictated(leg, dictated));
        let path = self.recordings.join(file);
        self.sounds.beep(leg);
        let (under_way, feed) = dictation::begin(&path, dictation, listener, Box::new(sink));
        self.dictations.insert(leg, under_way);
        let sent = None;
        self.plane.send(MediaCommand::Tap { leg, feed, sent });
    }

    fn text(&self, command: TextCommand) {
        if !self.pages.carry_out(&command) {
            self.texts.send(command);
        }
    }

    fn browser(&self, command: BrowserCommand) {
        match (command, &self.browsers) {
            (BrowserCommand::Call { session, news }, _) => self.pages.tell(session, news),
            (command, Some(browsers)) => browsers.send(command),
            // Without browsers' audio nobody has a session.
            (BrowserCommand::Join { .. } | BrowserCommand::Part { .. }, None) => {}
        }
    }

    fn listen(&self, leg: LegId, listen: ListenId, grammar: &str) {
        let (heard, tap) = ear(leg);
        let sink = self.words_of(listen);
        self.recognisers.listen_beside(leg.0, grammar, heard, sink);
        self.plane.send(tap);
    }

    fn overhear(&self, leg: LegId, listen: ListenId, list: &str) {
        let (heard, tap) = ear(leg);
        let sink = self.words_of(listen);
        self.recognisers.overhear(leg.0, list, heard, sink);
        self.plane.send(tap);
    }

    /// Takes what is heard into the loop.
    fn words_of(&self, listen: ListenId) -> SpeechSink {
        let inbox = self.inbox.clone();
        Arc::new(move |session, event| {
            inbox.push(Input::Speech(LegId(session), listen, event));
        })
    }
}

/// A way for what a leg says and for what is said to it, and the order to send both along it.
fn ear(leg: LegId) -> ((Consumer<i16>, Option<Consumer<i16>>), MediaCommand) {
    let (feed, audio) = rtrb::RingBuffer::new(FEED_SAMPLES);
    let (sent, beside) = rtrb::RingBuffer::new(FEED_SAMPLES);
    let sent = Some(sent);
    ((audio, Some(beside)), MediaCommand::Tap { leg, feed, sent })
}

/// Answers a desk that still waits.
fn tell<T>(waiting: &Mutex<BTreeMap<u64, oneshot::Sender<T>>>, request: u64, answer: T) {
    if let Some(desk) = lock(waiting).remove(&request) {
        let _ = desk.send(answer);
    }
}

/// Locks what is never left half-changed: a panic elsewhere does not spoil it.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
