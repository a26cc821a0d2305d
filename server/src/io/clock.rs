//! The one clock: wall time read once, then monotonic time added.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use events::Timestamp;

/// Hands out [`Timestamp`]s. A step of the wall clock after the start changes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    anchor: Timestamp,
    started: Instant,
}

impl Clock {
    /// Anchors the clock now, but never before `newest`, the last time in the journal: a wall clock
    /// that was set back while we were down must not make time run backwards.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clocks"
    )]
    pub fn start(newest: Timestamp) -> Self {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let wall = Timestamp(i64::try_from(wall.as_micros()).unwrap_or(i64::MAX));
        Self {
            anchor: wall.max(newest),
            started: Instant::now(),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        Timestamp(self.anchor.0.saturating_add(elapsed))
    }

    /// How long from `now` until `deadline`; zero if it passed.
    #[must_use]
    pub fn until(deadline: Timestamp, now: Timestamp) -> std::time::Duration {
        let us = deadline.0.saturating_sub(now.0).max(0);
        std::time::Duration::from_micros(us.unsigned_abs())
    }
}
