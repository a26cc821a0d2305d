//! What is known of every notification: a fold over facts, without a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use events::{
    CallId, CaseEvent, CaseId, Channel, NotificationEvent, NotificationId, NotificationKind, Pii,
    Timestamp,
};

use super::policy::{Class, Policy};
use super::visits::Visits;

/// How long the house remembers that a key was used, in milliseconds: 400 days.
const KEYS_KEPT_MS: u64 = 400 * 24 * 3_600 * 1_000;
/// How long the house remembers whom it told something, in milliseconds: the longest window of a
/// frequency cap, 31 days.
const TOLD_KEPT_MS: u64 = 31 * 24 * 3_600 * 1_000;

/// The numbers below the node's 16 bits.
const NUMBER_MASK: u64 = (1 << 48) - 1;

/// Something somebody is to be told, until it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: NotificationId,
    /// What makes it one and the same.
    pub key: String,
    /// What it is about.
    pub kind: NotificationKind,
    /// How it is sent.
    pub channel: Channel,
    /// Where to.
    pub to: Pii<String>,
    /// The case it is about, if any.
    pub case: Option<CaseId>,
    /// Useless afterwards.
    pub until: Timestamp,
    /// What its template says.
    pub values: Pii<BTreeMap<String, String>>,
    /// Tries so far.
    pub attempts: u8,
    /// Where it stands.
    pub state: State,
}

/// Where a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be tried at this time.
    Waiting {
        /// Not earlier.
        at: Timestamp,
    },
    /// Being tried.
    Trying {
        /// Since when.
        since: Timestamp,
        /// The call, if it is told by voice.
        call: Option<CallId>,
    },
}

impl Job {
    /// Which rules it follows.
    #[must_use]
    pub const fn class(&self) -> Class {
        Class::of(self.kind)
    }
}

/// Whom something was told, and when it was tried first.
pub(super) type Told = BTreeMap<NotificationId, Timestamp>;

/// All notifications.
///
/// Everything below `policy` is a fold of [`Notify::apply`] over facts, so a replayed journal gives
/// an equal machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    pub(super) policy: Arc<Policy>,
    pub(super) jobs: BTreeMap<NotificationId, Job>,
    /// Keys of open notifications, and of those that ended in another way than by being withdrawn.
    pub(super) keys: BTreeMap<String, NotificationId>,
    /// Those of `keys` whose notification has ended, the oldest first.
    settled: BTreeSet<(Timestamp, String)>,
    /// What people said about being told things.
    pub(super) consents: BTreeMap<(Channel, Pii<String>), bool>,
    pub(super) told: BTreeMap<(Class, Pii<String>), Told>,
    /// Open notifications by the time at which something is to be done about them.
    due: BTreeSet<(Timestamp, NotificationId)>,
    /// Open notifications by the time at which they become useless.
    expiring: BTreeSet<(Timestamp, NotificationId)>,
    pub(super) visits: Visits,
    /// The number of the newest notification of this node.
    pub(super) newest: u64,
}

