//! INVITE client transaction: RFC 3261 §17.1.1 as amended by RFC 6026 §8.4.

use super::step::{Effect, Effects};
use super::timer::{PATIENCE_MS, T1_MS, Timer};

/// Timer D on UDP, in milliseconds: «at least 32 seconds».
const D_MS: u64 = 32_000;

/// Where the transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientInvite {
    /// INVITE sent, nothing heard; the current pause of Timer A.
    Calling {
        /// In milliseconds.
        pause_ms: u64,
    },
    /// A provisional response came.
    Proceeding,
    /// A refusal came and was acknowledged.
    Completed,
    /// A 2xx came; its user acknowledges.
    Accepted,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientInviteInput {
    /// 1xx.
    Provisional,
    /// 2xx.
    Success,
    /// 3xx–6xx.
    Refusal,
    /// A timer fired.
    Fired(Timer),
    /// The stream closed.
    TransportLost,
}

impl ClientInvite {
    /// The INVITE has just been sent.
    pub(crate) const fn begin(reliable: bool) -> (Self, Effects) {
        let calling = Self::Calling { pause_ms: T1_MS };
        let patience = Effect::Arm(Timer::B, PATIENCE_MS);
        if reliable {
            (calling, Effects::one(patience))
        } else {
            (
                calling,
                Effects::two(patience, Effect::Arm(Timer::A, T1_MS)),
            )
        }
    }

    /// One step of the machine.
    pub(crate) const fn step(self, reliable: bool, input: ClientInviteInput) -> (Self, Effects) {
        use ClientInviteInput as In;
        match self {
            Self::Calling { pause_ms } => match input {
                In::Provisional => (
                    Self::Proceeding,
                    Effects::three(
                        Effect::Disarm(Timer::A),
                        Effect::Disarm(Timer::B),
                        Effect::Pass,
                    ),
                ),
                In::Success => Self::accept(),
                In::Refusal => Self::complete(reliable),
                In::Fired(Timer::A) => (
                    Self::Calling {
                        pause_ms: pause_ms * 2,
                    },
                    Effects::two(Effect::Resend, Effect::Arm(Timer::A, pause_ms * 2)),
                ),
                In::Fired(Timer::B) | In::TransportLost => {
                    (self, Effects::two(Effect::Lost, Effect::End))
                }
                In::Fired(_) => (self, Effects::NONE),
            },
            Self::Proceeding => match input {
                In::Provisional => (self, Effects::one(Effect::Pass)),
                In::Success => Self::accept(),
                In::Refusal => Self::complete(reliable),
                In::TransportLost => (self, Effects::two(Effect::Lost, Effect::End)),
                In::Fired(_) => (self, Effects::NONE),
            },
            Self::Completed => match input {
                In::Refusal => (self, Effects::one(Effect::Ack)),
                In::Fired(Timer::D) | In::TransportLost => (self, Effects::one(Effect::End)),
                In::Provisional | In::Success | In::Fired(_) => (self, Effects::NONE),
            },
            Self::Accepted => match input {
                In::Success => (self, Effects::one(Effect::Pass)),
                In::Fired(Timer::M) => (self, Effects::one(Effect::End)),
                In::Provisional | In::Refusal | In::Fired(_) | In::TransportLost => {
                    (self, Effects::NONE)
                }
            },
        }
    }

    const fn accept() -> (Self, Effects) {
        (
            Self::Accepted,
            Effects::four(
                Effect::Disarm(Timer::A),
                Effect::Disarm(Timer::B),
                Effect::Arm(Timer::M, PATIENCE_MS),
                Effect::Pass,
            ),
        )
    }

    const fn complete(reliable: bool) -> (Self, Effects) {
        // Timer D is 0 on a stream: the layer ends the transaction in the same step.
        let absorb = if reliable {
            Effect::End
        } else {
            Effect::Arm(Timer::D, D_MS)
        };
        let answered = Effects::four(
            Effect::Disarm(Timer::A),
            Effect::Disarm(Timer::B),
            Effect::Ack,
            Effect::Pass,
        );
        (Self::Completed, answered.and(absorb))
    }
}
