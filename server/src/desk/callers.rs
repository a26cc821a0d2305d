//! Callers come, wait, and are forgotten.

use events::{CallId, EntryCause, OperatorId, PlacedEvent, QueueId, Timestamp};

use super::Desk;
use super::call::Call;
use super::operator::Operator;

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
