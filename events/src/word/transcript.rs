//! The words of the live text of a talk.

use serde::{Deserialize, Serialize};

words! {
    /// What is made of the speech of somebody who talks with a person.
    TranscriptDepth {
        /// All words are written down.
        Words = "words",
        /// Phrases that tell what the talk is about are picked out; the rest is not written down.
        Phrases = "phrases",
    }
}
