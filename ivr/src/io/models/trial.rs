//! Loading a model once before it is relied on, in a process of its own.
//!
//! libvosk answers most broken models with an error, but nobody promises that for every damaged file:
//! a graph with wrong numbers is read beyond its end. A process that only tries the model may die
//! of it; the service must not.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vosk::{DecodingState, LogLevel, Model, Recognizer, set_log_level};

use crate::graph::Grammar;
use crate::io::libvosk;
use crate::io::model::{AcousticModel, ModelKind, ModelProblem};

/// A model that is not ready after this long is not tried further. The largest load in half a minute.
const LIMIT: Duration = Duration::from_secs(180);
/// What is decoded: two seconds in frames of 20 ms, louder and quieter like syllables.
const FRAMES: u32 = 100;
/// Most words of libvosk that are repeated to the administrator, in characters.
const MOST_WORDS: usize = 300;

/// A model that loads and decodes.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Trial {
    /// How it takes a closed list.
    pub kind: ModelKind,
    /// The most memory that the trying process had, in megabytes; 0 if the system does not tell.
    pub memory_mb: u64,
}

/// One line from the trying process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Works(Trial),
    Refused(String),
}

/// Loads the model in this process, makes a recogniser and decodes two seconds with it. The answer is one
/// line for [`Tester::try_apart`]; the process may die instead.
#[must_use]
pub fn try_here(library: Option<&Path>, model: &Path) -> String {
    let verdict = attempt(library, model).map_or_else(Verdict::Refused, Verdict::Works);
    serde_json::to_string(&verdict).unwrap_or_default()
}

fn attempt(library: Option<&Path>, dir: &Path) -> Result<Trial, String> {
    libvosk::load(library).map_err(|why| format!("не загрузилась библиотека libvosk ({why})"))?;
    set_log_level(LogLevel::Error);
    let model = AcousticModel::open(dir).map_err(|why| why.to_string())?;
    let scratch = std::env::temp_dir().join(format!("liniya-trial-{}", std::process::id()));
    let tried = load_and_decode(&model, &scratch);
    let _ = fs::remove_dir_all(&scratch);
    tried?;
    Ok(Trial {
        kind: model.kind(),
        memory_mb: peak_memory_mb(),
    })
}

fn load_and_decode(model: &AcousticModel, scratch: &Path) -> Result<(), String> {
    let grammar = Grammar::new(&["да", "нет"]).map_err(|why| why.to_string())?;
    let folder = model
        .folder_for(&grammar, scratch)
        .map_err(|why| why.to_string())?;
    let refused = || "libvosk её не приняла".to_owned();
    let loaded = folder.to_str().and_then(Model::new).ok_or_else(refused)?;
    let mut recogniser = Recognizer::new(&loaded, 8_000.0).ok_or_else(refused)?;
    let mut noise = 1_u32;
    for frame in 0..FRAMES {
        let loudness = if frame % 10 < 6 { 18 } else { 24 };
        let samples: Vec<i16> = (0..160)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                i16::try_from(noise.cast_signed() >> loudness).unwrap_or(0)
            })
            .collect();
        match recogniser.accept_waveform(&samples) {
            Ok(DecodingState::Failed) | Err(_) => return Err(refused()),
            Ok(DecodingState::Finalized | DecodingState::Running) => {}
        }
    }
    let _ = recogniser.final_result();
    Ok(())
}

/// `VmHWM` of proc(5).
fn peak_memory_mb() -> u64 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .unwrap_or(0)
        / 1_024
}

/// Tries models in processes of their own.
#[derive(Clone, Debug)]
pub struct Tester {
    /// A program that prints [`try_here`]'s line.
    program: PathBuf,
    /// Its arguments before the model's folder.
    arguments: Vec<String>,
}

impl Tester {
    /// `program ARGUMENTS… MODEL` must print the line of [`try_here`] and end.
    #[must_use]
    pub const fn new(program: PathBuf, arguments: Vec<String>) -> Self {
        Self { program, arguments }
    }

    /// Has the model tried.
    ///
    /// # Errors
    /// [`ModelProblem::Refused`] with what the trying process said or how it died.
    pub fn try_apart(&self, model: &Path) -> Result<Trial, ModelProblem> {
        let refused = |why: String| ModelProblem::Refused(model.to_owned(), why);
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .arg(model)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|why| refused(format!("не запускается проверка модели ({why})")))?;
        let (said, complaints) = listen_to(&mut child).map_err(refused)?;
        let status = child.wait();
        match said
            .lines()
            .find_map(|line| serde_json::from_str(line).ok())
        {
            Some(Verdict::Works(trial)) => Ok(trial),
            Some(Verdict::Refused(why)) => Err(refused(with_complaint(why, &complaints))),
            None => {
                let how = status.map_or_else(|why| why.to_string(), |status| status.to_string());
                let why = format!("проверочный процесс с ней не выжил ({how})");
                Err(refused(with_complaint(why, &complaints)))
            }
        }
    }
}

/// Everything that the process prints until it ends; it is ended at the limit.
fn listen_to(child: &mut Child) -> Result<(String, String), String> {
    let (to, from) = channel();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let complaints = std::thread::spawn(move || text_of(err));
    let words = std::thread::spawn(move || {
        let _ = to.send(text_of(out));
    });
    let said = match from.recv_timeout(LIMIT) {
        Ok(said) => said,
        Err(RecvTimeoutError::Timeout) => {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("не загрузилась за {} с", LIMIT.as_secs()));
        }
        Err(RecvTimeoutError::Disconnected) => String::new(),
    };
    let _ = words.join();
    Ok((said, complaints.join().unwrap_or_default()))
}

fn text_of(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        let _ = pipe.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last error of libvosk's own log says which file it is about.
fn with_complaint(why: String, complaints: &str) -> String {
    let error = complaints.lines().rev().find(|l| l.starts_with("ERROR"));
    error.map_or(why.clone(), |error| {
        let words: String = error.chars().take(MOST_WORDS).collect();
        format!("{why}: {}", words.trim_end_matches('.'))
    })
}
