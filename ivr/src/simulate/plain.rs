//! Values, tasks and answers as one line of plain text: for conversations written by hand.

use events::{
    CaseNumber, Date, Pii, TaskKind, TaskOutcome, TaskReply, TaskRequest, TimeOfDay, Value,
    ValueKind, Values,
};

/// The place of an offer that names none.
const PLACE: &str = "Приёмная министерства";

/// A value as it is written: `2026-11-24`, `09:30`, `5724`, `+79161234567`, words.
#[must_use]
pub fn value_line(value: &Value) -> String {
    match value {
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Money(kopecks) => format!("{}.{:02}", kopecks / 100, kopecks % 100),
        Value::Phone(text) | Value::Choice(text) | Value::Text(text) => text.clone(),
        Value::Case(number) => number.digits().to_owned(),
        Value::Dictation { file, words } if words.is_empty() => format!("[{file}]"),
        Value::Dictation { words, .. } => words.clone(),
    }
}

/// A task as it is written: `book phone +79161234567, time t1`.
#[must_use]
pub fn request_line(request: &TaskRequest) -> String {
    let arguments: Vec<String> = request
        .arguments
        .expose()
        .iter()
        .map(|(name, value)| format!("{name} {}", value_line(value)))
        .collect();
    format!("{} {}", request.task.as_str(), arguments.join(", "))
        .trim_end()
        .to_owned()
}

/// Reads one value as it is written.
fn read_value(kind: ValueKind, text: &str) -> Option<Value> {
    match kind {
        ValueKind::YesNo => match text {
            "yes" => Some(Value::YesNo(true)),
            "no" => Some(Value::YesNo(false)),
            _ => None,
        },
        ValueKind::Number => text.parse().ok().map(Value::Number),
        ValueKind::Date => Date::parse(text).map(Value::Date),
        ValueKind::Time => TimeOfDay::parse(text).map(Value::Time),
        ValueKind::Money => {
            let (rubles, kopecks) = text.split_once('.').unwrap_or((text, "0"));
            let rubles: u64 = rubles.parse().ok()?;
            let kopecks: u64 = kopecks.parse().ok()?;
            Some(Value::Money(rubles.checked_mul(100)?.checked_add(kopecks)?))
        }
        ValueKind::Phone => text.starts_with('+').then(|| Value::Phone(text.to_owned())),
        ValueKind::Case => CaseNumber::parse(text).map(Value::Case),
        ValueKind::Choice => Some(Value::Choice(text.to_owned())),
        ValueKind::Text => Some(Value::Text(text.to_owned())),
        ValueKind::Dictation => Some(Value::Dictation {
            file: String::new(),
            words: text.to_owned(),
        }),
    }
}

/// Reads `number 5724, date 2026-11-24`, each name with its type; the first that cannot be read is
/// the error.
///
/// # Errors
/// The part that is no known name with a value of its type.
pub fn read_values<'a>(
    text: &str,
    types: impl Fn(&str) -> Option<ValueKind> + 'a,
) -> Result<Values, String> {
    let mut values = Values::new();
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let read = part.split_once(' ').and_then(|(name, value)| {
            let value = read_value(types(name)?, value.trim())?;
            Some((name.to_owned(), value))
        });
        let Some((name, value)) = read else {
            return Err(part.to_owned());
        };
        values.insert(name, value);
    }
    Ok(values)
}

/// Reads what the house answers to a task: `times 2026-11-24 09:30, 2026-11-24 11:00`,
/// `done number 5724, date 2026-11-24`, `taken`.
///
/// # Errors
/// The part that cannot be read.
pub fn read_reply(task: TaskKind, text: &str) -> Result<TaskReply, String> {
    let (word, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if word == "times" {
        return read_times(rest);
    }
    let Some(outcome) = TaskOutcome::parse(word) else {
        return Err(word.to_owned());
    };
    let kind = |name: &str| {
        let field = task.gives().iter().find(|field| field.name == name);
        field.map(|field| field.kind)
    };
    let values = read_values(rest, kind)?;
    Ok(TaskReply {
        values: Pii::new(values),
        ..TaskReply::bare(outcome)
    })
}

fn read_times(text: &str) -> Result<TaskReply, String> {
    let mut choices = Vec::new();
    for (number, part) in (1u32..).zip(text.split(',').map(str::trim)) {
        let mut words = part.splitn(3, ' ');
        let date = words.next().and_then(Date::parse);
        let time = words.next().and_then(TimeOfDay::parse);
        let place = words.next().unwrap_or(PLACE).to_owned();
        let (Some(date), Some(time)) = (date, time) else {
            return Err(part.to_owned());
        };
        choices.push(Values::from([
            ("id".to_owned(), Value::Text(format!("t{number}"))),
            ("date".to_owned(), Value::Date(date)),
            ("time".to_owned(), Value::Time(time)),
            ("place".to_owned(), Value::Text(place)),
        ]));
    }
    let found = u64::try_from(choices.len()).unwrap_or(0);
    Ok(TaskReply {
        values: Pii::new(Values::from([("found".to_owned(), Value::Number(found))])),
        choices,
        ..TaskReply::bare(TaskOutcome::Done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_house_are_read_as_they_are_written() {
        let reply = read_reply(
            TaskKind::FindTimes,
            "times 2026-11-24 09:30, 2026-11-25 11:00 Дом",
        );
        let reply = reply.unwrap();
        assert_eq!(reply.outcome, TaskOutcome::Done);
        let line = |values: &Values| {
            let all: Vec<String> = values.values().map(value_line).collect();
            all.join(" ")
        };
        let choices: Vec<String> = reply.choices.iter().map(line).collect();
        assert_eq!(
            choices,
            [
                "2026-11-24 t1 Приёмная министерства 09:30",
                "2026-11-25 t2 Дом 11:00"
            ]
        );
        let reply = read_reply(
            TaskKind::CheckStatus,
            "done number 5724, status на проверке",
        );
        assert_eq!(line(reply.unwrap().values.expose()), "5724 на проверке");
        assert_eq!(
            read_reply(TaskKind::Book, "taken"),
            Ok(TaskReply::bare(TaskOutcome::Taken))
        );
        for (wrong, part) in [
            ("gone", "gone"),
            ("done number 5723", "number 5723"),
            ("done colour red", "colour red"),
            ("times завтра", "завтра"),
        ] {
            assert_eq!(read_reply(TaskKind::Book, wrong), Err(part.to_owned()));
        }
    }
}
