//! How somebody is listened to: what ends an utterance, and what of it is told.

/// What the one who is listened to does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attention {
    /// Answers a question: told as early as it is sure, a phrase of the list and nothing else.
    Answer,
    /// Dictates: all of every utterance is told, a command only if it is said alone.
    Dictation,
    /// Talks with a person: all that the model writes down, or the phrases it knows among other words.
    /// Callers who answer questions come first.
    Talk,
}

impl Attention {
    /// Whether nothing is told before the speaker has been silent for a while.
    pub(super) const fn is_patient(self) -> bool {
        match self {
            Self::Answer => false,
            Self::Dictation | Self::Talk => true,
        }
    }
}
