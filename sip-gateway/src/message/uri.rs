//! SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966), kept as written.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::params::Params;
use super::text::{number, trim};

/// The part before the first colon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `sip`.
    Sip,
    /// `sips`: over TLS only.
    Sips,
    /// `tel`: a telephone number.
    Tel,
    /// Anything else, in lower case: allowed in From and To (RFC 4475 §3.3.4), never called.
    Other(String),
}

/// Where a URI or a Via points.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// A name, as written.
    Name(String),
    /// An address; IPv6 stands in brackets on the wire.
    Ip(IpAddr),
}

/// A URI. The user part, parameters and headers are kept byte for byte, escapes included: a
/// registrar or back-to-back agent that decodes and encodes again rings somebody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri {
    scheme: Scheme,
    /// User, the number of `tel:`, or all of an unknown scheme.
    user: Option<String>,
    password: Option<String>,
    host: Option<Host>,
    port: Option<u16>,
    params: Params,
    headers: Option<String>,
}

/// Not a URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed URI")]
pub struct BadUri;

impl Uri {
    /// `sip:host:port`, or `sip:user@host:port`. A user that would break the URI is escaped, an
    /// empty one is none.
    #[must_use]
    pub fn sip(user: Option<&str>, address: SocketAddr) -> Self {
        Self {
            scheme: Scheme::Sip,
            user: user.filter(|u| !u.is_empty()).map(escape_user),
            password: None,
            host: Some(Host::Ip(address.ip())),
            port: Some(address.port()),
            params: Params::new(),
            headers: None,
        }
    }

    /// Reads a URI without anything around it.
    ///
    /// # Errors
    /// [`BadUri`] for everything RFC 3261 §25.1 does not allow, except that the user part may hold
    /// any visible character but `@`, because phones dial `#31#` as it is.
    pub fn parse(text: &str) -> Result<Self, BadUri> {
        if text
            .bytes()
            .any(|b| matches!(b, 0..=b' ' | 0x7f | b'<' | b'>' | b'"'))
        {
            return Err(BadUri);
        }
        let (scheme, rest) = text.split_once(':').ok_or(BadUri)?;
        if scheme.eq_ignore_ascii_case("sip") {
            Self::parse_sip(Scheme::Sip, rest)
        } else if scheme.eq_ignore_ascii_case("sips") {
            Self::parse_sip(Scheme::Sips, rest)
        } else if scheme.eq_ignore_ascii_case("tel") {
            Self::parse_tel(rest)
        } else {
            Self::parse_other(scheme, rest)
        }
    }

    fn parse_sip(scheme: Scheme, text: &str) -> Result<Self, BadUri> {
        let (user_info, rest) = match text.split_once('@') {
            Some((user_info, rest)) => (Some(user_info), rest),
            None => (None, text),
        };
        let (user, password) = match user_info.map(|info| (info, info.split_once(':'))) {
            None => (None, None),
            Some((_, Some((user, password)))) => (Some(user), Some(password)),
            Some((user, None)) => (Some(user), None),
        };
        if user.is_some_and(str::is_empty) {
            return Err(BadUri);
        }
        let (rest, headers) = match rest.split_once('?') {
            Some((rest, headers)) => (rest, Some(headers)),
            None => (rest, None),
        };
        let end = rest.find(';').unwrap_or(rest.len());
        let (address, params) = rest.split_at_checked(end).ok_or(BadUri)?;
        let (host, port) = host_port(address).ok_or(BadUri)?;
        Ok(Self {
            scheme,
            user: user.map(str::to_owned),
            password: password.map(str::to_owned),
            host: Some(host),
            port,
            params: Params::parse(params).map_err(|_| BadUri)?,
            headers: headers.map(str::to_owned),
        })
    }

    fn parse_tel(text: &str) -> Result<Self, BadUri> {
        let end = text.find(';').unwrap_or(text.len());
        let (digits, params) = text.split_at_checked(end).ok_or(BadUri)?;
        let is_digit = |b: u8| b.is_ascii_hexdigit() || b"+*#-.()".contains(&b);
        if digits.is_empty() || !digits.bytes().all(is_digit) {
            return Err(BadUri);
        }
        Ok(Self {
            scheme: Scheme::Tel,
            user: Some(digits.to_owned()),
            password: None,
            host: None,
            port: None,
            params: Params::parse(params).map_err(|_| BadUri)?,
            headers: None,
        })
    }

