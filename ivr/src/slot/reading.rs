//! What an answer means.

use events::{Date, Value};

use crate::readback;

/// What words, a typed line or keys mean as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// This.
    One(Value),
    /// One of these, and it must be asked which: «в три часа», «в следующий вторник».
    Several(Vec<Value>),
    /// A value that cannot be taken, and why.
    Refused(Refusal),
    /// No value at all.
    Nothing,
}

impl Reading {
    /// What is left of candidates: none, one, or several in their order, each once.
    pub(super) fn of(candidates: impl IntoIterator<Item = Value>) -> Self {
        let mut left: Vec<Value> = Vec::new();
        for value in candidates {
            if !left.contains(&value) {
                left.push(value);
            }
        }
        match (left.pop(), left.is_empty()) {
            (None, _) => Self::Nothing,
            (Some(only), true) => Self::One(only),
            (Some(last), false) => {
                left.push(last);
                Self::Several(left)
            }
        }
    }
}

/// Why a value cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The calendar has no such day.
    NoSuchDay,
    /// The day is outside the limits.
    DayOutOfRange {
        /// First day that can be taken.
        from: Date,
        /// Last day that can be taken.
        until: Date,
    },
    /// The clock has no such time.
    NoSuchTime,
    /// The time is outside the limits.
    TimeOutOfRange {
        /// The earliest.
        from: events::TimeOfDay,
        /// The latest.
        until: events::TimeOfDay,
    },
    /// The time is between those that can be had.
    TimeOffGrid {
        /// Minutes from one to the next.
        step_min: u8,
    },
    /// The number is outside the limits.
    NumberOutOfRange {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// The sum is too large.
    SumTooLarge {
        /// The most, in kopecks.
        max_kopecks: u64,
    },
    /// No telephone number has so many digits, or begins so.
    NoSuchPhone,
    /// A digit of the number is wrong, or two changed their places.
    CheckDigit,
    /// The number has another count of digits.
    CaseLength {
        /// Digits it should have.
        digits: u8,
    },
}

impl Refusal {
    /// What the caller is told, before the question is asked again.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::NoSuchDay => "Такого дня в календаре нет.".to_owned(),
            Self::DayOutOfRange { from, until } => format!(
                "Можно назвать день с {} по {}.",
                readback::day_genitive(*from),
                readback::day_accusative(*until)
            ),
            Self::NoSuchTime => "Такого времени не бывает.".to_owned(),
            Self::TimeOutOfRange { from, until } => {
                readback::speakable(&format!("Можно назвать время с {from} до {until}."))
            }
            Self::TimeOffGrid { step_min } => {
                readback::speakable(&format!("Время назначается через каждые {step_min} минут."))
            }
            Self::NumberOutOfRange { min, max } => {
                readback::speakable(&format!("Нужно число от {min} до {max}."))
            }
            Self::SumTooLarge { max_kopecks } => readback::speakable(&format!(
                "Сумма должна быть не больше {} рублей.",
                max_kopecks / 100
            )),
            Self::NoSuchPhone => {
                "Это не похоже на номер телефона. В нём десять цифр после восьмёрки.".to_owned()
            }
            Self::CheckDigit => "В номере ошибка: одна из цифр не та.".to_owned(),
            Self::CaseLength { digits } => {
                readback::speakable(&format!("В номере должно быть {digits} цифр."))
            }
        }
    }
}
