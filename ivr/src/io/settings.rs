//! What recognition needs to start, and what it says about itself afterwards.

use std::collections::{BTreeMap, BTreeSet};
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
    /// Callers who talk with a person and are listened to at once; of further ones nothing is written
    /// down.
    pub max_talks: usize,
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
            max_talks: 50,
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
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        match self {
            Self::KeysOnly { .. } => vec![self.to_string()],
            Self::Ready {
                unheard,
                instead_of,
                ..
            } => {
                let why = instead_of.iter();
                let why = why.map(|why| format!("работает запасная модель: {why}"));
                why.chain(unheard.findings()).collect()
            }
        }
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

    /// How many different phrases.
    #[must_use]
    pub fn phrase_count(&self) -> usize {
        let phrases: BTreeSet<&str> = self.phrases.iter().map(|p| p.phrase.as_str()).collect();
        phrases.len()
    }

    /// For the administrator: a line for each list and one for each missing word, of each at most
    /// [`MOST_FINDINGS`].
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let lists = self.lists.iter();
        let lists = lists.map(|(key, why)| format!("шаг {key} — только кнопки: {why}"));
        let mut words: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
        for UnheardPhrase { list, phrase, word } in &self.phrases {
            let (phrases, lists) = words.entry(word).or_default();
            phrases.insert(phrase);
            lists.insert(list);
        }
        let words = words.iter().map(|(word, (phrases, lists))| {
            let quoted = phrases.iter().map(|phrase| format!("«{phrase}»"));
            let steps = lists.iter().map(|list| (*list).to_owned());
            format!(
                "слова «{word}» нет в словаре модели, она не услышит {} (шаги {}) — добавьте синоним \
                 или клавишу",
                first_of(quoted, MOST_NAMED).join(", "),
                first_of(steps, MOST_NAMED).join(", ")
            )
        });
        let mut all = first_of(lists, MOST_FINDINGS);
        all.extend(first_of(words, MOST_FINDINGS));
        all
    }
}

/// Lines of one kind that are told one by one.
const MOST_FINDINGS: usize = 20;
/// Phrases or steps that one line names.
const MOST_NAMED: usize = 3;

/// The first so many, and how many more there are.
fn first_of(all: impl Iterator<Item = String>, most: usize) -> Vec<String> {
    let mut all: Vec<String> = all.collect();
    let more = all.len().saturating_sub(most);
    all.truncate(most);
    if more > 0 {
        all.push(format!("и ещё {more}"));
    }
    all
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
                let unheard = unheard.findings();
                unheard.iter().try_for_each(|one| write!(f, "; {one}"))
            }
            Self::KeysOnly { why } => {
                write!(f, "Распознавания речи нет, ответы только кнопками: {why}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_word_is_told_once_however_many_steps_want_it() {
        let unheard = |list: usize, phrase: &str, word: &str| UnheardPhrase {
            list: format!("step{list}"),
            phrase: phrase.to_owned(),
            word: word.to_owned(),
        };
        let mut phrases: Vec<_> = (1..=5)
            .flat_map(|list| {
                [
                    unheard(list, "лом", "лом"),
                    unheard(list, "сдать лом", "лом"),
                ]
            })
            .collect();
        let told = |phrases: &[UnheardPhrase]| Unheard {
            lists: Vec::new(),
            phrases: phrases.to_owned(),
        };
        assert_eq!(
            told(&phrases).findings(),
            [
                "слова «лом» нет в словаре модели, она не услышит «лом», «сдать лом» (шаги step1, \
                 step2, step3, и ещё 2) — добавьте синоним или клавишу"
            ]
        );
        assert_eq!(told(&phrases).phrase_count(), 2);
        phrases.extend((0..100).map(|n| unheard(1, "другое", &format!("слово{n}"))));
        let all = told(&phrases).findings();
        assert_eq!(all.len(), MOST_FINDINGS + 1);
        assert_eq!(all.last().unwrap(), "и ещё 81");
    }
}
