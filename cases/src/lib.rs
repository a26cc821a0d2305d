//! What callers came for and what is owed to them: appointments, complaints, callbacks, notifications.
//!
//! [`Cases`] is a machine in two halves: [`Cases::decide`] holds every rule and changes nothing,
//! [`Ledger::apply`] changes state and holds no rule, so that a replayed journal gives an equal
//! ledger whatever today's rules are. Whoever asks speaks in tasks ([`events::TaskRequest`]): the
//! assistant and an operator's desk get the same answers from the same rules.
#![forbid(unsafe_code)]

mod calendar;
mod civil;
mod decide;
mod hours;
pub mod io;
mod ledger;
mod notices;
pub mod notify;
mod number;
mod reception;
mod settings;
pub mod status;
#[cfg(test)]
mod tests;

pub use calendar::{DayKind, ProductionCalendar};
pub use civil::moment;
pub use decide::{Asker, Cases, Decision, Wish};
pub use hours::{HoursError, OpenRange, WeekHours};
pub use ledger::{Appointment, Callback, CallbackState, Complaint, Ledger};
pub use number::CaseNumbers;
pub use reception::{Reception, Slot};
pub use settings::{Responsible, Settings};
