//! A day of the calendar, and a time of day: what people say, not what machines measure.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::Timestamp;

/// Days from 1 March of the year 0, with which the first era begins, to 1 January 1970.
const DAYS_BEFORE_1970: i64 = 719_468;

/// A day of the Gregorian calendar: `2026-12-31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// 1–9999.
    pub year: u16,
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; a day that the calendar does not have is refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |s: &str, len| s.len() == len && s.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day, if the calendar has it and its year is 1–9999.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        let fits = (1..=9_999).contains(&year) && day >= 1 && day <= date.days_in_month()?;
        fits.then_some(date)
    }

    /// The day at this time, `offset_min` minutes east of UTC.
    #[must_use]
    pub fn at(now: Timestamp, offset_min: i16) -> Self {
        const DAY_S: i64 = 86_400;
        let seconds = now.0.div_euclid(1_000_000) + i64::from(offset_min) * 60;
        Self::of_number(seconds.div_euclid(DAY_S))
    }

    /// Days from 1 January 1970 to this day; negative before it.
    #[must_use]
    pub fn number(self) -> i64 {
        // By eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_BEFORE_1970
    }

    /// The day so many days after 1 January 1970, or before it.
    #[must_use]
    pub fn of_number(number: i64) -> Self {
        let days = number + DAYS_BEFORE_1970;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: u16::try_from(year).unwrap_or(9_999),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// The day so many calendar days later, or earlier.
    #[must_use]
    pub fn plus_days(self, days: impl Into<i64>) -> Self {
        Self::of_number(self.number() + days.into())
    }

    /// The first day of the month so many months after this day's.
    #[must_use]
    pub fn first_after_months(self, months: u16) -> Self {
        let count = u32::from(self.year) * 12 + u32::from(self.month) - 1 + u32::from(months);
        Self {
            year: u16::try_from(count / 12).unwrap_or(9_999),
            month: u8::try_from(count % 12 + 1).unwrap_or(1),
            day: 1,
        }
    }

    /// 0 for Monday … 6 for Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        u8::try_from((self.number() + 3).rem_euclid(7)).unwrap_or(0)
    }

    fn days_in_month(self) -> Option<u8> {
        let by = |n| self.year.is_multiple_of(n);
        let leap = by(4) && (!by(100) || by(400));
        match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
            4 | 6 | 9 | 11 => Some(30),
            2 => Some(if leap { 29 } else { 28 }),
            _ => None,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a day is written YYYY-MM-DD"))
    }
}

/// A time of day, to the minute: `09:30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// 0–23 hours and 0–59 minutes; anything else is refused.
    #[must_use]
    pub const fn new(hours: u8, minutes: u8) -> Option<Self> {
        if hours > 23 || minutes > 59 {
            return None;
        }
        Some(Self {
            minutes: hours as u16 * 60 + minutes as u16,
        })
    }

    /// Reads `HH:MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(hours) || !digits(minutes) {
            return None;
        }
        Self::new(hours.parse().ok()?, minutes.parse().ok()?)
    }

    /// The time of day now, `offset_min` minutes east of UTC.
    #[must_use]
    pub fn at(now: Timestamp, offset_min: i16) -> Self {
        let minutes = now.0.div_euclid(60_000_000) + i64::from(offset_min);
        Self {
            minutes: u16::try_from(minutes.rem_euclid(1_440)).unwrap_or(0),
        }
    }

    /// Minutes since midnight, 0–1439.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.minutes
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a time of day is written HH:MM"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for good in ["2026-11-22", "2024-02-29", "2000-02-29", "1970-01-01"] {
            assert_eq!(Date::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "2026",
            "2026-11",
            "2026-13-01",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "26-01-01",
            "2026-1-1",
            "2026-01-01-01",
            "+026-01-01",
            "2026-00-10",
            "2026-01-00",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_are_counted_and_named() {
        let date = |text| Date::parse(text).unwrap();
        assert_eq!(date("1970-01-01").number(), 0);
        for (day, weekday) in [
            ("1970-01-01", 3),
            ("2000-02-29", 1),
            ("2026-11-22", 6),
            ("2027-01-01", 4),
        ] {
            assert_eq!(date(day).weekday(), weekday, "{day}");
        }
        assert_eq!(date("2027-12-31").plus_days(60), date("2028-02-29"));
        assert_eq!(date("2028-03-01").plus_days(-1), date("2028-02-29"));
        assert_eq!(date("2026-11-30").first_after_months(3), date("2027-02-01"));
        for number in -30_000..60_000 {
            assert_eq!(Date::of_number(number).number(), number);
        }
        assert_eq!(Date::new(2027, 2, 29), None);
        assert_eq!(Date::new(0, 1, 1), None);
    }

    #[test]
    fn the_day_of_a_time() {
        let day = |s: i64, offset| Date::at(Timestamp(s * 1_000_000), offset).to_string();
        assert_eq!(day(0, 0), "1970-01-01");
        assert_eq!(day(-1, 0), "1969-12-31");
        assert_eq!(day(951_782_400, 0), "2000-02-29");
        assert_eq!(day(1_795_312_800, 0), "2026-11-22");
        assert_eq!(day(1_795_381_200, 0), "2026-11-22");
        assert_eq!(day(1_795_381_200, 180), "2026-11-23");
    }
}
