//! Offer and answer (RFC 3264).

use std::net::{IpAddr, SocketAddr};

use crate::boundary::{Codec, MediaFormat, TextFormat};

use super::model::{
    Connection, Direction, LocalMedia, MediaDescription, PayloadType, SdpError, SessionDescription,
};
use super::text;

/// The payload type of telephone-event in our offers; in answers the offerer's is kept.
pub const EVENT_PAYLOAD_TYPE: u8 = 101;
/// Milliseconds of audio a packet, said in every description of ours.
pub const PTIME_MS: u32 = 20;
/// Keys 0–9, *, #, A–D (RFC 4733 §3.2).
const EVENTS: &str = "0-15";

/// Our offer.
#[must_use]
pub fn offer(ours: &LocalMedia) -> SessionDescription {
    let media = describe(ours, &ours.codecs, Some(EVENT_PAYLOAD_TYPE), ours.direction);
    around(ours, vec![media])
}

/// What an answer of ours agrees to; one of them at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// How audio is carried; none in a call of text alone.
    pub audio: Option<MediaFormat>,
    /// How text is carried.
    pub text: Option<TextFormat>,
}

/// Our answer, and how audio and text are carried once it is sent.
///
/// The first audio section over plain RTP that has a codec of ours is taken, with the offerer's
/// first such codec, and the first section of text that we can talk; every other section is declined
/// with port 0.
///
/// # Errors
/// [`SdpError::NoAudio`] and [`SdpError::NoCodec`] if there is neither audio nor text: refuse with 488.
pub fn answer(
    offer: &SessionDescription,
    ours: &LocalMedia,
) -> Result<(SessionDescription, Agreed), SdpError> {
    let mut agreed = Agreed {
        audio: None,
        text: None,
    };
    let mut verdict = SdpError::NoAudio;
    let mut sections = Vec::with_capacity(offer.media.len());
    for theirs in &offer.media {
        if let (None, Some(local)) = (agreed.text, ours.text)
            && let Some(format) = text::usable(offer, theirs, ours)
        {
            sections.push(text::section(theirs, &format, local.port()));
            agreed.text = Some(format);
            continue;
        }
        let found = if agreed.audio.is_none() {
            usable(offer, theirs, ours)
        } else {
            Err(verdict)
        };
        match found {
            Ok((codec, remote)) => {
                let (section, format) = take(offer, theirs, ours, codec, remote);
                agreed.audio = Some(format);
                sections.push(section);
            }
            Err(error) => {
                if error == SdpError::NoCodec {
                    verdict = error;
                }
                sections.push(declined(theirs));
            }
        }
    }
    if agreed.audio.is_none() && agreed.text.is_none() {
        return Err(verdict);
    }
    Ok((around(ours, sections), agreed))
}

/// How the audio is carried now that our offer was answered.
///
/// # Errors
/// [`SdpError::NoAudio`] if the stream was declined, [`SdpError::NoCodec`] if nothing is left of
/// what we offered: end the call.
pub fn accept_answer(
    ours: &LocalMedia,
    answer: &SessionDescription,
) -> Result<MediaFormat, SdpError> {
    let theirs = answer.media.first().ok_or(SdpError::NoAudio)?;
    let (codec, remote) = usable(answer, theirs, ours)?;
    let dtmf = event_type(theirs);
    Ok(MediaFormat {
        codec,
        dtmf_send: dtmf,
        dtmf_receive: dtmf.map(|_| EVENT_PAYLOAD_TYPE),
        remote,
        remote_rtcp: remote_rtcp(theirs, remote),
        send: ours.direction.sends() && wants(answer, theirs, remote).receives(),
        receive: ours.direction.receives() && wants(answer, theirs, remote).sends(),
    })
}

impl SessionDescription {
    /// The same description with the version that it must have after `previous` (RFC 3264 §8): the
    /// same if nothing changed, one more otherwise.
    #[must_use]
    pub fn succeeding(mut self, previous: Option<&Self>) -> Self {
        if let Some(previous) = previous {
            self.session_id = previous.session_id;
            self.session_version = previous.session_version;
            if self != *previous {
                self.session_version = previous.session_version.saturating_add(1);
            }
        }
        self
    }
}

fn take(
    offer: &SessionDescription,
    theirs: &MediaDescription,
    ours: &LocalMedia,
    codec: Codec,
    remote: SocketAddr,
) -> (MediaDescription, MediaFormat) {
    let wish = wants(offer, theirs, remote);
    let send = ours.direction.sends() && wish.receives();
    let receive = ours.direction.receives() && wish.sends();
    let dtmf = event_type(theirs);
    let mut section = describe(ours, &[codec], dtmf, Direction::of(send, receive));
    section.protocol.clone_from(&theirs.protocol);
    let format = MediaFormat {
        codec,
        dtmf_send: dtmf,
        dtmf_receive: dtmf,
        remote,
        remote_rtcp: remote_rtcp(theirs, remote),
        send,
        receive,
    };
    (section, format)
}

