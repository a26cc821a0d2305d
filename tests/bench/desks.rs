//! How soon a change reaches the operators' pages: hundreds of them open, and many callers waiting.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use events::{Event, OperatorId, Record};
use nix::poll::{PollFd, PollFlags, PollTimeout};
use serde::Deserialize;
use tests::LivePage;
use tungstenite::{Message, WebSocket};

use crate::Pace;
use crate::config::{PLAIN, Wanted, login};
use crate::figures::{Table, Values};
use crate::house::{Facts, House};
use crate::load::{Behaviour, Manners, Wish};
use crate::process;
use crate::wire::now_ns;

const OPERATORS: usize = 200;
const FILL_PER_S: usize = 50;
const SERVED_MEANWHILE: usize = 200;
/// New callers while it is measured: about as many as are served.
const STEADY_PER_S: usize = 12;
const MANNERS: Manners = Manners {
    ring_ms: 1_000,
    talk_ms: Some((10_000, 20_000)),
    speaks: false,
};
const CALL: Behaviour = Behaviour {
    line: PLAIN,
    wish: Wish::Person,
    speaks: false,
};
/// Changes of the last moments may still be on their way when the meter stops.
const TAIL_NS: u64 = 1_000_000_000;

pub(crate) struct Desks {
    pub(crate) table: Table,
    pub(crate) seen: Values,
    pub(crate) unseen: usize,
    pub(crate) waiting: usize,
    pub(crate) cpu: f64,
}

pub(crate) fn run(pace: Pace) -> Desks {
    let (callers, seconds) = match pace {
        Pace::Quick => (400, 10_u32),
        Pace::Usual => (1_000, 30),
    };
    let mut house = House::open(Wanted {
        operators: OPERATORS,
        rate: 100_000,
        recognised: 0,
    });
    let pages = Pages::open(house.pages());
    let room = house.room();
    let mut load = house.load(OPERATORS, MANNERS);
    // Some are served while the queue fills.
    load.offer(FILL_PER_S, callers + OPERATORS + SERVED_MEANWHILE, CALL);
    load.until(Duration::from_secs(60), |l| {
        l.all_offered() && l.callers.settled()
    });
    let waiting = |load: &crate::load::Load| {
        let standing = load.callers.standing();
        standing.saturating_sub(load.phones.talking())
    };
    load.offer(STEADY_PER_S, STEADY_PER_S * (seconds as usize + 5), CALL);
    load.pass(Duration::from_secs(3));
    let (from, begins_ns) = (waiting(&load), now_ns());
    let usage = load.measure(Duration::from_secs(seconds.into()));
    let (to, ends_ns) = (waiting(&load), now_ns());
    load.pass(Duration::from_nanos(TAIL_NS));
    let pages = pages.close();
    let loaded = load.sample();
    room.close();
    let facts = Facts::open(house.server.journal_path()).read();
    let (mut seen, unseen) = delays(&facts, &pages, begins_ns..ends_ns);
    load.hang_up();
    load.until(Duration::from_secs(10), |l| l.callers.all_over());

    let mut table = table();
    let spread = [500, 900, 990, 1_000]
        .map(|permille| format!("{:.1}", seen.ms(permille)))
        .join(" / ");
    let in_window = |at: u64| (begins_ns..ends_ns).contains(&at);
    let received = pages.iter().flat_map(|page| &page.received);
    let octets: usize = received
        .filter(|(at, _)| in_window(*at))
        .map(|(_, octets)| octets)
        .sum();
    table.row(vec![
        OPERATORS.to_string(),
        format!("{from} → {to}"),
        format!("{:.0}", seen.len() as f64 / f64::from(seconds)),
        spread,
        unseen.to_string(),
        format!(
            "{:.1}",
            octets as f64 / 1024.0 / f64::from(seconds) / OPERATORS as f64
        ),
        format!("{:.1}", usage.server),
        format!("{:.0} → {:.0}", house.idle.rss_mb, loaded.rss_mb),
        format!("{:.0}", usage.others),
    ]);
    Desks {
        table,
        seen,
        unseen,
        waiting: from,
        cpu: usage.server,
    }
}

