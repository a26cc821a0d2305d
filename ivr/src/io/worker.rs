//! A recognition thread: goes round its callers, 50 times a second.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rtrb::Consumer;
use tracing::warn;

use super::figures::Refusal;
use super::listener::{Ear, Listener};
use super::shared::Shared;
use super::vosk::SpeechSink;
use crate::SpeechEvent;
use crate::audio::FRAME;

/// How long audio waits at most for a thread with nothing else to do.
const ROUND: Duration = Duration::from_millis(20);
/// Frames taken of one caller in one round, so that others are not kept waiting: 200 ms.
const MOST_FRAMES: usize = 10;
/// A thread that was behind for so long takes no more callers until it has caught up.
const MOST_BEHIND_MS: u64 = 1_000;

/// A caller to listen to.
pub(super) struct Session {
    pub(super) session: u64,
    pub(super) list: String,
    pub(super) audio: Consumer<i16>,
    /// What is sent to the caller, sample for sample, where echo matters.
    pub(super) sent: Option<Consumer<i16>>,
    /// What is said is a dictation, and all of it is told.
    pub(super) dictates: bool,
    pub(super) sink: SpeechSink,
    pub(super) stopped: Arc<AtomicBool>,
}

/// A caller being listened to.
struct Heard {
    given: Session,
    listener: Listener,
}

/// What a round left of a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Waiting,
    More,
    Over,
    Failed,
}

/// Whether a thread keeps up with its callers, for those who want to bring more.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// For how long some caller's audio was always left waiting, in milliseconds.
    behind_ms: AtomicU64,
}

impl Pace {
    /// Whether another caller would be answered in time.
    pub(super) fn keeps_up(&self) -> bool {
        self.behind_ms.load(Ordering::Relaxed) < MOST_BEHIND_MS
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "how late this thread is, by the clock that makes it late; no fact depends on it"
    )]
    fn now() -> Instant {
        Instant::now()
    }

    /// After a round: whether audio was left, and since when.
    fn note(&self, busy: bool, caught_up: &mut Instant) {
        let now = Self::now();
        if !busy {
            *caught_up = now;
        }
        let behind = now.duration_since(*caught_up).as_millis();
        let behind = u64::try_from(behind).unwrap_or(u64::MAX);
        self.behind_ms.store(behind, Ordering::Relaxed);
    }
}

/// Runs until the sender is dropped. What fails unexpectedly costs its callers their speech, not the
/// thread.
pub(super) fn run(shared: &Shared, commands: &Receiver<Session>, pace: &Pace) {
    let mut heard: Vec<Heard> = Vec::new();
    loop {
        let rounds = || rounds(shared, commands, pace, &mut heard);
        if catch_unwind(AssertUnwindSafe(rounds)).is_ok() {
            return;
        }
        warn!("a recognition thread failed and goes on: its callers have keys only");
        for one in heard.drain(..) {
            let _ = catch_unwind(AssertUnwindSafe(|| one.give_up(shared)));
        }
        pace.behind_ms.store(0, Ordering::Relaxed);
    }
}

