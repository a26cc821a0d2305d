//! What callers told the assistant suggests to the operator which service the call is about.

use events::{CallId, Event, ServiceId, Timestamp};

use super::{Switchboard, Turn};

/// Lines of a caller that are looked at; later ones are more of the same.
const SAID_MAX: usize = 20;
/// Words from which an answer tells more than the choice it made.
const SENTENCE_WORDS_MIN: usize = 4;

impl Switchboard {
    /// Keeps the words of a caller until they come to a person.
    pub(super) fn remember_words(&mut self, fact: &Event) {
        let (Event::SpeechHeard {
            call,
            text,
            accepted,
            ..
        }
        | Event::TextReceived {
            call,
            text,
            accepted,
            ..
        }) = fact
        else {
            return;
        };
        let words = text.expose().split_whitespace().count();
        let tells = words >= SENTENCE_WORDS_MIN || (words > 0 && !accepted);
        if let Some(room) = self.rooms.get_mut(call)
            && room.said.len() < SAID_MAX
            && tells
        {
            room.said.push(text.clone());
        }
    }

    /// States the service that the caller's words suggest, if it is not the one that is known. The
    /// surest line counts, the latest of equally sure ones.
    pub(super) fn suggest_topic(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        let said = std::mem::take(&mut room.said);
        let known = room.service.clone();
        let Some(classifier) = &self.setup.classifier else {
            return;
        };
        let best = said
            .iter()
            .filter_map(|text| {
                classifier
                    .understand(text.expose())
                    .service
                    .guess()
                    .cloned()
            })
            .max_by_key(|guess| guess.confidence_permille);
        let Some(guess) = best.filter(|guess| guess.intent.as_str() != known.as_str()) else {
            return;
        };
        let suggested = Event::TopicSuggested {
            call,
            service: ServiceId::new(guess.intent.as_str()),
            confidence_permille: guess.confidence_permille,
        };
        self.note(now, suggested, turn);
    }
}
