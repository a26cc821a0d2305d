//! What facts carry: who exists, how long somebody waited, what was measured, whom a call goes to.

use serde::{Deserialize, Serialize};

use crate::{LineId, Millis, OperatorId, QueueId, ServiceId};

/// What exists: the closed lists that labels and series are made of.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every line.
    pub lines: Vec<LineCard>,
    /// Every queue.
    pub queues: Vec<QueueCard>,
    /// Every operator.
    pub operators: Vec<OperatorId>,
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
    /// Who serves it.
    pub operators: Vec<OperatorId>,
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
