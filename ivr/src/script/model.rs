//! What a dialogue follows: checked, with every text filled in.

mod node;
mod question;
mod tasks;

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{DialoguePurpose, NeedCode, ScriptId, ServiceId, ValueKind};

pub use self::node::{Card, Node, NodeKind};
pub use self::question::{Choice, Patience, Question, RatingTexts, Taken};
pub use self::tasks::{Ask, Assign, Branch, Call, Condition, Dictate, Effects, Pick, Task};
use super::grammar::{CommandList, Grammar};
use super::{CONFIRM_NODE, Command, DICTATION_NODE, Language, SETTINGS_NODE, Said, VariableType};
use crate::Phrase;
use crate::intent::{Classifier, Decision, IntentId};

/// One script, ready to be followed, with the parts it calls.
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
    /// Where «оператор» leads while nobody answers; else to the queue as ever.
    pub when_closed: Option<String>,
    /// Where too much silence or nonsense leads; else to a person.
    pub give_up: Option<String>,
    /// The languages it can be held in, its own first.
    pub languages: Vec<Language>,
    /// The values that whoever starts it must give.
    pub takes: BTreeMap<String, ValueKind>,
    pub(super) nodes: BTreeMap<String, Node>,
    pub(super) variables: BTreeMap<String, VariableType>,
    pub(super) system: Arc<SystemPhrases>,
    pub(super) needs: Arc<BTreeMap<ServiceId, NeedCode>>,
    pub(super) classifier: Option<Arc<Classifier>>,
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

