//! Days: «двадцать пятое декабря», «завтра», «в следующий вторник», «через неделю», «первого числа».

use events::{Date, Value};

use super::lexicon::{Key, Token};
use super::{Reading, Refusal, number};

/// Years in which a day without a year is looked for: a lifetime back, some years ahead.
const YEARS_BACK: u16 = 130;
const YEARS_AHEAD: u16 = 9;

/// First and last day that can be taken.
type Limits = (Date, Date);

/// The day that the words say.
pub(super) fn understand(tokens: &[Token], today: Date, limits: Limits) -> Reading {
    let tokens = Words(tokens);
    let candidates = relative(tokens, today)
        .or_else(|| of_week(tokens, today))
        .map(Candidates::Days)
        .or_else(|| of_month(tokens, today));
    match candidates {
        None => Reading::Nothing,
        Some(Candidates::Days(days)) => within(&days, limits),
        Some(Candidates::Nearest(days)) => nearest(&days, today, limits),
    }
}

/// Days that are meant, all of them possible; or the same day of many years or months, of which the
/// nearest is meant.
enum Candidates {
    Days(Vec<Date>),
    Nearest(Vec<Date>),
}

fn within(days: &[Date], (from, until): Limits) -> Reading {
    if days.is_empty() {
        return Reading::Refused(Refusal::NoSuchDay);
    }
    let fits = days.iter().filter(|day| (from..=until).contains(*day));
    match Reading::of(fits.copied().map(Value::Date)) {
        Reading::Nothing => Reading::Refused(Refusal::DayOutOfRange { from, until }),
        reading @ (Reading::One(_) | Reading::Several(_) | Reading::Refused(_)) => reading,
    }
}

fn nearest(days: &[Date], today: Date, (from, until): Limits) -> Reading {
    let fits: Vec<Date> = days
        .iter()
        .filter(|day| (from..=until).contains(*day))
        .copied()
        .collect();
    let ahead = fits.iter().find(|day| **day >= today);
    match ahead.or(fits.last()) {
        Some(day) => Reading::One(Value::Date(*day)),
        None => within(days, (from, until)),
    }
}

#[derive(Clone, Copy)]
struct Words<'a>(&'a [Token]);

impl<'a> Words<'a> {
    fn has(self, key: Key) -> bool {
        self.0.contains(&Token::Key(key))
    }

    fn find<T>(self, of: impl Fn(Key) -> Option<T>) -> Option<T> {
        self.0.iter().filter_map(Token::key).find_map(of)
    }

    fn after(self, key: Key) -> Option<&'a [Token]> {
        let at = self.0.iter().position(|token| *token == Token::Key(key))?;
        self.0.get(at + 1..)
    }
}

/// «Завтра», «через две недели».
fn relative(words: Words<'_>, today: Date) -> Option<Vec<Date>> {
    let named = words.find(|key| {
        if let Key::Relative(days) = key {
            Some(i64::from(days))
        } else {
            None
        }
    });
    if let Some(days) = named {
        return Some(vec![today.plus_days(days)]);
    }
    let rest = words.after(Key::After)?;
    let (count, unit) = match number::parse(rest) {
        Some(number) => (Some(number.value), rest.get(number.used)?),
        None => (None, rest.first()?),
    };
    let n = i64::try_from(count.unwrap_or(1))
        .ok()
        .filter(|n| *n <= 3_660)?;
    let days = |days: i64| Some(vec![today.plus_days(days)]);
    match unit.key() {
        // «Через день» is the day after tomorrow to most, tomorrow to some.
        Some(Key::Day) if count.is_none() => Some(vec![today.plus_days(1), today.plus_days(2)]),
        Some(Key::Day) => days(n),
        Some(Key::Week) => days(n * 7),
        Some(Key::MonthWord) => Some(vec![same_day(today, u16::try_from(n).ok()?)]),
        Some(Key::Year) => Some(vec![same_day(today, u16::try_from(n * 12).ok()?)]),
        Some(Key::HalfYear) => Some(vec![same_day(today, 6)]),
        _ => None,
    }
}

/// The same day so many months later, or that month's last day.
fn same_day(today: Date, months: u16) -> Date {
    let month = today.first_after_months(months);
    (1..=today.day)
        .rev()
        .find_map(|day| Date::new(month.year, month.month, day))
        .unwrap_or(month)
}

