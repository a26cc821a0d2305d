//! The telephone band, 300–3400 Hz (ITU-T G.712), and offset removal, by second-order sections.

use std::f32::consts::PI;

use super::sample;

/// Butterworth quality factors of a fourth-order filter's two sections.
const FOURTH_ORDER: [f32; 2] = [0.541_196_1, 1.306_563];

/// One second-order section, transposed direct form II.
#[derive(Clone, Debug)]
struct Section {
    feed: [f32; 3],
    back: [f32; 2],
    memory: [f32; 2],
}

impl Section {
    /// `high` keeps what is above `edge_hz`, else what is below (bilinear transform).
    fn new(high: bool, edge_hz: f32, rate_hz: f32, quality: f32) -> Self {
        let w = 2.0 * PI * edge_hz / rate_hz;
        let (sin, cos) = w.sin_cos();
        let alpha = sin / (2.0 * quality);
        let a0 = 1.0 + alpha;
        let side = if high {
            (1.0 + cos) / 2.0
        } else {
            (1.0 - cos) / 2.0
        };
        let middle = if high { -(1.0 + cos) } else { 1.0 - cos };
        Self {
            feed: [side / a0, middle / a0, side / a0],
            back: [-2.0 * cos / a0, (1.0 - alpha) / a0],
            memory: [0.0; 2],
        }
    }

    fn push(&mut self, x: f32) -> f32 {
        let [b0, b1, b2] = self.feed;
        let [a1, a2] = self.back;
        let [m1, m2] = self.memory;
        let y = b0 * x + m1;
        self.memory = [b1 * x - a1 * y + m2, b2 * x - a2 * y];
        y
    }
}

/// Keeps a band of frequencies; remembers its past, so a stream may come in pieces.
#[derive(Clone, Debug)]
pub struct BandPass {
    sections: [Section; 4],
}

impl BandPass {
    /// The telephone band at 8 kHz, as prompts are sent.
    #[must_use]
    pub fn telephone() -> Self {
        Self::new(300.0, 3_400.0)
    }

    /// Fourth order on both sides, edges in Hz, at 8 kHz.
    #[must_use]
    pub fn new(low_hz: f32, high_hz: f32) -> Self {
        let [wide, narrow] = FOURTH_ORDER;
        Self {
            sections: [
                Section::new(true, low_hz, 8_000.0, wide),
                Section::new(true, low_hz, 8_000.0, narrow),
                Section::new(false, high_hz, 8_000.0, wide),
                Section::new(false, high_hz, 8_000.0, narrow),
            ],
        }
    }

    /// The next sample.
    pub fn push(&mut self, input: f32) -> f32 {
        self.sections
            .iter_mut()
            .fold(input, |x, section| section.push(x))
    }

    /// A whole recording at once.
    #[must_use]
    pub fn run(mut self, audio: &[i16]) -> Vec<i16> {
        audio
            .iter()
            .map(|&x| sample(self.push(f32::from(x))))
            .collect()
    }
}

/// Takes away a constant offset and the deepest hum (below 60 Hz), and leaves speech as it is.
#[derive(Clone, Debug)]
pub struct Settle {
    section: Section,
}

impl Settle {
    /// At 8 kHz.
    #[must_use]
    pub fn new() -> Self {
        Self {
            section: Section::new(true, 60.0, 8_000.0, std::f32::consts::FRAC_1_SQRT_2),
        }
    }

    /// The next sample.
    pub fn push(&mut self, input: f32) -> f32 {
        self.section.push(input)
    }
}

impl Default for Settle {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::level::rms;

    fn tone(hz: f32) -> Vec<i16> {
        (0_u16..8_000)
            .map(|n| sample(8_000.0 * (2.0 * PI * hz * f32::from(n) / 8_000.0).sin()))
            .collect()
    }

    fn gain_db(hz: f32) -> f32 {
        let out = BandPass::telephone().run(&tone(hz));
        20.0 * (rms(&out[2_000..]) / rms(&tone(hz)[2_000..])).log10()
    }

    #[test]
    fn the_telephone_band_passes_and_mains_hum_does_not() {
        assert!(gain_db(1_000.0).abs() < 0.2, "{}", gain_db(1_000.0));
        assert!(gain_db(50.0) < -50.0, "{}", gain_db(50.0));
        assert!((gain_db(300.0) + 3.0).abs() < 0.5, "{}", gain_db(300.0));
        assert!(gain_db(3_800.0) < -12.0, "{}", gain_db(3_800.0));
    }

    #[test]
    fn an_offset_goes_and_speech_stays() {
        let mut settle = Settle::new();
        let shifted: Vec<i16> = tone(300.0)
            .iter()
            .map(|&x| sample(settle.push(f32::from(x) + 900.0)))
            .collect();
        let mean: i32 = shifted[2_000..].iter().map(|&x| i32::from(x)).sum::<i32>() / 6_000;
        assert!(mean.abs() < 5, "{mean}");
        assert!((rms(&shifted[2_000..]) / rms(&tone(300.0)) - 1.0).abs() < 0.02);
    }
}
