//! Dictation: a caller's own voice, 8 kHz 16-bit mono WAV, until they are silent or speak too long.
//!
//! A thread a dictation: they are few and short, and a disk that is slow holds up nobody else.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use events::{Millis, Pii};
use hound::{SampleFormat, WavSpec, WavWriter};
use ivr::audio::vad::{Change, Vad, VadConfig, frame_dbfs};
use ivr::audio::{FRAME, RATE_HZ};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::switchboard::{Dictated, DictationId};

/// Audio that waits for the disk, in samples: two seconds.
const RING_SAMPLES: usize = 16_000;
/// The longest dictation, milliseconds: a complaint's substance is rarely longer.
const LONGEST_MS: u64 = 120_000;
/// Nothing said for so long from the beginning ends it, milliseconds.
const NO_SPEECH_MS: u64 = 8_000;
/// Silence after speech that ends it, milliseconds: people think between sentences.
const SILENCE_MS: u64 = 2_500;
/// Dictations at once; beyond it the caller is treated as having said nothing.
const AT_ONCE_MAX: usize = 200;
/// How often the ring is emptied.
const ROUND: Duration = Duration::from_millis(40);
/// A ring that brings nothing for so many rounds belongs to a leg that is gone: two seconds.
const DRY_ROUNDS_MAX: u32 = 50;
const FRAME_MS: u64 = 20;

/// Sound for the recogniser that waits, in samples: four seconds.
const COPY_SAMPLES: usize = 32_000;
/// How long the next words may take after the end; the rest is not waited for.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A recogniser that hears a dictation too.
#[derive(Debug)]
pub struct Listener {
    /// Where it hears.
    copy: Producer<i16>,
    /// What it understood, utterance by utterance, until its side is dropped.
    words: Receiver<String>,
}

impl Listener {
    /// A listener, the sound for the recogniser, and the way for its words.
    #[must_use]
    pub fn new() -> (Self, Consumer<i16>, Sender<String>) {
        let (copy, audio) = RingBuffer::new(COPY_SAMPLES);
        let (told, words) = channel();
        (Self { copy, words }, audio, told)
    }

    /// All words, once the sound is over.
    fn all(self) -> String {
        drop(self.copy);
        let mut all = Vec::new();
        while let Ok(words) = self.words.recv_timeout(LAST_WORDS) {
            all.extend(Some(words).filter(|words| !words.is_empty()));
        }
        all.join(" ")
    }
}

/// Takes what a dictation came to.
pub type Sink = Box<dyn FnOnce(Dictated) + Send>;

/// A dictation under way. Dropping it ends it.
#[derive(Debug)]
pub struct Dictation {
    _stop: Sender<()>,
}

/// Dictations under way in this process.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Begins a dictation into a file; the audio goes into the ring that is returned.
pub fn begin(
    path: &Path,
    dictation: DictationId,
    mut listener: Listener,
    sink: Sink,
) -> (Dictation, Producer<i16>) {
    let (feed, audio) = RingBuffer::new(RING_SAMPLES);
    let (stop, stopped) = channel();
    let path = path.to_owned();
    let work = move || {
        let spoken = if UNDER_WAY.fetch_add(1, Ordering::AcqRel) < AT_ONCE_MAX {
            write(&path, audio, &mut listener.copy, &stopped)
        } else {
            Err("слишком много диктовок сразу".to_owned())
        };
        UNDER_WAY.fetch_sub(1, Ordering::AcqRel);
        let spoken = spoken.unwrap_or_else(|error| {
            tracing::error!(error, "ответ звонящего не записан: проверьте диск");
            Millis(0)
        });
        sink(Dictated {
            dictation,
            spoken,
            words: Pii::new(listener.all()),
        });
    };
    let thread = std::thread::Builder::new().name("dictation".into());
    if let Err(error) = thread.spawn(work) {
        // The dialogue's own time-out goes on with the call.
        tracing::error!(%error, "поток диктовки не запускается");
    }
    (Dictation { _stop: stop }, feed)
}

/// Writes until the end; how long they spoke.
fn write(
    path: &Path,
    mut audio: Consumer<i16>,
    copy: &mut Producer<i16>,
    stopped: &Receiver<()>,
) -> Result<Millis, String> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let failed = |error: hound::Error| error.to_string();
    let mut writer = WavWriter::create(path, spec).map_err(failed)?;
    let mut end = End::default();
    let mut dry_rounds = 0;
    let mut going_on = true;
    while going_on && !end.is_over() && dry_rounds < DRY_ROUNDS_MAX {
        going_on = stopped.recv_timeout(ROUND) == Err(RecvTimeoutError::Timeout);
        dry_rounds += 1;
        while !end.is_over()
            && let Ok(chunk) = audio.read_chunk(FRAME)
        {
            dry_rounds = 0;
            let mut frame = [0; FRAME];
            for (to, from) in frame.iter_mut().zip(chunk) {
                *to = from;
                writer.write_sample(from).map_err(failed)?;
                // A recogniser that falls behind loses words, not the recording.
                let _ = copy.push(from);
            }
            end.hear(frame_dbfs(&frame));
        }
    }
    writer.finalize().map_err(failed)?;
    Ok(Millis(end.spoken_frames * FRAME_MS))
}

