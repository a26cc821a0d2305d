//! Whether every value that is used has surely been set, whatever way the dialogue came.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::values::whole;
use crate::script::draft::{
    CallDraft, KindDraft, NodeDraft, OperandDraft, Pair, ScriptDraft, TaskDraft, TestDraft,
};
use crate::script::finding::{Finding, Rule};
use crate::script::variable::CALLER;
use crate::script::words::{ORGANISATION, placeholders};

type Names = BTreeSet<String>;

/// What a part surely has set when it returns, by way.
type Summary = BTreeMap<String, Names>;

pub(super) fn check(scripts: &[ScriptDraft], list: &mut Vec<Finding>) {
    let mut known: BTreeMap<&str, Summary> = BTreeMap::new();
    // Parts before those that call them: there is no recursion.
    let mut left: Vec<&ScriptDraft> = scripts.iter().collect();
    while !left.is_empty() {
        let (ready, waiting): (Vec<&ScriptDraft>, Vec<&ScriptDraft>) =
            left.iter().partition(|script| {
                let mut calls = script.calls();
                calls.all(|part| known.contains_key(part.value.as_str()))
            });
        if ready.is_empty() {
            return;
        }
        for script in ready {
            let mut f = Findings {
                file: &script.file,
                list,
            };
            let entered = flow(script, &known);
            findings(script, &entered, &mut f);
            known.insert(&script.id.value, summary(script, &entered));
        }
        left = waiting;
    }
}

/// For each node that can be reached, what is surely set on entering it.
fn flow<'a>(script: &'a ScriptDraft, known: &BTreeMap<&str, Summary>) -> BTreeMap<&'a str, Names> {
    let mut entered: BTreeMap<&str, Names> = BTreeMap::new();
    let takes: Names = script.takes.iter().map(|name| name.value.clone()).collect();
    let mut todo: Vec<(&str, Names)> = script
        .entries()
        .map(|entry| (entry.value.as_str(), takes.clone()))
        .collect();
    while let Some((name, set)) = todo.pop() {
        let Some(node) = script.node(name) else {
            continue;
        };
        let name = node.name.value.as_str();
        let now: Names = match entered.get(name) {
            Some(before) => before.intersection(&set).cloned().collect(),
            None => set,
        };
        if entered.get(name) == Some(&now) {
            continue;
        }
        for (to, gained) in edges(node, known) {
            let after = now.iter().cloned().chain(gained).collect();
            todo.push((to, after));
        }
        entered.insert(name, now);
    }
    entered
}

/// Where a node leads, and what is newly set on that way.
fn edges<'a>(node: &'a NodeDraft, known: &BTreeMap<&str, Summary>) -> Vec<(&'a str, Names)> {
    let to = |to: &'a crate::script::draft::At<String>| to.value.as_str();
    let one = |name: &str| Names::from([name.to_owned()]);
    let options = node.kind.options().iter().filter_map(|option| {
        let goto = option.goto.as_ref()?;
        Some((to(goto), names(&option.set)))
    });
    let mut edges: Vec<(&str, Names)> = options.collect();
    match &node.kind {
        KindDraft::Say { next } | KindDraft::Answer { next, .. } => {
            edges.push((to(next), Names::new()));
        }
        KindDraft::Question(it) => {
            edges.extend(it.rating.iter().map(|r| (to(&r.next), Names::new())));
        }
        KindDraft::Ask(it) => edges.push((to(&it.next), one(&it.into.value))),
        KindDraft::Pick(it) => {
            edges.push((to(&it.more), Names::new()));
            edges.push((to(&it.next), one(&it.into.value)));
        }
        KindDraft::Dictate(it) => {
            edges.extend(it.by_keys.iter().map(|way| (to(way), Names::new())));
            edges.push((to(&it.next), one(&it.into.value)));
        }
        KindDraft::ReadBack(it) => {
            let ways = it.no.iter().chain(&it.after_fix).chain([&it.next]);
            edges.extend(ways.map(|way| (to(way), Names::new())));
        }
        KindDraft::Task(it) => edges.extend(after_task(it)),
        KindDraft::If(it) => {
            let mut otherwise = Names::new();
            for way in &it.ways {
                let mut gained: Names = way.tests.iter().filter_map(proves).collect();
                gained.extend(otherwise.iter().cloned());
                edges.push((to(&way.goto), gained));
                if let [only] = way.tests.as_slice() {
                    otherwise.extend(disproves(only));
                }
            }
            edges.push((to(&it.otherwise), otherwise));
        }
        KindDraft::Set(it) => edges.push((to(&it.next), names(&it.set))),
        KindDraft::Call(it) => edges.extend(after_call(it, known)),
        KindDraft::Return { .. } | KindDraft::Handover { .. } | KindDraft::Finish { .. } => {}
    }
    edges
}

