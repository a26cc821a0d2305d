//! Keys by telephone-event (RFC 4733): many packets in, one digit a press out.
//!
//! A press is one timestamp. Phones differ: events under another SSRC than the audio's, no packet
//! with the end bit, three of them, 30 ms between packets, a press longer than a 16-bit duration
//! cut in segments (§2.5.1.3), and old gateways that advance the timestamp with every packet.

use super::rtp::{Incoming, timestamp_after};

/// How far, in samples, a timestamp may lie past the end of the segment before it and still belong
/// to the same press: 30 ms.
const SEGMENT_SLACK: u32 = 240;

/// A reordered packet of an earlier press is at most this old, in samples: 8 s.
const OLDEST: u32 = 64_000;

/// One event packet's payload (RFC 4733 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Event {
    code: u8,
    ended: bool,
    duration: u16,
}

impl Event {
    fn read(octets: &[u8]) -> Option<Self> {
        let [code, flags, high, low, ..] = *octets else {
            return None;
        };
        Some(Self {
            code,
            ended: flags & 0x80 != 0,
            duration: u16::from_be_bytes([high, low]),
        })
    }
}

/// The press heard last.
#[derive(Clone, Copy, Debug)]
struct Press {
    ssrc: u32,
    timestamp: u32,
    code: u8,
    duration: u16,
    ended: bool,
}

/// Turns event packets into digits.
#[derive(Debug, Default)]
pub struct KeyReceiver {
    last: Option<Press>,
}

impl KeyReceiver {
    /// Takes one packet of telephone-event; the digit if it begins a press.
    pub fn receive(&mut self, packet: &Incoming<'_>) -> Option<char> {
        let event = Event::read(packet.octets)?;
        let fresh = match &mut self.last {
            Some(last) if last.ssrc == packet.ssrc => !last.goes_on(packet, event),
            Some(_) | None => true,
        };
        if !fresh {
            return None;
        }
        self.last = Some(Press {
            ssrc: packet.ssrc,
            timestamp: packet.timestamp,
            code: event.code,
            duration: event.duration,
            ended: event.ended,
        });
        digit(event.code)
    }
}

impl Press {
    /// Whether a packet of the same source belongs to this press, or to one before it.
    fn goes_on(&mut self, packet: &Incoming<'_>, event: Event) -> bool {
        if packet.timestamp == self.timestamp {
            self.ended |= event.ended;
            self.duration = self.duration.max(event.duration);
            return true;
        }
        if !timestamp_after(packet.timestamp, self.timestamp) {
            return self.timestamp.wrapping_sub(packet.timestamp) < OLDEST;
        }
        let reach = u32::from(self.duration) + SEGMENT_SLACK;
        let next_segment = event.code == self.code
            && !self.ended
            && !packet.marker
            && packet.timestamp.wrapping_sub(self.timestamp) <= reach;
        if next_segment {
            self.timestamp = packet.timestamp;
            self.duration = event.duration;
            self.ended = event.ended;
        }
        next_segment
    }
}

