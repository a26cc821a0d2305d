//! What the caller says, types and presses.

use std::sync::Arc;

use events::{ChosenBy, DialogueOutcome, DialoguePurpose, Event, Millis, Pii, Timestamp};

use super::understand::{Meaning, Source};
use super::{Dialogue, Doubt, Failure, SPEECH_LIMIT_MS, State, TYPING_LIMIT_MS};
use crate::Output;
use crate::script::{Command, NodeKind, YesNo};

/// What the recogniser understood.
pub(super) struct Utterance {
    pub(super) text: Pii<String>,
    pub(super) confidence_permille: u16,
    pub(super) latency_ms: Millis,
    /// Speech was noticed before its result came.
    pub(super) speaking: bool,
}

impl Dialogue {
    pub(super) fn speech_started(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.speaking = true;
        let until = now.plus_ms(self.utterance_limit_ms());
        if let State::Settings {
            saying,
            until: patience,
            ..
        } = &mut self.state
        {
            *patience = until;
            if std::mem::take(saying) {
                out.push(Output::StopSaying);
            }
            return;
        }
        self.pause_telling(now, out);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let kind = self.script.node(&asking.node).map(|node| &node.kind);
        // Who speaks before the tone is not answering yet.
        let dictates = matches!(kind, Some(NodeKind::Dictate(_)));
        let allowed = kind
            .and_then(NodeKind::patience)
            .is_some_and(|p| p.barge_in);
        let barge_in = asking.doubt.is_some() || allowed && !dictates;
        if !asking.saying {
            asking.until = asking.until.max(until);
        } else if barge_in {
            asking.saying = false;
            asking.until = until;
            out.push(Output::StopSaying);
        }
    }

    pub(super) fn prompt_ended(&mut self, now: Timestamp, to_its_end: bool, out: &mut Vec<Output>) {
        let silence = now.plus_ms(self.silence_ms());
        let utterance = now.plus_ms(self.utterance_limit_ms());
        match &mut self.state {
            State::Telling { node, saying, .. } => {
                *saying = false;
                let script = Arc::clone(&self.script);
                let kind = script.node(node).map(|node| &node.kind);
                match kind.and_then(NodeKind::only_way) {
                    Some(next) => self.enter(now, next, out),
                    None => self.give_up(now, DialogueOutcome::NotUnderstood, out),
                }
            }
            State::Asking(asking) if asking.saying => {
                asking.saying = false;
                asking.until = if self.speaking { utterance } else { silence };
                if self.is_ready_to_dictate() {
                    self.dictate(now, out);
                }
            }
            State::Settings { saying, until, .. } => {
                *saying = false;
                *until = silence;
            }
            State::Working(_) => self.words_over(now, out),
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
            State::Asking(_) | State::Dictating { .. } | State::Over => {}
        }
    }

    pub(super) fn digit(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        let Some(step) = self.listening_in() else {
            return;
        };
        out.push(Output::Fact(Event::DigitPressed {
            call: self.call,
            step,
            digit: Pii::new(key),
        }));
        self.press(now, key, out);
    }

    /// What a key means where the dialogue stands.
    fn press(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        let star = std::mem::replace(&mut self.star, key == '*');
        match &self.state {
            State::Settings { .. } => return self.pressed_setting(now, key, out),
            State::Dictating { .. } => return self.pressed_dictating(now, key, out),
            State::Telling { .. }
            | State::Asking(_)
            | State::Working(_)
            | State::Closing { .. }
            | State::Over => {}
        }
        if self.is_for_entry(key) {
            return self.press_entry(now, key, out);
        }
        let command = Command::pressed(key).filter(|command| self.script.knows(*command));
        if key == '*' && star && self.script.knows(Command::Slower) {
            self.star = false;
            return self.open_settings(now, out);
        }
        if let Some(command) = command {
            return self.command(now, command, out);
        }
        if matches!(self.state, State::Telling { .. }) && !self.skip_ahead(now, out) {
            return;
        }
        if self.is_for_entry(key) {
            return self.press_entry(now, key, out);
        }
        self.press_answer(now, key, out);
    }

    /// A key that answers a question.
    fn press_answer(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        let State::Asking(asking) = &self.state else {
            return;
        };
        let (node, doubt) = (asking.node.clone(), asking.doubt.clone());
        self.hush(out);
        if let Some(doubt) = doubt {
            return match YesNo::pressed(key) {
                Some(answer) => self.confirmed(now, doubt, answer, out),
                None => self.fail(now, Failure::Miss, out),
            };
        }
        let script = Arc::clone(&self.script);
        let Some(kind) = script.node(&node).map(|node| &node.kind) else {
            return;
        };
        match kind {
            NodeKind::Question(question) => match question.pressed(key) {
                Some(choice) => self.choose(now, choice, ChosenBy::Key, out),
                None if script.purpose == DialoguePurpose::Rating => {
                    self.fail(now, Failure::OutOfRange, out);
                }
                None => self.fail(now, Failure::Miss, out),
            },
            NodeKind::Pick(pick) => self.pressed_offer(now, pick, key, out),
            NodeKind::Ask(_) => self.fail(now, Failure::Miss, out),
            NodeKind::Dictate(_) if key == '1' => self.dictate(now, out),
            NodeKind::Dictate(it) => self.without_voice(now, (key, it.by_keys.as_deref()), out),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => {}
        }
    }

