//! Random but lawful journals: callers, an assistant, queues, operators, ratings and restarts.
//!
//! For tests of projections, of the database and of dashboards, and for demonstrations without
//! telephones. The same seed gives the same journal. Every law of a call holds in it: one end a
//! call, one end a wish, an operator in at most one conversation, waits exact to the millisecond.

mod after;
mod dice;
mod door;
mod queue;
mod world;

use std::cmp::Reverse;

use events::{Catalogue, LineCard, OperatorId, QueueCard, Record, ServiceId, Timestamp};

use world::World;

/// What a story is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// Of every choice.
    pub seed: u64,
    /// When it begins.
    pub start: Timestamp,
    /// How long callers keep arriving, in seconds. Open calls are played to their end.
    pub length_s: u64,
    /// Mean time between two callers, in milliseconds.
    pub between_calls_ms: u64,
    /// How many operators there are.
    pub operators: u64,
    /// How often the server dies and starts again.
    pub restarts: u64,
}

impl Default for Story {
    fn default() -> Self {
        Self {
            seed: 1,
            start: Timestamp(1_790_000_000_000_000),
            length_s: 3_600,
            between_calls_ms: 20_000,
            operators: 6,
            restarts: 0,
        }
    }
}

/// The lines of a story, as a catalogue would have them.
#[must_use]
pub fn catalogue(operators: u64) -> Catalogue {
    let operators: Vec<OperatorId> = (1..=operators.max(1))
        .map(|n| OperatorId::new(format!("operator{n}")))
        .collect();
    let queue = |name: &str| QueueCard {
        queue: name.into(),
        operators: operators.clone(),
        strategy: events::Strategy::LongestIdle,
    };
    let line = |line: &str, services: &[&str], queue: &str| LineCard {
        line: line.into(),
        services: services.iter().map(|s| ServiceId::new(*s)).collect(),
        queue: queue.into(),
    };
    let services = [
        "technopark_status",
        "scrap_licence",
        "support_measures",
        "appointment",
    ];
    Catalogue {
        lines: vec![
            line("100", &services, "consultation"),
            line("200", &["technical_support", "never_called"], "support"),
        ],
        queues: vec![queue("consultation"), queue("support")],
        operators,
        skills: Vec::new(),
        pauses: events::PauseCard::usual(),
    }
}

/// Plays a story and returns its journal.
#[must_use]
pub fn play(story: Story) -> Vec<Record> {
    let mut world = World::new(story);
    world.open();
    while let Some(Reverse((at, _, act))) = world.acts.pop() {
        world.now = world.now.max(at);
        world.act(act);
    }
    world.records
}
