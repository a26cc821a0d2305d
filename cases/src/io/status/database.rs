//! A register as a view of a database that somebody else fills.

use std::str::FromStr as _;
use std::time::Duration;

use events::CaseNumber;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row as _};
use tokio::runtime::Runtime;

use super::Register;
use crate::status::{Standing, read_date};

/// Connections at once: one a worker of [`super::WORKERS`].
const CONNECTIONS: u32 = 4;

struct Database {
    runtime: Runtime,
    pool: SqlitePool,
    query: String,
    timeout: Duration,
}

pub(super) fn open(
    url: &str,
    query: String,
    timeout: Duration,
) -> Result<impl Register + use<>, String> {
    if !url.starts_with("sqlite:") {
        return Err("url базы пишется sqlite://ПУТЬ".into());
    }
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| format!("url базы не читается: {error}"))?
        .read_only(true)
        .busy_timeout(timeout);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("register-database")
        .enable_all()
        .build()
        .map_err(|error| format!("среда базы не запускается: {error}"))?;
    let pool = {
        let _in = runtime.enter();
        SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(timeout)
            .connect_lazy_with(options)
    };
    Ok(Database {
        runtime,
        pool,
        query,
        timeout,
    })
}

impl Register for Database {
    fn ask(&self, number: &CaseNumber) -> Result<Option<Standing>, String> {
        // The administrator's own query; the number is bound, never written into it.
        let query = sqlx::query(AssertSqlSafe(self.query.clone())).bind(number.digits().to_owned());
        let row = self.runtime.block_on(async {
            tokio::time::timeout(self.timeout, query.fetch_optional(&self.pool)).await
        });
        let row = row
            .map_err(|_| "база не ответила вовремя".to_owned())?
            .map_err(|error| format!("база: {error}"))?;
        let Some(row) = row else { return Ok(None) };
        let status: String = row
            .try_get(0)
            .map_err(|error| format!("первый столбец запроса — не статус: {error}"))?;
        let due: Option<String> = row.try_get(1).unwrap_or(None);
        Ok(Some(Standing {
            status,
            due: due.as_deref().and_then(read_date),
        }))
    }
}
