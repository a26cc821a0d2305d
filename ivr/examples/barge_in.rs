//! How surely the caller's voice is told from our echo and from noise, without a network: every
//! prompt comes back at every delay, loudness and loss; people speak over prompts; noise and music
//! come instead of people. Prints a table in Markdown for docs/performance.md.
//!
//! `cargo run --release -p ivr --example barge_in -- PROMPTS SPEECH [PROMPTS AT MOST]`
//! with two folders of WAVs: what we play (`var/cache/prompts`), and other people's speech
//! (`/usr/share/asterisk/sounds/ru` of Debian's asterisk-core-sounds-ru-wav).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a meter: a failed step ends it, and its report goes to the terminal"
)]

use std::path::{Path, PathBuf};

use ivr::audio::hearing::Hearing;
use ivr::audio::vad::Change;
use ivr::audio::{FRAME, level, loudness, music, p56, sample};
use ivr::io::wav;

/// Shorter recordings are letters and tones.
const SHORTEST: usize = 6_400;
/// A prompt that can be spoken into after a second.
const LONG: usize = 24_000;
/// The line's own noise, root mean square.
const HISS: f32 = 4.0;
/// A loudspeaker near a microphone, as a filter.
const ROOM: [f32; 8] = [0.0, 0.15, 0.9, 0.35, -0.2, 0.1, 0.05, -0.05];
/// 15 dB under speech of the nominal −26 dBov.
const NOISE_DBOV: f32 = -41.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let most = arguments
        .get(2)
        .map_or(usize::MAX, |n| n.parse().expect("a number"));
    let prompts: Vec<Vec<i16>> = sounds(Path::new(&arguments[0]))
        .take(most)
        .map(|(_, audio)| loudness::to_level(&audio).into_iter().map(a_law).collect())
        .collect();
    let speech: Vec<Vec<i16>> = sounds(Path::new(&arguments[1]))
        .filter(|(_, audio)| audio.len() > SHORTEST)
        .take(150)
        .map(|(_, audio)| audio)
        .collect();
    let mut dice = Dice(1);
    println!(
        "{} prompts, {} people's phrases\n",
        prompts.len(),
        speech.len()
    );
    echoes(&prompts, &mut dice);
    people(&prompts, &speech, &mut dice);
    noises(&mut dice);
}

fn echoes(prompts: &[Vec<i16>], dice: &mut Dice) {
    println!(
        "| our own echo | prompts × delays | taken for sound | for speech |\n|---|---|---|---|"
    );
    for below_db in [15.0, 20.0, 25.0, 30.0] {
        for lost in [0.0, 0.05] {
            let (mut all, mut sound, mut speech) = (0, 0, 0);
            for delay_ms in [50, 120, 200, 300] {
                for prompt in prompts {
                    let back = echo(prompt, (below_db, delay_ms, lost), dice);
                    let told = told(prompt, &line(&back, lost, dice));
                    all += 1;
                    sound += usize::from(told.sound.is_some());
                    speech += usize::from(told.speech.is_some());
                }
            }
            let lost = lost * 100.0;
            println!("| −{below_db} dB, {lost} % lost each way | {all} | {sound} | {speech} |");
        }
    }
}

fn people(prompts: &[Vec<i16>], speech: &[Vec<i16>], dice: &mut Dice) {
    println!(
        "\n| people over a prompt | phrases | not noticed | after, ms: p50 | p90 | p95 |\n|---|---|---|---|---|---|"
    );
    let long: Vec<&Vec<i16>> = prompts.iter().filter(|p| p.len() > LONG).collect();
    for (own_dbov, below_db) in [
        (-26.0, None),
        (-26.0, Some(20.0)),
        (-32.0, Some(20.0)),
        (-36.0, Some(30.0)),
    ] {
        let mut after: Vec<usize> = Vec::new();
        for (at, phrase) in speech.iter().enumerate() {
            let phrase = loudness::amplified(phrase, own_dbov - p56::active_level(phrase));
            let loud = |frame: &[i16]| level::dbfs(level::rms(frame)) > own_dbov - 15.0;
            let onset = phrase.chunks(FRAME).position(loud).unwrap_or(0);
            let prompt = long[at % long.len()];
            let delay_ms = [60, 110, 190, 280][at % 4];
            let mut heard = below_db.map_or_else(
                || vec![0.0; prompt.len()],
                |below_db| echo(prompt, (below_db, delay_ms, 0.0), dice),
            );
            let begins = 50 * FRAME;
            heard.resize(heard.len().max(begins + phrase.len()), 0.0);
            for (heard, own) in heard.iter_mut().skip(begins).zip(&phrase) {
                *heard += f32::from(*own);
            }
            let told = told(prompt, &line(&heard, 0.0, dice)).speech;
            after.extend(told.map(|frame| (frame + 1).saturating_sub(50 + onset) * 20));
        }
        after.sort_unstable();
        let rank = |permille: usize| after[(after.len() * permille / 1_000).min(after.len() - 1)];
        let echo = below_db.map_or_else(|| "no echo".into(), |db| format!("echo −{db} dB"));
        println!(
            "| at {own_dbov} dBov, {echo} | {} | {} | {} | {} | {} |",
            speech.len(),
            speech.len() - after.len(),
            rank(500),
            rank(900),
            rank(950)
        );
    }
}

