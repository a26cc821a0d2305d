//! What callers and operators said, pressed and typed, as the page sees it.

use serde::Serialize;
use utoipa::ToSchema;

/// One answer to the assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeardView {
    /// When.
    pub at_ms: i64,
    /// The question's name in the assistant's script.
    pub step: String,
    /// The words, if the caller spoke.
    pub text: Option<String>,
    /// The key, if the caller pressed one.
    pub key: Option<char>,
    /// How sure the recogniser was, thousandths.
    pub confidence_permille: Option<u16>,
    /// Whether the assistant took it as an answer.
    pub is_accepted: bool,
}

/// One line of a talk in writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WrittenView {
    /// When.
    pub at_ms: i64,
    /// Written by an operator, else by the caller.
    pub is_operators: bool,
    /// The line.
    pub text: String,
}
