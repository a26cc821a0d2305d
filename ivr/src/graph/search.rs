//! The search graph of one utterance: a phrase of the list or a pattern, other speech around it, or
//! other speech alone.
//!
//! ```text
//! start ─pause─ listening ─┬─────────────────────┬─ before ── long phrases, patterns ── after ─┬──────────┬─ closing ─pause─ end
//!                          ├─ other speech ──────┤                                             ├─ other ──┤
//!                          │                     └─ (dearer) ── short phrases ─── (dearer) ────┘  speech  │
//!                          ├─ other speech alone ─────────────────────────────────────────────────────────┤
//!                          └─ nothing ────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! A short phrase («да», «два») sounds by chance in almost any other speech, so other speech beside it
//! costs more than beside a long one.

use std::collections::BTreeMap;

use super::automaton::Automaton;
use super::fst::{Arc, Fst};
use super::{Grammar, unknown};
use crate::g2p::{self, Phone};

/// Prices in the search, in natural logarithms of probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// Of an utterance that is nothing but speech off the list.
    pub unknown_alone: f32,
    /// Of each stretch of speech off the list before or after a phrase.
    pub unknown_beside: f32,
    /// Of the same beside a short phrase, in addition.
    pub unknown_beside_short: f32,
    /// Most phones of a short phrase.
    pub short: usize,
    /// How much of −ln of a phone's probability each phone off the list costs.
    pub unknown_phone: f32,
    /// How much of −ln of its probability each way on in a pattern costs: on the scale of the phones off
    /// the list, or the first words of a long number are other speech.
    pub pattern_way: f32,
    /// Of a pause where one may be.
    pub pause: f32,
    /// Of no pause where one may be.
    pub no_pause: f32,
    /// Of an utterance without any phrase.
    pub no_phrase: f32,
}

impl Default for Costs {
    /// Chosen on development speech (`docs/speech.md`, "Prices and thresholds").
    fn default() -> Self {
        Self {
            unknown_alone: 6.0,
            unknown_beside: 6.0,
            unknown_beside_short: 3.0,
            short: 4,
            unknown_phone: 0.65,
            pattern_way: 0.65,
            pause: 0.9,
            no_pause: 0.5,
            no_phrase: 1.0,
        }
    }
}

/// The graph of a grammar, with the numbers of its words and of [`super::UNKNOWN`].
pub(super) fn utterance(
    grammar: &Grammar,
    labels: &BTreeMap<&str, i32>,
    unknown: i32,
    costs: &Costs,
) -> Fst {
    let mut builder = Builder {
        fst: Fst::default(),
        costs,
        labels,
        unknown,
        each: 0.0,
    };
    builder.utterance(grammar);
    builder.fst
}

/// Where phrases begin and end: between the pauses and the other speech around them.
#[derive(Clone, Copy)]
struct Room {
    before: i32,
    after: i32,
}

struct Builder<'a> {
    fst: Fst,
    costs: &'a Costs,
    labels: &'a BTreeMap<&'a str, i32>,
    unknown: i32,
    /// Price of each phrase.
    each: f32,
}

