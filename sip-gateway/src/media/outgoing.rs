//! One leg's outgoing stream: a single SSRC with unbroken sequence numbers and timestamps, whatever
//! feeds it.
//!
//! Prompts and silence are stamped by the plane's sample clock. Relayed packets keep their own
//! spacing: the distance to our numbers is fixed when a source begins, so loss and reordering on
//! the other side stay visible to the phone. Every change of source sets the marker bit.

use super::rtp::{Header, Incoming, Payload, payload_type, sequence_after, timestamp_after};
use super::{FRAME_STEP, g711};
use crate::boundary::Codec;

/// A relayed stream whose sequence number jumps by this much began anew.
const MAX_JUMP: u16 = 3_000;

/// A relayed timestamp this far from our clock, in samples, began anew: 2 s.
const MAX_DRIFT: u32 = 16_000;

/// Where the last packet came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Feed {
    Nothing,
    Own,
    Relay(Mapping),
}

/// How a relayed stream's numbers become ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mapping {
    ssrc: u32,
    /// Highest sequence number relayed, theirs.
    newest: u16,
    /// How far `newest` is past the first packet relayed, at most [`MAX_JUMP`].
    advanced: u16,
    sequence_shift: u16,
    timestamp_shift: u32,
}

/// Keys of two sources at once would become many: the second is dropped until the first has been
/// quiet for 100 ms. An event is told at least every 50 ms (RFC 4733 §2.5.1.2).
const KEY_PAUSE: u32 = 800;

/// An event of another SSRC: which of its timestamps became which of ours.
#[derive(Clone, Copy, Debug)]
struct StrayEvent {
    ssrc: u32,
    theirs: u32,
    ours: u32,
    /// Our time of its newest packet.
    newest: u32,
}

/// What is sent on a leg.
#[derive(Debug)]
pub struct Outgoing {
    ssrc: u32,
    /// Highest sequence number sent.
    sequence: u16,
    /// Newest timestamp sent.
    timestamp: u32,
    /// Our timestamps are the clock plus this.
    clock_shift: u32,
    feed: Feed,
    stray: Option<StrayEvent>,
    packets: u64,
    octets: u64,
}

impl Outgoing {
    /// A stream that begins with these numbers (random, RFC 3550 §5.1).
    #[must_use]
    pub const fn new(ssrc: u32, sequence: u16, clock_shift: u32) -> Self {
        Self {
            ssrc,
            sequence,
            timestamp: clock_shift,
            clock_shift,
            feed: Feed::Nothing,
            stray: None,
            packets: 0,
            octets: 0,
        }
    }

    /// Ours.
    #[must_use]
    pub const fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Packets sent.
    #[must_use]
    pub const fn packets(&self) -> u64 {
        self.packets
    }

    /// Payload octets sent.
    #[must_use]
    pub const fn octets(&self) -> u64 {
        self.octets
    }

    /// The RTP timestamp of this moment, for a sender report.
    #[must_use]
    pub const fn now(&self, clock: u32) -> u32 {
        clock.wrapping_add(self.clock_shift)
    }

    /// Writes a frame of our own; the packet's length.
    pub fn own(
        &mut self,
        clock: u32,
        codec: Codec,
        octets: &[u8],
        packet: &mut [u8],
    ) -> Option<usize> {
        let fresh = self.feed != Feed::Own;
        if fresh {
            self.keep_ahead(clock);
        }
        self.feed = Feed::Own;
        let header = Header {
            payload_type: payload_type(codec),
            ssrc: self.ssrc,
            sequence: self.sequence.wrapping_add(1),
            timestamp: self.now(clock),
            marker: fresh,
        };
        self.write(header, octets, packet)
    }

    /// Writes a packet that the other leg of a bridge received, in this leg's law; the packet's
    /// length, or none if it cannot be relayed: older than the change of source, or an event that
    /// this leg did not negotiate.
    pub fn relay(
        &mut self,
        incoming: &Incoming<'_>,
        to: (Codec, Option<u8>),
        clock: u32,
        packet: &mut [u8],
    ) -> Option<usize> {
        let (codec, telephone_event) = to;
        let kind = match incoming.payload {
            Payload::Audio(_) => payload_type(codec),
            Payload::TelephoneEvent => telephone_event?,
            Payload::ComfortNoise => return None,
        };
        let event = incoming.payload == Payload::TelephoneEvent;
        let mut header = match self.feed {
            Feed::Relay(mapping) if event && mapping.ssrc != incoming.ssrc => {
                self.stray_event(incoming, clock)
            }
            Feed::Relay(_) | Feed::Own | Feed::Nothing => self.follow(incoming, clock)?,
        };
        header.payload_type = kind;
        let len = self.write(header, incoming.octets, packet)?;
        if let Payload::Audio(from) = incoming.payload
            && let Some(octets) = packet.get_mut(len - incoming.octets.len()..len)
        {
            g711::transcode(from, codec, octets);
        }
        Some(len)
    }

