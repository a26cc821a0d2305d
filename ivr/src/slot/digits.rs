//! Long numbers told by digits, in pairs and in hundreds: telephones and case numbers.

use events::Value;

use super::lexicon::Token;
use super::{Reading, Refusal, case_value, number};

/// Ways to cut a row of words into numbers that are looked at.
const READINGS_MAX: usize = 64;
/// Digits of a Russian telephone number without country.
const PHONE_DIGITS: usize = 10;
/// The most digits that are looked at.
const DIGITS_MAX: usize = 20;

/// The digits that the words may say, the likeliest reading first: the one that takes as many words
/// into each number as can be, so that it has the fewest numbers. «Двадцать пять» is 25 before 20 5.
pub(super) fn readings(tokens: &[Token]) -> Vec<String> {
    let tokens: Vec<Token> = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Key(_)))
        .cloned()
        .collect();
    let mut found = Vec::new();
    if !tokens.is_empty() {
        cut(&tokens, (0, &mut String::new()), &mut found);
    }
    found.sort_by_key(|(numbers, _)| *numbers);
    found.into_iter().map(|(_, digits)| digits).collect()
}

/// Adds every reading of the rest of the words to what is read so far: how many numbers it has, and
/// their digits.
fn cut(tokens: &[Token], (numbers, read): (usize, &mut String), found: &mut Vec<(usize, String)>) {
    let Some((first, after)) = tokens.split_first() else {
        if found.iter().all(|(_, known)| known != read) {
            found.push((numbers, read.clone()));
        }
        return;
    };
    let before = read.len();
    let mut go_on = |group: &str, rest: &[Token]| {
        if found.len() < READINGS_MAX && before + group.len() <= DIGITS_MAX {
            read.push_str(group);
            cut(rest, (numbers + 1, &mut *read), found);
            read.truncate(before);
        }
    };
    match (first, after.split_first()) {
        (Token::Typed(figures), _) => return go_on(figures, after),
        (Token::Doubled(digit), _) => return go_on(&digit.to_string(), after),
        (Token::Cardinal(count @ 2..=5), Some((Token::Doubled(digit), rest))) => {
            return go_on(&digit.to_string().repeat(usize::from(*count)), rest);
        }
        _ => {}
    }
    let longest = number::parse(tokens).map_or(0, |number| number.used);
    for used in (1..=longest).rev() {
        let (now, rest) = tokens.split_at(used);
        if let Some(number) = number::parse(now).filter(|number| number.used == used) {
            go_on(&number.value.to_string(), rest);
        }
    }
}

/// The telephone number among the readings.
pub(super) fn phone(readings: &[String], area: Option<&str>) -> Reading {
    let number = |digits: &String| whole(digits, area);
    let Some(likeliest) = readings.first() else {
        return Reading::Nothing;
    };
    let found: Vec<String> = match number(likeliest) {
        // «Восемь восемьсот двадцать …» may begin with 8 800 or with 8 820.
        Some(likely) => {
            let free = readings.iter().filter(|digits| digits.starts_with("8800"));
            std::iter::once(likely)
                .chain(free.filter_map(number))
                .collect()
        }
        None => readings.iter().find_map(number).into_iter().collect(),
    };
    match Reading::of(found.into_iter().map(Value::Phone)) {
        Reading::Nothing => Reading::Refused(Refusal::NoSuchPhone),
        reading @ (Reading::One(_) | Reading::Several(_) | Reading::Refused(_)) => reading,
    }
}

/// The number with its country: ten digits, or eleven that begin with 7 or 8, or what is left of it
/// without the town's code.
fn whole(digits: &str, area: Option<&str>) -> Option<String> {
    let national = match digits.len() {
        PHONE_DIGITS => digits.to_owned(),
        11 => digits.strip_prefix(['7', '8'])?.to_owned(),
        _ => format!("{}{digits}", area?),
    };
    let right = national.len() == PHONE_DIGITS && national.starts_with(['3', '4', '8', '9']);
    right.then(|| format!("+7{national}"))
}

