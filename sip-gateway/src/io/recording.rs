//! Recordings: a thread of their own writes 8 kHz 16-bit stereo WAV, caller left, operator right.
//!
//! The media thread pushes both sides' frames of a tick together into one ring of two seconds, so
//! the channels cannot drift apart. A disk that falls behind costs frames (silence later, counted),
//! never RTP. The header is brought up to date every second: a killed process leaves a file that
//! plays up to then.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use events::LegId;
use hound::{SampleFormat, WavSpec, WavWriter};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::boundary::MediaEvent;
use crate::media::{FRAME_SAMPLES, Frame};

/// Two samples, left and right.
const STEREO_FRAME: usize = 2 * FRAME_SAMPLES;
/// Two seconds of stereo.
const RING_SAMPLES: usize = 100 * STEREO_FRAME;
/// How often rings are emptied.
const ROUND: Duration = Duration::from_millis(100);
/// The header is renewed after this many samples: one second.
const FLUSH_SAMPLES: usize = 50 * STEREO_FRAME;

/// Where the plane's events go.
pub(super) type EventSink = Arc<dyn Fn(MediaEvent) + Send + Sync>;

struct Begin {
    caller: LegId,
    path: PathBuf,
    ring: Consumer<i16>,
}

/// Begins recordings; shared by the media threads.
#[derive(Clone)]
pub(super) struct Recorder {
    orders: Sender<Begin>,
}

/// The media thread's end of a recording. Dropping it finishes the file.
pub(super) struct RecordingFeed {
    ring: Producer<i16>,
    owed_frames: usize,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fed {
    Taken,
    Dropped,
    /// The recorder gave up; it has said so.
    Gone,
}

impl Recorder {
    /// Starts the thread; it ends when every `Recorder` is dropped and every file is finished.
    pub(super) fn start(events: EventSink) -> io::Result<(Self, JoinHandle<()>)> {
        let (orders, inbox) = channel();
        let thread = thread::Builder::new()
            .name("recorder".into())
            .spawn(move || run(&inbox, &events))?;
        Ok((Self { orders }, thread))
    }

    pub(super) fn begin(&self, caller: LegId, path: PathBuf) -> RecordingFeed {
        let (ring, consumer) = RingBuffer::new(RING_SAMPLES);
        let begin = Begin {
            caller,
            path,
            ring: consumer,
        };
        // A recorder that is gone drops the consumer, which the feed notices.
        drop(self.orders.send(begin));
        RecordingFeed {
            ring,
            owed_frames: 0,
        }
    }
}

impl RecordingFeed {
    /// Gives one tick of both sides.
    pub(super) fn push(&mut self, caller: &Frame, operator: &Frame) -> Fed {
        if self.ring.is_abandoned() {
            return Fed::Gone;
        }
        let wanted = (self.owed_frames + 1) * STEREO_FRAME;
        let wanted = wanted.min(RING_SAMPLES);
        let silence = wanted - STEREO_FRAME;
        let Ok(chunk) = self.ring.write_chunk_uninit(wanted) else {
            self.owed_frames += 1;
            return Fed::Dropped;
        };
        let both = caller.iter().zip(operator).flat_map(|(l, r)| [*l, *r]);
        chunk.fill_from_iter(std::iter::repeat_n(0, silence).chain(both));
        self.owed_frames -= silence / STEREO_FRAME;
        Fed::Taken
    }
}

/// One file being written.
struct Recording {
    caller: LegId,
    path: PathBuf,
    ring: Consumer<i16>,
    writer: WavWriter<BufWriter<File>>,
    unflushed: usize,
}

fn run(inbox: &Receiver<Begin>, events: &EventSink) {
    let mut recordings: Vec<Recording> = Vec::new();
    loop {
        let first = inbox.recv_timeout(ROUND);
        let over = matches!(first, Err(RecvTimeoutError::Disconnected));
        for begin in first.into_iter().chain(inbox.try_iter()) {
            let (caller, path) = (begin.caller, begin.path.clone());
            match Recording::create(begin) {
                Ok(recording) => recordings.push(recording),
                Err(error) => fail(events, caller, &path, &error),
            }
        }
        let mut i = 0;
        while let Some(recording) = recordings.get_mut(i) {
            match recording.round() {
                Ok(true) => i += 1,
                Ok(false) => {
                    let done = recordings.swap_remove(i);
                    let (caller, path) = (done.caller, done.path.clone());
                    if let Err(error) = done.writer.finalize() {
                        fail(events, caller, &path, &error);
                    }
                }
                Err(error) => {
                    let broken = recordings.swap_remove(i);
                    fail(events, broken.caller, &broken.path, &error);
                }
            }
        }
        // Once no thread can begin another, every feed is gone too, and one round empties it.
        if over && recordings.is_empty() {
            return;
        }
    }
}

fn fail(events: &EventSink, caller: LegId, path: &Path, error: &hound::Error) {
    let error = format!("{}: {error}", path.display());
    events(MediaEvent::RecordingFailed { caller, error });
}

impl Recording {
    fn create(begin: Begin) -> Result<Self, hound::Error> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&begin.path)?;
        let spec = WavSpec {
            channels: 2,
            sample_rate: 8_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut writer = WavWriter::new(BufWriter::with_capacity(32 * 1024, file), spec)?;
        writer.flush()?;
        Ok(Self {
            caller: begin.caller,
            path: begin.path,
            ring: begin.ring,
            writer,
            unflushed: 0,
        })
    }

