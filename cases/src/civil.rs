//! Local moments of days.

use events::{Date, TimeOfDay, Timestamp};

const DAY_MIN: i64 = 1_440;
const MINUTE_US: i64 = 60_000_000;

/// The moment of a day and time in a place `offset_min` minutes east of UTC.
#[must_use]
pub fn moment(date: Date, time: TimeOfDay, offset_min: i16) -> Timestamp {
    moment_min(date, time.minutes(), offset_min)
}

/// The same for minutes after midnight, of which a day's end is 1440.
pub(crate) fn moment_min(date: Date, minutes: u16, offset_min: i16) -> Timestamp {
    let local = date.number() * DAY_MIN + i64::from(minutes);
    Timestamp((local - i64::from(offset_min)) * MINUTE_US)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn moments_and_days_agree(minutes in 0_i64..60_000_000, offset in -720_i16..840) {
            let at = Timestamp(minutes * MINUTE_US);
            let back = moment(Date::at(at, offset), TimeOfDay::at(at, offset), offset);
            prop_assert_eq!(back, at);
            let day = Date::at(at, offset);
            prop_assert_eq!(day.plus_days(1).weekday(), (day.weekday() + 1) % 7);
        }
    }
}
