//! Questions with a closed list.

use std::collections::BTreeMap;

use events::{NeedCode, ServiceId};

use crate::intent::normalise;
use crate::script::{Language, Operand, Said};

/// How a node that listens bears silence and nonsense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Said after silence.
    pub silence: Said,
    /// Said after speech that was not understood, and after a key that means nothing here.
    pub not_understood: Said,
    /// Failures of one kind, silence or nonsense, after which the question is given up.
    pub tries: u8,
    /// Silence after the prompt that counts as a failure, in milliseconds.
    pub silence_ms: u64,
    /// Whether the caller's voice stops the prompt. A key and an understood phrase always do.
    pub barge_in: bool,
}

/// How a node listens for one of a closed list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What may be chosen.
    pub options: Vec<Choice>,
    /// How silence and nonsense are borne.
    pub patience: Patience,
    /// Only for the question for a rating.
    pub rating: Option<RatingTexts>,
}

/// What the question for a rating has beside a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingTexts {
    /// Said after a key that is no score.
    pub out_of_range: Said,
    /// Said before the end when there is no rating.
    pub give_up: Said,
}

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key, 1–9.
    pub key: char,
    /// What may be said in the script's own language, several ways.
    pub phrases: Vec<String>,
    /// What may be said in its other languages.
    pub foreign: BTreeMap<Language, Vec<String>>,
    /// Intents of free words that mean this choice.
    pub intents: Vec<String>,
    /// «Вы сказали: …?»
    pub confirm: Said,
    /// Where it leads.
    pub goto: String,
    /// Variables that it sets.
    pub set: Vec<(String, Operand)>,
    /// What it settles.
    pub taken: Taken,
}

/// What a choice settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The way, and maybe what the call is about.
    Way {
        /// The service, if the choice says which.
        service: Option<ServiceId>,
        /// The need, if the choice says which.
        need: Option<NeedCode>,
    },
    /// A score, 1–5.
    Score(u8),
    /// A value that was read back is asked for once more.
    Correction {
        /// The node that reads back: the dialogue returns to it.
        back: String,
        /// Where the other values begin: on reaching one of them, the dialogue goes `back`.
        others: Vec<String>,
    },
}

impl Choice {
    /// What may be said for it in this language.
    #[must_use]
    pub fn phrases_in(&self, language: &Language, own: bool) -> &[String] {
        if own {
            return &self.phrases;
        }
        self.foreign.get(language).map_or(&[], Vec::as_slice)
    }

    /// Every phrase, whatever the language.
    pub fn all_phrases(&self) -> impl Iterator<Item = &str> + Clone {
        let all = self.phrases.iter().chain(self.foreign.values().flatten());
        all.map(String::as_str)
    }
}

impl Question {
    /// The choice that a phrase stands for.
    #[must_use]
    pub fn heard(&self, text: &str) -> Option<&Choice> {
        let text = normalise(text);
        let says = |option: &&Choice| option.all_phrases().any(|p| normalise(p) == text);
        self.options.iter().find(says)
    }

    /// The choice that a key stands for.
    #[must_use]
    pub fn pressed(&self, key: char) -> Option<&Choice> {
        self.options.iter().find(|option| option.key == key)
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &Said> {
        let rating = self
            .rating
            .iter()
            .flat_map(|r| [&r.out_of_range, &r.give_up]);
        let confirm = self.options.iter().map(|o| &o.confirm);
        confirm.filter(|_| self.rating.is_none()).chain(rating)
    }
}
