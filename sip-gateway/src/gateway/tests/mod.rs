//! Calls as ladders: text in, text out; time moves when the test says so.

mod browsers;
mod calls;
mod door;
mod kit;
mod lossy;
mod operators;
mod registration;
mod rubbish;
mod tables;

pub(crate) use kit::config as tests_config;
mod trunk_calls;
