//! A recognition thread: goes round its callers, 50 times a second.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rtrb::Consumer;
use tracing::warn;

use super::attention::Attention;
use super::figures::Refusal;
use super::listener::{Ear, Listener};
use super::pace::{Pace, Shedding, Watch};
use super::shared::Shared;
use super::vosk::SpeechSink;
use crate::SpeechEvent;
use crate::audio::{FRAME, millis};

/// How long audio waits at most for a thread with nothing else to do.
const ROUND: Duration = Duration::from_millis(20);
/// Frames taken of one caller in one round, so that others are not kept waiting: 200 ms.
const MOST_FRAMES: usize = 10;
/// The same of a talk with a person, 40 ms: nobody waits for an answer there.
const MOST_FRAMES_OF_TALK: usize = 2;

/// A caller to listen to.
pub(super) struct Session {
    pub(super) session: u64,
    pub(super) list: String,
    pub(super) audio: Consumer<i16>,
    /// What is sent to the caller, sample for sample, where echo matters.
    pub(super) sent: Option<Consumer<i16>>,
    /// What the caller does.
    pub(super) attention: Attention,
    pub(super) sink: SpeechSink,
    pub(super) stopped: Arc<AtomicBool>,
}

/// A caller being listened to.
struct Heard {
    /// Dropped before the way to the caller: who sees that end may count on libvosk being done.
    listener: Listener,
    given: Session,
    /// Audio that waited when the thread last looked whether it is behind, in milliseconds.
    waiting_ms: Option<u64>,
}

/// What a round left of a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Waiting,
    More,
    Over,
    Failed,
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
            let _ = catch_unwind(AssertUnwindSafe(|| one.give_up(shared, Refusal::Failure)));
        }
        pace.caught_up();
    }
}

fn rounds(shared: &Shared, commands: &Receiver<Session>, pace: &Pace, heard: &mut Vec<Heard>) {
    let mut behind = Behind::default();
    let mut watch = Watch::start();
    let mut shedding = Shedding::default();
    let mut cpu = CpuClock::new();
    loop {
        let busy = behind.callers || behind.talks;
        let wait = if busy { Duration::ZERO } else { ROUND };
        let given = if heard.is_empty() {
            match commands.recv() {
                Ok(given) => {
                    watch = Watch::start();
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
        let callers_wait = std::mem::take(&mut behind.callers);
        behind.talks = false;
        heard.retain_mut(|one| {
            if callers_wait && one.is_talk() {
                behind.talks = true;
                return true;
            }
            let next = catch_unwind(AssertUnwindSafe(|| one.round())).unwrap_or(Next::Failed);
            match next {
                Next::Waiting => return true,
                Next::More => {
                    behind.note(one.is_talk());
                    return true;
                }
                Next::Over => {}
                Next::Failed => {
                    warn!(
                        session = one.given.session,
                        "the recogniser failed: keys only"
                    );
                    one.give_up(shared, Refusal::Failure);
                }
            }
            shared.remember(one.given.session, one.listener.hearing());
            shared.ended(one.given.session, &one.given.stopped);
            false
        });
        pace.note(behind.callers, behind.talks, &mut watch);
        let too_many = too_many(heard, &mut shedding, &watch);
        for last in last_ones(heard, too_many) {
            heard.remove(last).give_up(shared, Refusal::Overload);
        }
        shared.counters.cpu(cpu.lap_us());
    }
}

/// Who has more sound waiting after a round.
#[derive(Default)]
struct Behind {
    /// Somebody who answers or dictates: talks are not heard meanwhile.
    callers: bool,
    /// Somebody who talks with a person.
    talks: bool,
}

impl Behind {
    fn note(&mut self, talk: bool) {
        self.talks |= talk;
        self.callers |= !talk;
    }
}

/// The places of those who go, the last first: only talks, as long as there are any.
fn last_ones(heard: &[Heard], count: usize) -> Vec<usize> {
    let talks = heard.iter().any(Heard::is_talk);
    let places = (0..heard.len()).rev();
    let going = places.filter(|place| heard.get(*place).is_some_and(|one| one.is_talk() == talks));
    going.take(count).collect()
}

/// How many have to go on without recognition, so that the others are answered in time.
fn too_many(heard: &mut [Heard], shedding: &mut Shedding, watch: &Watch) -> usize {
    if !shedding.is_due(watch) {
        return 0;
    }
    let waiting = heard.iter_mut().map(|one| {
        let now = millis(u64::try_from(one.given.audio.slots()).unwrap_or(0));
        (one.waiting_ms.replace(now), now)
    });
    shedding.too_many(watch, waiting)
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
        shared.counters(given.attention).refused(Refusal::Failure);
        given.tell(SpeechEvent::Unavailable);
        shared.ended(given.session, &given.stopped);
        return None;
    };
    let attention = given.attention;
    if attention == Attention::Talk {
        given.tell(SpeechEvent::Attending(ear.kind.depth()));
    }
    Some(Heard {
        listener: Listener::new(
            Ear { attention, ..ear },
            shared.hearing(given.session),
            Arc::clone(shared.counters(attention)),
        ),
        waiting_ms: None,
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
    fn is_talk(&self) -> bool {
        self.given.attention == Attention::Talk
    }

    /// The caller goes on with keys.
    fn give_up(&self, shared: &Shared, why: Refusal) {
        shared.counters(self.given.attention).refused(why);
        shared.ended(self.given.session, &self.given.stopped);
        self.given.tell(SpeechEvent::Unavailable);
    }

    /// The sound is over.
    fn end(&mut self) -> Next {
        let mut out = Vec::new();
        let told = !self.given.attention.is_patient() || self.listener.end(&mut out).is_ok();
        for event in out {
            self.given.tell(event);
        }
        if told { Next::Over } else { Next::Failed }
    }

    fn round(&mut self) -> Next {
        let (mut piece, mut beside) = ([0_i16; FRAME], [0_i16; FRAME]);
        let mut out = Vec::new();
        let most = match self.given.attention {
            Attention::Answer | Attention::Dictation => MOST_FRAMES,
            Attention::Talk => MOST_FRAMES_OF_TALK,
        };
        for _ in 0..most {
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
