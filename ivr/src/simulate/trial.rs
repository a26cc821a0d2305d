//! A script tried by a person: what is said, and what was heard, chosen and why.

use std::sync::Arc;

use super::{SampleHouse, Simulation, explained};
use crate::Context;
use crate::script::Script;

/// Answers of the house to one line of the caller: more is a circle.
const ANSWERS_MAX: usize = 20;

/// A line of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The assistant says it; or what the house is asked, as `task: …`.
    Said(String),
    /// Why it goes so.
    Why(String),
    /// How it ended.
    Ended(String),
}

/// A dialogue that a person holds with a script; a sample house answers its tasks.
#[derive(Clone, Debug)]
pub struct Trial {
    simulation: Simulation,
    house: SampleHouse,
}

impl Trial {
    /// Begins; what the script takes from the house is given.
    #[must_use]
    pub fn begin(script: &Arc<Script>, context: Context) -> (Self, Vec<Told>) {
        let house = SampleHouse {
            today: context.today,
        };
        let given = events::Pii::new(house.given(script));
        let context = Context { given, ..context };
        let mut trial = Self {
            simulation: Simulation::new(script, context),
            house,
        };
        let mut told = Vec::new();
        let said = trial.simulation.listen();
        trial.tell(said, &mut told);
        (trial, told)
    }

    /// A line of the caller: words, a key, nothing for silence, `?` for nonsense.
    pub fn say(&mut self, line: &str) -> Vec<Told> {
        let mut told = Vec::new();
        let said = self.simulation.say(line);
        self.tell(said, &mut told);
        told
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.simulation.ending().is_some()
    }

    fn tell(&mut self, said: Vec<String>, told: &mut Vec<Told>) {
        let mut said = said;
        for _ in 0..ANSWERS_MAX {
            let facts = self.simulation.facts();
            told.extend(facts.iter().filter_map(explained).map(Told::Why));
            told.extend(said.into_iter().map(Told::Said));
            let Some(request) = self.simulation.asked() else {
                break;
            };
            let reply = self.house.answer(request);
            self.simulation.answer(reply);
            said = self.simulation.listen();
        }
        if let Some(ending) = self.simulation.ending() {
            told.push(Told::Ended(ending.to_string()));
        }
    }
}
