//! Numbers with a comma: «две целых пять десятых», «полтора», and sums with kopecks.

use super::super::agreement;
use super::super::cases::{Case, cardinal_in, noun_after};
use super::super::numbers::{Gender, spelled};
use super::super::written::{self, Number};
use super::{plain, unit_forms};

/// What follows the comma of a number.
struct Tail<'a> {
    /// Its figures.
    digits: &'a str,
    /// What stands behind them.
    rest: &'a str,
    /// Bytes of the comma and the figures.
    length: usize,
}

/// `2,5`: «две целых пять десятых»; `1,5`: «полтора»; `12,50 руб.`: «двенадцать рублей пятьдесят копеек».
pub(super) fn read(number: &Number, after: &str, before: &str) -> Option<(String, usize)> {
    let n = number.value?;
    let tail = tail(after)?;
    if agreement::is_numbering(before) {
        let said = format!("{} точка {}", plain(n), spelled(tail.digits));
        return Some((said, tail.length));
    }
    let case = agreement::governed(before).unwrap_or(Case::Nominative);
    if let Some((said, more)) = sum(n, &tail, (case, before)) {
        return Some((said, tail.length + more));
    }
    let unit = unit_forms(tail.rest);
    let mut more = unit.map_or(0, |(_, _, length)| length);
    let mut of_one = unit.map_or_else(String::new, |(_, [_, of_one, ..], _)| format!(" {of_one}"));
    // «Миллиона рублей».
    if unit.is_some_and(|(_, [one, ..], _)| matches!(one, "тысяча" | "миллион" | "миллиард"))
        && let Some((_, [_, _, of_many, _], length)) = unit_forms(tail.rest.get(more..)?)
    {
        of_one = format!("{of_one} {of_many}");
        more += length;
    }
    if written::stop_lost(tail.rest, more) {
        of_one.push('.');
    }
    let said = if n == 1 && tail.digits == "5" {
        let noun = || agreement::noun(tail.rest).gender(2, Case::Nominative);
        let gender = unit.map_or_else(noun, |unit| unit.0);
        one_and_a_half(gender, case).to_owned()
    } else {
        in_parts(n, tail.digits, case)?
    };
    Some((format!("{said}{of_one}"), tail.length + more))
}

fn tail(after: &str) -> Option<Tail<'_>> {
    let written = after.strip_prefix([',', '.'])?;
    let end = written.find(|c: char| !c.is_ascii_digit());
    let (digits, rest) = written.split_at(end.unwrap_or(written.len()));
    let goes_on = rest
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let fits = (1..=3).contains(&digits.len()) && !goes_on;
    fits.then_some(Tail {
        digits,
        rest,
        length: 1 + digits.len(),
    })
}

/// Roubles with two figures behind the comma.
fn sum(n: u32, tail: &Tail<'_>, (case, before): (Case, &str)) -> Option<(String, usize)> {
    const KOPECKS: [&str; 4] = ["копейка", "копейки", "копеек", "копейкам"];
    let (gender, forms, length) = unit_forms(tail.rest)?;
    let kopecks: u32 = tail.digits.parse().ok()?;
    if !forms.starts_with(&["рубль"]) || tail.digits.len() != 2 {
        return None;
    }
    let part = |n, gender, forms| {
        let said = cardinal_in(n, gender, case);
        format!("{said} {}", noun_after(n, forms, case))
    };
    let mut said = part(n, gender, forms);
    if kopecks > 0 {
        said = format!("{said} {}", part(kopecks, Gender::Feminine, KOPECKS));
    }
    if case == Case::Nominative && agreement::is_into(before) {
        said = agreement::accusative(&said);
    }
    if written::stop_lost(tail.rest, length) {
        said.push('.');
    }
    Some((said, length))
}

const fn one_and_a_half(gender: Gender, case: Case) -> &'static str {
    match (case, gender) {
        (Case::Genitive | Case::Dative | Case::Instrumental | Case::Prepositional, _) => "полутора",
        (Case::Nominative, Gender::Feminine) => "полторы",
        (Case::Nominative, Gender::Masculine | Gender::Neuter) => "полтора",
    }
}

/// «Две целых пять десятых», «двух целых пяти десятых».
fn in_parts(n: u32, digits: &str, case: Case) -> Option<String> {
    let part: u32 = digits.parse().ok()?;
    let name = match digits.len() {
        1 => "десят",
        2 => "сот",
        _ => "тысячн",
    };
    let counted = |n, stem: &str| {
        let single = n % 10 == 1 && n % 100 != 11;
        let ending = match case {
            Case::Nominative if single => "ая",
            Case::Genitive | Case::Dative | Case::Instrumental | Case::Prepositional if single => {
                "ой"
            }
            Case::Nominative | Case::Genitive | Case::Prepositional => "ых",
            Case::Dative => "ым",
            Case::Instrumental => "ыми",
        };
        let said = cardinal_in(n, Gender::Feminine, case);
        format!("{said} {stem}{ending}")
    };
    Some(format!("{} {}", counted(n, "цел"), counted(part, name)))
}
