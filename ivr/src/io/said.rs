//! What the recogniser made of an utterance, as it is told.

use vosk::CompleteResult;

use super::attention::Attention;
use super::free;
use super::listener::Ear;
use super::model::ModelKind;
use crate::graph::UNKNOWN;

/// A result without its [`UNKNOWN`] parts.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) confidence_permille: u16,
    /// Neither words nor unknown speech.
    pub(super) silence: bool,
}

impl Said {
    pub(super) fn of(result: CompleteResult<'_>, ear: &Ear) -> Self {
        let grammar = &ear.grammar;
        let words = result
            .single()
            .map(|single| single.result)
            .unwrap_or_default();
        let silence = words.is_empty();
        let all = words.len();
        let mut known: Vec<_> = words
            .into_iter()
            .filter(|word| word.word != UNKNOWN)
            .collect();
        match ear.attention {
            // A command among other words is a word of the dictation.
            Attention::Dictation if known.len() < all => known.clear(),
            Attention::Answer if ear.kind == ModelKind::Open => {
                let all: Vec<&str> = known.iter().map(|word| word.word).collect();
                // Without a phrase of the list all words are told: somebody may make sense of them.
                if let Some(at) = free::phrase_in(grammar, &all) {
                    known.truncate(at.end);
                    known.drain(..at.start);
                }
            }
            Attention::Answer | Attention::Dictation | Attention::Talk => {}
        }
        let spoken = known
            .iter()
            .map(|word| word.word)
            .collect::<Vec<_>>()
            .join(" ");
        let lowest = known.iter().map(|word| word.conf).fold(1.0_f32, f32::min);
        let text = grammar.written(&spoken).map_or(spoken, str::to_owned);
        let confidence_permille = if text.is_empty() { 0 } else { permille(lowest) };
        Self {
            text,
            confidence_permille,
            silence,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0–1000 just before"
)]
fn permille(share: f32) -> u16 {
    (share * 1_000.0).round().clamp(0.0, 1_000.0) as u16
}
