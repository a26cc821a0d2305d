//! What supervisors owe to callers: unanswered calls and low ratings, until they are settled.

use serde::Serialize;
use utoipa::ToSchema;

/// Unanswered calls and low ratings, what is open first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwedView {
    /// The server's clock.
    pub now_ms: i64,
    /// How long an unanswered call is owed, hours.
    pub term_h: u16,
    /// Calls that nobody answered.
    pub unanswered: Vec<UnansweredView>,
    /// Ratings of 1 and 2.
    pub ratings: Vec<LowRatingView>,
}

/// How an unanswered call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwedState {
    /// Nobody has done anything.
    Open,
    /// The house calls back.
    Taken,
    /// The term has passed.
    Expired,
    /// Called back, and reached.
    CalledBack,
    /// Called again and was answered.
    Reached,
    /// Closed with a note.
    Closed,
}

/// A call that nobody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnansweredView {
    /// Its number.
    pub call: String,
    /// When it was given up.
    pub at_ms: i64,
    /// The caller's number, masked; none if withheld.
    pub phone: Option<String>,
    /// The service's name.
    pub service: String,
    /// The queue's name, if it came to one.
    pub queue: Option<String>,
    /// Why nobody answered: a word of `unanswered` of `/api/v1/reasons`.
    pub cause: &'static str,
    /// How long the caller waited in queues, milliseconds.
    pub waited_ms: u64,
    /// How it stands.
    pub state: OwedState,
    /// It is owed until then.
    pub until_at_ms: i64,
    /// Who took or closed it: a name; none for the house itself.
    pub by: Option<String>,
    /// When it was taken or settled.
    pub since_at_ms: Option<i64>,
    /// Callbacks that nobody answered.
    pub failed: u32,
    /// What was noted.
    pub note: Option<String>,
}

/// A rating of 1 or 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LowRatingView {
    /// The call.
    pub call: String,
    /// When it was rated.
    pub at_ms: i64,
    /// 1 or 2.
    pub score: u8,
    /// Who was rated: a name.
    pub operator: String,
    /// The service's name.
    pub service: String,
    /// The version of the script that the operator followed.
    pub script_version: String,
    /// Files of the conversation.
    pub recordings: Vec<String>,
    /// Who looked into it: a name.
    pub by: Option<String>,
    /// When.
    pub reviewed_at_ms: Option<i64>,
    /// What came of it.
    pub note: Option<String>,
}
