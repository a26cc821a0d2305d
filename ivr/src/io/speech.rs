//! Text to speech, by a program of its own: the engines' licences and crashes stay outside.
//!
//! RHVoice (`RHVoice-test`, package `rhvoice`) speaks well, espeak-ng speaks clearly. Both read the
//! text on standard input and write a WAV.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use thiserror::Error;

use super::wav::{self, WavError};
use crate::audio::filter::BandPass;
use crate::audio::{FRAME, level, loudness};

/// Changes whenever the same text would sound different: part of the name of cached prompts.
pub const VERSION: u32 = 3;
/// What «медленнее» makes of a voice's speed, in per cent.
const SLOW_PERCENT: u32 = 80;
/// Voices free for any use (LGPL or CC BY-SA); the other Russian voices of RHVoice are licensed
/// CC BY-NC-ND, for non-commercial use only.
pub const FREE_VOICES: [&str; 5] = ["anna", "aleksandr", "irina", "elena", "aleksandr-hq"];

/// A program that hangs is ended after so many seconds.
const LONGEST_S: &str = "60";
/// Silence left around a prompt, in frames of 20 ms.
const MARGIN_FRAMES: usize = 3;

/// Which voice is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeechConfig {
    /// A voice of RHVoice.
    pub voice: String,
    /// Speed in per cent of the voice's own.
    pub rate_percent: u32,
    /// Whether a voice outside [`FREE_VOICES`] may be used: the administrator has read its licence.
    pub noncommercial_voices: bool,
}

impl Default for SpeechConfig {
    fn default() -> Self {
        Self {
            voice: "anna".to_owned(),
            rate_percent: 100,
            noncommercial_voices: false,
        }
    }
}

/// Why something could not be said; the text says what to do.
#[derive(Debug, Error)]
pub enum SpeechError {
    /// No program.
    #[error(
        "нет синтезатора речи: установите пакет Debian rhvoice или espeak-ng \
         (deploy/setup/speech.sh)"
    )]
    NoSynthesiser,
    /// The licence forbids it by default.
    #[error(
        "голос «{0}» разрешён только для некоммерческого использования (CC BY-NC-ND); выберите \
         один из: anna, aleksandr, irina, elena, aleksandr-hq, или подтвердите настройкой \
         speech.noncommercial_voices = true"
    )]
    NonCommercial(String),
    /// A program failed.
    #[error("синтезатор {program} не справился: {why}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// What it said.
        why: String,
    },
    /// What it wrote is no WAV.
    #[error("синтезатор записал негодный звук: {0}")]
    Sound(#[from] WavError),
    /// Its file could not be handled.
    #[error("не удалось записать {0}: {1}")]
    Disk(PathBuf, io::Error),
}

/// The program that speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Synthesiser {
    /// The good voice.
    RhVoice {
        /// Its name there.
        voice: String,
        /// Per cent.
        rate_percent: u32,
    },
    /// The basic voice.
    EspeakNg {
        /// Per cent.
        rate_percent: u32,
        /// Why not the good one, for the administrator.
        because: String,
    },
    /// The basic voice in another language than Russian.
    Foreign {
        /// As the voice is called there, e.g. `en`, `be`, `kk`.
        language: String,
        /// Per cent.
        rate_percent: u32,
    },
}

impl fmt::Display for Synthesiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RhVoice { voice, .. } => write!(f, "Синтез речи: RHVoice, голос {voice}"),
            Self::EspeakNg { because, .. } => {
                write!(f, "Синтез речи: базовый голос (espeak-ng), {because}")
            }
            Self::Foreign { language, .. } => {
                write!(f, "Синтез речи: язык {language}, базовый голос (espeak-ng)")
            }
        }
    }
}

