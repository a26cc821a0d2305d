//! How the house hears: the model that was chosen, at the start and at every reload.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ivr::ScriptSet;
use ivr::io::models::{ModelStore, Tester};
use ivr::io::{RecogniserConfig, RecogniserStatus, Recognisers};

use crate::config::Config;

/// Starts recognition with the chosen model, or with that of the settings, or with none; the log names
/// everything that will not be heard.
pub(super) fn open(config: &Config, scripts: &ScriptSet) -> (Arc<Recognisers>, RecogniserStatus) {
    let (model, reserve) = chosen(config);
    let tester = tester(&config.speech.library)
        .inspect_err(|why| {
            tracing::warn!(%why, "модель загружается без предварительной проверки");
        })
        .ok();
    let recogniser = RecogniserConfig {
        reserve,
        language: config.speech.language.clone(),
        trusted: config.speech.trusted_models.clone(),
        tester,
        library: Some(config.speech.library.clone()),
        cache: config.speech.cache_dir.join("graphs"),
        threads: config.speech.threads,
        max_sessions: config.speech.max_sessions,
        max_talks: config.speech.max_talks,
        ..RecogniserConfig::new(&model, &config.speech.cache_dir)
    };
    let (recognisers, status) = Recognisers::start(&recogniser, scripts.grammars());
    status
        .findings()
        .iter()
        .for_each(|one| tracing::warn!("{one}"));
    (Arc::new(recognisers), status)
}

/// Hears with the model that is chosen now, if that is another one; the log tells how it went. Where it
/// cannot be used, the house hears as before.
pub(super) fn follow_the_choice(config: &Config, recognisers: &Recognisers) {
    let (model, reserve) = chosen(config);
    if recognisers.hears_with(&model) {
        return;
    }
    match recognisers.switch(&model, reserve.as_deref()) {
        Ok(status) => {
            tracing::info!(model = %model.display(), "распознавание идёт с выбранной моделью");
            status
                .findings()
                .iter()
                .for_each(|one| tracing::warn!("{one}"));
        }
        Err(why) => tracing::error!("модель распознавания не сменилась: {why}"),
    }
}

/// The model to hear with, and the one to fall back to.
fn chosen(config: &Config) -> (PathBuf, Option<PathBuf>) {
    let own = config.speech.model.clone();
    match ModelStore::under(&config.server.data_dir).chosen() {
        Some(chosen) => (chosen, Some(own)),
        None => (own, None),
    }
}

/// The way to try a model in a process of its own: this very program.
///
/// # Errors
/// When the system does not say which program this is.
pub(super) fn tester(library: &Path) -> std::io::Result<Tester> {
    let arguments = ["models", "probe", "--library"].map(str::to_owned);
    let mut arguments = arguments.to_vec();
    arguments.push(library.to_string_lossy().into_owned());
    Ok(Tester::new(std::env::current_exe()?, arguments))
}
