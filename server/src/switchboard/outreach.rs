//! What people are told of the house's own accord: what is due is sent or dialled, as far as the
//! policy and the house's room allow. The rules are `cases::notify`'s; here is what they move.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cases::notify::{Callbacks, Command, Job, Notify, Plan, Policy, Templates, Text, typed_values};
use events::{
    CallId, CaseEvent, CaseId, Channel, Event, LineId, Millis, NotificationEvent, NotificationKind,
    OperatorId, PlacedEvent, ServiceId, Timestamp, Value, Values,
};
use ivr::script::Script;

use super::placed::PlacedCall;
use super::{Switchboard, Turn};

/// Facts that lead to facts are followed so often in one turn.
const ROUNDS: usize = 16;
/// When a call cannot be placed now, it is looked at again after this.
const PACE: Millis = Millis(1_000);

/// How the house calls out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialSetup {
    /// The trunk's name.
    pub trunk: String,
    /// The line in whose name the house calls.
    pub line: LineId,
    /// Placed calls at once.
    pub max_calls: usize,
    /// Whether none is placed while somebody waits for an operator.
    pub yields: bool,
    /// How long it rings.
    pub ring: Millis,
}

/// What is said, by whom.
#[derive(Clone, Debug, Default)]
pub struct OutreachSetup {
    /// How the house calls out; none if it calls nobody.
    pub dial: Option<DialSetup>,
    /// The assistant's scripts for those whom the house calls, by name.
    pub scripts: BTreeMap<String, Arc<Script>>,
    /// The name shown beside the house's number.
    pub display: String,
    /// Titles of services.
    pub services: BTreeMap<ServiceId, String>,
    /// Titles of receptions.
    pub places: BTreeMap<String, String>,
}

/// What callers hear first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Broadcast {
    text: String,
    operator: OperatorId,
    until: Option<Timestamp>,
}

/// Everything about telling people things. Most of it is a fold of [`Outreach::apply`] over facts;
/// `calls` and what follows it live and die with the process.
#[derive(Debug)]
pub struct Outreach {
    pub(super) notify: Notify,
    pub(super) callbacks: Callbacks,
    /// What callers of a line hear first; none stands for every line (row #55).
    broadcasts: BTreeMap<Option<LineId>, Broadcast>,
    /// Placed calls that the journal has not closed.
    open: BTreeSet<CallId>,
    pub(super) setup: OutreachSetup,
    templates: Templates,
    channels: BTreeSet<Channel>,
    pub(super) calls: BTreeMap<CallId, PlacedCall>,
    /// Visits whose facts changed in this turn.
    changed: BTreeSet<CaseId>,
    touched: bool,
    pub(super) alarm: Option<Timestamp>,
}

impl Default for Outreach {
    fn default() -> Self {
        let (policy, templates) = (Policy::default(), Templates::default());
        Self::new(
            Policy {
                reminder: None,
                ..policy
            },
            templates,
            OutreachSetup::default(),
            BTreeSet::new(),
        )
    }
}

impl Outreach {
    /// A house that has told nobody anything yet; it can use these channels.
    #[must_use]
    pub fn new(
        policy: Policy,
        templates: Templates,
        setup: OutreachSetup,
        channels: BTreeSet<Channel>,
    ) -> Self {
        Self {
            notify: Notify::new(policy),
            callbacks: Callbacks::default(),
            broadcasts: BTreeMap::new(),
            open: BTreeSet::new(),
            setup,
            templates,
            channels,
            calls: BTreeMap::new(),
            changed: BTreeSet::new(),
            touched: true,
            alarm: None,
        }
    }

