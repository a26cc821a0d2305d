//! Where a script leads: nowhere, in circles, to an outcome, to a person.

use std::collections::{BTreeMap, BTreeSet};

use events::{DialogueOutcome, DialoguePurpose};

use super::Findings;
use crate::script::draft::{KindDraft, NodeDraft, ScriptDraft};
use crate::script::finding::Rule;

pub(super) fn check(script: &ScriptDraft, f: &mut Findings<'_>) {
    let by_name: BTreeMap<&str, &NodeDraft> = script
        .nodes
        .iter()
        .map(|node| (node.name.value.as_str(), node))
        .collect();
    for entry in script.entries() {
        if !by_name.contains_key(entry.value.as_str()) {
            let message = format!("начального узла «{}» нет", entry.value);
            f.add(
                entry.line,
                Rule::GotoNowhere,
                message,
                "назовите в start имеющийся узел",
            );
            return;
        }
    }
    let mut whole = true;
    for node in &script.nodes {
        for way in node.ways() {
            if !by_name.contains_key(way.value.as_str()) {
                whole = false;
                let message = format!("узел «{}»: узла «{}» нет", node.name.value, way.value);
                let advice = "исправьте имя узла или добавьте такой узел";
                f.add(way.line, Rule::GotoNowhere, message, advice);
            }
        }
    }
    let reached = reached(&by_name, script);
    for node in &script.nodes {
        if !reached.contains(node.name.value.as_str()) {
            let message = format!("в узел «{}» не ведёт ни один путь", node.name.value);
            f.add(
                node.name.line,
                Rule::Unreachable,
                message,
                "сошлитесь на узел или уберите его",
            );
        }
    }
    if whole {
        ends(script, &reached, f);
    }
}

/// Names of all nodes that a dialogue can come to.
fn reached<'a>(
    by_name: &BTreeMap<&str, &'a NodeDraft>,
    script: &'a ScriptDraft,
) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut todo: Vec<&str> = script.entries().map(|entry| entry.value.as_str()).collect();
    while let Some(name) = todo.pop() {
        let Some(node) = by_name.get(name) else {
            continue;
        };
        if reached.insert(name) {
            todo.extend(node.ways().into_iter().map(|way| way.value.as_str()));
        }
    }
    reached
}

/// Names of all nodes from which one of `goals` can be reached.
fn leading(nodes: &[NodeDraft], goal: impl Fn(&KindDraft) -> bool) -> BTreeSet<&str> {
    let mut leading: BTreeSet<&str> = nodes
        .iter()
        .filter(|n| goal(&n.kind))
        .map(|n| n.name.value.as_str())
        .collect();
    loop {
        let before = leading.len();
        for node in nodes {
            if node
                .ways()
                .iter()
                .any(|way| leading.contains(way.value.as_str()))
            {
                leading.insert(&node.name.value);
            }
        }
        if leading.len() == before {
            return leading;
        }
    }
}

fn ends(script: &ScriptDraft, reached: &BTreeSet<&str>, f: &mut Findings<'_>) {
    let purpose = script.purpose.value;
    let to_end = leading(&script.nodes, |kind| {
        matches!(
            kind,
            KindDraft::Handover { .. } | KindDraft::Finish { .. } | KindDraft::Return { .. }
        )
    });
    // Whoever calls a part is asked whether the way goes on to a person.
    let to_person = leading(&script.nodes, |kind| {
        matches!(kind, KindDraft::Handover { .. } | KindDraft::Return { .. })
    });
    for node in script
        .nodes
        .iter()
        .filter(|n| reached.contains(n.name.value.as_str()))
    {
        let name = node.name.value.as_str();
        if !to_end.contains(name) {
            let message = format!("из узла «{name}» нет пути к завершению: разговор по кругу");
            let advice = "добавьте путь к узлу handover или finish";
            f.add(node.name.line, Rule::NoOutcome, message, advice);
        } else if purpose == DialoguePurpose::Assistant
            && node.listens()
            && !to_person.contains(name)
        {
            let message = format!("из вопроса «{name}» нельзя прийти к сотруднику");
            let advice = "добавьте вариант ответа, который ведёт к узлу handover";
            f.add(node.name.line, Rule::NoPerson, message, advice);
        }
        fits_purpose(node, script, f);
    }
    silent_loops(script, f);
}

/// Nodes without a word that lead to each other: the dialogue would never come to speak.
fn silent_loops(script: &ScriptDraft, f: &mut Findings<'_>) {
    for start in script.nodes.iter().filter(|node| node.is_silent()) {
        let (mut seen, mut todo) = (BTreeSet::new(), start.ways());
        while let Some(way) = todo.pop() {
            let Some(node) = script.node(&way.value).filter(|node| node.is_silent()) else {
                continue;
            };
            // A part that is called speaks.
            if matches!(node.kind, KindDraft::Call(_)) || !seen.insert(node.name.value.as_str()) {
                continue;
            }
            todo.extend(node.ways());
        }
        if seen.contains(start.name.value.as_str()) {
            let message = format!(
                "узел «{}» ходит по кругу без единого слова",
                start.name.value
            );
            let advice = "поставьте на этом круге вопрос или фразу";
            f.add(start.name.line, Rule::SilentLoop, message, advice);
        }
    }
}

/// A rating belongs to a rating script, a person, questions and tasks to an assistant's, a return to
/// a part.
fn fits_purpose(node: &NodeDraft, script: &ScriptDraft, f: &mut Findings<'_>) {
    let purpose = script.purpose.value;
    let assists = purpose == DialoguePurpose::Assistant;
    let converses = purpose != DialoguePurpose::Rating;
    let fits = match &node.kind {
        KindDraft::Say { .. } | KindDraft::If(_) | KindDraft::Set(_) => true,
        KindDraft::Question(question) => {
            question.rating.is_some() == (purpose == DialoguePurpose::Rating)
        }
        KindDraft::Handover { .. } => assists,
        KindDraft::Answer { .. }
        | KindDraft::Ask(_)
        | KindDraft::Pick(_)
        | KindDraft::Dictate(_)
        | KindDraft::ReadBack(_)
        | KindDraft::Task(_)
        | KindDraft::Call(_) => converses,
        KindDraft::Return { .. } => script.part,
        KindDraft::Finish { outcome } => match outcome {
            DialogueOutcome::Rated => purpose == DialoguePurpose::Rating,
            DialogueOutcome::Contained => converses,
            DialogueOutcome::ToPerson
            | DialogueOutcome::PersonAsked
            | DialogueOutcome::NotUnderstood
            | DialogueOutcome::Silence
            | DialogueOutcome::CallerLeft
            | DialogueOutcome::Finished => true,
        },
    };
    if !fits {
        let message = format!(
            "узел «{}»: такой узел не подходит сценарию с назначением {}",
            node.name.value,
            purpose.as_str()
        );
        let advice = "оценку спрашивает сценарий rating, сотрудник бывает только в assistant, вопросы и дела — \
                      в assistant, waiting и farewell, return — только в part";
        f.add(node.name.line, Rule::BadValue, message, advice);
    }
}
