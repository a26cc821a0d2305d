//! What operators do now, and how offers to them end.
//!
//! State = what the operator is busy with (ringing, talking, after-call work), else whether they are
//! ready. Seconds in each state sum to operators × time, so that occupancy =
//! (talking + wrap_up) / (talking + wrap_up + ready), with ringing as its own bucket.
//! RONA share = missed by ring timeout / offers. No operator's name is a label.

mod desk;

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CallId, Catalogue, Event, LineId, MissedWhy, NotReadyReason, OperatorId, PauseCard, Timestamp,
};

use crate::call_book::Fact;
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, float, seconds};
use crate::words::Tally;
pub use desk::OperatorState;
pub(crate) use desk::{Activity, Desk, Presence, operator_of};

/// A pause, and whether it is paid and occupied.
type Pause = (NotReadyReason, bool, bool);

/// All operators, and what became of the calls offered to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operators {
    desks: BTreeMap<OperatorId, Desk>,
    in_state: BTreeMap<OperatorState, u64>,
    state_us: BTreeMap<OperatorState, u64>,
    /// Pauses that operators may choose.
    pauses: Vec<PauseCard>,
    paused: BTreeMap<NotReadyReason, u64>,
    pause_us: BTreeMap<Pause, u64>,
    overruns: BTreeMap<NotReadyReason, u64>,
    /// Whose pause lasts longer than it should.
    over: BTreeSet<OperatorId>,
    since: Timestamp,
    /// The newest fact; nobody works while no server runs.
    alive: Timestamp,
    reachable: BTreeMap<OperatorId, bool>,
    /// Who serves each line.
    lines: BTreeMap<LineId, Vec<OperatorId>>,
    offers: Table<Offers>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Offers {
    made: u64,
    accepted: u64,
    missed: Tally<MissedWhy>,
}

impl Operators {
    /// How many operators are in a state.
    pub(crate) fn in_state(&self, state: OperatorState) -> u64 {
        self.in_state.get(&state).copied().unwrap_or(0)
    }

    fn load(&mut self, catalogue: &Catalogue) {
        let gone = |(operator, desk): &(&OperatorId, &Desk)| {
            **desk == Desk::default() && !catalogue.operators.contains(operator)
        };
        let gone: Vec<OperatorId> = self
            .desks
            .iter()
            .filter(gone)
            .map(|(o, _)| o.clone())
            .collect();
        for operator in gone {
            self.desks.remove(&operator);
            let count = self.in_state.entry(OperatorState::SignedOut).or_insert(0);
            *count = count.saturating_sub(1);
        }
        self.pauses.clone_from(&catalogue.pauses);
        self.lines.clear();
        for operator in &catalogue.operators {
            if !self.desks.contains_key(operator) {
                self.desks.insert(operator.clone(), Desk::default());
                *self.in_state.entry(OperatorState::SignedOut).or_insert(0) += 1;
            }
        }
        for card in &catalogue.lines {
            let queue = catalogue.queues.iter().find(|q| q.queue == card.queue);
            let operators = queue.map(|queue| queue.operators.clone());
            self.lines
                .insert(card.line.clone(), operators.unwrap_or_default());
        }
    }

    fn set(&mut self, operator: &OperatorId, desk: Desk) {
        let before = self.desks.get(operator).copied();
        if before == Some(desk) {
            return;
        }
        self.desks.insert(operator.clone(), desk);
        if let Some(before) = before {
            let count = self.in_state.entry(before.state()).or_insert(0);
            *count = count.saturating_sub(1);
            if let Some(reason) = before.pause() {
                let count = self.paused.entry(reason).or_insert(0);
                *count = count.saturating_sub(1);
            }
        }
        *self.in_state.entry(desk.state()).or_insert(0) += 1;
        if let Some(reason) = desk.pause() {
            *self.paused.entry(reason).or_insert(0) += 1;
        }
    }

