//! Models that can be asked for by name.

/// A model that its publisher offers for download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownModel {
    /// The archive's name without `.zip`, and the folder's.
    pub name: &'static str,
    /// The language it understands, as ISO 639-1 names it.
    pub language: &'static str,
    /// Size of the archive as the publisher states it, in megabytes.
    pub archive_mb: u32,
    /// Under which licence (SPDX).
    pub licence: &'static str,
    /// What it is good for, in Russian.
    pub purpose: &'static str,
}

/// Where Vosk's models are published.
const PUBLISHER: &str = "https://alphacephei.com/vosk/models";

/// The table behind `liniya models list`, the one to try first on top. Sizes and licences are those of
/// the publisher's page <https://alphacephei.com/vosk/models>.
pub const KNOWN: &[KnownModel] = &[
    KnownModel {
        name: "vosk-model-small-ru-0.22",
        language: "ru",
        archive_mb: 45,
        licence: "Apache-2.0",
        purpose: "малая: списки фраз из слов её словаря, около 300 МБ памяти; начните с неё",
    },
    KnownModel {
        name: "vosk-model-ru-0.42",
        language: "ru",
        archive_mb: 1_800,
        licence: "Apache-2.0",
        purpose: "большая: свободная речь, точнее всех, несколько гигабайт памяти",
    },
    KnownModel {
        name: "vosk-model-ru-0.22",
        language: "ru",
        archive_mb: 1_500,
        licence: "Apache-2.0",
        purpose: "большая, прежняя: свободная речь, несколько гигабайт памяти",
    },
    KnownModel {
        name: "vosk-model-small-en-us-0.15",
        language: "en",
        archive_mb: 40,
        licence: "Apache-2.0",
        purpose: "малая английская",
    },
];

impl KnownModel {
    /// The one of this name, if it is in the table.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.name == name)
    }

    /// Where its archive is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{PUBLISHER}/{}.zip", self.name)
    }
}
