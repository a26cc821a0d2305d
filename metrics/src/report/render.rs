//! The summary as a table for people, as CSV for spreadsheets, as JSON for programs.

use std::fmt::Write as _;

use chrono::DateTime;
use events::UnansweredCause;

use super::russian::Russian as _;
use super::summary::{Summary, SummaryRow};

/// What stands where there is no value.
const NOTHING: &str = "—";

/// A table of fixed columns, with a line of sums.
#[must_use]
pub fn text(summary: &Summary) -> String {
    let mut out = String::new();
    let period = summary.period;
    let _ = writeln!(
        out,
        "Консультационная линия: сводка с {} по {} (UTC)\n",
        moment(period.from.0),
        moment(period.to.0)
    );
    let titles = [
        "День",
        "Линия",
        "Услуга",
        "Поступило",
        "Отвечено",
        "Без ответа",
        "Ждут",
        "Ср. ожидание, с",
        "p90, с",
        "Макс., с",
        "Переключения",
        "Оценок",
        "Ср. оценка",
        "Отклик, %",
    ];
    let mut table = vec![titles.map(str::to_owned)];
    table.extend(summary.rows.iter().map(cells));
    table.push(sums(&summary.rows));
    let widths: Vec<usize> = (0..titles.len())
        .map(|column| {
            let width = |row: &[String; 14]| row.get(column).map_or(0, |cell| cell.chars().count());
            table.iter().map(width).max().unwrap_or(0)
        })
        .collect();
    for row in &table {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            // The first three columns are names, the rest are figures.
            let (left, right) = if column < 3 {
                ("", pad)
            } else {
                (pad.as_str(), String::new())
            };
            let _ = write!(line, "{left}{cell}{right}  ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn cells(row: &SummaryRow) -> [String; 14] {
    [
        row.day.clone().unwrap_or_else(|| "весь период".to_owned()),
        row.line.to_string(),
        row.service.to_string(),
        row.offered.to_string(),
        row.answered.to_string(),
        row.unanswered.to_string(),
        row.waiting.to_string(),
        seconds(row.mean_wait_ms),
        seconds(row.p90_wait_ms.map(crate::sheet::float)),
        seconds(row.max_wait_ms.map(crate::sheet::float)),
        row.transfers.to_string(),
        row.ratings.to_string(),
        decimal(row.mean_rating, 2),
        decimal(row.response_rate.map(|rate| rate * 100.0), 0),
    ]
}

/// Sums of what can be summed; a percentile cannot.
fn sums(rows: &[SummaryRow]) -> [String; 14] {
    let sum = |of: fn(&SummaryRow) -> u64| rows.iter().map(of).sum::<u64>();
    let weighted = |mean: fn(&SummaryRow) -> Option<f64>, weight: fn(&SummaryRow) -> u64| {
        let all = sum(weight);
        let total: f64 = rows
            .iter()
            .map(|row| mean(row).unwrap_or(0.0) * crate::sheet::float(weight(row)))
            .sum();
        (all > 0).then(|| total / crate::sheet::float(all))
    };
    let asked = sum(|row| row.ratings + row.ratings_skipped);
    let rate = (asked > 0)
        .then(|| crate::sheet::float(sum(|row| row.ratings)) * 100.0 / crate::sheet::float(asked));
    let longest = rows.iter().filter_map(|row| row.max_wait_ms).max();
    [
        "Итого".to_owned(),
        String::new(),
        String::new(),
        sum(|row| row.offered).to_string(),
        sum(|row| row.answered).to_string(),
        sum(|row| row.unanswered).to_string(),
        sum(|row| row.waiting).to_string(),
        seconds(weighted(|row| row.mean_wait_ms, |row| row.answered)),
        String::new(),
        seconds(longest.map(crate::sheet::float)),
        sum(|row| row.transfers).to_string(),
        sum(|row| row.ratings).to_string(),
        decimal(weighted(|row| row.mean_rating, |row| row.ratings), 2),
        decimal(rate, 0),
    ]
}

/// Comma-separated values by RFC 4180, one row a line, waits in whole milliseconds and fractions
/// with a point, every cause its own column. Starts with a byte order mark: spreadsheets in Russian
/// offices take the file for another encoding without it.
#[must_use]
pub fn csv(summary: &Summary) -> String {
    let mut out = String::from("\u{feff}");
    let mut titles: Vec<String> = [
        "день",
        "линия",
        "услуга",
        "поступило",
        "отвечено",
        "без ответа",
    ]
    .map(str::to_owned)
    .to_vec();
    let cause = |cause: &UnansweredCause| format!("без ответа: {}", cause.russian());
    titles.extend(UnansweredCause::ALL.iter().map(cause));
    titles.extend(
        [
            "ждут",
            "доля без ответа",
            "среднее ожидание ответа, мс",
            "ожидание p90, мс",
            "наибольшее ожидание, мс",
            "среднее ожидание всех, мс",
            "средний разговор, мс",
            "переключения",
            "звонки с переключением",
            "оценки",
            "средняя оценка",
            "нет оценки",
            "доля ответивших на вопрос об оценке",
        ]
        .map(str::to_owned),
    );
    push_line(&mut out, &titles);
    for row in &summary.rows {
        push_line(&mut out, &csv_cells(row));
    }
    out
}

fn csv_cells(row: &SummaryRow) -> Vec<String> {
    let mut cells = vec![
        row.day.clone().unwrap_or_default(),
        row.line.to_string(),
        row.service.to_string(),
        row.offered.to_string(),
        row.answered.to_string(),
        row.unanswered.to_string(),
    ];
    let cause = |cause: &UnansweredCause| {
        let count = row.unanswered_by_cause.get(cause.as_str());
        count.copied().unwrap_or(0).to_string()
    };
    cells.extend(UnansweredCause::ALL.iter().map(cause));
    let fraction = |value: Option<f64>, digits: usize| {
        value.map_or_else(String::new, |value| format!("{value:.digits$}"))
    };
    let whole = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    cells.extend([
        row.waiting.to_string(),
        fraction(row.unanswered_share, 4),
        fraction(row.mean_wait_ms, 0),
        whole(row.p90_wait_ms),
        whole(row.max_wait_ms),
        fraction(row.mean_wait_of_all_ms, 0),
        fraction(row.mean_talk_ms, 0),
        row.transfers.to_string(),
        row.transferred_calls.to_string(),
        row.ratings.to_string(),
        fraction(row.mean_rating, 3),
        row.ratings_skipped.to_string(),
        fraction(row.response_rate, 4),
    ]);
    cells
}

fn push_line(out: &mut String, cells: &[String]) {
    let quoted: Vec<String> = cells.iter().map(|cell| quote(cell)).collect();
    out.push_str(&quoted.join(","));
    out.push_str("\r\n");
}

/// Quotes what needs it, and keeps a spreadsheet from taking a name for a formula.
fn quote(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// The summary as JSON, indented.
#[must_use]
pub fn json(summary: &Summary) -> String {
    // Names, numbers and options only: serialising cannot fail.
    serde_json::to_string_pretty(summary).unwrap_or_default()
}

fn seconds(ms: Option<f64>) -> String {
    decimal(ms.map(|ms| ms / 1_000.0), 1)
}

/// A figure with the decimal comma.
fn decimal(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(
        || NOTHING.to_owned(),
        |value| format!("{value:.digits$}").replace('.', ","),
    )
}

fn moment(us: i64) -> String {
    DateTime::from_timestamp_micros(us).map_or_else(
        || us.to_string(),
        |utc| utc.format("%d.%m.%Y %H:%M").to_string(),
    )
}
