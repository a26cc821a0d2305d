//! Packets to legs: SIP signalling as a pure machine, media as a plane of fixed threads.

pub mod boundary;
