//! The shell: the recogniser's library, the synthesiser's program, sound and scripts on disk.

mod attention;
mod figures;
mod free;
mod libvosk;
mod lines;
mod listener;
mod lists;
mod loaded;
mod model;
pub mod models;
mod opening;
mod pace;
pub mod prompts;
pub mod recordings;
mod resident;
mod said;
pub mod scripts;
mod settings;
mod shared;
pub mod speech;
pub mod voice;
pub mod vosk;
pub mod wav;
mod worker;

pub use figures::{RecogniserFigures, Refusal};
pub use model::{AcousticModel, ModelKind, ModelProblem};
pub use prompts::{PromptError, Prompts};
pub use recordings::RecordingFinding;
pub use settings::{RecogniserConfig, RecogniserState, RecogniserStatus, Unheard, UnheardPhrase};
pub use speech::{SpeechConfig, SpeechError, Synthesiser};
pub use voice::{Made, Ticket, Voice, VoiceFigures};
pub use vosk::{Recognisers, SpeechSink};
