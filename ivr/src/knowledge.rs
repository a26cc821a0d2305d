//! The knowledge base as people read it: the same answers that the assistant reads aloud, and more,
//! each with its source and its time (row #19).

mod search;

use events::{Date, ServiceId};

pub use self::search::{Found, KnowledgeBase, Mended};

/// A topic: a file of `knowledge/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its name, which is also its file's.
    pub id: String,
    /// What it is about, in Russian.
    pub title: String,
    /// Its version, as the file has it.
    pub version: String,
    /// The services whose calls it is for.
    pub services: Vec<ServiceId>,
    /// Its answers, in the order of the file.
    pub answers: Vec<Answer>,
}

/// An answer: a card of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `topic.card`.
    pub name: String,
    /// What it is about.
    pub about: About,
    /// The words, in Russian.
    pub text: String,
    /// The document it is taken from.
    pub source: String,
    /// First day it is true, if it is known.
    pub valid_from: Option<Date>,
    /// Last day it is true, if it is known.
    pub valid_until: Option<Date>,
}

/// Whether an answer is true on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is.
    Valid,
    /// It will be.
    NotYet,
    /// It was.
    Expired,
}

impl Answer {
    /// Whether it is true on this day.
    #[must_use]
    pub fn validity(&self, today: Date) -> Validity {
        if self.valid_until.is_some_and(|until| until < today) {
            Validity::Expired
        } else if self.valid_from.is_some_and(|from| today < from) {
            Validity::NotYet
        } else {
            Validity::Valid
        }
    }
}

macro_rules! about {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $title:literal;)+) => {
        /// What an answer is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum About {
            $($(#[$doc])* $variant,)+
        }

        impl About {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Its name for people.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                }
            }
        }
    };
}

about! {
    /// What has to be done, and in which order.
    Procedure = "procedure", "Порядок действий";
    /// Which documents are needed.
    Documents = "documents", "Документы";
    /// Forms and how to fill them in.
    Forms = "forms", "Бланки и формы";
    /// What it costs.
    Fee = "fee", "Плата и пошлина";
    /// The law.
    Acts = "acts", "Нормативные акты";
    /// How long it takes.
    Terms = "terms", "Сроки";
    /// Where and when.
    Place = "place", "Где и когда";
    /// What comes out of it.
    Outcome = "result", "Результат";
    /// What to do if one disagrees.
    Appeal = "appeal", "Жалоба и обжалование";
}

impl About {
    /// The kind of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}
