//! How likely one phone is after another in Russian speech: the search's model of words that are
//! on no list.
//!
//! Measured on development voices, a phrase of the list against this model is told from other words
//! far better than against phones that are all equally likely.

use std::sync::LazyLock;

use crate::g2p::Phone;

/// A row for each phone before (the first: the beginning of speech), a column for each phone of
/// speech: hundredths of −ln of its probability (ivr/model/train/phone_costs.py).
const TABLE: &str = include_str!("phone_costs.txt");
/// Rarer than this is left out: it would make the graph twice as large for speech that is not there.
pub(super) const RAREST: f32 = 6.0;

static COSTS: LazyLock<Vec<Vec<f32>>> = LazyLock::new(|| {
    let row = |line: &str| {
        line.split(' ')
            .filter_map(|cost| cost.parse().ok())
            .map(|hundredths: f32| hundredths / 100.0)
            .collect()
    };
    TABLE.lines().map(row).collect()
});

/// −ln of the probability of a phone of speech after another one (silence: at the beginning);
/// `None` if it hardly ever comes.
pub(super) fn cost(before: Phone, after: Phone) -> Option<f32> {
    let column = usize::try_from(after.index() - 1).ok()?;
    let row = COSTS.get(usize::try_from(before.index()).ok()?)?;
    row.get(column).copied().filter(|cost| *cost < RAREST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::g2p::pronounce;

    #[test]
    fn the_table_is_a_distribution_for_every_phone() {
        assert_eq!(COSTS.len(), Phone::names().len());
        for (row, before) in COSTS.iter().zip(Phone::names()) {
            assert_eq!(row.len(), Phone::names().len() - 1, "{before}");
            let sum: f32 = row.iter().map(|cost| (-cost).exp()).sum();
            assert!((0.97..1.03).contains(&sum), "{before}: {sum}");
        }
    }

    #[test]
    fn russian_words_are_cheaper_than_what_nobody_says() {
        let of = |word: &str| -> f32 {
            let phones = pronounce(word);
            let pairs = std::iter::once(&Phone::SILENCE).chain(&phones).zip(&phones);
            pairs
                .map(|(before, after)| cost(*before, *after).unwrap_or(RAREST))
                .sum()
        };
        assert!(
            of("портал") + 4.0 < of("тларпо"),
            "{} {}",
            of("портал"),
            of("тларпо")
        );
    }
}
