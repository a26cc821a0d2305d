//! What goes into the gateway and what comes out: the wall between SIP and the rest of the house.
//!
//! The signalling machine takes [`Input`] and gives [`Output`]. It never touches audio: it tells the
//! media plane with [`MediaCommand`] which leg has which port, peer and codec; the switchboard tells
//! the same plane what to play, whom to join, what to listen to and record.

mod browser;
mod media;
mod text;

use std::net::SocketAddr;

use bytes::Bytes;
use events::{LegId, Pii};

pub use browser::{
    BROWSER_EVENTS, BrowserCommand, BrowserEvent, CallNews, SessionId, SessionOwner,
};
pub use media::{
    Codec, EncodedPrompt, Hearing, MAX_ROOM_LEGS, MediaCommand, MediaEvent, MediaFormat, PlayId,
};
pub use text::{TextCommand, TextEvent, TextFormat};

/// How bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// One datagram, one message.
    Udp,
    /// A stream, framed by Content-Length.
    Tcp,
}

/// Where bytes came from and where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    /// Datagram or stream.
    pub transport: Transport,
    /// The connection's number for a stream, 0 for datagrams and for a stream yet to be opened.
    pub connection: u64,
    /// Our address.
    pub local: SocketAddr,
    /// Theirs.
    pub peer: SocketAddr,
}

/// What happens to the gateway.
#[derive(Clone, Debug)]
pub enum Input {
    /// One datagram, or one framed message of a stream.
    Received {
        /// By which way.
        flow: Flow,
        /// The message, as it was on the wire.
        bytes: Bytes,
    },
    /// A stream closed or could not be opened.
    Closed {
        /// Which.
        flow: Flow,
    },
    /// The switchboard wants something of a leg.
    Command(LegCommand),
    /// Something happened to a browser's audio.
    Browser(BrowserEvent),
    /// The media plane could not open a leg's port.
    MediaFailed {
        /// The leg.
        leg: LegId,
    },
    /// How long the oldest unhandled input has waited: the measure of overload.
    QueueDelay {
        /// In microseconds.
        delay_us: u64,
    },
    /// Take no new calls; OPTIONS is answered 503 from now on.
    Drain,
    /// Time passed: let every due timer act.
    Tick,
}

/// What the gateway wants done.
#[derive(Debug)]
pub enum Output {
    /// Send these bytes; for a stream with connection 0, open it first.
    Send {
        /// By which way.
        flow: Flow,
        /// The message.
        bytes: Bytes,
    },
    /// Something happened to a leg.
    Leg(LegEvent),
    /// Tell the media plane.
    Media(MediaCommand),
    /// Tell the text plane.
    Text(TextCommand),
    /// Tell a browser's session.
    Browser(BrowserCommand),
    /// A phone of an account came or went.
    Phone {
        /// The account's name: an operator's login.
        account: String,
        /// Whether it can be rung.
        reachable: bool,
    },
    /// A call was turned away before it became a leg of the switchboard's.
    Refused {
        /// The user part that was dialled.
        dialled: String,
        /// Why.
        why: events::RefusedWhy,
        /// The status sent.
        status: u16,
    },
}

/// What the switchboard wants of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegCommand {
    /// 180 Ringing.
    Ring {
        /// The leg.
        leg: LegId,
    },
    /// 200 OK with our answer.
    Answer {
        /// The leg.
        leg: LegId,
    },
    /// A final refusal.
    Reject {
        /// The leg.
        leg: LegId,
        /// 4xx–6xx.
        status: u16,
        /// For 503.
        retry_after_s: Option<u32>,
    },
    /// Call an account's phone.
    Dial {
        /// The new leg, numbered by the gateway's `new_leg()`.
        leg: LegId,
        /// The account: an operator's login.
        account: String,
        /// The leg it will be joined with: same media thread.
        beside: LegId,
        /// Shown on the phone, e.g. the service's name.
        display: String,
    },
    /// Call a number outside by a trunk.
    Call {
        /// The new leg, numbered by the gateway's `new_leg()`.
        leg: LegId,
        /// The trunk's name; the leg ends as broken if it calls nobody.
        trunk: String,
        /// Digits, with `+` in front of an international number.
        number: Pii<String>,
        /// The line in whose name the house calls: shown to whom we call, unless the trunk has a
        /// number of its own.
        line: String,
        /// The name shown beside the number.
        display: String,
        /// The leg it will be joined with, if any: same media thread.
        beside: Option<LegId>,
    },
    /// Take a call that rings in a browser; nothing for a phone, which is answered by hand.
    PickUp {
        /// The leg.
        leg: LegId,
    },
    /// Let nobody hear what this side says, or let them again.
    Mute {
        /// The leg.
        leg: LegId,
        /// Muted, or heard.
        muted: bool,
    },
    /// Like [`LegCommand::HangUp`]; a phone that rings is told that somebody else answered, so that
    /// it shows no missed call (RFC 3326 §2: `Reason` in CANCEL).
    TakeBack {
        /// The leg.
        leg: LegId,
    },
    /// BYE, CANCEL or a refusal, whichever the leg's state needs. Idempotent.
    HangUp {
        /// The leg.
        leg: LegId,
    },
}

/// What happened to a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    /// A caller stands at the door.
    Offered {
        /// The new leg.
        leg: LegId,
        /// User part of the Request-URI.
        dialled: String,
        /// User part of From (or P-Asserted-Identity from a trunk), none if anonymous.
        caller: Option<Pii<String>>,
        /// The trunk's name, or `registered`.
        trunk: String,
    },
    /// 180 or 183 of an outgoing leg.
    Ringing {
        /// The leg.
        leg: LegId,
    },
    /// The leg stands: ACK came for an incoming leg, 200 for an outgoing one.
    Established {
        /// The leg.
        leg: LegId,
    },
    /// The other side put us on hold (sendonly, inactive, 0.0.0.0), or took us back.
    Hold {
        /// The leg.
        leg: LegId,
        /// On hold, or back.
        held: bool,
    },
    /// A key by INFO (application/dtmf-relay, application/dtmf).
    Digit {
        /// The leg.
        leg: LegId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// The leg is over; nothing follows. Its media has been told to close.
    Ended {
        /// The leg.
        leg: LegId,
        /// Why.
        why: LegEnd,
    },
}

/// Why a leg is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegEnd {
    /// The other side hung up, or cancelled before the answer.
    Remote,
    /// We hung up or refused.
    Local,
    /// The other side refused an outgoing leg with this status.
    Refused(u16),
    /// No answer to our messages (Timer B, F, H), transport gone, or no media port.
    Broken,
}
