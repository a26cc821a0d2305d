//! Waiting music made of arithmetic: nobody's recording, nobody's melody, nobody's rights.

use std::f32::consts::TAU;

use super::{RATE_HZ, level, sample};

/// Seconds of each chord.
const CHORD_S: u32 = 6;
/// Four calm chords in the middle of the telephone band, as frequencies in Hz (A = 440, equal
/// temperament): C major, A minor, F major, G major, each with a ninth or a sixth.
const CHORDS: [[f32; 4]; 4] = [
    [523.25, 659.25, 783.99, 587.33],
    [440.00, 523.25, 659.25, 783.99],
    [349.23, 440.00, 523.25, 587.33],
    [392.00, 493.88, 587.33, 659.25],
];
/// Level of the whole, quieter than the announcements between.
const LEVEL_DBFS: f32 = -27.0;

/// A loop of 24 seconds at 8 kHz. Its end joins its beginning: notes that still ring at the end go
/// on at the start.
#[must_use]
pub fn waiting_loop() -> Vec<i16> {
    let chord = usize::try_from(CHORD_S * RATE_HZ).unwrap_or(0);
    let mut mix = vec![0.0_f32; chord * CHORDS.len()];
    let length = mix.len();
    for (bar, notes) in CHORDS.iter().enumerate() {
        // A broken chord up and down, a note every half a second.
        for (beat, which) in [0, 1, 2, 3, 2, 1, 0, 2, 1, 3, 2, 1].into_iter().enumerate() {
            let Some(&hz) = notes.get(which) else {
                continue;
            };
            let start = bar * chord + beat * chord / 12;
            for (offset, value) in bell(hz).enumerate() {
                if let Some(slot) = mix.get_mut((start + offset) % length) {
                    *slot += value;
                }
            }
        }
    }
    let rough: Vec<i16> = mix.iter().map(|x| sample(x * 2_500.0)).collect();
    level::normalise(&rough, LEVEL_DBFS, -9.0)
}

/// A soft struck tone with a little of its octave, three seconds long.
#[expect(clippy::cast_precision_loss, reason = "24 000 samples at most")]
fn bell(hz: f32) -> impl Iterator<Item = f32> {
    let rate = RATE_HZ as f32;
    (0..3 * RATE_HZ).map(move |n| {
        let t = n as f32 / rate;
        let attack = (t / 0.03).min(1.0);
        let decay = (-1.6 * t).exp() * ((3.0 - t) / 0.5).min(1.0);
        let tone = (TAU * hz * t).sin() + 0.18 * (2.0 * TAU * hz * t).sin() * (-2.0 * t).exp();
        attack * decay * tone
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_is_calm_even_and_joins_its_own_beginning() {
        let music = waiting_loop();
        assert_eq!(music.len(), 24 * 8_000);
        assert!((level::speech_level(&music) - LEVEL_DBFS).abs() < 1.0);
        assert!(music.iter().all(|x| x.unsigned_abs() < 12_000));
        let step = (i32::from(music[0]) - i32::from(music[music.len() - 1])).abs();
        assert!(step < 1_500, "a click of {step}");
        // No second is silent and none is shrill.
        for second in music.chunks(8_000) {
            let db = level::dbfs(level::rms(second));
            assert!((-45.0..-20.0).contains(&db), "{db}");
        }
    }
}
