//! Facts and commands in few words.

use acd::Command;
use events::Event;
use serde_json::Value;

/// Details that only repeat what the ladder shows anyway.
const UNSAID: &[&str] = &[
    "leg",
    "trunk",
    "caller",
    "until",
    "waits",
    "version",
    "versions",
    "purpose",
    "talk_ms",
    "supervised_ms",
    "latency_ms",
    "consulted_ms",
    "not_before",
    "values",
];

/// A fact; none for those that say nothing about calls and operators.
pub(super) fn fact(fact: &Event) -> Option<String> {
    if matches!(
        fact,
        Event::Heartbeat {} | Event::LegMeasured { .. } | Event::CatalogueLoaded(_)
    ) {
        return None;
    }
    let Value::Object(fact) = serde_json::to_value(fact).unwrap() else {
        return None;
    };
    let (name, fields) = fact.into_iter().next()?;
    let mut text = name.replace('_', " ");
    let mut fields = fields.as_object()?;
    // A fact of a kind of facts: «notification planned».
    if let (1, Some((name, Value::Object(inner)))) = (fields.len(), fields.iter().next()) {
        text.push_str(&format!(" {name}"));
        fields = inner;
    }
    for (key, value) in fields {
        if UNSAID.contains(&key.as_str()) || value.is_null() {
            continue;
        }
        text.push(' ');
        match value {
            Value::String(word) => text.push_str(word),
            Value::Bool(yes) => text.push_str(&format!("{key}={yes}")),
            Value::Number(number) if key == "call" => text.push_str(&format!("C{number}")),
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                text.push_str(&value.to_string());
            }
        }
    }
    Some(text)
}

/// After `CallEnded`: what the media plane measured, and the operator's own work.
pub(super) const fn may_follow_the_end(fact: &Event) -> bool {
    matches!(
        fact,
        Event::LegMeasured { .. }
            | Event::DispositionSet { .. }
            | Event::ScriptStepTicked { .. }
            | Event::Script(_)
            | Event::WrapUpEnded { .. }
            | Event::ServiceChosen {
                by: events::ChosenBy::Operator,
                ..
            }
    )
}

/// A desk's command.
pub(super) fn command(command: &Command) -> String {
    let text = format!("{command:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}
