//! Dictation: what a caller says is kept as a recording of their own voice alone.

use events::{CallId, LegId, Millis, Pii, Timestamp};

use super::{Effect, ListenId, Switchboard, Turn};

/// Tells one dictation from the next on the same leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DictationId(pub u64);

/// What a dictation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictated {
    /// Which.
    pub dictation: DictationId,
    /// How long they spoke.
    pub spoken: Millis,
    /// What was recognised of it; empty without a model for free speech.
    pub words: Pii<String>,
}

impl Switchboard {
    /// Begins to record what a caller says, and to listen for the commands of this list meanwhile.
    pub(super) fn dictate(&mut self, call: CallId, (list, file): (&str, String), turn: &mut Turn) {
        let (dictation, listen) = (DictationId(self.next_listen), ListenId(self.next_listen));
        self.next_listen += 1;
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        let Some(running) = &room.dialogue else {
            return;
        };
        let grammar = running.dialogue.script().list_key(list);
        room.dictations.push(dictation);
        room.listening = Some(listen);
        turn.effects.push(Effect::Dictate {
            leg: room.caller,
            dictation,
            listen,
            grammar,
            file,
        });
    }

    /// Ends a dictation; what it came to is told by [`Switchboard::dictated`].
    pub(super) fn stop_dictating(&mut self, call: CallId, turn: &mut Turn) {
        if let Some(room) = self.rooms.get(&call)
            && !room.dictations.is_empty()
        {
            turn.effects.push(Effect::StopDictating(room.caller));
        }
    }

    /// Ends a dictation that nobody waits for any more.
    pub(super) fn drop_dictations(&mut self, call: CallId, turn: &mut Turn) {
        self.stop_dictating(call, turn);
        if let Some(room) = self.rooms.get_mut(&call) {
            room.dictations.clear();
        }
    }

    pub(super) fn dictated(
        &mut self,
        now: Timestamp,
        leg: LegId,
        dictated: Dictated,
        turn: &mut Turn,
    ) {
        let Some(call) = self.caller_of(leg) else {
            return;
        };
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        // A dialogue counts the ends of what it has stopped: each is told, and told once.
        let mut waiting = room.dictations.iter();
        let Some(place) = waiting.position(|id| *id == dictated.dictation) else {
            return; // a late end of a dictation that nobody waits for
        };
        room.dictations.remove(place);
        let input = ivr::Input::Dictated {
            words: dictated.words,
            spoken_ms: dictated.spoken,
        };
        self.converse(now, call, input, turn);
    }
}
