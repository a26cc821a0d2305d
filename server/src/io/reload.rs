//! The scripts folder read anew while calls run: checked as `liniya check` does, made audible and
//! understandable beside the calls, then handed to the loop. With one mistake in it nothing changes.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use events::ScriptId;
use ivr::ScriptSet;
use ivr::io::{Prompts, Recognisers};
use ivr::script::{Finding, Severity, SourceFile, Versions};

use super::ears;
use super::engine::Inbox;
use super::scripts;
use super::sounds::Library;
use super::world::lock;
use crate::api::{Mistake, Reloaded};
use crate::config::Config;
use crate::house;
use crate::knowledge_dates;
use crate::switchboard::{Input, NewScripts};

/// What the scripts are made ready with.
pub struct Means {
    /// Says.
    pub prompts: Arc<Prompts>,
    /// What is ready to be heard.
    pub library: Library,
    /// Understands.
    pub recognisers: Arc<Recognisers>,
    /// The way to the loop.
    pub inbox: Inbox,
}

/// Reads the scripts anew when it is told to, one time after the other.
pub struct Reloader {
    config: Config,
    means: Means,
    running: RwLock<Arc<ScriptSet>>,
    /// Held as long as a reload takes.
    versions: Mutex<Versions>,
}

impl fmt::Debug for Reloader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reloader").finish_non_exhaustive()
    }
}

impl Reloader {
    /// The server began with `running`.
    #[must_use]
    pub fn new(config: Config, means: Means, running: Arc<ScriptSet>) -> Self {
        let mut versions = Versions::default();
        versions.remember(&running);
        Self {
            config,
            means,
            running: RwLock::new(running),
            versions: Mutex::new(versions),
        }
    }

    /// The scripts that new calls follow.
    #[must_use]
    pub fn running(&self) -> Arc<ScriptSet> {
        let running = self.running.read();
        Arc::clone(&running.unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the scripts and lets new calls follow them; the log tells how it went. Takes seconds:
    /// not for the loop's thread nor for a task's.
    ///
    /// # Errors
    /// Everything that is wrong with them; the house goes on with the scripts it has.
    pub fn reload(&self) -> Result<Reloaded, Vec<Mistake>> {
        let mut versions = lock(&self.versions);
        let reloaded = self.replace(&mut versions);
        match &reloaded {
            Ok(reloaded) => tracing::info!(
                scripts = reloaded.versions.len(),
                "сценарии перезагружены: новые звонки идут по ним"
            ),
            Err(mistakes) => {
                for mistake in mistakes {
                    tracing::error!("{mistake}");
                }
                tracing::error!(
                    mistakes = mistakes.len(),
                    "сценарии не перезагружены, служба работает с прежними"
                );
            }
        }
        reloaded
    }

    /// How many answers of the knowledge base are fresh, and how many are not.
    #[must_use]
    pub fn freshness(&self) -> Vec<(&'static str, u64)> {
        let today = scripts::today(self.config.organisation.utc_offset_min);
        knowledge_dates::counts(self.running().knowledge(), today)
    }

    /// What would be wrong with these files, versions and golden conversations included. Changes
    /// nothing.
    #[must_use]
    pub fn rehearse(&self, files: &[SourceFile]) -> Vec<Mistake> {
        let versions = lock(&self.versions);
        let (set, mut errors) = checked(&self.config, files);
        if let Some(set) = &set {
            errors.extend(versions.findings(set, files));
            errors.extend(services_changed(&self.running(), set));
        }
        errors.iter().map(Mistake::from).collect()
    }

    fn replace(&self, versions: &mut Versions) -> Result<Reloaded, Vec<Mistake>> {
        ears::follow_the_choice(&self.config, &self.means.recognisers);
        let files = scripts::sources(&self.config).map_err(|error| vec![whole(&error)])?;
        let (set, mut errors) = checked(&self.config, &files);
        if let Some(set) = &set {
            errors.extend(versions.findings(set, &files));
            errors.extend(services_changed(&self.running(), set));
        }
        let Some(set) = set.filter(|_| errors.is_empty()) else {
            return Err(errors.iter().map(Mistake::from).collect());
        };
        let new = self.prepared(&set).map_err(|error| vec![whole(&error)])?;
        let named = |(id, version): &(ScriptId, String)| (id.to_string(), version.clone());
        let reloaded = Reloaded {
            versions: new.versions().iter().map(named).collect(),
        };
        versions.remember(&set);
        self.means.inbox.push(Input::ScriptsReloaded(Box::new(new)));
        *self.running.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        Ok(reloaded)
    }

    /// Everything that a call may say or hear is ready before the first call needs it.
    fn prepared(&self, set: &ScriptSet) -> anyhow::Result<NewScripts> {
        let setup = house::switchboard(&self.config, set)?;
        let outreach = scripts::outreach(&self.config, set)?;
        self.means.library.render(&self.means.prompts, set)?;
        let unheard = self.means.recognisers.learn(set.grammars());
        let unheard = unheard.map_err(anyhow::Error::msg)?;
        for one in unheard.findings() {
            tracing::warn!("{one}");
        }
        // A build for debugging takes too long over it, and learns when it has to.
        if let Some(classifier) = set.classifier().filter(|_| !cfg!(debug_assertions)) {
            classifier.warm();
        }
        Ok(NewScripts::new(set, setup, outreach))
    }
}

/// Lints the files and holds the golden conversations: what can be made of the files, and every
/// error. Warnings go to the log.
fn checked(config: &Config, files: &[SourceFile]) -> (Option<ScriptSet>, Vec<Finding>) {
    let setting = scripts::setting(config);
    let findings = ivr::script::check(files, &setting);
    let (errors, warnings): (Vec<Finding>, Vec<Finding>) = findings
        .into_iter()
        .partition(|finding| finding.severity == Severity::Error);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    (ivr::script::build(files, &setting).0, errors)
}

/// Services stand in queues, desks, reports and visits: a reload of scripts does not reach them.
fn services_changed(running: &ScriptSet, new: &ScriptSet) -> Option<Finding> {
    (running.services() != new.services()).then(|| Finding {
        file: "services".to_owned(),
        line: 1,
        rule: ivr::script::Rule::BadValue,
        message: "список услуг изменился, а его читают только при запуске".to_owned(),
        advice: "верните прежний список или перезапустите службу".to_owned(),
        severity: Severity::Error,
    })
}

/// A mistake that is not in one line of one script.
fn whole(error: &anyhow::Error) -> Mistake {
    Mistake {
        place: None,
        reason: format!("{error:#}"),
        remedy: "исправьте названное и перезагрузите сценарии снова".to_owned(),
    }
}

#[cfg(test)]
mod tests;
