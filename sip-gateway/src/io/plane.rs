//! The media plane: a fixed number of threads, and who is on which.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use events::LegId;

use super::clock::MediaClock;
use super::counters::{PlaneFigures, Published};
use super::recording::{EventSink, Recorder};
use super::sys::Waker;
use super::worker::{Order, Setup, Worker};
use crate::boundary::{MediaCommand, MediaEvent};

/// How the plane is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPlaneConfig {
    /// Media threads, at least 1; one a core that may be busy with media.
    pub threads: usize,
    /// Of SSRCs, first sequence numbers and timestamps: unpredictable in production.
    pub seed: u64,
    /// Canonical name in RTCP, e.g. `liniya@host`: no personal data, at most 64 octets.
    pub cname: String,
}

impl Default for MediaPlaneConfig {
    fn default() -> Self {
        Self {
            threads: 1,
            seed: 0,
            cname: "liniya".into(),
        }
    }
}

/// Runs until it is dropped: then every leg is closed, every recording finished, every thread
/// joined.
pub struct MediaPlane {
    threads: Vec<MediaThread>,
    router: Mutex<Router>,
    recorder: Option<(Recorder, JoinHandle<()>)>,
}

struct MediaThread {
    orders: Sender<Order>,
    waker: Arc<Waker>,
    published: Arc<Published>,
    handle: Option<JoinHandle<()>>,
}

/// Which thread has which leg. Touched by commands only, never by packets.
#[derive(Default)]
struct Router {
    thread_of: BTreeMap<LegId, usize>,
    legs: Vec<usize>,
}

impl MediaPlane {
    /// Starts the threads. `events` is called on them: it must not block.
    ///
    /// # Errors
    /// When the system refuses a thread, an epoll set, a timer or an event descriptor.
    pub fn start(
        config: &MediaPlaneConfig,
        events: impl Fn(MediaEvent) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let events: EventSink = Arc::new(events);
        let (recorder, recorder_thread) = Recorder::start(Arc::clone(&events))?;
        let clock = MediaClock::start();
        let count = config.threads.max(1);
        let mut plane = Self {
            threads: Vec::with_capacity(count),
            router: Mutex::new(Router {
                thread_of: BTreeMap::new(),
                legs: vec![0; count],
            }),
            recorder: None,
        };
        for number in 0..count {
            let setup = Setup {
                clock,
                seed: config.seed.wrapping_add(number as u64),
                cname: config.cname.chars().take(64).collect(),
                events: Arc::clone(&events),
                recorder: recorder.clone(),
            };
            plane.threads.push(MediaThread::start(number, setup)?);
        }
        plane.recorder = Some((recorder, recorder_thread));
        Ok(plane)
    }

    /// Hands a command to the leg's thread; from any thread, never blocking on media. Commands for
    /// a leg that was never opened, or is closed, are dropped.
    pub fn send(&self, command: MediaCommand) {
        let Some(thread) = self.route(&command) else {
            tracing::debug!(?command, "media command for a leg that is not open");
            return;
        };
        if let Some(thread) = self.threads.get(thread) {
            thread.order(Order::Command(command));
        }
    }

    /// Sums over the threads, at most 5 ms old.
    #[must_use]
    pub fn figures(&self) -> PlaneFigures {
        let mut sum = PlaneFigures::default();
        for thread in &self.threads {
            thread.published.add_to(&mut sum);
        }
        sum
    }

    fn route(&self, command: &MediaCommand) -> Option<usize> {
        let mut router = self.router.lock().unwrap_or_else(PoisonError::into_inner);
        match command {
            MediaCommand::Open { leg, beside, .. } => Some(router.place(*leg, *beside)),
            MediaCommand::Close { leg } => router.remove(*leg),
            MediaCommand::Bridge { caller, operator } => router.together([*caller, *operator]),
            MediaCommand::Mix { legs } => router.together(legs.iter().map(|one| one.leg)),
            MediaCommand::Negotiated { leg, .. }
            | MediaCommand::Play { leg, .. }
            | MediaCommand::PlayLive { leg, .. }
            | MediaCommand::PlayMore { leg, .. }
            | MediaCommand::StopPlaying { leg }
            | MediaCommand::PausePlaying { leg }
            | MediaCommand::ResumePlaying { leg }
            | MediaCommand::Unbridge { leg }
            | MediaCommand::Tap { leg, .. }
            | MediaCommand::Untap { leg }
            | MediaCommand::Record { caller: leg, .. }
            | MediaCommand::StopRecording { caller: leg } => router.thread_of.get(leg).copied(),
        }
    }
}

