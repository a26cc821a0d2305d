//! What goes into the switchboard and what comes out.

use bytes::Bytes;
use cases::io::Outgoing;
use cases::notify::TryResult;
use cases::status::StatusAnswer;
use events::{CaseNumber, Channel, Event, LegId, NotificationId, TaskReply, Timestamp};
use ivr::{Manner, Phrase, SpeechEvent};
use sip_gateway::boundary::{
    self as sip, BrowserCommand, BrowserEvent, Flow, MediaCommand, MediaEvent, PlayId, TextCommand,
    TextEvent,
};

use crate::operator_script::OperatorScripts;

use super::{DeskAction, DeskTask, Dictated, DictationId, NewScripts, TicketId};

/// Tells one listening from the next on the same leg: a late result of the old one is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenId(pub u64);

/// What happens to the product.
#[derive(Debug)]
pub enum Input {
    /// To the SIP gateway: bytes, closed streams, load.
    Sip(sip::Input),
    /// From the media plane.
    Media(MediaEvent),
    /// From the text plane.
    Text(TextEvent),
    /// From the browsers' audio.
    Browser(BrowserEvent),
    /// From the recogniser, about a caller's leg and the listening it was asked for.
    Speech(LegId, ListenId, SpeechEvent),
    /// A caller's dictation is over.
    Dictated(LegId, Dictated),
    /// From a desk; answered by [`Effect::Reply`] with the same number.
    Desk(u64, DeskAction),
    /// A task from a desk; answered by [`Effect::TaskReply`] with the same number.
    DeskTask(u64, DeskTask),
    /// The registers of applications answered, or cannot.
    Status(TicketId, StatusAnswer),
    /// A letter or a short message was taken by the next server, or was not.
    Told {
        /// The notification.
        notification: NotificationId,
        /// The number of the try.
        attempt: u8,
        /// How it went.
        result: TryResult,
    },
    /// The scripts were read anew: new conversations follow them, those under way keep theirs.
    ScriptsReloaded(Box<NewScripts>),
    /// The operators' scripts are others from now on.
    OperatorScriptsChanged(std::sync::Arc<OperatorScripts>),
    /// The journal cannot be written, or can again: no new call is taken meanwhile.
    JournalStalled(bool),
    /// Take no new calls.
    Drain,
    /// End every open call: the time to drain is over.
    HangUpAll,
    /// Time passed.
    Tick,
}

/// What the product does to the world.
#[derive(Debug)]
pub enum Effect {
    /// Send SIP bytes.
    Send(Flow, Bytes),
    /// Tell the media plane.
    Media(MediaCommand),
    /// Tell the text plane.
    Text(TextCommand),
    /// Tell a browser's session.
    Browser(BrowserCommand),
    /// Play phrases to a leg; the shell knows their audio.
    Play {
        /// The leg.
        leg: LegId,
        /// Named in the media plane's answer.
        play: PlayId,
        /// What to say.
        phrases: Vec<Phrase>,
        /// How.
        manner: Manner,
        /// For ever: waiting.
        repeat: bool,
    },
    /// Recognise a leg's speech with a closed list.
    Listen {
        /// The caller's leg.
        leg: LegId,
        /// Named in every answer.
        listen: ListenId,
        /// The list: [`ivr::script::Script::list_key`].
        grammar: String,
    },
    /// Recognise what a leg says in a talk between people.
    Overhear {
        /// The caller's leg.
        leg: LegId,
        /// Named in every answer.
        listen: ListenId,
        /// The list of what talks are about: [`ivr::ScriptSet::talk_list`].
        list: String,
    },
    /// Stop recognising.
    StopListening(LegId),
    /// Record a conversation to this file under the recordings folder.
    Record {
        /// The caller's leg.
        caller: LegId,
        /// File name.
        file: String,
    },
    /// Keep what a caller says now in this file under the recordings folder, until they are silent
    /// or speak too long; an [`Input::Dictated`] is due.
    Dictate {
        /// The caller's leg.
        leg: LegId,
        /// Named in the answer.
        dictation: DictationId,
        /// Comes back with what is heard meanwhile.
        listen: ListenId,
        /// The list of commands that are heard meanwhile.
        grammar: String,
        /// File name.
        file: String,
    },
    /// End a dictation now; its [`Input::Dictated`] follows.
    StopDictating(LegId),
    /// Send a letter or a short message; an [`Input::Told`] is due.
    Tell {
        /// The notification.
        notification: NotificationId,
        /// The number of the try.
        attempt: u8,
        /// By short message or letter.
        channel: Channel,
        /// Where to, and the words.
        outgoing: Outgoing,
    },
    /// Answer a desk.
    Reply(u64, Result<(), String>),
    /// Answer a desk's task.
    TaskReply(u64, TaskReply),
    /// Ask the registers of applications; an [`Input::Status`] is due.
    AskRegisters {
        /// Named in the answer.
        ticket: TicketId,
        /// The application.
        number: CaseNumber,
    },
}

/// What one or several inputs led to.
#[derive(Debug, Default)]
pub struct Turn {
    /// To the journal, in this order, before any of `effects`.
    pub facts: Vec<Event>,
    /// SIP answers that state no fact: sent at once.
    pub chatter: Vec<(Flow, Bytes)>,
    /// Run in this order once the facts are durable.
    pub effects: Vec<Effect>,
}

/// What a new process says first.
#[derive(Clone, Debug)]
pub struct Opening {
    /// `ServerStarted`.
    pub started: Event,
    /// What exists from now on.
    pub catalogue: events::Catalogue,
    /// The time of the journal's newest record; none if the journal is new.
    pub crashed_at: Option<Timestamp>,
}
