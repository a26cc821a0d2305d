//! Tones in recordings.

use std::f64::consts::TAU;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A sentence by another voice than the assistant's, as a WAV in this folder.
#[must_use]
pub fn speech(folder: &Path, text: &str) -> PathBuf {
    let wav = folder.join("speech.wav");
    let mut command = Command::new(crate::program("RHVoice-test", "rhvoice rhvoice-russian"));
    let mut process = command
        .args(["-p", "aleksandr", "-o"])
        .arg(&wav)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    assert!(process.wait().unwrap().success(), "RHVoice says «{text}»");
    wav
}

/// Writes a tone as a WAV: what a test recognises a phrase by.
pub fn write_tone(path: &Path, hz: u32, seconds: u32) {
    const RATE: u32 = 8_000;
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in 0..RATE * seconds {
        let angle = TAU * f64::from(hz) * f64::from(sample) / f64::from(RATE);
        #[expect(clippy::cast_possible_truncation, reason = "within 16 bits")]
        writer.write_sample((8_000.0 * angle.sin()) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// The samples of a mono 16-bit WAV, with their rate.
#[must_use]
pub fn mono(path: &Path) -> (Vec<i16>, u32) {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.bits_per_sample), (1, 16), "{spec:?}");
    let samples = reader.samples().map(Result::unwrap).collect();
    (samples, spec.sample_rate)
}

/// Seconds of sound that is no tone of this height, before the first such tone; none if there is no
/// such tone.
#[must_use]
pub fn seconds_of_sound_before_tone(samples: &[i16], rate: u32, hz: u32) -> Option<f64> {
    let pieces: Vec<&[i16]> = samples.chunks_exact(rate as usize / 50).collect();
    // A vowel may have one piece of such a tone by chance, not five in a row.
    let tone = pieces
        .windows(5)
        .position(|row| row.iter().all(|piece| is_tone(piece, rate, hz)))?;
    let loud = pieces[..tone].iter().filter(|piece| is_loud(piece)).count();
    Some(f64::from(u32::try_from(loud).unwrap()) / 50.0)
}

/// Left and right channel of a stereo 16-bit WAV, with its rate.
#[must_use]
pub fn stereo(path: &Path) -> (Vec<i16>, Vec<i16>, u32) {
    let mut reader = hound::WavReader::open(path).unwrap();
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.bits_per_sample), (2, 16), "{spec:?}");
    let samples: Vec<i16> = reader.samples().map(Result::unwrap).collect();
    let channel = |n| samples.iter().skip(n).step_by(2).copied().collect();
    (channel(0), channel(1), spec.sample_rate)
}

/// Seconds in which a tone makes up most of the sound, judged in pieces of 20 ms.
#[must_use]
pub fn seconds_of_tone(samples: &[i16], rate: u32, hz: u32) -> f64 {
    let piece = rate as usize / 50;
    let hits = samples
        .chunks_exact(piece)
        .filter(|piece| is_tone(piece, rate, hz))
        .count();
    f64::from(u32::try_from(hits).unwrap()) / 50.0
}

fn is_tone(piece: &[i16], rate: u32, hz: u32) -> bool {
    let count = f64::from(u32::try_from(piece.len()).unwrap());
    let power = power(piece);
    let omega = TAU * f64::from(hz) / f64::from(rate);
    let (mut a, mut b) = (0.0, 0.0);
    for sample in piece {
        (a, b) = (f64::from(*sample) + 2.0 * omega.cos() * a - b, a);
    }
    let tone = 2.0 * (a * a + b * b - 2.0 * omega.cos() * a * b) / (count * count);
    is_loud(piece) && tone / power > 0.7
}

fn is_loud(piece: &[i16]) -> bool {
    power(piece) > 100.0 * 100.0
}

fn power(piece: &[i16]) -> f64 {
    let count = f64::from(u32::try_from(piece.len()).unwrap());
    piece.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / count
}
