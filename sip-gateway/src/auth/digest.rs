//! Digests: challenges, credentials and the sums between them (RFC 7616 §3).

use std::fmt;

use md5::Md5;
use sha2::{Digest, Sha256};

use crate::message::{quote, quoted, split, trim};

/// Longest Authorization value that is read, in bytes.
pub const MAX_AUTHORIZATION_BYTES: usize = 2 * 1024;

/// How a digest is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RFC 2617: what most phones have.
    Md5,
    /// RFC 8760: what they should have.
    Sha256,
}

impl Algorithm {
    /// The word in the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// None for one that we do not have; an absent one is MD5 (RFC 7616 §3.3).
    #[must_use]
    pub fn parse(word: Option<&str>) -> Option<Self> {
        match word {
            None => Some(Self::Md5),
            Some(w) if w.eq_ignore_ascii_case("MD5") => Some(Self::Md5),
            Some(w) if w.eq_ignore_ascii_case("SHA-256") => Some(Self::Sha256),
            Some(_) => None,
        }
    }

    fn hex(self, text: &str) -> String {
        match self {
            Self::Md5 => to_hex(&Md5::digest(text.as_bytes())),
            Self::Sha256 => to_hex(&Sha256::digest(text.as_bytes())),
        }
    }
}

/// A challenge: the value of WWW-Authenticate or Proxy-Authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Whose password.
    pub realm: String,
    /// To be mixed in.
    pub nonce: String,
    /// To be sent back as it is.
    pub opaque: Option<String>,
    /// How.
    pub algorithm: Algorithm,
    /// Whether `qop=auth` is offered; without it there is no count (RFC 2069).
    pub qop_auth: bool,
    /// Whether only the nonce was wrong.
    pub stale: bool,
}

impl Challenge {
    /// Reads a Digest challenge; none for other schemes, algorithms and `qop`s.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let fields = Fields::parse(value)?;
        let qop = fields.get("qop");
        let qop_auth =
            qop.is_some_and(|q| q.split(',').any(|w| trim(w).eq_ignore_ascii_case("auth")));
        if qop.is_some() && !qop_auth {
            return None;
        }
        Some(Self {
            realm: fields.get("realm")?.to_owned(),
            nonce: fields.get("nonce")?.to_owned(),
            opaque: fields.get("opaque").map(str::to_owned),
            algorithm: Algorithm::parse(fields.get("algorithm"))?,
            qop_auth,
            stale: fields
                .get("stale")
                .is_some_and(|s| s.eq_ignore_ascii_case("true")),
        })
    }

    /// The value of Authorization (or Proxy-Authorization) that answers this challenge.
    #[must_use]
    pub fn answer(
        &self,
        login: &Login<'_>,
        method: &str,
        uri: &str,
        use_of: &NonceUse<'_>,
    ) -> String {
        let mut answer = Credentials {
            username: login.user.to_owned(),
            realm: self.realm.clone(),
            nonce: self.nonce.clone(),
            uri: uri.to_owned(),
            response: String::new(),
            algorithm: self.algorithm,
            cnonce: self.qop_auth.then(|| use_of.cnonce.to_owned()),
            count: if self.qop_auth { use_of.count } else { 0 },
            count_text: format!("{:08x}", use_of.count),
        };
        answer.response = answer.expected(method, login.password);
        let opaque = self
            .opaque
            .as_deref()
            .map(|o| format!(", opaque={}", quote(o)));
        format!("{answer}{}", opaque.unwrap_or_default())
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (realm, nonce) = (quote(&self.realm), quote(&self.nonce));
        let algorithm = self.algorithm.as_str();
        write!(
            f,
            "Digest realm={realm}, nonce={nonce}, algorithm={algorithm}"
        )?;
        if self.qop_auth {
            f.write_str(", qop=\"auth\"")?;
        }
        if let Some(opaque) = &self.opaque {
            write!(f, ", opaque={}", quote(opaque))?;
        }
        if self.stale {
            f.write_str(", stale=true")
        } else {
            Ok(())
        }
    }
}