impl Router {
    /// The thread of `beside`, else the one with the fewest legs.
    fn place(&mut self, leg: LegId, beside: Option<LegId>) -> usize {
        let beside = beside.and_then(|other| self.thread_of.get(&other).copied());
        let idle = self.legs.iter().enumerate().min_by_key(|(_, legs)| **legs);
        let thread = beside.unwrap_or_else(|| idle.map_or(0, |(thread, _)| thread));
        self.remove(leg);
        self.thread_of.insert(leg, thread);
        if let Some(legs) = self.legs.get_mut(thread) {
            *legs += 1;
        }
        thread
    }

    fn remove(&mut self, leg: LegId) -> Option<usize> {
        let thread = self.thread_of.remove(&leg)?;
        if let Some(legs) = self.legs.get_mut(thread) {
            *legs = legs.saturating_sub(1);
        }
        Some(thread)
    }

    /// The thread of these legs, whichever of them are open.
    fn together(&self, legs: impl IntoIterator<Item = LegId>) -> Option<usize> {
        let known = |leg: LegId| self.thread_of.get(&leg).map(|thread| (leg, *thread));
        let mut open = legs.into_iter().filter_map(known);
        let (first, thread) = open.next()?;
        if let Some((other, _)) = open.find(|(_, other)| *other != thread) {
            tracing::error!(%first, %other, "legs on two media threads cannot be joined");
            return None;
        }
        Some(thread)
    }
}

impl MediaThread {
    fn start(number: usize, setup: Setup) -> io::Result<Self> {
        let (orders, inbox) = channel();
        let waker = Arc::new(Waker::new()?);
        let published = Arc::new(Published::default());
        let worker = Worker::new(setup, inbox, Arc::clone(&waker), Arc::clone(&published))?;
        let handle = thread::Builder::new()
            .name(format!("media-{number}"))
            .spawn(move || worker.run())?;
        Ok(Self {
            orders,
            waker,
            published,
            handle: Some(handle),
        })
    }

    fn order(&self, order: Order) {
        // A thread that is gone has closed its legs; there is nobody left to obey.
        if self.orders.send(order).is_ok() {
            self.waker.wake();
        }
    }
}

impl Drop for MediaPlane {
    fn drop(&mut self) {
        for thread in &self.threads {
            thread.order(Order::Stop);
        }
        for thread in &mut self.threads {
            if let Some(handle) = thread.handle.take() {
                drop(handle.join());
            }
        }
        if let Some((recorder, handle)) = self.recorder.take() {
            drop(recorder);
            drop(handle.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_spread_over_threads_and_partners_stay_together() {
        let mut router = Router {
            thread_of: BTreeMap::new(),
            legs: vec![0; 2],
        };
        assert_eq!(router.place(LegId(1), None), 0);
        assert_eq!(router.place(LegId(2), None), 1);
        assert_eq!(router.place(LegId(3), Some(LegId(2))), 1);
        assert_eq!(router.place(LegId(4), Some(LegId(99))), 0);
        assert_eq!(router.together([LegId(2), LegId(3)]), Some(1));
        assert_eq!(router.together([LegId(2), LegId(77), LegId(3)]), Some(1));
        assert_eq!(router.together([LegId(1), LegId(2)]), None);
        assert_eq!(router.together([LegId(77)]), None);
        assert_eq!(router.remove(LegId(2)), Some(1));
        assert_eq!(router.remove(LegId(2)), None);
        assert_eq!(router.legs, [2, 1]);
    }
}
