//! What the assistant says, as sound: recorded, or rendered once and kept on disk.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::model::hex;
use super::speech::{SpeechError, Synthesiser};
use super::wav::{self, WavError};
use crate::Phrase;
use crate::audio::{filter::BandPass, loudness, music};
use crate::readback::Stress;

/// Programs that speak at the same time: one needs 0.03 of a core, start-up is what costs.
const AT_ONCE: usize = 2;
/// File stem of a recording that replaces the waiting music.
const MUSIC: &str = "waiting_music";

/// Why there is no sound for a phrase; the text says what to do.
#[derive(Debug, Error)]
pub enum PromptError {
    /// A recording that cannot be used.
    #[error("запись {path}: {why}")]
    Recording {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: WavError,
    },
    /// The synthesis failed.
    #[error("фраза «{name}»: {why}")]
    Synthesis {
        /// The phrase's name.
        name: String,
        /// Why.
        why: SpeechError,
    },
    /// Nothing speaks here.
    #[error("фразу «{name}» нечем произнести: {why}")]
    NoVoice {
        /// The phrase's name.
        name: String,
        /// What to do.
        why: String,
    },
    /// One name, two texts.
    #[error("у фразы «{0}» два разных текста: дайте им разные имена")]
    TwoTexts(String),
    /// A name that can be no file's.
    #[error("имя фразы «{0}» не годится: допустимы латинские буквы, цифры, точка, «-», «_» и «@»")]
    Name(String),
    /// The cache.
    #[error("не удалось записать {0}: {1}")]
    Disk(PathBuf, String),
}

/// Where prompts come from.
#[derive(Debug)]
pub struct Prompts {
    cache: PathBuf,
    recordings: PathBuf,
    synthesiser: Result<Synthesiser, SpeechError>,
    stress: RwLock<Arc<Stress>>,
    scratch: AtomicUsize,
}

impl Prompts {
    /// Rendered prompts are kept in `cache` (`var/prompts`); a file `<phrase name>.wav` in
    /// `recordings` (`scripts/recordings`) is played instead. Without a synthesiser only recorded
    /// and cached phrases can be prepared.
    #[must_use]
    pub fn new(
        cache: PathBuf,
        recordings: PathBuf,
        synthesiser: Result<Synthesiser, SpeechError>,
    ) -> Self {
        Self {
            cache,
            recordings,
            synthesiser,
            stress: RwLock::new(Arc::new(Stress::built_in())),
            scratch: AtomicUsize::new(0),
        }
    }

