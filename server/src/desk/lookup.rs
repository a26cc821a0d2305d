//! Finding what a fact is about.

use events::{CallId, OperatorId, Timestamp};

use super::Desk;
use super::call::Call;
use super::operator::{Operator, Task};
use super::today::Day;

impl Desk {
    pub(super) fn call(&mut self, id: CallId, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.calls.get_mut(&id) {
            change(call);
        }
    }

    /// An operator of an older configuration still has a desk while the journal speaks of them.
    pub(super) fn operator(&mut self, id: &OperatorId, change: impl FnOnce(&mut Operator)) {
        change(self.operators.entry(id.clone()).or_default());
    }

    pub(super) fn task(&mut self, of: &OperatorId, call: CallId, change: impl FnOnce(&mut Task)) {
        let task = self.operators.get_mut(of).and_then(Operator::task_mut);
        if let Some(task) = task.filter(|task| task.call == call) {
            change(task);
        }
    }

    pub(super) fn day(&self, at: Timestamp) -> Day {
        Day::of(at, self.organisation.utc_offset_min)
    }
}
