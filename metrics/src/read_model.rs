//! Facts to rows: what the tables of reports hold, as a fold without a database.
//!
//! A row holds everything that the next fact about it needs, so rows can be loaded, carried on and
//! stored back; the fold keeps nothing else. No row holds a caller's number or words.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CallId, CallOutcome, ClientType, DialogueOutcome, DialoguePurpose, EndCause, Event, LegRole,
    LineId, Millis, NeedCode, NotReadyReason, OperatorId, QueueId, RatingScope, Record, ScriptId,
    ServiceId, SkippedWhy, Timestamp, TransferKind, TransferTarget, UnansweredCause, Waits,
};
use serde::Serialize;

use crate::operators::{Activity, Desk, Presence, operator_of};
use crate::{OperatorState, Projection};

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

/// The rows that are being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadModel {
    calls: BTreeMap<CallId, CallRow>,
    desks: BTreeMap<OperatorId, IntervalRow>,
    touched: BTreeSet<CallId>,
    changes: Changes,
}

impl ReadModel {
    /// Whether a row is at hand; if not, it is looked up in the store and given to `load_call`.
    #[must_use]
    pub fn knows_call(&self, call: CallId) -> bool {
        self.calls.contains_key(&call)
    }

    /// Whether an operator's open interval is at hand.
    #[must_use]
    pub fn knows_operator(&self, operator: &OperatorId) -> bool {
        self.desks.contains_key(operator)
    }

    /// Carries on a call that was stored before.
    pub fn load_call(&mut self, row: CallRow) {
        self.calls.insert(row.call, row);
    }

    /// Carries on an operator's interval that was stored open.
    pub fn load_interval(&mut self, row: IntervalRow) {
        self.desks.insert(row.operator.clone(), row);
    }

    /// The operator a record changes the state of.
    #[must_use]
    pub const fn operator_of(event: &Event) -> Option<&OperatorId> {
        operator_of(event)
    }

    /// Gives the changed rows away and forgets calls that are over; they are loaded again should a
    /// fact about them still come.
    pub fn take_changes(&mut self) -> Changes {
        let touched = std::mem::take(&mut self.touched);
        let rows = touched.iter().filter_map(|call| self.calls.get(call));
        self.changes.calls = rows.cloned().collect();
        for call in &touched {
            if self.calls.get(call).is_some_and(|r| r.ended_at.is_some()) {
                self.calls.remove(call);
            }
        }
        std::mem::take(&mut self.changes)
    }

    fn arrive(&mut self, record: &Record) {
        let Event::CallArrived {
            call,
            line,
            service,
            trunk,
            ..
        } = &record.event
        else {
            return;
        };
        self.changes
            .services
            .insert((line.clone(), service.clone()));
        let row = CallRow {
            call: *call,
            line: line.clone(),
            service_first: service.clone(),
            service_final: service.clone(),
            trunk: trunk.clone(),
            arrived_at: record.at,
            connected_at: None,
            asked_at: None,
            answered_at: None,
            ended_at: None,
            waits: Waits::default(),
            talk_ms: Millis(0),
            hold_ms: Millis(0),
            held_since: None,
            operators: Vec::new(),
            offers: 0,
            offers_missed: 0,
            transfers: 0,
            unanswered: None,
            end_cause: None,
            assistant_script: None,
            assistant_version: None,
            assistant_outcome: None,
            notice_played: false,
            outcome: None,
            need: None,
            client: None,
            rating: None,
            rating_skipped: None,
            script_version: None,
            recordings: Vec::new(),
            received_packets: 0,
            lost_packets: 0,
        };
        self.calls.insert(*call, row);
    }

