//! A call's number as it is written.

use events::CallId;
use serde::{Deserialize, Deserializer};

/// A call's number on the wire: `C17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallNumber(pub(super) CallId);

impl CallNumber {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text
            .strip_prefix('C')
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().map(|number| Self(CallId(number)))
    }
}

impl<'de> Deserialize<'de> for CallNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a call is written like C17"))
    }
}
