//! Consultations and numbers outside: who is rung, who hears whom, who hears music meanwhile.

use std::sync::Arc;

use acd::{Presence, Stage};
use events::{
    CallId, ConsultationEvent, ConsultationOutcome, LegId, OperatorId, Timestamp, TransferTarget,
};
use sip_gateway::boundary::{EncodedPrompt, LegCommand, MediaCommand, PlayId};
use sip_gateway::media::encode_prompt;

use super::hearing::Hears;
use super::{Effect, Switchboard, Turn};

/// Samples of a second.
const SECOND: u16 = 8_000;
/// «Контроль посылки вызова» of Russian networks: 425 Hz, 0.8 s of every 4 s (ГОСТ 28384-89).
const RINGBACK_HZ: f32 = 425.0;
const RINGBACK_ON: u16 = 6_400;
const RINGBACK_SECONDS: u16 = 4;
/// Quiet enough for a headset: about −20 dB of full scale.
const RINGBACK_PEAK: f32 = 3_000.0;

impl Switchboard {
    pub(super) fn follow_consultation(
        &mut self,
        now: Timestamp,
        fact: &ConsultationEvent,
        turn: &mut Turn,
    ) {
        match fact {
            ConsultationEvent::Started {
                call,
                operator,
                to,
                with,
                ..
            } => self.consult(now, (*call, operator), (to, with.as_ref()), turn),
            ConsultationEvent::Answered {
                call,
                operator,
                with,
            } => self.talk_aside(*call, operator, with.as_ref(), turn),
            ConsultationEvent::Swapped {
                call,
                operator,
                to_caller,
            } => self.swap(*call, operator, *to_caller, turn),
            ConsultationEvent::ConferenceStarted { call, operator } => {
                self.talk_together(*call, operator, turn);
            }
            ConsultationEvent::Ended {
                call,
                operator,
                with,
                outcome,
                ..
            } => self.end_consultation(now, *call, (operator, with.as_ref(), *outcome), turn),
        }
    }

    /// Caller and operator hear nothing of each other from now on, and somebody is rung.
    fn consult(
        &mut self,
        now: Timestamp,
        (call, operator): (CallId, &OperatorId),
        (to, with): (&TransferTarget, Option<&OperatorId>),
        turn: &mut Turn,
    ) {
        self.end_hold(now, call, turn);
        let Some((caller, leg)) = self.pair(call, operator) else {
            return;
        };
        if with.is_none() {
            // Nobody told the other side that it would be recorded.
            let stop = MediaCommand::StopRecording { caller };
            turn.effects.push(Effect::Media(stop));
        }
        self.hear_apart(call, &[(caller, &[]), (leg, &[])], turn);
        self.music_to(call, caller, turn);
        let ringback = MediaCommand::Play {
            leg,
            play: self.play_id(),
            prompts: vec![ringback()],
            repeat: true,
        };
        turn.effects.push(Effect::Media(ringback));
        match (with, to) {
            (Some(with), _) => self.ring(now, call, with, turn),
            (None, TransferTarget::Outside(number)) => self.call_outside(now, call, number, turn),
            (None, TransferTarget::Operator(_) | TransferTarget::Queue(_)) => {}
        }
    }

