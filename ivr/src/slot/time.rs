//! Times of day: «в девять тридцать», «половина десятого», «без четверти десять», «в три часа дня».

use events::{TimeOfDay, Value};

use super::lexicon::{Key, Token};
use super::{Reading, Refusal, number};

/// The times that can be had.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) from: TimeOfDay,
    pub(super) until: TimeOfDay,
    pub(super) step_min: u8,
}

/// A time as it was said, before it is known which half of the day is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    hour: u64,
    minute: u64,
    /// How it was said.
    by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// «Ноль девять тридцать», «сейчас»: as on a clock of 24 hours.
    Clock,
    /// «Девять тридцать».
    Hours,
    /// «Половина десятого», «без пяти десять»: never said of a clock of 24 hours.
    Dial,
}

/// The time that the words say.
pub(super) fn understand(tokens: &[Token], now: TimeOfDay, grid: Grid) -> Reading {
    let Some(said) = read(tokens, now) else {
        return Reading::Nothing;
    };
    let of_day = |key: &Key| matches!(key, Key::Morning | Key::Day | Key::Evening | Key::Night);
    let part = tokens.iter().filter_map(Token::key).find(of_day);
    let Some(minute) = u8::try_from(said.minute).ok().filter(|minute| *minute < 60) else {
        return Reading::Refused(Refusal::NoSuchTime);
    };
    let times: Vec<TimeOfDay> = hours(said, part)
        .into_iter()
        .filter_map(|hour| TimeOfDay::new(u8::try_from(hour).ok()?, minute))
        .collect();
    fitting(&times, said, grid)
}

/// This very time, if it can be had.
pub(super) fn exactly(time: TimeOfDay, grid: Grid) -> Reading {
    let said = Said {
        hour: u64::from(time.minutes() / 60),
        minute: u64::from(time.minutes() % 60),
        by: By::Clock,
    };
    fitting(&[time], said, grid)
}

/// The times that can be had among the readings, the likelier first.
fn fitting(times: &[TimeOfDay], said: Said, grid: Grid) -> Reading {
    if times.is_empty() {
        return Reading::Refused(Refusal::NoSuchTime);
    }
    let mut fits = times
        .iter()
        .filter(|time| (grid.from..=grid.until).contains(*time))
        .copied()
        .peekable();
    if fits.peek().is_none() {
        return Reading::Refused(Refusal::TimeOutOfRange {
            from: grid.from,
            until: grid.until,
        });
    }
    let step = u16::from(grid.step_min.max(1));
    let mut on_grid = fits.filter(|time| time.minutes().is_multiple_of(step));
    // «Девять тридцать» is in the morning unless only the evening can be had; «два» may be either.
    let plain = said.by == By::Hours && (7..=12).contains(&said.hour);
    let reading = if plain {
        Reading::of(on_grid.next().map(Value::Time))
    } else {
        Reading::of(on_grid.map(Value::Time))
    };
    match reading {
        Reading::Nothing => Reading::Refused(Refusal::TimeOffGrid {
            step_min: grid.step_min,
        }),
        reading @ (Reading::One(_) | Reading::Several(_) | Reading::Refused(_)) => reading,
    }
}

/// The hours of 24 that may be meant.
fn hours(said: Said, part: Option<Key>) -> Vec<u64> {
    let hour = said.hour;
    let of_day = |morning: std::ops::RangeInclusive<u64>, later: std::ops::RangeInclusive<u64>| {
        if morning.contains(&hour) {
            vec![hour]
        } else if later.contains(&hour) {
            vec![hour + 12]
        } else if hour > 12 {
            vec![hour]
        } else {
            Vec::new()
        }
    };
    match (said.by, part) {
        (By::Clock, _) => vec![hour],
        (_, Some(Key::Morning)) => of_day(0..=12, 99..=99),
        (_, Some(Key::Day)) => of_day(10..=12, 1..=9),
        (_, Some(Key::Evening)) if hour == 12 => vec![0],
        (_, Some(Key::Evening)) => of_day(99..=99, 3..=11),
        (_, Some(Key::Night)) if hour == 12 => vec![0],
        (_, Some(Key::Night)) => of_day(0..=6, 9..=11),
        (_, _) => match hour {
            1..=11 => vec![hour, hour + 12],
            12 => vec![12, 0],
            _ => vec![hour],
        },
    }
}

