//! Which line and service a fact belongs to, and what it does to the caller's wish for a person.
//!
//! The one place that follows calls; every question asks it, so all of them agree.

use std::collections::{BTreeMap, VecDeque};

use events::{CallId, Event, LineId, Millis, PlacedEvent, Record, ServiceId, Timestamp};

use crate::keys::{Key, Keys};

/// A call that is over is remembered this long for facts that come after its end (after-call work,
/// figures of legs that close), in seconds.
const KEPT_AFTER_END_S: u64 = 60;

/// After-call work that lasts longer than this is forgotten: 12 h.
const WRAP_UP_MAX_S: u64 = 12 * 60 * 60;

/// What a fact does to the caller's wish for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing.
    None,
    /// The caller asks for a person, for the first time in this call.
    Asks,
    /// The first operator hears the caller; `asked` before, as nearly always.
    Answered { asked: bool },
    /// Nobody will answer; `asked` tells whether the caller stood in a queue before.
    Unanswered { asked: bool },
    /// The caller's place is kept, and the house calls: the wait of this call is over.
    Kept,
    /// A caller who already had an operator stands in a queue again.
    AsksAgain,
    /// A caller who already had an operator gets the next one.
    AnsweredAgain,
    /// A caller who already had an operator gets no further one.
    LostAgain,
    /// The call ended while somebody waited and nobody said what became of the wish: a fact is
    /// missing.
    Vanished,
}

/// A record, with what the book knows about its call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact<'r> {
    /// The record.
    pub(crate) record: &'r Record,
    /// Line and service now.
    pub(crate) key: Key,
    /// Line and service when the caller first asked for a person; now, if they never did.
    pub(crate) asked: Key,
    /// Line, and the service the fact itself names (ratings); now, if it names none.
    pub(crate) rated: Key,
    /// What the fact does to the caller's wish.
    pub(crate) turn: Turn,
    /// How often the call was handed on, this fact included.
    pub(crate) transfers: u32,
    /// Whether the house placed the call and no queue has it: no caller's call, so no question about
    /// calls counts it.
    pub(crate) placed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    NoPerson,
    Waits,
    Answered,
    WaitsAgain,
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Card {
    line: LineId,
    key: Key,
    asked: Option<Key>,
    wish: Wish,
    transfers: u32,
    wrap_ups: u32,
    ended: Option<Timestamp>,
}

/// Every open call, and every call that ended a moment ago.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CallBook {
    /// The labels.
    pub(crate) keys: Keys,
    /// Facts that broke a law: a call nobody heard of, a wish with two ends, an end without one.
    pub(crate) violations: u64,
    cards: BTreeMap<CallId, Card>,
    /// Calls that the house placed, until they are over or a queue has them.
    placed: BTreeMap<CallId, Key>,
    over: VecDeque<(Timestamp, CallId)>,
}

