//! `"Display" <uri>;params`: From, To, Contact, Route, Record-Route (RFC 3261 §20.10).

use std::fmt;

use super::params::Params;
use super::text::{one_line, quote, quoted, trim};
use super::uri::Uri;

/// An address with an optional name and parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// The name for people, without quotes and escapes.
    pub display: Option<String>,
    /// The address.
    pub uri: Uri,
    /// Parameters of the header, not of the URI.
    pub params: Params,
}

/// Not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed address")]
pub struct BadNameAddr;

impl NameAddr {
    /// An address without a name and parameters.
    #[must_use]
    pub const fn new(uri: Uri) -> Self {
        Self {
            display: None,
            uri,
            params: Params::new(),
        }
    }

    /// Reads one address; comma lists are taken apart when the message is read.
    ///
    /// # Errors
    /// [`BadNameAddr`] if a quote or angle bracket does not close, the URI is malformed, or a URI
    /// without angle brackets has a `?` or a comma (RFC 3261 §20.10).
    pub fn parse(text: &str) -> Result<Self, BadNameAddr> {
        let text = trim(text);
        if text.starts_with('"') {
            let (display, rest) = quoted(text).ok_or(BadNameAddr)?;
            return Self::bracketed(Some(display), trim(rest));
        }
        match text.find(['<', ';', '"']) {
            Some(at) if text.as_bytes().get(at) == Some(&b'<') => {
                let (display, rest) = text.split_at_checked(at).ok_or(BadNameAddr)?;
                // A name without quotes should be of tokens, but what is meant is clear
                // (RFC 4475 §3.1.2.15).
                let display = trim(display);
                let display = (!display.is_empty()).then(|| display.to_owned());
                Self::bracketed(display, rest)
            }
            Some(_) | None => Self::bare(text),
        }
    }

    fn bracketed(display: Option<String>, text: &str) -> Result<Self, BadNameAddr> {
        let inside = text.strip_prefix('<').ok_or(BadNameAddr)?;
        let (uri, params) = inside.split_once('>').ok_or(BadNameAddr)?;
        let params = trim(params);
        if !params.is_empty() && !params.starts_with(';') {
            return Err(BadNameAddr);
        }
        Ok(Self {
            display,
            uri: Uri::parse(uri).map_err(|_| BadNameAddr)?,
            params: Params::parse(params).map_err(|_| BadNameAddr)?,
        })
    }

    fn bare(text: &str) -> Result<Self, BadNameAddr> {
        let end = text.find(';').unwrap_or(text.len());
        let (uri, params) = text.split_at_checked(end).ok_or(BadNameAddr)?;
        if uri.contains(['?', ',']) {
            return Err(BadNameAddr);
        }
        Ok(Self {
            display: None,
            uri: Uri::parse(trim(uri)).map_err(|_| BadNameAddr)?,
            params: Params::parse(params).map_err(|_| BadNameAddr)?,
        })
    }

    /// The tag, if there is a non-empty one (RFC 3261 §19.3).
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.params.get("tag").filter(|t| !t.is_empty())
    }

    /// The same address with this tag.
    #[must_use]
    pub fn with_tag(mut self, tag: &str) -> Self {
        self.params.set("tag", tag);
        self
    }

    /// The same address without a tag.
    #[must_use]
    pub fn without_tag(mut self) -> Self {
        self.params.remove("tag");
        self
    }

    /// The same address with this name; an empty one is none.
    #[must_use]
    pub fn with_display(mut self, display: &str) -> Self {
        self.display = (!display.is_empty()).then(|| one_line(display.to_owned()));
        self
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = &self.display {
            write!(f, "{} ", quote(display))?;
        }
        write!(f, "<{}>{}", self.uri, self.params)
    }
}
