//! What belongs to one open call: its legs, its dialogue, what is being played.

use std::collections::BTreeMap;

use events::{
    DialoguePurpose, LegId, LineId, OperatorId, Pii, ServiceId, SupervisionMode, Timestamp,
    TranscriptDepth,
};
use ivr::{Dialogue, Manner};
use sip_gateway::boundary::{Hearing, PlayId};

use super::keeping::OFFERS;
use super::transcript::Transcript;
use super::{DictationId, ListenId};

/// One open call.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent of each other: is there, heard the notice, types, is held"
)]
pub(super) struct Room {
    pub(super) line: LineId,
    pub(super) service: ServiceId,
    /// The caller's number in the house's spelling, if the network told it.
    pub(super) number: Option<Pii<String>>,
    pub(super) caller: LegId,
    /// Whether the caller's leg is still there.
    pub(super) caller_present: bool,
    /// Operators' legs: ringing or talking.
    pub(super) operators: BTreeMap<OperatorId, LegId>,
    /// The supervisor who is in the talk, or whose phone is rung for it.
    pub(super) supervisor: Option<Supervisor>,
    /// Who hears the caller now.
    pub(super) talking: Option<OperatorId>,
    /// The leg of the number outside that is rung or talks.
    pub(super) outside: Option<LegId>,
    /// The leg of whoever is consulted and has answered.
    pub(super) consulted: Option<LegId>,
    /// Who hears whom while somebody is consulted, but for a supervisor.
    pub(super) apart: Option<Vec<Hearing>>,
    /// Whoever is consulted lets nobody hear them.
    pub(super) consulted_muted: bool,
    pub(super) dialogue: Option<Running>,
    /// Whether music follows what is played to a caller who waits.
    pub(super) music_next: bool,
    /// Whether to ask whether to be called back, once what is played has ended.
    pub(super) callback_due: bool,
    /// How often more the caller may be asked that.
    pub(super) callback_offers: u8,
    /// The play whose end means something.
    pub(super) play: Option<PlayId>,
    pub(super) listening: Option<ListenId>,
    /// Dictations whose end is due.
    pub(super) dictations: Vec<DictationId>,
    pub(super) notice_played: bool,
    /// Who listens to the talk with a person.
    pub(super) transcript: Transcript,
    /// What was last said to be made of that talk.
    pub(super) transcribed: Option<TranscriptDepth>,
    /// What the caller told the assistant, for the topic.
    pub(super) said: Vec<Pii<String>>,
    /// The service that was suggested last.
    pub(super) suggested: Option<ServiceId>,
    /// The operator named the service: nothing is suggested any more.
    pub(super) topic_settled: bool,
    /// Whether the caller reads and types.
    pub(super) writes: bool,
    /// The desk has put the caller on hold.
    pub(super) held: bool,
    /// Whoever is with the caller does not hear them: desk or phone has put them on hold.
    pub(super) unheard: bool,
    /// The desk lets the caller not hear the operator.
    pub(super) muted: bool,
    /// How the caller wants to be spoken to, for the whole call.
    pub(super) manner: Manner,
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

/// A supervisor in somebody else's talk, or on the way there.
pub(super) struct Supervisor {
    pub(super) id: OperatorId,
    pub(super) leg: LegId,
    pub(super) mode: SupervisionMode,
    /// Whether the phone was answered.
    pub(super) joined: bool,
    /// It rings no longer than until this time.
    pub(super) until: Timestamp,
}

impl Room {
    pub(super) const fn new(line: LineId, service: ServiceId, caller: LegId) -> Self {
        Self {
            line,
            service,
            number: None,
            caller,
            caller_present: true,
            operators: BTreeMap::new(),
            supervisor: None,
            talking: None,
            outside: None,
            consulted: None,
            apart: None,
            consulted_muted: false,
            dialogue: None,
            music_next: false,
            callback_due: false,
            callback_offers: OFFERS,
            play: None,
            listening: None,
            dictations: Vec::new(),
            notice_played: false,
            transcript: Transcript::Off,
            transcribed: None,
            said: Vec::new(),
            suggested: None,
            topic_settled: false,
            writes: false,
            held: false,
            unheard: false,
            muted: false,
            manner: Manner {
                slow: false,
                loud: false,
            },
            recordings: 0,
        }
    }

    /// The leg of the operator who talks with the caller.
    pub(super) fn talking_leg(&self) -> Option<LegId> {
        let talking = self.talking.as_ref()?;
        self.operators.get(talking).copied()
    }

    /// The operator whose leg this is.
    pub(super) fn operator_of(&self, leg: LegId) -> Option<OperatorId> {
        self.operators
            .iter()
            .find(|(_, l)| **l == leg)
            .map(|(operator, _)| operator.clone())
    }
}
