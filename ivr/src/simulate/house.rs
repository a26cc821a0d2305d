//! A house that answers every task at once, for trying a script without one.

use events::{
    CaseId, CaseNumber, Date, Pii, TaskKind, TaskOutcome, TaskReply, TaskRequest, TimeOfDay,
    Timestamp, Value, ValueKind, Values,
};

use super::plain::read_reply;
use crate::script::Script;

/// The number that no application and no visit has here.
const NOBODYS: u64 = 404;

/// Knows free times on two days, takes everything, and finds every number but 4044.
#[derive(Clone, Copy, Debug)]
pub struct SampleHouse {
    /// Today: offers are tomorrow and later.
    pub today: Date,
}

impl SampleHouse {
    /// What it answers.
    #[must_use]
    pub fn answer(&self, request: &TaskRequest) -> TaskReply {
        let arguments = request.arguments.expose();
        let nobody = Value::Case(CaseNumber::of(CaseId(NOBODYS)));
        if arguments.get("number") == Some(&nobody) {
            return TaskReply::bare(TaskOutcome::NotFound);
        }
        let (first, second) = (self.after(1), self.after(2));
        let text = match request.task {
            TaskKind::FindTimes if arguments.get("page") == Some(&Value::Number(2)) => {
                return TaskReply::bare(TaskOutcome::None);
            }
            TaskKind::FindTimes => format!(
                "times {first} 09:30, {first} 11:00, {first} 15:30, {second} 10:00, {second} 16:15"
            ),
            TaskKind::Book | TaskKind::MoveBooking | TaskKind::FindBooking => {
                format!("done number 5724, date {first}, time 09:30, place Приёмная министерства")
            }
            TaskKind::CancelBooking => format!("done date {first}, time 09:30"),
            TaskKind::CheckStatus => {
                format!("done number 5724, status на рассмотрении, due {second}")
            }
            TaskKind::FileComplaint => format!("done number 5724, due {second}"),
            TaskKind::RequestCallback => {
                let phone = arguments.get("phone").map(super::value_line);
                let phone = phone.unwrap_or_else(|| "+79990000000".to_owned());
                format!("done number 5724, date {first}, time 10:00, phone {phone}")
            }
            TaskKind::KeepPlace => "done number 5724, phone +79990000000".to_owned(),
            TaskKind::SendMessage | TaskKind::SetConsent => "done".to_owned(),
        };
        let reply = read_reply(request.task, &text);
        let mut reply = reply.unwrap_or_else(|_| TaskReply::bare(TaskOutcome::Unavailable));
        self.same_number(arguments, &mut reply);
        reply
    }

    /// What a script takes, made up by type.
    #[must_use]
    pub fn given(self, script: &Script) -> Values {
        let sample = |kind: ValueKind| match kind {
            ValueKind::YesNo => Value::YesNo(true),
            ValueKind::Number => Value::Number(1),
            ValueKind::Date => Value::Date(self.after(1)),
            ValueKind::Time => Value::Time(TimeOfDay::at(Timestamp::default(), 600)),
            ValueKind::Money => Value::Money(100_000),
            ValueKind::Phone => Value::Phone("+79990000000".to_owned()),
            ValueKind::Case => Value::Case(CaseNumber::of(CaseId(572))),
            ValueKind::Choice | ValueKind::Text => Value::Text("Пример сообщения.".to_owned()),
            ValueKind::Dictation => Value::Dictation {
                file: String::new(),
                words: "пример".to_owned(),
            },
        };
        let takes = script.takes.iter();
        takes
            .map(|(name, kind)| (name.clone(), sample(*kind)))
            .collect()
    }

    /// Tells the number that was asked about.
    fn same_number(self, arguments: &Values, reply: &mut TaskReply) {
        let mut values = std::mem::take(&mut reply.values).into_inner();
        if let (Some(asked), true) = (arguments.get("number"), values.contains_key("number")) {
            values.insert("number".to_owned(), asked.clone());
        }
        reply.values = Pii::new(values);
    }

    /// A day soon: of the next month, so that it exists in every month.
    fn after(self, days: u8) -> Date {
        let (year, month) = match self.today.month {
            12 => (self.today.year.saturating_add(1), 1),
            month => (self.today.year, month + 1),
        };
        Date {
            year,
            month,
            day: 2 + days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_answered_as_its_table_promises() {
        let today = Date::parse("2026-11-22").unwrap();
        let house = SampleHouse { today };
        for task in TaskKind::ALL {
            let reply = house.answer(&TaskRequest {
                task: *task,
                arguments: Pii::default(),
            });
            assert_eq!(reply.outcome, TaskOutcome::Done, "{task:?}");
            for field in task.gives().iter().filter(|field| field.required) {
                let value = reply.values.expose().get(field.name);
                assert_eq!(
                    value.map(Value::kind),
                    Some(field.kind),
                    "{task:?} {}",
                    field.name
                );
            }
        }
    }
}
