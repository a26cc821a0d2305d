//! Where speech begins and ends, by energy over the line's own noise.

use super::FRAME;
use super::level;

/// What a frame changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// There has been enough speech to call it speech.
    Started,
    /// The speech has been over for the hangover.
    Ended,
}

/// Limits of the detector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VadConfig {
    /// Speech is this much over the noise floor.
    pub enter_db: f32,
    /// Speech lasts while it is this much over the noise floor.
    pub leave_db: f32,
    /// Nothing below this is speech.
    pub quietest_dbfs: f32,
    /// Loud frames of the last [`VadConfig::START_WINDOW`] that make a start.
    pub start_frames: u32,
    /// Quiet frames that make an end.
    pub hangover_frames: u32,
    /// Frames after which an utterance ends anyway.
    pub longest_frames: u32,
}

impl VadConfig {
    /// Frames looked back on for a start, 20 ms each.
    pub const START_WINDOW: u32 = 9;
}

impl Default for VadConfig {
    fn default() -> Self {
        Self {
            enter_db: 10.0,
            leave_db: 7.0,
            quietest_dbfs: level::QUIETEST_DBFS,
            start_frames: 6,
            hangover_frames: 35,
            longest_frames: 600,
        }
    }
}

/// Blocks of the noise floor's memory, and frames in each: two seconds in all.
const BLOCKS: usize = 10;
const BLOCK_FRAMES: u32 = 10;
/// The floor before anything was heard, and its bounds, in dBFS.
const FIRST_FLOOR: f32 = -62.0;
const LOWEST_FLOOR: f32 = -75.0;
const HIGHEST_FLOOR: f32 = -30.0;

/// The detector of one stream of 20 ms frames.
#[derive(Clone, Debug)]
pub struct Vad {
    config: VadConfig,
    /// Quietest smoothed frame of each finished block, oldest first.
    blocks: [f32; BLOCKS],
    block: f32,
    block_frames: u32,
    smooth: f32,
    /// Loudness of the last frames, newest in the lowest bit: 1 is loud.
    recent: u32,
    /// The last frames, newest in the lowest bit: 1 is a vowel for sure.
    vowels: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Quiet,
    Speech {
        /// Since the start was noticed.
        frames: u32,
        /// Since the last loud frame.
        quiet: u32,
    },
}

impl Vad {
    /// A line on which nothing was heard yet.
    #[must_use]
    pub const fn new(config: VadConfig) -> Self {
        Self {
            config,
            blocks: [FIRST_FLOOR; BLOCKS],
            block: 0.0,
            block_frames: 0,
            smooth: FIRST_FLOOR,
            recent: 0,
            vowels: 0,
            state: State::Quiet,
        }
    }

    /// The noise floor now, in dBFS: the quietest moment of the last two seconds.
    #[must_use]
    pub fn floor(&self) -> f32 {
        let quietest = self.blocks.iter().copied().fold(self.block, f32::min);
        (quietest + 2.0).clamp(LOWEST_FLOOR, HIGHEST_FLOOR)
    }

    /// Frames since the last loud one while an utterance lasts.
    #[must_use]
    pub const fn trailing_quiet(&self) -> Option<u32> {
        match self.state {
            State::Quiet => None,
            State::Speech { quiet, .. } => Some(quiet),
        }
    }

    /// Ends the utterance, if one lasts: its result was settled by other means.
    pub const fn settle(&mut self) {
        self.state = State::Quiet;
        self.recent = 0;
        self.vowels = 0;
    }

    /// Takes the loudness of the next frame of [`FRAME`] samples, in dBFS.
    pub fn push(&mut self, frame_dbfs: f32) -> Change {
        self.push_heard(frame_dbfs, false)
    }

