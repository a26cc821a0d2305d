//! Session descriptions (RFC 8866) for one audio stream and one of real-time text, offer and answer
//! (RFC 3264).
//!
//! G.711 in both laws and telephone-event (RFC 4733), T.140 with redundancy (RFC 4103); everything
//! else is declined politely.

mod model;
mod negotiate;
mod read;
mod text;
mod write;

pub use model::{
    Connection, Direction, LocalMedia, MediaDescription, PayloadType, SdpError, SessionDescription,
};
pub use negotiate::{Agreed, EVENT_PAYLOAD_TYPE, PTIME_MS, accept_answer, answer, offer};

/// Largest description that is read, in bytes.
pub const MAX_SDP_BYTES: usize = 16 * 1024;
/// Most media sections that are read; more is [`SdpError::Malformed`].
pub const MAX_MEDIA: usize = 16;
/// Most payload types of a section; more is [`SdpError::Malformed`].
pub const MAX_PAYLOAD_TYPES: usize = 64;

#[cfg(test)]
mod tests;
