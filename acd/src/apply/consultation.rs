//! What facts about consultations and numbers outside change.

use events::{ConsultationEvent, ConsultationOutcome, OperatorId, OutsideEvent, Timestamp};

use crate::acd::Acd;
use crate::call::{Outside, Stage};
use crate::operator::Presence;
use crate::{Consultation, Phase};

impl Acd {
    pub(super) fn follow_consultation(&mut self, at: Timestamp, fact: &ConsultationEvent) {
        match fact {
            ConsultationEvent::Started {
                call,
                to,
                with,
                until,
                ..
            } => {
                let begun = Consultation {
                    to: to.clone(),
                    with: with.clone(),
                    phase: Phase::Ringing { until: *until },
                };
                self.change_call(*call, |call| {
                    if let Stage::Talking { consultation, .. } = &mut call.stage {
                        *consultation = Some(Box::new(begun));
                    }
                });
                self.change_consulted(with.as_ref(), |presence| Presence::Ringing {
                    call: *call,
                    since: at,
                    idle_since: presence.since().unwrap_or(at),
                });
            }
            ConsultationEvent::Answered { call, with, .. } => {
                self.turn_to(*call, |_| Phase::Aside { since: at });
                self.change_consulted(with.as_ref(), |_| Presence::Consulted {
                    call: *call,
                    since: at,
                    then: None,
                });
            }
            ConsultationEvent::Swapped {
                call, to_caller, ..
            } => self.turn_to(*call, |since| match to_caller {
                true => Phase::WithCaller { since },
                false => Phase::Aside { since },
            }),
            ConsultationEvent::ConferenceStarted { call, .. } => {
                self.turn_to(*call, |since| Phase::Conference { since });
            }
            ConsultationEvent::Ended {
                call,
                with,
                outcome,
                ..
            } => {
                self.change_call(*call, |call| {
                    if let Stage::Talking { consultation, .. } = &mut call.stage {
                        *consultation = None;
                    }
                });
                // Whoever the caller was handed on to stays with them.
                if *outcome != ConsultationOutcome::Transferred {
                    self.consulted_is_free(at, with.as_ref());
                }
            }
        }
    }

    fn consulted_is_free(&mut self, at: Timestamp, with: Option<&OperatorId>) {
        let Some(with) = with else {
            return;
        };
        self.change_operator(with, |operator| match operator.presence {
            Presence::Ringing { idle_since, .. } => {
                operator.presence = Presence::Ready { since: idle_since };
            }
            Presence::Consulted { since, .. } => {
                operator.work.book(at.since(since));
                operator.presence = Presence::Ready { since: at };
            }
            Presence::SignedOut
            | Presence::NotReady { .. }
            | Presence::Ready { .. }
            | Presence::Connecting { .. }
            | Presence::Talking { .. }
            | Presence::WrapUp { .. } => {}
        });
    }

    fn turn_to(&mut self, id: events::CallId, phase: impl FnOnce(Timestamp) -> Phase) {
        self.change_call(id, |call| {
            if let Stage::Talking {
                consultation: Some(beside),
                since,
                ..
            } = &mut call.stage
            {
                beside.phase = phase(beside.phase.answered().unwrap_or(*since));
            }
        });
    }

    fn change_consulted(
        &mut self,
        with: Option<&OperatorId>,
        presence: impl FnOnce(&Presence) -> Presence,
    ) {
        if let Some(with) = with {
            self.change_operator(with, |operator| {
                operator.presence = presence(&operator.presence);
            });
        }
    }

    pub(super) fn follow_outside(&mut self, at: Timestamp, fact: &OutsideEvent) {
        match fact {
            OutsideEvent::Dialled {
                call,
                operator,
                number,
                until,
            } => self.change_call(*call, |call| {
                call.stage = Stage::Outside(Outside {
                    from: operator.clone(),
                    number: number.clone(),
                    until: Some(*until),
                    since: None,
                });
            }),
            OutsideEvent::Joined {
                call,
                operator,
                number,
            } => self.change_call(*call, |call| {
                call.stage = Stage::Outside(Outside {
                    from: operator.clone(),
                    number: number.clone(),
                    until: None,
                    since: Some(at),
                });
            }),
            OutsideEvent::Missed { call, .. } | OutsideEvent::Ended { call, .. } => {
                self.change_call(*call, |call| call.stage = Stage::Parted);
            }
        }
    }
}
