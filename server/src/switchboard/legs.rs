//! What legs report, in the words of the distribution and the dialogues.

use acd::Command;
use events::{
    CallId, EndCause, Event, LegId, LegRole, LineId, MissedWhy, Pii, RefusedWhy, Timestamp,
};
use ivr::SpeechEvent;
use sip_gateway::boundary::{
    self as sip, LegCommand, LegEnd, LegEvent, MediaCommand, MediaEvent, Output, PlayId,
};

use super::{Effect, ListenId, Switchboard, Turn};

/// The line of callers who dialled a number that is none of ours.
const UNKNOWN_LINE: &str = "unknown";

impl Switchboard {
    pub(super) fn sip_output(&mut self, now: Timestamp, output: Output, turn: &mut Turn) {
        match output {
            Output::Send { flow, bytes } => turn.effects.push(Effect::Send(flow, bytes)),
            Output::Media(command) => {
                if let MediaCommand::Open { leg, .. } = &command {
                    self.sounding.insert(*leg);
                }
                turn.effects.push(Effect::Media(command));
            }
            Output::Text(command) => self.text_command(command, turn),
            Output::Browser(command) => turn.effects.push(Effect::Browser(command)),
            Output::Leg(event) => self.leg_event(now, event, turn),
            Output::Phone { account, reachable } => {
                let operator = account.as_str().into();
                let command = if reachable {
                    Command::PhoneUp { operator }
                } else {
                    Command::PhoneDown { operator }
                };
                let _ = self.ask(now, command, turn);
            }
            Output::Refused {
                dialled,
                why,
                status,
            } => {
                let line = self.known_line(&dialled);
                self.note(now, Event::CallRefused { line, why, status }, turn);
            }
        }
    }

    fn leg_event(&mut self, now: Timestamp, event: LegEvent, turn: &mut Turn) {
        match event {
            LegEvent::Offered {
                leg,
                dialled,
                caller,
                trunk,
            } => {
                self.offered(now, (leg, &dialled), (caller, trunk), turn);
            }
            LegEvent::Ringing { leg } => {
                if let Some((call, operator)) = self.operator_leg(leg) {
                    let _ = self.ask(now, Command::OperatorRings { call, operator }, turn);
                }
            }
            LegEvent::Established { leg } => self.established(now, leg, turn),
            LegEvent::Hold { leg, held } => {
                if let Some((call, LegRole::Caller | LegRole::Operator)) =
                    self.legs.get(&leg).copied()
                {
                    let _ = self.ask(now, Command::Hold { call, held }, turn);
                }
            }
            LegEvent::Digit { leg, digit } => self.digit(now, leg, digit, turn),
            LegEvent::Ended { leg, why } => self.ended(now, leg, why, turn),
        }
    }

    fn offered(
        &mut self,
        now: Timestamp,
        (leg, dialled): (LegId, &str),
        (caller, trunk): (Option<Pii<String>>, String),
        turn: &mut Turn,
    ) {
        let line = self.known_line(dialled);
        let full = self.rooms.len() >= self.setup.max_calls;
        let refusal = if self.journal_stalled || full {
            Some((RefusedWhy::Overload, 503, Some(RETRY_AFTER_S)))
        } else if !self.setup.lines.contains_key(&line) {
            Some((RefusedWhy::UnknownLine, 404, None))
        } else {
            None
        };
        if let Some((why, status, retry_after_s)) = refusal {
            self.note(now, Event::CallRefused { line, why, status }, turn);
            // At once: while the journal cannot be written, what waits for a fact is not said.
            let reject = LegCommand::Reject {
                leg,
                status,
                retry_after_s,
            };
            return self.gateway(now, sip::Input::Command(reject), turn);
        }
        let call = self.mint_call();
        self.legs.insert(leg, (call, LegRole::Caller));
        let arrives = Command::CallArrives {
            call,
            leg,
            line,
            trunk,
            caller,
        };
        if self.ask(now, arrives, turn).is_err() {
            self.legs.remove(&leg);
            let reject = LegCommand::Reject {
                leg,
                status: 500,
                retry_after_s: None,
            };
            self.gateway(now, sip::Input::Command(reject), turn);
        }
    }

