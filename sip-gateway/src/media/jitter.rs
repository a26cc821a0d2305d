//! A jitter buffer for decoded audio: packets of any size in, 20 ms frames out, in order.
//!
//! A ring of 64 slots of 8 ms (512 ms in all), addressed by RTP timestamp, so packets of 10, 20, 30
//! or 60 ms, duplicates and reordering need no care. Playout starts 40 ms behind the first packet
//! and adapts between 20 and 120 ms: a late packet that can still be saved moves it back, five
//! seconds with more in hand than needed move it forward by a frame. A frame that never came is the
//! frame before it, fading out, then silence.

use super::{FRAME_SAMPLES, FRAME_STEP, Frame, g711};
use crate::boundary::Codec;

const SLOTS: usize = 64;
const SLOT_SAMPLES: usize = 64;
const RING: usize = SLOTS * SLOT_SAMPLES;
const RING_SPAN: u32 = 4_096;
const MASK: u32 = RING_SPAN - 1;

/// No G.711 level is this far out, so it marks a sample that has not come.
const MISSING: i16 = i16::MIN;

const START_DELAY: u32 = 2 * FRAME_STEP;
const MAX_DELAY: u32 = 6 * FRAME_STEP;
/// Window for shrinking the delay: 5 s of frames.
const WINDOW_FRAMES: u32 = 250;
/// A lost frame is the one before it at 1/2, 1/4, 1/8; then silence.
const CONCEALED_FRAMES: u32 = 3;

/// What became of packets and frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JitterFigures {
    /// Packets that came too late for their place.
    pub late: u64,
    /// Frames played wholly or partly without their packets.
    pub concealed: u64,
    /// Times the buffer began anew after a jump of the timestamps.
    pub restarts: u64,
}

/// See the module.
#[derive(Debug)]
pub struct JitterBuffer {
    ring: Box<[i16; RING]>,
    /// Timestamp of the next sample to play; none before the first packet.
    next: Option<u32>,
    /// Timestamp behind the newest sample stored.
    newest: u32,
    ssrc: u32,
    last: Frame,
    /// Frames concealed in a row.
    gap: u32,
    /// Least in hand before a pull in the running window, in samples.
    least: u32,
    window: u32,
    figures: JitterFigures,
}

impl Default for JitterBuffer {
    fn default() -> Self {
        Self {
            ring: Box::new([MISSING; RING]),
            next: None,
            newest: 0,
            ssrc: 0,
            last: [0; FRAME_SAMPLES],
            gap: CONCEALED_FRAMES,
            least: u32::MAX,
            window: 0,
            figures: JitterFigures::default(),
        }
    }
}

impl JitterBuffer {
    /// What happened so far.
    #[must_use]
    pub const fn figures(&self) -> JitterFigures {
        self.figures
    }

    /// Samples between the playout point and the newest sample stored.
    #[must_use]
    pub fn in_hand(&self) -> u32 {
        let ahead = self.next.map_or(0, |next| self.newest.wrapping_sub(next));
        if ahead > RING_SPAN { 0 } else { ahead }
    }

    /// Stores a packet's audio.
    pub fn push(&mut self, ssrc: u32, timestamp: u32, codec: Codec, octets: &[u8]) {
        let Ok(len) = u32::try_from(octets.len()) else {
            return;
        };
        let Some(next) = self.next.filter(|_| ssrc == self.ssrc) else {
            self.restart(ssrc, timestamp);
            return self.store(timestamp, codec, octets);
        };
        let ahead = timestamp.wrapping_sub(next);
        let behind = next.wrapping_sub(timestamp);
        if ahead.saturating_add(len) <= RING_SPAN {
            self.store(timestamp, codec, octets);
        } else if behind <= RING_SPAN {
            self.late(next, timestamp, codec, octets);
        } else {
            self.figures.restarts += 1;
            self.restart(ssrc, timestamp);
            self.store(timestamp, codec, octets);
        }
    }

    /// The next 20 ms. False before the first packet: then the frame is silence.
    pub fn pull(&mut self, frame: &mut Frame) -> bool {
        frame.fill(0);
        let Some(next) = self.next else {
            return false;
        };
        self.adapt();
        let start = self.next.unwrap_or(next);
        let mut missing = 0_usize;
        for (i, out) in (0..FRAME_STEP).zip(frame.iter_mut()) {
            let at = (start.wrapping_add(i) & MASK) as usize;
            if let Some(slot) = self.ring.get_mut(at) {
                if *slot == MISSING {
                    missing += 1;
                } else {
                    *out = *slot;
                }
                *slot = MISSING;
            }
        }
        self.next = Some(start.wrapping_add(FRAME_STEP));
        self.conceal(frame, missing);
        true
    }

