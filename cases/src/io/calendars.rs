//! `scripts/calendars/*.toml`: the production calendar, working hours, receptions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use events::{Date, ServiceId};
use serde::Deserialize;

use crate::calendar::{DayKind, ProductionCalendar};
use crate::hours::{HoursError, OpenRange, WeekHours};
use crate::reception::Reception;

/// Everything the folder says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars {
    /// Which days are worked.
    pub production: ProductionCalendar,
    /// Working hours by their names.
    pub hours: BTreeMap<String, WeekHours>,
    /// Receptions by their names.
    pub receptions: BTreeMap<String, Reception>,
}

/// Why a calendar cannot be used: the file, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// The folder or a file.
    #[error("{0}: не читается: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The text.
    #[error("{0}: {1}")]
    Malformed(PathBuf, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDraft {
    #[serde(default, rename = "year")]
    years: Vec<YearDraft>,
    #[serde(default)]
    hours: Vec<HoursDraft>,
    #[serde(default, rename = "reception")]
    receptions: Vec<ReceptionDraft>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearDraft {
    year: u16,
    /// Where the days come from, for people.
    #[serde(rename = "source")]
    _source: String,
    off: Vec<Date>,
    #[serde(default)]
    work: Vec<Date>,
    #[serde(default)]
    short: Vec<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursDraft {
    id: String,
    #[serde(default = "yes")]
    follows_calendar: bool,
    #[serde(default)]
    mon: Vec<String>,
    #[serde(default)]
    tue: Vec<String>,
    #[serde(default)]
    wed: Vec<String>,
    #[serde(default)]
    thu: Vec<String>,
    #[serde(default)]
    fri: Vec<String>,
    #[serde(default)]
    sat: Vec<String>,
    #[serde(default)]
    sun: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceptionDraft {
    id: String,
    title: String,
    address: String,
    #[serde(default)]
    services: Vec<String>,
    hours: String,
    slot_min: u16,
    capacity: u16,
    horizon_days: u16,
    lead_min: u16,
}

const fn yes() -> bool {
    true
}

/// The longest horizon: a year.
const HORIZON_MAX_DAYS: u16 = 366;

/// Reads every `*.toml` of a folder. A folder that is not there has no calendars: every day from
/// Monday to Friday is worked, and no visit can be booked.
///
/// # Errors
/// [`CalendarError`] for the first file that cannot be used.
pub fn load(folder: &Path) -> Result<Calendars, CalendarError> {
    let mut files = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                let path = entry
                    .map_err(|e| CalendarError::Unreadable(folder.to_owned(), e))?
                    .path();
                if path.extension().is_some_and(|e| e == "toml") {
                    files.push(path);
                }
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(CalendarError::Unreadable(folder.to_owned(), error)),
    }
    files.sort();
    let mut drafts = Vec::new();
    for path in files {
        let text =
            fs::read_to_string(&path).map_err(|e| CalendarError::Unreadable(path.clone(), e))?;
        let draft: FileDraft = toml::from_str(&text)
            .map_err(|e| CalendarError::Malformed(path.clone(), e.to_string()))?;
        drafts.push((path, draft));
    }
    assemble(drafts)
}

fn assemble(drafts: Vec<(PathBuf, FileDraft)>) -> Result<Calendars, CalendarError> {
    let mut calendars = Calendars::default();
    let mut receptions = Vec::new();
    for (path, draft) in drafts {
        let wrong = |why: String| CalendarError::Malformed(path.clone(), why);
        for year in draft.years {
            add_year(&mut calendars.production, year).map_err(wrong)?;
        }
        for hours in draft.hours {
            let id = hours.id.clone();
            let built = build_hours(hours).map_err(|e| wrong(format!("hours «{id}»: {e}")))?;
            if calendars.hours.insert(id.clone(), built).is_some() {
                return Err(wrong(format!("hours «{id}» описаны дважды: оставьте одни")));
            }
        }
        receptions.extend(draft.receptions.into_iter().map(|r| (path.clone(), r)));
    }
    for (path, draft) in receptions {
        let id = draft.id.clone();
        let wrong =
            |why| CalendarError::Malformed(path.clone(), format!("reception «{id}»: {why}"));
        let built = build_reception(draft, &calendars.hours).map_err(wrong)?;
        if calendars.receptions.insert(id.clone(), built).is_some() {
            return Err(wrong("описана дважды: оставьте одну".into()));
        }
    }
    Ok(calendars)
}

fn add_year(calendar: &mut ProductionCalendar, draft: YearDraft) -> Result<(), String> {
    let kinds = [
        (draft.off, DayKind::Off),
        (draft.work, DayKind::Work),
        (draft.short, DayKind::Short),
    ];
    for (days, kind) in kinds {
        for day in days {
            if day.year != draft.year {
                return Err(format!("{day}: день не из {} года", draft.year));
            }
            calendar.set(day, kind);
        }
    }
    Ok(())
}

fn build_hours(draft: HoursDraft) -> Result<WeekHours, HoursError> {
    let read = |day: Vec<String>| -> Result<Vec<OpenRange>, HoursError> {
        day.iter().map(|text| OpenRange::parse(text)).collect()
    };
    let days = [
        read(draft.mon)?,
        read(draft.tue)?,
        read(draft.wed)?,
        read(draft.thu)?,
        read(draft.fri)?,
        read(draft.sat)?,
        read(draft.sun)?,
    ];
    WeekHours::new(days, draft.follows_calendar)
}

fn build_reception(
    draft: ReceptionDraft,
    hours: &BTreeMap<String, WeekHours>,
) -> Result<Reception, String> {
    let hours = hours
        .get(&draft.hours)
        .ok_or_else(|| format!("нет часов «{}»: опишите [[hours]] с таким id", draft.hours))?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if draft.id.is_empty() || !draft.id.chars().all(is_plain) {
        return Err("id пишется латинскими буквами, цифрами, _ и -".into());
    }
    if draft.slot_min == 0 || draft.capacity == 0 {
        return Err("slot_min и capacity — не меньше 1".into());
    }
    if draft.horizon_days > HORIZON_MAX_DAYS {
        return Err(format!("horizon_days — не больше {HORIZON_MAX_DAYS}"));
    }
    Ok(Reception {
        title: draft.title,
        address: draft.address,
        services: draft.services.iter().map(ServiceId::new).collect(),
        hours: hours.clone(),
        slot_min: draft.slot_min,
        capacity: draft.capacity,
        horizon_days: draft.horizon_days,
        lead_min: draft.lead_min,
    })
}
