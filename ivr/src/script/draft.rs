//! Files as they were written: nothing resolved yet, every value with its line.

mod node;

use events::DialoguePurpose;

pub(super) use self::node::{
    AskDraft, CallDraft, ConditionDraft, DictateDraft, IfDraft, KindDraft, LimitsDraft, NodeDraft,
    OperandDraft, OptionDraft, Pair, PatienceDraft, PickDraft, QuestionDraft, RatingDraft,
    ReadBackDraft, SetDraft, TaskDraft, TestDraft,
};
use super::{Date, Language, VariableType};
use crate::knowledge::About;

/// A value and the line it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) line: u32,
}

/// A text, in one language or in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextDraft {
    pub(super) line: u32,
    /// The language that was named, and the text. A plain text is in the script's language.
    pub(super) said: Vec<(Option<Language>, At<String>)>,
}

impl TextDraft {
    /// The text in this language, if it was written.
    pub(super) fn within(&self, language: &Language, own: &Language) -> Option<&At<String>> {
        let found = self
            .said
            .iter()
            .find(|(named, _)| named.as_ref().unwrap_or(own) == language);
        found.map(|(_, text)| text)
    }

    /// Whether any language says this placeholder.
    pub(super) fn names(&self, placeholder: &str) -> bool {
        self.said
            .iter()
            .any(|(_, text)| super::words::placeholders(&text.value).contains(&placeholder))
    }
}

/// What may be said for an option, in another language than the script's own.
pub(super) type Foreign = Vec<(Language, Vec<At<String>>)>;

/// A script, or a part of one.
#[derive(Debug)]
pub(super) struct ScriptDraft {
    pub(super) file: String,
    pub(super) id: At<String>,
    pub(super) version: At<String>,
    pub(super) title: At<String>,
    pub(super) purpose: At<DialoguePurpose>,
    /// A part is called by scripts and by other parts, never by a line.
    pub(super) part: bool,
    /// The first is the script's own.
    pub(super) languages: Vec<At<Language>>,
    pub(super) start: At<String>,
    /// Where «оператор» leads while nobody answers.
    pub(super) when_closed: Option<At<String>>,
    /// Where too much silence or nonsense leads instead of a person.
    pub(super) give_up: Option<At<String>>,
    /// Variables that whoever starts it sets.
    pub(super) takes: Vec<At<String>>,
    /// Variables that a part hands back.
    pub(super) gives: Vec<At<String>>,
    pub(super) variables: Vec<VariableDraft>,
    pub(super) nodes: Vec<NodeDraft>,
}

impl ScriptDraft {
    /// The language of texts that name none.
    pub(super) fn language(&self) -> Language {
        let first = self.languages.first();
        first.map_or_else(Language::russian, |l| l.value.clone())
    }

    /// Every node that a dialogue may come to without a way from another one.
    pub(super) fn entries(&self) -> impl Iterator<Item = &At<String>> {
        let others = self.when_closed.iter().chain(&self.give_up);
        std::iter::once(&self.start).chain(others)
    }

    pub(super) fn node(&self, name: &str) -> Option<&NodeDraft> {
        self.nodes.iter().find(|node| node.name.value == name)
    }

    /// The declared type of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&VariableType> {
        let found = self.variables.iter().find(|v| v.name.value == name);
        found.map(|v| &v.kind)
    }
}

/// A declared variable.
#[derive(Debug)]
pub(super) struct VariableDraft {
    pub(super) name: At<String>,
    pub(super) kind: VariableType,
}

/// A topic of the knowledge base, without its cards.
#[derive(Debug)]
pub(super) struct TopicDraft {
    pub(super) file: String,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: String,
    pub(super) services: Vec<At<String>>,
}

/// A card of the knowledge base.
#[derive(Debug)]
pub(super) struct CardDraft {
    pub(super) file: String,
    /// `topic.card`.
    pub(super) name: At<String>,
    pub(super) about: About,
    pub(super) source: String,
    /// The assistant does not read it.
    pub(super) operators_only: bool,
    pub(super) say: TextDraft,
    pub(super) valid_from: Option<At<Date>>,
    pub(super) valid_until: Option<At<Date>>,
}

/// A sentence of the system.
#[derive(Debug)]
pub(super) struct PhraseDraft {
    pub(super) file: String,
    /// `file.phrase`.
    pub(super) name: At<String>,
    pub(super) say: TextDraft,
}
