//! Sound as numbers: 8 kHz, mono, 16 bits. Pure: no file, no device, no clock.

pub mod echo;
pub mod filter;
pub mod hearing;
pub mod level;
pub mod loudness;
pub mod music;
pub mod p56;
pub mod resample;
pub mod vad;
pub mod voicing;

/// Samples in a second of everything that is heard or said here.
pub const RATE_HZ: u32 = 8_000;
/// Samples in one frame of 20 ms.
pub const FRAME: usize = 160;

/// Rounds and clips to a 16-bit sample.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to the range of i16 just before"
)]
pub fn sample(value: f32) -> i16 {
    value.round().clamp(-32_768.0, 32_767.0) as i16
}

/// Milliseconds of so many samples at 8 kHz.
#[must_use]
pub fn millis(samples: u64) -> u64 {
    samples / 8
}
