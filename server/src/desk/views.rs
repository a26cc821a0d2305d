//! What is sent to the screens. Moments are `…_at_ms`, milliseconds since 1970-01-01 UTC, so that a
//! screen counts by itself and needs no message a second; `now_ms` tells it the server's clock.

mod board;
mod floor;
mod owed;
mod said;
mod script;
mod team;

use std::collections::BTreeMap;

use super::consultation::{ConsultationView, OutsideView, TransferView};
use super::{SupervisionView, TranscriptView};
use events::{CallOutcome, ChosenBy, DialogueOutcome, NotReadyReason, Waits};
use serde::Serialize;
use utoipa::ToSchema;

pub use board::{BoardCall, BoardOperator, BoardQueue, BoardToday, BoardView, CauseView};
pub use floor::{FloorView, MessageView, SentView, WaitingView};
pub use owed::{LowRatingView, OwedState, OwedView, UnansweredView};
pub use said::{HeardView, WrittenView};
pub use script::{AnswerView, DispositionView, StepView, WrapUpView};
pub use team::{SkillView, TeamOperator, TeamQueue, TeamView};

/// An operator's desk.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeskView {
    /// The server's clock.
    pub now_ms: i64,
    /// The authority's name.
    pub organisation: String,
    /// Whose desk it is.
    pub operator: OperatorView,
    /// The call that rings, is talked to, or is worked on after the talk.
    pub call: Option<CallView>,
    /// The queues the operator serves: their ids.
    pub serves: Vec<String>,
    /// The last call that rang here too and that somebody else answered, until the next one rings.
    pub answered_by_another: Option<LostView>,
    /// Messages that the operator has not read.
    pub messages: Vec<MessageView>,
    /// Somebody else's talk that a supervisor is in.
    pub supervising: Option<SupervisionView>,
    /// Numbers outside; none if nobody is called there.
    pub outside: Option<OutsideView>,
    /// The operator's own counters of the day.
    pub today: TodayView,
}

/// A call that somebody else answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LostView {
    /// Its number.
    pub call: String,
    /// When.
    pub at_ms: i64,
    /// Who answered: a name.
    pub by: Option<String>,
}

/// What every desk shows of the room: the same for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomView {
    /// All queues: what waits, and where a caller may be handed on to.
    pub queues: Vec<QueueView>,
    /// Everybody: to whom a caller may be handed on.
    pub colleagues: Vec<ColleagueView>,
}

/// A thing with an id and a name for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardView {
    /// The id.
    pub id: String,
    /// The name.
    pub title: String,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperatorState {
    /// Not at the desk.
    SignedOut,
    /// At the desk, wants no calls.
    NotReady,
    /// Free.
    Ready,
    /// The phone is being rung.
    Ringing,
    /// Answered, the bridge does not stand yet.
    Connecting,
    /// With a caller.
    Talking,
    /// Consulted by another operator.
    Consulted,
    /// After-call work.
    WrapUp,
}

/// The operator in front of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OperatorView {
    /// Login.
    pub login: String,
    /// Surname, name, patronymic.
    pub full_name: String,
    /// Position.
    pub position: String,
    /// May see the board, the calls and the reports.
    pub is_supervisor: bool,
    /// What they do.
    pub state: OperatorState,
    /// Why not ready.
    #[schema(value_type = Option<String>)]
    pub reason: Option<NotReadyReason>,
    /// When the pause should be over, if it has a cap; over the cap once that has passed.
    pub pause_until_at_ms: Option<i64>,
    /// The pause that begins after the after-call work.
    #[schema(value_type = Option<String>)]
    pub then: Option<NotReadyReason>,
    /// Since when the state is what it is.
    pub since_at_ms: Option<i64>,
    /// Whether the phone can be rung.
    pub is_phone_reachable: bool,
}

/// Where a call stands for this operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallStage {
    /// The phone rings.
    Ringing,
    /// Answered, the bridge does not stand yet.
    Connecting,
    /// Caller and operator hear each other.
    Talking,
    /// One side put the other on hold.
    Held,
    /// Of somebody else: the operator of this desk is consulted.
    Consulted,
    /// The talk is over.
    WrapUp,
}

