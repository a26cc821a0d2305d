//! Tells what free words are about.

use std::sync::OnceLock;

use super::training::Trained;
use super::{Axis, Corpus, IntentId, Understood, Verdict};

/// A classifier by example phrases. It depends on them alone: the same files, the same verdicts.
///
/// It learns when it is first asked, or told to [`Classifier::warm`] itself: a house does that
/// before its first call, a test of something else never pays for it.
#[derive(Clone, Debug)]
pub struct Classifier {
    corpus: Corpus,
    trained: OnceLock<Trained>,
}

impl Classifier {
    /// Will learn from all examples of the corpus.
    #[must_use]
    pub const fn new(corpus: Corpus) -> Self {
        Self {
            corpus,
            trained: OnceLock::new(),
        }
    }

    /// Learns now, if it has not: half a second for a thousand examples.
    pub fn warm(&self) {
        self.trained();
    }

    /// What the words are about: the surer of service and task. Pure, and quicker than a
    /// millisecond once it has learnt.
    #[must_use]
    pub fn classify(&self, text: &str) -> Verdict {
        self.understand(text).verdict()
    }

    /// About which service the words are, and what they ask for.
    #[must_use]
    pub fn understand(&self, text: &str) -> Understood {
        let trained = self.trained();
        let line = trained.read(&self.corpus.lexicon, text);
        let verdict = |axis| trained.verdict(&self.corpus, axis, &line);
        Understood {
            service: verdict(Axis::Service),
            task: verdict(Axis::Task),
        }
    }

    /// The confidence from which a guess is an answer, in thousandths.
    #[must_use]
    pub fn threshold_permille(&self, axis: Axis) -> u16 {
        self.trained().threshold_permille(axis)
    }

    /// What it learns from.
    #[must_use]
    pub const fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// Whether an intent of that name is known.
    #[must_use]
    pub fn knows(&self, intent: &IntentId) -> bool {
        self.corpus.intent(intent).is_some()
    }

    /// The words as the classifier sees them: empty ones gone, misheard ones mended, synonyms
    /// merged, endings off. For explaining a verdict.
    #[must_use]
    pub fn seen(&self, text: &str) -> Vec<String> {
        self.trained().seen(&self.corpus.lexicon, text)
    }

    fn trained(&self) -> &Trained {
        self.trained.get_or_init(|| Trained::learn(&self.corpus))
    }
}

impl PartialEq for Classifier {
    fn eq(&self, other: &Self) -> bool {
        self.corpus == other.corpus
    }
}

impl Eq for Classifier {}

#[cfg(test)]
mod tests;
