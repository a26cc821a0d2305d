//! What the switchboard needs to know beside the distribution's settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::WeekHours;
use events::LineId;
use ivr::Phrase;
use ivr::intent::Classifier;
use ivr::script::Script;

/// A line as the switchboard needs it.
#[derive(Clone, Debug)]
pub struct LineSetup {
    /// The assistant.
    pub script: Arc<Script>,
    /// Record conversations after the notice.
    pub recording: bool,
    /// Show operators what callers say, after the same notice.
    pub transcription: bool,
    /// When persons answer; always if none are set.
    pub hours: Option<WeekHours>,
}

/// What the switchboard needs to know beside the distribution's settings.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Node number: the top 16 bits of every call's number.
    pub node: u16,
    /// Calls at once; the next caller gets 503 with Retry-After.
    pub max_calls: usize,
    /// Lines by the number that is dialled.
    pub lines: BTreeMap<LineId, LineSetup>,
    /// When callers are taken into each queue; always if none are set.
    pub queue_hours: BTreeMap<events::QueueId, WeekHours>,
    /// Asks for a rating.
    pub rating: Arc<Script>,
    /// Tells a caller who had an operator that no other can answer.
    pub farewell: Arc<Script>,
    /// Tells whom nobody answered so, and takes what they leave: a wish to be called back.
    pub unanswered: Arc<Script>,
    /// Said to a caller who begins to wait while nobody is free.
    pub waiting: Phrase,
    /// Said to those who wait on, before the music, in a loop.
    pub waiting_on: Phrase,
    /// What callers of a queue are told about their wait.
    pub told: BTreeMap<events::QueueId, super::Told>,
    /// Asks callers who wait long whether to be called back; nobody is asked if there is none.
    pub callback_offer: Option<Arc<Script>>,
    /// In which words.
    pub telling_wait: super::TellingWait,
    /// Said to a caller who is handed on.
    pub transfer: Phrase,
    /// How operators call numbers outside; they do not if there is none.
    pub outside: Option<super::OutsideSetup>,
    /// How long a supervisor's phone rings for a talk.
    pub supervisor_ring: events::Millis,
    /// Played to those who wait.
    pub music: Phrase,
    /// Local time, in minutes east of UTC: the day by which knowledge is valid.
    pub utc_offset_min: i16,
    /// Names of services for the phones' displays.
    pub service_titles: BTreeMap<events::ServiceId, String>,
    /// Tells from free words what a call is about, if the scripts have example phrases.
    pub classifier: Option<Arc<Classifier>>,
    /// The list of what talks between people are about, if there is anything to recognise.
    pub talk_list: Option<String>,
}
