//! Figures of a text with what belongs to them: the kinds of writing, one after the other.

use super::abbreviations::UNITS;
use super::agreement::{self, Noun};
use super::cases::{Case, cardinal_in, noun_after};
use super::numbers::{Gender, MONTHS, joined, masculine_ordinal, ordinal, phone, spelled};
use super::written::{self, Number};
use crate::script::Date;

/// What the figures at the beginning of the text say, given what was said before them, and how many
/// bytes they have with all that belongs to them.
pub(super) fn read(text: &str, before: &str) -> Option<(String, usize)> {
    if let Some(length) = written::phone(text) {
        return Some((phone(text.get(..length)?), length));
    }
    if text.starts_with("24/7") {
        return Some(("круглосуточно".to_owned(), 4));
    }
    date(text, before)
        .or_else(|| clock(text, before))
        .or_else(|| {
            let number = written::number(text)?;
            let after = text.get(number.length..)?;
            suffixed(&number, after)
                .or_else(|| range(&number, after, before))
                .or_else(|| fraction(&number, after, before))
                .or_else(|| day_and_month(&number, after, before))
                .or_else(|| year(&number, after, before))
                .map(|(said, more)| (said, number.length + more))
                .or_else(|| Some(counted(&number, after, before)))
        })
}

/// `25.06.2024`, maybe with «г.».
fn date(text: &str, before: &str) -> Option<(String, usize)> {
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
pub(super) enum DayForm {
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
    let year = super::numbers::year(u32::from(date.year));
    let month = usize::from(date.month).checked_sub(1);
    let month = month
        .and_then(|at| MONTHS.get(at))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {year} года", form.day(u32::from(date.day)))
}

/// `9:30`, and `9:00–18:00`.
fn clock(text: &str, before: &str) -> Option<(String, usize)> {
    let (hour, minute, length) = written::clock(text)?;
    let after = text.get(length..)?;
    if let Some(dash) = written::dash(after)
        && let Some((until_hour, until_minute, more)) = written::clock(after.get(dash..)?)
    {
        let said = format!(
            "с {} до {}",
            time_in(hour, minute, Case::Genitive),
            time_in(until_hour, until_minute, Case::Genitive)
        );
        let said = said
            .strip_prefix("с ")
            .filter(|_| agreement::has_from(before))
            .unwrap_or(&said);
        return Some((said.to_owned(), length + dash + more));
    }
    let case = agreement::governed(before).unwrap_or(Case::Nominative);
    Some((time_in(hour, minute, case), length))
}

/// A time of day in a case.
fn time_in(hour: u8, minute: u8, case: Case) -> String {
    let part = |n: u8, gender, forms| {
        let n = u32::from(n);
        format!(
            "{} {}",
            cardinal_in(n, gender, case),
            noun_after(n, forms, case)
        )
    };
    let hours = part(hour, Gender::Masculine, ["час", "часа", "часов", "часам"]);
    if minute == 0 {
        return hours;
    }
    let minutes = part(
        minute,
        Gender::Feminine,
        ["минута", "минуты", "минут", "минутам"],
    );
    format!("{hours} {minutes}")
}

/// `5-й`, `2-х`, `14-летний`, `59-ФЗ`: what follows a hyphen.
fn suffixed(number: &Number, after: &str) -> Option<(String, usize)> {
    let n = number.value?;
    let word = after.strip_prefix('-')?;
    let end = word
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(word.len());
    let word = word.get(..end).filter(|word| !word.is_empty())?;
    let whole = 1 + word.len();
    let said = match word {
        "й" | "ый" | "ой" | "ий" => masculine_ordinal(n),
        "я" | "ая" | "ья" => ordinal(n, "ая", "я"),
        "е" | "ое" | "ье" => ordinal(n, "ое", "е"),
        "го" | "ого" | "его" => ordinal(n, "ого", "его"),
        "му" | "ому" | "ему" => ordinal(n, "ому", "ему"),
        "м" | "ом" | "ем" => ordinal(n, "ом", "ем"),
        "ю" | "ую" | "ью" => ordinal(n, "ую", "ю"),
        "ых" | "их" => ordinal(n, "ых", "их"),
        "х" | "ти" | "ми" | "и" => cardinal_in(n, Gender::Masculine, Case::Genitive),
        "мя" => cardinal_in(n, Gender::Masculine, Case::Instrumental),
        _ if word.chars().all(char::is_uppercase) => {
            return Some((cardinal_in(n, Gender::Masculine, Case::Nominative), 1));
        }
        _ if n < 1_000 && word.chars().count() > 3 => {
            let count = if n == 1 {
                "одно".to_owned()
            } else {
                joined(n)
            };
            format!("{count}{word}")
        }
        _ => return None,
    };
    Some((said, whole))
}

/// `3–5 дней`: «от трёх до пяти».
fn range(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let dash = written::dash(after)?;
    let second = written::number(after.get(dash..)?)?;
    let (from, to) = (number.value?, second.value?);
    let rest = after.get(dash + second.length..)?;
    let plain = !rest.starts_with(['-', '.', ':']) && !agreement::is_numbering(before);
    if from >= to || !plain || from >= 1_900 {
        return None;
    }
    let gender = agreement::noun(rest).gender(to, Case::Genitive);
    let (unit, more) = unit_after(to, rest, Case::Genitive).unzip();
    let gender = unit.as_ref().map_or(gender, |unit| unit.gender);
    let said = format!(
        "от {} до {}{}",
        cardinal_in(from, gender, Case::Genitive),
        cardinal_in(to, gender, Case::Genitive),
        unit.map(|unit| format!(" {}", unit.said))
            .unwrap_or_default()
    );
    Some((said, dash + second.length + more.unwrap_or_default()))
}

/// `2,5`: «две целых пять десятых»; `1,5`: «полтора».
fn fraction(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let n = number.value?;
    let digits: String = after
        .strip_prefix([',', '.'])?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let length = 1 + digits.len();
    let rest = after.get(length..)?;
    if digits.is_empty()
        || digits.len() > 3
        || rest.starts_with(".") && starts_digit(rest.get(1..)?)
    {
        return None;
    }
    if agreement::is_numbering(before) {
        let said = format!("{} точка {}", plain(n), spelled(&digits));
        return Some((said, length));
    }
    let unit = unit_forms(rest);
    let of_one = |unit: &Option<(Gender, [&str; 4], usize)>| {
        unit.map_or_else(String::new, |(_, [_, of_one, ..], _)| format!(" {of_one}"))
    };
    let more = unit.map_or(0, |(_, _, length)| length);
    if n == 1 && digits == "5" {
        let gender = unit.map_or_else(
            || agreement::noun(rest).gender(2, Case::Nominative),
            |u| u.0,
        );
        let said = match (agreement::governed(before), gender) {
            (Some(Case::Genitive | Case::Dative | Case::Instrumental | Case::Prepositional), _) => {
                "полутора"
            }
            (_, Gender::Feminine) => "полторы",
            (_, Gender::Masculine | Gender::Neuter) => "полтора",
        };
        return Some((format!("{said}{}", of_one(&unit)), length + more));
    }
    let part: u32 = digits.parse().ok()?;
    let single = |n: u32| n % 10 == 1 && n % 100 != 11;
    let whole = if single(n) {
        "целая"
    } else {
        "целых"
    };
    let names = match (digits.len(), single(part)) {
        (1, true) => "десятая",
        (1, false) => "десятых",
        (2, true) => "сотая",
        (2, false) => "сотых",
        (_, true) => "тысячная",
        (_, false) => "тысячных",
    };
    let said = |n| cardinal_in(n, Gender::Feminine, Case::Nominative);
    let said = format!(
        "{} {whole} {} {names}{}",
        said(n),
        said(part),
        of_one(&unit)
    );
    Some((said, length + more))
}

fn starts_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// `25 декабря`, maybe with the year.
fn day_and_month(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
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
        said = format!("{said} {} года", super::numbers::year(n));
        if word > 0 && written::stop_lost(after_year, word) {
            said.push('.');
        }
    }
    Some((said, length))
}