impl Synthesiser {
    /// Finds what is installed.
    ///
    /// # Errors
    /// When nothing is, or the voice's licence was not confirmed.
    pub fn detect(config: &SpeechConfig) -> Result<Self, SpeechError> {
        let free = FREE_VOICES.contains(&config.voice.as_str());
        if !free && !config.noncommercial_voices {
            return Err(SpeechError::NonCommercial(config.voice.clone()));
        }
        let rate_percent = config.rate_percent.clamp(50, 200);
        let voice = config.voice.clone();
        let because = if !on_path("RHVoice-test") {
            "пакет rhvoice не установлен".to_owned()
        } else if !Path::new("/usr/share/RHVoice/voices").join(&voice).is_dir() {
            format!("голос {voice} не установлен (пакет rhvoice-russian)")
        } else {
            return Ok(Self::RhVoice {
                voice,
                rate_percent,
            });
        };
        if on_path("espeak-ng") {
            Ok(Self::EspeakNg {
                rate_percent,
                because,
            })
        } else {
            Err(SpeechError::NoSynthesiser)
        }
    }

    /// What makes its sound its own: part of the name of cached prompts.
    #[must_use]
    pub fn signature(&self) -> String {
        match self {
            Self::RhVoice {
                voice,
                rate_percent,
            } => format!("rhvoice {voice} {rate_percent} {VERSION}"),
            Self::EspeakNg { rate_percent, .. } => format!("espeak-ng ru {rate_percent} {VERSION}"),
            Self::Foreign {
                language,
                rate_percent,
            } => format!("espeak-ng {language} {rate_percent} {VERSION}"),
        }
    }

    /// The same voice, slower.
    #[must_use]
    pub fn slowed(&self) -> Self {
        let mut slow = self.clone();
        let (Self::RhVoice { rate_percent, .. }
        | Self::EspeakNg { rate_percent, .. }
        | Self::Foreign { rate_percent, .. }) = &mut slow;
        *rate_percent = *rate_percent * SLOW_PERCENT / 100;
        slow
    }

    /// The voice for a language, `ru` or another of espeak-ng's.
    #[must_use]
    pub fn speaking(&self, language: &str) -> Self {
        if language == "ru" {
            return self.clone();
        }
        Self::Foreign {
            language: language.to_owned(),
            rate_percent: self.rate_percent(),
        }
    }

    /// The basic voice, for when this one fails.
    #[must_use]
    pub fn basic(&self, because: &str) -> Self {
        Self::EspeakNg {
            rate_percent: self.rate_percent(),
            because: because.to_owned(),
        }
    }

    /// Whether callers hear the basic voice instead of the good one.
    #[must_use]
    pub const fn is_basic(&self) -> bool {
        matches!(self, Self::EspeakNg { .. })
    }

    pub(super) const fn rate_percent(&self) -> u32 {
        match self {
            Self::RhVoice { rate_percent, .. }
            | Self::EspeakNg { rate_percent, .. }
            | Self::Foreign { rate_percent, .. } => *rate_percent,
        }
    }

    /// Says a text, its stress marked as [`Stress::mark`](crate::readback::Stress::mark) does: 8 kHz,
    /// telephone band, even level, little silence around. `scratch` is a file that nobody else uses;
    /// it is gone afterwards.
    ///
    /// # Errors
    /// When the program fails or what it wrote cannot be read.
    pub fn say(&self, text: &str, scratch: &Path) -> Result<Vec<i16>, SpeechError> {
        let ran = run(&mut self.command(scratch.as_os_str()), self.program(), text);
        let sound = ran.and_then(|_| Ok(wav::read_8k(scratch)?));
        match fs::remove_file(scratch) {
            Err(why) if why.kind() != io::ErrorKind::NotFound && sound.is_ok() => {
                return Err(SpeechError::Disk(scratch.to_owned(), why));
            }
            Ok(()) | Err(_) => {}
        }
        Ok(for_telephone(&sound?))
    }

    /// The same without a file, for words that are nobody else's: the sound comes through a pipe.
    ///
    /// # Errors
    /// When the program fails or what it wrote cannot be read.
    pub fn say_unkept(&self, text: &str) -> Result<Vec<i16>, SpeechError> {
        let written = run(
            &mut self.command("/dev/stdout".as_ref()),
            self.program(),
            text,
        )?;
        Ok(for_telephone(&wav::piped_8k(written)?))
    }

