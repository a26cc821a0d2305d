//! What facts about an operator's presence and after-call work change.

use events::{NotReadyReason, OperatorId, Timestamp};

use crate::acd::Acd;
use crate::operator::Presence;

impl Acd {
    pub(super) fn wrap_up_ends(&mut self, at: Timestamp, of: &OperatorId) {
        let mut served = None;
        self.change_operator(of, |operator| {
            let since = operator.presence.since().unwrap_or(at);
            operator.work.book(at.since(since));
            operator.presence = Presence::Ready { since: at };
            served = operator.serving.take();
        });
        if let Some((queue, since)) = served
            && let Some(queue) = self.queues.get_mut(&queue)
        {
            queue.seen.handled(at.since(since));
        }
    }

    pub(super) fn wrap_up_until(&mut self, of: &OperatorId, at: Timestamp, left: u8) {
        self.change_operator(of, |operator| {
            if let Presence::WrapUp {
                until, extensions, ..
            } = &mut operator.presence
            {
                (*until, *extensions) = (at, left);
            }
        });
    }

    pub(super) fn dispose(&mut self, by: &OperatorId) {
        self.change_operator(by, |operator| {
            if let Presence::Talking { disposed, .. } | Presence::WrapUp { disposed, .. } =
                &mut operator.presence
            {
                *disposed = true;
            }
        });
    }

    /// Books a pause that ends now.
    pub(super) fn book_pause(&mut self, at: Timestamp, of: &OperatorId) {
        let occupied = std::mem::take(&mut self.occupied);
        self.change_operator(of, |operator| {
            if let Presence::NotReady { reason, since, .. } = operator.presence {
                let took = at.since(since);
                let sum = operator.paused.entry(reason).or_default();
                sum.0 = sum.0.saturating_add(took.0);
                if occupied.contains(&reason) {
                    operator.work.book(took);
                }
            }
        });
        self.occupied = occupied;
    }

    /// Ready or not: at once, or for after the call the operator is busy with.
    pub(super) fn announce(
        &mut self,
        at: Timestamp,
        of: &OperatorId,
        (pause, now): (Option<NotReadyReason>, Presence),
    ) {
        self.book_pause(at, of);
        self.change_operator(of, |operator| match &mut operator.presence {
            Presence::Connecting { then, .. }
            | Presence::Consulted { then, .. }
            | Presence::Talking { then, .. }
            | Presence::WrapUp { then, .. } => *then = pause,
            other @ (Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Ready { .. }
            | Presence::Ringing { .. }) => *other = now,
        });
    }
}
