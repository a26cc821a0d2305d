//! The world outside: files of calendars, registers of applications.

pub mod calendars;
pub mod status;
