//! A dialogue held as text, in its own time: for people who write scripts, and for tests.
//!
//! No audio, no clock: a prompt takes as long as its letters, words come with the confidence they
//! are given, silence is a jump to the deadline.

mod explained;
mod house;
mod plain;
mod trial;

use std::sync::Arc;

use events::{
    CallId, DialogueOutcome, Event, Millis, NeedCode, Pii, ServiceId, TaskReply, TaskRequest,
    Timestamp,
};

pub use explained::explained;
pub use house::SampleHouse;
pub use plain::{read_reply, read_values, request_line, value_line};
pub use trial::{Told, Trial};

use crate::dialogue::{Context, Dialogue};
use crate::intent::spot;
use crate::script::{Grammar, Script, need_word};
use crate::{Input, Manner, Output};

/// How long a letter takes to be said, in milliseconds.
const LETTER_MS: u64 = 70;
/// How long the caller waits before speaking or pressing, in milliseconds.
const PAUSE_MS: u64 = 600;
/// From the first word to the recogniser's result, in milliseconds.
const SPEECH_MS: u64 = 1_500;
/// From the last word to the recogniser's result, in milliseconds (`ivr/model/MODEL_CARD.md`).
const LATENCY_MS: Millis = Millis(800);
/// How long a dictation takes.
const DICTATION_MS: Millis = Millis(6_000);
/// The confidence of plain words, in thousandths.
const PLAIN_PERMILLE: u16 = 950;
/// Prompts in a row without a word of the caller: more is a bug.
const PROMPTS_MAX: usize = 200;

/// What the caller does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Says words; the phrase of the list that they hold is recognised with this confidence.
    Says {
        /// The words.
        words: String,
        /// In thousandths.
        confidence_permille: u16,
    },
    /// Speaks, but not from the list.
    Nonsense,
    /// Presses a key.
    Presses(char),
    /// Types a line (real-time text).
    Types(String),
    /// Dictates after the tone; these words are recognised of it, maybe none.
    Dictates(String),
    /// Waits for the assistant's patience to end.
    Silent,
}

/// How a dialogue ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The outcome.
    pub outcome: DialogueOutcome,
    /// Whether the caller heard that the conversation may be recorded.
    pub notice_played: bool,
    /// The service the call is about.
    pub service: ServiceId,
    /// The need, if it is known.
    pub need: Option<NeedCode>,
    /// The rating, if one was given.
    pub rated: Option<u8>,
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, service {}", self.outcome.as_str(), self.service)?;
        if let Some(need) = self.need {
            write!(f, ", need {}", need_word(need))?;
        }
        if let Some(score) = self.rated {
            write!(f, ", rated {score}")?;
        }
        f.write_str(if self.notice_played {
            ", notice played"
        } else {
            ""
        })
    }
}

/// One dialogue held as text.
#[derive(Clone, Debug)]
pub struct Simulation {
    now: Timestamp,
    dialogue: Dialogue,
    grammars: Vec<Grammar>,
    listening: Option<String>,
    /// When what is being said ends.
    saying_until: Option<Timestamp>,
    /// What is left of a statement that was paused.
    rest_ms: Option<Millis>,
    lines: Vec<String>,
    facts: Vec<Event>,
    asked: Option<TaskRequest>,
    /// When the dictation that is going on began.
    dictating: Option<Timestamp>,
    rated: Option<u8>,
    ending: Option<Ending>,
}

impl Simulation {
    /// Begins; the first words are in [`Simulation::lines`] after [`Simulation::listen`].
    #[must_use]
    pub fn new(script: &Arc<Script>, context: Context) -> Self {
        let mut out = Vec::new();
        let now = Timestamp::default();
        let dialogue = Dialogue::start(now, CallId(1), Arc::clone(script), context, &mut out);
        let mut simulation = Self {
            now,
            dialogue,
            grammars: script
                .languages
                .iter()
                .flat_map(|language| script.grammars_in(language))
                .collect(),
            listening: None,
            saying_until: None,
            rest_ms: None,
            lines: Vec::new(),
            facts: Vec::new(),
            asked: None,
            dictating: None,
            rated: None,
            ending: None,
        };
        simulation.take(out);
        simulation
    }

    /// Lets the assistant speak until it waits for the caller, and gives what it said.
    pub fn listen(&mut self) -> Vec<String> {
        for _ in 0..PROMPTS_MAX {
            let Some(until) = self.saying_until.take() else {
                break;
            };
            self.now = until;
            self.put(Input::PromptEnded);
        }
        self.lines()
    }

