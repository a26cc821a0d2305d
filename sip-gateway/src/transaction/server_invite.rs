//! INVITE server transaction: RFC 3261 §17.2.1 as amended by RFC 6026 §8.5.

use super::step::{Effect, Effects};
use super::timer::{PATIENCE_MS, T1_MS, T4_MS, Timer, doubled};

/// Where the transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerInvite {
    /// Provisional responses only, 100 at least.
    Proceeding,
    /// Refused; the current pause of Timer G.
    Completed {
        /// In milliseconds.
        pause_ms: u64,
    },
    /// The refusal's ACK came.
    Confirmed,
    /// Answered 2xx; its user resends until the ACK.
    Accepted,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerInviteInput {
    /// The same INVITE again.
    Invite,
    /// An ACK on the same branch.
    Ack,
    /// The user answers 2xx. The layer has sent it.
    Success,
    /// The user answers 3xx–6xx. The layer has sent it.
    Refusal,
    /// A timer fired.
    Fired(Timer),
}

impl ServerInvite {
    /// One step of the machine.
    pub(crate) const fn step(self, reliable: bool, input: ServerInviteInput) -> (Self, Effects) {
        use ServerInviteInput as In;
        match self {
            Self::Proceeding => match input {
                In::Invite => (self, Effects::one(Effect::Resend)),
                In::Success => (
                    Self::Accepted,
                    Effects::one(Effect::Arm(Timer::L, PATIENCE_MS)),
                ),
                In::Refusal => Self::complete(reliable),
                In::Ack | In::Fired(_) => (self, Effects::NONE),
            },
            Self::Completed { pause_ms } => match input {
                In::Invite => (self, Effects::one(Effect::Resend)),
                In::Ack => Self::confirm(reliable),
                In::Fired(Timer::G) => {
                    let pause_ms = doubled(pause_ms);
                    let effects = Effects::two(Effect::Resend, Effect::Arm(Timer::G, pause_ms));
                    (Self::Completed { pause_ms }, effects)
                }
                In::Fired(Timer::H) => (self, Effects::two(Effect::Lost, Effect::End)),
                In::Success | In::Refusal | In::Fired(_) => (self, Effects::NONE),
            },
            Self::Confirmed => match input {
                In::Fired(Timer::I) => (self, Effects::one(Effect::End)),
                In::Invite | In::Ack | In::Success | In::Refusal | In::Fired(_) => {
                    (self, Effects::NONE)
                }
            },
            Self::Accepted => match input {
                In::Fired(Timer::L) => (self, Effects::one(Effect::End)),
                // A retransmitted INVITE is absorbed: the user resends the 2xx on its own clock.
                In::Invite | In::Ack | In::Success | In::Refusal | In::Fired(_) => {
                    (self, Effects::NONE)
                }
            },
        }
    }

    const fn complete(reliable: bool) -> (Self, Effects) {
        let patience = Effect::Arm(Timer::H, PATIENCE_MS);
        let effects = if reliable {
            Effects::one(patience)
        } else {
            Effects::two(patience, Effect::Arm(Timer::G, T1_MS))
        };
        (Self::Completed { pause_ms: T1_MS }, effects)
    }

    const fn confirm(reliable: bool) -> (Self, Effects) {
        // Timer I is 0 on a stream.
        let absorb = if reliable {
            Effect::End
        } else {
            Effect::Arm(Timer::I, T4_MS)
        };
        (
            Self::Confirmed,
            Effects::three(Effect::Disarm(Timer::G), Effect::Disarm(Timer::H), absorb),
        )
    }
}
