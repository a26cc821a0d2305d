//! What a queue has seen lately: how long callers are handled, how long they are rung for, how
//! patient they are. A fold over facts, of limited length.

use std::collections::VecDeque;

use events::Millis;

/// Of each kind, so many are remembered.
const REMEMBERED: usize = 200;

/// Fewer handling times than this say nothing: the configuration's guess holds.
const ENOUGH: usize = 10;

/// How long a phone rings before anybody has been seen to answer.
const RING_GUESS: Millis = Millis::from_s(5);

/// Draws until one fits; then what is left is a guess.
const DRAWS: usize = 12;

/// Seeded, so that an estimate can be made again.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Sebastiano Vigna's splitmix64.
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Above 0, at most 1.
    fn share(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        (f64::from(high) + 1.0) / (f64::from(u32::MAX) + 1.0)
    }

    fn one_of(&mut self, of: &VecDeque<Millis>) -> Option<Millis> {
        let length = u64::try_from(of.len()).unwrap_or(u64::MAX);
        let place = self.next().checked_rem(length)?;
        of.get(usize::try_from(place).ok()?).copied()
    }

    /// Exponential, the guess of those who know a mean only.
    pub(crate) fn exponential(&mut self, mean: Millis) -> Millis {
        let s = -self.share().ln() * mean.as_s();
        // Hours at most: the share is above 2^-32, so the factor is below 23.
        std::time::Duration::try_from_secs_f64(s)
            .ok()
            .and_then(|time| u64::try_from(time.as_millis()).ok())
            .map_or(mean, Millis)
    }
}

/// What a queue has seen lately.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    /// From the offer to the end of after-call work.
    handled: VecDeque<Millis>,
    /// From the offer to the bridge.
    rung: VecDeque<Millis>,
    /// How long somebody waited, and whether they gave up.
    waited: VecDeque<(Millis, bool)>,
}

impl Seen {
    pub(crate) fn handled(&mut self, time: Millis) {
        keep(&mut self.handled, time);
    }

    pub(crate) fn answered(&mut self, waited: Millis, rung: Millis) {
        keep(&mut self.rung, rung);
        keep(&mut self.waited, (waited, false));
    }

    pub(crate) fn gave_up(&mut self, waited: Millis) {
        keep(&mut self.waited, (waited, true));
    }

    /// From an offer to the end of after-call work; by the guess while little has been seen.
    pub(crate) fn handling(&self, guess: Millis, dice: &mut Dice) -> Millis {
        if self.handled.len() < ENOUGH {
            return dice.exponential(guess);
        }
        dice.one_of(&self.handled).unwrap_or(guess)
    }

    /// The rest of a handling that has taken so long already.
    pub(crate) fn rest(&self, spent: Millis, guess: Millis, dice: &mut Dice) -> Millis {
        if self.handled.len() < ENOUGH {
            return dice.exponential(guess);
        }
        let longer = (0..DRAWS)
            .filter_map(|_| dice.one_of(&self.handled))
            .find(|time| *time > spent);
        // Longer than any other: what takes long goes on for long.
        longer.map_or(Millis(spent.0 / 4), |time| Millis(time.0 - spent.0))
    }

    pub(crate) fn ring(&self, dice: &mut Dice) -> Millis {
        dice.one_of(&self.rung).unwrap_or(RING_GUESS)
    }

    /// Whether a caller is still there after so long: those who gave up, for each second that
    /// anybody waited.
    pub(crate) fn stays(&self, wait: Millis, dice: &mut Dice) -> bool {
        let given_up: u32 = self
            .waited
            .iter()
            .map(|(_, gave_up)| u32::from(*gave_up))
            .sum();
        let waited: u64 = self.waited.iter().map(|(wait, _)| wait.0).sum();
        if given_up == 0 || waited == 0 {
            return true;
        }
        let hazard = f64::from(given_up) / Millis(waited).as_s();
        dice.share() <= (-hazard * wait.as_s()).exp()
    }
}

fn keep<T>(in_: &mut VecDeque<T>, one: T) {
    if in_.len() == REMEMBERED {
        in_.pop_front();
    }
    in_.push_back(one);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guess_holds_until_enough_was_seen_and_then_only_what_was_seen() {
        let (mut seen, mut dice) = (Seen::default(), Dice::new(1));
        let guess = Millis::from_s(100);
        let draws = |seen: &Seen, dice: &mut Dice| -> Vec<u64> {
            (0..2_000).map(|_| seen.handling(guess, dice).0).collect()
        };
        let mean = draws(&seen, &mut dice).iter().sum::<u64>() / 2_000;
        assert!((90_000..110_000).contains(&mean), "{mean}");
        for s in 1..=10 {
            seen.handled(Millis::from_s(s));
        }
        let drawn = draws(&seen, &mut dice);
        assert!(drawn.iter().all(|ms| (1_000..=10_000).contains(ms)));
        let rest = seen.rest(Millis::from_s(7), guess, &mut dice);
        assert!(rest <= Millis::from_s(3), "{rest:?}");
        assert_eq!(
            seen.rest(Millis::from_s(80), guess, &mut dice),
            Millis::from_s(20)
        );
    }

    #[test]
    fn patience_is_that_of_those_who_gave_up() {
        let (mut seen, mut dice) = (Seen::default(), Dice::new(1));
        assert!(
            seen.stays(Millis::from_s(100_000), &mut dice),
            "nobody ever gave up"
        );
        for _ in 0..10 {
            seen.gave_up(Millis::from_s(50));
            seen.answered(Millis::from_s(50), Millis::from_s(3));
        }
        // One gives up in a hundred seconds: of those who wait a hundred, e⁻¹ are there still.
        let there = (0..10_000).filter(|_| seen.stays(Millis::from_s(100), &mut dice));
        let there = there.count();
        assert!((3_500..3_900).contains(&there), "{there}");
        assert_eq!(seen.ring(&mut dice), Millis::from_s(3));
    }
}