/// The case number that the readings say. Other readings than the likeliest count only where the
/// length tells them apart: a check digit lets every tenth slip through that is given a second try.
pub(super) fn case(readings: &[String], digits: Option<u8>) -> Reading {
    let Some(likeliest) = readings.first() else {
        return Reading::Nothing;
    };
    let Some(count) = digits else {
        return case_value(likeliest).map_or(Reading::Refused(Refusal::CheckDigit), Reading::One);
    };
    let length = usize::from(count);
    let mut fitting = readings.iter().filter(|reading| reading.len() == length);
    match fitting.next() {
        None => Reading::Refused(Refusal::CaseLength { digits: count }),
        Some(first) => {
            case_value(first).map_or(Reading::Refused(Refusal::CheckDigit), Reading::One)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon;
    use super::*;

    fn read(words: &str) -> Vec<String> {
        readings(&lexicon::tokens(words))
    }

    #[test]
    fn words_are_cut_into_numbers() {
        assert_eq!(read("двадцать пять"), ["25", "205"]);
        assert_eq!(read("сто двадцать"), ["120", "10020"]);
        assert_eq!(read("ноль ноль семь"), ["007"]);
        assert_eq!(read("три нуля пять"), ["0005"]);
        assert_eq!(read("две семерки"), ["77"]);
        assert_eq!(read("5 7-24"), ["5724"]);
        assert_eq!(read("да"), Vec::<String>::new());
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table: one row a line")]
    fn telephones_as_people_say_them() {
        let said = |words: &str| phone(&read(words), Some("8722"));
        for (words, number) in [
            (
                "девятьсот шестнадцать двести тридцать сорок пять шестьдесят семь",
                "+79162304567",
            ),
            (
                "восемь девятьсот шестнадцать двести тридцать сорок пять шестьдесят семь",
                "+79162304567",
            ),
            (
                "плюс семь девятьсот шестнадцать двести тридцать сорок пять шестьдесят семь",
                "+79162304567",
            ),
            (
                "девять один шесть два три ноль четыре пять шесть семь",
                "+79162304567",
            ),
            (
                "восемь девять один шесть два три ноль четыре пять шесть семь",
                "+79162304567",
            ),
            (
                "девяносто один шестьдесят два тридцать сорок пять шестьдесят семь",
                "+79162304567",
            ),
            (
                "восемь восемьсот пятьсот пятьдесят пять тридцать пять тридцать пять",
                "+78005553535",
            ),
            (
                "восемь восемьсот двести двадцать ноль сто двадцать два",
                "+78002200122",
            ),
            (
                "девятьсот двадцать восемь ноль пять ноль двенадцать ноль ноль",
                "+79280501200",
            ),
            (
                "девятьсот двадцать восемь пятьсот пять два нуля одиннадцать",
                "+79285050011",
            ),
            (
                "девятьсот двадцать восемь три пятерки два нуля одиннадцать",
                "+79285550011",
            ),
            (
                "мой номер девятьсот двадцать восемь сто два ноль три ноль четыре",
                "+79281020304",
            ),
            ("шестьдесят семь восемьдесят девяносто один", "+78722678091"),
            ("шесть семь восемь ноль девять один", "+78722678091"),
            (
                "восемьсот семьдесят два двести пять ноль ноль ноль семь",
                "+78722050007",
            ),
            ("8 (916) 230-45-67", "+79162304567"),
            ("+7 916 230 45 67", "+79162304567"),
            ("9162304567", "+79162304567"),
            ("89162304567", "+79162304567"),
            ("79162304567", "+79162304567"),
            ("67-80-91", "+78722678091"),
            (
                "четыреста девяносто пять сто двадцать три сорок пять шестьдесят семь",
                "+74951234567",
            ),
            (
                "восемь четыреста девяносто пять сто двадцать три сорок пять шестьдесят семь",
                "+74951234567",
            ),
            (
                "девятьсот шестьдесят три четыреста ноль ноль ноль один",
                "+79634000001",
            ),
            (
                "девятьсот тридцать восемь семьсот семьдесят семь семьдесят семь семьдесят семь",
                "+79387777777",
            ),
        ] {
            assert_eq!(
                said(words),
                Reading::One(Value::Phone(number.to_owned())),
                "{words}"
            );
        }
        for words in [
            "пять",
            "девятьсот шестнадцать двадцать",
            "1234567890",
            "8 916 230 45 67 8",
        ] {
            assert_eq!(
                said(words),
                Reading::Refused(Refusal::NoSuchPhone),
                "{words}"
            );
        }
        assert_eq!(said("не скажу"), Reading::Nothing);
        assert_eq!(
            phone(&read("67-80-91"), None),
            Reading::Refused(Refusal::NoSuchPhone)
        );
    }

    #[test]
    fn case_numbers_as_people_say_them() {
        let right = |number: &str| Reading::One(case_value(number).unwrap());
        for (words, number) in [
            ("пять семь два четыре", "5724"),
            ("пятьдесят семь двадцать четыре", "5724"),
            ("пять семьдесят два четыре", "5724"),
            ("пятьсот семьдесят два четыре", "5724"),
            ("пять тысяч семьсот двадцать четыре", "5724"),
            ("номер пять семь два четыре", "5724"),
            ("заявление номер пять семь двадцать четыре", "5724"),
            ("5724", "5724"),
            ("57 24", "5724"),
            ("5-7-2-4", "5724"),
            ("пять, семь, два, четыре пожалуйста", "5724"),
        ] {
            assert_eq!(case(&read(words), None), right(number), "{words}");
            assert_eq!(case(&read(words), Some(4)), right(number), "{words}");
        }
        for slip in [
            "пять семь два три",
            "семь пять два четыре",
            "пять два семь четыре",
            "два",
        ] {
            assert_eq!(
                case(&read(slip), None),
                Reading::Refused(Refusal::CheckDigit),
                "{slip}"
            );
        }
        // «Двадцать четыре» of four digits is 2 0 4 only where the length proves it.
        assert_eq!(
            case(&read("пять семь два"), Some(4)),
            Reading::Refused(Refusal::CaseLength { digits: 4 })
        );
        assert_eq!(case(&read("да"), Some(4)), Reading::Nothing);
    }
}
