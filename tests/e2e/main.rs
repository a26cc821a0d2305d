//! End to end: the real binary on a private network, with real peers that others wrote.
//!
//! Slow (real calls keep real time) and in need of root, baresip, SIPp, Prometheus: think twice
//! before adding one; most rules are tested beside the code and in `tests/sim`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a failed step fails the test, and a test names the facts it is about"
)]

mod broadcast;
mod browsers;
mod callers;
mod consult;
mod crash;
mod ease;
mod letters;
mod live_text;
mod models;
mod operators;
mod placed;
mod reload;
mod signalling;
mod story;
mod supervision;
mod tasks;
mod text;
mod turn_taking;
