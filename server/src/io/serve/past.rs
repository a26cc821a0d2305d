//! What the journal knows, read once at the start.

use std::sync::Arc;

use acd::Acd;
use cases::Ledger;
use events::{Chain, Event, Timestamp};
use metrics::{Numbers, Projection as _};

use crate::config::Config;
use crate::desk::Desk;
use crate::house;
use crate::io::journal_file::JournalFile;
use crate::operator_script::OperatorScripts;
use crate::organisation::Organisation;
use crate::script_texts::ScriptTexts;
use crate::switchboard::{Opening, Outreach, is_numbered_by, new_call};
use crate::told_log::ToldLog;

/// What the journal knows: read once, before anything begins.
pub(super) struct Past {
    pub(super) journal: JournalFile,
    pub(super) chain: Chain,
    pub(super) newest: Option<Timestamp>,
    pub(super) acd: Acd,
    pub(super) ledger: Ledger,
    pub(super) outreach: Outreach,
    pub(super) told: ToldLog,
    pub(super) texts: ScriptTexts,
    pub(super) newest_call: Option<events::Record>,
    pub(super) numbers: Numbers,
    pub(super) desk: Desk,
}

impl Past {
    pub(super) fn open(
        config: &Config,
        organisation: &Arc<Organisation>,
        scripts: &OperatorScripts,
        mut outreach: Outreach,
    ) -> anyhow::Result<Self> {
        let (mut told, mut texts) = (ToldLog::default(), ScriptTexts::default());
        let settings = house::distribution(config, scripts.versions());
        let mut acd = Acd::new(settings);
        let mut numbers = Numbers::default();
        let mut desk = Desk::new(Arc::clone(organisation));
        let mut ledger = Ledger::default();
        let (mut newest, mut newest_call) = (None, None);
        let (journal, chain) = JournalFile::open(&config.journal_path(), |record| {
            acd.apply(record.at, &record.event);
            numbers.apply(&record);
            if let Event::Case(fact) = &record.event {
                ledger.apply(record.at, fact);
            }
            outreach.apply(record.at, &record.event);
            told.apply(&record);
            texts.apply(&record);
            desk.apply(&record);
            newest = Some(record.at);
            let ours = |call| is_numbered_by(config.server.node, call);
            if new_call(&record.event).is_some_and(ours) {
                newest_call = Some(record);
            }
        })?;
        Ok(Self {
            journal,
            chain,
            newest,
            acd,
            ledger,
            outreach,
            told,
            texts,
            newest_call,
            numbers,
            desk,
        })
    }

    /// What the new process says first.
    pub(super) fn opening(&self, node: u16, seed: u64) -> Opening {
        let version = env!("CARGO_PKG_VERSION").into();
        Opening {
            started: Event::ServerStarted {
                node,
                version,
                seed,
            },
            catalogue: self.acd.settings().catalogue(),
            crashed_at: self.newest,
        }
    }
}
