//! Closed lists of words: what labels are made of.

use std::collections::BTreeMap;

use events::{
    CallOutcome, CallbackOutcome, CancelledBy, ClientType, ConsultationOutcome, DialogueOutcome,
    DialoguePurpose, EndCause, HungUpBy, LegRole, MissedWhy, NeedCode, PlacedOutcome, PlacedWhy,
    RefusedWhy, SkippedWhy, TaskKind, TaskOutcome, TranscriptDepth, TransferKind, UnansweredCause,
};

/// An enum whose every value is a label.
pub(crate) trait Word: Copy + Ord + 'static {
    /// Every value, so that every series exists at 0.
    fn all() -> &'static [Self];
    /// The label.
    fn word(self) -> &'static str;
}

macro_rules! word {
    ($($name:ident),+ $(,)?) => {
        $(impl Word for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }
            fn word(self) -> &'static str {
                self.as_str()
            }
        })+
    };
}

word!(
    CallOutcome,
    CallbackOutcome,
    CancelledBy,
    ClientType,
    ConsultationOutcome,
    DialogueOutcome,
    DialoguePurpose,
    EndCause,
    HungUpBy,
    LegRole,
    MissedWhy,
    NeedCode,
    PlacedOutcome,
    PlacedWhy,
    RefusedWhy,
    SkippedWhy,
    TaskKind,
    TaskOutcome,
    TranscriptDepth,
    TransferKind,
    UnansweredCause,
);

/// A count for each word of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally<W>(BTreeMap<W, u64>);

impl<W> Default for Tally<W> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<W: Word> Tally<W> {
    /// One more of this word.
    pub(crate) fn add(&mut self, word: W) {
        *self.0.entry(word).or_insert(0) += 1;
    }

    /// How many of this word.
    pub(crate) fn of(&self, word: W) -> u64 {
        self.0.get(&word).copied().unwrap_or(0)
    }

    /// How many of all words.
    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }
}
