//! A text with figures as the synthesiser should read it.

use super::numbers::{Gender, cardinal, date, phone, spelled, time};
use crate::script::Date;

/// The text with telephone numbers (`+7 999 000-00-00`), dates (`25.06.2024`), times (`17:45`) and
/// numbers written out in words, in the nominative. Everything else stays as it is.
#[must_use]
pub fn speakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let length = figures(from);
        let (token, after) = from.split_at(length);
        out.push_str(&token_words(token));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Length of what belongs together at the beginning of the text, in bytes.
fn figures(text: &str) -> usize {
    let joins: &[char] = if text.starts_with('+') {
        &[' ', '-', '(', ')']
    } else {
        &['.', ':']
    };
    let mut length = 0;
    for (at, symbol) in text.char_indices() {
        if symbol.is_ascii_digit() {
            length = at + 1;
        } else if !(joins.contains(&symbol) || at == 0 && symbol == '+') {
            break;
        }
    }
    length.max(1)
}

fn token_words(token: &str) -> String {
    if token.starts_with('+') {
        return if token.len() > 1 {
            phone(token)
        } else {
            token.to_owned()
        };
    }
    if let Some((hour, minute)) = token.split_once(':')
        && let (Ok(hour @ 0..24), Ok(minute @ 0..60)) = (hour.parse(), minute.parse())
    {
        return time(hour, minute);
    }
    let mut parts = token.split('.');
    if let (Some(day), Some(month), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
        && let Some(day) = Date::parse(&format!("{year}-{month}-{day}"))
    {
        return date(day);
    }
    let words = token.split_inclusive(['.', ':']).map(|part| {
        let digits = part.trim_end_matches(['.', ':']);
        let tail = part.get(digits.len()..).unwrap_or_default();
        let small = digits
            .parse()
            .ok()
            .filter(|_| !digits.starts_with('0') || digits == "0");
        let said = small.map_or_else(|| spelled(digits), |n| cardinal(n, Gender::Masculine));
        format!("{said}{tail}")
    });
    words.collect::<Vec<_>>().join("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_become_words() {
        for (written, said) in [
            ("Без чисел.", "Без чисел."),
            ("До 30 дней.", "До тридцать дней."),
            ("В 17:45.", "В семнадцать часов сорок пять минут."),
            (
                "Приказ от 25.06.2024.",
                "Приказ от двадцать пятое июня две тысячи двадцать четвёртого года.",
            ),
            ("Код 007", "Код ноль ноль семь"),
            (
                "1:2 и 25:99",
                "один час две минуты и двадцать пять:девяносто девять",
            ),
            ("+", "+"),
            ("Срок 5.", "Срок пять."),
        ] {
            assert_eq!(speakable(written), said);
        }
        let said = speakable("Звоните: +7 (999) 000-80-91, ждём.");
        assert!(said.starts_with("Звоните: плюс семь, девятьсот"), "{said}");
        assert!(said.ends_with("девяносто один, ждём."), "{said}");
    }

    proptest! {
        #[test]
        fn no_figure_is_left_and_nothing_panics(text in "[а-я0-9+:.() -]{0,40}") {
            let said = speakable(&text);
            prop_assert!(!said.chars().any(|c| c.is_ascii_digit()), "{said}");
        }
    }
}
