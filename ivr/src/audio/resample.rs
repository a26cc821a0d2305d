//! Any rate to 8 kHz by a windowed-sinc filter.

use std::f64::consts::PI;

use super::{RATE_HZ, sample};

/// Zero crossings of the sinc on each side.
const CROSSINGS: f64 = 24.0;
/// Part of the narrower band that is kept: the rest is the filter's slope.
const KEPT: f64 = 0.92;

/// Brings mono samples from `from_hz` to 8 kHz; the same rate comes back unchanged.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sample positions: far below 2^52, checked against the input's ends"
)]
pub fn to_8k(audio: &[i16], from_hz: u32) -> Vec<i16> {
    if from_hz == RATE_HZ || from_hz == 0 {
        return audio.to_vec();
    }
    let ratio = f64::from(from_hz) / f64::from(RATE_HZ);
    // Cut-off in cycles per input sample, doubled: 1 is the input's own Nyquist frequency.
    let band = KEPT * (1.0 / ratio).min(1.0);
    let reach = CROSSINGS / band;
    let count = (audio.len() as f64 / ratio).ceil() as usize;
    let mut out = Vec::with_capacity(count);
    for n in 0..count {
        let centre = n as f64 * ratio;
        let first = (centre - reach).ceil().max(0.0) as usize;
        let last = ((centre + reach).floor() as usize).min(audio.len().saturating_sub(1));
        let (mut sum, mut weights) = (0.0, 0.0);
        for (offset, &x) in audio
            .get(first..=last)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let weight = kernel((first + offset) as f64 - centre, band, reach);
            sum += weight * f64::from(x);
            weights += weight;
        }
        // At the ends half of the filter hangs over nothing: there the sum stays as it is.
        let whole = (band.recip() - weights).abs() < 0.05 * band.recip();
        out.push(sample(
            (if whole { sum / weights } else { sum * band }) as f32,
        ));
    }
    out
}

/// Sinc of the band times a Blackman window of the reach.
fn kernel(distance: f64, band: f64, reach: f64) -> f64 {
    let x = PI * band * distance;
    let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
    let phase = PI * distance / reach;
    sinc * (0.42 + 0.5 * phase.cos() + 0.08 * (2.0 * phase).cos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::level::rms;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a tone within the range of f32"
    )]
    fn tone(hz: f64, rate: u32) -> Vec<i16> {
        (0..rate)
            .map(|n| {
                let x = 10_000.0 * (2.0 * PI * hz * f64::from(n) / f64::from(rate)).sin();
                sample(x as f32)
            })
            .collect()
    }

    #[test]
    fn every_common_rate_keeps_speech_and_drops_what_would_fold_back() {
        for rate in [16_000, 22_050, 24_000, 44_100, 48_000] {
            let kept = to_8k(&tone(1_000.0, rate), rate);
            assert!(kept.len().abs_diff(8_000) <= 1, "{rate}: {}", kept.len());
            assert!(
                (rms(&kept[500..7_500]) / 7_071.0 - 1.0).abs() < 0.01,
                "{rate}"
            );
            let folded = to_8k(&tone(5_000.0, rate), rate);
            assert!(
                rms(&folded[500..7_500]) < 10.0,
                "{rate}: {}",
                rms(&folded[500..7_500])
            );
        }
        assert_eq!(to_8k(&[1, 2, 3], 8_000), [1, 2, 3]);
        assert!(to_8k(&[], 16_000).is_empty());
    }
}
