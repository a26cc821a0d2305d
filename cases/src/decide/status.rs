//! How far something is: of our own cases at once, of applications from the registers.

use events::{CaseNumber, TaskOutcome, TaskReply, Value};

use super::{Cases, Decision, Given, done};
use crate::ledger::CallbackState;

impl Cases {
    pub(super) fn check_status(&self, given: &Given<'_>) -> Decision {
        let Some(number) = given.case() else {
            return Decision::Answer(Vec::new(), TaskReply::bare(TaskOutcome::NotFound));
        };
        match self.own_status(number) {
            Some(reply) => Decision::Answer(Vec::new(), reply),
            None => Decision::Register(number.clone()),
        }
    }

    /// What is known here of a number of ours.
    fn own_status(&self, number: &CaseNumber) -> Option<TaskReply> {
        let case = number.case()?;
        let reply = |status: &str| {
            done([
                ("number", Value::Case(number.clone())),
                ("status", Value::Text(status.to_owned())),
            ])
        };
        if let Some(complaint) = self.ledger.complaint_of(case) {
            if complaint.answered.is_some() {
                return Some(reply("жалоба рассмотрена, ответ направлен"));
            }
            let mut reply = reply("жалоба на рассмотрении");
            let mut values = reply.values.into_inner();
            values.insert("due".into(), Value::Date(complaint.due));
            reply.values = events::Pii::new(values);
            return Some(reply);
        }
        if let Some(visit) = self.ledger.appointment(case) {
            return Some(reply(if visit.is_cancelled {
                "запись на приём отменена"
            } else {
                "запись на приём действует"
            }));
        }
        let callback = self.ledger.callback_of(case)?;
        Some(reply(match callback.state {
            CallbackState::Owed => "обратный звонок запланирован",
            CallbackState::Ended(..) => "обратный звонок завершён",
        }))
    }
}