/// `2026 год`, `в 2026 году`, `с 2026 г.`.
fn year(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
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
        _ if before.trim().is_empty() || before.ends_with([':', '.']) => {
            format!("{} год", masculine_ordinal(n))
        }
        _ => format!("{} года", of()),
    };
    if written::stop_lost(after, length) {
        said.push('.');
    }
    Some((said, length))
}

/// A unit behind a number.
struct Unit {
    gender: Gender,
    said: String,
}

/// The unit that the text begins with, and its length with a full stop.
fn unit_forms(after: &str) -> Option<(Gender, [&'static str; 4], usize)> {
    let trimmed = after.trim_start_matches([' ', '\u{a0}']);
    let gap = after.len() - trimmed.len();
    UNITS.iter().find_map(|(written, feminine, forms)| {
        written.iter().find_map(|word| {
            let rest = trimmed.strip_prefix(word)?;
            if word.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphanumeric) {
                return None;
            }
            let stop = usize::from(rest.starts_with('.'));
            let gender = if *feminine {
                Gender::Feminine
            } else {
                Gender::Masculine
            };
            Some((gender, *forms, gap + word.len() + stop))
        })
    })
}

/// The units behind a number, in the form that it asks for: «тысяч рублей».
fn unit_after(n: u32, after: &str, case: Case) -> Option<(Unit, usize)> {
    let (gender, forms, length) = unit_forms(after)?;
    let mut said = noun_after(n, forms, case);
    let mut whole = length;
    if matches!(forms, ["тысяча" | "миллион" | "миллиард", ..])
        && let Some((_, [_, _, of_many, _], more)) = unit_forms(after.get(length..)?)
    {
        said = format!("{said} {of_many}");
        whole += more;
    }
    if written::stop_lost(after, whole) {
        said.push('.');
    }
    Some((Unit { gender, said }, whole))
}

/// A plain number and what it counts.
fn counted(number: &Number, after: &str, before: &str) -> (String, usize) {
    let Some(n) = number.value else {
        return (spelled(&number.digits), number.length);
    };
    if number.digits.starts_with('0') && number.digits.len() > 1 {
        return (spelled(&number.digits), number.length);
    }
    let noun = agreement::noun(after);
    let case = case_of(before, &noun);
    // «П. 3 ч. 1»: what follows the number of a part is no unit.
    let unit = (!agreement::is_numbering(before))
        .then(|| unit_after(n, after, case))
        .flatten();
    if let Some((unit, more)) = unit {
        let said = format!("{} {}", cardinal_in(n, unit.gender, case), unit.said);
        return (said, number.length + more);
    }
    let gender = noun.gender(n, case);
    let said = cardinal_in(n, gender, case);
    // «За одну неделю».
    let accusative =
        case == Case::Nominative && noun.is_accusative() && n % 10 == 1 && n % 100 != 11;
    let said = match said.strip_suffix("один").filter(|_| accusative) {
        Some(stem) => format!("{stem}одну"),
        None => said,
    };
    (said, number.length)
}

fn case_of(before: &str, noun: &Noun<'_>) -> Case {
    if agreement::is_numbering(before) {
        return Case::Nominative;
    }
    noun.case()
        .or_else(|| agreement::governed(before))
        .unwrap_or(Case::Nominative)
}

fn plain(n: u32) -> String {
    cardinal_in(n, Gender::Masculine, Case::Nominative)
}
