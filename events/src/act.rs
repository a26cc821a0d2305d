//! What people with rights did beside the calls: the audit trail.

use serde::{Deserialize, Serialize};

use crate::{CallId, OperatorId, Pii};

/// Something that others should be able to see later: who did it stands in
/// [`crate::Event::Administered`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Came to the pages with the right password.
    LoggedIn {},
    /// Left the pages.
    LoggedOut {},
    /// Somebody tried this login in vain; nobody's if the login is unknown.
    LoginRefused {},
    /// Listened to a recording.
    RecordingHeard {
        /// The file's name under the recordings folder; holds no personal data.
        file: String,
    },
    /// Asked for scripts to be read anew, and they were.
    ScriptsReloaded {},
    /// Gave somebody another password: it goes before the configuration's from now on.
    PasswordReset {
        /// Whose.
        of: OperatorId,
        /// An argon2 hash in the PHC string format; never shown, never in a log.
        hash: Pii<String>,
    },
    /// Closed the pages to somebody.
    AccountDisabled {
        /// To whom.
        of: OperatorId,
    },
    /// Opened the pages to somebody again.
    AccountEnabled {
        /// To whom.
        of: OperatorId,
    },
}

impl Act {
    /// The call it is about, if it is about one.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::LoggedIn {}
            | Self::LoggedOut {}
            | Self::LoginRefused {}
            | Self::RecordingHeard { .. }
            | Self::ScriptsReloaded {}
            | Self::PasswordReset { .. }
            | Self::AccountDisabled { .. }
            | Self::AccountEnabled { .. } => None,
        }
    }
}