    fn established(&mut self, now: Timestamp, leg: LegId, turn: &mut Turn) {
        match self.legs.get(&leg).copied() {
            Some((call, LegRole::Caller)) if self.is_placed(call) => {
                self.placed_answered(now, call, turn);
            }
            Some((call, LegRole::Caller)) => {
                let _ = self.ask(now, Command::CallerConnected { call }, turn);
            }
            Some((call, LegRole::Operator)) => {
                let operator = self.rooms.get(&call).and_then(|room| room.operator_of(leg));
                let answered = operator.is_some_and(|operator| {
                    self.ask(now, Command::OperatorAnswers { call, operator }, turn)
                        .is_ok()
                });
                if !answered {
                    self.leg(now, LegCommand::HangUp { leg }, turn);
                }
            }
            Some((call, LegRole::Supervisor)) => {
                if !self.supervisor_answers(now, call, turn) {
                    self.leg(now, LegCommand::HangUp { leg }, turn);
                }
            }
            Some((call, LegRole::Outside)) => {
                let answers = Command::OutsideAnswers { call };
                if self.ask(now, answers, turn).is_err() {
                    self.leg(now, LegCommand::HangUp { leg }, turn);
                }
            }
            None => self.leg(now, LegCommand::HangUp { leg }, turn),
        }
    }

    fn ended(&mut self, now: Timestamp, leg: LegId, why: LegEnd, turn: &mut Turn) {
        let Some((call, role)) = self.legs.get(&leg).copied() else {
            return;
        };
        if !self.sounding.contains(&leg) {
            self.legs.remove(&leg); // it never had media: nothing will be measured
        }
        let consulted = self
            .operator_leg(leg)
            .is_some_and(|(_, operator)| self.is_consulted(call, &operator));
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        match role {
            LegRole::Outside if room.outside == Some(leg) => {
                self.outside_ends(now, call, why, turn);
            }
            LegRole::Outside => {}
            LegRole::Caller => {
                room.caller_present = false;
                if self.is_placed(call) {
                    return self.placed_left(now, call, why, turn);
                }
                self.leaves_offer(now, call, turn);
                let cause = match why {
                    LegEnd::Remote => EndCause::CallerHungUp,
                    // While the room stands, only a server that leaves hangs up on a caller.
                    LegEnd::Local => EndCause::ServerRestarted,
                    LegEnd::Broken | LegEnd::Refused(_) => EndCause::Failure,
                };
                let _ = self.ask(now, Command::CallerGone { call, cause }, turn);
            }
            LegRole::Supervisor => self.supervisor_left(now, call, why, turn),
            LegRole::Operator => {
                let Some(operator) = room.operator_of(leg) else {
                    return;
                };
                room.operators.remove(&operator);
                let command = if room.talking.as_ref() == Some(&operator) || consulted {
                    let broken = matches!(why, LegEnd::Broken);
                    Command::OperatorGone {
                        call,
                        operator,
                        broken,
                    }
                } else if let Some(why) = missed(why) {
                    Command::OfferFails {
                        call,
                        operator,
                        why,
                    }
                } else {
                    return;
                };
                let _ = self.ask(now, command, turn);
            }
        }
    }

    pub(super) fn media(&mut self, now: Timestamp, event: MediaEvent, turn: &mut Turn) {
        match event {
            MediaEvent::Digit { leg, digit } => self.digit(now, leg, digit, turn),
            MediaEvent::PromptEnded { leg, play } => self.prompt_ended(now, leg, play, turn),
            MediaEvent::OpenFailed { leg, error } => {
                tracing::error!(%leg, error, "no RTP port: widen media.port_min and media.port_max");
                self.gateway(now, sip::Input::MediaFailed { leg }, turn);
                self.legs.remove(&leg);
                self.sounding.remove(&leg);
            }
            MediaEvent::RecordingFailed { caller, error } => {
                tracing::error!(%caller, error, "a conversation is not recorded: check the disk");
            }
            MediaEvent::Closed { leg, report } => {
                self.sounding.remove(&leg);
                if let Some((call, role)) = self.legs.remove(&leg) {
                    self.note(now, Event::LegMeasured { call, role, report }, turn);
                }
            }
        }
    }

