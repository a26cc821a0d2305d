//! Packets into characters, in order; what no packet brought is marked.

use std::collections::BTreeMap;

use super::MISSING;
use super::redundancy::read;

/// How long a gap waits for late packets, in milliseconds (RFC 4103 §5.4: at most a second).
const PATIENCE_MS: u64 = 500;

/// A packet further ahead than this is another stream: begin anew.
const AHEAD_MAX: u16 = 100;

/// Receives one leg's text.
#[derive(Clone, Debug)]
pub struct Receiver {
    text: u8,
    red: Option<u8>,
    /// The sequence number that comes next; none before the first packet.
    next: Option<u16>,
    ssrc: Option<u32>,
    /// Packets after a gap, by how far they are ahead of `next`.
    early: BTreeMap<u16, Vec<Vec<u8>>>,
    gives_up_ms: Option<u64>,
    /// Blocks that redundancy brought back.
    pub recovered: u64,
    /// Gaps that nothing filled.
    pub lost: u64,
}

impl Receiver {
    /// For the payload types that were agreed on.
    #[must_use]
    pub const fn new(text: u8, red: Option<u8>) -> Self {
        Self {
            text,
            red,
            next: None,
            ssrc: None,
            early: BTreeMap::new(),
            gives_up_ms: None,
            recovered: 0,
            lost: 0,
        }
    }

    /// When a gap is given up, in milliseconds.
    #[must_use]
    pub const fn deadline_ms(&self) -> Option<u64> {
        self.gives_up_ms
    }

    /// Takes a packet's payload; the characters that it brings in order.
    pub fn receive(
        &mut self,
        now_ms: u64,
        (ssrc, sequence, payload_type): (u32, u16, u8),
        payload: &[u8],
    ) -> String {
        let blocks = if payload_type == self.text {
            vec![payload.to_vec()]
        } else if Some(payload_type) == self.red {
            match read(payload, self.text) {
                Some(blocks) => blocks.blocks,
                None => return String::new(),
            }
        } else {
            return String::new();
        };
        let ahead = match self.next.filter(|_| self.ssrc == Some(ssrc)) {
            Some(next) => sequence.wrapping_sub(next),
            None => {
                self.begin(ssrc, sequence);
                0
            }
        };
        if ahead >= 0x8000 {
            return String::new();
        }
        if ahead > AHEAD_MAX {
            self.begin(ssrc, sequence);
            return self.late(now_ms, 0, blocks);
        }
        self.late(now_ms, ahead, blocks)
    }

    /// Time passed: what a gap held back, after its mark.
    pub fn tick(&mut self, now_ms: u64) -> String {
        if self.gives_up_ms.is_none_or(|at| now_ms < at) {
            return String::new();
        }
        let Some(ahead) = self.early.keys().next().copied() else {
            self.gives_up_ms = None;
            return String::new();
        };
        let mut text = String::from(MISSING);
        self.lost += 1;
        self.advance(ahead);
        text.push_str(&self.in_order(now_ms));
        text
    }

    fn begin(&mut self, ssrc: u32, sequence: u16) {
        self.ssrc = Some(ssrc);
        self.next = Some(sequence);
        self.early.clear();
        self.gives_up_ms = None;
    }

    fn late(&mut self, now_ms: u64, ahead: u16, mut blocks: Vec<Vec<u8>>) -> String {
        let new = blocks.pop().unwrap_or_default();
        // The generation before the new text was new in the packet before, and so on.
        for (back, block) in (1_u16..).zip(blocks.into_iter().rev()) {
            let Some(place) = ahead.checked_sub(back) else {
                break;
            };
            if let std::collections::btree_map::Entry::Vacant(gap) = self.early.entry(place) {
                gap.insert(vec![block]);
                self.recovered += 1;
            }
        }
        self.early.entry(ahead).or_insert_with(|| vec![new]);
        self.in_order(now_ms)
    }

    /// Takes what stands without a gap.
    fn in_order(&mut self, now_ms: u64) -> String {
        let mut text = String::new();
        while let Some(blocks) = self.early.remove(&0) {
            for block in blocks {
                text.push_str(&String::from_utf8_lossy(&block));
            }
            self.advance(1);
        }
        self.gives_up_ms = if self.early.is_empty() {
            None
        } else {
            Some(self.gives_up_ms.unwrap_or(now_ms + PATIENCE_MS))
        };
        text
    }

