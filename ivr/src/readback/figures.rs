//! Figures of a text with what belongs to them: the kinds of writing, one after the other.

mod days;
mod fraction;

use super::abbreviations::UNITS;
use super::agreement::{self, Noun};
use super::cases::{Case, cardinal_in, noun_after};
use super::numbers::{Gender, joined, masculine_ordinal, ordinal, phone, spelled};
use super::places;
use super::written::{self, Number};
pub(super) use days::DayForm;

/// What the figures at the beginning of the text say, given what was said before them, and how many
/// bytes they have with all that belongs to them.
pub(super) fn read(text: &str, before: &str) -> Option<(String, usize)> {
    if let Some(length) = written::phone(text) {
        return Some((phone(text.get(..length)?), length));
    }
    if text.starts_with("24/7") {
        return Some(("круглосуточно".to_owned(), 4));
    }
    days::date(text, before)
        .or_else(|| clock(text, before))
        .or_else(|| {
            let number = written::number(text)?;
            let after = text.get(number.length..)?;
            suffixed(&number, after)
                .or_else(|| days::days_of_month(&number, after, before))
                .or_else(|| days::years(&number, after, before))
                .or_else(|| range(&number, after, before))
                .or_else(|| fraction::read(&number, after, before))
                .or_else(|| days::day_and_month(&number, after, before))
                .or_else(|| days::year(&number, after, before))
                .map(|(said, more)| (said, number.length + more))
                .or_else(|| Some(counted(&number, after, before)))
        })
}

/// `9:30`, and `9:00–18:00`.
fn clock(text: &str, before: &str) -> Option<(String, usize)> {
    let dotted = |text: &str| written::clock(text).or_else(|| written::dotted_clock(text));
    let (hour, minute, length) = written::clock(text).or_else(|| {
        written::dotted_clock(text).filter(|(.., length)| {
            let after = text.get(*length..).unwrap_or_default();
            let more = written::dash(after).and_then(|dash| dotted(after.get(dash..)?));
            agreement::before_time(before) || more.is_some()
        })
    })?;
    let after = text.get(length..)?;
    if let Some(dash) = written::dash(after)
        && let Some((until_hour, until_minute, more)) = dotted(after.get(dash..)?)
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
    let said = time_in(hour, minute, case);
    if case == Case::Nominative && agreement::is_into(before) {
        return Some((agreement::accusative(&said), length));
    }
    Some((said, length))
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
        "х" if decades(n, after) => ordinal(n, "ых", "их"),
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

/// «В 90-х годах»: tens of years.
fn decades(n: u32, after: &str) -> bool {
    let word = after.strip_prefix("-х").and_then(written::word_after);
    (20..100).contains(&n)
        && n.is_multiple_of(10)
        && word.is_some_and(|(_, word)| word.starts_with("год"))
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
    let of_money = number.digits.len() == 2 && after.trim_start().starts_with("коп");
    if number.digits.starts_with('0') && number.digits.len() > 1 && !of_money {
        return (spelled(&number.digits), number.length);
    }
    if let Some(said) = places::by_noun(n, after, before) {
        return (said, number.length);
    }
    if let Some(part) = after.strip_prefix('/').and_then(written::number) {
        let said = format!(
            "{} дробь {}",
            plain(n),
            part.value.map_or_else(|| spelled(&part.digits), plain)
        );
        return (said, number.length + 1 + part.length);
    }
    let noun = agreement::noun(after);
    let case = case_of(before, n, &noun);
    let into = case == Case::Nominative && agreement::is_into(before);
    // «П. 3 ч. 1»: what follows the number of a part is no unit.
    let unit = (!agreement::is_numbering(before))
        .then(|| unit_after(n, after, case))
        .flatten();
    if let Some((unit, more)) = unit {
        let said = format!("{} {}", cardinal_in(n, unit.gender, case), unit.said);
        let said = if into {
            agreement::accusative(&said)
        } else {
            said
        };
        return (said, number.length + more);
    }
    let gender = noun.gender(n, case);
    let said = cardinal_in(n, gender, case);
    // «За одну тысячу рублей».
    let said = if into {
        agreement::accusative(&said)
    } else {
        said
    };
    // «За одну неделю».
    let accusative =
        case == Case::Nominative && noun.is_accusative() && n % 10 == 1 && n % 100 != 11;
    let said = match said.strip_suffix("один").filter(|_| accusative) {
        Some(stem) => format!("{stem}одну"),
        None => said,
    };
    (said, number.length)
}

fn case_of(before: &str, n: u32, noun: &Noun<'_>) -> Case {
    if agreement::is_numbering(before) {
        return Case::Nominative;
    }
    noun.case(n, before)
        .or_else(|| agreement::governed(before))
        .unwrap_or(Case::Nominative)
}

fn plain(n: u32) -> String {
    cardinal_in(n, Gender::Masculine, Case::Nominative)
}
