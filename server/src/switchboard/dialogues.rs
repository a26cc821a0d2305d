//! Conversations with the assistant: starting them, feeding them, doing what they want.

use std::sync::Arc;

use acd::Command;
use events::{CallId, DialoguePurpose, TimeOfDay, Timestamp};
use ivr::script::Date;
use ivr::{Context, Dialogue, Input, Output, Phrase};
use sip_gateway::boundary::{MediaCommand, PlayId};

use super::placed::PlacedCall;
use super::room::Running;
use super::{Effect, ListenId, Switchboard, Turn};

impl Switchboard {
    /// Starts a dialogue of this purpose with the caller, if they are there.
    pub(super) fn start_dialogue(
        &mut self,
        now: Timestamp,
        call: CallId,
        purpose: DialoguePurpose,
        turn: &mut Turn,
    ) {
        let Some(room) = self.rooms.get(&call).filter(|room| room.caller_present) else {
            return;
        };
        let line = self.setup.lines.get(&room.line);
        let placed = self.outreach.calls.get(&call);
        let script = match purpose {
            DialoguePurpose::Assistant if placed.is_some() => placed.map(PlacedCall::script),
            DialoguePurpose::Assistant => line.map(|line| Arc::clone(&line.script)),
            DialoguePurpose::Rating => Some(Arc::clone(&self.setup.rating)),
            DialoguePurpose::Farewell => {
                let call = self.acd.call(call);
                let answered = call.is_some_and(acd::Call::is_answered);
                Some(Arc::clone(match answered {
                    true => &self.setup.farewell,
                    false => &self.setup.unanswered,
                }))
            }
            DialoguePurpose::Waiting => self.setup.callback_offer.clone(),
        };
        let Some(script) = script else { return };
        // Who calls us hears first what everybody is told; who is called hears why.
        let arrives = purpose == DialoguePurpose::Assistant && placed.is_none();
        let broadcast = arrives.then(|| self.outreach.broadcast(&room.line));
        let context = Context {
            notice_required: line.is_some_and(|line| line.recording || line.transcription),
            now: TimeOfDay::at(now, self.setup.utc_offset_min),
            open: self.is_open(&room.line, now),
            caller: room.number.clone(),
            writes: room.writes,
            broadcast: broadcast.flatten().map(str::to_owned),
            given: placed.map(PlacedCall::given).unwrap_or_default(),
            ..Context::new(
                room.service.clone(),
                Date::at(now, self.setup.utc_offset_min),
            )
        };
        self.drop_dialogue(call);
        let mut outputs = Vec::new();
        let dialogue = Dialogue::start(now, call, script, context, &mut outputs);
        let running = Running {
            purpose,
            dialogue,
            alarm: None,
        };
        self.carry_out(now, (call, running), outputs, turn);
    }

    /// Ends a call's dialogue without a word, if one is running, and its deadline with it.
    pub(super) fn drop_dialogue(&mut self, call: CallId) {
        let running = self
            .rooms
            .get_mut(&call)
            .and_then(|room| room.dialogue.take());
        if let Some(alarm) = running.and_then(|running| running.alarm) {
            self.alarms.remove(&(alarm, call));
        }
    }

    /// Feeds an input to a call's dialogue, if one is running.
    pub(super) fn converse(&mut self, now: Timestamp, call: CallId, input: Input, turn: &mut Turn) {
        let running = self
            .rooms
            .get_mut(&call)
            .and_then(|room| room.dialogue.take());
        let Some(mut running) = running else {
            self.alarms.retain(|(_, c)| *c != call);
            return;
        };
        let mut outputs = Vec::new();
        running.dialogue.handle(now, input, &mut outputs);
        self.carry_out(now, (call, running), outputs, turn);
    }

    /// Puts the dialogue back unless it finished, then does what it wants.
    fn carry_out(
        &mut self,
        now: Timestamp,
        (call, mut running): (CallId, Running),
        outputs: Vec<Output>,
        turn: &mut Turn,
    ) {
        if let Some(old) = running.alarm.take() {
            self.alarms.remove(&(old, call));
        }
        let purpose = running.purpose;
        let finished = outputs.iter().any(|o| matches!(o, Output::Finish { .. }));
        if !finished && let Some(room) = self.rooms.get_mut(&call) {
            running.alarm = running.dialogue.deadline();
            self.alarms.extend(running.alarm.map(|at| (at, call)));
            room.dialogue = Some(running);
        }
        // The answer to a question may come at once: everything else is done before it.
        let is_question = |output: &Output| matches!(output, Output::Ask(_));
        let (questions, rest): (Vec<_>, Vec<_>) = outputs.into_iter().partition(is_question);
        for output in rest.into_iter().chain(questions) {
            self.dialogue_output(now, (call, purpose), output, turn);
        }
    }

