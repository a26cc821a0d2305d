//! The machine: what it knows, and the two ways to move it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use events::{
    CallId, Event, NotReadyReason, OperatorId, QueueId, ServiceId, SkillId, Strategy, Timestamp,
};

use crate::acquaintance::Acquaintances;
use crate::audit::Totals;
use crate::call::{Call, CallIndex, Place};
use crate::given_up::GivenUps;
use crate::kept::KeptPlaces;
use crate::operator::{Operator, OperatorIndex};
use crate::{Command, Queue, Refusal, Settings, Supervision};

/// The distribution of calls to operators.
///
/// Everything below `settings` is a fold of [`Acd::apply`] over facts, so a replayed journal gives
/// an equal machine. The last three fields are indexes: [`Acd::change_call`] and
/// [`Acd::change_operator`] keep them, and nothing else touches them, so that no turn of the loop
/// looks through all calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acd {
    pub(crate) settings: Arc<Settings>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) operators: BTreeMap<OperatorId, Operator>,
    pub(crate) queues: BTreeMap<QueueId, Queue>,
    pub(crate) totals: Totals,
    /// The number of the newest ticket.
    pub(crate) tickets: u64,
    /// Who gave up a moment ago.
    pub(crate) given_up: GivenUps,
    /// Who talked with whom last.
    pub(crate) acquainted: Acquaintances,
    /// Places of callers who are to be called.
    pub(crate) kept: KeptPlaces,
    /// What supervisors changed of what operators know.
    pub(crate) skills_changed: BTreeMap<OperatorId, BTreeMap<SkillId, u8>>,
    /// What supervisors changed of how queues choose.
    pub(crate) strategies_changed: BTreeMap<QueueId, Strategy>,
    /// Supervisors in others' talks.
    pub(crate) supervisions: BTreeMap<OperatorId, Supervision>,
    /// Pauses that count as occupied.
    pub(crate) occupied: BTreeSet<NotReadyReason>,
    /// The time of the newest fact.
    pub(crate) newest: Timestamp,
    /// The time of the newest fact before a start, while calls from before it are still open: a
    /// process that dies while it closes them does not lengthen their waits.
    pub(crate) lost_at: Option<Timestamp>,
    /// What happens by itself, and when.
    pub(crate) due: BTreeSet<(Timestamp, Due)>,
    /// Queues with callers to offer and free operators: whether any of them fit, a look tells.
    pub(crate) matchable: BTreeSet<QueueId>,
    /// Queues with callers and nobody signed in.
    pub(crate) deserted: BTreeSet<QueueId>,
}

/// What happens by itself. A call has at most one entry, an operator too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// The offer is missed, or the accepted operator was not bridged in time.
    Offer(CallId),
    /// The consulted did not answer.
    Consultation(CallId),
    /// The number outside did not answer.
    Outside(CallId),
    /// The caller has waited long enough.
    Wait(CallId),
    /// The caller has waited long enough for more operators to be asked.
    Widen(CallId),
    /// The caller has waited long enough for another queue.
    Overflow(CallId),
    /// After-call work with a disposition ends.
    WrapUp(OperatorId),
    /// A pause should be over.
    Pause(OperatorId),
}

