//! What happens beside a talk: the operator consults somebody while the caller waits, and hands the
//! caller on afterwards, or to a number outside.

use serde::{Deserialize, Serialize};

use crate::card::TransferTarget;
use crate::word::{ConsultationOutcome, HungUpBy};
use crate::{CallId, Millis, OperatorId, Pii, Timestamp};

/// About a consultation. A talk has at most one at a time; the caller is on hold (`TalkHeld`) as long
/// as nobody of the two talks with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationEvent {
    /// Somebody is rung to be consulted.
    Started {
        /// The call it is about.
        call: CallId,
        /// Who consults.
        operator: OperatorId,
        /// Whom they asked for.
        to: TransferTarget,
        /// Whose phone is rung; none for a number outside.
        with: Option<OperatorId>,
        /// It rings no longer than until this time.
        until: Timestamp,
    },
    /// Who was rung answered: operator and consulted hear each other.
    Answered {
        /// The call it is about.
        call: CallId,
        /// Who consults.
        operator: OperatorId,
        /// Who is consulted; none for a number outside.
        with: Option<OperatorId>,
    },
    /// The operator turned to the other of the two.
    Swapped {
        /// The call it is about.
        call: CallId,
        /// Who consults.
        operator: OperatorId,
        /// To the caller, or back to the consulted.
        to_caller: bool,
    },
    /// All three hear each other from now on, until the consultation ends.
    ConferenceStarted {
        /// The call it is about.
        call: CallId,
        /// Who consults.
        operator: OperatorId,
    },
    /// It is over.
    Ended {
        /// The call it was about.
        call: CallId,
        /// Who consulted.
        operator: OperatorId,
        /// Who was consulted; none for a number outside.
        with: Option<OperatorId>,
        /// How it ended.
        outcome: ConsultationOutcome,
        /// From the answer to the end; 0 without an answer.
        consulted_ms: Millis,
    },
}

/// About a caller who is handed on to a number outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutsideEvent {
    /// The number is rung for the caller; the operator has left.
    Dialled {
        /// The caller's call.
        call: CallId,
        /// Who handed the caller on.
        operator: OperatorId,
        /// The number.
        number: Pii<String>,
        /// It rings no longer than until this time.
        until: Timestamp,
    },
    /// Caller and number hear each other.
    Joined {
        /// The caller's call.
        call: CallId,
        /// Who handed the caller on.
        operator: OperatorId,
        /// The number.
        number: Pii<String>,
    },
    /// The number did not answer.
    Missed {
        /// The caller's call.
        call: CallId,
        /// Why.
        outcome: ConsultationOutcome,
    },
    /// The talk with the number is over.
    Ended {
        /// The caller's call.
        call: CallId,
        /// `Caller`, `Transfer` for the number's side, or `Failure`.
        by: HungUpBy,
        /// From the connection to the end.
        talk_ms: Millis,
    },
}

impl ConsultationEvent {
    /// The call it is about.
    #[must_use]
    pub const fn call(&self) -> CallId {
        match self {
            Self::Started { call, .. }
            | Self::Answered { call, .. }
            | Self::Swapped { call, .. }
            | Self::ConferenceStarted { call, .. }
            | Self::Ended { call, .. } => *call,
        }
    }

    /// The operator who is consulted, where the fact is about them.
    #[must_use]
    pub const fn consulted(&self) -> Option<&OperatorId> {
        match self {
            Self::Started { with, .. } | Self::Answered { with, .. } | Self::Ended { with, .. } => {
                with.as_ref()
            }
            Self::Swapped { .. } | Self::ConferenceStarted { .. } => None,
        }
    }
}

impl OutsideEvent {
    /// The call it is about.
    #[must_use]
    pub const fn call(&self) -> CallId {
        match self {
            Self::Dialled { call, .. }
            | Self::Joined { call, .. }
            | Self::Missed { call, .. }
            | Self::Ended { call, .. } => *call,
        }
    }
}
