//! Client transaction of any method but INVITE: RFC 3261 §17.1.2.

use super::step::{Effect, Effects};
use super::timer::{PATIENCE_MS, T1_MS, T2_MS, T4_MS, Timer, doubled};

/// Where the transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// Sent, nothing heard; the current pause of Timer E.
    Trying {
        /// In milliseconds.
        pause_ms: u64,
    },
    /// A provisional response came.
    Proceeding,
    /// A final response came.
    Completed,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientInput {
    /// 1xx.
    Provisional,
    /// 2xx–6xx.
    Final,
    /// A timer fired.
    Fired(Timer),
    /// The stream closed.
    TransportLost,
}

impl Client {
    /// The request has just been sent.
    pub(crate) const fn begin(reliable: bool) -> (Self, Effects) {
        let trying = Self::Trying { pause_ms: T1_MS };
        let patience = Effect::Arm(Timer::F, PATIENCE_MS);
        if reliable {
            (trying, Effects::one(patience))
        } else {
            (trying, Effects::two(patience, Effect::Arm(Timer::E, T1_MS)))
        }
    }

    /// One step of the machine.
    pub(crate) const fn step(self, reliable: bool, input: ClientInput) -> (Self, Effects) {
        use ClientInput as In;
        match self {
            Self::Trying { pause_ms } => match input {
                In::Provisional => (Self::Proceeding, Effects::one(Effect::Pass)),
                In::Final => Self::complete(reliable),
                In::Fired(Timer::E) => {
                    let pause_ms = doubled(pause_ms);
                    (Self::Trying { pause_ms }, Self::resend(pause_ms))
                }
                In::Fired(Timer::F) | In::TransportLost => {
                    (self, Effects::two(Effect::Lost, Effect::End))
                }
                In::Fired(_) => (self, Effects::NONE),
            },
            Self::Proceeding => match input {
                In::Provisional => (self, Effects::one(Effect::Pass)),
                In::Final => Self::complete(reliable),
                In::Fired(Timer::E) => (self, Self::resend(T2_MS)),
                In::Fired(Timer::F) | In::TransportLost => {
                    (self, Effects::two(Effect::Lost, Effect::End))
                }
                In::Fired(_) => (self, Effects::NONE),
            },
            Self::Completed => match input {
                In::Fired(Timer::K) | In::TransportLost => (self, Effects::one(Effect::End)),
                In::Provisional | In::Final | In::Fired(_) => (self, Effects::NONE),
            },
        }
    }

    const fn resend(pause_ms: u64) -> Effects {
        Effects::two(Effect::Resend, Effect::Arm(Timer::E, pause_ms))
    }

    const fn complete(reliable: bool) -> (Self, Effects) {
        // Timer K is 0 on a stream.
        let absorb = if reliable {
            Effect::End
        } else {
            Effect::Arm(Timer::K, T4_MS)
        };
        (
            Self::Completed,
            Effects::four(
                Effect::Disarm(Timer::E),
                Effect::Disarm(Timer::F),
                Effect::Pass,
                absorb,
            ),
        )
    }
}
