//! The files of operators' scripts, of the directory and of the knowledge base, as people edit them
//! (ADR 0016).

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use ivr::script::{Severity, SourceFile};

use super::engine::Inbox;
use super::handbook;
use super::reload::Reloader;
use super::scripts;
use super::text_store::{self, TextStore};
use crate::api::{Shelf, TextFinding};
use crate::config::Config;
use crate::handbook::Handbook;
use crate::operator_script::Finding;
use crate::organisation::Organisation;
use crate::script_texts::ScriptTexts;
use crate::switchboard::Input;

/// Folder of the knowledge base.
const KNOWLEDGE: &str = "knowledge/";

/// The files, and what is in use of them.
#[derive(Debug)]
pub struct ScriptShelf {
    config: Config,
    organisation: Arc<Organisation>,
    store: TextStore,
    handbook: RwLock<Arc<Handbook>>,
    reloader: Arc<Reloader>,
    inbox: Inbox,
}

impl ScriptShelf {
    /// The server began with `handbook`.
    ///
    /// # Errors
    /// The folder of kept texts cannot be made.
    pub fn open(
        config: &Config,
        organisation: &Arc<Organisation>,
        handbook: Handbook,
        (reloader, inbox): (&Arc<Reloader>, &Inbox),
    ) -> anyhow::Result<Self> {
        let folder = config.server.data_dir.join("script-texts");
        let store = TextStore::open(folder).map_err(|error| {
            let told = text_store::refusal("папка текстов сценариев не создаётся", &error);
            anyhow::anyhow!(told)
        })?;
        Ok(Self {
            config: config.clone(),
            organisation: Arc::clone(organisation),
            store,
            handbook: RwLock::new(Arc::new(handbook)),
            reloader: Arc::clone(reloader),
            inbox: inbox.clone(),
        })
    }

    /// What operators look into now.
    #[must_use]
    pub fn handbook(&self) -> Arc<Handbook> {
        let handbook = self.handbook.read();
        Arc::clone(&handbook.unwrap_or_else(PoisonError::into_inner))
    }

    /// The same shelf, ready for use: approvals that a crash cut short are finished, files that were
    /// changed beside them are told.
    #[must_use]
    pub fn recovered(self, texts: &ScriptTexts) -> Arc<Self> {
        self.recover(texts);
        Arc::new(self)
    }

    fn recover(&self, texts: &ScriptTexts) {
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => return tracing::error!("{error}"),
        };
        for (file, approved) in texts.in_use() {
            let now = files.iter().find(|(name, _)| name == file);
            let now = now.map(|(_, text)| text_store::digest(text));
            if now.as_deref() == Some(approved.digest.as_str()) {
                continue;
            }
            let text = self.store.text(&approved.digest);
            match text.filter(|_| now == approved.base) {
                Some(text) => match self.put_in_use(file, &text) {
                    Ok(()) => tracing::info!(file, "утверждённый текст поставлен в работу"),
                    Err(error) => tracing::error!(file, "{error}"),
                },
                None => tracing::warn!(
                    file,
                    "файл изменён на диске после утверждения: работает текст с диска"
                ),
            }
        }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.config.server.scripts_dir.join(file)
    }

    fn handbook_findings(&self, file: &str, text: &str) -> Vec<TextFinding> {
        let mut files = match handbook::sources(&self.config.server.scripts_dir) {
            Ok(files) => files,
            Err(findings) => {
                return findings
                    .iter()
                    .map(|one| elsewhere(&one.to_string()))
                    .collect();
            }
        };
        files.retain(|(name, _)| name != file);
        files.push((file.to_owned(), text.to_owned()));
        files.sort();
        let findings = match Handbook::read(&files, &self.organisation) {
            Ok(handbook) => return handbook.unfit.iter().map(beside).collect(),
            Err(findings) => findings,
        };
        let finding = |one: &Finding| {
            if one.file == file {
                TextFinding {
                    line: one.line,
                    text: one.text.clone(),
                    is_error: true,
                }
            } else {
                elsewhere(&one.to_string())
            }
        };
        findings.iter().map(finding).collect()
    }

    fn knowledge_files(&self, file: &str, text: &str) -> anyhow::Result<Vec<SourceFile>> {
        let mut files = scripts::sources(&self.config)?;
        files.retain(|one| one.path != file);
        files.push(SourceFile {
            path: file.to_owned(),
            text: text.to_owned(),
        });
        Ok(files)
    }

    /// With the words a card says come those of the whole assistant.
    fn knowledge_findings(&self, file: &str, text: &str) -> Vec<TextFinding> {
        let files = match self.knowledge_files(file, text) {
            Ok(files) => files,
            Err(error) => return vec![elsewhere(&format!("{error:#}"))],
        };
        let (_, findings) = ivr::script::build(&files, &scripts::setting(&self.config));
        let own = findings.into_iter().filter_map(|one| {
            let is_error = one.severity == Severity::Error;
            if one.file == file {
                let text = format!("{}; что делать: {}", one.message, one.advice);
                return Some(TextFinding {
                    line: usize::try_from(one.line).unwrap_or(usize::MAX),
                    text,
                    is_error,
                });
            }
            is_error.then(|| elsewhere(&one.to_string()))
        });
        own.collect()
    }
}