    /// Rows of their own for handovers and ratings.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no other fact has a row of its own"
    )]
    fn append(&mut self, record: &Record) {
        let Some(row) = record.event.call().and_then(|call| self.calls.get(&call)) else {
            return;
        };
        if let Event::CallTransferred { from, to, kind, .. } = &record.event {
            let (to_operator, to_queue) = match to {
                TransferTarget::Operator(operator) => (Some(operator.clone()), None),
                TransferTarget::Queue(queue) => (None, Some(queue.clone())),
            };
            self.changes.transfers.push(TransferRow {
                seq: record.seq,
                at: record.at,
                call: row.call,
                line: row.line.clone(),
                service: row.service_final.clone(),
                from: from.clone(),
                to_operator,
                to_queue,
                kind: *kind,
            });
        }
        let (operator, service, score, skipped, scope, version) = match &record.event {
            Event::CallRated {
                operator,
                service,
                score,
                scope,
                script_version,
                ..
            } => (
                operator,
                service,
                Some(*score),
                None,
                Some(*scope),
                Some(script_version.clone()),
            ),
            Event::RatingSkipped {
                operator,
                service,
                why,
                ..
            } => (operator, service, None, Some(*why), None, None),
            _ => return,
        };
        self.changes.ratings.push(RatingRow {
            seq: record.seq,
            at: record.at,
            call: row.call,
            line: row.line.clone(),
            service: service.clone(),
            operator: operator.clone(),
            score,
            skipped,
            scope,
            script_version: version,
        });
    }

    fn follow_operator(&mut self, record: &Record) {
        if let Some(operator) = operator_of(&record.event) {
            let open = self.desks.get(operator);
            let before = open.map_or_else(Desk::default, IntervalRow::desk);
            let after = before.after(&record.event);
            if open.is_none() || before != after {
                self.begin_interval(operator.clone(), after, record);
            }
        }
        if let Event::CallEnded { call, .. } = &record.event {
            let busy = |row: &&IntervalRow| row.desk().rings_or_talks(*call);
            if let Some(row) = self.desks.values().find(busy) {
                let (operator, desk) = (row.operator.clone(), row.desk());
                let activity = Activity::Idle;
                self.begin_interval(operator, Desk { activity, ..desk }, record);
            }
        }
    }

    fn begin_interval(&mut self, operator: OperatorId, desk: Desk, record: &Record) {
        if let Some(mut before) = self.desks.remove(&operator) {
            before.to = Some(record.at);
            self.changes.intervals.push(before);
        }
        let reason = match desk.presence {
            Presence::NotReady(reason) => Some(reason),
            Presence::Ready | Presence::SignedOut => None,
        };
        let row = IntervalRow {
            seq: record.seq,
            operator: operator.clone(),
            state: desk.state(),
            reason,
            ready: desk.presence == Presence::Ready,
            signed_in: desk.presence != Presence::SignedOut,
            call: desk.call(),
            from: record.at,
            to: None,
        };
        self.changes.intervals.push(row.clone());
        self.desks.insert(operator, row);
    }
}

impl IntervalRow {
    fn desk(&self) -> Desk {
        let presence = match (self.signed_in, self.ready, self.reason) {
            (false, _, _) => Presence::SignedOut,
            (true, true, _) => Presence::Ready,
            (true, false, reason) => Presence::NotReady(reason.unwrap_or(NotReadyReason::SignedIn)),
        };
        let activity = match (self.state, self.call) {
            (OperatorState::Ringing, Some(call)) => Activity::Ringing(call),
            (OperatorState::Talking, Some(call)) => Activity::Talking(call),
            (OperatorState::WrapUp, Some(call)) => Activity::WrapUp(call),
            (_, _) => Activity::Idle,
        };
        Desk { presence, activity }
    }
}

impl Projection for ReadModel {
    fn apply(&mut self, record: &Record) {
        if let Event::CatalogueLoaded(catalogue) = &record.event {
            for card in &catalogue.lines {
                let all = card.services.iter().cloned();
                for service in all.chain([ServiceId::undetermined()]) {
                    self.changes.services.insert((card.line.clone(), service));
                }
            }
        }
        self.arrive(record);
        if let Some(row) = record.event.call().and_then(|c| self.calls.get_mut(&c)) {
            row.follow_queue(record);
            row.follow_talk(record);
            row.follow_assistant(record);
            self.touched.insert(row.call);
        }
        self.append(record);
        self.follow_operator(record);
    }
}

