//! Closed lists that can be heard: checked, with a search graph on disk for each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vosk::Model;

use super::loaded::{Loaded, write};
use super::model::{AcousticModel, ModelKind, ModelProblem};
use super::settings::{Unheard, UnheardPhrase};
use crate::graph::{Expected, Grammar, GraphError, UNKNOWN};
use crate::script::is_talk_list;

/// A list that can be heard.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) grammar: Arc<Grammar>,
    pub(super) folder: PathBuf,
    /// How the model takes it.
    pub(super) kind: ModelKind,
}

/// Lists by their names, and what of them cannot be heard.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) prepared: BTreeMap<String, Prepared>,
    pub(super) unheard: Unheard,
}

/// Writes the search graph of every list that has none yet. A model that brings its own words is
/// asked for them: it is the `vocabulary`.
///
/// # Errors
/// When the disk is to blame, with what to do.
pub(super) fn prepare<'a>(
    cache: &Path,
    model: &AcousticModel,
    vocabulary: Option<&Loaded>,
    lists: impl Iterator<Item = (&'a String, &'a Expected)>,
) -> Result<Lists, ModelProblem> {
    let mut all = Lists::default();
    for (key, expected) in lists {
        let grammar = match vocabulary {
            None => Grammar::with_patterns(&expected.phrases, &expected.patterns),
            Some(words) => {
                let (known, unheard) = known_part(key, expected, &mut write(words));
                // No step of a caller's needs what talks are about.
                if !is_talk_list(key) {
                    all.unheard.phrases.extend(unheard);
                }
                known
            }
        };
        match grammar {
            Ok(grammar) => {
                let prepared = Prepared {
                    folder: model.folder_for(&grammar, cache)?,
                    grammar: Arc::new(grammar),
                    kind: model.kind(),
                };
                all.prepared.insert(key.clone(), prepared);
            }
            Err(_) if is_talk_list(key) => {}
            Err(why) => all.unheard.lists.push((key.clone(), why)),
        }
    }
    Ok(all)
}

/// An official model drops words that it does not know without a sound, so they are asked for here: what
/// it can hear of the list, and the phrases it cannot. Of a list that cannot be heard at all no phrase
/// is told.
fn known_part(
    list: &str,
    expected: &Expected,
    model: &mut Model,
) -> (Result<Grammar, GraphError>, Vec<UnheardPhrase>) {
    let mut known = Vec::new();
    let mut unheard = Vec::new();
    let mut missing = |phrase: &str, word: String| {
        unheard.push(UnheardPhrase {
            list: list.to_owned(),
            phrase: phrase.to_owned(),
            word,
        });
    };
    for phrase in &expected.phrases {
        let alone = Grammar::in_any_language(&[phrase], &[]);
        let word = alone.map(|one| one.words().into_iter().find_map(|word| lacks(model, word)));
        match word {
            Ok(Some(word)) => missing(phrase, word),
            // A phrase that cannot be said is told by the whole list below.
            Ok(None) | Err(_) => known.push(phrase.clone()),
        }
    }
    let grammar = Grammar::in_any_language(&known, &expected.patterns);
    if let Ok(grammar) = &grammar {
        let words: Vec<&str> = grammar.words().into_iter().collect();
        let lacking: Vec<String> = words.iter().filter_map(|word| lacks(model, word)).collect();
        if lacking.len() < words.len() {
            // Only words of patterns are left, which are said in many ways: one of them is missing.
            lacking
                .into_iter()
                .for_each(|word| missing(&word.clone(), word));
            return (Ok(grammar.clone()), unheard);
        }
    }
    match grammar {
        Err(why) if unheard.is_empty() || !known.is_empty() => (Err(why), Vec::new()),
        Ok(_) | Err(_) => {
            let first = expected.phrases.first().cloned().unwrap_or_default();
            (Err(GraphError::UnknownWord(first)), Vec::new())
        }
    }
}

/// This word, if the model does not have it.
fn lacks(model: &mut Model, word: &str) -> Option<String> {
    (word != UNKNOWN && model.find_word(word).is_none()).then(|| word.to_owned())
}
