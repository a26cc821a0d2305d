//! The machine that holds one dialogue.
//!
//! It listens from the first word of a prompt to the last: a key, a command and an understood choice
//! always interrupt. A question is over when the caller speaks; a statement waits, and goes on if
//! their words were no answer. What it does not understand it never guesses: below
//! [`CONFIRM_PERMILLE`] it asks again, below [`ACCEPT_PERMILLE`] it asks «Вы сказали …?». Silence and
//! nonsense are counted apart, and too much of either leads to a person. Every state has a deadline, so
//! no dialogue hangs.
//!
//! Values that a caller states stay in the dialogue and in what it asks of the house; no fact of it
//! holds them.

mod ask;
mod context;
mod dictate;
mod follow;
mod hear;
mod letters;
mod pick;
mod settings;
mod silent;
mod state;
mod understand;
mod walk;
mod work;

use std::sync::Arc;

use events::{CallId, DialogueOutcome, DialoguePurpose, Event, NeedCode, ServiceId, Timestamp};

use self::ask::Entry;
pub use self::context::Context;
use self::context::{broadcast, first_language, known_at_start};
use self::hear::Utterance;
pub(crate) use self::letters::HINT as LETTERS_HINT;
use self::state::{
    Asked, Asking, Correction, Doubt, Failure, Known, Pace, Pause, Stale, State, Working,
};
use crate::script::{Said, Script};
use crate::{Input, Manner, Output, Phrase};

/// Lowest confidence of a phrase that is taken as said, in thousandths
/// (`ivr/model/MODEL_CARD.md`).
pub const ACCEPT_PERMILLE: u16 = 700;
/// Lowest confidence of a phrase worth asking «Вы сказали …?», in thousandths
/// (`ivr/model/MODEL_CARD.md`).
pub const CONFIRM_PERMILLE: u16 = 400;
/// Time in one node, in milliseconds; then the caller goes to a person.
pub const NODE_LIMIT_MS: u64 = 180_000;
/// Time of a dialogue, in milliseconds (row #28: ten minutes); then the caller goes to a person.
pub const DIALOGUE_LIMIT_MS: u64 = 600_000;
/// How many times longer silences and limits are for a caller who asked for more time.
pub const MORE_TIME_FACTOR: u64 = 3;
/// Nodes entered in a dialogue; then the caller goes to a person.
pub const STEPS_MAX: u16 = 200;
/// Failures in a whole dialogue, in any nodes; then the caller goes to a person.
pub const FAILURES_MAX: u8 = 8;
/// Time from the beginning of speech to its result, in milliseconds; then it counts as silence.
pub const SPEECH_LIMIT_MS: u64 = 10_000;
/// Times that one statement waits for words that turn out to be none for us: then it is said to its
/// end, or a talk in the room would keep it from being heard.
pub const PAUSES_MAX: u8 = 2;
/// Time from the first character typed to the end of the line, in milliseconds; then it counts as
/// silence.
pub const TYPING_LIMIT_MS: u64 = 90_000;
/// Time between the keys of one value, in milliseconds; then the value is taken as it stands.
pub const KEY_PAUSE_MS: u64 = 4_000;
/// Time after which a caller is told that the house is still working, in milliseconds.
pub const WAIT_PHRASE_MS: u64 = 3_000;
/// Questions that «назад» leads back through; older ones are forgotten.
pub const BACK_MAX: usize = 40;
/// Nodes of the path that are kept for whoever asks.
const PATH_MAX: usize = 256;
/// Longest time a letter takes to be said, in milliseconds: three times slower than the voice.
const LETTER_MS: u64 = 200;
/// Beyond the letters of a prompt, the time after which its end is no longer waited for.
const PROMPT_SLACK_MS: u64 = 10_000;

/// One dialogue with one caller.
#[derive(Clone, Debug)]
pub struct Dialogue {
    call: CallId,
    script: Arc<Script>,
    context: Context,
    service: ServiceId,
    need: Option<NeedCode>,
    state: State,
    /// What callers stated and the house answered.
    known: Known,
    pace: Pace,
    /// Speech began and no result of it has come.
    speaking: bool,
    /// The last key was `*`: a second one opens the settings.
    star: bool,
    /// Questions asked, the newest last: the way «назад».
    asked: Vec<Asked>,
    /// A value that was read back is being asked for once more.
    correcting: Option<Correction>,
    /// Said before the next words: what everybody is told first.
    first: Vec<Phrase>,
    stale: Stale,
    recordings: u16,
    /// Why the script's own way out of silence or nonsense was gone: it is gone once.
    gave_up: Option<DialogueOutcome>,
    /// Nodes entered since it was last asked, those without a word included.
    path: Vec<String>,
    failures: u8,
    steps: u16,
    node_until: Timestamp,
    dialogue_until: Timestamp,
}

impl Dialogue {
    /// Begins the dialogue of `script` and says the first words.
    pub fn start(
        now: Timestamp,
        call: CallId,
        script: Arc<Script>,
        context: Context,
        out: &mut Vec<Output>,
    ) -> Self {
        out.push(Output::Fact(Event::DialogueStarted {
            call,
            purpose: script.purpose,
            script: script.id.clone(),
            version: script.version.clone(),
        }));
        let start = script.start.clone();
        let factor = if context.writes { MORE_TIME_FACTOR } else { 1 };
        let mut dialogue = Self {
            call,
            known: known_at_start(&context),
            pace: Pace {
                language: first_language(&script, context.language.as_deref()),
                manner: Manner::default(),
                factor,
            },
            first: broadcast(&context),
            script,
            service: context.service.clone(),
            context,
            need: None,
            state: State::Over,
            speaking: false,
            star: false,
            asked: Vec::new(),
            correcting: None,
            stale: Stale::default(),
            recordings: 0,
            gave_up: None,
            path: Vec::new(),
            failures: 0,
            steps: 0,
            node_until: now,
            dialogue_until: now.plus_ms(DIALOGUE_LIMIT_MS.saturating_mul(factor)),
        };
        if dialogue.is_given_all() {
            dialogue.enter(now, &start, out);
        } else {
            dialogue.give_up(now, DialogueOutcome::NotUnderstood, out);
        }
        dialogue
    }

