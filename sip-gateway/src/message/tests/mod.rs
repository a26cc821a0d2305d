//! Tests of the whole reader and writer.

mod differential;
mod properties;
pub(super) mod torture;
