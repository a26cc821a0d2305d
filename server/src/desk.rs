//! What operators and supervisors see: a projection of the facts, nothing else.
//!
//! [`Desk::apply`] takes every record of the journal in order; [`Desk::view`] and [`Desk::board`]
//! only read. Nobody tells the desk anything beside the journal, so the screen of an operator and
//! the distribution cannot disagree for longer than one turn.

mod accounts;
mod audit;
mod audit_words;
mod call;
mod callers;
mod consultation;
mod floor;
mod guidance;
mod lookup;
mod operator;
mod owed;
mod recent;
mod screens;
mod supervision;
mod team;
mod today;
mod transcript;
mod view;
mod views;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use events::{
    CallId, CaseId, ChosenBy, Event, MissedWhy, NotReadyReason, OperatorId, Pii, QueueId, Record,
};

use crate::organisation::Organisation;
use crate::training::TrainingLog;
use accounts::Accounts;
use call::{Call, Handover, Heard, Written};
use floor::Messages;
use operator::{Lost, Operator, Presence, Stage, Task, counts_as_missed};
use owed::Owed;
use screens::Screens;
use team::Team;
use today::RoomToday;

pub use accounts::Account;
pub use audit::{AUDIT_KINDS, AuditFilter, AuditRow, AuditTrail};
pub use consultation::{
    ConsultationState, ConsultationView, ContactView, OutsideView, TransferView,
};
pub use screens::{SCREENS_MAX, ScreenView, WallOperator, WallView};
pub use supervision::SupervisionView;
pub use transcript::{TranscriptLine, TranscriptView};
pub use views::{
    AnswerView, BoardCall, BoardOperator, BoardQueue, BoardToday, BoardView, CallStage, CallView,
    CardView, CauseView, ColleagueView, DeskView, DispositionView, FloorView, HeardView, LostView,
    LowRatingView, MessageView, OperatorState, OperatorView, OwedState, OwedView, QueueView,
    RoomView, SentView, ServiceView, SkillView, StepView, SuggestionView, TalkWarning,
    TeamOperator, TeamQueue, TeamView, TodayView, UnansweredView, WaitedView, WaitingView,
    WrapUpView, WrittenView,
};

/// From this length of a talk on the operator is reminded (requirement row #28).
pub const TALK_SOON_MS: u64 = 8 * 60_000;
/// «Как правило, не должно превышать»: from here on the talk is long (requirement row #28).
pub const TALK_OVER_MS: u64 = 10 * 60_000;

/// The desks of everybody.
#[derive(Clone, Debug)]
pub struct Desk {
    organisation: Arc<Organisation>,
    calls: BTreeMap<CallId, Call>,
    operators: BTreeMap<OperatorId, Operator>,
    /// Whom the house calls: on nobody's desk until a queue has them.
    placed: BTreeMap<CallId, Pii<String>>,
    /// Callbacks with a place in a queue.
    kept: BTreeMap<CaseId, QueueId>,
    /// Queues whose hours are over.
    closed: BTreeSet<QueueId>,
    accounts: Accounts,
    audit: AuditTrail,
    screens: Screens,
    training: TrainingLog,
    team: Team,
    messages: Messages,
    owed: Owed,
    /// Supervisors in talks.
    supervisions: BTreeMap<CallId, supervision::Supervision>,
    today: RoomToday,
}

impl Desk {
    /// An empty room with everybody of the organisation signed out.
    #[must_use]
    pub fn new(organisation: Arc<Organisation>) -> Self {
        let operators = organisation
            .operators
            .keys()
            .map(|id| (id.clone(), Operator::default()));
        Self {
            calls: BTreeMap::new(),
            operators: operators.collect(),
            placed: BTreeMap::new(),
            kept: BTreeMap::new(),
            closed: BTreeSet::new(),
            accounts: Accounts::default(),
            audit: AuditTrail::default(),
            screens: Screens::default(),
            training: TrainingLog::default(),
            team: Team::default(),
            messages: Messages::default(),
            owed: Owed::default(),
            supervisions: BTreeMap::new(),
            today: RoomToday::default(),
            organisation,
        }
    }

