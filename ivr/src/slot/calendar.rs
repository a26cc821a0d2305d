//! Days as numbers: what lies between two days, and which day of the week one is.

use events::Date;

/// Days from 1 January 1970, before it negative, by eras of 400 years that begin on 1 March.
pub(super) fn number(date: Date) -> i64 {
    let month = i64::from(date.month);
    let year = i64::from(date.year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + i64::from(date.day) - 1;
    let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

/// The day so many days after this one, or before it.
pub(super) fn plus_days(date: Date, days: i64) -> Date {
    const DAY_US: i64 = 86_400_000_000;
    Date::at(events::Timestamp((number(date) + days) * DAY_US), 0)
}

/// Day of the week: Monday is 0.
pub(super) fn weekday(date: Date) -> i64 {
    (number(date) + 3).rem_euclid(7)
}

/// The day, if the calendar has it.
pub(super) fn day(year: u16, month: u8, day: u8) -> Option<Date> {
    Date::parse(&format!("{year:04}-{month:02}-{day:02}"))
}

/// The first of the month so many months after this day's.
pub(super) fn plus_months(date: Date, months: u16) -> Date {
    let count = u32::from(date.year) * 12 + u32::from(date.month) - 1 + u32::from(months);
    Date {
        year: u16::try_from(count / 12).unwrap_or(9_999),
        month: u8::try_from(count % 12 + 1).unwrap_or(1),
        day: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_and_named() {
        let date = |text| Date::parse(text).unwrap();
        assert_eq!(number(date("1970-01-01")), 0);
        assert_eq!(weekday(date("1970-01-01")), 3);
        assert_eq!(weekday(date("2026-11-22")), 6, "a Sunday");
        assert_eq!(plus_days(date("2027-12-31"), 60), date("2028-02-29"));
        assert_eq!(plus_days(date("2028-03-01"), -1), date("2028-02-29"));
        assert_eq!(plus_months(date("2026-11-30"), 3), date("2027-02-01"));
        for days in -30_000..60_000 {
            let there = plus_days(date("1970-01-01"), days);
            assert_eq!(number(there), days);
        }
        assert_eq!(day(2027, 2, 29), None);
    }
}