impl Builder<'_> {
    fn utterance(&mut self, grammar: &Grammar) {
        let start = self.fst.state();
        let [listening, closing, end] = [(); 3].map(|()| self.fst.state());
        self.pause(start, listening);
        let [preceded, followed] = [(); 2].map(|()| self.fst.state());
        self.other_speech(listening, preceded, self.costs.unknown_beside);
        self.other_speech(followed, closing, self.costs.unknown_beside);
        let around = [listening, preceded, followed, closing];
        let (short, long): (Vec<&str>, Vec<&str>) =
            grammar.spoken().partition(|form| self.is_short(form));
        self.each = equally_likely(short.len() + long.len());
        if !grammar.patterns.is_empty() {
            // Half of all answers are by pattern.
            self.each += equally_likely(2);
        }
        if !long.is_empty() || !grammar.patterns.is_empty() {
            let room = self.room(around, 0.0);
            self.phrases(&long, room);
            if !grammar.patterns.is_empty() {
                let first = self.patterns(room, &grammar.patterns);
                self.fst.skip(room.before, first, equally_likely(2));
            }
        }
        if !short.is_empty() {
            let room = self.room(around, self.costs.unknown_beside_short);
            self.phrases(&short, room);
        }
        let nothing = self.costs.no_phrase;
        self.fst.skip(listening, closing, nothing);
        self.other_speech(listening, closing, nothing + self.costs.unknown_alone);
        let silent = self.pause(closing, end);
        self.fst.finish_at(silent);
        self.fst.finish_at(end);
    }

    /// Whether other speech is likely to sound like this phrase somewhere.
    fn is_short(&self, form: &str) -> bool {
        let usual = |word| g2p::variants(word).first().map_or(0, Vec::len);
        let phones: usize = form.split(' ').map(usual).sum();
        phones <= self.costs.short
    }

    /// Room for phrases with or without other speech around them, which costs `beside` here.
    fn room(&mut self, [listening, preceded, followed, closing]: [i32; 4], beside: f32) -> Room {
        let [before, after] = [(); 2].map(|()| self.fst.state());
        self.fst.skip(listening, before, 0.0);
        self.fst.skip(preceded, before, beside);
        self.fst.skip(after, closing, 0.0);
        self.fst.skip(after, followed, beside);
        Room { before, after }
    }

    fn phrases(&mut self, forms: &[&str], room: Room) {
        for form in forms {
            let mut at = room.before;
            for (position, word) in form.split(' ').enumerate() {
                if position > 0 {
                    let next = self.fst.state();
                    self.pause(at, next);
                    at = next;
                }
                at = self.word(at, word, if position == 0 { self.each } else { 0.0 });
            }
            self.fst.skip(at, room.after, 0.0);
        }
    }

    /// Lays the patterns out beside the phrases, and returns the state they begin in. Each way on
    /// from a place is as likely as any other; between two words there may be a pause.
    fn patterns(&mut self, room: Room, patterns: &Automaton) -> i32 {
        let states: Vec<i32> = patterns.places().iter().map(|_| self.fst.state()).collect();
        let state = |place: usize| states.get(place).copied().unwrap_or(room.before);
        for (number, place) in patterns.places().iter().enumerate() {
            let from = state(number);
            let ways =
                place.silent.len() + place.words.len() + usize::from(number == Automaton::END);
            let each = equally_likely(ways) * self.costs.pattern_way;
            for to in &place.silent {
                self.fst.skip(from, state(*to), each);
            }
            if place.words.is_empty() {
                continue;
            }
            let speaking = self.fst.state();
            self.pause(from, speaking);
            for (word, next) in &place.words {
                let said = self.word(speaking, word, each);
                for to in next {
                    self.fst.skip(said, state(*to), 0.0);
                }
            }
        }
        self.fst.skip(state(Automaton::END), room.after, 0.0);
        state(Automaton::START)
    }

    /// An optional pause; returns the state inside it.
    fn pause(&mut self, from: i32, to: i32) -> i32 {
        let silent = self.fst.phone(from, Phone::SILENCE, 0, self.costs.pause);
        self.fst.skip(silent, to, 0.0);
        self.fst.skip(from, to, self.costs.no_pause);
        silent
    }

    /// One or more phones as in any Russian speech, heard as [`super::UNKNOWN`].
    fn other_speech(&mut self, from: i32, to: i32, cost: f32) {
        let begun = self.fst.state();
        let output = self.unknown;
        self.fst.arc(
            from,
            Arc {
                input: 0,
                output,
                cost,
                to: begun,
            },
        );
        let scale = self.costs.unknown_phone;
        let mut said = Vec::new();
        for phone in Phone::speech() {
            let first = unknown::cost(Phone::SILENCE, phone).unwrap_or(unknown::RAREST);
            let state = self.fst.stay(phone);
            self.fst.enter(begun, phone, first * scale, state);
            self.fst.skip(state, to, 0.0);
            said.push((phone, state));
        }
        for &(before, from) in &said {
            for &(after, to) in &said {
                if let Some(cost) = unknown::cost(before, after) {
                    self.fst.enter(from, after, cost * scale, to);
                }
            }
        }
    }

    /// A word in each of its pronunciations; the first phone carries label and cost.
    fn word(&mut self, from: i32, word: &str, cost: f32) -> i32 {
        let label = self.labels.get(word).copied().unwrap_or(self.unknown);
        let to = self.fst.state();
        for phones in g2p::variants(word) {
            let mut at = from;
            for (position, phone) in phones.into_iter().enumerate() {
                let (output, cost) = if position == 0 {
                    (label, cost)
                } else {
                    (0, 0.0)
                };
                at = self.fst.phone(at, phone, output, cost);
            }
            self.fst.skip(at, to, 0.0);
        }
        to
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most MAX_PHRASES")]
fn equally_likely(ways: usize) -> f32 {
    (ways.max(1) as f32).ln()
}