    /// Whether the house gave what the script takes, each of its type.
    fn is_given_all(&self) -> bool {
        let values = self.known.values.expose();
        let mut takes = self.script.takes.iter();
        takes.all(|(name, kind)| values.get(name).is_some_and(|v| v.kind() == *kind))
    }

    /// What it follows, to its end.
    #[must_use]
    pub const fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// What the dialogue is for.
    #[must_use]
    pub fn purpose(&self) -> DialoguePurpose {
        self.script.purpose
    }

    /// The service the call is about, as far as it is known.
    #[must_use]
    pub const fn service(&self) -> &ServiceId {
        &self.service
    }

    /// The need the caller came with (row #43): what the script says, else what callers of the
    /// service usually need, else none.
    #[must_use]
    pub fn need(&self) -> Option<NeedCode> {
        self.need.or_else(|| self.script.usual_need(&self.service))
    }

    /// Whether the dialogue is over.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Whether a question is being asked or its answer awaited.
    #[must_use]
    pub const fn is_asking(&self) -> bool {
        matches!(self.state, State::Asking(_))
    }

    /// Whether an answer of the house is awaited.
    #[must_use]
    pub const fn is_working(&self) -> bool {
        matches!(self.state, State::Working(_))
    }

    /// Whether what the caller says is being recorded.
    #[must_use]
    pub const fn is_dictating(&self) -> bool {
        matches!(self.state, State::Dictating { .. })
    }

    /// The node the dialogue stands in, if it is not over.
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        self.state.node()
    }

    /// The nodes entered since this was last asked, conditions and calls included: for coverage.
    pub fn take_path(&mut self) -> Vec<String> {
        std::mem::take(&mut self.path)
    }

    /// How the assistant speaks to this caller.
    #[must_use]
    pub const fn manner(&self) -> Manner {
        self.pace.manner
    }

    /// When to be called with [`Input::Tick`]; none only when the dialogue is over.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let limit = self.node_until.min(self.dialogue_until);
        match &self.state {
            State::Telling { until, pause, .. } => Some(pause.until.unwrap_or(*until).min(limit)),
            State::Asking(Asking { until, .. }) | State::Settings { until, .. } => {
                Some((*until).min(limit))
            }
            State::Working(working) => Some(working.deadline().min(limit)),
            // A dictation has a limit of its own and ends before it is taken away.
            State::Dictating { until, .. } | State::Closing { until, .. } => Some(*until),
            State::Over => None,
        }
    }

    /// Takes what happened.
    pub fn handle(&mut self, now: Timestamp, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::SpeechStarted => self.speech_started(now, out),
            Input::Heard {
                text,
                confidence_permille,
                latency_ms,
            } => {
                let speaking = std::mem::take(&mut self.speaking);
                let said = Utterance {
                    text,
                    confidence_permille,
                    latency_ms,
                    speaking,
                };
                self.heard(now, &said, out);
            }
            Input::Digit(key) => self.digit(now, key, out),
            Input::Typed(text) => self.typed(now, &text, out),
            Input::Answered(reply) => self.answered(now, reply, out),
            Input::Dictated { words, spoken_ms } => self.dictated(now, words, spoken_ms, out),
            Input::PromptEnded => self.prompt_ended(now, true, out),
            Input::Tick => self.tick(now, out),
        }
    }

    fn tick(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        let own_limit = matches!(
            self.state,
            State::Closing { .. } | State::Dictating { .. } | State::Over
        );
        if !own_limit && now >= self.node_until.min(self.dialogue_until) {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        }
        match &self.state {
            State::Asking(asking) if !asking.saying => {
                self.speaking = false;
                if asking.entry.as_ref().is_some_and(Entry::is_begun) {
                    return self.entered(now, out);
                }
                self.fail(now, Failure::Silence, out);
            }
            State::Working(_) => self.working_tick(now, out),
            State::Dictating { .. } => self.dictating_tick(now, out),
            State::Settings { saying: false, .. } => self.leave_settings(now, out),
            State::Telling { pause, .. } if pause.until.is_some() => {
                self.speaking = false;
                self.go_on_telling(out);
            }
            // The end of a prompt was not told: the media plane is in trouble, the dialogue is not.
            State::Telling { .. }
            | State::Asking(_)
            | State::Settings { .. }
            | State::Closing { .. } => self.prompt_ended(now, false, out),
            State::Over => {}
        }
    }

    /// The phrases of a text for this caller.
    fn words(&self, said: &Said) -> Vec<Phrase> {
        self.words_with(said, &[])
    }

    /// The phrases of a text, some of its placeholders standing for these words.
    fn words_with(&self, said: &Said, bound: &[(&str, String)]) -> Vec<Phrase> {
        said.render(&self.pace.language, &|name| {
            let own = bound.iter().find(|(n, _)| *n == name);
            own.map(|(_, words)| words.clone())
                .or_else(|| self.said_value(name))
        })
    }
}

#[cfg(test)]
mod tests;
