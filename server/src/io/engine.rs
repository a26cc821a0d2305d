//! The loop: one thread takes every input, lets the switchboard handle what has gathered, and hands
//! facts and effects to the committer. It never waits for the disk, a socket or another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use bytes::Bytes;
use events::{Chain, Timestamp};
use sip_gateway::boundary::{self as sip, Flow};
use tokio::sync::watch;

use super::clock::Clock;
use super::committer::{Commit, Committer};
use crate::switchboard::{Input, Opening, Switchboard, Turn};

/// Inputs handled in one turn at most: bounds how long the effects of the first one wait.
const TURN_INPUTS: usize = 256;
/// Who looks from outside waits for the loop no longer: it is stuck or overloaded then.
const LOOK_PATIENCE: Duration = Duration::from_secs(2);
/// SIP messages that may wait; beyond it datagrams are dropped, as a full socket buffer would.
const WAITING_SIP_MAX: usize = 20_000;

/// The way into the loop, for any thread.
#[derive(Clone, Debug)]
pub struct Inbox {
    to: Sender<Arrival>,
    clock: Clock,
    gauges: Arc<Gauges>,
}

/// What is seen of the loop from outside.
#[derive(Debug, Default)]
pub struct Gauges {
    waiting_sip: AtomicUsize,
    /// SIP messages dropped because too many waited.
    pub dropped_sip: AtomicU64,
    open_calls: watch::Sender<usize>,
    quiet: watch::Sender<bool>,
}

impl Gauges {
    /// Calls open now.
    #[must_use]
    pub fn open_calls(&self) -> usize {
        *self.open_calls.borrow()
    }

    /// Until no call is open.
    pub async fn wait_until_empty(&self) {
        let mut open = self.open_calls.subscribe();
        let _ = open.wait_for(|open| *open == 0).await;
    }

    /// Until nothing is under way: every goodbye was heard and every leg measured.
    pub async fn wait_until_quiet(&self) {
        let mut quiet = self.quiet.subscribe();
        let _ = quiet.wait_for(|quiet| *quiet).await;
    }
}

#[derive(Debug)]
enum Arrival {
    Input(Timestamp, Input),
    /// Look at something of the switchboard's, between two turns.
    Look(Look),
    /// Write the last fact and leave.
    Stop,
}

struct Look(Box<dyn FnOnce(&Switchboard) + Send>);

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Look")
    }
}

impl Inbox {
    /// Opens the loop's inbox.
    #[must_use]
    pub fn open(clock: Clock) -> (Self, Outbox) {
        let (to, from) = channel();
        let gauges = Arc::new(Gauges::default());
        (
            Self {
                to,
                clock,
                gauges: Arc::clone(&gauges),
            },
            Outbox { from, gauges },
        )
    }

    /// Something happened. Lost only if the loop has stopped.
    pub fn push(&self, input: Input) {
        let _ = self.to.send(Arrival::Input(self.clock.now(), input));
    }

    /// A SIP message came; false if too many wait already and it is dropped.
    #[must_use]
    pub fn push_sip(&self, input: sip::Input) -> bool {
        if self.gauges.waiting_sip.fetch_add(1, Ordering::Relaxed) >= WAITING_SIP_MAX {
            self.gauges.waiting_sip.fetch_sub(1, Ordering::Relaxed);
            self.gauges.dropped_sip.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        self.push(Input::Sip(input));
        true
    }

    /// Reads something of the switchboard between two turns; none if the loop has stopped or does
    /// not come round in [`LOOK_PATIENCE`]. Blocks: not for a task's own thread.
    pub fn look<T: Send + 'static>(
        &self,
        at: impl FnOnce(&Switchboard) -> T + Send + 'static,
    ) -> Option<T> {
        let (to, from) = channel();
        let look = Look(Box::new(move |switchboard| {
            let _ = to.send(at(switchboard));
        }));
        self.to.send(Arrival::Look(look)).ok()?;
        from.recv_timeout(LOOK_PATIENCE).ok()
    }

    /// Writes the last fact; the loop ends when everything before it was handled.
    pub fn stop(&self) {
        let _ = self.to.send(Arrival::Stop);
    }

