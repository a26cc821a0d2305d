//! From what the desk remembers to what is shown.

use events::{CallId, OperatorId, QueueId, ServiceId, Timestamp, TransferTarget};

use super::call::{Call, Handover, Heard, Written};
use super::consultation::{TransferView, target_name};
use super::guidance::{answers_of, outcome_of, steps_of};
use super::operator::{Operator, Presence, Stage, Task};
use super::today::OperatorSums;
use super::views::{
    BoardCall, BoardOperator, BoardQueue, BoardToday, BoardView, CallStage, CallView, CardView,
    CauseView, ColleagueView, DeskView, DispositionView, HeardView, LostView, OperatorState,
    OperatorView, QueueView, RoomView, ServiceView, SuggestionView, TalkWarning, TodayView,
    WaitedView, WrapUpView, WrittenView,
};
use super::{Desk, TALK_OVER_MS, TALK_SOON_MS};
use crate::organisation::Right;

impl Desk {
    /// The desk of an operator at `now`; none if the organisation does not know them.
    #[must_use]
    pub fn view(&self, id: &OperatorId, now: Timestamp) -> Option<DeskView> {
        let card = self.organisation.operators.get(id)?;
        let operator = self.operators.get(id).cloned().unwrap_or_default();
        let task = operator.task();
        Some(DeskView {
            now_ms: ms(now),
            organisation: self.organisation.name.clone(),
            operator: self.operator_view(id, &operator),
            call: task.and_then(|task| {
                Some(self.call_view((id, task), self.calls.get(&task.call)?, now))
            }),
            serves: card.queues.iter().map(ToString::to_string).collect(),
            answered_by_another: operator.lost.as_ref().map(|lost| LostView {
                call: lost.call.to_string(),
                at_ms: ms(lost.at),
                by: lost
                    .by
                    .as_ref()
                    .map(|by| self.organisation.operator_name(by)),
            }),
            messages: self.unread(id),
            supervising: self.supervision_by(id),
            outside: self.outside_view(),
            today: today_view(operator.today.seen_on(self.day(now))),
        })
    }

    /// What every desk shows of the room.
    #[must_use]
    pub fn room(&self) -> RoomView {
        let queues = self.organisation.queues.keys();
        RoomView {
            queues: queues.map(|id| self.queue_view(id)).collect(),
            colleagues: self.colleagues(),
        }
    }

    /// The room at `now`. Holds no caller's number.
    #[must_use]
    pub fn board(&self, now: Timestamp) -> BoardView {
        let day = self.day(now);
        let today = self.today.seen_on(day);
        let level_now = |queue| {
            let (soon, all) = self.today.recent().soon_of_all(now, queue);
            level(soon, all)
        };
        let queues = self.organisation.queues.keys().map(|id| {
            let sums = today.queues.get(id).copied().unwrap_or_default();
            BoardQueue {
                queue: self.queue_view(id),
                answered_today: sums.answered,
                unanswered_today: sums.unanswered,
                service_level_permille: level(sums.in_20s, sums.answered),
                service_level_now_permille: level_now(Some(id)),
            }
        });
        let shift = self.organisation.operators.iter();
        let shift = shift.filter(|(_, card)| card.is_of_the_shift());
        let operators = shift.map(|(id, _)| {
            let operator = self.operators.get(id).cloned().unwrap_or_default();
            BoardOperator {
                call: operator.task().and_then(|task| self.board_call(task, now)),
                today: today_view(operator.today.seen_on(day)),
                operator: self.operator_view(id, &operator),
            }
        });
        let by_cause = today.unanswered.iter();
        BoardView {
            now_ms: ms(now),
            organisation: self.organisation.name.clone(),
            with_assistant: self
                .calls
                .values()
                .filter(|call| call.is_with_assistant())
                .count(),
            queues: queues.collect(),
            operators: operators.collect(),
            today: BoardToday {
                offered: today.offered,
                answered: today.answered,
                unanswered: today.unanswered.values().sum(),
                unanswered_by_cause: by_cause
                    .map(|(cause, calls)| CauseView {
                        cause: cause.as_str(),
                        calls: *calls,
                    })
                    .collect(),
                mean_wait_ms: today.wait_ms.checked_div(today.answered),
                service_level_permille: level(today.in_20s, today.answered),
                service_level_now_permille: level_now(None),
            },
        }
    }

    fn operator_view(&self, id: &OperatorId, operator: &Operator) -> OperatorView {
        let card = self.organisation.operators.get(id);
        let (reason, pause_until) = match operator.presence {
            Presence::NotReady { reason, until } => (Some(reason), until),
            Presence::SignedOut | Presence::Ready | Presence::Busy(_) => (None, None),
        };
        OperatorView {
            login: id.to_string(),
            full_name: self.organisation.operator_name(id),
            position: card.map(|card| card.position.clone()).unwrap_or_default(),
            is_supervisor: card.is_some_and(|card| card.may(Right::ManageRoom)),
            state: state_of(operator),
            reason,
            pause_until_at_ms: pause_until.map(ms),
            then: operator.then,
            since_at_ms: operator.since.map(ms),
            is_phone_reachable: operator.phone_up,
        }
    }

