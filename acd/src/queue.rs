//! A waiting line: in the order of arrival, priorities counted as time waited.

use std::collections::{BTreeMap, BTreeSet};

use crate::samples::Seen;
use events::{CallId, Circle, OperatorId, QueueId, Strategy, Timestamp};

/// A caller's place: by the first entry into any queue, so a caller who is handed on or comes back
/// stands where they would have stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    /// As if they had come then: the first entry, less what their priority is worth. Who waits
    /// longer than that overtakes them, so nobody waits for ever behind others.
    pub order: Timestamp,
    /// Counts entries, to tell those within one microsecond apart.
    pub number: u64,
    /// The first entry.
    pub entered: Timestamp,
}

/// A queue, and the free operators in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub id: QueueId,
    /// How it chooses among the free.
    pub strategy: Strategy,
    /// Who serves it, in the order of the configuration.
    pub(crate) members: Vec<OperatorId>,
    /// Where each of them stands in that order.
    places: BTreeMap<OperatorId, usize>,
    /// Every caller in it, also while an operator is rung for them.
    pub(crate) waiting: BTreeMap<Ticket, CallId>,
    /// Those for whom nobody is rung, by who may be rung for them.
    pub(crate) open: BTreeMap<Circle, BTreeMap<Ticket, CallId>>,
    /// Those for whom somebody of the queue is rung and nobody has answered.
    pub(crate) rung: BTreeMap<Ticket, CallId>,
    /// Its operators who may be offered a call, by the time since when.
    pub(crate) free: BTreeSet<(Timestamp, OperatorId)>,
    /// How many of its operators are signed in.
    pub(crate) signed_in: usize,
    /// Its hours are over.
    pub(crate) closed: bool,
    /// What it has seen lately: handling times, patience.
    pub(crate) seen: Seen,
    /// Who was rung last, for round robin.
    pub(crate) last: Option<OperatorId>,
}

impl Queue {
    pub(crate) fn new(id: QueueId) -> Self {
        Self {
            id,
            strategy: Strategy::LongestIdle,
            members: Vec::new(),
            places: BTreeMap::new(),
            waiting: BTreeMap::new(),
            open: BTreeMap::new(),
            rung: BTreeMap::new(),
            free: BTreeSet::new(),
            signed_in: 0,
            closed: false,
            last: None,
            seen: Seen::default(),
        }
    }

    /// How many callers are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether callers are taken into it at this hour.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.closed
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

    /// Who serves it, in the order of the configuration.
    pub fn members(&self) -> impl Iterator<Item = &OperatorId> {
        self.members.iter()
    }

    /// Those for whom nobody is rung, in the order of their circles.
    pub(crate) fn open_calls(&self) -> impl Iterator<Item = (&Ticket, &CallId)> {
        self.open.values().flatten()
    }

    /// Somebody waits or is only rung for, and somebody is free: worth a look.
    pub(crate) fn is_matchable(&self) -> bool {
        let callers = !self.open.is_empty() || (self.rings_all() && !self.rung.is_empty());
        callers && !self.free.is_empty()
    }

    /// Where an operator stands in its list.
    pub(crate) fn place_of(&self, operator: &OperatorId) -> Option<usize> {
        self.places.get(operator).copied()
    }

    /// Who serves it from now on, and how it chooses.
    pub(crate) fn staff(&mut self, members: &[OperatorId], strategy: Strategy) {
        self.members = members.to_vec();
        let places = members.iter().cloned().enumerate();
        self.places = places.map(|(place, member)| (member, place)).collect();
        self.strategy = strategy;
    }

    pub(crate) fn rings_all(&self) -> bool {
        self.strategy == Strategy::RingAll
    }

    /// Callers stand here and nobody is signed in to serve them.
    pub(crate) fn is_deserted(&self) -> bool {
        self.signed_in == 0 && !self.open.is_empty()
    }
}
