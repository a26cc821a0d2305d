//! What the server uses, and what else the machine does meanwhile.

use std::fs::read_to_string;
use std::process::{Command, Stdio};

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

use crate::wire::now_ns;

/// Clock ticks of /proc a second.
const TICKS_PER_S: f64 = 100.0;
/// Octets of a page.
const PAGE: f64 = 4096.0;

/// A look at /proc.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    at_ns: u64,
    server_ticks: f64,
    load_ticks: f64,
    busy_ticks: f64,
    /// Resident memory of the server, MB.
    pub(crate) rss_mb: f64,
}

/// Between two looks, in percent of one core.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) server: f64,
    pub(crate) load: f64,
    pub(crate) others: f64,
    /// The server's CPU time, seconds.
    pub(crate) server_s: f64,
}

impl Sample {
    pub(crate) fn take(server: u32) -> Self {
        let pages: f64 = read_to_string(format!("/proc/{server}/statm"))
            .ok()
            .and_then(|text| text.split(' ').nth(1)?.parse().ok())
            .unwrap_or_default();
        Self {
            at_ns: now_ns(),
            server_ticks: ticks(&format!("/proc/{server}/stat")),
            load_ticks: ticks("/proc/self/stat"),
            busy_ticks: busy(),
            rss_mb: pages * PAGE / 1e6,
        }
    }

    /// Seconds from this look to a later time.
    pub(crate) fn seconds_to(&self, later_ns: u64) -> f64 {
        later_ns.saturating_sub(self.at_ns) as f64 / 1e9
    }

    pub(crate) fn until(&self, later: &Self) -> Usage {
        let wall = (later.at_ns - self.at_ns) as f64 / 1e9;
        let share = |a: f64, b: f64| (b - a) / TICKS_PER_S / wall * 100.0;
        let server = share(self.server_ticks, later.server_ticks);
        let load = share(self.load_ticks, later.load_ticks);
        let others = share(self.busy_ticks, later.busy_ticks) - server - load;
        let server_s = (later.server_ticks - self.server_ticks) / TICKS_PER_S;
        Usage {
            server,
            load,
            others: others.max(0.0),
            server_s,
        }
    }
}

/// utime + stime.
fn ticks(path: &str) -> f64 {
    let text = read_to_string(path).unwrap_or_default();
    let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    rest.split(' ')
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<f64>().ok())
        .sum()
}

/// Everything the machine does but idling and waiting for the disk.
fn busy() -> f64 {
    let text = read_to_string("/proc/stat").unwrap_or_default();
    let cpu = text.lines().next().unwrap_or_default();
    let all: Vec<f64> = cpu
        .split_whitespace()
        .skip(1)
        .filter_map(|n| n.parse().ok())
        .collect();
    [0, 1, 2, 5, 6].iter().filter_map(|i| all.get(*i)).sum()
}

/// From now on this thread, and what it starts, runs on this core only.
pub(crate) fn pin(core: usize) {
    let mut set = CpuSet::new();
    set.set(core).unwrap();
    sched_setaffinity(Pid::from_raw(0), &set).expect("two cores are needed");
}

/// The server goes before other programs of its core, as in the peers' measurement.
pub(crate) fn favour(server: u32) {
    let _ = std::fs::write(format!("/proc/{server}/autogroup"), "-15");
    run("renice", &["-n", "-15", "-p", &server.to_string()]);
}

/// The meter goes before everything on its core, or no longer does.
pub(crate) fn meter_first(on: bool) {
    let thread = std::fs::read_link("/proc/thread-self").unwrap();
    let thread = thread.file_name().unwrap().to_string_lossy().into_owned();
    let policy: &[&str] = if on {
        &["-r", "-p", "5"]
    } else {
        &["-o", "-p", "0"]
    };
    run("chrt", &[policy, &[&thread]].concat());
}

fn run(program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    let _ = command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// One line about the machine.
pub(crate) fn machine() -> String {
    let info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|l| l.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown CPU", |(_, name)| name);
    let cores = info.lines().filter(|l| l.starts_with("processor")).count();
    let memory = read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: f64 = memory
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or_default();
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let gib = kib / 1024.0 / 1024.0;
    format!(
        "{cores} × {model}, {gib:.0} GiB, Linux {}; load average at the start {load}",
        kernel.trim()
    )
}
