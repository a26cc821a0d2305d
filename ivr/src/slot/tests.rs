//! What is said is understood, and what is understood can be heard.

use std::sync::LazyLock;

use events::{CaseId, CaseNumber, Date, TimeOfDay, Value, ValueKind};
use proptest::prelude::*;

use super::{Reading, SlotSpec};
use crate::graph::{Grammar, Pattern};

fn today() -> Date {
    Date::parse("2027-06-15").unwrap()
}

/// The usual limits, but for days of some years around.
fn spec(kind: ValueKind) -> SlotSpec {
    match kind {
        ValueKind::Date => SlotSpec::Date {
            from_days: -800,
            until_days: 800,
        },
        ValueKind::YesNo
        | ValueKind::Number
        | ValueKind::Time
        | ValueKind::Money
        | ValueKind::Phone
        | ValueKind::Case
        | ValueKind::Choice
        | ValueKind::Text
        | ValueKind::Dictation => SlotSpec::usual(kind).unwrap(),
    }
}

/// What may be heard for a type, compiled once.
struct Ears {
    spec: SlotSpec,
    grammar: Grammar,
}

impl Ears {
    fn of(kind: ValueKind) -> Self {
        let spec = spec(kind);
        let grammar = Grammar::with_patterns::<&str>(&[], &[spec.listen()]).unwrap();
        Self { spec, grammar }
    }

    /// The value is said, heard, and understood as itself.
    fn returns(&self, value: Value) -> Result<(), String> {
        let said = self.spec.say(&value).replace(',', "");
        if !self.grammar.accepts(&said) {
            return Err(format!("cannot be heard: {said}"));
        }
        let noon = TimeOfDay::new(12, 0).unwrap();
        let reading = self.spec.understand_speech(&said, today(), noon);
        match reading == Reading::One(value) {
            true => Ok(()),
            false => Err(format!("{said}: {reading:?}")),
        }
    }
}

static MONEY: LazyLock<Ears> = LazyLock::new(|| Ears::of(ValueKind::Money));
static PHONE: LazyLock<Ears> = LazyLock::new(|| Ears::of(ValueKind::Phone));
static CASE: LazyLock<Ears> = LazyLock::new(|| Ears::of(ValueKind::Case));

#[test]
fn every_day_of_a_leap_year_and_its_neighbours_returns() {
    let ears = Ears::of(ValueKind::Date);
    let first = Date::parse("2027-01-01").unwrap();
    for days in -365..(366 + 365) {
        ears.returns(Value::Date(first.plus_days(days))).unwrap();
    }
}

#[test]
fn every_time_returns() {
    let ears = Ears::of(ValueKind::Time);
    for hour in 0..24 {
        for minute in 0..60 {
            let time = TimeOfDay::new(hour, minute).unwrap();
            ears.returns(Value::Time(time)).unwrap();
        }
    }
}

#[test]
fn yes_and_no_return() {
    let ears = Ears::of(ValueKind::YesNo);
    for answer in [true, false] {
        ears.returns(Value::YesNo(answer)).unwrap();
    }
}

#[test]
fn numbers_return() {
    let ears = Ears::of(ValueKind::Number);
    let sampled = (0..2_000).chain((2_000..100_000).step_by(37));
    for n in sampled.chain([100_000, 999_999, 1_000_000, 2_000_002, 999_999_999]) {
        ears.returns(Value::Number(n)).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sums_return(kopecks in 0_u64..10_000_000_000) {
        prop_assert_eq!(MONEY.returns(Value::Money(kopecks)), Ok(()));
    }

    #[test]
    fn telephones_return(number in "[349][0-9]{9}") {
        let value = Value::Phone(format!("+7{number}"));
        prop_assert_eq!(PHONE.returns(value), Ok(()));
    }

    #[test]
    fn case_numbers_return(case in 0_u64..10_000_000) {
        let value = Value::Case(CaseNumber::of(CaseId(case)));
        prop_assert_eq!(CASE.returns(value), Ok(()));
    }

    /// Whatever the recogniser can hear is a value, several, or a refusal: never a riddle. Names
    /// alone may be too short to be one.
    #[test]
    fn what_can_be_heard_means_something(seed in any::<u64>()) {
        let now = TimeOfDay::new(12, 0).unwrap();
        for kind in [ValueKind::YesNo, ValueKind::Number, ValueKind::Date, ValueKind::Time,
                     ValueKind::Money, ValueKind::Phone, ValueKind::Case] {
            let spec = spec(kind);
            let mut dice = seed;
            let mut words = Vec::new();
            walk(&spec.listen(), &mut dice, &mut words);
            let line = words.join(" ");
            let reading = spec.understand_speech(&line, today(), now);
            prop_assert!(reading != Reading::Nothing, "{kind:?}: {line}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_words_and_no_line_panic(words in "[а-яё0-9 .,:+-]{0,40}", parts in prop::collection::vec(0_usize..60, 0..8)) {
        let pool: Vec<&str> = super::lexicon::vocabulary().step_by(7).collect();
        let row: Vec<&str> = parts.iter().filter_map(|part| pool.get(*part).copied()).collect();
        let row = row.join(" ");
        let now = TimeOfDay::new(23, 50).unwrap();
        for kind in ValueKind::ALL {
            let Some(spec) = SlotSpec::usual(*kind) else { continue };
            for line in [&words, &row] {
                let _ = spec.understand_speech(line, today(), now);
                let _ = spec.understand_text(line, today(), now);
            }
        }
    }
}

/// Some words that satisfy the pattern.
fn walk(pattern: &Pattern, dice: &mut u64, words: &mut Vec<String>) {
    let mut throw = |sides: usize| {
        *dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*dice >> 33).unwrap() % sides
    };
    match pattern {
        Pattern::Word(word) => words.push(word.clone()),
        Pattern::Sequence(parts) => parts.iter().for_each(|part| walk(part, dice, words)),
        Pattern::OneOf(parts) => {
            if !parts.is_empty() {
                let chosen = throw(parts.len());
                walk(&parts[chosen], dice, words);
            }
        }
        Pattern::Optional(what) => {
            if !what.may_be_empty() && throw(2) == 0 {
                walk(what, dice, words);
            }
        }
        Pattern::Repeated { what, at_least, .. } => {
            let times = usize::from(*at_least) + throw(3);
            for _ in 0..times {
                walk(what, dice, words);
            }
        }
    }
}

#[test]
fn grammars_are_small_and_quick_to_build() {
    let mut report = String::new();
    for kind in ValueKind::ALL {
        let Some(spec) = SlotSpec::usual(*kind) else {
            continue;
        };
        let commands = crate::script::Command::ALL;
        let phrases: Vec<&str> = commands.iter().flat_map(|c| c.phrases()).copied().collect();
        let grammar = Grammar::with_patterns(&phrases, &[spec.listen()]).unwrap();
        let files = grammar.build(&crate::graph::Costs::default());
        report.push_str(&format!(
            "{kind:?}: {} words, {} KB\n",
            grammar.words().len(),
            files.hclg.len() / 1_024
        ));
        assert!(files.hclg.len() < 600_000, "{kind:?}: {}", files.hclg.len());
    }
    println!("{report}");
}