fn noises(dice: &mut Dice) {
    println!(
        "\n| noise 15 dB under speech | seconds | taken for sound | for speech |\n|---|---|---|---|"
    );
    let waiting: Vec<f32> = music::waiting_loop().into_iter().map(f32::from).collect();
    let mut clicks = vec![0.0; 60 * 8_000];
    let mut coughs = clicks.clone();
    for second in 0..59 {
        for n in 0..80 {
            clicks[second * 8_000 + 1_234 + n] = 3_000.0 * dice.normal();
        }
        let mut low = 0.0;
        for n in 0..2_400_u16 {
            low = 0.7 * low + dice.normal();
            let fade = (-f32::from(n) / 900.0).exp();
            coughs[second * 8_000 + 777 + usize::from(n)] = 1_200.0 * fade * low;
        }
    }
    for (name, audio) in [
        ("pink noise", at_level(&dice.pink(60 * 8_000))),
        ("music", at_level(&waiting)),
        ("clicks of 10 ms, once a second", clicks),
        ("coughs as loud as speech, once a second", coughs),
    ] {
        let (mut hearing, mut sound, mut speech, mut was) = (Hearing::new(), 0, 0, false);
        for frame in line(&audio, 0.0, dice).chunks_exact(FRAME) {
            let noticed = hearing.push(frame.try_into().unwrap(), &[0; FRAME]);
            sound += usize::from(noticed.change == Change::Started);
            speech += usize::from(hearing.is_speech() && !was);
            was = hearing.is_speech();
        }
        println!("| {name} | {} | {sound} | {speech} |", audio.len() / 8_000);
    }
}

/// Frames in which something began.
struct Told {
    sound: Option<usize>,
    speech: Option<usize>,
}

fn told(sent: &[i16], heard: &[i16]) -> Told {
    let mut hearing = Hearing::new();
    let (mut sound, mut speech) = (None, None);
    for (at, heard) in heard.chunks_exact(FRAME).enumerate() {
        let begin = at * FRAME;
        let sent = std::array::from_fn(|n| sent.get(begin + n).copied().unwrap_or(0));
        let noticed = hearing.push(heard.try_into().unwrap(), &sent);
        if noticed.change == Change::Started {
            sound.get_or_insert(at);
        }
        if hearing.is_speech() {
            speech.get_or_insert(at);
        }
    }
    Told { sound, speech }
}

fn echo(
    prompt: &[i16],
    (below_db, delay_ms, lost): (f32, usize, f32),
    dice: &mut Dice,
) -> Vec<f32> {
    let mut played = prompt.to_vec();
    for frame in played.chunks_mut(FRAME) {
        if dice.uniform() < lost {
            frame.fill(0);
        }
    }
    let (gain, delay) = (10_f32.powf(-below_db / 20.0), delay_ms * 8);
    let mut back = vec![0.0; prompt.len() + delay + ROOM.len()];
    for (at, x) in played.iter().enumerate() {
        for (tap, share) in ROOM.iter().enumerate() {
            back[at + delay + tap] += f32::from(*x) * gain * share;
        }
    }
    back
}

/// Over a telephone line: hiss, A-law, lost packets.
fn line(audio: &[f32], lost: f32, dice: &mut Dice) -> Vec<i16> {
    let noisy = audio
        .iter()
        .map(|x| a_law(sample(x + HISS * dice.normal())));
    let mut heard: Vec<i16> = noisy.collect();
    for frame in heard.chunks_mut(FRAME) {
        if dice.uniform() < lost {
            frame.fill(0);
        }
    }
    heard
}

fn at_level(audio: &[f32]) -> Vec<f32> {
    let power: f32 = audio.iter().map(|x| x * x).sum();
    let gain = level::from_dbfs(NOISE_DBOV) / (power / audio.len() as f32).sqrt();
    audio.iter().map(|x| x * gain).collect()
}

fn sounds(folder: &Path) -> impl Iterator<Item = (PathBuf, Vec<i16>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of WAVs")
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "wav"))
        .collect();
    files.sort();
    files.into_iter().filter_map(|path| {
        let audio = wav::read_8k(&path).ok()?;
        Some((path, audio))
    })
}

/// There and back through ITU-T G.711 A-law.
fn a_law(x: i16) -> i16 {
    let magnitude = (u32::from(x.unsigned_abs()) >> 3).min(4_095);
    let kept = if magnitude < 32 {
        (magnitude & !1) + 1
    } else {
        let shift = magnitude.ilog2() - 4;
        ((magnitude >> shift) << shift) + (1 << (shift - 1))
    };
    let value = i16::try_from(kept << 3).unwrap();
    if x < 0 { -value } else { value }
}

struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Near enough to a normal distribution of power one.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }

    fn pink(&mut self, samples: usize) -> Vec<f32> {
        let [mut a, mut b, mut c] = [0.0_f32; 3];
        (0..samples)
            .map(|_| {
                let white = self.normal();
                a = 0.997_65 * a + white * 0.099_046;
                b = 0.963 * b + white * 0.296_516_4;
                c = 0.57 * c + white * 1.052_691_3;
                a + b + c + white * 0.184_8
            })
            .collect()
    }
}
