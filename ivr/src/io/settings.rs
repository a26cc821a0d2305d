//! What recognition needs to start, and what it says about itself afterwards.

use std::fmt;
use std::path::{Path, PathBuf};

use super::models::Tester;
use crate::graph::GraphError;

/// Where everything is, and the limits.
#[derive(Clone, Debug)]
pub struct RecogniserConfig {
    /// `libvosk.so`; none: `LINIYA_VOSK_LIBRARY` names it, or the system's loader finds it.
    pub library: Option<PathBuf>,
    /// The folder of the model.
    pub model: PathBuf,
    /// The folder of the model to use when that one cannot be.
    pub reserve: Option<PathBuf>,
    /// The language of the scripts, as ISO 639-1 names it.
    pub language: String,
    /// Versions of models that may be used ([`crate::io::AcousticModel::version`]); none: any.
    pub trusted: Vec<String>,
    /// Tries a model in a process of its own before this one relies on it; none: it is not tried.
    pub tester: Option<Tester>,
    /// Where search graphs are kept, e.g. `var/graphs`.
    pub cache: PathBuf,
    /// Recognition threads.
    pub threads: usize,
    /// Callers listened to at once; further ones have keys only.
    pub max_sessions: usize,
    /// Lists kept in memory, about 16 MB each; the least recently used goes first.
    pub max_models: usize,
}

impl RecogniserConfig {
    /// The built-in model and sensible limits, with files under `var`.
    #[must_use]
    pub fn new(model: &Path, var: &Path) -> Self {
        Self {
            library: None,
            model: model.to_owned(),
            reserve: None,
            language: "ru".to_owned(),
            trusted: Vec::new(),
            tester: None,
            cache: var.join("graphs"),
            threads: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(8)),
            max_sessions: 200,
            max_models: 64,
        }
    }
}

/// What the administrator is told at the start and on the page of the system's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecogniserStatus {
    /// Speech is recognised.
    Ready {
        /// The model's folder name.
        model: String,
        /// Lists that can be heard.
        lists: usize,
        /// What cannot be heard.
        unheard: Unheard,
        /// Why this is the model in reserve, if it is.
        instead_of: Option<String>,
    },
    /// Nothing is recognised: every session is told [`crate::SpeechEvent::Unavailable`].
    KeysOnly {
        /// What is missing and what to do, in Russian.
        why: String,
    },
}

impl RecogniserStatus {
    /// Everything an administrator should know and may mend, a line each.
    pub fn findings(&self) -> impl Iterator<Item = String> + '_ {
        let (why, unheard) = match self {
            Self::KeysOnly { .. } => (Some(self.to_string()), None),
            Self::Ready {
                unheard,
                instead_of,
                ..
            } => {
                let why = instead_of.as_ref();
                let why = why.map(|why| format!("работает запасная модель: {why}"));
                (why, Some(unheard))
            }
        };
        let unheard = unheard.into_iter().flat_map(Unheard::findings);
        why.into_iter().chain(unheard)
    }
}

/// What of the scripts' lists the model cannot hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unheard {
    /// Whole lists, and why; their nodes work by keys.
    pub lists: Vec<(String, GraphError)>,
    /// Phrases of the other lists.
    pub phrases: Vec<UnheardPhrase>,
}

impl Unheard {
    /// Whether everything is heard.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.phrases.is_empty()
    }

    /// A line each, for the administrator.
    pub fn findings(&self) -> impl Iterator<Item = String> + '_ {
        let lists = self.lists.iter();
        let lists = lists.map(|(key, why)| format!("шаг {key} — только кнопки: {why}"));
        lists.chain(self.phrases.iter().map(ToString::to_string))
    }
}

/// A phrase with a word that the model does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnheardPhrase {
    /// The list it is on.
    pub list: String,
    /// As the script writes it.
    pub phrase: String,
    /// The first such word.
    pub word: String,
}

impl fmt::Display for UnheardPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, phrase, word } = self;
        write!(
            f,
            "шаг {list}: фразу «{phrase}» модель не услышит, слова «{word}» нет в её словаре — \
             добавьте синоним или клавишу"
        )
    }
}

/// How recognition stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecogniserState {
    /// Everything is heard.
    Ready,
    /// Some lists or phrases are not.
    Partial,
    /// The chosen model cannot be used, the one in reserve is.
    Reserve,
    /// Nothing is heard.
    KeysOnly,
}

impl RecogniserState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Ready, Self::Partial, Self::Reserve, Self::KeysOnly];

    /// The label of metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Partial => "partial",
            Self::Reserve => "reserve",
            Self::KeysOnly => "keys_only",
        }
    }

    pub(super) fn of(status: &RecogniserStatus) -> Self {
        match status {
            RecogniserStatus::KeysOnly { .. } => Self::KeysOnly,
            RecogniserStatus::Ready {
                instead_of: Some(_),
                ..
            } => Self::Reserve,
            RecogniserStatus::Ready { unheard, .. } if unheard.is_empty() => Self::Ready,
            RecogniserStatus::Ready { .. } => Self::Partial,
        }
    }
}

impl fmt::Display for RecogniserStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready {
                model,
                lists,
                unheard,
                instead_of,
            } => {
                write!(
                    f,
                    "Распознавание речи: модель {model}, списков фраз: {lists}"
                )?;
                if let Some(why) = instead_of {
                    write!(f, "; это запасная: {why}")?;
                }
                let mut unheard = unheard.findings();
                unheard.try_for_each(|one| write!(f, "; {one}"))
            }
            Self::KeysOnly { why } => {
                write!(f, "Распознавания речи нет, ответы только кнопками: {why}")
            }
        }
    }
}
