//! The loop with the real committer, and callers who all want the same thing at once.

use std::path::Path;
use std::sync::mpsc::Sender;
use std::thread;

use acd::Acd;
use cases::{Cases, Ledger, moment};
use events::{
    CallId, CaseEvent, Date, Event, LegId, OperatorId, Pii, Record, TaskKind, TaskOutcome,
    TaskReply, TaskRequest, TimeOfDay, Value, Values,
};
use ivr::script::Setting;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng as _;
use sip_gateway::gateway::Gateway;

use super::*;
use crate::io::committer::World;
use crate::io::journal_file::Journal;
use crate::switchboard::{DeskTask, Effect};
use crate::{config, house};

const SAMPLE: &str = include_str!("../../../../liniya.toml");
/// More callers than any capacity.
const CALLERS: u64 = 100;

/// Keeps what was made durable and what was answered.
#[derive(Clone)]
struct Told {
    replies: Sender<(u64, TaskReply)>,
    records: Sender<Record>,
}

impl World for Told {
    fn run(&mut self, effect: Effect) {
        if let Effect::TaskReply(request, reply) = effect {
            let _ = self.replies.send((request, reply));
        }
    }

    fn publish(&mut self, records: Vec<Record>) {
        for record in records {
            let _ = self.records.send(record);
        }
    }

    fn synced(&mut self, _: Duration, _: usize) {}
    fn stalled(&mut self, _: bool) {}
}

struct NoDisk;

impl Journal for NoDisk {
    fn commit(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

fn engine(clock: Clock, told: Told) -> Engine {
    let config = config::parse("liniya.toml", SAMPLE, std::iter::empty()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
    let setting = Setting {
        organisation: "Министерство".into(),
        today: Date::at(clock.now(), 180),
    };
    let (scripts, _) = ivr::io::scripts::load_scripts(&folder, &setting).unwrap();
    let calendars = cases::io::calendars::load(&folder.join("calendars")).unwrap();
    let acd = Acd::new(house::distribution(
        &config,
        std::collections::BTreeMap::new(),
    ));
    let gateway = house::gateway(&config, config.sip.udp, config.sip.tcp).unwrap();
    let gateway = Gateway::new(gateway, LegId(1), ChaCha12Rng::seed_from_u64(7));
    let rules = house::cases(&config, &calendars).unwrap();
    let setup = house::switchboard(&config, &scripts).unwrap();
    Engine {
        switchboard: Switchboard::new(setup, acd, gateway)
            .with_cases(Cases::new(rules, Ledger::default())),
        chain: Chain::default(),
        clock,
        committer: Committer::start(Box::new(NoDisk), Box::new(told), clock).unwrap(),
        chatter: Box::new(|_, _| {}),
    }
}

fn task(call: Option<u64>, task: TaskKind, arguments: Values) -> DeskTask {
    DeskTask {
        call: call.map(CallId),
        operator: OperatorId::new("anna"),
        request: TaskRequest {
            task,
            arguments: Pii::new(arguments),
        },
    }
}

#[test]
fn a_hundred_callers_at_once_never_overbook_a_time() {
    // A Sunday at noon that no wall clock of ours has passed: the next day is offered whole.
    let sunday = Date::parse("2090-01-01").unwrap();
    assert_eq!(sunday.weekday(), 6);
    let clock = Clock::start(moment(sunday, TimeOfDay::new(12, 0).unwrap(), 180));
    let (inbox, outbox) = Inbox::open(clock);
    let (replies, answered) = channel();
    let (records, written) = channel();
    let engine = engine(clock, Told { replies, records });
    let opening = Opening {
        started: Event::ServerStarted {
            node: 0,
            version: "test".into(),
            seed: 7,
        },
        catalogue: engine.switchboard.acd().settings().catalogue(),
        crashed_at: None,
    };
    let running = thread::spawn(move || engine.run(&outbox, opening));

    let find = task(None, TaskKind::FindTimes, Values::new());
    inbox.push(Input::DeskTask(0, find));
    let (_, offered) = answered.recv().unwrap();
    let wanted = offered.choices[0]["id"].clone();
    let callers: Vec<_> = (1..=CALLERS)
        .map(|call| {
            let (inbox, wanted) = (inbox.clone(), wanted.clone());
            thread::spawn(move || {
                let arguments = Values::from([("time".to_owned(), wanted)]);
                let book = task(Some(call), TaskKind::Book, arguments);
                inbox.push(Input::DeskTask(call, book));
                inbox.push(Input::Tick);
            })
        })
        .collect();
    for caller in callers {
        caller.join().unwrap();
    }
    let outcomes: Vec<TaskOutcome> = (0..CALLERS)
        .map(|_| answered.recv().unwrap().1.outcome)
        .collect();
    inbox.stop();
    running.join().unwrap();

    let of = |outcome| outcomes.iter().filter(|o| **o == outcome).count();
    assert_eq!((of(TaskOutcome::Done), of(TaskOutcome::Taken)), (2, 98));
    let booked: Vec<Value> = written
        .try_iter()
        .filter_map(|record| {
            let Event::Case(CaseEvent::AppointmentBooked { place, from, .. }) = record.event else {
                return None;
            };
            Some(Value::Text(format!("{place}@{}", from.0 / 60_000_000)))
        })
        .collect();
    assert_eq!(booked, [wanted.clone(), wanted], "the capacity of two");
}
