//! Typed lines: figures with their signs, and words with slips of the fingers.

use events::{Date, TimeOfDay, Value};

use super::{Reading, SlotSpec, lexicon, name};
use crate::graph::Pattern;
use crate::intent::normalise;

/// Letters of a word from which one slip is mended, and from which two are.
const ONE_SLIP_FROM: usize = 4;
const TWO_SLIPS_FROM: usize = 9;

/// The value that a typed line says.
pub(super) fn understand(spec: &SlotSpec, line: &str, today: Date, now: TimeOfDay) -> Reading {
    let line = line.trim();
    if matches!(spec, SlotSpec::Name) {
        return name::typed(line);
    }
    let plain = match spec {
        SlotSpec::Date { .. } => iso(line).unwrap_or_else(|| line.to_owned()),
        SlotSpec::Time { .. } => clock(line).unwrap_or_else(|| line.to_owned()),
        SlotSpec::Money { .. } => sum(line).unwrap_or_else(|| line.to_owned()),
        SlotSpec::YesNo => short_answer(line),
        SlotSpec::Number { .. }
        | SlotSpec::Phone { .. }
        | SlotSpec::Case { .. }
        | SlotSpec::Choice(_)
        | SlotSpec::Name => line.to_owned(),
    };
    let mended = mend(&plain, &spec.listen());
    let reading = spec.understand_speech(&mended, today, now);
    match (spec, &reading) {
        // A key's figure chooses as the key does.
        (SlotSpec::YesNo, Reading::Nothing) if line == "1" => Reading::One(Value::YesNo(true)),
        (SlotSpec::YesNo, Reading::Nothing) if line == "2" => Reading::One(Value::YesNo(false)),
        _ => reading,
    }
}

fn short_answer(line: &str) -> String {
    match normalise(line).as_str() {
        "д" | "y" | "yes" | "lf" => "да".to_owned(),
        "н" | "n" | "no" | "ytn" => "нет".to_owned(),
        _ => line.to_owned(),
    }
}

/// `2026-12-15` with its day first.
fn iso(line: &str) -> Option<String> {
    let date = line.split_whitespace().find_map(Date::parse)?;
    Some(format!("{} {} {}", date.day, date.month, date.year))
}

/// `930`, `0930`, `9:30`, `9.30` as hours and minutes.
fn clock(line: &str) -> Option<String> {
    let word = line
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let figures = word.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = if figures && (3..=4).contains(&word.len()) {
        word.split_at_checked(word.len() - 2)?
    } else {
        word.split_once([':', '.', '-', 'ч'])?
    };
    let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    // Words of a clock of 24 hours: «ноль девять тридцать».
    let whole = crate::readback::time(hour, minute);
    let zero = if hour < 10 && word.starts_with('0') {
        "ноль "
    } else {
        ""
    };
    Some(line.replacen(word, &format!("{zero}{whole}"), 1))
}

/// `2300,50` and `2 300.50` as rubles and kopecks.
fn sum(line: &str) -> Option<String> {
    let figures: String = line
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
        .collect();
    let (rubles, kopecks) = figures
        .trim_end_matches(['.', ','])
        .split_once([',', '.'])?;
    let both = !rubles.is_empty() && kopecks.len() == 2;
    both.then(|| format!("{rubles} рублей {kopecks} копеек"))
}

/// The line with unknown words replaced by known ones that are a slip or two away.
fn mend(line: &str, pattern: &Pattern) -> String {
    let known: Vec<String> = pattern
        .words()
        .map(normalise)
        .chain(lexicon::vocabulary().map(str::to_owned))
        .collect();
    let mut out = String::with_capacity(line.len());
    for word in normalise(line).split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        let right = known.iter().any(|k| k == word) || lexicon::known(word);
        let near = (!right).then(|| nearest(word, &known)).flatten();
        out.push_str(near.unwrap_or(word));
    }
    out
}

