//! Closed lists that can be heard: checked, with a search graph on disk for each.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use vosk::Model;

use super::loaded::load_model;
use super::model::{AcousticModel, ModelKind, ModelProblem};
use super::settings::RecogniserConfig;
use crate::graph::{Expected, Grammar, GraphError};

/// A list that can be heard.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) grammar: Arc<Grammar>,
    pub(super) folder: PathBuf,
}

/// Lists by their names, and those that cannot be heard.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) prepared: BTreeMap<String, Prepared>,
    pub(super) refused: Vec<(String, GraphError)>,
}

/// Writes the search graph of every list that has none yet.
///
/// # Errors
/// When the model or the disk is to blame, with what to do.
pub(super) fn prepare(
    config: &RecogniserConfig,
    model: &AcousticModel,
    lists: Vec<(String, Expected)>,
) -> Result<Lists, String> {
    let mut vocabulary = match model.kind() {
        ModelKind::Phones => None,
        ModelKind::Words => Some(load_model(&config.model).ok_or_else(|| refused_by(config))?),
    };
    let mut all = Lists::default();
    for (key, expected) in lists {
        let grammar = Grammar::with_patterns(&expected.phrases, &expected.patterns)
            .and_then(|grammar| known_words(grammar, vocabulary.as_mut()));
        match grammar {
            Ok(grammar) => {
                let folder = model
                    .folder_for(&grammar, &config.cache)
                    .map_err(|why: ModelProblem| why.to_string())?;
                let grammar = Arc::new(grammar);
                all.prepared.insert(key, Prepared { grammar, folder });
            }
            Err(why) => all.refused.push((key, why)),
        }
    }
    Ok(all)
}

/// What is said of a model that libvosk does not take.
pub(super) fn refused_by(config: &RecogniserConfig) -> String {
    format!("libvosk не приняла модель {}", config.model.display())
}

/// An official model drops words that it does not know without a sound, so they are asked for here.
fn known_words(grammar: Grammar, model: Option<&mut Model>) -> Result<Grammar, GraphError> {
    if let Some(model) = model {
        let unknown = grammar
            .words()
            .into_iter()
            .find(|word| model.find_word(word).is_none());
        if let Some(word) = unknown {
            return Err(GraphError::UnknownWord(word.to_owned()));
        }
    }
    Ok(grammar)
}
