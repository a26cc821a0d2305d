//! The way an operator took through a script, and where it left what is written (row #39).

use std::collections::{BTreeMap, BTreeSet};

use events::{Deviations, ScriptId};

use super::{OperatorScript, ScriptStep, StepKind};

/// What an operator did in one talk, over all scripts that were open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// Ticked steps, in the order of their ticks.
    ticks: Vec<(ScriptId, String)>,
    answers: BTreeMap<(ScriptId, String), String>,
    own_words: BTreeSet<(ScriptId, String)>,
    fields: BTreeSet<String>,
}

impl Trail {
    /// A step was ticked, or its tick taken back.
    pub fn tick(&mut self, script: &ScriptId, step: &str, done: bool) {
        self.ticks
            .retain(|(s, t)| (s, t.as_str()) != (script, step));
        if done {
            self.ticks.push((script.clone(), step.to_owned()));
        } else {
            self.own_words.remove(&(script.clone(), step.to_owned()));
        }
    }

    /// A branch was taken.
    pub fn answer(&mut self, script: &ScriptId, step: &str, answer: &str) {
        let at = (script.clone(), step.to_owned());
        self.answers.insert(at, answer.to_owned());
    }

    /// A step was said in other words.
    pub fn own_words(&mut self, script: &ScriptId, step: &str) {
        self.own_words.insert((script.clone(), step.to_owned()));
    }

    /// A field was filled in or emptied.
    pub fn field(&mut self, field: &str, is_filled: bool) {
        if is_filled {
            self.fields.insert(field.to_owned());
        } else {
            self.fields.remove(field);
        }
    }

    /// The script that the talk ended with: that of the newest tick.
    #[must_use]
    pub fn script(&self) -> Option<&ScriptId> {
        self.ticks.last().map(|(script, _)| script)
    }

    fn is_ticked(&self, script: &ScriptId, step: &ScriptStep) -> bool {
        self.ticks.iter().any(|(s, t)| {
            // Whoever greeted has greeted, whichever script was open.
            *t == step.id && (s == script || step.kind == StepKind::Greeting)
        })
    }

    /// The steps of the way taken. Where a branch was not chosen, the one whose step was ticked is
    /// taken; where none was, the way ends.
    #[must_use]
    pub fn way<'s>(&self, script: &'s OperatorScript) -> Vec<&'s ScriptStep> {
        let mut way: Vec<&ScriptStep> = Vec::new();
        let mut here = script.steps.first();
        while let Some(step) = here {
            if way.iter().any(|seen| seen.id == step.id) {
                break;
            }
            way.push(step);
            let next = self.chosen(script, step).or(step.next.as_deref());
            here = next.and_then(|next| script.step(next));
        }
        way
    }

    fn chosen<'s>(&self, script: &'s OperatorScript, step: &'s ScriptStep) -> Option<&'s str> {
        let said = self.answers.get(&(script.id.clone(), step.id.clone()));
        let by_word = said.and_then(|said| step.answers.iter().find(|one| one.id == *said));
        let by_tick = || {
            let mut ticked = step.answers.iter().filter(|answer| {
                let goto = script.step(&answer.goto);
                goto.is_some_and(|goto| self.is_ticked(&script.id, goto))
            });
            ticked.next().filter(|_| ticked.next().is_none())
        };
        by_word.or_else(by_tick).map(|answer| answer.goto.as_str())
    }

    /// How many steps of the way were done, and where the operator deviated.
    #[must_use]
    pub fn compared(&self, script: &OperatorScript) -> (u16, Deviations) {
        let way = self.way(script);
        let done = way.iter().filter(|step| self.is_ticked(&script.id, step));
        let mut deviations = Deviations::default();
        for step in &way {
            if !self.is_ticked(&script.id, step) {
                deviations.skipped.push(step.id.clone());
            }
            let here = (script.id.clone(), step.id.clone());
            if self.own_words.contains(&here) {
                deviations.own_words.push(step.id.clone());
            }
            let required = step.fields.iter().filter(|field| field.required);
            let empty = required.filter(|field| !self.fields.contains(&field.name));
            deviations
                .missing
                .extend(empty.map(|field| field.name.clone()));
        }
        deviations.reordered = self.reordered(&script.id, &way);
        (u16::try_from(done.count()).unwrap_or(u16::MAX), deviations)
    }

    /// Steps that were ticked after one that follows them on the way.
    fn reordered(&self, script: &ScriptId, way: &[&ScriptStep]) -> Vec<String> {
        let own = self.ticks.iter().filter(|(s, _)| s == script);
        let places = own.filter_map(|(_, tick)| way.iter().position(|step| step.id == *tick));
        let mut farthest = 0;
        let mut reordered = Vec::new();
        for place in places {
            if place < farthest {
                reordered.extend(way.get(place).map(|step| step.id.clone()));
            }
            farthest = farthest.max(place);
        }
        reordered
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{BRANCHED, organisation};
    use super::super::{OperatorScript, read_all};
    use super::*;
    use expect_test::expect;

    fn script() -> OperatorScript {
        let files = [("undetermined.toml".to_owned(), BRANCHED.to_owned())];
        let scripts = read_all(&files, &organisation(&[])).unwrap();
        scripts.for_service(&"undetermined".into()).unwrap().clone()
    }

    /// `tick`, `-tick`, `step=answer`, `~own words`, `+field`.
    fn followed(what: &str) -> String {
        let script = script();
        let mut trail = Trail::default();
        for word in what.split_whitespace() {
            if let Some(step) = word.strip_prefix('-') {
                trail.tick(&script.id, step, false);
            } else if let Some(field) = word.strip_prefix('+') {
                trail.field(field, true);
            } else if let Some(step) = word.strip_prefix('~') {
                trail.own_words(&script.id, step);
                trail.tick(&script.id, step, true);
            } else if let Some((step, answer)) = word.split_once('=') {
                trail.answer(&script.id, step, answer);
                trail.tick(&script.id, step, true);
            } else {
                trail.tick(&script.id, word, true);
            }
        }
        let (done, deviations) = trail.compared(&script);
        format!("{done} {deviations:?}\n")
    }

    #[test]
    fn a_talk_by_the_script_has_no_deviation() {
        expect![[r#"
            4 Deviations { skipped: [], reordered: [], own_words: [], missing: [] }
        "#]]
        .assert_eq(&followed("greeting ask=book +day book closing"));
        expect![[r#"
            3 Deviations { skipped: [], reordered: [], own_words: [], missing: [] }
        "#]]
        .assert_eq(&followed("greeting ask=nothing closing"));
    }

    #[test]
    fn what_was_left_out_changed_or_forgotten_is_named() {
        expect![[r#"
            1 Deviations { skipped: ["ask"], reordered: [], own_words: [], missing: [] }
        "#]]
        .assert_eq(&followed("book greeting ~closing"));
        expect![[r#"
            0 Deviations { skipped: ["greeting", "ask"], reordered: [], own_words: [], missing: [] }
        "#]]
        .assert_eq(&followed("greeting -greeting"));
    }

    #[test]
    fn a_greeting_counts_whichever_script_was_open() {
        let script = script();
        let mut trail = Trail::default();
        trail.tick(&"another".into(), "greeting", true);
        let (done, deviations) = trail.compared(&script);
        assert_eq!((done, deviations.skipped), (1, vec!["ask".to_owned()]));
        assert_eq!(trail.script(), Some(&"another".into()));
    }
}
