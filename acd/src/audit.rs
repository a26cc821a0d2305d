//! The machine checks itself: the conservation law, and that its parts agree with each other.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallId, Circle, OperatorId, QueueId, Timestamp, UnansweredCause};

use crate::Ticket;
use crate::acd::Acd;
use crate::call::{Call, Place, Stage};
use crate::operator::{Operator, Presence};

/// Calls counted by `apply` since the journal's beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) offered: u64,
    pub(crate) answered: u64,
    unanswered: BTreeMap<UnansweredCause, u64>,
    pub(crate) kept: u64,
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
    /// Calls that left unanswered otherwise: timeout, no operators, overload, failure … or whose place
    /// is kept
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
            kept: 0,
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
        let first = |call: &&Call| call.wait().is_some() && !call.is_answered();
        let waiting = self.calls.values().filter(first).count();
        Conservation {
            offered: self.totals.offered,
            answered: self.totals.answered,
            abandoned,
            flowed_out: lost - abandoned + self.totals.kept,
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
        if let Some(offer) = self.next_offers(now).first() {
            return Err(format!("a caller waits beside a free operator: {offer:?}"));
        }
        let mut deserted = self.deserted.iter();
        if let Some(queue) = deserted.find(|id| self.leaves_deserted(id)) {
            return Err(format!("somebody waits in {queue}, which nobody serves"));
        }
        if let Some((at, due)) = self.due.first().filter(|(at, _)| *at <= now) {
            return Err(format!("{due:?} was due at {at:?}"));
        }
        self.audit_pairs()?;
        self.audit_supervisions()?;
        self.audit_indexes()
    }

    /// Every operator busy with a call is the operator of that call, and the other way round.
    fn audit_pairs(&self) -> Result<(), String> {
        for operator in self.operators.values() {
            let (Presence::Ringing { call, .. }
            | Presence::Connecting { call, .. }
            | Presence::Consulted { call, .. }
            | Presence::Talking { call, .. }) = operator.presence
            else {
                continue;
            };
            let other = self.calls.get(&call);
            let agrees = other.is_some_and(|other| match &other.stage {
                Stage::Waiting(_) => other.offer_to(&operator.id).is_some(),
                Stage::Talking {
                    operator: with,
                    consultation,
                    ..
                } => match operator.presence {
                    Presence::Talking { .. } => *with == operator.id,
                    Presence::Ringing { .. } => consultation
                        .as_ref()
                        .is_some_and(|c| c.is_with(&operator.id) && c.rings()),
                    Presence::Consulted { .. } => consultation
                        .as_ref()
                        .is_some_and(|c| c.is_with(&operator.id) && !c.rings()),
                    Presence::SignedOut
                    | Presence::NotReady { .. }
                    | Presence::Ready { .. }
                    | Presence::Connecting { .. }
                    | Presence::WrapUp { .. } => false,
                },
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Outside(_)
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell => false,
            });
            if !agrees {
                let state = operator.presence.as_str();
                return Err(format!("{} is {state} with {call}: {other:?}", operator.id));
            }
        }
        self.calls
            .values()
            .try_for_each(|call| self.audit_pair(call))
    }

    /// A supervisor is in a talk that goes on, alone, and takes no calls meanwhile.
    fn audit_supervisions(&self) -> Result<(), String> {
        let mut calls = BTreeSet::new();
        for (supervisor, present) in &self.supervisions {
            let call = self.calls.get(&present.call);
            let goes_on = call.is_some_and(|call| matches!(call.stage, Stage::Talking { .. }));
            let by = self.operators.get(supervisor);
            if !goes_on || by.is_some_and(Operator::is_free) || !calls.insert(present.call) {
                return Err(format!("{supervisor} is in no talk: {present:?}, {call:?}"));
            }
        }
        Ok(())
    }

    fn audit_pair(&self, call: &Call) -> Result<(), String> {
        let with: Vec<(&OperatorId, &str)> = match &call.stage {
            Stage::Waiting(wait) => {
                if wait.offers.len() > 1 && wait.offers.iter().any(|offer| offer.accepted) {
                    return Err(format!("{} was answered and still rings", call.id));
                }
                let state = |accepted| if accepted { "connecting" } else { "ringing" };
                let offers = wait.offers.iter();
                offers.map(|o| (&o.operator, state(o.accepted))).collect()
            }
            Stage::Talking {
                operator,
                consultation,
                ..
            } => {
                let beside = consultation.iter();
                let beside = beside.filter_map(|c| {
                    let state = if c.rings() { "ringing" } else { "consulted" };
                    Some((c.with.as_ref()?, state))
                });
                beside.chain([(operator, "talking")]).collect()
            }
            Stage::AtDoor
            | Stage::Assistant
            | Stage::Outside(_)
            | Stage::Parted
            | Stage::Rating { .. }
            | Stage::Farewell => Vec::new(),
        };
        for (operator, expected) in with {
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
        let mut places: BTreeMap<QueueId, BTreeMap<Ticket, (CallId, Place)>> = BTreeMap::new();
        for (call, (queue, ticket, place)) in calls.filter_map(|c| Some((c.id, c.index().place?))) {
            let queue = places.entry(queue).or_default();
            queue.insert(ticket, (call, place));
        }
        for queue in self.queues.values() {
            let places = places.remove(&queue.id).unwrap_or_default();
            let waiting = places.iter().map(|(ticket, (id, _))| (ticket, id));
            let mut open: BTreeMap<Circle, BTreeMap<Ticket, CallId>> = BTreeMap::new();
            for (ticket, (id, place)) in &places {
                if let Place::Open(circle) = place {
                    let calls = open.entry(circle.clone()).or_default();
                    calls.insert(*ticket, *id);
                }
            }
            let rung = places
                .iter()
                .filter(|(_, (_, place))| *place == Place::Rung);
            let rung = rung.map(|(ticket, (id, _))| (ticket, id));
            let members = queue.members.iter().filter_map(|id| self.operators.get(id));
            let free = members.clone().filter(|o| o.is_free()).count();
            let signed_in = members.filter(|o| o.is_signed_in()).count();
            let agrees = waiting.eq(&queue.waiting)
                && open == queue.open
                && rung.eq(&queue.rung)
                && queue.is_matchable() == self.matchable.contains(&queue.id)
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
