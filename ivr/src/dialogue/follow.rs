//! What follows from a command, a choice, a confirmation, a failure.

use std::sync::Arc;

use events::{ChosenBy, DialogueOutcome, Timestamp};

use super::{Dialogue, FAILURES_MAX, Failure, STEPS_MAX, State};
use crate::Output;
use crate::script::{Choice, Command, Taken, YesNo};

impl Dialogue {
    pub(super) fn command(&mut self, now: Timestamp, command: Command, out: &mut Vec<Output>) {
        match command {
            Command::Person => {
                let transfer = self.script.system().transfer.clone();
                self.close(now, DialogueOutcome::PersonAsked, vec![transfer], out);
            }
            Command::Goodbye => {
                let goodbye = self.script.system().goodbye.clone();
                self.close(now, DialogueOutcome::Finished, vec![goodbye], out);
            }
            Command::Repeat => self.again(now, out),
            Command::Back => self.back(now, out),
            Command::Stop => self.stop(now, out),
        }
    }

    /// Says the present node once more.
    pub(super) fn again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        self.steps = self.steps.saturating_add(1);
        if self.steps > STEPS_MAX {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        }
        let node = match &mut self.state {
            State::Telling { node, .. } => {
                let node = node.clone();
                return self.enter(now, &node, out);
            }
            State::Asking(asking) => asking.node.clone(),
            State::Closing { .. } | State::Over => return,
        };
        let script = Arc::clone(&self.script);
        let confirming = match &self.state {
            State::Asking(asking) => asking.confirming,
            State::Telling { .. } | State::Closing { .. } | State::Over => None,
        };
        let choice = confirming.and_then(|key| script.question(&node).and_then(|q| q.pressed(key)));
        let say = choice.map_or_else(
            || {
                script
                    .node(&node)
                    .map(|n| n.prompt.clone())
                    .unwrap_or_default()
            },
            |choice| vec![choice.confirm.clone()],
        );
        self.ask(now, say, out);
    }

    /// To the question before this one; a node that only speaks goes back to the question before it.
    pub(super) fn back(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let asking = matches!(self.state, State::Asking(_));
        if asking && self.asked.len() > 1 {
            self.asked.pop();
        }
        match self.asked.last().cloned() {
            Some(before) => {
                self.hush(out);
                self.enter(now, &before, out);
            }
            None => self.again(now, out),
        }
    }

    /// Falls silent and listens; a node that only speaks is left behind.
    pub(super) fn stop(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        match &mut self.state {
            State::Telling { .. } => self.prompt_ended(now, false, out),
            State::Asking(asking) => {
                let silence_ms = self
                    .script
                    .question(&asking.node)
                    .map_or(0, |q| q.silence_ms);
                asking.until = now.plus_ms(silence_ms);
            }
            State::Closing { .. } | State::Over => {}
        }
    }

    pub(super) fn confirmed(
        &mut self,
        now: Timestamp,
        chosen: char,
        answer: YesNo,
        out: &mut Vec<Output>,
    ) {
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        asking.confirming = None;
        let node = asking.node.clone();
        let script = Arc::clone(&self.script);
        let choice = script
            .question(&node)
            .and_then(|question| question.pressed(chosen));
        match (choice, answer) {
            // The words were the caller's; the key or the «да» only confirmed them.
            (Some(choice), YesNo::Yes) => self.choose(now, choice, ChosenBy::Speech, out),
            (Some(_), YesNo::No) | (None, _) => self.fail(now, Failure::Miss, out),
        }
    }

    pub(super) fn choose(
        &mut self,
        now: Timestamp,
        choice: &Choice,
        by: ChosenBy,
        out: &mut Vec<Output>,
    ) {
        match &choice.taken {
            Taken::Way { service, need } => {
                self.need = need.or(self.need);
                if let Some(service) = service.as_ref().filter(|s| **s != self.service) {
                    self.service = service.clone();
                    self.need = *need;
                    out.push(Output::ServiceChosen(service.clone(), by));
                }
            }
            Taken::Score(score) => out.push(Output::Rated(*score)),
        }
        self.enter(now, &choice.goto, out);
    }

    /// Counts a failure: asks again, or gives the question up.
    pub(super) fn fail(&mut self, now: Timestamp, failure: Failure, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let Some(question) = script.question(&asking.node) else {
            return;
        };
        self.failures = self.failures.saturating_add(1);
        let count = match failure {
            Failure::Silence => &mut asking.silences,
            Failure::Miss | Failure::OutOfRange => &mut asking.misses,
        };
        *count = count.saturating_add(1);
        if *count >= question.tries || self.failures >= FAILURES_MAX {
            let outcome = match failure {
                Failure::Silence => DialogueOutcome::Silence,
                Failure::Miss | Failure::OutOfRange => DialogueOutcome::NotUnderstood,
            };
            return self.give_up(now, outcome, out);
        }
        asking.confirming = None;
        let out_of_range = question.rating.as_ref().map(|rating| &rating.out_of_range);
        let say = match (failure, out_of_range) {
            (Failure::Silence, _) => &question.silence,
            (Failure::OutOfRange, Some(text)) => text,
            (Failure::Miss, _) | (Failure::OutOfRange, None) => &question.not_understood,
        };
        self.ask(now, vec![say.clone()], out);
    }
}