    const fn program(&self) -> &'static str {
        match self {
            Self::RhVoice { .. } => "RHVoice-test",
            Self::EspeakNg { .. } | Self::Foreign { .. } => "espeak-ng",
        }
    }

    /// The program that writes its sound to `output`.
    fn command(&self, output: &OsStr) -> Command {
        let mut command = Command::new("timeout");
        command.args([LONGEST_S, self.program()]);
        match self {
            Self::RhVoice {
                voice,
                rate_percent,
            } => {
                let rate = rate_percent.to_string();
                command.args(["--profile", voice, "--rate", &rate, "--output"]);
            }
            Self::EspeakNg { rate_percent, .. } => espeak(&mut command, "ru", *rate_percent),
            Self::Foreign {
                language,
                rate_percent,
            } => espeak(&mut command, language, *rate_percent),
        }
        command.arg(output);
        command
    }
}

fn espeak(command: &mut Command, language: &str, rate_percent: u32) {
    // 155 words a minute is its unhurried 100 %.
    let words = (155 * rate_percent / 100).to_string();
    command.args(["-v", language, "-s", &words, "-w"]);
}

/// Gives a program the text, waits for its end and returns what it wrote to its standard output.
pub(super) fn run(
    command: &mut Command,
    program: &'static str,
    text: &str,
) -> Result<Vec<u8>, SpeechError> {
    let failed = |why: String| SpeechError::Failed { program, why };
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|why| failed(why.to_string()))?;
    // Dropped at the end of the statement, which is the end of the text for the program.
    let written = child
        .stdin
        .take()
        .map(|mut input| input.write_all(text.as_bytes()));
    let output = child
        .wait_with_output()
        .map_err(|why| failed(why.to_string()))?;
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    match written {
        Some(Ok(())) if output.status.success() => Ok(output.stdout),
        Some(Err(why)) if complaint.is_empty() => Err(failed(why.to_string())),
        Some(_) | None => Err(failed(format!("{} {complaint}", output.status))),
    }
}

/// In the telephone band, at the level of all prompts, with little silence around.
pub(super) fn for_telephone(sound: &[i16]) -> Vec<i16> {
    let banded = BandPass::telephone().run(sound);
    loudness::to_level(trim(&banded))
}

/// Whether a program of this name can be started.
pub(super) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Without the silence that engines put around a sentence, but for a margin.
fn trim(audio: &[i16]) -> &[i16] {
    let quiet = level::speech_level(audio) - 35.0;
    let loud: Vec<bool> = audio
        .chunks(FRAME)
        .map(|frame| level::dbfs(level::rms(frame)) > quiet)
        .collect();
    let first = loud
        .iter()
        .position(|loud| *loud)
        .unwrap_or(0)
        .saturating_sub(MARGIN_FRAMES);
    let last = loud
        .iter()
        .rposition(|loud| *loud)
        .map_or(loud.len(), |at| at + 1 + MARGIN_FRAMES);
    let end = (last * FRAME).min(audio.len());
    audio.get(first * FRAME..end).unwrap_or(audio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_that_is_not_free_needs_a_confirmation() {
        let config = SpeechConfig {
            voice: "pavel".to_owned(),
            ..SpeechConfig::default()
        };
        assert!(matches!(
            Synthesiser::detect(&config),
            Err(SpeechError::NonCommercial(_))
        ));
    }

    #[test]
    fn silence_around_a_prompt_is_cut_to_a_margin() {
        let mut audio = vec![0_i16; 8_000];
        audio.extend((0..1_600).map(|n| if n % 16 < 8 { 5_000 } else { -5_000 }));
        audio.extend(vec![0_i16; 8_000]);
        assert_eq!(trim(&audio).len(), 1_600 + 2 * MARGIN_FRAMES * FRAME);
        assert_eq!(trim(&[0; 480]).len(), 480);
    }

    #[test]
    fn the_status_names_the_basic_voice() {
        let basic = Synthesiser::EspeakNg {
            rate_percent: 100,
            because: "пакет rhvoice не установлен".to_owned(),
        };
        assert_eq!(
            basic.to_string(),
            "Синтез речи: базовый голос (espeak-ng), пакет rhvoice не установлен"
        );
    }
}
