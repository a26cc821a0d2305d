//! Tasks: asking the house, waiting, going on by what came of it.

use std::sync::Arc;

use events::{
    DialogueOutcome, Event, Pii, TaskOutcome, TaskReply, TaskRequest, Timestamp, Value, ValueKind,
    Values,
};

use super::{Dialogue, State, WAIT_PHRASE_MS, Working};
use crate::script::{Effects, NodeKind, Task};
use crate::{Output, Phrase};

impl Dialogue {
    /// Asks the house; what the node says is said meanwhile.
    pub(super) fn work(
        &mut self,
        now: Timestamp,
        (name, task): (&str, &Task),
        say: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) {
        out.push(Output::Fact(Event::TaskAsked {
            call: self.call,
            step: name.to_owned(),
            task: task.task,
        }));
        let saying = !say.is_empty();
        let wait = now.plus_ms(WAIT_PHRASE_MS);
        let until = if saying {
            self.say(now, say, out)
        } else {
            wait
        };
        self.listen(name, out);
        self.state = State::Working(Working {
            node: name.to_owned(),
            saying,
            asked_at: now,
            limit: now.plus_ms(task.timeout_ms),
            until,
            reply: None,
        });
        out.push(Output::Ask(TaskRequest {
            task: task.task,
            arguments: Pii::new(self.arguments(task)),
        }));
    }

    fn arguments(&self, task: &Task) -> Values {
        let values = self.known.values.expose();
        let given = task.with.iter().filter_map(|(name, kind, operand)| {
            let value = match (operand.value(values)?, kind) {
                (Value::Text(words), ValueKind::Dictation) => Value::Dictation {
                    file: String::new(),
                    words,
                },
                (value, _) => value,
            };
            Some((name.clone(), value))
        });
        given.collect()
    }

    pub(super) fn answered(&mut self, now: Timestamp, reply: TaskReply, out: &mut Vec<Output>) {
        if self.stale.tasks > 0 {
            self.stale.tasks -= 1;
            return;
        }
        let Some(task) = self.task() else {
            return;
        };
        let State::Working(working) = &mut self.state else {
            return;
        };
        if working.reply.is_some() {
            return;
        }
        out.push(Output::Fact(Event::TaskAnswered {
            call: self.call,
            task: task.task,
            outcome: reply.outcome,
            latency_ms: now.since(working.asked_at),
        }));
        working.reply = Some(checked(&task, reply));
        if !working.saying {
            self.go_on(now, out);
        }
    }

    /// What was said while the house works has been said.
    pub(super) fn words_over(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let State::Working(working) = &mut self.state else {
            return;
        };
        working.saying = false;
        working.until = working.limit;
        if working.reply.is_some() {
            self.go_on(now, out);
        }
    }

    pub(super) fn working_tick(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let State::Working(working) = &mut self.state else {
            return;
        };
        if working.saying && now >= working.until {
            return self.words_over(now, out);
        }
        if now >= working.limit && working.reply.is_none() {
            working.reply = Some(TaskReply::bare(TaskOutcome::Unavailable));
            self.stale.tasks = self.stale.tasks.saturating_add(1);
            self.hush(out);
            return self.go_on(now, out);
        }
        let wait = self.words(&self.script.system().wait);
        let until = self.say(now, wait, out);
        if let State::Working(working) = &mut self.state {
            (working.saying, working.until) = (true, until);
        }
    }

    /// The way of the outcome, with what the house told.
    fn go_on(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let Some(task) = self.task() else {
            return;
        };
        let State::Working(working) = &mut self.state else {
            return;
        };
        let Some(reply) = working.reply.take() else {
            return;
        };
        if reply.outcome == TaskOutcome::Done {
            let mut values = reply.values.into_inner();
            for (result, _, variable) in &task.into {
                match values.remove(result) {
                    Some(value) => self.keep(variable.clone(), value),
                    // What an earlier answer told is not true of this one.
                    None => self.forget(variable),
                }
            }
            if let Some(variable) = &task.offers {
                let mut offers = std::mem::take(&mut self.known.offers).into_inner();
                offers.insert(variable.clone(), reply.choices);
                self.known.offers = Pii::new(offers);
            }
            if task.effects() == Effects::Some {
                // What was done is done: «назад» leads no further than here.
                self.asked.clear();
            }
        }
        match task.ways.get(&reply.outcome) {
            Some(next) => self.enter(now, next, out),
            None => {
                let say = self.words(&self.script.system().transfer_failed);
                self.close(now, DialogueOutcome::ToPerson, say, out);
            }
        }
    }

    fn task(&self) -> Option<Task> {
        let State::Working(working) = &self.state else {
            return None;
        };
        let script = Arc::clone(&self.script);
        match &script.node(&working.node)?.kind {
            NodeKind::Task(task) => Some(task.clone()),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Question(_)
            | NodeKind::Ask(_)
            | NodeKind::Pick(_)
            | NodeKind::Dictate(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => None,
        }
    }
}

/// The reply as the script may rely on it: an outcome of the task's table, and after `Done` every
/// result that the table promises, each of its type. Anything else is as if there were no reply.
fn checked(task: &Task, mut reply: TaskReply) -> TaskReply {
    let values = reply.values.expose();
    let right = |field: &events::Field| match values.get(field.name) {
        Some(value) => value.kind() == field.kind,
        None => !field.required,
    };
    let done = reply.outcome == TaskOutcome::Done;
    let whole = !done || task.task.gives().iter().all(right);
    if !whole || !task.task.outcomes().contains(&reply.outcome) {
        return TaskReply::bare(TaskOutcome::Unavailable);
    }
    let complete = |offer: &Values| {
        let mut fields = crate::script::OFFER_FIELDS.iter();
        fields.all(|(field, kind)| offer.get(*field).is_some_and(|v| v.kind() == *kind))
    };
    reply.choices.retain(complete);
    reply
}
