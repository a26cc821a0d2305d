//! A world of three callers and three operators, exhausted: every order in which they can call,
//! leave, answer, drop, pause, hand over, note and let time pass.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use events::{
    CallId, CallOutcome, CallbackOutcome, CaseEvent, CaseId, Circle, ConsultationOutcome,
    DialogueOutcome, DialoguePurpose, EndCause, Event, LegId, Millis, MissedWhy, NeedCode,
    NotReadyReason, OperatorId, Pii, PlacedEvent, PlacedOutcome, PlacedWhy, SkillLevel, Strategy,
    Timestamp, TransferTarget,
};

use crate::acd::Due;
use crate::routing::{Candidate, rank};
use crate::{
    Acd, Command, ConsultStep, LineSettings, Need, Phase, Presence, Queue, QueueSettings, Settings,
    Stage,
};

#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "three kinds of worlds, independent of each other"
)]
struct World {
    acd: Acd,
    now: Timestamp,
    called: u64,
    callers: u64,
    /// Whether phones break and pauses are asked for in talks, too.
    thorough: bool,
    /// Whether legs hold and nobody is handed on or rates: the moves that no strategy looks at.
    calm: bool,
    /// Whether everybody calls from one number.
    one_number: bool,
    /// Whether callers may leave their place to the house.
    keeps: bool,
    /// Whether operators consult each other and numbers outside, and hand callers on to these.
    consults: bool,
    /// Calls that ring at those whose turn it is.
    dialled: BTreeMap<CallId, CaseId>,
    /// Calls that have a kept place.
    reached: BTreeMap<CallId, CaseId>,
    /// How often each was called.
    tries: BTreeMap<CaseId, u64>,
}

/// A move is a few commands that nothing can come between in this world.
type Move = Vec<Command>;

impl World {
    fn new(callers: u64, operators: u64, thorough: bool) -> Self {
        Self::with((callers, operators), (thorough, false), |_| {})
    }

    /// A calm world that chooses in another way.
    fn calm(people: u64, change: impl FnOnce(&mut Settings)) -> Self {
        Self::with((people, people), (false, true), change)
    }

    fn with(
        (callers, operators): (u64, u64),
        (thorough, calm): (bool, bool),
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let operators = (1..=operators).map(|n| OperatorId::new(format!("op{n}")));
        let operators: Vec<OperatorId> = operators.collect();
        let queue = QueueSettings {
            operators: operators.clone(),
            ring_timeout: Millis::from_s(10),
            wrap_up: Millis::from_s(15),
            max_wait: Millis::from_s(35),
            capacity: 2,
            ..QueueSettings::default()
        };
        let mut settings = Settings::default();
        settings.queues.insert("queue".into(), queue);
        let line = LineSettings {
            rating: !calm,
            ..LineSettings::new("queue", ["service"])
        };
        settings.lines.insert("100".into(), line);
        change(&mut settings);
        let one_number = queue_of(&mut settings).preferred_within > Millis(0);
        let mut world = Self {
            acd: Acd::new(settings),
            now: Timestamp::default(),
            called: 0,
            callers,
            thorough,
            calm,
            one_number,
            keeps: false,
            consults: false,
            dialled: BTreeMap::new(),
            reached: BTreeMap::new(),
            tries: BTreeMap::new(),
        };
        let catalogue = world.acd.settings().catalogue();
        world
            .acd
            .apply(world.now, &Event::CatalogueLoaded(catalogue));
        for operator in operators {
            let mut out = Vec::new();
            for command in [
                Command::PhoneUp {
                    operator: operator.clone(),
                },
                Command::SignIn {
                    operator: operator.clone(),
                },
                Command::BecomeReady { operator },
            ] {
                world.acd.handle(world.now, command, &mut out).unwrap();
            }
        }
        world
    }

