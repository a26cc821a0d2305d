//! Several voices in one: sums of linear 16-bit frames that never leave the range.
//!
//! A sum that fits is passed on exactly, so one voice among silent ones is that voice. A frame whose
//! peak would not fit is made quieter as a whole: clipping is heard as a crackle, a gain that falls
//! within 5 ms and comes back within a third of a second is not. Nothing allocates.

use super::{FRAME_SAMPLES, Frame};

/// The largest level of 16 bits that has a mirror image.
const FULL: i32 = i16::MAX as i32;
/// A gain of one, in 4096ths: times the sum of [`MAX_ROOM_LEGS`] voices it fits 31 bits.
///
/// [`MAX_ROOM_LEGS`]: crate::boundary::MAX_ROOM_LEGS
const UNITY: i32 = 1 << 12;
/// The gain comes back by a sixteenth of unity a frame.
const RECOVERY: i32 = UNITY / 16;
/// The gain moves within the first 5 ms of a frame.
const RAMP: i32 = 40;

/// The sum of some frames.
#[derive(Clone, Copy, Debug)]
pub struct Sum {
    samples: [i32; FRAME_SAMPLES],
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            samples: [0; FRAME_SAMPLES],
        }
    }
}

impl Sum {
    /// One more voice.
    pub fn add(&mut self, voice: &Frame) {
        for (sum, sample) in self.samples.iter_mut().zip(voice) {
            *sum = sum.saturating_add(i32::from(*sample));
        }
    }

    /// The sum as a frame, as loud as it may be.
    #[must_use]
    pub fn limited(&self, limiter: &mut Limiter) -> Frame {
        let mut frame = [0; FRAME_SAMPLES];
        limiter.limit(&self.samples, &mut frame);
        frame
    }
}

/// The gain of one listener's mix, from frame to frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limiter {
    gain: i32,
}

impl Default for Limiter {
    fn default() -> Self {
        Self { gain: UNITY }
    }
}

