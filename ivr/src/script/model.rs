//! What a dialogue follows: checked, with every text filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{DialogueOutcome, DialoguePurpose, NeedCode, ScriptId, ServiceId};

use super::{CONFIRM_NODE, Command, Date, YesNo};
use crate::Phrase;

/// One script, ready to be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its name, which is also its file's.
    pub id: ScriptId,
    /// Its version, for the journal.
    pub version: String,
    /// What people call it, in Russian.
    pub title: String,
    /// What it is for.
    pub purpose: DialoguePurpose,
    /// The node it begins with.
    pub start: String,
    pub(super) nodes: BTreeMap<String, Node>,
    pub(super) system: Arc<SystemPhrases>,
    pub(super) needs: Arc<BTreeMap<ServiceId, NeedCode>>,
}

/// One node of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What is said on entering it.
    pub prompt: Vec<Phrase>,
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
    /// Asks and listens.
    Question(Question),
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
    pub phrase: Phrase,
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

/// How a node listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What may be chosen.
    pub options: Vec<Choice>,
    /// Said after silence.
    pub silence: Phrase,
    /// Said after speech that was not understood, and after a key that means nothing here.
    pub not_understood: Phrase,
    /// Failures of one kind, silence or nonsense, after which the question is given up.
    pub tries: u8,
    /// Silence after the prompt that counts as a failure, in milliseconds.
    pub silence_ms: u64,
    /// Whether the caller's voice stops the prompt. A key and an understood phrase always do.
    pub barge_in: bool,
    /// Only for the question for a rating.
    pub rating: Option<RatingTexts>,
}

/// What the question for a rating has beside a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingTexts {
    /// Said after a key that is no score.
    pub out_of_range: Phrase,
    /// Said before the end when there is no rating.
    pub give_up: Phrase,
}

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key, 1–9.
    pub key: char,
    /// What may be said, several ways.
    pub phrases: Vec<String>,
    /// «Вы сказали: …?»
    pub confirm: Phrase,
    /// Where it leads.
    pub goto: String,
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
}

/// A public service, as far as the assistant knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The service.
    pub id: ServiceId,
    /// Its full name, in Russian.
    pub title: String,
    /// How it is called aloud.
    pub spoken: String,
    /// Lines that answer for it.
    pub lines: Vec<String>,
    /// The need its callers usually have (row #43), until somebody states another.
    pub need: NeedCode,
}

/// The closed list that a node listens with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grammar {
    /// The node's name, as in [`crate::Output::Listen`].
    pub node: String,
    /// Every phrase, without repetition: the node's own, then the global commands.
    pub phrases: Vec<String>,
}

/// What every script needs to say and no script should have to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SystemPhrases {
    /// Before a person who was asked for.
    pub(crate) transfer: Phrase,
    /// Before a person, after too much that was not understood.
    pub(crate) transfer_not_understood: Phrase,
    /// Before a person, after too much silence.
    pub(crate) transfer_silence: Phrase,
    /// Before a person, because the answer is not valid any more.
    pub(crate) transfer_expired: Phrase,
    /// «Разговор будет записан».
    pub(crate) recording_notice: Phrase,
    /// The last words.
    pub(crate) goodbye: Phrase,
}

impl SystemPhrases {
    fn all(&self) -> [&Phrase; 6] {
        [
            &self.transfer,
            &self.transfer_not_understood,
            &self.transfer_silence,
            &self.transfer_expired,
            &self.recording_notice,
            &self.goodbye,
        ]
    }
}

impl Script {
    /// The node of that name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// Every node, by name.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// The question of that name.
    #[must_use]
    pub fn question(&self, name: &str) -> Option<&Question> {
        match &self.node(name)?.kind {
            NodeKind::Question(question) => Some(question),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => None,
        }
    }

    /// The question that a node leads to without a fork: its choices can be made before it is asked.
    #[must_use]
    pub fn question_ahead(&self, name: &str) -> Option<&str> {
        let mut node = self.node(name)?;
        for _ in 0..self.nodes.len() {
            match &node.kind {
                NodeKind::Question(_) => return Some(&node.name),
                NodeKind::Say { next } | NodeKind::Answer { next, .. } => node = self.node(next)?,
                NodeKind::Handover { .. } | NodeKind::Finish { .. } => return None,
            }
        }
        None
    }

