//! Values by keys: digits one after the other, `#` when they are all there, `*` to mend.

use events::{Date, TimeOfDay, Value};

use super::{CASE_DIGITS_MAX, Reading, Refusal, SlotSpec, choice, digits, time};

/// Keys that are taken at most, whatever is asked.
const KEYS_MAX: usize = 20;

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStep {
    /// It was taken; more are awaited.
    More,
    /// The last digit is forgotten (`*`).
    Corrected,
    /// Everything is forgotten (`*` twice): begin anew.
    Cleared,
    /// It means nothing here.
    Ignored,
    /// The entry is over.
    Done(Reading),
}

/// A value on its way in by keys. An entry ends by `#`, by the last digit where their count is
/// fixed, or by [`KeyEntry::end`] when the caller presses nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    spec: SlotSpec,
    typed: String,
    /// The last key was `*`.
    mending: bool,
}

impl KeyEntry {
    /// An empty entry; none if such a value cannot be told by keys.
    #[must_use]
    pub fn new(spec: &SlotSpec) -> Option<Self> {
        key_format(spec).map(|_| Self {
            spec: spec.clone(),
            typed: String::new(),
            mending: false,
        })
    }

    /// The digits so far.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.typed
    }

    /// Takes a key: `0`–`9`, `*`, `#`. `today` is where the caller is.
    pub fn press(&mut self, key: char, today: Date) -> KeyStep {
        let again = std::mem::replace(&mut self.mending, key == '*');
        match key {
            '*' if self.typed.is_empty() && !again => KeyStep::Ignored,
            '*' if again => {
                self.typed.clear();
                self.mending = false;
                KeyStep::Cleared
            }
            '*' => {
                self.typed.pop();
                KeyStep::Corrected
            }
            '#' if self.typed.is_empty() => KeyStep::Ignored,
            '#' => KeyStep::Done(self.end(today)),
            '0'..='9' if self.typed.len() < KEYS_MAX => {
                self.typed.push(key);
                if self.is_full() {
                    KeyStep::Done(self.end(today))
                } else {
                    KeyStep::More
                }
            }
            _ => KeyStep::Ignored,
        }
    }

    /// Whether no digit more can belong to it.
    fn is_full(&self) -> bool {
        let count = self.typed.len();
        match &self.spec {
            SlotSpec::YesNo | SlotSpec::Choice(_) => true,
            SlotSpec::Number { max, .. } => count >= max.to_string().len(),
            SlotSpec::Date { .. } => count == 8,
            SlotSpec::Time { .. } => count == 4,
            SlotSpec::Money { max_kopecks } => count >= (max_kopecks / 100).to_string().len(),
            SlotSpec::Phone { .. } => {
                let whole = if self.typed.starts_with(['7', '8']) {
                    11
                } else {
                    10
                };
                count == whole
            }
            SlotSpec::Case { digits } => count == usize::from(digits.unwrap_or(CASE_DIGITS_MAX)),
            SlotSpec::Name => false,
        }
    }

    /// What the digits so far mean.
    #[must_use]
    pub fn end(&self, today: Date) -> Reading {
        let number = || self.typed.parse::<u64>().ok();
        match &self.spec {
            SlotSpec::YesNo => match self.typed.as_str() {
                "1" => Reading::One(Value::YesNo(true)),
                "2" => Reading::One(Value::YesNo(false)),
                _ => Reading::Nothing,
            },
            SlotSpec::Choice(options) => self
                .typed
                .chars()
                .next()
                .map_or(Reading::Nothing, |key| choice::pressed(options, key)),
            SlotSpec::Number { min, max } => match number() {
                None => Reading::Nothing,
                Some(value) if (*min..=*max).contains(&value) => Reading::One(Value::Number(value)),
                Some(_) => Reading::Refused(Refusal::NumberOutOfRange {
                    min: *min,
                    max: *max,
                }),
            },
            SlotSpec::Date { .. } => self.date(today),
            SlotSpec::Time { .. } => self.time(),
            SlotSpec::Money { max_kopecks } => {
                let sum = number().and_then(|rubles| rubles.checked_mul(100));
                match sum {
                    None => Reading::Nothing,
                    Some(sum) if sum <= *max_kopecks => Reading::One(Value::Money(sum)),
                    Some(_) => Reading::Refused(Refusal::SumTooLarge {
                        max_kopecks: *max_kopecks,
                    }),
                }
            }
            SlotSpec::Phone { area } => digits::phone(&self.reading(), area.as_deref()),
            SlotSpec::Case { digits } => digits::case(&self.reading(), *digits),
            SlotSpec::Name => Reading::Nothing,
        }
    }

    fn reading(&self) -> Vec<String> {
        let some = !self.typed.is_empty();
        some.then(|| self.typed.clone()).into_iter().collect()
    }

    /// `DD`, `DDMM` or `DDMMYYYY`.
    fn date(&self, today: Date) -> Reading {
        let words = match (self.typed.split_at_checked(2), self.typed.len()) {
            (Some((day, _)), 2) => format!("{day} числа"),
            (Some((day, month)), 4) => format!("{day} {month}"),
            (Some((day, rest)), 8) => {
                let (month, year) = rest.split_at(2);
                let read = |digits: &str| digits.parse().unwrap_or(0);
                let exists = year
                    .parse()
                    .ok()
                    .and_then(|year| Date::new(year, read(month), read(day)));
                if exists.is_none() {
                    return Reading::Refused(Refusal::NoSuchDay);
                }
                format!("{day} {month} {year}")
            }
            _ if self.typed.is_empty() => return Reading::Nothing,
            _ => return Reading::Refused(Refusal::NoSuchDay),
        };
        let noon = TimeOfDay::at(events::Timestamp(0), 0);
        self.spec.understand_speech(&words, today, noon)
    }

    /// `HH`, `HMM` or `HHMM`, of a clock of 24 hours.
    fn time(&self) -> Reading {
        let (hour, minute) = match self.typed.len() {
            0 => return Reading::Nothing,
            1 | 2 => (self.typed.as_str(), "0"),
            count => self.typed.split_at(count - 2),
        };
        let read = |digits: &str| digits.parse().unwrap_or(u8::MAX);
        let (Some(time), Some(grid)) =
            (TimeOfDay::new(read(hour), read(minute)), self.spec.times())
        else {
            return Reading::Refused(Refusal::NoSuchTime);
        };
        time::exactly(time, grid)
    }
}

