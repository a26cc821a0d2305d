//! Scripts to dialogues: the voice assistant.

pub mod audio;
mod boundary;
pub mod coverage;
pub mod dialogue;
pub mod g2p;
pub mod golden;
pub mod graph;
pub mod intent;
pub mod io;
pub mod knowledge;
pub mod picture;
pub mod readback;
pub mod script;
pub mod simulate;
pub mod slot;
pub mod walker;
pub use boundary::*;
pub use dialogue::{Context, Dialogue};
pub use script::{ScriptSet, Setting};
