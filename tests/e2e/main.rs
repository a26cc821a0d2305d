//! End to end: the real binary on a private network, with real peers that others wrote.
//!
//! Slow (real calls keep real time) and in need of root, baresip, SIPp, Prometheus: think twice
//! before adding one; most rules are tested beside the code and in `tests/sim`.

mod callers;
mod crash;
mod operators;
mod signalling;
mod story;
