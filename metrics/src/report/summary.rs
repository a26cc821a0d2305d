//! The summary: what became of the calls of each line and service, a day or a whole period.
//!
//! Calls belong to the day on which they first asked for a person (cohort view), handovers and
//! ratings to the day they happened on. Every line × service of the catalogue has its row, with
//! zeroes if nobody called (requirement row #44). Where there is nothing to divide by, there is no
//! value, not a 0.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta};
use events::{LineId, Millis, ServiceId, Timestamp, UnansweredCause};
use serde::Serialize;

/// A day or a year and a leap day: more days are cut off, so that a slip of the pen in a date does
/// not make a million rows.
const DAYS_MAX: usize = 367;

/// From (included) to (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
}

impl Period {
    fn has(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// What a row spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Step {
    /// The whole period.
    Whole,
    /// A day at a place that is this many minutes east of UTC (Moscow: 180).
    Day {
        /// East is positive.
        utc_offset_minutes: i32,
    },
}

impl Step {
    fn day(self, at: Timestamp) -> Option<NaiveDate> {
        match self {
            Self::Whole => None,
            Self::Day { utc_offset_minutes } => {
                let utc = DateTime::from_timestamp_micros(at.0)?;
                let offset = TimeDelta::minutes(i64::from(utc_offset_minutes));
                Some(utc.checked_add_signed(offset)?.date_naive())
            }
        }
    }

    fn days(self, period: Period) -> Vec<Option<NaiveDate>> {
        let last = Timestamp(period.to.0.saturating_sub(1).max(period.from.0));
        match (self.day(period.from), self.day(last)) {
            (Some(from), Some(to)) => {
                let days = from.iter_days().take_while(|day| *day <= to);
                days.take(DAYS_MAX).map(Some).collect()
            }
            (None, _) | (_, None) => vec![None],
        }
    }
}

/// What the summary needs to know of a call that asked for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFigures {
    /// The line dialled.
    pub line: LineId,
    /// The service when the caller first asked for a person.
    pub service: ServiceId,
    /// When they did.
    pub asked_at: Timestamp,
    /// Whether an operator answered.
    pub answered: bool,
    /// Why nobody did; neither answered nor this: the caller waits.
    pub unanswered: Option<UnansweredCause>,
    /// W_queue.
    pub queue_ms: Millis,
    /// All talks.
    pub talk_ms: Millis,
    /// Handovers.
    pub transfers: u64,
}

/// What the summary needs to know of a handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferFigures {
    /// The line dialled.
    pub line: LineId,
    /// The service at that moment.
    pub service: ServiceId,
    /// When.
    pub at: Timestamp,
}

/// What the summary needs to know of a rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingFigures {
    /// The line dialled.
    pub line: LineId,
    /// The service rated.
    pub service: ServiceId,
    /// When.
    pub at: Timestamp,
    /// 1–5; none if it was asked for and not given.
    pub score: Option<u8>,
}

/// One row of the summary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryRow {
    /// `2026-11-22`; none if the row spans the whole period.
    pub day: Option<String>,
    /// The line.
    pub line: LineId,
    /// The service.
    pub service: ServiceId,
    /// «Поступило».
    pub offered: u64,
    /// «Отвечено».
    pub answered: u64,
    /// «Оставшиеся без ответа».
    pub unanswered: u64,
    /// The same by cause; every cause is there.
    pub unanswered_by_cause: BTreeMap<&'static str, u64>,
    /// Neither yet.
    pub waiting: u64,
    /// unanswered / offered.
    pub unanswered_share: Option<f64>,
    /// «Среднее время ожидания ответа», ms: Σ W_queue of answered / answered.
    pub mean_wait_ms: Option<f64>,
    /// Longest W_queue of answered, ms.
    pub max_wait_ms: Option<u64>,
    /// The wait that 9 of 10 answered callers did not exceed, ms; exact (nearest rank).
    pub p90_wait_ms: Option<u64>,
    /// Σ W_queue of answered and unanswered / their number (AWT), ms.
    pub mean_wait_of_all_ms: Option<f64>,
    /// Σ talk / answered, ms.
    pub mean_talk_ms: Option<f64>,
    /// «Переключения».
    pub transfers: u64,
    /// Calls with at least one.
    pub transferred_calls: u64,
    /// Ratings given.
    pub ratings: u64,
    /// Their mean, 1–5.
    pub mean_rating: Option<f64>,
    /// Asked for and not given.
    pub ratings_skipped: u64,
    /// ratings / (ratings + skipped).
    pub response_rate: Option<f64>,
}