macro_rules! system_phrases {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// What every script needs to say and no script should have to write: `phrases/dialogue.toml`.
        #[derive(Clone, Debug, PartialEq, Eq, Default)]
        pub(crate) struct SystemPhrases {
            $($(#[$doc])* pub(crate) $name: Said,)+
        }

        impl SystemPhrases {
            /// The names of all of them.
            pub(super) const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// All of them, each made of its name.
            pub(super) fn of(mut make: impl FnMut(&str) -> Said) -> Self {
                Self { $($name: make(stringify!($name)),)+ }
            }

            fn all(&self) -> Vec<&Said> {
                vec![$(&self.$name),+]
            }
        }
    };
}

system_phrases! {
    /// Before a person who was asked for.
    transfer,
    /// Before a person, after too much that was not understood.
    transfer_not_understood,
    /// Before a person, after too much silence.
    transfer_silence,
    /// Before a person, because the answer is not valid any more.
    transfer_expired,
    /// Before a person, because the house did not do what it was asked.
    transfer_failed,
    /// «Разговор будет записан».
    recording_notice,
    /// The last words.
    goodbye,
    /// «Вы сказали: {said}?».
    confirm,
    /// «Всё верно?», after values were read back.
    read_back,
    /// «Что исправить?».
    which_field,
    /// While the house works on a task.
    wait,
    /// One of the offers: «{nth}: {said}, нажмите {key}».
    pick,
    /// Other offers than those: «Другое время, нажмите {key}».
    pick_other,
    /// After a dictation: «Оставить запись?».
    dictated,
    /// Nothing was dictated.
    dictation_empty,
    /// The settings of the conversation: `**`.
    settings,
    /// More time was granted.
    more_time,
}

impl Script {
    /// The node of that name. Nodes of parts are called `part.node`.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// Every node, by name.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// Every declared variable with its type, those of parts as `part.variable`.
    #[must_use]
    pub const fn variables(&self) -> &BTreeMap<String, VariableType> {
        &self.variables
    }

    /// The question of that name.
    #[must_use]
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.node(name)?.kind.question()
    }

    /// The language the script was written in.
    #[must_use]
    pub fn language(&self) -> Language {
        let first = self.languages.first();
        first.cloned().unwrap_or_else(Language::russian)
    }

    /// The listening node that a node leads to without a fork: it can be answered before it is asked.
    #[must_use]
    pub fn question_ahead(&self, name: &str) -> Option<&str> {
        let mut node = self.node(name)?;
        for _ in 0..self.nodes.len() {
            if node.kind.patience().is_some() {
                return Some(&node.name);
            }
            node = self.node(node.kind.only_way()?)?;
        }
        None
    }

    /// Whether the commands of [`Command`] work in a dialogue of this purpose. After the talk there
    /// is no person to ask for: a rating knows only «повторите» and «до свидания», a farewell nothing.
    #[must_use]
    pub const fn knows(&self, command: Command) -> bool {
        match self.purpose {
            DialoguePurpose::Assistant | DialoguePurpose::Waiting => true,
            DialoguePurpose::Rating => matches!(command, Command::Repeat | Command::Goodbye),
            DialoguePurpose::Farewell => false,
        }
    }

    /// Whether anybody is asked anything in it.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.nodes
            .values()
            .any(|node| node.kind.patience().is_some())
    }

    /// The closed lists of all nodes that listen, of the confirmation and of the settings, in the
    /// script's own language.
    #[must_use]
    pub fn grammars(&self) -> Vec<Grammar> {
        self.grammars_in(&self.language())
    }

    /// The closed lists of all nodes that listen, of the confirmation, the settings and dictations, in a
    /// language of the script. Lists of other languages than the script's own are called
    /// `node@language`, as in [`crate::Output::Listen`].
    #[must_use]
    pub fn grammars_in(&self, language: &Language) -> Vec<Grammar> {
        let commands = CommandList::new(language, |command| self.knows(command));
        let listening = self.nodes.keys().filter(|name| self.listens(name));
        let mut grammars: Vec<Grammar> = listening
            .map(|name| {
                let ahead = self.question_ahead(name).and_then(|ahead| self.node(ahead));
                let kind = ahead.map(|node| &node.kind);
                commands.grammar(name, kind.map(|kind| (kind, *language == self.language())))
            })
            .collect();
        let converses = match self.purpose {
            DialoguePurpose::Assistant | DialoguePurpose::Waiting => true,
            DialoguePurpose::Farewell => self.asks(),
            DialoguePurpose::Rating => false,
        };
        if converses {
            grammars.push(commands.confirmation(CONFIRM_NODE));
        }
        // Who is only told that nobody answers has no settings.
        let settings = commands.settings(SETTINGS_NODE);
        if converses && !settings.phrases.is_empty() {
            grammars.push(settings);
        }
        let dictates = |node: &Node| matches!(node.kind, NodeKind::Dictate(_));
        if self.nodes.values().any(dictates) {
            grammars.push(commands.dictation(DICTATION_NODE));
        }
        for grammar in &mut grammars {
            grammar.node = self.list_name(&grammar.node, language);
        }
        grammars
    }

    /// What selects a node's list among those of all scripts and their versions:
    /// `script.node@version`.
    #[must_use]
    pub fn list_key(&self, node: &str) -> String {
        format!("{}.{node}@{}", self.id, self.version)
    }

    /// Whether both lead a caller who presses keys through the same conversation. Examples of free
    /// words may differ: they change what is understood, and nothing that is said.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let bare = |script: &Self| Self {
            classifier: None,
            ..script.clone()
        };
        bare(self) == bare(other)
    }

    /// The name of a node's list in a language.
    pub(crate) fn list_name(&self, node: &str, language: &Language) -> String {
        if *language == self.language() {
            node.to_owned()
        } else {
            format!("{node}@{language}")
        }
    }

    /// Whether the assistant listens while it is in this node.
    #[must_use]
    pub fn listens(&self, name: &str) -> bool {
        let node = self.node(name);
        let asks = node.is_some_and(|node| node.kind.patience().is_some());
        let speaks = node.is_some_and(|node| node.kind.stays());
        // A farewell knows no commands: it listens only to what it asked.
        asks || (speaks && self.purpose != DialoguePurpose::Farewell)
    }

    /// Everything that a dialogue by this script may say and that is the same for every caller,
    /// without repetition: to be rendered before the first call.
    #[must_use]
    pub fn phrases(&self) -> Vec<Phrase> {
        let nodes = self.nodes.values().flat_map(Node::texts);
        let system = self.system.all();
        let mut all: Vec<Phrase> = nodes
            .chain(system)
            .flat_map(|said| said.fixed().cloned())
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// The need that callers of a service usually have.
    #[must_use]
    pub fn usual_need(&self, service: &ServiceId) -> Option<NeedCode> {
        self.needs.get(service).copied()
    }

    /// The choice that free words mean by example, and whether it must be confirmed; none if the
    /// question lists no intents or the words fit none of them.
    #[must_use]
    pub fn meant<'a>(&self, question: &'a Question, text: &str) -> Option<(&'a Choice, bool)> {
        let classifier = self.classifier.as_ref()?;
        let names = question.options.iter().flat_map(|option| &option.intents);
        let intents: Vec<IntentId> = names.map(IntentId::new).collect();
        if intents.is_empty() {
            return None;
        }
        let (guess, sure) = match classifier.understand(text).decide(&intents) {
            Decision::Take(guess) => (guess, true),
            Decision::Confirm(guess) | Decision::Between(guess, _) => (guess, false),
            Decision::Unknown => return None,
        };
        let wanted = guess.intent.as_str();
        let mut options = question.options.iter();
        let option = options.find(|o| o.intents.iter().any(|intent| intent == wanted))?;
        Some((option, !sure))
    }

    pub(crate) fn system(&self) -> &SystemPhrases {
        &self.system
    }
}
