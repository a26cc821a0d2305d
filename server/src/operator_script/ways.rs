//! Where the steps of a script lead: every step can be reached, and from every step the end can.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::draft::DraftStep;
use super::model::{ScriptStep, StepKind};

/// What is wrong with the ways of a script, each with its place.
pub(super) type Wrong = Vec<(Range<usize>, String)>;

/// Every name that a step leads to, with its place in the file.
pub(super) fn targets(draft: &DraftStep) -> Vec<(Range<usize>, String)> {
    let answers = draft.answers.iter().map(|answer| &answer.get_ref().goto);
    let names = draft.next.iter().chain(answers);
    names
        .map(|name| (name.span(), name.get_ref().clone()))
        .collect()
}

/// Steps that nobody comes to, and steps from which nobody comes to the end, if there is one.
/// `places` are those of the steps in the file.
pub(super) fn wrong(steps: &[ScriptStep], places: &[Range<usize>]) -> Wrong {
    let index: BTreeMap<&str, usize> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| (step.id.as_str(), at))
        .collect();
    let leads_to = |step: &ScriptStep| -> Vec<usize> {
        let answers = step.answers.iter().map(|answer| answer.goto.as_str());
        let names = step.next.as_deref().into_iter().chain(answers);
        names.filter_map(|name| index.get(name).copied()).collect()
    };
    let onward: Vec<Vec<usize>> = steps.iter().map(leads_to).collect();
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (from, targets) in onward.iter().enumerate() {
        for to in targets {
            if let Some(sources) = back.get_mut(*to) {
                sources.push(from);
            }
        }
    }
    let reached = walk(&onward, [0]);
    let ends = steps.iter().enumerate();
    let ends = ends.filter(|(_, step)| step.kind == StepKind::Closing);
    let ending = walk(&back, ends.map(|(at, _)| at));
    let mut wrong = Wrong::new();
    for (at, (step, place)) in steps.iter().zip(places).enumerate() {
        let id = &step.id;
        if !reached.contains(&at) {
            let text = format!(
                "к шагу «{id}» ничто не ведёт: сошлитесь на него из next или answer или уберите его"
            );
            wrong.push((place.clone(), text));
        } else if !ending.is_empty() && !ending.contains(&at) {
            let text = format!(
                "от шага «{id}» нельзя дойти до завершения: пути ходят по кругу, дайте им выход"
            );
            wrong.push((place.clone(), text));
        }
    }
    wrong
}

fn walk(ways: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = from.into_iter().collect();
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(ways.get(at).into_iter().flatten());
        }
    }
    seen
}
