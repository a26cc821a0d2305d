//! What recognition costs: the worker against bare libvosk on the same speech, and one recognition
//! thread with 10, 25, 50 and 100 callers who say phrase after phrase, 1.5 s apart. Prints Markdown for
//! docs/performance.md.
//!
//! `cargo run --release -p ivr --example recognition [-- SPEAKERS…]`; needs `LINIYA_VOSK_LIBRARY` and
//! Debian's asterisk-core-sounds-ru-wav.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a meter: a failed step ends it, the report goes to the terminal, its work is the clock"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use ivr::SpeechEvent;
use ivr::graph::Grammar;
use ivr::io::{AcousticModel, RecogniserConfig, RecogniserStatus, Recognisers, wav};
use rtrb::{Producer, RingBuffer};
use vosk::{DecodingState, Model, Recognizer};

const HUMAN: &str = include_str!("../tests/data/human_speech.tsv");
const SOUNDS: &str = "/usr/share/asterisk/sounds/ru";
const FRAME: usize = 160;
/// Quiet around an utterance, as much as the worker decodes of it: 600 ms before, 600 ms after.
const BEFORE: usize = 30 * FRAME;
const AFTER: usize = 30 * FRAME;
/// Pairs of runs.
const PAIRS: usize = 5;
/// A step of the load.
const STEP: Duration = Duration::from_secs(30);
/// Quiet between a caller's utterances.
const PAUSE_FRAMES: usize = 75;

fn main() {
    let speech: Vec<(String, Vec<i16>)> = HUMAN
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(name, text)| {
            let path = Path::new(SOUNDS).join(format!("{name}.wav"));
            let samples = wav::read_8k(&path).expect("пакет asterisk-core-sounds-ru-wav");
            (text.to_owned(), samples)
        })
        .collect();
    let phrases: Vec<String> = speech.iter().map(|(text, _)| text.clone()).collect();
    let cache = std::env::temp_dir().join(format!("liniya-recognition-{}", std::process::id()));
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("model/ru-mini");
    let config = RecogniserConfig {
        threads: 1,
        max_sessions: 400,
        ..RecogniserConfig::new(&model, &cache)
    };
    let start = || {
        let (recognisers, status) =
            Recognisers::start(&config, vec![("list".to_owned(), phrases.clone())]);
        assert!(matches!(status, RecogniserStatus::Ready { .. }), "{status}");
        recognisers
    };
    // Opens the library for the bare runs too.
    drop(start());
    let grammar = Grammar::new(&phrases).unwrap();
    let folder = AcousticModel::open(&model).unwrap();
    let folder = folder.folder_for(&grammar, &config.cache).unwrap();
    overhead(&start, &folder, &speech);
    let speakers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse().ok())
        .collect();
    let speakers = if speakers.is_empty() {
        vec![10, 25, 50, 100]
    } else {
        speakers
    };
    load(&start, &speech, &speakers);
    let _ = std::fs::remove_dir_all(&cache);
}

/// The utterances one after the other with quiet around each.
fn stream(speech: &[(String, Vec<i16>)]) -> Vec<Vec<i16>> {
    let around = |samples: &Vec<i16>| {
        let mut all = vec![0; BEFORE];
        all.extend(samples);
        all.resize(all.len() + AFTER, 0);
        all
    };
    speech.iter().map(|(_, samples)| around(samples)).collect()
}

fn overhead(start: &dyn Fn() -> Recognisers, folder: &Path, speech: &[(String, Vec<i16>)]) {
    let stream = stream(speech);
    let samples: usize = stream.iter().map(Vec::len).sum();
    println!("## The worker against bare libvosk\n");
    println!(
        "| pair | bare, ms CPU a second of sound | worker, the same | worker / bare | decoded / sound |"
    );
    println!("|---|---|---|---|---|");
    let mut ratios = Vec::new();
    let mut speeds = Vec::new();
    for pair in 1..=PAIRS {
        let seconds = samples as f64 / 8_000.0;
        let bare = bare(folder, &stream) / seconds;
        let (ours, decoded_s) = worker(&start(), &stream);
        let ours = ours / decoded_s;
        println!(
            "| {pair} | {bare:.2} | {ours:.2} | {:.3} | {:.2} |",
            ours / bare,
            decoded_s / seconds
        );
        ratios.push(ours / bare);
        speeds.push(ours);
    }
    ratios.sort_by(f64::total_cmp);
    speeds.sort_by(f64::total_cmp);
    println!(
        "\nMedian ratio {:.3}; real-time factor {:.4}: one core decodes {:.0} callers who speak without pause.\n",
        ratios[PAIRS / 2],
        speeds[PAIRS / 2] / 1_000.0,
        1_000.0 / speeds[PAIRS / 2]
    );
}

/// CPU milliseconds of bare libvosk in chunks of 20 ms.
fn bare(folder: &Path, stream: &[Vec<i16>]) -> f64 {
    let model = Model::new(folder.to_str().unwrap()).unwrap();
    let before = thread_cpu_ms();
    let mut recogniser = Recognizer::new(&model, 8_000.0).unwrap();
    recogniser.set_words(true);
    for utterance in stream {
        for chunk in utterance.chunks(FRAME) {
            if recogniser.accept_waveform(chunk).unwrap() == DecodingState::Finalized {
                let _ = recogniser.result();
            }
        }
        let _ = recogniser.final_result();
        recogniser.reset();
    }
    thread_cpu_ms() - before
}

