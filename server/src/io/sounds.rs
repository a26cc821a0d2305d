//! What callers hear, as sound: what is ready is played at once, the rest is made while the
//! beginning is heard.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use events::LegId;
use ivr::io::{Made, PromptError, Prompts, Ticket, Voice};
use ivr::{Manner, Phrase, ScriptSet};
use sip_gateway::boundary::{EncodedPrompt, MediaCommand, PlayId};
use sip_gateway::io::MediaPlane;
use sip_gateway::media::g711;

/// A play of which nobody waits for the end.
const NOBODYS: PlayId = PlayId(u64::MAX);
/// The tone after which a caller dictates: 440 Hz for 200 ms.
const BEEP_HZ: f32 = 440.0;
const BEEP_SAMPLES: u16 = 1_600;
/// Samples in which it rises and falls, so that it does not click.
const BEEP_EDGE: f32 = 160.0;

/// Sounds that are ready, by name and text: what a call says by an older script stays beside the new
/// words of the same name. Shared by its clones.
#[derive(Clone, Default)]
pub struct Library(Arc<RwLock<BTreeMap<Phrase, Arc<EncodedPrompt>>>>);

impl Library {
    /// Adds what scripts may say, stressed as they say; of known phrases the sound is taken anew.
    /// Blocks while missing ones are rendered.
    ///
    /// # Errors
    /// The first phrase that has no sound; none is added then.
    pub fn render(&self, prompts: &Prompts, scripts: &ScriptSet) -> Result<(), PromptError> {
        let phrases = scripts.phrases();
        let before = prompts.stress_by(Arc::clone(scripts.stress()));
        let mut sounds = prompts
            .prepare(&phrases)
            .inspect_err(|_| drop(prompts.stress_by(before)))?;
        let encoded: BTreeMap<Phrase, Arc<EncodedPrompt>> = phrases
            .into_iter()
            .filter_map(|phrase| {
                let sound = sounds.remove(&phrase.name)?;
                Some((phrase, Arc::new(g711::encode_prompt(&sound))))
            })
            .collect();
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(encoded);
        Ok(())
    }

    /// Adds one sound.
    pub fn add(&self, phrase: Phrase, sound: &[i16]) {
        let encoded = Arc::new(g711::encode_prompt(sound));
        let ready = self.0.write();
        ready
            .unwrap_or_else(PoisonError::into_inner)
            .insert(phrase, encoded);
    }

    fn get(&self, phrase: &Phrase) -> Option<Arc<EncodedPrompt>> {
        let ready = self.0.read().unwrap_or_else(PoisonError::into_inner);
        ready.get(phrase).cloned()
    }
}

/// The sound of every phrase.
pub struct Sounds {
    ready: Library,
    beep: Arc<EncodedPrompt>,
    voice: Arc<Voice>,
    plane: Weak<MediaPlane>,
    /// What is being made, by the leg that shall hear it.
    orders: BTreeMap<LegId, Ticket>,
}

impl Sounds {
    /// What is not in `ready` the voice says.
    #[must_use]
    pub fn new(ready: Library, voice: Arc<Voice>, plane: &Arc<MediaPlane>) -> Self {
        Self {
            ready,
            beep: Arc::new(g711::encode_prompt(&beep())),
            voice,
            plane: Arc::downgrade(plane),
            orders: BTreeMap::new(),
        }
    }

    /// Plays phrases one after the other instead of whatever the leg hears.
    pub fn play(&mut self, leg: LegId, play: PlayId, phrases: Vec<Phrase>, manner: Manner) {
        self.forget(leg);
        let mut phrases = phrases.into_iter().peekable();
        let mut prompts = Vec::new();
        while let Some(prompt) = phrases
            .peek()
            .and_then(|phrase| self.prompt(phrase, manner))
        {
            prompts.push(prompt);
            phrases.next();
        }
        if phrases.peek().is_none() {
            let repeat = false;
            return self.send(MediaCommand::Play {
                leg,
                play,
                prompts,
                repeat,
            });
        }
        self.send(MediaCommand::PlayLive { leg, play, prompts });
        let plane = Weak::clone(&self.plane);
        let tell = Box::new(move |made| {
            let (prompts, last) = match made {
                Made::Sound(sound) => (vec![Arc::new(g711::encode_prompt(&sound))], false),
                Made::End => (Vec::new(), true),
            };
            if let Some(plane) = plane.upgrade() {
                plane.send(MediaCommand::PlayMore {
                    leg,
                    play,
                    prompts,
                    last,
                });
            }
        });
        let ticket = self.voice.order(phrases.collect(), manner, tell);
        self.orders.insert(leg, ticket);
    }

    /// Plays phrases for ever: waiting. They are heard as they are ready, in no special manner.
    pub fn repeat(&mut self, leg: LegId, play: PlayId, phrases: &[Phrase]) {
        self.forget(leg);
        let prompts = phrases
            .iter()
            .filter_map(|phrase| self.prompt(phrase, Manner::default()))
            .collect();
        self.send(MediaCommand::Play {
            leg,
            play,
            prompts,
            repeat: true,
        });
    }

    /// The tone that asks to dictate.
    pub fn beep(&mut self, leg: LegId) {
        self.forget(leg);
        self.send(MediaCommand::Play {
            leg,
            play: NOBODYS,
            prompts: vec![Arc::clone(&self.beep)],
            repeat: false,
        });
    }

    /// The leg shall hear nothing more of what is being made.
    pub fn forget(&mut self, leg: LegId) {
        if let Some(ticket) = self.orders.remove(&leg) {
            ticket.cancel();
        }
    }

    /// The sound that is ready. Music has no words, so it has no manner.
    fn prompt(&self, phrase: &Phrase, manner: Manner) -> Option<Arc<EncodedPrompt>> {
        let plain = manner == Manner::default() || phrase.text.is_empty();
        if !plain || phrase.is_live() {
            return None;
        }
        self.ready.get(phrase)
    }

    fn send(&self, command: MediaCommand) {
        if let Some(plane) = self.plane.upgrade() {
            plane.send(command);
        }
    }
}

fn beep() -> Vec<i16> {
    (0..BEEP_SAMPLES)
        .map(|n| {
            let (at, left) = (f32::from(n), f32::from(BEEP_SAMPLES - n));
            let edge = (at.min(left) / BEEP_EDGE).min(1.0);
            let turn = std::f32::consts::TAU * BEEP_HZ * at / 8_000.0;
            ivr::audio::sample(3_000.0 * edge * turn.sin())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beep_rises_and_falls_without_a_click() {
        let beep = beep();
        assert_eq!(beep.len(), 1_600);
        assert!(beep.iter().any(|x| *x > 2_900));
        let step = beep.windows(2).map(|pair| (pair[0] - pair[1]).abs()).max();
        assert!(step < Some(1_100) && beep[0].abs() < 50 && beep[1_599].abs() < 50);
    }
}
