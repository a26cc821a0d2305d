//! What a long wait leads to: another queue, and an honest word to the caller.

use events::{CallId, EntryCause, Event, Millis, Overflow, QueueId, Timestamp};

use super::Decision;
use crate::Refusal;
use crate::acd::{Acd, Due};
use crate::call::Call;

/// A queue that can take nobody is asked again after this.
const ASK_AGAIN: Millis = Millis::from_s(30);

impl Acd {
    /// Where callers of a queue go on after a while, as it stands in their terms.
    pub(super) fn overflow(&self, call: &Call, queue: &QueueId) -> Option<Overflow> {
        let settings = self.settings.queues.get(queue)?;
        let to = settings.overflow_to.clone()?;
        let after_ms = settings.overflow_after;
        let new = to != *queue && !call.been.contains(&to) && call.queue.as_ref() != Some(&to);
        (after_ms > Millis(0) && new).then_some(Overflow { to, after_ms })
    }

    /// The next caller who has waited long enough for another queue. Only if nobody is free for
    /// them: offers come before.
    pub(super) fn overflow_due(&self, now: Timestamp) -> Option<Event> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now);
        let mut calls = due.filter_map(|(_, due)| match due {
            Due::Overflow(call) => self.calls.get(call),
            Due::Offer(_)
            | Due::Consultation(_)
            | Due::Outside(_)
            | Due::Wait(_)
            | Due::Widen(_)
            | Due::WrapUp(_)
            | Due::Pause(_) => None,
        });
        calls.find_map(|call| {
            let wait = call.wait()?;
            let to = &wait.terms.overflow.as_ref()?.to;
            Some(match self.cannot_take(to) {
                Some(reason) => Event::OverflowPutOff {
                    call: call.id,
                    to: to.clone(),
                    reason: reason.to_owned(),
                    until: now + ASK_AGAIN,
                },
                None => self.overflows((now, wait.until), call, call.queue.as_ref()?, to),
            })
        })
    }

    /// On entry: a queue that is full, where nobody is at work, or whose wait is too long, sends
    /// the caller on at once.
    pub(super) fn overflow_at_once(
        &self,
        now: Timestamp,
        call: &Call,
        (queue, until): (&QueueId, Timestamp),
    ) -> Option<Event> {
        let settings = self.settings.queues.get(queue)?;
        let to = settings.overflow_to.as_ref().filter(|to| *to != queue)?;
        if call.been.contains(to) || self.cannot_take(to).is_some() {
            return None;
        }
        let bound = settings.overflow_expected;
        let long = || {
            let (_, here) = self.expected_in(now, call, queue, call.ticket)?;
            let (_, there) = self.expected_in(now, call, to, call.ticket)?;
            (here > bound && there < here).then_some(())
        };
        let waits = self
            .queues
            .get(queue)
            .is_some_and(|q| q.free_operators() == 0);
        let long = || bound > Millis(0) && waits && long().is_some();
        let sends = self.cannot_take(queue).is_some() || long();
        sends.then(|| self.overflows((now, until), call, queue, to))
    }

    fn overflows(
        &self,
        (now, until): (Timestamp, Timestamp),
        call: &Call,
        from: &QueueId,
        to: &QueueId,
    ) -> Event {
        let mut terms = self.terms(now, call, to, EntryCause::Overflow);
        // Not there and back again.
        terms.overflow = terms.overflow.filter(|next| next.to != *from);
        Event::QueueEntered {
            call: call.id,
            queue: to.clone(),
            because: EntryCause::Overflow,
            wanted: None,
            until,
            terms,
        }
    }

    /// Why a queue can take nobody from another now.
    fn cannot_take(&self, queue: &QueueId) -> Option<&'static str> {
        let Some(found) = self.queues.get(queue) else {
            return Some("той очереди нет");
        };
        if self.is_closed(queue) {
            return Some("та очередь закрыта");
        }
        if self.is_full(queue) {
            return Some("в той очереди нет мест");
        }
        let mut members = found.members().filter_map(|id| self.operators.get(id));
        let works = members.any(crate::Operator::is_at_work);
        (!works).then_some("в той очереди никто не работает")
    }

    /// The place and the range, as they are said.
    pub(super) fn tell_wait(&self, now: Timestamp, id: CallId) -> Decision {
        let call = self.open_call(id)?;
        let waits = call.wait().filter(|wait| wait.offers.is_empty());
        let (Some(_), Some(queue), Some(position)) = (waits, &call.queue, self.position(id)) else {
            return Err(Refusal::WrongState("клиент не ждёт"));
        };
        Ok(vec![Event::WaitEstimated {
            call: id,
            queue: queue.clone(),
            position: u32::try_from(position).unwrap_or(u32::MAX),
            expected: self.expected_wait(now, id),
        }])
    }
}