    /// Everything that could happen now.
    fn moves(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        if self.called < self.callers {
            moves.push(arrival(CallId(self.called + 1), self.one_number));
        }
        for call in self.acd.calls() {
            moves.push(vec![Command::CallerGone {
                call: call.id,
                cause: EndCause::CallerHungUp,
            }]);
            let purpose = match &call.stage {
                Stage::Rating { .. } => DialoguePurpose::Rating,
                Stage::Farewell => call.last_purpose(),
                Stage::Waiting(_) => {
                    let case = CaseId(call.id.0);
                    let may = self.keeps && self.acd.may_keep_place(call.id).is_ok();
                    if may && call.id.0 <= self.callers {
                        let call = call.id;
                        moves.push(vec![Command::KeepPlace { call, case }]);
                    }
                    continue;
                }
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Talking { .. }
                | Stage::Outside(_)
                | Stage::Parted => continue,
            };
            moves.push(vec![ends(call.id, purpose, DialogueOutcome::Finished)]);
        }
        for operator in self.acd.operators() {
            self.moves_of(operator, &mut moves);
        }
        if self.consults {
            self.moves_beside(&mut moves);
        }
        if self.acd.deadline().is_some() {
            moves.push(vec![Command::Tick]);
        }
        moves
    }

    /// What operators and numbers outside do about consultations.
    fn moves_beside(&self, moves: &mut Vec<Move>) {
        for call in self.acd.calls() {
            let id = call.id;
            let rung = match &call.stage {
                Stage::Outside(outside) => Some(outside.since.is_none()),
                Stage::Talking {
                    consultation: Some(beside),
                    ..
                } if beside.with.is_none() => Some(beside.rings()),
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Waiting(_)
                | Stage::Talking { .. }
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell => None,
            };
            match rung {
                Some(true) => moves.extend([
                    vec![Command::OutsideAnswers { call: id }],
                    vec![outside_gone(id, ConsultationOutcome::Busy)],
                ]),
                Some(false) => moves.push(vec![outside_gone(id, ConsultationOutcome::Left)]),
                None => {}
            }
            let Stage::Talking {
                operator,
                consultation,
                ..
            } = &call.stage
            else {
                continue;
            };
            let step = |step| {
                vec![Command::Consult {
                    call: id,
                    operator: operator.clone(),
                    step,
                }]
            };
            if consultation.is_some() {
                moves.extend([
                    step(ConsultStep::Swap),
                    step(ConsultStep::Return),
                    step(ConsultStep::Complete),
                    step(ConsultStep::Conference),
                ]);
                continue;
            }
            let number = TransferTarget::Outside(Pii::new("6".to_owned()));
            let free = self.acd.operators().filter(|o| o.is_free());
            let free = free.map(|target| TransferTarget::Operator(target.id.clone()));
            let targets = free.chain([TransferTarget::Queue("queue".into()), number.clone()]);
            moves.extend(targets.map(|to| step(ConsultStep::Start(to))));
            moves.push(vec![Command::Transfer {
                call: id,
                operator: operator.clone(),
                to: number,
            }]);
        }
    }

    /// What the house does for those whose place is kept: facts that are nobody's command, and what is
    /// asked of the distribution afterwards.
    fn house_moves(&self) -> Vec<(Vec<Event>, Move)> {
        let mut moves = Vec::new();
        if let Some(kept) = self.acd.next_turn(self.now, |_| true) {
            let tries = self.tries.get(&kept.case).copied().unwrap_or_default();
            let call = CallId(100 * kept.case.0 + tries);
            moves.push((vec![dials(call, kept.case)], Vec::new()));
        }
        for kept in self.acd.kept_places().filter(|kept| kept.holds_back()) {
            let put_off = Event::PlacePutOff { case: kept.case };
            moves.push((vec![put_off], vec![Command::Tick]));
        }
        for (call, case) in &self.dialled {
            let (call, case) = (*call, *case);
            let outcome = PlacedOutcome::NoAnswer;
            let mut missed = vec![Event::Placed(PlacedEvent::Ended { call, outcome })];
            if self.tries.get(&case) == Some(&TRIES) {
                missed.push(settled(case, CallbackOutcome::NoAnswer));
            }
            moves.push((missed, vec![Command::Tick]));
            moves.push((
                Vec::new(),
                vec![Command::CallPlaced {
                    call,
                    leg: LegId(call.0),
                    line: "100".into(),
                    service: "service".into(),
                    trunk: "trunk".to_owned(),
                    case: Some(case),
                }],
            ));
        }
        moves
    }