    /// A pause as its time is booked.
    fn pause_of(&self, reason: NotReadyReason) -> Pause {
        let card = self.pauses.iter().find(|pause| pause.reason == reason);
        card.map_or((reason, true, false), |of| (reason, of.paid, of.occupied))
    }

    /// Every reason not to be ready: those of the system, those of the configuration, those seen.
    fn reasons(&self) -> BTreeSet<NotReadyReason> {
        let known = NotReadyReason::ALL.iter().copied();
        let configured = self.pauses.iter().map(|pause| pause.reason);
        let seen = self.paused.keys().copied();
        known.chain(configured).chain(seen).collect()
    }

    /// Books the time since the last change.
    fn advance(&mut self, at: Timestamp) {
        let us = at.0.saturating_sub(self.since.0).max(0).unsigned_abs();
        for (state, count) in &self.in_state {
            *self.state_us.entry(*state).or_insert(0) += us.saturating_mul(*count);
        }
        let paused: Vec<(Pause, u64)> = self
            .paused
            .iter()
            .map(|(reason, count)| (self.pause_of(*reason), *count))
            .collect();
        for (pause, count) in paused {
            *self.pause_us.entry(pause).or_insert(0) += us.saturating_mul(count);
        }
        self.since = self.since.max(at);
    }

    /// An operator whose call is over rings and talks no more, whatever fact is missing.
    fn call_over(&mut self, call: CallId) {
        let busy = |(operator, desk): (&OperatorId, &Desk)| {
            desk.rings_or_talks(call).then(|| (operator.clone(), *desk))
        };
        let busy: Vec<(OperatorId, Desk)> = self.desks.iter().filter_map(busy).collect();
        for (operator, desk) in busy {
            let activity = Activity::Idle;
            self.set(&operator, Desk { activity, ..desk });
        }
    }

    fn show_states(&self, now: Timestamp, sheet: &mut Sheet) {
        let mut states = sheet.gauge("liniya_operators", "Сотрудники по состоянию, сейчас");
        for state in OperatorState::ALL {
            let labels = [("state", state.as_str())];
            states.value(&labels, float(self.in_state(*state)));
        }
        let mut lines = sheet.gauge(
            "liniya_line_operators",
            "Сотрудники, обслуживающие линию, по состоянию; один сотрудник может быть на нескольких линиях",
        );
        for (line, operators) in &self.lines {
            let desks = || operators.iter().filter_map(|o| self.desks.get(o));
            for state in OperatorState::ALL {
                let labels = [("line", line.as_str()), ("state", state.as_str())];
                let count = desks().filter(|desk| desk.state() == *state).count();
                lines.value(&labels, float(u64::try_from(count).unwrap_or(u64::MAX)));
            }
        }
        let mut reasons = sheet.gauge(
            "liniya_operators_not_ready",
            "Сотрудники в состоянии «не готов» по причине, сейчас",
        );
        for reason in self.reasons() {
            let count = self.paused.get(&reason).copied().unwrap_or(0);
            reasons.value(&[("reason", reason.as_str())], float(count));
        }
        let reachable = self.reachable.values().filter(|up| **up).count();
        sheet
            .gauge(
                "liniya_operator_phones_reachable",
                "Телефоны сотрудников, на которые можно позвонить, сейчас",
            )
            .value(&[], float(u64::try_from(reachable).unwrap_or(u64::MAX)));
        let us = now.0.saturating_sub(self.since.0).max(0).unsigned_abs();
        let mut time = sheet.counter(
            "liniya_operator_state_seconds_total",
            "Сумма времени сотрудников в каждом состоянии",
        );
        for state in OperatorState::ALL {
            let booked = self.state_us.get(state).copied().unwrap_or(0);
            let open = us.saturating_mul(self.in_state(*state));
            let labels = [("state", state.as_str())];
            time.value(&labels, seconds(booked.saturating_add(open)));
        }
    }