    /// Empties the ring; false once nothing more can come.
    fn round(&mut self) -> Result<bool, hound::Error> {
        let over = self.ring.is_abandoned();
        let waiting = self.ring.slots();
        if let Ok(chunk) = self.ring.read_chunk(waiting)
            && waiting > 0
        {
            let mut samples = self
                .writer
                .get_i16_writer(u32::try_from(waiting).unwrap_or(0));
            let (front, back) = chunk.as_slices();
            front
                .iter()
                .chain(back)
                .for_each(|sample| samples.write_sample(*sample));
            samples.flush()?;
            chunk.commit_all();
        }
        self.unflushed += waiting;
        if self.unflushed >= FLUSH_SAMPLES {
            self.unflushed = 0;
            self.writer.flush()?;
        }
        Ok(!over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn recorder() -> (Recorder, JoinHandle<()>, Receiver<MediaEvent>) {
        let (sender, receiver) = channel();
        let sink: EventSink = Arc::new(move |event| drop(sender.send(event)));
        let (recorder, thread) = Recorder::start(sink).unwrap();
        (recorder, thread, receiver)
    }

    #[test]
    fn a_recording_has_the_caller_left_and_the_operator_right() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.wav");
        let (recorder, thread, _events) = recorder();
        let mut feed = recorder.begin(LegId(1), path.clone());
        for _ in 0..3 {
            assert_eq!(
                feed.push(&[5; FRAME_SAMPLES], &[-7; FRAME_SAMPLES]),
                Fed::Taken
            );
        }
        drop((feed, recorder));
        thread.join().unwrap();
        let mut wav = hound::WavReader::open(&path).unwrap();
        assert_eq!((wav.spec().channels, wav.spec().sample_rate), (2, 8_000));
        let samples: Vec<i16> = wav.samples().map(Result::unwrap).collect();
        assert_eq!(samples, [5, -7].repeat(3 * FRAME_SAMPLES));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn frames_lost_to_a_full_ring_become_silence_of_the_same_length() {
        let (producer, mut consumer) = RingBuffer::new(RING_SAMPLES);
        let mut feed = RecordingFeed {
            ring: producer,
            owed_frames: 0,
        };
        let fed: Vec<Fed> = (0..103)
            .map(|_| feed.push(&[1; FRAME_SAMPLES], &[1; FRAME_SAMPLES]))
            .collect();
        assert_eq!(fed.iter().filter(|f| **f == Fed::Dropped).count(), 3);
        consumer.read_chunk(10 * STEREO_FRAME).unwrap().commit_all();
        assert_eq!(
            feed.push(&[2; FRAME_SAMPLES], &[2; FRAME_SAMPLES]),
            Fed::Taken
        );
        let waiting = consumer.slots();
        assert_eq!(waiting, 94 * STEREO_FRAME);
        let mut all = vec![0; waiting];
        consumer.pop_entire_slice(&mut all).unwrap();
        let runs: Vec<(i16, usize)> = all
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len() / STEREO_FRAME))
            .collect();
        assert_eq!(runs, [(1, 90), (0, 3), (2, 1)]);
    }

    #[test]
    fn a_missing_folder_and_an_existing_file_are_said_and_end_the_feed() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken.wav");
        std::fs::write(&taken, b"x").unwrap();
        let (recorder, thread, events) = recorder();
        for path in [folder.path().join("no/such/talk.wav"), taken.clone()] {
            let mut feed = recorder.begin(LegId(9), path);
            let event = events.recv_timeout(Duration::from_secs(5)).unwrap();
            assert!(matches!(
                event,
                MediaEvent::RecordingFailed {
                    caller: LegId(9),
                    ..
                }
            ));
            while feed.push(&[0; FRAME_SAMPLES], &[0; FRAME_SAMPLES]) != Fed::Gone {
                thread::yield_now();
            }
        }
        assert_eq!(std::fs::read(&taken).unwrap(), b"x", "never overwritten");
        drop(recorder);
        thread.join().unwrap();
    }

    #[test]
    fn a_file_plays_while_it_is_still_being_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.wav");
        let (mut producer, ring) = RingBuffer::new(RING_SAMPLES);
        let mut recording = Recording::create(Begin {
            caller: LegId(1),
            path: path.clone(),
            ring,
        })
        .unwrap();
        assert_eq!(hound::WavReader::open(&path).unwrap().len(), 0);
        producer.push_entire_slice(&[3; FLUSH_SAMPLES]).unwrap();
        assert!(recording.round().unwrap());
        let length = hound::WavReader::open(&path).unwrap().len();
        assert_eq!(usize::try_from(length).unwrap(), FLUSH_SAMPLES);
    }
}
