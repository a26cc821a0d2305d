//! Sockets, threads and files of the gateway: the media plane, the text plane and the
//! SIP transports.

mod clock;
mod counters;
mod leg;
mod orders;
mod plane;
mod ports;
mod reading;
mod recording;
mod rooms;
mod seat;
mod stream;
mod sys;
mod text;
mod transport;
mod webrtc;
mod worker;

pub use counters::PlaneFigures;
pub use plane::{MediaPlane, MediaPlaneConfig};
pub use ports::probe_ports;
pub use sys::raise_descriptor_limit;
pub use text::TextPlane;
pub use transport::{TransportConfig, TransportFigures, Transports};
pub use webrtc::{OpenError, WebRtcConfig, WebRtcFigures, WebRtcPlane};

#[cfg(test)]
mod plane_tests;
#[cfg(test)]
mod transport_tests;
