//! What a supervisor sees of the room beside the board: who waits, what was told to operators.

use serde::Serialize;
use utoipa::ToSchema;

use super::CardView;

/// Callers who wait and messages to operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FloorView {
    /// The server's clock.
    pub now_ms: i64,
    /// Callers in queues, the longest wait first. Holds no number.
    pub waiting: Vec<WaitingView>,
    /// Messages to operators, the newest first.
    pub messages: Vec<SentView>,
}

/// A caller who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitingView {
    /// The call, `C17`.
    pub call: String,
    /// The queue.
    pub queue: CardView,
    /// The service's name.
    pub service: String,
    /// Since when.
    pub since_at_ms: i64,
    /// What the caller said to the assistant, in order.
    pub said: Vec<String>,
    /// Whose phone rings for them: names.
    pub rings: Vec<String>,
}

/// A message, as its senders see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SentView {
    /// Its number.
    pub id: u64,
    /// When.
    pub at_ms: i64,
    /// From whom: a name.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The words.
    pub text: String,
    /// Who has read it: names.
    pub read: Vec<String>,
    /// Who has not.
    pub unread: Vec<String>,
}

/// A message, as an operator sees it until it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageView {
    /// Its number.
    pub id: u64,
    /// When.
    pub at_ms: i64,
    /// From whom: a name.
    pub from: String,
    /// The words.
    pub text: String,
}
