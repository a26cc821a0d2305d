//! Text to [`SessionDescription`]: strict in what decides, lenient in what real phones forget.

use std::net::IpAddr;

use super::model::{
    Connection, Direction, MediaDescription, PayloadType, SdpError, SessionDescription,
};
use super::{MAX_MEDIA, MAX_PAYLOAD_TYPES, MAX_SDP_BYTES};

impl SessionDescription {
    /// Reads a body of type `application/sdp`.
    ///
    /// `o=`, `s=`, `t=` and `c=` may be missing, lines may end with LF only, unknown lines and
    /// attributes are skipped.
    ///
    /// # Errors
    /// [`SdpError::Malformed`] if it does not begin with `v=0`, a line has no `=`, an `m=` or `c=`
    /// line cannot be read, or a limit of this module is exceeded.
    pub fn parse(body: &[u8]) -> Result<Self, SdpError> {
        if body.len() > MAX_SDP_BYTES {
            return Err(SdpError::Malformed);
        }
        let text = crate::message::decode(body);
        let mut lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty());
        if lines.next() != Some("v=0") {
            return Err(SdpError::Malformed);
        }
        let mut session = Self::empty();
        for line in lines {
            session.line(line)?;
        }
        Ok(session)
    }

    const fn empty() -> Self {
        Self {
            origin_user: String::new(),
            session_id: 0,
            session_version: 0,
            origin_address: Connection::Name(String::new()),
            connection: None,
            direction: None,
            media: Vec::new(),
        }
    }

    fn line(&mut self, line: &str) -> Result<(), SdpError> {
        let (kind, value) = line.split_once('=').ok_or(SdpError::Malformed)?;
        match kind {
            "o" => self.origin(value),
            "c" => {
                let connection = read_connection(value)?;
                match self.media.last_mut() {
                    Some(media) => media.connection = Some(connection),
                    None => self.connection = Some(connection),
                }
            }
            "m" => {
                if self.media.len() >= MAX_MEDIA {
                    return Err(SdpError::Malformed);
                }
                self.media.push(read_media(value)?);
            }
            "a" => self.attribute(value),
            _ => {}
        }
        Ok(())
    }

    fn origin(&mut self, value: &str) {
        let mut words = value.split_ascii_whitespace();
        words
            .next()
            .unwrap_or("-")
            .clone_into(&mut self.origin_user);
        self.session_id = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
        self.session_version = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
        let address = words.nth(2).unwrap_or_default();
        self.origin_address = connection_of(address);
    }

    fn attribute(&mut self, value: &str) {
        let (name, value) = value.split_once(':').unwrap_or((value, ""));
        let direction = match name {
            "sendrecv" => Some(Direction::SendRecv),
            "sendonly" => Some(Direction::SendOnly),
            "recvonly" => Some(Direction::RecvOnly),
            "inactive" => Some(Direction::Inactive),
            _ => None,
        };
        let Some(media) = self.media.last_mut() else {
            self.direction = direction.or(self.direction);
            return;
        };
        media.direction = direction.or(media.direction);
        match name {
            "rtpmap" => media.describe(value, |p, text| p.rtpmap = Some(text)),
            "fmtp" => media.describe(value, |p, text| p.fmtp = Some(text)),
            "rtcp" => media.rtcp = read_rtcp(value),
            "ptime" => media.ptime_ms = value.trim().parse().ok(),
            _ => {}
        }
    }
}

impl MediaDescription {
    fn describe(&mut self, value: &str, store: impl FnOnce(&mut PayloadType, String)) {
        let Some((number, text)) = value.trim().split_once(' ') else {
            return;
        };
        let found = self
            .payload_types
            .iter_mut()
            .find(|p| number.parse() == Ok(p.number));
        if let Some(payload_type) = found {
            store(payload_type, text.trim().to_owned());
        }
    }
}

/// `audio 49170/2 RTP/AVP 8 0 101`.
fn read_media(value: &str) -> Result<MediaDescription, SdpError> {
    let mut words = value.split_ascii_whitespace();
    let mut word = || words.next().ok_or(SdpError::Malformed);
    let (kind, port, protocol) = (word()?, word()?, word()?);
    let port = port
        .split('/')
        .next()
        .and_then(|p| p.parse().ok())
        .ok_or(SdpError::Malformed)?;
    let formats: Vec<String> = words.map(str::to_owned).collect();
    if formats.len() > MAX_PAYLOAD_TYPES {
        return Err(SdpError::Malformed);
    }
    let number = |format: &String| format.parse().ok().filter(|n| *n < 128);
    let is_rtp = protocol.starts_with("RTP/");
    let numbers = formats.iter().filter_map(number).filter(|_| is_rtp);
    let payload_types = numbers
        .map(|number| PayloadType {
            number,
            rtpmap: None,
            fmtp: None,
        })
        .collect();
    Ok(MediaDescription {
        kind: kind.to_owned(),
        port,
        protocol: protocol.to_owned(),
        formats,
        payload_types,
        connection: None,
        direction: None,
        rtcp: None,
        ptime_ms: None,
    })
}

/// `IN IP4 192.0.2.1`, for multicast with `/ttl` behind it.
fn read_connection(value: &str) -> Result<Connection, SdpError> {
    let mut words = value.split_ascii_whitespace();
    let (net, family) = (words.next(), words.next());
    if net != Some("IN") || !matches!(family, Some("IP4" | "IP6")) {
        return Err(SdpError::Malformed);
    }
    let address = words.next().ok_or(SdpError::Malformed)?;
    Ok(connection_of(address.split('/').next().unwrap_or_default()))
}

fn connection_of(address: &str) -> Connection {
    match address.parse::<IpAddr>() {
        Ok(ip) => Connection::Ip(ip),
        Err(_) => Connection::Name(address.to_owned()),
    }
}

/// `53020` or `53020 IN IP4 192.0.2.1` (RFC 3605).
fn read_rtcp(value: &str) -> Option<(u16, Option<IpAddr>)> {
    let mut words = value.split_ascii_whitespace();
    let port = words.next()?.parse().ok().filter(|p| *p != 0)?;
    Some((port, words.nth(2).and_then(|w| w.parse().ok())))
}
