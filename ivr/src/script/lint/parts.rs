//! Parts and who calls them.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::values::{Found, find, fits};
use crate::script::VariableType;
use crate::script::draft::{At, CallDraft, KindDraft, OperandDraft, ScriptDraft};
use crate::script::finding::{Finding, Rule};
use crate::script::variable;

/// Whether scripts can be followed into their parts.
pub(super) fn check(scripts: &[ScriptDraft], list: &mut Vec<Finding>) -> bool {
    let before = list.len();
    let by_id: BTreeMap<&str, &ScriptDraft> =
        scripts.iter().map(|s| (s.id.value.as_str(), s)).collect();
    for script in scripts {
        let mut f = Findings {
            file: &script.file,
            list,
        };
        for node in &script.nodes {
            if let KindDraft::Call(it) = &node.kind {
                match by_id.get(it.part.value.as_str()).filter(|part| part.part) {
                    Some(part) => call(script, (&node.name, it), part, &mut f),
                    None => unknown(it, &by_id, &mut f),
                }
            }
        }
        shape(script, &mut f);
    }
    recursion(scripts, &by_id, list);
    unused(scripts, list);
    let broken = |finding: &Finding| matches!(finding.rule, Rule::UnknownPart | Rule::Recursion);
    !list.iter().skip(before).any(broken)
}

fn unknown(it: &CallDraft, by_id: &BTreeMap<&str, &ScriptDraft>, f: &mut Findings<'_>) {
    let message = match by_id.get(it.part.value.as_str()) {
        Some(_) => format!("сценарий «{}» — не часть", it.part.value),
        None => format!("части «{}» нет", it.part.value),
    };
    let advice = "вызывают файл из assistant/ с purpose = \"part\"";
    f.add(it.part.line, Rule::UnknownPart, message, advice);
}

/// A part returns and has what it hands back; only a part hands anything back.
fn shape(script: &ScriptDraft, f: &mut Findings<'_>) {
    let mut returns = script.nodes.iter();
    let returns = returns.any(|node| matches!(node.kind, KindDraft::Return { .. }));
    if script.part && !returns {
        let message = format!("часть «{}» никогда не возвращается", script.id.value);
        let advice = "добавьте узел вида return";
        f.add(script.id.line, Rule::NoOutcome, message, advice);
    }
    if let Some(first) = script.gives.first().filter(|_| !script.part) {
        let message = "gives бывает только у части".to_owned();
        f.add(first.line, Rule::UnknownKey, message, "уберите gives");
    }
}

fn call(
    script: &ScriptDraft,
    (node, it): (&At<String>, &CallDraft),
    part: &ScriptDraft,
    f: &mut Findings<'_>,
) {
    let title = format!("узел «{}»", node.value);
    let has: BTreeSet<&str> = part
        .nodes
        .iter()
        .filter_map(|node| {
            if let KindDraft::Return { way } = &node.kind {
                Some(way.value.as_str())
            } else {
                None
            }
        })
        .collect();
    let named: BTreeSet<&str> = it.ways.iter().map(|(way, _)| way.value.as_str()).collect();
    for way in has.difference(&named) {
        let message = format!("{title}: нет пути на случай «{way}»");
        let advice = format!("добавьте в ways: {way} = \"узел\"");
        f.add(node.line, Rule::MissingWay, message, &advice);
    }
    for (way, _) in it
        .ways
        .iter()
        .filter(|(way, _)| !has.contains(way.value.as_str()))
    {
        let known: Vec<&str> = has.iter().copied().collect();
        let message = format!(
            "{title}: часть «{}» не кончается «{}»",
            part.id.value, way.value
        );
        let advice = format!("она кончается: {}", known.join(", "));
        f.add(way.line, Rule::UnknownWay, message, &advice);
    }
    for wanted in &part.takes {
        if !it.with.iter().any(|(name, _)| name.value == wanted.value) {
            let message = format!("{title}: части не дано «{}»", wanted.value);
            let advice = format!("добавьте with = {{ {} = … }}", wanted.value);
            f.add(node.line, Rule::BadArgument, message, &advice);
        }
    }
    arguments(script, (&title, it), part, f);
    for (own, theirs) in &it.into {
        let given = part.gives.iter().any(|g| g.value == theirs.value);
        let same = part.variable(&theirs.value) == script.variable(&own.value);
        if !given {
            let known: Vec<&str> = part.gives.iter().map(|g| g.value.as_str()).collect();
            let message = format!("{title}: часть не возвращает «{}»", theirs.value);
            let advice = format!("она возвращает: {}", known.join(", "));
            f.add(theirs.line, Rule::BadArgument, message, &advice);
        } else if !same && script.variable(&own.value).is_some() {
            let message = format!(
                "{title}: у «{}» и «{}» разные типы",
                own.value, theirs.value
            );
            let advice = "объявите их одинаково";
            f.add(own.line, Rule::TypeMismatch, message, advice);
        }
    }
    for language in &script.languages {
        if !part.languages.iter().any(|l| l.value == language.value) {
            let message = format!("{title}: части нет на языке {}", language.value);
            let advice = "добавьте этот язык в languages части и переведите её тексты";
            f.add(node.line, Rule::MissingTranslation, message, advice);
        }
    }
}