    /// The house's own books: who is being called, who has talked.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the house follows a few facts of the many"
    )]
    fn house_follows(&mut self, fact: &Event) -> Result<Option<Event>, String> {
        match fact {
            Event::Placed(PlacedEvent::Dialled {
                call,
                case: Some(case),
                ..
            }) => {
                *self.tries.entry(*case).or_default() += 1;
                if self.dialled.values().any(|other| other == case) {
                    return Err(format!("{case} is called twice"));
                }
                self.dialled.insert(*call, *case);
            }
            Event::Placed(
                PlacedEvent::Ended { call, .. } | PlacedEvent::HandedOver { call, .. },
            ) => {
                self.dialled.remove(call);
            }
            Event::QueueEntered { call, terms, .. } => {
                self.reached.extend(terms.keeps.map(|case| (*call, case)));
            }
            // Whoever was reached and left is called again, but not for ever.
            Event::CallEnded { call, .. } => {
                let case = self.reached.remove(call);
                let case = case.filter(|case| self.tries.get(case) >= Some(&TRIES));
                let case = case.filter(|case| self.acd.kept(*case).is_some());
                return Ok(case.map(|case| settled(case, CallbackOutcome::NoAnswer)));
            }
            Event::LegsBridged { call, .. } => {
                let mut kept = self.acd.kept_places();
                let theirs = kept.find(|kept| kept.under == Some(*call));
                return Ok(theirs.map(|kept| settled(kept.case, CallbackOutcome::Connected)));
            }
            _ => {}
        }
        Ok(None)
    }

    #[expect(clippy::too_many_lines, reason = "one arm a presence")]
    fn moves_of(&self, operator: &crate::Operator, moves: &mut Vec<Move>) {
        let id = || operator.id.clone();
        let pause = Command::BecomeNotReady {
            operator: id(),
            reason: NotReadyReason::Break,
        };
        if self.thorough
            && matches!(
                operator.presence,
                Presence::Ready { .. } | Presence::Ringing { .. }
            )
        {
            moves.push(vec![Command::PhoneDown { operator: id() }]);
            moves.push(vec![pause.clone()]);
        }
        match operator.presence {
            Presence::SignedOut => {}
            Presence::NotReady { .. } => moves.push(if operator.phone_up {
                vec![Command::BecomeReady { operator: id() }]
            } else {
                vec![Command::PhoneUp { operator: id() }]
            }),
            Presence::Ready { .. } if self.thorough => {}
            Presence::Ready { .. } => moves.push(vec![pause]),
            Presence::Ringing { call, .. } => moves.extend([
                vec![Command::OperatorAnswers {
                    call,
                    operator: id(),
                }],
                vec![Command::OfferFails {
                    call,
                    operator: id(),
                    why: MissedWhy::Declined,
                }],
            ]),
            Presence::Connecting { call, .. } => moves.extend([
                vec![Command::Bridged {
                    call,
                    operator: id(),
                }],
                vec![gone(call, id(), false)],
            ]),
            Presence::Consulted { call, then, .. } => {
                moves.extend([vec![gone(call, id(), false)], vec![gone(call, id(), true)]]);
                if self.thorough && then.is_none() {
                    moves.push(vec![pause]);
                    moves.push(vec![Command::PhoneDown { operator: id() }]);
                }
            }
            Presence::Talking { call, .. } if self.calm && self.consults => {
                moves.extend([vec![gone(call, id(), false)], vec![gone(call, id(), true)]]);
            }
            Presence::Talking { call, .. } if self.calm => {
                moves.push(vec![gone(call, id(), false)]);
            }
            Presence::Talking { call, then, .. } => {
                moves.extend([vec![gone(call, id(), false)], vec![gone(call, id(), true)]]);
                moves.push(vec![Command::Transfer {
                    call,
                    operator: id(),
                    to: TransferTarget::Queue("queue".into()),
                }]);
                let free = self.acd.operators().filter(|o| o.is_free());
                moves.extend(free.map(|target| {
                    vec![Command::Transfer {
                        call,
                        operator: id(),
                        to: TransferTarget::Operator(target.id.clone()),
                    }]
                }));
                if self.thorough && then.is_none() {
                    moves.push(vec![pause]);
                }
            }
            Presence::WrapUp { call, .. } => moves.push(vec![
                Command::SetDisposition {
                    call,
                    operator: id(),
                    outcome: CallOutcome::Answered,
                    need: NeedCode::Information,
                    client: None,
                },
                Command::FinishWrapUp { operator: id() },
            ]),
        }
    }

    /// Carries a move out and checks everything that must hold afterwards.
    fn after(&self, notes: &[Event], made: &Move) -> Result<Self, String> {
        let mut world = self.clone();
        for fact in notes {
            world.acd.apply(world.now, fact);
            world.house_follows(fact)?;
        }
        for command in made {
            if *command == Command::Tick {
                world.now = world.acd.deadline().unwrap_or(world.now);
            }
            if matches!(command, Command::CallArrives { .. }) {
                world.called += 1;
            }
            let before = world.acd.clone();
            let mut facts = Vec::new();
            // A full queue may refuse a transfer, and at a deadline wrap-up may be over already.
            let _ = world.acd.handle(world.now, command.clone(), &mut facts);
            world.acd.audit(world.now)?;
            world.check_facts(&before, &facts)?;
            for fact in &facts {
                if let Some(settled) = world.house_follows(fact)? {
                    world.acd.apply(world.now, &settled);
                }
            }
            world.check_nobody_is_stuck()?;
        }
        Ok(world)
    }

    /// Replay is equal, and no fact is about a call that is over.
    fn check_facts(&self, before: &Acd, facts: &[Event]) -> Result<(), String> {
        let mut replay = before.clone();
        for fact in facts {
            let call = fact.call().and_then(|id| replay.call(id));
            let offer = call.and_then(|call| call.offer());
            let fits = |right: bool, about: bool| !about || right;
            let all = self.acd.queues().all(Queue::rings_all);
            let rung = call.is_some_and(|call| {
                let answered = call.offers().iter().any(|offer| offer.accepted);
                call.wait().is_some() && !answered && (all || call.offers().is_empty())
            });
            let fine = fits(rung, matches!(fact, Event::CallOffered { .. }))
                && fits(
                    offer.is_some_and(|offer| !offer.accepted),
                    matches!(fact, Event::OfferAccepted { .. }),
                )
                && fits(
                    offer.is_some_and(|offer| offer.accepted) || consulted(&replay, fact),
                    matches!(fact, Event::LegsBridged { .. }),
                )
                && fits(
                    call.is_some_and(|call| !call.is_answered()),
                    matches!(fact, Event::CallUnanswered { .. }),
                )
                && fits(call.is_some(), matches!(fact, Event::CallEnded { .. }));
            if !fine {
                return Err(format!("{fact:?} with {call:?}"));
            }
            replay.apply(self.now, fact);
        }
        if replay == self.acd {
            Ok(())
        } else {
            Err(format!("replay of {facts:?} gives another state"))
        }
    }

    /// Whoever waits, waits for a time that will come; whoever asked to be called is called.
    fn check_nobody_is_stuck(&self) -> Result<(), String> {
        let absent = self.acd.kept_places().any(|kept| kept.under.is_none());
        let free = self.acd.operators().any(crate::Operator::is_free);
        let idle = self.acd.calls().next().is_none() && self.dialled.is_empty();
        if absent && free && idle && self.acd.next_turn(self.now, |_| true).is_none() {
            return Err("nobody calls whose turn it is".to_owned());
        }
        let open = |queue: &Queue| !queue.open.is_empty() && !queue.free.is_empty();
        let held = self.acd.kept_places().any(crate::Kept::holds_back) || !self.dialled.is_empty();
        if self.keeps && self.acd.queues().any(open) && !held {
            return Err("somebody waits beside a free operator".to_owned());
        }
        for call in self.acd.calls() {
            if call.wait().is_some() && self.acd.deadline().is_none() {
                return Err(format!("{} waits for ever", call.id));
            }
            if call.stage == Stage::Parted {
                return Err(format!("{} is nowhere", call.id));
            }
            let alone = match &call.stage {
                Stage::Talking {
                    held: true,
                    consultation: None,
                    ..
                } => true,
                Stage::Talking {
                    held,
                    consultation: Some(beside),
                    ..
                } => *held != matches!(beside.phase, Phase::Ringing { .. } | Phase::Aside { .. }),
                Stage::AtDoor
                | Stage::Assistant
                | Stage::Waiting(_)
                | Stage::Talking { .. }
                | Stage::Outside(_)
                | Stage::Parted
                | Stage::Rating { .. }
                | Stage::Farewell => false,
            };
            if alone && self.consults {
                return Err(format!("{} is on hold alone", call.id));
            }
        }
        Ok(())
    }

    /// Whoever is not rung for a call cannot answer it, and trying changes nothing.
    fn check_late_answers(&self) -> Result<(), String> {
        for operator in self.acd.operators() {
            for call in (1..=self.callers).map(CallId) {
                let rung = matches!(operator.presence,
                    Presence::Ringing { call: with, .. } if with == call);
                let answer = Command::OperatorAnswers {
                    call,
                    operator: operator.id.clone(),
                };
                let bridge = Command::Bridged {
                    call,
                    operator: operator.id.clone(),
                };
                let connecting = matches!(operator.presence,
                    Presence::Connecting { call: with, .. } if with == call);
                let answered = self.acd.decide(self.now, &answer).is_ok();
                if answered != rung {
                    return Err(format!("{} may answer {call}: {answered}", operator.id));
                }
                if self.acd.decide(self.now, &bridge).is_ok() != connecting {
                    return Err(format!("{} may be bridged to {call}", operator.id));
                }
            }
        }
        Ok(())
    }

    /// Where each operator stands for the strategy, were everybody free: equal numbers for equals.
    fn ranks(&self) -> BTreeMap<OperatorId, usize> {
        let mut ranks = BTreeMap::new();
        for queue in self.acd.queues() {
            let moment = self.acd.moment(self.now, queue);
            let members = queue.members().enumerate();
            let rank = |(place, id): (usize, &OperatorId)| {
                let operator = self.acd.operator(id)?;
                let candidate = Candidate {
                    operator,
                    since: self.now,
                    place,
                    level: operator
                        .skills
                        .values()
                        .map(|level| u32::from(*level))
                        .sum(),
                };
                Some((id.clone(), rank(queue.strategy, moment, &candidate)))
            };
            let found: Vec<(OperatorId, u64)> = members.filter_map(rank).collect();
            let distinct: BTreeSet<u64> = found.iter().map(|(_, rank)| *rank).collect();
            ranks.extend(found.into_iter().map(|(id, rank)| {
                let place = distinct.iter().position(|other| *other == rank);
                (id, place.unwrap_or_default())
            }));
        }
        ranks
    }

    /// The state without its clock and names: callers are called by their order of arrival,
    /// operators by what they do. Worlds of one key differ in nothing that a rule looks at.
    #[expect(clippy::too_many_lines, reason = "everything that tells worlds apart")]
    fn key(&self) -> String {
        let mut calls: Vec<&crate::Call> = self.acd.calls().collect();
        calls.sort_by_key(|call| call.ticket);
        let rank = |id: CallId| calls.iter().position(|call| call.id == id);
        let free: Vec<&OperatorId> = self
            .acd
            .queues()
            .flat_map(|q| &q.free)
            .map(|f| &f.1)
            .collect();
        let ranks = self.ranks();
        let does = |operator: &crate::Operator| {
            let presence = &operator.presence;
            let disposed = match presence {
                Presence::Talking { disposed, .. } | Presence::WrapUp { disposed, .. } => *disposed,
                Presence::SignedOut
                | Presence::NotReady { .. }
                | Presence::Ready { .. }
                | Presence::Ringing { .. }
                | Presence::Connecting { .. }
                | Presence::Consulted { .. } => false,
            };
            let number = Pii::new("5".to_owned());
            let known = self.acd.acquainted.last(&number);
            format!(
                "{} {} {disposed} {:?} {:?} {:?} {:?} {:?} {}",
                presence.as_str(),
                operator.phone_up,
                presence.call().and_then(rank),
                presence.then(),
                free.iter().position(|id| **id == operator.id),
                ranks.get(&operator.id),
                operator.skills,
                known.is_some_and(|(_, known)| *known == operator.id),
            )
        };
        let mut operators: Vec<String> = self.acd.operators().map(does).collect();
        operators.sort();
        let mut key = format!("{} {operators:?}", self.called);
        for kept in self.acd.kept_places() {
            let before = calls.iter().filter(|call| call.ticket < Some(kept.ticket));
            let under = kept
                .under
                .map(|call| (self.dialled.contains_key(&call), rank(call)));
            let tries = self.tries.get(&kept.case);
            let place = (before.count(), under, kept.holds_back(), tries);
            let _ = write!(key, "~{place:?}");
        }
        for call in &calls {
            let circle = call.wait().map(|wait| wait.circle);
            let stage = match &call.stage {
                Stage::AtDoor | Stage::Assistant | Stage::Parted => "before",
                Stage::Waiting(wait) => match &wait.wanted {
                    Some(_) => "wanted",
                    None => "waiting",
                },
                Stage::Talking {
                    consultation: Some(beside),
                    ..
                } => match beside.with {
                    Some(_) => beside.phase.as_str(),
                    None => {
                        let _ = write!(key, "#outside");
                        beside.phase.as_str()
                    }
                },
                Stage::Talking { held: true, .. } => "held",
                Stage::Talking { .. } => "talking",
                Stage::Outside(outside) if outside.since.is_none() => "outside rung",
                Stage::Outside(_) => "outside",
                Stage::Rating { .. } => "rating",
                Stage::Farewell => call.last_purpose().as_str(),
            };
            let _ = write!(
                key,
                "|{stage} {} {circle:?} {:?} {:?}",
                call.is_answered(),
                call.queue,
                call.been,
            );
        }
        for (_, due) in &self.acd.due {
            let _ = match due {
                Due::Offer(call) => write!(key, "!offer {:?}", rank(*call)),
                Due::Consultation(call) => write!(key, "!consulted {:?}", rank(*call)),
                Due::Outside(call) => write!(key, "!outside {:?}", rank(*call)),
                Due::Wait(call) => write!(key, "!wait {:?}", rank(*call)),
                Due::Overflow(call) => write!(key, "!overflow {:?}", rank(*call)),
                Due::Widen(call) => write!(key, "!widen {:?}", rank(*call)),
                Due::Pause(operator) => write!(key, "!pause {operator}"),
                Due::WrapUp(operator) => {
                    write!(key, "!wrap {:?}", self.acd.operator(operator).map(does))
                }
            };
        }
        key
    }
}

