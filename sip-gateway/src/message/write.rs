//! [`Message`] to bytes.

use std::fmt::Write as _;

use bytes::{BufMut, Bytes, BytesMut};

use super::{Message, StartLine, header};

/// A usual message fits without growing.
const USUAL_HEAD_BYTES: usize = 1024;

impl Message {
    /// The message as it goes on the wire, Content-Length computed.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(USUAL_HEAD_BYTES + self.body.len());
        // Writing into memory does not fail.
        let _ = match &self.start {
            StartLine::Request { method, uri } => write!(out, "{method} {uri} SIP/2.0\r\n"),
            StartLine::Status { code, reason } => write!(out, "SIP/2.0 {code:03} {reason}\r\n"),
        };
        for one in self.headers.iter() {
            put(&mut out, header::name(one));
            put(&mut out, ": ");
            put(&mut out, header::value(one));
            put(&mut out, "\r\n");
        }
        let _ = write!(out, "Content-Length: {}\r\n\r\n", self.body.len());
        out.put_slice(&self.body);
        out.freeze()
    }
}

fn put(out: &mut BytesMut, text: &str) {
    out.put_slice(text.as_bytes());
}
