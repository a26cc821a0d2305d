//! Which number the next case gets.

use events::CaseId;

/// Numbers of six digits first, then of seven, and so on: with the check digit one more.
const FIRST: u64 = 100_000;
/// A step without a common factor with 900 000, 9 000 000 and so on.
const STEP: u64 = 548_819;
const OFFSET: u64 = 271_829;
/// Numbers of more digits than this cannot be said.
const MOST_DIGITS: u64 = 1_000_000_000_000;

/// Numbers in an order that looks mixed, each once: whoever heard one number knows neither the
/// next nor how many there are, and a guess rarely meets a case. It is no secret, only no
/// temptation: nothing personal is said for a number alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseNumbers {
    given: u64,
}

impl CaseNumbers {
    /// The number that the next case gets.
    #[must_use]
    pub fn next(&self) -> CaseId {
        let (mut first, mut index) = (FIRST, self.given);
        // 900 000 numbers of six digits, then 9 000 000 of seven …
        while index >= first * 9 && first < MOST_DIGITS {
            index -= first * 9;
            first *= 10;
        }
        let size = u128::from(first * 9);
        let mixed = (u128::from(index) * u128::from(STEP) + u128::from(OFFSET)) % size;
        CaseId(first + u64::try_from(mixed).unwrap_or(0))
    }

    /// A case was opened.
    pub fn opened(&mut self) {
        self.given += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_is_given_twice_and_none_is_short() {
        let mut numbers = CaseNumbers::default();
        let mut seen = vec![false; 10_000_000];
        for _ in 0..1_000_000 {
            let case = numbers.next();
            assert!(case.0 >= FIRST);
            let seen = &mut seen[usize::try_from(case.0).unwrap()];
            assert!(!std::mem::replace(seen, true), "{case} twice");
            numbers.opened();
        }
    }
}
