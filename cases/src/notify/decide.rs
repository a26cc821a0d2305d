//! Every rule: may it be sent now, and what follows from a try. Nothing changes here.

use std::collections::BTreeMap;

use events::{
    CallId, CaseId, Channel, Millis, NotificationEvent, NotificationId, NotificationKind,
    NotificationOutcome, Pii, Timestamp,
};

use super::address::Address;
use super::machine::{Job, Notify, State};
use super::policy::Class;

/// Somebody is to be told something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What makes it one and the same, without personal data: planned twice with one key, it is sent
    /// once. A key may be used again after it was withdrawn.
    pub key: String,
    /// What it is about.
    pub kind: NotificationKind,
    /// How it is to be sent.
    pub channel: Channel,
    /// Where to.
    pub to: Address,
    /// The case it is about, if any.
    pub case: Option<CaseId>,
    /// Not earlier.
    pub not_before: Timestamp,
    /// Useless afterwards; a letter's receipt is told within 24 hours (row #16).
    pub until: Timestamp,
    /// What its template says, by the names of [`super::gives`].
    pub values: Pii<BTreeMap<String, String>>,
}

/// How a try went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryResult {
    /// Heard, or taken by the next server.
    Delivered,
    /// Busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// They refused the call.
    Rejected,
    /// Answered, but not heard to its end.
    CutShort,
    /// The network or a server failed: later it may be better.
    Failed,
    /// The house stopped in the middle: nobody knows how it went.
    Interrupted,
    /// It will never work: no such number or address, a refusal for good.
    Hopeless,
}

impl TryResult {
    /// For the person who reads the log.
    const fn russian(self) -> &'static str {
        match self {
            Self::Delivered => "доставлено",
            Self::Busy => "занято",
            Self::NoAnswer => "не отвечает",
            Self::Rejected => "вызов отклонён",
            Self::CutShort => "не дослушали",
            Self::Failed => "сбой связи",
            Self::Interrupted => "перезапуск службы",
            Self::Hopeless => "адрес не существует",
        }
    }
}

/// A wish or a report. [`Notify::decide`] turns it into facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Tell somebody something.
    Plan(Plan),
    /// What notifications with keys of this beginning are about is not true any more.
    Withdraw {
        /// The beginning of their keys.
        keys: String,
    },
    /// Somebody allowed or forbade notifications over these channels.
    SetConsent {
        /// Whose, as dialled or written; each channel takes what it can read.
        address: String,
        /// Of these channels.
        channels: Vec<Channel>,
        /// Allowed from now on.
        allowed: bool,
        /// The call it was said in.
        call: Option<CallId>,
    },
    /// Whoever can send has a hand free for this one: is it tried now?
    Try {
        /// The notification.
        notification: NotificationId,
        /// The call that would tell it.
        call: Option<CallId>,
    },
    /// A try is over.
    Report {
        /// The notification.
        notification: NotificationId,
        /// The number of the try.
        attempt: u8,
        /// How it went.
        result: TryResult,
    },
    /// The facts about this visit changed.
    MindVisit(CaseId),
    /// Time passed.
    Tick,
    /// The journal was replayed after a stop: tries that were under way are over.
    Recover,
}

enum Verdict {
    Send,
    PutOff(Timestamp, &'static str),
    End(NotificationOutcome),
}

impl Notify {
    /// What the command leads to. What does not concern an open notification gives no fact.
    #[must_use]
    pub fn decide(&self, now: Timestamp, command: &Command) -> Vec<NotificationEvent> {
        match command {
            Command::Plan(plan) => self.plan_once(now, plan, 1).into_iter().collect(),
            Command::Withdraw { keys } => self.withdraw(keys).collect(),
            Command::SetConsent {
                address,
                channels,
                allowed,
                call,
            } => self.set_consent(address, channels, (*allowed, *call)),
            Command::Try { notification, call } => self.attempt(now, *notification, *call),
            Command::Report {
                notification,
                attempt,
                result,
            } => self.report(now, (*notification, *attempt), *result),
            Command::MindVisit(case) => self.mind_visit(now, *case, 1),
            Command::Tick => self.overdue(now),
            Command::Recover => self.recover(now),
        }
    }

