//! Automatic callers that walk every path of a script, and what must hold wherever they stand.
//!
//! From every place that a walk reaches for the first time, everything that a caller can do there is
//! tried: each key, each phrase, silence, nonsense, every answer of the house. A place is the node and
//! what is asked of the caller in it, so the walk ends; what was said before does not multiply it.

mod moves;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use events::{Pii, TaskOutcome, TaskReply};

use crate::Context;
use crate::script::Script;
use crate::simulate::{SampleHouse, Simulation, Turn};

/// Inputs that a walker gives at most before it asks what is wrong.
const STEPS_MAX: usize = 50_000;

/// Turns after which every caller who says nothing more must have got somewhere.
const PATIENCE_MAX: usize = 60;

/// What the callers may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Everything.
    Both,
    /// Keys alone: who cannot speak or is not understood.
    Keys,
    /// Speech alone: who cannot press.
    Voice,
}

/// What a walk has found.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Nodes entered.
    pub nodes: BTreeSet<String>,
    /// Ways taken, as pairs of nodes.
    pub ways: BTreeSet<(String, String)>,
    /// Dialogues that came to an end.
    pub endings: BTreeSet<String>,
    /// Outcomes of tasks that callers lived through.
    pub tasks: BTreeSet<(String, String)>,
    /// What is wrong, with the way there.
    pub faults: Vec<String>,
    /// Inputs given.
    pub steps: usize,
}

/// Walks everything that can be reached from the beginning.
#[must_use]
pub fn walk(script: &Arc<Script>, context: &Context, means: Means) -> Walk {
    let house = SampleHouse {
        today: context.today,
    };
    let mut context = context.clone();
    context.given = Pii::new(house.given(script));
    let mut walker = Walker {
        walk: Walk::default(),
        seen: BTreeSet::new(),
        open: VecDeque::new(),
        house,
        means,
    };
    walker.arrive(Place {
        at: Simulation::new(script, context),
        way: Vec::new(),
        parts: Vec::new(),
    });
    while let Some(place) = walker.open.pop_front() {
        if walker.walk.steps > STEPS_MAX {
            walker.walk.faults.push(format!(
                "больше {STEPS_MAX} шагов: сценарий слишком велик или ходит по кругу"
            ));
            break;
        }
        walker.leave(script, &place);
    }
    walker.walk
}

/// Where a walk came to rest for the first time.
#[derive(Clone)]
struct Place {
    at: Simulation,
    way: Vec<String>,
    /// The script and the parts called, by the node each began with: a part is another place for each
    /// of its callers.
    parts: Vec<String>,
}

struct Walker {
    walk: Walk,
    /// Places that were left already: node, question, and the parts gone through to it.
    seen: BTreeSet<(String, String, Vec<String>)>,
    open: VecDeque<Place>,
    house: SampleHouse,
    means: Means,
}

impl Walker {
    /// A dialogue comes to rest: notes what it went through, and goes on from a new place.
    fn arrive(&mut self, mut place: Place) {
        place.at.listen();
        let path = place.at.path();
        for pair in path.windows(2) {
            if let [from, to] = pair {
                self.walk.ways.insert((from.clone(), to.clone()));
            }
        }
        place.go(&path);
        self.walk.nodes.extend(path);
        if let Some(ending) = place.at.ending() {
            self.walk.endings.insert(ending.outcome.as_str().to_owned());
            return;
        }
        if place.at.dialogue().deadline().is_none() {
            self.fault(&place, "нет срока: разговор может повиснуть");
        }
        let dialogue = place.at.dialogue();
        let asks = if dialogue.is_dictating() {
            "dictation"
        } else {
            place.at.listening().unwrap_or_default()
        };
        let node = dialogue.node().unwrap_or_default().to_owned();
        let known = (node, asks.to_owned(), place.parts.clone());
        if self.seen.insert(known) {
            self.open.push_back(place);
        }
    }

