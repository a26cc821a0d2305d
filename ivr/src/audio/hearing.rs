//! What is heard of a caller, frame by frame: where speech begins and ends, and whether it is speech.
//!
//! Sound begins where it is louder than the line's own noise. It is told to be speech at once only
//! if it is about as loud as this caller speaks and has a voice's pitch: noise, clicks, a radio in
//! the room and our own echo are none of it. What is too soft for that is left to recognition: words
//! of the list are speech however soft.

use super::echo::EchoGuard;
use super::filter::{BandPass, Settle};
use super::level;
use super::vad::{Change, Vad, VadConfig, frame_dbfs};
use super::voicing::{self, Voicing, voicing};
use super::{FRAME, sample};

/// A caller of whom nothing is known speaks at the nominal level of a telephone line, in dBov.
const NOMINAL_DBOV: f32 = -26.0;
/// Speech for sure is no more than this below the caller's level, in decibels…
const BELOW_DB: f32 = 12.0;
/// …and between these, in dBov.
const SOFTEST_DBOV: f32 = -50.0;
const STRICTEST_DBOV: f32 = -38.0;
/// Of the last [`VadConfig::START_WINDOW`] frames, voiced ones that make it speech for sure…
const VOICED_FRAMES: u32 = 4;
/// …or vowels beyond doubt, on a line where they stand out…
const VOWEL_FRAMES: u32 = 2;
/// …or two voiced frames among so many as loud as speech: consonants take their time.
const CLEAR_FRAMES: u32 = 5;
const VOICED_AMONG_CLEAR: u32 = 2;
/// What stands out is so much over the line's noise, in decibels…
const CLEAR_DB: f32 = 15.0;
/// …and a vowel so much over what else is speech for sure…
const VOWEL_DB: f32 = 4.0;
/// …and over the line's noise: whatever has a pitch so sure is not the noise.
const VOWEL_CLEAR_DB: f32 = 10.0;
/// The bits of the frames in which a start is looked for.
const ONSET: u32 = (1 << VadConfig::START_WINDOW) - 1;
/// An utterance with no more frames of echo than this is the caller's, whatever their share.
const ECHO_FRAMES: f32 = 3.0;
/// Power that an echo leaves is not taken for less than this, −30 dB.
const LEAST_SHARE: f32 = 0.001;

/// What a frame told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noticed {
    /// The frame without offset and rumble, for recognition.
    pub samples: [i16; FRAME],
    /// How loud it is in the telephone band, in dBov, without our own echo.
    pub loudness: f32,
    /// Whether sound begins or ends with it.
    pub change: Change,
}

/// Everything remembered of one caller's line.
#[derive(Clone, Debug)]
pub struct Hearing {
    settle: Settle,
    band: BandPass,
    vad: Vad,
    echo: EchoGuard,
    /// The newest samples in the telephone band.
    window: [f32; voicing::WINDOW],
    /// The last frames, newest in the lowest bit: 1 is loud and voiced.
    voiced: u32,
    /// The same: 1 is as loud as speech and clear of the noise.
    clear: u32,
    /// The same: 1 is a vowel beyond doubt.
    vowels: u32,
    /// How loud this caller speaks, in dBov, once words were understood.
    level: Option<f32>,
    /// Sum and count of the loud frames of this utterance, in dBov.
    utterance: (f32, f32),
    /// The last frames, newest in the lowest bit: 1 is loud and our echo.
    echoes: u32,
    /// Frames of this utterance that were our echo.
    echoed: f32,
}

