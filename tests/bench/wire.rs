//! Datagrams with the kernel's own receive time, so that a late meter does not look like a late server.

use std::io::IoSliceMut;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::{SystemTime, UNIX_EPOCH};

use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;

/// Room in the kernel for what comes while this core is busy elsewhere, octets.
const RECEIVE_BUFFER: usize = 32 * 1024 * 1024;

/// Nanoseconds of the wall clock: the one the kernel stamps packets with.
pub(crate) fn now_ns() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_nanos()).unwrap()
}

/// A socket on loopback.
pub(crate) struct Wire {
    socket: UdpSocket,
    buffer: Vec<u8>,
    control: Vec<u8>,
}

/// What came.
pub(crate) struct Datagram {
    /// Octets in [`Wire::octets`].
    pub(crate) length: usize,
    /// Port of the sender.
    pub(crate) port: u16,
    /// When the kernel received it.
    pub(crate) at_ns: u64,
}

impl Wire {
    pub(crate) fn open(port: u16) -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", port)).unwrap();
        socket.set_nonblocking(true).unwrap();
        setsockopt(&socket, sockopt::RcvBufForce, &RECEIVE_BUFFER)
            .expect("a large buffer: run as root");
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true).unwrap();
        Self {
            socket,
            buffer: vec![0; 16 * 1024],
            control: nix::cmsg_space!(TimeSpec),
        }
    }

    /// The next datagram, if one is there.
    pub(crate) fn receive(&mut self) -> Option<Datagram> {
        let mut into = [IoSliceMut::new(&mut self.buffer)];
        let fd = self.socket.as_raw_fd();
        let got = recvmsg::<SockaddrIn>(fd, &mut into, Some(&mut self.control), MsgFlags::empty())
            .ok()?;
        let stamp = got.cmsgs().ok()?.find_map(|message| match message {
            ControlMessageOwned::ScmTimestampns(at) => Some(at),
            _ => None,
        });
        let at_ns = stamp.map_or_else(now_ns, |at| {
            u64::try_from(at.tv_sec()).unwrap() * 1_000_000_000
                + u64::try_from(at.tv_nsec()).unwrap()
        });
        Some(Datagram {
            length: got.bytes,
            port: got.address?.port(),
            at_ns,
        })
    }

    pub(crate) fn octets(&self, datagram: &Datagram) -> &[u8] {
        &self.buffer[..datagram.length]
    }

    pub(crate) fn send(&self, octets: &[u8], to: SocketAddr) {
        let _ = self.socket.send_to(octets, to); // a full buffer is a lost packet
    }
}
