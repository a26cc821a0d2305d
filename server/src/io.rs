//! The shell: sockets, files, threads and the one clock. No rule of the product lives here.

pub mod cli;
pub mod clock;
pub mod committer;
pub mod control;
pub mod dictation;
mod ears;
pub mod engine;
pub mod handbook;
pub mod journal_file;
pub mod pages;
pub mod reload;
pub mod scripts;
pub mod senders;
pub mod serve;
pub mod shelf;
pub mod sounds;
pub mod text_store;
pub mod world;
