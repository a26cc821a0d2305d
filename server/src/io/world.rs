//! The world that effects act on: sockets, audio, recognition; and those who want to hear facts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use events::{LegId, Record};
use ivr::Phrase;
use ivr::io::{Recognisers, SpeechSink};
use metrics::io::Ingest;
use metrics::{Health, Numbers, Projection as _};
use sip_gateway::boundary::{EncodedPrompt, MediaCommand, PlayId};
use sip_gateway::io::{MediaPlane, Transports};
use tokio::sync::{oneshot, watch};

use super::committer::World;
use super::engine::Inbox;
use crate::desk::Desk;
use crate::switchboard::{Effect, Input, ListenId};

/// Audio that waits for the recogniser, in samples at 8 kHz: two seconds.
const FEED_SAMPLES: usize = 16_000;

/// Everything that is folded from facts while the server runs.
#[derive(Debug)]
pub struct Published {
    /// The numbers behind `/metrics`.
    pub numbers: Mutex<Numbers>,
    /// What desks and the board show.
    pub desk: Arc<RwLock<Desk>>,
    /// Figures that are no facts.
    pub health: Mutex<Health>,
    /// Changes with every batch of facts.
    pub changed: watch::Sender<u64>,
}

/// Desks that wait for an answer, by the number of their request.
pub type Waiting = Arc<Mutex<BTreeMap<u64, oneshot::Sender<Result<(), String>>>>>;

/// The world of a running server.
pub struct Outside {
    /// SIP.
    pub transports: Arc<Transports>,
    /// RTP.
    pub plane: Arc<MediaPlane>,
    /// Speech.
    pub recognisers: Arc<Recognisers>,
    /// The sound of every phrase.
    pub prompts: BTreeMap<String, Arc<EncodedPrompt>>,
    /// Where conversations are recorded.
    pub recordings: PathBuf,
    /// Desks that wait.
    pub waiting: Waiting,
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
            Effect::Media(command) => self.plane.send(command),
            Effect::Play {
                leg,
                play,
                phrases,
                repeat,
            } => self.play(leg, play, &phrases, repeat),
            Effect::Listen {
                leg,
                listen,
                grammar,
            } => self.listen(leg, listen, &grammar),
            Effect::StopListening(leg) => {
                self.plane.send(MediaCommand::Untap { leg });
                self.recognisers.stop(leg.0);
            }
            Effect::Record { caller, file } => {
                let path = self.recordings.join(file);
                self.plane.send(MediaCommand::Record { caller, path });
            }
            Effect::Reply(request, result) => {
                if let Some(desk) = lock(&self.waiting).remove(&request) {
                    let _ = desk.send(result);
                }
            }
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
    fn play(&self, leg: LegId, play: PlayId, phrases: &[Phrase], repeat: bool) {
        // Every phrase of every script is rendered before the first call (`serve`).
        let prompts = phrases
            .iter()
            .filter_map(|p| self.prompts.get(&p.name))
            .cloned()
            .collect();
        self.plane.send(MediaCommand::Play {
            leg,
            play,
            prompts,
            repeat,
        });
    }

    fn listen(&self, leg: LegId, listen: ListenId, grammar: &str) {
        let (feed, audio) = rtrb::RingBuffer::new(FEED_SAMPLES);
        let inbox = self.inbox.clone();
        let sink: SpeechSink = Arc::new(move |session, event| {
            inbox.push(Input::Speech(LegId(session), listen, event));
        });
        self.recognisers.listen(leg.0, grammar, audio, sink);
        self.plane.send(MediaCommand::Tap {
            leg,
            feed,
            sent: None,
        });
    }
}

/// Locks what is never left half-changed: a panic elsewhere does not spoil it.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
