//! The world outside: files of calendars, registers of applications, a mail server, a provider of
//! short messages.

pub mod calendars;
mod outgoing;
mod sms;
mod smtp;
pub mod status;

pub use outgoing::Outgoing;
pub use sms::{ShortMessages, SmsFormat, SmsSettings};
pub use smtp::{Letters, SmtpSettings, SmtpTls};