/// The call on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CallView {
    /// Its number, `C17`.
    pub call: String,
    /// Where it stands.
    pub stage: CallStage,
    /// The line dialled.
    pub line: CardView,
    /// What it is about.
    pub service: ServiceView,
    /// What the operator may correct the service to.
    pub services: Vec<CardView>,
    /// What the service probably is, by the caller's words, if it is another.
    pub suggested_service: Option<SuggestionView>,
    /// The caller's number, if signalled. For this operator's eyes only.
    pub caller: Option<String>,
    /// When the caller rang.
    pub arrived_at_ms: i64,
    /// How long the caller waited.
    pub waited: WaitedView,
    /// What the caller answered the assistant, in order.
    pub heard: Vec<HeardView>,
    /// Whether the caller types instead of speaking, or beside it.
    pub does_caller_write: bool,
    /// What caller and operator typed to each other, in order.
    pub written: Vec<WrittenView>,
    /// What the caller says to the operator, as far as it is recognised.
    pub transcript: TranscriptView,
    /// How the dialogue with the assistant ended.
    #[schema(value_type = Option<String>)]
    pub assistant: Option<DialogueOutcome>,
    /// The phone stops ringing then.
    pub ring_until_at_ms: Option<i64>,
    /// Since when they talk.
    pub talk_since_at_ms: Option<i64>,
    /// How long the talk was, once it is over.
    pub talk_ms: Option<u64>,
    /// Whether the talk is long.
    pub talk_warning: TalkWarning,
    /// Reminders of a long talk, from its beginning (requirement row #28).
    #[schema(value_type = Vec<u64>)]
    pub talk_limits_ms: [u64; 2],
    /// Steps of the operator's script that are ticked.
    pub steps: Vec<StepView>,
    /// Branches of the operator's script that were taken.
    pub answers: Vec<AnswerView>,
    /// Steps that were said in other words.
    pub own_words: Vec<StepView>,
    /// What was written down, by the field's name.
    pub fields: BTreeMap<String, String>,
    /// The body the caller was told to turn to, if the question is not ours (requirement row #35).
    pub referred_to: Option<String>,
    /// What the operator stated.
    pub disposition: Option<DispositionView>,
    /// What the operator will probably state.
    #[schema(value_type = String)]
    pub suggested_outcome: CallOutcome,
    /// After-call work.
    pub wrap_up: Option<WrapUpView>,
    /// How the caller was handed on before, and by this operator.
    pub transfers: Vec<TransferView>,
    /// Whom the operator consults, or who consults this one.
    pub consultation: Option<ConsultationView>,
    /// Whether the caller's line is open still.
    pub is_caller_present: bool,
    /// The supervisor who is in the talk, if operators may know.
    pub supervisor: Option<String>,
}

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceView {
    /// The service's id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Who chose it.
    #[schema(value_type = Option<String>)]
    pub chosen_by: Option<ChosenBy>,
}

/// A service that the caller's words suggest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SuggestionView {
    /// The service's id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// How likely it is right, thousandths.
    pub confidence_permille: u16,
}

/// The waits of a call, milliseconds; they stand still once an operator answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitedView {
    /// From the connection to the first operator.
    pub total_ms: u64,
    /// In queues.
    pub queue_ms: u64,
    /// Whether they still grow.
    pub is_waiting: bool,
}

/// Whether a talk is long (requirement row #28).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TalkWarning {
    /// It is not.
    None,
    /// 8 minutes.
    Soon,
    /// More than 10 minutes.
    Over,
}

/// A queue's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueueView {
    /// The queue.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Whether callers are taken into it at this hour.
    pub is_open: bool,
    /// Callers in it, rung for or not.
    pub waiting: usize,
    /// Callers whose place in it is kept: they are called when it is reached.
    pub kept: usize,
    /// Since when the one who waits longest waits.
    pub longest_since_at_ms: Option<i64>,
    /// Operators who could take a call now.
    pub ready: usize,
    /// Operators at the desk.
    pub signed_in: usize,
}

/// Somebody to hand a caller on to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ColleagueView {
    /// Login.
    pub login: String,
    /// Surname, name, patronymic.
    pub full_name: String,
    /// Position.
    pub position: String,
    /// What they do.
    pub state: OperatorState,
    /// Whether a caller can be handed on to them now.
    pub is_free: bool,
}

/// An operator's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TodayView {
    /// Calls answered.
    pub answered: u64,
    /// Offers missed.
    pub missed: u64,
    /// Callers handed on.
    pub transfers: u64,
    /// Mean length of a talk; none without talks.
    pub mean_talk_ms: Option<u64>,
}

impl WaitedView {
    pub(super) const fn new(waits: Waits, is_waiting: bool) -> Self {
        Self {
            total_ms: waits.total_ms.0,
            queue_ms: waits.queue_ms.0,
            is_waiting,
        }
    }
}
