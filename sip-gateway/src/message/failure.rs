//! What is wrong with a message, and how it is answered.

use std::fmt;
use std::net::SocketAddr;

use bytes::Bytes;

use super::name_addr::NameAddr;
use super::reason::default_reason;
use super::via::Via;

/// Why a message cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Defect {
    /// Nothing but line ends: a keep-alive (RFC 5626 §3.5.1, RFC 3261 §7.5).
    #[error("nothing but line ends")]
    KeepAlive,
    /// More bytes than [`super::MAX_DATAGRAM_BYTES`] or [`super::MAX_STREAM_BYTES`].
    #[error("too many bytes")]
    TooLarge,
    /// The first line is neither a request line nor a status line.
    #[error("malformed first line")]
    StartLine,
    /// SIP, but not version 2.0.
    #[error("unsupported SIP version")]
    Version,
    /// The request line's URI has a scheme we do not speak.
    #[error("unsupported URI scheme")]
    Scheme,
    /// The request line's URI is malformed.
    #[error("malformed Request-URI")]
    RequestUri,
    /// A line longer than [`super::MAX_LINE_BYTES`].
    #[error("header line too long")]
    LineTooLong,
    /// More headers than [`super::MAX_HEADERS`].
    #[error("too many headers")]
    TooManyHeaders,
    /// A line without a colon or with a malformed name.
    #[error("malformed header line")]
    HeaderLine,
    /// The headers do not end with an empty line.
    #[error("no empty line after the headers")]
    HeadUnfinished,
    /// A header that must be there once is missing.
    #[error("a mandatory header is missing")]
    Missing,
    /// A header that may be there once is there twice.
    #[error("a header is repeated")]
    Repeated,
    /// Via cannot be read.
    #[error("malformed Via")]
    Via,
    /// From or To cannot be read.
    #[error("malformed From or To")]
    Address,
    /// Contact, Route or Record-Route cannot be read.
    #[error("malformed Contact, Route or Record-Route")]
    Route,
    /// Call-ID is empty or has white space.
    #[error("malformed Call-ID")]
    CallId,
    /// CSeq is no number up to 2³¹ − 1 with a method.
    #[error("malformed CSeq")]
    CSeq,
    /// CSeq names another method than the request line.
    #[error("CSeq names another method")]
    MethodMismatch,
    /// Max-Forwards is no number up to 255.
    #[error("malformed number")]
    Number,
    /// Content-Length is no number.
    #[error("malformed Content-Length")]
    ContentLength,
    /// Content-Length is more than there is.
    #[error("body shorter than Content-Length")]
    BodyTooShort,
}

/// A message that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseFailure {
    /// Say nothing: it is a response, an ACK, or nobody knows where an answer would go.
    Drop(Defect),
    /// Answer the request.
    Reject(Box<Rejection>),
}

impl ParseFailure {
    /// What is wrong.
    #[must_use]
    pub const fn defect(&self) -> Defect {
        match self {
            Self::Drop(defect) => *defect,
            Self::Reject(rejection) => rejection.defect,
        }
    }
}

/// A request that is answered without ever becoming a transaction (RFC 3261 §8.2.7).
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection {
    /// 400, 416 or 505.
    pub status: u16,
    /// What is wrong.
    pub defect: Defect,
    pub(super) top_via: Via,
    /// The other Via, From, To, Call-ID and CSeq: name and value as they came.
    pub(super) echoed: Vec<(String, String)>,
}

impl Rejection {
    /// The response, to be sent back to `source`.
    #[must_use]
    pub fn response(&self, source: SocketAddr) -> Bytes {
        let mut via = self.top_via.clone();
        via.note_source(source);
        let mut out = format!(
            "SIP/2.0 {} {}\r\nVia: {via}\r\n",
            self.status,
            default_reason(self.status)
        );
        for (name, value) in &self.echoed {
            let untagged =
                name == "To" && NameAddr::parse(value).is_ok_and(|to| to.tag().is_none());
            let tag = if untagged { self.tag() } else { String::new() };
            out.push_str(&format!("{name}: {value}{tag}\r\n"));
        }
        let defect = self.defect;
        out.push_str(&format!(
            "Warning: 399 gateway \"{defect}\"\r\nContent-Length: 0\r\n\r\n"
        ));
        Bytes::from(out)
    }

    /// The same tag for the same request (RFC 3261 §8.2.7): FNV-1a over the branch.
    fn tag(&self) -> String {
        let seed = self.top_via.to_string();
        let hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!(";tag={hash:016x}")
    }
}

/// Without anybody's address: people are not data.
impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rejection({}: {})", self.status, self.defect)
    }
}
