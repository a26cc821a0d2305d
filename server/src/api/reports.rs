//! Reports from the database, for supervisors.

use axum::Json;
use axum::extract::State;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use events::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::Api;
use super::body::Asked;
use super::calls::database;
use super::problem::{Problem, ProblemBody};

#[derive(Deserialize)]
pub(super) struct DayQuery {
    day: Option<String>,
}

/// Итоги дня по линиям и услугам
#[utoipa::path(get, path = "/api/v1/reports/summary", tag = "Старший смены",
    params(("day" = Option<String>, Query, description = "День, 2026-11-22; обычно сегодня")),
    responses(
        (status = 200, description = "Поступило, отвечено, без ответа, ожидание, переключения, оценки",
            body = Object),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для старшего смены", body = ProblemBody),
        (status = 422, description = "День записан неверно", body = ProblemBody),
        (status = 503, description = "База данных недоступна", body = ProblemBody),
    ))]
pub(super) async fn summary(
    State(api): State<Api>,
    Asked(query): Asked<DayQuery>,
) -> Result<Json<Value>, Problem> {
    let offset = api.house.organisation.utc_offset_min;
    let day = query.day.unwrap_or_else(|| day_of(api.now(), offset));
    let (from, to) = (day_begins(&day, offset)?, day_ends(&day, offset)?);
    api.house
        .calls
        .summary(from, to)
        .await
        .map(Json)
        .map_err(|e| database(&e))
}

/// The first moment of a local day.
pub(super) fn day_begins(day: &str, utc_offset_min: i16) -> Result<Timestamp, Problem> {
    let wrong = || Problem::malformed("День записывается так: 2026-11-22");
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| wrong())?;
    let midnight = date.and_time(NaiveTime::MIN).and_utc();
    let begins = midnight.checked_sub_signed(TimeDelta::minutes(utc_offset_min.into()));
    begins
        .map(|begins| Timestamp(begins.timestamp_micros()))
        .ok_or_else(wrong)
}

/// The first moment after a local day.
pub(super) fn day_ends(day: &str, utc_offset_min: i16) -> Result<Timestamp, Problem> {
    day_begins(day, utc_offset_min).map(|begins| begins.plus_ms(86_400_000))
}

fn day_of(at: Timestamp, utc_offset_min: i16) -> String {
    let utc = chrono::DateTime::from_timestamp_micros(at.0).unwrap_or_default();
    (utc + TimeDelta::minutes(utc_offset_min.into()))
        .format("%Y-%m-%d")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_local_one() {
        let begins = day_begins("2026-11-22", 180).unwrap();
        assert_eq!(begins, Timestamp(1_795_294_800 * 1_000_000));
        assert_eq!(day_of(begins, 180), "2026-11-22");
        assert_eq!(day_of(Timestamp(begins.0 - 1), 180), "2026-11-21");
        assert_eq!(day_ends("2026-11-21", 180).unwrap(), begins);
        assert!(day_begins("22.11.2026", 180).is_err());
    }
}
