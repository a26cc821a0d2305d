//! The database of read models: opening, writing a batch, dropping everything.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use events::{Event, Record, Timestamp};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row as _, SqlSafeStr as _, Sqlite, SqlitePool, Transaction};

use super::rows;
use crate::Projection as _;
use crate::read_model::ReadModel;

/// Connections at once: one writes, the others read for reports.
const CONNECTIONS: u32 = 4;

/// How long a statement waits for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a report waits for a free connection, and the start for a busy disk.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// What can go wrong with the database. The texts are for the administrator and say what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is of a kind that is not built in.
    #[error(
        "адрес базы данных «{url}» не подходит: укажите файл SQLite, например database = \"sqlite://var/liniya.db\""
    )]
    Address {
        /// What the configuration says.
        url: String,
    },
    /// The folder of the file cannot be made.
    #[error(
        "не удалось создать папку «{folder}» для базы данных: {source}. Проверьте права на запись"
    )]
    Folder {
        /// Which.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file cannot be opened.
    #[error(
        "не удалось открыть базу данных «{url}»: {source}. Проверьте, что файл доступен для записи и на диске есть место; если файл повреждён, удалите его — отчёты восстановятся из журнала"
    )]
    Open {
        /// Which.
        url: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The tables cannot be brought to this version.
    #[error(
        "не удалось обновить таблицы базы данных «{url}»: {source}. Если база создана более новой версией программы, удалите файл базы — отчёты восстановятся из журнала"
    )]
    Migrate {
        /// Which.
        url: String,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// A statement failed.
    #[error(
        "база данных не ответила: {0}. Звонки продолжаются; отчёты догонят журнал, когда база заработает. Проверьте место на диске"
    )]
    Query(#[from] sqlx::Error),
    /// A stored value is not one of ours.
    #[error(
        "в таблице «{table}» столбец «{column}» содержит неизвестное значение «{value}». Удалите файл базы и перезапустите: отчёты восстановятся из журнала"
    )]
    Damaged {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: &'static str,
        /// What it holds.
        value: String,
    },
}

/// Up to where the journal is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Position {
    /// The newest stored sequence number; 0 before the first.
    pub seq: u64,
    /// Its time, which tells one journal from another.
    pub at: Timestamp,
}

/// The database of read models. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) pool: SqlitePool,
}

impl Store {
    /// Opens the database, makes it if there is none, and brings its tables to this version.
    /// `sqlite://var/liniya.db` is a file, `sqlite::memory:` lives as long as the store.
    ///
    /// # Errors
    /// When the address is no SQLite address, or the file cannot be made, opened or migrated.
    pub async fn open(database_url: &str) -> Result<Self, StoreError> {
        let address = || StoreError::Address {
            url: database_url.to_owned(),
        };
        let in_memory = database_url.contains(":memory:");
        if !database_url.starts_with("sqlite:") {
            return Err(address());
        }
        let options = SqliteConnectOptions::from_str(database_url)
            .map_err(|_| address())?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY_TIMEOUT);
        if !in_memory {
            make_folder(options.get_filename())?;
        }
        // Each connection to a database in memory is a database of its own.
        let pool = SqlitePoolOptions::new()
            .max_connections(if in_memory { 1 } else { CONNECTIONS })
            .min_connections(u32::from(in_memory))
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await
            .map_err(|source| StoreError::Open {
                url: database_url.to_owned(),
                source,
            })?;
        migrator()
            .run(&pool)
            .await
            .map_err(|source| StoreError::Migrate {
                url: database_url.to_owned(),
                source,
            })?;
        Ok(Self { pool })
    }

    /// Up to where the journal is stored.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn position(&self) -> Result<Position, StoreError> {
        let mut tx = self.pool.begin().await?;
        position(&mut tx).await
    }

    /// Stores records, all or none; those stored before are passed over, so the same batch may come
    /// twice. Returns how many were new.
    ///
    /// # Errors
    /// When the database does not answer; nothing is stored then.
    pub async fn write(&self, records: &[Record]) -> Result<usize, StoreError> {
        let mut tx = self.pool.begin().await?;
        let stored = position(&mut tx).await?;
        let new: Vec<&Record> = records.iter().filter(|r| r.seq > stored.seq).collect();
        let Some(newest) = new.last() else {
            return Ok(0);
        };
        let mut model = ReadModel::default();
        for record in &new {
            load(&mut tx, &mut model, record).await?;
            model.apply(record);
        }
        rows::write_changes(&mut tx, &model.take_changes()).await?;
        sqlx::query("UPDATE ingest SET last_seq = $1, last_at = $2 WHERE id = 1")
            .bind(newest.seq.cast_signed())
            .bind(newest.at.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(new.len())
    }

    /// Empties every table, so that the journal can be read into them anew.
    ///
    /// # Errors
    /// When the database does not answer; nothing is emptied then.
    pub async fn clear(&self) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for sql in [
            "DELETE FROM calls",
            "DELETE FROM transfers",
            "DELETE FROM ratings",
            "DELETE FROM operator_intervals",
            "DELETE FROM services",
            "UPDATE ingest SET last_seq = 0, last_at = 0",
        ] {
            sqlx::query(sql).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Waits for open statements and closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn migrator() -> Migrator {
    let first = Migration::new(
        1,
        "read models".into(),
        MigrationType::Simple,
        include_str!("../../../migrations/0001_read_models.sql").into_sql_str(),
        false,
    );
    Migrator::with_migrations(vec![first])
}

fn make_folder(file: &Path) -> Result<(), StoreError> {
    let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|source| StoreError::Folder {
        folder: folder.display().to_string(),
        source,
    })
}

async fn position(tx: &mut Transaction<'_, Sqlite>) -> Result<Position, StoreError> {
    let row = sqlx::query("SELECT last_seq, last_at FROM ingest WHERE id = 1")
        .fetch_one(&mut **tx)
        .await?;
    Ok(Position {
        seq: row.try_get::<i64, _>("last_seq")?.cast_unsigned(),
        at: Timestamp(row.try_get("last_at")?),
    })
}

/// Brings the rows a record is about into the model, if they are stored and not at hand.
async fn load(
    tx: &mut Transaction<'_, Sqlite>,
    model: &mut ReadModel,
    record: &Record,
) -> Result<(), StoreError> {
    let arrives = matches!(record.event, Event::CallArrived { .. });
    if let Some(call) = record.event.call()
        && !arrives
        && !model.knows_call(call)
        && let Some(row) = rows::read_call(&mut **tx, call).await?
    {
        model.load_call(row);
    }
    if let Some(operator) = ReadModel::operator_of(&record.event)
        && !model.knows_operator(operator)
        && let Some(row) = rows::read_open_interval(&mut **tx, operator).await?
    {
        model.load_interval(row);
    }
    if let Event::CallEnded { call, .. } = record.event {
        for row in rows::read_busy_intervals(&mut **tx, call).await? {
            if !model.knows_operator(&row.operator) {
                model.load_interval(row);
            }
        }
    }
    Ok(())
}
