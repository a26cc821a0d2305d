//! From the end of a talk to the end of the call, and the server's restart.

use std::collections::BTreeSet;

use events::{
    CallId, CallOutcome, ChosenBy, ClientType, DialogueOutcome, DialoguePurpose, EndCause,
    EntryCause, Event, HungUpBy, LegReport, LegRole, Millis, MissedWhy, NeedCode, OperatorId,
    RatingScope, SkippedWhy, TransferKind, TransferTarget, UnansweredCause,
};

use super::world::Desk;
use super::world::{Act, Call, Stage, World};

impl World {
    pub(super) fn end_talk(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).cloned() else {
            return;
        };
        let Stage::Talk(operator, since) = state.stage else {
            return;
        };
        if self.dice.percent(20) {
            let service = self.dice.one_of(&state.services, state.service);
            if let Some(state) = self.calls.get_mut(&call) {
                state.service = service.clone();
            }
            self.tell(Event::ServiceChosen {
                call,
                service,
                by: ChosenBy::Operator,
            });
        }
        let talk_ms = self.now.since(since);
        let how = self.dice.roll(100);
        let by = match how {
            0..12 => HungUpBy::Transfer,
            12..50 => HungUpBy::Caller,
            _ => HungUpBy::Operator,
        };
        if by == HungUpBy::Transfer {
            let to = TransferTarget::Queue(state.queue);
            let kind = self.dice.one_of(TransferKind::ALL, TransferKind::Blind);
            self.tell(Event::CallTransferred {
                call,
                from: operator.clone(),
                to,
                kind,
            });
        }
        self.tell(Event::TalkEnded {
            call,
            operator: operator.clone(),
            by,
            talk_ms,
        });
        let until = self.now.plus_ms(30_000);
        self.tell(Event::WrapUpStarted {
            call,
            operator: operator.clone(),
            until,
            extensions: 0,
        });
        self.wrapping_up.insert(operator.clone());
        let role = LegRole::Operator;
        let report = self.report(talk_ms);
        self.tell(Event::LegMeasured { call, role, report });
        let ms = self.dice.between(2_000, 60_000);
        self.later(ms, Act::EndWrapUp(operator.clone(), call));
        match by {
            HungUpBy::Transfer => self.enqueue(call, EntryCause::Transfer, None),
            HungUpBy::Caller | HungUpBy::Failure => self.end_call(call, EndCause::CallerHungUp),
            HungUpBy::Operator => {
                self.set_stage(call, Stage::Rating(operator));
                self.tell(Event::DialogueStarted {
                    call,
                    purpose: DialoguePurpose::Rating,
                    script: "rating".into(),
                    version: "1".to_owned(),
                });
                let ms = self.dice.between(2_000, 12_000);
                self.later(ms, Act::EndRating(call));
            }
        }
    }

    pub(super) fn report(&mut self, length: Millis) -> LegReport {
        let packets = length.0 / 20;
        let lost = packets * self.dice.roll(3) / 100;
        LegReport {
            received_packets: packets - lost,
            lost_packets: lost,
            sent_packets: packets,
            jitter_us: self.dice.between(100, 30_000),
            remote_lost_permille: None,
            round_trip_us: Some(self.dice.between(5_000, 90_000)),
        }
    }

    pub(super) fn end_rating(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).cloned() else {
            return;
        };
        let Stage::Rating(operator) = state.stage else {
            return;
        };
        let service = state.service;
        let scores = [5, 5, 5, 4, 4, 3, 2, 1];
        let outcome = if self.dice.percent(60) {
            let score = self.dice.one_of(&scores, 5);
            self.tell(Event::CallRated {
                call,
                operator,
                service,
                score,
                scope: RatingScope::Service,
                script_version: "1".to_owned(),
            });
            DialogueOutcome::Rated
        } else {
            let left = self.dice.percent(50);
            let why = if left {
                SkippedWhy::HungUp
            } else {
                SkippedWhy::Silence
            };
            self.tell(Event::RatingSkipped {
                call,
                operator,
                service,
                why,
            });
            if left {
                DialogueOutcome::CallerLeft
            } else {
                DialogueOutcome::Finished
            }
        };
        let (purpose, notice_played) = (DialoguePurpose::Rating, false);
        self.tell(Event::DialogueEnded {
            call,
            purpose,
            outcome,
            notice_played,
        });
        self.end_call(call, EndCause::Completed);
    }

    pub(super) fn end_wrap_up(&mut self, operator: &OperatorId, call: CallId) {
        if self.desks.get(operator).and_then(|desk| desk.busy) != Some(call) {
            return;
        }
        let client = self.dice.percent(50).then_some(ClientType::Citizen);
        let need = self.dice.one_of(NeedCode::ALL, NeedCode::Other);
        let outcome = self.dice.one_of(CallOutcome::ALL, CallOutcome::Answered);
        self.tell(Event::DispositionSet {
            call,
            operator: operator.clone(),
            outcome,
            need,
            client,
        });
        self.tell(Event::WrapUpEnded {
            call,
            operator: operator.clone(),
        });
        self.wrapping_up.remove(operator);
        self.free(operator);
        self.distribute();
    }

    pub(super) fn end_call(&mut self, call: CallId, cause: EndCause) {
        let Some(state) = self.calls.remove(&call) else {
            return;
        };
        let role = LegRole::Caller;
        let report = self.report(self.now.since(state.connected));
        self.tell(Event::LegMeasured { call, role, report });
        let waits = self.waits(&state);
        self.tell(Event::CallEnded { call, cause, waits });
    }

    /// The server dies and closes from its journal what was open.
    pub(super) fn restart(&mut self) {
        self.now.0 += 2_000_000;
        self.start_server();
        let open: BTreeSet<CallId> = self.calls.keys().copied().collect();
        for call in open {
            let Some(state) = self.calls.remove(&call) else {
                continue;
            };
            self.close(call, &state);
            let (cause, waits) = (EndCause::ServerRestarted, self.waits(&state));
            self.tell(Event::CallEnded { call, cause, waits });
        }
        self.queues.clear();
        for operator in self.catalogue.operators.clone() {
            let desk = self.desks.insert(operator.clone(), Desk::default());
            if let Some(call) = desk.and_then(|desk| desk.busy)
                && self.wrapping_up.remove(&operator)
            {
                self.tell(Event::WrapUpEnded {
                    call,
                    operator: operator.clone(),
                });
            }
            self.tell(Event::OperatorSignedOut {
                operator: operator.clone(),
            });
            self.tell(Event::PhoneUnreachable {
                operator: operator.clone(),
            });
            let ms = self.dice.between(500, 8_000);
            self.later(ms, Act::SignIn(operator));
        }
    }

    pub(super) fn close(&mut self, call: CallId, state: &Call) {
        match state.stage.clone() {
            Stage::Assistant | Stage::Farewell | Stage::Queue => {}
            Stage::Ringing(operator) => {
                let why = MissedWhy::Failure;
                self.tell(Event::OfferMissed {
                    call,
                    operator: operator.clone(),
                    why,
                });
                self.free(&operator);
            }
            Stage::Talk(operator, since) => {
                let (by, talk_ms) = (HungUpBy::Failure, self.now.since(since));
                self.tell(Event::TalkEnded {
                    call,
                    operator,
                    by,
                    talk_ms,
                });
            }
            Stage::Rating(operator) => {
                let (service, why) = (state.service.clone(), SkippedWhy::Failure);
                self.tell(Event::RatingSkipped {
                    call,
                    operator,
                    service,
                    why,
                });
            }
        }
        let cause = UnansweredCause::Failure;
        let waits = matches!(state.stage, Stage::Queue | Stage::Ringing(_));
        if waits && state.answered.is_some() {
            let queue = state.queue.clone();
            self.tell(Event::QueueLeft { call, queue, cause });
        } else if waits {
            let waits = self.waits(state);
            self.tell(Event::CallUnanswered { call, cause, waits });
        }
    }
}
