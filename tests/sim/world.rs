//! The clock, the heap of plans, the journal, and death.

use std::collections::BTreeMap;
use std::fmt;

use events::{
    CallId, Chain, ConsultationEvent, Event, OperatorId, OutsideEvent, Record, Timestamp,
};

use crate::dice::Dice;
use crate::house::{Act, House, OPERATORS};
use crate::monitor::Monitor;
use crate::oracle;
use crate::people::{Plans, a_new_caller, a_whim, notice};

/// What stands on the heap.
#[derive(Clone, Debug)]
enum Plan {
    Act(Act),
    NewCaller,
    /// The caller's patience ends, if the caller still waits then.
    Patience(CallId),
    Heartbeat,
    /// The house looks whose turn it is to be called.
    Dialler,
}

/// What a game was made of, to see that it was one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Played {
    pub(crate) turns: u64,
    pub(crate) facts: u64,
    pub(crate) calls: u64,
    pub(crate) answered: u64,
    pub(crate) unanswered: u64,
    pub(crate) transfers: u64,
    pub(crate) kills: u64,
    pub(crate) called_back: u64,
    pub(crate) consulted: u64,
    pub(crate) sent_outside: u64,
}

impl Played {
    pub(crate) const fn add(&mut self, other: &Self) {
        self.turns += other.turns;
        self.facts += other.facts;
        self.calls += other.calls;
        self.answered += other.answered;
        self.unanswered += other.unanswered;
        self.transfers += other.transfers;
        self.kills += other.kills;
        self.called_back += other.called_back;
        self.consulted += other.consulted;
        self.sent_outside += other.sent_outside;
    }
}

/// What went wrong, and the ladder of the calls that had to do with it.
pub(crate) struct Failure {
    why: String,
    ladder: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.why, self.ladder)
    }
}

pub(crate) struct World<H> {
    house: H,
    now: Timestamp,
    dice: Dice,
    heap: BTreeMap<(Timestamp, u64), Plan>,
    planned: u64,
    callers_to_come: u64,
    /// The journal as the disk holds it, and as it was written.
    chain: Chain,
    text: String,
    records: Vec<Record>,
    monitor: Monitor,
    played: Played,
}

impl<H: House> World<H> {
    pub(crate) fn new(seed: u64, house: H) -> Self {
        let mut dice = Dice::new(seed);
        let callers_to_come = dice.between(10, 50);
        Self {
            house,
            now: Timestamp(1_795_000_000_000_000),
            dice,
            heap: BTreeMap::new(),
            planned: 0,
            callers_to_come,
            chain: Chain::default(),
            text: String::new(),
            records: Vec::new(),
            monitor: Monitor::default(),
            played: Played::default(),
        }
    }

    /// The journal's text.
    pub(crate) fn journal(&self) -> &str {
        &self.text
    }

    pub(crate) fn play(mut self) -> Result<Played, Failure> {
        self.go_on()?;
        let checks = [
            self.monitor.check_everything_ended(),
            self.house.check_replay(&self.records),
            oracle::check(&self.text),
        ];
        for check in checks {
            check.map_err(|why| self.failure(why))?;
        }
        Ok(self.played)
    }

    /// Plays until nothing is left to happen.
    pub(crate) fn go_on(&mut self) -> Result<(), Failure> {
        let facts = self.house.restart(&[], self.now);
        self.turn(facts)?;
        for operator in OPERATORS.map(OperatorId::new) {
            let at = self.dice.between(0, 20_000);
            self.plan(at, Plan::Act(Act::PhoneUp(operator.clone())));
            self.plan(at + 10, Plan::Act(Act::SignIn(operator)));
        }
        self.plan(1_000, Plan::NewCaller);
        self.plan(1_000, Plan::Heartbeat);
        loop {
            let next = self.heap.first_key_value().map(|((at, _), _)| *at);
            match (self.house.deadline(), next) {
                (Some(deadline), next) if next.is_none_or(|next| deadline <= next) => {
                    self.now = self.now.max(deadline);
                    let facts = self.house.tick(self.now);
                    if facts.is_empty() {
                        return Err(self.failure("a deadline came and nothing happened".into()));
                    }
                    self.turn(facts)?;
                }
                (_, Some(_)) => self.next_plan()?,
                (_, None) => return Ok(()),
            }
        }
    }

