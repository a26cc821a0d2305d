//! A consultation line in a world of its own: a virtual clock, one heap of what will happen, and a
//! seed. Callers have patience and words, operators answer, miss, break and hand over, the process
//! dies at any line of its journal. After every turn everything that must hold is checked; at the
//! end the journal is replayed and its waits are recomputed by somebody who knows no rule.
//!
//! A failure prints its seed and the ladder of the calls involved. `LINIYA_SIM_SEED=17` plays one
//! seed, `LINIYA_SIM_SEEDS=10000` plays many. A seed that failed goes into `seeds.txt` for ever.

#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test, which looks for a few facts among many"
)]

mod beside;
mod dice;
mod house;
mod monitor;
mod oracle;
mod people;
mod world;

use events::{ConsultationEvent, Event, MissedWhy, OutsideEvent, Record, Timestamp};

use house::{AcdHouse, Act, House};
use world::{Failure, Played, World};

/// How many fresh seeds a run plays: about ten seconds of a debug build.
const SEEDS: u64 = 120;

fn play(seed: u64) -> Result<Played, Failure> {
    World::new(seed, AcdHouse::open(seed)).play()
}

fn play_all(seeds: impl Iterator<Item = u64>) -> Played {
    let (mut games, mut total) = (0_u64, Played::default());
    for seed in seeds {
        match play(seed) {
            Ok(played) => total.add(&played),
            Err(failure) => panic!("seed {seed}: {failure}"),
        }
        games += 1;
    }
    println!("{games} games: {total:?}");
    total
}

#[test]
fn fresh_seeds() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    if let Some(seed) = number("LINIYA_SIM_SEED") {
        play_all(std::iter::once(seed));
    } else {
        let played = play_all(1..=number("LINIYA_SIM_SEEDS").unwrap_or(SEEDS));
        let beside = (played.consulted, played.sent_outside);
        assert!(
            beside.0 > 0 && beside.1 > 0,
            "nobody was consulted, or sent outside: {beside:?}"
        );
    }
}

#[test]
fn seeds_that_ever_failed() {
    let lines = include_str!("seeds.txt").lines();
    let seeds = lines.filter_map(|line| line.split('#').next()?.trim().parse().ok());
    play_all(seeds);
}

#[test]
fn a_seed_gives_the_same_journal_each_time() {
    let journal = |seed| {
        let mut world = World::new(seed, AcdHouse::open(seed));
        world.go_on().unwrap_or_else(|failure| panic!("{failure}"));
        world.journal().to_owned()
    };
    assert_eq!(journal(5), journal(5));
    assert_ne!(journal(5), journal(6));
}

/// A house that forgets to write some facts down.
struct Forgetful(AcdHouse, fn(&Event) -> bool);

impl Forgetful {
    fn without(&self, mut facts: Vec<Event>) -> Vec<Event> {
        facts.retain(|fact| !self.1(fact));
        facts
    }
}

impl House for Forgetful {
    fn act(&mut self, now: Timestamp, act: &Act) -> Vec<Event> {
        let facts = self.0.act(now, act);
        self.without(facts)
    }

    fn note(&mut self, now: Timestamp, fact: Event) -> Vec<Event> {
        self.0.note(now, fact)
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Event> {
        let facts = self.0.tick(now);
        self.without(facts)
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.0.deadline()
    }

    fn restart(&mut self, journal: &[Record], now: Timestamp) -> Vec<Event> {
        self.0.restart(journal, now)
    }

    fn check(&self, now: Timestamp) -> Result<(), String> {
        self.0.check(now)
    }

    fn check_replay(&self, journal: &[Record]) -> Result<(), String> {
        self.0.check_replay(journal)
    }
}

#[test]
fn a_house_that_forgets_is_found_out() {
    let habits: [fn(&Event) -> bool; 8] = [
        |fact| {
            matches!(
                fact,
                Event::OfferMissed {
                    why: MissedWhy::CallerLeft,
                    ..
                }
            )
        },
        |fact| matches!(fact, Event::LegsBridged { .. }),
        |fact| matches!(fact, Event::CallUnanswered { .. }),
        |fact| matches!(fact, Event::CallEnded { .. }),
        |fact| matches!(fact, Event::WrapUpEnded { .. }),
        |fact| matches!(fact, Event::Consultation(ConsultationEvent::Ended { .. })),
        |fact| matches!(fact, Event::Outside(OutsideEvent::Ended { .. })),
        |fact| matches!(fact, Event::TalkResumed { .. }),
    ];
    for (number, habit) in habits.into_iter().enumerate() {
        let found = |seed| {
            let house = Forgetful(AcdHouse::open(seed), habit);
            World::new(seed, house).play().is_err()
        };
        assert!((1..=9).any(found), "habit {number}");
    }
}
