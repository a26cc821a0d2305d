//! Scripts to dialogues: the voice assistant.

mod boundary;
pub use boundary::*;
