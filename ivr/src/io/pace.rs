//! Whether a recognition thread keeps up with its callers, and how many have to go when it does not.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A thread that was behind for so long takes no more callers until it has caught up.
const MOST_BEHIND_MS: u64 = 1_000;
/// Audio that waits longer than this, on average, is answered too late.
const MOST_WAITING_MS: u64 = 1_000;
/// Time between two looks at what waits.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Whether a thread keeps up with its callers, for those who want to bring more.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// For how long the audio of some caller who answers was always left waiting, in milliseconds.
    callers_behind_ms: AtomicU64,
    /// The same of anybody, those who talk with a person included.
    behind_ms: AtomicU64,
}

impl Pace {
    /// Whether another caller would be answered in time: talks give way to them.
    pub(super) fn keeps_up(&self) -> bool {
        self.callers_behind_ms.load(Ordering::Relaxed) < MOST_BEHIND_MS
    }

    /// Whether there is time for another talk.
    pub(super) fn keeps_up_with_talks(&self) -> bool {
        self.behind_ms.load(Ordering::Relaxed) < MOST_BEHIND_MS
    }

    /// Nothing waits any more.
    pub(super) fn caught_up(&self) {
        self.callers_behind_ms.store(0, Ordering::Relaxed);
        self.behind_ms.store(0, Ordering::Relaxed);
    }

    /// After a round: whether audio of callers or of talks was left, and since when.
    pub(super) fn note(&self, callers: bool, talks: bool, watch: &mut Watch) {
        watch.now = Watch::look();
        if !callers {
            watch.callers_caught_up = watch.now;
        }
        if !callers && !talks {
            watch.caught_up = watch.now;
        }
        let since = |at: Instant| {
            let behind = watch.now.duration_since(at).as_millis();
            u64::try_from(behind).unwrap_or(u64::MAX)
        };
        let callers_behind = since(watch.callers_caught_up);
        self.callers_behind_ms
            .store(callers_behind, Ordering::Relaxed);
        self.behind_ms
            .store(since(watch.caught_up), Ordering::Relaxed);
    }
}

/// A thread's own look at the clock.
#[derive(Debug)]
pub(super) struct Watch {
    now: Instant,
    callers_caught_up: Instant,
    caught_up: Instant,
}

impl Watch {
    pub(super) fn start() -> Self {
        let now = Self::look();
        Self {
            now,
            callers_caught_up: now,
            caught_up: now,
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "how late this thread is, by the clock that makes it late; no fact depends on it"
    )]
    fn look() -> Instant {
        Instant::now()
    }
}

/// Finds out how many callers are too many: what waits for a thread grows by the share of its callers
/// that it cannot hear.
#[derive(Debug, Default)]
pub(super) struct Shedding {
    looked: Option<Instant>,
}

impl Shedding {
    /// Whether it is time to look at what waits.
    pub(super) fn is_due(&self, watch: &Watch) -> bool {
        self.looked
            .is_none_or(|at| watch.now.duration_since(at) >= BETWEEN_LOOKS)
    }

    /// How many of these callers have to go: each with the audio that waited at the last look, if the
    /// caller was there, and waits now, in milliseconds. One always stays.
    pub(super) fn too_many(
        &mut self,
        watch: &Watch,
        callers: impl Iterator<Item = (Option<u64>, u64)>,
    ) -> usize {
        let before = self.looked.replace(watch.now);
        let Some(before) = before else {
            callers.for_each(drop);
            return 0;
        };
        let passed = watch.now.duration_since(before).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX).max(1);
        let (mut all, mut known, mut then, mut now) = (0, 0, 0_u64, 0_u64);
        for (earlier_ms, now_ms) in callers {
            all += 1;
            if let Some(earlier_ms) = earlier_ms {
                known += 1;
                then += earlier_ms;
                now += now_ms;
            }
        }
        if known == 0 || now < then || now <= known * MOST_WAITING_MS {
            return 0;
        }
        // Grown by a third of the time that passed: a third of the callers is too many.
        let share = (all * (now - then)).div_ceil(known * passed);
        let most = all.saturating_sub(1);
        usize::try_from(share.max(1).min(most)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many callers have to go, of whom each had and has so much waiting, after 500 ms.
    fn shed(callers: usize, then_ms: u64, now_ms: u64) -> usize {
        let mut watch = Watch::start();
        let mut shedding = Shedding::default();
        assert_eq!(
            shedding.too_many(&watch, std::iter::repeat_n((None, then_ms), callers)),
            0,
            "a first look tells nothing"
        );
        assert!(!shedding.is_due(&watch));
        watch.now += BETWEEN_LOOKS;
        assert!(shedding.is_due(&watch));
        shedding.too_many(
            &watch,
            std::iter::repeat_n((Some(then_ms), now_ms), callers),
        )
    }

    #[test]
    fn those_go_whom_the_thread_cannot_hear() {
        // Callers, waiting at the first look, at the second: who goes.
        let rows = [
            (50, 0, 0, 0),
            // Late, but in time.
            (50, 600, 770, 0),
            // A third of the time was not heard.
            (50, 900, 1_070, 17),
            (100, 1_000, 1_335, 67),
            // Behind, and catching up.
            (50, 3_000, 2_900, 0),
            // Behind and not catching up; the buffer may be full.
            (50, 5_000, 5_000, 1),
            (2, 1_500, 2_000, 1),
            // Somebody is always heard.
            (1, 1_500, 2_000, 0),
            (0, 0, 0, 0),
        ];
        for (callers, then_ms, now_ms, go) in rows {
            assert_eq!(
                shed(callers, then_ms, now_ms),
                go,
                "{callers} {then_ms} {now_ms}"
            );
        }
    }

    #[test]
    fn who_has_just_come_is_no_sign_of_being_late() {
        let mut watch = Watch::start();
        let mut shedding = Shedding::default();
        assert_eq!(shedding.too_many(&watch, std::iter::empty()), 0);
        watch.now += BETWEEN_LOOKS;
        let callers = [(Some(0), 20), (None, 5_000), (None, 5_000)];
        assert_eq!(shedding.too_many(&watch, callers.into_iter()), 0);
    }
}
