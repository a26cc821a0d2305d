//! Days of the week: in full for their short forms, and before a date.

/// «В понедельник», «с понедельника», «понедельник», and the short form.
const WEEKDAYS: [(&str, &str, &str, &str); 7] = [
    ("пн", "понедельник", "понедельника", "понедельник"),
    ("вт", "вторник", "вторника", "вторник"),
    ("ср", "среда", "среды", "среду"),
    ("чт", "четверг", "четверга", "четверг"),
    ("пт", "пятница", "пятницы", "пятницу"),
    ("сб", "суббота", "субботы", "субботу"),
    ("вс", "воскресенье", "воскресенья", "воскресенье"),
];

/// «В четверг», «во вторник»; 0 is Monday.
pub(super) fn on(weekday: u8) -> String {
    let day = WEEKDAYS.get(usize::from(weekday));
    let (_, _, _, accusative) = day.copied().unwrap_or_default();
    let inside = if accusative.starts_with("вт") {
        "во"
    } else {
        "в"
    };
    format!("{inside} {accusative}")
}

/// `пн`, `Сб.`, `пн–пт` at the beginning of the text: the words and the bytes they take.
pub(super) fn short(text: &str) -> Option<(String, usize)> {
    let (first, length) = one(text)?;
    let rest = text.get(length..)?;
    if let Some(dash) = super::written::dash(rest)
        && let Some((second, more)) = one(rest.get(dash..)?)
    {
        let (_, _, from, _) = *first;
        let (_, _, _, until) = *second;
        return Some((format!("с {from} по {until}"), length + dash + more));
    }
    let (_, full, _, _) = *first;
    Some((full.to_owned(), length))
}

type Day = (&'static str, &'static str, &'static str, &'static str);

/// A short form that stands alone, its full stop included unless the sentence ends with it.
fn one(text: &str) -> Option<(&'static Day, usize)> {
    let lower: String = text.chars().take(2).flat_map(char::to_lowercase).collect();
    let day = WEEKDAYS.iter().find(|(short, ..)| *short == lower)?;
    let rest = text.get(lower.len()..)?;
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let stop = rest.strip_prefix('.').is_some_and(|after| {
        let next = after.trim_start().chars().next();
        next.is_some_and(|c| !c.is_uppercase())
    });
    Some((day, lower.len() + usize::from(stop)))
}
