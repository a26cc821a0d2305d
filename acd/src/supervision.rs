//! A supervisor in somebody else's talk.

use events::{CallId, SupervisionMode, Timestamp};

/// What one supervisor is in. It lasts no longer than the talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supervision {
    /// The call.
    pub call: CallId,
    /// Who hears them.
    pub mode: SupervisionMode,
    /// Since when.
    pub since: Timestamp,
}