    fn dialogue_output(
        &mut self,
        now: Timestamp,
        (call, purpose): (CallId, DialoguePurpose),
        output: Output,
        turn: &mut Turn,
    ) {
        let Some(leg) = self.rooms.get(&call).map(|room| room.caller) else {
            return;
        };
        match output {
            Output::Say(phrases) => self.play(call, phrases, false, turn),
            Output::StopSaying => {
                if let Some(room) = self.rooms.get_mut(&call) {
                    room.play = None;
                }
                turn.effects
                    .push(Effect::Media(MediaCommand::StopPlaying { leg }));
                self.stop_writing(call, turn);
            }
            Output::PauseSaying => {
                let pause = MediaCommand::PausePlaying { leg };
                turn.effects.push(Effect::Media(pause));
            }
            Output::ResumeSaying => {
                let resume = MediaCommand::ResumePlaying { leg };
                turn.effects.push(Effect::Media(resume));
            }
            Output::Listen { node } => self.listen(call, &node, turn),
            Output::StopListening => self.stop_listening(call, turn),
            Output::Fact(fact) => {
                if purpose == DialoguePurpose::Waiting {
                    self.follow_offer(call, &fact);
                }
                self.remember_words(&fact);
                self.note(now, fact, turn);
            }
            Output::Ask(request) => self.task(now, call, &request, turn),
            Output::Dictate { node, file } => self.dictate(call, (&node, file), turn),
            Output::StopDictating => self.stop_dictating(call, turn),
            Output::Speak(manner) => {
                if let Some(room) = self.rooms.get_mut(&call) {
                    room.manner = manner;
                }
            }
            Output::ServiceChosen(service, by) => {
                let _ = self.ask(now, Command::ChooseService { call, service, by }, turn);
            }
            Output::Rated(score) => {
                let _ = self.ask(now, Command::Rate { call, score }, turn);
            }
            Output::Finish {
                outcome,
                notice_played,
            } => {
                self.stop_listening(call, turn);
                self.drop_dictations(call, turn);
                if let Some(room) = self.rooms.get_mut(&call) {
                    room.notice_played |= notice_played;
                }
                if self.is_placed(call) {
                    let how = (outcome, notice_played);
                    return self.placed_dialogue_ended(now, call, how, turn);
                }
                let ends = Command::DialogueEnds {
                    call,
                    purpose,
                    outcome,
                    notice_played,
                };
                let _ = self.ask(now, ends, turn);
                if purpose == DialoguePurpose::Waiting {
                    self.answered_offer(now, call, turn);
                }
            }
        }
    }

    /// Plays phrases to the caller.
    pub(super) fn play(
        &mut self,
        call: CallId,
        phrases: Vec<Phrase>,
        repeat: bool,
        turn: &mut Turn,
    ) {
        let play = PlayId(self.next_play);
        self.next_play += 1;
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        room.play = Some(play);
        let (leg, manner) = (room.caller, room.manner);
        self.write_out(call, play, &phrases, turn);
        turn.effects.push(Effect::Play {
            leg,
            play,
            phrases,
            manner,
            repeat,
        });
    }

    fn listen(&mut self, call: CallId, node: &str, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        let Some(running) = &room.dialogue else {
            return;
        };
        let grammar = running.dialogue.script().list_key(node);
        let listen = ListenId(self.next_listen);
        self.next_listen += 1;
        room.listening = Some(listen);
        turn.effects.push(Effect::Listen {
            leg: room.caller,
            listen,
            grammar,
        });
    }

    pub(super) fn stop_listening(&mut self, call: CallId, turn: &mut Turn) {
        if let Some(room) = self.rooms.get_mut(&call)
            && room.listening.take().is_some()
        {
            turn.effects.push(Effect::StopListening(room.caller));
        }
    }
}
