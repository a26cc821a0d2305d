//! Read-only looks at the state, for the switchboard, the live board and the operators' pages.

use events::{CallId, OperatorId, QueueId};

use crate::acd::Acd;
use crate::call::{Call, Stage};
use crate::operator::{Operator, Presence};
use crate::queue::Queue;
use crate::supervision::Supervision;

/// How many of each, now. Looks through open calls and operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Calls between the INVITE and the end.
    pub calls: usize,
    /// Of them: with the assistant.
    pub with_assistant: usize,
    /// Of them: waiting for a person, rung for or not.
    pub waiting: usize,
    /// Of them: talking to an operator.
    pub talking: usize,
    /// Operators at the desk.
    pub signed_in: usize,
    /// Of them: free.
    pub free: usize,
    /// Of them: in after-call work.
    pub wrapping_up: usize,
}

impl Acd {
    /// An open call.
    #[must_use]
    pub fn call(&self, call: CallId) -> Option<&Call> {
        self.calls.get(&call)
    }

    /// Every open call, by id.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values()
    }

    /// An operator.
    #[must_use]
    pub fn operator(&self, operator: &OperatorId) -> Option<&Operator> {
        self.operators.get(operator)
    }

    /// Every operator, by login.
    pub fn operators(&self) -> impl Iterator<Item = &Operator> {
        self.operators.values()
    }

    /// The talk that a supervisor is in.
    #[must_use]
    pub fn supervision(&self, supervisor: &OperatorId) -> Option<&Supervision> {
        self.supervisions.get(supervisor)
    }

    /// A queue.
    #[must_use]
    pub fn queue(&self, queue: &QueueId) -> Option<&Queue> {
        self.queues.get(queue)
    }

    /// Every queue, by name.
    pub fn queues(&self) -> impl Iterator<Item = &Queue> {
        self.queues.values()
    }

    /// The callers of a queue with their positions, 1 for the head, in the order they are served.
    pub fn waiting(&self, queue: &QueueId) -> impl Iterator<Item = (usize, &Call)> {
        let ids = self.queues.get(queue).into_iter();
        let ids = ids.flat_map(|queue| queue.waiting.values());
        let calls = ids.filter_map(|id| self.calls.get(id));
        calls.enumerate().map(|(before, call)| (before + 1, call))
    }

    /// A waiting caller's position, 1 for the head; those whose place is kept count.
    #[must_use]
    pub fn position(&self, call: CallId) -> Option<usize> {
        let call = self.calls.get(&call).filter(|call| call.wait().is_some())?;
        let queue = self.queues.get(call.queue.as_ref()?)?;
        let here = queue.waiting.range(..=call.ticket?).count();
        Some(here + self.absent_before(queue, call.ticket?))
    }

    /// The figures of the live board.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for call in self.calls.values() {
            counts.calls += 1;
            match call.stage {
                Stage::Assistant => counts.with_assistant += 1,
                Stage::Waiting(_) => counts.waiting += 1,
                Stage::Talking { .. } => counts.talking += 1,
                Stage::AtDoor
                | Stage::Outside(_)
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell => {}
            }
        }
        for operator in self.operators.values() {
            counts.signed_in += usize::from(operator.is_signed_in());
            counts.free += usize::from(operator.is_free());
            let wrapping_up = matches!(operator.presence, Presence::WrapUp { .. });
            counts.wrapping_up += usize::from(wrapping_up);
        }
        counts
    }
}
