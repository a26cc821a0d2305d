//! Days and years in figures.

use super::super::agreement;
use super::super::cases::Case;
use super::super::numbers::{self, MONTHS, masculine_ordinal, ordinal};
use super::super::written::{self, Number};
use crate::script::Date;

/// `25.06.2024`, maybe with «г.».
pub(super) fn date(text: &str, before: &str) -> Option<(String, usize)> {
    let length = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let token = text.get(..length)?.trim_end_matches('.');
    let mut parts = token.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let date = Date::parse(&format!("{year}-{month}-{day}"))?;
    let after = text.get(token.len()..)?;
    let more = written::year_word(after).map_or(0, |(_, length)| length);
    let said = day_of(date, agreement::of_date(before).unwrap_or(DayForm::Named));
    Some((said, token.len() + more))
}

/// How a day is put into its sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::readback) enum DayForm {
    /// «Двадцать пятое».
    Named,
    /// «Двадцать пятого».
    On,
    /// «К двадцать пятому».
    By,
}

impl DayForm {
    fn day(self, day: u32) -> String {
        match self {
            Self::Named => ordinal(day, "ое", "е"),
            Self::On => ordinal(day, "ого", "его"),
            Self::By => ordinal(day, "ому", "ему"),
        }
    }
}

fn day_of(date: Date, form: DayForm) -> String {
    let year = numbers::year(u32::from(date.year));
    let month = usize::from(date.month).checked_sub(1);
    let month = month
        .and_then(|at| MONTHS.get(at))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {year} года", form.day(u32::from(date.day)))
}

/// `1 по 10 июня`, `1 и 2 июня`, `1–10 июня`: a day whose month stands behind another day.
pub(super) fn days_of_month(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let day_of = |number: &Number| number.value.filter(|day| (1..=31).contains(day));
    let day = day_of(number)?;
    let dash = written::dash(after);
    let mut rest = after;
    // More days may stand between: `1, 2 и 3 июня`.
    for _ in 0..5 {
        let (gap, joint) = joint(rest)?;
        let next = written::number(rest.get(gap..)?)?;
        day_of(&next)?;
        rest = rest.get(gap + next.length..)?;
        let (_, word) = written::word_after(rest).unwrap_or_default();
        if !MONTHS.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        if let Some(dash) = dash.filter(|_| joint == "–") {
            let until = next.value?;
            let said = format!(
                "с {} по {}",
                DayForm::On.day(day),
                DayForm::Named.day(until)
            );
            return Some((said, dash + next.length));
        }
        let form = agreement::of_date(before).unwrap_or(DayForm::On);
        return Some((form.day(day), 0));
    }
    None
}

/// What joins one day with the next: its bytes with the spaces around, and itself.
fn joint(text: &str) -> Option<(usize, &'static str)> {
    if let Some(dash) = written::dash(text) {
        return Some((dash, "–"));
    }
    if let Some(rest) = text.strip_prefix(',') {
        let spaces = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
        return (spaces > 0).then_some((1 + spaces, ","));
    }
    let (gap, word) = written::word_after(text)?;
    let joint = ["по", "и", "до", "или"]
        .into_iter()
        .find(|known| *known == word)?;
    let rest = text.get(gap + word.len()..)?;
    let spaces = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
    (gap > 0 && spaces > 0).then_some((gap + word.len() + spaces, joint))
}

/// `2024–2026 годы`: both years in the case of the word.
pub(super) fn years(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let of_years = |n: &u32| (1_900..2_100).contains(n);
    let from = number.value.filter(of_years)?;
    let dash = written::dash(after)?;
    let second = written::number(after.get(dash..)?)?;
    let until = second.value.filter(of_years)?;
    let rest = after.get(dash + second.length..)?;
    let (gap, word) = written::word_after(rest)?;
    let mut length = dash + second.length + gap + word.len();
    let word = match word {
        "гг" if agreement::is_inside(before) => "годах",
        "гг" => "годы",
        "годы" | "годов" | "годах" => word,
        _ => return None,
    };
    if after.get(length..)?.starts_with('.') && rest.get(gap..)?.starts_with("гг") {
        length += 1;
    }
    let one = |n: u32| match word {
        "годах" => ordinal(n, "ом", "ем"),
        "годов" => ordinal(n, "ого", "его"),
        _ => masculine_ordinal(n),
    };
    let stop = if written::stop_lost(after, length) {
        "."
    } else {
        ""
    };
    Some((
        format!("{} — {} {word}{stop}", one(from), one(until)),
        length,
    ))
}

/// `25 декабря`, maybe with the year.
pub(super) fn day_and_month(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let day = number.value.filter(|day| (1..=31).contains(day))?;
    let (gap, word) = written::word_after(after)?;
    let month = MONTHS.iter().find(|month| **month == word.to_lowercase())?;
    let form = agreement::of_date(before).unwrap_or(DayForm::On);
    let mut said = format!("{} {month}", form.day(day));
    let mut length = gap + word.len();
    let rest = after.get(length..)?;
    let year = rest.strip_prefix([' ', '\u{a0}']).and_then(written::number);
    if let Some(year) = year.filter(|year| year.length == 4)
        && let Some(n) = year.value.filter(|n| (1_900..2_100).contains(n))
    {
        let gap = rest.len() - rest.trim_start().len();
        length += gap + year.length;
        let after_year = rest.get(gap + year.length..)?;
        let word = written::year_word(after_year).map_or(0, |(_, length)| length);
        length += word;
        said = format!("{said} {} года", numbers::year(n));
        if word > 0 && written::stop_lost(after_year, word) {
            said.push('.');
        }
    }
    Some((said, length))
}

/// `2026 год`, `в 2026 году`, `с 2026 г.`.
pub(super) fn year(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let n = number.value.filter(|n| (1_900..2_100).contains(n))?;
    let (word, length) = written::year_word(after)?;
    let inside = agreement::is_inside(before);
    let of = || ordinal(n, "ого", "его");
    let mut said = match word {
        "год" => format!("{} год", masculine_ordinal(n)),
        "года" => format!("{} года", of()),
        "году" if inside => format!("{} году", ordinal(n, "ом", "ем")),
        "году" => format!("{} году", ordinal(n, "ому", "ему")),
        "годом" => format!("{} годом", ordinal(n, "ым", "им")),
        _ if inside => format!("{} году", ordinal(n, "ом", "ем")),
        _ if agreement::governed(before) == Some(Case::Dative) => {
            format!("{} году", ordinal(n, "ому", "ему"))
        }
        _ if before.trim().is_empty()
            || before.ends_with([':', '.'])
            || agreement::is_into(before) =>
        {
            format!("{} год", masculine_ordinal(n))
        }
        _ => format!("{} года", of()),
    };
    if written::stop_lost(after, length) {
        said.push('.');
    }
    Some((said, length))
}
