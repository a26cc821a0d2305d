//! A text into packets: buffered, repeated twice, at a pace that can be read.

use std::collections::VecDeque;

use super::redundancy::{Earlier, write};
use super::{BYTE_ORDER_MARK, CLOCK_HZ};

/// From one packet to the next while there is something to send, in milliseconds (RFC 4103 §5.1).
const INTERVAL_MS: u64 = 300;

/// How often each block is sent again (RFC 4103 §4.2 recommends two).
const GENERATIONS: usize = 2;

/// Characters a second that a receiver takes if its `fmtp` does not say (RFC 4103 §6).
pub const DEFAULT_CPS: u32 = 30;

/// Text that may wait to be sent, in characters; what is said beyond it replaces nothing and is cut.
const WAITING_MAX: usize = 8_000;

/// What is to be sent, beside addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// RTP payload type.
    pub payload_type: u8,
    /// RTP time.
    pub timestamp: u32,
    /// First after silence (RFC 4103 §5.1).
    pub marker: bool,
    /// The payload.
    pub payload: Vec<u8>,
}

/// Sends one leg's text.
#[derive(Clone, Debug)]
pub struct Sender {
    text: u8,
    /// Payload type of redundancy; none if the other side did not agree to it.
    red: Option<u8>,
    characters_per_packet: usize,
    waiting: VecDeque<char>,
    sent: VecDeque<Earlier>,
    idle: bool,
    due_ms: Option<u64>,
}

impl Sender {
    /// For the payload types that were agreed on, and the pace that the other side can take
    /// (`cps` of its `fmtp`, characters a second).
    #[must_use]
    pub fn new(text: u8, red: Option<u8>, cps: u32) -> Self {
        let a_packet = u64::from(cps.max(1)) * INTERVAL_MS / u64::from(CLOCK_HZ);
        Self {
            text,
            red,
            characters_per_packet: usize::try_from(a_packet).unwrap_or(1).max(1),
            waiting: VecDeque::from([BYTE_ORDER_MARK]),
            sent: VecDeque::new(),
            idle: true,
            due_ms: Some(0),
        }
    }

    /// Something to be said, after what waits.
    pub fn say(&mut self, now_ms: u64, text: &str) {
        let room = WAITING_MAX.saturating_sub(self.waiting.len());
        self.waiting.extend(text.chars().take(room));
        if !self.waiting.is_empty() && self.due_ms.is_none() {
            self.due_ms = Some(now_ms);
        }
    }

    /// Drops what was not sent yet: the caller has interrupted. True if something was dropped.
    pub fn fall_silent(&mut self) -> bool {
        let something = !self.waiting.is_empty();
        self.waiting.clear();
        something
    }

    /// Whether everything new was sent at least once.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When [`Sender::packet`] has something, in milliseconds.
    #[must_use]
    pub const fn deadline_ms(&self) -> Option<u64> {
        self.due_ms
    }

    /// The packet that is due, if one is.
    pub fn packet(&mut self, now_ms: u64) -> Option<Outgoing> {
        if self.due_ms.is_none_or(|due| now_ms < due) {
            return None;
        }
        let count = self.characters_per_packet.min(self.waiting.len());
        let new: String = self.waiting.drain(..count).collect();
        let repeats = self.sent.iter().any(|block| !block.octets.is_empty());
        if new.is_empty() && !(repeats && self.red.is_some()) {
            self.idle = true;
            self.sent.clear();
            self.due_ms = None;
            return None;
        }
        // The RTP clock of text runs in milliseconds.
        let timestamp = u32::try_from(now_ms % (1 << 32)).unwrap_or(0);
        let (payload_type, payload) = match self.red {
            Some(red) => {
                let earlier: Vec<Earlier> = self.sent.iter().cloned().collect();
                (red, write(self.text, timestamp, &earlier, new.as_bytes()))
            }
            None => (self.text, new.clone().into_bytes()),
        };
        let marker = std::mem::take(&mut self.idle);
        self.sent.push_back(Earlier {
            timestamp,
            octets: new.into_bytes(),
        });
        if self.sent.len() > GENERATIONS {
            self.sent.pop_front();
        }
        self.due_ms = Some(now_ms + INTERVAL_MS);
        Some(Outgoing {
            payload_type,
            timestamp,
            marker,
            payload,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::redundancy::read;

    fn all(sender: &mut Sender) -> Vec<(u64, Outgoing)> {
        let mut packets = Vec::new();
        while let Some(at) = sender.deadline_ms() {
            packets.extend(sender.packet(at).map(|packet| (at, packet)));
        }
        packets
    }

    #[test]
    fn a_text_leaves_at_the_readers_pace_and_each_block_three_times() {
        let mut sender = Sender::new(98, Some(100), 30);
        sender.say(0, "Здравствуйте!");
        let packets = all(&mut sender);
        let shown: Vec<String> = packets
            .iter()
            .map(|(at, p)| {
                let blocks = read(&p.payload, 98).unwrap().blocks;
                let texts: Vec<String> = blocks
                    .into_iter()
                    .map(|b| String::from_utf8(b).unwrap().replace(BYTE_ORDER_MARK, "^"))
                    .collect();
                format!("{at} {} {}", p.marker, texts.join("|"))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "0 true ^Здравств",
                "300 false ^Здравств|уйте!",
                "600 false ^Здравств|уйте!|",
                "900 false уйте!||",
            ]
        );
        assert!(sender.is_said());
    }

    #[test]
    fn nothing_is_sent_in_silence_and_the_marker_tells_its_end() {
        let mut sender = Sender::new(98, Some(100), 30);
        assert_eq!(all(&mut sender).len(), 3, "the byte order mark");
        assert_eq!(sender.packet(100_000), None);
        sender.say(100_000, "да");
        let packets = all(&mut sender);
        assert!(
            packets[0].1.marker && packets[0].0 == 100_000,
            "{packets:?}"
        );
        assert!(!packets[1].1.marker);
    }

    #[test]
    fn without_redundancy_each_block_goes_once() {
        let mut sender = Sender::new(98, None, 30);
        sender.say(0, "да");
        let packets = all(&mut sender);
        assert_eq!(packets.len(), 1);
        assert_eq!(packets[0].1.payload_type, 98);
        assert_eq!(packets[0].1.payload, "\u{FEFF}да".as_bytes());
    }

    #[test]
    fn an_interrupted_text_ends_with_what_was_sent() {
        let mut sender = Sender::new(98, None, 30);
        sender.say(0, "один два три четыре пять");
        let first = sender.packet(0).unwrap();
        assert!(sender.fall_silent());
        assert_eq!(sender.packet(300), None);
        assert_eq!(String::from_utf8(first.payload).unwrap().chars().count(), 9);
    }
}