    /// Plans it unless it was; `ahead` numbers several of one decision.
    pub(super) fn plan_once(
        &self,
        now: Timestamp,
        plan: &Plan,
        ahead: u64,
    ) -> Option<NotificationEvent> {
        if self.keys.contains_key(&plan.key) {
            return None;
        }
        let number = (self.newest + ahead) & ((1 << 48) - 1);
        Some(NotificationEvent::Planned {
            notification: NotificationId(u64::from(self.policy.node) << 48 | number),
            key: plan.key.clone(),
            kind: plan.kind,
            channel: plan.channel,
            to: plan.to.text().clone(),
            case: plan.case,
            not_before: plan.not_before.max(now),
            until: plan.until,
            values: plan.values.clone(),
        })
    }

    /// Ends every open notification whose key begins so.
    pub(super) fn withdraw<'s>(
        &'s self,
        keys: &'s str,
    ) -> impl Iterator<Item = NotificationEvent> + 's {
        let from = self.keys.range(keys.to_owned()..);
        from.take_while(move |(key, _)| key.starts_with(keys))
            .filter_map(|(_, id)| self.jobs.get(id))
            .map(|job| ended(job, NotificationOutcome::Withdrawn))
    }

    fn set_consent(
        &self,
        address: &str,
        channels: &[Channel],
        (allowed, call): (bool, Option<CallId>),
    ) -> Vec<NotificationEvent> {
        let mut facts = Vec::new();
        for channel in channels {
            let Some(address) = Address::parse(*channel, address) else {
                continue;
            };
            if self.consent(*channel, address.text()) == Some(allowed) {
                continue;
            }
            facts.push(NotificationEvent::ConsentSet {
                address: address.text().clone(),
                channel: *channel,
                allowed,
                call,
            });
        }
        facts
    }

    /// The one place where a try may begin.
    fn attempt(
        &self,
        now: Timestamp,
        id: NotificationId,
        call: Option<CallId>,
    ) -> Vec<NotificationEvent> {
        let Some(job) = self.jobs.get(&id) else {
            return Vec::new();
        };
        let State::Waiting { at } = job.state else {
            return Vec::new();
        };
        if at > now {
            return Vec::new();
        }
        vec![match self.verdict(now, job) {
            Verdict::Send => NotificationEvent::Tried {
                notification: id,
                attempt: job.attempts.saturating_add(1),
                call,
            },
            Verdict::PutOff(until, why) => put_off(job, until, why),
            Verdict::End(outcome) => ended(job, outcome),
        }]
    }

    fn verdict(&self, now: Timestamp, job: &Job) -> Verdict {
        let class = job.class();
        if now >= job.until {
            return Verdict::End(NotificationOutcome::Expired);
        }
        let Some(rules) = self.policy.rules(class) else {
            return Verdict::Send;
        };
        match self.consent(job.channel, &job.to) {
            Some(false) => return Verdict::End(NotificationOutcome::OptedOut),
            None if rules.needs_consent => return Verdict::End(NotificationOutcome::NoConsent),
            Some(true) | None => {}
        }
        match self.policy.allowed_from(class, job.channel, now) {
            Some(at) if at == now => {}
            Some(at) if at < job.until => return Verdict::PutOff(at, "тихие часы"),
            Some(_) | None => return Verdict::End(NotificationOutcome::Expired),
        }
        match self.room_from(now, class, job, (rules.cap, rules.cap_window)) {
            Some(at) if at <= now => Verdict::Send,
            Some(at) if at < job.until => Verdict::PutOff(at, "предел частоты"),
            Some(_) | None => Verdict::End(NotificationOutcome::TooOften),
        }
    }

    /// When one more notification to this address stays within the cap; none if never. A
    /// notification that was tried before is counted already.
    fn room_from(
        &self,
        now: Timestamp,
        class: Class,
        job: &Job,
        (cap, window): (u32, Millis),
    ) -> Option<Timestamp> {
        let Some(told) = self.told.get(&(class, job.to.clone())) else {
            return (cap > 0).then_some(now);
        };
        let within = |first: &Timestamp| now.since(*first) < window;
        let mut others: Vec<Timestamp> = told
            .iter()
            .filter(|(id, first)| **id != job.id && within(first))
            .map(|(_, first)| *first)
            .collect();
        others.sort_unstable();
        let cap = usize::try_from(cap).unwrap_or(usize::MAX);
        if others.len() < cap {
            return Some(now);
        }
        // So many of the oldest must leave the window.
        let last_to_leave = (others.len() - cap).min(others.len().saturating_sub(1));
        (cap > 0).then(|| others.get(last_to_leave).map(|first| *first + window))?
    }

    fn report(
        &self,
        now: Timestamp,
        (id, attempt): (NotificationId, u8),
        result: TryResult,
    ) -> Vec<NotificationEvent> {
        let Some(job) = self.jobs.get(&id) else {
            return Vec::new(); // it was withdrawn meanwhile
        };
        let under_way = matches!(job.state, State::Trying { .. }) && job.attempts == attempt;
        if under_way {
            vec![self.tried(now, job, result)]
        } else {
            Vec::new()
        }
    }

    /// What follows from a try.
    fn tried(&self, now: Timestamp, job: &Job, result: TryResult) -> NotificationEvent {
        let retry = self.policy.retry(job.channel);
        let pause = match result {
            TryResult::Delivered => return ended(job, NotificationOutcome::Delivered),
            TryResult::Hopeless => return ended(job, NotificationOutcome::Failed),
            TryResult::Busy => retry.busy,
            TryResult::NoAnswer | TryResult::Rejected | TryResult::CutShort => retry.no_answer,
            TryResult::Failed | TryResult::Interrupted => retry.failed,
        };
        if job.attempts >= retry.attempts {
            return ended(job, NotificationOutcome::Failed);
        }
        let doublings = u32::from(job.attempts.saturating_sub(1)).min(16);
        let next = now.plus_ms(pause.0.saturating_mul(1 << doublings));
        if next >= job.until {
            return ended(job, NotificationOutcome::Failed);
        }
        put_off(job, next, result.russian())
    }

    /// Useless ones end, and so do tries of which nothing was heard any more.
    fn overdue(&self, now: Timestamp) -> Vec<NotificationEvent> {
        let waits = |job: &&Job| matches!(job.state, State::Waiting { .. });
        let expired = self
            .expired(now)
            .filter(waits)
            .map(|job| ended(job, NotificationOutcome::Expired));
        let stuck = self
            .stuck(now)
            .map(|job| self.tried(now, job, TryResult::Interrupted));
        expired.chain(stuck).collect()
    }

    fn recover(&self, now: Timestamp) -> Vec<NotificationEvent> {
        let under_way = |job: &&Job| matches!(job.state, State::Trying { .. });
        let jobs = self.jobs.values().filter(under_way);
        let mut facts: Vec<NotificationEvent> = jobs
            .map(|job| self.tried(now, job, TryResult::Interrupted))
            .collect();
        let mut ahead = 1;
        for case in self.visits.cases() {
            let minded = self.mind_visit(now, case, ahead);
            let planned =
                |fact: &&NotificationEvent| matches!(fact, NotificationEvent::Planned { .. });
            ahead += u64::try_from(minded.iter().filter(planned).count()).unwrap_or(0);
            facts.extend(minded);
        }
        facts
    }
}

fn ended(job: &Job, outcome: NotificationOutcome) -> NotificationEvent {
    NotificationEvent::Ended {
        notification: job.id,
        outcome,
    }
}

fn put_off(job: &Job, until: Timestamp, why: &str) -> NotificationEvent {
    NotificationEvent::PutOff {
        notification: job.id,
        until,
        why: why.to_owned(),
    }
}
