//! What the desk remembers of a call, from the door to the end of the last after-call work.

use std::collections::BTreeMap;

use events::{
    ChosenBy, DialogueOutcome, DialoguePurpose, LineId, OperatorId, Pii, QueueId, ServiceId,
    Timestamp, TransferTarget, Waits,
};

use super::consultation::Beside;
use super::transcript::Transcript;

/// Answers to the assistant that are shown; the oldest are dropped.
const HEARD_MAX: usize = 40;
/// Lines of a talk in writing that are shown; the oldest are dropped.
const WRITTEN_MAX: usize = 200;

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent of each other: writes, is held, is open"
)]
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) line: LineId,
    pub(super) service: ServiceId,
    pub(super) chosen_by: Option<ChosenBy>,
    /// What the caller's words suggest, and how surely, in thousandths.
    pub(super) topic: Option<(ServiceId, u16)>,
    pub(super) caller: Option<Pii<String>>,
    pub(super) arrived: Timestamp,
    pub(super) connected: Option<Timestamp>,
    pub(super) heard: Vec<(Timestamp, Heard)>,
    /// Whether the caller types.
    pub(super) writes: bool,
    /// What caller and operators typed to each other.
    pub(super) written: Vec<(Timestamp, Written)>,
    /// What the caller said to operators.
    pub(super) transcript: Transcript,
    pub(super) assistant: Option<DialogueOutcome>,
    pub(super) queue: Option<QueueId>,
    pub(super) first_queued: Option<Timestamp>,
    pub(super) waiting_since: Option<Timestamp>,
    /// Fixed when the first operator answered.
    pub(super) waits: Option<Waits>,
    pub(super) handovers: Vec<Handover>,
    pub(super) held: bool,
    /// Whom the operator consults.
    pub(super) beside: Option<Beside>,
    pub(super) is_open: bool,
    /// What was written down, by the field's name; kept when the caller is handed on.
    pub(super) fields: BTreeMap<String, Pii<String>>,
    /// Whether somebody promised to call back.
    pub(super) callback_owed: bool,
    /// The body the caller was told to turn to.
    pub(super) referred_to: Option<String>,
}

/// One answer of the caller to the assistant.
#[derive(Clone, Debug)]
pub(super) enum Heard {
    Speech {
        step: String,
        text: Pii<String>,
        confidence_permille: u16,
        accepted: bool,
    },
    Key {
        step: String,
        digit: Pii<char>,
    },
}

/// One line of a talk in writing.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) is_operators: bool,
    pub(super) text: Pii<String>,
}

impl Written {
    pub(super) fn by_operator(text: &Pii<String>) -> Self {
        Self {
            is_operators: true,
            text: text.clone(),
        }
    }
}

/// A «переключение».
#[derive(Clone, Debug)]
pub(super) struct Handover {
    pub(super) from: OperatorId,
    pub(super) to: TransferTarget,
    pub(super) at: Timestamp,
}

impl Call {
    pub(super) fn new(
        line: LineId,
        service: ServiceId,
        caller: Option<Pii<String>>,
        arrived: Timestamp,
    ) -> Self {
        Self {
            line,
            service,
            chosen_by: None,
            topic: None,
            caller,
            arrived,
            connected: None,
            heard: Vec::new(),
            writes: false,
            written: Vec::new(),
            transcript: Transcript::default(),
            assistant: None,
            queue: None,
            first_queued: None,
            waiting_since: None,
            waits: None,
            handovers: Vec::new(),
            held: false,
            beside: None,
            is_open: true,
            fields: BTreeMap::new(),
            callback_owed: false,
            referred_to: None,
        }
    }

    /// Speech to the rating's question is not the operator's to see.
    pub(super) fn hear(&mut self, at: Timestamp, heard: Heard) {
        if self.assistant.is_some() {
            return;
        }
        if self.heard.len() == HEARD_MAX {
            self.heard.remove(0);
        }
        self.heard.push((at, heard));
    }

    /// A line that the caller typed: to the assistant until it has ended, then to whoever talks.
    pub(super) fn read(&mut self, at: Timestamp, (text, heard): (&Pii<String>, Heard)) {
        self.writes = true;
        if self.assistant.is_none() {
            return self.hear(at, heard);
        }
        let written = Written {
            is_operators: false,
            text: text.clone(),
        };
        self.write(at, written);
    }

    /// A line of the talk.
    pub(super) fn write(&mut self, at: Timestamp, written: Written) {
        if self.written.len() == WRITTEN_MAX {
            self.written.remove(0);
        }
        self.written.push((at, written));
    }

    pub(super) fn dialogue_ended(&mut self, purpose: DialoguePurpose, outcome: DialogueOutcome) {
        match purpose {
            DialoguePurpose::Assistant => self.assistant = Some(outcome),
            DialoguePurpose::Rating | DialoguePurpose::Farewell | DialoguePurpose::Waiting => {}
        }
    }

    /// The waits of this call until `now`, or until the first operator answered.
    pub(super) fn waits_at(&self, now: Timestamp) -> Waits {
        self.waits.unwrap_or_else(|| Waits {
            total_ms: self.connected.map(|t0| now.since(t0)).unwrap_or_default(),
            queue_ms: self
                .first_queued
                .map(|since| now.since(since))
                .unwrap_or_default(),
            ring_ms: events::Millis::default(),
        })
    }

    pub(super) const fn is_with_assistant(&self) -> bool {
        self.is_open && self.connected.is_some() && self.queue.is_none() && self.waits.is_none()
    }
}
