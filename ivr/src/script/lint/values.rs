//! Variables: declared, of the right type, readable where they are read, used at all.

use std::collections::BTreeSet;

use events::ValueKind;

use super::Findings;
use crate::script::VariableType;
use crate::script::draft::{
    At, CallDraft, KindDraft, NodeDraft, OperandDraft, Pair, ScriptDraft, TaskDraft, TestDraft,
};
use crate::script::finding::Rule;
use crate::script::variable::{self, CALLER, OFFER_FIELDS};
use crate::script::words::{ORGANISATION, placeholders};

/// What a name stands for.
pub(super) enum Found {
    /// A value of this type.
    Value(ValueKind),
    /// A list or a record.
    Whole,
}

/// What a name stands for in a script; `visit.date` is a field of an offer.
pub(super) fn find(script: &ScriptDraft, name: &str) -> Option<Found> {
    if name == CALLER {
        return Some(Found::Value(ValueKind::Phone));
    }
    if let Some((record, field)) = name.split_once('.') {
        let declared = script.variable(record)?;
        let (_, kind) = OFFER_FIELDS.iter().find(|(known, _)| *known == field)?;
        return (*declared == VariableType::Offer).then_some(Found::Value(*kind));
    }
    let declared = script.variable(name)?;
    Some(declared.kind().map_or(Found::Whole, Found::Value))
}

/// The variable that a name is, or is a field of.
pub(super) fn whole(name: &str) -> &str {
    name.split_once('.').map_or(name, |(record, _)| record)
}

pub(super) fn check(script: &ScriptDraft, f: &mut Findings<'_>) {
    for name in script.takes.iter().chain(&script.gives) {
        declared(script, name, f);
    }
    for node in &script.nodes {
        for text in node.texts() {
            for (_, said) in &text.said {
                for name in placeholders(&said.value) {
                    readable(script, (&node.name.value, name, said.line), f);
                }
            }
        }
        for option in node.kind.options() {
            assignments(script, &option.set, f);
        }
        node_values(script, node, f);
    }
    unused(script, f);
}

fn node_values(script: &ScriptDraft, node: &NodeDraft, f: &mut Findings<'_>) {
    match &node.kind {
        KindDraft::Set(set) => {
            assignments(script, &set.set, f);
            for (name, _) in &set.add {
                wants(script, name, ValueKind::Number, f);
            }
        }
        KindDraft::If(branch) => {
            for test in branch.ways.iter().flat_map(|way| &way.tests) {
                self::test(script, test, f);
            }
        }
        KindDraft::Dictate(it) => wants(script, &it.into, ValueKind::Dictation, f),
        KindDraft::Pick(it) => {
            is_whole(script, (&it.from, &VariableType::Offers), f);
            is_whole(script, (&it.into, &VariableType::Offer), f);
        }
        KindDraft::Ask(it) => declared(script, &it.into, f),
        KindDraft::Task(it) => task(script, it, f),
        KindDraft::Call(it) => call(script, it, f),
        KindDraft::Say { .. }
        | KindDraft::Answer { .. }
        | KindDraft::Question(_)
        | KindDraft::ReadBack(_)
        | KindDraft::Return { .. }
        | KindDraft::Handover { .. }
        | KindDraft::Finish { .. } => {}
    }
}

/// What a task is given and gives, against its table.
fn task(script: &ScriptDraft, it: &TaskDraft, f: &mut Findings<'_>) {
    let kind = it.task.value;
    for (name, what) in &it.with {
        if let Some(field) = kind.arguments().iter().find(|a| a.name == name.value) {
            operand(script, (&name.value, &what.value, what.line), field.kind, f);
        }
    }
    for (variable, result) in &it.into {
        let found = kind.gives().iter().find(|g| g.name == result.value);
        let Some(field) = found else {
            let known: Vec<&str> = kind.gives().iter().map(|g| g.name).collect();
            let message = format!("дело {} не сообщает «{}»", kind.as_str(), result.value);
            let advice = format!("оно сообщает: {}", known.join(", "));
            f.add(result.line, Rule::BadArgument, message, &advice);
            continue;
        };
        wants(script, variable, field.kind, f);
    }
    if let Some(offers) = &it.offers {
        is_whole(script, (offers, &VariableType::Offers), f);
    }
}

