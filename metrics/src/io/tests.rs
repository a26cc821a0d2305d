//! The contract of the database: the same rows however the journal arrives.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use events::{Event, LineId, Record, Timestamp};

use super::{CallFilter, Ingest, JournalReader, Store, StoreError};
use crate::report::{Period, Step, csv, json, text};
use crate::testing::{Story, play};
use crate::{Numbers, Projection as _};

const ALWAYS: Period = Period {
    from: Timestamp(i64::MIN),
    to: Timestamp(i64::MAX),
};

fn story() -> Story {
    Story {
        seed: 11,
        restarts: 1,
        ..Story::default()
    }
}

async fn memory() -> Store {
    Store::open("sqlite::memory:").await.unwrap()
}

/// Everything the reports can see.
async fn dump(store: &Store) -> String {
    let filter = CallFilter {
        limit: 1_000,
        ..CallFilter::default()
    };
    let calls = store.recent_calls(&filter).await.unwrap();
    let summary = store.summary(ALWAYS, Step::Whole).await.unwrap();
    let intervals = store
        .operator_intervals(&"operator1".into(), ALWAYS)
        .await
        .unwrap();
    format!("{calls:#?}\n{summary:#?}\n{intervals:#?}")
}

#[tokio::test]
async fn batches_of_any_size_also_twice_give_the_same_rows() {
    let records = play(story());
    let whole = memory().await;
    assert_eq!(whole.write(&records).await.unwrap(), records.len());
    let pieces = memory().await;
    for size in [1, 7, 64, 500] {
        let done = usize::try_from(pieces.position().await.unwrap().seq).unwrap();
        for batch in records[done..].chunks(size).take(60) {
            assert_eq!(pieces.write(batch).await.unwrap(), batch.len());
            assert_eq!(pieces.write(batch).await.unwrap(), 0, "twice is once");
        }
    }
    pieces.write(&records).await.unwrap();
    assert_eq!(dump(&whole).await, dump(&pieces).await);
}

#[tokio::test]
async fn a_database_dropped_at_any_moment_is_rebuilt() {
    let records = play(story());
    let store = memory().await;
    store.write(&records[..records.len() / 2]).await.unwrap();
    store.clear().await.unwrap();
    assert_eq!(store.position().await.unwrap().seq, 0);
    store.write(&records).await.unwrap();
    let fresh = memory().await;
    fresh.write(&records).await.unwrap();
    assert_eq!(dump(&store).await, dump(&fresh).await);
}

#[tokio::test]
async fn the_reports_table_tells_what_the_numbers_tell() {
    let records = play(story());
    let store = memory().await;
    store.write(&records).await.unwrap();
    let mut numbers = Numbers::default();
    records.iter().for_each(|record| numbers.apply(record));
    let totals = numbers.totals();
    let summary = store.summary(ALWAYS, Step::Whole).await.unwrap();
    let sum = |of: fn(&crate::report::SummaryRow) -> u64| summary.rows.iter().map(of).sum::<u64>();
    assert_eq!(sum(|row| row.offered), totals.offered);
    assert_eq!(sum(|row| row.answered), totals.answered);
    assert_eq!(sum(|row| row.unanswered), totals.unanswered);
    assert_eq!(sum(|row| row.waiting), totals.waiting);
    assert_eq!(sum(|row| row.transfers), totals.transfers);
    assert_eq!(sum(|row| row.ratings), totals.ratings);
    let silent = summary
        .rows
        .iter()
        .find(|row| row.service.as_str() == "never_called");
    let silent = silent.expect("a service that nobody called has its row");
    assert_eq!((silent.offered, silent.mean_wait_ms), (0, None));
    assert!(
        summary
            .rows
            .iter()
            .any(|row| row.p90_wait_ms <= row.max_wait_ms)
    );
}

#[tokio::test]
async fn a_summary_by_day_adds_up_to_the_whole() {
    let records = play(Story {
        length_s: 3 * 86_400,
        between_calls_ms: 600_000,
        ..story()
    });
    let store = memory().await;
    store.write(&records).await.unwrap();
    let period = Period {
        from: records[0].at,
        to: records.last().unwrap().at.plus_ms(1),
    };
    let whole = store.summary(period, Step::Whole).await.unwrap();
    let moscow = Step::Day {
        utc_offset_minutes: 180,
    };
    let days = store.summary(period, moscow).await.unwrap();
    let sum = |rows: &[crate::report::SummaryRow]| rows.iter().map(|row| row.offered).sum::<u64>();
    assert_eq!(sum(&whole.rows), sum(&days.rows));
    let distinct: std::collections::BTreeSet<_> = days.rows.iter().map(|row| &row.day).collect();
    assert!((3..=5).contains(&distinct.len()), "{distinct:?}");
    assert!(text(&days).contains("Итого"));
    assert_eq!(csv(&days).lines().count(), days.rows.len() + 1);
    assert!(json(&days).contains("\"service\": \"never_called\""));
}

