//! What tasks need and how they end; limits of values; ways for those who do not speak.

use std::collections::BTreeSet;

use super::Findings;
use crate::script::build::{limits, slot};
use crate::script::draft::{AskDraft, At, KindDraft, ScriptDraft, TaskDraft};
use crate::script::finding::Rule;
use crate::script::{VariableType, draft::NodeDraft};

pub(super) fn check(script: &ScriptDraft, f: &mut Findings<'_>) {
    for node in &script.nodes {
        match &node.kind {
            KindDraft::Task(it) => task(node, it, f),
            KindDraft::Ask(it) => ask(script, node, it, f),
            KindDraft::Dictate(it) if it.by_keys.is_none() => no_keys(&node.name, f),
            KindDraft::ReadBack(it) if it.no.is_none() && it.fields.is_empty() => {
                let message = format!("узел «{}» не знает, что делать с «нет»", node.name.value);
                let advice = "добавьте [[node.имя.field]] для каждого значения или no = \"узел\"";
                f.add(node.name.line, Rule::MissingKey, message, advice);
            }
            KindDraft::Dictate(_)
            | KindDraft::ReadBack(_)
            | KindDraft::Say { .. }
            | KindDraft::Answer { .. }
            | KindDraft::Question(_)
            | KindDraft::Pick(_)
            | KindDraft::If(_)
            | KindDraft::Set(_)
            | KindDraft::Call(_)
            | KindDraft::Return { .. }
            | KindDraft::Handover { .. }
            | KindDraft::Finish { .. } => {}
        }
    }
}

fn task(node: &NodeDraft, it: &TaskDraft, f: &mut Findings<'_>) {
    let (kind, title) = (it.task.value, format!("узел «{}»", node.name.value));
    let arguments = kind.arguments();
    for argument in arguments.iter().filter(|a| a.required) {
        if !it.with.iter().any(|(name, _)| name.value == argument.name) {
            let message = format!(
                "{title}: делу {} не дано «{}»",
                kind.as_str(),
                argument.name
            );
            let advice = format!("добавьте with = {{ {} = \"$переменная\" }}", argument.name);
            f.add(node.name.line, Rule::BadArgument, message, &advice);
        }
    }
    for (name, _) in &it.with {
        if !arguments.iter().any(|a| a.name == name.value) {
            let known: Vec<&str> = arguments.iter().map(|a| a.name).collect();
            let message = format!("{title}: дело {} не берёт «{}»", kind.as_str(), name.value);
            let advice = format!("оно берёт: {}", known.join(", "));
            f.add(name.line, Rule::BadArgument, message, &advice);
        }
    }
    let known: Vec<&str> = kind.outcomes().iter().map(|o| o.as_str()).collect();
    let has: BTreeSet<&str> = it.ways.iter().map(|(way, _)| way.value.as_str()).collect();
    for outcome in known.iter().filter(|outcome| !has.contains(**outcome)) {
        let message = format!("{title}: нет пути на случай «{outcome}»");
        let advice = format!("добавьте в ways: {outcome} = \"узел\"");
        f.add(node.name.line, Rule::MissingWay, message, &advice);
    }
    for (way, _) in it
        .ways
        .iter()
        .filter(|(way, _)| !known.contains(&way.value.as_str()))
    {
        let message = format!(
            "{title}: дело {} не кончается «{}»",
            kind.as_str(),
            way.value
        );
        let advice = format!("оно кончается: {}", known.join(", "));
        f.add(way.line, Rule::UnknownWay, message, &advice);
    }
    let lists = kind == events::TaskKind::FindTimes;
    if lists != it.offers.is_some() {
        let message = format!("{title}: список предложений даёт только find_times");
        let advice = "у find_times нужен offers = \"переменная типа offers\", у других его нет";
        f.add(node.name.line, Rule::BadArgument, message, advice);
    }
}

fn ask(script: &ScriptDraft, node: &NodeDraft, it: &AskDraft, f: &mut Findings<'_>) {
    let Some(kind) = script.variable(&it.into.value) else {
        return;
    };
    let message = |what: &str| format!("вопрос «{}»: {what}", node.name.value);
    let Some(value) = kind
        .kind()
        .filter(|_| !matches!(kind, VariableType::OneOf(_)))
    else {
        let message = message("такое значение спрашивают иначе");
        let advice = "один из вариантов — узел choice с set у вариантов; время приёма — узел pick";
        return f.add(it.into.line, Rule::TypeMismatch, message, advice);
    };
    if value == events::ValueKind::Dictation {
        let advice = "надиктованное записывает узел dictate";
        return f.add(
            it.into.line,
            Rule::TypeMismatch,
            message("такое значение спрашивают иначе"),
            advice,
        );
    }
    for (name, line, kinds) in limits(&it.limits) {
        if let Some(line) = line
            && !kinds.contains(&value)
        {
            let message = message(&format!("«{name}» не для типа {}", value.as_str()));
            f.add(line, Rule::BadValue, message, "уберите этот предел");
        }
    }
    if slot(kind, &it.limits).is_none() {
        let message = message("пределы не оставляют ни одного значения");
        let advice = "нижний предел не больше верхнего, время вида \"09:00\"";
        f.add(node.name.line, Rule::BadValue, message, advice);
    }
}

fn no_keys(name: &At<String>, f: &mut Findings<'_>) {
    let message = format!("узел «{}» нельзя пройти одними клавишами", name.value);
    let advice = "добавьте by_keys — узел, куда ведёт клавиша 9: то же без голоса";
    f.add(name.line, Rule::NoKeysWay, message, advice);
}
