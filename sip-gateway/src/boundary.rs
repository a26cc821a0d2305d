//! What goes into the gateway and what comes out: the wall between SIP and the rest of the house.
//!
//! The signalling machine takes [`Input`] and gives [`Output`]. It never touches audio: it tells the
//! media plane with [`MediaCommand`] which leg has which port, peer and codec; the switchboard tells
//! the same plane what to play, whom to join, what to listen to and record.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use events::{LegId, LegReport, Pii};

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

/// G.711 variant of a leg: RTP static payload types 0 and 8 (RFC 3551).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// A-law, payload type 8.
    Pcma,
    /// µ-law, payload type 0.
    Pcmu,
}

/// How a leg's audio is carried, as negotiated (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaFormat {
    /// The codec both sides use.
    pub codec: Codec,
    /// Payload type of telephone-event that we send with.
    pub dtmf_send: Option<u8>,
    /// Payload type of telephone-event that we expect.
    pub dtmf_receive: Option<u8>,
    /// Where the SDP says to send RTP; the packets' real source wins (symmetric RTP, latching).
    pub remote: SocketAddr,
    /// Where the SDP says to send RTCP, if not `remote`'s port + 1.
    pub remote_rtcp: Option<SocketAddr>,
    /// Whether we may send (not on hold).
    pub send: bool,
    /// Whether we expect audio.
    pub receive: bool,
}

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

/// A prompt in both G.711 laws, encoded once and shared by every leg that plays it.
#[derive(Debug)]
pub struct EncodedPrompt {
    /// A-law octets, 8000 a second.
    pub alaw: Vec<u8>,
    /// µ-law octets, 8000 a second.
    pub ulaw: Vec<u8>,
}

/// Tells one play from the next on the same leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlayId(pub u64);

/// What the media plane shall do. Commands for one leg are carried out in order.
#[derive(Debug)]
pub enum MediaCommand {
    /// Open a leg's RTP and RTCP sockets on `local` and `local` port + 1.
    Open {
        /// The leg.
        leg: LegId,
        /// Joined later with this leg: same thread.
        beside: Option<LegId>,
        /// RTP address, even port.
        local: SocketAddr,
    },
    /// What was negotiated; repeated on every re-INVITE.
    Negotiated {
        /// The leg.
        leg: LegId,
        /// How audio is carried from now on.
        format: MediaFormat,
    },
    /// Close the leg; a [`MediaEvent::Closed`] with its figures follows.
    Close {
        /// The leg.
        leg: LegId,
    },
    /// Play prompts one after the other, replacing what was playing.
    Play {
        /// The leg.
        leg: LegId,
        /// Named in the [`MediaEvent::PromptEnded`].
        play: PlayId,
        /// What to play.
        prompts: Vec<Arc<EncodedPrompt>>,
        /// Start over at the end, for ever: music. Then no `PromptEnded`.
        repeat: bool,
    },
    /// Begin a play that is still being made, replacing what was playing: [`Self::PlayMore`] brings
    /// the rest. Silence where a part comes late.
    PlayLive {
        /// The leg.
        leg: LegId,
        /// Named in the [`MediaEvent::PromptEnded`].
        play: PlayId,
        /// What is there already.
        prompts: Vec<Arc<EncodedPrompt>>,
    },
    /// The next part of a live play; nothing if something else plays by now.
    PlayMore {
        /// The leg.
        leg: LegId,
        /// The play it belongs to.
        play: PlayId,
        /// What follows.
        prompts: Vec<Arc<EncodedPrompt>>,
        /// Nothing more comes.
        last: bool,
    },
    /// Fall silent.
    StopPlaying {
        /// The leg.
        leg: LegId,
    },
    /// Relay audio between two legs of one thread; ends what either was playing.
    Bridge {
        /// One side: the left channel of a recording.
        caller: LegId,
        /// The other: the right channel.
        operator: LegId,
    },
    /// Stop relaying.
    Unbridge {
        /// Either side.
        leg: LegId,
    },
    /// Feed the leg's decoded audio (8 kHz, 16 bit) to this ring; a full ring drops and counts.
    Tap {
        /// The leg.
        leg: LegId,
        /// The writing end.
        feed: rtrb::Producer<i16>,
        /// What is sent to the leg in the same frames, for whoever must know its echo: filled and
        /// dropped together with `feed`, so it has to be as long.
        sent: Option<rtrb::Producer<i16>>,
    },
    /// Stop feeding.
    Untap {
        /// The leg.
        leg: LegId,
    },
    /// Record the bridge that the caller's leg is in, as 8 kHz stereo WAV.
    Record {
        /// The caller's leg.
        caller: LegId,
        /// Full path; the plane creates the file.
        path: PathBuf,
    },
    /// Close the recording; closing either leg does too.
    StopRecording {
        /// The caller's leg.
        caller: LegId,
    },
}

/// What the media plane reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// The port could not be bound.
    OpenFailed {
        /// The leg.
        leg: LegId,
        /// For the log.
        error: String,
    },
    /// A key by RFC 4733, once per press.
    Digit {
        /// The leg.
        leg: LegId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// The last prompt of this play was sent to its end.
    PromptEnded {
        /// The leg.
        leg: LegId,
        /// Which play.
        play: PlayId,
    },
    /// A recording could not be written (disk full, no folder): the call goes on unrecorded.
    RecordingFailed {
        /// The caller's leg.
        caller: LegId,
        /// For the log.
        error: String,
    },
    /// The leg is closed; its figures.
    Closed {
        /// The leg.
        leg: LegId,
        /// The figures.
        report: LegReport,
    },
}