/// Training that does not fit this text any more: it is left out until somebody mends it.
fn beside(one: &Finding) -> TextFinding {
    TextFinding {
        is_error: false,
        ..elsewhere(&one.to_string())
    }
}

/// A mistake of another file, which this text brings about.
fn elsewhere(text: &str) -> TextFinding {
    TextFinding {
        line: 1,
        text: text.to_owned(),
        is_error: true,
    }
}

impl Shelf for ScriptShelf {
    fn files(&self) -> Result<Vec<(String, String)>, String> {
        let handbook = handbook::sources(&self.config.server.scripts_dir).map_err(|findings| {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            format!("Папка сценариев не читается: {}", lines.join("; "))
        })?;
        let assistant = scripts::sources(&self.config).map_err(|error| format!("{error:#}"))?;
        let knowledge = assistant
            .into_iter()
            .filter(|one| one.path.starts_with(KNOWLEDGE))
            .map(|one| (one.path, one.text));
        let mut files: Vec<(String, String)> = handbook.into_iter().chain(knowledge).collect();
        files.retain(|(name, _)| crate::script_texts::is_editable(name));
        files.sort();
        Ok(files)
    }

    fn digest(&self, text: &str) -> String {
        text_store::digest(text)
    }

    fn keep(&self, text: &str) -> Result<String, String> {
        let kept = self.store.keep(text);
        kept.map_err(|error| text_store::refusal("Текст не сохранён", &error))
    }

    fn kept(&self, digest: &str) -> Option<String> {
        self.store.text(digest)
    }

    fn findings(&self, file: &str, text: &str) -> Vec<TextFinding> {
        if file.starts_with(KNOWLEDGE) {
            self.knowledge_findings(file, text)
        } else {
            self.handbook_findings(file, text)
        }
    }

    fn all_findings(&self, file: &str, text: &str) -> Vec<TextFinding> {
        let found = self.findings(file, text);
        let is_done = !file.starts_with(KNOWLEDGE) || found.iter().any(|one| one.is_error);
        if is_done {
            return found;
        }
        match self.knowledge_files(file, text) {
            Ok(files) => {
                let mistakes = self.reloader.rehearse(&files);
                let told = mistakes.iter().map(|one| elsewhere(&one.to_string()));
                found.into_iter().chain(told).collect()
            }
            Err(error) => vec![elsewhere(&format!("{error:#}"))],
        }
    }

    fn put_in_use(&self, file: &str, text: &str) -> Result<(), String> {
        text_store::write_whole(&self.path(file), text).map_err(|error| {
            let what = format!("Утверждено, но {file} не записан в папку сценариев");
            let remedy = "; после этого перезапустите службу: текст встанет на место сам";
            text_store::refusal(&what, &error) + remedy
        })?;
        if file.starts_with(KNOWLEDGE) {
            let reloaded = self.reloader.reload();
            return reloaded.map(|_| ()).map_err(|mistakes| {
                let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                format!("Текст записан, но не работает: {}", lines.join("; "))
            });
        }
        let read = Handbook::load(&self.config.server.scripts_dir, &self.organisation);
        let read = read.map_err(|findings| {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            format!("Текст записан, но не работает: {}", lines.join("; "))
        })?;
        let scripts = Arc::clone(&read.scripts);
        *self
            .handbook
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
        self.inbox.push(Input::OperatorScriptsChanged(scripts));
        Ok(())
    }
}