    /// Lets a fact change what is seen. Facts that nobody sees are listed too, so that a new one is
    /// a question to the compiler.
    #[expect(clippy::too_many_lines, reason = "one arm a fact, each of them plain")]
    pub fn apply(&mut self, record: &Record) {
        let at = record.at;
        self.audit.apply(record);
        self.follow_owed(at, &record.event);
        match &record.event {
            Event::CallArrived {
                call,
                line,
                service,
                caller,
                ..
            } => {
                let new = Call::new(line.clone(), service.clone(), caller.clone(), at);
                self.calls.insert(*call, new);
            }
            Event::Placed(fact) => self.follow_placed(at, fact),
            Event::LegAnswered { call, .. } => self.call(*call, |c| c.connected = Some(at)),
            Event::ServiceChosen { call, service, by } => self.call(*call, |c| {
                c.service = service.clone();
                c.chosen_by = Some(*by);
                if *by == ChosenBy::Operator {
                    c.topic = None;
                }
            }),
            Event::TopicSuggested {
                call,
                service,
                confidence_permille,
            } => {
                let topic = (service.clone(), *confidence_permille);
                self.call(*call, |c| c.topic = Some(topic));
            }
            Event::SpeechHeard {
                call,
                step,
                text,
                confidence_permille,
                accepted,
                ..
            } => {
                let heard = Heard::Speech {
                    step: step.clone(),
                    text: text.clone(),
                    confidence_permille: *confidence_permille,
                    accepted: *accepted,
                };
                self.call(*call, |c| c.hear(at, heard));
            }
            Event::TextReceived {
                call,
                step,
                text,
                accepted,
            } => {
                let heard = Heard::Speech {
                    step: step.clone(),
                    text: text.clone(),
                    confidence_permille: 1_000,
                    accepted: *accepted,
                };
                self.call(*call, |c| c.read(at, (text, heard)));
            }
            Event::TextSent { call, text, .. } => {
                self.call(*call, |c| c.write(at, Written::by_operator(text)));
            }
            Event::DigitPressed { call, step, digit } => {
                let heard = Heard::Key {
                    step: step.clone(),
                    digit: digit.clone(),
                };
                self.call(*call, |c| c.hear(at, heard));
            }
            Event::DialogueEnded {
                call,
                purpose,
                outcome,
                ..
            } => {
                self.call(*call, |c| c.dialogue_ended(*purpose, *outcome));
            }
            Event::QueueEntered {
                call,
                queue,
                because,
                ..
            } => self.enter(at, *call, (queue, *because)),
            Event::CallOffered {
                call,
                operator,
                until,
                reason,
            } => {
                let queue = self.calls.get(call).and_then(|call| call.queue.clone());
                self.team.chose(at, queue, (operator, reason));
                let task = Task::new(*call, Stage::Ringing { until: *until });
                self.operator(operator, |o| o.begin(task, at));
            }
            Event::OfferAccepted { call, operator } => {
                self.answered_by(*call, operator);
                self.operator(operator, |o| o.stage(Stage::Connecting, at));
            }
            Event::OfferMissed {
                call,
                operator,
                why,
            } => {
                if *why == MissedWhy::AnsweredByAnother {
                    self.operator(operator, |o| o.lost = Some(Lost::new(*call, at)));
                }
                let day = self.day(at);
                let counts = counts_as_missed(*why);
                self.operator(operator, |o| {
                    o.miss();
                    if counts {
                        o.today.on(day).missed += 1;
                    }
                });
            }
            Event::LegsBridged {
                call,
                operator,
                waits,
            } => self.bridge(at, *call, operator, *waits),
            Event::CallUnanswered { call, cause, waits } => {
                let day = self.day(at);
                let queue = self.calls.get(call).and_then(|c| c.queue.clone());
                self.today.unanswered(day, queue, *cause);
                self.call(*call, |c| {
                    c.waiting_since = None;
                    c.waits.get_or_insert(*waits);
                });
            }
            Event::PlaceKept {
                call, case, queue, ..
            } => {
                self.kept.insert(*case, queue.clone());
                self.call(*call, |c| c.waiting_since = None);
            }
            Event::Case(fact) => self.follow_case(fact),
            Event::CatalogueLoaded(catalogue) => self.team.load(catalogue),
            Event::Administered { by, act } => {
                self.accounts.apply(at, by.as_ref(), act);
                self.follow_cards(act);
                self.screens.apply((record.seq, at), by.as_ref(), act);
                self.team.apply(act);
                self.follow_messages((record.seq, at), by.as_ref(), act);
            }
            Event::QueueOpened { queue } => {
                self.closed.remove(queue);
            }
            Event::QueueClosed { queue } => {
                self.closed.insert(queue.clone());
            }
            Event::QueueLeft { call, .. } => self.call(*call, |c| c.waiting_since = None),
            Event::TalkHeld { call, .. } => self.call(*call, |c| c.held = true),
            Event::TalkResumed { call, .. } => self.call(*call, |c| c.held = false),
            Event::Supervision(fact) => self.supervise(at, fact),
            Event::Transcript(fact) => self.transcribe(at, fact),
            Event::CallTransferred { call, from, to, .. } => {
                let handover = Handover {
                    from: from.clone(),
                    to: to.clone(),
                    at,
                };
                self.call(*call, |c| c.handovers.push(handover));
                let day = self.day(at);
                self.operator(from, |o| o.today.on(day).transfers += 1);
            }
            Event::Consultation(fact) => self.follow_consultation(at, fact),
            Event::Outside(fact) => self.follow_outside(fact),
            Event::TalkEnded {
                call,
                operator,
                by,
                talk_ms,
            } => self.part(at, *call, operator, (*by, *talk_ms)),
            Event::WrapUpStarted {
                operator,
                until,
                extensions: left,
                ..
            }
            | Event::WrapUpExtended {
                operator,
                until,
                left,
                ..
            } => {
                self.operator(operator, |o| o.wrap_up_until(*until, *left));
            }
            Event::DispositionSet {
                call,
                operator,
                outcome,
                need,
                client,
            } => {
                self.task(operator, *call, |t| {
                    t.disposition = Some((*outcome, *need, *client))
                });
            }
            Event::ScriptStepTicked {
                call,
                operator,
                script,
                step,
                done,
            } => {
                self.task(operator, *call, |t| t.tick(script, step, *done));
            }
            Event::Script(fact) => self.follow_script(fact),
            Event::Training(fact) => self.training.apply(at, fact),
            Event::WrapUpEnded { call, operator } => {
                self.operator(operator, |o| o.become_(Presence::Ready, at));
                self.forget_if_done(*call);
            }
            Event::CallEnded { call, .. } => {
                self.call(*call, |c| {
                    c.is_open = false;
                    c.waiting_since = None;
                });
                self.forget_if_done(*call);
            }
            Event::OperatorSignedIn { operator } => {
                let reason = NotReadyReason::SignedIn;
                let signed_in = Presence::NotReady {
                    reason,
                    until: None,
                };
                self.operator(operator, |o| o.become_(signed_in, at));
            }
            Event::OperatorReady { operator } => {
                self.operator(operator, |o| o.announce(None, Presence::Ready, at));
            }
            Event::OperatorNotReady {
                operator,
                reason,
                until,
            } => {
                let pause = Presence::NotReady {
                    reason: *reason,
                    until: *until,
                };
                self.operator(operator, |o| o.announce(Some(*reason), pause, at));
            }
            Event::OperatorSignedOut { operator } => {
                self.operator(operator, |o| o.become_(Presence::SignedOut, at));
            }
            Event::PhoneReachable { operator } => self.operator(operator, |o| o.phone_up = true),
            Event::PhoneUnreachable { operator } => self.operator(operator, |o| o.phone_up = false),
            Event::ServerStarted { .. }
            | Event::Heartbeat {}
            | Event::ServerStopped {}
            | Event::CallRefused { .. }
            | Event::DialogueStarted { .. }
            | Event::AnswerRecorded { .. }
            | Event::TaskAsked { .. }
            | Event::TaskAnswered { .. }
            | Event::Notification(_)
            | Event::BroadcastSet { .. }
            | Event::ScriptsReloaded { .. }
            | Event::ScriptText(_)
            | Event::StepReached { .. }
            | Event::CircleWidened { .. }
            | Event::OverflowPutOff { .. }
            | Event::WaitEstimated { .. }
            | Event::OfferRinging { .. }
            | Event::PlacePutOff { .. }
            | Event::PauseOverrun { .. }
            | Event::RecordingStarted { .. }
            | Event::CallRated { .. }
            | Event::RatingSkipped { .. }
            | Event::LegMeasured { .. } => {}
        }
    }
}
