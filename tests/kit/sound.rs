//! What telephones say, and what is in recordings.

use std::f64::consts::{PI, TAU};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Synthetic voices that the built-in model was never trained on. Their licence allows no commercial use:
/// what they say stays in the test's own folder.
pub const STRANGERS: [&str; 4] = ["victoria", "evgeniy-rus", "mikhail", "yuriy"];
/// How loud people speak on a telephone line, root mean square of 32768: −26 dBov.
const SPOKEN: f64 = 1_640.0;
/// Taps of the filter before a rate is lowered, either side of its middle.
const REACH: i32 = 24;

/// A sentence by another voice than the assistant's, as a WAV of 8 kHz in this folder.
#[must_use]
pub fn speech(folder: &Path, text: &str) -> PathBuf {
    speech_by(STRANGERS[0], folder, text)
}

/// The same by one of [`STRANGERS`].
#[must_use]
pub fn speech_by(voice: &str, folder: &Path, text: &str) -> PathBuf {
    let (wav, said) = (folder.join("speech.wav"), folder.join("synthesised.wav"));
    let mut command = Command::new(crate::program("RHVoice-test", "rhvoice rhvoice-russian"));
    let mut process = command
        .args(["-p", voice, "-o"])
        .arg(&said)
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
    write(&wav, &narrowed(&said));
    wav
}

/// Words of a person, one recording after another with 0.1 s between them, as a WAV of 8 kHz in this
/// folder: names of recordings in Debian's asterisk-core-sounds-ru-wav, such as `digits/7`. They were
/// never trained on.
#[must_use]
pub fn person(folder: &Path, recordings: &[&str]) -> PathBuf {
    let all = Path::new("/usr/share/asterisk/sounds/ru");
    assert!(
        all.is_dir(),
        "{} is missing: apt-get install asterisk-core-sounds-ru-wav",
        all.display()
    );
    let mut audio = Vec::new();
    for recording in recordings {
        let path = all.join(recording).with_extension("wav");
        let mut reader = hound::WavReader::open(&path).expect("a recording");
        assert_eq!(reader.spec().sample_rate, 8_000, "{}", path.display());
        audio.extend(reader.samples::<i16>().map(|x| f64::from(x.unwrap())));
        audio.extend([0.0; 800]);
    }
    let wav = folder.join("speech.wav");
    write(&wav, &audio);
    wav
}

/// A recording at 8 kHz.
fn narrowed(path: &Path) -> Vec<f64> {
    let mut reader = hound::WavReader::open(path).unwrap();
    let ratio = reader.spec().sample_rate / 8_000;
    assert_eq!(
        reader.spec().sample_rate,
        ratio * 8_000,
        "{}",
        path.display()
    );
    let wide: Vec<f64> = reader
        .samples::<i16>()
        .map(|x| f64::from(x.unwrap()))
        .collect();
    // A windowed sinc that ends at 3.6 kHz.
    let taps: Vec<f64> = (-REACH..=REACH)
        .map(|n| tap(f64::from(n), 0.9 / f64::from(ratio)))
        .collect();
    let around = |middle: usize| -> f64 {
        let start = middle.checked_sub(taps.len() / 2);
        let window = start.and_then(|start| wide.get(start..start + taps.len()));
        let both = window.unwrap_or_default().iter().zip(&taps);
        both.map(|(x, tap)| x * tap).sum()
    };
    (0..wide.len())
        .step_by(usize::try_from(ratio).unwrap())
        .map(around)
        .collect()
}

/// A tap of a filter that ends at this part of half of the rate.
fn tap(n: f64, end: f64) -> f64 {
    let sinc = if n.abs() < 0.5 {
        1.0
    } else {
        (PI * n * end).sin() / (PI * n * end)
    };
    let window = 0.5 + 0.5 * (PI * n / f64::from(REACH + 1)).cos();
    end * sinc * window
}

/// Writes speech at [`SPOKEN`].
#[expect(
    clippy::cast_possible_truncation,
    reason = "a conversion to i16 stops at its ends"
)]
fn write(path: &Path, audio: &[f64]) {
    let power = |piece: &[f64]| piece.iter().map(|x| x * x).sum::<f64>() / 160.0;
    let loudest = audio.chunks_exact(160).map(power).fold(1.0, f64::max);
    // Pauses do not count: what is within 20 dB of the loudest is speech.
    let spoken = audio
        .chunks_exact(160)
        .map(power)
        .filter(|p| *p > loudest / 100.0);
    let (sum, count) = spoken.fold((0.0, 0.0), |(sum, count), p| (sum + p, count + 1.0));
    let gain = SPOKEN / f64::sqrt(sum / count);
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for x in audio {
        writer.write_sample((x * gain) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// Milliseconds from `after_ms` to the first silence of 200 ms in a recording of what was heard.
///
/// # Panics
/// When there is none, with a picture of what is there: a sign for 20 ms, `#` for sound.
#[must_use]
pub fn silence_after(path: &Path, after_ms: u64) -> u64 {
    let mut reader = hound::WavReader::open(path).unwrap();
    let rate = u64::from(reader.spec().sample_rate);
    let samples: Vec<i16> = reader.samples().map(Result::unwrap).collect();
    let begins = usize::try_from(after_ms * rate / 1_000).unwrap();
    let frames = samples[begins..].chunks_exact(usize::try_from(rate / 50).unwrap());
    let heard: String = frames
        .map(|frame| {
            if frame.iter().any(|x| x.unsigned_abs() > 200) {
                '#'
            } else {
                '.'
            }
        })
        .collect();
    let Some(at) = heard.find("..........") else {
        panic!("no silence {after_ms} ms after the beginning: {heard}");
    };
    u64::try_from(at).unwrap() * 20
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
    let omega = TAU * f64::from(hz) / f64::from(rate);
    let (mut a, mut b) = (0.0, 0.0);
    for sample in piece {
        (a, b) = (f64::from(*sample) + 2.0 * omega.cos() * a - b, a);
    }
    let tone = 2.0 * (a * a + b * b - 2.0 * omega.cos() * a * b) / (count * count);
    is_loud(piece) && tone / power(piece) > 0.7
}

fn is_loud(piece: &[i16]) -> bool {
    power(piece) > 100.0 * 100.0
}

fn power(piece: &[i16]) -> f64 {
    let count = f64::from(u32::try_from(piece.len()).unwrap());
    piece.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / count
}