    fn parse_other(scheme: &str, text: &str) -> Result<Self, BadUri> {
        let mut letters = scheme.bytes();
        let sound = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
            && letters.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        if !sound || text.is_empty() {
            return Err(BadUri);
        }
        Ok(Self {
            scheme: Scheme::Other(scheme.to_ascii_lowercase()),
            user: Some(text.to_owned()),
            password: None,
            host: None,
            port: None,
            params: Params::new(),
            headers: None,
        })
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// The user part as written, or the number of a tel URI.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The user part with its escapes decoded, for people and for comparing; none if the bytes are
    /// not UTF-8.
    #[must_use]
    pub fn user_decoded(&self) -> Option<String> {
        self.user().and_then(decode_escapes)
    }

    /// The host; none for `tel` and foreign schemes.
    #[must_use]
    pub const fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// The host, if it is an address.
    #[must_use]
    pub const fn ip(&self) -> Option<IpAddr> {
        match &self.host {
            Some(Host::Ip(ip)) => Some(*ip),
            Some(Host::Name(_)) | None => None,
        }
    }

    /// The port, if written.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// Parameters, such as `transport` and `lr`.
    #[must_use]
    pub const fn params(&self) -> &Params {
        &self.params
    }

    /// Parameters, to change them.
    pub const fn params_mut(&mut self) -> &mut Params {
        &mut self.params
    }

    /// What stands after `?`, as written.
    #[must_use]
    pub fn headers(&self) -> Option<&str> {
        self.headers.as_deref()
    }

    /// The same URI without what may not stand in a request line: headers and the `method`
    /// parameter (RFC 3261 §19.1.1, table 1).
    #[must_use]
    pub fn for_request_line(mut self) -> Self {
        self.headers = None;
        self.params.remove("method");
        self
    }

    /// Whether both name the same resource (RFC 3261 §19.1.4): hosts and parameters without case,
    /// users with case, escapes decoded; parameters of one side only count if they are `user`,
    /// `ttl`, `method`, `maddr` or `transport`.
    #[must_use]
    pub fn is_equivalent(&self, other: &Self) -> bool {
        let user = |uri: &Self| uri.user.as_deref().map(decode_bytes);
        let host = |uri: &Self| {
            uri.host
                .as_ref()
                .map(|h| h.to_string().to_ascii_lowercase())
        };
        self.scheme == other.scheme
            && user(self) == user(other)
            && self.password == other.password
            && host(self) == host(other)
            && self.port == other.port
            && self.headers == other.headers
            && params_agree(&self.params, &other.params)
            && params_agree(&other.params, &self.params)
    }
}

fn params_agree(ours: &Params, theirs: &Params) -> bool {
    const DECISIVE: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];
    ours.iter().all(|(name, value)| match theirs.get(name) {
        Some(their) => their.eq_ignore_ascii_case(value.unwrap_or_default()),
        None => !DECISIVE.iter().any(|d| name.eq_ignore_ascii_case(d)),
    })
}

fn decode_bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'%', [a, b, ..]) => hex(*a).zip(hex(*b)).map(|(a, b)| a * 16 + b),
            _ => None,
        };
        out.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            tail.get(2..).unwrap_or_default()
        } else {
            tail
        };
    }
    out
}

fn decode_escapes(text: &str) -> Option<String> {
    String::from_utf8(decode_bytes(text)).ok()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

fn escape_user(user: &str) -> String {
    let mut out = String::with_capacity(user.len());
    for byte in user.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/#".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match &self.scheme {
            Scheme::Sip => "sip",
            Scheme::Sips => "sips",
            Scheme::Tel => "tel",
            Scheme::Other(scheme) => scheme,
        };
        write!(f, "{scheme}:")?;
        if let Some(user) = &self.user {
            f.write_str(user)?;
        }
        if let Some(password) = &self.password {
            write!(f, ":{password}")?;
        }
        if let Some(host) = &self.host {
            if self.user.is_some() {
                f.write_str("@")?;
            }
            write!(f, "{host}")?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)?;
        match &self.headers {
            Some(headers) => write!(f, "?{headers}"),
            None => Ok(()),
        }
    }
}

impl std::str::FromStr for Uri {
    type Err = BadUri;

    fn from_str(text: &str) -> Result<Self, BadUri> {
        Self::parse(text)
    }
}

