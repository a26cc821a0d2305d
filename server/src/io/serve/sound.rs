//! The sound of everything that can be said, encoded once and shared by every call.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context as _;
use ivr::ScriptSet;
use ivr::io::{Prompts, RecordingFinding, SpeechConfig, Synthesiser, Voice, recordings};

use crate::config::Config;
use crate::house::{self, MUSIC};
use crate::io::clock::Clock;
use crate::io::sounds::Library;

/// Threads that speak while calls run: one sentence takes each a tenth of a second.
const VOICES: usize = 2;

/// What can be heard.
pub(super) struct Sound {
    /// Every phrase that is the same for all.
    pub(super) ready: Library,
    /// Where sounds come from.
    pub(super) prompts: Arc<Prompts>,
    /// For the rest.
    pub(super) voice: Arc<Voice>,
    /// What speaks, for the administrator.
    pub(super) status: String,
}

/// Renders what is missing from the cache and encodes everything; starts the voice.
pub(super) fn open(config: &Config, scripts: &ScriptSet, clock: Clock) -> anyhow::Result<Sound> {
    let synthesiser = synthesiser(config);
    let status = match &synthesiser {
        Ok(found) => found.to_string(),
        Err(error) => error.to_string(),
    };
    match &synthesiser {
        Ok(good) if !good.is_basic() => tracing::info!("{status}"),
        Ok(_) | Err(_) => {
            tracing::warn!(
                "{status}; хороший голос ставит команда: sudo deploy/setup/speech.sh var"
            );
        }
    }
    for finding in recording_findings(config, scripts) {
        tracing::warn!("{finding}");
    }
    let cache = config.speech.cache_dir.join("prompts");
    let prompts = Prompts::new(cache, config.speech.recordings_dir.clone(), synthesiser);
    tracing::info!(
        phrases = scripts.phrases().len(),
        "готовлю фразы помощника (в первый раз до минуты)"
    );
    let ready = Library::default();
    ready.render(&prompts, scripts).context("фразы помощника")?;
    let music = prompts.waiting_music().context("музыка ожидания")?;
    ready.add(house::music(), &music);
    let prompts = Arc::new(prompts);
    let now = Arc::new(move || clock.now());
    let voice = Arc::new(Voice::start(Arc::clone(&prompts), VOICES, now));
    Ok(Sound {
        ready,
        prompts,
        voice,
        status,
    })
}

fn synthesiser(config: &Config) -> Result<Synthesiser, ivr::io::SpeechError> {
    Synthesiser::detect(&SpeechConfig {
        voice: config.speech.voice.clone(),
        noncommercial_voices: config.speech.noncommercial_voices,
        ..SpeechConfig::default()
    })
}

/// What is wrong with the recordings that shall replace the synthesis.
pub(crate) fn recording_findings(config: &Config, scripts: &ScriptSet) -> Vec<RecordingFinding> {
    let phrases = scripts.phrases();
    let names: BTreeSet<&str> = phrases
        .iter()
        .map(|phrase| phrase.name.as_str())
        .chain([MUSIC])
        .collect();
    recordings::check(&config.speech.recordings_dir, &names)
}
