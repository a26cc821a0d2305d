//! The rows themselves: what a table holds, as types.

use std::collections::BTreeSet;

use events::{
    CallId, CallOutcome, ClientType, DialogueOutcome, EndCause, LineId, Millis, NeedCode,
    NotReadyReason, OperatorId, QueueId, RatingScope, ScriptId, ServiceId, SkippedWhy, Timestamp,
    TransferKind, UnansweredCause, Waits,
};
use serde::Serialize;

use crate::OperatorState;

/// A call as reports see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallRow {
    /// The call.
    pub call: CallId,
    /// The line dialled.
    pub line: LineId,
    /// The service when the caller first asked for a person; queue numbers are booked under it.
    pub service_first: ServiceId,
    /// The service known last.
    pub service_final: ServiceId,
    /// How the call came in.
    pub trunk: String,
    /// INVITE taken.
    pub arrived_at: Timestamp,
    /// The caller's connection, t0 of every wait.
    pub connected_at: Option<Timestamp>,
    /// The caller first asked for a person.
    pub asked_at: Option<Timestamp>,
    /// The first operator heard the caller.
    pub answered_at: Option<Timestamp>,
    /// The call was over.
    pub ended_at: Option<Timestamp>,
    /// Waits until the first operator, or to the end of waiting.
    pub waits: Waits,
    /// All talks together, hold included.
    pub talk_ms: Millis,
    /// All holds together.
    pub hold_ms: Millis,
    /// Since when the caller is on hold.
    pub held_since: Option<Timestamp>,
    /// Who talked to the caller, in order.
    pub operators: Vec<OperatorId>,
    /// How often an operator's phone was rung for the call.
    pub offers: u64,
    /// How many of the offers came to nothing.
    pub offers_missed: u64,
    /// Handovers between operators.
    pub transfers: u64,
    /// Why nobody answered, if nobody did.
    pub unanswered: Option<UnansweredCause>,
    /// Why the call ended.
    pub end_cause: Option<EndCause>,
    /// The assistant's script.
    pub assistant_script: Option<ScriptId>,
    /// Its version.
    pub assistant_version: Option<String>,
    /// How the assistant's dialogue ended.
    pub assistant_outcome: Option<DialogueOutcome>,
    /// Whether the caller heard the notice of recording to its end.
    pub notice_played: bool,
    /// The outcome the last operator stated.
    pub outcome: Option<CallOutcome>,
    /// The need they stated.
    pub need: Option<NeedCode>,
    /// The kind of client they stated.
    pub client: Option<ClientType>,
    /// The rating of the service, 1–5.
    pub rating: Option<u8>,
    /// Why there is no rating, if one was asked for.
    pub rating_skipped: Option<SkippedWhy>,
    /// The version of the script that the rated operator followed.
    pub script_version: Option<String>,
    /// Files under the recordings folder.
    pub recordings: Vec<String>,
    /// RTP packets of the caller's leg that reached us.
    pub received_packets: u64,
    /// RTP packets of the caller's leg that got lost on the way to us.
    pub lost_packets: u64,
}

/// A handover between operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransferRow {
    /// The fact's number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The call.
    pub call: CallId,
    /// The line dialled.
    pub line: LineId,
    /// The service at that moment.
    pub service: ServiceId,
    /// Who handed over.
    pub from: OperatorId,
    /// To which operator, if to one.
    pub to_operator: Option<OperatorId>,
    /// To which queue, if to one.
    pub to_queue: Option<QueueId>,
    /// How.
    pub kind: TransferKind,
}

/// A rating, or a question for one that stayed without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RatingRow {
    /// The fact's number.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The call.
    pub call: CallId,
    /// The line dialled.
    pub line: LineId,
    /// The service rated.
    pub service: ServiceId,
    /// The operator rated.
    pub operator: OperatorId,
    /// 1–5, or none.
    pub score: Option<u8>,
    /// Why there is none.
    pub skipped: Option<SkippedWhy>,
    /// What the score is about.
    pub scope: Option<RatingScope>,
    /// The version of the script that the operator followed.
    pub script_version: Option<String>,
}

/// What an operator did from one moment to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IntervalRow {
    /// The number of the fact that began it.
    pub seq: u64,
    /// The operator.
    pub operator: OperatorId,
    /// The state.
    pub state: OperatorState,
    /// Why the operator is not ready, if they would not be ready when idle.
    pub reason: Option<NotReadyReason>,
    /// Whether they would be ready when idle.
    pub ready: bool,
    /// Whether they are at the desk.
    pub signed_in: bool,
    /// The call they are busy with.
    pub call: Option<CallId>,
    /// From.
    pub from: Timestamp,
    /// To; none while it lasts.
    pub to: Option<Timestamp>,
}

/// Rows that changed since they were last taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Calls, whole rows.
    pub calls: Vec<CallRow>,
    /// New handovers.
    pub transfers: Vec<TransferRow>,
    /// New ratings.
    pub ratings: Vec<RatingRow>,
    /// Intervals, ended or begun.
    pub intervals: Vec<IntervalRow>,
    /// Pairs of line and service that exist.
    pub services: BTreeSet<(LineId, ServiceId)>,
}