/// CPU milliseconds of the recognition thread, and the seconds that it decoded.
fn worker(recognisers: &Recognisers, stream: &[Vec<i16>]) -> (f64, f64) {
    let all: Vec<i16> = stream.concat();
    let (mut into, ring) = RingBuffer::new(all.len());
    into.push_entire_slice(&all).unwrap();
    drop(into);
    let (to, from) = channel();
    let sink = Arc::new(move |_, event: SpeechEvent| to.send(event).unwrap_or_default());
    recognisers.listen(1, "list", ring, sink);
    let finals = from
        .iter()
        .filter(|e| matches!(e, SpeechEvent::Final { .. }))
        .count();
    assert!(finals > stream.len() / 2, "{finals} results");
    // The last round's time is counted after its results are told.
    while recognisers.figures().sessions_active > 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(Duration::from_millis(50));
    let figures = recognisers.figures();
    (
        figures.cpu_us as f64 / 1_000.0,
        figures.decoded_ms as f64 / 1_000.0,
    )
}

/// Of the calling thread, by the kernel's scheduler.
fn thread_cpu_ms() -> f64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    line.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

struct Speaker {
    ring: Producer<i16>,
    /// Which utterance comes next and how much of it was sent.
    next: usize,
    sent: usize,
    dropped: usize,
}

fn load(start: &dyn Fn() -> Recognisers, speech: &[(String, Vec<i16>)], steps: &[usize]) {
    println!("## One recognition thread under load\n");
    println!(
        "| callers speaking | results | right | latency p50, p95, longest, ms | CPU of a core | refused | frames lost |"
    );
    println!("|---|---|---|---|---|---|---|");
    for &count in steps {
        let recognisers = start();
        let (to, from) = channel();
        let mut speakers: BTreeMap<u64, Speaker> = BTreeMap::new();
        for session in 0..count as u64 {
            let (ring, audio) = RingBuffer::new(8_000 * 2);
            let to = to.clone();
            let sink =
                Arc::new(move |session, event| to.send((session, event)).unwrap_or_default());
            recognisers.listen(session, "list", audio, sink);
            let next = (usize::try_from(session).unwrap() * 7) % speech.len();
            let speaker = Speaker {
                ring,
                next,
                sent: 0,
                dropped: 0,
            };
            speakers.insert(session, speaker);
        }
        let (mut latencies, right) = speak(&mut speakers, speech, &from);
        let lost: usize = speakers.values().map(|s| s.dropped).sum();
        drop(speakers);
        latencies.sort_unstable();
        let at = |permille: usize| {
            latencies
                .get(latencies.len() * permille / 1_000)
                .copied()
                .unwrap_or(0)
        };
        let figures = recognisers.figures();
        println!(
            "| {count} | {} | {:.0} % | {}, {}, {} | {:.0} % | {} | {lost} |",
            latencies.len(),
            100.0 * right as f64 / latencies.len().max(1) as f64,
            at(500),
            at(950),
            latencies.last().unwrap_or(&0),
            figures.cpu_us as f64 / 1e4 / STEP.as_secs_f64(),
            figures.unavailable(),
        );
    }
}

/// Every caller says one utterance after the other, in time, for one step. The latencies of the
/// results, and how many of these are what the caller had just said.
fn speak(
    speakers: &mut BTreeMap<u64, Speaker>,
    speech: &[(String, Vec<i16>)],
    results: &Receiver<(u64, SpeechEvent)>,
) -> (Vec<u64>, usize) {
    let begun = Instant::now();
    let (mut latencies, mut right) = (Vec::new(), 0);
    let mut tick = 0_u32;
    while begun.elapsed() < STEP {
        for (session, event) in results.try_iter() {
            if let SpeechEvent::Final {
                text, latency_ms, ..
            } = event
            {
                latencies.push(latency_ms.0);
                right += usize::from(text.into_inner() == speech[speakers[&session].next].0);
            }
        }
        for (session, speaker) in speakers.iter_mut() {
            // They do not all begin at once.
            if u64::from(tick) < session % 50 {
                continue;
            }
            let said = &speech[speaker.next].1;
            let mut frame = [0_i16; FRAME];
            let from = speaker.sent.min(said.len());
            let piece = &said[from..(speaker.sent + FRAME).min(said.len()).max(from)];
            frame[..piece.len()].copy_from_slice(piece);
            speaker.sent += FRAME;
            if speaker.sent > said.len() + PAUSE_FRAMES * FRAME {
                speaker.sent = 0;
                speaker.next = (speaker.next + 1) % speech.len();
            }
            speaker.dropped += usize::from(speaker.ring.push_entire_slice(&frame).is_err());
        }
        tick += 1;
        let due = begun + Duration::from_millis(20) * tick;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    (latencies, right)
}