    fn call_view(&self, (id, task): (&OperatorId, &Task), call: &Call, now: Timestamp) -> CallView {
        let services = self.organisation.services_of(&call.line).into_iter();
        CallView {
            call: task.call.to_string(),
            stage: stage_of(task, call),
            line: CardView {
                id: call.line.to_string(),
                title: self.organisation.line_title(&call.line),
            },
            service: ServiceView {
                id: call.service.to_string(),
                title: self.organisation.service_title(&call.service),
                chosen_by: call.chosen_by,
            },
            services: services
                .map(|service| self.service_card(&service))
                .collect(),
            suggested_service: self.suggestion(call),
            caller: call.caller.as_ref().map(|number| number.expose().clone()),
            arrived_at_ms: ms(call.arrived),
            waited: WaitedView::new(call.waits_at(now), call.waits.is_none()),
            heard: call
                .heard
                .iter()
                .map(|(at, heard)| heard_view(*at, heard))
                .collect(),
            does_caller_write: call.writes,
            written: call.written.iter().map(written_view).collect(),
            transcript: call.transcript.shown_in(&task.stage),
            assistant: call.assistant,
            ring_until_at_ms: match task.stage {
                Stage::Ringing { until } => Some(ms(until)),
                Stage::Connecting | Stage::Talking | Stage::Consulted | Stage::WrapUp { .. } => {
                    None
                }
            },
            talk_since_at_ms: task.talk_since.map(ms),
            talk_ms: task.talk_ms.map(|talk| talk.0),
            talk_warning: warning_of(task, now),
            talk_limits_ms: [TALK_SOON_MS, TALK_OVER_MS],
            steps: steps_of(&task.ticks),
            answers: answers_of(task),
            own_words: steps_of(&task.own_words),
            fields: call
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), value.expose().clone()))
                .collect(),
            referred_to: call.referred_to.clone(),
            disposition: task
                .disposition
                .map(|(outcome, need, client)| DispositionView {
                    outcome,
                    need,
                    client,
                }),
            suggested_outcome: outcome_of(task, call),
            wrap_up: wrap_up_of(task, now),
            transfers: call
                .handovers
                .iter()
                .map(|handover| self.transfer_view(handover))
                .collect(),
            consultation: self.consultation_view(call, id),
            is_caller_present: call.is_open,
            supervisor: self.seen_supervisor(task.call),
        }
    }

    /// A suggestion that the operator could follow: another service, and one of the line's.
    fn suggestion(&self, call: &Call) -> Option<SuggestionView> {
        let (service, confidence_permille) = call.topic.as_ref()?;
        let served = self.organisation.services_of(&call.line);
        (*service != call.service && served.contains(service)).then(|| SuggestionView {
            id: service.to_string(),
            title: self.organisation.service_title(service),
            confidence_permille: *confidence_permille,
        })
    }

    fn service_card(&self, service: &ServiceId) -> CardView {
        CardView {
            id: service.to_string(),
            title: self.organisation.service_title(service),
        }
    }

    fn transfer_view(&self, handover: &Handover) -> TransferView {
        TransferView {
            at_ms: ms(handover.at),
            from: self.organisation.operator_name(&handover.from),
            to: target_name(&self.organisation, &handover.to),
            is_to_queue: matches!(handover.to, TransferTarget::Queue(_)),
        }
    }

    fn queue_view(&self, id: &QueueId) -> QueueView {
        let in_queue = self
            .calls
            .values()
            .filter(|call| call.queue.as_ref() == Some(id));
        let waiting: Vec<Timestamp> = in_queue.filter_map(|call| call.waiting_since).collect();
        let of_queue = self.organisation.operators.iter();
        let members: Vec<&Operator> = of_queue
            .filter(|(_, card)| card.queues.contains(id))
            .filter_map(|(id, _)| self.operators.get(id))
            .collect();
        QueueView {
            id: id.to_string(),
            title: self.organisation.queue_title(id),
            is_open: !self.closed.contains(id),
            waiting: waiting.len(),
            kept: self.kept.values().filter(|queue| *queue == id).count(),
            longest_since_at_ms: waiting.into_iter().min().map(ms),
            ready: members.iter().filter(|member| is_free(member)).count(),
            signed_in: members
                .iter()
                .filter(|member| !matches!(member.presence, Presence::SignedOut))
                .count(),
        }
    }

    fn colleagues(&self) -> Vec<ColleagueView> {
        let everybody = self.organisation.operators.iter();
        let everybody = everybody.filter(|(_, card)| card.is_of_the_shift());
        let view = everybody.map(|(id, card)| {
            let operator = self.operators.get(id);
            ColleagueView {
                login: id.to_string(),
                full_name: card.full_name.clone(),
                position: card.position.clone(),
                state: operator.map_or(OperatorState::SignedOut, state_of),
                is_free: operator.is_some_and(is_free),
            }
        });
        view.collect()
    }

    fn board_call(&self, task: &Task, now: Timestamp) -> Option<BoardCall> {
        let call = self.calls.get(&task.call)?;
        Some(BoardCall {
            call: task.call.to_string(),
            stage: stage_of(task, call),
            line: self.organisation.line_title(&call.line),
            service: self.organisation.service_title(&call.service),
            talk_warning: warning_of(task, now),
            supervision: self.supervision_of(task.call),
        })
    }

    /// The line of the call an operator is busy with: what its service may be corrected to.
    #[must_use]
    pub fn services_for(&self, call: CallId) -> Vec<ServiceId> {
        self.calls
            .get(&call)
            .map(|c| self.organisation.services_of(&c.line))
            .unwrap_or_default()
    }
}