/// Whoever is not reached so often is not called again.
const TRIES: u64 = 2;

fn dials(call: CallId, case: CaseId) -> Event {
    Event::Placed(PlacedEvent::Dialled {
        call,
        leg: LegId(call.0),
        trunk: "trunk".to_owned(),
        line: "100".into(),
        service: "service".into(),
        to: Pii::new("5".to_owned()),
        why: PlacedWhy::Callback,
        notification: None,
        case: Some(case),
    })
}

const fn settled(case: CaseId, outcome: CallbackOutcome) -> Event {
    Event::Case(CaseEvent::CallbackEnded { case, outcome })
}

const fn outside_gone(call: CallId, why: ConsultationOutcome) -> Command {
    Command::OutsideGone { call, why }
}

/// The operator of a bridge was consulted about this call.
fn consulted(before: &Acd, fact: &Event) -> bool {
    let Event::LegsBridged { call, operator, .. } = fact else {
        return false;
    };
    let operator = before.operator(operator);
    operator.is_some_and(|o| {
        matches!(o.presence, Presence::Consulted { .. }) && o.presence.call() == Some(*call)
    })
}

fn queue_of(settings: &mut Settings) -> &mut QueueSettings {
    settings.queues.get_mut(&"queue".into()).unwrap()
}

fn arrival(call: CallId, one_number: bool) -> Move {
    vec![
        Command::CallArrives {
            call,
            leg: LegId(call.0),
            line: "100".into(),
            trunk: "trunk".to_owned(),
            caller: one_number.then(|| Pii::new("5".to_owned())),
        },
        Command::CallerConnected { call },
        ends(call, DialoguePurpose::Assistant, DialogueOutcome::ToPerson),
    ]
}

