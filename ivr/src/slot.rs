//! Values that callers state, with their types: a day, a time, a sum, a number, a name.
//!
//! A [`SlotSpec`] says what is asked for and within which limits. It tells the recogniser what can
//! be said ([`SlotSpec::listen`]) and turns words, typed lines and keys ([`KeyEntry`]) into a
//! [`Reading`]. Nothing here knows the clock: today and now are arguments.

mod choice;
mod date;
mod digits;
mod key;
mod lexicon;
mod listen;
mod money;
mod name;
mod number;
mod reading;
mod time;
mod typed;
mod yes_no;

use events::{CaseNumber, Date, TimeOfDay, Value, ValueKind};

pub use choice::SlotOption;
pub use key::{KeyEntry, KeyStep};
pub use reading::{Reading, Refusal};

use crate::graph::Pattern;
use crate::readback;

/// Most of a number that can be said: a milliard less one.
pub const NUMBER_MAX: u64 = 999_999_999;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotSpec {
    /// Yes or no.
    YesNo,
    /// A whole number within these limits.
    Number {
        /// The least.
        min: u64,
        /// The most, up to [`NUMBER_MAX`].
        max: u64,
    },
    /// A day. Of a day without a year the nearest one to come within the limits is meant; if the
    /// limits leave only the past, the last one that was.
    Date {
        /// First day, in days after today; before today if negative.
        from_days: i32,
        /// Last day, in days after today.
        until_days: i32,
    },
    /// A time of day.
    Time {
        /// The earliest.
        from: TimeOfDay,
        /// The latest.
        until: TimeOfDay,
        /// Minutes between two times that can be had; 1 for any.
        step_min: u8,
    },
    /// A sum of money.
    Money {
        /// The most, in kopecks.
        max_kopecks: u64,
    },
    /// A Russian telephone number, `+7` and ten digits.
    Phone {
        /// Code of the town, for a number that is told without it.
        area: Option<String>,
    },
    /// The number of a case or an application, its check digit right.
    Case {
        /// How many digits it has, the check digit included, if that is fixed.
        digits: Option<u8>,
    },
    /// One of a closed list.
    Choice(Vec<SlotOption>),
    /// A name, letter by letter: by the letters' names or by words that begin with them.
    Name,
}

impl SlotSpec {
    /// The type with the limits that fit where a script states none; none for a choice, whose list
    /// only the script knows, and for a dictation, which is recorded and not understood.
    #[must_use]
    pub fn usual(kind: ValueKind) -> Option<Self> {
        Some(match kind {
            ValueKind::YesNo => Self::YesNo,
            ValueKind::Number => Self::Number {
                min: 0,
                max: NUMBER_MAX,
            },
            ValueKind::Date => Self::Date {
                from_days: 0,
                until_days: 365,
            },
            ValueKind::Time => Self::Time {
                from: TimeOfDay::new(0, 0)?,
                until: TimeOfDay::new(23, 59)?,
                step_min: 1,
            },
            ValueKind::Money => Self::Money {
                max_kopecks: NUMBER_MAX * 100,
            },
            ValueKind::Phone => Self::Phone { area: None },
            ValueKind::Case => Self::Case { digits: None },
            ValueKind::Text => Self::Name,
            ValueKind::Choice | ValueKind::Dictation => return None,
        })
    }

    /// The type of its value.
    #[must_use]
    pub const fn kind(&self) -> ValueKind {
        match self {
            Self::YesNo => ValueKind::YesNo,
            Self::Number { .. } => ValueKind::Number,
            Self::Date { .. } => ValueKind::Date,
            Self::Time { .. } => ValueKind::Time,
            Self::Money { .. } => ValueKind::Money,
            Self::Phone { .. } => ValueKind::Phone,
            Self::Case { .. } => ValueKind::Case,
            Self::Choice(_) => ValueKind::Choice,
            Self::Name => ValueKind::Text,
        }
    }

    /// What can be said, for the recogniser. Speech around it (`[unk]`) is the graph's matter.
    #[must_use]
    pub fn listen(&self) -> Pattern {
        listen::pattern(self)
    }

