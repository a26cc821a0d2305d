//! The machine that holds one dialogue.
//!
//! It listens from the first word of a prompt to the last: a key, a command and an understood choice
//! always interrupt. What it does not understand it never guesses: below [`CONFIRM_PERMILLE`] it asks
//! again, below [`ACCEPT_PERMILLE`] it asks «Вы сказали …?». Silence and nonsense are counted apart,
//! and too much of either leads to a person. Every state has a deadline, so no dialogue hangs.

mod follow;
mod hear;
mod walk;

use std::sync::Arc;

use events::{
    CallId, DialogueOutcome, DialoguePurpose, Event, NeedCode, Pii, ServiceId, TimeOfDay,
    Timestamp, Values,
};

use self::hear::Utterance;
use crate::script::{Date, Script};
use crate::{Input, Output};

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
/// Nodes entered in a dialogue; then the caller goes to a person.
pub const STEPS_MAX: u16 = 60;
/// Failures in a whole dialogue, in any nodes; then the caller goes to a person.
pub const FAILURES_MAX: u8 = 8;
/// Time from the beginning of speech to its result, in milliseconds; then it counts as silence.
pub const SPEECH_LIMIT_MS: u64 = 10_000;
/// Longest time a letter takes to be said, in milliseconds: three times slower than the voice.
const LETTER_MS: u64 = 200;
/// Beyond the letters of a prompt, the time after which its end is no longer waited for.
const PROMPT_SLACK_MS: u64 = 10_000;

/// Noon, in microseconds of the day.
const NOON_US: i64 = 12 * 3_600 * 1_000_000;

/// What a dialogue knows from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The service, if the line serves only one, else [`ServiceId::undetermined`].
    pub service: ServiceId,
    /// Whether a person's conversation will be recorded, so that the caller must be told.
    pub notice_required: bool,
    /// The day that the validity of knowledge is judged by, and what «завтра» counts from.
    pub today: Date,
    /// The time of day where the house is.
    pub now: TimeOfDay,
    /// Whether persons answer now: what a script's `when = { open = true }` asks.
    pub open: bool,
    /// The caller's number, `+` and digits, if the network told it.
    pub caller: Option<Pii<String>>,
    /// What everybody is told first, if anything (row #55).
    pub broadcast: Option<String>,
    /// The language to begin in, if the script has it; else the script's own.
    pub language: Option<String>,
    /// What the script takes from the house: the variables that it names under `takes`.
    pub given: Pii<Values>,
}

impl Context {
    /// Of an open house at noon that knows nothing of its caller.
    #[must_use]
    pub fn new(service: ServiceId, today: Date) -> Self {
        Self {
            service,
            notice_required: false,
            today,
            now: TimeOfDay::at(Timestamp(NOON_US), 0),
            open: true,
            caller: None,
            broadcast: None,
            language: None,
            given: Pii::default(),
        }
    }
}

/// One dialogue with one caller.
#[derive(Clone, Debug)]
pub struct Dialogue {
    call: CallId,
    script: Arc<Script>,
    context: Context,
    service: ServiceId,
    need: Option<NeedCode>,
    state: State,
    /// Speech began and no result of it has come.
    speaking: bool,
    /// Questions asked, the newest last: the way «назад».
    asked: Vec<String>,
    failures: u8,
    steps: u16,
    node_until: Timestamp,
    dialogue_until: Timestamp,
}

#[derive(Clone, Debug)]
enum State {
    /// A node that only speaks is being said.
    Telling {
        node: String,
        saying: bool,
        until: Timestamp,
    },
    /// A question is being asked or its answer is awaited.
    Asking(Asking),
    /// The last words are being said.
    Closing {
        outcome: DialogueOutcome,
        notice: bool,
        until: Timestamp,
    },
    /// Nothing more happens.
    Over,
}

#[derive(Clone, Debug)]
struct Asking {
    node: String,
    /// The prompt is being said.
    saying: bool,
    /// The key of the choice that the caller is asked to confirm.
    confirming: Option<char>,
    silences: u8,
    misses: u8,
    until: Timestamp,
}

/// Why a question got no answer this time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failure {
    Silence,
    Miss,
    OutOfRange,
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
        let mut dialogue = Self {
            call,
            script,
            service: context.service.clone(),
            context,
            need: None,
            state: State::Over,
            speaking: false,
            asked: Vec::new(),
            failures: 0,
            steps: 0,
            node_until: now,
            dialogue_until: now.plus_ms(DIALOGUE_LIMIT_MS),
        };
        dialogue.enter(now, &start, out);
        dialogue
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

    /// When to be called with [`Input::Tick`]; none only when the dialogue is over.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let limit = self.node_until.min(self.dialogue_until);
        match &self.state {
            State::Telling { until, .. } | State::Asking(Asking { until, .. }) => {
                Some((*until).min(limit))
            }
            State::Closing { until, .. } => Some(*until),
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
                self.heard(
                    now,
                    &Utterance {
                        text,
                        confidence_permille,
                        latency_ms,
                        speaking,
                    },
                    out,
                );
            }
            Input::Digit(key) => self.digit(now, key, out),
            Input::Typed(_) | Input::Answered(_) | Input::Dictated { .. } => {}
            Input::PromptEnded => self.prompt_ended(now, true, out),
            Input::Tick => self.tick(now, out),
        }
    }

    fn tick(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        let closing = matches!(self.state, State::Closing { .. });
        if !closing && now >= self.node_until.min(self.dialogue_until) {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        }
        match &self.state {
            State::Asking(asking) if !asking.saying => {
                self.speaking = false;
                self.fail(now, Failure::Silence, out);
            }
            // The end of a prompt was not told: the media plane is in trouble, the dialogue is not.
            State::Telling { .. } | State::Asking(_) | State::Closing { .. } => {
                self.prompt_ended(now, false, out);
            }
            State::Over => {}
        }
    }
}

#[cfg(test)]
mod tests;