fn ends(call: CallId, purpose: DialoguePurpose, outcome: DialogueOutcome) -> Command {
    Command::DialogueEnds {
        call,
        purpose,
        outcome,
        notice_played: true,
    }
}

fn gone(call: CallId, operator: OperatorId, broken: bool) -> Command {
    Command::OperatorGone {
        call,
        operator,
        broken,
    }
}

/// Tries every move in every state, nearest states first, and gives the number of states found.
/// A wrong turn is told by the shortest way to it.
fn exhaust(first: World) -> usize {
    let mut seen = BTreeSet::from([first.key()]);
    // Each state found: where it was found from, and by which move.
    let mut ways: Vec<(usize, (Vec<Event>, Move))> = vec![(0, Default::default())];
    let mut open = VecDeque::from([(0, first)]);
    while let Some((here, world)) = open.pop_front() {
        if let Err(wrong) = world.check_late_answers() {
            panic!("{wrong}\n{}", way_to(here, &ways));
        }
        let peoples = world.moves().into_iter().map(|made| (Vec::new(), made));
        for made in peoples.chain(world.house_moves()) {
            let wrong = |wrong| panic!("{wrong}\nlast: {made:?}\n{}", way_to(here, &ways));
            let next = world.after(&made.0, &made.1).unwrap_or_else(wrong);
            if seen.insert(next.key()) {
                open.push_back((ways.len(), next));
                ways.push((here, made));
            }
        }
    }
    seen.len()
}