    fn next_plan(&mut self) -> Result<(), Failure> {
        let Some(((at, _), plan)) = self.heap.pop_first() else {
            return Ok(());
        };
        self.now = self.now.max(at);
        match plan {
            Plan::Act(act) => {
                let facts = self.house.act(self.now, &act);
                self.turn(facts)
            }
            Plan::Patience(call) if self.monitor.is_waiting(call) => {
                let facts = self.house.act(self.now, &Act::HangUp(call));
                self.turn(facts)
            }
            Plan::Patience(_) => Ok(()),
            Plan::Heartbeat => {
                // A heart that beats alone would hide a call that never ends.
                let beats_alone = self.heap.values().all(|plan| matches!(plan, Plan::Dialler));
                if !beats_alone || self.house.deadline().is_some() {
                    self.plan(1_000, Plan::Heartbeat);
                }
                if self.monitor.open_calls() == 0 {
                    return Ok(());
                }
                let facts = self.house.note(self.now, Event::Heartbeat {});
                self.turn(facts)
            }
            Plan::Dialler => {
                let call = CallId(10_000 + self.played.called_back);
                let mut facts = self.house.act(self.now, &Act::CallBack(call));
                let idle = |plan: &Plan| matches!(plan, Plan::Dialler | Plan::Heartbeat);
                let nothing_comes = self.heap.values().all(idle) && self.house.deadline().is_none();
                if facts.is_empty() && nothing_comes {
                    // Nobody will be ready again: the time runs out.
                    facts = self.house.act(self.now, &Act::Expire);
                    return self.turn(facts);
                }
                self.played.called_back += u64::from(!facts.is_empty());
                if self.monitor.keeps_places() {
                    self.plan(1_000, Plan::Dialler);
                }
                self.turn(facts)
            }
            Plan::NewCaller => {
                self.callers_to_come -= 1;
                self.played.calls += 1;
                let call = CallId(self.played.calls);
                let plans = a_new_caller(call, &mut self.dice);
                self.plan_all(plans);
                if self.dice.chance(15) {
                    let plans = a_whim(&mut self.dice);
                    self.plan_all(plans);
                }
                if self.callers_to_come > 0 {
                    let gap = self.dice.between(0, 15_000);
                    self.plan(gap, Plan::NewCaller);
                }
                Ok(())
            }
        }
    }

    /// Facts go to the journal first; only then does the world notice. Death may come at any line.
    fn turn(&mut self, facts: Vec<Event>) -> Result<(), Failure> {
        self.played.turns += 1;
        // A process that is just starting dies more often: it closes what the last one left open.
        let starts = matches!(facts.first(), Some(Event::ServerStarted { .. }));
        let one_in = if starts && self.played.kills > 0 {
            5
        } else {
            400
        };
        if self.dice.below(one_in) == 0 {
            return self.die(facts);
        }
        let first = self.records.len();
        for fact in facts {
            self.write(fact)?;
        }
        for at in first..self.records.len() {
            let fact = self.records[at].event.clone();
            let plans = notice(&fact, &mut self.dice);
            self.plan_all(plans);
            if let Event::PlaceKept { .. } = fact {
                self.plan(1_000, Plan::Dialler);
            }
            if let Event::QueueEntered { call, .. } = fact {
                let patience = self.dice.between(1_000, 120_000);
                self.plan(patience, Plan::Patience(call));
            }
        }
        self.monitor
            .check_books()
            .and_then(|()| self.monitor.check_nobody_is_left_on_hold())
            .and_then(|()| self.house.check(self.now))
            .map_err(|why| self.failure(why))
    }

