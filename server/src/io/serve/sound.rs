//! The sound of everything that can be said, encoded once and shared by every call.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use ivr::ScriptSet;
use ivr::io::{Prompts, SpeechConfig, Synthesiser};
use sip_gateway::boundary::EncodedPrompt;
use sip_gateway::media::g711;

use crate::config::Config;
use crate::house::MUSIC;

/// Renders what is missing from the cache and encodes everything.
pub(super) fn prompts(
    config: &Config,
    scripts: &ScriptSet,
) -> anyhow::Result<BTreeMap<String, Arc<EncodedPrompt>>> {
    let speech = SpeechConfig {
        voice: config.speech.voice.clone(),
        noncommercial_voices: config.speech.noncommercial_voices,
        ..SpeechConfig::default()
    };
    let synthesiser = Synthesiser::detect(&speech);
    match &synthesiser {
        Ok(found) => tracing::info!("голос помощника: {found}"),
        Err(error) => tracing::warn!("{error}"),
    }
    let cache = config.speech.cache_dir.join("prompts");
    let prompts = Prompts::new(cache, config.speech.recordings_dir.clone(), synthesiser);
    let phrases = scripts.phrases();
    tracing::info!(
        phrases = phrases.len(),
        "готовлю фразы помощника (в первый раз до минуты)"
    );
    let sounds = prompts.prepare(&phrases).context("фразы помощника")?;
    let music = prompts.waiting_music().context("музыка ожидания")?;
    let all = sounds.into_iter().chain([(MUSIC.to_owned(), music)]);
    Ok(all
        .map(|(name, sound)| (name, Arc::new(g711::encode_prompt(&sound))))
        .collect())
}
