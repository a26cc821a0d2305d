//! Numbers to words.

use crate::script::Date;

/// The gender of what is counted: «один», «одна», «одно».
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gender {
    /// «Один час».
    #[default]
    Masculine,
    /// «Одна минута».
    Feminine,
    /// «Одно заявление».
    Neuter,
}

/// The largest number that is said in words; larger ones are read digit by digit.
const CARDINAL_MAX: u32 = 999_999_999;

const UNITS: [&str; 20] = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const TENS: [&str; 10] = [
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];
/// Ordinals 0–19 without their ending, then the same for tens.
const ORDINAL_UNITS: [&str; 20] = [
    "нулев",
    "перв",
    "втор",
    "треть",
    "четвёрт",
    "пят",
    "шест",
    "седьм",
    "восьм",
    "девят",
    "десят",
    "одиннадцат",
    "двенадцат",
    "тринадцат",
    "четырнадцат",
    "пятнадцат",
    "шестнадцат",
    "семнадцат",
    "восемнадцат",
    "девятнадцат",
];
const ORDINAL_TENS: [&str; 10] = [
    "",
    "",
    "двадцат",
    "тридцат",
    "сороков",
    "пятидесят",
    "шестидесят",
    "семидесят",
    "восьмидесят",
    "девяност",
];
pub(super) const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