    /// Lets a fact change the state: those of the journal at the start, then every one.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "telling people things is a few facts of the many"
    )]
    pub fn apply(&mut self, at: Timestamp, fact: &Event) {
        match fact {
            Event::Notification(fact) => {
                self.notify.apply(at, fact);
                self.touched = true;
            }
            Event::Case(fact) => {
                self.notify.apply_case(at, fact);
                self.changed.insert(fact.case());
                self.touched = true;
            }
            Event::Placed(PlacedEvent::Dialled { call, .. }) => {
                self.open.insert(*call);
            }
            Event::Placed(
                PlacedEvent::HandedOver { call, .. } | PlacedEvent::Ended { call, .. },
            ) => {
                self.open.remove(call);
                self.touched = true;
            }
            Event::StepReached { call, step } => {
                if let Some(placed) = self.calls.get_mut(call) {
                    placed.reaches(step);
                }
            }
            Event::LegsBridged { .. } | Event::CallEnded { .. } => self.touched = true,
            Event::BroadcastSet {
                line,
                text,
                operator,
                until,
            } => {
                let set = text.as_ref().map(|text| Broadcast {
                    text: text.clone(),
                    operator: operator.clone(),
                    until: *until,
                });
                match set {
                    Some(set) => self.broadcasts.insert(line.clone(), set),
                    None => self.broadcasts.remove(line),
                };
                self.touched = true;
            }
            _ => {}
        }
        self.callbacks.apply(at, fact);
    }

    /// Takes scripts and templates of a house set up anew.
    pub(super) fn take_texts(&mut self, new: Self) {
        self.setup.scripts = new.setup.scripts;
        self.templates = new.templates;
        self.touched = true;
    }

    /// What callers of a line hear first: the line's own words before those for every line.
    #[must_use]
    pub fn broadcast(&self, line: &LineId) -> Option<&str> {
        let own = self.broadcasts.get(&Some(line.clone()));
        own.or_else(|| self.broadcasts.get(&None))
            .map(|broadcast| broadcast.text.as_str())
    }

    /// The facts that take back what callers have heard for long enough.
    fn broadcasts_over(&self, now: Timestamp) -> Vec<Event> {
        let over = |(_, set): &(&Option<LineId>, &Broadcast)| set.until.is_some_and(|at| at <= now);
        let taken_back = |(line, set): (&Option<LineId>, &Broadcast)| Event::BroadcastSet {
            line: line.clone(),
            text: None,
            operator: set.operator.clone(),
            until: None,
        };
        let sets = self.broadcasts.iter().filter(over);
        sets.map(taken_back).collect()
    }

    /// Whether the same journal made both: for tests of replay.
    #[cfg(test)]
    pub(super) fn is_same_fold(&self, other: &Self) -> bool {
        self.notify == other.notify
            && self.callbacks == other.callbacks
            && self.broadcasts == other.broadcasts
            && self.open == other.open
    }

    /// Placed calls that the journal has not closed and this process does not hold.
    fn orphans(&self) -> Vec<CallId> {
        let held = |call: &&CallId| !self.calls.contains_key(*call);
        self.open.iter().filter(held).copied().collect()
    }

    /// A notification's words; titles stand for ids.
    pub(super) fn text(&self, job: &Job) -> Option<Text> {
        let values = self.titled(job.values.expose());
        let of = (job.kind, job.channel);
        self.templates.text(of, &values, &self.setup.services)
    }

    /// What the script of a notification takes: its values, and all of it as `message`.
    pub(super) fn given(&self, job: &Job) -> Values {
        let mut given = typed_values(job.kind, &self.titled(job.values.expose()));
        if let Some(Value::Text(service)) = given.get_mut("service")
            && let Some(title) = self.setup.services.get(&ServiceId::new(&*service))
        {
            service.clone_from(title);
        }
        let message = self.text(job).map(|text| text.body).unwrap_or_default();
        given.insert("message".to_owned(), Value::Text(message.trim().to_owned()));
        given
    }

    /// The script that tells notifications of a kind by telephone.
    pub(super) fn script_of(&self, kind: NotificationKind) -> Option<Arc<Script>> {
        let (script, _) = self.templates.of(kind)?.voice.as_ref()?;
        self.setup.scripts.get(script).map(Arc::clone)
    }

    fn titled(&self, values: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut values = values.clone();
        if let Some(place) = values.get_mut("place")
            && let Some(title) = self.setup.places.get(place)
        {
            place.clone_from(title);
        }
        values
    }

    /// Whether something is due that the house cannot do now.
    fn waits(&self, now: Timestamp) -> bool {
        let due = |channel: &Channel| self.notify.ready(now, *channel).next().is_some();
        Channel::ALL.iter().any(due)
    }

    /// Whether a plan can be carried out at all.
    ///
    /// # Errors
    /// What is missing, in Russian.
    pub(super) fn check(&self, plan: &Plan) -> Result<(), String> {
        if !self.channels.contains(&plan.channel) {
            let what = match plan.channel {
                Channel::Voice => "звонки не настроены: [notify] trunk",
                Channel::Sms => "SMS не настроены: [sms] url",
                Channel::Email => "почта не настроена: [smtp] host",
            };
            return Err(what.to_owned());
        }
        self.templates
            .check(plan.kind, plan.channel, plan.values.expose())
    }
}

