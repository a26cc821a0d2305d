//! `liniya report`: the summary by line and service.

use chrono::{Days, FixedOffset, NaiveDate, TimeZone as _, Utc};
use events::Timestamp;
use metrics::io::Store;
use metrics::report::{Period, Step, csv, json, text};

use super::say;
use crate::config::Config;

/// What the summary looks like.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For spreadsheets.
    Csv,
    /// For machines.
    Json,
}

pub(super) fn show(
    config: &Config,
    from: Option<&str>,
    to: Option<&str>,
    format: Format,
) -> anyhow::Result<()> {
    let zone = zone(config.organisation.utc_offset_min)?;
    let first = from.map_or_else(|| Ok(Utc::now().with_timezone(&zone).date_naive()), day)?;
    let last = to.map_or(Ok(first), day)?;
    anyhow::ensure!(first <= last, "первый день {first} позже последнего {last}");
    let period = Period {
        from: midnight(zone, first)?,
        to: midnight(zone, last + Days::new(1))?,
    };
    let step = Step::Day {
        utc_offset_minutes: i32::from(config.organisation.utc_offset_min),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let summary = runtime.block_on(async {
        let store = Store::open(&config.database_url()).await?;
        store.summary(period, step).await
    })?;
    say(match format {
        Format::Text => text(&summary),
        Format::Csv => csv(&summary),
        Format::Json => json(&summary),
    });
    Ok(())
}

fn day(text: &str) -> anyhow::Result<NaiveDate> {
    text.parse()
        .map_err(|_| anyhow::anyhow!("«{text}» — не день; пример: 2026-11-22"))
}

/// The organisation's local time.
fn zone(utc_offset_min: i16) -> anyhow::Result<FixedOffset> {
    FixedOffset::east_opt(i32::from(utc_offset_min) * 60).ok_or_else(|| {
        anyhow::anyhow!("organisation.utc_offset_min: {utc_offset_min} — не смещение")
    })
}

/// The first moment of a local day.
fn midnight(zone: FixedOffset, day: NaiveDate) -> anyhow::Result<Timestamp> {
    let local = day
        .and_hms_opt(0, 0, 0)
        .and_then(|at| zone.from_local_datetime(&at).single());
    let at = local.ok_or_else(|| anyhow::anyhow!("нет такого дня: {day}"))?;
    Ok(Timestamp(at.timestamp_micros()))
}
