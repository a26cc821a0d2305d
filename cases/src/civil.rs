//! Days that are counted: weekdays, terms, local moments.

use events::{Date, TimeOfDay, Timestamp};

const DAY_MIN: i64 = 1_440;
const MINUTE_US: i64 = 60_000_000;

/// Days from 1970-01-01 to a day.
fn day_number(date: Date) -> i64 {
    // Years begin on 1 March here, so that the leap day is the last of its year.
    let before_march = date.month <= 2;
    let year = i64::from(date.year) - i64::from(before_march);
    let month = (i64::from(date.month) + 9) % 12;
    let of_year = (153 * month + 2) / 5 + i64::from(date.day) - 1;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// 0 for Monday … 6 for Sunday.
#[must_use]
pub fn weekday(date: Date) -> usize {
    usize::try_from((day_number(date) + 3).rem_euclid(7)).unwrap_or(0)
}

/// The day `days` calendar days later.
#[must_use]
pub fn date_after(date: Date, days: u16) -> Date {
    let number = day_number(date) + i64::from(days);
    Date::at(Timestamp(number * DAY_MIN * MINUTE_US), 0)
}

/// The moment of a day and time in a place `offset_min` minutes east of UTC.
#[must_use]
pub fn moment(date: Date, time: TimeOfDay, offset_min: i16) -> Timestamp {
    moment_min(date, time.minutes(), offset_min)
}

/// The same for minutes after midnight, of which a day's end is 1440.
pub(crate) fn moment_min(date: Date, minutes: u16, offset_min: i16) -> Timestamp {
    let local = day_number(date) * DAY_MIN + i64::from(minutes);
    Timestamp((local - i64::from(offset_min)) * MINUTE_US)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weekdays_of_known_days() {
        let day = |text| weekday(Date::parse(text).unwrap());
        assert_eq!(day("1970-01-01"), 3);
        assert_eq!(day("2000-02-29"), 1);
        assert_eq!(day("2026-11-22"), 6);
        assert_eq!(day("2027-01-01"), 4);
    }

    proptest! {
        #[test]
        fn moments_and_days_agree(minutes in 0_i64..60_000_000, offset in -720_i16..840) {
            let at = Timestamp(minutes * MINUTE_US);
            let back = moment(Date::at(at, offset), TimeOfDay::at(at, offset), offset);
            prop_assert_eq!(back, at);
            let day = Date::at(at, offset);
            prop_assert_eq!(weekday(date_after(day, 1)), (weekday(day) + 1) % 7);
        }
    }
}
