//! What a fact of the distribution makes the others do. A fact that needs nothing done is listed
//! too, so that a new one is a question to the compiler.

use acd::{Command, Stage};
use events::{
    CallId, ChosenBy, DialogueOutcome, DialoguePurpose, Event, HungUpBy, LegId, LegRole, MissedWhy,
    OperatorId, Timestamp,
};
use sip_gateway::boundary::{LegCommand, MediaCommand};

use super::room::Room;
use super::tasks::spelled;
use super::{Effect, Switchboard, Turn};

impl Switchboard {
    #[expect(
        clippy::too_many_lines,
        reason = "the list of facts that need nothing done"
    )]
    pub(super) fn react(&mut self, now: Timestamp, fact: &Event, turn: &mut Turn) {
        self.follow(now, fact, turn);
        match fact {
            Event::CallArrived {
                call,
                leg,
                line,
                service,
                caller,
                ..
            } => {
                let mut room = Room::new(line.clone(), service.clone(), *leg);
                room.number = caller.as_ref().and_then(spelled);
                self.rooms.insert(*call, room);
                self.leg(now, LegCommand::Answer { leg: *leg }, turn);
            }
            Event::LegAnswered { call, .. } => {
                self.start_dialogue(now, *call, DialoguePurpose::Assistant, turn);
            }
            Event::ServiceChosen { call, service, by } => {
                if let Some(room) = self.rooms.get_mut(call) {
                    room.service = service.clone();
                    room.topic_settled |= *by == ChosenBy::Operator;
                }
            }
            Event::QueueEntered { call, because, .. } => {
                self.suggest_topic(now, *call, turn);
                self.wait(now, *call, *because, turn);
            }
            Event::CallOffered { call, operator, .. } => self.ring(now, *call, operator, turn),
            Event::OfferAccepted { call, operator } => self.join(now, *call, operator, turn),
            Event::OfferMissed {
                call,
                operator,
                why,
            } => {
                let leg = self.release_operator(*call, operator);
                let answered = *why == MissedWhy::AnsweredByAnother;
                let release = |leg| match answered {
                    true => LegCommand::TakeBack { leg },
                    false => LegCommand::HangUp { leg },
                };
                if let Some(leg) = leg {
                    self.leg(now, release(leg), turn);
                }
            }
            Event::LegsBridged { call, operator, .. } => {
                self.take_over(*call, operator, turn);
                self.record(now, *call, turn);
            }
            Event::Consultation(fact) => self.follow_consultation(now, fact, turn),
            Event::Outside(fact) => self.follow_outside(now, fact, turn),
            Event::CallUnanswered { call, .. } | Event::QueueLeft { call, .. } => {
                self.say_farewell(now, *call, turn);
            }
            Event::TalkEnded {
                call, operator, by, ..
            } => {
                self.part(now, *call, (operator, *by), turn);
            }
            Event::Supervision(fact) => self.react_to_supervision(now, fact, turn),
            Event::TalkHeld { call, .. } => self.hear_no_caller(*call, turn),
            Event::TalkResumed { call, .. } => {
                self.end_hold(now, *call, turn);
                self.hear_the_caller(*call, turn);
            }
            Event::CallEnded { call, .. } => self.leave(now, *call, turn),
            Event::ServerStarted { .. }
            | Event::CatalogueLoaded(_)
            | Event::Heartbeat {}
            | Event::ServerStopped {}
            | Event::CallRefused { .. }
            | Event::DialogueStarted { .. }
            | Event::StepReached { .. }
            | Event::SpeechHeard { .. }
            | Event::DigitPressed { .. }
            | Event::DialogueEnded { .. }
            | Event::TextReceived { .. }
            | Event::TextSent { .. }
            | Event::AnswerRecorded { .. }
            | Event::TaskAsked { .. }
            | Event::TaskAnswered { .. }
            | Event::TopicSuggested { .. }
            | Event::Case(_)
            | Event::Notification(_)
            | Event::Placed(_)
            | Event::BroadcastSet { .. }
            | Event::ScriptsReloaded { .. }
            | Event::Administered { .. }
            | Event::ScriptText(_)
            | Event::Training(_)
            | Event::Transcript(_)
            | Event::CircleWidened { .. }
            | Event::OverflowPutOff { .. }
            | Event::WaitEstimated { .. }
            | Event::PlaceKept { .. }
            | Event::PlacePutOff { .. }
            | Event::QueueOpened { .. }
            | Event::QueueClosed { .. }
            | Event::OfferRinging { .. }
            | Event::RecordingStarted { .. }
            | Event::CallTransferred { .. }
            | Event::WrapUpStarted { .. }
            | Event::WrapUpExtended { .. }
            | Event::DispositionSet { .. }
            | Event::ScriptStepTicked { .. }
            | Event::Script(_)
            | Event::WrapUpEnded { .. }
            | Event::CallRated { .. }
            | Event::RatingSkipped { .. }
            | Event::LegMeasured { .. }
            | Event::OperatorSignedIn { .. }
            | Event::OperatorReady { .. }
            | Event::OperatorNotReady { .. }
            | Event::PauseOverrun { .. }
            | Event::OperatorSignedOut { .. }
            | Event::PhoneReachable { .. }
            | Event::PhoneUnreachable { .. } => {}
        }
    }

    pub(super) fn ring(
        &mut self,
        now: Timestamp,
        call: CallId,
        operator: &OperatorId,
        turn: &mut Turn,
    ) {
        let leg = self.gateway.new_leg();
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        room.operators.insert(operator.clone(), leg);
        let display = self
            .setup
            .service_titles
            .get(&room.service)
            .cloned()
            .unwrap_or_default();
        let beside = room.caller;
        self.legs.insert(leg, (call, LegRole::Operator));
        let account = operator.as_str().to_owned();
        self.leg(
            now,
            LegCommand::Dial {
                leg,
                account,
                beside,
                display,
            },
            turn,
        );
    }

    fn join(&mut self, now: Timestamp, call: CallId, operator: &OperatorId, turn: &mut Turn) {
        self.cut_offer(now, call, DialogueOutcome::ToPerson, turn);
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        let Some(leg) = room.operators.get(operator).copied() else {
            return;
        };
        room.talking = Some(operator.clone());
        (room.held, room.muted) = (false, false);
        room.play = None;
        let caller = room.caller;
        turn.effects.push(Effect::Media(MediaCommand::Bridge {
            caller,
            operator: leg,
        }));
        let _ = self.ask(
            now,
            Command::Bridged {
                call,
                operator: operator.clone(),
            },
            turn,
        );
    }

    pub(super) fn record(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        let wanted = self
            .setup
            .lines
            .get(&room.line)
            .is_some_and(|line| line.recording);
        if !wanted || !room.notice_played {
            return;
        }
        room.recordings += 1;
        let file = format!("{call}-{}.wav", room.recordings);
        turn.effects.push(Effect::Record {
            caller: room.caller,
            file: file.clone(),
        });
        self.note(now, Event::RecordingStarted { call, file }, turn);
    }

    fn part(
        &mut self,
        now: Timestamp,
        call: CallId,
        (operator, by): (&OperatorId, HungUpBy),
        turn: &mut Turn,
    ) {
        self.end_hold(now, call, turn);
        self.end_transcript(call, turn);
        self.dismiss_supervisor(now, call, turn);
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        room.talking = None;
        (room.transcribed, room.apart, room.unheard) = (None, None, false);
        let caller = room.caller;
        turn.effects
            .push(Effect::Media(MediaCommand::StopRecording { caller }));
        turn.effects
            .push(Effect::Media(MediaCommand::Unbridge { leg: caller }));
        if let Some(leg) = self.release_operator(call, operator) {
            self.leg(now, LegCommand::HangUp { leg }, turn);
        }
        let rating = self.stage_is(call, |stage| matches!(stage, Stage::Rating { .. }));
        if by == HungUpBy::Operator && rating {
            self.start_dialogue(now, call, DialoguePurpose::Rating, turn);
        }
    }

    fn say_farewell(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        if self.stage_is(call, |stage| matches!(stage, Stage::Farewell)) {
            self.cut_offer(now, call, DialogueOutcome::Finished, turn);
            self.start_dialogue(now, call, DialoguePurpose::Farewell, turn);
        }
    }

    pub(super) fn stage_is(&self, call: CallId, expected: impl Fn(&Stage) -> bool) -> bool {
        self.acd
            .call(call)
            .is_some_and(|call| expected(&call.stage))
    }

    /// Forgets an operator's leg, which is to be hung up.
    fn release_operator(&mut self, call: CallId, operator: &OperatorId) -> Option<LegId> {
        let room = self.rooms.get_mut(&call)?;
        room.operators.remove(operator)
    }

    pub(super) fn leave(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        self.stop_listening(call, turn);
        self.end_transcript(call, turn);
        self.drop_dictations(call, turn);
        self.drop_dialogue(call);
        let Some(room) = self.rooms.remove(&call) else {
            return;
        };
        let supervisor = room.supervisor.map(|present| present.leg);
        let others = supervisor.into_iter().chain(room.outside);
        for leg in room.operators.into_values().chain(others) {
            self.leg(now, LegCommand::HangUp { leg }, turn);
        }
        if room.caller_present {
            self.leg(now, LegCommand::HangUp { leg: room.caller }, turn);
        }
    }
}
