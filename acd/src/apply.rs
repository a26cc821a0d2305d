//! What a fact changes. No rule stands here and nothing can fail: a fact that does not fit the
//! state (a journal cut within a turn, a journal of yesterday's rules) changes what it can.

mod consultation;
mod managing;
mod presence;
mod supervision;
mod waiting;

use events::{
    CallId, CaseEvent, Event, HungUpBy, NotReadyReason, OperatorId, PlacedEvent, Timestamp,
    UnansweredCause, Waits,
};

use crate::acd::Acd;
use crate::call::{Call, Stage, Wait, Waited};
use crate::given_up::GivenUp;
use crate::operator::{Presence, Work};
use crate::samples::Seen;

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
            Event::Placed(PlacedEvent::Dialled {
                call,
                case: Some(case),
                ..
            }) => self.kept.reach(*case, *call),
            Event::Placed(PlacedEvent::Ended { call, .. }) => self.kept.lose(*call),
            Event::Case(CaseEvent::CallbackEnded { case, .. }) => self.kept.forget(*case),
            Event::QueueOpened { queue } => self.open(queue, true),
            Event::QueueClosed { queue } => self.open(queue, false),
            Event::PlacePutOff { case } => self.kept.put_off(*case),
            Event::PlaceKept {
                call,
                case,
                queue,
                holds_operator,
                waits,
            } => self.keep(*call, (*case, queue), *holds_operator, *waits),
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
                    overflows_at: terms.overflow.as_ref().map(|of| at + of.after_ms),
                    told: None,
                    offers: Vec::new(),
                    lost_ring: None,
                };
                self.enter(at, *call, queue, wait);
            }
            Event::CircleWidened { call, circle, .. } => self.change_call(*call, |call| {
                if let Stage::Waiting(wait) = &mut call.stage {
                    wait.circle = *circle;
                }
            }),
            Event::OverflowPutOff { call, until, .. } => self.change_call(*call, |call| {
                if let Stage::Waiting(wait) = &mut call.stage {
                    wait.overflows_at = Some(*until);
                }
            }),
            Event::WaitEstimated {
                call,
                position,
                expected,
                ..
            } => self.change_call(*call, |call| {
                if let Stage::Waiting(wait) = &mut call.stage {
                    wait.told = Some((*position, *expected));
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
            Event::OfferMissed {
                call,
                operator,
                why,
            } => self.miss(*call, operator, *why),
            Event::LegsBridged {
                call,
                operator,
                waits,
            } => self.bridge(at, *call, operator, *waits),
            Event::CallUnanswered { call, cause, waits } => {
                self.totals.lose(*cause);
                if *cause == UnansweredCause::Abandoned {
                    self.see(*call, |seen| seen.gave_up(waits.queue_ms));
                    self.remember(at, *call);
                }
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
            Event::Consultation(fact) => self.follow_consultation(at, fact),
            Event::Outside(fact) => self.follow_outside(at, fact),
            Event::TalkEnded {
                call, operator, by, ..
            } => self.part(at, *call, operator, *by),
            Event::WrapUpStarted {
                operator,
                until,
                extensions,
                ..
            } => self.wrap_up_until(operator, *until, *extensions),
            Event::WrapUpExtended {
                operator,
                until,
                left,
                ..
            } => self.wrap_up_until(operator, *until, *left),
            Event::Supervision(fact) => self.follow_supervision(at, fact),
            Event::DispositionSet { operator, .. } => self.dispose(operator),
            Event::WrapUpEnded { operator, .. } => self.wrap_up_ends(at, operator),
            Event::CallRated { call, .. } | Event::RatingSkipped { call, .. } => {
                self.settle_rating(*call);
            }
            Event::CallEnded { call, .. } => {
                self.kept.lose(*call);
                self.remove_call(*call);
            }
            Event::OperatorSignedIn { operator } => {
                self.change_operator(operator, |operator| {
                    operator.begin_shift(at);
                    operator.presence = Presence::NotReady {
                        reason: NotReadyReason::SignedIn,
                        since: at,
                        until: None,
                    };
                    operator.work = Work {
                        since: at,
                        ..Work::default()
                    };
                });
            }
            Event::OperatorReady { operator } => {
                self.announce(at, operator, (None, Presence::Ready { since: at }));
            }
            Event::OperatorNotReady {
                operator,
                reason,
                until,
            } => {
                let (reason, until) = (*reason, *until);
                let pause = Presence::NotReady {
                    reason,
                    since: at,
                    until,
                };
                self.announce(at, operator, (Some(reason), pause));
            }
            Event::PauseOverrun { operator, .. } => self.change_operator(operator, |operator| {
                if let Presence::NotReady { until, .. } = &mut operator.presence {
                    *until = None;
                }
            }),
            Event::OperatorSignedOut { operator } => {
                self.book_pause(at, operator);
                self.change_operator(operator, |operator| {
                    operator.presence = Presence::SignedOut;
                    operator.serving = None;
                    operator.left_at = Some(at);
                });
            }
            Event::Administered { act, .. } => self.manage(act),
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
            | Event::Transcript(_)
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
            | Event::Script(_)
            | Event::ScriptText(_)
            | Event::Training(_)
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
                extensions: 0,
                then: operator.presence.then(),
            };
        });
    }

    fn bridge(&mut self, at: Timestamp, id: CallId, with: &OperatorId, waits: Waits) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        let (first, rung) = (matches!(call.waited, Waited::Open), call.offer());
        let since = rung.map_or(at, |offer| offer.since);
        let serving = call.queue.clone().map(|queue| (queue, since));
        if first {
            self.totals.answered += 1;
            self.see(id, |seen| seen.answered(waits.queue_ms, waits.ring_ms));
        }
        self.change_call(id, |call| {
            if matches!(call.waited, Waited::Open) {
                call.waited = Waited::Answered(waits);
            }
            call.been.clear();
            call.stage = Stage::Talking {
                operator: with.clone(),
                since: at,
                held: false,
                consultation: None,
            };
        });
        if let Some(number) = self.calls.get(&id).and_then(|call| call.caller.clone()) {
            self.acquainted.met(at, &number, with);
        }
        self.change_operator(with, |operator| {
            operator.work.calls = operator.work.calls.saturating_add(1);
            operator.serving = serving;
            operator.presence = Presence::Talking {
                call: id,
                since: at,
                disposed: false,
                then: operator.presence.then(),
            };
        });
    }

    /// Keeps the place of a caller who gives up, for the case that they call again.
    fn remember(&mut self, at: Timestamp, id: CallId) {
        let Some(call) = self.calls.get(&id) else {
            return;
        };
        if let (Some(number), Some(queue), Some(ticket)) = (&call.caller, &call.queue, call.ticket)
        {
            let wait = GivenUp {
                at,
                call: id,
                queue: queue.clone(),
                order: ticket.order,
            };
            self.given_up.add(number, wait);
        }
    }

    /// Lets the queue of a call remember something.
    fn see(&mut self, id: CallId, remember: impl FnOnce(&mut Seen)) {
        let queue = self.calls.get(&id).and_then(|call| call.queue.clone());
        if let Some(queue) = queue.and_then(|queue| self.queues.get_mut(&queue)) {
            remember(&mut queue.seen);
        }
    }

    fn hold(&mut self, id: CallId, on: bool) {
        self.change_call(id, |call| {
            if let Stage::Talking { held, .. } = &mut call.stage {
                *held = on;
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
}
