//! The media threads' clock: one anchor at start, then monotonic time only.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Seconds from 1900 (NTP) to 1970.
const NTP_OFFSET_S: u64 = 2_208_988_800;
/// A datagram that seems to have waited longer than this was stamped by a clock that was set: 1 s.
const MAX_WAIT_US: u64 = 1_000_000;

/// Microseconds since the plane started, and their NTP time.
#[derive(Clone, Copy, Debug)]
pub(super) struct MediaClock {
    start: Instant,
    wall_start_us: u64,
}

/// The two clocks read together, to place the kernel's stamps on ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// Since the start.
    pub(super) us: u64,
    wall_us: u64,
}

impl MediaClock {
    pub(super) fn start() -> Self {
        Self {
            start: now(),
            wall_start_us: wall_us(),
        }
    }

    pub(super) fn read(&self) -> Reading {
        let elapsed = now().duration_since(self.start).as_micros();
        Reading {
            us: u64::try_from(elapsed).unwrap_or(u64::MAX),
            wall_us: wall_us(),
        }
    }

    /// A moment as 32.32 NTP time (RFC 3550 §4).
    pub(super) const fn ntp(&self, us: u64) -> u64 {
        let wall = self.wall_start_us.wrapping_add(us);
        let seconds = (wall / 1_000_000).wrapping_add(NTP_OFFSET_S);
        (seconds << 32) | (((wall % 1_000_000) << 32) / 1_000_000)
    }
}

impl Reading {
    /// When a datagram arrived that the kernel stamped with the wall clock (0: it did not).
    pub(super) const fn arrival_us(&self, stamped_wall_us: u64) -> u64 {
        let waited = self.wall_us.saturating_sub(stamped_wall_us);
        if waited > MAX_WAIT_US {
            return self.us;
        }
        self.us.saturating_sub(waited)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "media threads own their tick; durations never come from the wall clock"
)]
fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "NTP times in RTCP and the kernel's stamps are of the wall clock"
)]
fn wall_us() -> u64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH);
    wall.map_or(0, |d| u64::try_from(d.as_micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ntp_counts_from_1900_with_binary_fractions() {
        let clock = MediaClock {
            start: now(),
            wall_start_us: 1_500_000,
        };
        let half_past = (NTP_OFFSET_S + 1) << 32 | 1 << 31;
        assert_eq!(clock.ntp(0), half_past);
        assert_eq!(clock.ntp(500_000), (NTP_OFFSET_S + 2) << 32);
    }

    #[test]
    fn a_stamp_is_placed_on_our_clock_unless_the_wall_clock_was_set() {
        let reading = Reading {
            us: 5_000_000,
            wall_us: 100_000_000,
        };
        assert_eq!(reading.arrival_us(99_997_000), 4_997_000);
        assert_eq!(reading.arrival_us(100_000_500), 5_000_000);
        assert_eq!(reading.arrival_us(0), 5_000_000);
    }
}