    fn conceal(&mut self, frame: &mut Frame, missing: usize) {
        if missing == 0 {
            self.gap = 0;
            self.last = *frame;
            return;
        }
        self.figures.concealed += 1;
        if missing < FRAME_SAMPLES {
            self.gap = 0;
            self.last = *frame;
        } else if self.gap < CONCEALED_FRAMES {
            self.gap += 1;
            for sample in &mut self.last {
                *sample /= 2;
            }
            *frame = self.last;
        }
    }

    /// A packet behind the playout point: if the delay may still grow, play it after all.
    fn late(&mut self, next: u32, timestamp: u32, codec: Codec, octets: &[u8]) {
        self.figures.late += 1;
        let lateness = next.wrapping_sub(timestamp).div_ceil(FRAME_STEP) * FRAME_STEP;
        let fresh = self.newest.wrapping_sub(timestamp) > RING_SPAN || self.newest == timestamp;
        if fresh && self.in_hand() + lateness <= MAX_DELAY {
            self.next = Some(next.wrapping_sub(lateness));
            self.store(timestamp, codec, octets);
            self.reset_window();
        }
    }

    /// Moves the playout point forward if there is more in hand than the network needs.
    fn adapt(&mut self) {
        let in_hand = self.in_hand();
        if in_hand > MAX_DELAY + 2 * FRAME_STEP {
            self.skip(in_hand - START_DELAY);
        }
        if in_hand > 0 {
            self.least = self.least.min(in_hand);
        }
        self.window += 1;
        if self.window < WINDOW_FRAMES {
            return;
        }
        if self.least != u32::MAX && self.least >= 3 * FRAME_STEP {
            self.skip(FRAME_STEP);
        }
        self.reset_window();
    }

    fn skip(&mut self, samples: u32) {
        let Some(next) = self.next else { return };
        for i in 0..samples.min(RING_SPAN) {
            if let Some(slot) = self.ring.get_mut((next.wrapping_add(i) & MASK) as usize) {
                *slot = MISSING;
            }
        }
        self.next = Some(next.wrapping_add(samples));
        self.reset_window();
    }

    const fn reset_window(&mut self) {
        self.window = 0;
        self.least = u32::MAX;
    }

    fn restart(&mut self, ssrc: u32, timestamp: u32) {
        self.ring.fill(MISSING);
        self.ssrc = ssrc;
        self.next = Some(timestamp.wrapping_sub(START_DELAY));
        self.newest = timestamp;
        self.reset_window();
    }

