//! The open legs, and how a message finds its own.

use std::collections::BTreeMap;

use events::LegId;

use super::turn::Turn;
use crate::leg::Leg;
use crate::message::Message;

/// Call-ID, From tag and CSeq of a caller's INVITE: the same three on another branch are the same
/// request that came by two ways (RFC 3261 §8.2.2.2).
type MergeKey = (String, String, u32);
/// Call-ID and our tag.
type DialogKey = (String, String);

#[derive(Debug)]
struct Entry {
    leg: Leg,
    dialog: Option<DialogKey>,
    invite: Option<MergeKey>,
}

/// All legs that SIP still knows.
#[derive(Debug, Default)]
pub(super) struct Legs {
    entries: BTreeMap<LegId, Entry>,
    dialogs: BTreeMap<DialogKey, LegId>,
    invites: BTreeMap<MergeKey, LegId>,
    /// Those that the switchboard knows too.
    open: usize,
}

/// What [`MergeKey`] a request has.
pub(super) fn merge_key(request: &Message) -> MergeKey {
    let call_id = request.call_id().to_owned();
    let tag = request.from().tag().unwrap_or_default().to_owned();
    (call_id, tag, request.cseq().0)
}

impl Legs {
    /// How many the switchboard knows.
    pub(super) const fn open(&self) -> usize {
        self.open
    }

    /// Whether any leg is left, also one that only waits for the answer to its BYE.
    pub(super) fn any(&self) -> bool {
        !self.entries.is_empty()
    }

    pub(super) fn contains(&self, leg: LegId) -> bool {
        self.entries.contains_key(&leg)
    }

    /// Adds a leg; a caller's one with its INVITE.
    pub(super) fn insert(&mut self, leg: Leg, invite: Option<&Message>) {
        let id = leg.id;
        let (dialog, invite) = (leg.dialog_key(), invite.map(merge_key));
        if let Some(key) = &dialog {
            self.dialogs.insert(key.clone(), id);
        }
        if let Some(key) = &invite {
            self.invites.insert(key.clone(), id);
        }
        self.open += usize::from(leg.is_open());
        self.entries.insert(
            id,
            Entry {
                leg,
                dialog,
                invite,
            },
        );
    }

    /// Lets a leg act, and forgets it when it is over. Nothing happens if there is no such leg.
    pub(super) fn with<'a, F>(&mut self, turn: &mut Turn<'a>, id: LegId, act: F)
    where
        F: FnOnce(&mut Leg, &mut Turn<'a>),
    {
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        let was_open = entry.leg.is_open();
        act(&mut entry.leg, turn);
        if was_open && !entry.leg.is_open() {
            self.open -= 1;
        }
        if entry.leg.is_over()
            && let Some(entry) = self.entries.remove(&id)
        {
            if let Some(key) = &entry.dialog {
                self.dialogs.remove(key);
            }
            if let Some(key) = &entry.invite {
                self.invites.remove(key);
            }
        }
    }

    pub(super) fn get(&self, id: LegId) -> Option<&Leg> {
        self.entries.get(&id).map(|entry| &entry.leg)
    }

    /// The leg of a request inside a dialog (RFC 3261 §12.2.2).
    pub(super) fn of_dialog(&self, request: &Message) -> Option<LegId> {
        let key = (request.call_id().to_owned(), request.to().tag()?.to_owned());
        let id = *self.dialogs.get(&key)?;
        let remote_tag = self.get(id)?.remote_tag();
        // An early dialog of ours does not know the other side's tag yet.
        let same = remote_tag.is_none_or(|tag| request.from().tag() == Some(tag));
        same.then_some(id)
    }

    /// The leg that the same INVITE, or the INVITE of a CANCEL, has made.
    pub(super) fn of_invite(&self, request: &Message) -> Option<LegId> {
        self.invites.get(&merge_key(request)).copied()
    }

    /// Every leg, for what concerns all of them.
    pub(super) fn each(&mut self) -> impl Iterator<Item = &mut Leg> {
        self.entries.values_mut().map(|entry| &mut entry.leg)
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.dialogs.is_empty()
            && self.invites.is_empty()
            && self.open == 0
    }
}
