//! Variables of a script: their types, what stands for their values, what is asked of them.

use std::collections::BTreeMap;

use events::{TimeOfDay, Value, ValueKind, Values};

use super::{Date, Language};

/// The caller's own number, if the network told it: every script has it without declaring it.
pub const CALLER: &str = "caller";

/// The type of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableType {
    /// A value.
    Plain(ValueKind),
    /// One of a closed list: the option's name and how it is said.
    OneOf(BTreeMap<String, String>),
    /// What [`events::TaskReply::choices`] gave: a list to pick from.
    Offers,
    /// One of such a list: `id`, `date`, `time` and `place` are read as `name.date` and so on.
    Offer,
}

/// The fields of an offer, with their types.
pub const OFFER_FIELDS: &[(&str, ValueKind)] = &[
    ("id", ValueKind::Text),
    ("date", ValueKind::Date),
    ("time", ValueKind::Time),
    ("place", ValueKind::Text),
];

impl VariableType {
    /// The type of its values; none for a list or a record.
    #[must_use]
    pub const fn kind(&self) -> Option<ValueKind> {
        match self {
            Self::Plain(kind) => Some(*kind),
            Self::OneOf(_) => Some(ValueKind::Choice),
            Self::Offers | Self::Offer => None,
        }
    }

    /// How the type is called in scripts.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Plain(kind) => kind.as_str(),
            Self::OneOf(_) => "one_of",
            Self::Offers => "offers",
            Self::Offer => "offer",
        }
    }
}

/// What is put into a variable or an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Written in the script.
    Literal(Value),
    /// Taken from a variable.
    Variable(String),
}

impl Operand {
    /// The value, if there is one now.
    #[must_use]
    pub fn value(&self, values: &Values) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Variable(name) => values.get(name).cloned(),
        }
    }
}

/// What a way of an `if` asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Whether persons answer now.
    Open(bool),
    /// Whether the caller's number is known.
    CallerKnown(bool),
    /// Whether the dialogue goes on in this language.
    Language(Language),
    /// Whether the variable has a value (or has none, for `false`).
    Has(String, bool),
    /// Whether the variable has this value.
    Equal(String, Operand),
    /// Whether the number, date, time or sum is smaller.
    Less(String, Operand),
    /// Whether the number, date, time or sum is greater.
    More(String, Operand),
}

/// What tests are held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) values: &'a Values,
    pub(crate) language: &'a Language,
    pub(crate) open: bool,
}

impl Test {
    pub(crate) fn holds(&self, facts: Facts<'_>) -> bool {
        let pair = |name: &str, operand: &Operand| {
            let have = facts.values.get(name).cloned()?;
            Some((have, operand.value(facts.values)?))
        };
        match self {
            Self::Open(wanted) => facts.open == *wanted,
            Self::CallerKnown(wanted) => facts.values.contains_key(CALLER) == *wanted,
            Self::Language(wanted) => facts.language == wanted,
            Self::Has(name, wanted) => facts.values.contains_key(name) == *wanted,
            Self::Equal(name, other) => pair(name, other).is_some_and(|(a, b)| a == b),
            Self::Less(name, other) => {
                pair(name, other).is_some_and(|(a, b)| a.kind() == b.kind() && a < b)
            }
            Self::More(name, other) => {
                pair(name, other).is_some_and(|(a, b)| a.kind() == b.kind() && a > b)
            }
        }
    }
}

/// Reads a literal of a script as a value of this type; none if it is none.
pub(super) fn literal(text: &str, kind: ValueKind) -> Option<Value> {
    match kind {
        ValueKind::YesNo => match text {
            "true" => Some(Value::YesNo(true)),
            "false" => Some(Value::YesNo(false)),
            _ => None,
        },
        ValueKind::Number => text.parse().ok().map(Value::Number),
        ValueKind::Date => Date::parse(text).map(Value::Date),
        ValueKind::Time => TimeOfDay::parse(text).map(Value::Time),
        ValueKind::Money => {
            let (rubles, kopecks) = text.split_once('.').unwrap_or((text, "0"));
            let (rubles, kopecks) = (rubles.parse::<u64>().ok()?, kopecks.parse::<u64>().ok()?);
            let sum = rubles.checked_mul(100)?.checked_add(kopecks)?;
            (kopecks < 100).then_some(Value::Money(sum))
        }
        ValueKind::Phone => {
            let digits = text.strip_prefix('+')?;
            let fits =
                (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| Value::Phone(text.to_owned()))
        }
        ValueKind::Case => events::CaseNumber::parse(text).map(Value::Case),
        ValueKind::Choice => Some(Value::Choice(text.to_owned())),
        ValueKind::Text => Some(Value::Text(text.to_owned())),
        ValueKind::Dictation => Some(Value::Dictation {
            file: String::new(),
            words: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_by_type() {
        for (text, kind, good) in [
            ("true", ValueKind::YesNo, true),
            ("да", ValueKind::YesNo, false),
            ("12", ValueKind::Number, true),
            ("2026-02-30", ValueKind::Date, false),
            ("09:30", ValueKind::Time, true),
            ("9:30", ValueKind::Time, false),
            ("2300.50", ValueKind::Money, true),
            ("2300.500", ValueKind::Money, false),
            ("+79161234567", ValueKind::Phone, true),
            ("89161234567", ValueKind::Phone, false),
            ("5724", ValueKind::Case, true),
            ("5723", ValueKind::Case, false),
            ("mail", ValueKind::Choice, true),
        ] {
            assert_eq!(literal(text, kind).is_some(), good, "{text} as {kind:?}");
        }
    }

    #[test]
    fn a_test_about_nothing_does_not_hold() {
        let mut values = Values::new();
        let language = Language::russian();
        let holds = |test: &Test, values: &Values| {
            test.holds(Facts {
                values,
                language: &language,
                open: true,
            })
        };
        let number = |n| Operand::Literal(Value::Number(n));
        let equal = Test::Equal("n".into(), number(2));
        assert!(!holds(&equal, &values));
        assert!(holds(&Test::Has("n".into(), false), &values));
        values.insert("n".into(), Value::Number(2));
        assert!(holds(&equal, &values));
        assert!(holds(&Test::Less("n".into(), number(3)), &values));
        assert!(!holds(&Test::More("n".into(), number(3)), &values));
        let word = Operand::Literal(Value::Text("3".into()));
        assert!(
            !holds(&Test::Less("n".into(), word), &values),
            "another type"
        );
        assert!(holds(&Test::Open(true), &values));
        assert!(holds(&Test::CallerKnown(false), &values));
    }
}
