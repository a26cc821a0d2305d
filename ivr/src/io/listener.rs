//! One caller being listened to: samples in, what was said out.
//!
//! Speech is found by its energy in the telephone band, where hum and rumble do not count. Only
//! speech is decoded, with the time just before it, at an even level. What is decoded is not
//! narrowed: a caller's line has done that already, and a second 300 Hz edge costs recognition
//! (measured on 126 human prompts: 114 right without, 103 with it). The recogniser is made when the
//! caller first speaks.

use std::collections::VecDeque;
use std::sync::Arc;

use events::{Millis, Pii};
use vosk::{DecodingState, Recognizer};

use super::attention::Attention;
use super::figures::Counters;
use super::loaded::{Loaded, read};
use super::model::ModelKind;
use super::said::Said;
use crate::SpeechEvent;
use crate::audio::hearing::Hearing;
use crate::audio::level::LevelControl;
use crate::audio::vad::Change;
use crate::audio::{FRAME, millis, sample};
use crate::graph::{Grammar, UNKNOWN};

/// Frames kept from before the moment when speech was noticed, 600 ms: that is after 120–180 ms of it,
/// and the model wants to hear at least 300 ms of quiet before a word (with 100 ms six of 126 human
/// prompts more are lost).
const PRE_ROLL_FRAMES: usize = 30;
/// Quiet frames after which a phrase that no longer one begins with is taken as said: 240 ms.
const EARLY_FRAMES: u32 = 12;
/// Quiet frames after which a phrase of the list is taken as said that a longer one begins with:
/// 500 ms. What a pattern says may go on for the whole hangover: people pause within numbers.
const WHOLE_FRAMES: u32 = 25;
/// Quiet frames from which the words so far are looked at.
const LOOK_FRAMES: u32 = 6;
/// Looks, one a frame, in which the words so far have to stay the same.
const STEADY_LOOKS: u32 = 5;
/// Soft speech is looked at for words every 100 ms; two equal looks make it speech.
const SOFT_LOOK_FRAMES: u64 = 5;
/// Rate as the vosk crate wants it.
const RATE: f32 = 8_000.0;

/// The recogniser cannot go on with this caller.
#[derive(Debug)]
pub(super) struct DecoderFailed;

/// What this listening session hears with.
pub(super) struct Ear {
    pub(super) grammar: Arc<Grammar>,
    pub(super) model: Loaded,
    /// How the model takes the list.
    pub(super) kind: ModelKind,
    /// What the caller does.
    pub(super) attention: Attention,
}

impl Ear {
    fn recogniser(&self) -> Result<Recognizer, DecoderFailed> {
        let model = read(&self.model);
        let made = match self.kind {
            // The list must be given to the recogniser itself; without one it knows its whole language.
            ModelKind::Words if self.attention == Attention::Answer => {
                let mut list = self.grammar.listing();
                list.push(UNKNOWN);
                Recognizer::new_with_grammar(&model, RATE, &list)
            }
            ModelKind::Words | ModelKind::Phones | ModelKind::Open => Recognizer::new(&model, RATE),
        };
        let mut made = made.ok_or(DecoderFailed)?;
        made.set_words(true);
        Ok(made)
    }
}

/// The state of one caller.
pub(super) struct Listener {
    ear: Ear,
    counters: Arc<Counters>,
    hearing: Hearing,
    level: LevelControl,
    recogniser: Option<Recognizer>,
    /// Samples that do not fill a frame yet, and what was sent meanwhile.
    rest: Vec<(i16, i16)>,
    /// The last frames before speech, with their loudness.
    before: VecDeque<([i16; FRAME], f32)>,
    /// The frame in which speech was noticed, until it is decoded.
    onset: Option<([i16; FRAME], f32)>,
    /// Frames taken since the session began.
    frames: u64,
    /// Frames up to the last loud one.
    last_loud: u64,
    /// Whether this utterance was told to be speech.
    told: bool,
    /// The words so far, and in how many looks they were the same.
    steady: (String, u32),
}