#[tokio::test]
async fn filters_and_limits_hold() {
    let store = memory().await;
    store.write(&play(story())).await.unwrap();
    let filter = CallFilter {
        line: Some(LineId::new("200")),
        service: Some("technical_support".into()),
        limit: 5,
        ..CallFilter::default()
    };
    let calls = store.recent_calls(&filter).await.unwrap();
    assert_eq!(calls.len(), 5);
    assert!(calls.iter().all(|call| call.line.as_str() == "200"));
    assert!(
        calls
            .windows(2)
            .all(|pair| pair[0].arrived_at >= pair[1].arrived_at)
    );
    let one = store.call(calls[0].call).await.unwrap().unwrap();
    assert_eq!(one, calls[0]);
    assert_eq!(store.call(events::CallId(u64::MAX)).await.unwrap(), None);
}

#[tokio::test]
async fn no_number_and_no_word_of_a_caller_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/liniya.db");
    let url = format!("sqlite://{}", file.display());
    let store = Store::open(&url).await.unwrap();
    store.write(&play(story())).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(&file).unwrap();
    let has = |needle: &str| bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
    assert!(has("scrap_licence"), "the services are there");
    assert!(!has("+7900") && !has("лицензия на лом"));
    let again = Store::open(&url).await.unwrap();
    assert!(
        again.position().await.unwrap().seq > 0,
        "and survive closing"
    );
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(
        &file,
        "not a database at all, but long enough to be taken for one",
    )
    .unwrap();
    let wrong = Store::open("postgres://localhost/x").await.unwrap_err();
    assert!(
        wrong.to_string().contains("sqlite://var/liniya.db"),
        "{wrong}"
    );
    let under_a_file = format!("sqlite://{}/x.db", file.display());
    let wrong = Store::open(&under_a_file).await.unwrap_err();
    assert!(matches!(wrong, StoreError::Folder { .. }), "{wrong}");
    let not_a_database = format!("sqlite://{}", file.display());
    let wrong = Store::open(&not_a_database).await.unwrap_err();
    assert!(
        wrong.to_string().contains("восстановятся из журнала"),
        "{wrong}"
    );
}

/// A journal in memory.
#[derive(Clone, Default)]
struct Journal {
    records: Arc<Mutex<Vec<Record>>>,
    reads: Arc<AtomicU64>,
}

impl Journal {
    fn reader(&self) -> JournalReader {
        let journal = self.clone();
        Arc::new(move |seq| {
            journal.reads.fetch_add(1, Ordering::Relaxed);
            let records = journal.records.lock().unwrap();
            let from: Vec<_> = records
                .iter()
                .filter(|r| r.seq >= seq)
                .cloned()
                .map(io::Result::Ok)
                .collect();
            Ok(Box::new(from.into_iter()))
        })
    }
}

#[tokio::test]
async fn the_task_catches_up_follows_and_fills_gaps() {
    let records = play(story());
    let (old, rest) = records.split_at(records.len() / 3);
    let journal = Journal::default();
    journal.records.lock().unwrap().extend_from_slice(old);
    let store = memory().await;
    store.write(&old[..50]).await.unwrap();
    let ingest = Ingest::start(store.clone(), old.len() as u64, journal.reader());
    for (n, batch) in rest.chunks(20).enumerate() {
        journal.records.lock().unwrap().extend_from_slice(batch);
        // Every third batch gets lost between the loop and the task.
        if n % 3 != 0 {
            ingest.publish(batch);
        }
        tokio::task::yield_now().await;
    }
    ingest.publish(&rest[rest.len() - 1..]);
    ingest.stop().await;
    assert_eq!(store.position().await.unwrap().seq, records.len() as u64);
    let straight = memory().await;
    straight.write(&records).await.unwrap();
    assert_eq!(dump(&store).await, dump(&straight).await);
}

#[tokio::test]
async fn a_database_of_another_journal_is_filled_anew() {
    let store = memory().await;
    store
        .write(&play(Story { seed: 1, ..story() }))
        .await
        .unwrap();
    let records = play(Story {
        seed: 2,
        length_s: 600,
        ..story()
    });
    let journal = Journal::default();
    journal.records.lock().unwrap().extend_from_slice(&records);
    let ingest = Ingest::start(store.clone(), records.len() as u64, journal.reader());
    ingest.stop().await;
    let straight = memory().await;
    straight.write(&records).await.unwrap();
    assert_eq!(dump(&store).await, dump(&straight).await);
}

#[tokio::test]
async fn a_database_that_is_down_never_holds_up_a_call() {
    let records = play(story());
    let journal = Journal::default();
    journal.records.lock().unwrap().extend_from_slice(&records);
    let store = memory().await;
    store.close().await;
    let ingest = Ingest::start(store, 0, journal.reader());
    for batch in records.chunks(2) {
        ingest.publish(batch); // Not async: it cannot wait.
    }
    while ingest.health().errors == 0 {
        tokio::task::yield_now().await;
    }
    let health = ingest.health();
    assert!(health.failing);
    assert_eq!(health.lag_records, records.len() as u64);
    ingest.stop().await;
    let ends = records
        .iter()
        .filter(|r| matches!(r.event, Event::CallEnded { .. }));
    assert!(ends.count() > 0);
}
