//! What a fact changes. No rule stands here and nothing can fail: a fact that does not fit the
//! state (a journal cut within a turn, a journal of yesterday's rules) changes what it can.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CallId, Catalogue, Event, HungUpBy, NotReadyReason, OperatorId, PlacedEvent, QueueId,
    Timestamp, Waits,
};

use crate::acd::Acd;
use crate::call::{Call, Offer, Stage, Wait, Waited};
use crate::operator::{Operator, Presence};
use crate::{Queue, Ticket};

impl Acd {
    /// Lets a fact change the state. Give it every fact of the journal, also those of others.
    #[expect(clippy::too_many_lines, reason = "one arm a fact, each of them plain")]
    pub fn apply(&mut self, at: Timestamp, fact: &Event) {
        match fact {
            Event::CatalogueLoaded(catalogue) => self.load(catalogue),
            Event::CallArrived {
                call,
                leg,
                line,
                service,
                ..
            } => {
                let call = Call::new(*call, *leg, line.clone(), service.clone(), at);
                self.calls.insert(call.id, call);
            }
            // A call that the house places is no call of ours until it is handed to a queue.
            Event::Placed(PlacedEvent::HandedOver {
                call,
                leg,
                line,
                service,
                ..
            }) => {
                let call = Call::called_back(*call, *leg, line.clone(), service.clone(), at);
                self.calls.insert(call.id, call);
            }
            Event::LegAnswered { call, .. } => self.change_call(*call, |call| {
                call.connected = Some(at);
                call.stage = Stage::Assistant;
            }),
            Event::ServiceChosen { call, service, .. } => {
                self.change_call(*call, |call| call.service = service.clone());
            }
            Event::QueueEntered {
                call,
                queue,
                wanted,
                until,
                ..
            } => {
                let wait = Wait {
                    since: at,
                    until: *until,
                    wanted: wanted.clone(),
                    offer: None,
                };
                self.enter(at, *call, queue, wait);
            }
            Event::CallOffered {
                call,
                operator,
                until,
                ..
            } => self.offer(at, *call, operator, *until),
            Event::OfferRinging { call, .. } => {
                self.change_offer(*call, |offer| offer.ringing = true);
            }
            Event::OfferAccepted { call, operator } => self.accept(at, *call, operator),
            Event::OfferMissed { call, operator, .. } => self.miss(*call, operator),
            Event::LegsBridged {
                call,
                operator,
                waits,
            } => self.bridge(at, *call, operator, *waits),
            Event::CallUnanswered { call, cause, waits } => {
                self.totals.lose(*cause);
                self.change_call(*call, |call| {
                    call.waited = Waited::InVain(*cause, *waits);
                    call.stage = Stage::Farewell;
                });
            }
            Event::QueueLeft { call, .. } => {
                self.change_call(*call, |call| call.stage = Stage::Farewell);
            }
            Event::TalkHeld { call, .. } => self.hold(*call, true),
            Event::TalkResumed { call, .. } => self.hold(*call, false),
            Event::TalkEnded {
                call, operator, by, ..
            } => self.part(at, *call, operator, *by),
            Event::WrapUpStarted {
                operator, until, ..
            } => self.wrap_up_until(operator, *until),
            Event::DispositionSet { operator, .. } => self.dispose(operator),
            Event::WrapUpEnded { operator, .. } => {
                self.change_presence(operator, Presence::Ready { since: at });
            }
            Event::CallRated { call, .. } | Event::RatingSkipped { call, .. } => {
                self.settle_rating(*call);
            }
            Event::CallEnded { call, .. } => self.remove_call(*call),
            Event::OperatorSignedIn { operator } => {
                let reason = NotReadyReason::SignedIn;
                self.change_presence(operator, Presence::NotReady { reason, since: at });
            }
            Event::OperatorReady { operator } => {
                self.announce(operator, None, Presence::Ready { since: at });
            }
            Event::OperatorNotReady { operator, reason } => {
                let reason = *reason;
                let pause = Presence::NotReady { reason, since: at };
                self.announce(operator, Some(reason), pause);
            }
            Event::OperatorSignedOut { operator } => {
                self.change_presence(operator, Presence::SignedOut)
            }
            Event::PhoneReachable { operator } | Event::PhoneUnreachable { operator } => {
                let up = matches!(fact, Event::PhoneReachable { .. });
                self.change_operator(operator, |operator| operator.phone_up = up);
            }
            Event::ServerStarted { .. } => {
                self.lost_at = self.lost_at.or(Some(self.newest));
            }
            Event::Heartbeat {}
            | Event::ServerStopped {}
            | Event::CallRefused { .. }
            | Event::DialogueStarted { .. }
            | Event::StepReached { .. }
            | Event::SpeechHeard { .. }
            | Event::DigitPressed { .. }
            | Event::DialogueEnded { .. }
            | Event::TextReceived { .. }
            | Event::TextSent { .. }
            | Event::AnswerRecorded { .. }
            | Event::TaskAsked { .. }
            | Event::TaskAnswered { .. }
            | Event::TopicSuggested { .. }
            | Event::Case(_)
            | Event::Notification(_)
            | Event::Placed(_)
            | Event::BroadcastSet { .. }
            | Event::ScriptsReloaded { .. }
            | Event::RecordingStarted { .. }
            | Event::CallTransferred { .. }
            | Event::ScriptStepTicked { .. }
            | Event::LegMeasured { .. } => {}
        }
        self.newest = self.newest.max(at);
        if self.calls.is_empty() {
            self.lost_at = None;
        }
    }

