//! The one time type.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01 UTC.
///
/// Made only by the shell's clock, from one anchor at start plus monotonic elapsed time: a step of
/// the wall clock changes no duration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A duration in whole milliseconds, the unit of every wait (`docs/requirements.md`, «Waits»).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Timestamp {
    /// Whole milliseconds from `earlier` to `self`, rounded down; 0 if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Millis {
        let us = self.0.saturating_sub(earlier.0).max(0);
        Millis(us.unsigned_abs() / 1_000)
    }

    /// `self` plus `ms` milliseconds.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        let us = i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(us))
    }
}

impl Add<Millis> for Timestamp {
    type Output = Self;

    fn add(self, rhs: Millis) -> Self {
        self.plus_ms(rhs.0)
    }
}

impl Sub for Timestamp {
    type Output = Millis;

    fn sub(self, rhs: Self) -> Millis {
        self.since(rhs)
    }
}

impl Millis {
    /// From whole seconds, the unit of the configuration.
    #[must_use]
    pub const fn from_s(s: u64) -> Self {
        Self(s.saturating_mul(1_000))
    }

    /// Seconds as Prometheus wants them.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "below 2^53 ms, which is 285 thousand years"
    )]
    pub fn as_s(self) -> f64 {
        self.0 as f64 / 1_000.0
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}us", self.0)
    }
}

impl fmt::Debug for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_whole_milliseconds_and_never_negative() {
        let t0 = Timestamp(1_000_000);
        assert_eq!(Timestamp(2_999_999).since(t0), Millis(1_999));
        assert_eq!(t0.since(Timestamp(2_000_000)), Millis(0));
        assert_eq!(t0 + Millis::from_s(2), Timestamp(3_000_000));
    }
}
