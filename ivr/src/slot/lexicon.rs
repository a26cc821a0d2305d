//! Words and figures to what they stand for, whatever their case and gender.

use crate::intent::normalise;

/// A word that numbers are made of, or that says what a number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// 0–19, tens, hundreds.
    Cardinal(u16),
    /// «Пятое», «двадцатого», «двухтысячного».
    Ordinal(u16),
    /// «Тысяча», «миллион».
    Scale(u64),
    /// «Полтора»: and a half more.
    OneAndHalf,
    /// «Полтысячи».
    HalfOf(u64),
    /// «Два нуля», «три семёрки»: the digit that is counted.
    Doubled(u8),
    /// Figures, as they were typed.
    Typed(String),
    /// A word of dates, times and sums.
    Key(Key),
}

impl Token {
    /// The word of dates, times and sums that it is.
    pub(super) const fn key(&self) -> Option<Key> {
        if let Self::Key(key) = self {
            Some(*key)
        } else {
            None
        }
    }
}

/// Words of dates, times and sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// «Час»: also one o'clock.
    Hour,
    /// «Часов».
    Hours,
    /// «Минута».
    Minute,
    /// «Половина», «пол».
    Half,
    /// «Полчаса».
    HalfHour,
    /// «Четверть».
    Quarter,
    /// «Без».
    Without,
    /// «Утра».
    Morning,
    /// «День»: of the day, or a day.
    Day,
    /// «Вечера».
    Evening,
    /// «Ночи».
    Night,
    /// «Полдень».
    Noon,
    /// «Полночь».
    Midnight,
    /// «Сейчас».
    Now,
    /// «Через».
    After,
    /// Days from today: «завтра» is 1.
    Relative(i8),
    /// Monday is 0.
    Weekday(u8),
    /// «Выходные».
    Weekend,
    /// 1–12.
    Month(u8),
    /// «Неделя».
    Week,
    /// «Месяц».
    MonthWord,
    /// «Год».
    Year,
    /// «Полгода».
    HalfYear,
    /// «Числа».
    OfMonth,
    /// «Этот».
    This,
    /// «Следующий».
    Next,
    /// «Ближайший».
    Nearest,
    /// «Рубль».
    Ruble,
    /// «Копейка».
    Kopeck,
    /// «Плюс».
    Plus,
}

const CARDINALS: &[(u16, &str)] = &[
    (0, "ноль нуль"),
    (1, "один одна одно одну одного одной единица"),
    (2, "два две двух двум двойка"),
    (3, "три трех трем тройка"),
    (4, "четыре четырех четырем четверка"),
    (5, "пять пяти пятерка"),
    (6, "шесть шести шестерка"),
    (7, "семь семи семерка"),
    (8, "восемь восьми восьмерка"),
    (9, "девять девяти девятка"),
    (10, "десять десяти"),
    (11, "одиннадцать одиннадцати"),
    (12, "двенадцать двенадцати"),
    (13, "тринадцать тринадцати"),
    (14, "четырнадцать четырнадцати"),
    (15, "пятнадцать пятнадцати"),
    (16, "шестнадцать шестнадцати"),
    (17, "семнадцать семнадцати"),
    (18, "восемнадцать восемнадцати"),
    (19, "девятнадцать девятнадцати"),
    (20, "двадцать двадцати"),
    (30, "тридцать тридцати"),
    (40, "сорок сорока"),
    (50, "пятьдесят пятидесяти"),
    (60, "шестьдесят шестидесяти"),
    (70, "семьдесят семидесяти"),
    (80, "восемьдесят восьмидесяти"),
    (90, "девяносто девяноста"),
    (100, "сто ста"),
    (200, "двести двухсот"),
    (300, "триста трехсот"),
    (400, "четыреста четырехсот"),
    (500, "пятьсот пятисот"),
    (600, "шестьсот шестисот"),
    (700, "семьсот семисот"),
    (800, "восемьсот восьмисот"),
    (900, "девятьсот девятисот"),
];

const ORDINAL_STEMS: &[(u16, &str)] = &[
    (0, "нулев"),
    (1, "перв"),
    (2, "втор"),
    (3, "трет"),
    (4, "четверт"),
    (5, "пят"),
    (6, "шест"),
    (7, "седьм"),
    (8, "восьм"),
    (9, "девят"),
    (10, "десят"),
    (11, "одиннадцат"),
    (12, "двенадцат"),
    (13, "тринадцат"),
    (14, "четырнадцат"),
    (15, "пятнадцат"),
    (16, "шестнадцат"),
    (17, "семнадцат"),
    (18, "восемнадцат"),
    (19, "девятнадцат"),
    (20, "двадцат"),
    (30, "тридцат"),
    (40, "сороков"),
    (50, "пятидесят"),
    (60, "шестидесят"),
    (70, "семидесят"),
    (80, "восьмидесят"),
    (90, "девяност"),
    (100, "сот"),
    (200, "двухсот"),
    (300, "трехсот"),
    (400, "четырехсот"),
    (500, "пятисот"),
    (600, "шестисот"),
    (700, "семисот"),
    (800, "восьмисот"),
    (900, "девятисот"),
    (1_000, "тысячн"),
    (2_000, "двухтысячн"),
];

