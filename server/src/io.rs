//! The shell: sockets, files, threads and the one clock. No rule of the product lives here.

pub mod clock;
pub mod journal_file;
