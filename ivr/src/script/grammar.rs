//! What a node can be told by voice: phrases, patterns of values, commands.

use super::model::NodeKind;
use super::{Command, Language, YesNo};
use crate::graph::{Expected, Pattern};
use crate::slot::SlotSpec;

/// The closed list that a node listens with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grammar {
    /// The node's name, as in [`crate::Output::Listen`].
    pub node: String,
    /// Every phrase, without repetition: the node's own, then the global commands.
    pub phrases: Vec<String>,
    /// What values sound like, beside the phrases.
    pub patterns: Vec<Pattern>,
}

impl From<Grammar> for Expected {
    fn from(grammar: Grammar) -> Self {
        Self {
            phrases: grammar.phrases,
            patterns: grammar.patterns,
        }
    }
}

/// Words for the offers of a [`super::Pick`] by their place, «первое» to «третье».
const ORDINALS: [&[&str]; 3] = [
    &["первое", "первое время", "первый вариант"],
    &["второе", "второе время", "второй вариант"],
    &["третье", "третье время", "третий вариант"],
];

/// Words for other offers than those said.
const OTHERS: &[&str] = &["другое время", "другой день", "ещё варианты", "не подходит"];

/// What a caller says about offers without naming day or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PickWord {
    /// The offer at this place, from 0.
    Place(u8),
    /// Other offers.
    Others,
}

impl PickWord {
    /// What the words mean, with `at_once` offers said.
    pub(crate) fn heard(text: &str, at_once: u8) -> Option<Self> {
        let text = crate::intent::normalise(text);
        let is = |phrase: &str| crate::intent::normalise(phrase) == text;
        if OTHERS.iter().any(|p| is(p)) {
            return Some(Self::Others);
        }
        let places = (0..at_once).zip(ORDINALS);
        places
            .filter(|(_, phrases)| phrases.iter().any(|p| is(p)))
            .map(|(place, _)| Self::Place(place))
            .next()
    }

    /// What the key means, with `at_once` offers said: their places, and the next key for others.
    pub(crate) fn pressed(key: char, at_once: u8) -> Option<Self> {
        let place = u8::try_from(key.to_digit(10)?).ok()?.checked_sub(1)?;
        match place.cmp(&at_once) {
            std::cmp::Ordering::Less => Some(Self::Place(place)),
            std::cmp::Ordering::Equal => Some(Self::Others),
            std::cmp::Ordering::Greater => None,
        }
    }

    /// Every phrase, with `at_once` offers said.
    pub(crate) fn phrases(at_once: u8) -> impl Iterator<Item = &'static str> + Clone {
        let places = ORDINALS.iter().take(usize::from(at_once));
        places
            .flat_map(|phrases| phrases.iter())
            .chain(OTHERS)
            .copied()
    }
}

/// The commands that a script knows, in one language.
pub(super) struct CommandList<'a> {
    language: &'a Language,
    phrases: Vec<String>,
}

impl<'a> CommandList<'a> {
    pub(super) fn new(language: &'a Language, knows: impl Fn(Command) -> bool) -> Self {
        let known = Command::ALL.iter().filter(|command| knows(**command));
        let phrases = known.flat_map(|command| command.phrases_in(language));
        Self {
            language,
            phrases: phrases.map(|p| (*p).to_owned()).collect(),
        }
    }

    /// The list of a node whose answers are those of `ahead`; the flag says whether the language is
    /// the script's own.
    pub(super) fn grammar(&self, node: &str, ahead: Option<(&NodeKind, bool)>) -> Grammar {
        let (mut phrases, patterns) = ahead.map_or_else(Default::default, |(kind, own)| {
            (self.own_phrases(kind, own), self.patterns(kind))
        });
        phrases.extend(self.phrases.iter().cloned());
        Grammar {
            node: node.to_owned(),
            phrases,
            patterns,
        }
    }

    /// The list for «Вы сказали …?».
    pub(super) fn confirmation(&self, node: &str) -> Grammar {
        let answers = [YesNo::Yes, YesNo::No];
        let own = answers.iter().flat_map(|a| a.phrases_in(self.language));
        Grammar {
            node: node.to_owned(),
            phrases: own
                .map(|p| (*p).to_owned())
                .chain(self.phrases.iter().cloned())
                .collect(),
            patterns: Vec::new(),
        }
    }

    /// The list for the settings of the conversation: the commands themselves.
    pub(super) fn settings(&self, node: &str) -> Grammar {
        self.grammar(node, None)
    }

    /// The list while a caller dictates: what is not a part of the dictation.
    pub(super) fn dictation(&self, node: &str) -> Grammar {
        let known = [Command::Person, Command::Stop];
        let phrases = known.iter().flat_map(|c| c.phrases_in(self.language));
        Grammar {
            node: node.to_owned(),
            phrases: phrases.map(|p| (*p).to_owned()).collect(),
            patterns: Vec::new(),
        }
    }

    fn own_phrases(&self, kind: &NodeKind, own: bool) -> Vec<String> {
        match kind {
            NodeKind::Question(question) => question
                .options
                .iter()
                .flat_map(|option| option.phrases_in(self.language, own).iter().cloned())
                .collect(),
            NodeKind::Pick(pick) if self.language.is_russian() => {
                PickWord::phrases(pick.at_once).map(str::to_owned).collect()
            }
            NodeKind::Dictate(_) => {
                let answers = [YesNo::Yes, YesNo::No];
                let phrases = answers.iter().flat_map(|a| a.phrases_in(self.language));
                phrases.map(|p| (*p).to_owned()).collect()
            }
            NodeKind::Pick(_)
            | NodeKind::Ask(_)
            | NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => Vec::new(),
        }
    }

    /// Values are understood in Russian only; in other languages they are told by keys.
    fn patterns(&self, kind: &NodeKind) -> Vec<Pattern> {
        if !self.language.is_russian() {
            return Vec::new();
        }
        match kind {
            NodeKind::Ask(ask) => vec![ask.slot.listen()],
            NodeKind::Pick(_) => [events::ValueKind::Date, events::ValueKind::Time]
                .into_iter()
                .filter_map(|kind| Some(SlotSpec::usual(kind)?.listen()))
                .collect(),
            NodeKind::Question(_)
            | NodeKind::Dictate(_)
            | NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => Vec::new(),
        }
    }
}
