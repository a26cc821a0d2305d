//! What can be said for each type: small grammars over the words of numbers, months and hours.
//!
//! Only forms that are common enough to be worth a place: each one more is one more to be taken for
//! another. What is understood ([`super::SlotSpec::understand_speech`]) is wider.

use super::name::{HYPHENS, LETTERS, SPACES};
use super::{SlotSpec, time, yes_no};
use crate::graph::Pattern;

const UNITS: &str = "один два три четыре пять шесть семь восемь девять";
const TEENS: &str = "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать \
                     семнадцать восемнадцать девятнадцать";
const TENS: &str = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто";
const HUNDREDS: &str = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот";
const MONTHS: &str =
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря";
const WEEKDAYS: &str = "понедельник вторник среду среда четверг пятницу пятница субботу суббота \
                        воскресенье";
/// Ordinals 1–9 as days of the month are named, and as their genitive.
const DAY_UNITS: &str = "первое второе третье четвёртое пятое шестое седьмое восьмое девятое \
                         первого второго третьего четвёртого пятого шестого седьмого восьмого \
                         девятого";
const DAY_TEENS: &str = "десятое одиннадцатое двенадцатое тринадцатое четырнадцатое пятнадцатое \
                         шестнадцатое семнадцатое восемнадцатое девятнадцатое двадцатое тридцатое \
                         десятого одиннадцатого двенадцатого тринадцатого четырнадцатого \
                         пятнадцатого шестнадцатого семнадцатого восемнадцатого девятнадцатого \
                         двадцатого тридцатого";
/// Genitives of ordinals below a hundred: the end of a year, the hours of a dial.
const GENITIVE_UNITS: &str =
    "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого";
const GENITIVE_TEENS: &str = "десятого одиннадцатого двенадцатого тринадцатого четырнадцатого \
                              пятнадцатого шестнадцатого семнадцатого восемнадцатого \
                              девятнадцатого";
const GENITIVE_TENS: &str = "двадцатого тридцатого сорокового пятидесятого шестидесятого \
                             семидесятого восьмидесятого девяностого";
const DIAL: &str = "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого \
                    десятого одиннадцатого двенадцатого";
const DIAL_HOURS: &str =
    "час два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать";

/// Days from which a date's limits need years of the last century.
const LONG_AGO_DAYS: i32 = -3_650;

fn words(words: &str) -> Pattern {
    Pattern::any_word(words)
}

fn phrases(phrases: &[&str]) -> Pattern {
    Pattern::one_of(phrases)
}

/// Small words before a value and «пожалуйста» after it.
fn carried(before: &str, value: Pattern) -> Pattern {
    Pattern::Sequence(vec![
        words(before).optional(),
        value,
        Pattern::said("пожалуйста").optional(),
    ])
}

pub(super) fn pattern(spec: &SlotSpec) -> Pattern {
    match spec {
        SlotSpec::YesNo => carried("ну", phrases(yes_no::YES).or(phrases(yes_no::NO))),
        SlotSpec::Number { max, .. } => carried("номер примерно", any_number(*max)),
        SlotSpec::Date { from_days, .. } => carried("на в во давайте", date(*from_days)),
        SlotSpec::Time { .. } => spec.times().map_or_else(
            || Pattern::OneOf(Vec::new()),
            |grid| carried("в на к давайте примерно часов", time_of(grid)),
        ),
        SlotSpec::Money { max_kopecks } => carried("примерно", money(*max_kopecks)),
        SlotSpec::Phone { .. } => carried(
            "номер плюс",
            digit_groups(3, &format!("{UNITS} {TEENS} {TENS} {HUNDREDS} ноль нуля")),
        ),
        SlotSpec::Case { .. } => carried(
            "номер",
            digit_groups(
                2,
                &format!("{UNITS} {TEENS} {TENS} {HUNDREDS} ноль тысяча тысячи тысяч"),
            ),
        ),
        SlotSpec::Choice(options) => carried(
            "",
            Pattern::one_of(options.iter().flat_map(|option| &option.phrases)),
        ),
        SlotSpec::Name => letters(),
    }
}

/// Any row of these words. A structure of hundreds, tens and units would allow the same rows.
fn digit_groups(at_least: u8, which: &str) -> Pattern {
    words(which).repeated(at_least)
}

/// 1–99.
fn below_hundred(units: &str) -> Pattern {
    Pattern::OneOf(vec![
        words(units),
        words(TEENS),
        words(TENS).then(words(units).optional()),
    ])
}

/// 1–999.
fn below_thousand(units: &str) -> Pattern {
    below_hundred(units).or(words(HUNDREDS).then(below_hundred(units).optional()))
}

/// A number at once.
fn number(max: u64) -> Pattern {
    let feminine = format!("{UNITS} одна две");
    let small = if max < 100 {
        below_hundred(UNITS)
    } else {
        below_thousand(UNITS)
    };
    let mut all = small.or(Pattern::said("ноль"));
    if max >= 1_000 {
        all = all.or(thousands(&feminine));
    }
    if max >= 1_000_000 {
        let millions = below_thousand(UNITS)
            .optional()
            .then(words("миллион миллиона миллионов"))
            .then(thousands(&feminine).or(below_thousand(UNITS)).optional());
        all = all.or(millions).or(Pattern::said("полтора миллиона"));
    }
    all
}

/// A number at once, or digit by digit.
fn any_number(max: u64) -> Pattern {
    if max < 100 {
        return number(max);
    }
    number(max).or(words(&format!("{UNITS} ноль")).repeated(2))
}