const ORDINAL_ENDINGS: &[&str] = &[
    "ый", "ий", "ой", "ая", "ья", "ое", "ье", "ого", "его", "ьего", "ому", "ему", "ьему", "ую",
    "ью", "ым", "ьим", "ом", "ьем", "ьей",
];

const SCALES: &[(u64, &str)] = &[
    (
        1_000,
        "тысяча тысячи тысяч тысячу тысяче тыща тыщу тыщи тыщ тыс т",
    ),
    (1_000_000, "миллион миллиона миллионов млн"),
];

const DOUBLED: &[(u8, &str)] = &[
    (0, "нуля нулей ноля нолей"),
    (1, "единицы единиц"),
    (2, "двойки двоек"),
    (3, "тройки троек"),
    (4, "четверки четверок"),
    (5, "пятерки пятерок"),
    (6, "шестерки шестерок"),
    (7, "семерки семерок"),
    (8, "восьмерки восьмерок"),
    (9, "девятки девяток"),
];

const KEYS: &[(Key, &str)] = &[
    (Key::Hour, "час"),
    (Key::Hours, "часа часов часам ч"),
    (Key::Minute, "минута минуты минут минуту мин"),
    (Key::Half, "половина половину половиной половине пол"),
    (Key::HalfHour, "полчаса"),
    (Key::Quarter, "четверть четверти"),
    (Key::Without, "без"),
    (Key::Morning, "утра утром утро"),
    (Key::Day, "день дня дней днем"),
    (Key::Evening, "вечера вечером вечер"),
    (Key::Night, "ночи ночью ночь"),
    (Key::Noon, "полдень полудня"),
    (Key::Midnight, "полночь полуночи"),
    (Key::Now, "сейчас"),
    (Key::After, "через спустя"),
    (Key::Relative(-2), "позавчера"),
    (Key::Relative(-1), "вчера"),
    (Key::Relative(0), "сегодня"),
    (Key::Relative(1), "завтра"),
    (Key::Relative(2), "послезавтра"),
    (Key::Weekday(0), "понедельник понедельника понедельнику пн"),
    (Key::Weekday(1), "вторник вторника вторнику вт"),
    (Key::Weekday(2), "среда среду среды среде ср"),
    (Key::Weekday(3), "четверг четверга четвергу чт"),
    (Key::Weekday(4), "пятница пятницу пятницы пятнице пт"),
    (Key::Weekday(5), "суббота субботу субботы субботе сб"),
    (Key::Weekday(6), "воскресенье воскресенья воскресенью вс"),
    (Key::Weekend, "выходные выходных"),
    (Key::Month(1), "январь января январе янв"),
    (Key::Month(2), "февраль февраля феврале фев"),
    (Key::Month(3), "март марта марте мар"),
    (Key::Month(4), "апрель апреля апреле апр"),
    (Key::Month(5), "май мая мае"),
    (Key::Month(6), "июнь июня июне июн"),
    (Key::Month(7), "июль июля июле июл"),
    (Key::Month(8), "август августа августе авг"),
    (Key::Month(9), "сентябрь сентября сентябре сен"),
    (Key::Month(10), "октябрь октября октябре окт"),
    (Key::Month(11), "ноябрь ноября ноябре ноя"),
    (Key::Month(12), "декабрь декабря декабре дек"),
    (Key::Week, "неделя неделю недели неделе недель"),
    (Key::MonthWord, "месяц месяца месяце месяцев"),
    (Key::Year, "год года году г лет"),
    (Key::HalfYear, "полгода"),
    (Key::OfMonth, "число числа"),
    (Key::This, "этот эту это этого этой этом нынешнего текущего"),
    (
        Key::Next,
        "следующий следующую следующее следующие следующего следующей следующем будущий будущую \
         будущее будущего будущей будущем",
    ),
    (Key::Nearest, "ближайший ближайшую ближайшее ближайшие"),
    (Key::Ruble, "рубль рубля рублей руб р"),
    (Key::Kopeck, "копейка копейки копеек копейку коп"),
    (Key::Plus, "плюс"),
];

fn among<V: Copy>(table: &[(V, &str)], word: &str) -> Option<V> {
    table
        .iter()
        .find(|(_, forms)| forms.split_whitespace().any(|form| form == word))
        .map(|(value, _)| *value)
}