impl Host {
    /// Reads `[2001:db8::1]`, `192.0.2.1` or a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(inside) = text.strip_prefix('[') {
            let inside = inside.strip_suffix(']')?;
            // RFC 3261's own grammar let three colons through (RFC 5118 §4.10).
            let ip: Option<Ipv6Addr> = inside
                .parse()
                .or_else(|_| inside.replacen(":::", "::", 1).parse())
                .ok();
            return Some(Self::Ip(ip?.into()));
        }
        if let Ok(ip) = text.parse::<Ipv4Addr>() {
            return Some(Self::Ip(ip.into()));
        }
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
        let sound = !text.is_empty() && text.bytes().all(is_name);
        sound.then(|| Self::Name(text.to_owned()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ip(IpAddr::V4(ip)) => write!(f, "{ip}"),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]"),
        }
    }
}

/// Reads `host` or `host:port`; white space around the colon is allowed in Via.
pub(crate) fn host_port(text: &str) -> Option<(Host, Option<u16>)> {
    let colon = if text.starts_with('[') {
        let close = text.find(']')?;
        text.get(close..)?.find(':').map(|at| close + at)
    } else {
        text.find(':')
    };
    let Some(colon) = colon else {
        return Some((Host::parse(text)?, None));
    };
    let (host, port) = text.split_at_checked(colon)?;
    let port = number(trim(port.get(1..)?), u32::from(u16::MAX))?;
    Some((Host::parse(trim(host))?, u16::try_from(port).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_go_out_as_they_came() {
        for text in [
            "sip:host",
            "sip:host:5070",
            "sips:a:secret@host;transport=tls;lr?Subject=a%20b",
            "sip:a%20b@192.0.2.1",
            "sip:#31#495@host;user=phone",
            "sip:%d0%90@[2001:db8::1]:5062;maddr=[2001:db8::2]",
            "tel:+7-495-123-45-67;ext=1",
            "isbn:2983792873",
            "http://example.com/a?b",
        ] {
            assert_eq!(Uri::parse(text).map(|u| u.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(Uri::parse("SIP:a@host").unwrap().to_string(), "sip:a@host");
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        for text in [
            "",
            "sip",
            "sip:",
            "sip:@host",
            "sip:a@",
            "sip:a@b@c",
            "sip:a b@host",
            "sip:host:",
            "sip:host:x",
            "sip:host:65536",
            "sip:[::1",
            "sip:::1",
            "sip:a@ho st",
            "sip:<a@host>",
            "sip:host;=x",
            "tel:",
            "tel:office",
            ":a@host",
            "5ip:a@host",
            "sip:a@host;x=\"y\"",
        ] {
            assert_eq!(Uri::parse(text), Err(BadUri), "{text}");
        }
    }

    /// RFC 3261 §19.1.4.
    #[test]
    fn equivalence_follows_the_rfcs_examples() {
        let equal = |a: &str, b: &str| {
            Uri::parse(a)
                .unwrap()
                .is_equivalent(&Uri::parse(b).unwrap())
        };
        assert!(equal(
            "sip:%61lice@atlanta.com;transport=TCP",
            "sip:alice@AtLanTa.CoM;Transport=tcp"
        ));
        assert!(equal(
            "sip:carol@chicago.com",
            "sip:carol@chicago.com;newparam=5"
        ));
        assert!(equal(
            "sip:carol@chicago.com;newparam=5",
            "sip:carol@chicago.com;security=on"
        ));
        assert!(!equal("sip:ALICE@atlanta.com", "sip:alice@atlanta.com"));
        assert!(!equal("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
        assert!(!equal(
            "sip:bob@biloxi.com",
            "sip:bob@biloxi.com;transport=udp"
        ));
        assert!(!equal(
            "sip:carol@chicago.com",
            "sip:carol@chicago.com?Subject=next%20meeting"
        ));
        assert!(!equal(
            "sip:carol@chicago.com;security=on",
            "sip:carol@chicago.com;security=off"
        ));
        assert!(!equal(
            "sip:bob@phone21.boxesbybob.com",
            "sip:bob@192.0.2.4"
        ));
    }

    #[test]
    fn a_user_of_ours_is_escaped_and_read_back() {
        let address = "192.0.2.1:5060".parse().unwrap();
        let uri = Uri::sip(Some("Анна @\"#100"), address);
        let again = Uri::parse(&uri.to_string()).unwrap();
        assert_eq!(again, uri);
        assert_eq!(again.user_decoded().as_deref(), Some("Анна @\"#100"));
        assert_eq!(Uri::sip(None, address).to_string(), "sip:192.0.2.1:5060");
        assert_eq!(Uri::parse("sip:%ff%zz@h").unwrap().user_decoded(), None);
    }

    #[test]
    fn a_request_line_has_no_headers() {
        let uri = Uri::parse("sip:a@host;method=BYE;lr?Replaces=x").unwrap();
        assert_eq!(uri.for_request_line().to_string(), "sip:a@host;lr");
    }
}