    /// Lets the assistant speak until it begins the prompt of a question, and gives what it said.
    pub fn listen_until_asked(&mut self) -> Vec<String> {
        for _ in 0..PROMPTS_MAX {
            if self.dialogue.is_asking() {
                break;
            }
            let Some(until) = self.saying_until.take() else {
                break;
            };
            self.now = until;
            self.put(Input::PromptEnded);
        }
        self.lines()
    }

    /// What the house is asked to do, if an answer is awaited.
    #[must_use]
    pub fn asked(&self) -> Option<&TaskRequest> {
        self.asked.as_ref().filter(|_| self.dialogue.is_working())
    }

    /// The house answers; false if it was not asked.
    pub fn answer(&mut self, reply: TaskReply) -> bool {
        let awaited = self.asked().is_some();
        if awaited {
            self.asked = None;
            self.now = self.now.plus_ms(PAUSE_MS);
            self.put(Input::Answered(reply));
        }
        awaited
    }

    /// The dialogue itself: where it stands, how it speaks.
    #[must_use]
    pub const fn dialogue(&self) -> &Dialogue {
        &self.dialogue
    }

    /// The list that is listened with, if any.
    #[must_use]
    pub fn listening(&self) -> Option<&str> {
        self.listening.as_deref()
    }

    /// Every node entered since this was last asked, conditions and calls included.
    pub fn path(&mut self) -> Vec<String> {
        self.dialogue.take_path()
    }

    /// The facts since this was last asked: steps, words heard, keys, tasks.
    pub fn facts(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.facts)
    }

    /// What the assistant said since this was last asked, one line a time it spoke; a task that it
    /// asked of the house is a line `task: …`.
    pub fn lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// Lets the caller act, at once: in the middle of a prompt, if one is being said.
    pub fn act(&mut self, turn: &Turn) {
        self.now = self.now.plus_ms(PAUSE_MS);
        match turn {
            Turn::Says {
                words,
                confidence_permille,
            } => {
                let text = self.recognise(words);
                self.speak(text, *confidence_permille);
            }
            Turn::Nonsense => self.speak(String::new(), 0),
            Turn::Presses(key) => self.put(Input::Digit(*key)),
            Turn::Types(line) => self.put(Input::Typed(Pii::new(line.clone()))),
            Turn::Dictates(words) => self.dictate(words),
            Turn::Silent if self.dictating.is_some() => self.report(String::new(), Millis(0)),
            Turn::Silent => {
                if let Some(deadline) = self.dialogue.deadline() {
                    self.now = self.now.max(deadline);
                    self.put(Input::Tick);
                }
            }
        }
    }

    /// One line of a person at the keyboard: a key, words (dictated, after the tone), nothing for
    /// silence, `?` for nonsense.
    /// Gives what the assistant says to it.
    pub fn say(&mut self, line: &str) -> Vec<String> {
        let line = line.trim();
        let mut letters = line.chars();
        let turn = match (letters.next(), letters.next()) {
            (None, _) => Turn::Silent,
            (Some('?'), None) => Turn::Nonsense,
            (Some(key @ ('0'..='9' | '*' | '#')), None) => Turn::Presses(key),
            (Some(_), _) if self.dictating.is_some() => Turn::Dictates(line.to_owned()),
            (Some(_), _) => Turn::Says {
                words: line.to_owned(),
                confidence_permille: PLAIN_PERMILLE,
            },
        };
        let mut said = self.listen();
        self.act(&turn);
        said.extend(self.listen());
        said
    }

    /// How it ended, once it has.
    #[must_use]
    pub const fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The phrase of the present list that the words hold; empty if none.
    fn recognise(&self, words: &str) -> String {
        let list = self
            .grammars
            .iter()
            .find(|g| Some(&g.node) == self.listening.as_ref());
        let phrases = list
            .into_iter()
            .flat_map(|g| g.phrases.iter().map(String::as_str));
        let values = list.is_some_and(|list| !list.patterns.is_empty());
        match spot(words, phrases) {
            Some(phrase) => phrase.to_owned(),
            // Words of a value, or for a model that knows all words.
            None if values => words.to_owned(),
            None => String::new(),
        }
    }

    /// The caller speaks after the tone and falls silent.
    fn dictate(&mut self, words: &str) {
        if self.dictating.is_some() {
            self.now = self.now.plus_ms(DICTATION_MS.0);
            self.report(words.to_owned(), DICTATION_MS);
        }
    }

    fn report(&mut self, words: String, spoken_ms: Millis) {
        self.dictating = None;
        let words = Pii::new(words);
        self.put(Input::Dictated { words, spoken_ms });
    }

    fn speak(&mut self, text: String, confidence_permille: u16) {
        self.put(Input::SpeechStarted);
        self.now = self.now.plus_ms(SPEECH_MS);
        let text = Pii::new(text);
        self.put(Input::Heard {
            text,
            confidence_permille,
            latency_ms: LATENCY_MS,
        });
    }

    fn put(&mut self, input: Input) {
        let mut out = Vec::new();
        self.dialogue.handle(self.now, input, &mut out);
        self.take(out);
    }

    fn take(&mut self, out: Vec<Output>) {
        let mut stopped = None;
        for output in out {
            match output {
                Output::Say(phrases) => {
                    let texts: Vec<&str> = phrases.iter().map(|p| p.text.as_str()).collect();
                    let line = texts.join(" ");
                    let letters = u64::try_from(line.chars().count()).unwrap_or(u64::MAX);
                    self.saying_until = Some(self.now.plus_ms(letters.saturating_mul(LETTER_MS)));
                    self.lines.push(line);
                }
                Output::StopSaying => self.saying_until = None,
                Output::PauseSaying => {
                    self.rest_ms = self.saying_until.take().map(|until| until.since(self.now));
                }
                Output::ResumeSaying => {
                    let rest_ms = self.rest_ms.take();
                    self.saying_until = rest_ms.map(|rest| self.now.plus_ms(rest.0));
                }
                Output::Listen { node } => self.listening = Some(node),
                Output::StopListening => self.listening = None,
                Output::Rated(score) => self.rated = Some(score),
                Output::Finish {
                    outcome,
                    notice_played,
                } => {
                    self.ending = Some(Ending {
                        outcome,
                        notice_played,
                        service: self.dialogue.service().clone(),
                        need: self.dialogue.need(),
                        rated: self.rated,
                    });
                }
                Output::Ask(request) => {
                    self.lines.push(format!("task: {}", request_line(&request)));
                    self.asked = Some(request);
                }
                Output::Dictate { node, .. } => {
                    self.dictating = Some(self.now);
                    self.listening = Some(node);
                }
                Output::StopDictating => {
                    let began = self.dictating.take();
                    let spoken_ms = began.map_or(Millis(0), |began| self.now.since(began));
                    stopped = Some(spoken_ms);
                }
                Output::Speak(manner) => self.lines.push(manner_line(manner)),
                Output::Fact(fact) => self.facts.push(fact),
                Output::ServiceChosen(..) => {}
            }
        }
        if let Some(spoken_ms) = stopped {
            self.report(String::new(), spoken_ms);
        }
    }
}