/// The key of an event code (RFC 4733 §3.2, table 3); none for flash and for tones.
#[must_use]
pub const fn digit(code: u8) -> Option<char> {
    match code {
        0..=9 => Some((b'0' + code) as char),
        10 => Some('*'),
        11 => Some('#'),
        12..=15 => Some((b'A' + code - 12) as char),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::rtp::Payload;
    use proptest::prelude::*;

    /// One packet as a line: timestamp, code, duration, end bit, marker.
    fn hear(keys: &mut KeyReceiver, packet: (u32, u8, u16, bool, bool)) -> Option<char> {
        hear_from(keys, 1, packet)
    }

    fn hear_from(
        keys: &mut KeyReceiver,
        ssrc: u32,
        (timestamp, code, duration, ended, marker): (u32, u8, u16, bool, bool),
    ) -> Option<char> {
        let [high, low] = duration.to_be_bytes();
        let octets = [code, if ended { 0x8A } else { 0x0A }, high, low];
        keys.receive(&Incoming {
            payload: Payload::TelephoneEvent,
            ssrc,
            sequence: 0,
            timestamp,
            marker,
            octets: &octets,
        })
    }

    fn hear_all(packets: &[(u32, u8, u16, bool, bool)]) -> String {
        let mut keys = KeyReceiver::default();
        packets.iter().filter_map(|p| hear(&mut keys, *p)).collect()
    }

    #[test]
    fn three_end_packets_are_one_press() {
        let press = [
            (1000, 5, 160, false, true),
            (1000, 5, 320, false, false),
            (1000, 5, 480, true, false),
            (1000, 5, 480, true, false),
            (1000, 5, 480, true, false),
        ];
        assert_eq!(hear_all(&press), "5");
    }

    #[test]
    fn only_an_end_packet_is_a_press() {
        assert_eq!(hear_all(&[(1000, 11, 800, true, false)]), "#");
    }

    #[test]
    fn without_end_packets_two_presses_of_one_key_are_two() {
        let marked = [
            (1000, 1, 160, false, true),
            (1000, 1, 320, false, false),
            (2600, 1, 160, false, true),
        ];
        assert_eq!(hear_all(&marked), "11");
        let unmarked = marked.map(|(t, c, d, e, _)| (t, c, d, e, false));
        assert_eq!(hear_all(&unmarked), "11", "the gap tells them apart");
    }

    #[test]
    fn packets_every_30_ms_are_one_press() {
        let press: Vec<_> = (1..=10)
            .map(|i| (500, 9, i * 240, i == 10, i == 1))
            .collect();
        assert_eq!(hear_all(&press), "9");
    }

    #[test]
    fn a_press_longer_than_a_duration_is_one() {
        let press = [
            (1000, 7, 65_000, false, true),
            (1000, 7, 65_535, false, false),
            (66_535, 7, 160, false, false),
            (66_535, 7, 4000, true, false),
        ];
        assert_eq!(hear_all(&press), "7");
    }

    #[test]
    fn a_timestamp_that_moves_with_each_packet_is_one_press() {
        let press: Vec<_> = (0..8)
            .map(|i| (1000 + i * 160, 3, 160, i == 7, i == 0))
            .collect();
        assert_eq!(hear_all(&press), "3");
    }

    #[test]
    fn a_late_packet_of_an_earlier_press_is_no_press() {
        let presses = [
            (1000, 1, 320, false, true),
            (3000, 2, 160, false, true),
            (1000, 1, 480, true, false),
            (3000, 2, 320, true, false),
        ];
        assert_eq!(hear_all(&presses), "12");
    }

    #[test]
    fn timestamps_wrap_and_sources_differ() {
        let mut keys = KeyReceiver::default();
        assert_eq!(
            hear(&mut keys, (u32::MAX - 100, 4, 160, true, true)),
            Some('4')
        );
        assert_eq!(hear(&mut keys, (3000, 4, 160, true, true)), Some('4'));
        assert_eq!(hear_from(&mut keys, 2, (9, 0, 160, true, true)), Some('0'));
    }

    #[test]
    fn all_sixteen_keys_and_no_flash() {
        let keys: String = (0..=16).filter_map(digit).collect();
        assert_eq!(keys, "0123456789*#ABCD");
    }

    proptest! {
        #[test]
        fn any_order_with_repeats_gives_each_press_at_most_once(
            order in proptest::collection::vec(0_usize..40, 1..200)
        ) {
            // Ten presses, marked or not, 4 packets each: whatever arrives, in whatever order.
            let mut keys = KeyReceiver::default();
            let mut heard = Vec::new();
            for i in order {
                let (press, part) = (u32::try_from(i / 4).unwrap(), u16::try_from(i % 4).unwrap());
                let code = u8::try_from(press).unwrap();
                let packet = (press * 2000, code, 160 * (part + 1), part == 3, part == 0);
                heard.extend(hear(&mut keys, packet));
            }
            let mut once = heard.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), heard.len());
        }

        #[test]
        fn hostile_payloads_never_panic(octets in proptest::collection::vec(any::<u8>(), 0..8)) {
            let packet = Incoming {
                payload: Payload::TelephoneEvent,
                ssrc: 1, sequence: 0, timestamp: 0, marker: false, octets: &octets,
            };
            let _ = KeyReceiver::default().receive(&packet);
        }
    }
}