fn rounds(shared: &Shared, commands: &Receiver<Session>, pace: &Pace, heard: &mut Vec<Heard>) {
    let mut busy = false;
    let mut caught_up = Pace::now();
    let mut cpu = CpuClock::new();
    loop {
        let wait = if busy { Duration::ZERO } else { ROUND };
        let given = if heard.is_empty() {
            match commands.recv() {
                Ok(given) => {
                    caught_up = Pace::now();
                    Some(given)
                }
                Err(_) => return,
            }
        } else {
            match commands.recv_timeout(wait) {
                Ok(given) => Some(given),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        };
        for given in given.into_iter().chain(commands.try_iter()) {
            heard.extend(begin(shared, given));
        }
        busy = false;
        heard.retain_mut(|one| {
            let next = catch_unwind(AssertUnwindSafe(|| one.round())).unwrap_or(Next::Failed);
            match next {
                Next::Waiting => return true,
                Next::More => {
                    busy = true;
                    return true;
                }
                Next::Over => {}
                Next::Failed => {
                    warn!(
                        session = one.given.session,
                        "the recogniser failed: keys only"
                    );
                    one.give_up(shared);
                }
            }
            shared.remember(one.given.session, one.listener.hearing());
            shared.ended(one.given.session, &one.given.stopped);
            false
        });
        pace.note(busy, &mut caught_up);
        shared.counters.cpu(cpu.lap_us());
    }
}

/// Loads what the session's list needs. What arrives meanwhile waits in its ring.
fn begin(shared: &Shared, given: Session) -> Option<Heard> {
    let ear = catch_unwind(AssertUnwindSafe(|| shared.ear(&given.list)))
        .ok()
        .flatten();
    let Some(ear) = ear else {
        warn!(
            list = given.list,
            "libvosk did not load this list: keys only"
        );
        shared.counters.refused(Refusal::Failure);
        given.tell(SpeechEvent::Unavailable);
        shared.ended(given.session, &given.stopped);
        return None;
    };
    let dictates = given.dictates;
    Some(Heard {
        listener: Listener::new(
            Ear { dictates, ..ear },
            shared.hearing(given.session),
            Arc::clone(&shared.counters),
        ),
        given,
    })
}

impl Session {
    fn tell(&self, event: SpeechEvent) {
        if !self.stopped.load(Ordering::Acquire) {
            (self.sink)(self.session, event);
        }
    }
}

impl Heard {
    /// The caller goes on with keys.
    fn give_up(&self, shared: &Shared) {
        shared.counters.refused(Refusal::Failure);
        shared.ended(self.given.session, &self.given.stopped);
        self.given.tell(SpeechEvent::Unavailable);
    }

    /// The sound is over.
    fn end(&mut self) -> Next {
        let mut out = Vec::new();
        let told = !self.given.dictates || self.listener.end(&mut out).is_ok();
        for event in out {
            self.given.tell(event);
        }
        if told { Next::Over } else { Next::Failed }
    }

    fn round(&mut self) -> Next {
        let (mut piece, mut beside) = ([0_i16; FRAME], [0_i16; FRAME]);
        let mut out = Vec::new();
        for _ in 0..MOST_FRAMES {
            if self.given.stopped.load(Ordering::Acquire) {
                return Next::Over;
            }
            // Asked before reading: what was written before the end is still read.
            let ended = self.given.audio.is_abandoned();
            let (samples, _) = self.given.audio.pop_partial_slice(&mut piece);
            if samples.is_empty() {
                return if ended { self.end() } else { Next::Waiting };
            }
            let sent = self.given.sent.as_mut().and_then(|sent| {
                let sent = sent.pop_partial_slice(beside.get_mut(..samples.len())?).0;
                Some(&*sent)
            });
            let sent = sent.unwrap_or_default().iter().copied();
            let both = samples
                .iter()
                .copied()
                .zip(sent.chain(std::iter::repeat(0)));
            let audio = &self.given.audio;
            let pushed = self.listener.push(both, &|| audio.slots(), &mut out);
            for event in out.drain(..) {
                self.given.tell(event);
            }
            if pushed.is_err() {
                return Next::Failed;
            }
        }
        Next::More
    }
}

/// CPU time of the calling thread, as Linux counts it.
struct CpuClock {
    last_us: u64,
}

impl CpuClock {
    fn new() -> Self {
        Self {
            last_us: Self::now_us(),
        }
    }

    fn lap_us(&mut self) -> u64 {
        let now = Self::now_us();
        let lap = now.saturating_sub(self.last_us);
        self.last_us = now;
        lap
    }

    /// First field of `schedstat`: nanoseconds on a CPU. 0 where the kernel does not tell.
    fn now_us() -> u64 {
        std::fs::read_to_string("/proc/thread-self/schedstat")
            .ok()
            .and_then(|line| line.split(' ').next()?.parse::<u64>().ok())
            .unwrap_or(0)
            / 1_000
    }
}
