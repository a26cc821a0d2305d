//! RTP packets (RFC 3550 §5.1), read and written with rtp-rs, never allocating.

use rtp_rs::{RtpPacketBuilder, RtpReader, Seq};

use crate::boundary::Codec;

/// The RTP header without CSRCs and extensions, which is how we send.
pub const HEADER_LEN: usize = 12;

/// Largest packet we read or write: an Ethernet payload.
pub const MAX_PACKET: usize = 1_500;

/// Most audio a packet may carry, in octets of G.711: 120 ms.
pub const MAX_AUDIO: usize = 960;

/// Comfort noise (RFC 3389), which phones send unasked.
const COMFORT_NOISE: u8 = 13;

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// G.711 octets.
    Audio(Codec),
    /// RFC 4733.
    TelephoneEvent,
    /// RFC 3389: known, not used.
    ComfortNoise,
}

/// One packet received, its payload still in the buffer it was read into.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'p> {
    /// What it carries.
    pub payload: Payload,
    /// Synchronisation source.
    pub ssrc: u32,
    /// Sequence number.
    pub sequence: u16,
    /// In samples.
    pub timestamp: u32,
    /// First of a talk spurt, or of an event.
    pub marker: bool,
    /// Without header, extension and padding.
    pub octets: &'p [u8],
}

impl<'p> Incoming<'p> {
    /// Reads a datagram; none if it is not RTP of a payload type that was negotiated.
    #[must_use]
    pub fn read(datagram: &'p [u8], telephone_event: Option<u8>) -> Option<Self> {
        let reader = RtpReader::new(datagram).ok()?;
        let octets = reader.payload();
        let payload = match reader.payload_type() {
            0 => Payload::Audio(Codec::Pcmu),
            8 => Payload::Audio(Codec::Pcma),
            COMFORT_NOISE => Payload::ComfortNoise,
            other if Some(other) == telephone_event => Payload::TelephoneEvent,
            _ => return None,
        };
        let fits = match payload {
            Payload::Audio(_) => !octets.is_empty() && octets.len() <= MAX_AUDIO,
            Payload::TelephoneEvent => octets.len() >= 4,
            Payload::ComfortNoise => true,
        };
        fits.then(|| Self {
            payload,
            ssrc: reader.ssrc(),
            sequence: reader.sequence_number().into(),
            timestamp: reader.timestamp(),
            marker: reader.mark(),
            octets,
        })
    }
}

/// The header of a packet to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// RTP payload type.
    pub payload_type: u8,
    /// Ours.
    pub ssrc: u32,
    /// Sequence number.
    pub sequence: u16,
    /// In samples.
    pub timestamp: u32,
    /// First after a change of source.
    pub marker: bool,
}

impl Header {
    /// Writes header and payload; the packet's length, or none if the buffer is too small.
    pub fn write(self, octets: &[u8], packet: &mut [u8]) -> Option<usize> {
        RtpPacketBuilder::new()
            .payload_type(self.payload_type)
            .ssrc(self.ssrc)
            .sequence(Seq::from(self.sequence))
            .timestamp(self.timestamp)
            .marked(self.marker)
            .payload(octets)
            .build_into(packet)
            .ok()
    }
}

/// RTP's static payload type of a law (RFC 3551 table 4).
#[must_use]
pub const fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => 0,
        Codec::Pcma => 8,
    }
}

/// Whether `a` is after `b` on the wrapping 16-bit circle.
#[must_use]
pub const fn sequence_after(a: u16, b: u16) -> bool {
    let ahead = a.wrapping_sub(b);
    ahead != 0 && ahead < 0x8000
}

/// Whether `a` is after `b` on the wrapping 32-bit circle.
#[must_use]
pub const fn timestamp_after(a: u32, b: u32) -> bool {
    let ahead = a.wrapping_sub(b);
    ahead != 0 && ahead < 0x8000_0000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_read_back() {
        let header = Header {
            payload_type: 8,
            ssrc: 7,
            sequence: 65_535,
            timestamp: u32::MAX,
            marker: true,
        };
        let mut packet = [0; MAX_PACKET];
        let len = header.write(&[0xD5; 160], &mut packet).unwrap();
        assert_eq!(len, HEADER_LEN + 160);
        let read = Incoming::read(&packet[..len], Some(101)).unwrap();
        assert_eq!(read.payload, Payload::Audio(Codec::Pcma));
        assert_eq!((read.ssrc, read.sequence), (7, 65_535));
        assert_eq!((read.timestamp, read.marker), (u32::MAX, true));
        assert_eq!(read.octets, [0xD5; 160]);
        assert!(header.write(&[0; 160], &mut [0; 100]).is_none());
    }

    #[test]
    fn other_payload_types_are_not_ours() {
        let header = Header {
            payload_type: 101,
            ssrc: 7,
            sequence: 1,
            timestamp: 1,
            marker: false,
        };
        let mut packet = [0; 64];
        let len = header.write(&[5, 0, 0, 160], &mut packet).unwrap();
        assert!(Incoming::read(&packet[..len], None).is_none());
        assert!(Incoming::read(&packet[..len], Some(96)).is_none());
        assert!(Incoming::read(&packet[..len], Some(101)).is_some());
        assert!(
            Incoming::read(&packet[..len - 1], Some(101)).is_none(),
            "short event"
        );
    }

    #[test]
    fn the_circle_wraps() {
        assert!(sequence_after(0, 65_535));
        assert!(!sequence_after(65_535, 0));
        assert!(!sequence_after(5, 5));
        assert!(timestamp_after(100, u32::MAX - 100));
    }

    proptest! {
        #[test]
        fn hostile_datagrams_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Incoming::read(&bytes, Some(101));
        }
    }
}
