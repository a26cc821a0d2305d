//! WAV files to 8 kHz mono and back.

use std::io::{Cursor, Read};
use std::path::Path;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use thiserror::Error;

use crate::audio::{RATE_HZ, resample, sample};

/// Longest prompt in seconds.
const LONGEST_S: u32 = 600;

/// Why a file is no prompt.
#[derive(Debug, Error)]
pub enum WavError {
    /// Not a WAV, or cut off.
    #[error("файл не читается как WAV: {0}")]
    Unreadable(#[from] hound::Error),
    /// A format that nobody records prompts in.
    #[error(
        "формат WAV не подходит: {channels} канал(а), {rate} Гц, {bits} бит; нужен моно или стерео, \
         от 8000 до 192000 Гц, 8–32 бит"
    )]
    Format {
        /// Channels.
        channels: u16,
        /// Samples a second.
        rate: u32,
        /// Bits a sample.
        bits: u16,
    },
    /// No sound.
    #[error("в файле нет звука")]
    Empty,
    /// Too long.
    #[error("запись длиннее {LONGEST_S} секунд")]
    TooLong,
}

/// Reads mono or stereo, 8–192 kHz, whole or floating samples, as 8 kHz mono.
///
/// # Errors
/// When it cannot be a prompt.
pub fn read_8k(path: &Path) -> Result<Vec<i16>, WavError> {
    samples_8k(WavReader::open(path)?)
}

/// The same of a WAV that a program wrote to a pipe, whose header could not know its length.
///
/// # Errors
/// When it cannot be a prompt.
pub fn piped_8k(mut bytes: Vec<u8>) -> Result<Vec<i16>, WavError> {
    let data = bytes.windows(4).position(|four| four == b"data");
    if let Some(start) = data.map(|at| at + 8)
        && let Some(length) = bytes.len().checked_sub(start)
    {
        // Whole frames only, whatever the channels: a cut-off sample is no sample.
        let length = u32::try_from(length & !3).unwrap_or(u32::MAX);
        for (at, value) in [(4, length.saturating_add(36)), (start - 4, length)] {
            if let Some(field) = bytes.get_mut(at..at + 4) {
                field.copy_from_slice(&value.to_le_bytes());
            }
        }
    }
    samples_8k(WavReader::new(Cursor::new(bytes))?)
}

fn samples_8k<R: Read>(mut reader: WavReader<R>) -> Result<Vec<i16>, WavError> {
    let spec = reader.spec();
    let WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: bits,
        sample_format,
    } = spec;
    if !(1..=2).contains(&channels) || !(8_000..=192_000).contains(&rate) {
        return Err(WavError::Format {
            channels,
            rate,
            bits,
        });
    }
    if reader.duration() / rate >= LONGEST_S {
        return Err(WavError::TooLong);
    }
    let values: Vec<f32> = match sample_format {
        SampleFormat::Float => reader
            .samples::<f32>()
            .map(|x| x.map(|x| x * 32_768.0))
            .collect::<Result<_, _>>()?,
        SampleFormat::Int => {
            let scale = 2_f32.powi(15 - i32::from(bits.saturating_sub(1)));
            reader
                .samples::<i32>()
                .map(|x| x.map(|x| whole(x) * scale))
                .collect::<Result<_, _>>()?
        }
    };
    if values.is_empty() {
        return Err(WavError::Empty);
    }
    let mono: Vec<i16> = values
        .chunks(usize::from(channels))
        .map(|frame| sample(frame.iter().sum::<f32>() / f32::from(channels)))
        .collect();
    Ok(resample::to_8k(&mono, rate))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "24 bits of a sample are more than is kept"
)]
const fn whole(x: i32) -> f32 {
    x as f32
}

/// Writes 8 kHz mono, 16 bits.
///
/// # Errors
/// When the file cannot be written.
pub fn write_8k(path: &Path, audio: &[i16]) -> Result<(), WavError> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut writer = WavWriter::create(path, spec)?;
    for x in audio {
        writer.write_sample(*x)?;
    }
    writer.finalize()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::level::rms;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a tone within the range of its samples"
    )]
    fn tone(spec: WavSpec, path: &Path) {
        let mut writer = WavWriter::create(path, spec).unwrap();
        let full = 2_f64.powi(i32::from(spec.bits_per_sample) - 1);
        for n in 0..spec.sample_rate {
            let phase = f64::from(n) * 440.0 / f64::from(spec.sample_rate);
            let x = 0.5 * (phase * std::f64::consts::TAU).sin();
            for _ in 0..spec.channels {
                match spec.sample_format {
                    SampleFormat::Float => writer.write_sample(x as f32).unwrap(),
                    SampleFormat::Int => writer.write_sample((x * full) as i32).unwrap(),
                }
            }
        }
        writer.finalize().unwrap();
    }

    #[test]
    fn recordings_of_every_common_kind_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.wav");
        for (channels, sample_rate, bits_per_sample, sample_format) in [
            (1, 8_000, 16, SampleFormat::Int),
            (2, 16_000, 16, SampleFormat::Int),
            (1, 24_000, 24, SampleFormat::Int),
            (2, 44_100, 16, SampleFormat::Int),
            (1, 48_000, 32, SampleFormat::Float),
            (1, 8_000, 8, SampleFormat::Int),
        ] {
            let spec = WavSpec {
                channels,
                sample_rate,
                bits_per_sample,
                sample_format,
            };
            tone(spec, &path);
            let audio = read_8k(&path).unwrap();
            assert!(audio.len().abs_diff(8_000) <= 1, "{spec:?}");
            let level = rms(&audio) / (16_384.0 / 2_f32.sqrt());
            assert!((level - 1.0).abs() < 0.03, "{spec:?}: {level}");
        }
    }

    #[test]
    fn a_piped_file_is_as_long_as_what_came() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.wav");
        write_8k(&path, &[7; 1_600]).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[4..8].copy_from_slice(&0x7FFF_F024_u32.to_le_bytes());
        bytes[40..44].copy_from_slice(&0x7FFF_F000_u32.to_le_bytes());
        assert_eq!(piped_8k(bytes.clone()).unwrap(), [7; 1_600]);
        bytes.truncate(1_001);
        assert_eq!(piped_8k(bytes).unwrap().len(), 478);
        assert!(piped_8k(Vec::new()).is_err());
    }

    #[test]
    fn what_is_no_prompt_is_refused_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.wav");
        std::fs::write(&path, "not a wav").unwrap();
        assert!(
            read_8k(&path)
                .unwrap_err()
                .to_string()
                .contains("не читается")
        );
        write_8k(&path, &[]).unwrap();
        assert!(matches!(read_8k(&path), Err(WavError::Empty)));
        let spec = WavSpec {
            channels: 3,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        tone(spec, &path);
        assert!(matches!(
            read_8k(&path),
            Err(WavError::Format { channels: 3, .. })
        ));
    }
}
