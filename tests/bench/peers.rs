//! The report: our figures beside those of peers, measured before in the same way on a machine of
//! the same kind.

use std::fmt::Write as _;

use crate::Talking;
use crate::desks::Desks;
use crate::figures::Table;
use crate::queue::Queue;
use crate::signalling::Signalling;
use crate::talking::{Heard, Point};
use crate::turns::Turns;

/// What stands under the summary.
const NOTE: &str = "Peers: Asterisk 22.10.1 (chan_pjsip, app_queue, MixMonitor), FreeSWITCH 1.11.3-dev \
    (mod_callcenter), rtpengine 10.5.3.5 in user space, each on one core of a machine of the same kind (2 vCPU, loopback); not run \
    again for this report, and with longer windows (8–15 s). Differences below 25 % are noise. «Largest step» is where the ladder \
    ended, not always a limit.";

/// A relay that nobody hears, ms.
const RELAY_MS: f64 = 2.0;

pub(crate) struct Report {
    machine: String,
    summary: Table,
    details: String,
}

impl Report {
    pub(crate) fn new(machine: String) -> Self {
        let summary = Table::new(&["one core", "Линия", "peers", "to the best of them"]);
        Self {
            machine,
            summary,
            details: String::new(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let Self {
            machine,
            summary,
            details,
        } = self;
        format!(
            "Machine: {machine}\n\n{}\n{NOTE}\n{details}",
            summary.text()
        )
    }

    /// Ours, the peer's with its name, and how many times better we are (`more` is better or worse).
    fn compare(
        &mut self,
        what: &str,
        ours: (f64, String),
        peer: (f64, &str),
        more_is_better: bool,
    ) {
        let ratio = if more_is_better {
            ours.0 / peer.0
        } else {
            peer.0 / ours.0
        };
        let ratio = if ratio.is_finite() {
            format!("{ratio:.1}×")
        } else {
            "–".to_owned()
        };
        self.summary
            .row(vec![what.to_owned(), ours.1, peer.1.to_owned(), ratio]);
    }

    fn detail(&mut self, title: &str, table: &Table) {
        let _ = write!(self.details, "\n### {title}\n\n{}", table.text());
    }

    pub(crate) fn signalling(&mut self, found: Signalling) {
        self.detail("Signalling: INVITE, 200, ACK, BYE at once", &found.table);
        if let Some(knee) = &found.knee {
            let rate = knee.offered as f64;
            self.compare(
                "clean calls/s, largest step",
                (rate, format!("{rate:.0}")),
                (800.0, "600–800 (Asterisk)"),
                true,
            );
            self.compare(
                "ms CPU per call at that rate",
                (knee.cpu_ms, format!("{:.2}", knee.cpu_ms)),
                (0.95, "0.9–1.0 (Asterisk)"),
                false,
            );
            let p99 = knee.p99_ms;
            self.compare(
                "p99 INVITE→200 at that rate, ms",
                (p99, format!("{p99:.1}")),
                (12.0, "12 at 600/s (Asterisk)"),
                false,
            );
        }
        if let (Some(knee), Some(over)) = (&found.knee, &found.overload) {
            let share = over.done_per_s / knee.offered as f64 * 100.0;
            let ours = format!(
                "{share:.0} %, p99 {:.0} ms, {:.0} % get 503",
                over.p99_ms,
                over.refused * 100.0
            );
            self.compare(
                "finished at twice that rate, share of it",
                (share, ours),
                (50.0, "22–50 %, p99 10–28 s (Asterisk)"),
                true,
            );
            let rss = over.rss_after_mb;
            let ours = format!("{:.0} (idle {:.0})", rss, over.idle_mb);
            self.compare(
                "MB after overload",
                (rss, ours),
                (1_100.0, "1 100 (FreeSWITCH), 2 900 (Asterisk)"),
                false,
            );
        }
    }

    pub(crate) fn ivr(&mut self, found: Talking) {
        self.detail(
            "Assistant and music: callers send, the server plays",
            &found.table,
        );
        for (heard, points) in &found.clean {
            let point = points.last();
            match heard {
                Heard::Prompts => self.calls(
                    "IVR",
                    point,
                    (400.0, "400 (Asterisk)"),
                    (0.20, "0.20 (Asterisk)"),
                ),
                Heard::Music => {
                    self.per_call("music in the queue", point, (0.22, "0.22 (Asterisk)"))
                }
                _ => self.per_call("IVR with recognition listening", point, (f64::NAN, "–")),
            }
            if let (Heard::Prompts, Some(point)) = (heard, point) {
                self.memory("IVR", point, (0.15, "0.15 (Asterisk)"));
            }
        }
    }

    pub(crate) fn bridge(&mut self, found: Talking) {
        self.detail("Talks: caller ↔ operator, both send", &found.table);
        for (heard, points) in &found.clean {
            let point = points.last();
            match heard {
                Heard::Talk => {
                    let peers = (
                        (600.0, "300 (Asterisk), 600 (rtpengine)"),
                        (0.13, "0.20 (Asterisk), 0.13 (rtpengine)"),
                    );
                    self.calls("bridged", point, peers.0, peers.1);
                }
                _ => self.calls(
                    "recorded",
                    point,
                    (100.0, "100 (Asterisk)"),
                    (0.44, "0.44 (Asterisk)"),
                ),
            }
            let prompt = points.iter().rfind(|p| p.delay_p99_ms < RELAY_MS);
            if let (Heard::Talk, Some(prompt)) = (heard, prompt) {
                let (calls, p99) = (prompt.calls as f64, prompt.delay_p99_ms);
                let ours = (calls, format!("{calls:.0}, p99 {p99:.2} ms"));
                let peer = (400.0, "200, 0.9 ms (Asterisk); 400, 0.71 ms (rtpengine)");
                self.compare(
                    "bridged calls with a relay delay p99 under 2 ms, largest step",
                    ours,
                    peer,
                    true,
                );
                self.memory(
                    "bridged",
                    prompt,
                    (0.10, "0.32 (Asterisk), 0.10 (rtpengine)"),
                );
            }
        }
    }

    pub(crate) fn queue(&mut self, mut found: Queue) {
        self.detail(
            "Queue: 50 operators, talks of 3–7 s, the operator hangs up",
            &found.table,
        );
        let (p50, p99) = (found.gaps.ms(500), found.gaps.ms(990));
        let waiting = found.waiting;
        self.compare(
            "agent free → next ring p50, ms",
            (p50, format!("{p50:.1} with {waiting} waiting")),
            (539.0, "539 (app_queue)"),
            false,
        );
        self.compare(
            "the same, p99, ms",
            (p99, format!("{p99:.1}")),
            (1_094.0, "1 094 (app_queue)"),
            false,
        );
        let cpu = found.cpu;
        self.compare(
            "CPU meanwhile, %",
            (cpu, format!("{cpu:.1}, with music")),
            (11.8, "11.8 (app_queue, silent)"),
            false,
        );
        let displaced = found.displaced;
        self.compare(
            "calls out of order",
            (f64::NAN, displaced.to_string()),
            (63.0, "63 of 505 (app_queue)"),
            false,
        );
    }

    pub(crate) fn desks(&mut self, mut found: Desks) {
        self.detail(
            "Desks: 200 open pages, rings of 1 s, talks of 10–20 s, the operator hangs up",
            &found.table,
        );
        let (p50, p99) = (found.seen.ms(500), found.seen.ms(990));
        let (waiting, unseen, cpu) = (found.waiting, found.unseen, found.cpu);
        self.compare(
            "change of state → operator's page p50 / p99, ms",
            (
                p99,
                format!(
                    "{p50:.1} / {p99:.1} with {waiting} waiting, {unseen} never seen, CPU {cpu:.0} %"
                ),
            ),
            (f64::NAN, "–"),
            false,
        );
    }

    pub(crate) fn turns(&mut self, found: &Turns) {
        self.detail("Turn taking: what a caller hears on the wire", &found.table);
    }

    fn calls(
        &mut self,
        what: &str,
        point: Option<&Point>,
        calls: (f64, &str),
        per_call: (f64, &str),
    ) {
        let ours = point.map_or(0.0, |p| p.calls as f64);
        let p99 = point.map_or(0.0, |p| p.interval_p99_ms);
        let shown = format!("{ours:.0}, p99 interval {p99:.1} ms");
        self.compare(
            &format!("clean {what} calls, largest step"),
            (ours, shown),
            calls,
            true,
        );
        self.per_call(what, point, per_call);
    }

    fn per_call(&mut self, what: &str, point: Option<&Point>, peer: (f64, &str)) {
        let Some(point) = point else { return };
        let ours = point.cpu_per_call();
        let shown = format!("{ours:.3} at {} calls", point.calls);
        self.compare(
            &format!("% of a core per {what} call"),
            (ours, shown),
            peer,
            false,
        );
    }

    fn memory(&mut self, what: &str, point: &Point, peer: (f64, &str)) {
        let ours = point.rss_per_call_mb;
        self.compare(
            &format!("MB per {what} call"),
            (ours, format!("{ours:.3}")),
            peer,
            false,
        );
    }
}