/// «Во вторник», «в следующую среду», «на следующей неделе в пятницу», «в выходные».
fn of_week(words: Words<'_>, today: Date) -> Option<Vec<Date>> {
    let now = i64::from(today.weekday());
    let in_days = |days: i64| today.plus_days(days);
    if words.has(Key::Weekend) {
        let saturday = if words.has(Key::Next) {
            12 - now
        } else {
            5 - now
        };
        let both = [saturday, saturday + 1];
        return Some(
            both.into_iter()
                .filter(|days| *days >= 0)
                .map(in_days)
                .collect(),
        );
    }
    let day = words.find(|key| {
        if let Key::Weekday(day) = key {
            Some(i64::from(day))
        } else {
            None
        }
    })?;
    let this = day - now;
    let (next, after) = (words.has(Key::Next), this + 7);
    // «Вторник» said on a Tuesday is not today, which is called so.
    let coming = if this > 0 { this } else { after };
    Some(match (next, words.has(Key::Week), words.has(Key::This)) {
        (true, true, _) => vec![in_days(after)],
        (false, true, _) | (false, false, true) => vec![in_days(this)],
        // To some the next Tuesday is the one to come, to others that of the next week.
        (true, false, _) if this > 0 => vec![in_days(this), in_days(after)],
        (true | false, false, _) => vec![in_days(coming)],
    })
}

/// «Двадцать пятое декабря», «пятнадцатого», «первое второе», «10 марта 2027 года».
fn of_month(words: Words<'_>, today: Date) -> Option<Candidates> {
    let (day, rest) = first_number(words.0)?;
    let day = u8::try_from(day).ok().filter(|day| *day <= 99)?;
    let month_word = |tokens: &[Token]| match tokens.first() {
        Some(Token::Key(Key::Month(month))) => Some(*month),
        _ => None,
    };
    // «Числа» may stand between.
    let rest = match rest.split_first() {
        Some((Token::Key(Key::OfMonth), after)) => after,
        _ => rest,
    };
    let (month, rest) = match (month_word(rest), first_number(rest)) {
        (Some(month), _) => (Some(month), rest.get(1..).unwrap_or_default()),
        (None, Some((month, rest))) => (Some(u8::try_from(month).unwrap_or(u8::MAX)), rest),
        (None, None) => (None, rest),
    };
    let Some(month) = month else {
        return Some(without_month(words, day, today));
    };
    let year = year(rest, words, today);
    if day == 0 || day > 31 || !(1..=12).contains(&month) {
        return Some(Candidates::Days(Vec::new()));
    }
    Some(match year {
        Some(years) => Candidates::Days(
            years
                .into_iter()
                .filter_map(|y| Date::new(y, month, day))
                .collect(),
        ),
        None => Candidates::Nearest(
            (today.year.saturating_sub(YEARS_BACK)..=today.year + YEARS_AHEAD)
                .filter_map(|year| Date::new(year, month, day))
                .collect(),
        ),
    })
}

/// A number and what is after it; «ноль пять» is 5.
fn first_number(tokens: &[Token]) -> Option<(u64, &[Token])> {
    let tokens = match tokens.split_first() {
        Some((Token::Cardinal(0), rest)) if !rest.is_empty() => rest,
        _ => tokens,
    };
    let number = number::parse(tokens)?;
    Some((number.value, tokens.get(number.used..)?))
}

fn without_month(words: Words<'_>, day: u8, today: Date) -> Candidates {
    let first = |months| {
        let month = today.first_after_months(months);
        Date::new(month.year, month.month, day)
    };
    if words.has(Key::MonthWord) {
        return Candidates::Days(first(u16::from(words.has(Key::Next))).into_iter().collect());
    }
    // From a year ago to a year ahead.
    let back = Date {
        year: today.year.saturating_sub(1),
        ..today
    };
    let days = (0..=24)
        .filter_map(|months| {
            let month = back.first_after_months(months);
            Date::new(month.year, month.month, day)
        })
        .collect();
    Candidates::Nearest(days)
}

/// The year after day and month: whole, or its last two figures, or by its place.
fn year(rest: &[Token], words: Words<'_>, today: Date) -> Option<Vec<u16>> {
    let Some((value, _)) = first_number(rest) else {
        return words
            .has(Key::Year)
            .then(|| vec![today.year + u16::from(words.has(Key::Next))]);
    };
    let value = u16::try_from(value).ok()?;
    Some(match value {
        0..=99 => vec![2_000 + value, 1_900 + value],
        _ => vec![value],
    })
}

#[cfg(test)]
mod tests {
    use super::super::lexicon;
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// Sunday 22 November 2026; a year ahead.
    fn said(words: &str) -> Reading {
        let today = date("2026-11-22");
        understand(&lexicon::tokens(words), today, (today, date("2027-11-22")))
    }

