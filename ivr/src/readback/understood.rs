//! Words to numbers.

use crate::intent::normalise;

const WORDS: &[(&str, u8)] = &[
    ("ноль", 0),
    ("нуль", 0),
    ("один", 1),
    ("одна", 1),
    ("одно", 1),
    ("раз", 1),
    ("единица", 1),
    ("два", 2),
    ("две", 2),
    ("двойка", 2),
    ("три", 3),
    ("тройка", 3),
    ("четыре", 4),
    ("четверка", 4),
    ("пять", 5),
    ("пятерка", 5),
    ("шесть", 6),
    ("шестерка", 6),
    ("семь", 7),
    ("семерка", 7),
    ("восемь", 8),
    ("восьмерка", 8),
    ("девять", 9),
    ("девятка", 9),
    ("десять", 10),
    ("одиннадцать", 11),
    ("двенадцать", 12),
    ("тринадцать", 13),
    ("четырнадцать", 14),
    ("пятнадцать", 15),
    ("шестнадцать", 16),
    ("семнадцать", 17),
    ("восемнадцать", 18),
    ("девятнадцать", 19),
    ("двадцать", 20),
    ("тридцать", 30),
    ("сорок", 40),
    ("пятьдесят", 50),
    ("шестьдесят", 60),
    ("семьдесят", 70),
    ("восемьдесят", 80),
    ("девяносто", 90),
];

fn value(word: &str) -> Option<u8> {
    WORDS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, value)| *value)
}

/// A number of 0–99 that is all the words say: «двадцать один».
#[must_use]
pub fn number(words: &str) -> Option<u8> {
    let words = normalise(words);
    let mut words = words.split(' ');
    let first = value(words.next()?)?;
    let second = match words.next() {
        None => return Some(first),
        Some(word) => value(word)?,
    };
    let tens = first >= 20 && first % 10 == 0;
    (tens && (1..=9).contains(&second) && words.next().is_none()).then(|| first + second)
}

/// The digits that the words say one by one or in pairs: «восемь, ноль пять, двадцать один».
/// None if a word is no number.
#[must_use]
pub fn digits(words: &str) -> Option<String> {
    let words = normalise(words);
    let mut digits = String::new();
    let mut tens: Option<u8> = None;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let value = value(word)?;
        match tens.take() {
            Some(before) if (1..=9).contains(&value) => {
                digits.push_str(&(before + value).to_string());
                continue;
            }
            Some(before) => digits.push_str(&before.to_string()),
            None => {}
        }
        if value >= 20 {
            tens = Some(value);
        } else {
            digits.push_str(&value.to_string());
        }
    }
    if let Some(before) = tens {
        digits.push_str(&before.to_string());
    }
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readback::{Gender, cardinal};

    #[test]
    fn every_number_that_is_said_is_understood() {
        for n in 0..100u8 {
            for gender in [Gender::Masculine, Gender::Feminine, Gender::Neuter] {
                assert_eq!(number(&cardinal(u32::from(n), gender)), Some(n));
            }
        }
        assert_eq!(number("Пятёрка!"), Some(5));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for words in [
            "",
            "пять шесть",
            "двадцать десять",
            "сто",
            "двадцать один два",
            "ага",
        ] {
            assert_eq!(number(words), None, "{words}");
        }
    }

    #[test]
    fn digits_one_by_one_and_in_pairs() {
        for (words, said) in [
            ("восемь ноль пять двадцать один", Some("80521")),
            ("двадцать тридцать", Some("2030")),
            ("двенадцать двадцать", Some("1220")),
            ("семь", Some("7")),
            ("семь и восемь", None),
            ("", None),
        ] {
            assert_eq!(digits(words).as_deref(), said, "{words}");
        }
    }
}