/// When a dictation is over.
struct End {
    vad: Vad,
    frames: u64,
    spoken_frames: u64,
    is_speaking: bool,
    quiet_frames: u64,
}

impl Default for End {
    fn default() -> Self {
        let config = VadConfig {
            longest_frames: u32::MAX,
            ..VadConfig::default()
        };
        Self {
            vad: Vad::new(config),
            frames: 0,
            spoken_frames: 0,
            is_speaking: false,
            quiet_frames: 0,
        }
    }
}

impl End {
    /// The next frame's loudness.
    fn hear(&mut self, dbfs: f32) {
        self.frames += 1;
        match self.vad.push(dbfs) {
            Change::Started => self.is_speaking = true,
            Change::Ended => {
                self.is_speaking = false;
                let hangover = u64::from(VadConfig::default().hangover_frames);
                self.spoken_frames = self.spoken_frames.saturating_sub(hangover);
                self.quiet_frames = hangover;
            }
            Change::None => {}
        }
        if self.is_speaking {
            self.spoken_frames += 1;
            self.quiet_frames = 0;
        } else {
            self.quiet_frames += 1;
        }
    }

    fn is_over(&self) -> bool {
        let patience_ms = if self.spoken_frames == 0 {
            NO_SPEECH_MS
        } else {
            SILENCE_MS
        };
        let silent = !self.is_speaking && self.quiet_frames * FRAME_MS >= patience_ms;
        silent || self.frames * FRAME_MS >= LONGEST_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOUD: f32 = -20.0;
    const QUIET: f32 = -70.0;

    /// Milliseconds until the end, and of them spoken.
    fn ends(story: impl Iterator<Item = f32>) -> (u64, u64) {
        let mut end = End::default();
        for dbfs in story {
            if end.is_over() {
                break;
            }
            end.hear(dbfs);
        }
        assert!(end.is_over(), "it never ends");
        (end.frames * FRAME_MS, end.spoken_frames * FRAME_MS)
    }

    fn of(level: f32, ms: u64) -> impl Iterator<Item = f32> {
        std::iter::repeat_n(level, usize::try_from(ms / FRAME_MS).unwrap())
    }

    #[test]
    fn silence_ends_it_and_a_pause_for_thought_does_not() {
        let (ended, spoken) = ends(of(QUIET, 60_000));
        assert_eq!((ended, spoken), (NO_SPEECH_MS, 0));
        let story = of(QUIET, 1_000)
            .chain(of(LOUD, 3_000))
            .chain(of(QUIET, 1_500))
            .chain(of(LOUD, 2_000))
            .chain(of(QUIET, 10_000));
        let (ended, spoken) = ends(story);
        assert!((9_500..=10_500).contains(&ended), "{ended}");
        assert!((4_500..=5_100).contains(&spoken), "{spoken}");
    }

    #[test]
    fn nobody_speaks_for_ever() {
        let talk = (0..50_000).map(|n| if n % 50 < 40 { LOUD } else { QUIET });
        let (ended, spoken) = ends(talk);
        assert_eq!(ended, LONGEST_MS);
        assert!(spoken > LONGEST_MS / 2);
    }

    #[test]
    fn what_is_said_stands_in_the_file_and_dropping_ends_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("C1-name.wav");
        let (to, from) = channel();
        let sink: Sink = Box::new(move |dictated| to.send(dictated).unwrap());
        let (listener, mut copied, told) = Listener::new();
        let (dictation, mut feed) = begin(&path, DictationId(7), listener, sink);
        for _ in 0..FRAME {
            feed.push(1_000).unwrap();
        }
        drop(dictation);
        told.send("приёмная была".to_owned()).unwrap();
        told.send(String::new()).unwrap();
        told.send("закрыта".to_owned()).unwrap();
        drop(told);
        let dictated = from.recv().unwrap();
        assert_eq!(dictated.words.expose(), "приёмная была закрыта");
        let copy: Vec<i16> = std::iter::from_fn(|| copied.pop().ok()).collect();
        assert_eq!(copy, vec![1_000; FRAME], "the recogniser hears it too");
        assert_eq!(dictated.dictation, DictationId(7));
        let written = hound::WavReader::open(&path).unwrap();
        assert_eq!(written.spec().channels, 1);
        assert_eq!(written.len(), u32::try_from(FRAME).unwrap());
    }
}