    /// What is said from now on is stressed so; the one that was in use comes back. What is cached
    /// with another stress is rendered anew when it is asked for.
    pub fn stress_by(&self, stress: Arc<Stress>) -> Arc<Stress> {
        let mut used = self.stress.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut used, stress)
    }

    /// A phrase as an engine should read it. Only Russian has a list of stresses.
    pub(super) fn as_read(&self, phrase: &Phrase) -> String {
        if phrase.language() != "ru" {
            return phrase.text.clone();
        }
        let stress = self.stress.read().unwrap_or_else(PoisonError::into_inner);
        stress.mark(&phrase.text)
    }

    /// The sound of each phrase, by its name: 8 kHz, even level. Blocks while missing ones are
    /// rendered: a third of a second for each on one core, none the second time.
    ///
    /// # Errors
    /// The first phrase that has no sound.
    pub fn prepare(&self, phrases: &[Phrase]) -> Result<BTreeMap<String, Vec<i16>>, PromptError> {
        let mut wanted: BTreeMap<&str, &Phrase> = BTreeMap::new();
        for phrase in phrases {
            if !is_file_stem(&phrase.name) {
                return Err(PromptError::Name(phrase.name.clone()));
            }
            let first = *wanted.entry(&phrase.name).or_insert(phrase);
            if first.text != phrase.text {
                return Err(PromptError::TwoTexts(phrase.name.clone()));
            }
        }
        let todo = Mutex::new(wanted.into_values());
        let done: Mutex<BTreeMap<String, Vec<i16>>> = Mutex::default();
        let failed: Mutex<Option<PromptError>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let next = lock(&todo).next();
                        let Some(phrase) = next.filter(|_| lock(&failed).is_none()) else {
                            return;
                        };
                        match self.sound(phrase, false) {
                            Ok(audio) => {
                                lock(&done).insert(phrase.name.clone(), audio);
                            }
                            Err(why) => {
                                lock(&failed).get_or_insert(why);
                            }
                        }
                    }
                });
            }
        });
        match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(why) => Err(why),
            None => Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// What speaks, if anything does.
    #[must_use]
    pub fn synthesiser(&self) -> Option<&Synthesiser> {
        self.synthesiser.as_ref().ok()
    }

    /// Whether callers hear the basic voice, or none.
    #[must_use]
    pub fn is_basic(&self) -> bool {
        self.synthesiser().is_none_or(Synthesiser::is_basic)
    }

    /// What callers hear between announcements: `waiting_music.wav` among the recordings, else a
    /// loop that is made here.
    ///
    /// # Errors
    /// When the recording cannot be used.
    pub fn waiting_music(&self) -> Result<Vec<i16>, PromptError> {
        Ok(self.recorded(MUSIC)?.unwrap_or_else(music::waiting_loop))
    }

    /// The sound of one phrase, in its language, at the usual pace or slowly. Blocks while it is
    /// rendered, once; a recording keeps its own pace.
    ///
    /// # Errors
    /// When it has no sound.
    pub fn sound(&self, phrase: &Phrase, slow: bool) -> Result<Vec<i16>, PromptError> {
        let unusable = match self.recorded(&phrase.name) {
            Ok(Some(recorded)) => return Ok(recorded),
            Ok(None) => None,
            Err(why) => Some(why),
        };
        match (&self.synthesiser, unusable) {
            // A bad recording is told of at the start (`recordings::check`); callers hear the voice.
            (Ok(synthesiser), _) => {
                let voice = synthesiser.speaking(phrase.language());
                let voice = if slow { voice.slowed() } else { voice };
                self.rendered(phrase, &voice)
            }
            (Err(_), Some(why)) => Err(why),
            (Err(why), None) => Err(PromptError::NoVoice {
                name: phrase.name.clone(),
                why: why.to_string(),
            }),
        }
    }

    fn recorded(&self, name: &str) -> Result<Option<Vec<i16>>, PromptError> {
        let path = self.recordings.join(format!("{name}.wav"));
        if !path.is_file() {
            return Ok(None);
        }
        let audio = wav::read_8k(&path).map_err(|why| PromptError::Recording { path, why })?;
        let banded = BandPass::telephone().run(&audio);
        Ok(Some(loudness::to_level(&banded)))
    }

    fn rendered(
        &self,
        phrase: &Phrase,
        synthesiser: &Synthesiser,
    ) -> Result<Vec<i16>, PromptError> {
        let text = self.as_read(phrase);
        let key = format!("{}\n{text}", synthesiser.signature());
        let kept = self
            .cache
            .join(format!("{}.wav", hex(&Sha256::digest(key.as_bytes()))));
        // A file that does not read is rendered anew.
        if let Ok(audio) = wav::read_8k(&kept) {
            return Ok(audio);
        }
        fs::create_dir_all(&self.cache).map_err(|why| disk(&self.cache, &why))?;
        let number = self.scratch.fetch_add(1, Ordering::Relaxed);
        let scratch = self
            .cache
            .join(format!(".{}-{number}.part.wav", std::process::id()));
        // Another program speaks when this one fails: a caller is not left in silence.
        let said = synthesiser.say(&text, &scratch).or_else(|why| {
            tracing::warn!(phrase = phrase.name, %why, "the basic voice speaks instead");
            let basic = synthesiser.basic(&why.to_string());
            basic.say(&text, &scratch).map_err(|_| why)
        });
        let audio = said.map_err(|why| PromptError::Synthesis {
            name: phrase.name.clone(),
            why,
        })?;
        wav::write_8k(&scratch, &audio)
            .map_err(|why| PromptError::Disk(scratch.clone(), why.to_string()))?;
        fs::rename(&scratch, &kept).map_err(|why| disk(&kept, &why))?;
        Ok(audio)
    }
}

fn disk(path: &Path, why: &io::Error) -> PromptError {
    PromptError::Disk(path.to_owned(), why.to_string())
}

fn is_file_stem(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::p56::active_level;

    fn phrase(name: &str, text: &str) -> Phrase {
        Phrase {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn prompts(dir: &Path) -> Prompts {
        Prompts::new(
            dir.join("cache"),
            dir.join("recordings"),
            Err(SpeechError::NoSynthesiser),
        )
    }

    #[test]
    fn a_recording_replaces_the_synthesis_and_a_bad_one_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let prompts = prompts(dir.path());
        fs::create_dir_all(dir.path().join("recordings")).unwrap();
        let path = dir.path().join("recordings/greeting.wav");
        let tone: Vec<i16> = (0..8_000)
            .map(|n| if n % 16 < 8 { 900 } else { -900 })
            .collect();
        wav::write_8k(&path, &tone).unwrap();
        let ready = prompts
            .prepare(&[phrase("greeting", "Здравствуйте")])
            .unwrap();
        let level = active_level(&ready["greeting"]);
        assert!((level - loudness::SPEECH_DBOV).abs() < 0.5, "{level}");
        fs::write(&path, "RIFF").unwrap();
        let told = prompts
            .prepare(&[phrase("greeting", "Здравствуйте")])
            .unwrap_err()
            .to_string();
        assert!(
            told.contains("greeting.wav") && told.contains("WAV"),
            "{told}"
        );
    }

    #[test]
    fn without_a_synthesiser_the_package_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let told = prompts(dir.path())
            .prepare(&[phrase("a", "Да")])
            .unwrap_err()
            .to_string();
        assert!(told.contains("«a»") && told.contains("rhvoice"), "{told}");
    }

    #[test]
    fn names_are_file_names_and_mean_one_text() {
        let dir = tempfile::tempdir().unwrap();
        let prompts = prompts(dir.path());
        for name in ["../x", "", "фраза", ".hidden"] {
            assert!(matches!(
                prompts.prepare(&[phrase(name, "Да")]),
                Err(PromptError::Name(_))
            ));
        }
        let two = [phrase("a", "Да"), phrase("a", "Нет")];
        assert!(matches!(
            prompts.prepare(&two),
            Err(PromptError::TwoTexts(_))
        ));
    }

    #[test]
    fn there_is_always_waiting_music() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(
            prompts(dir.path()).waiting_music().unwrap().len(),
            24 * 8_000
        );
    }
}