/// How the assistant speaks from now on, as a line of a conversation.
fn manner_line(manner: Manner) -> String {
    let words = [(manner.slow, "slow"), (manner.loud, "loud")];
    let words: Vec<&str> = words
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, word)| *word)
        .collect();
    if words.is_empty() {
        "speaks: usual".to_owned()
    } else {
        format!("speaks: {}", words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{Date, Setting, SourceFile, build};

    fn begin() -> Simulation {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let files = [
            file(
                "assistant/score.toml",
                include_str!("dialogue/tests/score.toml"),
            ),
            file(
                "phrases/dialogue.toml",
                include_str!("dialogue/tests/dialogue.toml"),
            ),
        ];
        let today = Date::parse("2026-11-22").unwrap();
        let setting = Setting {
            organisation: "Министерство".to_owned(),
            today,
        };
        let (set, findings) = build(&files, &setting);
        let set = set.unwrap_or_else(|| panic!("{findings:?}"));
        let script = set.scripts().next().cloned().unwrap();
        let service = ServiceId::undetermined();
        Simulation::new(&script, Context::new(service, today))
    }

    #[test]
    fn a_person_at_the_keyboard_talks_with_the_script() {
        let mut simulation = begin();
        assert_eq!(simulation.listen().len(), 1);
        assert_eq!(
            simulation.say("?"),
            ["Я не понял. Пожалуйста, нажмите цифру от одного до пяти."]
        );
        assert_eq!(simulation.ending(), None);
        assert_eq!(
            simulation.say("ставлю пятёрку, то есть отлично"),
            ["Спасибо за оценку. До свидания."]
        );
        let end = simulation.ending().map(ToString::to_string);
        assert_eq!(end.as_deref(), Some("rated, service undetermined, rated 5"));
        assert_eq!(simulation.say("5"), Vec::<String>::new(), "over is over");
    }

    #[test]
    fn an_empty_line_is_silence_and_a_single_symbol_a_key() {
        let mut simulation = begin();
        assert_eq!(
            simulation.say("").len(),
            2,
            "the question and the question again"
        );
        simulation.say("4");
        assert_eq!(simulation.ending().and_then(|end| end.rated), Some(4));
    }
}
