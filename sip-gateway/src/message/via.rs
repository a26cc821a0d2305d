//! Via: the way a response takes back (RFC 3261 §18, §20.42, RFC 3581).

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::params::Params;
use super::text::{is_token, trim};
use super::uri::{Host, host_port};

/// What every branch of an RFC 3261 element begins with (§8.1.1.7).
pub const MAGIC_COOKIE: &str = "z9hG4bK";

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// `UDP`, `TCP`, `TLS`, `WS`, …: as written.
    pub transport: String,
    /// The host of sent-by.
    pub host: Host,
    /// The port of sent-by.
    pub port: Option<u16>,
    /// `branch`, `rport`, `received` and others.
    pub params: Params,
}

/// Not a Via.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed Via")]
pub struct BadVia;

impl Via {
    /// Our own hop, asking for the response to come back to where the request came from (`rport`,
    /// RFC 3581). The branch must begin with [`MAGIC_COOKIE`].
    #[must_use]
    pub fn new(transport: &str, sent_by: SocketAddr, branch: &str) -> Self {
        let mut params = Params::new();
        params.set("branch", branch);
        params.set_flag("rport");
        Self {
            transport: transport.to_owned(),
            host: Host::Ip(sent_by.ip()),
            port: Some(sent_by.port()),
            params,
        }
    }

    /// Reads one hop; comma lists are taken apart when the message is read.
    ///
    /// # Errors
    /// [`BadVia`] if it is not `SIP/2.0/transport host[:port][;params]`, white space around
    /// slashes and the colon allowed (RFC 4475 §3.1.1.1).
    pub fn parse(text: &str) -> Result<Self, BadVia> {
        let (protocol, rest) = text.split_once('/').ok_or(BadVia)?;
        let (version, rest) = rest.split_once('/').ok_or(BadVia)?;
        if !trim(protocol).eq_ignore_ascii_case("SIP") || trim(version) != "2.0" {
            return Err(BadVia);
        }
        let rest = trim(rest);
        let space = rest.find([' ', '\t']).ok_or(BadVia)?;
        let (transport, rest) = rest.split_at_checked(space).ok_or(BadVia)?;
        if !is_token(transport) {
            return Err(BadVia);
        }
        let end = rest.find(';').unwrap_or(rest.len());
        let (sent_by, params) = rest.split_at_checked(end).ok_or(BadVia)?;
        let (host, port) = host_port(trim(sent_by)).ok_or(BadVia)?;
        Ok(Self {
            transport: transport.to_owned(),
            host,
            port,
            params: Params::parse(params).map_err(|_| BadVia)?,
        })
    }

    /// The branch; none or an old RFC 2543 one if it does not begin with [`MAGIC_COOKIE`].
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        self.params.get("branch").filter(|b| !b.is_empty())
    }

    /// The real source address, if the next hop noted it. Brackets around IPv6 are tolerated
    /// (RFC 5118 §4.5).
    #[must_use]
    pub fn received(&self) -> Option<IpAddr> {
        let text = self.params.get("received")?;
        text.trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .ok()
    }

    /// The real source port, if the next hop filled it in.
    #[must_use]
    pub fn rport(&self) -> Option<u16> {
        self.params.get("rport")?.parse().ok()
    }

    /// Notes where the request really came from: `received` if it differs from sent-by or `rport`
    /// was asked for, and the port in `rport` if it was asked for (RFC 3261 §18.2.1, RFC 3581 §4).
    pub fn note_source(&mut self, source: SocketAddr) {
        let asked = self.params.has("rport");
        if asked || self.host != Host::Ip(source.ip()) {
            self.params.set("received", source.ip().to_string());
        }
        if asked {
            self.params.set("rport", source.port().to_string());
        }
    }

    /// `host` or `host:port`, lower case, as part of a server transaction's key (RFC 3261 §17.2.3).
    #[must_use]
    pub fn sent_by(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host).to_ascii_lowercase(),
            None => self.host.to_string().to_ascii_lowercase(),
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SIP/2.0/{} {}", self.transport, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3261 §18.2.1 and RFC 3581 §4.
    #[test]
    fn the_real_source_is_noted() {
        let noted = |via: &str, source: &str| {
            let mut via = Via::parse(via).unwrap();
            via.note_source(source.parse().unwrap());
            via.to_string()
        };
        assert_eq!(
            noted(
                "SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff",
                "192.0.2.1:9988"
            ),
            "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKkjshdyff;received=192.0.2.1"
        );
        assert_eq!(
            noted("SIP/2.0/UDP 192.0.2.1:5060;branch=x", "192.0.2.1:9988"),
            "SIP/2.0/UDP 192.0.2.1:5060;branch=x"
        );
        assert_eq!(
            noted("SIP/2.0/TCP [2001:db8::9];branch=x", "[2001:db8::1]:5060"),
            "SIP/2.0/TCP [2001:db8::9];branch=x;received=2001:db8::1"
        );
    }

    #[test]
    fn a_way_back_of_ours() {
        let via = Via::new("TCP", "[2001:db8::1]:5060".parse().unwrap(), "z9hG4bK1");
        assert_eq!(
            via.to_string(),
            "SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bK1;rport"
        );
        assert_eq!(Via::parse(&via.to_string()), Ok(via.clone()));
        assert_eq!((via.rport(), via.received()), (None, None));
        assert_eq!(via.sent_by(), "[2001:db8::1]:5060");
    }
}
