//! Server transaction of any method but INVITE and ACK: RFC 3261 §17.2.2.
//!
//! The gateway answers such a request in the same turn, so Trying and Proceeding last no time and
//! the transaction begins Completed.

use super::step::{Effect, Effects};
use super::timer::{PATIENCE_MS, Timer};

/// Where the transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    /// Answered; the same request gets the same answer.
    Completed,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerInput {
    /// The same request again.
    Request,
    /// A timer fired.
    Fired(Timer),
}

impl Server {
    /// The final response has just been sent. Timer J is 0 on a stream: nothing to remember.
    pub(crate) const fn begin(reliable: bool) -> (Self, Effects) {
        let absorb = if reliable {
            Effect::End
        } else {
            Effect::Arm(Timer::J, PATIENCE_MS)
        };
        (Self::Completed, Effects::one(absorb))
    }

    /// One step of the machine.
    pub(crate) const fn step(self, input: ServerInput) -> (Self, Effects) {
        match input {
            ServerInput::Request => (self, Effects::one(Effect::Resend)),
            ServerInput::Fired(Timer::J) => (self, Effects::one(Effect::End)),
            ServerInput::Fired(_) => (self, Effects::NONE),
        }
    }
}