fn ordinal(word: &str) -> Option<u16> {
    ORDINAL_ENDINGS.iter().find_map(|ending| {
        let stem = word.strip_suffix(ending)?;
        among(ORDINAL_STEMS, stem)
    })
}

/// Every word that a token can be made of, for mending typed words.
pub(super) fn vocabulary() -> impl Iterator<Item = &'static str> {
    let forms = |table: &'static [(u16, &'static str)]| table.iter().map(|(_, forms)| *forms);
    forms(CARDINALS)
        .chain(SCALES.iter().map(|(_, forms)| *forms))
        .chain(KEYS.iter().map(|(_, forms)| *forms))
        .flat_map(str::split_whitespace)
        .chain(["полтора", "полторы"])
}

/// What a word stands for; nothing for one that says no value.
pub(super) fn known(word: &str) -> bool {
    let mut tokens = Vec::new();
    push(word, &mut tokens);
    !tokens.is_empty()
}

fn push(word: &str, tokens: &mut Vec<Token>) {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        tokens.push(Token::Typed(word.to_owned()));
    } else if let Some(value) = among(CARDINALS, word) {
        tokens.push(Token::Cardinal(value));
    } else if let Some(value) = among(DOUBLED, word) {
        tokens.push(Token::Doubled(value));
    } else if let Some(value) = among(SCALES, word) {
        tokens.push(Token::Scale(value));
    } else if let Some(key) = among(KEYS, word) {
        tokens.push(Token::Key(key));
    } else if matches!(word, "полтора" | "полторы" | "полутора") {
        tokens.push(Token::OneAndHalf);
    } else if let Some(value) = ordinal(word) {
        tokens.push(Token::Ordinal(value));
    } else if let Some(rest) = word.strip_prefix("пол") {
        if let Some(value) = among(SCALES, rest) {
            tokens.push(Token::HalfOf(value));
        } else if let Some(value) = ordinal(rest) {
            tokens.extend([Token::Key(Key::Half), Token::Ordinal(value)]);
        }
    }
}

/// The words that say something, in their order; all others are passed over, as the recogniser
/// passes over speech off its list.
pub(super) fn tokens(words: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for word in normalise(words).split(' ') {
        let figures = word
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(word.len());
        let (figures, rest) = word.split_at(figures);
        if figures.is_empty() {
            suffix(rest, &mut tokens);
            continue;
        }
        tokens.push(Token::Typed(figures.to_owned()));
        if !rest.is_empty() {
            suffix(rest, &mut tokens);
        }
    }
    tokens
}

/// A word; after figures also the ending of an ordinal: «15-го».
fn suffix(word: &str, tokens: &mut Vec<Token>) {
    if matches!(
        word,
        "го" | "ого" | "е" | "ое" | "й" | "ый" | "ой" | "я" | "му"
    ) && let Some(Token::Typed(figures)) = tokens.last()
        && let Ok(value) = figures.parse()
    {
        tokens.pop();
        tokens.push(Token::Ordinal(value));
        return;
    }
    push(word, tokens);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_what_they_stand_for() {
        use Token::{Cardinal, Doubled, HalfOf, Key as K, OneAndHalf, Ordinal, Scale, Typed};
        for (words, expected) in [
            ("двадцать пятого", vec![Cardinal(20), Ordinal(5)]),
            ("Третье, третьего!", vec![Ordinal(3), Ordinal(3)]),
            ("седьмому", vec![Ordinal(7)]),
            ("полтретьего", vec![K(Key::Half), Ordinal(3)]),
            ("пол-третьего", vec![K(Key::Half), Ordinal(3)]),
            ("полторы тысячи", vec![OneAndHalf, Scale(1_000)]),
            ("полтысячи", vec![HalfOf(1_000)]),
            ("два нуля", vec![Cardinal(2), Doubled(0)]),
            ("15-го", vec![Ordinal(15)]),
            ("15го числа", vec![Ordinal(15), K(Key::OfMonth)]),
            (
                "5 тыс. руб.",
                vec![Typed("5".to_owned()), Scale(1_000), K(Key::Ruble)],
            ),
            ("300р", vec![Typed("300".to_owned()), K(Key::Ruble)]),
            ("ну давайте пожалуйста", vec![]),
            ("сороковой", vec![Ordinal(40)]),
            ("полдень", vec![K(Key::Noon)]),
        ] {
            assert_eq!(tokens(words), expected, "{words}");
        }
    }

    #[test]
    fn no_word_stands_for_two_things() {
        let mut seen = std::collections::BTreeSet::new();
        for word in vocabulary() {
            assert!(seen.insert(word), "{word}");
            assert_eq!(normalise(word), word);
        }
    }
}
