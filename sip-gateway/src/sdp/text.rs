//! Real-time text in a description (RFC 4103 §6): what we take of an offer, and how we answer it.

use std::net::SocketAddr;

use super::model::{
    Connection, Direction, LocalMedia, MediaDescription, PayloadType, SessionDescription,
};
use crate::boundary::TextFormat;
use crate::text::DEFAULT_CPS;

/// Characters a second that we take: said in every answer. Faster is lost by nobody.
const OUR_CPS: u32 = 30;

/// Whether a section offers text that we can talk, and how it would be carried.
pub(super) fn usable(
    session: &SessionDescription,
    media: &MediaDescription,
    ours: &LocalMedia,
) -> Option<TextFormat> {
    let plain = ["RTP/AVP", "RTP/AVPF"].contains(&media.protocol.as_str());
    if media.kind != "text" || media.port == 0 || !plain {
        return None;
    }
    let connection = media.connection.as_ref().or(session.connection.as_ref());
    let Some(Connection::Ip(ip)) = connection else {
        return None;
    };
    let reachable = !ip.is_unspecified() && !ip.is_multicast();
    if !reachable || ip.is_ipv4() != ours.address.is_ipv4() {
        return None;
    }
    let text = numbered(media, "t140/1000")?;
    // Redundancy of something else than this text is of no use to us.
    let red = numbered(media, "red/1000").filter(|red| {
        fmtp(media, *red).is_none_or(|list| list.split('/').all(|of| of.trim() == text.to_string()))
    });
    Some(TextFormat {
        text,
        red,
        cps: fmtp(media, text).and_then(cps).unwrap_or(DEFAULT_CPS),
        remote: SocketAddr::new(*ip, media.port),
    })
}

/// The section of our answer.
pub(super) fn section(
    theirs: &MediaDescription,
    format: &TextFormat,
    port: u16,
) -> MediaDescription {
    let mut payload_types = Vec::new();
    payload_types.extend(format.red.map(|number| PayloadType {
        number,
        rtpmap: Some("red/1000".to_owned()),
        fmtp: Some(format!("{0}/{0}/{0}", format.text)),
    }));
    payload_types.push(PayloadType {
        number: format.text,
        rtpmap: Some("t140/1000".to_owned()),
        fmtp: Some(format!("cps={OUR_CPS}")),
    });
    MediaDescription {
        kind: "text".to_owned(),
        port,
        protocol: theirs.protocol.clone(),
        formats: payload_types.iter().map(|p| p.number.to_string()).collect(),
        payload_types,
        connection: None,
        direction: Some(Direction::SendRecv),
        rtcp: None,
        ptime_ms: None,
    }
}

fn numbered(media: &MediaDescription, encoding: &str) -> Option<u8> {
    let is = |p: &&PayloadType| {
        p.rtpmap
            .as_deref()
            .is_some_and(|said| said.eq_ignore_ascii_case(encoding))
    };
    media.payload_types.iter().find(is).map(|p| p.number)
}

fn fmtp(media: &MediaDescription, number: u8) -> Option<&str> {
    let of = media.payload_types.iter().find(|p| p.number == number)?;
    of.fmtp.as_deref()
}

/// `cps=30` among other parameters.
fn cps(fmtp: &str) -> Option<u32> {
    let value = |part: &str| part.trim().strip_prefix("cps=")?.trim().parse().ok();
    fmtp.split(';').find_map(value).filter(|cps| *cps > 0)
}