fn word(table: &[&'static str], index: u32) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|i| table.get(i))
        .copied()
        .unwrap_or_default()
}

/// A number of 0–999 999 999 in the nominative; a larger one digit by digit.
#[must_use]
pub fn cardinal(n: u32, gender: Gender) -> String {
    if n > CARDINAL_MAX {
        return spelled(&n.to_string());
    }
    if n == 0 {
        return "ноль".to_owned();
    }
    let (millions, thousands, rest) = (n / 1_000_000, n / 1_000 % 1_000, n % 1_000);
    let mut words = Vec::new();
    if millions > 0 {
        below_thousand(millions, Gender::Masculine, &mut words);
        words.push(form(millions, ["миллион", "миллиона", "миллионов"]));
    }
    if thousands > 0 {
        below_thousand(thousands, Gender::Feminine, &mut words);
        words.push(form(thousands, ["тысяча", "тысячи", "тысяч"]));
    }
    below_thousand(rest, gender, &mut words);
    words.join(" ")
}

fn below_thousand(n: u32, gender: Gender, words: &mut Vec<&'static str>) {
    if n >= 100 {
        words.push(word(&HUNDREDS, n / 100));
    }
    let mut rest = n % 100;
    if rest >= 20 {
        words.push(word(&TENS, rest / 10));
        rest %= 10;
    }
    match (rest, gender) {
        (0, _) => {}
        (1, Gender::Feminine) => words.push("одна"),
        (1, Gender::Neuter) => words.push("одно"),
        (2, Gender::Feminine) => words.push("две"),
        _ => words.push(word(&UNITS, rest)),
    }
}

/// The form of a noun after a number: `["минута", "минуты", "минут"]`.
#[must_use]
const fn form(n: u32, [one, few, many]: [&str; 3]) -> &str {
    match (n % 100, n % 10) {
        (11..=14, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        _ => many,
    }
}

/// A number and what is counted: «двадцать одна минута».
#[must_use]
pub fn counted(n: u32, gender: Gender, forms: [&str; 3]) -> String {
    format!("{} {}", cardinal(n, gender), form(n, forms))
}

/// A day of the month as it is named: «двадцать пятое».
#[must_use]
pub fn day_ordinal(day: u8) -> String {
    ordinal(u32::from(day), "ое", "е")
}

/// An ordinal with this ending, and this one after «третье»: only its last part is one.
pub(super) fn ordinal(n: u32, ending: &str, soft: &str) -> String {
    let end = |stem: &str| format!("{stem}{}", if stem.ends_with('ь') { soft } else { ending });
    let (before, last) = match n {
        0..20 => (0, end(word(&ORDINAL_UNITS, n))),
        _ if n.is_multiple_of(100) && n < 1_000 => (0, format!("{}{ending}", hundredth(n / 100))),
        _ if n.is_multiple_of(1_000) => return format!("{}тысячн{ending}", joined(n / 1_000)),
        _ if n.is_multiple_of(100) => (
            n - n % 1_000,
            format!("{}{ending}", hundredth(n / 100 % 10)),
        ),
        _ if n % 100 >= 20 && n.is_multiple_of(10) => {
            (n - n % 100, end(word(&ORDINAL_TENS, n / 10 % 10)))
        }
        _ if n % 100 >= 20 => (n - n % 10, end(word(&ORDINAL_UNITS, n % 10))),
        _ => (n - n % 100, end(word(&ORDINAL_UNITS, n % 100))),
    };
    match before {
        0 => last,
        // «Тысяча девятьсот …» without its «одна».
        1_000..2_000 => {
            let rest = if before == 1_000 {
                String::new()
            } else {
                format!(" {}", cardinal(before - 1_000, Gender::Masculine))
            };
            format!("тысяча{rest} {last}")
        }
        _ => format!("{} {last}", cardinal(before, Gender::Masculine)),
    }
}

/// An ordinal of a masculine noun: «пятый», «второй», «сороковой».
pub(super) fn masculine_ordinal(n: u32) -> String {
    const STRESSED: &[&str] = &[
        "вторый",
        "шестый",
        "седьмый",
        "восьмый",
        "сороковый",
        "нулевый",
    ];
    let said = ordinal(n, "ый", "ий").replace("третьий", "третий");
    let stressed = STRESSED
        .iter()
        .any(|word| said.split(' ').next_back() == Some(word));
    match said.strip_suffix("ый").filter(|_| stressed) {
        Some(stem) => format!("{stem}ой"),
        None => said,
    }
}

/// «Двухсот», «пятисот», without an ending; «сот» for one.
fn hundredth(hundreds: u32) -> String {
    if hundreds == 1 {
        "сот".to_owned()
    } else {
        format!("{}сот", joined(hundreds))
    }
}

/// A number before «-тысячный», «-дневный»: its genitive in one word, and nothing for one.
pub(super) fn joined(n: u32) -> String {
    if n == 1 {
        return String::new();
    }
    let genitive = super::cases::cardinal_in(n, Gender::Masculine, super::cases::Case::Genitive);
    // «Стодневный», «девяностодневный».
    genitive
        .split(' ')
        .map(|part| match part {
            "ста" => "сто",
            "девяноста" => "девяносто",
            other => other,
        })
        .collect()
}

/// A date: «двадцать пятое июня две тысячи двадцать четвёртого года».
#[must_use]
pub fn date(date: Date) -> String {
    let month = word(&MONTHS, u32::from(date.month).wrapping_sub(1));
    format!(
        "{} {month} {} года",
        day_ordinal(date.day),
        year(u32::from(date.year))
    )
}

/// A date in the genitive: «двадцать пятого июня две тысячи двадцать четвёртого года».
#[must_use]
pub fn date_genitive(date: Date) -> String {
    let month = word(&MONTHS, u32::from(date.month).wrapping_sub(1));
    format!(
        "{} {month} {} года",
        ordinal(u32::from(date.day), "ого", "его"),
        year(u32::from(date.year))
    )
}

/// A year as in a date: «две тысячи двадцать четвёртого».
pub(super) fn year(n: u32) -> String {
    ordinal(n, "ого", "его")
}

/// A time of day: «девять часов», «семнадцать часов сорок пять минут».
#[must_use]
pub fn time(hour: u8, minute: u8) -> String {
    let hours = counted(u32::from(hour), Gender::Masculine, ["час", "часа", "часов"]);
    if minute == 0 {
        return hours;
    }
    let minute = u32::from(minute);
    format!(
        "{hours} {}",
        counted(minute, Gender::Feminine, ["минута", "минуты", "минут"])
    )
}

/// A telephone number in the groups that people write down: «плюс семь, восемьсот семьдесят два …».
/// Anything but digits is dropped; groups are three, three, two and two from the right.
#[must_use]
pub fn phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let mut groups: Vec<String> = Vec::new();
    let mut rest = digits.as_slice();
    for size in [2, 2, 3, 3] {
        let Some(cut) = rest.len().checked_sub(size) else {
            break;
        };
        let (before, group) = rest.split_at(cut);
        groups.push(group.iter().collect());
        rest = before;
    }
    if !rest.is_empty() {
        groups.push(rest.iter().collect());
    }
    let mut said: Vec<String> = groups
        .iter()
        .rev()
        .map(|group| group_words(group))
        .collect();
    if number.trim_start().starts_with('+')
        && let Some(first) = said.first_mut()
    {
        *first = format!("плюс {first}");
    }
    said.join(", ")
}

/// A group of digits: leading zeros one by one, the rest as a number.
fn group_words(group: &str) -> String {
    let number = group.trim_start_matches('0');
    let mut words = vec!["ноль".to_owned(); group.len() - number.len()];
    if !number.is_empty() {
        let value = number.parse().ok().filter(|_| number.len() <= 3);
        words.push(value.map_or_else(|| spelled(number), |n| cardinal(n, Gender::Masculine)));
    }
    words.join(" ")
}

/// Digit by digit.
pub(super) fn spelled(digits: &str) -> String {
    let words = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .map(|d| word(&UNITS, d));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cardinals() {
        use Gender::{Feminine, Masculine, Neuter};
        for (n, gender, said) in [
            (0, Masculine, "ноль"),
            (1, Feminine, "одна"),
            (1, Neuter, "одно"),
            (2, Feminine, "две"),
            (2, Neuter, "два"),
            (11, Feminine, "одиннадцать"),
            (14, Masculine, "четырнадцать"),
            (20, Masculine, "двадцать"),
            (21, Feminine, "двадцать одна"),
            (40, Masculine, "сорок"),
            (99, Masculine, "девяносто девять"),
            (100, Masculine, "сто"),
            (212, Masculine, "двести двенадцать"),
            (1_000, Masculine, "одна тысяча"),
            (2_001, Masculine, "две тысячи один"),
            (11_011, Masculine, "одиннадцать тысяч одиннадцать"),
            (
                122_322,
                Feminine,
                "сто двадцать две тысячи триста двадцать две",
            ),
            (
                999_999,
                Masculine,
                "девятьсот девяносто девять тысяч девятьсот девяносто девять",
            ),
            (1_000_000, Masculine, "один миллион"),
            (
                2_021_005,
                Feminine,
                "два миллиона двадцать одна тысяча пять",
            ),
            (
                1_000_000_000,
                Masculine,
                "один ноль ноль ноль ноль ноль ноль ноль ноль ноль",
            ),
        ] {
            assert_eq!(cardinal(n, gender), said);
        }
    }

    #[test]
    fn counted_nouns() {
        let minutes = |n| counted(n, Gender::Feminine, ["минута", "минуты", "минут"]);
        assert_eq!(minutes(1), "одна минута");
        assert_eq!(minutes(2), "две минуты");
        assert_eq!(minutes(5), "пять минут");
        assert_eq!(minutes(11), "одиннадцать минут");
        assert_eq!(minutes(21), "двадцать одна минута");
        assert_eq!(minutes(112), "сто двенадцать минут");
    }

    #[test]
    fn dates() {
        for (written, said) in [
            (
                "2024-06-25",
                "двадцать пятое июня две тысячи двадцать четвёртого года",
            ),
            (
                "2026-11-03",
                "третье ноября две тысячи двадцать шестого года",
            ),
            ("2000-01-01", "первое января двухтысячного года"),
            (
                "1999-12-31",
                "тридцать первое декабря тысяча девятьсот девяносто девятого года",
            ),
            (
                "2023-05-30",
                "тридцатое мая две тысячи двадцать третьего года",
            ),
            ("2040-08-10", "десятое августа две тысячи сорокового года"),
            (
                "1900-02-19",
                "девятнадцатое февраля тысяча девятисотого года",
            ),
            ("2006-05-02", "второе мая две тысячи шестого года"),
        ] {
            assert_eq!(date(Date::parse(written).unwrap()), said);
        }
    }

    #[test]
    fn times() {
        assert_eq!(time(9, 0), "девять часов");
        assert_eq!(time(17, 45), "семнадцать часов сорок пять минут");
        assert_eq!(time(1, 1), "один час одна минута");
        assert_eq!(time(0, 22), "ноль часов двадцать две минуты");
    }

    #[test]
    fn telephone_numbers() {
        for (written, said) in [
            (
                "+7 (999) 000-80-91",
                "плюс семь, девятьсот девяносто девять, ноль ноль ноль, восемьдесят, девяносто один",
            ),
            ("67-80-91", "шестьдесят семь, восемьдесят, девяносто один"),
            (
                "8 872 205 00 07",
                "восемь, восемьсот семьдесят два, двести пять, ноль ноль, ноль семь",
            ),
            ("100", "один, ноль ноль"),
            ("", ""),
        ] {
            assert_eq!(phone(written), said);
        }
    }
}
