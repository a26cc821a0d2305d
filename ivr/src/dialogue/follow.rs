//! What follows from a command, a choice, a confirmation, a failure.

use std::sync::Arc;

use events::{ChosenBy, DialogueOutcome, Timestamp, Value};

use super::{Correction, Dialogue, Doubt, FAILURES_MAX, Failure, STEPS_MAX, State};
use crate::script::{Choice, Command, NodeKind, Taken, YesNo};
use crate::{Output, Phrase};

impl Dialogue {
    pub(super) fn command(&mut self, now: Timestamp, command: Command, out: &mut Vec<Output>) {
        if matches!(self.state, State::Settings { .. }) {
            self.close_settings(out);
        }
        match command {
            Command::Person if !self.context.open && self.script.when_closed.is_some() => {
                let node = self.script.when_closed.clone().unwrap_or_default();
                self.leave_for(now, &node, out);
            }
            Command::Person => {
                let transfer = self.words(&self.script.system().transfer);
                self.close(now, DialogueOutcome::PersonAsked, transfer, out);
            }
            Command::Goodbye => {
                let goodbye = self.words(&self.script.system().goodbye);
                self.close(now, DialogueOutcome::Finished, goodbye, out);
            }
            Command::Repeat => self.again(now, out),
            Command::Back => self.back(now, out),
            Command::Stop => self.stop(now, out),
            Command::Slower | Command::Louder | Command::Usual | Command::MoreTime => {
                self.change_manner(now, command, out);
            }
        }
    }

