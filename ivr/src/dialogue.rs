//! The machine that holds one dialogue.
//!
//! It listens from the first word of a prompt to the last: a key, a command and an understood choice
//! always interrupt. What it does not understand it never guesses: below [`CONFIRM_PERMILLE`] it asks
//! again, below [`ACCEPT_PERMILLE`] it asks «Вы сказали …?». Silence and nonsense are counted apart,
//! and too much of either leads to a person. Every state has a deadline, so no dialogue hangs.

use std::sync::Arc;

use events::{
    CallId, ChosenBy, DialogueOutcome, DialoguePurpose, Event, Millis, NeedCode, Pii, ServiceId,
    Timestamp,
};

use crate::script::{CONFIRM_NODE, Choice, Command, Date, NodeKind, Script, Taken, YesNo};
use crate::{Input, Output, Phrase};

/// Lowest confidence of a phrase that is taken as said, in thousandths (speech.md §3).
pub const ACCEPT_PERMILLE: u16 = 700;
/// Lowest confidence of a phrase worth asking «Вы сказали …?», in thousandths (speech.md §3).
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

/// What a dialogue knows from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The service, if the line serves only one, else [`ServiceId::undetermined`].
    pub service: ServiceId,
    /// Whether a person's conversation will be recorded, so that the caller must be told.
    pub notice_required: bool,
    /// The day that the validity of knowledge is judged by.
    pub today: Date,
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
            Input::PromptEnded => self.prompt_ended(now, true, out),
            Input::Tick => self.tick(now, out),
        }
    }

    // ── going from node to node ───────────────────────────────────────────────────────────────

    fn enter(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        self.step(now, name, out);
        let script = Arc::clone(&self.script);
        let Some(node) = script.node(name).filter(|_| self.steps <= STEPS_MAX) else {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        };
        match &node.kind {
            NodeKind::Say { .. } => self.tell(now, name, node.prompt.clone(), out),
            NodeKind::Answer { cards, .. } => {
                if cards.iter().any(|card| !card.is_valid(self.context.today)) {
                    let expired = script.system().transfer_expired.clone();
                    return self.close(now, DialogueOutcome::ToPerson, vec![expired], out);
                }
                let cards = cards.iter().map(|card| card.phrase.clone());
                self.tell(
                    now,
                    name,
                    node.prompt.iter().cloned().chain(cards).collect(),
                    out,
                );
            }
            NodeKind::Question(_) => {
                self.arrive(now, name);
                self.ask(now, node.prompt.clone(), out);
            }
            NodeKind::Handover { need } => {
                self.need = need.or(self.need);
                self.close(now, DialogueOutcome::ToPerson, node.prompt.clone(), out);
            }
            NodeKind::Finish { outcome } => self.close(now, *outcome, node.prompt.clone(), out),
        }
    }

    /// Notes that the node was reached and starts its clock.
    fn step(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        self.steps = self.steps.saturating_add(1);
        self.node_until = now.plus_ms(NODE_LIMIT_MS);
        let step = name.to_owned();
        out.push(Output::Fact(Event::StepReached {
            call: self.call,
            step,
        }));
    }

    /// Makes the question the present one, with nothing said yet.
    fn arrive(&mut self, now: Timestamp, name: &str) {
        if self.asked.last().is_none_or(|last| last != name) {
            self.asked.push(name.to_owned());
        }
        self.state = State::Asking(Asking {
            node: name.to_owned(),
            saying: false,
            confirming: None,
            silences: 0,
            misses: 0,
            until: now,
        });
    }

    /// From a node that only speaks to the question ahead of it, without asking it aloud.
    fn skip_ahead(&mut self, now: Timestamp, out: &mut Vec<Output>) -> bool {
        let State::Telling { node, .. } = &self.state else {
            return false;
        };
        let Some(ahead) = self.script.question_ahead(node).map(str::to_owned) else {
            return false;
        };
        self.step(now, &ahead, out);
        out.push(Output::StopSaying);
        self.arrive(now, &ahead);
        true
    }

    fn tell(&mut self, now: Timestamp, name: &str, say: Vec<Phrase>, out: &mut Vec<Output>) {
        let until = said_by(now, &say);
        out.push(Output::Say(say));
        if self.script.listens(name) {
            out.push(Output::Listen {
                node: name.to_owned(),
            });
        }
        self.state = State::Telling {
            node: name.to_owned(),
            saying: true,
            until,
        };
    }

    /// Says something in the present question and listens for its answer.
    fn ask(&mut self, now: Timestamp, say: Vec<Phrase>, out: &mut Vec<Output>) {
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        asking.saying = true;
        asking.until = said_by(now, &say);
        out.push(Output::Say(say));
        let node = asking
            .confirming
            .map_or_else(|| asking.node.clone(), |_| CONFIRM_NODE.into());
        out.push(Output::Listen { node });
    }

    /// Stops what is being said, if anything is.
    fn hush(&mut self, out: &mut Vec<Output>) {
        match &mut self.state {
            State::Telling { saying, .. } | State::Asking(Asking { saying, .. }) => {
                if std::mem::take(saying) {
                    out.push(Output::StopSaying);
                }
            }
            State::Closing { .. } | State::Over => {}
        }
    }

    /// Says the last words, with the notice of recording before a person, and ends.
    fn close(
        &mut self,
        now: Timestamp,
        outcome: DialogueOutcome,
        mut say: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) {
        self.hush(out);
        if self.script.purpose != DialoguePurpose::Farewell {
            out.push(Output::StopListening);
        }
        let assists = self.script.purpose == DialoguePurpose::Assistant;
        let notice = self.context.notice_required && assists && to_person(outcome);
        if notice {
            say.push(self.script.system().recording_notice.clone());
        }
        let until = said_by(now, &say);
        out.push(Output::Say(say));
        self.state = State::Closing {
            outcome,
            notice,
            until,
        };
    }

    /// Ends because the script cannot go on: to a person, or without a rating.
    fn give_up(&mut self, now: Timestamp, outcome: DialogueOutcome, out: &mut Vec<Output>) {
        let system = self.script.system();
        let say = match self.script.purpose {
            DialoguePurpose::Assistant if outcome == DialogueOutcome::Silence => {
                &system.transfer_silence
            }
            DialoguePurpose::Assistant => &system.transfer_not_understood,
            DialoguePurpose::Rating => {
                let question = self
                    .asked
                    .last()
                    .and_then(|name| self.script.question(name));
                question
                    .and_then(|q| q.rating.as_ref())
                    .map_or(&system.goodbye, |r| &r.give_up)
            }
            DialoguePurpose::Farewell => &system.goodbye,
        };
        let outcome = match self.script.purpose {
            DialoguePurpose::Assistant | DialoguePurpose::Rating => outcome,
            DialoguePurpose::Farewell => DialogueOutcome::Finished,
        };
        self.close(now, outcome, vec![say.clone()], out);
    }

    // ── what happens ──────────────────────────────────────────────────────────────────────────

    fn speech_started(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.speaking = true;
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let until = now.plus_ms(SPEECH_LIMIT_MS);
        let confirming = asking.confirming.is_some();
        let barge_in = self
            .script
            .question(&asking.node)
            .is_some_and(|q| q.barge_in)
            || confirming;
        if !asking.saying {
            asking.until = asking.until.max(until);
        } else if barge_in {
            asking.saying = false;
            asking.until = until;
            out.push(Output::StopSaying);
        }
    }

    fn prompt_ended(&mut self, now: Timestamp, to_its_end: bool, out: &mut Vec<Output>) {
        match &mut self.state {
            State::Telling { node, saying, .. } => {
                *saying = false;
                let script = Arc::clone(&self.script);
                let next = script.node(node).and_then(|node| match &node.kind {
                    NodeKind::Say { next } | NodeKind::Answer { next, .. } => Some(next.as_str()),
                    NodeKind::Question(_) | NodeKind::Handover { .. } | NodeKind::Finish { .. } => {
                        None
                    }
                });
                match next {
                    Some(next) => self.enter(now, next, out),
                    None => self.give_up(now, DialogueOutcome::NotUnderstood, out),
                }
            }
            State::Asking(asking) if asking.saying => {
                asking.saying = false;
                let silence_ms = self
                    .script
                    .question(&asking.node)
                    .map_or(0, |q| q.silence_ms);
                let wait = if self.speaking {
                    SPEECH_LIMIT_MS
                } else {
                    silence_ms
                };
                asking.until = now.plus_ms(wait);
            }
            State::Closing {
                outcome, notice, ..
            } => {
                let notice_played = *notice && to_its_end;
                out.push(Output::Finish {
                    outcome: *outcome,
                    notice_played,
                });
                self.state = State::Over;
            }
            State::Asking(_) | State::Over => {}
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

    fn digit(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        let Some(step) = self.listening_in() else {
            return;
        };
        out.push(Output::Fact(Event::DigitPressed {
            call: self.call,
            step,
            digit: Pii::new(key),
        }));
        let command = Command::pressed(key).filter(|command| self.script.knows(*command));
        if let Some(command) = command {
            return self.command(now, command, out);
        }
        if matches!(self.state, State::Telling { .. }) && !self.skip_ahead(now, out) {
            return;
        }
        self.hush(out);
        let State::Asking(asking) = &self.state else {
            return;
        };
        let (node, confirming) = (asking.node.clone(), asking.confirming);
        if let Some(chosen) = confirming {
            return match YesNo::pressed(key) {
                Some(answer) => self.confirmed(now, chosen, answer, out),
                None => self.fail(now, Failure::Miss, out),
            };
        }
        let script = Arc::clone(&self.script);
        match script
            .question(&node)
            .and_then(|question| question.pressed(key))
        {
            Some(choice) => self.choose(now, choice, ChosenBy::Key, out),
            None if self.script.purpose == DialoguePurpose::Rating => {
                self.fail(now, Failure::OutOfRange, out);
            }
            None => self.fail(now, Failure::Miss, out),
        }
    }

    fn heard(&mut self, now: Timestamp, said: &Utterance, out: &mut Vec<Output>) {
        let Some(step) = self.listening_in() else {
            return;
        };
        let meaning = self.meaning(said);
        out.push(Output::Fact(Event::SpeechHeard {
            call: self.call,
            step,
            text: said.text.clone(),
            confidence_permille: said.confidence_permille,
            accepted: !matches!(
                meaning,
                Meaning::Doubt(_) | Meaning::Nonsense | Meaning::Nothing
            ),
            latency_ms: said.latency_ms,
        }));
        match meaning {
            Meaning::Command(command) => self.command(now, command, out),
            Meaning::Answer(chosen, answer) => {
                self.hush(out);
                self.confirmed(now, chosen, answer, out);
            }
            Meaning::Choice(choice) => {
                if !self.skip_ahead(now, out) {
                    self.hush(out);
                }
                self.choose(now, &choice, ChosenBy::Speech, out);
            }
            Meaning::Doubt(choice) => {
                if !self.skip_ahead(now, out) {
                    self.hush(out);
                }
                let State::Asking(asking) = &mut self.state else {
                    return;
                };
                asking.confirming = Some(choice.key);
                self.ask(now, vec![choice.confirm.clone()], out);
            }
            Meaning::Nonsense => {
                self.hush(out);
                self.fail(now, Failure::Miss, out);
            }
            Meaning::Nothing => {}
        }
    }

    /// What the words mean here, by the rules of confidence.
    fn meaning(&self, said: &Utterance) -> Meaning {
        let text = said.text.expose();
        let sure = said.confidence_permille >= ACCEPT_PERMILLE;
        let (node, telling, confirming) = match &self.state {
            State::Telling { node, .. } => (node, true, None),
            // Words while a prompt goes on are an answer, or nothing: the caller talks to somebody.
            State::Asking(a) => (&a.node, a.saying, a.confirming),
            State::Closing { .. } | State::Over => return Meaning::Nothing,
        };
        let missed = match (telling, text.is_empty(), said.speaking) {
            // The recogniser closes a stretch of silence with an empty result.
            (true, _, _) | (false, true, false) => Meaning::Nothing,
            (false, _, _) => Meaning::Nonsense,
        };
        if text.is_empty() || said.confidence_permille < CONFIRM_PERMILLE {
            return missed;
        }
        if let Some(command) = Command::heard(text).filter(|c| self.script.knows(*c)) {
            return if sure {
                Meaning::Command(command)
            } else {
                missed
            };
        }
        if let Some(chosen) = confirming {
            return match YesNo::heard(text) {
                Some(answer) if sure => Meaning::Answer(chosen, answer),
                Some(_) | None => missed,
            };
        }
        let question = self
            .script
            .question_ahead(node)
            .and_then(|ahead| self.script.question(ahead));
        let Some((question, choice)) = question.and_then(|q| Some((q, q.heard(text)?.clone())))
        else {
            return missed;
        };
        match (sure, question.rating.is_some()) {
            (true, _) => Meaning::Choice(choice),
            // «Да» would be key 1 and «нет» key 2, and both are scores: ask again instead.
            (false, true) => missed,
            (false, false) => Meaning::Doubt(choice),
        }
    }

    // ── what follows ──────────────────────────────────────────────────────────────────────────

    fn command(&mut self, now: Timestamp, command: Command, out: &mut Vec<Output>) {
        match command {
            Command::Person => {
                let transfer = self.script.system().transfer.clone();
                self.close(now, DialogueOutcome::PersonAsked, vec![transfer], out);
            }
            Command::Goodbye => {
                let goodbye = self.script.system().goodbye.clone();
                self.close(now, DialogueOutcome::Finished, vec![goodbye], out);
            }
            Command::Repeat => self.again(now, out),
            Command::Back => self.back(now, out),
            Command::Stop => self.stop(now, out),
        }
    }

    /// Says the present node once more.
    fn again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        self.steps = self.steps.saturating_add(1);
        if self.steps > STEPS_MAX {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        }
        let node = match &mut self.state {
            State::Telling { node, .. } => {
                let node = node.clone();
                return self.enter(now, &node, out);
            }
            State::Asking(asking) => asking.node.clone(),
            State::Closing { .. } | State::Over => return,
        };
        let script = Arc::clone(&self.script);
        let confirming = match &self.state {
            State::Asking(asking) => asking.confirming,
            State::Telling { .. } | State::Closing { .. } | State::Over => None,
        };
        let choice = confirming.and_then(|key| script.question(&node).and_then(|q| q.pressed(key)));
        let say = choice.map_or_else(
            || {
                script
                    .node(&node)
                    .map(|n| n.prompt.clone())
                    .unwrap_or_default()
            },
            |choice| vec![choice.confirm.clone()],
        );
        self.ask(now, say, out);
    }

    /// To the question before this one; a node that only speaks goes back to the question before it.
    fn back(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let asking = matches!(self.state, State::Asking(_));
        if asking && self.asked.len() > 1 {
            self.asked.pop();
        }
        match self.asked.last().cloned() {
            Some(before) => {
                self.hush(out);
                self.enter(now, &before, out);
            }
            None => self.again(now, out),
        }
    }

    /// Falls silent and listens; a node that only speaks is left behind.
    fn stop(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        match &mut self.state {
            State::Telling { .. } => self.prompt_ended(now, false, out),
            State::Asking(asking) => {
                let silence_ms = self
                    .script
                    .question(&asking.node)
                    .map_or(0, |q| q.silence_ms);
                asking.until = now.plus_ms(silence_ms);
            }
            State::Closing { .. } | State::Over => {}
        }
    }

    fn confirmed(&mut self, now: Timestamp, chosen: char, answer: YesNo, out: &mut Vec<Output>) {
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        asking.confirming = None;
        let node = asking.node.clone();
        let script = Arc::clone(&self.script);
        let choice = script
            .question(&node)
            .and_then(|question| question.pressed(chosen));
        match (choice, answer) {
            // The words were the caller's; the key or the «да» only confirmed them.
            (Some(choice), YesNo::Yes) => self.choose(now, choice, ChosenBy::Speech, out),
            (Some(_), YesNo::No) | (None, _) => self.fail(now, Failure::Miss, out),
        }
    }

    fn choose(&mut self, now: Timestamp, choice: &Choice, by: ChosenBy, out: &mut Vec<Output>) {
        match &choice.taken {
            Taken::Way { service, need } => {
                self.need = need.or(self.need);
                if let Some(service) = service.as_ref().filter(|s| **s != self.service) {
                    self.service = service.clone();
                    self.need = *need;
                    out.push(Output::ServiceChosen(service.clone(), by));
                }
            }
            Taken::Score(score) => out.push(Output::Rated(*score)),
        }
        self.enter(now, &choice.goto, out);
    }

    /// Counts a failure: asks again, or gives the question up.
    fn fail(&mut self, now: Timestamp, failure: Failure, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let Some(question) = script.question(&asking.node) else {
            return;
        };
        self.failures = self.failures.saturating_add(1);
        let count = match failure {
            Failure::Silence => &mut asking.silences,
            Failure::Miss | Failure::OutOfRange => &mut asking.misses,
        };
        *count = count.saturating_add(1);
        if *count >= question.tries || self.failures >= FAILURES_MAX {
            let outcome = match failure {
                Failure::Silence => DialogueOutcome::Silence,
                Failure::Miss | Failure::OutOfRange => DialogueOutcome::NotUnderstood,
            };
            return self.give_up(now, outcome, out);
        }
        asking.confirming = None;
        let out_of_range = question.rating.as_ref().map(|rating| &rating.out_of_range);
        let say = match (failure, out_of_range) {
            (Failure::Silence, _) => &question.silence,
            (Failure::OutOfRange, Some(text)) => text,
            (Failure::Miss, _) | (Failure::OutOfRange, None) => &question.not_understood,
        };
        self.ask(now, vec![say.clone()], out);
    }

    /// The node whose list is being listened with, if any is.
    fn listening_in(&self) -> Option<String> {
        let node = match &self.state {
            State::Telling { node, .. } | State::Asking(Asking { node, .. }) => node,
            State::Closing { .. } | State::Over => return None,
        };
        self.script.listens(node).then(|| node.clone())
    }
}

struct Utterance {
    text: Pii<String>,
    confidence_permille: u16,
    latency_ms: Millis,
    /// Speech was noticed before its result came.
    speaking: bool,
}

/// What an utterance means in the present node.
enum Meaning {
    Command(Command),
    /// «Да» or «нет» to the choice with this key.
    Answer(char, YesNo),
    Choice(Choice),
    /// A choice, but not surely.
    Doubt(Choice),
    /// Speech off the list, or too doubtful.
    Nonsense,
    /// Nothing to react to.
    Nothing,
}

/// When a prompt must have ended: long after any voice has said it.
fn said_by(now: Timestamp, say: &[Phrase]) -> Timestamp {
    let letters: usize = say.iter().map(|phrase| phrase.text.chars().count()).sum();
    let letters = u64::try_from(letters).unwrap_or(u64::MAX);
    now.plus_ms(
        letters
            .saturating_mul(LETTER_MS)
            .saturating_add(PROMPT_SLACK_MS),
    )
}

const fn to_person(outcome: DialogueOutcome) -> bool {
    matches!(
        outcome,
        DialogueOutcome::ToPerson
            | DialogueOutcome::PersonAsked
            | DialogueOutcome::NotUnderstood
            | DialogueOutcome::Silence
    )
}
