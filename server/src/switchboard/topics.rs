//! What callers told the assistant, and what is written and recognised while an operator talks with
//! them, suggests to the operator which service the call is about.

use events::{CallId, Event, Pii, ServiceId, Timestamp};

use super::{Switchboard, Turn};

/// Lines of a caller that are looked at; later ones are more of the same.
const SAID_MAX: usize = 20;
/// Words from which a line that is written in a talk tells something.
const WRITTEN_WORDS_MIN: usize = 2;
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

    /// What the caller or the operator writes while they wait or talk may be about another service.
    pub(super) fn read_topic(
        &mut self,
        now: Timestamp,
        call: CallId,
        written: &Pii<String>,
        turn: &mut Turn,
    ) {
        if written.expose().split_whitespace().count() >= WRITTEN_WORDS_MIN {
            self.weigh_topic(now, call, written, turn);
        }
    }

    /// These words alone may be about another service, unless the operator has named one.
    pub(super) fn weigh_topic(
        &mut self,
        now: Timestamp,
        call: CallId,
        words: &Pii<String>,
        turn: &mut Turn,
    ) {
        let Some(room) = self.rooms.get_mut(&call).filter(|room| !room.topic_settled) else {
            return;
        };
        room.said = vec![words.clone()];
        self.suggest_topic(now, call, turn);
    }

    /// States the service that the caller's words suggest, if it is not the one that is known or was
    /// suggested last. The surest line counts, the latest of equally sure ones.
    pub(super) fn suggest_topic(&mut self, now: Timestamp, call: CallId, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        let said = std::mem::take(&mut room.said);
        let known = [Some(room.service.clone()), room.suggested.clone()];
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
        let Some(guess) = best else {
            return;
        };
        let service = ServiceId::new(guess.intent.as_str());
        if known.iter().flatten().any(|known| *known == service) {
            return;
        }
        if let Some(room) = self.rooms.get_mut(&call) {
            room.suggested = Some(service.clone());
        }
        let suggested = Event::TopicSuggested {
            call,
            service,
            confidence_permille: guess.confidence_permille,
        };
        self.note(now, suggested, turn);
    }
}