/// The one known word that is nearest, if only one is as near.
fn nearest<'a>(word: &str, known: &'a [String]) -> Option<&'a str> {
    let slips = match word.chars().count() {
        0..ONE_SLIP_FROM => return None,
        ONE_SLIP_FROM..TWO_SLIPS_FROM => 1,
        _ => 2,
    };
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .filter(|k| k.chars().count() >= ONE_SLIP_FROM)
        .map(|k| (strsim::damerau_levenshtein(word, k), k.as_str()))
        .filter(|(edits, _)| *edits <= slips)
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [(_, only)] => Some(only),
        [(best, first), (second, _), ..] if best < second => Some(first),
        // Two forms of one word say the same: the first in order is as good.
        [(_, first), (_, other), ..] if lexicon::tokens(first) == lexicon::tokens(other) => {
            Some(first)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(spec: &SlotSpec, line: &str) -> Reading {
        let today = Date::parse("2026-11-22").unwrap();
        spec.understand_text(line, today, TimeOfDay::new(10, 20).unwrap())
    }

    #[test]
    fn typed_days() {
        let spec = SlotSpec::usual(events::ValueKind::Date).unwrap();
        for (line, day) in [
            ("15.12", "2026-12-15"),
            ("15.12.2026", "2026-12-15"),
            ("15.12.26", "2026-12-15"),
            ("15/12", "2026-12-15"),
            ("15 12", "2026-12-15"),
            ("05.02", "2027-02-05"),
            ("5.2.27", "2027-02-05"),
            ("2026-12-15", "2026-12-15"),
            ("15 декабря", "2026-12-15"),
            ("15 дек", "2026-12-15"),
            ("15-го", "2026-12-15"),
            ("15го числа", "2026-12-15"),
            ("15", "2026-12-15"),
            ("запишите на 15 декабря, пожалуйста", "2026-12-15"),
            ("заврта", "2026-11-23"),
            ("зватра", "2026-11-23"),
            ("посезавтра", "2026-11-24"),
            ("двадцать пятое деабря", "2026-12-25"),
            ("двадцать пятого декобря", "2026-12-25"),
            ("в понедельнек", "2026-11-23"),
            ("понедельник", "2026-11-23"),
            ("в слудующий вторник", "2026-11-24"),
            ("в пт", "2026-11-27"),
            ("через 2 недели", "2026-12-06"),
            ("ЗАВТРА!!!", "2026-11-23"),
            ("1 января 2027 г.", "2027-01-01"),
        ] {
            let expected = Reading::One(Value::Date(Date::parse(day).unwrap()));
            assert_eq!(read(&spec, line), expected, "{line}");
        }
    }

    #[test]
    fn typed_times() {
        let spec = SlotSpec::Time {
            from: TimeOfDay::new(9, 0).unwrap(),
            until: TimeOfDay::new(18, 0).unwrap(),
            step_min: 5,
        };
        for (line, time) in [
            ("9:30", "09:30"),
            ("09:30", "09:30"),
            ("9.30", "09:30"),
            ("9-30", "09:30"),
            ("9 30", "09:30"),
            ("930", "09:30"),
            ("0930", "09:30"),
            ("1530", "15:30"),
            ("15:30", "15:30"),
            ("в 10", "10:00"),
            ("в 3", "15:00"),
            ("10ч", "10:00"),
            ("10 часов", "10:00"),
            ("10 утра", "10:00"),
            ("пол-третьего", "14:30"),
            ("полтретьего", "14:30"),
            ("пол третьего", "14:30"),
            ("половина третьево", "14:30"),
            ("без четверти десять", "09:45"),
            ("без 15 10", "09:45"),
            ("девять тридцать", "09:30"),
            ("девять тритцать", "09:30"),
            ("в двендацать", "12:00"),
            ("к 11:00", "11:00"),
            ("часов в 5 вечера", "17:00"),
            ("10ч30", "10:30"),
        ] {
            let expected = Reading::One(Value::Time(TimeOfDay::parse(time).unwrap()));
            assert_eq!(read(&spec, line), expected, "{line}");
        }
    }

    #[test]
    fn other_typed_values() {
        let spec = |kind| SlotSpec::usual(kind).unwrap();
        use events::ValueKind::{Case, Money, Number, Phone, Text, YesNo};
        for (kind, line, value) in [
            (YesNo, "дА", Value::YesNo(true)),
            (YesNo, "д", Value::YesNo(true)),
            (YesNo, "канечно", Value::YesNo(true)),
            (YesNo, "1", Value::YesNo(true)),
            (YesNo, "ytn", Value::YesNo(false)),
            (YesNo, "не надо", Value::YesNo(false)),
            (YesNo, "2", Value::YesNo(false)),
            (Number, "2 300", Value::Number(2_300)),
            (Number, "12", Value::Number(12)),
            (Number, "двенацать", Value::Number(12)),
            (Money, "2300,50", Value::Money(230_050)),
            (Money, "2 300.50 руб.", Value::Money(230_050)),
            (Money, "2300", Value::Money(230_000)),
            (Money, "две тысячи рублей", Value::Money(200_000)),
            (Money, "две тысчи", Value::Money(200_000)),
            (
                Phone,
                "8 (928) 123-45-67",
                Value::Phone("+79281234567".to_owned()),
            ),
            (Case, "57-24", super::super::case_value("5724").unwrap()),
            (
                Text,
                "Гаджиев Гаджи",
                Value::Text("Гаджиев Гаджи".to_owned()),
            ),
        ] {
            assert_eq!(read(&spec(kind), line), Reading::One(value), "{line}");
        }
        assert_eq!(read(&spec(YesNo), "что?"), Reading::Nothing);
    }
}