fn way_to(mut state: usize, ways: &[(usize, (Vec<Event>, Move))]) -> String {
    let mut text = String::new();
    while state != 0 {
        let (from, made) = &ways[state];
        writeln!(text, "before: {made:?}").unwrap();
        state = *from;
    }
    text
}

/// Walked to the last state.
#[test]
fn two_callers_and_two_operators_never_go_wrong() {
    let states = exhaust(World::new(2, 2, true));
    println!("{states} states");
    assert!(states > 800, "the world shrank to {states} states");
}

/// Likewise, with phones that hold and pauses between calls only: a debug build has seconds.
#[test]
fn three_callers_and_three_operators_never_go_wrong() {
    let states = exhaust(World::new(3, 3, false));
    println!("{states} states");
    assert!(states > 5_000, "the world shrank to {states} states");
}

fn exhaust_choosing(strategy: Strategy) {
    let states = exhaust(World::calm(3, |settings| {
        queue_of(settings).strategy = strategy
    }));
    println!("{}: {states} states", strategy.as_str());
    assert!(states > 300, "the world shrank to {states} states");
}

#[test]
fn round_robin_never_goes_wrong() {
    exhaust_choosing(Strategy::RoundRobin);
}

#[test]
fn least_occupied_never_goes_wrong() {
    exhaust_choosing(Strategy::LeastOccupied);
}