    /// Writes a packet of a key between frames of our own; the packet's length, or none while a key
    /// of somebody else is under way.
    pub fn key(
        &mut self,
        incoming: &Incoming<'_>,
        payload_type: u8,
        clock: u32,
        packet: &mut [u8],
    ) -> Option<usize> {
        let now = self.now(clock);
        let busy =
            |e: StrayEvent| e.ssrc != incoming.ssrc && now.wrapping_sub(e.newest) < KEY_PAUSE;
        if self.stray.is_some_and(busy) {
            return None;
        }
        let mut header = self.stray_event(incoming, clock);
        header.payload_type = payload_type;
        self.write(header, incoming.octets, packet)
    }

    /// Numbers for a packet of the relayed stream; a change of source begins a new mapping.
    fn follow(&mut self, incoming: &Incoming<'_>, clock: u32) -> Option<Header> {
        let (mapping, fresh) = match self.feed {
            Feed::Relay(mapping) if mapping.fits(incoming, self.now(clock)) => (mapping, false),
            Feed::Relay(_) | Feed::Own | Feed::Nothing => (self.map(incoming, clock), true),
        };
        let mapping = mapping.after(incoming.sequence)?;
        self.feed = Feed::Relay(mapping);
        Some(Header {
            payload_type: 0,
            ssrc: self.ssrc,
            sequence: incoming.sequence.wrapping_add(mapping.sequence_shift),
            timestamp: incoming.timestamp.wrapping_add(mapping.timestamp_shift),
            marker: incoming.marker || fresh,
        })
    }

    fn map(&mut self, incoming: &Incoming<'_>, clock: u32) -> Mapping {
        self.keep_ahead(clock);
        let next = self.sequence.wrapping_add(1);
        Mapping {
            ssrc: incoming.ssrc,
            newest: incoming.sequence,
            advanced: 0,
            sequence_shift: next.wrapping_sub(incoming.sequence),
            timestamp_shift: self.now(clock).wrapping_sub(incoming.timestamp),
        }
    }

    /// Numbers for an event under another SSRC than the audio's: it is put between the audio.
    fn stray_event(&mut self, incoming: &Incoming<'_>, clock: u32) -> Header {
        let ours = match self.stray {
            Some(e) if e.ssrc == incoming.ssrc && e.theirs == incoming.timestamp => e.ours,
            Some(_) | None => self.now(clock),
        };
        let fresh = self.stray.is_none_or(|e| e.ours != ours);
        self.stray = Some(StrayEvent {
            ssrc: incoming.ssrc,
            theirs: incoming.timestamp,
            ours,
            newest: self.now(clock),
        });
        if let Feed::Relay(mapping) = &mut self.feed {
            mapping.sequence_shift = mapping.sequence_shift.wrapping_add(1);
        }
        Header {
            payload_type: 0,
            ssrc: self.ssrc,
            sequence: self.sequence.wrapping_add(1),
            timestamp: ours,
            marker: fresh,
        }
    }

    /// Shifts our clock so that the next own timestamp is after every one sent.
    fn keep_ahead(&mut self, clock: u32) {
        if self.packets > 0 && !timestamp_after(self.now(clock), self.timestamp) {
            let next = self.timestamp.wrapping_add(FRAME_STEP);
            self.clock_shift = next.wrapping_sub(clock);
        }
    }

    fn write(&mut self, header: Header, octets: &[u8], packet: &mut [u8]) -> Option<usize> {
        let len = header.write(octets, packet)?;
        if self.packets == 0 || sequence_after(header.sequence, self.sequence) {
            self.sequence = header.sequence;
        }
        if self.packets == 0 || timestamp_after(header.timestamp, self.timestamp) {
            self.timestamp = header.timestamp;
        }
        self.packets += 1;
        self.octets += octets.len() as u64;
        Some(len)
    }
}

