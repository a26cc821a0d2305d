//! The machine as a whole: calendars as shipped, wishes in, facts and answers out.

mod calendars;
mod complaints;
mod visits;

use std::collections::BTreeMap;
use std::path::Path;

use events::{
    CallId, CaseEvent, CaseNumber, Date, Pii, ServiceId, TaskKind, TaskOutcome, TaskReply,
    TaskRequest, TimeOfDay, Timestamp, Value, Values,
};

use crate::io::calendars::{Calendars, load};
use crate::{Asker, Cases, Decision, Ledger, Responsible, Settings, moment};

/// Moscow.
pub(super) const OFFSET_MIN: i16 = 180;

pub(super) fn shipped() -> Calendars {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/calendars")).unwrap()
}

/// `2026-11-23 09:00`, Moscow time.
pub(super) fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    let day = Date::parse(day).unwrap();
    moment(day, TimeOfDay::parse(time).unwrap(), OFFSET_MIN)
}

/// A house as shipped, whose facts are kept.
pub(super) struct House {
    pub(super) cases: Cases,
    pub(super) journal: Vec<(Timestamp, CaseEvent)>,
    pub(super) now: Timestamp,
}

impl House {
    pub(super) fn at(now: &str) -> Self {
        let calendars = shipped();
        let hours = calendars.hours["weekdays"].clone();
        let person = |name: &str, services: &[&str]| Responsible {
            name: name.into(),
            email: Some("answer@example.org".into()),
            services: services.iter().copied().map(ServiceId::new).collect(),
        };
        let settings = Settings {
            utc_offset_min: OFFSET_MIN,
            calendar: calendars.production,
            receptions: calendars.receptions,
            responsible: vec![
                person("Громов", &["scrap_licence"]),
                person("Соколова", &[]),
            ],
            complaint_days: 30,
            warn_days: 5,
            callback_hours: hours,
        };
        Self {
            cases: Cases::new(settings, Ledger::default()),
            journal: Vec::new(),
            now: at(now),
        }
    }

    /// A task of call `call`, with its facts applied.
    pub(super) fn ask(&mut self, call: u64, task: TaskKind, given: &[(&str, Value)]) -> TaskReply {
        let asker = Asker {
            call: Some(CallId(call)),
            service: ServiceId::new("appointment"),
            phone: Some(Pii::new("+79990000000".into())),
        };
        self.ask_as(&asker, task, given)
    }

    pub(super) fn ask_as(
        &mut self,
        asker: &Asker,
        task: TaskKind,
        given: &[(&str, Value)],
    ) -> TaskReply {
        let given: BTreeMap<_, _> = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let request = TaskRequest {
            task,
            arguments: Pii::new(given),
        };
        let Decision::Answer(facts, reply) = self.cases.decide(self.now, asker, &request) else {
            panic!("{task:?} is not for the registers");
        };
        assert!(
            task.outcomes().contains(&reply.outcome),
            "{task:?}: {reply:?}"
        );
        if reply.outcome == TaskOutcome::Done {
            for field in task.gives().iter().filter(|field| field.required) {
                let value = &reply.values.expose()[field.name];
                assert_eq!(value.kind(), field.kind, "{task:?} {}", field.name);
            }
        }
        for fact in facts {
            self.cases.apply(self.now, &fact);
            self.journal.push((self.now, fact));
        }
        self.replays();
        reply
    }

    /// The journal alone gives the ledger that is running.
    pub(super) fn replays(&self) {
        let mut again = Ledger::default();
        for (at, fact) in &self.journal {
            again.apply(*at, fact);
        }
        assert_eq!(&again, self.cases.ledger());
    }
}

pub(super) fn text(value: &str) -> Value {
    Value::Text(value.into())
}

pub(super) fn date(value: &str) -> Value {
    Value::Date(Date::parse(value).unwrap())
}

pub(super) fn time(value: &str) -> Value {
    Value::Time(TimeOfDay::parse(value).unwrap())
}

pub(super) fn number_of(reply: &TaskReply) -> CaseNumber {
    let Value::Case(number) = &reply.values.expose()["number"] else {
        panic!("no number in {reply:?}");
    };
    number.clone()
}

/// `2026-11-23 09:00` of every choice.
pub(super) fn times(reply: &TaskReply) -> Vec<String> {
    reply.choices.iter().map(said).collect()
}

pub(super) fn said(values: &Values) -> String {
    let (Value::Date(date), Value::Time(time)) = (&values["date"], &values["time"]) else {
        panic!("no date and time in {values:?}");
    };
    format!("{date} {time}")
}

pub(super) fn id(values: &Values) -> Value {
    values["id"].clone()
}
