//! What a supervisor sees of queues, skills and strategies.

use serde::Serialize;
use utoipa::ToSchema;

use super::{CardView, OperatorState};

/// Who serves what, how well, and how callers are given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamView {
    /// The server's clock.
    pub now_ms: i64,
    /// Every queue.
    pub queues: Vec<TeamQueue>,
    /// Every operator.
    pub operators: Vec<TeamOperator>,
    /// Every skill that somebody has.
    pub skills: Vec<String>,
    /// Every way to choose.
    pub strategies: Vec<CardView>,
}

/// A queue and how it chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamQueue {
    /// The queue.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Whether callers are taken into it at this hour.
    pub is_open: bool,
    /// The word of `strategy` in the configuration.
    pub strategy: String,
    /// What that means, for people.
    pub strategy_title: &'static str,
    /// When an operator was chosen last.
    pub chosen_at_ms: Option<i64>,
    /// Who: a name.
    pub chosen: Option<String>,
    /// Why that one.
    pub why: Option<String>,
    /// Whether a supervisor changed the strategy: the configuration says something else.
    pub is_strategy_changed: bool,
}

/// An operator, what they serve and know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamOperator {
    /// Login.
    pub login: String,
    /// Surname, name, patronymic.
    pub full_name: String,
    /// What they do.
    pub state: OperatorState,
    /// The queues they serve.
    pub queues: Vec<CardView>,
    /// What they know.
    pub skills: Vec<SkillView>,
    /// Whether a supervisor changed that: the configuration says something else.
    pub are_skills_changed: bool,
}

/// A skill and its level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SkillView {
    /// The skill.
    pub skill: String,
    /// 1–9; 9 is best.
    pub level: u8,
}
