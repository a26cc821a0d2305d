//! The language of a text, as a two-letter code of ISO 639-1.

use std::fmt;

/// `ru`, `be`, `en` …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// The language of everything that has no other.
    #[must_use]
    pub fn russian() -> Self {
        Self("ru".to_owned())
    }

    /// Reads a code of two small Latin letters.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let fits = word.len() == 2 && word.bytes().all(|b| b.is_ascii_lowercase());
        fits.then(|| Self(word.to_owned()))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is Russian: the language of the built-in commands, models and voices.
    #[must_use]
    pub fn is_russian(&self) -> bool {
        self.0 == "ru"
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
