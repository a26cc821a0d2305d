//! Packets to legs: SIP signalling as a pure machine, media as a plane of fixed threads.

mod admission;
pub mod auth;
pub mod boundary;
mod browser;
mod dialog;
pub mod gateway;
pub mod io;
mod leg;
pub mod media;
pub mod message;
mod registrar;
pub mod sdp;
pub mod text;
mod transaction;
pub mod trunk;