    fn store(&mut self, timestamp: u32, codec: Codec, octets: &[u8]) {
        let mut at = timestamp;
        for octet in octets {
            if let Some(slot) = self.ring.get_mut((at & MASK) as usize) {
                *slot = g711::decode(codec, *octet);
            }
            at = at.wrapping_add(1);
        }
        if at.wrapping_sub(self.newest) <= RING_SPAN {
            self.newest = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A packet whose every sample decodes to the level of its own number.
    fn push(buffer: &mut JitterBuffer, number: u32) {
        let octet = octet_of(number);
        let timestamp = 1_000_u32.wrapping_add(number.wrapping_mul(160));
        buffer.push(1, timestamp, Codec::Pcma, &[octet; 160]);
    }

    fn octet_of(number: u32) -> u8 {
        u8::try_from(number % 100 + 0x80).unwrap() ^ 0x55
    }

    fn level_of(number: u32) -> i16 {
        g711::decode(Codec::Pcma, octet_of(number))
    }

    fn pull(buffer: &mut JitterBuffer) -> i16 {
        let mut frame = [0; FRAME_SAMPLES];
        buffer.pull(&mut frame);
        assert!(frame.iter().all(|s| *s == frame[0]), "frames here are flat");
        frame[0]
    }

    #[test]
    fn nothing_is_silence() {
        let mut frame = [7; FRAME_SAMPLES];
        assert!(!JitterBuffer::default().pull(&mut frame));
        assert_eq!(frame, [0; FRAME_SAMPLES]);
    }

    #[test]
    fn frames_come_out_in_order_40_ms_later() {
        let mut buffer = JitterBuffer::default();
        let mut heard = Vec::new();
        for number in 0..6 {
            push(&mut buffer, number);
            heard.push(pull(&mut buffer));
        }
        let expected: Vec<i16> = [0, 0].into_iter().chain((0..4).map(level_of)).collect();
        assert_eq!(heard, expected);
    }

    #[test]
    fn reordered_and_doubled_packets_change_nothing() {
        let mut buffer = JitterBuffer::default();
        for number in [0, 2, 1, 1, 3, 3, 0] {
            push(&mut buffer, number);
        }
        let heard: Vec<i16> = (0..6).map(|_| pull(&mut buffer)).collect();
        let expected: Vec<i16> = [0, 0].into_iter().chain((0..4).map(level_of)).collect();
        assert_eq!(heard, expected);
        assert_eq!(buffer.figures().late, 0);
    }

    #[test]
    fn a_lost_frame_fades_the_one_before_it() {
        let mut buffer = JitterBuffer::default();
        push(&mut buffer, 0);
        push(&mut buffer, 5);
        let heard: Vec<i16> = (0..8).map(|_| pull(&mut buffer)).collect();
        let l = level_of(0);
        let expected = [0, 0, l, l / 2, l / 2 / 2, l / 2 / 2 / 2, 0, level_of(5)];
        assert_eq!(heard, expected);
    }

    #[test]
    fn a_late_packet_moves_playout_back_instead_of_being_lost() {
        let mut buffer = JitterBuffer::default();
        push(&mut buffer, 0);
        for _ in 0..4 {
            pull(&mut buffer);
        }
        // Frame 1 was due in the last pull; it comes now.
        push(&mut buffer, 1);
        assert_eq!(buffer.figures().late, 1);
        assert_eq!(pull(&mut buffer), level_of(1));
    }

    #[test]
    fn spare_delay_is_given_back() {
        let mut buffer = JitterBuffer::default();
        for number in 0..6 {
            push(&mut buffer, number);
        }
        let before = buffer.in_hand();
        for number in 6..2_000 {
            push(&mut buffer, number);
            pull(&mut buffer);
        }
        assert!(buffer.in_hand() < before);
        assert!(buffer.in_hand() >= FRAME_STEP);
    }

    #[test]
    fn another_source_and_a_jump_begin_anew() {
        let mut buffer = JitterBuffer::default();
        push(&mut buffer, 0);
        buffer.push(2, 9, Codec::Pcmu, &[0x80; 160]);
        assert_eq!((0..3).map(|_| pull(&mut buffer)).last(), Some(32_124));
        buffer.push(2, 900_000, Codec::Pcmu, &[0x80; 160]);
        assert_eq!(buffer.figures().restarts, 1);
        assert_eq!((0..3).map(|_| pull(&mut buffer)).last(), Some(32_124));
    }

    #[test]
    fn packets_of_30_ms_and_a_wrapping_timestamp() {
        let mut buffer = JitterBuffer::default();
        let mut at = u32::MAX - 300;
        let mut heard = 0;
        for i in 0..60 {
            if i % 3 == 0 {
                for _ in 0..2 {
                    buffer.push(1, at, Codec::Pcmu, &[0x80; 240]);
                    at = at.wrapping_add(240);
                }
            }
            heard += usize::from(pull(&mut buffer) == 32_124);
        }
        assert_eq!(heard, 58);
    }

    proptest! {
        #[test]
        fn under_loss_reorder_and_doubling_audio_stays_in_order(
            fates in proptest::collection::vec((0_u32..10, 0_usize..3), 20..100)
        ) {
            let mut buffer = JitterBuffer::default();
            let mut due: Vec<Vec<u32>> = vec![Vec::new(); fates.len() + 4];
            for (number, (fate, delay)) in (0..).zip(&fates) {
                let at = usize::try_from(number).unwrap() + delay;
                match fate {
                    0 => {}
                    1 => due[at].extend([number, number]),
                    _ => due[at].push(number),
                }
            }
            let (mut frame, mut newest) = ([0; FRAME_SAMPLES], None);
            for packets in due {
                packets.into_iter().for_each(|number| push(&mut buffer, number));
                let concealed = buffer.figures().concealed;
                buffer.pull(&mut frame);
                prop_assert!(buffer.in_hand() <= MAX_DELAY + 3 * FRAME_STEP);
                if buffer.figures().concealed > concealed {
                    continue;
                }
                let now = (0..100).find(|n| level_of(*n) == frame[0]);
                prop_assert!(now.is_none() || now > newest, "{now:?} after {newest:?}");
                newest = now.or(newest);
            }
        }

        #[test]
        fn anything_pushed_never_panics(
            packets in proptest::collection::vec((any::<u32>(), 0_usize..1000, 0_u32..3), 1..60)
        ) {
            let mut buffer = JitterBuffer::default();
            let mut frame = [0; FRAME_SAMPLES];
            for (timestamp, len, ssrc) in packets {
                buffer.push(ssrc, timestamp, Codec::Pcmu, &vec![0x80; len]);
                buffer.pull(&mut frame);
                prop_assert!(frame.iter().all(|s| *s != MISSING));
            }
        }
    }
}