impl CallBook {
    /// Takes the next record and says what it means.
    pub(crate) fn read<'r>(&mut self, record: &'r Record) -> Fact<'r> {
        self.forget(record.at);
        if let Event::CatalogueLoaded(catalogue) = &record.event {
            self.keys.load(catalogue);
        }
        if let Event::CallArrived {
            call,
            line,
            service,
            ..
        } = &record.event
        {
            self.begin(*call, (line, service));
        }
        if let Event::Placed(fact) = &record.event {
            self.follow_placed(record.at, fact);
        }
        match record.event.call() {
            Some(call) => self.read_call(call, record),
            None => self.outside_calls(record),
        }
    }

    /// Line and service of every open call.
    pub(crate) fn open(&self) -> impl Iterator<Item = Key> {
        let open = |card: &&Card| card.ended.is_none();
        self.cards.values().filter(open).map(|card| card.key)
    }

    fn begin(&mut self, call: CallId, (line, service): (&LineId, &ServiceId)) {
        let card = Card {
            line: line.clone(),
            key: self.keys.of(line, service),
            asked: None,
            wish: Wish::NoPerson,
            transfers: 0,
            wrap_ups: 0,
            ended: None,
        };
        if self.cards.insert(call, card).is_some() {
            self.violations += 1;
        }
    }

    /// A call of the house's own is a caller's call from the moment a queue has it.
    fn follow_placed(&mut self, at: Timestamp, fact: &PlacedEvent) {
        match fact {
            PlacedEvent::Dialled {
                call,
                line,
                service,
                ..
            } => {
                let key = self.keys.of(line, service);
                self.placed.insert(*call, key);
            }
            PlacedEvent::HandedOver {
                call,
                line,
                service,
                ..
            } => {
                self.placed.remove(call);
                self.begin(*call, (line, service));
            }
            PlacedEvent::Ended { call, .. } => self.over.push_back((at, *call)),
            PlacedEvent::Answered { .. } => {}
        }
    }

    fn outside_calls<'r>(&mut self, record: &'r Record) -> Fact<'r> {
        let key = if let Event::CallRefused { line, .. } = &record.event {
            self.keys.of_dialled(line)
        } else {
            Key::NOWHERE
        };
        Fact {
            record,
            key,
            asked: key,
            rated: key,
            turn: Turn::None,
            transfers: 0,
            placed: false,
        }
    }

    fn read_call<'r>(&mut self, call: CallId, record: &'r Record) -> Fact<'r> {
        if let Some(key) = self.placed.get(&call).copied() {
            return Fact {
                record,
                key,
                asked: key,
                rated: key,
                turn: Turn::None,
                transfers: 0,
                placed: true,
            };
        }
        let Some(card) = self.cards.get_mut(&call) else {
            self.violations += 1;
            let key = self.keys.unknown();
            return Fact {
                record,
                key,
                asked: key,
                rated: key,
                turn: Turn::None,
                transfers: 0,
                placed: false,
            };
        };
        if let Event::ServiceChosen { service, .. } = &record.event {
            card.key = self.keys.of(&card.line, service);
        }
        let rated = if let Event::CallRated { service, .. } | Event::RatingSkipped { service, .. } =
            &record.event
        {
            self.keys.of(&card.line, service)
        } else {
            card.key
        };
        let before = card.wish;
        let turn = card.turn(&record.event);
        let twice = turn == Turn::None && before == Wish::Closed && card.wishes(&record.event);
        let ended_twice = matches!(record.event, Event::CallEnded { .. }) && card.ended.is_some();
        if turn == Turn::Vanished || twice || ended_twice {
            self.violations += 1;
        }
        card.follow(record);
        if matches!(record.event, Event::CallEnded { .. }) {
            self.over.push_back((record.at, call));
        }
        Fact {
            record,
            key: card.key,
            asked: card.asked.unwrap_or(card.key),
            rated,
            turn,
            transfers: card.transfers,
            placed: false,
        }
    }

    /// Drops calls that ended long enough ago and have no after-call work open.
    fn forget(&mut self, now: Timestamp) {
        while let Some((since, call)) = self.over.front().copied() {
            if now.since(since) < Millis::from_s(KEPT_AFTER_END_S) {
                return;
            }
            self.over.pop_front();
            self.placed.remove(&call);
            let Some(card) = self.cards.get(&call) else {
                continue;
            };
            let ended = card.ended.unwrap_or(now);
            if card.wrap_ups > 0 && now.since(ended) < Millis::from_s(WRAP_UP_MAX_S) {
                self.over.push_back((now, call));
            } else {
                self.cards.remove(&call);
            }
        }
    }
}

impl Card {
    /// Whether a fact belongs to a wish for a person.
    const fn wishes(&self, event: &Event) -> bool {
        matches!(
            event,
            Event::QueueEntered { .. }
                | Event::LegsBridged { .. }
                | Event::CallUnanswered { .. }
                | Event::PlaceKept { .. }
                | Event::QueueLeft { .. }
        )
    }

    fn turn(&mut self, event: &Event) -> Turn {
        let (turn, wish) = match (event, self.wish) {
            (Event::QueueEntered { .. }, Wish::NoPerson) => (Turn::Asks, Wish::Waits),
            (Event::QueueEntered { .. }, Wish::Answered) => (Turn::AsksAgain, Wish::WaitsAgain),
            (Event::LegsBridged { .. }, Wish::NoPerson) => {
                (Turn::Answered { asked: false }, Wish::Answered)
            }
            (Event::LegsBridged { .. }, Wish::Waits) => {
                (Turn::Answered { asked: true }, Wish::Answered)
            }
            (Event::LegsBridged { .. }, Wish::WaitsAgain) => (Turn::AnsweredAgain, Wish::Answered),
            (Event::CallUnanswered { .. }, Wish::NoPerson) => {
                (Turn::Unanswered { asked: false }, Wish::Closed)
            }
            (Event::CallUnanswered { .. }, Wish::Waits) => {
                (Turn::Unanswered { asked: true }, Wish::Closed)
            }
            (Event::CallUnanswered { .. }, Wish::WaitsAgain | Wish::Answered) => {
                (Turn::LostAgain, Wish::Closed)
            }
            (Event::PlaceKept { .. }, Wish::Waits) => (Turn::Kept, Wish::Closed),
            (Event::QueueLeft { .. }, Wish::WaitsAgain) => (Turn::LostAgain, Wish::Closed),
            (Event::CallEnded { .. }, Wish::Waits) => (Turn::Vanished, Wish::Closed),
            (Event::CallEnded { .. }, Wish::WaitsAgain) => (Turn::LostAgain, Wish::Closed),
            _ => (Turn::None, self.wish),
        };
        self.wish = wish;
        if self.asked.is_none() && !matches!(turn, Turn::None | Turn::Vanished) {
            self.asked = Some(self.key);
        }
        turn
    }

    fn follow(&mut self, record: &Record) {
        if matches!(record.event, Event::CallTransferred { .. }) {
            self.transfers += 1;
        }
        if matches!(record.event, Event::WrapUpStarted { .. }) {
            self.wrap_ups += 1;
        }
        if matches!(record.event, Event::WrapUpEnded { .. }) {
            self.wrap_ups = self.wrap_ups.saturating_sub(1);
        }
        if matches!(record.event, Event::CallEnded { .. }) {
            self.ended = Some(record.at);
        }
    }
}
