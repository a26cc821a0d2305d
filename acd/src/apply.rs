//! What a fact changes. No rule stands here and nothing can fail: a fact that does not fit the
//! state (a journal cut within a turn, a journal of yesterday's rules) changes what it can.

use events::{
    CallId, Event, HungUpBy, NotReadyReason, OperatorId, PlacedEvent, QueueId, Timestamp, Waits,
};

use crate::Ticket;
use crate::acd::Acd;
use crate::call::{Call, Offer, Stage, Wait, Waited};
use crate::operator::{Presence, Work};

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
                caller,
                ..
            } => {
                let mut call = Call::new(*call, *leg, line.clone(), service.clone(), at);
                call.caller.clone_from(caller);
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
                terms,
                ..
            } => {
                let wait = Wait {
                    since: at,
                    until: *until,
                    wanted: wanted.clone(),
                    terms: terms.clone(),
                    circle: 0,
                    offers: Vec::new(),
                };
                self.enter(at, *call, queue, wait);
            }
            Event::CircleWidened { call, circle, .. } => self.change_call(*call, |call| {
                if let Stage::Waiting(wait) = &mut call.stage {
                    wait.circle = *circle;
                }
            }),
            Event::CallOffered {
                call,
                operator,
                until,
                ..
            } => self.offer(at, *call, operator, *until),
            Event::OfferRinging { call, operator } => {
                self.change_offer(*call, operator, |offer| offer.ringing = true);
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
            Event::WrapUpEnded { operator, .. } => self.change_operator(operator, |operator| {
                let since = operator.presence.since().unwrap_or(at);
                operator.work.book(at.since(since));
                operator.presence = Presence::Ready { since: at };
            }),
            Event::CallRated { call, .. } | Event::RatingSkipped { call, .. } => {
                self.settle_rating(*call);
            }
            Event::CallEnded { call, .. } => self.remove_call(*call),
            Event::OperatorSignedIn { operator } => {
                let reason = NotReadyReason::SignedIn;
                self.change_operator(operator, |operator| {
                    operator.presence = Presence::NotReady { reason, since: at };
                    operator.work = Work {
                        since: at,
                        ..Work::default()
                    };
                });
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
        let ahead_us = wait.terms.ahead_ms.0.saturating_mul(1_000);
        let ticket = call.ticket.unwrap_or(Ticket {
            order: Timestamp(at.0.saturating_sub_unsigned(ahead_us)),
            number: self.tickets,
            entered: at,
        });
        self.change_call(id, |call| {
            call.ticket = Some(ticket);
            call.queue = Some(queue.clone());
            call.stage = Stage::Waiting(wait);
        });
    }

    fn offer(&mut self, at: Timestamp, id: CallId, to: &OperatorId, until: Timestamp) {
        let offer = Offer {
            operator: to.clone(),
            since: at,
            until,
            ringing: false,
            accepted: false,
        };
        let mut chosen = None;
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage {
                wait.offers.push(offer);
                chosen = call.queue.clone().filter(|_| wait.wanted.is_none());
            }
        });
        if let Some(queue) = chosen.and_then(|queue| self.queues.get_mut(&queue)) {
            queue.last = Some(to.clone());
        }
        self.change_operator(to, |operator| {
            operator.presence = Presence::Ringing {
                call: id,
                since: at,
                idle_since: operator.presence.since().unwrap_or(at),
            };
        });
    }

    fn accept(&mut self, at: Timestamp, id: CallId, by: &OperatorId) {
        self.change_offer(id, by, |offer| {
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
                wait.offers.retain(|offer| offer.operator != *by);
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
            let since = operator.presence.since().unwrap_or(at);
            operator.work.book(at.since(since));
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
        if let Some(number) = self.calls.get(&id).and_then(|call| call.caller.clone()) {
            self.acquainted.met(at, &number, with);
        }
        self.change_operator(with, |operator| {
            operator.work.calls = operator.work.calls.saturating_add(1);
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

    fn change_offer(&mut self, id: CallId, of: &OperatorId, change: impl FnOnce(&mut Offer)) {
        self.change_call(id, |call| {
            if let Stage::Waiting(wait) = &mut call.stage
                && let Some(offer) = wait.offers.iter_mut().find(|o| o.operator == *of)
            {
                change(offer);
            }
        });
    }
}
