//! Who gave up waiting a moment ago: whoever calls again soon has the place again.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallId, Pii, QueueId, Timestamp};

/// Numbers remembered; of more, the one that left first is forgotten.
const REMEMBERED: usize = 2_000;

/// A wait that its caller gave up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenUp {
    pub(crate) at: Timestamp,
    pub(crate) call: CallId,
    pub(crate) queue: QueueId,
    /// Its place: [`crate::Ticket::order`].
    pub(crate) order: Timestamp,
}

/// The newest of each number. In memory only, and a fold over the journal.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct GivenUps {
    by_number: BTreeMap<Pii<String>, GivenUp>,
    by_time: BTreeSet<(Timestamp, Pii<String>)>,
}

impl GivenUps {
    pub(crate) fn add(&mut self, number: &Pii<String>, wait: GivenUp) {
        self.remove(number);
        self.by_time.insert((wait.at, number.clone()));
        self.by_number.insert(number.clone(), wait);
        if self.by_time.len() > REMEMBERED
            && let Some((_, first)) = self.by_time.pop_first()
        {
            self.by_number.remove(&first);
        }
    }

    /// A place is taken once.
    pub(crate) fn remove(&mut self, number: &Pii<String>) {
        if let Some(wait) = self.by_number.remove(number) {
            self.by_time.remove(&(wait.at, number.clone()));
        }
    }

    pub(crate) fn of(&self, number: &Pii<String>) -> Option<&GivenUp> {
        self.by_number.get(number)
    }
}
