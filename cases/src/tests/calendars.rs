//! The production calendar and the working hours as shipped (row #34).

use events::Date;

use super::{OFFSET_MIN, at, shipped};
use crate::DayKind;
use crate::hours::{OpenRange, WeekHours};

#[test]
fn the_years_have_as_many_working_days_as_the_law_gives_them() {
    let calendar = shipped().production;
    let days = |year: u16, kind: DayKind| {
        let first = Date::parse(&format!("{year}-01-01")).unwrap();
        (0..365)
            .filter(|n| calendar.kind(first.plus_days(*n)) == kind)
            .count()
    };
    let year = |year| (days(year, DayKind::Work), days(year, DayKind::Short));
    assert_eq!(year(2026), (243, 4), "247 working days, 4 of them short");
    assert_eq!(year(2027), (244, 5));
    assert!(calendar.knows(2026) && calendar.knows(2027) && !calendar.knows(2028));
}

#[test]
fn the_line_is_open_when_the_table_says_so() {
    let calendars = shipped();
    let hours = &calendars.hours["weekdays"];
    let table = [
        // A plain Monday, to the second.
        ("2026-11-23 08:59", false),
        ("2026-11-23 09:00", true),
        ("2026-11-23 17:44", true),
        ("2026-11-23 17:45", false),
        // Weekend, holiday, moved days off.
        ("2026-11-22 12:00", false),
        ("2026-11-04 12:00", false),
        ("2026-01-09 12:00", false),
        ("2026-03-09 12:00", false),
        ("2026-12-31 12:00", false),
        ("2027-01-08 12:00", false),
        // The eve of a holiday ends an hour earlier.
        ("2026-11-03 16:44", true),
        ("2026-11-03 16:45", false),
        ("2026-12-30 17:44", true),
        ("2027-12-31 16:45", false),
    ];
    for (moment, open) in table {
        let is_open = hours.is_open(&calendars.production, at(moment), OFFSET_MIN);
        assert_eq!(is_open, open, "{moment}");
    }
    let close = at("2026-11-23 17:45");
    let last = events::Timestamp(close.0 - 1);
    assert!(
        hours.is_open(&calendars.production, last, OFFSET_MIN),
        "17:44:59.999999"
    );
    assert!(!hours.is_open(&calendars.production, close, OFFSET_MIN));
}

#[test]
fn hours_that_go_on_over_midnight_are_one_range() {
    let production = shipped().production;
    let every_day = |ranges: &[&str]| {
        let day: Vec<_> = ranges
            .iter()
            .map(|range| OpenRange::parse(range).unwrap())
            .collect();
        WeekHours::new(std::array::from_fn(|_| day.clone()), false).unwrap()
    };
    let next = |ranges: &[&str], moment| {
        let found = every_day(ranges).next_open(&production, (at(moment), OFFSET_MIN), 30);
        found.unwrap()
    };
    // Half an hour before a midnight that closes nothing, somebody is there at once.
    let always = ["00:00-24:00"];
    let late = "2026-11-23 23:40";
    assert_eq!(next(&always, late), (at(late), at("2026-11-25 00:00")));
    let noon = "2026-11-23 12:00";
    assert_eq!(next(&always, noon), (at(noon), at("2026-11-24 00:00")));
    // With a night in between, the next day is taken.
    let days = ["08:00-24:00"];
    let morning = (at("2026-11-24 08:00"), at("2026-11-25 00:00"));
    assert_eq!(next(&days, late), morning);
    let shifts = ["08:00-12:00", "12:00-20:00"];
    let noonish = "2026-11-23 11:45";
    assert_eq!(
        next(&shifts, noonish),
        (at(noonish), at("2026-11-23 20:00"))
    );
}

#[test]
fn a_saturday_that_is_worked_has_mondays_hours() {
    let mut calendars = shipped();
    let saturday = Date::parse("2026-11-28").unwrap();
    calendars.production.set(saturday, DayKind::Work);
    let hours = &calendars.hours["weekdays"];
    let is_open = |moment| hours.is_open(&calendars.production, at(moment), OFFSET_MIN);
    assert!(is_open("2026-11-28 17:44"));
    assert!(!is_open("2026-11-28 17:45"));
    assert!(!is_open("2026-11-29 12:00"));
}

#[test]
fn mistakes_in_calendars_are_named() {
    use crate::io::calendars::load;
    let folder = tempfile::tempdir().unwrap();
    let wrong = |text: &str| {
        let path = folder.path().join("a.toml");
        std::fs::write(&path, text).unwrap();
        let error = load(folder.path()).unwrap_err().to_string();
        error.replace(&path.display().to_string(), "a.toml")
    };
    expect_test::expect!["a.toml: 2027-01-01: день не из 2026 года"].assert_eq(&wrong(
        "[[year]]\nyear = 2026\nsource = \"\"\noff = [\"2027-01-01\"]",
    ));
    expect_test::expect![[
        "a.toml: hours «h»: часы «9-17» не читаются: пишите «09:00-17:45», начало раньше конца, без наложений"
    ]]
    .assert_eq(&wrong("[[hours]]\nid = \"h\"\nmon = [\"9-17\"]"));
    let overlap = wrong("[[hours]]\nid = \"h\"\nmon = [\"09:00-12:00\", \"11:00-13:00\"]");
    assert!(overlap.contains("11:00-13:00"), "{overlap}");
    let reception = "[[reception]]\nid = \"r\"\ntitle = \"\"\naddress = \"\"\nhours = \"h\"\nslot_min = 1\ncapacity = 1\nhorizon_days = 1\nlead_min = 1";
    let lost = wrong(reception);
    assert!(lost.contains("нет часов «h»"), "{lost}");
    assert!(
        load(&folder.path().join("nowhere")).is_ok(),
        "no folder, no calendars"
    );
}
