//! How a rehearsal went: what the trainee did beside what the simulated caller needed and meant.

use std::collections::BTreeMap;

use events::{CallOutcome, Deviations, Mistakes, NeedCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::{Caller, is_same};
use crate::operator_script::OperatorScript;

/// What a trainee did with a simulated caller.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rehearsal {
    /// The simulated caller's name.
    pub caller: String,
    /// Steps, in the order in which they were said.
    pub steps: Vec<Said>,
    /// Branches taken, by the step's name.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// What was written down, by the field's name. Held against the script and forgotten.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The body that the caller was sent to.
    #[serde(default)]
    pub body: Option<String>,
    /// What became of the call.
    #[schema(value_type = String)]
    pub outcome: CallOutcome,
    /// What the call was for.
    #[schema(value_type = String)]
    pub need: NeedCode,
}

/// A step that a trainee said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The step.
    pub step: String,
    /// In words of their own.
    #[serde(default)]
    pub own_words: bool,
}

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Steps done of those that the caller needed.
    pub done: u16,
    /// Steps that the caller needed.
    pub needed: u16,
    /// Where the trainee left the script.
    pub deviations: Deviations,
    /// What the trainee understood otherwise.
    pub mistakes: Mistakes,
}

impl Rehearsal {
    /// Held against the script as a real talk is, along the way that the caller needs.
    ///
    /// # Errors
    /// A value that its field does not take, for the screen.
    pub fn score(&self, caller: &Caller, script: &OperatorScript) -> Result<Score, String> {
        let mut trail = caller.trail();
        for said in &self.steps {
            if script.has_step(&said.step) {
                trail.tick(&script.id, &said.step, true);
                if said.own_words {
                    trail.own_words(&script.id, &said.step);
                }
            }
        }
        for (name, value) in &self.fields {
            let is_filled = !value.trim().is_empty();
            let mut fields = script.fields();
            if let Some(field) = fields.find(|field| field.name == *name && is_filled) {
                field.fits(value)?;
            }
            trail.field(name, is_filled);
        }
        let needed = trail.way(script).len();
        let (done, deviations) = trail.compared(script);
        Ok(Score {
            done,
            needed: u16::try_from(needed).unwrap_or(u16::MAX),
            deviations,
            mistakes: self.mistakes(caller, script),
        })
    }

    fn mistakes(&self, caller: &Caller, script: &OperatorScript) -> Mistakes {
        let mut mistakes = Mistakes {
            outcome: self.outcome != caller.outcome,
            need: self.need != caller.need,
            body: self.body != caller.body,
            ..Mistakes::default()
        };
        for step in caller.way(script) {
            let Some(reply) = caller.replies.get(&step.id) else {
                continue;
            };
            let taken = self.answers.get(&step.id);
            if taken.is_some() && taken != reply.answer.as_ref() {
                mistakes.answers.push(step.id.clone());
            }
            let noted = |name: &str| self.fields.get(name).filter(|one| !one.trim().is_empty());
            let other = step.fields.iter().filter(|field| {
                let meant = reply.fields.get(&field.name);
                let both = meant.zip(noted(&field.name));
                both.is_some_and(|(meant, noted)| !is_same(field.kind, meant, noted))
            });
            mistakes
                .fields
                .extend(other.map(|field| field.name.clone()));
        }
        mistakes
    }
}
