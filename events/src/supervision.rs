//! A supervisor in somebody else's talk: listens, whispers to the operator, or talks with both.

use serde::{Deserialize, Serialize};

use crate::word::{SupervisionEnd, SupervisionMode};
use crate::{CallId, Millis, OperatorId};

/// About a supervisor in a talk. A talk has at most one, a supervisor is in at most one, and it ends
/// with the talk. It is no talk of the supervisor's: it stands in no figure of operators' work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisionEvent {
    /// The supervisor's phone was answered: from now on they hear the talk.
    Started {
        /// The call.
        call: CallId,
        /// Whose talk it is.
        operator: OperatorId,
        /// Who is in it.
        supervisor: OperatorId,
        /// Who hears the supervisor.
        mode: SupervisionMode,
    },
    /// Others hear the supervisor from now on.
    Changed {
        /// The call.
        call: CallId,
        /// Who is in it.
        supervisor: OperatorId,
        /// Who hears the supervisor.
        mode: SupervisionMode,
    },
    /// The supervisor hears the talk no more.
    Ended {
        /// The call.
        call: CallId,
        /// Who was in it.
        supervisor: OperatorId,
        /// Why.
        why: SupervisionEnd,
        /// From the answer to the end.
        supervised_ms: Millis,
    },
}

impl SupervisionEvent {
    /// The call it is about.
    #[must_use]
    pub const fn call(&self) -> CallId {
        match self {
            Self::Started { call, .. } | Self::Changed { call, .. } | Self::Ended { call, .. } => {
                *call
            }
        }
    }

    /// Who is in the talk.
    #[must_use]
    pub const fn supervisor(&self) -> &OperatorId {
        match self {
            Self::Started { supervisor, .. }
            | Self::Changed { supervisor, .. }
            | Self::Ended { supervisor, .. } => supervisor,
        }
    }
}
