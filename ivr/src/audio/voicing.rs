//! Whether a sound has the pitch of a voice: noise, clicks and coughs have none.

use super::FRAME;

/// Two frames: enough for two periods of the lowest voice.
pub const WINDOW: usize = 2 * FRAME;
/// Periods of a voice between 70 and 400 Hz, in samples.
const PERIODS: std::ops::RangeInclusive<usize> = 20..=114;
/// A voice repeats itself this well from period to period…
const VOICED: f32 = 0.55;
/// …and nothing but a voice or a tone this well.
const SURELY_VOICED: f32 = 0.8;

/// How much of a voice a sound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voicing {
    /// No pitch.
    None,
    /// A pitch, as breath and a bad line leave it.
    Some,
    /// A vowel.
    Sure,
}

/// How voiced the newest [`WINDOW`] samples are.
#[must_use]
pub fn voicing(window: &[f32; WINDOW]) -> Voicing {
    let periodicity = periodicity(window);
    if periodicity > SURELY_VOICED {
        Voicing::Sure
    } else if periodicity > VOICED {
        Voicing::Some
    } else {
        Voicing::None
    }
}

/// The best normalised correlation of a sound with itself a voice's period earlier: 0 for noise, 1
/// for a tone.
fn periodicity(window: &[f32; WINDOW]) -> f32 {
    let mut best = 0.0_f32;
    for period in PERIODS {
        let (Some(now), Some(before)) = (window.get(period..), window.get(..WINDOW - period))
        else {
            continue;
        };
        let (mut both, mut a, mut b) = (0.0_f32, 1.0_f32, 1.0_f32);
        for (x, y) in now.iter().zip(before) {
            both += x * y;
            a += x * x;
            b += y * y;
        }
        best = best.max(both / (a * b).sqrt());
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vowel_is_voiced_and_noise_is_not() {
        for hz in [90.0_f32, 140.0, 220.0, 330.0] {
            // A buzz through the telephone band: harmonics from 300 Hz up, no fundamental.
            let vowel: [f32; WINDOW] = std::array::from_fn(|n| {
                let t = f32::from(u16::try_from(n).unwrap()) / 8_000.0;
                (2_u8..12)
                    .map(|k| f32::from(k) * hz)
                    .filter(|harmonic| (300.0..3_400.0).contains(harmonic))
                    .map(|harmonic| 500.0 * (std::f32::consts::TAU * harmonic * t).sin())
                    .sum()
            });
            assert_eq!(
                voicing(&vowel),
                Voicing::Sure,
                "{hz}: {}",
                periodicity(&vowel)
            );
        }
        let mut seed = 1_u32;
        let mut loudest = 0.0_f32;
        for _ in 0..200 {
            let noise: [f32; WINDOW] = std::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f32::from(u16::try_from(seed >> 16).unwrap()) - 32_768.0
            });
            loudest = loudest.max(periodicity(&noise));
        }
        assert!(loudest < VOICED, "{loudest}");
        assert_eq!(voicing(&[0.0; WINDOW]), Voicing::None);
    }
}
