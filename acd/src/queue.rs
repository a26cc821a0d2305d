//! A waiting line: strict order of arrival.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallId, OperatorId, QueueId, Timestamp};

/// A caller's place: by the first entry into any queue, so a caller who is handed on or comes back
/// stands where they would have stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    /// The first entry.
    pub entered: Timestamp,
    /// Counts entries, to tell those within one microsecond apart.
    pub number: u64,
}

/// A queue, and the free operators in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub id: QueueId,
    /// Who serves it.
    pub(crate) members: BTreeSet<OperatorId>,
    /// Every caller in it, also while an operator is rung for them.
    pub(crate) waiting: BTreeMap<Ticket, CallId>,
    /// Those for whom nobody is rung.
    pub(crate) open: BTreeMap<Ticket, CallId>,
    /// Its operators who may be offered a call, by the time since when.
    pub(crate) free: BTreeSet<(Timestamp, OperatorId)>,
    /// How many of its operators are signed in.
    pub(crate) signed_in: usize,
}

impl Queue {
    pub(crate) const fn new(id: QueueId) -> Self {
        Self {
            id,
            members: BTreeSet::new(),
            waiting: BTreeMap::new(),
            open: BTreeMap::new(),
            free: BTreeSet::new(),
            signed_in: 0,
        }
    }

    /// How many callers are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many of its operators may be offered a call now.
    #[must_use]
    pub fn free_operators(&self) -> usize {
        self.free.len()
    }

    /// How many of its operators are signed in, whatever they do.
    #[must_use]
    pub const fn signed_in_operators(&self) -> usize {
        self.signed_in
    }

    /// Who serves it.
    pub fn members(&self) -> impl Iterator<Item = &OperatorId> {
        self.members.iter()
    }

    /// The caller to be served next, if somebody is free to be offered the call.
    pub(crate) fn next_match(&self) -> Option<Ticket> {
        let head = self.open.keys().next().copied();
        head.filter(|_| !self.free.is_empty())
    }

    /// Callers stand here and nobody is signed in to serve them.
    pub(crate) fn is_deserted(&self) -> bool {
        self.signed_in == 0 && !self.open.is_empty()
    }
}