/// Thousands and what follows them.
fn thousands(feminine: &str) -> Pattern {
    below_thousand(feminine)
        .or(Pattern::said("полторы"))
        .optional()
        .then(words("тысяча тысячи тысяч тысячу"))
        .then(below_thousand(UNITS).optional())
}

fn day_of_month() -> Pattern {
    Pattern::OneOf(vec![
        words(DAY_UNITS),
        words(DAY_TEENS),
        Pattern::said("двадцать").then(words(DAY_UNITS)),
        Pattern::said("тридцать").then(words("первое первого")),
    ])
}

fn date(from_days: i32) -> Pattern {
    let low_year = || {
        Pattern::OneOf(vec![
            words(GENITIVE_UNITS),
            words(GENITIVE_TEENS),
            words(GENITIVE_TENS),
            words(TENS).then(words(GENITIVE_UNITS)),
        ])
    };
    let mut years = Pattern::said("две тысячи").then(low_year());
    if from_days <= LONG_AGO_DAYS {
        years = years
            .or(Pattern::said("тысяча девятьсот").then(low_year()))
            .or(Pattern::said("двухтысячного"))
            .or(low_year());
    }
    let year = Pattern::OneOf(vec![
        years.then(Pattern::said("года").optional()),
        phrases(&["этого года", "следующего года"]),
    ]);
    let after_day = Pattern::OneOf(vec![
        words(MONTHS).then(year.optional()),
        Pattern::said("числа").then(phrases(&["этого месяца", "следующего месяца"]).optional()),
    ]);
    let weekday = Pattern::OneOf(vec![
        words("этот эту это следующий следующую следующее ближайший ближайшую ближайшее")
            .optional()
            .then(words(WEEKDAYS))
            .then(phrases(&["на этой неделе", "на следующей неделе"]).optional()),
        phrases(&["на этой неделе", "на следующей неделе"])
            .then(words("в во").optional())
            .then(words(WEEKDAYS)),
    ]);
    let wait = Pattern::said("через").then(Pattern::OneOf(vec![
        phrases(&["день", "неделю", "месяц", "полгода"]),
        words("два три четыре").then(words("дня недели месяца")),
        words("две").then(words("недели")),
        words("пять шесть семь восемь девять десять").then(words("дней недель месяцев")),
    ]));
    Pattern::OneOf(vec![
        words("сегодня завтра послезавтра вчера"),
        day_of_month().then(after_day.optional()),
        weekday,
        wait,
    ])
}

fn time_of(grid: time::Grid) -> Pattern {
    let low = "ноль пять";
    let minutes = if grid.step_min.is_multiple_of(5) && grid.step_min > 0 {
        Pattern::OneOf(vec![
            Pattern::said("ноль").then(words(low)),
            words("пять десять пятнадцать"),
            words("двадцать тридцать сорок пятьдесят").then(Pattern::said("пять").optional()),
        ])
    } else {
        let feminine = format!("{UNITS} одна две");
        Pattern::OneOf(vec![
            Pattern::said("ноль").then(words(&format!("ноль {UNITS}"))),
            words(&feminine),
            words(TEENS),
            words("двадцать тридцать сорок пятьдесят").then(words(&feminine).optional()),
        ])
    };
    let hours = Pattern::OneOf(vec![
        words(&format!("ноль {UNITS} {TEENS}")),
        Pattern::said("двадцать").then(words("один два три").optional()),
    ]);
    let part = || words("утра дня вечера ночи").optional();
    let until = Pattern::OneOf(vec![
        words("пяти десяти четверти пятнадцати двадцати"),
        Pattern::said("двадцати пяти"),
    ])
    .then(Pattern::said("минут").optional());
    let after = Pattern::OneOf(vec![
        words("половина половину пол четверть"),
        words("пять десять пятнадцать двадцать").then(Pattern::said("минут").optional()),
        Pattern::said("двадцать пять минут"),
    ]);
    let wait = phrases(&[
        "час",
        "полчаса",
        "полтора часа",
        "два часа",
        "три часа",
        "пятнадцать минут",
    ]);
    Pattern::OneOf(vec![
        hours
            .then(words("час часа часов").optional())
            .then(
                minutes
                    .clone()
                    .then(words("минуты минут минута").optional())
                    .or(Pattern::said("с половиной"))
                    .optional(),
            )
            .then(part()),
        Pattern::said("час").then(minutes.optional()).then(part()),
        after.then(words(DIAL)).then(part()),
        Pattern::said("без")
            .then(until)
            .then(words(DIAL_HOURS))
            .then(part()),
        words("полдень полночь сейчас"),
        Pattern::said("через").then(wait),
    ])
}

fn money(max_kopecks: u64) -> Pattern {
    let rubles = || words("рубль рубля рублей");
    let feminine = format!("{UNITS} одна две");
    let kopecks = || {
        Pattern::said("ноль")
            .or(below_hundred(&feminine))
            .then(words("копейка копейки копеек"))
    };
    Pattern::OneOf(vec![
        number(max_kopecks / 100).then(rubles().then(kopecks().optional()).optional()),
        kopecks(),
    ])
}

fn letters() -> Pattern {
    let spoken = LETTERS
        .iter()
        .flat_map(|(_, names, standing)| names.iter().chain(*standing));
    let parts = spoken.chain(SPACES).chain(HYPHENS).chain(&["два", "две"]);
    Pattern::one_of(parts).repeated(2)
}
