//! Rows of the read model in and out of SQL. One statement for each table and direction.

use events::{
    CallId, CallOutcome, ClientType, DialogueOutcome, EndCause, LineId, Millis, NeedCode,
    NotReadyReason, OperatorId, ScriptId, ServiceId, SkippedWhy, Timestamp, UnansweredCause, Waits,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, Row as _, Sqlite, Transaction};

use super::StoreError;
use crate::OperatorState;
use crate::read_model::{CallRow, Changes, IntervalRow, RatingRow, TransferRow};

const UPSERT_CALL: &str = "
INSERT INTO calls (
    call_id, line, service_first, service_final, trunk, arrived_at, connected_at, asked_at,
    answered_at, ended_at, wait_total_ms, wait_queue_ms, wait_ring_ms, talk_ms, hold_ms, held_since,
    operators, offers, offers_missed, transfers, unanswered_cause, end_cause, assistant_script,
    assistant_version, assistant_outcome, notice_played, outcome, need, client, rating,
    rating_skipped, script_version, recordings, received_packets, lost_packets)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)
ON CONFLICT (call_id) DO UPDATE SET
    line = excluded.line,
    service_first = excluded.service_first,
    service_final = excluded.service_final,
    trunk = excluded.trunk,
    arrived_at = excluded.arrived_at,
    connected_at = excluded.connected_at,
    asked_at = excluded.asked_at,
    answered_at = excluded.answered_at,
    ended_at = excluded.ended_at,
    wait_total_ms = excluded.wait_total_ms,
    wait_queue_ms = excluded.wait_queue_ms,
    wait_ring_ms = excluded.wait_ring_ms,
    talk_ms = excluded.talk_ms,
    hold_ms = excluded.hold_ms,
    held_since = excluded.held_since,
    operators = excluded.operators,
    offers = excluded.offers,
    offers_missed = excluded.offers_missed,
    transfers = excluded.transfers,
    unanswered_cause = excluded.unanswered_cause,
    end_cause = excluded.end_cause,
    assistant_script = excluded.assistant_script,
    assistant_version = excluded.assistant_version,
    assistant_outcome = excluded.assistant_outcome,
    notice_played = excluded.notice_played,
    outcome = excluded.outcome,
    need = excluded.need,
    client = excluded.client,
    rating = excluded.rating,
    rating_skipped = excluded.rating_skipped,
    script_version = excluded.script_version,
    recordings = excluded.recordings,
    received_packets = excluded.received_packets,
    lost_packets = excluded.lost_packets";

/// Stores what changed.
pub(super) async fn write_changes(
    tx: &mut Transaction<'_, Sqlite>,
    changes: &Changes,
) -> Result<(), StoreError> {
    for (line, service) in &changes.services {
        sqlx::query(
            "INSERT INTO services (line, service) VALUES ($1, $2)
             ON CONFLICT (line, service) DO NOTHING",
        )
        .bind(line.as_str())
        .bind(service.as_str())
        .execute(&mut **tx)
        .await?;
    }
    for row in &changes.calls {
        write_call(tx, row).await?;
    }
    for row in &changes.transfers {
        write_transfer(tx, row).await?;
    }
    for row in &changes.ratings {
        write_rating(tx, row).await?;
    }
    for row in &changes.intervals {
        write_interval(tx, row).await?;
    }
    Ok(())
}

