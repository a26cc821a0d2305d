//! The product: the only place where the peers meet.
//!
//! | module | what |
//! |---|---|
//! | [`switchboard`] | routes each peer's outputs to the others' inputs; pure |
//! | [`house`] | from configuration and scripts to the peers' settings; pure |
//! | [`config`] | `liniya.toml`; reads one file, else pure |
//! | [`organisation`], [`operator_script`], [`desk`], [`told_log`] | what operators and managers see; pure |
//! | [`api`] | HTTP: console, JSON, metrics |
//! | [`io`] | the shell: the loop, the journal's file, the clock, the command line |
#![forbid(unsafe_code)]

pub mod api;
pub mod config;
pub mod desk;
pub mod house;
pub mod io;
pub mod operator_script;
pub mod organisation;
pub mod switchboard;
pub mod told_log;
pub mod why;