    /// What words that were recognised mean. `today` and `now` are where the caller is.
    #[must_use]
    pub fn understand_speech(&self, words: &str, today: Date, now: TimeOfDay) -> Reading {
        match self {
            Self::YesNo => yes_no::understand(words),
            Self::Choice(options) => choice::understand(options, words),
            Self::Name => name::spelled(words),
            Self::Number { min, max } => number::understand(&lexicon::tokens(words), *min, *max),
            Self::Date { .. } => date::understand(&lexicon::tokens(words), today, self.days(today)),
            Self::Time { .. } => self.times().map_or(Reading::Nothing, |grid| {
                time::understand(&lexicon::tokens(words), now, grid)
            }),
            Self::Money { max_kopecks } => money::understand(&lexicon::tokens(words), *max_kopecks),
            Self::Phone { area } => {
                digits::phone(&digits::readings(&lexicon::tokens(words)), area.as_deref())
            }
            Self::Case { digits } => {
                digits::case(&digits::readings(&lexicon::tokens(words)), *digits)
            }
        }
    }

    /// What a typed line means: figures («15.12», «9:30») beside words, slips of the fingers mended.
    #[must_use]
    pub fn understand_text(&self, line: &str, today: Date, now: TimeOfDay) -> Reading {
        typed::understand(self, line, today, now)
    }

    /// How to answer by voice and by keys, in one or two short sentences.
    #[must_use]
    pub fn prompt_hint(&self) -> String {
        let (voice, keys) = (self.voice_hint(), self.key_hint());
        keys.map_or_else(|| voice.clone(), |keys| format!("{voice} {keys}"))
    }

    /// How to answer by voice.
    #[must_use]
    pub fn voice_hint(&self) -> String {
        match self {
            Self::YesNo => "Скажите: да или нет.".to_owned(),
            Self::Number { .. } => "Назовите число.".to_owned(),
            Self::Date { .. } => "Назовите число и месяц, например: пятое июня.".to_owned(),
            Self::Time { .. } => "Назовите время, например: десять тридцать.".to_owned(),
            Self::Money { .. } => "Назовите сумму в рублях.".to_owned(),
            Self::Phone { .. } => "Назовите номер телефона с кодом.".to_owned(),
            Self::Case { .. } => "Назовите номер по цифрам.".to_owned(),
            Self::Choice(options) => choice::voice_hint(options),
            Self::Name => {
                "Назовите фамилию по буквам, каждую букву именем: Анна, Борис, Василий.".to_owned()
            }
        }
    }

    /// How to answer by keys; none if that is not possible.
    #[must_use]
    pub fn key_hint(&self) -> Option<String> {
        key::hint(self)
    }

    /// The value as it is read back.
    #[must_use]
    pub fn say(&self, value: &Value) -> String {
        match (self, value) {
            (Self::Choice(options), Value::Choice(name)) => options
                .iter()
                .find(|option| option.name == *name)
                .map_or_else(|| readback::value(value), SlotOption::said),
            (Self::Name, Value::Text(name)) => readback::spelled_name(name),
            _ => readback::value(value),
        }
    }

    /// First and last day of a date's limits.
    fn days(&self, today: Date) -> (Date, Date) {
        match self {
            Self::Date {
                from_days,
                until_days,
            } => (
                today.plus_days(i64::from(*from_days)),
                today.plus_days(i64::from(*until_days)),
            ),
            Self::YesNo
            | Self::Number { .. }
            | Self::Time { .. }
            | Self::Money { .. }
            | Self::Phone { .. }
            | Self::Case { .. }
            | Self::Choice(_)
            | Self::Name => (today, today),
        }
    }

    /// The limits of a time.
    const fn times(&self) -> Option<time::Grid> {
        match self {
            Self::Time {
                from,
                until,
                step_min,
            } => Some(time::Grid {
                from: *from,
                until: *until,
                step_min: *step_min,
            }),
            Self::YesNo
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Money { .. }
            | Self::Phone { .. }
            | Self::Case { .. }
            | Self::Choice(_)
            | Self::Name => None,
        }
    }
}

/// The number of a case of this many digits or fewer is told whole by keys.
const CASE_DIGITS_MAX: u8 = 16;

fn case_value(digits: &str) -> Option<Value> {
    CaseNumber::parse(digits).map(Value::Case)
}

#[cfg(test)]
mod tests;