async fn write_call(tx: &mut Transaction<'_, Sqlite>, row: &CallRow) -> Result<(), StoreError> {
    let us = |at: Option<Timestamp>| at.map(|at| at.0);
    let ms = |ms: Millis| ms.0.cast_signed();
    sqlx::query(UPSERT_CALL)
        .bind(row.call.0.cast_signed())
        .bind(row.line.as_str())
        .bind(row.service_first.as_str())
        .bind(row.service_final.as_str())
        .bind(row.trunk.as_str())
        .bind(row.arrived_at.0)
        .bind(us(row.connected_at))
        .bind(us(row.asked_at))
        .bind(us(row.answered_at))
        .bind(us(row.ended_at))
        .bind(ms(row.waits.total_ms))
        .bind(ms(row.waits.queue_ms))
        .bind(ms(row.waits.ring_ms))
        .bind(ms(row.talk_ms))
        .bind(ms(row.hold_ms))
        .bind(us(row.held_since))
        .bind(list(&row.operators))
        .bind(row.offers.cast_signed())
        .bind(row.offers_missed.cast_signed())
        .bind(row.transfers.cast_signed())
        .bind(row.unanswered.map(UnansweredCause::as_str))
        .bind(row.end_cause.map(EndCause::as_str))
        .bind(row.assistant_script.as_ref().map(ScriptId::as_str))
        .bind(row.assistant_version.as_deref())
        .bind(row.assistant_outcome.map(DialogueOutcome::as_str))
        .bind(i64::from(row.notice_played))
        .bind(row.outcome.map(CallOutcome::as_str))
        .bind(row.need.map(NeedCode::as_str))
        .bind(row.client.map(ClientType::as_str))
        .bind(row.rating.map(i64::from))
        .bind(row.rating_skipped.map(SkippedWhy::as_str))
        .bind(row.script_version.as_deref())
        .bind(list(&row.recordings))
        .bind(row.received_packets.cast_signed())
        .bind(row.lost_packets.cast_signed())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn write_transfer(
    tx: &mut Transaction<'_, Sqlite>,
    row: &TransferRow,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO transfers (seq, at, call_id, line, service, from_operator, to_operator,
             to_queue, kind)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (seq) DO NOTHING",
    )
    .bind(row.seq.cast_signed())
    .bind(row.at.0)
    .bind(row.call.0.cast_signed())
    .bind(row.line.as_str())
    .bind(row.service.as_str())
    .bind(row.from.as_str())
    .bind(row.to_operator.as_ref().map(OperatorId::as_str))
    .bind(row.to_queue.as_ref().map(events::QueueId::as_str))
    .bind(row.kind.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_rating(tx: &mut Transaction<'_, Sqlite>, row: &RatingRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ratings (seq, at, call_id, line, service, operator, score, skipped, scope,
             script_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (seq) DO NOTHING",
    )
    .bind(row.seq.cast_signed())
    .bind(row.at.0)
    .bind(row.call.0.cast_signed())
    .bind(row.line.as_str())
    .bind(row.service.as_str())
    .bind(row.operator.as_str())
    .bind(row.score.map(i64::from))
    .bind(row.skipped.map(SkippedWhy::as_str))
    .bind(row.scope.map(events::RatingScope::as_str))
    .bind(row.script_version.as_deref())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_interval(
    tx: &mut Transaction<'_, Sqlite>,
    row: &IntervalRow,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO operator_intervals (seq, operator, state, reason, ready, signed_in, call_id,
             from_at, to_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (seq, operator) DO UPDATE SET to_at = excluded.to_at",
    )
    .bind(row.seq.cast_signed())
    .bind(row.operator.as_str())
    .bind(row.state.as_str())
    .bind(row.reason.as_ref().map(NotReadyReason::as_str))
    .bind(i64::from(row.ready))
    .bind(i64::from(row.signed_in))
    .bind(row.call.map(|call| call.0.cast_signed()))
    .bind(row.from.0)
    .bind(row.to.map(|to| to.0))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One call, if it is stored.
pub(super) async fn read_call<'e>(
    db: impl Executor<'e, Database = Sqlite>,
    call: CallId,
) -> Result<Option<CallRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM calls WHERE call_id = $1")
        .bind(call.0.cast_signed())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(call_row).transpose()
}

/// What an operator does now.
pub(super) async fn read_open_interval<'e>(
    db: impl Executor<'e, Database = Sqlite>,
    operator: &OperatorId,
) -> Result<Option<IntervalRow>, StoreError> {
    let row = sqlx::query(
        "SELECT * FROM operator_intervals WHERE operator = $1 AND to_at IS NULL
         ORDER BY seq DESC LIMIT 1",
    )
    .bind(operator.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(interval_row).transpose()
}

/// Operators who are busy with a call now.
pub(super) async fn read_busy_intervals<'e>(
    db: impl Executor<'e, Database = Sqlite>,
    call: CallId,
) -> Result<Vec<IntervalRow>, StoreError> {
    let rows = sqlx::query("SELECT * FROM operator_intervals WHERE to_at IS NULL AND call_id = $1")
        .bind(call.0.cast_signed())
        .fetch_all(db)
        .await?;
    rows.iter().map(interval_row).collect()
}

