//! Everything under the scripts folder, for one configuration.

use anyhow::Context as _;
use ivr::ScriptSet;
use ivr::io::scripts::{check, load_scripts};
use ivr::script::{Date, Finding, Setting};

use super::clock::Clock;
use crate::config::Config;
use crate::operator_script::{OperatorScripts, read_all};
use crate::organisation::Organisation;

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

/// Reads the operators' scripts.
///
/// # Errors
/// Everything that forbids using them, file and line first.
pub fn operators(config: &Config, organisation: &Organisation) -> anyhow::Result<OperatorScripts> {
    let folder = config.server.scripts_dir.join("operator");
    let mut files = Vec::new();
    for entry in
        std::fs::read_dir(&folder).with_context(|| format!("папка {}", folder.display()))?
    {
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
    read_all(&files, organisation).map_err(|findings| all(&findings))
}

/// Everything that is wrong with the assistant's scripts, golden conversations included.
#[must_use]
pub fn findings(config: &Config) -> Vec<Finding> {
    check(&config.server.scripts_dir, &setting(config))
}

fn setting(config: &Config) -> Setting {
    Setting {
        organisation: config.organisation.name.clone(),
        today: today(config.organisation.utc_offset_min),
    }
}

fn all(findings: &[impl std::fmt::Display]) -> anyhow::Error {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("сценарии не загружены\n{}", lines.join("\n"))
}
