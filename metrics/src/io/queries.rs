//! What reports ask the database.

use std::collections::BTreeSet;

use events::{CallId, LineId, OperatorId, ServiceId, Timestamp, UnansweredCause};
use sqlx::Row as _;

use super::rows;
use super::{Store, StoreError};
use crate::read_model::{CallRow, IntervalRow};
use crate::report::{
    CallFigures, Period, RatingFigures, Step, Summary, TransferFigures, summarise,
};

/// At most this many calls in one answer.
const CALLS_MAX: u32 = 1_000;

/// Which calls are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Only this line.
    pub line: Option<LineId>,
    /// Only this service, as known last.
    pub service: Option<ServiceId>,
    /// Arrived at or after.
    pub from: Option<Timestamp>,
    /// Arrived before.
    pub to: Option<Timestamp>,
    /// At most this many, 1–1000; 0 means 100.
    pub limit: u32,
}

impl Store {
    /// The newest calls first.
    ///
    /// # Errors
    /// When the database does not answer or holds what is not ours.
    pub async fn recent_calls(&self, filter: &CallFilter) -> Result<Vec<CallRow>, StoreError> {
        let limit = if filter.limit == 0 {
            100
        } else {
            filter.limit.min(CALLS_MAX)
        };
        let rows = sqlx::query(
            "SELECT * FROM calls
             WHERE (CAST($1 AS TEXT) IS NULL OR line = $1)
               AND (CAST($2 AS TEXT) IS NULL OR service_final = $2)
               AND arrived_at >= $3 AND arrived_at < $4
             ORDER BY arrived_at DESC, call_id DESC LIMIT $5",
        )
        .bind(filter.line.as_ref().map(LineId::as_str))
        .bind(filter.service.as_ref().map(ServiceId::as_str))
        .bind(filter.from.map_or(i64::MIN, |from| from.0))
        .bind(filter.to.map_or(i64::MAX, |to| to.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(rows::call_row).collect()
    }

    /// One call, if it is stored.
    ///
    /// # Errors
    /// When the database does not answer or holds what is not ours.
    pub async fn call(&self, call: CallId) -> Result<Option<CallRow>, StoreError> {
        rows::read_call(&self.pool, call).await
    }

    /// What an operator did in a period, in order; the last interval may be open.
    ///
    /// # Errors
    /// When the database does not answer or holds what is not ours.
    pub async fn operator_intervals(
        &self,
        operator: &OperatorId,
        period: Period,
    ) -> Result<Vec<IntervalRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM operator_intervals
             WHERE operator = $1 AND from_at < $3 AND (to_at IS NULL OR to_at > $2)
             ORDER BY from_at, seq",
        )
        .bind(operator.as_str())
        .bind(period.from.0)
        .bind(period.to.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(rows::interval_row).collect()
    }

    /// The summary of a period, by line and service; the «reports table».
    ///
    /// # Errors
    /// When the database does not answer or holds what is not ours.
    pub async fn summary(&self, period: Period, step: Step) -> Result<Summary, StoreError> {
        let services = self.services().await?;
        let calls = self.call_figures(period).await?;
        let transfers = self.transfer_figures(period).await?;
        let ratings = self.rating_figures(period).await?;
        Ok(summarise(
            (period, step),
            &services,
            &calls,
            &transfers,
            &ratings,
        ))
    }

    /// Every pair of line and service that ever existed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn services(&self) -> Result<BTreeSet<(LineId, ServiceId)>, StoreError> {
        let rows = sqlx::query("SELECT line, service FROM services")
            .fetch_all(&self.pool)
            .await?;
        let pair = |row: &sqlx::sqlite::SqliteRow| Ok((line(row)?, service(row, "service")?));
        rows.iter().map(pair).collect()
    }

    async fn call_figures(&self, period: Period) -> Result<Vec<CallFigures>, StoreError> {
        let rows = sqlx::query(
            "SELECT line, service_first, asked_at, answered_at, unanswered_cause, wait_queue_ms,
                 talk_ms, transfers
             FROM calls WHERE asked_at >= $1 AND asked_at < $2",
        )
        .bind(period.from.0)
        .bind(period.to.0)
        .fetch_all(&self.pool)
        .await?;
        let figures = |row: &sqlx::sqlite::SqliteRow| {
            Ok(CallFigures {
                line: line(row)?,
                service: service(row, "service_first")?,
                asked_at: Timestamp(row.try_get("asked_at")?),
                answered: row.try_get::<Option<i64>, _>("answered_at")?.is_some(),
                unanswered: rows::word(row, "unanswered_cause", UnansweredCause::parse)?,
                queue_ms: rows::millis(row, "wait_queue_ms")?,
                talk_ms: rows::millis(row, "talk_ms")?,
                transfers: rows::count(row, "transfers")?,
            })
        };
        rows.iter().map(figures).collect()
    }

    async fn transfer_figures(&self, period: Period) -> Result<Vec<TransferFigures>, StoreError> {
        let rows =
            sqlx::query("SELECT line, service, at FROM transfers WHERE at >= $1 AND at < $2")
                .bind(period.from.0)
                .bind(period.to.0)
                .fetch_all(&self.pool)
                .await?;
        let figures = |row: &sqlx::sqlite::SqliteRow| {
            Ok(TransferFigures {
                line: line(row)?,
                service: service(row, "service")?,
                at: Timestamp(row.try_get("at")?),
            })
        };
        rows.iter().map(figures).collect()
    }

    async fn rating_figures(&self, period: Period) -> Result<Vec<RatingFigures>, StoreError> {
        let rows = sqlx::query(
            "SELECT line, service, at, score FROM ratings
             WHERE at >= $1 AND at < $2 AND (scope IS NULL OR scope = 'service')",
        )
        .bind(period.from.0)
        .bind(period.to.0)
        .fetch_all(&self.pool)
        .await?;
        let figures = |row: &sqlx::sqlite::SqliteRow| {
            Ok(RatingFigures {
                line: line(row)?,
                service: service(row, "service")?,
                at: Timestamp(row.try_get("at")?),
                score: rows::score(row, "score")?,
            })
        };
        rows.iter().map(figures).collect()
    }
}

fn line(row: &sqlx::sqlite::SqliteRow) -> Result<LineId, StoreError> {
    Ok(LineId::new(row.try_get::<&str, _>("line")?))
}

fn service(row: &sqlx::sqlite::SqliteRow, column: &str) -> Result<ServiceId, StoreError> {
    Ok(ServiceId::new(row.try_get::<&str, _>(column)?))
}
