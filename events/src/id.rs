//! Names of things. Numbered ids are given by the product, named ids come from the configuration.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! numbered_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

macro_rules! named_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps a name; the configuration decides which names exist.
            pub fn new(name: impl AsRef<str>) -> Self {
                Self(Arc::from(name.as_ref()))
            }

            /// The name as it stands in the configuration and in labels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

numbered_id!(
    /// One caller's call, from the door to the end, however many operators it meets.
    /// The top 16 bits are the node that minted it (0 on a single node), so two nodes never clash.
    CallId, "C"
);
numbered_id!(
    /// One SIP leg: a caller's or an operator's. Not kept over a restart.
    LegId, "L"
);
numbered_id!(
    /// An appointment, a complaint or a callback; [`crate::CaseNumber::of`] is its number aloud.
    CaseId, "K"
);
numbered_id!(
    /// One notification to one address.
    NotificationId, "N"
);
numbered_id!(
    /// A text that somebody proposes for the scripts folder.
    ProposalId, "P"
);
named_id!(
    /// A line callers dial: «100», «200».
    LineId
);
named_id!(
    /// A public service; [`ServiceId::undetermined`] is one too.
    ServiceId
);
named_id!(
    /// A waiting line in front of operators.
    QueueId
);
named_id!(
    /// An operator's login. Their name is not an id and never enters the journal.
    OperatorId
);
named_id!(
    /// A script: an assistant's dialogue or an operator's situation.
    ScriptId
);
named_id!(
    /// Something operators know and callers need: a service, a language.
    SkillId
);

impl ServiceId {
    /// «не определена»: the caller left, or nobody has said yet, which service the call is about.
    /// It counts as a service, so that the sum over services is always the total.
    #[must_use]
    pub fn undetermined() -> Self {
        Self::new("undetermined")
    }
}