/// What the author of a section wants; an address of zeros asks for silence (RFC 3264 §8.4).
fn wants(session: &SessionDescription, media: &MediaDescription, remote: SocketAddr) -> Direction {
    let said = media.direction.or(session.direction).unwrap_or_default();
    Direction::of(
        said.sends(),
        said.receives() && !remote.ip().is_unspecified(),
    )
}

/// The codec and address of a section that we can talk to.
fn usable(
    session: &SessionDescription,
    media: &MediaDescription,
    ours: &LocalMedia,
) -> Result<(Codec, SocketAddr), SdpError> {
    let plain = ["RTP/AVP", "RTP/AVPF"].contains(&media.protocol.as_str());
    if media.kind != "audio" || media.port == 0 || !plain {
        return Err(SdpError::NoAudio);
    }
    let connection = media.connection.as_ref().or(session.connection.as_ref());
    let Some(Connection::Ip(ip)) = connection else {
        return Err(SdpError::NoAudio);
    };
    if !ip.is_unspecified() && (ip.is_multicast() || ip.is_ipv4() != ours.address.is_ipv4()) {
        return Err(SdpError::NoAudio);
    }
    let codec = media
        .payload_types
        .iter()
        .filter_map(codec_of)
        .find(|c| ours.codecs.contains(c));
    Ok((
        codec.ok_or(SdpError::NoCodec)?,
        SocketAddr::new(*ip, media.port),
    ))
}

/// Only the static payload types: the media plane sends with 8 and 0.
fn codec_of(payload_type: &PayloadType) -> Option<Codec> {
    let (codec, name) = match payload_type.number {
        0 => (Codec::Pcmu, "PCMU/8000"),
        8 => (Codec::Pcma, "PCMA/8000"),
        _ => return None,
    };
    payload_type
        .rtpmap
        .as_deref()
        .is_none_or(|said| is_mono(said, name))
        .then_some(codec)
}

fn is_mono(rtpmap: &str, name: &str) -> bool {
    let plain = rtpmap.strip_suffix("/1").unwrap_or(rtpmap);
    plain.eq_ignore_ascii_case(name)
}

fn event_type(media: &MediaDescription) -> Option<u8> {
    let is_event = |p: &&PayloadType| {
        p.rtpmap
            .as_deref()
            .is_some_and(|said| is_mono(said, "telephone-event/8000"))
    };
    media.payload_types.iter().find(is_event).map(|p| p.number)
}

/// None if it is where everybody expects it.
fn remote_rtcp(media: &MediaDescription, remote: SocketAddr) -> Option<SocketAddr> {
    let (port, ip): (u16, Option<IpAddr>) = media.rtcp?;
    let rtcp = SocketAddr::new(ip.unwrap_or(remote.ip()), port);
    let usual = rtcp.ip() == remote.ip() && Some(port) == remote.port().checked_add(1);
    (!usual).then_some(rtcp)
}

fn describe(
    ours: &LocalMedia,
    codecs: &[Codec],
    event: Option<u8>,
    direction: Direction,
) -> MediaDescription {
    let codec = |codec: &Codec| match codec {
        Codec::Pcma => (8, "PCMA/8000"),
        Codec::Pcmu => (0, "PCMU/8000"),
    };
    let mut payload_types: Vec<PayloadType> = codecs
        .iter()
        .map(codec)
        .map(|(number, rtpmap)| PayloadType {
            number,
            rtpmap: Some(rtpmap.to_owned()),
            fmtp: None,
        })
        .collect();
    payload_types.extend(event.map(|number| PayloadType {
        number,
        rtpmap: Some("telephone-event/8000".to_owned()),
        fmtp: Some(EVENTS.to_owned()),
    }));
    MediaDescription {
        kind: "audio".to_owned(),
        port: ours.address.port(),
        protocol: "RTP/AVP".to_owned(),
        formats: payload_types.iter().map(|p| p.number.to_string()).collect(),
        payload_types,
        connection: None,
        direction: Some(direction),
        rtcp: None,
        ptime_ms: Some(PTIME_MS),
    }
}

/// Port 0, the same formats: the numbers of sections must agree (RFC 3264 §6).
fn declined(theirs: &MediaDescription) -> MediaDescription {
    MediaDescription {
        kind: theirs.kind.clone(),
        port: 0,
        protocol: theirs.protocol.clone(),
        formats: theirs.formats.clone(),
        payload_types: Vec::new(),
        connection: None,
        direction: None,
        rtcp: None,
        ptime_ms: None,
    }
}

fn around(ours: &LocalMedia, media: Vec<MediaDescription>) -> SessionDescription {
    let address = Connection::Ip(ours.address.ip());
    SessionDescription {
        origin_user: "-".to_owned(),
        session_id: ours.session_id,
        session_version: ours.session_version,
        origin_address: address.clone(),
        connection: Some(address),
        direction: None,
        media,
    }
}
