//! The shell: the recogniser's library, the synthesiser's program, sound and scripts on disk.

mod figures;
mod libvosk;
mod lines;
mod listener;
mod lists;
mod loaded;
mod model;
pub mod prompts;
pub mod recordings;
mod resident;
pub mod scripts;
mod settings;
pub mod speech;
pub mod voice;
pub mod vosk;
pub mod wav;
mod worker;

pub use figures::RecogniserFigures;
pub use model::{AcousticModel, ModelKind, ModelProblem};
pub use prompts::{PromptError, Prompts};
pub use recordings::RecordingFinding;
pub use settings::{RecogniserConfig, RecogniserStatus};
pub use speech::{SpeechConfig, SpeechError, Synthesiser};
pub use voice::{Made, Ticket, Voice, VoiceFigures};
pub use vosk::{Recognisers, SpeechSink};
