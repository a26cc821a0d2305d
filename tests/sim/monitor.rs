//! Watches the facts go by and knows what must never be among them. It shares no code with the
//! house: it believes the journal only.

use std::collections::{BTreeMap, BTreeSet};

use events::{CallId, Event, MissedWhy, OperatorId, QueueId, Record, Timestamp};

#[derive(Debug, Default)]
struct Case {
    /// Order of first entries into queues.
    entered: Option<u64>,
    queue: Option<QueueId>,
    waiting: bool,
    offer: Option<Rung>,
    talk: Option<OperatorId>,
    fate: Fate,
}

#[derive(Debug)]
struct Rung {
    operator: OperatorId,
    until: Timestamp,
    accepted: bool,
}

/// What became of the wish for a person: one thing, once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Open,
    Answered,
    Unanswered,
}

#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "three things said independently of each other"
)]
struct Desk {
    /// Said to be ready, and nothing else since.
    ready: bool,
    reachable: bool,
    /// Rung, talking or in after-call work.
    busy_with: Option<CallId>,
    noted: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Monitor {
    cases: BTreeMap<CallId, Case>,
    ended: BTreeSet<CallId>,
    desks: BTreeMap<OperatorId, Desk>,
    offered: u64,
    answered: u64,
    unanswered: u64,
    recovering: bool,
}

type Check = Result<(), String>;

fn must(holds: bool, what: &str, fact: &Event) -> Check {
    if holds {
        Ok(())
    } else {
        Err(format!("{what}: {fact:?}"))
    }
}

impl Monitor {
    pub(crate) fn is_waiting(&self, call: CallId) -> bool {
        self.cases.get(&call).is_some_and(|case| case.waiting)
    }

    pub(crate) fn open_calls(&self) -> usize {
        self.cases.len()
    }

    pub(crate) const fn totals(&self) -> (u64, u64) {
        (self.answered, self.unanswered)
    }

    /// What follows closes what was open, in after-call work too.
    pub(crate) const fn restarted(&mut self) {
        self.recovering = true;
    }

    /// offered = answered + unanswered + waiting for the first person.
    pub(crate) fn check_books(&self) -> Check {
        let waiting = |case: &&Case| case.waiting && case.fate == Fate::Open;
        let waiting = self.cases.values().filter(waiting).count();
        let waiting = u64::try_from(waiting).unwrap_or_default();
        if self.offered == self.answered + self.unanswered + waiting {
            Ok(())
        } else {
            Err(format!(
                "{} offered, {} answered, {} unanswered, {waiting} waiting",
                self.offered, self.answered, self.unanswered
            ))
        }
    }

    pub(crate) fn check_everything_ended(&self) -> Check {
        match self.cases.first_key_value() {
            Some((call, case)) => Err(format!("{call} never ended: {case:?}")),
            None => Ok(()),
        }
    }

    pub(crate) fn see(&mut self, record: &Record) -> Check {
        let fact = &record.event;
        if let Event::ServerStarted { .. } | Event::OperatorSignedIn { .. } = fact {
            self.recovering &= matches!(fact, Event::ServerStarted { .. });
        }
        if let Event::CallArrived { call, .. } = fact {
            must(!self.ended.contains(call), "an id used twice", fact)?;
            let before = self.cases.insert(*call, Case::default());
            return must(before.is_none(), "arrived twice", fact);
        }
        self.see_desk(fact)?;
        let Some(call) = fact.call() else {
            return Ok(());
        };
        if self.ended.contains(&call) {
            let after_call = matches!(
                fact,
                Event::WrapUpEnded { .. }
                    | Event::DispositionSet { .. }
                    | Event::ServiceChosen { .. }
            );
            return must(after_call, "a fact about a call that is over", fact);
        }
        self.see_case(record, call)
    }