#[test]
fn fewest_calls_never_goes_wrong() {
    exhaust_choosing(Strategy::FewestCalls);
}

#[test]
fn linear_never_goes_wrong() {
    exhaust_choosing(Strategy::Linear);
}

#[test]
fn ringing_all_never_goes_wrong() {
    let states = exhaust(World::with((3, 3), (false, false), |settings| {
        queue_of(settings).strategy = Strategy::RingAll;
    }));
    println!("ring_all: {states} states");
    assert!(states > 1_000, "the world shrank to {states} states");
}

/// Two levels of one skill, asked for in full for ten seconds, less for ten more, then not at all.
fn ask_for_skills(settings: &mut Settings) {
    let skill = |level| SkillLevel {
        skill: "licences".into(),
        level,
    };
    let circle = |after_s, skills| Circle {
        after_ms: Millis::from_s(after_s),
        only: None,
        skills,
    };
    settings.skills.insert("op1".into(), vec![skill(5)]);
    settings.skills.insert("op2".into(), vec![skill(2)]);
    let queue = queue_of(settings);
    queue.strategy = Strategy::Skills;
    queue.needs = vec![Need {
        services: BTreeSet::new(),
        circles: vec![
            circle(0, vec![skill(4)]),
            circle(10, vec![skill(1)]),
            circle(20, Vec::new()),
        ],
    }];
}

