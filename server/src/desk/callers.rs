//! Callers come, wait, and are forgotten.

use events::{
    CallId, EntryCause, HungUpBy, Millis, OperatorId, PlacedEvent, QueueId, Timestamp, Waits,
};

use super::Desk;
use super::call::Call;
use super::operator::{Operator, Stage};

impl Desk {
    /// Whoever was called back is a caller from the moment a queue has them.
    pub(super) fn follow_placed(&mut self, at: Timestamp, fact: &PlacedEvent) {
        match fact {
            PlacedEvent::Dialled { call, to, .. } => {
                self.placed.insert(*call, to.clone());
            }
            PlacedEvent::HandedOver {
                call,
                line,
                service,
                ..
            } => {
                let number = self.placed.remove(call);
                let mut new = Call::new(line.clone(), service.clone(), number, at);
                new.connected = Some(at);
                self.calls.insert(*call, new);
            }
            PlacedEvent::Ended { call, .. } => {
                self.placed.remove(call);
            }
            PlacedEvent::Answered { .. } => {}
        }
    }

    /// The call an operator is busy with, and how: ringing, talking, or in after-call work. What
    /// the API checks an operator's commands against.
    #[must_use]
    pub fn call_of(&self, operator: &OperatorId) -> Option<CallId> {
        self.operators.get(operator)?.task().map(|task| task.call)
    }

    pub(super) fn enter(
        &mut self,
        at: Timestamp,
        id: CallId,
        (queue, because): (&QueueId, EntryCause),
    ) {
        let day = self.day(at);
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        if call.queue.is_none() {
            self.today.offered(day);
        }
        call.queue = Some(queue.clone());
        call.first_queued.get_or_insert(at);
        // Who is sent on by a queue has waited since before.
        let goes_on = call
            .waiting_since
            .filter(|_| matches!(because, EntryCause::Overflow | EntryCause::Moved));
        call.waiting_since = goes_on.or(Some(at));
        call.held = false;
    }

    /// Operator and caller hear each other.
    pub(super) fn bridge(
        &mut self,
        at: Timestamp,
        call: CallId,
        operator: &OperatorId,
        waits: Waits,
    ) {
        let day = self.day(at);
        self.operator(operator, |o| {
            o.stage(Stage::Talking, at);
            o.today.on(day).answered += 1;
        });
        let first = self.calls.get(&call).is_some_and(|c| c.waits.is_none());
        if first {
            let queue = self.calls.get(&call).and_then(|c| c.queue.clone());
            self.today.answered((day, at), queue, waits.queue_ms);
        }
        self.call(call, |c| {
            c.waiting_since = None;
            c.held = false;
            c.waits.get_or_insert(waits);
        });
    }

    /// A talk is over: the operator's after-call work begins.
    pub(super) fn part(
        &mut self,
        at: Timestamp,
        call: CallId,
        operator: &OperatorId,
        (by, talk_ms): (HungUpBy, Millis),
    ) {
        let day = self.day(at);
        self.operator(operator, |o| {
            o.part(at, talk_ms, by == HungUpBy::Transfer);
            let today = o.today.on(day);
            today.talks += 1;
            today.talk_ms += talk_ms.0;
        });
        self.call(call, |c| c.held = false);
    }

    pub(super) fn forget_if_done(&mut self, id: CallId) {
        let is_open = self.calls.get(&id).is_some_and(|call| call.is_open);
        let mut tasks = self.operators.values().filter_map(Operator::task);
        if !is_open && !tasks.any(|task| task.call == id) {
            self.calls.remove(&id);
        }
    }

    /// Those who were rung for the same call are told who answered it.
    pub(super) fn answered_by(&mut self, call: CallId, by: &OperatorId) {
        let lost = self.operators.values_mut().filter_map(|o| o.lost.as_mut());
        for lost in lost.filter(|lost| lost.call == call && lost.by.is_none()) {
            lost.by = Some(by.clone());
        }
    }
}
