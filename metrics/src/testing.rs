//! Random but lawful journals: callers, an assistant, queues, operators, ratings and restarts.
//!
//! For tests of projections, of the database and of dashboards, and for demonstrations without
//! telephones. The same seed gives the same journal. Every law of a call holds in it: one end a
//! call, one end a wish, an operator in at most one conversation, waits exact to the millisecond.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

use events::{
    CallId, CallOutcome, Catalogue, ChosenBy, ClientType, DialogueOutcome, DialoguePurpose,
    EndCause, EntryCause, Event, HungUpBy, LegId, LegReport, LegRole, LineCard, LineId, Millis,
    MissedWhy, NeedCode, NotReadyReason, OperatorId, Pii, QueueCard, QueueId, RatingScope, Record,
    RefusedWhy, ServiceId, SkippedWhy, Timestamp, TransferKind, TransferTarget, UnansweredCause,
    Waits,
};

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

/// SplitMix64 (Steele, Lea, Flood 2014): enough for stories.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides.max(1)
    }

    fn percent(&mut self, of_hundred: u64) -> bool {
        self.roll(100) < of_hundred
    }

    fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.roll(to.saturating_sub(from) + 1)
    }

    fn one_of<T: Clone>(&mut self, of: &[T], or: T) -> T {
        let at = self.roll(of.len() as u64);
        usize::try_from(at)
            .ok()
            .and_then(|at| of.get(at).cloned())
            .unwrap_or(or)
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
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
enum Stage {
    Assistant,
    Queue,
    Ringing(OperatorId),
    Talk(OperatorId, Timestamp),
    Rating(OperatorId),
    Farewell,
}

#[derive(Clone)]
struct Call {
    queue: QueueId,
    service: ServiceId,
    services: Vec<ServiceId>,
    connected: Timestamp,
    queued: Option<Timestamp>,
    offered: Option<Timestamp>,
    queue_us: u64,
    answered: bool,
    stage: Stage,
    /// Grows at each change of stage, so that an act of an older stage does nothing.
    turn: u64,
}

#[derive(Clone, Default)]
struct Desk {
    ready: bool,
    busy: Option<CallId>,
    idle_since: Timestamp,
}

struct World {
    story: Story,
    dice: Dice,
    now: Timestamp,
    catalogue: Catalogue,
    calls: BTreeMap<CallId, Call>,
    queues: BTreeMap<QueueId, VecDeque<CallId>>,
    desks: BTreeMap<OperatorId, Desk>,
    wrapping_up: BTreeSet<OperatorId>,
    acts: BinaryHeap<Reverse<(Timestamp, u64, Act)>>,
    act_count: u64,
    call_count: u64,
    records: Vec<Record>,
}

impl World {
    fn new(story: Story) -> Self {
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

    fn open(&mut self) {
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

    fn start_server(&mut self) {
        self.tell(Event::ServerStarted {
            node: 0,
            version: "0.1.0".to_owned(),
            seed: self.story.seed,
        });
        self.tell(Event::CatalogueLoaded(self.catalogue.clone()));
    }

    fn tell(&mut self, event: Event) {
        let seq = self.records.last().map_or(1, |record| record.seq + 1);
        let at = self.now;
        self.records.push(Record { seq, at, event });
        // Facts of one moment still have an order; a microsecond apart is honest enough.
        self.now.0 += 1;
    }

    fn later(&mut self, ms: u64, act: Act) {
        self.act_count += 1;
        self.acts
            .push(Reverse((self.now.plus_ms(ms), self.act_count, act)));
    }

    fn act(&mut self, act: Act) {
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

    fn ready(&mut self, operator: &OperatorId) {
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

    fn arrive(&mut self) {
        let end = self.story.start.plus_ms(self.story.length_s * 1_000);
        let ms = self.dice.between(0, self.story.between_calls_ms * 2);
        if self.now < end {
            self.later(ms, Act::Arrive);
        }
        let lines = self.catalogue.lines.clone();
        let support = self.dice.percent(30);
        let Some(card) = lines.get(usize::from(support)) else {
            return;
        };
        if self.dice.percent(2) {
            let why = self.dice.one_of(RefusedWhy::ALL, RefusedWhy::Overload);
            let line = match why {
                RefusedWhy::UnknownLine => LineId::new(format!("9{}", self.dice.roll(1_000))),
                RefusedWhy::Overload | RefusedWhy::Draining | RefusedWhy::NoMedia => {
                    card.line.clone()
                }
            };
            self.tell(Event::CallRefused {
                line,
                why,
                status: 503,
            });
            return;
        }
        self.call_count += 1;
        let call = CallId(self.call_count);
        let leg = LegId(self.call_count);
        let known = card.services.len() == 1;
        let service = card.services.first().filter(|_| known).cloned();
        let service = service.unwrap_or_else(ServiceId::undetermined);
        self.tell(Event::CallArrived {
            call,
            leg,
            line: card.line.clone(),
            service: service.clone(),
            trunk: "loopback".to_owned(),
            caller: Some(Pii::new(format!("+7900{call:?}"))),
        });
        self.now.0 += 80_000;
        let connected = self.now;
        self.tell(Event::LegAnswered { call, leg });
        self.tell(Event::DialogueStarted {
            call,
            purpose: DialoguePurpose::Assistant,
            script: "consultation".into(),
            version: "1".to_owned(),
        });
        self.tell(Event::StepReached {
            call,
            step: "greeting".to_owned(),
        });
        let made = Call {
            queue: card.queue.clone(),
            service,
            services: card.services.iter().take(4).cloned().collect(),
            connected,
            queued: None,
            offered: None,
            queue_us: 0,
            answered: false,
            stage: Stage::Assistant,
            turn: 0,
        };
        self.calls.insert(call, made);
        let ms = self.dice.between(1_000, 10_000);
        self.later(ms, Act::Hear(call));
    }

    fn hear(&mut self, call: CallId) {
        let Some(mut state) = self.calls.get(&call).cloned() else {
            return;
        };
        let by_key = self.dice.percent(25);
        let accepted = self.dice.percent(85);
        let step = "topic".to_owned();
        self.tell(Event::StepReached {
            call,
            step: step.clone(),
        });
        if by_key {
            let digit = Pii::new('2');
            self.tell(Event::DigitPressed { call, step, digit });
        } else {
            let confidence = self.dice.between(300, 1_000);
            let latency = self.dice.between(40, 900);
            self.tell(Event::SpeechHeard {
                call,
                step,
                text: Pii::new("лицензия на лом".to_owned()),
                confidence_permille: u16::try_from(confidence).unwrap_or(1_000),
                accepted,
                latency_ms: Millis(latency),
            });
        }
        if by_key || accepted {
            // `never_called` keeps its name.
            let named: Vec<ServiceId> = state
                .services
                .iter()
                .filter(|service| service.as_str() != "never_called")
                .cloned()
                .collect();
            state.service = self.dice.one_of(&named, ServiceId::undetermined());
            let by = if by_key {
                ChosenBy::Key
            } else {
                ChosenBy::Speech
            };
            let service = state.service.clone();
            self.tell(Event::ServiceChosen { call, service, by });
            self.calls.insert(call, state);
        }
        let ms = self.dice.between(500, 15_000);
        self.later(ms, Act::EndAssistant(call));
    }

    fn end_assistant(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).cloned() else {
            return;
        };
        let outcome = match self.dice.roll(100) {
            0..15 => DialogueOutcome::Contained,
            15..22 => DialogueOutcome::CallerLeft,
            22..30 => DialogueOutcome::NotUnderstood,
            30..35 => DialogueOutcome::Silence,
            35..55 => DialogueOutcome::PersonAsked,
            _ => DialogueOutcome::ToPerson,
        };
        let notice_played = self.dice.percent(90);
        self.tell(Event::DialogueEnded {
            call,
            purpose: DialoguePurpose::Assistant,
            outcome,
            notice_played,
        });
        if outcome == DialogueOutcome::Contained {
            return self.end_call(call, EndCause::Completed);
        }
        if outcome == DialogueOutcome::CallerLeft {
            return self.end_call(call, EndCause::CallerHungUp);
        }
        if self.dice.percent(4) {
            let cause = self.dice.one_of(
                &[
                    UnansweredCause::AfterHours,
                    UnansweredCause::Overload,
                    UnansweredCause::NoOperators,
                    UnansweredCause::Failure,
                ],
                UnansweredCause::Failure,
            );
            let waits = self.waits(&state);
            self.tell(Event::CallUnanswered { call, cause, waits });
            return self.farewell(call);
        }
        self.enqueue(call, EntryCause::Assistant, None);
    }

    fn farewell(&mut self, call: CallId) {
        self.set_stage(call, Stage::Farewell);
        self.tell(Event::DialogueStarted {
            call,
            purpose: DialoguePurpose::Farewell,
            script: "farewell".into(),
            version: "1".to_owned(),
        });
        self.later(4_000, Act::EndFarewell(call));
    }

    fn end_farewell(&mut self, call: CallId) {
        if self.calls.contains_key(&call) {
            self.tell(Event::DialogueEnded {
                call,
                purpose: DialoguePurpose::Farewell,
                outcome: DialogueOutcome::Finished,
                notice_played: false,
            });
            self.end_call(call, EndCause::Completed);
        }
    }

    fn set_stage(&mut self, call: CallId, stage: Stage) -> u64 {
        self.calls.get_mut(&call).map_or(0, |state| {
            state.stage = stage;
            state.turn += 1;
            state.turn
        })
    }

    fn enqueue(&mut self, call: CallId, because: EntryCause, wanted: Option<OperatorId>) {
        let turn = self.set_stage(call, Stage::Queue);
        let now = self.now;
        let Some(state) = self.calls.get_mut(&call) else {
            return;
        };
        state.queued = Some(now);
        let queue = state.queue.clone();
        self.queues
            .entry(queue.clone())
            .or_default()
            .push_back(call);
        let patience = self.dice.between(5_000, 240_000);
        let until = self.now.plus_ms(180_000);
        self.tell(Event::QueueEntered {
            call,
            queue,
            because,
            wanted,
            until,
        });
        self.later(patience.min(180_000), Act::GiveUp(call, turn));
        self.distribute();
    }

    /// Strict arrival order, longest idle operator.
    fn distribute(&mut self) {
        for card in self.catalogue.queues.clone() {
            while let Some(call) = self
                .queues
                .get(&card.queue)
                .and_then(|q| q.front().copied())
            {
                let idle = |operator: &&OperatorId| {
                    let desk = self.desks.get(*operator);
                    desk.is_some_and(|desk| desk.ready && desk.busy.is_none())
                };
                let since = |operator: &&OperatorId| {
                    self.desks
                        .get(*operator)
                        .map_or(Timestamp(0), |desk| desk.idle_since)
                };
                let free = card
                    .operators
                    .iter()
                    .filter(idle)
                    .min_by_key(since)
                    .cloned();
                let Some(operator) = free else {
                    break;
                };
                if let Some(queue) = self.queues.get_mut(&card.queue) {
                    queue.pop_front();
                }
                self.offer(call, operator);
            }
        }
    }

    fn offer(&mut self, call: CallId, operator: OperatorId) {
        let turn = self.set_stage(call, Stage::Ringing(operator.clone()));
        let now = self.now;
        if let Some(state) = self.calls.get_mut(&call) {
            state.offered = Some(now);
        }
        if let Some(desk) = self.desks.get_mut(&operator) {
            desk.busy = Some(call);
        }
        let until = self.now.plus_ms(15_000);
        self.tell(Event::CallOffered {
            call,
            operator: operator.clone(),
            reason: "дольше всех свободен".to_owned(),
            until,
        });
        self.tell(Event::OfferRinging { call, operator });
        let missed = self.dice.percent(10);
        let ms = if missed {
            15_000
        } else {
            self.dice.between(800, 9_000)
        };
        self.later(ms, Act::EndRing(call, turn));
        let patience = self.dice.between(1_000, 120_000);
        self.later(patience, Act::GiveUp(call, turn));
    }

    fn waits(&self, state: &Call) -> Waits {
        let open = state.queued.map_or(0, |since| us(since, self.now));
        Waits {
            total_ms: self.now.since(state.connected),
            queue_ms: Millis((state.queue_us + open) / 1_000),
            ring_ms: state.offered.map_or(Millis(0), |at| self.now.since(at)),
        }
    }

    fn give_up(&mut self, call: CallId, turn: u64) {
        let Some(state) = self.calls.get(&call).filter(|s| s.turn == turn).cloned() else {
            return;
        };
        if let Some(queue) = self.queues.get_mut(&state.queue) {
            queue.retain(|other| *other != call);
        }
        if let Stage::Ringing(operator) = &state.stage {
            let (operator, why) = (operator.clone(), MissedWhy::CallerLeft);
            self.tell(Event::OfferMissed {
                call,
                operator: operator.clone(),
                why,
            });
            self.free(&operator);
        }
        let timeout = state
            .queued
            .is_some_and(|at| self.now.since(at) >= Millis(180_000));
        if !state.answered {
            let cause = if timeout {
                UnansweredCause::Timeout
            } else {
                UnansweredCause::Abandoned
            };
            let waits = self.waits(&state);
            self.tell(Event::CallUnanswered { call, cause, waits });
            if timeout {
                self.farewell(call);
                return self.distribute();
            }
        } else {
            let (queue, cause) = (state.queue, UnansweredCause::Abandoned);
            self.tell(Event::QueueLeft { call, queue, cause });
        }
        self.end_call(call, EndCause::CallerHungUp);
        self.distribute();
    }

    fn free(&mut self, operator: &OperatorId) {
        let now = self.now;
        if let Some(desk) = self.desks.get_mut(operator) {
            desk.busy = None;
            desk.idle_since = now;
        }
    }

    fn end_ring(&mut self, call: CallId, turn: u64) {
        let Some(mut state) = self.calls.get(&call).filter(|s| s.turn == turn).cloned() else {
            return;
        };
        let Stage::Ringing(operator) = state.stage.clone() else {
            return;
        };
        let rang = state.offered.map_or(Millis(0), |at| self.now.since(at));
        if rang >= Millis(15_000) {
            let why = MissedWhy::RingTimeout;
            self.tell(Event::OfferMissed {
                call,
                operator: operator.clone(),
                why,
            });
            let reason = NotReadyReason::Rona;
            self.tell(Event::OperatorNotReady {
                operator: operator.clone(),
                reason,
            });
            self.free(&operator);
            if let Some(desk) = self.desks.get_mut(&operator) {
                desk.ready = false;
            }
            let ms = self.dice.between(5_000, 60_000);
            self.later(ms, Act::Ready(operator));
            let turn = self.set_stage(call, Stage::Queue);
            self.queues
                .entry(state.queue.clone())
                .or_default()
                .push_front(call);
            let ms = self.dice.between(1_000, 60_000);
            self.later(ms, Act::GiveUp(call, turn));
            return self.distribute();
        }
        self.tell(Event::OfferAccepted {
            call,
            operator: operator.clone(),
        });
        self.now.0 += 120_000;
        let waits = self.waits(&state);
        self.tell(Event::LegsBridged {
            call,
            operator: operator.clone(),
            waits,
        });
        state.queue_us += state.queued.take().map_or(0, |since| us(since, self.now));
        state.answered = true;
        self.calls.insert(call, state);
        self.set_stage(call, Stage::Talk(operator.clone(), self.now));
        let file = format!("{call}.wav");
        self.tell(Event::RecordingStarted { call, file });
        if self.dice.percent(15) {
            self.now.0 += 200_000;
            self.tell(Event::TalkHeld {
                call,
                operator: operator.clone(),
            });
            self.now.0 += 900_000;
            self.tell(Event::TalkResumed { call, operator });
        }
        let ms = match self.dice.roll(100) {
            0..3 => 600_000,
            3..8 => self.dice.between(600_000, 1_500_000),
            _ => self.dice.between(5_000, 400_000),
        };
        self.later(ms, Act::EndTalk(call));
    }

    fn end_talk(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).cloned() else {
            return;
        };
        let Stage::Talk(operator, since) = state.stage else {
            return;
        };
        if self.dice.percent(20) {
            let service = self.dice.one_of(&state.services, state.service);
            if let Some(state) = self.calls.get_mut(&call) {
                state.service = service.clone();
            }
            self.tell(Event::ServiceChosen {
                call,
                service,
                by: ChosenBy::Operator,
            });
        }
        let talk_ms = self.now.since(since);
        let how = self.dice.roll(100);
        let by = match how {
            0..12 => HungUpBy::Transfer,
            12..50 => HungUpBy::Caller,
            _ => HungUpBy::Operator,
        };
        if by == HungUpBy::Transfer {
            let to = TransferTarget::Queue(state.queue);
            let kind = self.dice.one_of(TransferKind::ALL, TransferKind::Blind);
            self.tell(Event::CallTransferred {
                call,
                from: operator.clone(),
                to,
                kind,
            });
        }
        self.tell(Event::TalkEnded {
            call,
            operator: operator.clone(),
            by,
            talk_ms,
        });
        let until = self.now.plus_ms(30_000);
        self.tell(Event::WrapUpStarted {
            call,
            operator: operator.clone(),
            until,
        });
        self.wrapping_up.insert(operator.clone());
        let role = LegRole::Operator;
        let report = self.report(talk_ms);
        self.tell(Event::LegMeasured { call, role, report });
        let ms = self.dice.between(2_000, 60_000);
        self.later(ms, Act::EndWrapUp(operator.clone(), call));
        match by {
            HungUpBy::Transfer => self.enqueue(call, EntryCause::Transfer, None),
            HungUpBy::Caller | HungUpBy::Failure => self.end_call(call, EndCause::CallerHungUp),
            HungUpBy::Operator => {
                self.set_stage(call, Stage::Rating(operator));
                self.tell(Event::DialogueStarted {
                    call,
                    purpose: DialoguePurpose::Rating,
                    script: "rating".into(),
                    version: "1".to_owned(),
                });
                let ms = self.dice.between(2_000, 12_000);
                self.later(ms, Act::EndRating(call));
            }
        }
    }

    fn report(&mut self, length: Millis) -> LegReport {
        let packets = length.0 / 20;
        let lost = packets * self.dice.roll(3) / 100;
        LegReport {
            received_packets: packets - lost,
            lost_packets: lost,
            sent_packets: packets,
            jitter_us: self.dice.between(100, 30_000),
            remote_lost_permille: None,
            round_trip_us: Some(self.dice.between(5_000, 90_000)),
        }
    }

    fn end_rating(&mut self, call: CallId) {
        let Some(state) = self.calls.get(&call).cloned() else {
            return;
        };
        let Stage::Rating(operator) = state.stage else {
            return;
        };
        let service = state.service;
        let scores = [5, 5, 5, 4, 4, 3, 2, 1];
        let outcome = if self.dice.percent(60) {
            let score = self.dice.one_of(&scores, 5);
            self.tell(Event::CallRated {
                call,
                operator,
                service,
                score,
                scope: RatingScope::Service,
                script_version: "1".to_owned(),
            });
            DialogueOutcome::Rated
        } else {
            let left = self.dice.percent(50);
            let why = if left {
                SkippedWhy::HungUp
            } else {
                SkippedWhy::Silence
            };
            self.tell(Event::RatingSkipped {
                call,
                operator,
                service,
                why,
            });
            if left {
                DialogueOutcome::CallerLeft
            } else {
                DialogueOutcome::Finished
            }
        };
        let (purpose, notice_played) = (DialoguePurpose::Rating, false);
        self.tell(Event::DialogueEnded {
            call,
            purpose,
            outcome,
            notice_played,
        });
        self.end_call(call, EndCause::Completed);
    }

    fn end_wrap_up(&mut self, operator: &OperatorId, call: CallId) {
        if self.desks.get(operator).and_then(|desk| desk.busy) != Some(call) {
            return;
        }
        let client = self.dice.percent(50).then_some(ClientType::Citizen);
        let need = self.dice.one_of(NeedCode::ALL, NeedCode::Other);
        let outcome = self.dice.one_of(CallOutcome::ALL, CallOutcome::Answered);
        self.tell(Event::DispositionSet {
            call,
            operator: operator.clone(),
            outcome,
            need,
            client,
        });
        self.tell(Event::WrapUpEnded {
            call,
            operator: operator.clone(),
        });
        self.wrapping_up.remove(operator);
        self.free(operator);
        self.distribute();
    }

    fn end_call(&mut self, call: CallId, cause: EndCause) {
        let Some(state) = self.calls.remove(&call) else {
            return;
        };
        let role = LegRole::Caller;
        let report = self.report(self.now.since(state.connected));
        self.tell(Event::LegMeasured { call, role, report });
        let waits = self.waits(&state);
        self.tell(Event::CallEnded { call, cause, waits });
    }

    /// The server dies and closes from its journal what was open.
    fn restart(&mut self) {
        self.now.0 += 2_000_000;
        self.start_server();
        let open: BTreeSet<CallId> = self.calls.keys().copied().collect();
        for call in open {
            let Some(state) = self.calls.remove(&call) else {
                continue;
            };
            self.close(call, &state);
            let (cause, waits) = (EndCause::ServerRestarted, self.waits(&state));
            self.tell(Event::CallEnded { call, cause, waits });
        }
        self.queues.clear();
        for operator in self.catalogue.operators.clone() {
            let desk = self.desks.insert(operator.clone(), Desk::default());
            if let Some(call) = desk.and_then(|desk| desk.busy)
                && self.wrapping_up.remove(&operator)
            {
                self.tell(Event::WrapUpEnded {
                    call,
                    operator: operator.clone(),
                });
            }
            self.tell(Event::OperatorSignedOut {
                operator: operator.clone(),
            });
            self.tell(Event::PhoneUnreachable {
                operator: operator.clone(),
            });
            let ms = self.dice.between(500, 8_000);
            self.later(ms, Act::SignIn(operator));
        }
    }

    fn close(&mut self, call: CallId, state: &Call) {
        match state.stage.clone() {
            Stage::Assistant | Stage::Farewell | Stage::Queue => {}
            Stage::Ringing(operator) => {
                let why = MissedWhy::Failure;
                self.tell(Event::OfferMissed {
                    call,
                    operator: operator.clone(),
                    why,
                });
                self.free(&operator);
            }
            Stage::Talk(operator, since) => {
                let (by, talk_ms) = (HungUpBy::Failure, self.now.since(since));
                self.tell(Event::TalkEnded {
                    call,
                    operator,
                    by,
                    talk_ms,
                });
            }
            Stage::Rating(operator) => {
                let (service, why) = (state.service.clone(), SkippedWhy::Failure);
                self.tell(Event::RatingSkipped {
                    call,
                    operator,
                    service,
                    why,
                });
            }
        }
        let cause = UnansweredCause::Failure;
        let waits = matches!(state.stage, Stage::Queue | Stage::Ringing(_));
        if waits && state.answered {
            let queue = state.queue.clone();
            self.tell(Event::QueueLeft { call, queue, cause });
        } else if waits {
            let waits = self.waits(state);
            self.tell(Event::CallUnanswered { call, cause, waits });
        }
    }
}

fn us(from: Timestamp, to: Timestamp) -> u64 {
    to.0.saturating_sub(from.0).max(0).unsigned_abs()
}