/// The caller's side of a call; the part's side is `parts`' business.
fn call(script: &ScriptDraft, it: &CallDraft, f: &mut Findings<'_>) {
    for (_, what) in &it.with {
        if let OperandDraft::Variable(name) = &what.value {
            let value = name.clone();
            let line = what.line;
            declared(script, &At { value, line }, f);
        }
    }
    for (variable, _) in &it.into {
        declared(script, variable, f);
    }
}

fn test(script: &ScriptDraft, test: &TestDraft, f: &mut Findings<'_>) {
    match test {
        TestDraft::Open(_) | TestDraft::CallerKnown(_) | TestDraft::Language(_) => {}
        TestDraft::Has(name, _) => declared(script, name, f),
        TestDraft::Equal(pair) => compared(script, pair, f),
        TestDraft::Less(pair) | TestDraft::More(pair) => {
            compared(script, pair, f);
            let ordered = match find(script, &pair.0.value) {
                Some(Found::Value(kind)) => matches!(
                    kind,
                    ValueKind::Number | ValueKind::Date | ValueKind::Time | ValueKind::Money
                ),
                Some(Found::Whole) | None => true,
            };
            if !ordered {
                let message = format!("«{}» нельзя сравнить на больше и меньше", pair.0.value);
                let advice = "сравнивают числа, даты, время и суммы; для прочих есть equal";
                f.add(pair.0.line, Rule::TypeMismatch, message, advice);
            }
        }
    }
}

fn compared(script: &ScriptDraft, (name, what): &Pair<OperandDraft>, f: &mut Findings<'_>) {
    declared(script, name, f);
    if let Some(Found::Value(kind)) = find(script, &name.value) {
        operand(script, (&name.value, &what.value, what.line), kind, f);
    }
}

fn assignments(script: &ScriptDraft, pairs: &[Pair<OperandDraft>], f: &mut Findings<'_>) {
    for (name, what) in pairs {
        declared(script, name, f);
        if name.value.contains('.') || name.value == CALLER {
            let message = format!("«{}» нельзя задать", name.value);
            let advice = "задают свои переменные; время приёма выбирает узел pick";
            f.add(name.line, Rule::TypeMismatch, message, advice);
        }
        match find(script, &name.value) {
            Some(Found::Value(kind)) => {
                operand(script, (&name.value, &what.value, what.line), kind, f);
            }
            Some(Found::Whole) => {
                let message = format!("«{}» нельзя задать", name.value);
                let advice = "список предложений даёт дело find_times, выбор — узел pick";
                f.add(name.line, Rule::TypeMismatch, message, advice);
            }
            None => {}
        }
        if let (Some(VariableType::OneOf(words)), OperandDraft::Literal(word)) =
            (script.variable(&name.value), &what.value)
            && !words.contains_key(word)
        {
            let message = format!("«{}» не бывает «{word}»", name.value);
            let known: Vec<&str> = words.keys().map(String::as_str).collect();
            let advice = format!("бывает: {}", known.join(", "));
            f.add(what.line, Rule::TypeMismatch, message, &advice);
        }
    }
}

/// A value must have this type.
pub(super) fn operand(
    script: &ScriptDraft,
    (place, what, line): (&str, &OperandDraft, u32),
    kind: ValueKind,
    f: &mut Findings<'_>,
) {
    let fits = match what {
        OperandDraft::Literal(text) => variable::literal(text, kind).is_some(),
        OperandDraft::Variable(name) => {
            let name = At {
                value: name.clone(),
                line,
            };
            match find(script, &name.value) {
                None => return declared(script, &name, f),
                Some(Found::Value(found)) => fits(found, kind),
                Some(Found::Whole) => false,
            }
        }
    };
    if !fits {
        let message = format!("«{place}»: нужно значение типа {}", kind.as_str());
        let advice = "возьмите переменную этого типа или исправьте её тип в [variables]";
        f.add(line, Rule::TypeMismatch, message, advice);
    }
}

