//! Everything under the scripts folder, for one configuration.

use std::path::Path;

use anyhow::Context as _;
use cases::io::calendars;
use cases::notify::Templates;
use ivr::ScriptSet;
use ivr::io::scripts::{check, load_scripts, read_sources};
use ivr::script::{Date, Finding, Setting, SourceFile};

use super::clock::Clock;
use crate::config::Config;
use crate::handbook::Handbook;
use crate::house;
use crate::organisation::Organisation;
use crate::switchboard::Outreach;

/// The local day.
#[must_use]
pub fn today(utc_offset_min: i16) -> Date {
    Date::at(Clock::start(events::Timestamp(0)).now(), utc_offset_min)
}

/// Reads and builds the assistant's scripts; warnings go to the log.
///
/// # Errors
/// Everything that forbids using them, file and line first.
pub fn assistant(config: &Config) -> anyhow::Result<ScriptSet> {
    let loaded = load_scripts(&config.server.scripts_dir, &setting(config));
    let (set, warnings) = loaded.map_err(|findings| all(&findings))?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    Ok(set)
}

/// Reads the operators' scripts and what else they look into.
///
/// # Errors
/// Everything that forbids using them, file and line first.
pub fn handbook(config: &Config, organisation: &Organisation) -> anyhow::Result<Handbook> {
    let read = Handbook::load(&config.server.scripts_dir, organisation);
    let read = read.map_err(|findings| all(&findings))?;
    for one in &read.unfit {
        tracing::warn!("обучение, без этого файла: {one}");
    }
    Ok(read)
}

/// What people are told of the house's own accord: templates, the scripts that tell them, the rules.
///
/// # Errors
/// Everything that forbids using them, file and line first.
pub fn outreach(config: &Config, assistant: &ScriptSet) -> anyhow::Result<Outreach> {
    let templates = templates(config)?;
    let calendars = calendars::load(&config.server.scripts_dir.join("calendars"))?;
    let places = calendars.receptions.iter();
    let places = places.map(|(name, place)| (name.clone(), place.title.clone()));
    Ok(house::outreach(
        config,
        assistant,
        templates,
        places.collect(),
    )?)
}

/// Reads the templates of notifications.
///
/// # Errors
/// Everything that is wrong with them, file and line first.
pub fn templates(config: &Config) -> anyhow::Result<Templates> {
    let files = files(&config.server.scripts_dir.join("notifications"))?;
    let texts = files.iter().map(|(name, text)| (&**name, &**text));
    Templates::read(texts).map_err(|findings| all(&findings))
}

/// Names and texts of a folder's TOML files, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder);
    for entry in entries.with_context(|| format!("папка {}", folder.display()))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path);
            files.push((name, text.with_context(|| path.display().to_string())?));
        }
    }
    files.sort();
    Ok(files)
}

/// Everything that is wrong with the assistant's scripts, golden conversations included.
#[must_use]
pub fn findings(config: &Config) -> Vec<Finding> {
    check(&config.server.scripts_dir, &setting(config))
}

/// Every file of the assistant's scripts folder.
///
/// # Errors
/// What cannot be read.
pub fn sources(config: &Config) -> anyhow::Result<Vec<SourceFile>> {
    read_sources(&config.server.scripts_dir).map_err(|findings| all(&findings))
}

/// What scripts are filled in with here, today.
#[must_use]
pub fn setting(config: &Config) -> Setting {
    Setting {
        organisation: config.organisation.name.clone(),
        today: today(config.organisation.utc_offset_min),
    }
}

fn all(findings: &[impl std::fmt::Display]) -> anyhow::Error {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("сценарии не загружены\n{}", lines.join("\n"))
}
