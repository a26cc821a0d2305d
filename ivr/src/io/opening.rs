//! Opening a model for the lists of the scripts: which model, whether it may be used, what of the lists
//! it can hear.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ::vosk::{LogLevel, Recognizer, set_log_level};
use sha2::{Digest as _, Sha256};
use tracing::warn;

use super::libvosk;
use super::lists::{self, Lists, Prepared};
use super::loaded::{Loaded, Models, read};
use super::model::{AcousticModel, ModelKind, ModelProblem, hex};
use super::settings::{RecogniserConfig, RecogniserStatus, Unheard};
use crate::graph::Expected;

/// The language whose sounds the built-in kind of model knows.
const BUILT_IN_LANGUAGE: &str = "ru";

/// A model with its lists.
pub(super) struct Opened {
    pub(super) lists: BTreeMap<String, Prepared>,
    pub(super) model: Option<AcousticModel>,
    pub(super) models: Models,
    pub(super) status: RecogniserStatus,
}

impl Opened {
    /// Nothing can be heard, and why.
    pub(super) fn nothing(why: String) -> Self {
        Self {
            lists: BTreeMap::new(),
            model: None,
            models: Models::new(1),
            status: RecogniserStatus::KeysOnly { why },
        }
    }
}

/// Opens the library and the model, or the one in reserve.
pub(super) fn open(config: &RecogniserConfig, lists: &BTreeMap<String, Expected>) -> Opened {
    if let Err(why) = libvosk::load(config.library.as_deref()) {
        return Opened::nothing(format!(
            "не загрузилась библиотека libvosk ({why}). Выполните: deploy/setup/speech.sh"
        ));
    }
    set_log_level(LogLevel::Error);
    let first = match open_model(config, &config.model, lists) {
        Ok(opened) => return opened,
        Err(why) => why,
    };
    let Some(reserve) = config.reserve.as_ref().filter(|r| **r != config.model) else {
        return Opened::nothing(first.to_string());
    };
    match open_model(config, reserve, lists) {
        Ok(mut opened) => {
            if let RecogniserStatus::Ready { instead_of, .. } = &mut opened.status {
                *instead_of = Some(first.to_string());
            }
            opened
        }
        Err(second) => Opened::nothing(format!("{first}; запасная: {second}")),
    }
}

fn open_model(
    config: &RecogniserConfig,
    dir: &Path,
    lists: &BTreeMap<String, Expected>,
) -> Result<Opened, ModelProblem> {
    let model = AcousticModel::open(dir)?;
    if model.kind() == ModelKind::Phones && config.language != BUILT_IN_LANGUAGE {
        let language = config.language.clone();
        return Err(ModelProblem::Language(model.dir().to_owned(), language));
    }
    trusted(config, &model)?;
    tried(config, &model)?;
    let mut models = Models::new(config.max_models);
    let words = vocabulary(&model, &mut models)?;
    let Lists { prepared, unheard } =
        lists::prepare(&config.cache, &model, words.as_ref(), lists.iter())?;
    if words.is_some() {
        not_foreign(&model, lists, &unheard)?;
    }
    // The first list is loaded now: a model that libvosk refuses must be known at the start.
    if let Some(first) = prepared.values().next() {
        let loaded = models.get(&first.folder).ok_or_else(|| refused(&model))?;
        if Recognizer::new(&read(&loaded), 8_000.0).is_none() {
            return Err(refused(&model));
        }
    }
    let status = RecogniserStatus::Ready {
        model: model.name(),
        lists: prepared.len(),
        unheard,
        instead_of: None,
    };
    Ok(Opened {
        lists: prepared,
        model: Some(model),
        models,
        status,
    })
}

/// Whether the model knows at least half of the phrases.
fn not_foreign(
    model: &AcousticModel,
    lists: &BTreeMap<String, Expected>,
    unheard: &Unheard,
) -> Result<(), ModelProblem> {
    let all: usize = lists.values().map(|list| list.phrases.len()).sum();
    let in_lists = |key: &String| lists.get(key).map_or(0, |list| list.phrases.len());
    let whole: usize = unheard.lists.iter().map(|(key, _)| in_lists(key)).sum();
    let known = all.saturating_sub(whole + unheard.phrases.len());
    if known * 2 < all {
        let dir = model.dir().to_owned();
        return Err(ModelProblem::Foreign { dir, known, all });
    }
    Ok(())
}

/// The model itself where its own words count; ours takes any.
pub(super) fn vocabulary(
    model: &AcousticModel,
    models: &mut Models,
) -> Result<Option<Loaded>, ModelProblem> {
    match model.kind() {
        ModelKind::Phones => Ok(None),
        ModelKind::Words | ModelKind::Open => {
            let loaded = models.get(model.dir()).ok_or_else(|| refused(model))?;
            Ok(Some(loaded))
        }
    }
}

fn refused(model: &AcousticModel) -> ModelProblem {
    let why = "libvosk её не приняла".to_owned();
    ModelProblem::Refused(model.dir().to_owned(), why)
}

/// Whether the model is one of those that the settings pin; no pins, no question.
fn trusted(config: &RecogniserConfig, model: &AcousticModel) -> Result<(), ModelProblem> {
    let version = model.version().unwrap_or("без списка model.sha256");
    let pinned = |pin: &String| pin.eq_ignore_ascii_case(version);
    if config.trusted.is_empty() || config.trusted.iter().any(pinned) {
        return Ok(());
    }
    let (dir, version) = (model.dir().to_owned(), version.to_owned());
    Err(ModelProblem::Untrusted(dir, version))
}

/// A model that was not seen to work before is loaded in a process of its own first. That it works is
/// remembered by its files' sizes and times, so that a large model is not loaded twice at each start.
fn tried(config: &RecogniserConfig, model: &AcousticModel) -> Result<(), ModelProblem> {
    let Some(tester) = &config.tester else {
        return Ok(());
    };
    let noted = config.cache.join("tried").join(fingerprint(model.dir()));
    if noted.exists() {
        return Ok(());
    }
    tester.try_apart(model.dir())?;
    let folder = noted.parent().unwrap_or(&config.cache);
    // Not remembering costs the next start some seconds and nothing else.
    if let Err(why) = fs::create_dir_all(folder).and_then(|()| fs::write(&noted, "")) {
        warn!(%why, "that the model works could not be noted in {}", folder.display());
    }
    Ok(())
}

fn fingerprint(dir: &Path) -> String {
    let mut sum = Sha256::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                open.push(path);
            } else if let Ok(meta) = fs::metadata(&path) {
                let changed = meta.modified().ok();
                sum.update(format!("{} {} {changed:?}\n", path.display(), meta.len()));
            }
        }
    }
    hex(&sum.finalize())
}
