//! What can be said where a list of phrases would be too long: a small regular grammar of words.

/// A regular grammar over Russian words: dates, sums and telephone numbers have too many values to
/// list, but few words. A part that is used in two places is simply put into both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// One word, in small Russian letters, `ё` where it is spoken.
    Word(String),
    /// All of these, in this order.
    Sequence(Vec<Self>),
    /// One of these.
    OneOf(Vec<Self>),
    /// This, or nothing.
    Optional(Box<Self>),
    /// This several times. It must not be empty itself.
    Repeated {
        /// What is repeated.
        what: Box<Self>,
        /// How often at least.
        at_least: u8,
        /// How often at most; without it, any number of times (a loop, no larger than one time).
        at_most: Option<u8>,
    },
}

impl Pattern {
    /// These words in this order, parted by spaces.
    #[must_use]
    pub fn said(words: &str) -> Self {
        let mut each: Vec<Self> = words
            .split_whitespace()
            .map(|word| Self::Word(word.to_owned()))
            .collect();
        match (each.pop(), each.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                each.extend(last);
                Self::Sequence(each)
            }
        }
    }

    /// One of these phrases, each of one or more words.
    #[must_use]
    pub fn one_of<P: AsRef<str>>(phrases: impl IntoIterator<Item = P>) -> Self {
        Self::OneOf(
            phrases
                .into_iter()
                .map(|phrase| Self::said(phrase.as_ref()))
                .collect(),
        )
    }

    /// One of these words, parted by spaces.
    #[must_use]
    pub fn any_word(words: &str) -> Self {
        Self::one_of(words.split_whitespace())
    }

    /// This, then that.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        match self {
            Self::Sequence(mut parts) => {
                parts.push(next);
                Self::Sequence(parts)
            }
            Self::Word(_) | Self::OneOf(_) | Self::Optional(_) | Self::Repeated { .. } => {
                Self::Sequence(vec![self, next])
            }
        }
    }

    /// This, or that.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::OneOf(mut parts) => {
                parts.push(other);
                Self::OneOf(parts)
            }
            Self::Word(_) | Self::Sequence(_) | Self::Optional(_) | Self::Repeated { .. } => {
                Self::OneOf(vec![self, other])
            }
        }
    }

    /// This, or nothing.
    #[must_use]
    pub fn optional(self) -> Self {
        Self::Optional(Box::new(self))
    }

    /// This so many times or more.
    #[must_use]
    pub fn repeated(self, at_least: u8) -> Self {
        Self::Repeated {
            what: Box::new(self),
            at_least,
            at_most: None,
        }
    }

    /// Every word of it.
    pub fn words(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Word(word) => Box::new(std::iter::once(word.as_str())),
            Self::Sequence(parts) | Self::OneOf(parts) => {
                Box::new(parts.iter().flat_map(Self::words))
            }
            Self::Optional(what) | Self::Repeated { what, .. } => what.words(),
        }
    }

    /// Whether nothing at all satisfies it.
    #[must_use]
    pub fn may_be_empty(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Sequence(parts) => parts.iter().all(Self::may_be_empty),
            Self::OneOf(parts) => parts.is_empty() || parts.iter().any(Self::may_be_empty),
            Self::Optional(_) => true,
            Self::Repeated { what, at_least, .. } => *at_least == 0 || what.may_be_empty(),
        }
    }
}
