//! What facts carry: who exists, how long somebody waited, what was measured, whom a call goes to.

use serde::{Deserialize, Serialize};

use crate::word::Strategy;
use crate::{
    CallId, CaseId, LineId, Millis, OperatorId, PauseCard, Pii, QueueId, ServiceId, SkillId,
};

/// What exists: the closed lists that labels and series are made of.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every line.
    pub lines: Vec<LineCard>,
    /// Every queue.
    pub queues: Vec<QueueCard>,
    /// Every operator.
    pub operators: Vec<OperatorId>,
    /// What operators know, where the configuration says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillCard>,
    /// Pauses that operators may choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<PauseCard>,
}

/// What an operator knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillCard {
    /// The operator.
    pub operator: OperatorId,
    /// Each skill once.
    pub skills: Vec<SkillLevel>,
}

/// A skill and how well somebody has it, or has to have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkillLevel {
    /// The skill.
    pub skill: SkillId,
    /// 1–9; 9 is best.
    pub level: u8,
}

/// On which terms a caller waits in a queue: what was decided when they entered it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// The line's priority, 0–9; 0 is none.
    pub priority: u8,
    /// What the priority is worth: the caller stands where one who came so much earlier stands.
    pub ahead_ms: Millis,
    /// The call in which the same number gave up a moment ago, and whose place this one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumes: Option<CallId>,
    /// The callback whose kept place this caller has: called back, or calling again meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keeps: Option<CaseId>,
    /// Who talked with this caller last and is rung before others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefers: Option<OperatorId>,
    /// Who may be rung, wider and wider («bullseye»); anybody if empty. The first holds at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circles: Vec<Circle>,
    /// Where the caller goes on if the wait is long; nowhere if none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Overflow>,
}

/// How long a caller may have to wait: in nine cases of ten no longer than the upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitRange {
    /// The middle of what was expected, rounded down.
    pub from_ms: Millis,
    /// The ninth decile, rounded up; none for more than an hour.
    pub to_ms: Option<Millis>,
}

/// Where a caller goes who waits too long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overflow {
    /// This queue.
    pub to: QueueId,
    /// After this wait.
    pub after_ms: Millis,
}

/// Who may be rung for a caller who has waited so long.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Circle {
    /// From this wait in the queue on.
    pub after_ms: Millis,
    /// Nobody but this operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<OperatorId>,
    /// Whoever has all of these; anybody if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillLevel>,
}

impl Terms {
    /// Whether they are those of a caller of whom nothing special is known.
    #[must_use]
    pub fn are_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A line and the services it answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCard {
    /// The line.
    pub line: LineId,
    /// Its services, without [`ServiceId::undetermined`], which every line has.
    pub services: Vec<ServiceId>,
    /// Where its callers wait.
    pub queue: QueueId,
}

/// A queue and who serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCard {
    /// The queue.
    pub queue: QueueId,
    /// Who serves it, in the order of the configuration.
    pub operators: Vec<OperatorId>,
    /// How the operator is chosen among the free ones.
    #[serde(default)]
    pub strategy: Strategy,
}

/// The three waits, never mixed (`docs/requirements.md`, «Waits»). All 0 until they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Waits {
    /// W_total: from t0 (the caller's connection) to the first operator, or to the end.
    pub total_ms: Millis,
    /// W_queue: time in all queues until the first operator, or to the end of waiting.
    pub queue_ms: Millis,
    /// W_ring: from the last offer to the bridge; if waiting ended otherwise, from the offer that
    /// was open then, and 0 if nobody was being rung.
    pub ring_ms: Millis,
}

/// To whom a caller is handed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferTarget {
    /// This operator, and the queue if they do not answer.
    Operator(OperatorId),
    /// Whoever serves this queue.
    Queue(QueueId),
    /// This number outside, by a trunk.
    Outside(Pii<String>),
}

/// Figures of one leg's audio, from our side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LegReport {
    /// RTP packets that reached us.
    pub received_packets: u64,
    /// RTP packets that should have reached us and did not (RFC 3550 §A.3).
    pub lost_packets: u64,
    /// RTP packets that we sent.
    pub sent_packets: u64,
    /// Interarrival jitter at the end (RFC 3550 §A.8), in microseconds.
    pub jitter_us: u64,
    /// Loss the other side reported by RTCP, in thousandths of the last interval, if it reported.
    pub remote_lost_permille: Option<u16>,
    /// Round-trip time from RTCP, in microseconds, if known.
    pub round_trip_us: Option<u64>,
}
