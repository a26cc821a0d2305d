//! Callers who type (RFC 4103): the assistant writes to them what it says to others, and takes what
//! they write as others' words.

use events::{CallId, Event, LegId, OperatorId, Pii, Timestamp};
use ivr::Phrase;
use sip_gateway::boundary::{PlayId, TextCommand, TextEvent};

use super::{Effect, Switchboard, Turn};

/// The step of a line that was typed to nobody's question: while waiting, or to an operator.
const TALK_STEP: &str = "talk";

impl Switchboard {
    /// The gateway opens or closes a leg's text.
    pub(super) fn text_command(&mut self, command: TextCommand, turn: &mut Turn) {
        if let TextCommand::Open { leg, .. } | TextCommand::OpenPage { leg, .. } = &command
            && let Some(call) = self.caller_of(*leg)
            && let Some(room) = self.rooms.get_mut(&call)
        {
            room.writes = true;
        }
        turn.effects.push(Effect::Text(command));
    }

    /// Something came by text.
    pub(super) fn text(&mut self, now: Timestamp, event: TextEvent, turn: &mut Turn) {
        match event {
            TextEvent::Begun { leg } => {
                if let Some(call) = self.in_dialogue(leg) {
                    self.converse(now, call, ivr::Input::SpeechStarted, turn);
                }
            }
            TextEvent::Paused { leg, line } => {
                let Some(call) = self.in_dialogue(leg) else {
                    return;
                };
                let room = self.rooms.get(&call).and_then(|r| r.dialogue.as_ref());
                if room.is_some_and(|running| running.dialogue.would_take(line.expose())) {
                    turn.effects.push(Effect::Text(TextCommand::Taken { leg }));
                    self.converse(now, call, ivr::Input::Typed(line), turn);
                }
            }
            TextEvent::Line { leg, line } => self.line_typed(now, leg, line, turn),
            TextEvent::Written { leg, play } => self.prompt_ended(now, leg, play, turn),
        }
    }

    fn line_typed(&mut self, now: Timestamp, leg: LegId, line: Pii<String>, turn: &mut Turn) {
        let Some(call) = self.caller_of(leg) else {
            return;
        };
        if self.in_dialogue(leg).is_none() {
            let step = TALK_STEP.to_owned();
            let fact = Event::TextReceived {
                call,
                step,
                text: line.clone(),
                accepted: true,
            };
            self.note(now, fact, turn);
            return self.read_topic(now, call, &line, turn);
        }
        let mut keys = line.expose().chars();
        match (keys.next(), keys.next()) {
            (Some(key @ ('0'..='9' | '*' | '#')), None) => {
                self.converse(now, call, ivr::Input::Digit(key), turn);
            }
            _ => self.converse(now, call, ivr::Input::Typed(line), turn),
        }
    }

    /// Writes to a caller who reads what others hear.
    pub(super) fn write_out(
        &self,
        call: CallId,
        play: PlayId,
        phrases: &[Phrase],
        turn: &mut Turn,
    ) {
        let Some(room) = self.rooms.get(&call).filter(|room| room.writes) else {
            return;
        };
        let words: Vec<&str> = phrases
            .iter()
            .map(|phrase| phrase.text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        if words.is_empty() {
            return;
        }
        turn.effects.push(Effect::Text(TextCommand::Write {
            leg: room.caller,
            play,
            text: words.join(" "),
        }));
    }

    /// Stops writing to a caller what is not wanted any more.
    pub(super) fn stop_writing(&self, call: CallId, turn: &mut Turn) {
        if let Some(room) = self.rooms.get(&call).filter(|room| room.writes) {
            let leg = room.caller;
            turn.effects.push(Effect::Text(TextCommand::Stop { leg }));
        }
    }

    /// An operator writes to the caller they talk with.
    ///
    /// # Errors
    /// The caller does not read, or talks with somebody else: said in Russian.
    pub(super) fn operator_writes(
        &mut self,
        call: CallId,
        operator: &OperatorId,
        text: Pii<String>,
        (now, turn): (Timestamp, &mut Turn),
    ) -> Result<(), String> {
        let play = PlayId(self.next_play);
        let room = self
            .rooms
            .get(&call)
            .filter(|room| room.talking.as_ref() == Some(operator))
            .ok_or_else(|| acd::Refusal::NoSuchCall.to_string())?;
        if !room.writes {
            return Err("у клиента нет текстового канала: говорите с ним голосом".to_owned());
        }
        let leg = room.caller;
        self.next_play += 1;
        let operator = operator.clone();
        let written = text.expose().clone();
        let fact = Event::TextSent {
            call,
            operator,
            text: text.clone(),
        };
        self.note(now, fact, turn);
        self.read_topic(now, call, &text, turn);
        turn.effects.push(Effect::Text(TextCommand::Write {
            leg,
            play,
            text: written,
        }));
        Ok(())
    }

    fn in_dialogue(&self, leg: LegId) -> Option<CallId> {
        let call = self.caller_of(leg)?;
        let room = self.rooms.get(&call)?;
        room.dialogue.is_some().then_some(call)
    }
}
