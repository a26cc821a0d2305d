//! Between signalling, the switchboard and the media plane.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use events::{LegId, LegReport};

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

/// Legs that one room may have: two sides of a talk, those who are asked, and a supervisor.
pub const MAX_ROOM_LEGS: usize = 8;

/// Whom a leg of a room hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// The leg.
    pub leg: LegId,
    /// Legs of the same room. It never hears itself; named twice is named once. Nobody: silence, or
    /// what is played to it.
    pub hears: Vec<LegId>,
}

impl Hearing {
    /// Everybody hears everybody else.
    #[must_use]
    pub fn all(legs: &[LegId]) -> Vec<Self> {
        let others = |leg: LegId| legs.iter().copied().filter(move |other| *other != leg);
        legs.iter()
            .map(|leg| Self {
                leg: *leg,
                hears: others(*leg).collect(),
            })
            .collect()
    }
}

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
    /// Fall silent in the middle of what plays.
    PausePlaying {
        /// The leg.
        leg: LegId,
    },
    /// Go on with what was paused, from the beginning of the words in whose middle it stopped.
    ResumePlaying {
        /// The leg.
        leg: LegId,
    },
    /// A room of two who hear each other: [`Self::Mix`] with [`Hearing::all`].
    Bridge {
        /// One side: the left channel of a recording.
        caller: LegId,
        /// The other: the right channel.
        operator: LegId,
    },
    /// Make a room of legs of one thread (opened `beside` each other), or change who hears whom in
    /// it. Whoever hears one other gets that one's packets as they are; whoever hears more gets
    /// their sum.
    ///
    /// Legs that come in stop playing what they played; legs that were in a room play on, and are
    /// heard and hear again when it ends. Legs of the rooms touched that are not named any more are
    /// alone. A recording goes on as long as its caller is in a room. A leg that closes leaves its
    /// room, and a room of one is none.
    Mix {
        /// At most [`MAX_ROOM_LEGS`] legs, each once. More are left out, and so is a leg that is
        /// not open.
        legs: Vec<Hearing>,
    },
    /// End the room or bridge that a leg is in: all of its legs are alone.
    Unbridge {
        /// Any of its legs.
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
    /// Record what passes between the caller's leg and its room, as 8 kHz stereo WAV: the caller left
    /// while anybody hears them, whom the caller hears right. What is played is not recorded.
    Record {
        /// The caller's leg.
        caller: LegId,
        /// Full path; the plane creates the file.
        path: PathBuf,
    },
    /// Close the recording; the end of the room does too.
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
