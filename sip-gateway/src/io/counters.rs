//! What the media threads count, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Sums since the start, except where a field says otherwise.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct PlaneFigures {
            $($(#[$doc])* pub $name: u64,)+
        }

        /// One thread's figures where others can read them.
        #[derive(Debug, Default)]
        pub(super) struct Published {
            $($name: AtomicU64,)+
        }

        impl Published {
            pub(super) fn publish(&self, figures: &PlaneFigures) {
                $(self.$name.store(figures.$name, Ordering::Relaxed);)+
            }

            pub(super) fn add_to(&self, sum: &mut PlaneFigures) {
                $(sum.$name += self.$name.load(Ordering::Relaxed);)+
            }
        }
    };
}

figures! {
    /// Legs open now.
    legs,
    /// RTP packets taken.
    packets_received,
    /// RTP datagrams refused: not RTP, unknown payload type, or a source that is not latched.
    packets_refused,
    /// RTP packets sent.
    packets_sent,
    /// RTP packets the kernel would not take.
    send_failures,
    /// Frames of 20 ms that a full tap lost.
    tap_dropped_frames,
    /// Frames of 20 ms that a full recording ring replaced by silence.
    recording_dropped_frames,
    /// Slots of 5 ms that were handled a slot or more late.
    late_slots,
    /// Slots of 5 ms that were given up because the thread was over 100 ms behind.
    skipped_slots,
    /// Times a leg was read at a slower pace because it was flooded.
    floods,
}
