//! `liniya audit`: who did what, from the journal.

use events::{Date, OperatorId, TimeOfDay, Timestamp};

use super::say;
use crate::config::Config;
use crate::desk::{AuditFilter, AuditTrail};
use crate::house;
use crate::io::{journal_file, scripts};

pub(super) fn show(config: &Config, by: Option<&str>, day: Option<&str>) -> anyhow::Result<()> {
    let offset = config.organisation.utc_offset_min;
    let day = day.map(|text| {
        Date::parse(text).ok_or_else(|| anyhow::anyhow!("«{text}» — не день; пример: 2026-11-22"))
    });
    let day = day.transpose()?;
    let wanted = |at: Timestamp| day.is_none_or(|day| Date::at(at, offset) == day);
    let filter = AuditFilter {
        by: by.map(OperatorId::new),
        ..AuditFilter::default()
    };
    let house = house::organisation(config, &scripts::assistant(config)?);
    journal_file::read(&config.journal_path(), |record| {
        if !wanted(record.at) {
            return;
        }
        let mut trail = AuditTrail::default();
        trail.apply(&record);
        for row in trail.rows(&house, &filter) {
            let (day, time) = (
                Date::at(record.at, offset),
                TimeOfDay::at(record.at, offset),
            );
            say(format!("{day} {time}  {}  {}", row.name, row.text));
        }
    })?;
    Ok(())
}