    /// The same of a frame of which it is known whether it is a vowel for sure: that is worth two
    /// loud frames when speech begins.
    pub fn push_heard(&mut self, frame_dbfs: f32, vowel: bool) -> Change {
        let over = if self.state == State::Quiet {
            self.config.enter_db
        } else {
            self.config.leave_db
        };
        let threshold = (self.floor() + over).max(self.config.quietest_dbfs);
        self.learn_noise(frame_dbfs);
        let loud = frame_dbfs > threshold;
        self.recent = (self.recent << 1) | u32::from(loud);
        self.vowels = (self.vowels << 1) | u32::from(loud && vowel);
        match self.state {
            State::Quiet => {
                let window = (1 << VadConfig::START_WINDOW) - 1;
                let count = (self.recent & window).count_ones();
                let count = count + (self.vowels & window).count_ones();
                if loud && count >= self.config.start_frames {
                    self.state = State::Speech {
                        frames: 0,
                        quiet: 0,
                    };
                    return Change::Started;
                }
                Change::None
            }
            State::Speech { frames, quiet } => {
                let frames = frames + 1;
                let quiet = if loud { 0 } else { quiet + 1 };
                self.state = State::Speech { frames, quiet };
                if quiet >= self.config.hangover_frames || frames >= self.config.longest_frames {
                    self.settle();
                    return Change::Ended;
                }
                Change::None
            }
        }
    }

    fn learn_noise(&mut self, frame_dbfs: f32) {
        let frame_dbfs = frame_dbfs.max(LOWEST_FLOOR - 5.0);
        self.smooth += 0.4 * (frame_dbfs - self.smooth);
        self.block = self.block.min(self.smooth);
        self.block_frames += 1;
        if self.block_frames >= BLOCK_FRAMES {
            self.blocks.rotate_left(1);
            if let Some(newest) = self.blocks.last_mut() {
                *newest = self.block;
            }
            self.block = self.smooth;
            self.block_frames = 0;
        }
    }
}

/// Loudness of a frame of samples in dBFS.
#[must_use]
pub fn frame_dbfs(frame: &[i16; FRAME]) -> f32 {
    level::dbfs(level::rms(frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs levels (dBFS, frames) and writes down what changed at which frame.
    fn run(levels: &[(f32, u32)]) -> Vec<(u32, Change)> {
        let mut vad = Vad::new(VadConfig::default());
        let mut seen = Vec::new();
        let mut at = 0;
        for &(db, frames) in levels {
            for _ in 0..frames {
                let change = vad.push(db);
                if change != Change::None {
                    seen.push((at, change));
                }
                at += 1;
            }
        }
        seen
    }

    #[test]
    fn speech_starts_after_120_ms_and_ends_after_the_hangover() {
        let seen = run(&[(-70.0, 50), (-25.0, 30), (-70.0, 60)]);
        assert_eq!(seen, [(55, Change::Started), (114, Change::Ended)]);
    }

    #[test]
    fn a_click_is_not_speech_and_a_stop_consonant_is_no_end() {
        assert_eq!(run(&[(-70.0, 50), (-10.0, 3), (-70.0, 50)]), []);
        let seen = run(&[
            (-70.0, 50),
            (-25.0, 10),
            (-70.0, 8),
            (-25.0, 10),
            (-70.0, 60),
        ]);
        assert_eq!(seen.len(), 2);
    }

    #[test]
    fn steady_noise_becomes_the_floor() {
        let seen = run(&[(-70.0, 50), (-35.0, 700)]);
        // It is taken for speech at first, and once it is the floor, no more.
        assert_eq!(seen.first().map(|s| s.1), Some(Change::Started));
        assert_eq!(seen.last().map(|s| s.1), Some(Change::Ended));
        assert_eq!(seen.len(), 2);
        assert!(seen[1].0 < 50 + 150 + 40, "{seen:?}");
        let quiet_speech_in_noise = run(&[(-45.0, 300), (-25.0, 20), (-45.0, 60)]);
        assert_eq!(
            quiet_speech_in_noise
                .iter()
                .filter(|s| s.1 == Change::Started)
                .count(),
            2
        );
    }

    #[test]
    fn nobody_talks_for_ever() {
        let mut talk = Vec::new();
        for _ in 0..100 {
            talk.extend([(-25.0, 20), (-60.0, 5)]);
        }
        let seen = run(&talk);
        assert_eq!(seen.get(1).map(|s| s.1), Some(Change::Ended));
    }
}
