//! `[[pause]]`: why operators may pause, and for how long.

use serde::Deserialize;

/// `[[pause]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Its word in facts and labels: small Latin letters, digits, `_`.
    pub code: String,
    /// Its name for people.
    pub title: String,
    /// One pause should be no longer, minutes; 0: as long as they like.
    #[serde(default)]
    pub cap_min: u64,
    /// All of a shift together should be no longer, minutes; 0: as long as they like.
    #[serde(default)]
    pub shift_cap_min: u64,
    /// Whether the time is paid.
    #[serde(default = "yes")]
    pub paid: bool,
    /// Whether the time counts as occupied, like a talk.
    #[serde(default)]
    pub occupied: bool,
}

const fn yes() -> bool {
    true
}
