//! What the caller says and presses, and what it means where the dialogue stands.

use std::sync::Arc;

use events::{ChosenBy, DialogueOutcome, DialoguePurpose, Event, Millis, Pii, Timestamp};

use super::{ACCEPT_PERMILLE, Asking, CONFIRM_PERMILLE, Dialogue, Failure, SPEECH_LIMIT_MS, State};
use crate::Output;
use crate::script::{Choice, Command, NodeKind, YesNo};

/// What the recogniser understood.
pub(super) struct Utterance {
    pub(super) text: Pii<String>,
    pub(super) confidence_permille: u16,
    pub(super) latency_ms: Millis,
    /// Speech was noticed before its result came.
    pub(super) speaking: bool,
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

impl Dialogue {
    pub(super) fn speech_started(&mut self, now: Timestamp, out: &mut Vec<Output>) {
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

    pub(super) fn prompt_ended(&mut self, now: Timestamp, to_its_end: bool, out: &mut Vec<Output>) {
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

    pub(super) fn digit(&mut self, now: Timestamp, key: char, out: &mut Vec<Output>) {
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

    pub(super) fn heard(&mut self, now: Timestamp, said: &Utterance, out: &mut Vec<Output>) {
        let Some(step) = self.listening_in() else {
            return;
        };
        if said.text.expose().is_empty() && !said.speaking {
            // The recogniser closes a stretch of silence with an empty result: nobody spoke.
            return;
        }
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
                self.ask(now, vec![choice.confirm], out);
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
        let missed = if telling {
            Meaning::Nothing
        } else {
            Meaning::Nonsense
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

    /// The node whose list is being listened with, if any is.
    fn listening_in(&self) -> Option<String> {
        let node = match &self.state {
            State::Telling { node, .. } | State::Asking(Asking { node, .. }) => node,
            State::Closing { .. } | State::Over => return None,
        };
        self.script.listens(node).then(|| node.clone())
    }
}
