//! What a dialogue asks of the house, and what the house answers: tasks, their values, their outcomes.
//!
//! The assistant knows how to ask, `cases` knows how to do it; neither knows the other. This page is
//! the contract between them: [`TaskKind::arguments`], [`TaskKind::outcomes`] and
//! [`TaskKind::gives`] are what the linter checks a script against.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CaseNumber, Date, Pii, TaskKind, TaskOutcome, TimeOfDay, ValueKind};

/// A value that a caller stated or the house answered, with its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Number(u64),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// A sum, in kopecks.
    Money(u64),
    /// A telephone number: `+` and digits.
    Phone(String),
    /// The number of an application, complaint or appointment, its check digit right.
    Case(CaseNumber),
    /// One of a closed list: the option's name.
    Choice(String),
    /// Words: a name spelled, an address, a place.
    Text(String),
    /// What a caller dictated: the recording's file name, and what was recognised of it, if anything.
    Dictation {
        /// File name under the recordings folder.
        file: String,
        /// The words, empty if no model for free speech is there.
        words: String,
    },
}

impl Value {
    /// Its type.
    #[must_use]
    pub const fn kind(&self) -> ValueKind {
        match self {
            Self::YesNo(_) => ValueKind::YesNo,
            Self::Number(_) => ValueKind::Number,
            Self::Date(_) => ValueKind::Date,
            Self::Time(_) => ValueKind::Time,
            Self::Money(_) => ValueKind::Money,
            Self::Phone(_) => ValueKind::Phone,
            Self::Case(_) => ValueKind::Case,
            Self::Choice(_) => ValueKind::Choice,
            Self::Text(_) => ValueKind::Text,
            Self::Dictation { .. } => ValueKind::Dictation,
        }
    }
}

/// Values by their names.
pub type Values = BTreeMap<String, Value>;

/// What a dialogue asks the house to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRequest {
    /// What.
    pub task: TaskKind,
    /// With what: named and typed as [`TaskKind::arguments`] says.
    pub arguments: Pii<Values>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskReply {
    /// How it went: one of [`TaskKind::outcomes`].
    pub outcome: TaskOutcome,
    /// What the script may say: named and typed as [`TaskKind::gives`].
    pub values: Pii<Values>,
    /// What the caller may choose from ([`TaskKind::FindTimes`]): each has `id`, `date`, `time`, `place`.
    pub choices: Vec<Values>,
}

impl TaskReply {
    /// An answer that has nothing to say beside its outcome.
    #[must_use]
    pub fn bare(outcome: TaskOutcome) -> Self {
        Self {
            outcome,
            values: Pii::default(),
            choices: Vec::new(),
        }
    }
}

/// One argument or result of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in scripts.
    pub name: &'static str,
    /// Its type.
    pub kind: ValueKind,
    /// Whether the task cannot do without it.
    pub required: bool,
}

const fn need(name: &'static str, kind: ValueKind) -> Field {
    Field {
        name,
        kind,
        required: true,
    }
}

const fn may(name: &'static str, kind: ValueKind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

impl TaskKind {
    /// What the task takes. `service` and the caller's own number are known to the house when they
    /// are not given.
    #[must_use]
    pub const fn arguments(self) -> &'static [Field] {
        use ValueKind::{Case, Choice, Date, Dictation, Number, Phone, Text, Time, YesNo};
        match self {
            Self::FindTimes => {
                const {
                    &[
                        may("service", Choice),
                        may("from", Date),
                        may("after", Time),
                        may("page", Number),
                    ]
                }
            }
            Self::Book => {
                const {
                    &[
                        need("time", Text),
                        may("service", Choice),
                        may("name", Text),
                        may("spoken_name", Dictation),
                        may("phone", Phone),
                        may("remind", YesNo),
                    ]
                }
            }
            Self::FindBooking | Self::CancelBooking | Self::CheckStatus => {
                const { &[need("number", Case)] }
            }
            Self::MoveBooking => const { &[need("number", Case), need("time", Text)] },
            Self::FileComplaint => {
                const {
                    &[
                        need("name", Dictation),
                        need("reply_to", Dictation),
                        need("substance", Dictation),
                        need("inform_by", Choice),
                        may("official", Dictation),
                        may("phone", Phone),
                        may("service", Choice),
                    ]
                }
            }
            Self::RequestCallback => {
                const { &[may("phone", Phone), may("date", Date), may("time", Time)] }
            }
            Self::KeepPlace => const { &[may("phone", Phone)] },
            Self::SendMessage => {
                const {
                    &[
                        need("template", Choice),
                        need("channel", Choice),
                        may("phone", Phone),
                        may("number", Case),
                    ]
                }
            }
            Self::SetConsent => {
                const {
                    &[
                        need("allowed", YesNo),
                        may("channel", Choice),
                        may("phone", Phone),
                    ]
                }
            }
        }
    }

    /// How it may go; a script names a way for each.
    #[must_use]
    pub const fn outcomes(self) -> &'static [TaskOutcome] {
        use TaskOutcome::{Done, None, NotFound, Refused, Taken, Unavailable};
        match self {
            Self::FindTimes => &[Done, None, Unavailable],
            Self::Book => &[Done, Taken, Refused, Unavailable],
            Self::FindBooking | Self::CancelBooking | Self::CheckStatus => {
                &[Done, NotFound, Unavailable]
            }
            Self::MoveBooking => &[Done, Taken, NotFound, Unavailable],
            Self::FileComplaint
            | Self::RequestCallback
            | Self::KeepPlace
            | Self::SendMessage
            | Self::SetConsent => &[Done, Refused, Unavailable],
        }
    }

    /// What a script may say after [`TaskOutcome::Done`].
    #[must_use]
    pub const fn gives(self) -> &'static [Field] {
        use ValueKind::{Case, Date, Number, Phone, Text, Time};
        match self {
            Self::FindTimes => const { &[need("found", Number)] },
            Self::Book | Self::MoveBooking | Self::FindBooking => {
                const {
                    &[
                        need("number", Case),
                        need("date", Date),
                        need("time", Time),
                        need("place", Text),
                    ]
                }
            }
            Self::CancelBooking => const { &[need("date", Date), need("time", Time)] },
            Self::CheckStatus => {
                const { &[need("number", Case), need("status", Text), may("due", Date)] }
            }
            Self::FileComplaint => const { &[need("number", Case), need("due", Date)] },
            Self::RequestCallback => {
                const {
                    &[
                        need("number", Case),
                        need("date", Date),
                        need("time", Time),
                        need("phone", Phone),
                    ]
                }
            }
            Self::KeepPlace => const { &[need("number", Case), need("phone", Phone)] },
            Self::SendMessage | Self::SetConsent => &[],
        }
    }
}
