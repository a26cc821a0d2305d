//! Who talks to whom: calls, queues, operators, offers, talks, wrap-up. No io at all.
//!
//! [`Acd::decide`] turns a [`Command`] into facts and changes nothing; [`Acd::apply`] lets a fact
//! change the state and knows no rule; [`Acd::handle`] does both and then offers waiting callers to
//! free operators until no caller waits beside a free operator. Replay is `apply` alone.
//!
//! ```
//! use acd::{Acd, Command, LineSettings, QueueSettings, Settings};
//! use events::{CallId, Event, LegId, Timestamp};
//!
//! let mut settings = Settings::default();
//! let queue = QueueSettings { operators: vec!["operator1".into()], ..QueueSettings::default() };
//! settings.queues.insert("consultation".into(), queue);
//! settings.lines.insert("100".into(), LineSettings::new("consultation", ["scrap_licence"]));
//!
//! let mut acd = Acd::new(settings);
//! let now = Timestamp(1_000_000);
//! acd.apply(now, &Event::CatalogueLoaded(acd.settings().catalogue()));
//! let mut facts = Vec::new();
//! let call = CallId(1);
//! let command = Command::CallArrives {
//!     call, leg: LegId(1), line: "100".into(), trunk: "loopback".into(), caller: None,
//! };
//! acd.handle(now, command, &mut facts)?;
//! acd.handle(now, Command::CallerConnected { call }, &mut facts)?;
//! assert!(matches!(facts.last(), Some(Event::LegAnswered { .. })));
//! # Ok::<(), acd::Refusal>(())
//! ```
#![forbid(unsafe_code)]

mod acd;
mod acquaintance;
mod apply;
mod audit;
mod call;
mod command;
mod consultation;
mod decide;
mod estimate;
mod given_up;
mod kept;
mod operator;
mod queue;
mod routing;
mod samples;
mod settings;
mod staffing;
mod supervision;
mod view;
mod why;

#[cfg(test)]
mod tests;

pub use acd::Acd;
pub use audit::Conservation;
pub use call::{Call, Offer, Outside, Stage, Wait, Waited};
pub use command::{Command, ConsultStep, Refusal};
pub use consultation::{Consultation, Phase};
pub use events::Strategy;
pub use kept::Kept;
pub use operator::{Operator, Presence, Work};
pub use queue::{Queue, Ticket};
pub use settings::{LineSettings, Need, Nobody, QueueSettings, Settings};
pub use supervision::Supervision;
pub use view::Counts;
pub use why::WhyNot;
