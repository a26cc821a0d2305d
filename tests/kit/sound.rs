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
    let power = piece.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / count;
    let omega = TAU * f64::from(hz) / f64::from(rate);
    let (mut a, mut b) = (0.0, 0.0);
    for sample in piece {
        (a, b) = (f64::from(*sample) + 2.0 * omega.cos() * a - b, a);
    }
    let tone = 2.0 * (a * a + b * b - 2.0 * omega.cos() * a * b) / (count * count);
    power > 100.0 * 100.0 && tone / power > 0.7
}
