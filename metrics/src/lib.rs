//! Facts to numbers: every figure of the product is a fold over journalled facts.
//!
//! [`Numbers`] is the list of all projections; `/metrics`, the live board and `liniya replay` all
//! feed it through the same [`Projection::apply`], so no moment is told two ways. The read models
//! (`read_model`) are folds too; only the folder `io/` knows that a database exists.
//!
//! ```
//! use events::{Catalogue, Event, Record, Timestamp};
//! use metrics::{Health, Numbers, Projection as _};
//!
//! let mut numbers = Numbers::default();
//! let event = Event::CatalogueLoaded(Catalogue::default());
//! numbers.apply(&Record { seq: 1, at: Timestamp(0), event });
//! let page = metrics::encode(&numbers, Timestamp(0), &Health::default());
//! assert!(page.contains("liniya_operators{state=\"ready\"} 0"));
//! ```
//!
//! # Which service a number belongs to
//! A caller is asked for the service after the call began, and an operator may correct it. Counters
//! cannot be moved afterwards, so each number is booked once, under the service that was known then:
//! * queue numbers (offered, answered, unanswered, waiting, waits) under the service at the moment
//!   when the caller first asked for a person, so that they add up to each other;
//! * ratings under the service in the fact, which is the one known at the rating;
//! * everything else under the service known at the moment of the fact.
//!
//! `undetermined` is a service too: the sum over services is always the total.
#![forbid(unsafe_code)]

mod assistant;
mod browsers;
mod call_book;
mod calls;
mod cases;
mod compare;
mod consultations;
mod dispositions;
mod exposition;
mod guidance;
mod health;
mod histogram;
pub mod io;
mod keys;
mod media;
mod notifications;
mod operators;
mod projection;
mod queue_hours;
mod ratings;
pub mod read_model;
mod recognition;
mod registers;
pub mod report;
mod sheet;
mod speaking;
mod talks;
mod tasks;
pub mod testing;
mod transcripts;
mod transfers;
mod waits;
mod waits_told;
mod words;

#[cfg(test)]
#[expect(
    clippy::wildcard_enum_match_arm,
    clippy::too_many_lines,
    reason = "the naive count looks for some facts and reads from top to bottom"
)]
mod oracle;

pub use browsers::BrowserFigures;
pub use compare::{Difference, compare};
pub use exposition::encode;
pub use health::{Direction, Health, ProcessFigures, SipResponse};
pub use histogram::{Histogram, LATENCY_EDGES_US, STORAGE_EDGES_US, WAIT_EDGES_US};
pub use operators::OperatorState;
pub use projection::{Numbers, Projection, Totals};
pub use recognition::RecognitionFigures;
pub use registers::RegisterFigure;
pub use speaking::SpeakingFigures;
