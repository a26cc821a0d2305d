//! How soon a free operator's phone rings again while callers wait.

use std::time::Duration;

use crate::Pace;
use crate::config::{PLAIN, Wanted};
use crate::figures::{Table, Values};
use crate::house::House;
use crate::load::{Behaviour, Manners, Wish};

const OPERATORS: usize = 50;
const FILL_PER_S: usize = 100;
/// As in the peers' measurement.
const MANNERS: Manners = Manners {
    ring_ms: 300,
    talk_ms: Some((3_000, 7_000)),
    speaks: false,
};
const CALL: Behaviour = Behaviour {
    line: PLAIN,
    wish: Wish::Person,
    speaks: false,
};

pub(crate) struct Queue {
    pub(crate) table: Table,
    pub(crate) gaps: Values,
    pub(crate) waiting: usize,
    pub(crate) cpu: f64,
    pub(crate) displaced: usize,
}

pub(crate) fn run(pace: Pace) -> Queue {
    let (callers, seconds) = match pace {
        Pace::Quick => (250, 10),
        Pace::Usual => (1_000, 30),
    };
    let mut house = House::open(Wanted {
        operators: OPERATORS,
        rate: 100_000,
        recognised: 0,
    });
    let room = house.room();
    let mut load = house.load(OPERATORS, MANNERS);
    load.offer(FILL_PER_S, callers, CALL);
    load.until(Duration::from_secs(30), |l| {
        l.all_offered() && l.callers.settled()
    });
    load.pass(Duration::from_secs(5));
    load.phones.gaps = Values::default();
    let (from, talks) = (
        load.callers.standing() - load.phones.talking(),
        load.phones.talks,
    );
    let synced = fsync(&house);
    let usage = load.measure(Duration::from_secs(seconds));
    let to = load
        .callers
        .standing()
        .saturating_sub(load.phones.talking());
    let fsync_ms = synced.mean_ms(&fsync(&house));
    let talks = load.phones.talks - talks;
    let loaded = load.sample();
    let mut gaps = std::mem::take(&mut load.phones.gaps);
    let order = room.close();
    load.hang_up();
    load.until(Duration::from_secs(10), |l| l.callers.all_over());
    load.pass(Duration::from_secs(3));
    let after = house.sample();
    let displaced = order.displacement.iter().filter(|d| **d > 0).count();
    let furthest = order.displacement.iter().max().copied().unwrap_or_default();
    let mut table = table();
    let spread = [500, 900, 990, 1_000]
        .map(|p| format!("{:.1}", gaps.ms(p)))
        .join(" / ");
    table.row(vec![
        OPERATORS.to_string(),
        format!("{from} → {to}"),
        format!("{:.1}", talks as f64 / seconds as f64),
        gaps.len().to_string(),
        spread,
        format!("{:.1}", usage.server),
        format!("{fsync_ms:.1}"),
        format!("{displaced} of {} / {furthest}", order.displacement.len()),
        format!(
            "{:.0} → {:.0} → {:.0}",
            house.idle.rss_mb, loaded.rss_mb, after.rss_mb
        ),
        format!("{:.0}", usage.others),
    ]);
    Queue {
        table,
        gaps,
        waiting: from,
        cpu: usage.server,
        displaced,
    }
}

fn table() -> Table {
    Table::new(&[
        "operators",
        "waiting, begin → end",
        "talks/s",
        "gaps",
        "gap p50 / p90 / p99 / max, ms",
        "server CPU, %",
        "mean fsync, ms",
        "calls out of order / furthest",
        "RSS idle → load → 3 s after, MB",
        "other load, %",
    ])
}

/// The journal's fsyncs so far.
struct Fsync {
    seconds: f64,
    count: f64,
}

fn fsync(house: &House) -> Fsync {
    let figure = |suffix: &str| {
        house
            .server
            .metric(&format!("liniya_journal_fsync_seconds_{suffix}"))
    };
    Fsync {
        seconds: figure("sum"),
        count: figure("count"),
    }
}

impl Fsync {
    fn mean_ms(&self, later: &Self) -> f64 {
        (later.seconds - self.seconds) / (later.count - self.count).max(1.0) * 1e3
    }
}