    fn write(&mut self, fact: Event) -> Result<(), Failure> {
        self.played.facts += 1;
        self.played.transfers += u64::from(matches!(fact, Event::CallTransferred { .. }));
        let answered = matches!(
            fact,
            Event::Consultation(ConsultationEvent::Answered { .. })
        );
        self.played.consulted += u64::from(answered);
        let outside = matches!(fact, Event::Outside(OutsideEvent::Joined { .. }));
        self.played.sent_outside += u64::from(outside);
        let record = self.chain.append(self.now, fact, &mut self.text);
        let seen = self.monitor.see(&record);
        self.records.push(record);
        (self.played.answered, self.played.unanswered) = self.monitor.totals();
        seen.map_err(|why| self.failure(why))
    }

    /// The process dies with part of the turn on the disk, perhaps in the middle of a line, and a
    /// new one starts from what the disk holds.
    fn die(&mut self, facts: Vec<Event>) -> Result<(), Failure> {
        self.played.kills += 1;
        let all = u64::try_from(facts.len()).unwrap_or_default();
        let kept = usize::try_from(self.dice.between(0, all)).unwrap_or_default();
        let mut rest = facts.into_iter();
        for fact in rest.by_ref().take(kept) {
            self.write(fact)?;
        }
        let mut disk = self.text.clone();
        if let Some(torn) = rest.next() {
            let whole = disk.len();
            self.chain.clone().append(self.now, torn, &mut disk);
            let torn_at = self.dice.between(0, (disk.len() - whole - 1) as u64);
            let mut end = whole + usize::try_from(torn_at).unwrap_or_default();
            while !disk.is_char_boundary(end) {
                end -= 1;
            }
            disk.truncate(end);
        }
        let found = self.read(&disk).map_err(|why| self.failure(why))?;
        let away = match self.dice.below(10) {
            0 => 3_600_000,
            _ => self.dice.between(500, 30_000),
        };
        self.now = self.now.plus_ms(away);
        self.monitor.restarted();
        let facts = self.house.restart(&found, self.now);
        // The old legs are gone; what their people had planned comes all the same.
        self.turn(facts)
    }

    /// Reads a disk as the server does: up to the first line that does not hold.
    fn read(&self, disk: &str) -> Result<Vec<Record>, String> {
        let (mut chain, mut found) = (Chain::default(), Vec::new());
        for line in disk.split_inclusive('\n') {
            match line.strip_suffix('\n').map(|line| chain.read(line)) {
                Some(Ok(record)) => found.push(record),
                Some(Err(error)) => return Err(error.to_string()),
                None => break,
            }
        }
        if found == self.records {
            Ok(found)
        } else {
            Err("the disk gives another journal than was written".to_owned())
        }
    }

    fn plan_all(&mut self, plans: Plans) {
        for (ms, act) in plans {
            self.plan(ms, Plan::Act(act));
        }
    }

    fn plan(&mut self, ms: u64, plan: Plan) {
        self.planned += 1;
        let at = self.now.plus_ms(ms);
        self.heap.insert((at, self.planned), plan);
    }

    /// The last facts, and every fact of the calls in the last turn.
    fn failure(&self, why: String) -> Failure {
        let last = self.records.iter().rev().take(12);
        let mut calls: Vec<CallId> = last.filter_map(|record| record.event.call()).collect();
        let all = self.records.iter().filter_map(|r| r.event.call());
        calls.extend(all.filter(|call| why.contains(&format!("call: {call},"))));
        let mut ladder = String::new();
        let begin = self.records.first().map_or(self.now, |first| first.at);
        for record in &self.records {
            let of_the_calls = record
                .event
                .call()
                .is_some_and(|call| calls.contains(&call));
            let recent = record.seq + 12 > self.chain.seq;
            if of_the_calls || recent {
                let at = record.at.since(begin).as_s();
                ladder.push_str(&format!("{:6} {at:10.3} {:?}\n", record.seq, record.event));
            }
        }
        Failure { why, ladder }
    }
}
