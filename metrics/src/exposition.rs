//! The page that Prometheus reads.

use events::Timestamp;
use prometheus::TextEncoder;
use prometheus::proto::MetricFamily;

use crate::health::Health;
use crate::projection::Numbers;
use crate::sheet::{Sheet, float};

/// The text of `GET /metrics` (Prometheus text format 0.0.4): what follows from facts, then how the
/// machine does. Reading changes nothing, so any number of scrapers may ask.
#[must_use]
pub fn encode(numbers: &Numbers, now: Timestamp, health: &Health) -> String {
    let mut sheet = Sheet::default();
    numbers.show(now, &mut sheet);
    show_journal(numbers, &mut sheet);
    health.show(&mut sheet);
    text(&sheet.into_families())
}

/// The families that follow from facts alone.
pub(crate) fn families(numbers: &Numbers, now: Timestamp) -> Vec<MetricFamily> {
    let mut sheet = Sheet::default();
    numbers.show(now, &mut sheet);
    show_journal(numbers, &mut sheet);
    sheet.into_families()
}

/// Families as text.
pub(crate) fn text(families: &[MetricFamily]) -> String {
    let mut page = String::new();
    if let Err(error) = TextEncoder::new().encode_utf8(families, &mut page) {
        // Families without samples are filtered before, which is the only thing it refuses.
        tracing::error!(%error, "metrics page is incomplete");
    }
    page
}

fn show_journal(numbers: &Numbers, sheet: &mut Sheet) {
    sheet
        .counter("liniya_journal_records_total", "Факты в журнале")
        .value(&[], float(numbers.records));
    sheet
        .counter(
            "liniya_server_starts_total",
            "Запуски сервера, записанные в журнале",
        )
        .value(&[], float(numbers.starts));
    sheet
        .counter(
            "liniya_conservation_violations_total",
            "Факты, нарушающие порядок звонка: без начала, с двумя концами, без конца (должно быть 0)",
        )
        .value(&[], float(numbers.violations()));
    let imbalance = numbers.totals().imbalance();
    sheet
        .gauge(
            "liniya_calls_imbalance",
            "Запросившие сотрудника − отвеченные − без ответа − ожидающие (должно быть 0)",
        )
        .value(
            &[],
            float(imbalance.unsigned_abs()) * if imbalance < 0 { -1.0 } else { 1.0 },
        );
    let mut open = sheet.gauge(
        "liniya_calls_open",
        "Звонки, открытые сейчас, по текущей услуге",
    );
    let table = numbers.open_calls();
    open.per_key((&numbers.book.keys, &table), |count| *count);
}