fn is(token: Option<&Token>, key: Key) -> bool {
    token == Some(&Token::Key(key))
}

fn is_hours(token: Option<&Token>) -> bool {
    is(token, Key::Hour) || is(token, Key::Hours)
}

fn read(tokens: &[Token], now: TimeOfDay) -> Option<Said> {
    let at = |hour, minute| {
        Some(Said {
            hour,
            minute,
            by: By::Clock,
        })
    };
    let has = |key| tokens.contains(&Token::Key(key));
    if has(Key::Noon) {
        return at(12, 0);
    }
    if has(Key::Midnight) {
        return at(0, 0);
    }
    let clock = |minutes: u64| at(minutes / 60, minutes % 60);
    if has(Key::Now) {
        return clock(u64::from(now.minutes()));
    }
    if let Some(start) = tokens.iter().position(|t| *t == Token::Key(Key::After)) {
        let wait = duration(tokens.get(start + 1..)?)?;
        return clock(u64::from(now.minutes()).checked_add(wait)?);
    }
    if let Some(start) = tokens.iter().position(|t| *t == Token::Key(Key::Without)) {
        return before_the_hour(tokens.get(start + 1..)?);
    }
    // «Часов в девять», «часов в половине десятого».
    let tokens = match tokens {
        [Token::Key(Key::Hours), rest @ ..] => rest,
        all => all,
    };
    after_the_hour(tokens).or_else(|| of_hours(tokens))
}

/// Minutes of «полчаса», «час», «два часа», «полтора часа», «двадцать минут».
fn duration(tokens: &[Token]) -> Option<u64> {
    let first = tokens.first()?;
    match first.key() {
        Some(Key::HalfHour) => return Some(30),
        Some(Key::Hour) => return Some(60),
        Some(_) | None => {}
    }
    if *first == Token::OneAndHalf && is_hours(tokens.get(1)) {
        return Some(90);
    }
    let number = number::parse(tokens)?;
    match tokens.get(number.used)?.key() {
        Some(Key::Hour | Key::Hours) => number.value.checked_mul(60),
        Some(Key::Minute) => Some(number.value),
        Some(_) | None => None,
    }
}

/// «Без четверти десять», «без двадцати пяти час».
fn before_the_hour(tokens: &[Token]) -> Option<Said> {
    let (wait, rest) = if is(tokens.first(), Key::Quarter) {
        (15, tokens.get(1..)?)
    } else {
        let mut number = number::parse(tokens)?;
        if !begins_with_hour(tokens.get(number.used..)?) {
            // «Без двадцати пять» is no «без двадцати пяти».
            number = number::parse(tokens.get(..number.used.checked_sub(1)?)?)?;
        }
        (number.value, tokens.get(number.used..)?)
    };
    let rest = if is(rest.first(), Key::Minute) {
        rest.get(1..)?
    } else {
        rest
    };
    let hour = if is(rest.first(), Key::Hour) {
        1
    } else {
        number::parse(rest)?.value
    };
    dial(hour, 60_u64.checked_sub(wait)?)
}

/// Whether an hour follows: «час», «восемь», «минут восемь».
fn begins_with_hour(tokens: &[Token]) -> bool {
    let tokens = match tokens {
        [Token::Key(Key::Minute), rest @ ..] => rest,
        all => all,
    };
    is(tokens.first(), Key::Hour) || number::parse(tokens).is_some()
}

