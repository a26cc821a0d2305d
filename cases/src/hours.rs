//! Working hours of a week, and what the production calendar makes of them.

use events::{Date, TimeOfDay, Timestamp};

use crate::calendar::{DayKind, ProductionCalendar};
use crate::civil::moment_min;

/// A short day ends this much earlier (Labour Code, art. 95).
const SHORTER_BY_MIN: u16 = 60;
const DAY_MIN: u16 = 1_440;
/// The longest look ahead for an open hour: longer than any row of holidays.
const LOOK_AHEAD_DAYS: u16 = 40;

/// From a minute of the day until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenRange {
    /// Minutes after midnight.
    pub from_min: u16,
    /// Minutes after midnight, at most 1440.
    pub until_min: u16,
}

/// Working hours cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("часы «{0}» не читаются: пишите «09:00-17:45», начало раньше конца, без наложений")]
pub struct HoursError(String);

impl OpenRange {
    /// Reads `09:00-17:45`; a day's end may be written `24:00`.
    ///
    /// # Errors
    /// [`HoursError`] names the text.
    pub fn parse(text: &str) -> Result<Self, HoursError> {
        let wrong = || HoursError(text.to_owned());
        let minutes = |text: &str| match text.trim() {
            "24:00" => Some(DAY_MIN),
            time => TimeOfDay::parse(time).map(TimeOfDay::minutes),
        };
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let from_min = minutes(from).ok_or_else(wrong)?;
        let until_min = minutes(until).ok_or_else(wrong)?;
        if from_min >= until_min {
            return Err(wrong());
        }
        Ok(Self {
            from_min,
            until_min,
        })
    }
}

/// Hours by weekday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekHours {
    days: [Vec<OpenRange>; 7],
    /// Whether holidays, moved and short days count.
    follows_calendar: bool,
}

impl WeekHours {
    /// Hours from Monday to Sunday; several ranges a day leave a break between them.
    ///
    /// # Errors
    /// [`HoursError`] for ranges that overlap or stand in a wrong order.
    pub fn new(days: [Vec<OpenRange>; 7], follows_calendar: bool) -> Result<Self, HoursError> {
        for day in &days {
            if let Some([_, b]) = day.array_windows().find(|[a, b]| a.until_min > b.from_min) {
                let show = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
                let text = format!("{}-{}", show(b.from_min), show(b.until_min));
                return Err(HoursError(text));
            }
        }
        Ok(Self {
            days,
            follows_calendar,
        })
    }

    /// The open hours of a day.
    #[must_use]
    pub fn on(&self, calendar: &ProductionCalendar, date: Date) -> Vec<OpenRange> {
        let by_weekday = |n: usize| self.days.get(n).cloned().unwrap_or_default();
        let own = by_weekday(usize::from(date.weekday()));
        if !self.follows_calendar {
            return own;
        }
        match calendar.kind(date) {
            DayKind::Off => Vec::new(),
            // A Saturday that is worked has Monday's hours if it has none of its own.
            DayKind::Work if own.is_empty() && date.weekday() > 4 => by_weekday(0),
            DayKind::Work => own,
            DayKind::Short if own.is_empty() && date.weekday() > 4 => shorter(by_weekday(0)),
            DayKind::Short => shorter(own),
        }
    }

    /// Whether somebody is there now.
    #[must_use]
    pub fn is_open(&self, calendar: &ProductionCalendar, now: Timestamp, offset_min: i16) -> bool {
        let (today, time) = (
            Date::at(now, offset_min),
            TimeOfDay::at(now, offset_min).minutes(),
        );
        let mut ranges = self.on(calendar, today).into_iter();
        ranges.any(|range| (range.from_min..range.until_min).contains(&time))
    }

    /// When somebody comes or leaves next; none if nothing changes for more than a month.
    #[must_use]
    pub fn next_change(
        &self,
        calendar: &ProductionCalendar,
        (at, offset_min): (Timestamp, i16),
    ) -> Option<Timestamp> {
        let today = Date::at(at, offset_min);
        let open = self.is_open(calendar, at, offset_min);
        let edges = (0..LOOK_AHEAD_DAYS).flat_map(|days| {
            let day = today.plus_days(days);
            let ranges = self.on(calendar, day).into_iter();
            let edges = ranges.flat_map(|range| [range.from_min, range.until_min]);
            edges.map(move |min| moment_min(day, min, offset_min))
        });
        let mut later = edges.filter(|edge| *edge > at);
        later.find(|edge| self.is_open(calendar, *edge, offset_min) != open)
    }

    /// The first open range that has at least `least_min` minutes left at or after a moment, as
    /// moments; its begin is not before `at`. A range that begins where one ends goes on with it, over
    /// midnight too, until it is long enough. None if nothing is open for more than a month.
    #[must_use]
    pub fn next_open(
        &self,
        calendar: &ProductionCalendar,
        (at, offset_min): (Timestamp, i16),
        least_min: u16,
    ) -> Option<(Timestamp, Timestamp)> {
        let today = Date::at(at, offset_min);
        let least_ms = u64::from(least_min) * 60_000;
        let days = (0..LOOK_AHEAD_DAYS).map(|days| today.plus_days(days));
        let mut ranges = days
            .flat_map(|day| self.on(calendar, day).into_iter().map(move |r| (day, r)))
            .map(|(day, range)| {
                let moment = |min| moment_min(day, min, offset_min);
                (moment(range.from_min), moment(range.until_min))
            });
        let mut before: Option<(Timestamp, Timestamp)> = None;
        ranges.find_map(|(from, until)| {
            let goes_on = before.filter(|(_, end)| *end == from);
            let begin = goes_on.map_or(from.max(at), |(begin, _)| begin);
            before = Some((begin, until));
            (begin.plus_ms(least_ms) <= until).then_some((begin, until))
        })
    }
}

/// The last hour of a day is not worked.
fn shorter(ranges: Vec<OpenRange>) -> Vec<OpenRange> {
    let Some(end) = ranges.last().map(|range| range.until_min) else {
        return ranges;
    };
    let end = end.saturating_sub(SHORTER_BY_MIN);
    ranges
        .into_iter()
        .map(|range| OpenRange {
            until_min: range.until_min.min(end),
            ..range
        })
        .filter(|range| range.from_min < range.until_min)
        .collect()
}