#[test]
fn skills_relaxed_in_steps_never_go_wrong() {
    let states = exhaust(World::calm(3, ask_for_skills));
    println!("skills: {states} states");
    assert!(states > 300, "the world shrank to {states} states");
}

#[test]
fn preferred_operators_never_go_wrong() {
    let states = exhaust(World::calm(3, |settings| {
        let queue = queue_of(settings);
        queue.preferred_within = Millis::from_s(3_600);
        queue.preferred_wait = Millis::from_s(10);
    }));
    println!("preferred: {states} states");
    assert!(states > 300, "the world shrank to {states} states");
}

/// A queue with a reserve: full or slow, it sends its callers on.
#[test]
fn overflow_never_goes_wrong() {
    let states = exhaust(World::calm(3, |settings| {
        let first = queue_of(settings);
        let reserve = QueueSettings {
            operators: first.operators.split_off(2),
            ..first.clone()
        };
        first.overflow_to = Some("reserve".into());
        first.overflow_after = Millis::from_s(12);
        settings.queues.insert("reserve".into(), reserve);
    }));
    println!("overflow: {states} states");
    assert!(states > 300, "the world shrank to {states} states");
}

fn exhaust_consulting(people: (u64, u64), modes: (bool, bool)) {
    let mut first = World::with(people, modes, |settings| {
        settings.outside_ring = Millis::from_s(12);
    });
    first.consults = true;
    let states = exhaust(first);
    println!("consulting {people:?}: {states} states");
    assert!(states > 300, "the world shrank to {states} states");
}

/// Every way to consult and to leave the caller to somebody, with phones that break and pauses.
#[test]
fn consultations_of_two_never_go_wrong() {
    exhaust_consulting((2, 2), (true, true));
}

#[test]
fn consultations_of_three_never_go_wrong() {
    exhaust_consulting((2, 3), (false, true));
}

fn exhaust_keeping(people: (u64, u64), holds_operator: bool) {
    let mut first = World::with(people, (false, true), |settings| {
        let queue = queue_of(settings);
        queue.callback_norm = Some(Millis(0));
        queue.callback_holds_operator = holds_operator;
    });
    first.keeps = true;
    let states = exhaust(first);
    println!("keeping, {holds_operator}: {states} states");
    assert!(states > 300, "the world shrank to {states} states");
}

/// Callers may leave their place and are called, once at a time, in their turn.
#[test]
fn kept_places_with_an_operator_held_never_go_wrong() {
    exhaust_keeping((2, 1), true);
}

#[test]
fn kept_places_called_ahead_never_go_wrong() {
    exhaust_keeping((2, 1), false);
}
