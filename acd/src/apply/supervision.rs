//! Supervisors come into talks and leave them.

use events::{SupervisionEvent, Timestamp};

use crate::Supervision;
use crate::acd::Acd;

impl Acd {
    pub(super) fn follow_supervision(&mut self, at: Timestamp, fact: &SupervisionEvent) {
        match fact {
            SupervisionEvent::Started {
                call,
                supervisor,
                mode,
                ..
            } => {
                let supervision = Supervision {
                    call: *call,
                    mode: *mode,
                    since: at,
                };
                self.supervisions.insert(supervisor.clone(), supervision);
            }
            SupervisionEvent::Changed {
                supervisor, mode, ..
            } => {
                if let Some(supervision) = self.supervisions.get_mut(supervisor) {
                    supervision.mode = *mode;
                }
            }
            SupervisionEvent::Ended { supervisor, .. } => {
                self.supervisions.remove(supervisor);
            }
        }
    }
}
