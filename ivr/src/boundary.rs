//! What goes into a dialogue and what comes out.

use events::{
    DialogueOutcome, Event, Millis, Pii, ServiceId, TaskReply, TaskRequest, TranscriptDepth,
};

/// A sentence to be said: the text that the synthesiser reads, and the name under which a recorded
/// WAV may replace it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phrase {
    /// File stem of a recording that replaces the synthesis, e.g. `consultation.greeting`.
    pub name: String,
    /// What is said, in the phrase's language.
    pub text: String,
}

impl Phrase {
    /// How the name of a phrase ends whose text holds values of this call.
    pub const LIVE: &'static str = ".live";

    /// Whether the text holds values of this call, and maybe what a caller said: it is rendered when
    /// it is needed, no recording replaces it, and it is neither kept beyond the call nor logged.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.name.is_empty() || self.name.ends_with(Self::LIVE)
    }

    /// The language of the text: what stands after `@` in the name, Russian if nothing does.
    #[must_use]
    pub fn language(&self) -> &str {
        let name = self.name.trim_end_matches(Self::LIVE);
        name.rsplit_once('@').map_or("ru", |(_, language)| language)
    }
}

/// What happens to a dialogue.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The caller began to speak: barge-in.
    SpeechStarted,
    /// The caller finished an utterance.
    Heard {
        /// The phrase of the node's list; empty for `[unk]`.
        text: Pii<String>,
        /// Lowest word confidence in thousandths.
        confidence_permille: u16,
        /// From the end of the words to this result.
        latency_ms: Millis,
    },
    /// The caller pressed a key: `0`–`9`, `*`, `#`.
    Digit(char),
    /// The caller typed a line (real-time text).
    Typed(Pii<String>),
    /// The house answered the task that was asked last.
    Answered(TaskReply),
    /// A dictation that [`Output::Dictate`] began is over: silence, a key or its limit ended it.
    Dictated {
        /// What was recognised of it; empty if no model for free speech is there.
        words: Pii<String>,
        /// How long they spoke.
        spoken_ms: Millis,
    },
    /// What was being said has been said to its end.
    PromptEnded,
    /// Time passed: let a due deadline act.
    Tick,
}

/// How the assistant speaks to this caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Manner {
    /// Slowly.
    pub slow: bool,
    /// Louder.
    pub loud: bool,
}

/// What a dialogue wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Say these, one after the other; a `PromptEnded` is due after the last.
    Say(Vec<Phrase>),
    /// Fall silent now; no `PromptEnded` follows.
    StopSaying,
    /// Fall silent now, to go on later.
    PauseSaying,
    /// Go on with what was paused, from the last words begun; nothing if nothing was.
    ResumeSaying,
    /// Listen with this node's closed list (the list's name is `script.node`) until told otherwise.
    Listen {
        /// The node's name: selects the phrase graph.
        node: String,
    },
    /// Stop listening for speech.
    StopListening,
    /// Ask the house; an [`Input::Answered`] is due.
    Ask(TaskRequest),
    /// Record what the caller says now to this file under the recordings folder; an
    /// [`Input::Dictated`] is due.
    Dictate {
        /// The list that is listened with meanwhile.
        node: String,
        /// The file's name; holds no personal data.
        file: String,
    },
    /// Stop the dictation now; an [`Input::Dictated`] follows.
    StopDictating,
    /// Say everything from now on at this pace and loudness.
    Speak(Manner),
    /// Record this fact.
    Fact(Event),
    /// The service became known.
    ServiceChosen(ServiceId, events::ChosenBy),
    /// A rating, 1–5.
    Rated(u8),
    /// The dialogue is over; everything it wanted to say has been said.
    Finish {
        /// How.
        outcome: DialogueOutcome,
        /// Whether the notice of recording was said to its end.
        notice_played: bool,
    },
}

/// What the recogniser reports of one listening session (`ivr::io`), keyed by the caller's leg.
#[derive(Clone, Debug, PartialEq)]
pub enum SpeechEvent {
    /// Energy of speech for long enough to be speech.
    Started,
    /// The end of an utterance with the best phrase of the list.
    Final {
        /// Empty for `[unk]`.
        text: Pii<String>,
        /// Lowest word confidence in thousandths.
        confidence_permille: u16,
        /// From the end of speech to now.
        latency_ms: Millis,
    },
    /// A talk with a person is listened to from now on, and this is what is made of it.
    Attending(TranscriptDepth),
    /// This session cannot be recognised (no model, all recognisers busy): keys only.
    Unavailable,
}
