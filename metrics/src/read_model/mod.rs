//! Facts to rows: what the tables of reports hold, as a fold without a database.
//!
//! A row holds everything that the next fact about it needs, so rows can be loaded, carried on and
//! stored back; the fold keeps nothing else. No row holds a caller's number or words.

mod call;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CallId, Event, Millis, NotReadyReason, OperatorId, PlacedEvent, Record, ServiceId,
    TransferTarget, Waits,
};

use crate::operators::{Activity, Desk, Presence, operator_of};
use crate::{OperatorState, Projection};

pub use rows::{CallRow, Changes, IntervalRow, RatingRow, TransferRow};

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

    #[expect(clippy::wildcard_enum_match_arm, reason = "two facts begin a call")]
    fn arrive(&mut self, record: &Record) {
        let (call, line, service, trunk, connected_at) = match &record.event {
            Event::CallArrived {
                call,
                line,
                service,
                trunk,
                ..
            } => (call, line, service, trunk, None),
            // Whoever was called back is a caller from the moment a queue has them.
            Event::Placed(PlacedEvent::HandedOver {
                call,
                line,
                service,
                trunk,
                ..
            }) => (call, line, service, trunk, Some(record.at)),
            _ => return,
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
            connected_at,
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
                TransferTarget::Outside(_) => (None, None), // the kind tells
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