impl Hearing {
    /// A line on which nothing was heard yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            settle: Settle::new(),
            band: BandPass::telephone(),
            vad: Vad::new(VadConfig::default()),
            echo: EchoGuard::new(),
            window: [0.0; voicing::WINDOW],
            voiced: 0,
            clear: 0,
            vowels: 0,
            level: None,
            utterance: (0.0, 0.0),
            echoes: 0,
            echoed: 0.0,
        }
    }

    /// The same line after a pause: its noise, its echo and its caller's voice are known.
    #[must_use]
    pub fn rested(&self) -> Self {
        let mut vad = self.vad.clone();
        vad.settle();
        Self {
            vad,
            echo: self.echo.rested(),
            level: self.level,
            ..Self::new()
        }
    }

    /// The next 20 ms heard, and what was sent in the same 20 ms.
    pub fn push(&mut self, heard: &[i16; FRAME], sent: &[i16; FRAME]) -> Noticed {
        let mut samples = [0; FRAME];
        let mut banded = [0; FRAME];
        self.window.rotate_left(FRAME);
        let newest = self.window.iter_mut().skip(voicing::WINDOW - FRAME);
        let places = samples.iter_mut().zip(&mut banded).zip(newest);
        for (x, ((settled, banded), window)) in heard.iter().zip(places) {
            let clean = self.settle.push(f32::from(*x));
            *settled = sample(clean);
            *window = self.band.push(clean);
            *banded = sample(*window);
        }
        let whole = frame_dbfs(&banded);
        let rest = self.echo.push(sent, &samples, whole > level::QUIETEST_DBFS);
        if rest.found && self.vad.trailing_quiet().is_none() {
            self.vad.settle();
            (self.voiced, self.clear, self.vowels) = (0, 0, 0);
        }
        let loudness = whole + 10.0 * rest.share.max(LEAST_SHARE).log10();
        let echo = whole > level::QUIETEST_DBFS && rest.share <= 0.0;
        self.echoes = (self.echoes << 1) | u32::from(echo);
        self.echoed += f32::from(u8::from(echo));
        let vowel = self.listen_for_a_voice(loudness);
        let change = self.vad.push_heard(loudness, vowel);
        if change == Change::Started {
            self.utterance = (0.0, 0.0);
            let before = (self.echoes & ONSET).count_ones();
            self.echoed = u8::try_from(before).map_or(0.0, f32::from);
        }
        if self.vad.trailing_quiet() == Some(0) {
            self.utterance.0 += loudness;
            self.utterance.1 += 1.0;
        }
        Noticed {
            samples,
            loudness,
            change,
        }
    }

    /// Notes whether the newest frame is as loud as this caller's speech, and how voiced it is. Whether
    /// it is a vowel beyond doubt.
    fn listen_for_a_voice(&mut self, loudness: f32) -> bool {
        let is_loud = loudness > self.surely_speech();
        let voicing = if is_loud {
            voicing(&self.window)
        } else {
            Voicing::None
        };
        let is_clear = is_loud && loudness > self.vad.floor() + CLEAR_DB;
        let is_vowel = voicing == Voicing::Sure
            && loudness > self.vad.floor() + VOWEL_CLEAR_DB
            && loudness > self.surely_speech() + VOWEL_DB;
        self.voiced = (self.voiced << 1) | u32::from(voicing >= Voicing::Some);
        self.clear = (self.clear << 1) | u32::from(is_clear);
        self.vowels = (self.vowels << 1) | u32::from(is_vowel);
        is_vowel
    }

    /// Whether what is heard now is speech by its sound alone.
    #[must_use]
    pub fn is_speech(&self) -> bool {
        let [voiced, clear, vowels] =
            [self.voiced, self.clear, self.vowels].map(|frames| (frames & ONSET).count_ones());
        let is_voice = voiced >= VOICED_FRAMES
            || vowels >= VOWEL_FRAMES
            || voiced >= VOICED_AMONG_CLEAR && clear >= CLEAR_FRAMES;
        is_voice && self.vad.trailing_quiet().is_some()
    }

    /// Whether most of this utterance is our own voice that comes back.
    #[must_use]
    pub fn is_echo(&self) -> bool {
        self.echoed > ECHO_FRAMES && self.echoed > self.utterance.1 / 2.0
    }

    /// This utterance had words in it: so loud does this caller speak.
    pub fn understood(&mut self) {
        let (sum, count) = self.utterance;
        if count > 0.0 {
            let heard = sum / count;
            self.level = Some(self.level.map_or(heard, |known| (known + heard) / 2.0));
        }
    }

    /// Frames since the last loud one while sound lasts.
    #[must_use]
    pub const fn trailing_quiet(&self) -> Option<u32> {
        self.vad.trailing_quiet()
    }

    /// Ends the utterance, if one lasts: its result was settled by other means.
    pub const fn settle(&mut self) {
        self.vad.settle();
    }

    /// Whether this line returns our own voice.
    #[must_use]
    pub const fn has_echo(&self) -> bool {
        self.echo.has_echo()
    }

    fn surely_speech(&self) -> f32 {
        (self.level.unwrap_or(NOMINAL_DBOV) - BELOW_DB).clamp(SOFTEST_DBOV, STRICTEST_DBOV)
    }
}

impl Default for Hearing {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A buzz at 140 Hz of this amplitude.
    fn buzz(amplitude: f32, frames: usize) -> Vec<i16> {
        (0..frames * FRAME)
            .map(|n| {
                let t = f32::from(u16::try_from(n % 8_000).unwrap()) / 8_000.0;
                let wave: f32 = (3_u8..14)
                    .map(|k| (std::f32::consts::TAU * 140.0 * f32::from(k) * t).sin())
                    .sum();
                sample(amplitude * wave)
            })
            .collect()
    }

    fn noise(amplitude: f32, frames: usize) -> Vec<i16> {
        let mut dice = 5_u32;
        (0..frames * FRAME)
            .map(|_| {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let white = f32::from(u16::try_from(dice >> 16).unwrap()) / 32_768.0 - 1.0;
                sample(amplitude * white)
            })
            .collect()
    }

    /// The frame in which sound began, and the one in which it was known to be speech.
    fn told(hearing: &mut Hearing, audio: &[i16]) -> (Option<usize>, Option<usize>) {
        let (mut sound, mut speech) = (None, None);
        for (at, frame) in audio.chunks_exact(FRAME).enumerate() {
            let heard = <&[i16; FRAME]>::try_from(frame).unwrap();
            let noticed = hearing.push(heard, &[0; FRAME]);
            if noticed.change == Change::Started {
                sound.get_or_insert(at);
            }
            if hearing.is_speech() {
                speech.get_or_insert(at);
            }
        }
        (sound, speech)
    }

    #[test]
    fn a_voice_is_speech_within_100_ms_and_a_burst_of_noise_never() {
        let quiet = vec![0; 25 * FRAME];
        let voice = [quiet.clone(), buzz(400.0, 30)].concat();
        let (sound, speech) = told(&mut Hearing::new(), &voice);
        assert!(sound.is_some_and(|at| at < 30), "{sound:?}");
        assert_eq!(sound, speech);
        let burst = [quiet, noise(3_000.0, 30)].concat();
        let (sound, speech) = told(&mut Hearing::new(), &burst);
        assert!(sound.is_some());
        assert_eq!(speech, None);
    }

    #[test]
    fn a_soft_voice_is_speech_once_its_caller_is_known() {
        let soft = [vec![0; 25 * FRAME], buzz(50.0, 30), vec![0; 50 * FRAME]].concat();
        let mut hearing = Hearing::new();
        let (sound, speech) = told(&mut hearing, &soft);
        assert!(sound.is_some() && speech.is_none(), "{sound:?} {speech:?}");
        hearing.understood();
        assert!(told(&mut hearing.rested(), &soft).1.is_some());
    }
}