    fn enter(&mut self, at: Timestamp, id: CallId, queue: &QueueId, wait: Wait) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        if call.ticket.is_none() {
            self.tickets += 1;
            self.totals.offered += 1;
        }
        let ticket = call.ticket.unwrap_or(Ticket {
            entered: at,
            number: self.tickets,
        });
        self.change_call(id, |call| {
            call.ticket = Some(ticket);
            call.queue = Some(queue.clone());
            call.stage = Stage::Waiting(wait);
        });
    }

    fn offer(&mut self, at: Timestamp, id: CallId, to: &OperatorId, until: Timestamp) {
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage {
                wait.offer = Some(Offer {
                    operator: to.clone(),
                    since: at,
                    until,
                    ringing: false,
                    accepted: false,
                });
            }
        });
        self.change_operator(to, |operator| {
            operator.presence = Presence::Ringing {
                call: id,
                since: at,
                idle_since: operator.presence.since().unwrap_or(at),
            };
        });
    }

    fn accept(&mut self, at: Timestamp, id: CallId, by: &OperatorId) {
        self.change_offer(id, |offer| {
            offer.accepted = true;
            // The bridge may take as long as the ring might have.
            offer.until = at + offer.until.since(offer.since);
        });
        self.change_operator(by, |operator| {
            if let Presence::Ringing { idle_since, .. } = operator.presence {
                operator.presence = Presence::Connecting {
                    call: id,
                    since: at,
                    idle_since,
                    then: None,
                };
            }
        });
    }

    /// The caller keeps the place; the operator is free again since when they were.
    fn miss(&mut self, id: CallId, by: &OperatorId) {
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage {
                wait.offer = None;
                wait.wanted = None;
            }
        });
        self.change_operator(by, |operator| {
            if let Presence::Ringing { idle_since, .. } | Presence::Connecting { idle_since, .. } =
                operator.presence
            {
                operator.presence = Presence::Ready { since: idle_since };
            }
        });
    }

    fn part(&mut self, at: Timestamp, id: CallId, from: &OperatorId, by: HungUpBy) {
        self.change_call(id, |call| {
            call.stage = match by {
                HungUpBy::Operator => Stage::Rating {
                    operator: from.clone(),
                    settled: false,
                },
                HungUpBy::Caller | HungUpBy::Transfer | HungUpBy::Failure => Stage::Parted,
            };
        });
        self.change_operator(from, |operator| {
            let disposed = matches!(operator.presence, Presence::Talking { disposed: true, .. });
            operator.presence = Presence::WrapUp {
                call: id,
                since: at,
                until: at,
                disposed,
                then: operator.presence.then(),
            };
        });
    }

    fn bridge(&mut self, at: Timestamp, id: CallId, with: &OperatorId, waits: Waits) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        if matches!(call.waited, Waited::Open) {
            self.totals.answered += 1;
        }
        self.change_call(id, |call| {
            if matches!(call.waited, Waited::Open) {
                call.waited = Waited::Answered(waits);
            }
            call.stage = Stage::Talking {
                operator: with.clone(),
                since: at,
                held: false,
            };
        });
        self.change_operator(with, |operator| {
            operator.presence = Presence::Talking {
                call: id,
                since: at,
                disposed: false,
                then: operator.presence.then(),
            };
        });
    }

    fn hold(&mut self, id: CallId, on: bool) {
        self.change_call(id, |call| {
            if let Stage::Talking { held, .. } = &mut call.stage {
                *held = on;
            }
        });
    }

    fn wrap_up_until(&mut self, of: &OperatorId, at: Timestamp) {
        self.change_operator(of, |operator| {
            if let Presence::WrapUp { until, .. } = &mut operator.presence {
                *until = at;
            }
        });
    }

    fn dispose(&mut self, by: &OperatorId) {
        self.change_operator(by, |operator| {
            if let Presence::Talking { disposed, .. } | Presence::WrapUp { disposed, .. } =
                &mut operator.presence
            {
                *disposed = true;
            }
        });
    }

    fn settle_rating(&mut self, id: CallId) {
        self.change_call(id, |call| {
            if let Stage::Rating { settled, .. } = &mut call.stage {
                *settled = true;
            }
        });
    }

    fn change_presence(&mut self, of: &OperatorId, to: Presence) {
        self.change_operator(of, |operator| operator.presence = to);
    }

    /// Ready or not: at once, or for after the call the operator is busy with.
    fn announce(&mut self, of: &OperatorId, pause: Option<NotReadyReason>, now: Presence) {
        self.change_operator(of, |operator| match &mut operator.presence {
            Presence::Connecting { then, .. }
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => *then = pause,
            other @ (Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Ready { .. }
            | Presence::Ringing { .. }) => *other = now,
        });
    }

    fn change_offer(&mut self, id: CallId, change: impl FnOnce(&mut Offer)) {
        self.change_call(id, |call| {
            if let Stage::Waiting(Wait {
                offer: Some(offer), ..
            }) = &mut call.stage
            {
                change(offer);
            }
        });
    }

    /// What exists from now on. Whoever is at the desk or waits is kept, also if no longer listed.
    fn load(&mut self, catalogue: &Catalogue) {
        let mut queues: BTreeMap<QueueId, Queue> = BTreeMap::new();
        for card in &catalogue.queues {
            let mut queue = self
                .queues
                .remove(&card.queue)
                .unwrap_or_else(|| Queue::new(card.queue.clone()));
            queue.members = card.operators.iter().cloned().collect();
            queues.insert(card.queue.clone(), queue);
        }
        let gone = std::mem::take(&mut self.queues);
        queues.extend(gone.into_iter().filter(|(_, queue)| !queue.is_empty()));

        for operator in self.operators.values_mut() {
            operator.queues.clear();
        }
        for queue in queues.values() {
            for id in &queue.members {
                self.listed(id).queues.push(queue.id.clone());
            }
        }
        for id in &catalogue.operators {
            self.listed(id);
        }
        let listed: BTreeSet<&OperatorId> = catalogue.operators.iter().collect();
        self.operators.retain(|id, operator| {
            operator.is_signed_in() || !operator.queues.is_empty() || listed.contains(id)
        });
        self.queues = queues;
        self.reindex_queues();
    }

    pub(crate) fn listed(&mut self, id: &OperatorId) -> &mut Operator {
        let operator = self.operators.entry(id.clone());
        operator.or_insert_with(|| Operator::new(id.clone()))
    }

    fn reindex_queues(&mut self) {
        self.matchable.clear();
        self.deserted.clear();
        for queue in self.queues.values_mut() {
            let members = queue.members.iter().filter_map(|id| self.operators.get(id));
            queue.signed_in = members.clone().filter(|o| o.is_signed_in()).count();
            let free = members.filter_map(|o| Some((o.index().free_since?, o.id.clone())));
            queue.free = free.collect();
            if let Some(ticket) = queue.next_match() {
                self.matchable.insert((ticket, queue.id.clone()));
            }
            if queue.is_deserted() {
                self.deserted.insert(queue.id.clone());
            }
        }
    }
}
