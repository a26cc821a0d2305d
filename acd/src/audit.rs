//! The machine checks itself: the conservation law, and that its parts agree with each other.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallId, QueueId, Timestamp, UnansweredCause};

use crate::acd::Acd;
use crate::call::Stage;
use crate::operator::Presence;
use crate::{Nobody, Ticket};

/// Calls counted by `apply` since the journal's beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) offered: u64,
    pub(crate) answered: u64,
    unanswered: BTreeMap<UnansweredCause, u64>,
}

/// offered = answered + abandoned + flowed out + waiting (`docs/requirements.md`, «Conservation
/// law»).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conservation {
    /// Calls that asked for a person.
    pub offered: u64,
    /// Calls a person answered.
    pub answered: u64,
    /// Calls whose caller gave up.
    pub abandoned: u64,
    /// Calls that left unanswered otherwise: timeout, no operators, overload, failure …
    pub flowed_out: u64,
    /// Calls that wait for their first person now: looked up, not counted along.
    pub waiting: u64,
}

impl Conservation {
    /// Whether no call was lost from the books and none was booked twice.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.offered == self.answered + self.abandoned + self.flowed_out + self.waiting
    }
}

impl Totals {
    pub(crate) const fn new() -> Self {
        Self {
            offered: 0,
            answered: 0,
            unanswered: BTreeMap::new(),
        }
    }

    pub(crate) fn lose(&mut self, cause: UnansweredCause) {
        *self.unanswered.entry(cause).or_default() += 1;
    }
}

impl Acd {
    /// The books of all calls since the journal's beginning. Looks through the open calls.
    #[must_use]
    pub fn conservation(&self) -> Conservation {
        let lost: u64 = self.totals.unanswered.values().sum();
        let given_up = self.totals.unanswered.get(&UnansweredCause::Abandoned);
        let abandoned = given_up.copied().unwrap_or_default();
        let first = |call: &&crate::Call| call.wait().is_some() && !call.is_answered();
        let waiting = self.calls.values().filter(first).count();
        Conservation {
            offered: self.totals.offered,
            answered: self.totals.answered,
            abandoned,
            flowed_out: lost - abandoned,
            waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
        }
    }

    /// Looks for anything that must never be, between two commands: cheap enough for every second
    /// of a running centre. `now` is the time of the newest command.
    ///
    /// # Errors
    /// What is wrong, for the log.
    pub fn audit(&self, now: Timestamp) -> Result<(), String> {
        let books = self.conservation();
        if !books.holds() {
            return Err(format!("the books do not balance: {books:?}"));
        }
        if let Some((ticket, queue)) = self.matchable.first() {
            return Err(format!(
                "{ticket:?} waits in {queue} beside a free operator"
            ));
        }
        let mut deserted = self.deserted.iter();
        if let Some(queue) = deserted.find(|id| self.settings.nobody(id) == Nobody::Leave) {
            return Err(format!("somebody waits in {queue}, which nobody serves"));
        }
        if let Some((at, due)) = self.due.first().filter(|(at, _)| *at <= now) {
            return Err(format!("{due:?} was due at {at:?}"));
        }
        self.audit_pairs()?;
        self.audit_indexes()
    }

    /// Every operator busy with a call is the operator of that call, and the other way round.
    fn audit_pairs(&self) -> Result<(), String> {
        for operator in self.operators.values() {
            let (Presence::Ringing { call, .. }
            | Presence::Connecting { call, .. }
            | Presence::Talking { call, .. }) = operator.presence
            else {
                continue;
            };
            let other = self.calls.get(&call).and_then(|call| call.operator());
            if other != Some(&operator.id) {
                let state = operator.presence.as_str();
                return Err(format!("{} is {state} with {call}: {other:?}", operator.id));
            }
        }
        for call in self.calls.values() {
            let (operator, expected) = match &call.stage {
                Stage::Waiting(wait) => match &wait.offer {
                    Some(offer) if offer.accepted => (&offer.operator, "connecting"),
                    Some(offer) => (&offer.operator, "ringing"),
                    None => continue,
                },
                Stage::Talking { operator, .. } => (operator, "talking"),
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell => continue,
            };
            let found = self.operators.get(operator).map(|o| &o.presence);
            let fits = found.is_some_and(|p| p.as_str() == expected && p.call() == Some(call.id));
            if !fits {
                return Err(format!(
                    "{} is {expected} with {operator}: {found:?}",
                    call.id
                ));
            }
        }
        Ok(())
    }

    /// The indexes say what a look through everything says.
    fn audit_indexes(&self) -> Result<(), String> {
        let (calls, operators) = (self.calls.values(), self.operators.values());
        let due = calls.clone().filter_map(|call| call.index().due);
        let due: BTreeSet<_> = due.chain(operators.filter_map(|o| o.index().due)).collect();
        if due != self.due {
            return Err(format!("deadlines {:?}, not {due:?}", self.due));
        }
        let mut places: BTreeMap<QueueId, BTreeMap<Ticket, (CallId, bool)>> = BTreeMap::new();
        for (call, (queue, ticket, open)) in calls.filter_map(|c| Some((c.id, c.index().place?))) {
            let queue = places.entry(queue).or_default();
            queue.insert(ticket, (call, open));
        }
        for queue in self.queues.values() {
            let places = places.remove(&queue.id).unwrap_or_default();
            let waiting = places.iter().map(|(ticket, (id, _))| (ticket, id));
            let open = places.iter().filter(|(_, (_, open))| *open);
            let members = queue.members.iter().filter_map(|id| self.operators.get(id));
            let free = members.clone().filter(|o| o.is_free()).count();
            let signed_in = members.filter(|o| o.is_signed_in()).count();
            let agrees = waiting.eq(&queue.waiting)
                && open.map(|(ticket, (id, _))| (ticket, id)).eq(&queue.open)
                && free == queue.free.len()
                && signed_in == queue.signed_in
                && queue.is_deserted() == self.deserted.contains(&queue.id);
            if !agrees {
                return Err(format!("the indexes of {} are off: {queue:?}", queue.id));
            }
        }
        Ok(())
    }
}
