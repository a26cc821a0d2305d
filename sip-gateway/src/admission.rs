//! Overload instead of collapse: which new calls are taken.
//!
//! Only new INVITEs are turned away. A call that stands is never refused anything: refusing a BYE
//! or a re-INVITE would make more work, not less.

use events::{Millis, Timestamp};

use crate::gateway::Limits;

/// Decides on every new call.
#[derive(Debug)]
pub(crate) struct Admission {
    /// Tokens, in millionths, so that a slow refill loses nothing.
    tokens_ppm: u64,
    refilled: Option<Timestamp>,
    slow_since: Option<Timestamp>,
    draining: bool,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Take it.
    Admit,
    /// Too much: 503 with Retry-After.
    Overload,
    /// We are leaving: 503.
    Draining,
}

/// One token.
const TOKEN_PPM: u64 = 1_000_000;
/// A report of a slow queue counts this long, in milliseconds: no report may follow if the queue
/// is so slow that nobody measures.
const SLOW_HOLDS_MS: u64 = 1_000;

impl Admission {
    /// Starts with a full bucket.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            tokens_ppm: u64::from(limits.new_calls_burst) * TOKEN_PPM,
            refilled: None,
            slow_since: None,
            draining: false,
        }
    }

    /// The oldest input waited this long.
    pub(crate) fn queue_delay(&mut self, now: Timestamp, delay_us: u64, limits: &Limits) {
        self.slow_since = (delay_us > limits.queue_delay.0.saturating_mul(1_000)).then_some(now);
    }

    /// No new calls from now on.
    pub(crate) const fn drain(&mut self) {
        self.draining = true;
    }

    /// Whether the gateway is leaving.
    pub(crate) const fn is_draining(&self) -> bool {
        self.draining
    }

    /// Whether the queue in front of us is too slow for new work.
    pub(crate) fn is_slow(&self, now: Timestamp) -> bool {
        self.slow_since
            .is_some_and(|at| now.since(at) <= Millis(SLOW_HOLDS_MS))
    }

    /// A new call stands at the door; `legs` are open. Takes a token if it may come in.
    pub(crate) fn judge(&mut self, now: Timestamp, legs: usize, limits: &Limits) -> Verdict {
        if self.draining {
            return Verdict::Draining;
        }
        self.refill(now, limits);
        if self.is_slow(now) || legs >= limits.max_legs || self.tokens_ppm < TOKEN_PPM {
            return Verdict::Overload;
        }
        self.tokens_ppm -= TOKEN_PPM;
        Verdict::Admit
    }

    fn refill(&mut self, now: Timestamp, limits: &Limits) {
        let full = u64::from(limits.new_calls_burst) * TOKEN_PPM;
        let before = *self.refilled.get_or_insert(now);
        let elapsed_us = now.0.saturating_sub(before.0).max(0).unsigned_abs();
        let earned_ppm = elapsed_us.saturating_mul(u64::from(limits.new_calls_per_s));
        self.tokens_ppm = self.tokens_ppm.saturating_add(earned_ppm).min(full);
        self.refilled = Some(now.max(before));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            max_legs: 10,
            new_calls_per_s: 2,
            new_calls_burst: 3,
            queue_delay: Millis(100),
            ..Limits::default()
        }
    }

    fn t(ms: u64) -> Timestamp {
        Timestamp(0).plus_ms(ms)
    }

    #[test]
    fn a_burst_is_taken_then_the_rate_holds() {
        let (limits, mut admission) = (limits(), Admission::new(&limits()));
        let mut taken = |ms| admission.judge(t(ms), 0, &limits) == Verdict::Admit;
        assert_eq!(
            [taken(0), taken(0), taken(0), taken(0)],
            [true, true, true, false]
        );
        assert_eq!([taken(499), taken(500), taken(501)], [false, true, false]);
        assert_eq!(
            [taken(60_000), taken(60_000), taken(60_000), taken(60_000)],
            [true, true, true, false]
        );
    }

    #[test]
    fn legs_slowness_and_draining_refuse() {
        let (limits, mut admission) = (limits(), Admission::new(&limits()));
        assert_eq!(admission.judge(t(0), 10, &limits), Verdict::Overload);
        admission.queue_delay(t(0), 100_001, &limits);
        assert_eq!(admission.judge(t(1), 0, &limits), Verdict::Overload);
        assert_eq!(
            admission.judge(t(1_001), 0, &limits),
            Verdict::Admit,
            "the report is old"
        );
        admission.queue_delay(t(1_100), 100_001, &limits);
        admission.queue_delay(t(1_101), 5_000, &limits);
        assert_eq!(
            admission.judge(t(1_102), 0, &limits),
            Verdict::Admit,
            "fast again"
        );
        admission.drain();
        assert_eq!(admission.judge(t(1_103), 0, &limits), Verdict::Draining);
    }
}
