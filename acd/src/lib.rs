//! Who talks to whom: calls, queues, operators, offers, talks, wrap-up. No io at all.
#![forbid(unsafe_code)]

mod command;

pub use command::{Command, Refusal};