impl Acd {
    /// A distribution that knows nobody yet: apply [`Settings::catalogue`] or replay a journal.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            calls: BTreeMap::new(),
            operators: BTreeMap::new(),
            queues: BTreeMap::new(),
            totals: Totals::new(),
            tickets: 0,
            given_up: GivenUps::default(),
            acquainted: Acquaintances::default(),
            kept: KeptPlaces::default(),
            skills_changed: BTreeMap::new(),
            strategies_changed: BTreeMap::new(),
            supervisions: BTreeMap::new(),
            occupied: BTreeSet::new(),
            newest: Timestamp(i64::MIN),
            lost_at: None,
            due: BTreeSet::new(),
            matchable: BTreeSet::new(),
            deserted: BTreeSet::new(),
        }
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Other versions of the operators' scripts stand in ratings from now on. They are no part of the
    /// catalogue.
    pub fn set_script_versions(&mut self, versions: BTreeMap<ServiceId, String>) {
        Arc::make_mut(&mut self.settings).script_versions = versions;
    }

    /// Whether the operator talks in this call or does its after-call work.
    #[must_use]
    pub fn works_on(&self, call: CallId, operator: &OperatorId) -> bool {
        let operator = self.operators.get(operator);
        operator.is_some_and(|operator| operator.presence.works_on(call))
    }

    /// Puts other settings in force; apply and journal their [`Settings::catalogue`] afterwards.
    pub fn reconfigure(&mut self, settings: Settings) {
        self.settings = Arc::new(settings);
    }

    /// Carries out a command now: what was due before comes first, then the command, then offers,
    /// until nobody waits beside a free operator. The facts stand in `out` in their order.
    ///
    /// # Errors
    /// A [`Refusal`], if the rules do not allow the command. Facts that were due anyway may stand in
    /// `out` even then, and are to be journalled like any other.
    pub fn handle(
        &mut self,
        now: Timestamp,
        command: Command,
        out: &mut Vec<Event>,
    ) -> Result<(), Refusal> {
        // After a stop, nothing is due any more: the calls are closed as they were found.
        if !matches!(command, Command::Recover { .. }) {
            self.settle(now, out);
        }
        let facts = self.decide(now, &command)?;
        let facts = self.with_supervisions_ended(facts);
        self.apply_all(now, facts, out);
        self.settle(now, out);
        Ok(())
    }

    /// When something happens by itself next: call [`Acd::handle`] with [`Command::Tick`] then.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Lets everything happen that can happen without a command.
    fn settle(&mut self, now: Timestamp, out: &mut Vec<Event>) {
        loop {
            let facts = self.decide_next(now);
            if facts.is_empty() {
                break;
            }
            let facts = self.with_supervisions_ended(facts);
            self.apply_all(now, facts, out);
        }
    }

    fn apply_all(&mut self, now: Timestamp, facts: Vec<Event>, out: &mut Vec<Event>) {
        for fact in facts {
            self.apply(now, &fact);
            out.push(fact);
        }
    }

    /// Changes a call and brings the indexes along. A call that is not there is not changed.
    pub(crate) fn change_call(&mut self, id: CallId, change: impl FnOnce(&mut Call)) {
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        let before = call.index();
        change(call);
        let after = call.index();
        self.reindex_call(id, before, after);
    }

    /// Forgets a call.
    pub(crate) fn remove_call(&mut self, id: CallId) {
        if let Some(call) = self.calls.remove(&id) {
            self.reindex_call(id, call.index(), CallIndex::default());
        }
    }

    fn reindex_call(&mut self, id: CallId, before: CallIndex, after: CallIndex) {
        if before == after {
            return;
        }
        self.reindex_due(before.due, after.due);
        if before.place != after.place {
            if let Some((queue, ticket, place)) = before.place {
                self.change_queue(&queue, |queue| {
                    queue.waiting.remove(&ticket);
                    queue.rung.remove(&ticket);
                    if let Place::Open(circle) = &place
                        && let Some(calls) = queue.open.get_mut(circle)
                    {
                        calls.remove(&ticket);
                        if calls.is_empty() {
                            queue.open.remove(circle);
                        }
                    }
                });
            }
            if let Some((queue, ticket, place)) = after.place {
                self.change_queue(&queue, |queue| {
                    queue.waiting.insert(ticket, id);
                    match place {
                        Place::Open(circle) => {
                            queue.open.entry(circle).or_default().insert(ticket, id);
                        }
                        Place::Rung => {
                            queue.rung.insert(ticket, id);
                        }
                        Place::Taken => {}
                    }
                });
            }
        }
    }

    /// Changes an operator and brings the indexes along. A fact about an operator who is not in the
    /// catalogue makes one who serves no queue.
    pub(crate) fn change_operator(&mut self, id: &OperatorId, change: impl FnOnce(&mut Operator)) {
        let operator = self.listed(id);
        let before = operator.index();
        change(operator);
        let after = operator.index();
        if before == after {
            return;
        }
        let OperatorIndex {
            due,
            free_since,
            signed_in,
        } = before;
        let queues = operator.queues.clone();
        self.reindex_due(due, after.due);
        for queue in &queues {
            self.change_queue(queue, |queue| {
                if let Some(since) = free_since {
                    queue.free.remove(&(since, id.clone()));
                }
                if let Some(since) = after.free_since {
                    queue.free.insert((since, id.clone()));
                }
                queue.signed_in += usize::from(after.signed_in);
                queue.signed_in = queue.signed_in.saturating_sub(usize::from(signed_in));
            });
        }
    }

    fn reindex_due(&mut self, before: Option<(Timestamp, Due)>, after: Option<(Timestamp, Due)>) {
        if before != after {
            if let Some(due) = before {
                self.due.remove(&due);
            }
            self.due.extend(after);
        }
    }

    /// Changes a queue and brings the indexes over queues along.
    fn change_queue(&mut self, id: &QueueId, change: impl FnOnce(&mut Queue)) {
        let queue = self
            .queues
            .entry(id.clone())
            .or_insert_with(|| Queue::new(id.clone()));
        change(queue);
        if queue.is_matchable() {
            self.matchable.insert(id.clone());
        } else {
            self.matchable.remove(id);
        }
        if queue.is_deserted() {
            self.deserted.insert(id.clone());
        } else {
            self.deserted.remove(id);
        }
    }
}