/// «Половина десятого», «четверть десятого», «пять минут десятого», «двадцать пятого».
fn after_the_hour(tokens: &[Token]) -> Option<Said> {
    let ordinal = |token: Option<&Token>| match token {
        Some(Token::Ordinal(hour @ 1..=12)) => Some(u64::from(*hour)),
        _ => None,
    };
    let part = tokens.first()?;
    if matches!(part, Token::Key(Key::Half | Key::Quarter)) {
        let minute = if *part == Token::Key(Key::Half) {
            30
        } else {
            15
        };
        return dial(ordinal(tokens.get(1))?, minute);
    }
    let words = tokens
        .iter()
        .position(|token| matches!(token, Token::Ordinal(_)))?;
    let (before, from) = tokens.split_at(words);
    let before = match before.split_last() {
        Some((Token::Key(Key::Minute), before)) => before,
        _ => before,
    };
    let minute = number::parse(before).filter(|number| number.used == before.len())?;
    dial(ordinal(from.first())?, minute.value)
}

/// A time in the hour that ends at this one on the dial.
const fn dial(ends: u64, minute: u64) -> Option<Said> {
    match ends {
        1..=24 => Some(Said {
            hour: if ends == 1 { 12 } else { ends - 1 },
            minute,
            by: By::Dial,
        }),
        _ => None,
    }
}

/// «Девять тридцать», «час дня», «девять часов пять минут», «девять ноль ноль», «девять с половиной».
fn of_hours(tokens: &[Token]) -> Option<Said> {
    let mut by = By::Hours;
    let tokens = match tokens {
        [Token::Cardinal(0), rest @ ..] if matches!(rest.first(), Some(Token::Cardinal(_))) => {
            by = By::Clock;
            // «Ноль ноль пятнадцать» keeps a zero for its hour.
            rest
        }
        _ => tokens,
    };
    let (hour, rest) = if is(tokens.first(), Key::Hour) {
        (1, tokens)
    } else {
        let number = number::parse(tokens).filter(|number| !number.ordinal)?;
        (number.value, tokens.get(number.used..)?)
    };
    let rest = if is_hours(rest.first()) {
        rest.get(1..)?
    } else {
        rest
    };
    if is(rest.first(), Key::Half) {
        return Some(Said {
            hour,
            minute: 30,
            by,
        });
    }
    let zero = matches!(rest, [Token::Cardinal(0), Token::Cardinal(_), ..]);
    let minutes = if zero { rest.get(1..)? } else { rest };
    let minute = number::parse(minutes).map_or(0, |number| number.value);
    if hour == 0 || hour > 12 || zero && by == By::Clock {
        by = By::Clock;
    }
    Some(Said { hour, minute, by })
}

#[cfg(test)]
mod tests {
    use super::super::lexicon;
    use super::*;

    fn time(text: &str) -> TimeOfDay {
        TimeOfDay::parse(text).unwrap()
    }

    fn said(words: &str, from: &str, until: &str) -> Reading {
        let grid = Grid {
            from: time(from),
            until: time(until),
            step_min: 1,
        };
        understand(&lexicon::tokens(words), time("10:20"), grid)
    }

