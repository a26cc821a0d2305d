//! `[supervision]`: supervisors in operators' talks.

use serde::Deserialize;

/// `[supervision]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupervisionConfig {
    /// Whether the operator sees on the desk that a supervisor is in the talk.
    pub operator_sees: bool,
}