pub(super) fn call_row(row: &SqliteRow) -> Result<CallRow, StoreError> {
    Ok(CallRow {
        call: CallId(row.try_get::<i64, _>("call_id")?.cast_unsigned()),
        line: LineId::new(row.try_get::<&str, _>("line")?),
        service_first: ServiceId::new(row.try_get::<&str, _>("service_first")?),
        service_final: ServiceId::new(row.try_get::<&str, _>("service_final")?),
        trunk: row.try_get("trunk")?,
        arrived_at: Timestamp(row.try_get("arrived_at")?),
        connected_at: time(row, "connected_at")?,
        asked_at: time(row, "asked_at")?,
        answered_at: time(row, "answered_at")?,
        ended_at: time(row, "ended_at")?,
        waits: Waits {
            total_ms: millis(row, "wait_total_ms")?,
            queue_ms: millis(row, "wait_queue_ms")?,
            ring_ms: millis(row, "wait_ring_ms")?,
        },
        talk_ms: millis(row, "talk_ms")?,
        hold_ms: millis(row, "hold_ms")?,
        held_since: time(row, "held_since")?,
        operators: read_list(row, "operators")?,
        offers: count(row, "offers")?,
        offers_missed: count(row, "offers_missed")?,
        transfers: count(row, "transfers")?,
        unanswered: word(row, "unanswered_cause", UnansweredCause::parse)?,
        end_cause: word(row, "end_cause", EndCause::parse)?,
        assistant_script: row
            .try_get::<Option<&str>, _>("assistant_script")?
            .map(ScriptId::new),
        assistant_version: row.try_get("assistant_version")?,
        assistant_outcome: word(row, "assistant_outcome", DialogueOutcome::parse)?,
        notice_played: row.try_get::<i64, _>("notice_played")? != 0,
        outcome: word(row, "outcome", CallOutcome::parse)?,
        need: word(row, "need", NeedCode::parse)?,
        client: word(row, "client", ClientType::parse)?,
        rating: score(row, "rating")?,
        rating_skipped: word(row, "rating_skipped", SkippedWhy::parse)?,
        script_version: row.try_get("script_version")?,
        recordings: read_list(row, "recordings")?,
        received_packets: count(row, "received_packets")?,
        lost_packets: count(row, "lost_packets")?,
    })
}

pub(super) fn interval_row(row: &SqliteRow) -> Result<IntervalRow, StoreError> {
    let state: &str = row.try_get("state")?;
    let call: Option<i64> = row.try_get("call_id")?;
    Ok(IntervalRow {
        seq: count(row, "seq")?,
        operator: OperatorId::new(row.try_get::<&str, _>("operator")?),
        state: OperatorState::parse(state).ok_or_else(|| StoreError::Damaged {
            table: "operator_intervals",
            column: "state",
            value: state.to_owned(),
        })?,
        reason: word(row, "reason", NotReadyReason::parse)?,
        ready: row.try_get::<i64, _>("ready")? != 0,
        signed_in: row.try_get::<i64, _>("signed_in")? != 0,
        call: call.map(|call| CallId(call.cast_unsigned())),
        from: Timestamp(row.try_get("from_at")?),
        to: time(row, "to_at")?,
    })
}

/// A list as it stands in a column.
fn list<T: serde::Serialize>(of: &[T]) -> String {
    serde_json::to_string(of).unwrap_or_else(|_| "[]".to_owned())
}

fn read_list<T: serde::de::DeserializeOwned>(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Vec<T>, StoreError> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text).map_err(|_| StoreError::Damaged {
        table: "calls",
        column,
        value: text.to_owned(),
    })
}

pub(super) fn word<W>(
    row: &SqliteRow,
    column: &'static str,
    parse: impl Fn(&str) -> Option<W>,
) -> Result<Option<W>, StoreError> {
    let Some(text) = row.try_get::<Option<&str>, _>(column)? else {
        return Ok(None);
    };
    parse(text).map(Some).ok_or_else(|| StoreError::Damaged {
        table: "calls",
        column,
        value: text.to_owned(),
    })
}

pub(super) fn score(row: &SqliteRow, column: &'static str) -> Result<Option<u8>, StoreError> {
    let Some(score) = row.try_get::<Option<i64>, _>(column)? else {
        return Ok(None);
    };
    u8::try_from(score)
        .map(Some)
        .map_err(|_| StoreError::Damaged {
            table: "ratings",
            column,
            value: score.to_string(),
        })
}

fn time(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>, StoreError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}

pub(super) fn millis(row: &SqliteRow, column: &str) -> Result<Millis, StoreError> {
    Ok(Millis(count(row, column)?))
}

pub(super) fn count(row: &SqliteRow, column: &str) -> Result<u64, StoreError> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}
