//! Watches the facts go by and knows what must never be among them. It shares no code with the
//! house: it believes the journal only.

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CallId, CaseEvent, CaseId, ConsultationEvent, ConsultationOutcome, EntryCause, Event,
    MissedWhy, OperatorId, PlacedEvent, QueueId, Record, SkillLevel, Strategy, Terms, Timestamp,
};

use crate::beside::Beside;

#[derive(Debug, Default)]
struct Case {
    /// Order of first entries into queues: when they came, less what their priority is worth.
    entered: Option<(Timestamp, u64)>,
    terms: Terms,
    circle: usize,
    queue: Option<QueueId>,
    waiting: bool,
    rung: BTreeMap<OperatorId, Rung>,
    talk: Option<OperatorId>,
    beside: Beside,
    fate: Fate,
}

#[derive(Debug)]
struct Rung {
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
    Kept,
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
    skills: BTreeMap<OperatorId, Vec<SkillLevel>>,
    /// Queues that ring all at once.
    all_at_once: BTreeSet<QueueId>,
    offered: u64,
    answered: u64,
    unanswered: u64,
    kept: u64,
    /// Callbacks that are owed, and the call by which each is being reached.
    owed: BTreeMap<CaseId, Option<CallId>>,
    recovering: bool,
    /// The newest record before a restart.
    newest: Timestamp,
}

pub(crate) type Check = Result<(), String>;

