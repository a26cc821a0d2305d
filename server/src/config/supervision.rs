//! `[supervision]`: supervisors in operators' talks.

use serde::Deserialize;

/// `[supervision]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupervisionConfig {
    /// Whether the operator sees on the desk that a supervisor is in the talk.
    pub operator_sees: bool,
    /// How long a supervisor's phone rings for a talk, 5–120 seconds.
    pub ring_s: u64,
}

impl Default for SupervisionConfig {
    fn default() -> Self {
        Self {
            operator_sees: false,
            ring_s: 30,
        }
    }
}