fn names(pairs: &[Pair<OperandDraft>]) -> Names {
    pairs.iter().map(|(name, _)| name.value.clone()).collect()
}

/// A task sets its results when it was done, those that it always gives.
fn after_task(it: &TaskDraft) -> Vec<(&str, Names)> {
    let gives = it.task.value.gives();
    let sure = |result: &str| gives.iter().any(|g| g.name == result && g.required);
    let results = it.into.iter().filter(|(_, result)| sure(&result.value));
    let results = results.map(|(variable, _)| &variable.value);
    let offers = it.offers.iter().map(|name| &name.value);
    let done: Names = results.chain(offers).cloned().collect();
    let gained = |outcome: &str| {
        let is_done = outcome == events::TaskOutcome::Done.as_str();
        if is_done { done.clone() } else { Names::new() }
    };
    it.ways
        .iter()
        .map(|(outcome, to)| (to.value.as_str(), gained(&outcome.value)))
        .collect()
}

fn after_call<'a>(it: &'a CallDraft, known: &BTreeMap<&str, Summary>) -> Vec<(&'a str, Names)> {
    let summary = known.get(it.part.value.as_str());
    it.ways
        .iter()
        .map(|(way, to)| {
            let set = summary.and_then(|s| s.get(&way.value));
            let sure = |theirs: &str| set.is_some_and(|set| set.contains(theirs));
            let gained = it.into.iter().filter(|(_, theirs)| sure(&theirs.value));
            let gained = gained.map(|(own, _)| own.value.clone()).collect();
            (to.value.as_str(), gained)
        })
        .collect()
}

/// The variable that surely has a value if the test holds.
fn proves(test: &TestDraft) -> Option<String> {
    match test {
        TestDraft::Has(name, true) => Some(name.value.clone()),
        TestDraft::Equal((name, _)) | TestDraft::Less((name, _)) | TestDraft::More((name, _)) => {
            Some(whole(&name.value).to_owned())
        }
        TestDraft::CallerKnown(true) => Some(CALLER.to_owned()),
        TestDraft::Has(_, false)
        | TestDraft::CallerKnown(false)
        | TestDraft::Open(_)
        | TestDraft::Language(_) => None,
    }
}

/// The variable that surely has a value if the test does not hold.
fn disproves(test: &TestDraft) -> Option<String> {
    match test {
        TestDraft::Has(name, false) => Some(name.value.clone()),
        TestDraft::CallerKnown(false) => Some(CALLER.to_owned()),
        TestDraft::Has(_, true)
        | TestDraft::CallerKnown(true)
        | TestDraft::Equal(_)
        | TestDraft::Less(_)
        | TestDraft::More(_)
        | TestDraft::Open(_)
        | TestDraft::Language(_) => None,
    }
}

fn summary(script: &ScriptDraft, entered: &BTreeMap<&str, Names>) -> Summary {
    let mut summary = Summary::new();
    for node in &script.nodes {
        let KindDraft::Return { way } = &node.kind else {
            continue;
        };
        let Some(set) = entered.get(node.name.value.as_str()) else {
            continue;
        };
        summary
            .entry(way.value.clone())
            .and_modify(|before| *before = before.intersection(set).cloned().collect())
            .or_insert_with(|| set.clone());
    }
    summary
}