    /// Tries everything from a place.
    fn leave(&mut self, script: &Script, place: &Place) {
        if let Some(request) = place.at.asked() {
            let task = request.task;
            for outcome in task.outcomes() {
                let reply = if *outcome == TaskOutcome::Done {
                    self.house.answer(request)
                } else {
                    TaskReply::bare(*outcome)
                };
                let names = (task.as_str().to_owned(), reply.outcome.as_str().to_owned());
                self.walk.tasks.insert(names);
                let mut next = place.at.clone();
                next.answer(reply);
                self.step(place, next, &format!("house: {}", outcome.as_str()));
            }
            return;
        }
        self.a_person_is_near(script, place);
        self.silence_ends(place);
        for (turns, told) in moves::moves(script, &place.at, self.means, self.house.today) {
            let mut next = place.at.clone();
            for turn in &turns {
                next.act(turn);
            }
            self.step(place, next, &told);
        }
    }

    fn step(&mut self, from: &Place, at: Simulation, told: &str) {
        self.walk.steps += 1;
        let way = from.way.iter().cloned();
        self.arrive(Place {
            at,
            way: way.chain([told.to_owned()]).collect(),
            parts: from.parts.clone(),
        });
    }

    /// «Оператор» and 0 lead to a person, or to what the script says while nobody answers, in one
    /// turn (row #55): unless the dialogue knows no persons.
    fn a_person_is_near(&mut self, script: &Script, place: &Place) {
        if !script.knows(crate::script::Command::Person) {
            return;
        }
        let says = Turn::Says {
            words: "оператор".to_owned(),
            confidence_permille: 1_000,
        };
        // Where digits are asked for, `0` alone is a person: nothing more is pressed, or `#`.
        let presses = vec![Turn::Presses('0'), Turn::Presses('#')];
        // What is dictated is recorded, not listened for: the question after it hears «оператор».
        let speaks = !place.at.dialogue().is_dictating();
        let asks = match self.means {
            Means::Both if speaks => vec![presses, vec![says]],
            Means::Both | Means::Keys => vec![presses],
            Means::Voice if speaks => vec![vec![says]],
            Means::Voice => Vec::new(),
        };
        for turns in asks {
            let mut next = place.at.clone();
            next.path();
            for turn in &turns {
                next.act(turn);
                next.listen();
                if next.ending().is_some() {
                    break;
                }
            }
            let closed = script.when_closed.as_deref();
            let went = closed.is_some_and(|node| next.path().iter().any(|n| n == node));
            if next.ending().is_none() && !went {
                self.fault(place, &format!("{turns:?} не ведёт к сотруднику"));
            }
        }
    }

    /// Who says nothing more is not kept for ever.
    fn silence_ends(&mut self, place: &Place) {
        let mut next = place.at.clone();
        for _ in 0..PATIENCE_MAX {
            next.listen();
            if next.ending().is_some() {
                return;
            }
            if let Some(request) = next.asked().cloned() {
                next.answer(self.house.answer(&request));
            } else {
                next.act(&Turn::Silent);
            }
        }
        self.fault(place, "молчание ничем не кончается");
    }

    fn fault(&mut self, place: &Place, what: &str) {
        let node = place.at.dialogue().node().unwrap_or("—");
        let way = place.way.join(" → ");
        self.walk.faults.push(format!("{node}: {what} ({way})"));
    }
}

impl Place {
    /// Notes which parts a path enters and leaves.
    fn go(&mut self, path: &[String]) {
        let part = |node: &str| node.split_once('.').map_or("", |(part, _)| part).to_owned();
        for node in path {
            let here = part(node);
            if self.parts.last().is_some_and(|last| part(last) == here) {
                continue;
            }
            let caller = self.parts.len().checked_sub(2);
            let returns = caller.and_then(|c| self.parts.get(c)).map(|n| part(n)) == Some(here);
            if returns {
                self.parts.pop();
            } else {
                self.parts.push(node.clone());
            }
        }
    }
}
