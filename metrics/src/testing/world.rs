//! The state of a story and its clock.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

use events::{CallId, Catalogue, Event, OperatorId, QueueId, Record, ServiceId, Timestamp, Waits};

use super::dice::Dice;
use super::{Story, catalogue};

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    Arrive,
    SignIn(OperatorId),
    Ready(OperatorId),
    Hear(CallId),
    EndAssistant(CallId),
    GiveUp(CallId, u64),
    EndRing(CallId, u64),
    EndTalk(CallId),
    EndRating(CallId),
    EndFarewell(CallId),
    EndWrapUp(OperatorId, CallId),
    Restart,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Stage {
    Assistant,
    Queue,
    Ringing(OperatorId),
    Talk(OperatorId, Timestamp),
    Rating(OperatorId),
    Farewell,
}

#[derive(Clone)]
pub(super) struct Call {
    pub(super) queue: QueueId,
    pub(super) service: ServiceId,
    pub(super) services: Vec<ServiceId>,
    pub(super) connected: Timestamp,
    pub(super) queued: Option<Timestamp>,
    pub(super) offered: Option<Timestamp>,
    pub(super) queue_us: u64,
    pub(super) answered: Option<Waits>,
    pub(super) stage: Stage,
    /// Grows at each change of stage, so that an act of an older stage does nothing.
    pub(super) turn: u64,
}

#[derive(Clone, Default)]
pub(super) struct Desk {
    pub(super) ready: bool,
    pub(super) busy: Option<CallId>,
    pub(super) idle_since: Timestamp,
}

pub(super) struct World {
    pub(super) story: Story,
    pub(super) dice: Dice,
    pub(super) now: Timestamp,
    pub(super) catalogue: Catalogue,
    pub(super) calls: BTreeMap<CallId, Call>,
    pub(super) queues: BTreeMap<QueueId, VecDeque<CallId>>,
    pub(super) desks: BTreeMap<OperatorId, Desk>,
    pub(super) wrapping_up: BTreeSet<OperatorId>,
    pub(super) acts: BinaryHeap<Reverse<(Timestamp, u64, Act)>>,
    pub(super) act_count: u64,
    pub(super) call_count: u64,
    pub(super) records: Vec<Record>,
}

impl World {
    pub(super) fn new(story: Story) -> Self {
        let catalogue = catalogue(story.operators);
        let desk = |operator: &OperatorId| (operator.clone(), Desk::default());
        let desks = catalogue.operators.iter().map(desk).collect();
        Self {
            story,
            dice: Dice(story.seed),
            now: story.start,
            catalogue,
            calls: BTreeMap::new(),
            queues: BTreeMap::new(),
            desks,
            wrapping_up: BTreeSet::new(),
            acts: BinaryHeap::new(),
            act_count: 0,
            call_count: 0,
            records: Vec::new(),
        }
    }

    pub(super) fn open(&mut self) {
        self.start_server();
        for operator in self.catalogue.operators.clone() {
            let ms = self.dice.between(0, 60_000);
            self.later(ms, Act::SignIn(operator));
        }
        for n in 1..=self.story.restarts {
            let ms = self.story.length_s * 1_000 * n / (self.story.restarts + 1);
            self.later(ms, Act::Restart);
        }
        self.later(1, Act::Arrive);
    }

    pub(super) fn start_server(&mut self) {
        self.tell(Event::ServerStarted {
            node: 0,
            version: "0.1.0".to_owned(),
            seed: self.story.seed,
        });
        self.tell(Event::CatalogueLoaded(self.catalogue.clone()));
    }

    pub(super) fn tell(&mut self, event: Event) {
        let seq = self.records.last().map_or(1, |record| record.seq + 1);
        let at = self.now;
        self.records.push(Record { seq, at, event });
        // Facts of one moment still have an order; a microsecond apart is honest enough.
        self.now.0 += 1;
    }

    pub(super) fn later(&mut self, ms: u64, act: Act) {
        self.act_count += 1;
        self.acts
            .push(Reverse((self.now.plus_ms(ms), self.act_count, act)));
    }

    pub(super) fn act(&mut self, act: Act) {
        match act {
            Act::Arrive => self.arrive(),
            Act::SignIn(operator) => {
                self.tell(Event::OperatorSignedIn {
                    operator: operator.clone(),
                });
                self.tell(Event::PhoneReachable {
                    operator: operator.clone(),
                });
                let ms = self.dice.between(500, 5_000);
                self.later(ms, Act::Ready(operator));
            }
            Act::Ready(operator) => self.ready(&operator),
            Act::Hear(call) => self.hear(call),
            Act::EndAssistant(call) => self.end_assistant(call),
            Act::GiveUp(call, turn) => self.give_up(call, turn),
            Act::EndRing(call, turn) => self.end_ring(call, turn),
            Act::EndTalk(call) => self.end_talk(call),
            Act::EndRating(call) => self.end_rating(call),
            Act::EndFarewell(call) => self.end_farewell(call),
            Act::EndWrapUp(operator, call) => self.end_wrap_up(&operator, call),
            Act::Restart => self.restart(),
        }
    }

    pub(super) fn ready(&mut self, operator: &OperatorId) {
        let now = self.now;
        if let Some(desk) = self.desks.get_mut(operator)
            && !desk.ready
        {
            desk.ready = true;
            desk.idle_since = now;
            self.tell(Event::OperatorReady {
                operator: operator.clone(),
            });
            self.distribute();
        }
    }
}