/// A period in rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Which period.
    pub period: Period,
    /// By day, line, service.
    pub rows: Vec<SummaryRow>,
}

#[derive(Default)]
struct Cell {
    offered: u64,
    causes: BTreeMap<&'static str, u64>,
    answered_ms: Vec<u64>,
    unanswered_ms: u64,
    talk_ms: u64,
    transferred_calls: u64,
    transfers: u64,
    scores: Vec<u8>,
    skipped: u64,
}

type Place = (Option<NaiveDate>, LineId, ServiceId);

/// Folds figures into rows. `services` are the pairs that exist; a pair that only a call knows gets
/// its row too. Figures outside the period are left out.
#[must_use]
pub fn summarise(
    (period, step): (Period, Step),
    services: &BTreeSet<(LineId, ServiceId)>,
    calls: &[CallFigures],
    transfers: &[TransferFigures],
    ratings: &[RatingFigures],
) -> Summary {
    let mut cells: BTreeMap<Place, Cell> = BTreeMap::new();
    for day in step.days(period) {
        for (line, service) in services {
            cells.insert((day, line.clone(), service.clone()), Cell::default());
        }
    }
    let mut at = |at: Timestamp, line: &LineId, service: &ServiceId, book: &dyn Fn(&mut Cell)| {
        if period.has(at) {
            let place = (step.day(at), line.clone(), service.clone());
            book(cells.entry(place).or_default());
        }
    };
    for call in calls {
        at(call.asked_at, &call.line, &call.service, &|cell| {
            cell.call(call)
        });
    }
    for transfer in transfers {
        at(transfer.at, &transfer.line, &transfer.service, &|cell| {
            cell.transfers += 1
        });
    }
    for rating in ratings {
        at(
            rating.at,
            &rating.line,
            &rating.service,
            &|cell| match rating.score {
                Some(score) => cell.scores.push(score),
                None => cell.skipped += 1,
            },
        );
    }
    let rows = cells.into_iter().map(|(place, cell)| cell.row(place));
    Summary {
        period,
        rows: rows.collect(),
    }
}

impl Cell {
    fn call(&mut self, call: &CallFigures) {
        self.offered += 1;
        if call.answered {
            self.answered_ms.push(call.queue_ms.0);
            self.talk_ms = self.talk_ms.saturating_add(call.talk_ms.0);
        } else if let Some(cause) = call.unanswered {
            *self.causes.entry(cause.as_str()).or_insert(0) += 1;
            self.unanswered_ms = self.unanswered_ms.saturating_add(call.queue_ms.0);
        }
        self.transferred_calls += u64::from(call.transfers > 0);
    }

    fn row(mut self, (day, line, service): Place) -> SummaryRow {
        self.answered_ms.sort_unstable();
        let answered = count(&self.answered_ms);
        let unanswered: u64 = self.causes.values().sum();
        let waited_ms: u64 = self.answered_ms.iter().sum();
        let given = count(&self.scores);
        let score_sum = self.scores.iter().map(|score| u64::from(*score)).sum();
        let cause = |cause: &UnansweredCause| {
            let word = cause.as_str();
            (word, self.causes.get(word).copied().unwrap_or(0))
        };
        SummaryRow {
            day: day.map(|day| day.to_string()),
            line,
            service,
            offered: self.offered,
            answered,
            unanswered,
            unanswered_by_cause: UnansweredCause::ALL.iter().map(cause).collect(),
            waiting: self.offered.saturating_sub(answered + unanswered),
            unanswered_share: ratio(unanswered, self.offered),
            mean_wait_ms: ratio(waited_ms, answered),
            max_wait_ms: self.answered_ms.last().copied(),
            p90_wait_ms: p90(&self.answered_ms),
            mean_wait_of_all_ms: ratio(waited_ms + self.unanswered_ms, answered + unanswered),
            mean_talk_ms: ratio(self.talk_ms, answered),
            transfers: self.transfers,
            transferred_calls: self.transferred_calls,
            ratings: given,
            mean_rating: ratio(score_sum, given),
            ratings_skipped: self.skipped,
            response_rate: ratio(given, given + self.skipped),
        }
    }
}

fn count<T>(of: &[T]) -> u64 {
    u64::try_from(of.len()).unwrap_or(u64::MAX)
}

/// No value where there is nothing to divide by.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| crate::sheet::float(part) / crate::sheet::float(whole))
}

