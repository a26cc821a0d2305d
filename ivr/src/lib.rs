//! Scripts to dialogues: the voice assistant.

pub mod audio;
mod boundary;
pub mod g2p;
pub mod graph;
pub use boundary::*;
