//! Nodes without a word: conditions, variables, parts.

use std::sync::Arc;

use events::Value;

use super::Dialogue;
use crate::readback;
use crate::script::{
    Assign, Branch, Call, Date, Facts, NodeKind, OFFER_FIELDS, Operand, VariableType,
};

impl Dialogue {
    /// What a node without a word does, and the node it leads to; none if the node has words, or if
    /// it leads nowhere.
    pub(super) fn pass(&mut self, kind: &NodeKind) -> Passed {
        let next = match kind {
            NodeKind::If(branch) => Some(self.branch(branch)),
            NodeKind::Set(assign) => Some(self.assign(assign)),
            NodeKind::Call(_) => return Passed::Call,
            NodeKind::Return { way } => self.come_back(way),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Question(_)
            | NodeKind::Ask(_)
            | NodeKind::Pick(_)
            | NodeKind::Dictate(_)
            | NodeKind::Task(_)
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => return Passed::Stays,
        };
        next.map_or(Passed::Nowhere, Passed::On)
    }

    fn branch(&self, branch: &Branch) -> String {
        let facts = Facts {
            values: self.known.values.expose(),
            language: &self.pace.language,
            open: self.context.open,
        };
        let mut ways = branch.ways.iter();
        let way = ways.find(|way| way.tests.iter().all(|test| test.holds(facts)));
        way.map_or_else(|| branch.otherwise.clone(), |way| way.goto.clone())
    }

    fn assign(&mut self, assign: &Assign) -> String {
        self.set(&assign.set);
        for (name, by) in &assign.add {
            if let Some(Value::Number(number)) = self.known.values.expose().get(name) {
                let sum = Value::Number(number.saturating_add(*by));
                self.keep(name.clone(), sum);
            }
        }
        if let Some(language) = &assign.language {
            self.pace.language = language.clone();
        }
        assign.next.clone()
    }

    /// Gives variables their values; a variable without one stays without.
    pub(super) fn set(&mut self, pairs: &[(String, Operand)]) {
        for (name, operand) in pairs {
            if let Some(value) = operand.value(self.known.values.expose()) {
                self.keep(name.clone(), value);
            }
        }
    }

    pub(super) fn keep(&mut self, name: String, value: Value) {
        let mut values = std::mem::take(&mut self.known.values).into_inner();
        values.insert(name, value);
        self.known.values = events::Pii::new(values);
    }

    pub(super) fn forget(&mut self, name: &str) {
        let mut values = std::mem::take(&mut self.known.values).into_inner();
        values.remove(name);
        self.known.values = events::Pii::new(values);
    }

    /// Begins the part that a node calls, and gives the part's first node.
    pub(super) fn begin_call(&mut self, node: &str, call: &Call) -> String {
        let given: Vec<(String, Option<Value>)> = call
            .with
            .iter()
            .map(|(name, what)| (name.clone(), what.value(self.known.values.expose())))
            .collect();
        let mut values = std::mem::take(&mut self.known.values).into_inner();
        for name in &call.own {
            values.remove(name);
        }
        values.extend(given.into_iter().filter_map(|(name, v)| Some((name, v?))));
        self.known.values = events::Pii::new(values);
        self.known.calls.push(node.to_owned());
        call.start.clone()
    }

    /// Ends the innermost part by this way: where its caller goes on.
    fn come_back(&mut self, way: &str) -> Option<String> {
        let node = self.known.calls.pop()?;
        let script = Arc::clone(&self.script);
        let NodeKind::Call(call) = &script.node(&node)?.kind else {
            return None;
        };
        for (theirs, own) in &call.into {
            self.hand_back(theirs, own);
        }
        call.ways.get(way).cloned()
    }

    fn hand_back(&mut self, theirs: &str, own: &str) {
        let fields = OFFER_FIELDS
            .iter()
            .map(|(field, _)| (format!("{theirs}.{field}"), format!("{own}.{field}")));
        let is_offer = self.script.variables().get(theirs) == Some(&VariableType::Offer);
        let fields: Vec<(String, String)> = fields.filter(|_| is_offer).collect();
        let whole = (theirs.to_owned(), own.to_owned());
        for (from, to) in std::iter::once(whole).chain(fields) {
            if let Some(value) = self.known.values.expose().get(&from).cloned() {
                self.keep(to, value);
            }
        }
    }

    /// The value of a variable as it is read aloud.
    pub(super) fn said_value(&self, name: &str) -> Option<String> {
        let value = self.known.values.expose().get(name)?;
        let kind = self.script.variables().get(name);
        Some(match (kind, value) {
            (Some(VariableType::OneOf(words)), Value::Choice(word)) => {
                readback::speakable(words.get(word).unwrap_or(word))
            }
            (_, Value::Dictation { words, .. }) if words.trim().is_empty() => {
                NOT_TRANSCRIBED.to_owned()
            }
            (_, Value::Date(day)) if self.is_plain_day(*day) => readback::day_accusative(*day),
            _ => readback::value(value),
        })
    }

    /// Whether a day needs no year to be understood: it is of this year, or soon in the next.
    pub(super) fn is_plain_day(&self, day: Date) -> bool {
        let today = self.context.today;
        let next = today.year.saturating_add(1);
        day.year == today.year || day.year == next && day.month < today.month
    }
}

/// What stands for a dictation of which only the recording is there.
const NOT_TRANSCRIBED: &str = "как вы продиктовали";

/// What became of a node.
pub(super) enum Passed {
    /// It leads on to this one.
    On(String),
    /// It calls a part.
    Call,
    /// It has words.
    Stays,
    /// It leads nowhere.
    Nowhere,
}