fn table() -> Table {
    Table::new(&[
        "open pages",
        "waiting, begin → end",
        "changes/s",
        "fact → page p50 / p90 / p99 / max, ms",
        "never seen",
        "KiB/s to a page",
        "server CPU, %",
        "RSS idle → load, MB",
        "other load, %",
    ])
}

/// From each fact that changes an operator's state to the first view that knows it. The fact's time
/// is that of its turn, before the journal's fsync; a view tells since when the state holds.
fn delays(facts: &[Record], pages: &[Page], window: std::ops::Range<u64>) -> (Values, usize) {
    let by_login: BTreeMap<OperatorId, &Page> = pages
        .iter()
        .enumerate()
        .map(|(index, page)| (OperatorId::new(login(index)), page))
        .collect();
    let (mut seen, mut unseen) = (Values::default(), 0);
    for record in facts {
        let at_ns = u64::try_from(record.at.0).unwrap() * 1_000;
        let page = changed(&record.event).and_then(|operator| by_login.get(operator));
        let (Some(page), true) = (page, window.contains(&at_ns)) else {
            continue;
        };
        let view = page
            .views
            .iter()
            .find(|view| view.since_ms >= at_ns / 1_000_000);
        match view {
            Some(view) => seen.push(view.received_ns.saturating_sub(at_ns)),
            None => unseen += 1,
        }
    }
    (seen, unseen)
}

fn changed(event: &Event) -> Option<&OperatorId> {
    match event {
        Event::CallOffered { operator, .. }
        | Event::OfferAccepted { operator, .. }
        | Event::LegsBridged { operator, .. }
        | Event::TalkEnded { operator, .. }
        | Event::OperatorReady { operator } => Some(operator),
        _ => None,
    }
}

/// What a page was told.
#[derive(Default)]
struct Page {
    views: Vec<View>,
    /// When and how many octets.
    received: Vec<(u64, usize)>,
}

struct View {
    received_ns: u64,
    since_ms: u64,
}

#[derive(Deserialize)]
struct Told {
    desk: Option<ToldDesk>,
}

#[derive(Deserialize)]
struct ToldDesk {
    operator: ToldOperator,
}

#[derive(Deserialize)]
struct ToldOperator {
    since_at_ms: Option<u64>,
}

/// Everybody's open page, read by one thread.
struct Pages {
    closing: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Page>>,
}

impl Pages {
    fn open(sockets: Vec<LivePage>) -> Self {
        let closing = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&closing);
        let thread = std::thread::spawn(move || {
            process::meter_first(false);
            read_all(sockets, &told)
        });
        Self { closing, thread }
    }

    fn close(self) -> Vec<Page> {
        self.closing.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn read_all(mut sockets: Vec<LivePage>, closing: &AtomicBool) -> Vec<Page> {
    for socket in &sockets {
        socket.get_ref().set_nonblocking(true).unwrap();
    }
    let mut pages: Vec<Page> = sockets.iter().map(|_| Page::default()).collect();
    while !closing.load(Ordering::Relaxed) {
        let ready = ready(&sockets);
        for index in ready {
            read(&mut sockets[index], &mut pages[index]);
        }
    }
    pages
}

fn ready(sockets: &[WebSocket<TcpStream>]) -> Vec<usize> {
    let mut watched: Vec<PollFd<'_>> = sockets
        .iter()
        .map(|socket| PollFd::new(socket.get_ref().as_fd(), PollFlags::POLLIN))
        .collect();
    nix::poll::poll(&mut watched, PollTimeout::from(50_u8)).unwrap();
    let is_ready = |fd: &PollFd<'_>| fd.any().unwrap_or(false);
    let all = watched.iter().enumerate();
    all.filter(|(_, fd)| is_ready(fd)).map(|(n, _)| n).collect()
}

fn read(socket: &mut WebSocket<TcpStream>, page: &mut Page) {
    let received_ns = now_ns();
    while let Ok(message) = socket.read() {
        let Message::Text(text) = message else {
            continue;
        };
        page.received.push((received_ns, text.len()));
        if !text.starts_with(r#"{"desk""#) {
            continue;
        }
        let told: Told = serde_json::from_str(&text).unwrap();
        let since_ms = told.desk.and_then(|desk| desk.operator.since_at_ms);
        page.views.extend(since_ms.map(|since_ms| View {
            received_ns,
            since_ms,
        }));
    }
}
