//! From words to what they mean: closed phrases in a node, and free words by example.
//!
//! A methodologist gives every service and every task a few example phrases (`scripts/intents/`).
//! [`Classifier`] learns from them when it is first asked; it needs no service from
//! outside, and the same files give the same classifier. Words become stems, stems become one word
//! for all synonyms, unknown words become the known word that sounds like them, and words, pairs of
//! words and triples of sounds vote for intents with weights found by least squares. How sure an
//! answer is, and below what it is none, is learnt by leaving every example out once.

mod calibration;
mod classifier;
mod corpus;
mod evaluation;
mod features;
mod held_out;
mod least_squares;
mod lexicon;
mod report;
mod sound;
mod stem;
mod training;
mod verdict;
mod words;

pub use classifier::Classifier;
pub use corpus::{Axis, Corpus, Example, Gates, Intent};
pub use evaluation::{Confusion, Evaluation, Found, Miss, Share, evaluate};
pub use held_out::{HeldOut, Kind};
pub use lexicon::Lexicon;
pub use report::Report;
pub use stem::stem;
pub use verdict::{Decision, Guess, IntentId, Understood, Verdict};
pub use words::{normalise, spot};
