//! Numbers for people: the summary per line and service, and a call as a ladder. Pure text in, text
//! out; Russian, since managers and methodologists read it.

mod ladder;
mod render;
mod rung;
mod rung_beside;
mod rung_cases;
mod rung_guidance;
mod rung_queue;
mod rung_supervision;
mod rung_transcript;
mod russian;
mod summary;

pub use ladder::{Shown, ladder};
pub use render::{csv, json, text};
pub use rung_cases::concerns;
pub use russian::Russian;
pub use summary::{
    CallFigures, Period, RatingFigures, Step, Summary, SummaryRow, TransferFigures, summarise,
};
