//! What can be said in this product: ids, time, facts, and how facts stand in the journal.
//!
//! Everything else in the workspace speaks this vocabulary; this crate knows nobody. It holds no
//! rule, opens no file and reads no clock.
#![forbid(unsafe_code)]

mod act;
mod card;
mod case;
mod consultation;
mod date;
mod event;
mod guidance;
mod id;
mod journal;
mod notification;
mod pause;
mod pii;
mod supervision;
mod task;
mod time;
mod transcript;
mod word;

pub use act::{Act, Audience, Destination, Direction, ReloadWay, StaffRole};
pub use card::{
    Catalogue, Circle, LegReport, LineCard, Overflow, QueueCard, SkillCard, SkillLevel, Terms,
    TransferTarget, WaitRange, Waits,
};
pub use case::{CaseEvent, CaseNumber};
pub use consultation::{ConsultationEvent, OutsideEvent};
pub use date::{Date, TimeOfDay};
pub use event::Event;
pub use guidance::{Deviations, Mistakes, ScriptEvent, ScriptTextEvent, TrainingEvent};
pub use id::{
    CallId, CaseId, LegId, LineId, NotificationId, OperatorId, ProposalId, QueueId, ScriptId,
    ServiceId, SkillId,
};
pub use journal::{Chain, JournalError, Record};
pub use notification::{NotificationEvent, PlacedEvent};
pub use pause::{NotReadyReason, PauseCard, PauseCode};
pub use pii::Pii;
pub use supervision::SupervisionEvent;
pub use task::{Field, TaskReply, TaskRequest, Value, Values};
pub use time::{Millis, Timestamp};
pub use transcript::TranscriptEvent;
pub use word::{
    CallOutcome, CallbackOutcome, CancelledBy, Channel, ChosenBy, ClientType, ConsultationOutcome,
    DialogueOutcome, DialoguePurpose, EndCause, EntryCause, HungUpBy, LegRole, MissedWhy, NeedCode,
    NotificationKind, NotificationOutcome, PlacedOutcome, PlacedWhy, RatingScope, RefusedWhy,
    SkippedWhy, Strategy, SupervisionEnd, SupervisionMode, TaskKind, TaskOutcome, TranscriptDepth,
    TransferKind, UnansweredCause, ValueKind,
};
