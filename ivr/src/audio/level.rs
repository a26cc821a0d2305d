//! How loud something is, and making it as loud as it should be.

use super::{FRAME, sample};

/// Nothing softer is looked at, in dBFS.
pub const QUIETEST_DBFS: f32 = -54.0;

/// Root mean square of samples, 0–32768.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a loudness, not a count"
)]
pub fn rms(audio: &[i16]) -> f32 {
    if audio.is_empty() {
        return 0.0;
    }
    let sum: f64 = audio.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    (sum / audio.len() as f64).sqrt() as f32
}

/// Decibels relative to a full-scale square wave; silence is −100.
#[must_use]
pub fn dbfs(rms: f32) -> f32 {
    if rms < 0.33 {
        -100.0
    } else {
        20.0 * (rms / 32_768.0).log10()
    }
}

/// The inverse of [`dbfs`].
#[must_use]
pub fn from_dbfs(db: f32) -> f32 {
    32_768.0 * 10_f32.powf(db / 20.0)
}

/// Loudness of the speech in a recording in dBFS: the mean power of frames that are within 25 dB of
/// the loudest, so that pauses do not count.
#[must_use]
pub fn speech_level(audio: &[i16]) -> f32 {
    let frames: Vec<f32> = audio.chunks(FRAME).map(rms).collect();
    let loudest = frames.iter().copied().fold(0.0_f32, f32::max);
    let floor = loudest * 10_f32.powf(-25.0 / 20.0);
    let (mut power, mut count) = (0.0_f32, 0.0_f32);
    for frame in frames
        .into_iter()
        .filter(|frame| *frame >= floor && *frame > 0.0)
    {
        power += frame * frame;
        count += 1.0;
    }
    if count > 0.0 {
        dbfs((power / count).sqrt())
    } else {
        -100.0
    }
}

/// Brings speech to `target` dBFS without a peak over `peak` dBFS. Silence stays silence.
#[must_use]
pub fn normalise(audio: &[i16], target: f32, peak: f32) -> Vec<i16> {
    let level = speech_level(audio);
    let loudest = audio.iter().map(|x| x.unsigned_abs()).max().unwrap_or(0);
    if level <= -90.0 || loudest == 0 {
        return audio.to_vec();
    }
    let wanted = 10_f32.powf((target - level) / 20.0);
    let allowed = from_dbfs(peak) / f32::from(loudest);
    let gain = wanted.min(allowed);
    audio.iter().map(|&x| sample(f32::from(x) * gain)).collect()
}

/// Slow gain that brings a caller's speech towards the level the model was trained around.
#[derive(Clone, Debug)]
pub struct LevelControl {
    /// Estimated loudness of this caller's speech in dBFS, once some was heard.
    speech: Option<f32>,
    gain_db: f32,
}

impl LevelControl {
    /// RMS about 1300 of 32768: inside the range of levels seen in training, clear of both ends.
    pub const TARGET_DBFS: f32 = -28.0;
    const MAX_DB: f32 = 24.0;
    const MIN_DB: f32 = -15.0;
    /// Change in one frame of 20 ms.
    const STEP_DB: f32 = 0.5;

    /// Nothing heard yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            speech: None,
            gain_db: 0.0,
        }
    }

    /// Learns from a frame that is speech. The first one sets the gain at once.
    pub fn learn(&mut self, frame_dbfs: f32) {
        let speech = match self.speech {
            None => frame_dbfs,
            // The louder frames are the vowels: follow up quickly, down slowly.
            Some(known) if frame_dbfs > known => known + 0.3 * (frame_dbfs - known),
            Some(known) => known + 0.02 * (frame_dbfs - known),
        };
        let wanted = (Self::TARGET_DBFS - speech).clamp(Self::MIN_DB, Self::MAX_DB);
        self.gain_db = match self.speech {
            None => wanted,
            Some(_) => self.gain_db + (wanted - self.gain_db).clamp(-Self::STEP_DB, Self::STEP_DB),
        };
        self.speech = Some(speech);
    }

    /// Factor for samples now.
    #[must_use]
    pub fn gain(&self) -> f32 {
        10_f32.powf(self.gain_db / 20.0)
    }
}

impl Default for LevelControl {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(level: i16, samples: usize) -> Vec<i16> {
        (0..samples)
            .map(|n| if n % 8 < 4 { level } else { -level })
            .collect()
    }

    #[test]
    fn loudness_counts_speech_and_not_pauses() {
        let mut audio = square(3_277, 8_000);
        assert!((speech_level(&audio) + 20.0).abs() < 0.1);
        audio.extend(vec![0; 80_000]);
        assert!((speech_level(&audio) + 20.0).abs() < 0.1);
        assert!(speech_level(&[]) < -90.0);
    }

    #[test]
    fn prompts_become_equally_loud_and_never_clip() {
        for level in [100, 1_000, 20_000] {
            let out = normalise(&square(level, 8_000), -20.0, -3.0);
            assert!(
                (speech_level(&out) + 20.0).abs() < 0.2,
                "{}",
                speech_level(&out)
            );
        }
        let mut spiky = square(100, 8_000);
        spiky[0] = 30_000;
        let out = normalise(&spiky, -20.0, -3.0);
        assert!(out.iter().all(|x| x.unsigned_abs() < 23_300));
        assert_eq!(normalise(&[0; 10], -20.0, -3.0), vec![0; 10]);
    }

    #[test]
    fn a_quiet_caller_is_raised_and_a_loud_one_lowered() {
        for (heard, gain) in [(-48.0, 20.0), (-28.0, 0.0), (-18.0, -10.0), (-80.0, 24.0)] {
            let mut level = LevelControl::new();
            level.learn(heard);
            assert!((20.0 * level.gain().log10() - gain).abs() < 0.1);
        }
    }
}
