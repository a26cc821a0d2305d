//! The numbers of what is sent to a browser: one stream for the life of its session, whichever legs
//! feed it.
//!
//! SRTP wants sequence numbers with their cycles (RFC 3711 §3.3.1) that never go back, and the
//! browser's jitter buffer wants timestamps that go on with time. Every leg begins with random ones.

use super::rtp::timestamp_after;

/// A jump of more than this many packets is a new beginning (RFC 3550 §A.1).
const MAX_DROPOUT: u16 = 3_000;
/// This far back is a reordered packet.
const MAX_MISORDER: u16 = 100;
/// Samples of a packet of 20 ms.
const STEP: u32 = 160;

/// See the module.
#[derive(Debug)]
pub struct Carry {
    /// Highest number given, with its cycles.
    newest: u64,
    /// Newest timestamp given.
    timestamp: u32,
    source: Option<Source>,
}

/// The leg that feeds the stream now.
#[derive(Clone, Copy, Debug)]
struct Source {
    ssrc: u32,
    /// Its highest sequence number, and ours for it.
    theirs: u16,
    ours: u64,
    /// The lowest of ours that it may still have: nothing of it goes before the leg's beginning.
    first: u64,
    timestamp_shift: u32,
}

/// What a packet is sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// With its cycles.
    pub sequence: u64,
    /// In samples.
    pub timestamp: u32,
    /// First of its source.
    pub fresh: bool,
}

impl Carry {
    /// A stream that begins after this number, which has no cycles.
    #[must_use]
    pub fn new(start: u16) -> Self {
        Self {
            newest: u64::from(start),
            timestamp: 0,
            source: None,
        }
    }

    /// Numbers for a packet of a leg; `clock` is the session's age in samples. None for one that is
    /// older than its source's beginning here.
    pub fn place(
        &mut self,
        ssrc: u32,
        (sequence, timestamp): (u16, u32),
        clock: u32,
    ) -> Option<Numbers> {
        let source = match self.source {
            Some(source) if source.ssrc == ssrc && source.fits(sequence) => source,
            Some(_) | None => return Some(self.begin(ssrc, (sequence, timestamp), clock)),
        };
        let ahead = sequence.wrapping_sub(source.theirs);
        let ours = if ahead <= MAX_DROPOUT {
            source.ours + u64::from(ahead)
        } else {
            source.ours - u64::from(ahead.wrapping_neg()).min(source.ours)
        };
        if ours < source.first {
            return None;
        }
        if ours > source.ours {
            self.source = Some(Source {
                theirs: sequence,
                ours,
                ..source
            });
        }
        Some(self.give(ours, timestamp.wrapping_add(source.timestamp_shift), false))
    }

    fn begin(&mut self, ssrc: u32, (sequence, timestamp): (u16, u32), clock: u32) -> Numbers {
        let ours = self.newest + 1;
        let after = self.timestamp.wrapping_add(STEP);
        let begins = if timestamp_after(clock, after) {
            clock
        } else {
            after
        };
        self.source = Some(Source {
            ssrc,
            theirs: sequence,
            ours,
            first: ours,
            timestamp_shift: begins.wrapping_sub(timestamp),
        });
        self.give(ours, begins, true)
    }

    fn give(&mut self, sequence: u64, timestamp: u32, fresh: bool) -> Numbers {
        self.newest = self.newest.max(sequence);
        if timestamp_after(timestamp, self.timestamp) {
            self.timestamp = timestamp;
        }
        Numbers {
            sequence,
            timestamp,
            fresh,
        }
    }
}

impl Source {
    fn fits(&self, sequence: u16) -> bool {
        let ahead = sequence.wrapping_sub(self.theirs);
        ahead <= MAX_DROPOUT || ahead.wrapping_neg() <= MAX_MISORDER
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(carry: &mut Carry, ssrc: u32, packet: (u16, u32), clock: u32) -> (u64, u32) {
        let numbers = carry.place(ssrc, packet, clock).unwrap();
        (numbers.sequence, numbers.timestamp)
    }

    #[test]
    fn the_next_leg_goes_on_where_the_last_one_stopped_and_time_does_too() {
        let mut carry = Carry::new(9);
        assert_eq!(numbers(&mut carry, 1, (65_535, 70), 800), (10, 800));
        assert_eq!(numbers(&mut carry, 1, (0, 230), 960), (11, 960));
        // One is lost and stays lost; one comes late.
        assert_eq!(numbers(&mut carry, 1, (2, 550), 1_280), (13, 1_280));
        assert_eq!(numbers(&mut carry, 1, (1, 390), 1_280), (12, 1_120));
        // The next call, ten seconds later.
        assert_eq!(numbers(&mut carry, 2, (40_000, 5), 81_280), (14, 81_280));
        // A third at once: never the same timestamp twice.
        assert_eq!(numbers(&mut carry, 3, (7, 7), 81_280), (15, 81_440));
    }

    #[test]
    fn what_is_older_than_its_beginning_is_not_sent() {
        let mut carry = Carry::new(0);
        carry.place(1, (100, 0), 0).unwrap();
        assert_eq!(carry.place(1, (99, 0), 0), None);
    }

    #[test]
    fn cycles_are_counted() {
        let mut carry = Carry::new(0);
        for i in 0..200_000_u64 {
            let sequence = u16::try_from(i % 65_536).unwrap();
            let placed = carry.place(1, (sequence, 0), 0).unwrap();
            assert_eq!(placed.sequence, i + 1);
        }
    }

    proptest! {
        #[test]
        fn numbers_never_fall_below_the_beginning_of_their_source(
            packets in prop::collection::vec((0_u32..3, any::<u16>(), any::<u32>()), 1..200)
        ) {
            let mut carry = Carry::new(500);
            let mut floor = 500;
            for (ssrc, sequence, timestamp) in packets {
                if let Some(placed) = carry.place(ssrc, (sequence, timestamp), 0) {
                    if placed.fresh {
                        prop_assert!(placed.sequence > floor);
                    }
                    floor = floor.max(placed.sequence);
                }
            }
        }
    }
}
