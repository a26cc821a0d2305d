//! Closed lists that can be heard: checked, with a search graph on disk for each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vosk::Model;

use super::loaded::{Loaded, write};
use super::model::{AcousticModel, ModelKind, ModelProblem};
use super::settings::{Unheard, UnheardPhrase};
use crate::graph::{Expected, Grammar, GraphError, UNKNOWN};

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
                all.unheard.phrases.extend(unheard);
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
            Err(why) => all.unheard.lists.push((key.clone(), why)),
        }
    }
    Ok(all)
}

/// An official model drops words that it does not know without a sound, so they are asked for here: what
/// it can hear of the list, and the phrases it cannot.
fn known_part(
    list: &str,
    expected: &Expected,
    model: &mut Model,
) -> (Result<Grammar, GraphError>, Vec<UnheardPhrase>) {
    let mut known = Vec::new();
    let mut unheard = Vec::new();
    for phrase in &expected.phrases {
        let alone = Grammar::in_any_language(&[phrase], &[]);
        match alone.map(|one| unknown_word(&one, model)) {
            Ok(Some(word)) => unheard.push(UnheardPhrase {
                list: list.to_owned(),
                phrase: phrase.clone(),
                word,
            }),
            // A phrase that cannot be said is told by the whole list below.
            Ok(None) | Err(_) => known.push(phrase.clone()),
        }
    }
    if known.is_empty() && expected.patterns.is_empty() && !unheard.is_empty() {
        let first = expected.phrases.first().cloned().unwrap_or_default();
        return (Err(GraphError::UnknownWord(first)), unheard);
    }
    let grammar = Grammar::in_any_language(&known, &expected.patterns);
    if let Ok(grammar) = &grammar
        && let Some(word) = unknown_word(grammar, model)
    {
        // Left are the words of patterns, said in many ways: one of them is missing.
        unheard.push(UnheardPhrase {
            list: list.to_owned(),
            phrase: word.clone(),
            word,
        });
    }
    (grammar, unheard)
}

fn unknown_word(grammar: &Grammar, model: &mut Model) -> Option<String> {
    grammar
        .words()
        .into_iter()
        .filter(|word| *word != UNKNOWN)
        .find(|word| model.find_word(word).is_none())
        .map(str::to_owned)
}
