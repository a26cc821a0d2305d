//! How far an operator is in a call's work: its script, its outcome, its after-call work.

use events::{CallOutcome, ClientType, NeedCode};
use serde::Serialize;
use utoipa::ToSchema;

/// A ticked step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepView {
    /// The operator's script.
    pub script: String,
    /// The step.
    pub step: String,
}

/// A branch that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerView {
    /// The operator's script.
    pub script: String,
    /// The step that asks.
    pub step: String,
    /// The answer.
    pub answer: String,
}

/// Outcome, need and client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DispositionView {
    /// One of the four outcomes (requirement row #29).
    #[schema(value_type = String)]
    pub outcome: CallOutcome,
    /// One of the nine needs (requirement row #43).
    #[schema(value_type = String)]
    pub need: NeedCode,
    /// Who called (requirement row #49).
    #[schema(value_type = Option<String>)]
    pub client: Option<ClientType>,
}

/// After-call work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WrapUpView {
    /// It ends by itself then, once the disposition is stated.
    pub until_at_ms: i64,
    /// It should be over, and the disposition is missing.
    pub is_overdue: bool,
    /// How often more time may be asked for.
    pub extensions_left: u8,
}