    fn advance(&mut self, by: u16) {
        self.next = self.next.map(|next| next.wrapping_add(by));
        let early = std::mem::take(&mut self.early);
        self.early = early
            .into_iter()
            .filter_map(|(ahead, blocks)| Some((ahead.checked_sub(by)?, blocks)))
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::Sender;

    /// A text as packets with their sequence numbers, from a number that wraps soon.
    fn packets(text: &str) -> Vec<(u16, u8, Vec<u8>)> {
        let mut sender = Sender::new(98, Some(100), 30);
        sender.say(0, text);
        let mut sequence = 65_530_u16;
        let mut packets = Vec::new();
        while let Some(at) = sender.deadline_ms() {
            if let Some(packet) = sender.packet(at) {
                packets.push((sequence, packet.payload_type, packet.payload));
                sequence = sequence.wrapping_add(1);
            }
        }
        packets
    }

    fn heard(receiver: &mut Receiver, packets: &[(u16, u8, Vec<u8>)]) -> String {
        let mut text = String::new();
        for (sequence, payload_type, payload) in packets {
            text += &receiver.receive(0, (7, *sequence, *payload_type), payload);
        }
        text += &receiver.tick(PATIENCE_MS);
        text.replace('\u{FEFF}', "")
    }

    const SAID: &str =
        "Министерство слушает. Какой у вас вопрос? Напишите, например, «лицензия на лом».";

    #[test]
    fn two_lost_packets_in_a_row_are_brought_back() {
        let all = packets(SAID);
        for lost in 1..all.len() - 2 {
            let mut rest = all.clone();
            rest.drain(lost..lost + 2);
            let mut receiver = Receiver::new(98, Some(100));
            assert_eq!(heard(&mut receiver, &rest), SAID, "lost from {lost}");
            assert_eq!((receiver.recovered, receiver.lost), (2, 0));
        }
    }

    #[test]
    fn three_lost_packets_in_a_row_are_marked_once() {
        let mut rest = packets(SAID);
        rest.drain(2..5);
        let mut receiver = Receiver::new(98, Some(100));
        let text = heard(&mut receiver, &rest);
        assert_eq!(text.matches(MISSING).count(), 1, "{text}");
        assert!(
            text.starts_with("Министерство слуш") && text.ends_with("лом»."),
            "{text}"
        );
        assert_eq!(receiver.lost, 1);
    }

    #[test]
    fn another_source_begins_anew_and_rubbish_is_nothing() {
        let mut receiver = Receiver::new(98, Some(100));
        assert_eq!(receiver.receive(0, (1, 5, 98), b"a"), "a");
        assert_eq!(receiver.receive(0, (2, 900, 98), b"b"), "b");
        assert_eq!(receiver.receive(0, (2, 901, 8), b"audio"), "");
        assert_eq!(receiver.receive(0, (2, 901, 100), &[0xE2]), "");
        assert_eq!(receiver.receive(0, (2, 901, 98), &[0xD1]), "\u{FFFD}");
        assert_eq!(
            receiver.receive(0, (2, 901, 98), b"again"),
            "",
            "a duplicate"
        );
    }

    proptest! {
        /// Lost up to two in a row, doubled, and neighbours swapped: the text is whole.
        #[test]
        fn within_the_redundancy_nothing_is_lost(
            fates in prop::collection::vec(0_u8..6, 40),
        ) {
            let all = packets(SAID);
            let mut sent = vec![all[0].clone()];
            let mut lost = 0;
            for (index, packet) in all.iter().enumerate().skip(1) {
                let last = index + 1 == all.len();
                match fates[index % fates.len()] {
                    0 | 1 if lost < 2 && !last => lost += 1,
                    2 => { sent.extend([packet.clone(), packet.clone()]); lost = 0; }
                    _ => { sent.push(packet.clone()); lost = 0; }
                }
            }
            let mut receiver = Receiver::new(98, Some(100));
            // The last packet repeats only empty blocks: its own loss loses nothing.
            prop_assert_eq!(heard(&mut receiver, &sent), SAID);
        }

        #[test]
        fn any_packets_are_taken_without_panic(
            packets in prop::collection::vec((any::<u32>(), any::<u16>(), 96_u8..102, prop::collection::vec(any::<u8>(), 0..40)), 0..60),
        ) {
            let mut receiver = Receiver::new(98, Some(100));
            for (now, (ssrc, sequence, payload_type, payload)) in (0_u64..).step_by(90).zip(&packets) {
                let _ = receiver.receive(now, (*ssrc % 2, *sequence % 300, *payload_type), payload);
                let _ = receiver.tick(now);
            }
        }
    }
}