impl CallRow {
    fn asks(&mut self, at: Timestamp) {
        if self.asked_at.is_none() {
            self.asked_at = Some(at);
            self.service_first = self.service_final.clone();
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of three readers of a call's facts, each with its own"
    )]
    fn follow_queue(&mut self, record: &Record) {
        let at = record.at;
        match &record.event {
            Event::LegAnswered { .. } => self.connected_at = Some(at),
            Event::ServiceChosen { service, .. } => {
                self.service_final = service.clone();
                if self.asked_at.is_none() {
                    self.service_first = service.clone();
                }
            }
            Event::QueueEntered { .. } => self.asks(at),
            Event::CallOffered { .. } => self.offers += 1,
            Event::OfferMissed { .. } => self.offers_missed += 1,
            Event::LegsBridged {
                operator, waits, ..
            } => {
                self.asks(at);
                if self.answered_at.is_none() && self.unanswered.is_none() {
                    self.answered_at = Some(at);
                    self.waits = *waits;
                }
                self.operators.push(operator.clone());
            }
            Event::CallUnanswered { cause, waits, .. } => {
                self.asks(at);
                if self.answered_at.is_none() && self.unanswered.is_none() {
                    self.unanswered = Some(*cause);
                    self.waits = *waits;
                }
            }
            Event::CallEnded { cause, waits, .. } => {
                self.end_hold(at);
                self.ended_at = Some(at);
                self.end_cause = Some(*cause);
                if self.answered_at.is_none() && self.unanswered.is_none() {
                    self.waits = *waits;
                }
            }
            _ => {}
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of three readers of a call's facts, each with its own"
    )]
    fn follow_talk(&mut self, record: &Record) {
        match &record.event {
            Event::RecordingStarted { file, .. } => self.recordings.push(file.clone()),
            Event::TalkHeld { .. } => self.held_since = self.held_since.or(Some(record.at)),
            Event::TalkResumed { .. } => self.end_hold(record.at),
            Event::CallTransferred { .. } => self.transfers += 1,
            Event::TalkEnded { talk_ms, .. } => {
                self.end_hold(record.at);
                self.talk_ms = Millis(self.talk_ms.0.saturating_add(talk_ms.0));
            }
            Event::DispositionSet {
                outcome,
                need,
                client,
                ..
            } => {
                self.outcome = Some(*outcome);
                self.need = Some(*need);
                self.client = client.or(self.client);
            }
            Event::CallRated {
                score,
                scope: RatingScope::Service,
                script_version,
                ..
            } => {
                self.rating = Some(*score);
                self.script_version = Some(script_version.clone());
            }
            Event::RatingSkipped { why, .. } => self.rating_skipped = Some(*why),
            _ => {}
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one of three readers of a call's facts, each with its own"
    )]
    fn follow_assistant(&mut self, record: &Record) {
        match &record.event {
            Event::DialogueStarted {
                purpose: DialoguePurpose::Assistant,
                script,
                version,
                ..
            } => {
                self.assistant_script = Some(script.clone());
                self.assistant_version = Some(version.clone());
            }
            Event::DialogueEnded {
                purpose: DialoguePurpose::Assistant,
                outcome,
                notice_played,
                ..
            } => {
                self.assistant_outcome = Some(*outcome);
                self.notice_played |= notice_played;
            }
            Event::DialogueEnded { notice_played, .. } => self.notice_played |= notice_played,
            Event::LegMeasured {
                role: LegRole::Caller,
                report,
                ..
            } => {
                self.received_packets += report.received_packets;
                self.lost_packets += report.lost_packets;
            }
            _ => {}
        }
    }

    fn end_hold(&mut self, at: Timestamp) {
        if let Some(since) = self.held_since.take() {
            self.hold_ms = Millis(self.hold_ms.0.saturating_add(at.since(since).0));
        }
    }
}
