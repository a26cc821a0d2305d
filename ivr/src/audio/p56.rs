//! Active speech level, ITU-T P.56 (12/2011) method B: how loud speech is while there is speech.

/// Samples a second.
const RATE: f64 = 8_000.0;
/// Time constant of the envelope, in seconds (P.56 §6.2).
const ENVELOPE_S: f64 = 0.03;
/// Speech is not over before so many samples of quiet: 200 ms (P.56 §6.2).
const HANGOVER: u32 = 1_600;
/// Margin between the active level and the threshold that finds it, in decibels (P.56 §6.2).
const MARGIN_DB: f64 = 15.9;
/// Thresholds, a factor of two apart: one a bit.
const THRESHOLDS: usize = 15;
/// A full-scale sine is 3.14 dBm0 in G.711 A-law (ITU-T G.711 table 5) and −3.01 dBov.
const DBM0_OVER_DBOV: f32 = 6.15;

/// Active speech level in dBov (decibels relative to a full-scale square wave); −100 if there is no
/// speech in it.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "decibels for people")]
pub fn active_level(audio: &[i16]) -> f32 {
    let keep = (-1.0 / (RATE * ENVELOPE_S)).exp();
    let (mut first, mut envelope, mut energy) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut active = [0_u32; THRESHOLDS];
    let mut quiet = [HANGOVER; THRESHOLDS];
    for &x in audio {
        let x = f64::from(x) / 32_768.0;
        energy += x * x;
        first = keep * first + (1.0 - keep) * x.abs();
        envelope = keep * envelope + (1.0 - keep) * first;
        for ((threshold, active), quiet) in thresholds().zip(&mut active).zip(&mut quiet) {
            if envelope >= threshold {
                *quiet = 0;
            } else if *quiet < HANGOVER {
                *quiet += 1;
            } else {
                continue;
            }
            *active += 1;
        }
    }
    let mut below: Option<(f64, f64)> = None;
    for (threshold, active) in thresholds().zip(active).filter(|(_, active)| *active > 0) {
        let level = 10.0 * (energy / f64::from(active)).log10();
        let over = level - 20.0 * threshold.log10() - MARGIN_DB;
        if over > 0.0 {
            below = Some((level, over));
            continue;
        }
        // Between the last threshold too low and the first too high.
        return below.map_or(-100.0, |(before, before_over)| {
            let share = before_over / (before_over - over);
            (before + share * (level - before)) as f32
        });
    }
    below.map_or(-100.0, |(level, _)| level as f32)
}

/// The same in dBm0, the unit of telephone exchanges.
#[must_use]
pub fn dbm0(dbov: f32) -> f32 {
    dbov + DBM0_OVER_DBOV
}

fn thresholds() -> impl Iterator<Item = f64> {
    (0..THRESHOLDS).scan(1.0 / 32_768.0, |threshold, _| {
        let now = *threshold;
        *threshold *= 2.0;
        Some(now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::sample;

    fn tone(amplitude: f32, samples: u16) -> Vec<i16> {
        (0..samples)
            .map(|n| sample(amplitude * (f32::from(n) * 0.7).sin()))
            .collect()
    }

    #[test]
    fn a_steady_tone_has_its_own_level() {
        // A full-scale sine is −3.01 dBov and +3.14 dBm0; a tenth of it 20 dB less.
        let level = active_level(&tone(3_276.7, 40_000));
        assert!((level + 23.0).abs() < 0.15, "{level}");
        assert!((dbm0(level) + 16.86).abs() < 0.15);
    }

    #[test]
    fn pauses_do_not_count_and_noise_under_speech_does_not_either() {
        let mut audio = Vec::new();
        for _ in 0..5 {
            audio.extend(tone(3_276.7, 16_000));
            audio.extend(tone(4.0, 16_000));
        }
        // Of each pause the hangover of 200 ms counts: 0.4 dB.
        let level = active_level(&audio);
        assert!((level + 23.4).abs() < 0.3, "{level}");
    }

    #[test]
    fn silence_has_no_level() {
        assert!(active_level(&[]) <= -100.0);
        assert!(active_level(&[0; 8_000]) <= -100.0);
    }
}
