//! Values of a dialogue as they are read back.

use events::{Date, TimeOfDay, Value};

use super::numbers::{Gender, cardinal, counted, date, day_ordinal, phone, time};
use super::speakable;
use super::spelling::letter_name;

const RUBLES: [&str; 3] = ["рубль", "рубля", "рублей"];
const KOPECKS: [&str; 3] = ["копейка", "копейки", "копеек"];

/// A value in words: a day with its year, a time that cannot be mistaken for another, a sum with
/// its kopecks, telephone and case numbers in groups.
#[must_use]
pub fn value(value: &Value) -> String {
    match value {
        Value::YesNo(true) => "да".to_owned(),
        Value::YesNo(false) => "нет".to_owned(),
        Value::Number(n) => cardinal(small(*n), Gender::Masculine),
        Value::Date(day) => date(*day),
        Value::Time(at) => time_of_day(*at),
        Value::Money(kopecks) => sum(*kopecks),
        Value::Phone(number) => phone(number),
        Value::Case(number) => case(number.digits()),
        Value::Choice(text) | Value::Text(text) => speakable(text),
        Value::Dictation { words, .. } => speakable(words),
    }
}

/// Numbers too large to be said are read digit by digit, as [`cardinal`] does with its largest.
fn small(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A sum of kopecks: «две тысячи триста рублей пятьдесят копеек».
#[must_use]
pub fn sum(kopecks: u64) -> String {
    let (rubles, kopecks) = (kopecks / 100, small(kopecks % 100));
    let kopecks_said = counted(kopecks, Gender::Feminine, KOPECKS);
    if rubles == 0 && kopecks > 0 {
        return kopecks_said;
    }
    let said = counted(small(rubles), Gender::Masculine, RUBLES);
    if kopecks == 0 {
        said
    } else {
        format!("{said} {kopecks_said}")
    }
}

/// A time with the part of the day where «три часа» could be two.
fn time_of_day(at: TimeOfDay) -> String {
    let read = |minutes: u16| u8::try_from(minutes).unwrap_or(0);
    let hour = read(at.minutes() / 60);
    let said = time(hour, read(at.minutes() % 60));
    match hour {
        1..=3 => format!("{said} ночи"),
        4..=6 => format!("{said} утра"),
        _ => said,
    }
}

/// Digits in pairs, the odd one first: «пять, семьдесят два, сорок один».
fn case(digits: &str) -> String {
    let (odd, even) = digits.split_at(digits.len() % 2);
    let pairs = even.as_bytes().chunks(2).filter_map(|pair| {
        let [tens, units] = pair else { return None };
        Some([tens, units].map(|digit| u32::from(digit.saturating_sub(b'0'))))
    });
    let mut said: Vec<String> = odd
        .parse()
        .ok()
        .map(|digit| cardinal(digit, Gender::Masculine))
        .into_iter()
        .collect();
    said.extend(pairs.map(|[tens, units]| {
        if tens == 0 {
            format!("ноль {}", cardinal(units, Gender::Masculine))
        } else {
            cardinal(tens * 10 + units, Gender::Masculine)
        }
    }));
    said.join(", ")
}

/// A name and its letters: «Иванов. И, вэ, а, эн, о, вэ».
#[must_use]
pub fn spelled_name(name: &str) -> String {
    let letters: Vec<&str> = name
        .to_lowercase()
        .chars()
        .filter_map(letter_name)
        .collect();
    if letters.is_empty() {
        name.to_owned()
    } else {
        format!("{name}. По буквам: {}", letters.join(", "))
    }
}

/// «Двадцать второго ноября», without the year.
#[must_use]
pub fn day_genitive(day: Date) -> String {
    let whole = super::numbers::date_genitive(day);
    without_year(&whole).to_owned()
}

/// «В четверг, двадцать шестого ноября», with the year where the day needs it.
#[must_use]
pub fn on_day(day: Date, with_year: bool) -> String {
    let said = if with_year {
        super::numbers::date_genitive(day)
    } else {
        day_genitive(day)
    };
    format!("{}, {said}", super::weekdays::on(day.weekday()))
}

/// «В девять тридцать», «в одиннадцать часов», «в девять ноль пять».
#[must_use]
pub fn at_time(at: TimeOfDay) -> String {
    let (hour, minute) = (u32::from(at.minutes() / 60), u32::from(at.minutes() % 60));
    // «Ноль тридцать», «час тридцать» and «три часа ночи» are said by their units.
    if minute == 0 || hour < 7 {
        return format!(
            "в {}",
            time_of_day(at).replace("одна минута", "одну минуту")
        );
    }
    let hour = cardinal(hour, Gender::Masculine);
    let zero = if minute < 10 { "ноль " } else { "" };
    format!("в {hour} {zero}{}", cardinal(minute, Gender::Masculine))
}

/// «Двадцать второе ноября», without the year.
#[must_use]
pub fn day_accusative(day: Date) -> String {
    let whole = date(day);
    let said = without_year(&whole).to_owned();
    debug_assert!(said.starts_with(&day_ordinal(day.day)), "{whole}");
    said
}

/// The day and the month at the beginning of a date.
fn without_year(date: &str) -> &str {
    super::numbers::MONTHS
        .iter()
        .find_map(|month| {
            let at = date.find(&format!(" {month} "))?;
            date.get(..at + 1 + month.len())
        })
        .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use events::CaseNumber;

    #[test]
    fn values_are_read_back() {
        let date = |text| Value::Date(Date::parse(text).unwrap());
        let time = |text| Value::Time(TimeOfDay::parse(text).unwrap());
        for (given, said) in [
            (Value::YesNo(true), "да"),
            (Value::Number(0), "ноль"),
            (Value::Number(2_500_001), "два миллиона пятьсот тысяч один"),
            (
                date("2026-12-25"),
                "двадцать пятое декабря две тысячи двадцать шестого года",
            ),
            (time("09:30"), "девять часов тридцать минут"),
            (time("03:00"), "три часа ночи"),
            (time("05:15"), "пять часов пятнадцать минут утра"),
            (time("00:05"), "ноль часов пять минут"),
            (
                Value::Money(230_050),
                "две тысячи триста рублей пятьдесят копеек",
            ),
            (Value::Money(100), "один рубль"),
            (Value::Money(101), "один рубль одна копейка"),
            (Value::Money(50), "пятьдесят копеек"),
            (Value::Money(0), "ноль рублей"),
            (
                Value::Phone("+79281234567".to_owned()),
                "плюс семь, девятьсот двадцать восемь, сто двадцать три, сорок пять, шестьдесят семь",
            ),
            (
                Value::Case(CaseNumber::parse("5724").unwrap()),
                "пятьдесят семь, двадцать четыре",
            ),
            (Value::Text("Дахадаева, 5".to_owned()), "Дахадаева, пять"),
        ] {
            assert_eq!(value(&given), said);
        }
        assert_eq!(case("10307"), "один, ноль три, ноль семь");
        assert_eq!(case("00"), "ноль ноль");
        assert_eq!(spelled_name("Юй"), "Юй. По буквам: ю, и краткое");
        let day = Date::parse("2026-11-03").unwrap();
        assert_eq!(day_genitive(day), "третьего ноября");
        assert_eq!(day_accusative(day), "третье ноября");
        let on = |text, with_year| on_day(Date::parse(text).unwrap(), with_year);
        assert_eq!(
            on("2026-11-26", false),
            "в четверг, двадцать шестого ноября"
        );
        assert_eq!(
            on("2027-01-12", true),
            "во вторник, двенадцатого января две тысячи двадцать седьмого года"
        );
        assert_eq!(on("2026-11-25", false), "в среду, двадцать пятого ноября");
        let at = |text| at_time(TimeOfDay::parse(text).unwrap());
        for (time, said) in [
            ("09:30", "в девять тридцать"),
            ("11:00", "в одиннадцать часов"),
            ("09:05", "в девять ноль пять"),
            ("21:00", "в двадцать один час"),
            ("14:51", "в четырнадцать пятьдесят один"),
            ("00:05", "в ноль часов пять минут"),
            ("03:01", "в три часа одну минуту ночи"),
        ] {
            assert_eq!(at(time), said);
        }
    }
}
