//! Why an operator is not ready: the reasons of the system, and the pauses of the configuration.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::Millis;

/// A pause's code is no longer than this.
const CODE_MAX: usize = 22;

/// Why an operator is not ready. In the journal and in labels it is a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotReadyReason {
    /// Just signed in.
    SignedIn,
    /// «Перерыв».
    Break,
    /// «Обед».
    Lunch,
    /// «Обучение».
    Training,
    /// «Совещание».
    Meeting,
    /// «Не ответил на звонок»: set by the system.
    Rona,
    /// «Телефон недоступен»: set by the system.
    Phone,
    /// Another pause of the configuration.
    Own(PauseCode),
}

impl NotReadyReason {
    /// Those that need no configuration, in the order of this page.
    pub const ALL: &'static [Self] = &[
        Self::SignedIn,
        Self::Break,
        Self::Lunch,
        Self::Training,
        Self::Meeting,
        Self::Rona,
        Self::Phone,
    ];

    /// The word in labels, columns and the journal.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::SignedIn => "signed_in",
            Self::Break => "break",
            Self::Lunch => "lunch",
            Self::Training => "training",
            Self::Meeting => "meeting",
            Self::Rona => "rona",
            Self::Phone => "phone",
            Self::Own(code) => code.as_str(),
        }
    }

    /// The reason a word stands for; none for what is no code.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|reason| reason.as_str() == word);
        known
            .copied()
            .or_else(|| PauseCode::parse(word).map(Self::Own))
    }

    /// Whether the system alone gives it: no operator may choose it.
    #[must_use]
    pub const fn is_systems(&self) -> bool {
        match self {
            Self::SignedIn | Self::Rona | Self::Phone => true,
            Self::Break | Self::Lunch | Self::Training | Self::Meeting | Self::Own(_) => false,
        }
    }
}

impl fmt::Display for NotReadyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for NotReadyReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for NotReadyReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::parse(&word).ok_or_else(|| D::Error::custom("no code of a pause"))
    }
}

/// The code of a pause: 1–22 small Latin letters, digits or `_`. Small enough to be copied, since
/// states of operators carry it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PauseCode {
    bytes: [u8; CODE_MAX],
    len: u8,
}

impl PauseCode {
    /// Reads a code; none for anything else.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let mut bytes = [0; CODE_MAX];
        if word.is_empty() || !word.bytes().all(fits) {
            return None;
        }
        bytes
            .get_mut(..word.len())?
            .copy_from_slice(word.as_bytes());
        let len = u8::try_from(word.len()).ok()?;
        Some(Self { bytes, len })
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let code = self.bytes.get(..usize::from(self.len));
        code.and_then(|code| std::str::from_utf8(code).ok())
            .unwrap_or_default()
    }
}

impl fmt::Debug for PauseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A pause that operators may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseCard {
    /// Its word.
    pub reason: NotReadyReason,
    /// Its name for people.
    pub title: String,
    /// One pause should be no longer; none for as long as they like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_ms: Option<Millis>,
    /// All of a shift together should be no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_cap_ms: Option<Millis>,
    /// Whether the time is paid.
    pub paid: bool,
    /// Whether the time counts as occupied, like a talk.
    pub occupied: bool,
}

impl PauseCard {
    /// A pause without caps, which is paid and not occupied.
    #[must_use]
    pub fn new(reason: NotReadyReason, title: &str) -> Self {
        Self {
            reason,
            title: title.to_owned(),
            cap_ms: None,
            shift_cap_ms: None,
            paid: true,
            occupied: false,
        }
    }

    /// What a house has that configures none.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        vec![
            Self::new(NotReadyReason::Break, "Перерыв"),
            Self::new(NotReadyReason::Lunch, "Обед"),
            Self::new(NotReadyReason::Training, "Обучение"),
            Self::new(NotReadyReason::Meeting, "Совещание"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_word_in_the_journal_known_or_not() {
        for reason in NotReadyReason::ALL {
            let word = serde_json::to_string(reason).unwrap();
            assert_eq!(
                serde_json::from_str::<NotReadyReason>(&word).unwrap(),
                *reason
            );
        }
        let own: NotReadyReason = serde_json::from_str("\"paperwork_2\"").unwrap();
        assert_eq!(own.as_str(), "paperwork_2");
        assert!(!own.is_systems());
        assert_eq!(serde_json::to_string(&own).unwrap(), "\"paperwork_2\"");
        let longest = "a".repeat(CODE_MAX);
        assert_eq!(PauseCode::parse(&longest).unwrap().as_str(), longest);
        for wrong in ["", "Lunch", "обед", "a-b", "a b", &"a".repeat(CODE_MAX + 1)] {
            assert_eq!(NotReadyReason::parse(wrong), None, "{wrong}");
        }
    }
}
