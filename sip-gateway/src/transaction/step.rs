//! What a transaction's machine asks for: the common alphabet of the four machines.

use super::timer::Timer;

/// Something the layer must do for a transaction. The machines hold no bytes; the layer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Send the last message again.
    Resend,
    /// Send the ACK of a refusal (RFC 3261 §17.1.1.3).
    Ack,
    /// Start, or restart, a timer with this many milliseconds.
    Arm(Timer, u64),
    /// Stop a timer.
    Disarm(Timer),
    /// Hand the response to the transaction's user.
    Pass,
    /// Tell the user that no answer came, or that the transport is gone.
    Lost,
    /// The transaction is over.
    End,
}

/// Effects of one step, in order: no allocation, at most five.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effects {
    items: [Option<Effect>; 5],
}

impl Effects {
    /// Nothing to do.
    pub(crate) const NONE: Self = Self { items: [None; 5] };

    /// One thing to do.
    pub(crate) const fn one(a: Effect) -> Self {
        Self {
            items: [Some(a), None, None, None, None],
        }
    }

    /// Two things to do.
    pub(crate) const fn two(a: Effect, b: Effect) -> Self {
        Self {
            items: [Some(a), Some(b), None, None, None],
        }
    }

    /// Three things to do.
    pub(crate) const fn three(a: Effect, b: Effect, c: Effect) -> Self {
        Self {
            items: [Some(a), Some(b), Some(c), None, None],
        }
    }

    /// Four things to do.
    pub(crate) const fn four(a: Effect, b: Effect, c: Effect, d: Effect) -> Self {
        Self {
            items: [Some(a), Some(b), Some(c), Some(d), None],
        }
    }

    /// The same and one thing more; a sixth would be lost.
    pub(crate) const fn and(mut self, last: Effect) -> Self {
        let [.., fifth] = &mut self.items;
        *fifth = Some(last);
        self
    }

    /// In order.
    pub(crate) fn iter(self) -> impl Iterator<Item = Effect> {
        self.items.into_iter().flatten()
    }
}
