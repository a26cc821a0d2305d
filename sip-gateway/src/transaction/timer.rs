//! The RFC's timers by their letters, and a queue of deadlines.

use std::collections::{BTreeMap, BTreeSet};

use events::Timestamp;

/// T1, the estimate of a round trip, in milliseconds (RFC 3261 §17.1.1.1).
pub(crate) const T1_MS: u64 = 500;
/// T2, the longest pause between retransmissions, in milliseconds (RFC 3261 §17.1.2.2).
pub(crate) const T2_MS: u64 = 4_000;
/// T4, how long a message may stay in the network, in milliseconds (RFC 3261 §17.1.2.2).
pub(crate) const T4_MS: u64 = 5_000;
/// 64·T1: how long anybody waits for an answer, in milliseconds.
pub(crate) const PATIENCE_MS: u64 = 64 * T1_MS;

/// The transaction timers (RFC 3261, table 4; L and M from RFC 6026 §7). Timer C is a proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// INVITE request retransmission, UDP only.
    A,
    /// INVITE client: no answer at all.
    B,
    /// INVITE client: absorbs retransmitted refusals.
    D,
    /// Other request retransmission, UDP only.
    E,
    /// Other client: no final answer.
    F,
    /// INVITE refusal retransmission, UDP only.
    G,
    /// INVITE server: no ACK of the refusal.
    H,
    /// INVITE server: absorbs retransmitted ACKs.
    I,
    /// Other server: absorbs retransmitted requests.
    J,
    /// Other client: absorbs retransmitted answers.
    K,
    /// INVITE server: absorbs retransmitted INVITEs after a 2xx.
    L,
    /// INVITE client: lets every 2xx (retransmitted or forked) through.
    M,
}

/// The next pause of a retransmission that doubles up to T2.
pub(crate) const fn doubled(pause_ms: u64) -> u64 {
    if pause_ms * 2 < T2_MS {
        pause_ms * 2
    } else {
        T2_MS
    }
}

/// Deadlines in the order in which they come due, at most one a key.
#[derive(Debug)]
pub(crate) struct Deadlines<K> {
    by_time: BTreeSet<(Timestamp, K)>,
    by_key: BTreeMap<K, Timestamp>,
}

impl<K> Default for Deadlines<K> {
    fn default() -> Self {
        Self {
            by_time: BTreeSet::new(),
            by_key: BTreeMap::new(),
        }
    }
}

impl<K: Ord + Copy> Deadlines<K> {
    /// Sets, or moves, the deadline of a key.
    pub(crate) fn arm(&mut self, at: Timestamp, key: K) {
        if let Some(before) = self.by_key.insert(key, at) {
            self.by_time.remove(&(before, key));
        }
        self.by_time.insert((at, key));
    }

    /// Forgets the deadline of a key, if it has one.
    pub(crate) fn disarm(&mut self, key: K) {
        if let Some(at) = self.by_key.remove(&key) {
            self.by_time.remove(&(at, key));
        }
    }

    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Takes out the earliest deadline that is due.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<K> {
        let (at, key) = *self.by_time.first()?;
        if at > now {
            return None;
        }
        self.disarm(key);
        Some(key)
    }

    /// How many are armed.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.by_time.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_come_due_in_order_and_one_a_key() {
        let mut deadlines = Deadlines::default();
        deadlines.arm(Timestamp(30), 'c');
        deadlines.arm(Timestamp(10), 'a');
        deadlines.arm(Timestamp(20), 'b');
        deadlines.arm(Timestamp(40), 'a');
        deadlines.disarm('c');
        assert_eq!(deadlines.next(), Some(Timestamp(20)));
        assert_eq!(deadlines.due(Timestamp(19)), None);
        assert_eq!(deadlines.due(Timestamp(50)), Some('b'));
        assert_eq!(deadlines.due(Timestamp(50)), Some('a'));
        assert_eq!((deadlines.due(Timestamp(50)), deadlines.len()), (None, 0));
    }

    #[test]
    fn a_pause_doubles_up_to_t2() {
        let pauses: Vec<u64> = std::iter::successors(Some(T1_MS), |p| Some(doubled(*p)))
            .take(6)
            .collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    }
}
