//! Between signalling, the switchboard and the text plane.

use std::net::SocketAddr;

use events::{LegId, Pii};

use super::{PlayId, SessionId};

/// How a leg's real-time text is carried, as negotiated (RFC 4103 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextFormat {
    /// Payload type of T.140.
    pub text: u8,
    /// Payload type of redundancy, if they take it.
    pub red: Option<u8>,
    /// Characters a second that they take.
    pub cps: u32,
    /// Where the SDP says to send; the packets' real source wins.
    pub remote: SocketAddr,
}

/// What the text plane shall do. Commands for one leg are carried out in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextCommand {
    /// Open a leg's text on `local`; or, if it is open, use what was negotiated now.
    Open {
        /// The leg.
        leg: LegId,
        /// RTP address.
        local: SocketAddr,
        /// How it is carried.
        format: TextFormat,
        /// Whether the leg has no audio: then a text that was read to its end ends a play.
        alone: bool,
    },
    /// Open the text of a leg whose other side is a browser's session: lines, no packets.
    OpenPage {
        /// The leg.
        leg: LegId,
        /// The session.
        session: SessionId,
    },
    /// Write this, after what is being written.
    Write {
        /// The leg; nothing if it has no text.
        leg: LegId,
        /// Named in the [`TextEvent::Written`].
        play: PlayId,
        /// The text.
        text: String,
    },
    /// Write nothing more of what waits.
    Stop {
        /// The leg.
        leg: LegId,
    },
    /// What they typed so far was taken as an answer: the next character begins a line.
    Taken {
        /// The leg.
        leg: LegId,
    },
    /// Close the leg's text.
    Close {
        /// The leg.
        leg: LegId,
    },
}

/// What the text plane reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextEvent {
    /// They begin to type.
    Begun {
        /// The leg.
        leg: LegId,
    },
    /// They paused; the line so far.
    Paused {
        /// The leg.
        leg: LegId,
        /// What they typed.
        line: Pii<String>,
    },
    /// They ended a line.
    Line {
        /// The leg.
        leg: LegId,
        /// What they typed.
        line: Pii<String>,
    },
    /// What was written last was sent to its end and could be read. Only for a leg without audio.
    Written {
        /// The leg.
        leg: LegId,
        /// Which play.
        play: PlayId,
    },
}
