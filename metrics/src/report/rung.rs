//! A rung of the ladder, and how its parts are written.

use events::{LegReport, Millis, Pii, Timestamp, Waits};

use super::Shown;

/// One rung: who, to whom, what.
pub(super) struct Rung {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) what: String,
}

pub(super) fn from_to(from: &str, to: &str, what: String) -> Rung {
    Rung {
        from: from.to_owned(),
        to: to.to_owned(),
        what,
    }
}

pub(super) fn alone(who: &str, what: String) -> Rung {
    from_to(who, "", what)
}

pub(super) fn personal<T: ToString>(value: &Pii<T>, shown: Shown) -> String {
    if shown.personal {
        value.expose().to_string()
    } else {
        "…".to_owned()
    }
}

pub(super) fn waited(waits: Waits, shown: Shown) -> String {
    if !shown.times || waits == Waits::default() {
        return String::new();
    }
    format!(
        "; ожидание всего {}, в очереди {}, звонок {}",
        seconds(waits.total_ms),
        seconds(waits.queue_ms),
        seconds(waits.ring_ms)
    )
}

pub(super) fn measured(report: &LegReport, shown: Shown) -> String {
    if !shown.times {
        return String::new();
    }
    format!(
        ": принято {}, потеряно {}, отправлено {} пакетов, джиттер {},{} мс",
        report.received_packets,
        report.lost_packets,
        report.sent_packets,
        report.jitter_us / 1_000,
        report.jitter_us % 1_000 / 100
    )
}

/// `12,345 с`.
pub(super) fn seconds(ms: Millis) -> String {
    format!("{},{:03} с", ms.0 / 1_000, ms.0 % 1_000)
}

/// `+1:02,345`.
pub(super) fn since(start: Timestamp, at: Timestamp) -> String {
    let ms = at.since(start).0;
    let (minutes, rest) = (ms / 60_000, ms % 60_000);
    format!("+{minutes}:{:02},{:03}", rest / 1_000, rest % 1_000)
}