    /// What is seen from outside.
    #[must_use]
    pub fn gauges(&self) -> &Gauges {
        &self.gauges
    }
}

/// The loop's end of the inbox.
#[derive(Debug)]
pub struct Outbox {
    from: Receiver<Arrival>,
    gauges: Arc<Gauges>,
}

#[cfg(test)]
impl Outbox {
    /// Whether nothing has arrived.
    pub(crate) fn is_empty(&self) -> bool {
        self.from.try_recv().is_err()
    }
}

/// Everything the loop owns.
pub struct Engine {
    /// The product.
    pub switchboard: Switchboard,
    /// Where the journal stands.
    pub chain: Chain,
    /// The one clock.
    pub clock: Clock,
    /// Facts to the disk, effects to the world.
    pub committer: Committer,
    /// Answers of the SIP transactions, which do not wait for the disk.
    pub chatter: Box<dyn Fn(Flow, Bytes) + Send>,
}

impl Engine {
    /// Writes the first facts, then runs until [`Inbox::stop`].
    pub fn run(mut self, outbox: &Outbox, opening: Opening) {
        let mut turn = Turn::default();
        let now = self.clock.now();
        self.switchboard.open(now, opening, &mut turn);
        self.finish(now, turn);
        while let Some(first) = self.wait(outbox) {
            if !self.turn(first, outbox) {
                break;
            }
            outbox
                .gauges
                .open_calls
                .send_replace(self.switchboard.open_calls());
            outbox
                .gauges
                .quiet
                .send_replace(self.switchboard.is_quiet());
        }
        let (mut turn, now) = (Turn::default(), self.clock.now());
        self.switchboard.close(now, &mut turn);
        self.finish(now, turn);
    }

    /// The next arrival, or a tick when a deadline comes first; none when every inbox is gone.
    fn wait(&self, outbox: &Outbox) -> Option<Arrival> {
        let Some(deadline) = self.switchboard.deadline() else {
            return outbox.from.recv().ok();
        };
        let now = self.clock.now();
        match outbox.from.recv_timeout(Clock::until(deadline, now)) {
            Ok(arrival) => Some(arrival),
            Err(RecvTimeoutError::Timeout) => Some(Arrival::Input(deadline, Input::Tick)),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    /// False when told to stop.
    fn turn(&mut self, first: Arrival, outbox: &Outbox) -> bool {
        let now = self.clock.now();
        let mut turn = Turn::default();
        let mut going_on = true;
        let oldest = match &first {
            Arrival::Input(at, _) => *at,
            Arrival::Look(_) | Arrival::Stop => now,
        };
        let delay_us = now.0.saturating_sub(oldest.0).max(0).unsigned_abs();
        let delay = Input::Sip(sip::Input::QueueDelay { delay_us });
        self.switchboard.handle(now, delay, &mut turn);
        for arrival in std::iter::once(first).chain(outbox.from.try_iter().take(TURN_INPUTS)) {
            match arrival {
                Arrival::Input(_, input) => {
                    if matches!(input, Input::Sip(_)) {
                        outbox.gauges.waiting_sip.fetch_sub(1, Ordering::Relaxed);
                    }
                    self.switchboard.handle(now, input, &mut turn);
                }
                Arrival::Look(Look(look)) => look(&self.switchboard),
                Arrival::Stop => going_on = false,
            }
        }
        if self
            .switchboard
            .deadline()
            .is_some_and(|deadline| deadline <= now)
        {
            self.switchboard.handle(now, Input::Tick, &mut turn);
        }
        self.finish(now, turn);
        going_on
    }

    fn finish(&mut self, now: Timestamp, turn: Turn) {
        for (flow, bytes) in turn.chatter {
            (self.chatter)(flow, bytes);
        }
        if turn.facts.is_empty() && turn.effects.is_empty() {
            return;
        }
        let mut commit = Commit {
            effects: turn.effects,
            ..Commit::default()
        };
        for fact in turn.facts {
            commit
                .records
                .push(self.chain.append(now, fact, &mut commit.lines));
        }
        self.committer.commit(commit);
    }
}

#[cfg(test)]
mod tests;
