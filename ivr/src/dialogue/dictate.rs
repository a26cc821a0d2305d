//! Dictation: a tone, the caller's own words, silence or `#`, and whether to keep them.

use events::{Event, Millis, Pii, Timestamp, Value};

use super::hear::Utterance;
use super::understand::Source;
use super::{Dialogue, Doubt, Failure, State};
use crate::script::{Command, DICTATION_NODE, Dictate, NodeKind};
use crate::{Output, Phrase};

/// A recording shorter than this holds no words, in milliseconds.
const DICTATION_MIN_MS: u64 = 700;
/// Confidence from which words alone are a command and no part of the dictation: a complaint that is lost
/// to a command nobody gave is worse than a command that is said twice.
const COMMAND_PERMILLE: u16 = 850;
/// Time between the stop of a dictation and its report, in milliseconds.
const REPORT_MS: u64 = 5_000;

impl Dialogue {
    fn dictates_in(&self, node: &str) -> Option<&Dictate> {
        if let NodeKind::Dictate(it) = &self.script.node(node)?.kind {
            Some(it)
        } else {
            None
        }
    }

    /// Whether the words before a dictation have been said.
    pub(super) fn is_ready_to_dictate(&self) -> bool {
        let State::Asking(asking) = &self.state else {
            return false;
        };
        let dictates = self.dictates_in(&asking.node).is_some();
        dictates && !asking.saying && asking.doubt.is_none()
    }

    /// Whether a typed line would be the dictation.
    pub(super) fn takes_dictation(&self) -> bool {
        match &self.state {
            State::Asking(asking) => {
                asking.doubt.is_none() && self.dictates_in(&asking.node).is_some()
            }
            State::Dictating { .. } => true,
            State::Telling { .. }
            | State::Working(_)
            | State::Settings { .. }
            | State::Closing { .. }
            | State::Over => false,
        }
    }

    /// Begins to record.
    pub(super) fn dictate(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        let State::Asking(asking) = &self.state else {
            return;
        };
        let asking = asking.clone();
        let max_ms = self.dictates_in(&asking.node).map_or(0, |it| it.max_ms);
        let factor = self.pace.factor;
        self.recordings = self.recordings.saturating_add(1);
        let file = format!("dictation-{}-{}.wav", self.call, self.recordings);
        out.push(Output::StopListening);
        let node = self.script.list_name(DICTATION_NODE, &self.pace.language);
        let begun = file.clone();
        out.push(Output::Dictate { node, file: begun });
        let until = now.plus_ms(max_ms.saturating_mul(factor));
        // A dictation may be longer than a node.
        self.node_until = self.node_until.max(until.plus_ms(REPORT_MS));
        self.state = State::Dictating {
            asking,
            file,
            stopped: false,
            until,
        };
    }

    pub(super) fn pressed_dictating(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
        match key {
            '#' => self.stop_dictation(now, out),
            '*' => {
                self.drop_dictation(out);
                self.back_to_question();
                self.ask_again(now, out);
            }
            '0' => self.command(now, Command::Person, out),
            '9' => self.without_dictation(now, out),
            _ => {}
        }
    }

    /// Words while a dictation goes on are its own, but for «оператор» and «стоп» that are said alone.
    pub(super) fn heard_dictating(
        &mut self,
        now: Timestamp,
        said: &Utterance,
        out: &mut Vec<Output>,
    ) {
        let sure = said.confidence_permille >= COMMAND_PERMILLE;
        let command = self.command_in(said.text.expose(), Source::Speech);
        let command =
            command.filter(|command| sure && matches!(command, Command::Person | Command::Stop));
        let (Some(command), Some(step)) = (command, self.state.node().map(ToString::to_string))
        else {
            return;
        };
        out.push(Output::Fact(Event::SpeechHeard {
            call: self.call,
            step,
            text: said.text.clone(),
            confidence_permille: said.confidence_permille,
            accepted: true,
            latency_ms: said.latency_ms,
        }));
        if command == Command::Stop {
            self.stop_dictation(now, out);
        } else {
            self.command(now, command, out);
        }
    }

    /// The words of a dictation without the «стоп» that ended it.
    fn without_stop(&self, words: &str) -> String {
        let stop = |words: &&str| self.command_in(words, Source::Speech) == Some(Command::Stop);
        let ended = words.rsplit_once(' ').map_or(("", words), |split| split);
        if stop(&ended.1) {
            ended.0.to_owned()
        } else {
            words.to_owned()
        }
    }

    /// The same without speaking, if the script has a way for it.
    fn without_dictation(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let node = self.state.node().and_then(|node| self.dictates_in(node));
        if let Some(by_keys) = node.and_then(|it| it.by_keys.clone()) {
            self.drop_dictation(out);
            self.back_to_question();
            self.enter(now, &by_keys, out);
        }
    }

    /// The recording is long enough: stops it and waits for its report.
    fn stop_dictation(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if let State::Dictating { stopped, until, .. } = &mut self.state
            && !std::mem::replace(stopped, true)
        {
            *until = now.plus_ms(REPORT_MS);
            out.push(Output::StopDictating);
        }
    }

    /// The recording is not wanted any more; its report will come and mean nothing.
    pub(super) fn drop_dictation(&mut self, out: &mut Vec<Output>) {
        if let State::Dictating { stopped, .. } = &mut self.state {
            if !std::mem::replace(stopped, true) {
                out.push(Output::StopDictating);
            }
            self.stale.dictations = self.stale.dictations.saturating_add(1);
        }
    }

    pub(super) fn dictating_tick(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let State::Dictating { stopped, .. } = &self.state else {
            return;
        };
        if !stopped {
            return self.stop_dictation(now, out);
        }
        // Nothing was reported: the media plane is in trouble.
        self.drop_dictation(out);
        self.back_to_question();
        self.fail(now, Failure::Silence, out);
    }

    /// The question again, nothing said yet.
    fn back_to_question(&mut self) {
        if let State::Dictating { asking, .. } = &self.state {
            self.state = State::Asking(asking.clone());
        }
    }

    pub(super) fn dictated(
        &mut self,
        now: Timestamp,
        words: Pii<String>,
        spoken_ms: Millis,
        out: &mut Vec<Output>,
    ) {
        if self.stale.dictations > 0 {
            self.stale.dictations -= 1;
            return;
        }
        let State::Dictating { asking, file, .. } = &self.state else {
            return;
        };
        let (node, file) = (asking.node.clone(), file.clone());
        self.back_to_question();
        if spoken_ms.0 < DICTATION_MIN_MS {
            let empty = self.words(&self.script.system().dictation_empty);
            return self.fail_with(now, Failure::Silence, empty, out);
        }
        out.push(Output::Fact(Event::AnswerRecorded {
            call: self.call,
            step: node.clone(),
            file: file.clone(),
        }));
        let value = Value::Dictation {
            file,
            words: self.without_stop(words.expose().trim()),
        };
        let doubt = Doubt::Dictation(Pii::new(value));
        let say: Vec<Phrase> = self.doubt_words(&node, &doubt);
        self.doubt(now, doubt, say, out);
    }

    /// A typed line in place of a dictation.
    pub(super) fn dictated_by_text(&mut self, now: Timestamp, text: &str, out: &mut Vec<Output>) {
        self.hush(out);
        self.drop_dictation(out);
        self.back_to_question();
        let value = Value::Dictation {
            file: String::new(),
            words: text.to_owned(),
        };
        self.take_value(now, value, out);
    }
}