/// Whether a value of one type may stand where another is wanted: words may stand for a dictation.
pub(super) fn fits(found: ValueKind, wanted: ValueKind) -> bool {
    found == wanted || found == ValueKind::Text && wanted == ValueKind::Dictation
}

fn wants(script: &ScriptDraft, name: &At<String>, kind: ValueKind, f: &mut Findings<'_>) {
    let Some(found) = find(script, &name.value) else {
        return declared(script, name, f);
    };
    let fits = matches!(found, Found::Value(found) if found == kind) && name.value != CALLER;
    if !fits {
        let message = format!(
            "переменная «{}» должна иметь тип {}",
            name.value,
            kind.as_str()
        );
        let advice = format!("запишите в [variables]: имя = \"{}\"", kind.as_str());
        f.add(name.line, Rule::TypeMismatch, message, &advice);
    }
}

fn is_whole(
    script: &ScriptDraft,
    (name, wanted): (&At<String>, &VariableType),
    f: &mut Findings<'_>,
) {
    match script.variable(&name.value) {
        None => declared(script, name, f),
        Some(found) if found == wanted => {}
        Some(_) => {
            let message = format!(
                "переменная «{}» должна иметь тип {}",
                name.value,
                wanted.word()
            );
            let advice = format!("запишите в [variables]: имя = \"{}\"", wanted.word());
            f.add(name.line, Rule::TypeMismatch, message, &advice);
        }
    }
}

/// The name must stand for something.
pub(super) fn declared(script: &ScriptDraft, name: &At<String>, f: &mut Findings<'_>) {
    if find(script, &name.value).is_some() {
        return;
    }
    let names = script.variables.iter().map(|v| v.name.value.as_str());
    let near = names
        .map(|known| (strsim::jaro_winkler(known, &name.value), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let advice = near.map_or_else(
        || "объявите её в [variables] или исправьте имя".to_owned(),
        |(_, known)| format!("возможно, имелась в виду «{known}»"),
    );
    let message = format!("переменной «{}» нет", name.value);
    f.add(name.line, Rule::UnknownVariable, message, &advice);
}

fn readable(script: &ScriptDraft, (place, name, line): (&str, &str, u32), f: &mut Findings<'_>) {
    if name == ORGANISATION {
        return;
    }
    let Some(found) = find(script, name) else {
        let message = format!("«{place}»: подстановки {{{name}}} нет");
        let advice = "бывает {organisation} и имена из [variables]; лишние скобки уберите";
        return f.add(line, Rule::UnknownPlaceholder, message, advice);
    };
    let secret = name.ends_with(".id");
    if matches!(found, Found::Whole) || secret {
        let message = format!("«{place}»: {{{name}}} нельзя прочитать вслух");
        let advice = "у предложения читают его поля: {имя.date}, {имя.time}, {имя.place}";
        f.add(line, Rule::Unreadable, message, advice);
    }
}

fn unused(script: &ScriptDraft, f: &mut Findings<'_>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let given = script.takes.iter().chain(&script.gives);
    used.extend(given.map(|name| name.value.clone()));
    for node in &script.nodes {
        used.extend(
            super::assigned::uses(node)
                .into_iter()
                .map(|(name, _)| name),
        );
        used.extend(super::assigned::mentions(node));
    }
    for variable in &script.variables {
        if !used.contains(&variable.name.value) {
            let message = format!("переменная «{}» нигде не нужна", variable.name.value);
            let advice = "уберите её из [variables]";
            f.add(variable.name.line, Rule::UnusedVariable, message, advice);
        }
    }
}
