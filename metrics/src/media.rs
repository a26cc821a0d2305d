//! How good the audio of closed legs was, from our side of them.
//!
//! Loss share = lost / (lost + received); jitter as measured at the end of the leg (RFC 3550 §A.8).

use std::collections::BTreeMap;

use events::{Event, LegRole, Timestamp};

use crate::call_book::Fact;
use crate::histogram::{Histogram, JITTER_EDGES_US, LATENCY_EDGES_US};
use crate::keys::{Keys, Table};
use crate::projection::Question;
use crate::sheet::{Family, Sheet, cells, float, line_service};
use crate::words::Word as _;

/// Audio figures per line, service and side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Media(Table<BTreeMap<LegRole, Cell>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    received: u64,
    lost: u64,
    sent: u64,
    jitter: Histogram,
    round_trip: Histogram,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            received: 0,
            lost: 0,
            sent: 0,
            jitter: Histogram::new(JITTER_EDGES_US),
            round_trip: Histogram::new(LATENCY_EDGES_US),
        }
    }
}

impl Media {
    fn each(&self, keys: &Keys, mut show: impl FnMut(&[(&str, &str)], &Cell)) {
        let empty = Cell::default();
        for (line, service, cell) in cells(keys, &self.0) {
            for role in LegRole::all() {
                let cell = cell.and_then(|cell| cell.get(role)).unwrap_or(&empty);
                let [line, service] = line_service(line, service);
                show(&[line, service, ("role", role.word())], cell);
            }
        }
    }

    fn counts(&self, keys: &Keys, mut family: Family<'_>, count: impl Fn(&Cell) -> u64) {
        self.each(keys, |labels, cell| {
            family.value(labels, float(count(cell)));
        });
    }
}

impl Question for Media {
    fn apply(&mut self, fact: &Fact<'_>) {
        if let Event::LegMeasured { role, report, .. } = &fact.record.event {
            let cell = self.0.at(fact.key).entry(*role).or_default();
            cell.received += report.received_packets;
            cell.lost += report.lost_packets;
            cell.sent += report.sent_packets;
            if report.received_packets > 0 {
                cell.jitter.observe_us(report.jitter_us);
            }
            if let Some(us) = report.round_trip_us {
                cell.round_trip.observe_us(us);
            }
        }
    }

    fn show(&self, keys: &Keys, _now: Timestamp, sheet: &mut Sheet) {
        let family = sheet.counter(
            "liniya_rtp_received_packets_total",
            "Полученные пакеты RTP завершённых плеч",
        );
        self.counts(keys, family, |cell| cell.received);
        let family = sheet.counter(
            "liniya_rtp_lost_packets_total",
            "Потерянные пакеты RTP завершённых плеч (RFC 3550 A.3)",
        );
        self.counts(keys, family, |cell| cell.lost);
        let family = sheet.counter(
            "liniya_rtp_sent_packets_total",
            "Отправленные пакеты RTP завершённых плеч",
        );
        self.counts(keys, family, |cell| cell.sent);
        let mut jitter = sheet.histogram(
            "liniya_rtp_jitter_seconds",
            "Джиттер RTP в конце плеча (RFC 3550 A.8)",
        );
        self.each(keys, |labels, cell| jitter.buckets(labels, &cell.jitter));
        let mut round_trip = sheet.histogram(
            "liniya_rtp_round_trip_seconds",
            "Время пакета туда и обратно по RTCP, если собеседник его сообщает",
        );
        self.each(keys, |labels, cell| {
            round_trip.buckets(labels, &cell.round_trip)
        });
    }
}
