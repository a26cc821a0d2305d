//! What operators note while they go through a script, and what that makes probable.

use std::collections::BTreeSet;

use events::{CallOutcome, CaseEvent, ScriptEvent, ScriptId};

use super::Desk;
use super::call::Call;
use super::operator::Task;
use super::views::{AnswerView, StepView};
use crate::training::TrainingLog;

impl Desk {
    /// Who learned what.
    #[must_use]
    pub const fn training(&self) -> &TrainingLog {
        &self.training
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only callbacks are seen at a desk"
    )]
    pub(super) fn follow_case(&mut self, fact: &CaseEvent) {
        match fact {
            CaseEvent::CallbackRequested {
                call: Some(call), ..
            } => self.call(*call, |c| c.callback_owed = true),
            CaseEvent::CallbackEnded { case, .. } => {
                self.kept.remove(case);
            }
            _ => {}
        }
    }

    pub(super) fn follow_script(&mut self, fact: &ScriptEvent) {
        match fact {
            ScriptEvent::FieldNoted {
                call, field, value, ..
            } => self.call(*call, |c| match value {
                Some(value) => {
                    c.fields.insert(field.clone(), value.clone());
                }
                None => {
                    c.fields.remove(field);
                }
            }),
            ScriptEvent::AnswerChosen {
                call,
                operator,
                script,
                step,
                answer,
            } => self.task(operator, *call, |t| {
                let at = (script.clone(), step.clone());
                t.answers.insert(at, answer.clone());
            }),
            ScriptEvent::OwnWordsSaid {
                call,
                operator,
                script,
                step,
            } => self.task(operator, *call, |t| {
                t.own_words.insert((script.clone(), step.clone()));
            }),
            ScriptEvent::Referred { call, body, .. } => {
                self.call(*call, |c| c.referred_to.clone_from(body));
            }
            ScriptEvent::Followed { .. } => {}
        }
    }
}

/// What the facts make probable (requirement row #29).
pub(super) const fn outcome_of(task: &Task, call: &Call) -> CallOutcome {
    if task.handed_over {
        CallOutcome::Transferred
    } else if call.referred_to.is_some() {
        CallOutcome::WayGiven
    } else if call.callback_owed {
        CallOutcome::Callback
    } else {
        CallOutcome::Answered
    }
}

pub(super) fn answers_of(task: &Task) -> Vec<AnswerView> {
    let answers = task.answers.iter();
    answers
        .map(|((script, step), answer)| AnswerView {
            script: script.to_string(),
            step: step.clone(),
            answer: answer.clone(),
        })
        .collect()
}

pub(super) fn steps_of(steps: &BTreeSet<(ScriptId, String)>) -> Vec<StepView> {
    let ticks = steps.iter();
    ticks
        .map(|(script, step)| StepView {
            script: script.to_string(),
            step: step.clone(),
        })
        .collect()
}
