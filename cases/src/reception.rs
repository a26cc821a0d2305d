//! A reception: where and when visitors are seen, and the times that can be offered.

use events::{Date, Millis, ServiceId, Timestamp};

use crate::calendar::ProductionCalendar;
use crate::civil::moment_min;
use crate::hours::WeekHours;

/// Where visitors are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// Its name for people.
    pub title: String,
    /// Where to come, as it is said.
    pub address: String,
    /// What it is for; every service if empty.
    pub services: Vec<ServiceId>,
    /// When it is open.
    pub hours: WeekHours,
    /// How long a visit takes, minutes.
    pub slot_min: u16,
    /// Visitors at once.
    pub capacity: u16,
    /// How many days ahead a visit can be booked.
    pub horizon_days: u16,
    /// How long before the visit at the latest, minutes.
    pub lead_min: u16,
}

/// A time in a reception.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Begin.
    pub from: Timestamp,
    /// The reception.
    pub place: String,
    /// End.
    pub until: Timestamp,
}

const MINUTE_US: i64 = 60_000_000;

impl Slot {
    /// What stands for it in a dialogue: nobody reads anything out of it but [`Slot::parse_id`].
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}@{}", self.place, self.from.0 / MINUTE_US)
    }

    /// The reception and the begin that an id stands for.
    #[must_use]
    pub fn parse_id(id: &str) -> Option<(&str, Timestamp)> {
        let (place, minutes) = id.split_once('@')?;
        let minutes: i64 = minutes.parse().ok()?;
        Some((place, Timestamp(minutes.checked_mul(MINUTE_US)?)))
    }
}

impl Reception {
    /// Whether visitors with this concern are seen here.
    #[must_use]
    pub fn serves(&self, service: &ServiceId) -> bool {
        self.services.is_empty() || self.services.contains(service)
    }

    /// The times of a day that can still be booked at `now`, whoever has booked them.
    pub(crate) fn slots<'a>(
        &'a self,
        (name, calendar, offset_min): (&'a str, &ProductionCalendar, i16),
        now: Timestamp,
        date: Date,
    ) -> impl Iterator<Item = Slot> + use<'a> {
        let last_day = Date::at(now, offset_min).plus_days(self.horizon_days);
        let earliest = now + Millis::from_s(u64::from(self.lead_min) * 60);
        let ranges = if date <= last_day {
            self.hours.on(calendar, date)
        } else {
            Vec::new()
        };
        let step = self.slot_min.max(1);
        ranges
            .into_iter()
            .flat_map(move |range| {
                let begins = (range.from_min..range.until_min).step_by(usize::from(step));
                begins.filter(move |begin| begin + step <= range.until_min)
            })
            .map(move |begin| Slot {
                place: name.to_owned(),
                from: moment_min(date, begin, offset_min),
                until: moment_min(date, begin + step, offset_min),
            })
            .filter(move |slot| slot.from >= earliest)
    }
}
