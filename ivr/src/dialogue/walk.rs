//! Going from node to node: telling, asking, closing.

use std::sync::Arc;

use events::{DialogueOutcome, DialoguePurpose, Event, Timestamp};

use super::silent::Passed;
use super::{
    Asked, Asking, BACK_MAX, Dialogue, LETTER_MS, NODE_LIMIT_MS, PATH_MAX, PAUSES_MAX,
    PROMPT_SLACK_MS, Pause, SPEECH_LIMIT_MS, STEPS_MAX, State,
};
use crate::script::{CONFIRM_NODE, NodeKind, SETTINGS_NODE};
use crate::{Output, Phrase};

impl Dialogue {
    pub(super) fn enter(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let mut name = self.corrected(name);
        loop {
            self.step(now, &name, out);
            let Some(node) = script.node(&name).filter(|_| self.steps <= STEPS_MAX) else {
                return self.give_up(now, DialogueOutcome::NotUnderstood, out);
            };
            let next = match self.pass(&node.kind) {
                Passed::On(next) => next,
                Passed::Call => {
                    let NodeKind::Call(call) = &node.kind else {
                        return;
                    };
                    self.begin_call(&name, call)
                }
                Passed::Stays => break,
                Passed::Nowhere => {
                    return self.give_up(now, DialogueOutcome::NotUnderstood, out);
                }
            };
            name = self.corrected(&next);
        }
        self.stay(now, &name, out);
    }

    /// Where the dialogue really goes: after a correction, back to where the values were read.
    fn corrected(&mut self, name: &str) -> String {
        let Some(correction) = &self.correcting else {
            return name.to_owned();
        };
        if name == correction.back || correction.others.iter().any(|other| other == name) {
            let back = correction.back.clone();
            self.correcting = None;
            return back;
        }
        name.to_owned()
    }

