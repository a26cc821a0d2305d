//! Callers whose place is kept while they are not on the line: the house calls them when it is
//! reached.

use std::collections::BTreeMap;

use events::{CallId, CaseId, LineId, Pii, QueueId, ServiceId, Timestamp};

use crate::acd::Acd;
use crate::call::Call;
use crate::{Operator, Presence, Queue, Ticket};

/// A place in a queue whose caller is to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The callback that is owed.
    pub case: CaseId,
    /// The queue.
    pub queue: QueueId,
    /// The line the caller had dialled.
    pub line: LineId,
    /// What it was about.
    pub service: ServiceId,
    /// The place.
    pub ticket: Ticket,
    /// Whether an operator is held free while the house calls.
    pub holds_operator: bool,
    /// Who asked for it, if signalled: whoever calls again meanwhile has the place, too.
    pub(crate) number: Option<Pii<String>>,
    /// The call by which they are reached: dialled, or in a queue.
    pub(crate) under: Option<CallId>,
    /// Nobody tried to reach them yet: an operator may be held until they are dialled.
    pub(crate) fresh: bool,
}

/// All of them; a fold over the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeptPlaces(BTreeMap<CaseId, Kept>);

impl KeptPlaces {
    pub(crate) fn keep(&mut self, place: Kept) {
        self.0.insert(place.case, place);
    }

    /// The callback is settled.
    pub(crate) fn forget(&mut self, case: CaseId) {
        self.0.remove(&case);
    }

    /// They are being reached by this call.
    pub(crate) fn reach(&mut self, case: CaseId, call: CallId) {
        if let Some(place) = self.0.get_mut(&case) {
            place.under = Some(call);
            place.fresh = false;
        }
    }

    /// They cannot be called now: no operator is held for them any longer.
    pub(crate) fn put_off(&mut self, case: CaseId) {
        if let Some(place) = self.0.get_mut(&case) {
            place.fresh = false;
        }
    }

    /// That call is over; the place stays until the callback is settled.
    pub(crate) fn lose(&mut self, call: CallId) {
        for place in self.0.values_mut() {
            if place.under == Some(call) {
                place.under = None;
            }
        }
    }

    pub(crate) fn get(&self, case: CaseId) -> Option<&Kept> {
        self.0.get(&case)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.0.values()
    }
}

impl Kept {
    /// The call by which its caller is reached: dialled, or in a queue.
    #[must_use]
    pub const fn reached_by(&self) -> Option<CallId> {
        self.under
    }

    /// Whether operators are held free for it although nobody is being called yet.
    #[must_use]
    pub const fn holds_back(&self) -> bool {
        self.holds_operator && self.fresh && self.under.is_none()
    }
}

impl Acd {
    /// The place that is kept for a callback, if one is.
    #[must_use]
    pub fn kept(&self, case: CaseId) -> Option<&Kept> {
        self.kept.get(case)
    }

    /// Every place that is kept, by case.
    pub fn kept_places(&self) -> impl Iterator<Item = &Kept> {
        self.kept.iter()
    }

    /// The callback to place next: its turn has come, that is, there are more operators free (or, if
    /// none is held for it, about to be) than callers and callbacks before it. `may` says whether one
    /// may be placed now at all.
    #[must_use]
    pub fn next_turn(&self, now: Timestamp, may: impl Fn(&Kept) -> bool) -> Option<&Kept> {
        let mut queues = self.queues.values();
        queues.find_map(|queue| {
            let mut places: Vec<&Kept> = self.absent(queue).collect();
            places.retain(|place| place.under.is_none() && may(place));
            places.sort_by_key(|place| place.ticket);
            let first = *places.first()?;
            let before = queue
                .open_calls()
                .filter(|(ticket, _)| **ticket < first.ticket);
            let taken = before.count() + self.absent(queue).filter(|p| p.under.is_some()).count();
            let serving = queue.members.iter().filter_map(|id| self.operators.get(id));
            let fit = serving.filter(|operator| {
                comes_free(operator, first.holds_operator) && self.fits_place(now, first, operator)
            });
            (fit.count() > taken).then_some(first)
        })
    }

    /// Places of a queue whose callers are not in it.
    pub(crate) fn absent(&self, queue: &Queue) -> impl Iterator<Item = &Kept> {
        let id = queue.id.clone();
        self.kept
            .iter()
            .filter(move |place| place.queue == id && !self.is_present(place))
    }

    /// Whether the caller of a kept place stands in a queue or talks.
    pub(crate) fn is_present(&self, place: &Kept) -> bool {
        place
            .under
            .is_some_and(|call| self.calls.contains_key(&call))
    }

    /// How many whose place is kept come before a place.
    pub(crate) fn absent_before(&self, queue: &Queue, place: Ticket) -> usize {
        let before = |kept: &&Kept| kept.ticket < place;
        self.absent(queue).filter(before).count()
    }

    /// The callback, due or under way, for which the free operators of a queue are held: those who came after
    /// it are not served before it, unless more are free.
    pub(crate) fn held_for(&self, queue: &Queue, place: Ticket) -> Option<&Kept> {
        let mut held: Vec<&Kept> = self
            .absent(queue)
            .filter(|kept| kept.holds_operator && kept.ticket < place)
            .filter(|kept| kept.fresh || kept.under.is_some())
            .collect();
        held.sort_by_key(|kept| kept.ticket);
        if held.len() < queue.free_operators() {
            return None;
        }
        held.first().copied()
    }

    /// The kept place of whoever calls: their own callback's, or that of their number.
    pub(crate) fn place_of_caller(&self, call: &Call, queue: &QueueId) -> Option<&Kept> {
        let number = call.caller.as_ref()?;
        let mut places = self.kept.iter().filter(|place| !self.is_present(place));
        places.find(|place| place.number.as_ref() == Some(number) && place.queue == *queue)
    }

    /// By the skills that are enough after so long a wait.
    fn fits_place(&self, now: Timestamp, place: &Kept, operator: &Operator) -> bool {
        let settings = self.settings.queues.get(&place.queue);
        let mut needs = settings.into_iter().flat_map(|of| &of.needs);
        let need =
            needs.find(|need| need.services.is_empty() || need.services.contains(&place.service));
        let waited = now.since(place.ticket.entered);
        let mut circles = need.into_iter().flat_map(|need| &need.circles);
        let circle = circles.rfind(|circle| circle.after_ms <= waited);
        circle.is_none_or(|circle| operator.lacks(&circle.skills).is_none())
    }
}

/// Free, or about to be: in after-call work, or in a talk whose outcome is stated.
const fn comes_free(operator: &Operator, only_free: bool) -> bool {
    let soon = matches!(
        operator.presence,
        Presence::WrapUp { then: None, .. }
            | Presence::Talking {
                disposed: true,
                then: None,
                ..
            }
    );
    operator.is_free() || (!only_free && operator.phone_up && soon)
}