    #[test]
    fn days_as_people_say_them() {
        for (words, day) in [
            ("сегодня", "2026-11-22"),
            ("завтра", "2026-11-23"),
            ("на завтра", "2026-11-23"),
            ("завтра утром", "2026-11-23"),
            ("послезавтра пожалуйста", "2026-11-24"),
            ("двадцать пятое декабря", "2026-12-25"),
            ("двадцать пятого декабря", "2026-12-25"),
            ("на двадцать пятое декабря", "2026-12-25"),
            ("давайте двадцать пятого", "2026-11-25"),
            ("двадцать пятого числа", "2026-11-25"),
            ("первого числа", "2026-12-01"),
            ("первого числа следующего месяца", "2026-12-01"),
            ("десятое", "2026-12-10"),
            ("двадцать второе", "2026-11-22"),
            ("тридцать первого", "2026-12-31"),
            ("тридцатого числа этого месяца", "2026-11-30"),
            ("первое января", "2027-01-01"),
            ("третьего марта", "2027-03-03"),
            ("тридцать первое августа", "2027-08-31"),
            ("двадцать пятого двенадцатого", "2026-12-25"),
            ("двадцать пять двенадцать", "2026-12-25"),
            ("пятое ноль второе", "2027-02-05"),
            ("пятнадцать декабря", "2026-12-15"),
            (
                "пятнадцатое декабря две тысячи двадцать шестого года",
                "2026-12-15",
            ),
            ("первое февраля двадцать седьмого года", "2027-02-01"),
            ("первое февраля следующего года", "2027-02-01"),
            ("десятое декабря этого года", "2026-12-10"),
            ("во вторник", "2026-11-24"),
            ("в среду", "2026-11-25"),
            ("в ближайшую пятницу", "2026-11-27"),
            ("в воскресенье", "2026-11-29"),
            ("в следующий вторник", "2026-11-24"),
            ("на следующей неделе в четверг", "2026-11-26"),
            ("в понедельник на следующей неделе", "2026-11-23"),
            ("через неделю", "2026-11-29"),
            ("через две недели", "2026-12-06"),
            ("через три дня", "2026-11-25"),
            ("через десять дней", "2026-12-02"),
            ("через месяц", "2026-12-22"),
            ("через полгода", "2027-05-22"),
            ("15-го декабря", "2026-12-15"),
            ("15 декабря 2026", "2026-12-15"),
            ("где-то пятого декабря", "2026-12-05"),
        ] {
            assert_eq!(said(words), Reading::One(Value::Date(date(day))), "{words}");
        }
    }

    #[test]
    fn what_is_said_on_a_monday_may_mean_two_days() {
        let monday = date("2026-11-23");
        let limits = (monday, date("2027-11-22"));
        let said = |words: &str| understand(&lexicon::tokens(words), monday, limits);
        let days = |days: &[&str]| Reading::of(days.iter().map(|day| Value::Date(date(day))));
        assert_eq!(
            said("в следующий вторник"),
            days(&["2026-11-24", "2026-12-01"])
        );
        assert_eq!(said("в этот вторник"), days(&["2026-11-24"]));
        assert_eq!(said("во вторник"), days(&["2026-11-24"]));
        assert_eq!(said("вторник на следующей неделе"), days(&["2026-12-01"]));
        assert_eq!(said("в понедельник"), days(&["2026-11-30"]));
        assert_eq!(said("в следующий понедельник"), days(&["2026-11-30"]));
        assert_eq!(said("в выходные"), days(&["2026-11-28", "2026-11-29"]));
        assert_eq!(said("через день"), days(&["2026-11-24", "2026-11-25"]));
    }

    #[test]
    fn days_that_are_not_or_cannot_be_had() {
        for words in [
            "тридцать первое ноября",
            "тридцатое февраля",
            "двадцать девятое февраля две тысячи двадцать седьмого года",
            "тридцать второе мая",
            "пятое тринадцатое",
            "тридцать первого числа этого месяца",
        ] {
            assert_eq!(said(words), Reading::Refused(Refusal::NoSuchDay), "{words}");
        }
        for words in [
            "вчера",
            "двадцать девятое февраля",
            "первое мая две тысячи двадцатого года",
            "через два года",
            "пятое мая восемьдесят пятого года",
        ] {
            assert!(
                matches!(said(words), Reading::Refused(Refusal::DayOutOfRange { .. })),
                "{words}: {:?}",
                said(words)
            );
        }
        for words in ["", "не знаю", "через", "когда-нибудь", "в следующем месяце"]
        {
            assert_eq!(said(words), Reading::Nothing, "{words}");
        }
    }

    #[test]
    fn a_day_of_the_past_is_the_last_that_was() {
        let today = date("2026-11-22");
        let limits = (date("1900-01-01"), today);
        let said = |words: &str| understand(&lexicon::tokens(words), today, limits);
        for (words, day) in [
            ("пятое мая восемьдесят пятого года", "1985-05-05"),
            (
                "пятое мая тысяча девятьсот восемьдесят пятого года",
                "1985-05-05",
            ),
            ("первое декабря", "2025-12-01"),
            ("первое марта", "2026-03-01"),
            ("двадцать девятое февраля", "2024-02-29"),
            ("тридцатого", "2026-10-30"),
            ("вчера", "2026-11-21"),
        ] {
            assert_eq!(said(words), Reading::One(Value::Date(date(day))), "{words}");
        }
    }
}