impl Mapping {
    /// Whether a packet carries on this stream.
    fn fits(&self, incoming: &Incoming<'_>, now: u32) -> bool {
        let jump = incoming.sequence.wrapping_sub(self.newest);
        let drift = incoming
            .timestamp
            .wrapping_add(self.timestamp_shift)
            .wrapping_sub(now);
        incoming.ssrc == self.ssrc
            && jump.min(jump.wrapping_neg()) < MAX_JUMP
            && drift.min(drift.wrapping_neg()) < MAX_DRIFT
    }

    /// The mapping behind a packet; none if the packet is older than the stream's first here.
    fn after(mut self, sequence: u16) -> Option<Self> {
        if sequence_after(sequence, self.newest) {
            let step = sequence.wrapping_sub(self.newest);
            self.advanced = self.advanced.saturating_add(step).min(MAX_JUMP);
            self.newest = sequence;
        } else if self.newest.wrapping_sub(sequence) > self.advanced {
            return None;
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::rtp::MAX_PACKET;

    /// Sequence, timestamp, marker, payload type of what was written.
    type Line = (u16, u32, bool, u8);

    fn line(packet: &[u8]) -> Line {
        let read = rtp_rs::RtpReader::new(packet).unwrap();
        (
            read.sequence_number().into(),
            read.timestamp(),
            read.mark(),
            read.payload_type(),
        )
    }

    fn own(stream: &mut Outgoing, clock: u32) -> Line {
        let mut packet = [0; MAX_PACKET];
        let len = stream
            .own(clock, Codec::Pcma, &[0xD5; 160], &mut packet)
            .unwrap();
        line(&packet[..len])
    }

    fn relay(stream: &mut Outgoing, clock: u32, from: Incoming<'_>) -> Option<Line> {
        let mut packet = [0; MAX_PACKET];
        let len = stream.relay(&from, (Codec::Pcma, Some(96)), clock, &mut packet)?;
        Some(line(&packet[..len]))
    }

    fn audio(ssrc: u32, sequence: u16, timestamp: u32) -> Incoming<'static> {
        Incoming {
            payload: Payload::Audio(Codec::Pcma),
            ssrc,
            sequence,
            timestamp,
            marker: false,
            octets: &[1; 160],
        }
    }

    fn event(ssrc: u32, sequence: u16, timestamp: u32) -> Incoming<'static> {
        Incoming {
            payload: Payload::TelephoneEvent,
            octets: &[5, 10, 0, 160],
            ..audio(ssrc, sequence, timestamp)
        }
    }

    #[test]
    fn own_frames_follow_the_clock_and_wrap() {
        let mut stream = Outgoing::new(1, 65_534, u32::MAX - 100);
        assert_eq!(own(&mut stream, 0), (65_535, u32::MAX - 100, true, 8));
        assert_eq!(own(&mut stream, 160), (0, 59, false, 8));
        assert_eq!(own(&mut stream, 320), (1, 219, false, 8));
    }

    #[test]
    fn a_change_of_source_is_seamless_and_marked() {
        let mut stream = Outgoing::new(1, 9, 0);
        assert_eq!(own(&mut stream, 1_000), (10, 1_000, true, 8));
        let lines = [
            relay(&mut stream, 1_160, audio(7, 500, 70_000)),
            relay(&mut stream, 1_360, audio(7, 501, 70_160)),
            // 502 is lost, and stays lost for the phone.
            relay(&mut stream, 1_600, audio(7, 503, 70_480)),
            // Another phone takes over.
            relay(&mut stream, 1_800, audio(8, 3, 5)),
        ];
        assert_eq!(
            lines.map(Option::unwrap),
            [
                (11, 1_160, true, 8),
                (12, 1_320, false, 8),
                (14, 1_640, false, 8),
                (15, 1_800, true, 8),
            ]
        );
        assert_eq!(own(&mut stream, 1_960), (16, 1_960, true, 8));
    }

    #[test]
    fn timestamps_never_go_back_when_the_relay_ran_ahead() {
        let mut stream = Outgoing::new(1, 0, 0);
        relay(&mut stream, 0, audio(7, 1, 0));
        relay(&mut stream, 0, audio(7, 2, 8_000));
        assert_eq!(own(&mut stream, 160), (3, 8_160, true, 8));
        assert_eq!(own(&mut stream, 320), (4, 8_320, false, 8));
    }

