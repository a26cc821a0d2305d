//! Everything about audio that needs no socket and no clock: G.711, RTP, telephone-event, jitter,
//! statistics, RTCP, latching, and [`Session`], which puts them together for one leg.
//!
//! Time comes in as counts: `clock` is the plane's 8 kHz sample clock (wrapping), `ticks` its 20 ms
//! ticks, `arrival_us` microseconds of a clock that only ever goes forward.

pub mod carry;
pub mod dtmf;
pub mod g711;
pub mod jitter;
pub mod latch;
pub mod mix;
pub mod outgoing;
pub mod player;
pub mod reception;
pub mod rtcp;
pub mod rtp;
pub mod session;
pub mod stun;

pub use g711::encode_prompt;
pub use session::Session;

/// Samples of a frame: 20 ms at 8 kHz (RFC 3551 §4.5.14 default packetisation).
pub const FRAME_SAMPLES: usize = 160;

/// The same as a step of RTP timestamps.
pub const FRAME_STEP: u32 = 160;

/// Frames a second: the rate of ticks.
pub const TICKS_PER_SECOND: u32 = 50;

/// One frame of decoded audio.
pub type Frame = [i16; FRAME_SAMPLES];
