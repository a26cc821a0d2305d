//! [`SessionDescription`] to text.

use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;

use super::model::{Connection, MediaDescription, SessionDescription};

impl SessionDescription {
    /// As a body of type `application/sdp`.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        Bytes::from(self.to_string())
    }
}

impl fmt::Display for SessionDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = if self.origin_user.is_empty() {
            "-"
        } else {
            &self.origin_user
        };
        let (id, version) = (self.session_id, self.session_version);
        write!(
            f,
            "v=0\r\no={user} {id} {version} {}\r\ns=-\r\n",
            self.origin_address
        )?;
        if let Some(connection) = &self.connection {
            write!(f, "c={connection}\r\n")?;
        }
        f.write_str("t=0 0\r\n")?;
        if let Some(direction) = self.direction {
            write!(f, "a={}\r\n", direction.as_str())?;
        }
        self.media.iter().try_for_each(|media| media.fmt(f))
    }
}

impl fmt::Display for MediaDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m={} {} {}", self.kind, self.port, self.protocol)?;
        self.formats
            .iter()
            .try_for_each(|format| write!(f, " {format}"))?;
        f.write_str("\r\n")?;
        if let Some(connection) = &self.connection {
            write!(f, "c={connection}\r\n")?;
        }
        for payload_type in &self.payload_types {
            let number = payload_type.number;
            if let Some(rtpmap) = &payload_type.rtpmap {
                write!(f, "a=rtpmap:{number} {rtpmap}\r\n")?;
            }
            if let Some(fmtp) = &payload_type.fmtp {
                write!(f, "a=fmtp:{number} {fmtp}\r\n")?;
            }
        }
        if let Some((port, ip)) = self.rtcp {
            match ip {
                Some(ip) => write!(f, "a=rtcp:{port} {}\r\n", Connection::Ip(ip))?,
                None => write!(f, "a=rtcp:{port}\r\n")?,
            }
        }
        if let Some(ptime_ms) = self.ptime_ms {
            write!(f, "a=ptime:{ptime_ms}\r\n")?;
        }
        match self.direction {
            Some(direction) => write!(f, "a={}\r\n", direction.as_str()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(IpAddr::V4(ip)) => write!(f, "IN IP4 {ip}"),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "IN IP6 {ip}"),
            Self::Name(name) if name.is_empty() => f.write_str("IN IP4 0.0.0.0"),
            Self::Name(name) => write!(f, "IN IP4 {name}"),
        }
    }
}
