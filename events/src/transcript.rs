//! What a caller says to a person, written down while they talk.

use serde::{Deserialize, Serialize};

use crate::word::TranscriptDepth;
use crate::{CallId, Millis, Pii};

/// About the live text of a talk. It helps the operator and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptEvent {
    /// What the caller says is recognised from now on, but for pauses in which they hear nobody.
    Begun {
        /// The call.
        call: CallId,
        /// What is made of it.
        depth: TranscriptDepth,
    },
    /// The caller said something.
    Heard {
        /// The call.
        call: CallId,
        /// The words, or the phrase among them: see [`TranscriptDepth`].
        text: Pii<String>,
        /// Lowest word confidence, in thousandths.
        confidence_permille: u16,
        /// From the end of the words to this result.
        latency_ms: Millis,
    },
    /// It is not recognised, or no more: no model, too many talks at once, or callers of the assistant
    /// need the time.
    Lost {
        /// The call.
        call: CallId,
    },
}

impl TranscriptEvent {
    /// The call it is about.
    #[must_use]
    pub const fn call(&self) -> CallId {
        match self {
            Self::Begun { call, .. } | Self::Heard { call, .. } | Self::Lost { call } => *call,
        }
    }
}