    /// Key 9 leads to where the same is asked without speaking.
    fn without_voice(
        &mut self,
        now: Timestamp,
        (key, by_keys): (char, Option<&str>),
        out: &mut Vec<Output>,
    ) {
        match by_keys.filter(|_| key == '9') {
            Some(node) => self.enter(now, node, out),
            None => self.fail(now, Failure::Miss, out),
        }
    }

    pub(super) fn heard(&mut self, now: Timestamp, said: &Utterance, out: &mut Vec<Output>) {
        if matches!(self.state, State::Dictating { .. }) {
            return self.heard_dictating(now, said, out);
        }
        let Some(step) = self.listening_in() else {
            return;
        };
        self.star = false;
        if said.text.expose().is_empty() && !said.speaking {
            // The recogniser closes a stretch of silence with an empty result: nobody spoke.
            return;
        }
        let confidence = said.confidence_permille;
        let meaning = self.meaning(said.text.expose(), confidence, Source::Speech);
        out.push(Output::Fact(Event::SpeechHeard {
            call: self.call,
            step,
            text: said.text.clone(),
            confidence_permille: confidence,
            accepted: meaning.is_accepted(),
            latency_ms: said.latency_ms,
        }));
        self.act(now, meaning, out);
    }

    /// Whether a line that is being typed would be taken as an answer if it ended here.
    #[must_use]
    pub fn would_take(&self, line: &str) -> bool {
        self.listening_in().is_some() && self.meaning(line, 1_000, Source::Text).is_accepted()
    }

    /// How long an utterance may take from its beginning to its result.
    const fn utterance_limit_ms(&self) -> u64 {
        if self.context.writes {
            TYPING_LIMIT_MS
        } else {
            SPEECH_LIMIT_MS
        }
    }

    /// A line of real-time text: the same as words that were surely understood, slips mended.
    pub(super) fn typed(&mut self, now: Timestamp, line: &Pii<String>, out: &mut Vec<Output>) {
        self.speaking = false;
        let Some(step) = self.listening_in() else {
            return;
        };
        let text = line.expose().trim();
        if text.is_empty() {
            return;
        }
        let fact = |accepted| {
            Output::Fact(Event::TextReceived {
                call: self.call,
                step: step.clone(),
                text: line.clone(),
                accepted,
            })
        };
        let mut symbols = text.chars();
        if let (Some(key @ ('0'..='9' | '*' | '#')), None) = (symbols.next(), symbols.next()) {
            out.push(fact(true));
            return self.press(now, key, out);
        }
        self.star = false;
        if self.takes_dictation() {
            out.push(fact(true));
            return self.dictated_by_text(now, text, out);
        }
        let meaning = self.meaning(text, 1_000, Source::Text);
        out.push(fact(meaning.is_accepted()));
        self.act(now, meaning, out);
    }

    /// Does what was meant.
    fn act(&mut self, now: Timestamp, meaning: Meaning, out: &mut Vec<Output>) {
        match meaning {
            Meaning::Command(command) => self.command(now, command, out),
            Meaning::Answer(doubt, answer) => {
                self.hush(out);
                self.confirmed(now, doubt, answer, out);
            }
            Meaning::Choice(choice) => {
                self.come_to_question(now, out);
                self.choose(now, &choice, ChosenBy::Speech, out);
            }
            Meaning::DoubtfulChoice(choice) => {
                self.come_to_question(now, out);
                let say = self.words(&choice.confirm);
                self.doubt(now, Doubt::Choice(choice.key), say, out);
            }
            Meaning::Value(reading, sure) => {
                self.come_to_question(now, out);
                self.read(now, reading, sure, out);
            }
            Meaning::Offers(places, sure) => {
                self.come_to_question(now, out);
                self.narrowed(now, (places, sure), out);
            }
            Meaning::OtherOffers => {
                self.come_to_question(now, out);
                self.other_offers(now, out);
            }
            Meaning::Nonsense => {
                self.hush(out);
                self.fail(now, Failure::Miss, out);
            }
            Meaning::Nothing => self.go_on_telling(out),
        }
    }

    /// Stops a prompt that was answered before its end, or before its question was asked.
    fn come_to_question(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if !self.skip_ahead(now, out) {
            self.hush(out);
        }
    }

    /// Asks «Вы сказали …?».
    pub(super) fn doubt(
        &mut self,
        now: Timestamp,
        doubt: Doubt,
        say: Vec<crate::Phrase>,
        out: &mut Vec<Output>,
    ) {
        if let State::Asking(asking) = &mut self.state {
            asking.doubt = Some(doubt);
            self.ask(now, say, out);
        }
    }

    /// Silence after which the present question counts a failure, in milliseconds.
    pub(super) fn silence_ms(&self) -> u64 {
        const WITHOUT_QUESTION_MS: u64 = 6_000;
        let node = self.state.node().and_then(|node| self.script.node(node));
        let patience = node.and_then(|node| node.kind.patience());
        let silence_ms = patience.map_or(WITHOUT_QUESTION_MS, |p| p.silence_ms);
        silence_ms.saturating_mul(self.pace.factor)
    }

    /// The node whose list is being listened with, if any is.
    fn listening_in(&self) -> Option<String> {
        let node = match &self.state {
            State::Closing { .. } | State::Over => return None,
            State::Telling { .. }
            | State::Asking(_)
            | State::Dictating { .. }
            | State::Working(_)
            | State::Settings { .. } => self.state.node()?,
        };
        self.script.listens(node).then(|| node.to_string())
    }
}
