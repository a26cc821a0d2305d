//! `[outside]` and `[[contact]]`: numbers outside that operators may dial.

use serde::Deserialize;

/// `[outside]`: by which trunk, and which numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutsideConfig {
    /// The trunk, by its name; empty means that operators call nobody outside.
    pub trunk: String,
    /// What a number may begin with: `+7495`. Nothing is dialled that is not listed here or in the
    /// address book.
    pub prefixes: Vec<String>,
    /// How long it rings, 1–90 seconds.
    pub ring_s: u64,
}

impl Default for OutsideConfig {
    fn default() -> Self {
        Self {
            trunk: String::new(),
            prefixes: Vec::new(),
            ring_s: 45,
        }
    }
}

/// `[[contact]]`: a body in the address book, whose number may be dialled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Its name, as operators see it.
    pub name: String,
    /// Its number.
    pub number: String,
}