    #[test]
    fn what_is_older_than_the_change_is_dropped_and_reordering_is_kept() {
        let mut stream = Outgoing::new(1, 0, 0);
        relay(&mut stream, 0, audio(7, 10, 1_600));
        assert_eq!(relay(&mut stream, 0, audio(7, 9, 1_440)), None);
        let later = relay(&mut stream, 0, audio(7, 12, 1_920)).unwrap();
        let between = relay(&mut stream, 0, audio(7, 11, 1_760)).unwrap();
        assert_eq!((later.0, between.0), (3, 2));
        assert_eq!(own(&mut stream, 10_000).0, 4);
    }

    #[test]
    fn a_phone_that_begins_anew_without_saying_so_is_followed() {
        let mut stream = Outgoing::new(1, 0, 0);
        relay(&mut stream, 0, audio(7, 40_000, 1_600));
        let again = relay(&mut stream, 160, audio(7, 20, 1_760));
        assert_eq!(again, Some((2, 160, true, 8)));
        let jumped = relay(&mut stream, 320, audio(7, 21, 90_000));
        assert_eq!(jumped, Some((3, 320, true, 8)));
    }

    #[test]
    fn a_long_relay_wraps_without_a_seam() {
        let mut stream = Outgoing::new(1, 0, 0);
        let mut expected = 1_u16;
        for i in 0..200_000_u32 {
            let sequence = u16::try_from(i % 65_536).unwrap();
            let line = relay(&mut stream, i * 160, audio(7, sequence, i * 160)).unwrap();
            assert_eq!(line.0, expected);
            expected = expected.wrapping_add(1);
        }
    }

    #[test]
    fn events_get_this_legs_payload_type() {
        let mut stream = Outgoing::new(1, 0, 0);
        relay(&mut stream, 0, audio(7, 10, 1_600));
        assert_eq!(
            relay(&mut stream, 160, event(7, 11, 1_760)),
            Some((2, 160, false, 96))
        );
        let mut packet = [0; 64];
        let refused = stream.relay(&event(7, 12, 1_760), (Codec::Pcma, None), 0, &mut packet);
        assert_eq!(refused, None, "not negotiated on this leg");
    }

    #[test]
    fn events_of_another_ssrc_are_put_between_the_audio() {
        let mut stream = Outgoing::new(1, 0, 0);
        relay(&mut stream, 0, audio(7, 10, 1_600));
        let lines = [
            relay(&mut stream, 160, event(9, 800, 44)),
            relay(&mut stream, 320, event(9, 801, 44)),
            relay(&mut stream, 320, audio(7, 11, 1_760)),
        ];
        assert_eq!(
            lines.map(Option::unwrap),
            [(2, 160, true, 96), (3, 160, false, 96), (4, 160, false, 8)]
        );
    }

    #[test]
    fn keys_go_between_frames_of_our_own_one_source_at_a_time() {
        let mut stream = Outgoing::new(1, 0, 0);
        let mut packet = [0; MAX_PACKET];
        let mut key = |stream: &mut Outgoing, clock, incoming| {
            let len = stream.key(&incoming, 96, clock, &mut packet)?;
            Some(line(&packet[..len]))
        };
        own(&mut stream, 0);
        assert_eq!(
            key(&mut stream, 160, event(9, 800, 44)),
            Some((2, 160, true, 96))
        );
        assert_eq!(own(&mut stream, 160), (3, 160, false, 8));
        assert_eq!(
            key(&mut stream, 320, event(9, 801, 44)),
            Some((4, 160, false, 96))
        );
        assert_eq!(
            key(&mut stream, 320, event(5, 10, 7)),
            None,
            "another key is pressed"
        );
        assert_eq!(own(&mut stream, 320), (5, 320, false, 8));
        assert_eq!(
            key(&mut stream, 1_120, event(5, 30, 99)),
            Some((6, 1_120, true, 96))
        );
    }

    #[test]
    fn the_other_law_is_translated() {
        let mut stream = Outgoing::new(1, 0, 0);
        let mut packet = [0; MAX_PACKET];
        let ulaw = Incoming {
            payload: Payload::Audio(Codec::Pcmu),
            octets: &[0xFF; 160],
            ..audio(7, 1, 1)
        };
        let len = stream
            .relay(&ulaw, (Codec::Pcma, None), 0, &mut packet)
            .unwrap();
        assert_eq!(packet[12..len], [0xD5; 160]);
        assert_eq!(line(&packet[..len]).3, 8);
    }
}
