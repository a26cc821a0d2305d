//! Every rule: what a wish leads to. Nothing here changes anything.

mod appointments;
mod callbacks;
mod complaints;
mod status;

use events::{
    CallId, CallbackOutcome, CaseEvent, CaseId, CaseNumber, OperatorId, Pii, ServiceId, TaskKind,
    TaskOutcome, TaskReply, TaskRequest, Timestamp, Value, Values,
};

use crate::ledger::Ledger;
use crate::settings::Settings;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The call it is asked in; none from a desk without a call.
    pub call: Option<CallId>,
    /// What the call is about.
    pub service: ServiceId,
    /// The caller's own number, if it is known.
    pub phone: Option<Pii<String>>,
}

/// What a task leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// These facts, then this answer.
    Answer(Vec<CaseEvent>, TaskReply),
    /// The registers of applications know: answer when they have spoken.
    Register(CaseNumber),
    /// It is about notifications and none of this machine's.
    Notification,
}

/// What a desk may state about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The complaint was answered.
    AnswerComplaint(CaseId, OperatorId),
    /// The callback is settled.
    EndCallback(CaseId, CallbackOutcome),
}

/// The machine: the organisation's settings, and what the journal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    settings: Settings,
    ledger: Ledger,
}

impl Cases {
    /// A machine around a ledger that was replayed from the journal.
    #[must_use]
    pub const fn new(settings: Settings, ledger: Ledger) -> Self {
        Self { settings, ledger }
    }

    /// What is known of the organisation.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is booked, filed and promised.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Takes the next fact.
    pub fn apply(&mut self, at: Timestamp, fact: &CaseEvent) {
        self.ledger.apply(at, fact);
    }

    /// What a task leads to now.
    #[must_use]
    pub fn decide(&self, now: Timestamp, asker: &Asker, request: &TaskRequest) -> Decision {
        let given = Given(request.arguments.expose());
        let answer = |(facts, reply)| Decision::Answer(facts, reply);
        match request.task {
            TaskKind::FindTimes => answer((Vec::new(), self.find_times(now, asker, &given))),
            TaskKind::Book => answer(self.book(now, asker, &given)),
            TaskKind::FindBooking => answer((Vec::new(), self.find_booking(now, &given))),
            TaskKind::CancelBooking => answer(self.cancel_booking(now, asker, &given)),
            TaskKind::MoveBooking => answer(self.move_booking(now, asker, &given)),
            TaskKind::CheckStatus => self.check_status(&given),
            TaskKind::FileComplaint => answer(self.file_complaint(now, asker, &given)),
            TaskKind::RequestCallback => answer(self.request_callback(now, asker, &given)),
            // Whoever knows the queues decides whether a place can be kept.
            TaskKind::KeepPlace => {
                Decision::Answer(Vec::new(), TaskReply::bare(TaskOutcome::Unavailable))
            }
            TaskKind::SendMessage | TaskKind::SetConsent => Decision::Notification,
        }
    }

    /// What a desk's statement leads to.
    ///
    /// # Errors
    /// A sentence for the operator's screen.
    pub fn wish(&self, wish: &Wish) -> Result<CaseEvent, String> {
        match wish {
            Wish::AnswerComplaint(case, operator) => self.answer_complaint(*case, operator),
            Wish::EndCallback(case, outcome) => self.end_callback(*case, *outcome),
        }
    }
}

/// What a task was given, by name and type.
struct Given<'a>(&'a Values);

impl Given<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        let (Value::Text(words) | Value::Dictation { words, .. }) = self.0.get(name)? else {
            return None;
        };
        Some(words.trim()).filter(|words| !words.is_empty())
    }

    fn recording(&self, name: &str) -> Option<&str> {
        let Value::Dictation { file, .. } = self.0.get(name)? else {
            return None;
        };
        Some(file.as_str()).filter(|file| !file.is_empty())
    }

    fn choice(&self, name: &str) -> Option<&str> {
        let Value::Choice(choice) = self.0.get(name)? else {
            return None;
        };
        Some(choice.as_str()).filter(|choice| !choice.is_empty())
    }

    fn is_yes(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::YesNo(true)))
    }

    fn date(&self, name: &str) -> Option<events::Date> {
        let Value::Date(date) = self.0.get(name)? else {
            return None;
        };
        Some(*date)
    }

    fn time(&self, name: &str) -> Option<events::TimeOfDay> {
        let Value::Time(time) = self.0.get(name)? else {
            return None;
        };
        Some(*time)
    }

    fn number(&self, name: &str) -> Option<u64> {
        let Value::Number(number) = self.0.get(name)? else {
            return None;
        };
        Some(*number)
    }

    fn case(&self) -> Option<&CaseNumber> {
        let Value::Case(number) = self.0.get("number")? else {
            return None;
        };
        Some(number)
    }

    /// The number stated, or the one the caller calls from.
    fn phone(&self, asker: &Asker) -> Option<Pii<String>> {
        if let Some(Value::Phone(phone)) = self.0.get("phone")
            && !phone.is_empty()
        {
            return Some(Pii::new(phone.clone()));
        }
        asker.phone.clone()
    }

    fn service(&self, asker: &Asker) -> ServiceId {
        self.choice("service")
            .map_or_else(|| asker.service.clone(), ServiceId::new)
    }
}

/// An answer that went as asked.
fn done<const N: usize>(values: [(&str, Value); N]) -> TaskReply {
    let values = values.map(|(name, value)| (name.to_owned(), value));
    TaskReply {
        outcome: TaskOutcome::Done,
        values: Pii::new(Values::from(values)),
        choices: Vec::new(),
    }
}

/// An answer without facts.
fn only(outcome: TaskOutcome) -> (Vec<CaseEvent>, TaskReply) {
    (Vec::new(), TaskReply::bare(outcome))
}
