//! What a dialogue knows from outside.

use events::{Pii, ServiceId, TimeOfDay, Timestamp, Value, Values};

use super::state::Known;
use crate::Phrase;
use crate::script::{CALLER, Date, Language, Script};

/// Noon, in microseconds of the day.
const NOON_US: i64 = 12 * 3_600 * 1_000_000;

/// What a dialogue knows from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "circumstances of a call that have nothing to do with each other"
)]
pub struct Context {
    /// The service, if the line serves only one, else [`ServiceId::undetermined`].
    pub service: ServiceId,
    /// Whether a person's conversation will be recorded, so that the caller must be told.
    pub notice_required: bool,
    /// The day that the validity of knowledge is judged by, and what «завтра» counts from.
    pub today: Date,
    /// The time of day where the house is.
    pub now: TimeOfDay,
    /// Whether persons answer now: what a script's `when = { open = true }` asks.
    pub open: bool,
    /// The caller's number, `+` and digits, if the network told it.
    pub caller: Option<Pii<String>>,
    /// What everybody is told first, if anything (row #55).
    pub broadcast: Option<String>,
    /// The language to begin in, if the script has it; else the script's own.
    pub language: Option<String>,
    /// Whether the caller reads and types (real-time text): every limit is long from the start.
    pub writes: bool,
    /// What the script takes from the house: the variables that it names under `takes`.
    pub given: Pii<Values>,
}

impl Context {
    /// Of an open house at noon that knows nothing of its caller.
    #[must_use]
    pub fn new(service: ServiceId, today: Date) -> Self {
        Self {
            service,
            notice_required: false,
            today,
            now: TimeOfDay::at(Timestamp(NOON_US), 0),
            open: true,
            caller: None,
            broadcast: None,
            language: None,
            writes: false,
            given: Pii::default(),
        }
    }
}

pub(super) fn known_at_start(context: &Context) -> Known {
    let mut values = context.given.expose().clone();
    let readable = |number: &&Pii<String>| {
        let digits = number.expose().strip_prefix('+');
        digits.is_some_and(|d| d.len() >= 7 && d.bytes().all(|b| b.is_ascii_digit()))
    };
    // An extension of the house is no number that anybody could be called back on.
    if let Some(number) = context.caller.as_ref().filter(readable) {
        values.insert(CALLER.to_owned(), Value::Phone(number.expose().clone()));
    }
    Known {
        values: Pii::new(values),
        ..Known::default()
    }
}

pub(super) fn first_language(script: &Script, wanted: Option<&str>) -> Language {
    let wanted = wanted.and_then(Language::parse);
    let known = wanted.filter(|language| script.languages.contains(language));
    known.unwrap_or_else(|| script.language())
}

pub(super) fn broadcast(context: &Context) -> Vec<Phrase> {
    let text = context
        .broadcast
        .iter()
        .filter(|text| !text.trim().is_empty());
    text.map(|text| Phrase {
        name: format!("broadcast{}", Phrase::LIVE),
        text: crate::readback::speakable(text),
    })
    .collect()
}
