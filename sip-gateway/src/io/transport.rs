//! How SIP messages travel: datagrams on threads of their own, streams in [`super::stream`].

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use socket2::{Domain, Protocol, Socket, Type};

use super::stream::Streams;
use crate::boundary::{Flow, Input, Transport};
use crate::message::MAX_DATAGRAM_BYTES;

/// Room in the kernel for a burst of datagrams: 4 MiB, about 4000 INVITEs. The system may grant
/// less (`net.core.rmem_max`).
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;
/// How soon a reader notices that it shall stop.
const STOP_POLL: Duration = Duration::from_millis(250);

/// Where to listen, and the limits of streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportConfig {
    /// Addresses for datagrams; port 0 takes a free one.
    pub udp: Vec<SocketAddr>,
    /// Addresses for streams; port 0 takes a free one.
    pub tcp: Vec<SocketAddr>,
    /// Most streams open at once; more are refused.
    pub max_streams: usize,
    /// Most streams open at once from one address; more are refused.
    pub max_streams_per_address: usize,
    /// A stream on which nothing arrives for this long is closed. Longer than a registration
    /// lasts, for phones that send no keep-alive.
    pub stream_idle: Duration,
    /// A message must be whole within this time, from its first octet; a new stream must bring one.
    pub message_deadline: Duration,
}

impl Default for TransportConfig {
    fn default() -> Self {
        Self {
            udp: Vec::new(),
            tcp: Vec::new(),
            max_streams: 4_096,
            max_streams_per_address: 512,
            stream_idle: Duration::from_secs(3_700),
            message_deadline: Duration::from_secs(10),
        }
    }
}

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// What the transports counted: sums since the start, except `streams_open`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct TransportFigures {
            $($(#[$doc])* pub $name: u64,)+
        }

        /// The same while it is counted.
        #[derive(Debug, Default)]
        pub(super) struct Counts {
            $(pub(super) $name: AtomicU64,)+
        }

        impl Counts {
            fn read(&self) -> TransportFigures {
                TransportFigures { $($name: self.$name.load(Ordering::Relaxed),)+ }
            }
        }
    };
}

figures! {
    /// Messages handed in.
    messages_received,
    /// Messages handed to the system.
    messages_sent,
    /// Messages that found the inbox full.
    messages_dropped,
    /// Datagrams larger than a SIP message may be.
    datagrams_oversized,
    /// Messages that could not be sent.
    send_failures,
    /// Streams open now.
    streams_open,
    /// Streams refused for the limits.
    streams_refused,
    /// Streams closed because the other side was too slow, silent, or sent no SIP.
    streams_cut,
}

/// Adds one.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Where inputs go; false if there was no room.
pub(super) type Sink = Arc<dyn Fn(Input) -> bool + Send + Sync>;

/// Open sockets and their readers, until dropped.
pub struct Transports {
    sockets: BTreeMap<SocketAddr, Arc<UdpSocket>>,
    streams: Streams,
    counts: Arc<Counts>,
    stopping: Arc<AtomicBool>,
    readers: Vec<JoinHandle<()>>,
}

impl Transports {
    /// Binds every address and begins to read. `sink` gets [`Input::Received`] and
    /// [`Input::Closed`]; it must not block. When it says false, a datagram is dropped and counted;
    /// a stream is not read further for up to a second, then its message is dropped too.
    ///
    /// # Errors
    /// When an address cannot be bound; the error names it.
    pub fn start(
        config: &TransportConfig,
        sink: impl Fn(Input) -> bool + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let sink: Sink = Arc::new(sink);
        let counts = Arc::new(Counts::default());
        let stopping = Arc::new(AtomicBool::new(false));
        let mut transports = Self {
            sockets: BTreeMap::new(),
            streams: Streams::start(config, Arc::clone(&sink), Arc::clone(&counts))?,
            counts,
            stopping,
            readers: Vec::new(),
        };
        for address in &config.udp {
            let socket = Arc::new(bind(*address).map_err(|e| named("UDP", *address, &e))?);
            let local = socket.local_addr()?;
            transports.sockets.insert(local, Arc::clone(&socket));
            let reader = Reader {
                socket,
                local,
                sink: Arc::clone(&sink),
                counts: Arc::clone(&transports.counts),
                stopping: Arc::clone(&transports.stopping),
            };
            let thread = thread::Builder::new()
                .name("sip-udp".into())
                .spawn(move || reader.run())?;
            transports.readers.push(thread);
        }
        Ok(transports)
    }

