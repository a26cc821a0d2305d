//! Going from node to node: telling, asking, closing.

use std::sync::Arc;

use events::{DialogueOutcome, DialoguePurpose, Event, Timestamp};

use super::{Asking, Dialogue, LETTER_MS, NODE_LIMIT_MS, PROMPT_SLACK_MS, STEPS_MAX, State};
use crate::script::{CONFIRM_NODE, NodeKind};
use crate::{Output, Phrase};

impl Dialogue {
    pub(super) fn enter(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        self.step(now, name, out);
        let script = Arc::clone(&self.script);
        let Some(node) = script.node(name).filter(|_| self.steps <= STEPS_MAX) else {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        };
        match &node.kind {
            NodeKind::Say { .. } => self.tell(now, name, node.prompt.clone(), out),
            NodeKind::Answer { cards, .. } => {
                if cards.iter().any(|card| !card.is_valid(self.context.today)) {
                    let expired = script.system().transfer_expired.clone();
                    return self.close(now, DialogueOutcome::ToPerson, vec![expired], out);
                }
                let cards = cards.iter().map(|card| card.phrase.clone());
                self.tell(
                    now,
                    name,
                    node.prompt.iter().cloned().chain(cards).collect(),
                    out,
                );
            }
            NodeKind::Question(_) => {
                self.arrive(now, name);
                self.ask(now, node.prompt.clone(), out);
            }
            NodeKind::Handover { need } => {
                self.need = need.or(self.need);
                self.close(now, DialogueOutcome::ToPerson, node.prompt.clone(), out);
            }
            NodeKind::Finish { outcome } => self.close(now, *outcome, node.prompt.clone(), out),
        }
    }

    /// Notes that the node was reached and starts its clock.
    pub(super) fn step(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        self.steps = self.steps.saturating_add(1);
        self.node_until = now.plus_ms(NODE_LIMIT_MS);
        let step = name.to_owned();
        out.push(Output::Fact(Event::StepReached {
            call: self.call,
            step,
        }));
    }

    /// Makes the question the present one, with nothing said yet.
    pub(super) fn arrive(&mut self, now: Timestamp, name: &str) {
        if self.asked.last().is_none_or(|last| last != name) {
            self.asked.push(name.to_owned());
        }
        self.state = State::Asking(Asking {
            node: name.to_owned(),
            saying: false,
            confirming: None,
            silences: 0,
            misses: 0,
            until: now,
        });
    }

    /// From a node that only speaks to the question ahead of it, without asking it aloud.
    pub(super) fn skip_ahead(&mut self, now: Timestamp, out: &mut Vec<Output>) -> bool {
        let State::Telling { node, .. } = &self.state else {
            return false;
        };
        let Some(ahead) = self.script.question_ahead(node).map(str::to_owned) else {
            return false;
        };
        self.step(now, &ahead, out);
        out.push(Output::StopSaying);
        self.arrive(now, &ahead);
        true
    }

    pub(super) fn tell(
        &mut self,
        now: Timestamp,
        name: &str,
        say: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) {
        let until = said_by(now, &say);
        out.push(Output::Say(say));
        if self.script.listens(name) {
            out.push(Output::Listen {
                node: name.to_owned(),
            });
        }
        self.state = State::Telling {
            node: name.to_owned(),
            saying: true,
            until,
        };
    }

    /// Says something in the present question and listens for its answer.
    pub(super) fn ask(&mut self, now: Timestamp, say: Vec<Phrase>, out: &mut Vec<Output>) {
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        asking.saying = true;
        asking.until = said_by(now, &say);
        out.push(Output::Say(say));
        let node = asking
            .confirming
            .map_or_else(|| asking.node.clone(), |_| CONFIRM_NODE.into());
        out.push(Output::Listen { node });
    }

    /// Stops what is being said, if anything is.
    pub(super) fn hush(&mut self, out: &mut Vec<Output>) {
        match &mut self.state {
            State::Telling { saying, .. } | State::Asking(Asking { saying, .. }) => {
                if std::mem::take(saying) {
                    out.push(Output::StopSaying);
                }
            }
            State::Closing { .. } | State::Over => {}
        }
    }

    /// Says the last words, with the notice of recording before a person, and ends.
    pub(super) fn close(
        &mut self,
        now: Timestamp,
        outcome: DialogueOutcome,
        mut say: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) {
        self.hush(out);
        if self.script.purpose != DialoguePurpose::Farewell {
            out.push(Output::StopListening);
        }
        let assists = self.script.purpose == DialoguePurpose::Assistant;
        let notice = self.context.notice_required && assists && to_person(outcome);
        if notice {
            say.push(self.script.system().recording_notice.clone());
        }
        let until = said_by(now, &say);
        out.push(Output::Say(say));
        self.state = State::Closing {
            outcome,
            notice,
            until,
        };
    }

    /// Ends because the script cannot go on: to a person, or without a rating.
    pub(super) fn give_up(
        &mut self,
        now: Timestamp,
        outcome: DialogueOutcome,
        out: &mut Vec<Output>,
    ) {
        let system = self.script.system();
        let say = match self.script.purpose {
            DialoguePurpose::Assistant if outcome == DialogueOutcome::Silence => {
                &system.transfer_silence
            }
            DialoguePurpose::Assistant => &system.transfer_not_understood,
            DialoguePurpose::Rating => {
                let question = self
                    .asked
                    .last()
                    .and_then(|name| self.script.question(name));
                question
                    .and_then(|q| q.rating.as_ref())
                    .map_or(&system.goodbye, |r| &r.give_up)
            }
            DialoguePurpose::Farewell => &system.goodbye,
        };
        let outcome = match self.script.purpose {
            DialoguePurpose::Assistant | DialoguePurpose::Rating => outcome,
            DialoguePurpose::Farewell => DialogueOutcome::Finished,
        };
        self.close(now, outcome, vec![say.clone()], out);
    }
}

/// When a prompt must have ended: long after any voice has said it.
fn said_by(now: Timestamp, say: &[Phrase]) -> Timestamp {
    let letters: usize = say.iter().map(|phrase| phrase.text.chars().count()).sum();
    let letters = u64::try_from(letters).unwrap_or(u64::MAX);
    now.plus_ms(
        letters
            .saturating_mul(LETTER_MS)
            .saturating_add(PROMPT_SLACK_MS),
    )
}

const fn to_person(outcome: DialogueOutcome) -> bool {
    matches!(
        outcome,
        DialogueOutcome::ToPerson
            | DialogueOutcome::PersonAsked
            | DialogueOutcome::NotUnderstood
            | DialogueOutcome::Silence
    )
}
