//! What a description says, as far as we care.

use std::net::{IpAddr, SocketAddr};

use crate::boundary::Codec;

/// Whether a stream sends, receives, both or neither (RFC 3264 §5.1), as seen by its author.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both ways: what is meant when nothing is said.
    #[default]
    SendRecv,
    /// The author only sends: usually music on hold.
    SendOnly,
    /// The author only receives.
    RecvOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// Whether the author sends.
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether the author receives.
    #[must_use]
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// From the two halves.
    #[must_use]
    pub const fn of(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    /// The attribute's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }
}

/// A `c=` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// An address; `0.0.0.0` and `::` mean hold (RFC 3264 §8.4).
    Ip(IpAddr),
    /// A name: valid, but nobody looks it up during a call.
    Name(String),
}

/// One payload type of an `m=` line with its mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadType {
    /// 0–127 for RTP.
    pub number: u8,
    /// `a=rtpmap`: `PCMA/8000`; none for a static type that is not spelt out.
    pub rtpmap: Option<String>,
    /// `a=fmtp` without the number.
    pub fmtp: Option<String>,
}

/// One `m=` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaDescription {
    /// `audio`, `video`, `image`, …
    pub kind: String,
    /// RTP port; 0 declines the stream.
    pub port: u16,
    /// `RTP/AVP`.
    pub protocol: String,
    /// Formats as written: payload types for RTP.
    pub formats: Vec<String>,
    /// The formats that are payload types, in order of preference.
    pub payload_types: Vec<PayloadType>,
    /// Its own `c=`, which overrules the session's.
    pub connection: Option<Connection>,
    /// Its own direction, which overrules the session's.
    pub direction: Option<Direction>,
    /// `a=rtcp` (RFC 3605): port and, if given, address.
    pub rtcp: Option<(u16, Option<IpAddr>)>,
    /// `a=ptime`, in milliseconds.
    pub ptime_ms: Option<u32>,
}

/// A description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDescription {
    /// `o=` user, `-` if there is none.
    pub origin_user: String,
    /// `o=` session.
    pub session_id: u64,
    /// `o=` version: grows with every change.
    pub session_version: u64,
    /// `o=` address.
    pub origin_address: Connection,
    /// The session's `c=`.
    pub connection: Option<Connection>,
    /// The session's direction.
    pub direction: Option<Direction>,
    /// Streams, in order: an answer has as many.
    pub media: Vec<MediaDescription>,
}

/// Our side of a leg's audio, kept over its whole life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalMedia {
    /// Where we receive RTP; RTCP is the next port.
    pub address: SocketAddr,
    /// `o=` session: the same in every description of the leg.
    pub session_id: u64,
    /// `o=` version of the description to be written now; add one when it says something new.
    pub session_version: u64,
    /// What we offer, in order of preference. In answers the offerer's order counts.
    pub codecs: Vec<Codec>,
    /// Our wish: [`Direction::SendRecv`] unless we put the other side on hold.
    pub direction: Direction,
    /// Where we receive text; none if we do not take it.
    pub text: Option<SocketAddr>,
}

impl SessionDescription {
    /// Whether a stream of real-time text is offered, taken or not.
    #[must_use]
    pub fn has_text(&self) -> bool {
        self.media.iter().any(|m| m.kind == "text" && m.port != 0)
    }
}

impl LocalMedia {
    /// Both laws, both ways.
    #[must_use]
    pub fn new(address: SocketAddr, session_id: u64) -> Self {
        Self {
            address,
            session_id,
            session_version: 1,
            codecs: vec![Codec::Pcma, Codec::Pcmu],
            direction: Direction::SendRecv,
            text: None,
        }
    }
}

/// Why there is no audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// No codec of ours, or none left of what we offered: 488.
    #[error("no common codec")]
    NoCodec,
    /// No audio over plain RTP at an address we can send to: 488.
    #[error("no audio stream")]
    NoAudio,
    /// Not a description: 400.
    #[error("malformed session description")]
    Malformed,
}