    /// Begins what a node with words does.
    fn stay(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        let script = Arc::clone(&self.script);
        let Some(node) = script.node(name) else {
            return self.give_up(now, DialogueOutcome::NotUnderstood, out);
        };
        let prompt = self.words(&node.prompt);
        match &node.kind {
            NodeKind::Answer { cards, .. } => {
                if cards.iter().any(|card| !card.is_valid(self.context.today)) {
                    let expired = self.words(&script.system().transfer_expired);
                    return self.close(now, DialogueOutcome::ToPerson, expired, out);
                }
                let cards = cards.iter().flat_map(|card| self.words(&card.say));
                self.tell(now, name, prompt.into_iter().chain(cards).collect(), out);
            }
            NodeKind::Question(_) | NodeKind::Ask(_) | NodeKind::Dictate(_) => {
                self.arrive(now, name);
                self.ask(now, prompt, out);
            }
            NodeKind::Pick(_) => {
                self.arrive(now, name);
                self.offer(now, out);
            }
            NodeKind::Task(task) => self.work(now, (name, task), prompt, out),
            NodeKind::Handover { need } => {
                self.need = need.or(self.need);
                self.close(now, DialogueOutcome::ToPerson, prompt, out);
            }
            NodeKind::Finish { outcome } => self.close(now, *outcome, prompt, out),
            NodeKind::Say { .. }
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. } => self.tell(now, name, prompt, out),
        }
    }

    /// Notes that the node was reached and starts its clock.
    pub(super) fn step(&mut self, now: Timestamp, name: &str, out: &mut Vec<Output>) {
        self.steps = self.steps.saturating_add(1);
        self.node_until = now.plus_ms(NODE_LIMIT_MS.saturating_mul(self.pace.factor));
        if self.path.len() < PATH_MAX {
            self.path.push(name.to_owned());
        }
        // A node without a word is no step of the caller's.
        if !self
            .script
            .node(name)
            .is_some_and(|node| node.kind.is_silent())
        {
            out.push(Output::Fact(Event::StepReached {
                call: self.call,
                step: name.to_owned(),
            }));
        }
    }

    /// Makes the question the present one, with nothing said yet.
    pub(super) fn arrive(&mut self, now: Timestamp, name: &str) {
        if self.asked.last().is_none_or(|last| last.node != name) {
            self.asked.push(Asked {
                node: name.to_owned(),
                known: self.known.clone(),
            });
        }
        if self.asked.len() > BACK_MAX {
            self.asked.remove(0);
        }
        self.state = State::Asking(Asking {
            node: name.to_owned(),
            saying: false,
            doubt: None,
            entry: self.entry_for(name),
            offers: self.offers_for(name),
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
        let script = Arc::clone(&self.script);
        let Some(ahead) = script.question_ahead(node) else {
            return false;
        };
        let mut name = node.clone();
        while name != ahead {
            let Some(kind) = script.node(&name).map(|node| &node.kind) else {
                return false;
            };
            name = match (kind, kind.only_way()) {
                (NodeKind::Call(call), _) => self.begin_call(&name, call),
                (_, Some(next)) => next.to_owned(),
                (_, None) => return false,
            };
        }
        self.step(now, ahead, out);
        out.push(Output::StopSaying);
        self.arrive(now, ahead);
        true
    }

    pub(super) fn tell(
        &mut self,
        now: Timestamp,
        name: &str,
        say: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) {
        let until = self.say(now, say, out);
        self.listen(name, out);
        self.state = State::Telling {
            node: name.to_owned(),
            saying: true,
            until,
            pause: Pause::default(),
        };
    }

    /// Stops a statement while the caller speaks: it is gone on with if what they say is nothing of
    /// its business.
    pub(super) fn pause_telling(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let State::Telling {
            node,
            saying: true,
            until,
            pause,
        } = &mut self.state
        else {
            return;
        };
        let waits = pause.until.is_none() && pause.count < PAUSES_MAX;
        if waits && self.script.listens(node) {
            pause.count += 1;
            pause.until = Some(now.plus_ms(SPEECH_LIMIT_MS));
            *until = until.plus_ms(SPEECH_LIMIT_MS);
            out.push(Output::PauseSaying);
        }
    }

    /// Goes on with a statement that was paused.
    pub(super) fn go_on_telling(&mut self, out: &mut Vec<Output>) {
        if let State::Telling { pause, .. } = &mut self.state
            && pause.until.take().is_some()
        {
            out.push(Output::ResumeSaying);
        }
    }

    /// Says phrases, after what everybody is told first; gives the time when they must have ended.
    pub(super) fn say(
        &mut self,
        now: Timestamp,
        say: Vec<Phrase>,
        out: &mut Vec<Output>,
    ) -> Timestamp {
        let mut all = std::mem::take(&mut self.first);
        all.extend(say);
        let until = said_by(now, &all);
        out.push(Output::Say(all));
        until
    }

    /// Listens with a node's list, if the assistant listens there at all.
    pub(super) fn listen(&self, name: &str, out: &mut Vec<Output>) {
        let everywhere = name == CONFIRM_NODE || name == SETTINGS_NODE;
        if everywhere || self.script.listens(name) {
            let node = self.script.list_name(name, &self.pace.language);
            out.push(Output::Listen { node });
        }
    }

    /// Says something in the present question and listens for its answer.
    pub(super) fn ask(&mut self, now: Timestamp, say: Vec<Phrase>, out: &mut Vec<Output>) {
        let until = self.say(now, say, out);
        let State::Asking(asking) = &mut self.state else {
            return;
        };
        asking.saying = true;
        asking.until = until;
        let list = match &asking.doubt {
            Some(_) => CONFIRM_NODE.to_owned(),
            None => asking.node.clone(),
        };
        self.listen(&list, out);
    }

    /// Stops what is being said, if anything is.
    pub(super) fn hush(&mut self, out: &mut Vec<Output>) {
        let saying = match &mut self.state {
            State::Telling { saying, pause, .. } => {
                pause.until = None;
                saying
            }
            State::Settings { saying, .. } | State::Asking(Asking { saying, .. }) => saying,
            State::Working(working) => &mut working.saying,
            State::Dictating { .. } | State::Closing { .. } | State::Over => return,
        };
        if std::mem::take(saying) {
            out.push(Output::StopSaying);
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
        self.drop_dictation(out);
        if self.script.purpose != DialoguePurpose::Farewell || self.script.asks() {
            out.push(Output::StopListening);
        }
        let assists = self.script.purpose == DialoguePurpose::Assistant;
        let notice = self.context.notice_required && assists && to_person(outcome);
        if notice {
            say.extend(self.words(&self.script.system().recording_notice));
        }
        let until = self.say(now, say, out);
        self.state = State::Closing {
            outcome,
            notice,
            until,
        };
    }

    /// Leaves everything behind for a node of the script itself.
    pub(super) fn leave_for(&mut self, now: Timestamp, node: &str, out: &mut Vec<Output>) {
        self.hush(out);
        self.drop_dictation(out);
        self.known.calls.clear();
        self.correcting = None;
        if let State::Working(_) = self.state {
            self.stale.tasks = self.stale.tasks.saturating_add(1);
        }
        self.enter(now, node, out);
    }

    /// Ends because the script cannot go on: to a person, or without a rating.
    pub(super) fn give_up(
        &mut self,
        now: Timestamp,
        outcome: DialogueOutcome,
        out: &mut Vec<Output>,
    ) {
        let script = Arc::clone(&self.script);
        if let Some(node) = script.give_up.as_ref().filter(|_| self.gave_up.is_none()) {
            self.gave_up = Some(outcome);
            return self.leave_for(now, node, out);
        }
        let system = script.system();
        let say = match script.purpose {
            DialoguePurpose::Assistant if outcome == DialogueOutcome::Silence => {
                &system.transfer_silence
            }
            DialoguePurpose::Assistant => &system.transfer_not_understood,
            DialoguePurpose::Rating => {
                let question = self
                    .asked
                    .last()
                    .and_then(|last| script.question(&last.node));
                question
                    .and_then(|q| q.rating.as_ref())
                    .map_or(&system.goodbye, |r| &r.give_up)
            }
            DialoguePurpose::Farewell => &system.goodbye,
            DialoguePurpose::Waiting => &system.wait,
        };
        let outcome = match script.purpose {
            DialoguePurpose::Assistant | DialoguePurpose::Rating => outcome,
            DialoguePurpose::Farewell | DialoguePurpose::Waiting => DialogueOutcome::Finished,
        };
        let say = self.words(say);
        self.close(now, outcome, say, out);
    }
}

/// When a prompt must have ended: long after any voice has said it.
pub(super) fn said_by(now: Timestamp, say: &[Phrase]) -> Timestamp {
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
