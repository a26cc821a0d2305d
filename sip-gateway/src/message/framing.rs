//! Messages out of a stream (RFC 3261 §18.3), and keep-alives (RFC 5626 §3.5.1).

use bytes::{Buf, Bytes, BytesMut};

use super::MAX_STREAM_BYTES;
use super::header;
use super::parse::{Lines, split_header};
use super::text::number;

/// The answer to a [`Frame::Ping`].
pub const PONG: &[u8] = b"\r\n";

/// What the stream held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// One whole message.
    Message(Bytes),
    /// A double CRLF between messages: answer [`PONG`].
    Ping,
}

/// Nobody knows where the next message begins: answer nothing and close the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Longer than [`MAX_STREAM_BYTES`], or no end of the head within it.
    #[error("message of a stream is too large")]
    TooLarge,
    /// Content-Length is mandatory on streams (RFC 3261 §20.14).
    #[error("message of a stream has no usable Content-Length")]
    NoContentLength,
}

/// Cuts a stream into messages. Holds at most [`MAX_STREAM_BYTES`] plus what was pushed last.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: BytesMut,
    /// Where the search for the end of the head goes on.
    searched: usize,
    /// Whole length of the message at the front, once its head is there.
    expected: Option<usize>,
    broken: Option<FrameError>,
}

impl Framer {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what the stream gave; then call [`Framer::next_frame`] until it is none.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next frame; none if more bytes are needed. After an error there is only that error.
    pub fn next_frame(&mut self) -> Option<Result<Frame, FrameError>> {
        if let Some(error) = self.broken {
            return Some(Err(error));
        }
        match self.cut() {
            Ok(frame) => frame.map(Ok),
            Err(error) => {
                self.broken = Some(error);
                self.buffer = BytesMut::new();
                Some(Err(error))
            }
        }
    }

    fn cut(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.expected.is_none() {
            if self.buffer.starts_with(b"\r\n\r\n") {
                self.buffer.advance(4);
                return Ok(Some(Frame::Ping));
            }
            if self.buffer.starts_with(b"\r\n") && self.buffer.get(2) != Some(&b'\r') {
                if self.buffer.len() == 2 {
                    return Ok(None);
                }
                self.buffer.advance(2);
            }
            self.expected = self.measure()?;
        }
        let Some(length) = self.expected else {
            return Ok(None);
        };
        if self.buffer.len() < length {
            return Ok(None);
        }
        self.expected = None;
        self.searched = 0;
        Ok(Some(Frame::Message(self.buffer.split_to(length).freeze())))
    }

    /// Head plus body of the message at the front, once its head is complete.
    fn measure(&mut self) -> Result<Option<usize>, FrameError> {
        const END: &[u8] = b"\r\n\r\n";
        let from = self.searched.min(self.buffer.len());
        let tail = self.buffer.get(from..).unwrap_or_default();
        let Some(at) = tail.windows(END.len()).position(|w| w == END) else {
            self.searched = self.buffer.len().saturating_sub(END.len() - 1);
            return if self.buffer.len() > MAX_STREAM_BYTES {
                Err(FrameError::TooLarge)
            } else {
                Ok(None)
            };
        };
        let head_bytes = from + at + END.len();
        let head = self.buffer.get(..head_bytes).unwrap_or_default();
        let length = content_length(head).ok_or(FrameError::NoContentLength)?;
        let total = head_bytes.saturating_add(length);
        if total > MAX_STREAM_BYTES {
            return Err(FrameError::TooLarge);
        }
        Ok(Some(total))
    }
}

/// The only Content-Length of a head, folded or compact.
fn content_length(head: &[u8]) -> Option<usize> {
    let mut lines = Lines { rest: head };
    lines.next_line()?;
    let mut found = None;
    while let Some(line) = lines.next_line() {
        let Ok((name, value)) = split_header(line) else {
            continue;
        };
        if !header::expand(name).eq_ignore_ascii_case("Content-Length") {
            continue;
        }
        let mut value = value.trim_ascii();
        if value.is_empty() {
            value = lines.next_continuation().unwrap_or_default().trim_ascii();
        }
        let length = number(std::str::from_utf8(value).ok()?, u32::MAX)?;
        if found.replace(length).is_some() {
            return None;
        }
    }
    usize::try_from(found?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(stream: &[u8]) -> (Vec<Frame>, Option<FrameError>) {
        let mut framer = Framer::new();
        framer.push(stream);
        let mut frames = Vec::new();
        loop {
            match framer.next_frame() {
                Some(Ok(frame)) => frames.push(frame),
                Some(Err(error)) => return (frames, Some(error)),
                None => return (frames, None),
            }
        }
    }

    #[test]
    fn messages_and_keep_alives_are_told_apart() {
        let stream =
            b"\r\n\r\nA\r\nl : 2\r\n\r\nxy\r\n\r\n\r\nB\r\nContent-Length:\r\n 0\r\n\r\n\r\n\r\n";
        let (frames, error) = frames(stream);
        assert_eq!(error, None);
        assert_eq!(
            frames,
            [
                Frame::Ping,
                Frame::Message(Bytes::from_static(b"A\r\nl : 2\r\n\r\nxy")),
                Frame::Ping,
                Frame::Message(Bytes::from_static(b"B\r\nContent-Length:\r\n 0\r\n\r\n")),
                Frame::Ping,
            ]
        );
    }

    #[test]
    fn a_stream_without_a_sound_length_is_over() {
        for head in [
            "A\r\n\r\n",
            "A\r\nl: x\r\n\r\n",
            "A\r\nl: -1\r\n\r\n",
            "A\r\nl: 0\r\nContent-Length: 0\r\n\r\n",
        ] {
            assert_eq!(
                frames(head.as_bytes()),
                (vec![], Some(FrameError::NoContentLength)),
                "{head}"
            );
        }
    }

    #[test]
    fn a_stream_that_never_ends_a_message_is_over() {
        assert_eq!(
            frames(b"A\r\nl: 70000\r\n\r\n").1,
            Some(FrameError::TooLarge)
        );
        assert_eq!(
            frames(&vec![b'x'; MAX_STREAM_BYTES + 1]).1,
            Some(FrameError::TooLarge)
        );
        let mut framer = Framer::new();
        framer.push(b"A\r\n\r\n");
        assert!(matches!(framer.next_frame(), Some(Err(_))));
        framer.push(b"B\r\nl: 0\r\n\r\n");
        assert!(
            matches!(framer.next_frame(), Some(Err(_))),
            "it does not recover by guessing"
        );
    }
}
