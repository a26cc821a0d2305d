//! What belongs to one open call: its legs, its dialogue, what is being played.

use std::collections::BTreeMap;

use events::{DialoguePurpose, LegId, LineId, OperatorId, ServiceId, Timestamp};
use ivr::Dialogue;
use sip_gateway::boundary::PlayId;

use super::ListenId;

/// One open call.
pub(super) struct Room {
    pub(super) line: LineId,
    pub(super) service: ServiceId,
    pub(super) caller: LegId,
    /// Whether the caller's leg is still there.
    pub(super) caller_present: bool,
    /// Operators' legs: ringing or talking.
    pub(super) operators: BTreeMap<OperatorId, LegId>,
    /// Who hears the caller now.
    pub(super) talking: Option<OperatorId>,
    pub(super) dialogue: Option<Running>,
    /// The play whose end means something.
    pub(super) play: Option<PlayId>,
    pub(super) listening: Option<ListenId>,
    pub(super) notice_played: bool,
    /// Conversations recorded so far: the number in the next file's name.
    pub(super) recordings: u32,
}

/// A dialogue in progress.
pub(super) struct Running {
    pub(super) purpose: DialoguePurpose,
    pub(super) dialogue: Dialogue,
    /// The deadline under which the dialogue stands in the switchboard's alarms.
    pub(super) alarm: Option<Timestamp>,
}

impl Room {
    pub(super) const fn new(line: LineId, service: ServiceId, caller: LegId) -> Self {
        Self {
            line,
            service,
            caller,
            caller_present: true,
            operators: BTreeMap::new(),
            talking: None,
            dialogue: None,
            play: None,
            listening: None,
            notice_played: false,
            recordings: 0,
        }
    }

    /// The operator whose leg this is.
    pub(super) fn operator_of(&self, leg: LegId) -> Option<OperatorId> {
        self.operators
            .iter()
            .find(|(_, l)| **l == leg)
            .map(|(operator, _)| operator.clone())
    }
}
