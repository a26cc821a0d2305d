//! A consultation beside a talk, as the distribution sees it.

use events::{OperatorId, Timestamp, TransferTarget};

/// Somebody whom the operator of a talk consults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    /// Whom they asked for.
    pub to: TransferTarget,
    /// Whose phone it is; none for a number outside.
    pub with: Option<OperatorId>,
    /// How far it has come.
    pub phase: Phase,
}

/// Who hears whom in a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The consulted is rung; the caller is on hold.
    Ringing {
        /// No longer than until this time.
        until: Timestamp,
    },
    /// Operator and consulted talk; the caller is on hold.
    Aside {
        /// Since the answer.
        since: Timestamp,
    },
    /// Operator and caller talk; the consulted is on hold.
    WithCaller {
        /// Since the answer of the consulted.
        since: Timestamp,
    },
    /// All three talk.
    Conference {
        /// Since the answer of the consulted.
        since: Timestamp,
    },
}

impl Phase {
    /// Since the answer of the consulted; none while they are rung.
    #[must_use]
    pub const fn answered(self) -> Option<Timestamp> {
        match self {
            Self::Ringing { .. } => None,
            Self::Aside { since } | Self::WithCaller { since } | Self::Conference { since } => {
                Some(since)
            }
        }
    }

    /// The word for tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ringing { .. } => "ringing",
            Self::Aside { .. } => "aside",
            Self::WithCaller { .. } => "with_caller",
            Self::Conference { .. } => "conference",
        }
    }
}

impl Consultation {
    /// Whether this operator is the consulted one.
    #[must_use]
    pub fn is_with(&self, operator: &OperatorId) -> bool {
        self.with.as_ref() == Some(operator)
    }

    /// Whether the consulted is rung.
    #[must_use]
    pub const fn rings(&self) -> bool {
        matches!(self.phase, Phase::Ringing { .. })
    }
}
