//! How the browsers' audio does: pages that stand, and those that found no way.

use crate::sheet::{Sheet, float};

/// Figures of the browsers' audio, as the shell sees them at a scrape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrowserFigures {
    /// Sessions now, connected or not.
    pub sessions: u64,
    /// Sessions whose audio came to stand.
    pub connected: u64,
    /// Sessions that found no path or agreed on no keys.
    pub failed: u64,
    /// Offers that were refused.
    pub refused: u64,
    /// Datagrams of no session.
    pub strays: u64,
    /// Sessions closed by a fault of ours.
    pub faults: u64,
}

impl BrowserFigures {
    pub(crate) fn show(&self, sheet: &mut Sheet) {
        sheet
            .gauge("liniya_browser_sessions", "Страницы со звуком сейчас")
            .value(&[], float(self.sessions));
        let mut ended = sheet.counter(
            "liniya_browser_sessions_total",
            "Страницы, которые просили звук, и что из этого вышло",
        );
        for (outcome, count) in [
            ("connected", self.connected),
            ("no_path", self.failed),
            ("refused", self.refused),
            ("fault", self.faults),
        ] {
            ended.value(&[("outcome", outcome)], float(count));
        }
        sheet
            .counter(
                "liniya_browser_stray_packets_total",
                "Пакеты на порт звука браузеров, которые ни к одной странице не относятся",
            )
            .value(&[], float(self.strays));
    }
}
