//! What is wrong with a file, where, and what to do about it.

use std::fmt;

/// Whether a file with this finding may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The script is refused.
    Error,
    /// The script is used; somebody should look.
    Warning,
}

/// One thing found in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path under the scripts folder, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Which rule.
    pub rule: Rule,
    /// What is wrong, in Russian.
    pub message: String,
    /// What to do, in Russian.
    pub advice: String,
    /// Error or warning.
    pub severity: Severity,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "ошибка",
            Severity::Warning => "внимание",
        };
        write!(
            f,
            "{}:{}: {word}: {}\n    что делать: {}",
            self.file, self.line, self.message, self.advice
        )
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $severity:ident,)+) => {
        /// The rules of the linter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])* $variant,)+
        }

        impl Rule {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Whether breaking it refuses the script.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)+
                }
            }
        }
    };
}

rules! {
    /// The file cannot be read or is not TOML.
    Syntax = Error,
    /// A key that does not belong here.
    UnknownKey = Error,
    /// A key that must be here and is not.
    MissingKey = Error,
    /// A value of the wrong kind or out of its bounds.
    BadValue = Error,
    /// The name breaks the form of names, is reserved, or differs from the file's name.
    BadName = Error,
    /// No way leads to the node.
    Unreachable = Error,
    /// A way leads to a node that does not exist.
    GotoNowhere = Error,
    /// A node listens and says nothing to silence.
    NoSilenceHandling = Error,
    /// A node listens and says nothing to what it did not understand.
    NoMissHandling = Error,
    /// From here the dialogue never comes to an end.
    NoOutcome = Error,
    /// From here no node leads to a person.
    NoPerson = Error,
    /// A choice takes 0 or a word of the global commands for itself.
    ShadowsCommand = Error,
    /// A choice that can be said and not pressed.
    NoKey = Error,
    /// A choice that can be pressed and not said.
    NoPhrase = Error,
    /// Two choices of a node have the same key.
    DuplicateKey = Error,
    /// Two choices of a node have the same phrase.
    DuplicatePhrase = Error,
    /// A phrase with something but а–я, ё, space and hyphen.
    PhraseLetters = Error,
    /// A phrase or a list of them longer than the recogniser takes.
    ListLimits = Error,
    /// A word too short to be told from others by ear (`ivr/model/MODEL_CARD.md`).
    ShortPhrase = Warning,
    /// Two phrases of different choices that sound alike.
    AlikePhrases = Warning,
    /// An answer that the knowledge base does not have.
    DeadKnowledge = Error,
    /// An answer that is not valid any more: it is not read out, the caller goes to a person.
    ExpiredKnowledge = Warning,
    /// A card of the knowledge base that no script reads out.
    UnusedKnowledge = Warning,
    /// A service that `services/` does not have.
    UnknownService = Error,
    /// Nothing to say.
    EmptyPrompt = Error,
    /// A sentence too long to be understood by ear (row #26).
    LongSentence = Error,
    /// A prompt too long to be listened to.
    LongPrompt = Error,
    /// Latin letters: the Russian voice stumbles over them.
    ForeignLetters = Warning,
    /// The greeting does not name the organisation (row #27).
    NoOrganisation = Error,
    /// A placeholder that nobody fills.
    UnknownPlaceholder = Error,
    /// A rating without all of 1–5, or with a key that is not its score.
    RatingScores = Error,
    /// A phrase of the system that dialogues need is not in `phrases/`.
    MissingPhrase = Error,
    /// An intent that `intents/` has no examples of.
    UnknownIntent = Error,
    /// A variable that the script does not declare.
    UnknownVariable = Error,
    /// A value of one type where another is wanted.
    TypeMismatch = Error,
    /// A value is used on a way where it may not have been set.
    MaybeUnset = Error,
    /// A variable that nobody uses.
    UnusedVariable = Warning,
    /// A value in a text that cannot be read aloud.
    Unreadable = Error,
    /// A task or a part may end in a way that leads nowhere.
    MissingWay = Error,
    /// A way that the task or the part does not have.
    UnknownWay = Error,
    /// Something that a task or a part cannot do without is not given, or it takes no such thing.
    BadArgument = Error,
    /// A script calls a part that does not exist, or a script that is no part.
    UnknownPart = Error,
    /// A part calls itself, directly or through others.
    Recursion = Error,
    /// A part that no script calls.
    UnusedPart = Warning,
    /// A value that can be told by voice only.
    NoKeysWay = Error,
    /// A language that the script does not have.
    UnknownLanguage = Error,
    /// A text that is not there in every language of the script.
    MissingTranslation = Error,
    /// Nodes that lead to each other without a word to the caller.
    SilentLoop = Error,
    /// An entry of the list of stresses that cannot be used.
    BadStress = Error,
    /// A golden conversation went another way.
    GoldenDiffers = Error,
}
