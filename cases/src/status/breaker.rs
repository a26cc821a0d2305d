//! A register that fails is left alone for a while: callers are told at once instead of after a
//! time-out, and a service that struggles is not pressed further.

use events::{Millis, Timestamp};

/// Failures in a row after which a register is left alone.
const FAILURES_MAX: u32 = 3;
/// How long it is left alone before one try.
const REST: Millis = Millis(30_000);

/// Whether a register may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// It answers; so many failures in a row.
    Closed(u32),
    /// It is left alone until then; the next who asks afterwards tries for all.
    Open(Timestamp),
    /// Somebody tries; it counts as failed if nobody reports until then.
    Trying(Timestamp),
}

/// What a report changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It is left alone from now on.
    Off,
    /// It answers again.
    On,
    /// Nothing that anybody should be told.
    Not,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed(0)
    }
}

impl Breaker {
    /// Whether to ask now. Whoever is allowed reports afterwards.
    pub fn may_ask(&mut self, now: Timestamp) -> bool {
        match *self {
            Self::Closed(_) => true,
            Self::Open(until) | Self::Trying(until) if until <= now => {
                *self = Self::Trying(now + REST);
                true
            }
            Self::Open(_) | Self::Trying(_) => false,
        }
    }

    /// How it went.
    pub fn report(&mut self, now: Timestamp, answered: bool) -> Turned {
        let (next, turned) = match (*self, answered) {
            (Self::Closed(_), true) => (Self::Closed(0), Turned::Not),
            (Self::Open(_) | Self::Trying(_), true) => (Self::Closed(0), Turned::On),
            (Self::Closed(failures), false) if failures + 1 < FAILURES_MAX => {
                (Self::Closed(failures + 1), Turned::Not)
            }
            (Self::Closed(_), false) => (Self::Open(now + REST), Turned::Off),
            (Self::Open(_) | Self::Trying(_), false) => (Self::Open(now + REST), Turned::Not),
        };
        *self = next;
        turned
    }

    /// Whether it answers, as far as is known.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_give_a_rest_and_one_try_ends_it() {
        let at = |s: i64| Timestamp(s * 1_000_000);
        let mut breaker = Breaker::default();
        assert_eq!(breaker.report(at(0), false), Turned::Not);
        assert_eq!(breaker.report(at(1), true), Turned::Not);
        for s in 2..4 {
            assert_eq!(breaker.report(at(s), false), Turned::Not);
        }
        assert!(breaker.may_ask(at(4)));
        assert_eq!(breaker.report(at(4), false), Turned::Off);
        assert!(!breaker.may_ask(at(33)));
        assert!(breaker.may_ask(at(34)), "one tries");
        assert!(!breaker.may_ask(at(34)), "the others wait for it");
        assert_eq!(breaker.report(at(35), false), Turned::Not);
        assert!(!breaker.may_ask(at(64)));
        assert!(breaker.may_ask(at(65)));
        assert_eq!(breaker.report(at(66), true), Turned::On);
        assert!(breaker.is_closed());
    }

    #[test]
    fn a_try_that_nobody_reports_does_not_close_the_way_for_ever() {
        let mut breaker = Breaker::Open(Timestamp(0));
        assert!(breaker.may_ask(Timestamp(1)));
        assert!(!breaker.may_ask(Timestamp(2)));
        assert!(breaker.may_ask(Timestamp(1) + REST));
    }
}