impl Switchboard {
    /// Tells people what is due. Called at the end of every input; nearly always there is nothing.
    pub(super) fn mind_outreach(&mut self, now: Timestamp, turn: &mut Turn) {
        let due = self.outreach.alarm.is_some_and(|at| at <= now);
        if !due && !self.outreach.touched {
            return;
        }
        let mut blocked = false;
        for _ in 0..ROUNDS {
            self.outreach.touched = false;
            blocked = self.tell_what_is_due(now, turn);
            if !self.outreach.touched {
                break;
            }
        }
        let retry = self.outreach.notify.policy().voice;
        let outreach = &mut self.outreach;
        let ringing = outreach.calls.values().filter_map(PlacedCall::rings_until);
        let broadcasts = outreach.broadcasts.values();
        let times = [
            broadcasts.filter_map(|set| set.until).min(),
            outreach.notify.next_after(now),
            outreach.callbacks.next_after(now, &retry),
            (blocked || outreach.touched).then(|| now + PACE),
            ringing.min(),
        ];
        outreach.alarm = times.into_iter().flatten().min();
    }

    /// True if there is more to do than there is room for.
    fn tell_what_is_due(&mut self, now: Timestamp, turn: &mut Turn) -> bool {
        for case in std::mem::take(&mut self.outreach.changed) {
            self.notify(now, &Command::MindVisit(case), turn);
        }
        for over in self.outreach.broadcasts_over(now) {
            self.note(now, over, turn);
        }
        self.give_up_ringing(now, turn);
        self.notify(now, &Command::Tick, turn);
        let retry = self.outreach.notify.policy().voice;
        for fact in self.outreach.callbacks.over(now, &retry) {
            self.state_case(now, fact, turn);
        }
        if !self.takes_calls() || self.outreach.setup.dial.is_none() {
            self.put_places_off(now, turn);
        }
        if !self.takes_calls() {
            return self.outreach.waits(now);
        }
        self.send_messages(now, turn);
        self.place_calls(now, turn)
    }

    /// Asks the policy and states what it decides.
    pub(super) fn notify(
        &mut self,
        now: Timestamp,
        command: &Command,
        turn: &mut Turn,
    ) -> Vec<NotificationEvent> {
        let facts = self.outreach.notify.decide(now, command);
        for fact in &facts {
            self.note(now, Event::Notification(fact.clone()), turn);
        }
        facts
    }

    /// Plans a notification, if it can be carried out.
    ///
    /// # Errors
    /// What is missing, in Russian.
    pub(super) fn plan(
        &mut self,
        now: Timestamp,
        plan: Plan,
        turn: &mut Turn,
    ) -> Result<(), String> {
        self.outreach.check(&plan)?;
        self.notify(now, &Command::Plan(plan), turn);
        Ok(())
    }

    /// What a fact about a case is told about, to those who work here and to whoever it is about.
    pub(super) fn notice_case(&mut self, now: Timestamp, fact: &CaseEvent, turn: &mut Turn) {
        for command in self.cases.notices(now, fact) {
            match command {
                // A house without a mail server reads of it at the desk.
                Command::Plan(plan) => {
                    let _ = self.plan(now, plan, turn);
                }
                other @ (Command::Withdraw { .. }
                | Command::SetConsent { .. }
                | Command::Try { .. }
                | Command::Report { .. }
                | Command::MindVisit(_)
                | Command::Tick
                | Command::Recover) => {
                    self.notify(now, &other, turn);
                }
            }
        }
        // The first way that this house has.
        for receipt in self.cases.receipts(now, fact) {
            if self.plan(now, receipt, turn).is_ok() {
                break;
            }
        }
    }

    /// The first turn of a process: what a stop left open is closed, what it left undone is done.
    pub(super) fn recover_outreach(&mut self, now: Timestamp, turn: &mut Turn) {
        for call in self.outreach.orphans() {
            let outcome = events::PlacedOutcome::Failed;
            let ended = PlacedEvent::Ended { call, outcome };
            self.note(now, Event::Placed(ended), turn);
        }
        self.outreach.changed.clear();
        self.notify(now, &Command::Recover, turn);
    }
}
