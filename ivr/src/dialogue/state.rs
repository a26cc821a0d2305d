//! Where a dialogue stands, and what it remembers.

use std::collections::BTreeMap;

use events::{DialogueOutcome, Pii, TaskReply, Timestamp, Value, Values};

use super::ask::Entry;
use crate::Manner;
use crate::script::Language;

/// Everything that «назад» takes back.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) values: Pii<Values>,
    /// The house's choices, by variable.
    pub(super) offers: Pii<BTreeMap<String, Vec<Values>>>,
    /// The call nodes whose parts are being gone through, the innermost last.
    pub(super) calls: Vec<String>,
}

/// A question that was asked, and what was known then.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) node: String,
    pub(super) known: Known,
}

/// How the dialogue is held with this caller.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    pub(super) language: Language,
    pub(super) manner: Manner,
    /// [`MORE_TIME_FACTOR`] if more time was asked for, else 1.
    pub(super) factor: u64,
}

/// From where a value that was wrong is asked for again, the dialogue returns to where it was read.
#[derive(Clone, Debug)]
pub(super) struct Correction {
    pub(super) back: String,
    pub(super) others: Vec<String>,
}

/// Answers that will come and are not waited for any more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stale {
    pub(super) tasks: u8,
    pub(super) dictations: u8,
}

#[derive(Clone, Debug)]
pub(super) enum State {
    /// A node that only speaks is being said.
    Telling {
        node: String,
        saying: bool,
        until: Timestamp,
        pause: Pause,
    },
    /// A question is being asked or its answer is awaited.
    Asking(Asking),
    /// What the caller says is being recorded.
    Dictating {
        /// The question, with what failed in it so far.
        asking: Asking,
        file: String,
        /// It was stopped: only its report is awaited.
        stopped: bool,
        until: Timestamp,
    },
    /// The house is working.
    Working(Working),
    /// The settings of the conversation are open; then the dialogue goes on as it was.
    Settings {
        before: Box<Self>,
        saying: bool,
        until: Timestamp,
    },
    /// The last words are being said.
    Closing {
        outcome: DialogueOutcome,
        notice: bool,
        until: Timestamp,
    },
    /// Nothing more happens.
    Over,
}

/// A statement waits while the caller says something that may be an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pause {
    /// Until when it waits, if it does.
    pub(super) until: Option<Timestamp>,
    /// How often it has.
    pub(super) count: u8,
}

#[derive(Clone, Debug)]
pub(super) struct Asking {
    pub(super) node: String,
    /// The prompt is being said.
    pub(super) saying: bool,
    /// What the caller is asked to confirm.
    pub(super) doubt: Option<Doubt>,
    /// A value on its way in by keys.
    pub(super) entry: Option<Entry>,
    /// Offers that are left to choose from, by their places, and the first of those said.
    pub(super) offers: (Vec<usize>, usize),
    pub(super) silences: u8,
    pub(super) misses: u8,
    pub(super) until: Timestamp,
}

/// What «Вы сказали …?» asks about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Doubt {
    /// The choice with this key.
    Choice(char),
    /// These values, one after the other.
    Values(Pii<Vec<Value>>),
    /// The offer at this place.
    Offer(usize),
    /// The recording: keep it, or speak again.
    Dictation(Pii<Value>),
}

#[derive(Clone, Debug)]
pub(super) struct Working {
    pub(super) node: String,
    pub(super) saying: bool,
    pub(super) asked_at: Timestamp,
    /// When the house has answered or failed.
    pub(super) limit: Timestamp,
    /// When the caller is told to wait, or when the words must have ended.
    pub(super) until: Timestamp,
    /// The answer, while words are still being said.
    pub(super) reply: Option<TaskReply>,
}

impl Working {
    /// When something must be done: with the answer in hand only the words are waited for.
    pub(super) fn deadline(&self) -> Timestamp {
        match self.reply {
            Some(_) => self.until,
            None => self.until.min(self.limit),
        }
    }
}

/// Why a question got no answer this time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Silence,
    Miss,
    OutOfRange,
}

impl State {
    /// The node it stands in.
    pub(super) fn node(&self) -> Option<&str> {
        match self {
            Self::Telling { node, .. }
            | Self::Asking(Asking { node, .. })
            | Self::Dictating {
                asking: Asking { node, .. },
                ..
            }
            | Self::Working(Working { node, .. }) => Some(node),
            Self::Settings { before, .. } => before.node(),
            Self::Closing { .. } | Self::Over => None,
        }
    }
}