impl Limiter {
    fn limit(&mut self, samples: &[i32; FRAME_SAMPLES], frame: &mut Frame) {
        let peak = samples
            .iter()
            .map(|sample| sample.saturating_abs())
            .max()
            .unwrap_or(0);
        let fits = (FULL * UNITY).checked_div(peak).unwrap_or(UNITY);
        let before = self.gain;
        self.gain = fits.min(before + RECOVERY).min(UNITY);
        let step = self.gain - before;
        for ((at, sample), out) in (1..).zip(samples).zip(frame) {
            let gain = before + step * RAMP.min(at) / RAMP;
            let level = i64::from(*sample) * i64::from(gain) / i64::from(UNITY);
            let level = level.clamp(i64::from(-FULL), i64::from(FULL));
            *out = i16::try_from(level).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::Codec;
    use crate::media::g711;
    use proptest::prelude::*;

    const PITCHES: [f64; 3] = [440.0, 850.0, 1_400.0];

    /// A tone's frame of a number.
    fn tone(hz: f64, level: f64, number: usize) -> Frame {
        std::array::from_fn(|i| {
            let at = (number * FRAME_SAMPLES + i) as f64 / 8_000.0;
            let level = level * (std::f64::consts::TAU * hz * at).sin();
            #[expect(clippy::cast_possible_truncation, reason = "levels of 16 bits")]
            let sample = level.round() as i16;
            sample
        })
    }

    /// The level of a tone in some sound (Goertzel).
    fn level(sound: &[i16], hz: f64) -> f64 {
        let turn = 2.0 * (std::f64::consts::TAU * hz / 8_000.0).cos();
        let (mut last, mut before) = (0.0, 0.0);
        for sample in sound {
            (last, before) = (f64::from(*sample) + turn * last - before, last);
        }
        let power = last * last + before * before - turn * last * before;
        2.0 * power.max(0.0).sqrt() / sound.len() as f64
    }

    fn mixed(voices: &[Frame], limiter: &mut Limiter) -> Frame {
        let mut sum = Sum::default();
        voices.iter().for_each(|voice| sum.add(voice));
        sum.limited(limiter)
    }

    /// A second of tones at a level, mixed, in the law of the listener.
    fn heard(pitches: &[f64], loud: f64, codec: Codec) -> Vec<i16> {
        let mut limiter = Limiter::default();
        (0..50)
            .flat_map(|number| {
                let voices: Vec<Frame> = pitches.iter().map(|hz| tone(*hz, loud, number)).collect();
                mixed(&voices, &mut limiter)
            })
            .map(|sample| g711::decode(codec, g711::encode(codec, sample)))
            .collect()
    }

    #[test]
    fn each_voice_is_heard_at_its_level_in_either_law_and_none_that_is_not_there() {
        for codec in [Codec::Pcma, Codec::Pcmu] {
            for absent in PITCHES {
                let there: Vec<f64> = PITCHES.into_iter().filter(|hz| *hz != absent).collect();
                let sound = heard(&there, 6_000.0, codec);
                for hz in &there {
                    let level = level(&sound, *hz);
                    assert!((5_700.0..6_300.0).contains(&level), "{hz} Hz at {level}");
                }
                let level = level(&sound, absent);
                assert!(level < 60.0, "{absent} Hz at {level}");
            }
        }
    }

    #[test]
    fn loud_voices_together_are_made_quieter_not_clipped() {
        let sound = heard(&PITCHES, 20_000.0, Codec::Pcma);
        // Behind the first frame, in which the gain falls.
        let settled = &sound[FRAME_SAMPLES..];
        let levels = PITCHES.map(|hz| level(settled, hz));
        for found in levels {
            assert!((9_000.0..20_000.0).contains(&found), "{levels:?}");
        }
        // Clipping would make sums and differences of the pitches.
        for hz in [
            2.0 * 440.0 - 850.0 + 1_400.0,
            3.0 * 440.0,
            850.0 * 2.0 - 440.0,
        ] {
            let found = level(settled, hz);
            assert!(found < 600.0, "{hz} Hz at {found}");
        }
    }

    #[test]
    fn the_gain_falls_at_once_and_comes_back_slowly() {
        let mut limiter = Limiter::default();
        let shout = [30_000; FRAME_SAMPLES];
        let both = mixed(&[shout, shout], &mut limiter);
        assert!(both.iter().skip(40).all(|s| (32_700..=32_767).contains(s)));
        let quiet = [1_000; FRAME_SAMPLES];
        let after: Vec<i16> = (0..12)
            .map(|_| mixed(&[quiet], &mut limiter)[FRAME_SAMPLES - 1])
            .collect();
        assert!(after[0] < 620 && after.is_sorted(), "{after:?}");
        assert_eq!(after[8..], [1_000; 4]);
    }

    #[test]
    fn nobody_is_silence() {
        assert_eq!(mixed(&[], &mut Limiter::default()), [0; FRAME_SAMPLES]);
    }

    fn frames() -> impl Strategy<Value = Vec<Vec<i16>>> {
        let frame = prop::collection::vec(any::<i16>(), FRAME_SAMPLES);
        prop::collection::vec(frame, 0..8)
    }

    proptest! {
        #[test]
        fn any_voices_stay_in_range_and_keep_their_sign(voices in frames(), again in frames()) {
            let mut limiter = Limiter::default();
            for voices in [voices, again] {
                let voices: Vec<Frame> =
                    voices.iter().map(|v| v.as_slice().try_into().unwrap()).collect();
                let frame = mixed(&voices, &mut limiter);
                for (at, sample) in frame.iter().enumerate() {
                    let exact: i32 = voices.iter().map(|voice| i32::from(voice[at])).sum();
                    prop_assert!(i32::from(*sample).abs() <= exact.abs());
                    prop_assert!(*sample == 0 || i32::from(*sample).signum() == exact.signum());
                    prop_assert!(*sample > i16::MIN);
                }
                prop_assert!((1..=UNITY).contains(&limiter.gain));
            }
        }

        #[test]
        fn sums_that_fit_are_exact(
            a in prop::collection::vec(-16_000_i16..=16_000, FRAME_SAMPLES),
            b in prop::collection::vec(-16_000_i16..=16_000, FRAME_SAMPLES),
        ) {
            let voices: [Frame; 2] = [a, b].map(|voice| voice.try_into().unwrap());
            let frame = mixed(&voices, &mut Limiter::default());
            for (at, sample) in frame.iter().enumerate() {
                prop_assert_eq!(*sample, voices[0][at] + voices[1][at]);
            }
        }
    }
}
