//! Sums: «две тысячи триста рублей пятьдесят копеек».

use events::Value;

use super::lexicon::{Key, Token};
use super::{Reading, Refusal, number};

/// The sum that the words say. Without «рублей», rubles are meant.
pub(super) fn understand(tokens: &[Token], max_kopecks: u64) -> Reading {
    let is = |token: &Token, key| *token == Token::Key(key);
    let (rubles, rest) = match tokens.iter().position(|token| is(token, Key::Ruble)) {
        Some(at) => {
            let (before, after) = tokens.split_at(at);
            (amount(before), after.get(1..).unwrap_or_default())
        }
        None if tokens.iter().any(|token| is(token, Key::Kopeck)) => (Some(0), tokens),
        None => (amount(tokens).filter(|_| !tokens.is_empty()), &[][..]),
    };
    let kopecks = match rest.split_last() {
        None => Some(0),
        Some((last, before)) if is(last, Key::Kopeck) => amount(before),
        Some(_) => amount(rest),
    };
    let (Some(rubles), Some(kopecks @ 0..100)) = (rubles, kopecks) else {
        return Reading::Nothing;
    };
    match rubles
        .checked_mul(100)
        .and_then(|sum| sum.checked_add(kopecks))
    {
        Some(sum) if sum <= max_kopecks => Reading::One(Value::Money(sum)),
        Some(_) | None => Reading::Refused(Refusal::SumTooLarge { max_kopecks }),
    }
}

/// A number that takes all the words; «рубль» and «тысяча» alone are one.
fn amount(tokens: &[Token]) -> Option<u64> {
    if tokens.is_empty() {
        return Some(1);
    }
    // Thousands that a typist parted: «2 300».
    let joined: Option<String> = tokens
        .iter()
        .map(|token| {
            if let Token::Typed(figures) = token {
                Some(figures.as_str())
            } else {
                None
            }
        })
        .collect();
    if let Some(joined) = joined {
        return joined.parse().ok().filter(|_| joined.len() <= 9);
    }
    number::parse(tokens)
        .filter(|number| number.used == tokens.len() && !number.ordinal)
        .map(|number| number.value)
}

#[cfg(test)]
mod tests {
    use super::super::lexicon;
    use super::*;

    #[test]
    fn sums_as_people_say_them() {
        for (words, kopecks) in [
            ("две тысячи триста рублей пятьдесят копеек", 230_050),
            ("две тысячи триста рублей", 230_000),
            ("две тысячи триста", 230_000),
            ("пятьсот рублей", 50_000),
            ("пятьсот", 50_000),
            ("сто рублей ноль копеек", 10_000),
            ("рубль", 100),
            ("один рубль одна копейка", 101),
            ("рубль двадцать", 120),
            ("двадцать один рубль", 2_100),
            ("пятьдесят копеек", 50),
            ("полторы тысячи рублей", 150_000),
            ("полторы тысячи", 150_000),
            ("тысяча рублей", 100_000),
            ("тысяча", 100_000),
            ("тысячу двести рублей", 120_000),
            ("десять тысяч", 1_000_000),
            ("сто тысяч рублей", 10_000_000),
            ("миллион рублей", 100_000_000),
            ("полмиллиона рублей", 50_000_000),
            (
                "три тысячи семьсот сорок два рубля восемнадцать копеек",
                374_218,
            ),
            ("где-то пять тысяч рублей", 500_000),
            ("примерно триста пятьдесят рублей", 35_000),
            ("госпошлина две тысячи рублей", 200_000),
            ("350 руб. 50 коп.", 35_050),
            ("2 300 руб", 230_000),
            ("2300р", 230_000),
            ("5 тыс рублей", 500_000),
        ] {
            assert_eq!(
                understand(&lexicon::tokens(words), 100_000_000),
                Reading::One(Value::Money(kopecks)),
                "{words}"
            );
        }
        for words in ["не знаю", "", "десятого", "сто рублей двести копеек"]
        {
            assert_eq!(
                understand(&lexicon::tokens(words), 100_000_000),
                Reading::Nothing,
                "{words}"
            );
        }
        assert_eq!(
            understand(&lexicon::tokens("сто один рубль"), 10_000),
            Reading::Refused(Refusal::SumTooLarge {
                max_kopecks: 10_000
            })
        );
    }
}
