//! What can be said in this product: ids, time, facts, and how facts stand in the journal.
//!
//! Everything else in the workspace speaks this vocabulary; this crate knows nobody. It holds no
//! rule, opens no file and reads no clock.
#![forbid(unsafe_code)]

mod event;
mod id;
mod journal;
mod pii;
mod time;

pub use event::{
    CallOutcome, Catalogue, ChosenBy, ClientType, DialogueOutcome, DialoguePurpose, EndCause,
    EntryCause, Event, HungUpBy, LegReport, LegRole, LineCard, MissedWhy, NeedCode, NotReadyReason,
    QueueCard, RatingScope, RefusedWhy, SkippedWhy, TransferKind, TransferTarget, UnansweredCause,
    Waits,
};
pub use id::{CallId, LegId, LineId, OperatorId, QueueId, ScriptId, ServiceId};
pub use journal::{Chain, JournalError, Record};
pub use pii::Pii;
pub use time::{Millis, Timestamp};