    pub(super) fn speech(
        &mut self,
        now: Timestamp,
        (leg, listen): (LegId, ListenId),
        event: SpeechEvent,
        turn: &mut Turn,
    ) {
        let Some(call) = self.caller_of(leg) else {
            return;
        };
        if self.is_overheard(call, listen) {
            return self.overheard(now, call, event, turn);
        }
        if self.rooms.get(&call).and_then(|room| room.listening) != Some(listen) {
            return; // a late result of a list that is no longer listened for
        }
        let input = match event {
            SpeechEvent::Started => ivr::Input::SpeechStarted,
            SpeechEvent::Final {
                text,
                confidence_permille,
                latency_ms,
            } => ivr::Input::Heard {
                text,
                confidence_permille,
                latency_ms,
            },
            // Keys work beside speech in every step: nothing to change.
            SpeechEvent::Unavailable | SpeechEvent::Attending(_) => return,
        };
        self.converse(now, call, input, turn);
    }

    fn digit(&mut self, now: Timestamp, leg: LegId, digit: char, turn: &mut Turn) {
        if let Some(call) = self.caller_of(leg) {
            self.converse(now, call, ivr::Input::Digit(digit), turn);
        }
    }

    pub(super) fn prompt_ended(
        &mut self,
        now: Timestamp,
        leg: LegId,
        play: PlayId,
        turn: &mut Turn,
    ) {
        let Some(call) = self.caller_of(leg) else {
            return;
        };
        if let Some(room) = self.rooms.get_mut(&call)
            && room.play == Some(play)
        {
            room.play = None;
            if room.dialogue.is_some() {
                self.converse(now, call, ivr::Input::PromptEnded, turn);
            } else {
                self.wait_on(now, call, turn);
            }
        }
    }

    /// Ends a call from our side.
    pub(super) fn hang_up_caller(&mut self, now: Timestamp, leg: LegId, turn: &mut Turn) {
        self.leg(now, LegCommand::HangUp { leg }, turn);
    }

    pub(super) fn caller_of(&self, leg: LegId) -> Option<CallId> {
        match self.legs.get(&leg) {
            Some((call, LegRole::Caller)) => Some(*call),
            Some((_, LegRole::Operator | LegRole::Supervisor | LegRole::Outside)) | None => None,
        }
    }

    fn operator_leg(&self, leg: LegId) -> Option<(CallId, events::OperatorId)> {
        let (call, _) = self.legs.get(&leg)?;
        let operator = self.rooms.get(call)?.operator_of(leg)?;
        Some((*call, operator))
    }

    /// The line a number stands for; strangers' numbers never become names of ours.
    fn known_line(&self, dialled: &str) -> LineId {
        let line = LineId::new(dialled);
        if self.setup.lines.contains_key(&line) {
            line
        } else {
            LineId::new(UNKNOWN_LINE)
        }
    }
}

const RETRY_AFTER_S: u32 = 5;

/// Why an offer failed; none if we took it back ourselves.
const fn missed(why: LegEnd) -> Option<MissedWhy> {
    match why {
        LegEnd::Refused(486 | 600) => Some(MissedWhy::Busy),
        LegEnd::Refused(603) => Some(MissedWhy::Declined),
        LegEnd::Refused(_) | LegEnd::Broken => Some(MissedWhy::Unreachable),
        LegEnd::Remote => Some(MissedWhy::AnsweredAndDropped),
        LegEnd::Local => None,
    }
}