/// How a value is told by keys; none if it cannot be.
const fn key_format(spec: &SlotSpec) -> Option<&'static str> {
    Some(match spec {
        SlotSpec::YesNo => "Или нажмите: да — один, нет — два.",
        SlotSpec::Number { .. } => "Или наберите его и нажмите решётку.",
        SlotSpec::Date { .. } => "Или наберите две цифры дня и две цифры месяца, потом решётку.",
        SlotSpec::Time { .. } => "Или наберите четыре цифры: часы и минуты.",
        SlotSpec::Money { .. } => "Или наберите рубли и нажмите решётку.",
        SlotSpec::Phone { .. } => "Или наберите его, начиная с восьмёрки.",
        SlotSpec::Case { .. } => "Или наберите его и нажмите решётку.",
        // Told by the options themselves.
        SlotSpec::Choice(_) => "",
        SlotSpec::Name => return None,
    })
}

pub(super) fn hint(spec: &SlotSpec) -> Option<String> {
    let format = key_format(spec)?;
    Some(match spec {
        SlotSpec::Choice(options) => choice::key_hint(options),
        SlotSpec::Case {
            digits: Some(digits),
        } => crate::readback::speakable(&format!("Или наберите его {digits} цифр.")),
        SlotSpec::YesNo
        | SlotSpec::Number { .. }
        | SlotSpec::Date { .. }
        | SlotSpec::Time { .. }
        | SlotSpec::Money { .. }
        | SlotSpec::Phone { .. }
        | SlotSpec::Case { digits: None }
        | SlotSpec::Name => format.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::case_value;
    use super::*;
    use events::ValueKind;

    /// Presses keys one after the other: the last step that was no `More`, and what is left typed.
    fn press(spec: &SlotSpec, keys: &str) -> (Option<KeyStep>, String) {
        let today = Date::parse("2026-11-22").unwrap();
        let mut entry = KeyEntry::new(spec).unwrap();
        let mut last = None;
        for key in keys.chars() {
            assert!(
                !matches!(last, Some(KeyStep::Done(_))),
                "{keys}: over before {key}"
            );
            match entry.press(key, today) {
                KeyStep::More => {}
                step @ (KeyStep::Corrected
                | KeyStep::Cleared
                | KeyStep::Ignored
                | KeyStep::Done(_)) => last = Some(step),
            }
        }
        (last, entry.digits().to_owned())
    }

    fn done(spec: &SlotSpec, keys: &str) -> Reading {
        match press(spec, keys).0 {
            Some(KeyStep::Done(reading)) => reading,
            other => panic!("{keys}: {other:?}"),
        }
    }

    fn usual(kind: ValueKind) -> SlotSpec {
        SlotSpec::usual(kind).unwrap()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table: one row a line")]
    fn every_kind_has_its_format() {
        let one = Reading::One;
        let date = |text| one(Value::Date(Date::parse(text).unwrap()));
        let time = |text| one(Value::Time(TimeOfDay::parse(text).unwrap()));
        for (kind, keys, reading) in [
            (ValueKind::YesNo, "1", one(Value::YesNo(true))),
            (ValueKind::YesNo, "2", one(Value::YesNo(false))),
            (ValueKind::YesNo, "5", Reading::Nothing),
            (ValueKind::Number, "42#", one(Value::Number(42))),
            (ValueKind::Number, "007#", one(Value::Number(7))),
            (ValueKind::Date, "1512#", date("2026-12-15")),
            (ValueKind::Date, "0502#", date("2027-02-05")),
            (ValueKind::Date, "25#", date("2026-11-25")),
            (ValueKind::Date, "15122026", date("2026-12-15")),
            (
                ValueKind::Date,
                "3111#",
                Reading::Refused(Refusal::NoSuchDay),
            ),
            (
                ValueKind::Date,
                "31112026",
                Reading::Refused(Refusal::NoSuchDay),
            ),
            (
                ValueKind::Date,
                "151#",
                Reading::Refused(Refusal::NoSuchDay),
            ),
            (ValueKind::Time, "0930", time("09:30")),
            (ValueKind::Time, "1530", time("15:30")),
            (ValueKind::Time, "930#", time("09:30")),
            (ValueKind::Time, "10#", time("10:00")),
            (
                ValueKind::Time,
                "2560",
                Reading::Refused(Refusal::NoSuchTime),
            ),
            (ValueKind::Money, "2300#", one(Value::Money(230_000))),
            (
                ValueKind::Phone,
                "89281234567",
                one(Value::Phone("+79281234567".to_owned())),
            ),
            (
                ValueKind::Phone,
                "79281234567",
                one(Value::Phone("+79281234567".to_owned())),
            ),
            (
                ValueKind::Phone,
                "9281234567",
                one(Value::Phone("+79281234567".to_owned())),
            ),
            (
                ValueKind::Phone,
                "123#",
                Reading::Refused(Refusal::NoSuchPhone),
            ),
            (ValueKind::Case, "5724#", one(case_value("5724").unwrap())),
            (
                ValueKind::Case,
                "5742#",
                Reading::Refused(Refusal::CheckDigit),
            ),
        ] {
            assert_eq!(done(&usual(kind), keys), reading, "{kind:?} {keys}");
        }
        let fixed = SlotSpec::Case { digits: Some(4) };
        assert_eq!(done(&fixed, "5724"), one(case_value("5724").unwrap()));
        let small = SlotSpec::Number { min: 1, max: 12 };
        assert_eq!(done(&small, "12"), one(Value::Number(12)));
        assert_eq!(
            done(&small, "13"),
            Reading::Refused(Refusal::NumberOutOfRange { min: 1, max: 12 })
        );
        assert_eq!(KeyEntry::new(&SlotSpec::Name), None);
    }

    #[test]
    fn a_star_mends_and_two_begin_anew() {
        let date = usual(ValueKind::Date);
        let day = |text| Reading::One(Value::Date(Date::parse(text).unwrap()));
        assert_eq!(done(&date, "1513*2#"), day("2026-12-15"));
        assert_eq!(done(&date, "99**1512#"), day("2026-12-15"));
        assert_eq!(done(&date, "15129**1612#"), day("2026-12-16"));
        assert_eq!(done(&date, "15*6*512#"), day("2026-12-15"));
        assert_eq!(
            press(&date, "15*"),
            (Some(KeyStep::Corrected), "1".to_owned())
        );
        assert_eq!(
            press(&date, "15**"),
            (Some(KeyStep::Cleared), String::new())
        );
        assert_eq!(press(&date, "*"), (Some(KeyStep::Ignored), String::new()));
        assert_eq!(press(&date, "#"), (Some(KeyStep::Ignored), String::new()));
        assert_eq!(press(&date, "1A"), (Some(KeyStep::Ignored), "1".to_owned()));
    }

    #[test]
    fn an_entry_that_stops_is_what_it_is() {
        let today = Date::parse("2026-11-22").unwrap();
        let mut entry = KeyEntry::new(&usual(ValueKind::Date)).unwrap();
        assert_eq!(entry.end(today), Reading::Nothing);
        for key in "1512".chars() {
            assert_eq!(entry.press(key, today), KeyStep::More);
        }
        let day = Value::Date(Date::parse("2026-12-15").unwrap());
        assert_eq!(entry.end(today), Reading::One(day));
    }

    #[test]
    fn nothing_that_is_pressed_panics() {
        use proptest::prelude::*;
        let today = Date::parse("2026-11-22").unwrap();
        proptest!(|(keys in "[0-9*#A-D]{0,30}")| {
            for kind in ValueKind::ALL {
                let Some(spec) = SlotSpec::usual(*kind) else { continue };
                let Some(mut entry) = KeyEntry::new(&spec) else { continue };
                for key in keys.chars() {
                    if let KeyStep::Done(_) = entry.press(key, today) {
                        break;
                    }
                    prop_assert!(entry.digits().len() <= KEYS_MAX);
                }
            }
        });
    }
}
