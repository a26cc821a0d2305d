//! Facts first: makes a turn's facts durable, then runs its effects, then publishes the facts.
//!
//! One thread. Turns that pile up while the disk is busy share one fsync (group commit). When the
//! disk refuses, effects wait and nothing is lost: the commit is tried again every second, and the
//! switchboard is told to take no new calls until it succeeds.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use events::Record;

use super::clock::Clock;
use super::journal_file::Journal;
use crate::switchboard::Effect;

/// A turn on its way to the disk.
#[derive(Debug, Default)]
pub struct Commit {
    /// The facts as journal lines.
    pub lines: String,
    /// The same facts.
    pub records: Vec<Record>,
    /// What to do once they are durable.
    pub effects: Vec<Effect>,
}

/// What the committer acts on.
pub trait World: Send {
    /// Carries out an effect.
    fn run(&mut self, effect: Effect);
    /// Tells projections, desks and the ingester.
    fn publish(&mut self, records: Vec<Record>);
    /// An fsync took this long.
    fn synced(&mut self, took: Duration, bytes: usize);
    /// The journal cannot be written, or can again.
    fn stalled(&mut self, stalled: bool);
}

/// The thread and the way to it. Dropping it finishes what was handed over.
#[derive(Debug)]
pub struct Committer {
    to: Option<Sender<Commit>>,
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

/// The thread's name.
pub const JOURNAL_THREAD: &str = "journal";
/// Turns that share one fsync at most.
const GROUP: usize = 512;
const RETRY: Duration = Duration::from_secs(1);

impl Committer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system's, if it has no thread to give.
    pub fn start(
        journal: Box<dyn Journal>,
        world: Box<dyn World>,
        clock: Clock,
    ) -> std::io::Result<Self> {
        let (to, from) = channel();
        let (stop, stopped) = channel();
        let mut work = Work {
            journal,
            world,
            clock,
            stopped,
        };
        let thread = std::thread::Builder::new()
            .name(JOURNAL_THREAD.into())
            .spawn(move || work.run(&from))?;
        Ok(Self {
            to: Some(to),
            stop,
            thread: Some(thread),
        })
    }

    /// Hands a turn over; turns are carried out in order.
    pub fn commit(&self, commit: Commit) {
        if let Some(to) = &self.to {
            let _ = to.send(commit); // the thread lives as long as `self`
        }
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Work {
    journal: Box<dyn Journal>,
    world: Box<dyn World>,
    clock: Clock,
    stopped: Receiver<()>,
}

impl Work {
    fn run(&mut self, from: &Receiver<Commit>) {
        while let Ok(first) = from.recv() {
            let mut lines = first.lines.clone();
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = from.try_recv()
            {
                lines.push_str(&next.lines);
                group.push(next);
            }
            if !lines.is_empty() && !self.make_durable(&lines) {
                return;
            }
            for commit in group {
                commit
                    .effects
                    .into_iter()
                    .for_each(|effect| self.world.run(effect));
                if !commit.records.is_empty() {
                    self.world.publish(commit.records);
                }
            }
        }
    }

    /// False only if the server stopped while the disk still refused.
    fn make_durable(&mut self, lines: &str) -> bool {
        let mut stalled = false;
        loop {
            let begun = self.clock.now();
            match self.journal.commit(lines) {
                Ok(()) => {
                    let us = self
                        .clock
                        .now()
                        .0
                        .saturating_sub(begun.0)
                        .max(0)
                        .unsigned_abs();
                    self.world.synced(Duration::from_micros(us), lines.len());
                    if stalled {
                        tracing::info!("the journal is written again");
                        self.world.stalled(false);
                    }
                    return true;
                }
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be written: free disk space; calls wait, new ones are refused");
                    if !stalled {
                        stalled = true;
                        self.world.stalled(true);
                    }
                    if self.stopped.recv_timeout(RETRY) != Err(RecvTimeoutError::Timeout) {
                        return false;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use events::{Chain, Event, Timestamp};

    use super::*;

    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<String>>>);

    impl Seen {
        fn say(&self, what: impl Into<String>) {
            self.0.lock().unwrap().push(what.into());
        }
    }

    struct FullAtFirst {
        seen: Seen,
        refusals: usize,
    }

    impl Journal for FullAtFirst {
        fn commit(&mut self, lines: &str) -> std::io::Result<()> {
            if self.refusals > 0 {
                self.refusals -= 1;
                self.seen.say("disk full");
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            self.seen
                .say(format!("durable: {} line(s)", lines.lines().count()));
            Ok(())
        }
    }

    impl World for Seen {
        fn run(&mut self, effect: Effect) {
            self.say(format!("effect: {effect:?}"));
        }
        fn publish(&mut self, records: Vec<Record>) {
            self.say(format!("published: {}", records.len()));
        }
        fn synced(&mut self, _: Duration, _: usize) {}
        fn stalled(&mut self, stalled: bool) {
            self.say(format!("stalled: {stalled}"));
        }
    }

    fn one_fact(chain: &mut Chain) -> Commit {
        let mut lines = String::new();
        let record = chain.append(Timestamp(1), Event::Heartbeat {}, &mut lines);
        Commit {
            lines,
            records: vec![record],
            effects: vec![Effect::Reply(1, Ok(()))],
        }
    }

    #[test]
    fn an_effect_waits_for_the_disk_even_when_the_disk_is_full_for_a_while() {
        let seen = Seen::default();
        let journal = FullAtFirst {
            seen: seen.clone(),
            refusals: 1,
        };
        let clock = Clock::start(Timestamp(0));
        let committer = Committer::start(Box::new(journal), Box::new(seen.clone()), clock).unwrap();
        committer.commit(one_fact(&mut Chain::default()));
        while seen.0.lock().unwrap().len() < 6 {
            std::thread::yield_now();
        }
        drop(committer);
        expect_test::expect![[r#"
            disk full
            stalled: true
            durable: 1 line(s)
            stalled: false
            effect: Reply(1, Ok(()))
            published: 1"#]]
        .assert_eq(&seen.0.lock().unwrap().join("\n"));
    }
}