    /// Whether the commands of [`Command`] work in a dialogue of this purpose. After the talk there
    /// is no person to ask for: a rating knows only «повторите» and «до свидания», a farewell nothing.
    #[must_use]
    pub const fn knows(&self, command: Command) -> bool {
        match self.purpose {
            DialoguePurpose::Assistant => true,
            DialoguePurpose::Rating => matches!(command, Command::Repeat | Command::Goodbye),
            DialoguePurpose::Farewell => false,
        }
    }

    /// The closed lists of all nodes that listen, and of the confirmation.
    #[must_use]
    pub fn grammars(&self) -> Vec<Grammar> {
        let mut grammars: Vec<Grammar> = self
            .nodes
            .keys()
            .filter(|name| self.listens(name))
            .map(|name| self.grammar(name, self.own_phrases(name)))
            .collect();
        if self.purpose == DialoguePurpose::Assistant {
            let own = [YesNo::Yes, YesNo::No].iter().flat_map(|a| a.phrases());
            grammars.push(self.grammar(CONFIRM_NODE, own.map(|p| (*p).to_owned()).collect()));
        }
        grammars
    }

    /// Whether the assistant listens while it is in this node.
    #[must_use]
    pub fn listens(&self, name: &str) -> bool {
        let ends = matches!(
            self.node(name).map(|n| &n.kind),
            None | Some(NodeKind::Handover { .. } | NodeKind::Finish { .. })
        );
        !ends && self.purpose != DialoguePurpose::Farewell
    }

    /// Everything that a dialogue by this script may say, without repetition: to be rendered before
    /// the first call.
    #[must_use]
    pub fn phrases(&self) -> Vec<Phrase> {
        let mut all: Vec<Phrase> = Vec::new();
        for node in self.nodes.values() {
            all.extend(node.prompt.iter().cloned());
            match &node.kind {
                NodeKind::Answer { cards, .. } => {
                    all.extend(cards.iter().map(|card| card.phrase.clone()));
                }
                NodeKind::Question(question) => all.extend(question.phrases().cloned()),
                NodeKind::Say { .. } | NodeKind::Handover { .. } | NodeKind::Finish { .. } => {}
            }
        }
        all.extend(self.system.all().into_iter().cloned());
        all.sort();
        all.dedup();
        all
    }

    /// The need that callers of a service usually have.
    #[must_use]
    pub fn usual_need(&self, service: &ServiceId) -> Option<NeedCode> {
        self.needs.get(service).copied()
    }

    pub(crate) fn system(&self) -> &SystemPhrases {
        &self.system
    }

    fn own_phrases(&self, name: &str) -> Vec<String> {
        let question = self
            .question_ahead(name)
            .and_then(|ahead| self.question(ahead));
        question.map_or_else(Vec::new, |q| {
            q.options
                .iter()
                .flat_map(|option| option.phrases.iter().cloned())
                .collect()
        })
    }

    fn grammar(&self, node: &str, mut phrases: Vec<String>) -> Grammar {
        for command in Command::ALL.iter().filter(|command| self.knows(**command)) {
            phrases.extend(command.phrases().iter().map(|p| (*p).to_owned()));
        }
        Grammar {
            node: node.to_owned(),
            phrases,
        }
    }
}

impl Question {
    /// The choice that a phrase stands for.
    #[must_use]
    pub fn heard(&self, text: &str) -> Option<&Choice> {
        let text = crate::intent::normalise(text);
        self.options.iter().find(|o| {
            o.phrases
                .iter()
                .any(|p| crate::intent::normalise(p) == text)
        })
    }

    /// The choice that a key stands for.
    #[must_use]
    pub fn pressed(&self, key: char) -> Option<&Choice> {
        self.options.iter().find(|option| option.key == key)
    }

    fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        let rating = self
            .rating
            .iter()
            .flat_map(|r| [&r.out_of_range, &r.give_up]);
        let confirm = self.options.iter().map(|o| &o.confirm);
        let confirm = confirm.filter(|_| self.rating.is_none());
        [&self.silence, &self.not_understood]
            .into_iter()
            .chain(rating)
            .chain(confirm)
    }
}
