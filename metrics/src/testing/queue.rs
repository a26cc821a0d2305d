//! From the queue to the bridge.

use events::{
    CallId, EndCause, EntryCause, Event, Millis, MissedWhy, NotReadyReason, OperatorId, Timestamp,
    UnansweredCause, Waits,
};

use super::world::{Act, Call, Stage, World};

impl World {
    pub(super) fn enqueue(
        &mut self,
        call: CallId,
        because: EntryCause,
        wanted: Option<OperatorId>,
    ) {
        let turn = self.set_stage(call, Stage::Queue);
        let now = self.now;
        let Some(state) = self.calls.get_mut(&call) else {
            return;
        };
        state.queued = Some(now);
        let queue = state.queue.clone();
        self.queues
            .entry(queue.clone())
            .or_default()
            .push_back(call);
        let patience = self.dice.between(5_000, 240_000);
        let until = self.now.plus_ms(180_000);
        self.tell(Event::QueueEntered {
            call,
            queue,
            because,
            wanted,
            until,
            terms: events::Terms::default(),
        });
        self.later(patience.min(180_000), Act::GiveUp(call, turn));
        self.distribute();
    }

    /// Strict arrival order, longest idle operator.
    pub(super) fn distribute(&mut self) {
        for card in self.catalogue.queues.clone() {
            while let Some(call) = self
                .queues
                .get(&card.queue)
                .and_then(|q| q.front().copied())
            {
                let idle = |operator: &&OperatorId| {
                    let desk = self.desks.get(*operator);
                    desk.is_some_and(|desk| desk.ready && desk.busy.is_none())
                };
                let since = |operator: &&OperatorId| {
                    self.desks
                        .get(*operator)
                        .map_or(Timestamp(0), |desk| desk.idle_since)
                };
                let free = card
                    .operators
                    .iter()
                    .filter(idle)
                    .min_by_key(since)
                    .cloned();
                let Some(operator) = free else {
                    break;
                };
                if let Some(queue) = self.queues.get_mut(&card.queue) {
                    queue.pop_front();
                }
                self.offer(call, operator);
            }
        }
    }

    pub(super) fn offer(&mut self, call: CallId, operator: OperatorId) {
        let turn = self.set_stage(call, Stage::Ringing(operator.clone()));
        let now = self.now;
        if let Some(state) = self.calls.get_mut(&call) {
            state.offered = Some(now);
        }
        if let Some(desk) = self.desks.get_mut(&operator) {
            desk.busy = Some(call);
        }
        let until = self.now.plus_ms(15_000);
        self.tell(Event::CallOffered {
            call,
            operator: operator.clone(),
            reason: "дольше всех свободен".to_owned(),
            until,
        });
        self.tell(Event::OfferRinging { call, operator });
        let missed = self.dice.percent(10);
        let ms = if missed {
            15_000
        } else {
            self.dice.between(800, 9_000)
        };
        self.later(ms, Act::EndRing(call, turn));
        let patience = self.dice.between(1_000, 120_000);
        self.later(patience, Act::GiveUp(call, turn));
    }

    pub(super) fn waits(&self, state: &Call) -> Waits {
        if let Some(waits) = state.answered {
            return waits;
        }
        let open = state.queued.map_or(0, |since| us(since, self.now));
        Waits {
            total_ms: self.now.since(state.connected),
            queue_ms: Millis((state.queue_us + open) / 1_000),
            ring_ms: state.offered.map_or(Millis(0), |at| self.now.since(at)),
        }
    }

    pub(super) fn give_up(&mut self, call: CallId, turn: u64) {
        let Some(state) = self.calls.get(&call).filter(|s| s.turn == turn).cloned() else {
            return;
        };
        if let Some(queue) = self.queues.get_mut(&state.queue) {
            queue.retain(|other| *other != call);
        }
        if let Stage::Ringing(operator) = &state.stage {
            let (operator, why) = (operator.clone(), MissedWhy::CallerLeft);
            self.tell(Event::OfferMissed {
                call,
                operator: operator.clone(),
                why,
            });
            self.free(&operator);
        }
        let timeout = state
            .queued
            .is_some_and(|at| self.now.since(at) >= Millis(180_000));
        if state.answered.is_none() {
            let cause = if timeout {
                UnansweredCause::Timeout
            } else {
                UnansweredCause::Abandoned
            };
            let waits = self.waits(&state);
            self.tell(Event::CallUnanswered { call, cause, waits });
            if timeout {
                self.farewell(call);
                return self.distribute();
            }
        } else {
            let (queue, cause) = (state.queue, UnansweredCause::Abandoned);
            self.tell(Event::QueueLeft { call, queue, cause });
        }
        self.end_call(call, EndCause::CallerHungUp);
        self.distribute();
    }

    pub(super) fn free(&mut self, operator: &OperatorId) {
        let now = self.now;
        if let Some(desk) = self.desks.get_mut(operator) {
            desk.busy = None;
            desk.idle_since = now;
        }
    }

    pub(super) fn end_ring(&mut self, call: CallId, turn: u64) {
        let Some(mut state) = self.calls.get(&call).filter(|s| s.turn == turn).cloned() else {
            return;
        };
        let Stage::Ringing(operator) = state.stage.clone() else {
            return;
        };
        let rang = state.offered.map_or(Millis(0), |at| self.now.since(at));
        if rang >= Millis(15_000) {
            let why = MissedWhy::RingTimeout;
            self.tell(Event::OfferMissed {
                call,
                operator: operator.clone(),
                why,
            });
            let reason = NotReadyReason::Rona;
            self.tell(Event::OperatorNotReady {
                operator: operator.clone(),
                reason,
                until: None,
            });
            self.free(&operator);
            if let Some(desk) = self.desks.get_mut(&operator) {
                desk.ready = false;
            }
            let ms = self.dice.between(5_000, 60_000);
            self.later(ms, Act::Ready(operator));
            let turn = self.set_stage(call, Stage::Queue);
            self.queues
                .entry(state.queue.clone())
                .or_default()
                .push_front(call);
            let ms = self.dice.between(1_000, 60_000);
            self.later(ms, Act::GiveUp(call, turn));
            return self.distribute();
        }
        self.tell(Event::OfferAccepted {
            call,
            operator: operator.clone(),
        });
        self.now.0 += 120_000;
        let waits = self.waits(&state);
        self.tell(Event::LegsBridged {
            call,
            operator: operator.clone(),
            waits,
        });
        state.queue_us += state.queued.take().map_or(0, |since| us(since, self.now));
        state.answered = state.answered.or(Some(waits));
        self.calls.insert(call, state);
        self.set_stage(call, Stage::Talk(operator.clone(), self.now));
        let file = format!("{call}.wav");
        self.tell(Event::RecordingStarted { call, file });
        if self.dice.percent(15) {
            self.now.0 += 200_000;
            self.tell(Event::TalkHeld {
                call,
                operator: operator.clone(),
            });
            self.now.0 += 900_000;
            self.tell(Event::TalkResumed { call, operator });
        }
        let ms = match self.dice.roll(100) {
            0..3 => 600_000,
            3..8 => self.dice.between(600_000, 1_500_000),
            _ => self.dice.between(5_000, 400_000),
        };
        self.later(ms, Act::EndTalk(call));
    }
}

fn us(from: Timestamp, to: Timestamp) -> u64 {
    to.0.saturating_sub(from.0).max(0).unsigned_abs()
}