    fn show_pauses(&self, now: Timestamp, sheet: &mut Sheet) {
        let us = now.0.saturating_sub(self.since.0).max(0).unsigned_abs();
        let now_paused = self
            .reasons()
            .into_iter()
            .map(|reason| self.pause_of(reason));
        let pauses: BTreeSet<Pause> = now_paused.chain(self.pause_us.keys().copied()).collect();
        let mut time = sheet.counter(
            "liniya_operator_pause_seconds_total",
            "Сумма времени сотрудников в каждом перерыве; paid — оплачивается, occupied — считается занятостью",
        );
        for pause in pauses {
            let (reason, paid, occupied) = pause;
            let current = self.pause_of(reason) == pause;
            let open = self.paused.get(&reason).filter(|_| current).copied();
            let booked = self.pause_us.get(&pause).copied().unwrap_or(0);
            let labels = [
                ("reason", reason.as_str()),
                ("paid", yes_no(paid)),
                ("occupied", yes_no(occupied)),
            ];
            let open = us.saturating_mul(open.unwrap_or(0));
            time.value(&labels, seconds(booked.saturating_add(open)));
        }
        let mut overruns = sheet.counter(
            "liniya_pause_overruns_total",
            "Перерывы, которые длятся дольше, чем разрешено",
        );
        for pause in &self.pauses {
            let count = self.overruns.get(&pause.reason).copied().unwrap_or(0);
            overruns.value(&[("reason", pause.reason.as_str())], float(count));
        }
        sheet
            .gauge(
                "liniya_operators_over_pause",
                "Сотрудники, у которых перерыв длится дольше, чем разрешено, сейчас",
            )
            .value(
                &[],
                float(u64::try_from(self.over.len()).unwrap_or(u64::MAX)),
            );
    }
}

const fn yes_no(of: bool) -> &'static str {
    if of { "yes" } else { "no" }
}

impl Question for Operators {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a question looks at its own facts; every other fact changes nothing here"
    )]
    fn apply(&mut self, fact: &Fact<'_>) {
        let (event, at) = (&fact.record.event, fact.record.at);
        if matches!(event, Event::ServerStarted { .. }) {
            self.advance(self.alive);
            self.since = at;
        }
        self.alive = at;
        if let Some(operator) = operator_of(event) {
            self.advance(at);
            let desk = self.desks.get(operator).copied().unwrap_or_default();
            self.over.remove(operator);
            self.set(operator, desk.after(event));
        }
        match event {
            Event::CatalogueLoaded(catalogue) => {
                self.advance(at);
                self.load(catalogue);
            }
            Event::CallEnded { call, .. } => {
                self.advance(at);
                self.call_over(*call);
            }
            Event::PauseOverrun { operator, reason } => {
                *self.overruns.entry(*reason).or_insert(0) += 1;
                self.over.insert(operator.clone());
            }
            Event::CallOffered { .. } => self.offers.at(fact.key).made += 1,
            Event::OfferAccepted { .. } => self.offers.at(fact.key).accepted += 1,
            Event::OfferMissed { why, .. } => self.offers.at(fact.key).missed.add(*why),
            Event::PhoneReachable { operator } => {
                self.reachable.insert(operator.clone(), true);
            }
            Event::PhoneUnreachable { operator } => {
                self.reachable.insert(operator.clone(), false);
            }
            _ => {}
        }
    }

    fn show(&self, keys: &Keys, now: Timestamp, sheet: &mut Sheet) {
        self.show_states(now, sheet);
        self.show_pauses(now, sheet);
        let table = (keys, &self.offers);
        sheet
            .counter(
                "liniya_offers_total",
                "Предложения звонка сотрудникам (вызовы их телефонов)",
            )
            .per_key(table, |cell| cell.made);
        sheet
            .counter(
                "liniya_offers_accepted_total",
                "Предложения, на которые сотрудник ответил",
            )
            .per_key(table, |cell| cell.accepted);
        sheet
            .counter(
                "liniya_offers_missed_total",
                "Предложения без ответа по причинам; ring_timeout — сотрудник не ответил (RONA)",
            )
            .per_word(table, "why", |cell| &cell.missed);
    }
}
