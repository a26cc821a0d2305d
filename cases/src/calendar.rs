//! The production calendar: which days are worked, which are not, which are shorter (row #34).

use std::collections::BTreeMap;

use events::Date;

/// What kind of day it is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Nobody works: a weekend, a holiday, a day off that was moved here.
    Off,
    /// A working day.
    Work,
    /// A working day that is an hour shorter: the eve of a holiday (Labour Code, art. 95).
    Short,
}

/// The days that differ from «Monday to Friday are worked».
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductionCalendar {
    exceptions: BTreeMap<Date, DayKind>,
}

impl ProductionCalendar {
    /// States what kind of day a day is.
    pub fn set(&mut self, date: Date, kind: DayKind) {
        self.exceptions.insert(date, kind);
    }

    /// What kind of day it is; by its weekday if the calendar does not name it.
    #[must_use]
    pub fn kind(&self, date: Date) -> DayKind {
        let by_weekday = || match date.weekday() {
            0..=4 => DayKind::Work,
            _ => DayKind::Off,
        };
        self.exceptions
            .get(&date)
            .copied()
            .unwrap_or_else(by_weekday)
    }

    /// Whether anything is said about a year: without that its holidays are not known.
    #[must_use]
    pub fn knows(&self, year: u16) -> bool {
        self.exceptions.keys().any(|date| date.year == year)
    }
}
