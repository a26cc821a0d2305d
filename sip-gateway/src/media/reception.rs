//! What a receiver knows about a stream: RFC 3550 §A.1 (sequence), §A.3 (loss), §A.8 (jitter).

use super::rtp::Incoming;

/// A jump of more than this many packets is no loss but a new beginning (RFC 3550 §A.1).
const MAX_DROPOUT: u16 = 3_000;
/// This far back is a reordered packet (RFC 3550 §A.1).
const MAX_MISORDER: u16 = 100;
const SEQUENCE_CYCLE: u32 = 1 << 16;
/// A transit change above one second is a jump of the sender's timestamps, not jitter.
const MAX_TRANSIT_CHANGE: u32 = 8_000;
const SAMPLES_PER_MS: u64 = 8;

/// What a report block says (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Whose stream.
    pub ssrc: u32,
    /// Lost since the last report, in 256ths.
    pub fraction_lost: u8,
    /// Lost since the beginning of this source.
    pub cumulative_lost: u32,
    /// Highest sequence number with its cycles.
    pub highest: u32,
    /// In samples.
    pub jitter: u32,
}

/// One source's counters, named as in RFC 3550 §A.1.
#[derive(Clone, Copy, Debug)]
struct Source {
    ssrc: u32,
    max_seq: u16,
    cycles: u32,
    base_seq: u32,
    /// The only sequence number that would confirm a restart of the sender.
    bad_seq: Option<u16>,
    received: u64,
    expected_prior: u64,
    received_prior: u64,
    transit: Option<u32>,
    /// Scaled by 16.
    jitter: u32,
}

/// A leg's reception over all sources it ever had.
#[derive(Debug, Default)]
pub struct Reception {
    source: Option<Source>,
    /// Of sources gone by.
    received_before: u64,
    lost_before: u64,
}

impl Reception {
    /// Counts a packet. `arrival_us` is of a clock that only goes forward. False: not counted,
    /// because its sequence number fits nowhere yet.
    pub fn receive(&mut self, packet: &Incoming<'_>, arrival_us: u64, audio: bool) -> bool {
        match &mut self.source {
            Some(source) if source.ssrc == packet.ssrc => {
                if !source.advance(packet.sequence) {
                    return false;
                }
                if audio {
                    source.measure(packet.timestamp, arrival_us);
                }
            }
            // Events under their own SSRC are no change of the audio's source.
            Some(_) if !audio => self.received_before += 1,
            Some(_) | None => {
                self.retire();
                let mut source = Source::new(packet.ssrc, packet.sequence);
                if audio {
                    source.measure(packet.timestamp, arrival_us);
                }
                self.source = Some(source);
            }
        }
        true
    }

    /// Packets received, of every source.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received_before + self.source.map_or(0, |s| s.received)
    }

    /// Packets lost, of every source.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost_before + self.source.map_or(0, |s| s.lost())
    }

    /// Interarrival jitter now, in microseconds.
    #[must_use]
    pub fn jitter_us(&self) -> u64 {
        let scaled = self.source.map_or(0, |s| s.jitter);
        u64::from(scaled) * 1_000 / (16 * SAMPLES_PER_MS)
    }

    /// The block for the next RTCP report; begins a new interval.
    pub fn block(&mut self) -> Option<Block> {
        self.source.as_mut().map(Source::block)
    }

    fn retire(&mut self) {
        if let Some(source) = self.source.take() {
            self.received_before += source.received;
            self.lost_before += source.lost();
        }
    }
}

impl Source {
    fn new(ssrc: u32, sequence: u16) -> Self {
        Self {
            ssrc,
            max_seq: sequence,
            cycles: 0,
            base_seq: u32::from(sequence),
            bad_seq: None,
            received: 1,
            expected_prior: 0,
            received_prior: 0,
            transit: None,
            jitter: 0,
        }
    }

    fn advance(&mut self, sequence: u16) -> bool {
        let delta = sequence.wrapping_sub(self.max_seq);
        if delta < MAX_DROPOUT {
            if sequence < self.max_seq {
                self.cycles = self.cycles.wrapping_add(SEQUENCE_CYCLE);
            }
            self.max_seq = sequence;
        } else if delta <= u16::MAX - MAX_MISORDER {
            if self.bad_seq != Some(sequence) {
                self.bad_seq = Some(sequence.wrapping_add(1));
                return false;
            }
            // Two in a row: the sender began anew without saying so. Sums are kept.
            let (received, lost) = (self.received, self.lost());
            let fresh = Self::new(self.ssrc, sequence);
            let base_seq = fresh
                .base_seq
                .wrapping_sub(u32::try_from(received + lost).unwrap_or(0));
            *self = Self {
                base_seq,
                received,
                expected_prior: self.expected_prior,
                received_prior: self.received_prior,
                jitter: self.jitter,
                ..fresh
            };
        }
        self.bad_seq = None;
        self.received += 1;
        true
    }

    fn measure(&mut self, timestamp: u32, arrival_us: u64) {
        let arrival = arrival_us.wrapping_mul(SAMPLES_PER_MS) / 1_000;
        let arrival = u32::try_from(arrival & u64::from(u32::MAX)).unwrap_or(0);
        let transit = arrival.wrapping_sub(timestamp);
        if let Some(before) = self.transit {
            let change = transit.wrapping_sub(before);
            let change = change.min(change.wrapping_neg());
            if change <= MAX_TRANSIT_CHANGE {
                self.jitter += change;
                self.jitter -= (self.jitter - change + 8) >> 4;
            }
        }
        self.transit = Some(transit);
    }

