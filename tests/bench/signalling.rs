//! Clean calls a second, and what happens at twice the knee.

use std::time::Duration;

use crate::Pace;
use crate::config::{PLAIN, Wanted};
use crate::figures::{Table, Values, ms};
use crate::house::House;
use crate::load::{Behaviour, Manners, Wish};

const CALL: Behaviour = Behaviour {
    line: PLAIN,
    wish: Wish::Nothing,
    speaks: false,
};
/// No limit of the configuration stands in the way.
const UNLIMITED: u32 = 100_000;

/// One offered rate.
pub(crate) struct Point {
    pub(crate) offered: usize,
    pub(crate) done_per_s: f64,
    pub(crate) clean: bool,
    pub(crate) cpu_ms: f64,
    pub(crate) cpu: f64,
    pub(crate) p99_ms: f64,
    pub(crate) refused: f64,
    pub(crate) rss_mb: f64,
    pub(crate) rss_after_mb: f64,
    pub(crate) idle_mb: f64,
}

pub(crate) struct Signalling {
    pub(crate) table: Table,
    pub(crate) knee: Option<Point>,
    pub(crate) overload: Option<Point>,
}

pub(crate) fn run(pace: Pace) -> Signalling {
    let rates: &[usize] = match pace {
        Pace::Quick => &[100, 300, 600],
        Pace::Usual => &[200, 400, 800, 1_200, 1_600, 2_000, 2_500],
    };
    let head = &[
        "offered, calls/s",
        "finished, calls/s",
        "failed",
        "503",
        "retransmitted",
        "server CPU, %",
        "ms CPU per call",
        "INVITE→200 p50 / p99 / max, ms",
        "RSS idle → end → 5 s later, MB",
        "other load, %",
    ];
    let mut table = Table::new(head);
    let mut knee: Option<Point> = None;
    for &rate in rates {
        let point = offer(rate, pace.seconds(4), UNLIMITED, &mut table);
        if !point.clean {
            break;
        }
        knee = Some(point);
    }
    let overload = knee.as_ref().map(|knee| {
        let limit = u32::try_from(knee.offered).unwrap();
        offer(knee.offered * 2, pace.seconds(6), UNLIMITED, &mut table);
        offer(knee.offered * 2, pace.seconds(6), limit, &mut table)
    });
    Signalling {
        table,
        knee,
        overload,
    }
}

fn offer(rate: usize, seconds: usize, limit: u32, table: &mut Table) -> Point {
    let house = House::open(Wanted {
        operators: 0,
        rate: limit,
        recognised: 0,
    });
    let mut load = house.load(0, Manners::default());
    let before = load.sample();
    load.offer(rate, rate * seconds, CALL);
    load.until(Duration::from_secs(30), |l| {
        l.all_offered() && l.callers.all_over()
    });
    let after = load.sample();
    let usage = before.until(&after);
    let mut tally = load.callers.tally.clone();
    let wall = before.seconds_to(tally.last_ns);
    let finished = tally.finished;
    load.pass(Duration::from_secs(if limit == UNLIMITED { 0 } else { 5 }));
    let later = load.sample();
    let refused = tally.refused as f64 / tally.offered.max(1) as f64;
    let clean = tally.failed + tally.refused + tally.retransmissions == 0;
    let point = Point {
        offered: rate,
        done_per_s: finished as f64 / wall,
        clean,
        cpu_ms: usage.server_s * 1e3 / finished.max(1) as f64,
        cpu: usage.server_s / wall * 100.0,
        p99_ms: tally.answer_delay.ms(990),
        refused,
        rss_mb: after.rss_mb,
        rss_after_mb: later.rss_mb,
        idle_mb: house.idle.rss_mb,
    };
    let shown = if limit == UNLIMITED {
        String::new()
    } else {
        format!(" (limit {limit})")
    };
    table.row(vec![
        format!("{rate}{shown}"),
        format!("{:.0}", point.done_per_s),
        tally.failed.to_string(),
        format!("{:.0} %", refused * 100.0),
        tally.retransmissions.to_string(),
        format!("{:.0}", point.cpu),
        format!("{:.2}", point.cpu_ms),
        spread(&mut tally.answer_delay),
        format!(
            "{:.0} → {:.0} → {:.0}",
            point.idle_mb, point.rss_mb, point.rss_after_mb
        ),
        format!("{:.0}", usage.others),
    ]);
    point
}

fn spread(values: &mut Values) -> String {
    format!(
        "{:.1} / {:.1} / {:.1}",
        ms(values.at(500)),
        ms(values.at(990)),
        ms(values.at(1_000))
    )
}