fn findings(script: &ScriptDraft, entered: &BTreeMap<&str, Names>, f: &mut Findings<'_>) {
    for node in &script.nodes {
        let Some(set) = entered.get(node.name.value.as_str()) else {
            continue;
        };
        for (name, line) in uses(node) {
            let declared = name == CALLER || script.variable(&name).is_some();
            if declared && !set.contains(&name) {
                let message = format!(
                    "узел «{}»: «{name}» может не иметь значения",
                    node.name.value
                );
                let advice = if name == CALLER {
                    "сначала узел if с when = { caller_known = true }"
                } else {
                    "задайте её на каждом пути сюда или проверьте узлом if с has"
                };
                f.add(line, Rule::MaybeUnset, message, advice);
            }
        }
    }
}

/// The variables whose values a node needs when it is entered, with their lines.
pub(super) fn uses(node: &NodeDraft) -> Vec<(String, u32)> {
    let mut uses: Vec<(String, u32)> = Vec::new();
    for (_, said) in node.texts().into_iter().flat_map(|text| &text.said) {
        let names = placeholders(&said.value);
        let names = names.into_iter().filter(|name| *name != ORGANISATION);
        uses.extend(names.map(|name| (whole(name).to_owned(), said.line)));
    }
    let mut operands = |pairs: &[Pair<OperandDraft>]| {
        for (_, what) in pairs {
            if let OperandDraft::Variable(name) = &what.value {
                uses.push((whole(name).to_owned(), what.line));
            }
        }
    };
    for option in node.kind.options() {
        operands(&option.set);
    }
    match &node.kind {
        KindDraft::Task(it) => operands(&required(it)),
        KindDraft::Set(it) => {
            operands(&it.set);
            uses.extend(
                it.add
                    .iter()
                    .map(|(name, _)| (name.value.clone(), name.line)),
            );
        }
        KindDraft::Call(it) => operands(&it.with),
        KindDraft::Pick(it) => uses.push((it.from.value.clone(), it.from.line)),
        KindDraft::Say { .. }
        | KindDraft::Answer { .. }
        | KindDraft::Question(_)
        | KindDraft::Ask(_)
        | KindDraft::Dictate(_)
        | KindDraft::ReadBack(_)
        | KindDraft::If(_)
        | KindDraft::Return { .. }
        | KindDraft::Handover { .. }
        | KindDraft::Finish { .. } => {}
    }
    uses
}

/// What a task cannot do without; the rest is left out if it has no value.
fn required(it: &TaskDraft) -> Vec<Pair<OperandDraft>> {
    let arguments = it.task.value.arguments();
    let needed = |name: &str| arguments.iter().any(|a| a.name == name && a.required);
    let with = it.with.iter().filter(|(name, _)| needed(&name.value));
    with.cloned().collect()
}

/// The variables that a node names otherwise: sets, tests, passes on if they have a value.
pub(super) fn mentions(node: &NodeDraft) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for option in node.kind.options() {
        all.extend(names(&option.set));
    }
    match &node.kind {
        KindDraft::Task(it) => {
            for (_, what) in &it.with {
                if let OperandDraft::Variable(name) = &what.value {
                    all.push(whole(name).to_owned());
                }
            }
        }
        KindDraft::If(it) => {
            for test in it.ways.iter().flat_map(|way| &way.tests) {
                match test {
                    TestDraft::Has(name, _) => all.push(name.value.clone()),
                    TestDraft::Equal((name, what))
                    | TestDraft::Less((name, what))
                    | TestDraft::More((name, what)) => {
                        all.push(whole(&name.value).to_owned());
                        if let OperandDraft::Variable(other) = &what.value {
                            all.push(whole(other).to_owned());
                        }
                    }
                    TestDraft::Open(_) | TestDraft::CallerKnown(_) | TestDraft::Language(_) => {}
                }
            }
        }
        KindDraft::Set(it) => all.extend(names(&it.set)),
        KindDraft::Pick(it) => all.push(it.into.value.clone()),
        KindDraft::Say { .. }
        | KindDraft::Answer { .. }
        | KindDraft::Question(_)
        | KindDraft::Ask(_)
        | KindDraft::Dictate(_)
        | KindDraft::ReadBack(_)
        | KindDraft::Call(_)
        | KindDraft::Return { .. }
        | KindDraft::Handover { .. }
        | KindDraft::Finish { .. } => {}
    }
    all
}
