//! A fresh server for a step, its operators, and its journal.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use events::{CallId, Chain, Event, Record};
use serde_json::json;
use tests::{Desk, LivePage, Server};

use crate::config::{self, PASSWORD, Wanted, login};
use crate::load::{Load, Manners};
use crate::process::{self, Sample};

/// The core of the server, and the core of everything that measures it.
const SERVER_CORE: usize = 0;
const METER_CORE: usize = 1;

pub(crate) struct House {
    pub(crate) server: Server,
    desks: BTreeMap<String, Desk>,
    pub(crate) idle: Sample,
}

impl House {
    /// Starts a server on its core in a private network; operators are signed in and ready.
    pub(crate) fn open(wanted: Wanted) -> Self {
        process::meter_first(false);
        process::pin(SERVER_CORE);
        let server = Server::with_file(&config::text(wanted));
        process::pin(METER_CORE);
        process::favour(server.pid().unwrap());
        let desks = (0..wanted.operators).map(|index| {
            let desk = Desk::with_password(server.http(), &login(index), PASSWORD);
            desk.command(&json!({"command": "sign_in"}));
            desk.command(&json!({"command": "ready"}));
            (login(index), desk)
        });
        let desks = desks.collect();
        let idle = Sample::take(server.pid().unwrap());
        Self {
            server,
            desks,
            idle,
        }
    }

    pub(crate) fn load(&self, operators: usize, manners: Manners) -> Load {
        process::meter_first(true);
        Load::new(self.server.pid().unwrap(), operators, manners)
    }

    /// A page of every operator's, open as in a browser.
    pub(crate) fn pages(&self) -> Vec<LivePage> {
        let count = self.desks.len();
        (0..count)
            .map(|index| self.desks[&login(index)].live())
            .collect()
    }

    /// A room of operators who state outcome and need of every talk while it lasts.
    pub(crate) fn room(&mut self) -> Room {
        let desks = std::mem::take(&mut self.desks);
        let path = self.server.journal_path();
        let closing = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&closing);
        let thread = std::thread::spawn(move || {
            process::meter_first(false);
            let mut facts = Facts::open(path);
            let mut order = Order::default();
            while !told.load(Ordering::Relaxed) {
                for record in facts.read() {
                    order.note(&record.event);
                    if let Event::LegsBridged { call, operator, .. } = &record.event {
                        let body = json!({"command": "disposition", "call": call.to_string(),
                            "outcome": "answered", "need": "2"});
                        let _ = desks[operator.as_str()].try_command(&body);
                    }
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            order
        });
        Room { closing, thread }
    }

    pub(crate) fn sample(&self) -> Sample {
        Sample::take(self.server.pid().unwrap())
    }
}

pub(crate) struct Room {
    closing: Arc<AtomicBool>,
    thread: JoinHandle<Order>,
}

impl Room {
    pub(crate) fn close(self) -> Order {
        self.closing.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

/// In which order callers came and were offered.
#[derive(Debug, Default)]
pub(crate) struct Order {
    places: BTreeMap<CallId, u64>,
    offered: BTreeMap<CallId, u64>,
    /// How far each offered call was from its place.
    pub(crate) displacement: Vec<u64>,
}

impl Order {
    fn note(&mut self, event: &Event) {
        if let Event::QueueEntered { call, .. } = event {
            let next = u64::try_from(self.places.len()).unwrap();
            self.places.entry(*call).or_insert(next);
        }
        if let Event::CallOffered { call, .. } = event {
            let next = u64::try_from(self.offered.len()).unwrap();
            if !self.offered.contains_key(call) {
                self.offered.insert(*call, next);
                self.displacement.push(
                    self.places
                        .get(call)
                        .map_or(u64::MAX, |place| place.abs_diff(next)),
                );
            }
        }
    }
}

/// The journal from its first line on.
pub(crate) struct Facts {
    lines: BufReader<File>,
    partial: String,
    chain: Chain,
}

impl Facts {
    pub(crate) fn open(path: PathBuf) -> Self {
        let lines = BufReader::new(File::open(path).unwrap());
        Self {
            lines,
            partial: String::new(),
            chain: Chain::default(),
        }
    }

    pub(crate) fn read(&mut self) -> Vec<Record> {
        let mut records = Vec::new();
        while self.lines.read_line(&mut self.partial).unwrap_or(0) > 0
            && self.partial.ends_with('\n')
        {
            records.push(self.chain.read(self.partial.trim_end()).unwrap());
            self.partial.clear();
        }
        records
    }
}