    /// Sends a message; from any thread. A stream that must be opened first is; one that is gone,
    /// or cannot be opened, is reported with [`Input::Closed`].
    pub fn send(&self, flow: Flow, bytes: Bytes) {
        match flow.transport {
            Transport::Udp => self.send_datagram(flow, &bytes),
            Transport::Tcp => self.streams.send(flow, bytes),
        }
    }

    /// Where we really listen.
    #[must_use]
    pub fn local_addrs(&self) -> Vec<(Transport, SocketAddr)> {
        let udp = self.sockets.keys().map(|local| (Transport::Udp, *local));
        let tcp = self.streams.local_addrs();
        udp.chain(tcp.iter().map(|l| (Transport::Tcp, *l)))
            .collect()
    }

    /// Counted so far.
    #[must_use]
    pub fn figures(&self) -> TransportFigures {
        self.counts.read()
    }

    fn send_datagram(&self, flow: Flow, bytes: &[u8]) {
        let same_family = || {
            self.sockets
                .iter()
                .find(|(local, _)| local.is_ipv4() == flow.peer.is_ipv4())
                .map(|(_, socket)| socket)
        };
        let socket = self.sockets.get(&flow.local).or_else(same_family);
        match socket.map(|socket| socket.send_to(bytes, flow.peer)) {
            Some(Ok(_)) => count(&self.counts.messages_sent),
            Some(Err(error)) => {
                count(&self.counts.send_failures);
                tracing::debug!(peer = %flow.peer, %error, "datagram not sent");
            }
            None => count(&self.counts.send_failures),
        }
    }
}

impl Drop for Transports {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.streams.stop();
        for reader in self.readers.drain(..) {
            drop(reader.join());
        }
    }
}

/// An error that says which address it is about.
pub(super) fn named(what: &str, address: SocketAddr, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what} {address}: {error}"))
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    socket.set_send_buffer_size(RECEIVE_BUFFER)?;
    socket.set_read_timeout(Some(STOP_POLL))?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

struct Reader {
    socket: Arc<UdpSocket>,
    local: SocketAddr,
    sink: Sink,
    counts: Arc<Counts>,
    stopping: Arc<AtomicBool>,
}

impl Reader {
    fn run(self) {
        let mut buffer = vec![0; 64 * 1024];
        while !self.stopping.load(Ordering::Relaxed) {
            match self.socket.recv_from(&mut buffer) {
                Ok((length, peer)) => {
                    if let Some(octets) = buffer.get(..length) {
                        self.take(octets, peer);
                    }
                }
                Err(error) => {
                    let nothing = [
                        io::ErrorKind::WouldBlock,
                        io::ErrorKind::TimedOut,
                        io::ErrorKind::Interrupted,
                        io::ErrorKind::ConnectionRefused,
                    ];
                    if !nothing.contains(&error.kind()) {
                        tracing::warn!(local = %self.local, %error, "SIP socket");
                    }
                }
            }
        }
    }

    fn take(&self, octets: &[u8], peer: SocketAddr) {
        // Keep-alives that only hold a NAT's door open.
        if octets.iter().all(|b| matches!(b, b'\r' | b'\n' | 0)) {
            return;
        }
        if octets.len() > MAX_DATAGRAM_BYTES {
            return count(&self.counts.datagrams_oversized);
        }
        let flow = Flow {
            transport: Transport::Udp,
            connection: 0,
            local: self.local,
            peer,
        };
        let bytes = Bytes::copy_from_slice(octets);
        if (self.sink)(Input::Received { flow, bytes }) {
            count(&self.counts.messages_received);
        } else {
            count(&self.counts.messages_dropped);
        }
    }
}
