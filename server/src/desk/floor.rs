//! What the desk remembers of messages to operators, and the room as supervisors see it.

use std::collections::{BTreeSet, VecDeque};

use events::{Act, Audience, OperatorId, Pii, Timestamp};

use super::Desk;
use super::audit_words::audience;
use super::call::{Call, Heard};
use super::operator::{Operator, Presence, Stage};
use super::view::ms;
use super::views::{CardView, FloorView, MessageView, SentView, WaitingView};

/// Messages that are remembered; older ones stand in the journal.
const KEPT: usize = 200;
/// Messages that are shown to those who send them.
const SHOWN: usize = 20;
/// Answers to the assistant that are shown of a caller who waits.
const SAID_MAX: usize = 5;

/// Messages to operators.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages(VecDeque<Message>);

#[derive(Clone, Debug)]
struct Message {
    id: u64,
    at: Timestamp,
    from: Option<OperatorId>,
    to: Audience,
    text: Pii<String>,
    read: BTreeSet<OperatorId>,
    unread: BTreeSet<OperatorId>,
}

impl Desk {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "two acts of the many are about messages"
    )]
    pub(super) fn follow_messages(
        &mut self,
        (id, at): (u64, Timestamp),
        by: Option<&OperatorId>,
        act: &Act,
    ) {
        match act {
            Act::MessageSent { to, text } => {
                let message = Message {
                    id,
                    at,
                    from: by.cloned(),
                    to: to.clone(),
                    text: text.clone(),
                    read: BTreeSet::new(),
                    unread: self.addressees(to, by),
                };
                if self.messages.0.len() == KEPT {
                    self.messages.0.pop_front();
                }
                self.messages.0.push_back(message);
            }
            Act::MessageRead { message } => {
                let mut messages = self.messages.0.iter_mut();
                let read = messages.find(|known| known.id == *message);
                if let (Some(read), Some(by)) = (read, by)
                    && read.unread.remove(by)
                {
                    read.read.insert(by.clone());
                }
            }
            _ => {}
        }
    }

    /// Whoever is at the desk and meant; nobody tells themselves something.
    fn addressees(&self, to: &Audience, but: Option<&OperatorId>) -> BTreeSet<OperatorId> {
        let is_here = |id: &OperatorId| {
            let operator = self.operators.get(id);
            operator.is_some_and(|operator| !matches!(operator.presence, Presence::SignedOut))
        };
        let everybody = self.organisation.operators.iter();
        let meant = everybody.filter(|(id, card)| match to {
            Audience::Everybody => is_here(id),
            Audience::Queue(queue) => is_here(id) && card.queues.contains(queue),
            Audience::Operator(one) => one == *id,
        });
        let meant = meant.map(|(id, _)| id.clone());
        meant.filter(|id| Some(id) != but).collect()
    }

    /// Whether somebody has this message and has not read it.
    #[must_use]
    pub fn has_unread(&self, whose: &OperatorId, message: u64) -> bool {
        let mut messages = self.messages.0.iter();
        messages.any(|known| known.id == message && known.unread.contains(whose))
    }

    pub(super) fn unread(&self, whose: &OperatorId) -> Vec<MessageView> {
        let unread = self.messages.0.iter();
        let unread = unread.filter(|message| message.unread.contains(whose));
        unread
            .map(|message| MessageView {
                id: message.id,
                at_ms: ms(message.at),
                from: self.sender(message),
                text: message.text.expose().clone(),
            })
            .collect()
    }

    fn sender(&self, message: &Message) -> String {
        let from = message.from.as_ref();
        from.map_or_else(String::new, |from| self.organisation.operator_name(from))
    }

    /// The room at `now`, beside the board.
    #[must_use]
    pub fn floor(&self, now: Timestamp) -> FloorView {
        let waits = |(id, call): (&events::CallId, &Call)| Some((call.waiting_since?, *id));
        let mut waiting: Vec<_> = self.calls.iter().filter_map(waits).collect();
        waiting.sort_unstable();
        let names = |ids: &BTreeSet<OperatorId>| {
            let names = ids.iter().map(|id| self.organisation.operator_name(id));
            names.collect()
        };
        let sent = self.messages.0.iter().rev().take(SHOWN);
        FloorView {
            now_ms: ms(now),
            waiting: waiting
                .into_iter()
                .filter_map(|(since, id)| self.waiting_view(id, since))
                .collect(),
            messages: sent
                .map(|message| SentView {
                    id: message.id,
                    at_ms: ms(message.at),
                    from: self.sender(message),
                    to: audience(&message.to, &self.organisation),
                    text: message.text.expose().clone(),
                    read: names(&message.read),
                    unread: names(&message.unread),
                })
                .collect(),
        }
    }

    fn waiting_view(&self, id: events::CallId, since: Timestamp) -> Option<WaitingView> {
        let call = self.calls.get(&id)?;
        let queue = call.queue.as_ref()?;
        let said = call.heard.iter().filter_map(|(_, heard)| match heard {
            Heard::Speech { text, accepted, .. } if *accepted => Some(text.expose().clone()),
            Heard::Speech { .. } | Heard::Key { .. } => None,
        });
        let said: Vec<String> = said.filter(|text| !text.is_empty()).collect();
        let rung = self
            .operators
            .iter()
            .filter(|(_, operator)| is_rung(operator, id));
        Some(WaitingView {
            call: id.to_string(),
            queue: CardView {
                id: queue.to_string(),
                title: self.organisation.queue_title(queue),
            },
            service: self.organisation.service_title(&call.service),
            since_at_ms: ms(since),
            said: said.iter().rev().take(SAID_MAX).rev().cloned().collect(),
            rings: rung
                .map(|(id, _)| self.organisation.operator_name(id))
                .collect(),
        })
    }
}

fn is_rung(operator: &Operator, call: events::CallId) -> bool {
    let task = operator.task().filter(|task| task.call == call);
    task.is_some_and(|task| matches!(task.stage, Stage::Ringing { .. } | Stage::Connecting))
}