pub(crate) fn must(holds: bool, what: &str, fact: &Event) -> Check {
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

    pub(crate) fn keeps_places(&self) -> bool {
        !self.owed.is_empty()
    }

    /// What follows closes what was open, in after-call work too.
    pub(crate) const fn restarted(&mut self) {
        self.recovering = true;
    }

    /// offered = answered + unanswered + place kept + waiting for the first person.
    pub(crate) fn check_books(&self) -> Check {
        let waiting = |case: &&Case| case.waiting && case.fate == Fate::Open;
        let waiting = self.cases.values().filter(waiting).count();
        let waiting = u64::try_from(waiting).unwrap_or_default();
        if self.offered == self.answered + self.unanswered + self.kept + waiting {
            Ok(())
        } else {
            Err(format!(
                "{} offered, {} answered, {} unanswered, {waiting} waiting",
                self.offered, self.answered, self.unanswered
            ))
        }
    }

    /// Nobody comes out of a consultation to a caller who still hears music.
    pub(crate) fn check_nobody_is_left_on_hold(&self) -> Check {
        let left = |(_, case): &(&CallId, &Case)| case.beside.leaves_somebody_on_hold();
        match self.cases.iter().find(left) {
            Some((call, case)) => Err(format!("{call} is left on hold: {case:?}")),
            None => Ok(()),
        }
    }

    pub(crate) fn check_everything_ended(&self) -> Check {
        match self.cases.first_key_value() {
            Some((call, case)) => Err(format!("{call} never ended: {case:?}")),
            None if self.keeps_places() => Err(format!("never called: {:?}", self.owed)),
            None => Ok(()),
        }
    }

    pub(crate) fn see(&mut self, record: &Record) -> Check {
        let fact = &record.event;
        if let Event::ServerStarted { .. } | Event::OperatorSignedIn { .. } = fact {
            self.recovering &= matches!(fact, Event::ServerStarted { .. });
        }
        if !self.recovering {
            self.newest = record.at;
        }
        if let Event::CatalogueLoaded(catalogue) = fact {
            let skills = catalogue.skills.iter();
            let skills = skills.map(|card| (card.operator.clone(), card.skills.clone()));
            self.skills = skills.collect();
            let queues = catalogue.queues.iter();
            let all = queues.filter(|card| card.strategy == Strategy::RingAll);
            self.all_at_once = all.map(|card| card.queue.clone()).collect();
        }
        if let Event::CallArrived { call, .. } = fact {
            must(!self.ended.contains(call), "an id used twice", fact)?;
            let before = self.cases.insert(*call, Case::default());
            return must(before.is_none(), "arrived twice", fact);
        }
        self.see_desk(fact)?;
        self.see_callback(fact)?;
        if let Event::Placed(_) = fact {
            return Ok(());
        }
        let Some(call) = fact.call() else {
            return Ok(());
        };
        if self.ended.contains(&call) {
            let after_call = matches!(
                fact,
                Event::WrapUpEnded { .. }
                    | Event::WrapUpExtended { .. }
                    | Event::DispositionSet { .. }
                    | Event::ServiceChosen { .. }
            );
            return must(after_call, "a fact about a call that is over", fact);
        }
        self.see_case(record, call)
    }

    /// Nobody is called who has not asked for it, twice at once, or after it is settled.
    fn see_callback(&mut self, fact: &Event) -> Check {
        match fact {
            Event::PlaceKept { case, .. } => {
                let before = self.owed.insert(*case, None);
                must(before.is_none(), "kept twice", fact)?;
            }
            Event::Placed(PlacedEvent::Dialled {
                call,
                case: Some(case),
                ..
            }) => {
                let owed = self.owed.get_mut(case);
                let owed = owed.ok_or_else(|| format!("called unasked: {fact:?}"))?;
                must(owed.is_none(), "called twice", fact)?;
                *owed = Some(*call);
            }
            Event::Placed(PlacedEvent::HandedOver { call, .. }) => {
                must(!self.ended.contains(call), "an id used twice", fact)?;
                self.cases.insert(*call, Case::default());
            }
            Event::QueueEntered { call, terms, .. } => {
                if let Some(case) = terms.keeps {
                    let owed = self.owed.get_mut(&case);
                    *owed.ok_or_else(|| format!("a place nobody keeps: {fact:?}"))? = Some(*call);
                }
            }
            Event::Placed(PlacedEvent::Ended { call, .. }) | Event::CallEnded { call, .. } => {
                for owed in self.owed.values_mut().filter(|owed| **owed == Some(*call)) {
                    *owed = None;
                }
            }
            Event::Case(CaseEvent::CallbackEnded { case, .. }) => {
                let owed = self.owed.remove(case);
                must(owed.is_some(), "settled twice", fact)?;
            }
            _ => {}
        }
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one arm a fact")]
    fn see_case(&mut self, record: &Record, call: CallId) -> Check {
        let fact = &record.event;
        let in_turn = self.is_in_turn(call, fact);
        let all_at_once = self.rings_all(call);
        let crashed = self.recovering.then_some(self.newest);
        let case = self.cases.get_mut(&call).ok_or("a call out of nothing")?;
        case.beside.see(record, case.talk.as_ref(), crashed)?;
        match fact {
            Event::QueueEntered {
                queue,
                terms,
                because,
                ..
            } => {
                let goes_on = *because == EntryCause::Overflow && case.rung.is_empty();
                let waits = case.waiting == (*because == EntryCause::Overflow);
                must(waits && case.talk.is_none(), "in two places", fact)?;
                must(goes_on || !case.waiting, "sent on while rung for", fact)?;
                case.waiting = true;
                case.queue = Some(queue.clone());
                if case.entered.is_none() {
                    self.offered += 1;
                    let ahead = i64::try_from(terms.ahead_ms.0 * 1_000).unwrap_or(i64::MAX);
                    let order = Timestamp(record.at.0 - ahead);
                    case.entered = Some((order, self.offered));
                }
                case.terms = terms.clone();
                case.circle = 0;
            }
            Event::CircleWidened { circle, .. } => {
                must(case.waiting, "nobody waits", fact)?;
                must(
                    usize::from(*circle) == case.circle + 1,
                    "skipped a circle",
                    fact,
                )?;
                case.circle += 1;
            }
            Event::CallOffered {
                operator,
                until,
                reason,
                ..
            } => {
                must(case.waiting, "rung for a caller who does not wait", fact)?;
                let answered = case.rung.values().any(|rung| rung.accepted);
                must(!answered, "rung though answered", fact)?;
                let alone = case.rung.is_empty();
                must(alone || all_at_once, "two offers of a call", fact)?;
                must(
                    in_turn || reason.starts_with("перевод"),
                    "out of turn",
                    fact,
                )?;
                let rung = Rung {
                    until: *until,
                    accepted: false,
                };
                let twice = case.rung.insert(operator.clone(), rung);
                must(twice.is_none(), "rung twice", fact)?;
            }
            Event::OfferAccepted { operator, .. } => {
                must(case.rung.len() == 1, "others are still rung", fact)?;
                let offer = case.rung.get_mut(operator);
                let offer = offer.ok_or_else(|| format!("not offered: {fact:?}"))?;
                must(!offer.accepted, "answered twice", fact)?;
                must(record.at < offer.until, "answered too late", fact)?;
                offer.accepted = true;
            }
            Event::OfferMissed { operator, why, .. } => {
                let offer = case.rung.remove(operator);
                let offer = offer.ok_or_else(|| format!("not offered: {fact:?}"))?;
                let timed_out = *why == MissedWhy::RingTimeout;
                must(!timed_out || record.at == offer.until, "not in time", fact)?;
            }
            Event::LegsBridged { operator, .. } => {
                let offer = case.rung.remove(operator);
                let inherits = case.beside.inherits(operator);
                let right = inherits || offer.is_some_and(|o| o.accepted);
                must(
                    right && case.rung.is_empty(),
                    "bridged without an answer",
                    fact,
                )?;
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
                must(case.rung.is_empty(), "left ringing", fact)?;
                case.fate = Fate::Unanswered;
                case.waiting = false;
                self.unanswered += 1;
            }
            Event::PlaceKept { .. } => {
                must(case.waiting, "kept without waiting", fact)?;
                must(case.fate == Fate::Open, "a second fate", fact)?;
                must(case.rung.is_empty(), "left ringing", fact)?;
                case.fate = Fate::Kept;
                case.waiting = false;
                self.kept += 1;
            }
            Event::QueueLeft { .. } => {
                let again = case.waiting && case.fate == Fate::Answered;
                must(again && case.rung.is_empty(), "left no second wait", fact)?;
                case.waiting = false;
            }
            Event::TalkEnded { operator, .. } => {
                let talk = case.talk.take();
                must(talk.as_ref() == Some(operator), "ended no talk", fact)?;
            }
            Event::CallEnded { .. } => {
                let over = !case.waiting && case.rung.is_empty() && case.talk.is_none();
                must(
                    crashed.is_some() || case.beside.is_over(),
                    "left beside",
                    fact,
                )?;
                must(over, "ended in the middle", fact)?;
                self.cases.remove(&call);
                self.ended.insert(call);
            }
            _ => {}
        }
        Ok(())
    }

    fn rings_all(&self, call: CallId) -> bool {
        let queue = self.cases.get(&call).and_then(|case| case.queue.as_ref());
        queue.is_some_and(|queue| self.all_at_once.contains(queue))
    }

    /// The operator fits, and nobody else stands open in the same queue who came before and whom
    /// the operator fits too.
    fn is_in_turn(&self, call: CallId, fact: &Event) -> bool {
        let (Some(this), Event::CallOffered { operator, .. }) = (self.cases.get(&call), fact)
        else {
            return false;
        };
        let before = |other: &Case| {
            other.waiting
                && other.rung.is_empty()
                && other.queue == this.queue
                && other.entered < this.entered
                && self.fits(operator, other)
        };
        self.fits(operator, this) && !self.cases.values().any(before)
    }

    fn fits(&self, operator: &OperatorId, case: &Case) -> bool {
        let Some(circle) = case.terms.circles.get(case.circle) else {
            return case.terms.circles.is_empty();
        };
        let has = |wanted: &SkillLevel| {
            let mut skills = self.skills.get(operator).into_iter().flatten();
            skills.any(|of| of.skill == wanted.skill && of.level >= wanted.level)
        };
        let only = circle.only.as_ref().is_none_or(|only| only == operator);
        only && circle.skills.iter().all(has)
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
            Event::Consultation(ConsultationEvent::Started {
                call,
                with: Some(operator),
                ..
            }) => {
                let desk = self.desk(operator);
                must(desk.busy_with.is_none(), "asked while busy", fact)?;
                must(desk.ready && desk.reachable, "asked while not ready", fact)?;
                desk.busy_with = Some(*call);
                desk.noted = false;
            }
            Event::Consultation(ConsultationEvent::Ended {
                call,
                with: Some(operator),
                outcome,
                ..
            }) => {
                let desk = self.desk(operator);
                must(
                    desk.busy_with == Some(*call),
                    "asked about another call",
                    fact,
                )?;
                if *outcome != ConsultationOutcome::Transferred {
                    desk.busy_with = None;
                }
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
