//! Live text of a talk: while a caller talks with a person, what they say is recognised and shown to
//! that person. It suggests what the call is about, and decides nothing.
//!
//! Only those are recognised who were told that the conversation is recorded, and only while a person
//! of the house hears them: not on hold, not while somebody else is consulted.

use acd::Stage;
use events::{CallId, Event, LegId, Timestamp, TranscriptDepth, TranscriptEvent};
use ivr::SpeechEvent;

use super::room::Room;
use super::{Effect, ListenId, Switchboard, Turn};

/// From here on a phrase that was picked out of other speech may tell what the call is about, in
/// thousandths (docs/speech.md, "Talks between people").
const SURE: u16 = 700;

/// How the live text of a call stands.
#[derive(Debug, Default)]
pub(super) enum Transcript {
    /// Nobody listens.
    #[default]
    Off,
    /// Somebody does.
    On(ListenId),
    /// The recogniser has no time or no model: not asked again before the caller was on hold.
    Lost,
}

impl Switchboard {
    /// Begins or ends to listen, as the call stands now.
    pub(super) fn mind_transcript(&mut self, call: CallId, turn: &mut Turn) {
        let is_heard = self.is_heard_by_a_person(call);
        let list = self.setup.talk_list.clone();
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        match (&room.transcript, list) {
            (Transcript::Off, Some(list)) if is_heard => {
                let listen = ListenId(self.next_listen);
                self.next_listen += 1;
                room.transcript = Transcript::On(listen);
                turn.effects.push(Effect::Overhear {
                    leg: room.caller,
                    listen,
                    list,
                });
            }
            (Transcript::On(_), _) if !is_heard => self.end_transcript(call, turn),
            (Transcript::Lost, _) if !is_heard => room.transcript = Transcript::Off,
            (Transcript::Off | Transcript::On(_) | Transcript::Lost, _) => {}
        }
    }

    /// Nobody listens any more: said before anything else is listened for.
    pub(super) fn end_transcript(&mut self, call: CallId, turn: &mut Turn) {
        if let Some(room) = self.rooms.get_mut(&call)
            && let Transcript::On(_) = std::mem::take(&mut room.transcript)
        {
            turn.effects.push(Effect::StopListening(room.caller));
        }
    }

    /// Whether these words belong to a talk, not to the assistant.
    pub(super) fn is_overheard(&self, call: CallId, listen: ListenId) -> bool {
        let room = self.rooms.get(&call);
        room.is_some_and(|room| matches!(room.transcript, Transcript::On(now) if now == listen))
    }

    /// The recogniser heard something of a talk.
    pub(super) fn overheard(
        &mut self,
        now: Timestamp,
        call: CallId,
        event: SpeechEvent,
        turn: &mut Turn,
    ) {
        match event {
            SpeechEvent::Started => {}
            SpeechEvent::Attending(depth) => self.begin_transcript(now, call, depth, turn),
            SpeechEvent::Final {
                text,
                confidence_permille,
                latency_ms,
            } => {
                if text.expose().is_empty() {
                    return;
                }
                let heard = TranscriptEvent::Heard {
                    call,
                    text: text.clone(),
                    confidence_permille,
                    latency_ms,
                };
                self.note(now, Event::Transcript(heard), turn);
                let depth = self.rooms.get(&call).and_then(|room| room.transcribed);
                match depth {
                    Some(TranscriptDepth::Words) => self.read_topic(now, call, &text, turn),
                    Some(TranscriptDepth::Phrases) if confidence_permille >= SURE => {
                        self.weigh_topic(now, call, &text, turn);
                    }
                    Some(TranscriptDepth::Phrases) | None => {}
                }
            }
            SpeechEvent::Unavailable => {
                if let Some(room) = self.rooms.get_mut(&call) {
                    room.transcript = Transcript::Lost;
                    room.transcribed = None;
                    let leg = room.caller;
                    turn.effects.push(Effect::StopListening(leg));
                }
                let lost = TranscriptEvent::Lost { call };
                self.note(now, Event::Transcript(lost), turn);
            }
        }
    }

    /// Said once, and again if the model was changed meanwhile.
    fn begin_transcript(
        &mut self,
        now: Timestamp,
        call: CallId,
        depth: TranscriptDepth,
        turn: &mut Turn,
    ) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        if room.transcribed.replace(depth) != Some(depth) {
            let begun = TranscriptEvent::Begun { call, depth };
            self.note(now, Event::Transcript(begun), turn);
        }
    }

    fn is_heard_by_a_person(&self, call: CallId) -> bool {
        let Some(room) = self.rooms.get(&call) else {
            return false;
        };
        let line = self.setup.lines.get(&room.line);
        let talks = |stage: &Stage| matches!(stage, Stage::Talking { held: false, .. });
        line.is_some_and(|line| line.transcription)
            && room.notice_played
            && room.caller_present
            && room.talking.is_some()
            && room.dialogue.is_none()
            && is_heard(room, room.caller)
            && self.stage_is(call, talks)
    }
}

/// Whether anybody hears this leg.
fn is_heard(room: &Room, leg: LegId) -> bool {
    let apart = room.apart.as_ref();
    apart.is_none_or(|legs| legs.iter().any(|one| one.hears.contains(&leg)))
}
