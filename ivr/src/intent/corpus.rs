//! What a classifier learns from.

use std::fmt;

use super::{IntentId, Lexicon};

/// The question that an intent answers. A line may have an answer to either, both or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// About which service?
    Service,
    /// What should be done or told?
    Task,
}

impl Axis {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Service, Self::Task];
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service => "услуга",
            Self::Task => "задача",
        })
    }
}

/// Something that callers want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its name.
    pub id: IntentId,
    /// Which question it answers.
    pub axis: Axis,
    /// What people call it, in Russian.
    pub title: String,
}

/// A line that somebody may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The words.
    pub text: String,
    /// What they mean: at most one intent of each axis; none for what the line does not serve.
    pub intents: Vec<IntentId>,
}

/// What held-out phrases must reach, in per cent: `scripts/intents/gates.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gates {
    /// Least share of phrases whose service (or its absence) is told right.
    pub service_accuracy_min: u8,
    /// Least share of phrases whose task (or its absence) is told right.
    pub task_accuracy_min: u8,
    /// Least share of phrases with recognition errors of which everything is told right.
    pub misheard_accuracy_min: u8,
    /// Most phrases out of scope that may be taken for something.
    pub out_of_scope_accepted_max: u8,
    /// Most phrases in scope that may be taken for nothing.
    pub in_scope_rejected_max: u8,
    /// Least share of an intent's phrases that are found, for every intent.
    pub recall_min: u8,
    /// Least share of right ones among an intent's finds, for every intent.
    pub precision_min: u8,
    /// Least number of held-out phrases of every intent.
    pub phrases_min: u8,
    /// Least number of held-out phrases out of scope.
    pub out_of_scope_phrases_min: u8,
}

/// All example phrases of an organisation, checked: `scripts/intents/*.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// What can be meant, services first, each axis by name.
    pub intents: Vec<Intent>,
    /// What is said for it, and what is said for nothing of it.
    pub examples: Vec<Example>,
    /// Words without meaning, and synonyms.
    pub lexicon: Lexicon,
    /// What must be reached, if the organisation says so.
    pub gates: Option<Gates>,
}

impl Corpus {
    /// The intent of that name.
    #[must_use]
    pub fn intent(&self, id: &IntentId) -> Option<&Intent> {
        self.intents.iter().find(|intent| intent.id == *id)
    }
}