impl Notify {
    /// A house that has told nobody anything yet.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            policy: Arc::new(policy),
            jobs: BTreeMap::new(),
            keys: BTreeMap::new(),
            settled: BTreeSet::new(),
            consents: BTreeMap::new(),
            told: BTreeMap::new(),
            due: BTreeSet::new(),
            expiring: BTreeSet::new(),
            visits: Visits::default(),
            newest: 0,
        }
    }

    /// The administrator's words.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// An open notification.
    #[must_use]
    pub fn job(&self, id: NotificationId) -> Option<&Job> {
        self.jobs.get(&id)
    }

    /// The open notification that this call is to tell.
    #[must_use]
    pub fn told_by(&self, call: CallId) -> Option<&Job> {
        let by = |job: &&Job| matches!(job.state, State::Trying { call: Some(c), .. } if c == call);
        self.jobs.values().find(by)
    }

    /// Open notifications, by number.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// Notifications of this channel whose time to be tried has come, the longest overdue first.
    pub fn ready(&self, now: Timestamp, channel: Channel) -> impl Iterator<Item = &Job> {
        self.due
            .iter()
            .take_while(move |(at, _)| *at <= now)
            .filter_map(|(_, id)| self.jobs.get(id))
            .filter(move |job| job.channel == channel && matches!(job.state, State::Waiting { .. }))
    }

    /// Notifications of this channel that are being tried.
    #[must_use]
    pub fn trying(&self, channel: Channel) -> usize {
        let tried =
            |job: &&Job| job.channel == channel && matches!(job.state, State::Trying { .. });
        self.jobs.values().filter(tried).count()
    }

    /// When something is due next after `now`; what is due already waits for whoever can do it.
    #[must_use]
    pub fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        let later = (Timestamp(now.0.saturating_add(1)), NotificationId(0));
        let first = |set: &BTreeSet<(Timestamp, NotificationId)>| {
            set.range(later..).next().map(|(at, _)| *at)
        };
        first(&self.due)
            .into_iter()
            .chain(first(&self.expiring))
            .min()
    }

    /// Notifications that are useless by now.
    pub(super) fn expired(&self, now: Timestamp) -> impl Iterator<Item = &Job> {
        let ids = self.expiring.iter().take_while(move |(at, _)| *at <= now);
        ids.filter_map(|(_, id)| self.jobs.get(id))
    }

    /// Notifications whose try has been under way for longer than any try takes.
    pub(super) fn stuck(&self, now: Timestamp) -> impl Iterator<Item = &Job> {
        let ids = self.due.iter().take_while(move |(at, _)| *at <= now);
        ids.filter_map(|(_, id)| self.jobs.get(id))
            .filter(|job| matches!(job.state, State::Trying { .. }))
    }

    /// What somebody said about being told things over a channel.
    #[must_use]
    pub fn consent(&self, channel: Channel, address: &Pii<String>) -> Option<bool> {
        self.consents.get(&(channel, address.clone())).copied()
    }

    /// Lets a fact about an appointment change what is to be reminded of.
    pub fn apply_case(&mut self, at: Timestamp, fact: &CaseEvent) {
        self.visits.apply(at, fact);
    }

    /// Lets a fact change the state. A fact that does not fit changes what it can.
    pub fn apply(&mut self, at: Timestamp, fact: &NotificationEvent) {
        match fact {
            NotificationEvent::Planned {
                notification,
                key,
                kind,
                channel,
                to,
                case,
                not_before,
                until,
                values,
            } => {
                let job = Job {
                    id: *notification,
                    key: key.clone(),
                    kind: *kind,
                    channel: *channel,
                    to: to.clone(),
                    case: *case,
                    until: *until,
                    values: values.clone(),
                    attempts: 0,
                    state: State::Waiting { at: *not_before },
                };
                self.plan(job);
            }
            NotificationEvent::Tried {
                notification,
                attempt,
                call,
            } => {
                self.remember_told(at, *notification);
                self.change(*notification, |job| {
                    job.attempts = *attempt;
                    job.state = State::Trying {
                        since: at,
                        call: *call,
                    };
                });
            }
            NotificationEvent::PutOff {
                notification,
                until,
                ..
            } => self.change(*notification, |job| {
                job.state = State::Waiting { at: *until };
            }),
            NotificationEvent::Ended {
                notification,
                outcome,
            } => {
                let withdrawn = *outcome == events::NotificationOutcome::Withdrawn;
                self.end(at, *notification, withdrawn);
            }
            NotificationEvent::ConsentSet {
                address,
                channel,
                allowed,
                ..
            } => {
                let of = (*channel, address.clone());
                self.consents.insert(of, *allowed);
            }
        }
    }

    fn plan(&mut self, job: Job) {
        if job.id.0 >> 48 == u64::from(self.policy.node) {
            self.newest = self.newest.max(job.id.0 & NUMBER_MASK);
        }
        self.keys.insert(job.key.clone(), job.id);
        self.due.insert((when(&job), job.id));
        self.expiring.insert((job.until, job.id));
        self.jobs.insert(job.id, job);
    }

    fn change(&mut self, id: NotificationId, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.jobs.get_mut(&id) {
            self.due.remove(&(when(job), id));
            change(job);
            self.due.insert((when(job), id));
        }
    }

    fn end(&mut self, at: Timestamp, id: NotificationId, withdrawn: bool) {
        let Some(job) = self.jobs.remove(&id) else {
            return;
        };
        self.due.remove(&(when(&job), id));
        self.expiring.remove(&(job.until, id));
        if withdrawn {
            self.keys.remove(&job.key);
        } else {
            self.settled.insert((at, job.key));
        }
        while let Some((settled, _)) = self.settled.first()
            && at.since(*settled).0 > KEYS_KEPT_MS
            && let Some((_, key)) = self.settled.pop_first()
        {
            self.keys.remove(&key);
        }
    }

    /// Counts a notification once, at its first try.
    fn remember_told(&mut self, at: Timestamp, id: NotificationId) {
        let Some(job) = self.jobs.get(&id) else {
            return;
        };
        let told = self.told.entry((job.class(), job.to.clone())).or_default();
        told.retain(|_, first| at.since(*first).0 <= TOLD_KEPT_MS);
        told.entry(id).or_insert(at);
    }
}

/// The longest a try takes, in microseconds: a dialogue has ten minutes (row #28).
const TRY_MAX_US: i64 = 900_000_000;

/// When something is to be done about a notification.
const fn when(job: &Job) -> Timestamp {
    match job.state {
        State::Waiting { at } => at,
        State::Trying { since, .. } => Timestamp(since.0.saturating_add(TRY_MAX_US)),
    }
}
