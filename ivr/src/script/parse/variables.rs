//! `[variables]`: names and types.

use std::collections::BTreeMap;

use events::ValueKind;
use toml::de::DeTable;

use super::check_name;
use crate::script::VariableType;
use crate::script::draft::{At, VariableDraft};
use crate::script::finding::Rule;
use crate::script::table::{Report, Table};
use crate::script::variable::CALLER;

/// The variables of a script.
pub(super) fn variables(table: &mut Table<'_, '_>, r: &mut Report<'_>) -> Vec<VariableDraft> {
    let Some((line, inner)) = table.inner("variables", r) else {
        return Vec::new();
    };
    let mut variables = Vec::new();
    for (name, value) in inner {
        let line = r.line(name.span().start).max(line);
        let name = At {
            value: name.get_ref().to_string(),
            line,
        };
        check_name(&name, r);
        if name.value == CALLER {
            let message = format!("имя «{CALLER}» занято номером звонящего");
            r.add(line, Rule::BadName, message, "назовите переменную иначе");
        }
        let kind = if let Some(word) = value.get_ref().as_str() {
            plain(&name, word, r)
        } else if let Some(table) = value.get_ref().as_table() {
            one_of(&name, table, r)
        } else {
            unknown(&name, r);
            None
        };
        variables.extend(kind.map(|kind| VariableDraft { name, kind }));
    }
    variables
}

fn plain(name: &At<String>, word: &str, r: &mut Report<'_>) -> Option<VariableType> {
    let kind = match word {
        "offers" => Some(VariableType::Offers),
        "offer" => Some(VariableType::Offer),
        _ => ValueKind::parse(word)
            .filter(|kind| *kind != ValueKind::Choice)
            .map(VariableType::Plain),
    };
    if kind.is_none() {
        unknown(name, r);
    }
    kind
}

fn unknown(name: &At<String>, r: &mut Report<'_>) {
    let words = ValueKind::ALL
        .iter()
        .filter(|kind| **kind != ValueKind::Choice)
        .map(|kind| kind.as_str())
        .chain(["offers", "offer"])
        .collect::<Vec<_>>()
        .join(", ");
    let message = format!("переменная «{}»: тип неизвестен", name.value);
    let advice = format!(
        "тип — одно из: {words}; или список: {{ one_of = {{ email = \"по электронной почте\" }} }}"
    );
    r.add(name.line, Rule::BadValue, message, advice);
}

fn one_of(name: &At<String>, table: &DeTable<'_>, r: &mut Report<'_>) -> Option<VariableType> {
    let title = format!("переменная «{}»", name.value);
    let mut table = Table::new(title, name.line, table);
    let words = table.names("one_of", r);
    table.close(r);
    if words.is_empty() {
        unknown(name, r);
        return None;
    }
    let words: BTreeMap<String, String> = words
        .into_iter()
        .map(|(word, said)| (word.value, said.value))
        .collect();
    Some(VariableType::OneOf(words))
}
