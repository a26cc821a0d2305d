//! Calls that carry sound: the assistant's prompts, music, and talks with operators.

use std::time::Duration;

use crate::Pace;
use crate::config::{PLAIN, RECORDED, Wanted};
use crate::figures::Table;
use crate::house::House;
use crate::load::{Behaviour, Load, Manners, Wish};
use crate::process::{Sample, Usage};

/// New calls a second while a step fills.
const FILL_PER_S: usize = 150;
const UNLIMITED: u32 = 100_000;
/// Packets a second of a stream.
const PER_S: f64 = 50.0;

/// What is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The assistant speaks, keys only.
    Prompts,
    /// The assistant speaks and listens.
    PromptsRecognised,
    /// Music while nobody is free.
    Music,
    /// An operator.
    Talk,
    /// An operator, and it is recorded.
    TalkRecorded,
}

/// One number of calls at once.
pub(crate) struct Point {
    pub(crate) calls: usize,
    pub(crate) clean: bool,
    pub(crate) usage: Usage,
    pub(crate) interval_p99_ms: f64,
    pub(crate) delay_p99_ms: f64,
    pub(crate) rss_per_call_mb: f64,
}

impl Point {
    pub(crate) fn cpu_per_call(&self) -> f64 {
        self.usage.server / self.calls as f64
    }
}

pub(crate) fn table() -> Table {
    Table::new(&[
        "what",
        "calls",
        "server CPU, %",
        "% per call",
        "interval p50 / p99 / max, ms",
        "relay delay p50 / p99 / max, ms",
        "missing, ‰",
        "RSS idle → load → 2 s after hang-up, MB",
        "MB per call",
        "meter CPU, % (ms late)",
        "other load, %",
    ])
}

/// Steps until one is not clean; the clean ones.
pub(crate) fn ladder(heard: Heard, steps: &[usize], pace: Pace, table: &mut Table) -> Vec<Point> {
    let points = steps.iter().map(|&calls| step(heard, calls, pace, table));
    points.take_while(|point| point.clean).collect()
}

fn step(heard: Heard, calls: usize, pace: Pace, table: &mut Table) -> Point {
    let talk = matches!(heard, Heard::Talk | Heard::TalkRecorded);
    let operators = if talk { calls } else { 0 };
    let recognised = if heard == Heard::PromptsRecognised {
        calls
    } else {
        0
    };
    let house = House::open(Wanted {
        operators,
        rate: UNLIMITED,
        recognised,
    });
    let mut load = house.load(
        operators,
        Manners {
            ring_ms: 0,
            talk_ms: None,
            speaks: true,
        },
    );
    load.media.marked = talk;
    let behaviour = Behaviour {
        line: if heard == Heard::TalkRecorded {
            RECORDED
        } else {
            PLAIN
        },
        wish: if talk || heard == Heard::Music {
            Wish::Person
        } else {
            Wish::Assistant
        },
        speaks: true,
    };
    load.offer(FILL_PER_S, calls, behaviour);
    let limit = Duration::from_secs(40);
    let full = load.until(limit, |l| {
        l.all_offered() && l.callers.settled() && (!talk || l.phones.talking() >= calls)
    });
    // Prompts of the waiting end, the last calls settle.
    load.pass(Duration::from_secs(if heard == Heard::Music {
        6
    } else {
        2
    }));
    let seconds = pace.seconds(5);
    let usage = load.measure(Duration::from_secs(u64::try_from(seconds).unwrap()));
    let loaded = load.sample();
    load.hang_up();
    load.until(Duration::from_secs(10), |l| l.callers.all_over());
    load.pass(Duration::from_secs(2));
    let after = load.sample();
    let streams = if talk { calls * 2 } else { calls };
    let due = streams as f64 * PER_S * seconds as f64;
    let samples = [house.idle, loaded, after];
    judge((heard, calls, full), usage, due, &mut load, samples, table)
}

#[expect(clippy::too_many_arguments, reason = "everything a row shows")]
fn judge(
    (heard, calls, full): (Heard, usize, bool),
    usage: Usage,
    due: f64,
    load: &mut Load,
    [idle, loaded, after]: [Sample; 3],
    table: &mut Table,
) -> Point {
    let late_slots = load.media.late_slots;
    let metered = &mut load.media.metered;
    let fewer = (due - metered.packets as f64).max(0.0) / due * 1e3;
    let intervals = [500, 990, 1_000].map(|p| metered.intervals.ms(p));
    let delays = [500, 990, 1_000].map(|p| metered.delays.ms(p));
    // A meter may begin or end within a packet's time: that is not a loss.
    let clean = full
        && intervals[1] <= 40.0
        && metered.missing == 0
        && metered.reordered == 0
        && fewer < 5.0;
    let rss_per_call_mb = (loaded.rss_mb - idle.rss_mb) / calls as f64;
    let relay = metered.delays.len() > 0;
    let point = Point {
        calls,
        clean,
        usage,
        interval_p99_ms: intervals[1],
        delay_p99_ms: delays[1],
        rss_per_call_mb,
    };
    let verdict = match (full, clean) {
        (false, _) => " (not all calls stand)",
        (true, false) => " (broken)",
        (true, true) => "",
    };
    let spread = |v: [f64; 3]| format!("{:.2} / {:.2} / {:.1}", v[0], v[1], v[2]);
    table.row(vec![
        format!("{heard:?}"),
        format!("{calls}{verdict}"),
        format!("{:.1}", usage.server),
        format!("{:.3}", point.cpu_per_call()),
        spread(intervals),
        if relay {
            spread(delays)
        } else {
            "–".to_owned()
        },
        format!(
            "{fewer:.1}; lost {} late order {}",
            metered.missing, metered.reordered
        ),
        format!(
            "{:.0} → {:.0} → {:.0}",
            idle.rss_mb, loaded.rss_mb, after.rss_mb
        ),
        format!("{rss_per_call_mb:.3}"),
        format!("{:.0} ({late_slots})", usage.load),
        format!("{:.0}", usage.others),
    ]);
    point
}
