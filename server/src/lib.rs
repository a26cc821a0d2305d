//! The product: the only place where the peers meet.
//!
//! | module | what |
//! |---|---|
//! | [`switchboard`] | routes each peer's outputs to the others' inputs; pure |
//! | [`house`] | from configuration and scripts to the peers' settings; pure |
//! | [`config`] | `liniya.toml`; reads one file, else pure |
//! | [`organisation`], [`operator_script`], [`bodies`], [`handbook`], [`script_texts`], [`training`], [`knowledge_dates`], [`desk`], [`told_log`] | what operators and managers see; pure |
//! | [`api`] | HTTP: console, JSON, metrics |
//! | [`io`] | the shell: the loop, the journal's file, the clock, the command line |
#![forbid(unsafe_code)]

pub mod api;
pub mod bodies;
pub mod config;
pub mod desk;
pub mod handbook;
pub mod house;
pub mod io;
pub mod knowledge_dates;
pub mod operator_script;
pub mod organisation;
pub mod script_texts;
pub mod switchboard;
pub mod told_log;
pub mod training;
pub mod why;
