//! The board: queues, operators and the day, for supervisors and for a wall.

use serde::Serialize;
use utoipa::ToSchema;

use super::{CallStage, OperatorView, QueueView, SupervisionView, TalkWarning, TodayView};

/// The supervisor's board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BoardView {
    /// The server's clock.
    pub now_ms: i64,
    /// The authority's name.
    pub organisation: String,
    /// Callers with the assistant.
    pub with_assistant: usize,
    /// Every queue.
    pub queues: Vec<BoardQueue>,
    /// Every operator.
    pub operators: Vec<BoardOperator>,
    /// The day so far.
    pub today: BoardToday,
}

/// A queue on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardQueue {
    /// The live figures.
    #[serde(flatten)]
    pub queue: QueueView,
    /// Answered today.
    pub answered_today: u64,
    /// «Без ответа» today.
    pub unanswered_today: u64,
    /// Answered in 20 s of all answered today, thousandths; none without answers.
    pub service_level_permille: Option<u64>,
    /// The same of those answered in the last 30 minutes.
    pub service_level_now_permille: Option<u64>,
}

/// An operator on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardOperator {
    /// The operator.
    #[serde(flatten)]
    pub operator: OperatorView,
    /// What they are busy with; without the caller's number.
    pub call: Option<BoardCall>,
    /// Their day.
    pub today: TodayView,
}

/// A call on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardCall {
    /// Its number.
    pub call: String,
    /// Where it stands.
    pub stage: CallStage,
    /// The line's name.
    pub line: String,
    /// The service's name.
    pub service: String,
    /// Whether the talk is long.
    pub talk_warning: TalkWarning,
    /// The supervisor who is in the talk.
    pub supervision: Option<SupervisionView>,
}

/// The room's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardToday {
    /// Callers who asked for a person.
    pub offered: u64,
    /// Answered.
    pub answered: u64,
    /// «Без ответа», all causes.
    pub unanswered: u64,
    /// The same by cause; causes with none are left out.
    pub unanswered_by_cause: Vec<CauseView>,
    /// Mean time in queue of the answered; none without answers.
    pub mean_wait_ms: Option<u64>,
    /// Answered in 20 s of all answered, thousandths; none without answers.
    pub service_level_permille: Option<u64>,
    /// The same of those answered in the last 30 minutes.
    pub service_level_now_permille: Option<u64>,
}

/// How many for a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseView {
    /// The cause's word.
    pub cause: &'static str,
    /// How many.
    pub calls: u64,
}