fn arguments(
    script: &ScriptDraft,
    (title, it): (&str, &CallDraft),
    part: &ScriptDraft,
    f: &mut Findings<'_>,
) {
    for (name, what) in &it.with {
        let taken = part.takes.iter().any(|t| t.value == name.value);
        let Some(wanted) = part.variable(&name.value).filter(|_| taken) else {
            let known: Vec<&str> = part.takes.iter().map(|t| t.value.as_str()).collect();
            let message = format!("{title}: часть не берёт «{}»", name.value);
            let advice = format!("она берёт: {}", known.join(", "));
            f.add(name.line, Rule::BadArgument, message, &advice);
            continue;
        };
        let right = match (&what.value, wanted.kind()) {
            (OperandDraft::Literal(word), Some(kind)) => match wanted {
                VariableType::OneOf(words) => words.contains_key(word),
                VariableType::Plain(_) | VariableType::Offers | VariableType::Offer => {
                    variable::literal(word, kind).is_some()
                }
            },
            (OperandDraft::Variable(own), Some(kind)) => match find(script, own) {
                Some(Found::Value(found)) => fits(found, kind),
                Some(Found::Whole) => false,
                None => true,
            },
            (OperandDraft::Literal(_) | OperandDraft::Variable(_), None) => false,
        };
        if !right {
            let message = format!(
                "{title}: «{}» — другого типа ({})",
                name.value,
                wanted.word()
            );
            let advice = "передайте значение этого типа; списки и предложения не передают";
            f.add(what.line, Rule::TypeMismatch, message, advice);
        }
    }
}

fn recursion(
    scripts: &[ScriptDraft],
    by_id: &BTreeMap<&str, &ScriptDraft>,
    list: &mut Vec<Finding>,
) {
    for script in scripts {
        for first in script.calls() {
            let (mut seen, mut todo) = (BTreeSet::new(), vec![first.value.as_str()]);
            while let Some(id) = todo.pop() {
                if !seen.insert(id) {
                    continue;
                }
                if let Some(part) = by_id.get(id) {
                    todo.extend(part.calls().map(|call| call.value.as_str()));
                }
            }
            if seen.contains(script.id.value.as_str()) {
                let mut f = Findings {
                    file: &script.file,
                    list,
                };
                let message = format!(
                    "часть «{}» вызывает сама себя через «{}»",
                    script.id.value, first.value
                );
                let advice = "верните путь через return и повторите вопрос в вызывающем сценарии";
                f.add(first.line, Rule::Recursion, message, advice);
            }
        }
    }
}

fn unused(scripts: &[ScriptDraft], list: &mut Vec<Finding>) {
    let called: BTreeSet<&str> = scripts
        .iter()
        .flat_map(ScriptDraft::calls)
        .map(|call| call.value.as_str())
        .collect();
    for part in scripts.iter().filter(|script| script.part) {
        if !called.contains(part.id.value.as_str()) {
            let mut f = Findings {
                file: &part.file,
                list,
            };
            let message = format!("часть «{}» никто не вызывает", part.id.value);
            let advice = "вызовите её узлом call или уберите файл";
            f.add(part.id.line, Rule::UnusedPart, message, advice);
        }
    }
}
