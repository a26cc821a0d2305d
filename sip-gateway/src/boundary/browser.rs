//! Between a browser's audio and the gateway: sessions, who owns them, and where their packets go.
//!
//! A session is the audio of one open page. It stands before a call and outlives it: ringing,
//! answering and hanging up are commands of the house, not messages of the session.

use std::net::SocketAddr;

/// One page's audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// Payload type of telephone-event (RFC 4733) between a browser's adapter and the media plane.
pub const BROWSER_EVENTS: u8 = 101;

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionOwner {
    /// The phone of an account: an operator's login.
    Account(String),
    /// Somebody who calls from a page.
    Visitor,
}

/// What happens to browsers' audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrowserEvent {
    /// A session's audio stands (ICE and DTLS done).
    Up {
        /// The session.
        session: SessionId,
        /// Whose it is.
        owner: SessionOwner,
        /// Where the media plane sends its packets for the browser, and where the browser's come
        /// from.
        rtp: SocketAddr,
    },
    /// A session ended: the page is closed or reloaded, or nothing is heard of it.
    Down {
        /// The session.
        session: SessionId,
    },
    /// An operator wants no phone in the browser any more: nobody waits for the page to come back.
    Left {
        /// The account.
        account: String,
    },
    /// A visitor calls a number; it rings once the session stands.
    Calls {
        /// The session.
        session: SessionId,
        /// What is dialled.
        dialled: String,
        /// Beside the audio they read and type.
        writes: bool,
    },
    /// A visitor hangs up.
    HangsUp {
        /// The session.
        session: SessionId,
    },
}

/// What is told to a browser's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrowserCommand {
    /// A leg's audio and the session's are one from now on.
    Join {
        /// The session.
        session: SessionId,
        /// The leg's RTP address; RTCP goes one port above.
        leg: SocketAddr,
    },
    /// The session is silent again.
    Part {
        /// The session.
        session: SessionId,
    },
    /// For a visitor's page: how the call goes.
    Call {
        /// The session.
        session: SessionId,
        /// What to show.
        news: CallNews,
    },
}

/// How a visitor's call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallNews {
    /// The line was reached.
    Ringing,
    /// Somebody or something answered.
    Answered,
    /// It is over.
    Ended,
    /// It never began: no such line, too many callers, or the house is closing.
    Refused,
}
