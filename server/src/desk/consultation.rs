//! Consultations as desks see them: who is asked, who hears whom, and the address book.

use events::{
    ConsultationEvent, ConsultationOutcome, OperatorId, OutsideEvent, Timestamp, TransferTarget,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Desk;
use super::call::Call;
use super::operator::{Stage, Task};
use crate::organisation::Organisation;

/// Somebody who is consulted about a call.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    operator: OperatorId,
    to: TransferTarget,
    with: Option<OperatorId>,
    state: ConsultationState,
    /// It rings until then.
    until: Timestamp,
    /// Since the answer.
    since: Option<Timestamp>,
}

/// Who hears whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationState {
    /// The consulted is rung; the caller is on hold.
    Ringing,
    /// Operator and consulted talk; the caller is on hold.
    Aside,
    /// Operator and caller talk; the consulted is on hold.
    WithCaller,
    /// All three talk.
    Conference,
}

/// A consultation about the call on the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsultationView {
    /// Who hears whom.
    pub state: ConsultationState,
    /// Whether the operator of this desk consults; otherwise they are consulted.
    pub is_mine: bool,
    /// Who consults: a name.
    pub operator: String,
    /// Who is consulted: a name, of the address book too, or a number.
    pub with: String,
    /// Whether it is a number outside.
    pub is_outside: bool,
    /// The phone stops ringing then.
    pub ring_until_at_ms: Option<i64>,
    /// Since when they talk.
    pub since_at_ms: Option<i64>,
}

/// A «переключение».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransferView {
    /// When.
    pub at_ms: i64,
    /// Who handed over: a name.
    pub from: String,
    /// To whom: a name or a queue's title.
    pub to: String,
    /// Whether `to` is a queue.
    pub is_to_queue: bool,
}

/// What a desk may dial outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutsideView {
    /// Whether a number may be typed, too; which ones, the server knows.
    pub is_typed: bool,
    /// The address book.
    pub contacts: Vec<ContactView>,
}

/// A body in the address book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactView {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
}

impl Desk {
    pub(super) fn follow_consultation(&mut self, at: Timestamp, fact: &ConsultationEvent) {
        match fact {
            ConsultationEvent::Started {
                call,
                operator,
                to,
                with,
                until,
            } => {
                let beside = Beside {
                    operator: operator.clone(),
                    to: to.clone(),
                    with: with.clone(),
                    state: ConsultationState::Ringing,
                    until: *until,
                    since: None,
                };
                self.call(*call, |c| c.beside = Some(beside));
                if let Some(with) = with {
                    let task = Task::new(*call, Stage::Ringing { until: *until });
                    self.operator(with, |o| o.begin(task, at));
                }
            }
            ConsultationEvent::Answered { call, with, .. } => {
                self.turns(*call, ConsultationState::Aside, Some(at));
                if let Some(with) = with {
                    self.operator(with, |o| o.stage(Stage::Consulted, at));
                }
            }
            ConsultationEvent::Swapped {
                call, to_caller, ..
            } => {
                let state = match to_caller {
                    true => ConsultationState::WithCaller,
                    false => ConsultationState::Aside,
                };
                self.turns(*call, state, None);
            }
            ConsultationEvent::ConferenceStarted { call, .. } => {
                self.turns(*call, ConsultationState::Conference, None);
            }
            ConsultationEvent::Ended {
                call,
                with,
                outcome,
                ..
            } => {
                self.call(*call, |c| c.beside = None);
                if let Some(with) = with {
                    self.released(at, with, *outcome);
                }
                self.forget_if_done(*call);
            }
        }
    }

    /// A caller with a number outside waits for nobody.
    pub(super) fn follow_outside(&mut self, fact: &OutsideEvent) {
        self.call(fact.call(), |c| c.held = false);
    }

    fn turns(&mut self, call: events::CallId, state: ConsultationState, at: Option<Timestamp>) {
        self.call(call, |c| {
            if let Some(beside) = &mut c.beside {
                beside.state = state;
                beside.since = beside.since.or(at);
            }
        });
    }

    /// The consulted is free again, unless the caller was left to them.
    fn released(&mut self, at: Timestamp, with: &OperatorId, outcome: ConsultationOutcome) {
        let missed = match outcome {
            ConsultationOutcome::Transferred => return,
            ConsultationOutcome::Declined
            | ConsultationOutcome::NoAnswer
            | ConsultationOutcome::Busy
            | ConsultationOutcome::Unreachable => true,
            ConsultationOutcome::Cancelled
            | ConsultationOutcome::Left
            | ConsultationOutcome::CallerLeft
            | ConsultationOutcome::OperatorLeft
            | ConsultationOutcome::Failure => false,
        };
        let day = self.day(at);
        self.operator(with, |o| {
            let rang = matches!(o.task().map(|t| t.stage), Some(Stage::Ringing { .. }));
            o.released(at);
            if missed && rang {
                o.today.on(day).missed += 1;
            }
        });
    }

    pub(super) fn consultation_view(
        &self,
        call: &Call,
        of: &OperatorId,
    ) -> Option<ConsultationView> {
        let beside = call.beside.as_ref()?;
        let organisation = &self.organisation;
        let with = beside.with.as_ref();
        let with = with.map(|with| organisation.operator_name(with));
        let rings = beside.state == ConsultationState::Ringing;
        Some(ConsultationView {
            state: beside.state,
            is_mine: beside.operator == *of,
            operator: organisation.operator_name(&beside.operator),
            with: with.unwrap_or_else(|| target_name(organisation, &beside.to)),
            is_outside: beside.with.is_none(),
            ring_until_at_ms: rings.then(|| super::view::ms(beside.until)),
            since_at_ms: beside.since.map(super::view::ms),
        })
    }

    pub(super) fn outside_view(&self) -> Option<OutsideView> {
        let outside = self.organisation.outside.as_ref()?;
        let contacts = outside.contacts.iter().map(|contact| ContactView {
            name: contact.name.clone(),
            number: contact.number.clone(),
        });
        Some(OutsideView {
            is_typed: outside.is_typed,
            contacts: contacts.collect(),
        })
    }
}

/// A name for people of whoever takes a caller or is consulted.
pub(super) fn target_name(organisation: &Organisation, to: &TransferTarget) -> String {
    match to {
        TransferTarget::Operator(operator) => organisation.operator_name(operator),
        TransferTarget::Queue(queue) => organisation.queue_title(queue),
        TransferTarget::Outside(number) => {
            let outside = organisation.outside.iter();
            let mut contacts = outside.flat_map(|outside| &outside.contacts);
            let known = contacts.find(|contact| contact.number == *number.expose());
            known.map_or_else(|| number.expose().clone(), |contact| contact.name.clone())
        }
    }
}