    #[expect(clippy::too_many_lines, reason = "one arm a fact")]
    fn see_case(&mut self, record: &Record, call: CallId) -> Check {
        let fact = &record.event;
        let nobody_before = self.is_first_in_line(call);
        let case = self.cases.get_mut(&call).ok_or("a call out of nothing")?;
        match fact {
            Event::QueueEntered { queue, .. } => {
                must(!case.waiting && case.talk.is_none(), "in two places", fact)?;
                case.waiting = true;
                case.queue = Some(queue.clone());
                if case.entered.is_none() {
                    self.offered += 1;
                    case.entered = Some(self.offered);
                }
            }
            Event::CallOffered {
                operator,
                until,
                reason,
                ..
            } => {
                must(case.waiting, "rung for a caller who does not wait", fact)?;
                must(case.offer.is_none(), "two offers of a call", fact)?;
                let in_turn = nobody_before || reason.starts_with("перевод");
                must(in_turn, "out of turn", fact)?;
                case.offer = Some(Rung {
                    operator: operator.clone(),
                    until: *until,
                    accepted: false,
                });
            }
            Event::OfferAccepted { operator, .. } => {
                let offer = case.offer.as_mut().filter(|o| o.operator == *operator);
                let offer = offer.ok_or_else(|| format!("not offered: {fact:?}"))?;
                must(!offer.accepted, "answered twice", fact)?;
                must(record.at < offer.until, "answered too late", fact)?;
                offer.accepted = true;
            }
            Event::OfferMissed { operator, why, .. } => {
                let offer = case.offer.take().filter(|o| o.operator == *operator);
                let offer = offer.ok_or_else(|| format!("not offered: {fact:?}"))?;
                let timed_out = *why == MissedWhy::RingTimeout;
                must(!timed_out || record.at == offer.until, "not in time", fact)?;
            }
            Event::LegsBridged { operator, .. } => {
                let offer = case.offer.take();
                let right = offer.is_some_and(|o| o.accepted && o.operator == *operator);
                must(right, "bridged without an answer", fact)?;
                must(case.talk.is_none(), "two talks of a call", fact)?;
                case.talk = Some(operator.clone());
                case.waiting = false;
                if case.fate == Fate::Open {
                    case.fate = Fate::Answered;
                    self.answered += 1;
                }
            }
            Event::CallUnanswered { .. } => {
                must(case.waiting, "unanswered without waiting", fact)?;
                must(case.fate == Fate::Open, "a second fate", fact)?;
                must(case.offer.is_none(), "left ringing", fact)?;
                case.fate = Fate::Unanswered;
                case.waiting = false;
                self.unanswered += 1;
            }
            Event::QueueLeft { .. } => {
                let again = case.waiting && case.fate == Fate::Answered;
                must(again && case.offer.is_none(), "left no second wait", fact)?;
                case.waiting = false;
            }
            Event::TalkEnded { operator, .. } => {
                let talk = case.talk.take();
                must(talk.as_ref() == Some(operator), "ended no talk", fact)?;
            }
            Event::CallEnded { .. } => {
                let over = !case.waiting && case.offer.is_none() && case.talk.is_none();
                must(over, "ended in the middle", fact)?;
                self.cases.remove(&call);
                self.ended.insert(call);
            }
            _ => {}
        }
        Ok(())
    }

    /// Nobody else stands open in the same queue who came before.
    fn is_first_in_line(&self, call: CallId) -> bool {
        let Some(this) = self.cases.get(&call) else {
            return false;
        };
        !self.cases.values().any(|other| {
            other.waiting
                && other.offer.is_none()
                && other.queue == this.queue
                && other.entered < this.entered
        })
    }

    fn see_desk(&mut self, fact: &Event) -> Check {
        let recovering = self.recovering;
        match fact {
            Event::OperatorReady { operator } => self.desk(operator).ready = true,
            Event::OperatorNotReady { operator, .. } | Event::OperatorSignedOut { operator } => {
                self.desk(operator).ready = false;
                if matches!(fact, Event::OperatorSignedOut { .. }) {
                    let busy = self.desk(operator).busy_with.take();
                    must(busy.is_none() || recovering, "left while busy", fact)?;
                }
            }
            Event::PhoneReachable { operator } => self.desk(operator).reachable = true,
            Event::PhoneUnreachable { operator } => self.desk(operator).reachable = false,
            Event::CallOffered { call, operator, .. } => {
                let desk = self.desk(operator);
                must(desk.busy_with.is_none(), "rung while busy", fact)?;
                must(desk.ready && desk.reachable, "rung while not ready", fact)?;
                desk.busy_with = Some(*call);
                desk.noted = false;
            }
            Event::OfferMissed { call, operator, .. } => {
                let busy = self.desk(operator).busy_with.take();
                must(busy == Some(*call), "missed another call", fact)?;
            }
            Event::LegsBridged { call, operator, .. }
            | Event::TalkEnded { call, operator, .. }
            | Event::WrapUpStarted { call, operator, .. } => {
                let busy = self.desk(operator).busy_with;
                must(busy == Some(*call), "in two conversations", fact)?;
            }
            Event::DispositionSet { call, operator, .. } => {
                let desk = self.desk(operator);
                must(desk.busy_with == Some(*call), "not their call", fact)?;
                desk.noted = true;
            }
            Event::WrapUpEnded { call, operator } => {
                let desk = self.desk(operator);
                let busy = desk.busy_with.take();
                must(busy == Some(*call), "wrapped up another call", fact)?;
                must(desk.noted || recovering, "no outcome and need", fact)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn desk(&mut self, operator: &OperatorId) -> &mut Desk {
        self.desks.entry(operator.clone()).or_default()
    }
}
