//! Values that callers state: by voice, by keys, by text.

use std::sync::Arc;

use events::{DialogueOutcome, Timestamp, Value};

use super::letters::Letters;
use super::{Dialogue, Doubt, Failure, KEY_PAUSE_MS, State};
use crate::script::{Ask, Command, NodeKind};
use crate::slot::{KeyEntry, KeyStep, Reading};
use crate::{Output, Phrase};

/// A value on its way in by keys.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// Digits.
    Digits(KeyEntry),
    /// Words, letter by letter.
    Words(Letters),
}

impl Entry {
    /// Whether anything has been entered.
    pub(super) fn is_begun(&self) -> bool {
        match self {
            Self::Digits(entry) => !entry.digits().is_empty(),
            Self::Words(letters) => !letters.is_empty(),
        }
    }

    /// Whether a key can begin it.
    const fn begins_with(&self, key: char) -> bool {
        match self {
            Self::Digits(_) => key.is_ascii_digit(),
            Self::Words(_) => matches!(key, '2'..='9'),
        }
    }
}

impl Dialogue {
    /// An empty entry, if the node asks for a value.
    pub(super) fn entry_for(&self, node: &str) -> Option<Entry> {
        let ask = self.asked_in(node)?;
        let digits = KeyEntry::new(&ask.slot).map(Entry::Digits);
        Some(digits.unwrap_or_else(|| Entry::Words(Letters::default())))
    }

    fn asked_in(&self, node: &str) -> Option<&Ask> {
        match &self.script.node(node)?.kind {
            NodeKind::Ask(ask) => Some(ask),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Question(_)
            | NodeKind::Pick(_)
            | NodeKind::Dictate(_)
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => None,
        }
    }

    /// Whether a key belongs to a value on its way in: then `0` is a digit, `#` ends the value and
    /// `*` mends it. While nothing has been entered, `*` and `#` are commands as everywhere.
    pub(super) fn is_for_entry(&self, key: char) -> bool {
        let State::Asking(asking) = &self.state else {
            return false;
        };
        let Some(entry) = asking.entry.as_ref().filter(|_| asking.doubt.is_none()) else {
            return false;
        };
        entry.is_begun() || entry.begins_with(key)
    }

    pub(super) fn press_entry(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        self.hush(out);
        let pause = now.plus_ms(KEY_PAUSE_MS.saturating_mul(self.pace.factor));
        let (silence, today) = (now.plus_ms(self.silence_ms()), self.context.today);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let entry = match &mut asking.entry {
            Some(Entry::Digits(entry)) => entry,
            Some(Entry::Words(letters)) => {
                asking.until = silence;
                let person = key == '#' && letters.ends_in_space();
                let ended = letters.press(key);
                if person && self.script.knows(Command::Person) {
                    self.command(now, Command::Person, out);
                } else if ended {
                    self.entered(now, out);
                }
                return;
            }
            None => return,
        };
        let before = entry.digits().to_owned();
        match entry.press(key, today) {
            KeyStep::More => asking.until = pause,
            KeyStep::Corrected | KeyStep::Cleared | KeyStep::Ignored => asking.until = silence,
            KeyStep::Done(reading) => {
                // A lone 0 is the operator, as everywhere.
                let lone = match key {
                    '0' => before.is_empty() && !matches!(reading, Reading::One(_)),
                    _ => before == "0" && key == '#',
                };
                self.settle_entry(now, (reading, lone), out);
            }
        }
    }

    /// No key more came: what is there is the value.
    pub(super) fn entered(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let today = self.context.today;
        let State::Asking(asking) = &self.state else {
            return;
        };
        match &asking.entry {
            Some(Entry::Digits(entry)) => {
                let settled = (entry.end(today), entry.digits() == "0");
                self.settle_entry(now, settled, out);
            }
            Some(Entry::Words(letters)) => match letters.words() {
                // Words by keys are always read back.
                Some(words) => self.ask_whether(now, vec![Value::Text(words)], out),
                None => self.fail(now, Failure::Miss, out),
            },
            None => {}
        }
    }

    fn settle_entry(
        &mut self,
        now: Timestamp,
        (reading, lone_zero): (Reading, bool),
        out: &mut Vec<Output>,
    ) {
        let entry = self.state.node().and_then(|node| self.entry_for(node));
        if let State::Asking(asking) = &mut self.state {
            asking.entry = entry;
        }
        if lone_zero && self.script.knows(Command::Person) {
            return self.command(now, Command::Person, out);
        }
        self.read(now, reading, true, out);
    }

    /// Takes a reading: accepts it, asks whether it is right, or says why it cannot be.
    pub(super) fn read(
        &mut self,
        now: Timestamp,
        reading: Reading,
        sure: bool,
        out: &mut Vec<Output>,
    ) {
        let State::Asking(asking) = &self.state else {
            return;
        };
        let always = self
            .asked_in(&asking.node)
            .is_some_and(|ask| ask.always_confirm);
        match reading {
            Reading::One(value) if sure && !always => self.take_value(now, value, out),
            Reading::One(value) => self.ask_whether(now, vec![value], out),
            Reading::Several(values) => self.ask_whether(now, values, out),
            Reading::Refused(why) => {
                let node = asking.node.replace('@', "");
                let reason = Phrase {
                    name: format!("{node}.refused{}", Phrase::LIVE),
                    text: why.text(),
                };
                self.fail_with(now, Failure::Miss, vec![reason], out);
            }
            Reading::Nothing => self.fail(now, Failure::Miss, out),
        }
    }

    /// «Вы сказали …?» about the first of these.
    pub(super) fn ask_whether(
        &mut self,
        now: Timestamp,
        values: Vec<Value>,
        out: &mut Vec<Output>,
    ) {
        let State::Asking(asking) = &self.state else {
            return;
        };
        let doubt = Doubt::Values(events::Pii::new(values));
        let say = self.doubt_words(&asking.node, &doubt);
        self.doubt(now, doubt, say, out);
    }

    /// A value as it is read back where it is asked for.
    pub(super) fn value_words(&self, node: &str, value: &Value) -> String {
        self.asked_in(node)
            .map_or_else(|| crate::readback::value(value), |ask| ask.slot.say(value))
    }

    /// The value is the answer: keeps it and goes on.
    pub(super) fn take_value(&mut self, now: Timestamp, value: Value, out: &mut Vec<Output>) {
        let State::Asking(asking) = &self.state else {
            return;
        };
        let script = Arc::clone(&self.script);
        let (into, next) = match script.node(&asking.node).map(|node| &node.kind) {
            Some(NodeKind::Ask(ask)) => (&ask.into, &ask.next),
            Some(NodeKind::Dictate(it)) => (&it.into, &it.next),
            Some(
                NodeKind::Say { .. }
                | NodeKind::Answer { .. }
                | NodeKind::Question(_)
                | NodeKind::Pick(_)
                | NodeKind::Task(_)
                | NodeKind::If(_)
                | NodeKind::Set(_)
                | NodeKind::Call(_)
                | NodeKind::Return { .. }
                | NodeKind::Handover { .. }
                | NodeKind::Finish { .. },
            )
            | None => return self.give_up(now, DialogueOutcome::NotUnderstood, out),
        };
        self.keep(into.clone(), value);
        self.enter(now, next, out);
    }
}
