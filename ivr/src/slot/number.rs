//! Whole numbers: «две тысячи триста», «полторы тысячи», «пятое», «пять семь два четыре».

use events::Value;

use super::digits;
use super::lexicon::Token;
use super::{Reading, Refusal};

/// A number at the beginning of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) value: u64,
    /// Words it takes.
    pub(super) used: usize,
    /// Whether it ends in an ordinal.
    pub(super) ordinal: bool,
}

/// What may still follow in a group of thousands: anything below this.
const GROUP: u64 = 1_000;

/// The longest number that the words begin with.
pub(super) fn parse(tokens: &[Token]) -> Option<Parsed> {
    let mut sum = Sum::new();
    let mut used = 0;
    for token in tokens {
        if !sum.take(token) {
            break;
        }
        used += 1;
        if sum.stage == Stage::Ended {
            break;
        }
    }
    let value = sum.total.checked_add(sum.group)?;
    // «Полтора» alone is no whole number.
    let whole = sum.stage != Stage::HalfOpen;
    (used > 0 && whole).then_some(Parsed {
        value,
        used,
        ordinal: sum.stage == Stage::Ended,
    })
}

/// A number under way.
struct Sum {
    total: u64,
    group: u64,
    /// Only words below this can still belong to the group.
    room: u64,
    /// Only a smaller scale can still follow.
    scale: u64,
    stage: Stage,
}

/// How far the present group of thousands is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No word of it yet.
    Fresh,
    /// Some words.
    Begun,
    /// «Полтора», which waits for its scale.
    HalfOpen,
    /// An ordinal: nothing follows.
    Ended,
}

impl Sum {
    const fn new() -> Self {
        Self {
            total: 0,
            group: 0,
            room: GROUP,
            scale: u64::MAX,
            stage: Stage::Fresh,
        }
    }

    /// Takes a word, if it can belong to this number.
    fn take(&mut self, token: &Token) -> bool {
        match token {
            Token::Cardinal(value) => self.part(u64::from(*value)),
            Token::Ordinal(value) => {
                let value = u64::from(*value);
                let fits = if value < GROUP {
                    self.part(value)
                } else {
                    self.alone(value)
                };
                if fits {
                    self.stage = Stage::Ended;
                }
                fits
            }
            Token::Scale(scale) => self.scaled(*scale),
            Token::OneAndHalf => {
                // A scale must be able to follow.
                let fits = self.stage == Stage::Fresh && self.scale > GROUP;
                if fits {
                    self.stage = Stage::HalfOpen;
                }
                fits
            }
            Token::HalfOf(scale) => {
                let fits = *scale < self.scale && self.alone(scale / 2);
                if fits {
                    self.scale = *scale;
                }
                fits
            }
            Token::Typed(figures) => {
                let value = figures.parse().ok().filter(|_| figures.len() <= 9);
                value.is_some_and(|value| (self.total == 0 || value < GROUP) && self.alone(value))
            }
            Token::Doubled(_) | Token::Key(_) => false,
        }
    }

    /// A whole group in one word.
    fn alone(&mut self, value: u64) -> bool {
        let fits = self.stage == Stage::Fresh;
        if fits {
            self.group = value;
            self.room = 1;
            self.stage = Stage::Begun;
        }
        fits
    }

    /// A word below a thousand.
    fn part(&mut self, value: u64) -> bool {
        // Words of hundreds leave room for tens, those of tens for units, others for nothing.
        let (needs, leaves) = match value {
            0 => (GROUP, 1),
            1..=9 => (10, 1),
            10..=19 => (100, 1),
            20..=99 if value.is_multiple_of(10) => (100, 10),
            20..=99 => (100, 1),
            _ => (GROUP, 100),
        };
        let fits = match self.stage {
            Stage::Fresh => value > 0 || self.total == 0,
            Stage::Begun => value > 0 && needs <= self.room,
            Stage::HalfOpen | Stage::Ended => false,
        };
        if fits {
            self.group += value;
            self.room = leaves;
            self.stage = Stage::Begun;
        }
        fits
    }

    fn scaled(&mut self, scale: u64) -> bool {
        if scale >= self.scale {
            return false;
        }
        let count = match self.stage {
            Stage::Fresh => 1,
            Stage::Begun => self.group,
            Stage::HalfOpen => {
                self.total += scale / 2;
                1
            }
            Stage::Ended => 0,
        };
        self.total += count * scale;
        self.group = 0;
        self.room = GROUP;
        self.scale = scale;
        self.stage = Stage::Fresh;
        count > 0
    }
}

/// The number that all of the words say: at once, or its digits one by one.
pub(super) fn understand(tokens: &[Token], min: u64, max: u64) -> Reading {
    let tokens: Vec<Token> = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Key(_)))
        .cloned()
        .collect();
    let whole = parse(&tokens)
        .filter(|number| number.used == tokens.len())
        .map(|number| number.value);
    let value = whole.or_else(|| digits::readings(&tokens).first()?.parse().ok());
    match value {
        None => Reading::Nothing,
        Some(value) if (min..=max).contains(&value) => Reading::One(Value::Number(value)),
        Some(_) => Reading::Refused(Refusal::NumberOutOfRange { min, max }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon;
    use super::*;

    #[test]
    fn numbers_as_people_say_them() {
        for (words, value) in [
            ("ноль", 0),
            ("один", 1),
            ("одна", 1),
            ("единица", 1),
            ("две", 2),
            ("двойка", 2),
            ("семнадцать", 17),
            ("двадцать один", 21),
            ("сорок", 40),
            ("девяносто девять", 99),
            ("сто", 100),
            ("сто один", 101),
            ("двести двенадцать", 212),
            ("пятьсот", 500),
            ("тысяча", 1_000),
            ("одна тысяча", 1_000),
            ("тысяча один", 1_001),
            ("две тысячи триста", 2_300),
            ("полторы тысячи", 1_500),
            ("полтора миллиона", 1_500_000),
            ("девять миллионов полторы тысячи", 9_001_500),
            ("полтысячи", 500),
            ("пять тысяч двести", 5_200),
            ("одиннадцать тысяч одиннадцать", 11_011),
            ("сто двадцать две тысячи триста двадцать два", 122_322),
            ("миллион", 1_000_000),
            ("два миллиона пятьсот тысяч", 2_500_000),
            ("три миллиона два", 3_000_002),
            ("пятый", 5),
            ("двадцать третья", 23),
            ("пять семь два четыре", 5_724),
            ("двадцать тридцать", 2_030),
            ("сто двадцать сорок пять", 12_045),
            ("один ноль один", 101),
            ("номер пять пожалуйста", 5),
            ("десяти", 10),
            ("двух тысяч", 2_000),
            ("5 тысяч", 5_000),
            ("2 300", 2_300),
        ] {
            assert_eq!(
                understand(&lexicon::tokens(words), 0, super::super::NUMBER_MAX),
                Reading::One(Value::Number(value)),
                "{words}"
            );
        }
    }

    #[test]
    fn what_is_no_number_or_too_large() {
        let range = |words: &str| understand(&lexicon::tokens(words), 1, 10);
        assert_eq!(range("не знаю"), Reading::Nothing);
        assert_eq!(range(""), Reading::Nothing);
        assert_eq!(range("полтора"), Reading::Nothing);
        let refused = Reading::Refused(Refusal::NumberOutOfRange { min: 1, max: 10 });
        assert_eq!(range("ноль"), refused);
        assert_eq!(range("одиннадцать"), refused);
    }
}