/// Who answers a challenge.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The user.
    pub user: &'a str,
    /// The password.
    pub password: &'a str,
}

impl fmt::Debug for Login<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// One use of a nonce.
#[derive(Clone, Copy, Debug)]
pub struct NonceUse<'a> {
    /// Random, from the answering side.
    pub cnonce: &'a str,
    /// 1 for the first use of a nonce, and one more each time.
    pub count: u32,
}

/// The value of an Authorization header.
pub(super) struct Credentials {
    pub(super) username: String,
    pub(super) realm: String,
    pub(super) nonce: String,
    uri: String,
    pub(super) response: String,
    algorithm: Algorithm,
    /// There with `qop=auth`.
    cnonce: Option<String>,
    pub(super) count: u32,
    count_text: String,
}

impl Credentials {
    pub(super) fn parse(value: &str) -> Option<Self> {
        if value.len() > MAX_AUTHORIZATION_BYTES {
            return None;
        }
        let fields = Fields::parse(value)?;
        let own = |name| fields.get(name).map(str::to_owned);
        let with_qop = match fields.get("qop") {
            None => false,
            Some(qop) if qop.eq_ignore_ascii_case("auth") => true,
            Some(_) => return None,
        };
        let count_text = own("nc").unwrap_or_default();
        let count = u32::from_str_radix(&count_text, 16).ok();
        Some(Self {
            username: own("username")?,
            realm: own("realm")?,
            nonce: own("nonce")?,
            uri: own("uri")?,
            response: own("response")?,
            algorithm: Algorithm::parse(fields.get("algorithm"))?,
            cnonce: if with_qop { Some(own("cnonce")?) } else { None },
            // Without a count a nonce serves once.
            count: if with_qop { count? } else { 1 },
            count_text,
        })
    }

    /// RFC 7616 §3.4.1.
    pub(super) fn expected(&self, method: &str, password: &str) -> String {
        let hex = |text: &str| self.algorithm.hex(text);
        let a1 = hex(&format!("{}:{}:{password}", self.username, self.realm));
        let a2 = hex(&format!("{method}:{}", self.uri));
        match &self.cnonce {
            Some(cnonce) => {
                let count = &self.count_text;
                hex(&format!("{a1}:{}:{count}:{cnonce}:auth:{a2}", self.nonce))
            }
            None => hex(&format!("{a1}:{}:{a2}", self.nonce)),
        }
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Digest username={}, realm={}",
            quote(&self.username),
            quote(&self.realm)
        )?;
        write!(
            f,
            ", nonce={}, uri={}",
            quote(&self.nonce),
            quote(&self.uri)
        )?;
        write!(
            f,
            ", response=\"{}\", algorithm={}",
            self.response,
            self.algorithm.as_str()
        )?;
        match &self.cnonce {
            Some(cnonce) => {
                let count = &self.count_text;
                write!(f, ", cnonce={}, qop=auth, nc={count}", quote(cnonce))
            }
            None => Ok(()),
        }
    }
}

/// `Digest name=value, name="value"`.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn parse(value: &str) -> Option<Self> {
        let (scheme, rest) = trim(value).split_once([' ', '\t'])?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let mut list: Vec<(String, String)> = Vec::new();
        for piece in split(rest, b',', false).filter(|p| !p.is_empty()) {
            let (name, value) = piece.split_once('=')?;
            let (name, value) = (trim(name).to_ascii_lowercase(), trim(value));
            let value = if value.starts_with('"') {
                let (inside, rest) = quoted(value)?;
                rest.is_empty().then_some(inside)?
            } else {
                value.to_owned()
            };
            if list.iter().any(|(n, _)| *n == name) {
                return None;
            }
            list.push((name, value));
        }
        Some(Self(list))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Compares in a time that does not tell where the first difference is.
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| {
        DIGITS
            .get(usize::from(nibble))
            .map_or('0', |d| char::from(*d))
    };
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}
