//! The machine that holds one dialogue.
//!
//! It listens from the first word of a prompt to the last: a key, a command and an understood choice
//! always interrupt. What it does not understand it never guesses: below [`CONFIRM_PERMILLE`] it asks
//! again, below [`ACCEPT_PERMILLE`] it asks «Вы сказали …?». Silence and nonsense are counted apart,
//! and too much of either leads to a person. Every state has a deadline, so no dialogue hangs.
//!
//! Values that a caller states stay in the dialogue and in what it asks of the house; no fact of it
//! holds them.

mod ask;
mod dictate;
mod follow;
mod hear;
mod letters;
mod pick;
mod settings;
mod silent;
mod understand;
mod walk;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use events::{
    CallId, DialogueOutcome, DialoguePurpose, Event, NeedCode, Pii, ServiceId, TaskReply,
    TimeOfDay, Timestamp, Value, Values,
};

use self::ask::Entry;
use self::hear::Utterance;
pub(crate) use self::letters::HINT as LETTERS_HINT;
use crate::script::{CALLER, Date, Language, Said, Script};
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
    /// Whether the caller reads and types (real-time text): every limit is long from the start.
    pub writes: bool,
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
            writes: false,
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

/// Everything that «назад» takes back.
#[derive(Clone, Debug, Default)]
struct Known {
    values: Pii<Values>,
    /// The house's choices, by variable.
    offers: Pii<BTreeMap<String, Vec<Values>>>,
    /// The call nodes whose parts are being gone through, the innermost last.
    calls: Vec<String>,
}

/// A question that was asked, and what was known then.
#[derive(Clone, Debug)]
struct Asked {
    node: String,
    known: Known,
}

/// How the dialogue is held with this caller.
#[derive(Clone, Debug)]
struct Pace {
    language: Language,
    manner: Manner,
    /// [`MORE_TIME_FACTOR`] if more time was asked for, else 1.
    factor: u64,
}

/// From where a value that was wrong is asked for again, the dialogue returns to where it was read.
#[derive(Clone, Debug)]
struct Correction {
    back: String,
    others: Vec<String>,
}

/// Answers that will come and are not waited for any more.
#[derive(Clone, Copy, Debug, Default)]
struct Stale {
    tasks: u8,
    dictations: u8,
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
    /// What the caller says is being recorded.
    Dictating {
        node: String,
        file: String,
        /// It was stopped: only its report is awaited.
        stopped: bool,
        until: Timestamp,
    },
    /// The house is working.
    Working(Working),
    /// The settings of the conversation are open; then the dialogue goes on as it was.
    Settings {
        before: Box<State>,
        saying: bool,
        until: Timestamp,
    },
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
    /// What the caller is asked to confirm.
    doubt: Option<Doubt>,
    /// A value on its way in by keys.
    entry: Option<Entry>,
    /// Offers that are left to choose from, by their places, and the first of those said.
    offers: (Vec<usize>, usize),
    silences: u8,
    misses: u8,
    until: Timestamp,
}

/// What «Вы сказали …?» asks about.
#[derive(Clone, Debug, PartialEq)]
enum Doubt {
    /// The choice with this key.
    Choice(char),
    /// These values, one after the other.
    Values(Pii<Vec<Value>>),
    /// The offer at this place.
    Offer(usize),
    /// The recording: keep it, or speak again.
    Dictation(Pii<Value>),
}

#[derive(Clone, Debug)]
struct Working {
    node: String,
    saying: bool,
    asked_at: Timestamp,
    /// When the house has answered or failed.
    limit: Timestamp,
    /// When the caller is told to wait, or when the words must have ended.
    until: Timestamp,
    /// The answer, while words are still being said.
    reply: Option<TaskReply>,
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
            State::Telling { until, .. }
            | State::Asking(Asking { until, .. })
            | State::Settings { until, .. } => Some((*until).min(limit)),
            State::Working(working) => Some(working.until.min(working.limit).min(limit)),
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

impl State {
    fn node(&self) -> Option<&str> {
        match self {
            Self::Telling { node, .. }
            | Self::Asking(Asking { node, .. })
            | Self::Dictating { node, .. }
            | Self::Working(Working { node, .. }) => Some(node),
            Self::Settings { before, .. } => before.node(),
            Self::Closing { .. } | Self::Over => None,
        }
    }
}

fn known_at_start(context: &Context) -> Known {
    let mut values = context.given.expose().clone();
    if let Some(number) = &context.caller {
        values.insert(CALLER.to_owned(), Value::Phone(number.expose().clone()));
    }
    Known {
        values: Pii::new(values),
        ..Known::default()
    }
}

fn first_language(script: &Script, wanted: Option<&str>) -> Language {
    let wanted = wanted.and_then(Language::parse);
    let known = wanted.filter(|language| script.languages.contains(language));
    known.unwrap_or_else(|| script.language())
}

fn broadcast(context: &Context) -> Vec<Phrase> {
    let text = context
        .broadcast
        .iter()
        .filter(|text| !text.trim().is_empty());
    text.map(|text| Phrase {
        name: format!("broadcast{}", Phrase::LIVE),
        text: crate::readback::speakable(text),
    })
    .collect()
}

#[cfg(test)]
mod tests;
