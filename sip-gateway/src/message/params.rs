//! Parameters of URIs and headers: `;name=value;flag;quoted="a;b"`.

use std::fmt;

use super::text::{one_line, quoted, split, trim};

/// Parameters in their order. Names compare without case; values are kept as written, quotes
/// included, so that `+sip.instance="<urn:uuid:…>"` goes out as it came in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Params(Vec<(String, Option<String>)>);

/// A parameter that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed parameter")]
pub struct BadParam;

impl Params {
    /// No parameters.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Reads `;a=b;c`; the first semicolon may be missing. Empty parameters, as in `;;a`, are
    /// skipped because phones send them.
    ///
    /// # Errors
    /// [`BadParam`] for an empty name, white space inside, or a quote that does not close.
    pub fn parse(text: &str) -> Result<Self, BadParam> {
        let mut list = Vec::new();
        if !trim(text).is_empty() {
            for piece in split(text, b';', false).filter(|p| !p.is_empty()) {
                list.push(parse_one(piece)?);
            }
        }
        Ok(Self(list))
    }

    /// The value as written, empty for a flag; none if there is no such parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(value.as_deref().unwrap_or_default())
    }

    /// The value without its quotes and escapes.
    #[must_use]
    pub fn unquoted(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        Some(quoted(value).map_or_else(|| value.to_owned(), |(inside, _)| inside))
    }

    /// Whether the parameter is there, with or without a value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a value in its place, or appends the parameter. The caller quotes what needs quotes.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.put(name, Some(one_line(value.into())));
    }

    /// Sets a parameter without a value.
    pub fn set_flag(&mut self, name: &str) {
        self.put(name, None);
    }

    /// Removes a parameter.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Name and value of each, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_deref()))
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn put(&mut self, name: &str, value: Option<String>) {
        match self
            .0
            .iter_mut()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }
}

fn parse_one(piece: &str) -> Result<(String, Option<String>), BadParam> {
    let (name, value) = match piece.split_once('=') {
        Some((name, value)) => (trim(name), Some(trim(value))),
        None => (piece, None),
    };
    if name.is_empty() || !name.bytes().all(is_plain) {
        return Err(BadParam);
    }
    if let Some(value) = value {
        let sound = if value.starts_with('"') {
            quoted(value).is_some_and(|(_, rest)| rest.is_empty())
        } else {
            value.bytes().all(is_plain)
        };
        if !sound {
            return Err(BadParam);
        }
    }
    Ok((name.to_owned(), value.map(str::to_owned)))
}

/// Wider than RFC 3261's token: URI parameters allow more, and a receiver is liberal.
const fn is_plain(byte: u8) -> bool {
    !matches!(
        byte,
        0..=b' ' | 0x7f | b'"' | b'<' | b'>' | b',' | b';' | b'@'
    )
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            match value {
                Some(value) => write!(f, ";{name}={value}")?,
                None => write!(f, ";{name}")?,
            }
        }
        Ok(())
    }
}
