//! Nodes that gather values and have something done with them.

use std::collections::BTreeMap;

use events::{TaskKind, TaskOutcome, ValueKind};

use super::question::Patience;
use crate::script::{Language, Operand, Said, Test};
use crate::slot::SlotSpec;

/// A typed value is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The variable that takes it.
    pub into: String,
    /// Its type and limits.
    pub slot: SlotSpec,
    /// Whether it is always confirmed; else only when confidence asks for it.
    pub always_confirm: bool,
    /// How to answer by voice and by keys: said after a failure.
    pub hint: Said,
    /// How silence and nonsense are borne.
    pub patience: Patience,
    /// The node after it.
    pub next: String,
}

/// One of the offers of the house is picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The variable with the offers.
    pub from: String,
    /// The variable that takes the offer: `id`, `date`, `time` and `place`.
    pub into: String,
    /// Offers said at once, 2 or 3.
    pub at_once: u8,
    /// Where «другое время» leads when every offer has been said.
    pub more: String,
    /// How silence and nonsense are borne.
    pub patience: Patience,
    /// The node after it.
    pub next: String,
}

/// What the caller says is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictate {
    /// The variable that takes it.
    pub into: String,
    /// Longest recording, in milliseconds.
    pub max_ms: u64,
    /// Where key 9 leads: the same without speaking.
    pub by_keys: Option<String>,
    /// How silence and nonsense are borne.
    pub patience: Patience,
    /// The node after it.
    pub next: String,
}

/// Whether a task changes something in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effects {
    /// It only tells: it may be asked again.
    None,
    /// It changes something: «назад» does not lead behind it.
    Some,
}

/// The house is asked to do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What.
    pub task: TaskKind,
    /// With what: arguments by name, their types, and what to put there.
    pub with: Vec<(String, ValueKind, Operand)>,
    /// Which results go into which variables: the result's name and type, the variable.
    pub into: Vec<(String, ValueKind, String)>,
    /// The variable that takes the choices.
    pub offers: Option<String>,
    /// Where each outcome leads.
    pub ways: BTreeMap<TaskOutcome, String>,
    /// Time that the house has, in milliseconds; then it is [`TaskOutcome::Unavailable`].
    pub timeout_ms: u64,
}

impl Task {
    /// Whether it changes something in the house.
    #[must_use]
    pub const fn effects(&self) -> Effects {
        match self.task {
            TaskKind::FindTimes | TaskKind::FindBooking | TaskKind::CheckStatus => Effects::None,
            TaskKind::Book
            | TaskKind::CancelBooking
            | TaskKind::MoveBooking
            | TaskKind::FileComplaint
            | TaskKind::RequestCallback
            | TaskKind::KeepPlace
            | TaskKind::SendMessage
            | TaskKind::SetConsent => Effects::Some,
        }
    }
}

/// A way of a branch, and when it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// All of these must hold.
    pub tests: Vec<Test>,
    /// Where it leads.
    pub goto: String,
}

/// The first way whose tests hold is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The ways, in their order.
    pub ways: Vec<Condition>,
    /// Where it leads if none holds.
    pub otherwise: String,
}

/// Variables change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign {
    /// What gets which value.
    pub set: Vec<(String, Operand)>,
    /// Numbers that grow, by how much.
    pub add: Vec<(String, u64)>,
    /// The language from now on.
    pub language: Option<Language>,
    /// The node after it.
    pub next: String,
}

/// A part is gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The part's name.
    pub part: String,
    /// Its first node.
    pub start: String,
    /// Its variables: without value when it begins.
    pub own: Vec<String>,
    /// What its variables begin with.
    pub with: Vec<(String, Operand)>,
    /// What it hands back: its variable and the caller's.
    pub into: Vec<(String, String)>,
    /// Where each of its ways leads.
    pub ways: BTreeMap<String, String>,
}