/// Nearest rank: the smallest value that at least 90 % of all do not exceed.
fn p90(sorted: &[u64]) -> Option<u64> {
    let rank = sorted.len().saturating_mul(9).div_ceil(10);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{csv, text};
    use expect_test::expect;

    fn call(service: &str, queue_ms: u64, unanswered: Option<UnansweredCause>) -> CallFigures {
        CallFigures {
            line: "100".into(),
            service: service.into(),
            asked_at: Timestamp(1_000_000),
            answered: unanswered.is_none(),
            unanswered,
            queue_ms: Millis(queue_ms),
            talk_ms: Millis(60_000),
            transfers: 0,
        }
    }

    fn a_summary() -> Summary {
        let period = Period {
            from: Timestamp(0),
            to: Timestamp(86_400_000_000),
        };
        let services = ["licence", "silent"]
            .map(|s| ("100".into(), s.into()))
            .into();
        let mut calls: Vec<CallFigures> =
            (1..=10).map(|n| call("licence", n * 1_000, None)).collect();
        calls.push(call("licence", 30_000, Some(UnansweredCause::Abandoned)));
        calls.push(call("=formula", 0, Some(UnansweredCause::AfterHours)));
        let rating = |score| RatingFigures {
            line: "100".into(),
            service: "licence".into(),
            at: Timestamp(5),
            score,
        };
        let ratings = [rating(Some(5)), rating(Some(4)), rating(None)];
        let step = Step::Day {
            utc_offset_minutes: 180,
        };
        summarise((period, step), &services, &calls, &[], &ratings)
    }

    #[test]
    fn a_percentile_is_a_wait_that_somebody_had() {
        assert_eq!(p90(&[]), None);
        assert_eq!(p90(&[7]), Some(7));
        assert_eq!(p90(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), Some(9));
        assert_eq!(p90(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), Some(10));
    }

    #[test]
    fn nothing_to_divide_by_is_no_value() {
        let summary = a_summary();
        let silent = &summary
            .rows
            .iter()
            .find(|r| r.service.as_str() == "silent")
            .unwrap();
        assert_eq!(
            (silent.unanswered_share, silent.response_rate),
            (None, None)
        );
    }

    #[test]
    fn the_table_is_for_people() {
        expect![[r#"
            Консультационная линия: сводка с 01.01.1970 00:00 по 02.01.1970 00:00 (UTC)

            День        Линия  Услуга    Поступило  Отвечено  Без ответа  Ждут  Ср. ожидание, с  p90, с  Макс., с  Переключения  Оценок  Ср. оценка  Отклик, %
            1970-01-01  100    =formula          1         0           1     0                —       —         —             0       0           —          —
            1970-01-01  100    licence          11        10           1     0              5,5     9,0      10,0             0       2        4,50         67
            1970-01-01  100    silent            0         0           0     0                —       —         —             0       0           —          —
            1970-01-02  100    licence           0         0           0     0                —       —         —             0       0           —          —
            1970-01-02  100    silent            0         0           0     0                —       —         —             0       0           —          —
            Итого                               12        10           2     0              5,5              10,0             0       2        4,50         67
        "#]].assert_eq(&text(&a_summary()));
    }

    #[test]
    fn the_csv_opens_in_a_spreadsheet_and_runs_no_formula() {
        let csv = csv(&a_summary());
        assert!(csv.starts_with("\u{feff}день,линия,"));
        assert!(csv.lines().count() * 2 == csv.matches(['\r', '\n']).count());
        let text = csv.trim_start_matches('\u{feff}').replace('\r', "");
        expect![[r#"
            день,линия,услуга,поступило,отвечено,без ответа,без ответа: бросил в очереди,без ответа: таймаут,без ответа: нет операторов,без ответа: нерабочее время,без ответа: перегрузка,без ответа: сбой,без ответа: обратный звонок не выполнен,ждут,доля без ответа,"среднее ожидание ответа, мс","ожидание p90, мс","наибольшее ожидание, мс","среднее ожидание всех, мс","средний разговор, мс",переключения,звонки с переключением,оценки,средняя оценка,нет оценки,доля ответивших на вопрос об оценке
            1970-01-01,100,'=formula,1,0,1,0,0,0,1,0,0,0,0,1.0000,,,,0,,0,0,0,,0,
            1970-01-01,100,licence,11,10,1,1,0,0,0,0,0,0,0,0.0909,5500,9000,10000,7727,60000,0,0,2,4.500,1,0.6667
            1970-01-01,100,silent,0,0,0,0,0,0,0,0,0,0,0,,,,,,,0,0,0,,0,
            1970-01-02,100,licence,0,0,0,0,0,0,0,0,0,0,0,,,,,,,0,0,0,,0,
            1970-01-02,100,silent,0,0,0,0,0,0,0,0,0,0,0,,,,,,,0,0,0,,0,
        "#]].assert_eq(&text);
    }
}