impl Listener {
    /// `hearing` is what is known of the caller's line.
    pub(super) fn new(ear: Ear, hearing: Hearing, counters: Arc<Counters>) -> Self {
        Self {
            ear,
            counters,
            hearing,
            level: LevelControl::new(),
            recogniser: None,
            rest: Vec::with_capacity(FRAME),
            before: VecDeque::with_capacity(PRE_ROLL_FRAMES + 1),
            onset: None,
            frames: 0,
            last_loud: 0,
            told: false,
            steady: (String::new(), 0),
        }
    }

    /// What is known of the caller's line by now.
    pub(super) const fn hearing(&self) -> &Hearing {
        &self.hearing
    }

    /// Takes samples as they came, with what was sent at the same time; `backlog` tells how many
    /// more wait, asked when a result is ready.
    pub(super) fn push(
        &mut self,
        samples: impl Iterator<Item = (i16, i16)>,
        backlog: &dyn Fn() -> usize,
        out: &mut Vec<SpeechEvent>,
    ) -> Result<(), DecoderFailed> {
        for pair in samples {
            self.rest.push(pair);
            if self.rest.len() == FRAME {
                let (mut heard, mut sent) = ([0; FRAME], [0; FRAME]);
                let places = heard.iter_mut().zip(&mut sent);
                for ((heard, sent), pair) in places.zip(self.rest.drain(..)) {
                    (*heard, *sent) = pair;
                }
                self.frame(&heard, &sent, backlog, out)?;
            }
        }
        Ok(())
    }

    fn frame(
        &mut self,
        heard: &[i16; FRAME],
        sent: &[i16; FRAME],
        backlog: &dyn Fn() -> usize,
        out: &mut Vec<SpeechEvent>,
    ) -> Result<(), DecoderFailed> {
        self.frames += 1;
        self.counters.heard(20);
        let noticed = self.hearing.push(heard, sent);
        let (frame, loudness) = (noticed.samples, noticed.loudness);
        self.begin()?;
        match noticed.change {
            Change::Started => {
                self.last_loud = self.frames;
                self.told = false;
                self.steady = (String::new(), 0);
                self.onset = Some((frame, loudness));
                self.announce(out);
                Ok(())
            }
            Change::Ended => {
                self.decode(&frame)?;
                self.finish(backlog, out)
            }
            Change::None => match self.hearing.trailing_quiet() {
                None => {
                    self.before.push_back((frame, loudness));
                    if self.before.len() > PRE_ROLL_FRAMES {
                        self.before.pop_front();
                    }
                    Ok(())
                }
                Some(quiet) => {
                    if quiet == 0 {
                        self.last_loud = self.frames;
                        self.level.learn(loudness);
                    }
                    let over = self.decode(&frame)? == DecodingState::Finalized;
                    self.announce(out);
                    if over || self.is_said(quiet) {
                        self.settle(over, backlog, out)?;
                    }
                    Ok(())
                }
            },
        }
    }

    /// Tells once of an utterance that it is speech: by its sound, or, if it is too soft or too like
    /// noise for that, by words of the list that stay.
    fn announce(&mut self, out: &mut Vec<SpeechEvent>) {
        if self.told {
            return;
        }
        let by_words = self.frames.is_multiple_of(SOFT_LOOK_FRAMES)
            && !self.hearing.is_echo()
            && self.look() > 1
            && !self.steady.0.is_empty();
        if by_words || self.hearing.is_speech() {
            self.told = true;
            out.push(SpeechEvent::Started);
        }
    }

    /// Looks at the words so far, without unknown speech before them; the number of looks in which
    /// they were these. Unknown speech after words may go on: it counts as none.
    fn look(&mut self) -> u32 {
        let Some(recogniser) = self.recogniser.as_mut() else {
            return 0;
        };
        let partial = recogniser.partial_result().partial;
        let words = if partial.ends_with(UNKNOWN) {
            String::new()
        } else {
            let known: Vec<&str> = partial.split(' ').filter(|word| *word != UNKNOWN).collect();
            known.join(" ")
        };
        if self.steady.0 == words {
            self.steady.1 += 1;
        } else {
            self.steady = (words, 1);
        }
        self.steady.1
    }