    fn highest(&self) -> u32 {
        self.cycles.wrapping_add(u32::from(self.max_seq))
    }

    fn expected(&self) -> u64 {
        u64::from(self.highest().wrapping_sub(self.base_seq)) + 1
    }

    fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    fn block(&mut self) -> Block {
        let expected = self.expected();
        let expected_interval = expected.saturating_sub(self.expected_prior);
        let received_interval = self.received.saturating_sub(self.received_prior);
        self.expected_prior = expected;
        self.received_prior = self.received;
        let lost_interval = expected_interval.saturating_sub(received_interval);
        let fraction = (lost_interval << 8).checked_div(expected_interval);
        Block {
            ssrc: self.ssrc,
            fraction_lost: u8::try_from(fraction.unwrap_or(0)).unwrap_or(u8::MAX),
            cumulative_lost: u32::try_from(self.lost()).map_or(0x7F_FFFF, |l| l.min(0x7F_FFFF)),
            highest: self.highest(),
            jitter: self.jitter >> 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::Codec;
    use crate::media::rtp::Payload;
    use proptest::prelude::*;

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Incoming<'static> {
        Incoming {
            payload: Payload::Audio(Codec::Pcma),
            ssrc,
            sequence,
            timestamp,
            marker: false,
            octets: &[0xD5; 160],
        }
    }

    #[test]
    fn loss_is_counted_over_the_wrap() {
        let mut reception = Reception::default();
        for i in 0..20_u16 {
            if i != 7 && i != 12 {
                let sequence = 65_530_u16.wrapping_add(i);
                assert!(reception.receive(&packet(1, sequence, 0), 0, true));
            }
        }
        assert_eq!((reception.received(), reception.lost()), (18, 2));
        let block = reception.block().unwrap();
        assert_eq!(block.fraction_lost, 25, "2 of 20 in 256ths");
        assert_eq!((block.cumulative_lost, block.highest), (2, 65_536 + 13));
        assert_eq!(
            reception.block().unwrap().fraction_lost,
            0,
            "a new interval"
        );
    }

    #[test]
    fn reordered_and_doubled_packets_are_no_loss() {
        let mut reception = Reception::default();
        for sequence in [1, 3, 2, 2, 4] {
            reception.receive(&packet(1, sequence, 0), 0, true);
        }
        assert_eq!((reception.received(), reception.lost()), (5, 0));
    }

    #[test]
    fn jitter_is_the_smoothed_change_of_transit() {
        let mut reception = Reception::default();
        for i in 0..1_000_u16 {
            // Every other packet 5 ms late.
            let arrival = u64::from(i) * 20_000 + u64::from(i % 2) * 5_000;
            reception.receive(&packet(1, i, u32::from(i) * 160), arrival, true);
        }
        let jitter = reception.jitter_us();
        assert!((4_800..=5_200).contains(&jitter), "{jitter}");
    }

    #[test]
    fn a_steady_stream_has_no_jitter_and_a_jump_adds_none() {
        let mut reception = Reception::default();
        for i in 0..100_u16 {
            let jump = if i < 50 { 0 } else { 1_000_000 };
            let timestamp = u32::from(i) * 160 + jump;
            reception.receive(&packet(1, i, timestamp), u64::from(i) * 20_000, true);
        }
        assert_eq!(reception.jitter_us(), 0);
    }

    #[test]
    fn a_stray_sequence_number_waits_for_its_successor() {
        let mut reception = Reception::default();
        for sequence in [10, 11, 12] {
            reception.receive(&packet(1, sequence, 0), 0, true);
        }
        assert!(!reception.receive(&packet(1, 30_000, 0), 0, true));
        assert!(reception.receive(&packet(1, 13, 0), 0, true));
        assert!(!reception.receive(&packet(1, 40_000, 0), 0, true));
        assert!(reception.receive(&packet(1, 40_001, 0), 0, true));
        assert_eq!((reception.received(), reception.lost()), (5, 0));
    }

    #[test]
    fn sums_outlive_a_change_of_source_and_events_do_not_change_it() {
        let mut reception = Reception::default();
        reception.receive(&packet(1, 1, 0), 0, true);
        reception.receive(&packet(1, 3, 0), 0, true);
        reception.receive(&packet(9, 700, 0), 0, false);
        reception.receive(&packet(1, 4, 0), 0, true);
        reception.receive(&packet(2, 50, 0), 0, true);
        assert_eq!((reception.received(), reception.lost()), (5, 1));
        assert_eq!(reception.block().unwrap().ssrc, 2);
    }

    proptest! {
        #[test]
        fn any_stream_keeps_its_sums_sane(
            packets in proptest::collection::vec((any::<u16>(), any::<u32>(), 0_u32..3), 1..300)
        ) {
            let mut reception = Reception::default();
            for (i, (sequence, timestamp, ssrc)) in (0..).zip(&packets) {
                reception.receive(&packet(*ssrc, *sequence, *timestamp), i * 20_000, true);
            }
            prop_assert!(reception.received() <= packets.len() as u64);
            let _ = reception.block();
        }
    }
}
