//! What the rules need to know of the organisation.

use std::collections::BTreeMap;

use events::{ServiceId, Timestamp};

use crate::calendar::ProductionCalendar;
use crate::hours::WeekHours;
use crate::reception::Reception;

/// What the rules need to know of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Local time, in minutes east of UTC.
    pub utc_offset_min: i16,
    /// Which days are worked.
    pub calendar: ProductionCalendar,
    /// Receptions by their names in the journal.
    pub receptions: BTreeMap<String, Reception>,
    /// Who answers complaints: the first whose services fit.
    pub responsible: Vec<Responsible>,
    /// Calendar days in which a complaint is answered: 30 (row #37, 59-FZ art. 12).
    pub complaint_days: u16,
    /// Days before the last one on which the responsible person is reminded.
    pub warn_days: u16,
    /// When people are called back.
    pub callback_hours: WeekHours,
}

/// Who answers complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// Surname, name, patronymic.
    pub name: String,
    /// Where the notice of a new complaint goes.
    pub email: Option<String>,
    /// About what; everything if empty.
    pub services: Vec<ServiceId>,
}

impl Default for Settings {
    /// A house without receptions and without anybody who answers complaints.
    fn default() -> Self {
        Self {
            utc_offset_min: 0,
            calendar: ProductionCalendar::default(),
            receptions: BTreeMap::new(),
            responsible: Vec::new(),
            complaint_days: 30,
            warn_days: 5,
            callback_hours: WeekHours::default(),
        }
    }
}

impl Settings {
    /// Who answers a complaint about a service.
    #[must_use]
    pub fn responsible_for(&self, service: &ServiceId) -> Option<&Responsible> {
        let named = self
            .responsible
            .iter()
            .find(|person| person.services.contains(service));
        named.or_else(|| self.responsible.iter().find(|p| p.services.is_empty()))
    }

    /// Whether hours of ours are open now.
    #[must_use]
    pub fn is_open(&self, hours: &WeekHours, now: Timestamp) -> bool {
        hours.is_open(&self.calendar, now, self.utc_offset_min)
    }

    /// When hours of ours begin or end next; none if nothing changes for more than a month.
    #[must_use]
    pub fn next_change(&self, hours: &WeekHours, now: Timestamp) -> Option<Timestamp> {
        hours.next_change(&self.calendar, (now, self.utc_offset_min))
    }
}
