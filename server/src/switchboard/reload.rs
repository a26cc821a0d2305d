//! Scripts read anew: new conversations follow them, those under way keep theirs.

use events::{Event, ScriptId, Timestamp};
use ivr::ScriptSet;

use super::{Outreach, Setup, Switchboard, Turn};

/// Scripts that were read anew, checked, and can be heard and understood.
#[derive(Debug)]
pub struct NewScripts {
    setup: Setup,
    outreach: Outreach,
    versions: Vec<(ScriptId, String)>,
}

impl NewScripts {
    /// What a house with these scripts would be set up with; of it only what comes from the scripts
    /// is taken.
    #[must_use]
    pub fn new(scripts: &ScriptSet, setup: Setup, outreach: Outreach) -> Self {
        let versions = scripts.scripts();
        Self {
            setup,
            outreach,
            versions: versions
                .map(|script| (script.id.clone(), script.version.clone()))
                .collect(),
        }
    }

    /// The version of each script.
    #[must_use]
    pub fn versions(&self) -> &[(ScriptId, String)] {
        &self.versions
    }
}

impl Switchboard {
    /// What comes from the configuration or is a fold of the journal stays as it is.
    pub(super) fn scripts_reloaded(&mut self, now: Timestamp, new: NewScripts, turn: &mut Turn) {
        let NewScripts {
            mut setup,
            outreach,
            versions,
        } = new;
        for (number, line) in &mut self.setup.lines {
            if let Some(new) = setup.lines.remove(number) {
                line.script = new.script;
            }
        }
        self.setup.rating = setup.rating;
        self.setup.farewell = setup.farewell;
        self.setup.waiting = setup.waiting;
        self.setup.waiting_on = setup.waiting_on;
        self.setup.telling_wait = setup.telling_wait;
        self.setup.transfer = setup.transfer;
        self.setup.classifier = setup.classifier;
        self.setup.talk_list = setup.talk_list;
        self.outreach.take_texts(outreach);
        self.note(now, Event::ScriptsReloaded { versions }, turn);
    }
}