    #[test]
    fn times_as_people_say_them_to_an_office() {
        for (words, expected) in [
            ("в девять тридцать", "09:30"),
            ("девять тридцать", "09:30"),
            ("девять часов тридцать минут", "09:30"),
            ("половина десятого", "09:30"),
            ("в половину десятого", "09:30"),
            ("полдесятого", "09:30"),
            ("пол десятого", "09:30"),
            ("девять с половиной", "09:30"),
            ("без четверти десять", "09:45"),
            ("без пятнадцати десять", "09:45"),
            ("без пяти десять", "09:55"),
            ("без двадцати пять", "16:40"),
            ("без двадцати пяти пять", "16:35"),
            ("без десяти минут час", "12:50"),
            ("четверть десятого", "09:15"),
            ("пять минут десятого", "09:05"),
            ("двадцать минут третьего", "14:20"),
            ("десять третьего", "14:10"),
            ("половина первого", "12:30"),
            ("в девять", "09:00"),
            ("девять часов", "09:00"),
            ("часов в девять", "09:00"),
            ("часов в половине десятого", "09:30"),
            ("девять утра", "09:00"),
            ("девять ноль ноль", "09:00"),
            ("девять ноль пять", "09:05"),
            ("ноль девять тридцать", "09:30"),
            ("в три часа дня", "15:00"),
            ("в три", "15:00"),
            ("в час", "13:00"),
            ("час дня", "13:00"),
            ("час тридцать", "13:30"),
            ("в два сорок пять", "14:45"),
            ("шесть вечера", "18:00"),
            ("в шесть", "18:00"),
            ("пятнадцать тридцать", "15:30"),
            ("пятнадцать часов", "15:00"),
            ("семнадцать ноль пять", "17:05"),
            ("двенадцать", "12:00"),
            ("полдень", "12:00"),
            ("в двенадцать пятнадцать", "12:15"),
            ("примерно в одиннадцать", "11:00"),
            ("сейчас", "10:20"),
            ("через час", "11:20"),
            ("через полчаса", "10:50"),
            ("через два часа", "12:20"),
            ("через полтора часа", "11:50"),
            ("через двадцать минут", "10:40"),
        ] {
            let reading = said(words, "09:00", "18:00");
            assert_eq!(
                reading,
                Reading::One(Value::Time(time(expected))),
                "{words}"
            );
        }
    }

    #[test]
    fn a_time_of_the_whole_day_may_mean_two() {
        let all = |words: &str| said(words, "00:00", "23:59");
        let times = |times: &[&str]| Reading::of(times.iter().map(|t| Value::Time(time(t))));
        assert_eq!(all("в три"), times(&["03:00", "15:00"]));
        assert_eq!(all("половина десятого"), times(&["09:30", "21:30"]));
        assert_eq!(all("без четверти восемь"), times(&["07:45", "19:45"]));
        assert_eq!(all("девять тридцать"), times(&["09:30"]));
        assert_eq!(all("в три часа ночи"), times(&["03:00"]));
        assert_eq!(all("без двадцати восемь утра"), times(&["07:40"]));
        assert_eq!(all("двенадцать ночи"), times(&["00:00"]));
        assert_eq!(all("полночь"), times(&["00:00"]));
        assert_eq!(all("двенадцать"), times(&["12:00"]));
        assert_eq!(all("ноль часов пять минут"), times(&["00:05"]));
        assert_eq!(all("ноль ноль пятнадцать"), times(&["00:15"]));
        assert_eq!(all("двадцать один тридцать"), times(&["21:30"]));
        assert_eq!(all("половина десятого вечера"), times(&["21:30"]));
        assert_eq!(said("девять", "18:00", "23:00"), times(&["21:00"]));
    }

    #[test]
    fn times_that_are_not_or_cannot_be_had() {
        let office = |words: &str| said(words, "09:00", "18:00");
        for words in ["двадцать пять часов", "девять семьдесят", "тридцать утра"]
        {
            assert_eq!(
                office(words),
                Reading::Refused(Refusal::NoSuchTime),
                "{words}"
            );
        }
        for words in ["восемь утра", "девятнадцать", "в семь", "полночь"]
        {
            assert!(
                matches!(
                    office(words),
                    Reading::Refused(Refusal::TimeOutOfRange { .. })
                ),
                "{words}: {:?}",
                office(words)
            );
        }
        for words in ["", "не знаю", "утром", "половина", "без десяти", "через"]
        {
            assert_eq!(office(words), Reading::Nothing, "{words}");
        }
        let grid = Grid {
            from: time("09:00"),
            until: time("18:00"),
            step_min: 15,
        };
        let off = understand(&lexicon::tokens("девять двадцать"), time("10:20"), grid);
        assert_eq!(off, Reading::Refused(Refusal::TimeOffGrid { step_min: 15 }));
    }
}
