//! Real-time text: what a caller types appears while it is typed (ITU-T T.140 over RTP, RFC 4103).
//!
//! Pure: [`redundancy`] packs and unpacks packets, [`Receiver`] turns packets into characters in
//! order and marks what was lost, [`Sender`] turns a text into packets at a pace that can be read,
//! [`Line`] turns characters into lines with their corrections made. Time comes in as milliseconds of
//! a clock that only goes forward.

mod line;
mod receiver;
pub mod redundancy;
mod sender;

pub use line::{Line, Typed};
pub use receiver::Receiver;
pub use sender::{DEFAULT_CPS, Outgoing, Sender};

/// Where text is missing that no packet brought (RFC 4103 §5.4, T.140 §8): it is shown, not guessed.
pub const MISSING: char = '\u{FFFD}';

/// Begins a session and means nothing else (T.140 §7).
pub const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Ends a line (T.140 §7: LINE SEPARATOR is preferred to CR LF).
pub const LINE_SEPARATOR: char = '\u{2028}';

/// RTP clock of text, in hertz (RFC 4103 §3).
pub const CLOCK_HZ: u32 = 1_000;
