//! The task that carries the journal into the database, beside the path of calls and never on it.
//!
//! Publishing never waits: if the database is slow or down, batches are dropped from memory, and the
//! task reads what it missed from the journal, which has it all.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use events::Record;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::{Store, StoreError};

/// Batches waiting in memory; more are read from the journal later.
const PUBLISHED_MAX: usize = 256;

/// Records in one transaction.
const BATCH_MAX: usize = 2_000;

/// Pauses between attempts while the database is down, in milliseconds: from, to.
const RETRY_MS: (u64, u64) = (200, 10_000);

/// Reads the journal from this sequence number on, in order, up to the last whole line: the writer may
/// be at work on the next. Called on a blocking thread.
pub type JournalReader = Arc<
    dyn Fn(u64) -> io::Result<Box<dyn Iterator<Item = io::Result<Record>> + Send>> + Send + Sync,
>;

/// The running task.
pub struct Ingest {
    sender: mpsc::Sender<Vec<Record>>,
    stop: watch::Sender<bool>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// How the task does, for `/metrics` and `/readyz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IngestHealth {
    /// Facts published or journalled that the database does not have.
    pub lag_records: u64,
    /// Newest fact the database has.
    pub stored_seq: u64,
    /// Attempts that failed.
    pub errors: u64,
    /// The newest attempt failed.
    pub failing: bool,
}

#[derive(Default)]
struct Shared {
    published: AtomicU64,
    stored: AtomicU64,
    errors: AtomicU64,
    failing: AtomicBool,
}

impl Ingest {
    /// Starts the task on the present tokio runtime. It first reads the journal from where the
    /// database stands; `newest` is the journal's newest sequence number now.
    #[must_use]
    pub fn start(store: Store, newest: u64, read: JournalReader) -> Self {
        let (sender, receiver) = mpsc::channel(PUBLISHED_MAX);
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared::default());
        shared.published.store(newest, Ordering::Relaxed);
        let worker = Worker {
            store,
            read,
            receiver,
            stopped,
            shared: Arc::clone(&shared),
            stored: 0,
            attempts: 0,
        };
        Self {
            sender,
            stop,
            shared,
            task: tokio::spawn(worker.run()),
        }
    }

    /// Hands over facts that stand in the journal. Never waits; costs a copy.
    pub fn publish(&self, records: &[Record]) {
        let Some(newest) = records.last() else {
            return;
        };
        self.shared
            .published
            .fetch_max(newest.seq, Ordering::Relaxed);
        if let Ok(place) = self.sender.try_reserve() {
            place.send(records.to_vec());
        }
        // No place: the task sees the gap in the numbers and reads the journal.
    }

    /// How the task does.
    #[must_use]
    pub fn health(&self) -> IngestHealth {
        let stored_seq = self.shared.stored.load(Ordering::Relaxed);
        let published = self.shared.published.load(Ordering::Relaxed);
        IngestHealth {
            lag_records: published.saturating_sub(stored_seq),
            stored_seq,
            errors: self.shared.errors.load(Ordering::Relaxed),
            failing: self.shared.failing.load(Ordering::Relaxed),
        }
    }

    /// Stores what was published and ends the task; gives up at the first error, since the next
    /// start reads the rest from the journal.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        drop(self.sender);
        let _ = self.task.await;
    }
}

struct Worker {
    store: Store,
    read: JournalReader,
    receiver: mpsc::Receiver<Vec<Record>>,
    stopped: watch::Receiver<bool>,
    shared: Arc<Shared>,
    stored: u64,
    attempts: u32,
}

impl Worker {
    async fn run(mut self) {
        while let Err(error) = self.settle().await {
            if !self.pause(&error).await {
                return;
            }
        }
        while let Some(mut batch) = self.receiver.recv().await {
            while batch.len() < BATCH_MAX
                && let Ok(more) = self.receiver.try_recv()
            {
                batch.extend(more);
            }
            while let Err(error) = self.take(&batch).await {
                if !self.pause(&error).await {
                    return;
                }
            }
        }
        // The last batches may have found no place.
        if self.stored < self.shared.published.load(Ordering::Relaxed) {
            let _ = self.catch_up(self.stored + 1).await;
        }
    }

    /// Finds out where the database stands and reads the journal from there. A database that was
    /// filled from another journal is emptied and filled anew.
    async fn settle(&mut self) -> Result<(), IngestError> {
        let stored = self.store.position().await?;
        if stored.seq > 0 {
            let read = Arc::clone(&self.read);
            let same = tokio::task::spawn_blocking(move || {
                let record = read(stored.seq)?.next().transpose()?;
                io::Result::Ok(record.is_some_and(|r| r.seq == stored.seq && r.at == stored.at))
            });
            if !same.await.map_err(io::Error::other)?? {
                tracing::warn!("база данных заполнена из другого журнала: отчёты строятся заново");
                self.store.clear().await?;
            }
        }
        self.stored(self.store.position().await?.seq);
        self.catch_up(self.stored + 1).await
    }

    async fn take(&mut self, batch: &[Record]) -> Result<(), IngestError> {
        let next = self.stored + 1;
        if batch.first().is_some_and(|first| first.seq > next) {
            self.catch_up(next).await?;
        }
        let gap = batch.windows(2).any(|pair| match pair {
            [a, b] => b.seq != a.seq + 1,
            _ => false,
        });
        if gap {
            return self.catch_up(self.stored + 1).await;
        }
        for part in batch.chunks(BATCH_MAX) {
            self.store.write(part).await?;
            if let Some(newest) = part.last() {
                self.stored(newest.seq);
            }
        }
        Ok(())
    }

    /// Reads the journal from `seq` to its end, a batch at a time.
    async fn catch_up(&mut self, seq: u64) -> Result<(), IngestError> {
        let (sender, mut batches) = mpsc::channel::<Vec<Record>>(2);
        let read = Arc::clone(&self.read);
        let reading = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::new();
            for record in read(seq)? {
                batch.push(record?);
                if batch.len() >= BATCH_MAX
                    && sender.blocking_send(std::mem::take(&mut batch)).is_err()
                {
                    return Ok(());
                }
            }
            let _ = sender.blocking_send(batch);
            io::Result::Ok(())
        });
        while let Some(batch) = batches.recv().await {
            self.store.write(&batch).await?;
            if let Some(newest) = batch.last() {
                self.stored(newest.seq);
            }
        }
        reading.await.map_err(io::Error::other)??;
        Ok(())
    }

    fn stored(&mut self, seq: u64) {
        self.stored = self.stored.max(seq);
        self.attempts = 0;
        self.shared.stored.store(self.stored, Ordering::Relaxed);
        self.shared.failing.store(false, Ordering::Relaxed);
    }

    /// Waits before the next attempt; `false` if the task is to end instead.
    #[expect(
        clippy::disallowed_methods,
        reason = "a database that is down sends no event: asking again after a pause is all there is"
    )]
    async fn pause(&mut self, error: &IngestError) -> bool {
        self.shared.failing.store(true, Ordering::Relaxed);
        self.shared.errors.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(%error, "отчёты отстают от журнала, попытка повторится");
        if *self.stopped.borrow() {
            return false;
        }
        let (from, to) = RETRY_MS;
        let ms = from.saturating_mul(1 << self.attempts.min(8)).min(to);
        self.attempts += 1;
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(ms)) => true,
            _ = self.stopped.changed() => false,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum IngestError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("журнал не читается: {0}")]
    Journal(#[from] io::Error),
}
