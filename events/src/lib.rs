//! What can be said in this product: ids, time, facts, and how facts stand in the journal.
//!
//! Everything else in the workspace speaks this vocabulary; this crate knows nobody. It holds no
//! rule, opens no file and reads no clock.
#![forbid(unsafe_code)]

mod card;
mod event;
mod id;
mod journal;
mod pii;
mod time;
mod word;

pub use card::{Catalogue, LegReport, LineCard, QueueCard, TransferTarget, Waits};
pub use event::Event;
pub use id::{CallId, LegId, LineId, OperatorId, QueueId, ScriptId, ServiceId};
pub use journal::{Chain, JournalError, Record};
pub use pii::Pii;
pub use time::{Millis, Timestamp};
pub use word::{
    CallOutcome, ChosenBy, ClientType, DialogueOutcome, DialoguePurpose, EndCause, EntryCause,
    HungUpBy, LegRole, MissedWhy, NeedCode, NotReadyReason, RatingScope, RefusedWhy, SkippedWhy,
    TransferKind, UnansweredCause,
};
