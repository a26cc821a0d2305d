//! Nodes and their kinds.

use events::{DialogueOutcome, NeedCode};

use super::question::{Patience, Question};
use super::tasks::{Ask, Assign, Branch, Call, Dictate, Pick, Task};
use crate::script::{Date, Said};

/// One node of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name; a part's node is called `part.node`.
    pub name: String,
    /// What is said on entering it.
    pub prompt: Said,
    /// What happens then.
    pub kind: NodeKind,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Says its prompt and goes on.
    Say {
        /// The node after it.
        next: String,
    },
    /// Reads cards of the knowledge base and goes on; an expired card leads to a person (row #19).
    Answer {
        /// The cards, in their order.
        cards: Vec<Card>,
        /// The node after it.
        next: String,
    },
    /// Asks and listens for one of a closed list.
    Question(Question),
    /// Asks for a typed value.
    Ask(Ask),
    /// Lets the caller pick one of the house's offers.
    Pick(Pick),
    /// Records what the caller says.
    Dictate(Dictate),
    /// Asks the house to do something.
    Task(Task),
    /// Goes one of several ways, by what is known.
    If(Branch),
    /// Changes variables and goes on.
    Set(Assign),
    /// Goes through a part and comes back.
    Call(Call),
    /// Ends a part: its caller goes on by this way.
    Return {
        /// The way's name.
        way: String,
    },
    /// Hands the caller over to a person.
    Handover {
        /// The need the caller came with, if the script knows it better than the service does.
        need: Option<NeedCode>,
    },
    /// Ends the dialogue.
    Finish {
        /// How.
        outcome: DialogueOutcome,
    },
}

/// A card of the knowledge base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// What is read out.
    pub say: Said,
    /// First day it is true, if it is known.
    pub valid_from: Option<Date>,
    /// Last day it is true, if it is known.
    pub valid_until: Option<Date>,
}

impl Card {
    /// Whether the card may be read out on this day.
    #[must_use]
    pub fn is_valid(&self, today: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= today)
            && self.valid_until.is_none_or(|until| today <= until)
    }
}

impl NodeKind {
    /// How the node bears silence and nonsense, if it listens for an answer.
    #[must_use]
    pub const fn patience(&self) -> Option<&Patience> {
        match self {
            Self::Question(it) => Some(&it.patience),
            Self::Ask(it) => Some(&it.patience),
            Self::Pick(it) => Some(&it.patience),
            Self::Dictate(it) => Some(&it.patience),
            Self::Say { .. }
            | Self::Answer { .. }
            | Self::Task(_)
            | Self::If(_)
            | Self::Set(_)
            | Self::Call(_)
            | Self::Return { .. }
            | Self::Handover { .. }
            | Self::Finish { .. } => None,
        }
    }

    /// The question with a closed list, if it is one.
    #[must_use]
    pub const fn question(&self) -> Option<&Question> {
        if let Self::Question(question) = self {
            Some(question)
        } else {
            None
        }
    }

    /// Whether the node neither speaks nor waits nor ends anything.
    #[must_use]
    pub const fn is_silent(&self) -> bool {
        matches!(
            self,
            Self::If(_) | Self::Set(_) | Self::Call(_) | Self::Return { .. }
        )
    }

    /// Whether a dialogue stays in the node for a while: says something, waits, listens.
    #[must_use]
    pub const fn stays(&self) -> bool {
        match self {
            Self::Say { .. } | Self::Answer { .. } | Self::Task(_) => true,
            Self::Question(_) | Self::Ask(_) | Self::Pick(_) | Self::Dictate(_) => true,
            Self::If(_) | Self::Set(_) | Self::Call(_) | Self::Return { .. } => false,
            Self::Handover { .. } | Self::Finish { .. } => false,
        }
    }

    /// Where the node leads without asking anybody, if only one way is open.
    #[must_use]
    pub fn only_way(&self) -> Option<&str> {
        match self {
            Self::Say { next } | Self::Answer { next, .. } => Some(next),
            Self::Call(call) => Some(&call.start),
            Self::Question(_)
            | Self::Ask(_)
            | Self::Pick(_)
            | Self::Dictate(_)
            | Self::Task(_)
            | Self::If(_)
            | Self::Set(_)
            | Self::Return { .. }
            | Self::Handover { .. }
            | Self::Finish { .. } => None,
        }
    }

    /// Every way out, named: for pictures, coverage and walkers. Ways of a `Return` depend on who
    /// called.
    #[must_use]
    pub fn ways(&self) -> Vec<(String, String)> {
        let one = |name: &str, to: &str| (name.to_owned(), to.to_owned());
        match self {
            Self::Say { next } | Self::Answer { next, .. } => vec![one("next", next)],
            Self::Question(it) => it
                .options
                .iter()
                .map(|option| (option.key.to_string(), option.goto.clone()))
                .collect(),
            Self::Ask(it) => vec![one("next", &it.next)],
            Self::Pick(it) => vec![one("next", &it.next), one("more", &it.more)],
            Self::Dictate(it) => {
                let by_keys = it.by_keys.iter().map(|to| one("by_keys", to));
                by_keys.chain([one("next", &it.next)]).collect()
            }
            Self::Task(it) => it
                .ways
                .iter()
                .map(|(outcome, to)| one(outcome.as_str(), to))
                .collect(),
            Self::If(it) => (1u32..)
                .zip(&it.ways)
                .map(|(number, way)| (number.to_string(), way.goto.clone()))
                .chain([one("otherwise", &it.otherwise)])
                .collect(),
            Self::Set(it) => vec![one("next", &it.next)],
            Self::Call(it) => vec![one("call", &it.start)],
            Self::Return { .. } | Self::Handover { .. } | Self::Finish { .. } => Vec::new(),
        }
    }
}

impl Node {
    /// Every text that may be said in the node.
    #[must_use]
    pub fn texts(&self) -> Vec<&Said> {
        let mut texts = vec![&self.prompt];
        if let Some(patience) = self.kind.patience() {
            texts.extend([&patience.silence, &patience.not_understood]);
        }
        match &self.kind {
            NodeKind::Answer { cards, .. } => texts.extend(cards.iter().map(|card| &card.say)),
            NodeKind::Question(it) => texts.extend(it.texts()),
            NodeKind::Ask(it) => texts.push(&it.hint),
            NodeKind::Say { .. }
            | NodeKind::Pick(_)
            | NodeKind::Dictate(_)
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => {}
        }
        texts
    }
}
