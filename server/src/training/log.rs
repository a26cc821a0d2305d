//! Who learned what, as the journal has it.

use std::collections::{BTreeMap, VecDeque};

use events::{Date, OperatorId, ScriptId, Timestamp, TrainingEvent};

use super::Score;

/// Rehearsals that are remembered; older ones stand in the journal.
const REHEARSALS_MAX: usize = 1_000;

/// Who learned what, and who rehearsed with whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrainingLog {
    learned: BTreeMap<(OperatorId, String), Learned>,
    /// The oldest first.
    rehearsed: VecDeque<Rehearsed>,
}

/// What somebody learned last in a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// When.
    pub on: Date,
    /// To be repeated not later than this day.
    pub next: Option<Date>,
    /// Who noted it.
    pub noted_by: OperatorId,
}

/// A rehearsal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsed {
    /// When it ended.
    pub at: Timestamp,
    /// Who.
    pub operator: OperatorId,
    /// The simulated caller's name.
    pub caller: String,
    /// The operator's script.
    pub script: ScriptId,
    /// How it went.
    pub score: Score,
}

impl TrainingLog {
    /// Takes the next fact.
    pub fn apply(&mut self, at: Timestamp, fact: &TrainingEvent) {
        match fact {
            TrainingEvent::Learned {
                operator,
                topic,
                on,
                next,
                noted_by,
            } => {
                let learned = Learned {
                    on: *on,
                    next: *next,
                    noted_by: noted_by.clone(),
                };
                self.learned
                    .insert((operator.clone(), topic.clone()), learned);
            }
            TrainingEvent::Rehearsed {
                operator,
                caller,
                script,
                done,
                needed,
                deviations,
                mistakes,
                ..
            } => {
                if self.rehearsed.len() == REHEARSALS_MAX {
                    self.rehearsed.pop_front();
                }
                self.rehearsed.push_back(Rehearsed {
                    at,
                    operator: operator.clone(),
                    caller: caller.clone(),
                    script: script.clone(),
                    score: Score {
                        done: *done,
                        needed: *needed,
                        deviations: deviations.clone(),
                        mistakes: mistakes.clone(),
                    },
                });
            }
        }
    }

    /// What somebody learned last in a topic.
    #[must_use]
    pub fn learned(&self, operator: &OperatorId, topic: &str) -> Option<&Learned> {
        self.learned.get(&(operator.clone(), topic.to_owned()))
    }

    /// Every rehearsal, the newest first.
    pub fn rehearsed(&self) -> impl Iterator<Item = &Rehearsed> {
        self.rehearsed.iter().rev()
    }
}

impl Learned {
    /// Whether it should have been repeated by now.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.next.is_some_and(|next| next < today)
    }
}