    /// Says the present node once more.
    pub(super) fn again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        self.steps = self.steps.saturating_add(1);
        if self.steps > STEPS_MAX {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        }
        let say = match &self.state {
            State::Telling { node, .. } => {
                let node = node.clone();
                return self.enter(now, &node, out);
            }
            State::Asking(_) => self.prompt_again(),
            State::Working(_)
            | State::Dictating { .. }
            | State::Settings { .. }
            | State::Closing { .. }
            | State::Over => return,
        };
        self.ask(now, say, out);
    }

    /// What the present question asks, as it was asked last.
    fn prompt_again(&self) -> Vec<Phrase> {
        let State::Asking(asking) = &self.state else {
            return Vec::new();
        };
        if let Some(doubt) = &asking.doubt {
            return self.doubt_words(&asking.node, doubt);
        }
        let Some(node) = self.script.node(&asking.node) else {
            return Vec::new();
        };
        match &node.kind {
            NodeKind::Pick(pick) => self.offer_words(pick),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Question(_)
            | NodeKind::Ask(_)
            | NodeKind::Dictate(_)
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => self.words(&node.prompt),
        }
    }

    /// «Вы сказали …?» about this.
    pub(super) fn doubt_words(&self, node: &str, doubt: &Doubt) -> Vec<Phrase> {
        let system = self.script.system();
        let said = |words: String| self.words_with(&system.confirm, &[("said", words)]);
        match doubt {
            Doubt::Choice(key) => {
                let question = self.script.question(node);
                let choice = question.and_then(|q| q.pressed(*key));
                choice.map_or_else(Vec::new, |choice| self.words(&choice.confirm))
            }
            Doubt::Values(values) => {
                let first = values.expose().first();
                first.map_or_else(Vec::new, |value| said(self.value_words(node, value)))
            }
            Doubt::Offer(place) => said(self.offer_named(*place)),
            Doubt::Dictation(_) => self.words(&system.dictated),
        }
    }

    /// To the question before this one; a node that only speaks goes back to the question before it.
    pub(super) fn back(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let asking = matches!(self.state, State::Asking(_));
        if asking && self.asked.len() > 1 {
            self.asked.pop();
        }
        if let State::Working(_) = self.state {
            self.hush(out);
            self.stale.tasks = self.stale.tasks.saturating_add(1);
        }
        match self.asked.last().cloned() {
            Some(before) => {
                self.hush(out);
                self.known = before.known;
                self.correcting = None;
                self.enter(now, &before.node, out);
            }
            None => self.again(now, out),
        }
    }

    /// Falls silent and listens; a node that only speaks is left behind.
    pub(super) fn stop(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.hush(out);
        let silence_ms = self.silence_ms();
        match &mut self.state {
            State::Telling { .. } => self.prompt_ended(now, false, out),
            State::Asking(asking) => asking.until = now.plus_ms(silence_ms),
            State::Working(_)
            | State::Dictating { .. }
            | State::Settings { .. }
            | State::Closing { .. }
            | State::Over => {}
        }
    }

    pub(super) fn confirmed(
        &mut self,
        now: Timestamp,
        doubt: Doubt,
        answer: YesNo,
        out: &mut Vec<Output>,
    ) {
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        asking.doubt = None;
        let node = asking.node.clone();
        let script = Arc::clone(&self.script);
        let yes = answer == YesNo::Yes;
        match doubt {
            Doubt::Choice(key) if yes => {
                let question = script.question(&node);
                match question.and_then(|question| question.pressed(key)) {
                    // The words were the caller's; the key or the «да» only confirmed them.
                    Some(choice) => self.choose(now, choice, ChosenBy::Speech, out),
                    None => self.fail(now, Failure::Miss, out),
                }
            }
            Doubt::Values(values) => {
                let mut values = values.into_inner();
                match (values.is_empty(), yes) {
                    (false, true) => {
                        let value = values.remove(0);
                        self.take_value(now, value, out);
                    }
                    (_, _) => {
                        values.drain(..values.len().min(1));
                        self.next_reading(now, values, out);
                    }
                }
            }
            Doubt::Offer(place) if yes => self.take_offer(now, place, out),
            Doubt::Dictation(value) if yes => self.take_value(now, value.into_inner(), out),
            Doubt::Dictation(_) => self.ask_again(now, out),
            Doubt::Choice(_) | Doubt::Offer(_) => self.fail(now, Failure::Miss, out),
        }
    }

    /// The next of several readings, or the question again.
    fn next_reading(&mut self, now: Timestamp, left: Vec<Value>, out: &mut Vec<Output>) {
        if left.is_empty() {
            return self.fail(now, Failure::Miss, out);
        }
        self.ask_whether(now, left, out);
    }

    /// The question from its beginning, without counting a failure.
    pub(super) fn ask_again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let say = self.prompt_again();
        self.ask(now, say, out);
    }

    pub(super) fn choose(
        &mut self,
        now: Timestamp,
        choice: &Choice,
        by: ChosenBy,
        out: &mut Vec<Output>,
    ) {
        let mut correction = None;
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
            Taken::Correction { back, others } => {
                correction = Some(Correction {
                    back: back.clone(),
                    others: others.clone(),
                });
            }
        }
        self.set(&choice.set);
        self.enter(now, &choice.goto, out);
        if correction.is_some() && !matches!(self.state, State::Closing { .. } | State::Over) {
            self.correcting = correction;
        }
    }

    /// Counts a failure: asks again, or gives the question up.
    pub(super) fn fail(&mut self, now: Timestamp, failure: Failure, out: &mut Vec<Output>) {
        self.fail_with(now, failure, Vec::new(), out);
    }

    /// Counts a failure whose reason is told first.
    pub(super) fn fail_with(
        &mut self,
        now: Timestamp,
        failure: Failure,
        reason: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) {
        if matches!(self.state, State::Settings { .. }) {
            return self.leave_settings(now, out);
        }
        let script = Arc::clone(&self.script);
        let entry = self.state.node().and_then(|node| self.entry_for(node));
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        let Some(kind) = script.node(&asking.node).map(|node| &node.kind) else {
            return;
        };
        let Some(patience) = kind.patience() else {
            return;
        };
        self.failures = self.failures.saturating_add(1);
        let count = match failure {
            Failure::Silence => &mut asking.silences,
            Failure::Miss | Failure::OutOfRange => &mut asking.misses,
        };
        *count = count.saturating_add(1);
        if *count >= patience.tries || self.failures >= FAILURES_MAX {
            let outcome = match failure {
                Failure::Silence => DialogueOutcome::Silence,
                Failure::Miss | Failure::OutOfRange => DialogueOutcome::NotUnderstood,
            };
            return self.give_up(now, outcome, out);
        }
        asking.doubt = None;
        asking.entry = entry;
        let rating = kind.question().and_then(|q| q.rating.as_ref());
        let say = match (failure, rating) {
            (Failure::Silence, _) => &patience.silence,
            (Failure::OutOfRange, Some(rating)) => &rating.out_of_range,
            (Failure::Miss, _) | (Failure::OutOfRange, None) => &patience.not_understood,
        };
        let mut words = if reason.is_empty() {
            self.words(say)
        } else {
            reason
        };
        words.extend(self.how_to_answer(kind));
        self.ask(now, words, out);
    }

    /// How to answer, after a failure: hints for values, the offers once more.
    fn how_to_answer(&self, kind: &NodeKind) -> Vec<Phrase> {
        match kind {
            NodeKind::Ask(ask) => self.words(&ask.hint),
            NodeKind::Pick(pick) => self.offer_words(pick),
            NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Question(_)
            | NodeKind::Dictate(_)
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => Vec::new(),
        }
    }
}
