//! Our wire reader and writer around rsip's [`Headers`]: one value a header, long names.
//!
//! rsip's own parser never sees bytes from the network: it fails on IPv6 hosts, folded lines,
//! compact names and quoted parameters. Its header model and the typed headers that it gets right
//! are used; a differential test holds ours against it where both must agree.

mod access;
mod build;
mod failure;
mod framing;
mod header;
mod method;
mod name_addr;
mod params;
mod parse;
mod peek;
mod reason;
mod text;
mod uri;
mod via;
mod write;

use std::fmt;

use bytes::Bytes;
use rsip::Headers;

pub use build::RequestHead;
pub use failure::{Defect, ParseFailure, Rejection};
pub use framing::{Frame, FrameError, Framer, PONG};
pub use method::Method;
pub use name_addr::{BadNameAddr, NameAddr};
pub use params::{BadParam, Params};
pub use peek::Peek;
pub use reason::default_reason;
pub use uri::{BadUri, Host, Scheme, Uri};
pub use via::{BadVia, MAGIC_COOKIE, Via};

pub(crate) use text::{decode, quote, quoted, split, trim};

/// Largest datagram that is read, in bytes; a larger one is dropped.
pub const MAX_DATAGRAM_BYTES: usize = 16 * 1024;
/// Largest message of a stream, in bytes; a larger one closes the connection.
pub const MAX_STREAM_BYTES: usize = 64 * 1024;
/// Most headers of a message, comma lists taken apart; more get 400.
pub const MAX_HEADERS: usize = 128;
/// Longest header, unfolded, in bytes; a longer one gets 400.
pub const MAX_LINE_BYTES: usize = 8 * 1024;
/// Largest CSeq number (RFC 3261 §8.1.1.5).
pub const MAX_CSEQ: u32 = (1 << 31) - 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartLine {
    /// A request.
    Request {
        /// What is asked for.
        method: Method,
        /// Of whom.
        uri: Uri,
    },
    /// A response.
    Status {
        /// 100–699.
        code: u16,
        /// As it was written, possibly empty.
        reason: String,
    },
}

/// A message that has what every message must have (RFC 3261 §8.1.1), read once.
///
/// Content-Length is never among the headers: it is computed when the message is written.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: StartLine,
    /// The body, byte for byte.
    pub body: Bytes,
    headers: Headers,
    from: NameAddr,
    to: NameAddr,
    call_id: String,
    cseq: u32,
    method: Method,
    /// The topmost Via; none only in a request of ours that has not been sent yet.
    via: Option<Via>,
}

/// Without anybody's number, name or words: people are not data.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cseq, method, call_id) = (self.cseq, &self.method, &self.call_id);
        match self.status() {
            Some(status) => write!(f, "Message({status} to {cseq} {method}, {call_id})"),
            None => write!(f, "Message({cseq} {method}, {call_id})"),
        }
    }
}

#[cfg(test)]
mod tests;
