//! A leg as a media thread holds it: its two sockets, its session, and who else gets its audio.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use events::LegId;
use socket2::{Domain, Protocol, Socket, Type};

use super::recording::RecordingFeed;
use super::seat::Seat;
use super::sys;
use crate::media::mix::Limiter;
use crate::media::session::StreamStart;
use crate::media::{FRAME_SAMPLES, Frame, Session};

/// DSCP EF (RFC 3246), as the traffic class octet.
const EXPEDITED: u32 = 46 << 2;

/// A leg's state on its thread.
pub(super) struct Leg {
    pub(super) id: LegId,
    pub(super) session: Session,
    pub(super) rtp: UdpSocket,
    pub(super) rtcp: UdpSocket,
    /// Its room, if it is in one.
    pub(super) room: Seat,
    pub(super) tap: Option<Tap>,
    /// Only on a caller's leg.
    pub(super) recording: Option<RecordingFeed>,
    /// Of what is mixed for the leg, and of what is recorded beside it.
    pub(super) limiters: (Limiter, Limiter),
    /// The newest frame decoded, while somebody listens.
    pub(super) heard: Frame,
    /// The tick of the next RTCP report.
    pub(super) report_tick: u64,
    /// The tick of the newest key told.
    pub(super) digit_tick: u64,
    /// Read as soon as something arrives, not on the tick.
    pub(super) live: bool,
    /// Datagrams read since the last tick.
    pub(super) taken: usize,
}

/// Who listens to a leg, and perhaps to what is said to it.
pub(super) struct Tap {
    feed: rtrb::Producer<i16>,
    sent: Option<rtrb::Producer<i16>>,
}

impl Tap {
    pub(super) const fn new(feed: rtrb::Producer<i16>, sent: Option<rtrb::Producer<i16>>) -> Self {
        Self { feed, sent }
    }

    /// Whether what is sent to the leg is wanted too.
    pub(super) const fn hears_both(&self) -> bool {
        self.sent.is_some()
    }

    /// Gives a frame to both or to none, so that they stay beside each other; false if there is no
    /// room. What is sent is what the session makes, or what the `others` of its room say.
    pub(super) fn push(&mut self, heard: &Frame, session: &Session, others: &Frame) -> bool {
        let Some(sent) = &mut self.sent else {
            return self.feed.push_entire_slice(heard).is_ok();
        };
        if self.feed.slots() < FRAME_SAMPLES || sent.slots() < FRAME_SAMPLES {
            return false;
        }
        let said = session.said().unwrap_or(*others);
        // What is sent goes first: a reader who finds a heard frame finds what was sent with it.
        sent.push_entire_slice(&said).is_ok() && self.feed.push_entire_slice(heard).is_ok()
    }
}

impl Leg {
    /// Binds the pair of ports: RTP at `local`, RTCP above it.
    pub(super) fn open(id: LegId, local: SocketAddr, start: StreamStart) -> io::Result<Self> {
        let above = local.port().checked_add(1);
        let above = above.ok_or_else(|| io::Error::other("no port above 65535 for RTCP"))?;
        let rtp = bind(local)?;
        let rtcp = bind(SocketAddr::new(local.ip(), above))?;
        Ok(Self {
            id,
            session: Session::new(start),
            rtp,
            rtcp,
            room: Seat::default(),
            tap: None,
            recording: None,
            limiters: <(Limiter, Limiter)>::default(),
            heard: [0; FRAME_SAMPLES],
            report_tick: 0,
            digit_tick: 0,
            live: false,
            taken: 0,
        })
    }

    /// Whether somebody listens to the leg and to what the others of its room say.
    pub(super) fn is_heard_with_others(&self) -> bool {
        self.recording.is_some() || self.tap.as_ref().is_some_and(Tap::hears_both)
    }
}

pub(super) fn bind(local: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(local), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // Marking is a courtesy to routers; a host that forbids it still talks.
    let _ = match local {
        SocketAddr::V4(_) => socket.set_tos_v4(EXPEDITED),
        SocketAddr::V6(_) => socket
            .set_only_v6(true)
            .and_then(|()| socket.set_tclass_v6(EXPEDITED)),
    };
    socket.bind(&local.into())?;
    let socket = UdpSocket::from(socket);
    sys::stamp_arrivals(&socket)?;
    Ok(socket)
}
