//! A leg's audio, and its text if it has any: its ports, what was described to the other side, what
//! was agreed (RFC 3264).

use std::net::SocketAddr;

use bytes::Bytes;
use events::LegId;

use crate::boundary::{LegEvent, MediaCommand, MediaFormat, TextCommand};
use crate::gateway::Turn;
use crate::sdp::{self, Agreed, LocalMedia, SdpError, SessionDescription};

/// A leg's audio.
#[derive(Debug)]
pub(crate) struct Audio {
    local: LocalMedia,
    /// What was agreed and the media plane was told.
    agreed: Option<MediaFormat>,
    /// Agreed by a description of ours that has not been sent yet.
    pending: Option<Agreed>,
    /// Our newest description.
    described: Option<SessionDescription>,
    open: bool,
    /// The house lets nobody hear this side.
    muted: bool,
}

impl Audio {
    /// Takes a port. None if no port is free.
    pub(crate) fn new(turn: &mut Turn<'_>) -> Option<Self> {
        let address = turn.net.ports.take(turn.now)?;
        // Fits a signed 64-bit number, which is what some phones read `o=` into.
        let local = LocalMedia::new(address, turn.number() >> 2);
        Some(Self {
            local,
            agreed: None,
            pending: None,
            described: None,
            open: false,
            muted: false,
        })
    }

    /// Has the port opened.
    pub(crate) fn open(&mut self, turn: &mut Turn<'_>, leg: LegId, beside: Option<LegId>) {
        self.open = true;
        turn.media(MediaCommand::Open {
            leg,
            beside,
            local: self.local.address,
        });
    }

    /// Gives a port back that was never opened.
    pub(crate) fn give_back(self, turn: &mut Turn<'_>) {
        turn.net.ports.give_back(turn.now, self.local.address);
        if let Some(text) = self.local.text {
            turn.net.ports.give_back(turn.now, text);
        }
    }

    /// Gives the port back and has it closed.
    pub(crate) fn close(&mut self, turn: &mut Turn<'_>, leg: LegId) {
        if self.open {
            self.open = false;
            turn.media(MediaCommand::Close { leg });
            turn.net.ports.give_back(turn.now, self.local.address);
            if let Some(text) = self.local.text.take() {
                turn.text(TextCommand::Close { leg });
                turn.net.ports.give_back(turn.now, text);
            }
        }
    }

    /// Reads an offer; gives our answer, which counts with [`Audio::commit`].
    ///
    /// # Errors
    /// The status to refuse it with: 400 if malformed, 488 if nothing is common.
    pub(crate) fn answer(&mut self, turn: &mut Turn<'_>, offer: &[u8]) -> Result<Bytes, u16> {
        let offer = SessionDescription::parse(offer).map_err(status)?;
        if self.local.text.is_none() && offer.has_text() {
            // Without a port the text is declined, and the call goes on by voice.
            self.local.text = turn.net.ports.take(turn.now);
        }
        let (answer, agreed) = sdp::answer(&offer, &self.local).map_err(status)?;
        self.pending = Some(agreed);
        Ok(self.describe(answer))
    }

    /// Our answer if one stands ready, else our offer.
    pub(super) fn description(&mut self) -> Bytes {
        match (&self.described, self.pending) {
            (Some(answer), Some(_)) => answer.to_bytes(),
            (Some(_) | None, None) | (None, Some(_)) => self.offer(),
        }
    }

    /// Everything that we can do, as an offer.
    pub(super) fn offer(&mut self) -> Bytes {
        self.describe(sdp::offer(&self.local))
    }

    fn describe(&mut self, description: SessionDescription) -> Bytes {
        let description = description.succeeding(self.described.as_ref());
        let bytes = description.to_bytes();
        self.described = Some(description);
        bytes
    }

    /// Whether an answer stands ready.
    pub(super) const fn has_answer(&self) -> bool {
        self.pending.is_some()
    }

    /// Our answer has been sent: it counts.
    pub(super) fn commit(&mut self, turn: &mut Turn<'_>, leg: LegId) {
        let Some(agreed) = self.pending.take() else {
            return;
        };
        if let (Some(format), Some(local)) = (agreed.text, self.local.text) {
            turn.text(TextCommand::Open {
                leg,
                local,
                format,
                alone: agreed.audio.is_none(),
            });
        }
        if let Some(format) = agreed.audio {
            self.agree(turn, leg, format);
        }
    }

    /// The other side's answer to our offer.
    ///
    /// # Errors
    /// It cannot be used: the leg has no audio.
    pub(super) fn accept(
        &mut self,
        turn: &mut Turn<'_>,
        leg: LegId,
        answer: &[u8],
    ) -> Result<(), SdpError> {
        let answer = SessionDescription::parse(answer)?;
        let format = sdp::accept_answer(&self.local, &answer)?;
        self.agree(turn, leg, format);
        Ok(())
    }

    /// Where the leg's packets are sent to.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.local.address
    }

    /// Lets nobody hear this side, or lets them again. The other side is not told: its phone goes
    /// on as before.
    pub(crate) fn mute(&mut self, turn: &mut Turn<'_>, leg: LegId, muted: bool) {
        if self.muted != muted {
            self.muted = muted;
            self.say(turn, leg);
        }
    }

    fn say(&self, turn: &mut Turn<'_>, leg: LegId) {
        if let Some(agreed) = self.agreed.filter(|_| self.open) {
            let format = MediaFormat {
                receive: agreed.receive && !self.muted,
                ..agreed
            };
            turn.media(MediaCommand::Negotiated { leg, format });
        }
    }

    /// How audio is carried from now on.
    pub(crate) fn agree(&mut self, turn: &mut Turn<'_>, leg: LegId, format: MediaFormat) {
        if !self.open || self.agreed == Some(format) {
            return;
        }
        let was_held = self.agreed.is_some_and(|agreed| !agreed.send);
        self.agreed = Some(format);
        self.say(turn, leg);
        if was_held == format.send {
            turn.tell(LegEvent::Hold {
                leg,
                held: !format.send,
            });
        }
    }
}

const fn status(error: SdpError) -> u16 {
    match error {
        SdpError::Malformed => 400,
        SdpError::NoCodec | SdpError::NoAudio => 488,
    }
}
