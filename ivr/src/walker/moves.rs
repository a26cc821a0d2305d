//! Everything a caller can do where a dialogue stands.

use events::{CaseId, CaseNumber, Date, Value};

use super::Means;
use crate::script::{CONFIRM_NODE, NodeKind, SETTINGS_NODE, Script};
use crate::simulate::{Simulation, Turn};
use crate::slot::SlotSpec;

/// A move: what the caller does, and how it is told.
pub(super) type Move = (Vec<Turn>, String);

/// The moves of a caller with these means.
pub(super) fn moves(script: &Script, at: &Simulation, means: Means, today: Date) -> Vec<Move> {
    let mut all = Vec::new();
    if means != Means::Voice {
        by_keys(script, at, today, &mut all);
        all.extend([keys("*"), keys("#")]);
    }
    if means != Means::Keys {
        by_voice(script, at, today, &mut all);
        all.extend([says("назад"), says("повторите"), says("медленнее")]);
        all.push((vec![Turn::Nonsense], "непонятное".to_owned()));
    }
    all.push((vec![Turn::Silent], "молчание".to_owned()));
    all
}

fn by_keys(script: &Script, at: &Simulation, today: Date, all: &mut Vec<Move>) {
    if at.dialogue().is_dictating() {
        // Instead of speaking, where the script has a way for it.
        return all.push(keys("9"));
    }
    match at.listening() {
        Some(CONFIRM_NODE) => return all.extend([keys("1"), keys("2")]),
        Some(SETTINGS_NODE) => return all.extend(["1", "3", "4", "5"].map(keys)),
        Some(_) | None => {}
    }
    match asked(script, at) {
        Some(NodeKind::Question(it)) => {
            all.extend(it.options.iter().map(|o| keys(&o.key.to_string())));
        }
        Some(NodeKind::Ask(it)) => all.extend(entries(&it.slot, today).iter().map(|e| keys(e))),
        Some(NodeKind::Pick(it)) => {
            all.extend((1..=it.at_once + 1).map(|key| keys(&key.to_string())));
        }
        // What is read back and is wrong: which of the values; and the way without speaking.
        Some(_) | None => all.extend(["1", "2", "3", "9"].map(keys)),
    }
}

fn by_voice(script: &Script, at: &Simulation, today: Date, all: &mut Vec<Move>) {
    if at.dialogue().is_dictating() {
        let words = "иванов иван иванович, письмо на почту".to_owned();
        all.push((vec![Turn::Dictates(words)], "диктует".to_owned()));
        return;
    }
    match at.listening() {
        Some(CONFIRM_NODE) => return all.extend([says("да"), says("нет")]),
        Some(SETTINGS_NODE) => return,
        Some(_) | None => {}
    }
    match asked(script, at) {
        Some(NodeKind::Question(it)) => {
            let phrases = it.options.iter().filter_map(|o| o.all_phrases().next());
            all.extend(phrases.map(says));
        }
        Some(NodeKind::Ask(it)) => all.extend(spoken(&it.slot, today).iter().map(|w| says(w))),
        Some(NodeKind::Pick(_)) => {
            all.extend([says("первое"), says("второе"), says("другое время")]);
        }
        Some(_) | None => {}
    }
}

/// The question that is asked, or that what is being said leads to.
fn asked<'a>(script: &'a Script, at: &Simulation) -> Option<&'a NodeKind> {
    let node = at.dialogue().node()?;
    let ahead = script.question_ahead(node).unwrap_or(node);
    script.node(ahead).map(|node| &node.kind)
}

/// Values that fit a slot, as keys.
fn entries(slot: &SlotSpec, today: Date) -> Vec<String> {
    match slot {
        SlotSpec::YesNo => vec!["1".to_owned(), "2".to_owned()],
        SlotSpec::Number { min, .. } => vec![format!("{min}#")],
        SlotSpec::Date { .. } => vec![format!("{:02}{:02}#", soon(today).day, soon(today).month)],
        SlotSpec::Time { from, .. } => {
            vec![format!(
                "{:02}{:02}",
                from.minutes() / 60,
                from.minutes() % 60
            )]
        }
        SlotSpec::Money { .. } => vec!["100#".to_owned()],
        SlotSpec::Phone { .. } => vec!["89161234567".to_owned()],
        SlotSpec::Case { .. } => vec!["5724#".to_owned(), "4041#".to_owned(), nobodys()],
        SlotSpec::Choice(options) => options.iter().map(|o| o.key.to_string()).collect(),
        SlotSpec::Name => vec!["42221255#".to_owned()],
    }
}

/// The same, as words.
fn spoken(slot: &SlotSpec, today: Date) -> Vec<String> {
    let say = |value: Value| slot.say(&value);
    match slot {
        SlotSpec::YesNo => vec!["да".to_owned(), "нет".to_owned()],
        SlotSpec::Number { min, .. } => vec![say(Value::Number(*min))],
        SlotSpec::Date { .. } => vec![say(Value::Date(soon(today)))],
        SlotSpec::Time { from, .. } => vec![say(Value::Time(*from))],
        SlotSpec::Money { .. } => vec![say(Value::Money(10_000))],
        SlotSpec::Phone { .. } => vec![say(Value::Phone("+79161234567".to_owned()))],
        SlotSpec::Case { .. } => vec![say(Value::Case(CaseNumber::of(CaseId(572))))],
        SlotSpec::Choice(options) => options.iter().map(|o| o.said()).collect(),
        SlotSpec::Name => vec!["иван ваня анна николай".to_owned()],
    }
}

/// A day that every limit of days ahead allows: early next month.
fn soon(today: Date) -> Date {
    let next = today.month % 12 + 1;
    Date {
        year: today.year + u16::from(next == 1),
        month: next,
        day: 3,
    }
}

/// The number that the sample house does not find.
fn nobodys() -> String {
    format!("{}#", CaseNumber::of(CaseId(404)))
}

fn keys(keys: &str) -> Move {
    (
        keys.chars().map(Turn::Presses).collect(),
        format!("[{keys}]"),
    )
}

fn says(words: &str) -> Move {
    let turn = Turn::Says {
        words: words.to_owned(),
        confidence_permille: 1_000,
    };
    (vec![turn], format!("«{words}»"))
}