    fn talk_aside(
        &mut self,
        call: CallId,
        operator: &OperatorId,
        with: Option<&OperatorId>,
        turn: &mut Turn,
    ) {
        let Some((caller, leg)) = self.pair(call, operator) else {
            return;
        };
        let Some(beside) = self.beside(call, with) else {
            return;
        };
        if let Some(room) = self.rooms.get_mut(&call) {
            room.consulted = Some(beside);
            room.consulted_muted = false;
        }
        silence(leg, turn);
        let legs: [Hears<'_>; 3] = [(caller, &[]), (leg, &[beside]), (beside, &[leg])];
        self.hear_apart(call, &legs, turn);
    }

    fn swap(&mut self, call: CallId, operator: &OperatorId, to_caller: bool, turn: &mut Turn) {
        let Some((caller, leg, beside)) = self.three(call, operator) else {
            return;
        };
        let (talks, waits) = match to_caller {
            true => (caller, beside),
            false => (beside, caller),
        };
        silence(talks, turn);
        let legs: [Hears<'_>; 3] = [(talks, &[leg]), (leg, &[talks]), (waits, &[])];
        self.hear_apart(call, &legs, turn);
        self.music_to(call, waits, turn);
    }

    fn talk_together(&mut self, call: CallId, operator: &OperatorId, turn: &mut Turn) {
        let Some((caller, leg, beside)) = self.three(call, operator) else {
            return;
        };
        silence(caller, turn);
        silence(beside, turn);
        let legs: [Hears<'_>; 3] = [
            (caller, &[leg, beside]),
            (leg, &[caller, beside]),
            (beside, &[caller, leg]),
        ];
        self.hear_apart(call, &legs, turn);
    }

    /// Whoever was consulted hangs up, unless the caller was left to them; operator and caller hear
    /// each other again if both are there.
    fn end_consultation(
        &mut self,
        now: Timestamp,
        call: CallId,
        (operator, with, outcome): (&OperatorId, Option<&OperatorId>, ConsultationOutcome),
        turn: &mut Turn,
    ) {
        if let Some(room) = self.rooms.get_mut(&call) {
            room.consulted = None;
            room.apart = None;
        }
        if outcome == ConsultationOutcome::Transferred {
            return;
        }
        let gone = self.beside(call, with);
        if let Some(room) = self.rooms.get_mut(&call) {
            match with {
                Some(with) => {
                    room.operators.remove(with);
                }
                None => room.outside = None,
            }
        }
        let talks = self.stage_is(
            call,
            |stage| matches!(stage, Stage::Talking { operator: of, .. } if of == operator),
        );
        if let Some((caller, leg)) = self.pair(call, operator).filter(|_| talks) {
            silence(caller, turn);
            silence(leg, turn);
            self.hear_each_other(call, leg, turn);
            if with.is_none() {
                self.record(now, call, turn);
            }
        }
        if let Some(leg) = gone {
            self.leg(now, LegCommand::HangUp { leg }, turn);
        }
    }

    /// The consulted stays with the caller and is the operator of the talk from now on. Nothing for
    /// an operator who was rung for the caller.
    pub(super) fn take_over(&mut self, call: CallId, operator: &OperatorId, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        if room.talking.as_ref() == Some(operator) {
            return;
        }
        room.talking = Some(operator.clone());
        (room.held, room.muted) = (false, room.consulted_muted);
        if let Some((_, leg)) = self.pair(call, operator) {
            self.hear_each_other(call, leg, turn);
        }
    }

    /// Whether this operator was consulted about the call and answered.
    pub(super) fn is_consulted(&self, call: CallId, operator: &OperatorId) -> bool {
        let operator = self.acd.operator(operator);
        operator.is_some_and(
            |o| matches!(o.presence, Presence::Consulted { call: about, .. } if about == call),
        )
    }

    /// The desk hangs up beside a talk: the consulted leaves; an operator who consults does not leave
    /// a caller on hold.
    ///
    /// # Errors
    /// Why not, in Russian.
    pub(super) fn hang_up_beside(
        &mut self,
        (call, operator): (CallId, &OperatorId),
    ) -> Result<Option<LegId>, String> {
        if self.is_consulted(call, operator) {
            let room = self.rooms.get(&call);
            return Ok(room.and_then(|room| room.operators.get(operator).copied()));
        }
        let beside = self.acd.call(call).and_then(acd::Call::consultation);
        match beside.map(|beside| beside.phase) {
            Some(acd::Phase::Ringing { .. } | acd::Phase::Aside { .. }) => Err(
                "Клиент на удержании: сначала вернитесь к нему или соедините его с собеседником"
                    .to_owned(),
            ),
            Some(acd::Phase::WithCaller { .. } | acd::Phase::Conference { .. }) | None => Ok(None),
        }
    }

    fn music_to(&mut self, call: CallId, leg: LegId, turn: &mut Turn) {
        let play = self.play_id();
        let manner = self.rooms.get(&call).map(|room| room.manner);
        turn.effects.push(Effect::Play {
            leg,
            play,
            phrases: vec![self.setup.music.clone()],
            manner: manner.unwrap_or_default(),
            repeat: true,
        });
    }

    const fn play_id(&mut self) -> PlayId {
        let play = PlayId(self.next_play);
        self.next_play += 1;
        play
    }

    /// The legs of the caller and of an operator.
    fn pair(&self, call: CallId, operator: &OperatorId) -> Option<(LegId, LegId)> {
        let room = self.rooms.get(&call)?;
        let leg = room.operators.get(operator).copied()?;
        Some((room.caller, leg))
    }

    fn three(&self, call: CallId, operator: &OperatorId) -> Option<(LegId, LegId, LegId)> {
        let (caller, leg) = self.pair(call, operator)?;
        Some((caller, leg, self.rooms.get(&call)?.consulted?))
    }

    /// The leg of whoever is consulted.
    fn beside(&self, call: CallId, with: Option<&OperatorId>) -> Option<LegId> {
        let room = self.rooms.get(&call)?;
        match with {
            Some(with) => room.operators.get(with).copied(),
            None => room.outside,
        }
    }
}

fn silence(leg: LegId, turn: &mut Turn) {
    let stop = MediaCommand::StopPlaying { leg };
    turn.effects.push(Effect::Media(stop));
}

/// What is heard while somebody else's phone rings.
fn ringback() -> Arc<EncodedPrompt> {
    let tone = |n: u16| {
        let turns = std::f32::consts::TAU * RINGBACK_HZ * f32::from(n) / f32::from(SECOND);
        ivr::audio::sample(RINGBACK_PEAK * turns.sin())
    };
    let samples: Vec<i16> = (0..SECOND * RINGBACK_SECONDS)
        .map(|n| if n < RINGBACK_ON { tone(n) } else { 0 })
        .collect();
    Arc::new(encode_prompt(&samples))
}
