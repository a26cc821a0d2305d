//! From raw scores to how likely a guess is right, and below what it is none.

/// Steps of gradient descent: the loss stands still after some two hundred.
const STEPS: u32 = 400;
const STEP_SIZE: f64 = 0.5;
/// Pull of the weights towards nothing, against overfitting a few hundred guesses.
const PULL: f64 = 0.002;
/// A wrong answer costs the caller this many times what «не понял» costs: as much, because an unsure
/// answer is asked back.
const WRONG_COSTS: f64 = 1.0;

/// What is known of a guess beside which it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Signs {
    /// The score of the guess.
    pub(super) score: f64,
    /// How far the next best of its axis is behind.
    pub(super) lead: f64,
    /// Share of the words that were known, 0–1.
    pub(super) known: f64,
}

impl Signs {
    const fn list(self) -> [f64; 4] {
        [1.0, self.score * 4.0, self.lead * 4.0, self.known]
    }
}

/// Logistic regression over [`Signs`], and the threshold with the least cost.
#[derive(Clone, Debug)]
pub(super) struct Calibration {
    weights: [f64; 4],
    threshold_permille: u16,
}

impl Calibration {
    /// Learns from guesses that came out right or wrong.
    pub(super) fn learn(guesses: &[(Signs, bool)]) -> Self {
        let mut weights = [0.0; 4];
        let count = guesses.iter().map(|_| 1.0).sum::<f64>().max(1.0);
        for _ in 0..STEPS {
            let mut slope = weights.map(|weight| weight * PULL);
            for (signs, right) in guesses {
                let signs = signs.list();
                let off = logistic(&weights, &signs) - if *right { 1.0 } else { 0.0 };
                for (slope, sign) in slope.iter_mut().zip(signs) {
                    *slope += off * sign / count;
                }
            }
            for (weight, slope) in weights.iter_mut().zip(slope) {
                *weight -= STEP_SIZE * slope;
            }
        }
        let mut learnt = Self {
            weights,
            threshold_permille: 0,
        };
        learnt.threshold_permille = learnt.cheapest(guesses);
        learnt
    }

    /// How likely a guess is right, in thousandths.
    pub(super) fn permille(&self, signs: Signs) -> u16 {
        permille(logistic(&self.weights, &signs.list()))
    }

    /// The confidence from which a guess is an answer.
    pub(super) const fn threshold_permille(&self) -> u16 {
        self.threshold_permille
    }

    fn cheapest(&self, guesses: &[(Signs, bool)]) -> u16 {
        let rated: Vec<(u16, bool)> = guesses
            .iter()
            .map(|(signs, right)| (self.permille(*signs), *right))
            .collect();
        let cost = |threshold: u16| -> f64 {
            rated
                .iter()
                .map(
                    |(confidence, right)| match (*confidence >= threshold, right) {
                        (true, false) => WRONG_COSTS,
                        (false, true) => 1.0,
                        (true, true) | (false, false) => 0.0,
                    },
                )
                .sum()
        };
        // Not at the ends: one that accepts all or nothing is no threshold, however few examples.
        (300..=800_u16)
            .step_by(10)
            .min_by(|a, b| cost(*a).total_cmp(&cost(*b)))
            .unwrap_or(500)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1; the cast of anything else stops at the ends"
)]
fn permille(share: f64) -> u16 {
    (share * 1_000.0) as u16
}

fn logistic(weights: &[f64; 4], signs: &[f64; 4]) -> f64 {
    let sum: f64 = weights.iter().zip(signs).map(|(w, s)| w * s).sum();
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn signs(score: f64, lead: f64) -> Signs {
        Signs {
            score,
            lead,
            known: 1.0,
        }
    }

    #[test]
    fn what_was_right_more_often_is_surer() {
        let guesses: Vec<(Signs, bool)> = (0..100)
            .map(|i| {
                let score = f64::from(i) / 100.0;
                (signs(score, score / 2.0), i >= 40)
            })
            .collect();
        let learnt = Calibration::learn(&guesses);
        let at = |score: f64| learnt.permille(signs(score, score / 2.0));
        assert!(at(0.1) < 200 && at(0.9) > 800, "{} {}", at(0.1), at(0.9));
        let threshold = learnt.threshold_permille();
        assert!(at(0.30) < threshold && at(0.55) >= threshold, "{threshold}");
    }

    #[test]
    fn nothing_to_learn_from_is_no_failure() {
        let learnt = Calibration::learn(&[]);
        assert_eq!(learnt.permille(signs(0.0, 0.0)), 500);
        assert!((300..=800).contains(&learnt.threshold_permille()));
    }
}