    /// Whether after so many quiet frames the words so far are taken as all.
    fn is_said(&mut self, quiet: u32) -> bool {
        // A word that is a command when it is said alone may be the first of a sentence.
        if self.ear.attention.is_patient() || quiet < LOOK_FRAMES || self.look() < STEADY_LOOKS {
            return false;
        }
        let words = self.steady.0.as_str();
        let grammar = &self.ear.grammar;
        quiet >= EARLY_FRAMES && grammar.is_complete(words)
            || quiet >= WHOLE_FRAMES && grammar.written(words).is_some()
    }

    /// If speech has just begun: what was kept from before it is decoded first, at a level learnt from
    /// it. A frame later than it was noticed, for that is told first.
    fn begin(&mut self) -> Result<(), DecoderFailed> {
        let Some((frame, loudness)) = self.onset.take() else {
            return Ok(());
        };
        if self.recogniser.is_none() {
            self.recogniser = Some(self.ear.recogniser()?);
        }
        let loudest = self
            .before
            .iter()
            .map(|(_, db)| *db)
            .fold(loudness, f32::max);
        self.level.learn(loudest);
        let kept = std::mem::take(&mut self.before);
        // Who speaks at once, or again at once, is given the quiet that was not there.
        for _ in kept.len()..PRE_ROLL_FRAMES {
            self.decode(&[0; FRAME])?;
        }
        for (kept, _) in kept {
            self.decode(&kept)?;
        }
        self.decode(&frame).map(|_| ())
    }

    fn decode(&mut self, frame: &[i16; FRAME]) -> Result<DecodingState, DecoderFailed> {
        let gain = self.level.gain();
        let even = frame.map(|x| sample(f32::from(x) * gain));
        self.counters.decoded(20);
        let recogniser = self.recogniser.as_mut().ok_or(DecoderFailed)?;
        match recogniser.accept_waveform(&even) {
            Ok(DecodingState::Failed) | Err(_) => Err(DecoderFailed),
            Ok(state) => Ok(state),
        }
    }

    /// A result before the hangover: by the decoder's own endpoint (`over`) or because it is complete.
    fn settle(
        &mut self,
        over: bool,
        backlog: &dyn Fn() -> usize,
        out: &mut Vec<SpeechEvent>,
    ) -> Result<(), DecoderFailed> {
        if !over {
            self.hearing.settle();
            return self.finish(backlog, out);
        }
        let recogniser = self.recogniser.as_mut().ok_or(DecoderFailed)?;
        let said = Said::of(recogniser.result(), &self.ear);
        if said.silence {
            return Ok(());
        }
        self.hearing.settle();
        self.tell(said, backlog, out);
        Ok(())
    }

    /// The sound is over: what is being said is all of it.
    pub(super) fn end(&mut self, out: &mut Vec<SpeechEvent>) -> Result<(), DecoderFailed> {
        self.begin()?;
        if self.hearing.trailing_quiet().is_none() {
            return Ok(());
        }
        self.hearing.settle();
        self.finish(&|| 0, out)
    }

    /// The end of the utterance: the last samples are decoded and the result is told.
    fn finish(
        &mut self,
        backlog: &dyn Fn() -> usize,
        out: &mut Vec<SpeechEvent>,
    ) -> Result<(), DecoderFailed> {
        let recogniser = self.recogniser.as_mut().ok_or(DecoderFailed)?;
        let said = Said::of(recogniser.final_result(), &self.ear);
        recogniser.reset();
        self.tell(said, backlog, out);
        Ok(())
    }

    /// Tells a result, unless nobody spoke: noise without a word is no answer, and neither are the
    /// words of our own prompt when they come back.
    fn tell(&mut self, said: Said, backlog: &dyn Fn() -> usize, out: &mut Vec<SpeechEvent>) {
        if !self.told {
            if said.text.is_empty() || self.hearing.is_echo() {
                self.counters.noise();
                return;
            }
            out.push(SpeechEvent::Started);
        }
        self.told = false;
        if !said.text.is_empty() {
            self.hearing.understood();
        }
        let since = (self.frames - self.last_loud) * u64::try_from(FRAME).unwrap_or(0);
        let waiting = u64::try_from(backlog()).unwrap_or(0);
        let latency_ms = Millis(millis(since + waiting));
        self.counters.utterance(said.text.is_empty(), latency_ms);
        out.push(SpeechEvent::Final {
            text: Pii::new(said.text),
            confidence_permille: said.confidence_permille,
            latency_ms,
        });
    }
}
