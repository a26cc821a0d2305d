//! What operators do now, and how offers to them end.
//!
//! State = what the operator is busy with (ringing, talking, after-call work), else whether they are
//! ready. Seconds in each state sum to operators × time, so that occupancy =
//! (talking + wrap_up) / (talking + wrap_up + ready), with ringing as its own bucket.
//! RONA share = missed by ring timeout / offers. No operator's name is a label.

use std::collections::BTreeMap;

use events::{CallId, Catalogue, Event, LineId, MissedWhy, NotReadyReason, OperatorId, Timestamp};

use crate::call_book::Fact;
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Sheet, float, seconds};
use crate::words::Tally;

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorState {
    /// Not at the desk.
    SignedOut,
    /// At the desk, not to be offered calls.
    NotReady,
    /// May be offered a call.
    Ready,
    /// Their phone is rung.
    Ringing,
    /// In a conversation.
    Talking,
    /// After-call work.
    WrapUp,
}

impl OperatorState {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::SignedOut,
        Self::NotReady,
        Self::Ready,
        Self::Ringing,
        Self::Talking,
        Self::WrapUp,
    ];

    /// The word in labels and columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NotReady => "not_ready",
            Self::Ready => "ready",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::WrapUp => "wrap_up",
        }
    }

    /// The state a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == word)
    }
}

/// Whether an operator would take calls when idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    SignedOut,
    NotReady(NotReadyReason),
    Ready,
}

/// What an operator is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Idle,
    Ringing(CallId),
    Talking(CallId),
    WrapUp(CallId),
}

/// One operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Desk {
    pub(crate) presence: Presence,
    pub(crate) activity: Activity,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            presence: Presence::SignedOut,
            activity: Activity::Idle,
        }
    }
}

impl Desk {
    pub(crate) const fn state(self) -> OperatorState {
        match (self.activity, self.presence) {
            (Activity::Ringing(_), _) => OperatorState::Ringing,
            (Activity::Talking(_), _) => OperatorState::Talking,
            (Activity::WrapUp(_), _) => OperatorState::WrapUp,
            (Activity::Idle, Presence::SignedOut) => OperatorState::SignedOut,
            (Activity::Idle, Presence::NotReady(_)) => OperatorState::NotReady,
            (Activity::Idle, Presence::Ready) => OperatorState::Ready,
        }
    }

    /// The call the operator is busy with.
    pub(crate) const fn call(self) -> Option<CallId> {
        match self.activity {
            Activity::Idle => None,
            Activity::Ringing(call) | Activity::Talking(call) | Activity::WrapUp(call) => {
                Some(call)
            }
        }
    }

    /// The desk after a fact about this operator.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a question looks at its own facts; every other fact changes nothing here"
    )]
    pub(crate) fn after(self, event: &Event) -> Self {
        let mut desk = self;
        match event {
            Event::OperatorSignedIn { .. } => {
                desk.presence = Presence::NotReady(NotReadyReason::SignedIn);
            }
            Event::OperatorReady { .. } => desk.presence = Presence::Ready,
            Event::OperatorNotReady { reason, .. } => {
                desk.presence = Presence::NotReady(*reason);
            }
            Event::OperatorSignedOut { .. } => desk = Self::default(),
            Event::CallOffered { call, .. } => desk.activity = Activity::Ringing(*call),
            Event::OfferAccepted { call, .. } | Event::LegsBridged { call, .. } => {
                desk.activity = Activity::Talking(*call);
            }
            Event::WrapUpStarted { call, .. } => desk.activity = Activity::WrapUp(*call),
            Event::OfferMissed { call, .. } if self.rings_or_talks(*call) => {
                desk.activity = Activity::Idle;
            }
            Event::TalkEnded { call, .. } if self.rings_or_talks(*call) => {
                desk.activity = Activity::Idle;
            }
            Event::WrapUpEnded { call, .. } if self.activity == Activity::WrapUp(*call) => {
                desk.activity = Activity::Idle;
            }
            _ => {}
        }
        desk
    }

    /// Whether the operator rings or talks for this call.
    pub(crate) fn rings_or_talks(self, call: CallId) -> bool {
        self.activity == Activity::Ringing(call) || self.activity == Activity::Talking(call)
    }
}

/// The operator a fact about presence or work names.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question looks at its own facts; every other fact changes nothing here"
)]
pub(crate) const fn operator_of(event: &Event) -> Option<&OperatorId> {
    match event {
        Event::OperatorSignedIn { operator }
        | Event::OperatorReady { operator }
        | Event::OperatorNotReady { operator, .. }
        | Event::OperatorSignedOut { operator }
        | Event::CallOffered { operator, .. }
        | Event::OfferAccepted { operator, .. }
        | Event::OfferMissed { operator, .. }
        | Event::LegsBridged { operator, .. }
        | Event::TalkEnded { operator, .. }
        | Event::WrapUpStarted { operator, .. }
        | Event::WrapUpEnded { operator, .. } => Some(operator),
        _ => None,
    }
}

/// All operators, and what became of the calls offered to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operators {
    desks: BTreeMap<OperatorId, Desk>,
    in_state: BTreeMap<OperatorState, u64>,
    state_us: BTreeMap<OperatorState, u64>,
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
        }
        *self.in_state.entry(desk.state()).or_insert(0) += 1;
    }

    /// Books the time since the last change.
    fn advance(&mut self, at: Timestamp) {
        let us = at.0.saturating_sub(self.since.0).max(0).unsigned_abs();
        for (state, count) in &self.in_state {
            *self.state_us.entry(*state).or_insert(0) += us.saturating_mul(*count);
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
        for reason in NotReadyReason::ALL {
            let away = |desk: &&Desk| {
                desk.activity == Activity::Idle && desk.presence == Presence::NotReady(*reason)
            };
            let count = self.desks.values().filter(away).count();
            let labels = [("reason", reason.as_str())];
            reasons.value(&labels, float(u64::try_from(count).unwrap_or(u64::MAX)));
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
