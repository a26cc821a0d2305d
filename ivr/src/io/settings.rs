//! What recognition needs to start, and what it says about itself afterwards.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::graph::GraphError;

/// Where everything is, and the limits.
#[derive(Clone, Debug)]
pub struct RecogniserConfig {
    /// `libvosk.so`; none: `LINIYA_VOSK_LIBRARY` names it, or the system's loader finds it.
    pub library: Option<PathBuf>,
    /// The folder of the model.
    pub model: PathBuf,
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
        /// Lists that cannot, and why; their nodes work by keys.
        refused: Vec<(String, GraphError)>,
    },
    /// Nothing is recognised: every session is told [`crate::SpeechEvent::Unavailable`].
    KeysOnly {
        /// What is missing and what to do, in Russian.
        why: String,
    },
}

impl fmt::Display for RecogniserStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready {
                model,
                lists,
                refused,
            } => {
                write!(
                    f,
                    "Распознавание речи: модель {model}, списков фраз: {lists}"
                )?;
                refused
                    .iter()
                    .try_for_each(|(key, why)| write!(f, "; шаг {key} — только кнопки: {why}"))
            }
            Self::KeysOnly { why } => {
                write!(f, "Распознавания речи нет, ответы только кнопками: {why}")
            }
        }
    }
}