/// Answered in 20 s of all answered, thousandths; none without answers.
const fn level(in_20s: u64, answered: u64) -> Option<u64> {
    in_20s.saturating_mul(1_000).checked_div(answered)
}

pub(super) const fn ms(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}

const fn is_free(operator: &Operator) -> bool {
    operator.phone_up && matches!(operator.presence, Presence::Ready)
}

pub(super) const fn state_of(operator: &Operator) -> OperatorState {
    match &operator.presence {
        Presence::SignedOut => OperatorState::SignedOut,
        Presence::NotReady { .. } => OperatorState::NotReady,
        Presence::Ready => OperatorState::Ready,
        Presence::Busy(task) => match task.stage {
            Stage::Ringing { .. } => OperatorState::Ringing,
            Stage::Connecting => OperatorState::Connecting,
            Stage::Talking => OperatorState::Talking,
            Stage::Consulted => OperatorState::Consulted,
            Stage::WrapUp { .. } => OperatorState::WrapUp,
        },
    }
}

const fn stage_of(task: &Task, call: &Call) -> CallStage {
    match task.stage {
        Stage::Ringing { .. } => CallStage::Ringing,
        Stage::Connecting => CallStage::Connecting,
        Stage::Talking if call.held => CallStage::Held,
        Stage::Talking => CallStage::Talking,
        Stage::Consulted => CallStage::Consulted,
        Stage::WrapUp { .. } => CallStage::WrapUp,
    }
}

/// Hold included: the caller's time is spent all the same.
fn warning_of(task: &Task, now: Timestamp) -> TalkWarning {
    let talked = task
        .talk_ms
        .or_else(|| task.talk_since.map(|since| now.since(since)));
    match talked.map_or(0, |talked| talked.0) {
        ..TALK_SOON_MS => TalkWarning::None,
        TALK_SOON_MS..=TALK_OVER_MS => TalkWarning::Soon,
        _ => TalkWarning::Over,
    }
}

fn wrap_up_of(task: &Task, now: Timestamp) -> Option<WrapUpView> {
    match task.stage {
        Stage::WrapUp { until, extensions } => Some(WrapUpView {
            until_at_ms: ms(until),
            extensions_left: extensions,
            is_overdue: until <= now && task.disposition.is_none(),
        }),
        Stage::Ringing { .. } | Stage::Connecting | Stage::Talking | Stage::Consulted => None,
    }
}

fn written_view((at, written): &(Timestamp, Written)) -> WrittenView {
    WrittenView {
        at_ms: ms(*at),
        is_operators: written.is_operators,
        text: written.text.expose().clone(),
    }
}

fn heard_view(at: Timestamp, heard: &Heard) -> HeardView {
    match heard {
        Heard::Speech {
            step,
            text,
            confidence_permille,
            accepted,
        } => HeardView {
            at_ms: ms(at),
            step: step.clone(),
            text: Some(text.expose().clone()),
            key: None,
            confidence_permille: Some(*confidence_permille),
            is_accepted: *accepted,
        },
        Heard::Key { step, digit } => HeardView {
            at_ms: ms(at),
            step: step.clone(),
            text: None,
            key: Some(*digit.expose()),
            confidence_permille: None,
            is_accepted: true,
        },
    }
}

const fn today_view(sums: OperatorSums) -> TodayView {
    TodayView {
        answered: sums.answered,
        missed: sums.missed,
        transfers: sums.transfers,
        mean_talk_ms: sums.talk_ms.checked_div(sums.talks),
    }
}
