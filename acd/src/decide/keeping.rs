//! A place in the queue is kept for a caller who need not wait on the line.

use events::{CallId, CaseId, Event, QueueId, Timestamp};

use super::Decision;
use crate::acd::Acd;
use crate::{Call, Refusal};

impl Acd {
    /// Whether a caller may leave their place to the house.
    ///
    /// # Errors
    /// Why not.
    pub fn may_keep_place(&self, call: CallId) -> Result<&Call, Refusal> {
        let call = self.open_call(call)?;
        let Some(wait) = call.wait().filter(|_| !call.is_answered()) else {
            return Err(Refusal::WrongState("клиент не ждёт первого сотрудника"));
        };
        if wait.offers.is_empty() {
            Ok(call)
        } else {
            Err(Refusal::WrongState("клиенту уже отвечает сотрудник"))
        }
    }

    /// Whether a caller who waits is to be asked whether to be called back: the wait expected is
    /// longer than the queue's norm, or nobody knows how long.
    #[must_use]
    pub fn offers_callback(&self, now: Timestamp, call: CallId) -> bool {
        let Ok(call) = self.may_keep_place(call) else {
            return false;
        };
        let queue = call.queue.as_ref();
        let norm = queue.and_then(|queue| self.settings.callback_norm(queue));
        norm.zip(queue).is_some_and(|(norm, queue)| {
            let expected = self.expected_in(now, call, queue, call.ticket);
            expected.is_none_or(|(middle, _)| middle > norm)
        })
    }

    pub(super) fn keep_place(&self, now: Timestamp, id: CallId, case: CaseId) -> Decision {
        let call = self.may_keep_place(id)?;
        let queue: &QueueId = call.queue.as_ref().ok_or(Refusal::NoSuchQueue)?;
        Ok(vec![Event::PlaceKept {
            call: id,
            case,
            queue: queue.clone(),
            holds_operator: self.settings.holds_operator(queue),
            waits: call.waits(now),
        }])
    }
}
