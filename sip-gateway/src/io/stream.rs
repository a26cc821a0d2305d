//! SIP over TCP (RFC 3261 §18): listeners, connections both ways, framing, keep-alive, limits.
//!
//! One tokio worker of its own serves all connections; a connection is one task that reads and
//! writes. Every queue, wait and size has a limit, and whoever exceeds it loses the connection.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout, timeout_at};

use super::transport::{Counts, Sink, TransportConfig, count, named};
use crate::boundary::{Flow, Input, Transport};
use crate::message::{Frame, Framer, PONG};

/// Messages that may wait for a slow reader.
const OUTBOX: usize = 128;
/// The other side must take a message within this time.
const WRITE_LIMIT: Duration = Duration::from_secs(10);
/// Our own connects give up after this time; Timer B would wait 32 s.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// A message that found the inbox full is offered again every 10 ms, this often.
const OFFERS: usize = 100;
const OFFER_EVERY: Duration = Duration::from_millis(10);

/// The TCP side of the transports.
pub(super) struct Streams {
    runtime: Option<Runtime>,
    hub: Arc<Hub>,
    local: Vec<SocketAddr>,
}

/// What every connection knows.
struct Hub {
    sink: Sink,
    counts: Arc<Counts>,
    config: TransportConfig,
    newest: AtomicU64,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    open: BTreeMap<u64, Open>,
    /// The newest connection with a far end: found again when the number is not known.
    by_peer: BTreeMap<SocketAddr, u64>,
    per_address: BTreeMap<IpAddr, usize>,
}

struct Open {
    peer: SocketAddr,
    outbox: Sender<Bytes>,
    /// Whether somebody sent by far end only, and must be told by far end when it closes.
    by_peer: bool,
}

impl Streams {
    pub(super) fn start(
        config: &TransportConfig,
        sink: Sink,
        counts: Arc<Counts>,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sip-tcp")
            .enable_all()
            .build()?;
        let hub = Arc::new(Hub {
            sink,
            counts,
            config: config.clone(),
            newest: AtomicU64::new(0),
            table: Mutex::default(),
        });
        let mut local = Vec::new();
        for address in &config.tcp {
            let listener = std::net::TcpListener::bind(address)
                .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
                .map_err(|e| named("TCP", *address, &e))?;
            local.push(listener.local_addr()?);
            let _inside = runtime.enter();
            let listener = TcpListener::from_std(listener)?;
            runtime.spawn(accept(listener, Arc::clone(&hub)));
        }
        Ok(Self {
            runtime: Some(runtime),
            hub,
            local,
        })
    }

    pub(super) fn local_addrs(&self) -> &[SocketAddr] {
        &self.local
    }

    /// Queues a message for a connection, opening it if the flow has no number.
    pub(super) fn send(&self, flow: Flow, bytes: Bytes) {
        let mut table = self.hub.table();
        let number = if flow.connection == 0 {
            table.by_peer.get(&flow.peer).copied()
        } else {
            Some(flow.connection)
        };
        if let Some(open) = number.and_then(|n| table.open.get_mut(&n)) {
            open.by_peer |= flow.connection == 0;
            if open.outbox.try_send(bytes).is_err() {
                // Too slow, or just closing: without its outbox the connection ends.
                count(&self.hub.counts.send_failures);
                if let Some(number) = number {
                    table.cut(number);
                }
            }
            return;
        }
        let opened = flow.connection == 0 && self.open(&mut table, flow, bytes);
        drop(table);
        if !opened {
            count(&self.hub.counts.send_failures);
            (self.hub.sink)(Input::Closed { flow });
        }
    }

    pub(super) fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    /// Begins to connect; false if the limits forbid it.
    fn open(&self, table: &mut Table, flow: Flow, bytes: Bytes) -> bool {
        let Some(runtime) = &self.runtime else {
            return false;
        };
        let Some((number, outbox, inbox)) = self.hub.enter(table, flow.peer, true) else {
            return false;
        };
        // An empty queue has room for the first message.
        let _ = outbox.try_send(bytes);
        let hub = Arc::clone(&self.hub);
        let flow = Flow {
            connection: number,
            ..flow
        };
        runtime.spawn(async move {
            match timeout(CONNECT_LIMIT, TcpStream::connect(flow.peer)).await {
                Ok(Ok(stream)) => hub.converse(stream, flow, inbox, false).await,
                Ok(Err(error)) => tracing::debug!(peer = %flow.peer, %error, "no SIP connection"),
                Err(_) => tracing::debug!(peer = %flow.peer, "SIP connection timed out"),
            }
            hub.leave(flow);
        });
        true
    }
}

impl Table {
    /// Takes a connection's outbox away, which ends it.
    fn cut(&mut self, number: u64) {
        if let Some(open) = self.open.get_mut(&number) {
            let (closed, _) = channel(1);
            open.outbox = closed;
        }
    }
}

async fn accept(listener: TcpListener, hub: Arc<Hub>) {
    let mut pause = interval(OFFER_EVERY);
    pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly: no descriptors left. Others will close some.
                tracing::warn!(%error, "SIP connection not accepted");
                pause.tick().await;
                continue;
            }
        };
        let Ok(local) = stream.local_addr() else {
            continue;
        };
        let entered = hub.enter(&mut hub.table(), peer, false);
        let Some((connection, _, inbox)) = entered else {
            continue;
        };
        let flow = Flow {
            transport: Transport::Tcp,
            connection,
            local,
            peer,
        };
        let hub = Arc::clone(&hub);
        tokio::spawn(async move {
            hub.converse(stream, flow, inbox, true).await;
            hub.leave(flow);
        });
    }
}

impl Hub {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers a connection, if the limits allow one more.
    fn enter(
        &self,
        table: &mut Table,
        peer: SocketAddr,
        by_peer: bool,
    ) -> Option<(u64, Sender<Bytes>, Receiver<Bytes>)> {
        let from_there = table.per_address.get(&peer.ip()).copied().unwrap_or(0);
        let full = table.open.len() >= self.config.max_streams
            || from_there >= self.config.max_streams_per_address;
        if full {
            count(&self.counts.streams_refused);
            return None;
        }
        let (outbox, inbox) = channel(OUTBOX);
        let number = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let open = Open {
            peer,
            outbox: outbox.clone(),
            by_peer,
        };
        table.open.insert(number, open);
        table.by_peer.insert(peer, number);
        table.per_address.insert(peer.ip(), from_there + 1);
        count(&self.counts.streams_open);
        Some((number, outbox, inbox))
    }

    /// Forgets a connection and says so.
    fn leave(&self, flow: Flow) {
        let left = {
            let mut table = self.table();
            let left = table.open.remove(&flow.connection);
            if table.by_peer.get(&flow.peer) == Some(&flow.connection) {
                table.by_peer.remove(&flow.peer);
            }
            if let Some(open) = &left
                && let Some(streams) = table.per_address.get_mut(&open.peer.ip())
            {
                *streams = streams.saturating_sub(1);
                if *streams == 0 {
                    table.per_address.remove(&open.peer.ip());
                }
            }
            left
        };
        self.counts.streams_open.fetch_sub(1, Ordering::Relaxed);
        (self.sink)(Input::Closed { flow });
        if left.is_some_and(|open| open.by_peer) {
            let flow = Flow {
                connection: 0,
                ..flow
            };
            (self.sink)(Input::Closed { flow });
        }
    }

    /// Reads and writes until either ends.
    async fn converse(&self, stream: TcpStream, flow: Flow, inbox: Receiver<Bytes>, theirs: bool) {
        // Neither is needed to talk.
        let _ = stream.set_nodelay(true);
        let probes = TcpKeepalive::new().with_time(Duration::from_secs(60));
        let _ = SockRef::from(&stream).set_tcp_keepalive(&probes);
        let (reader, writer) = stream.into_split();
        let (pongs, pings) = channel(4);
        let why = tokio::select! {
            why = self.read(reader, flow, theirs, pongs) => why,
            why = self.write(writer, inbox, pings) => why,
        };
        if let Some(why) = why {
            count(&self.counts.streams_cut);
            tracing::debug!(peer = %flow.peer, why, "SIP connection cut");
        }
    }

    /// Why the connection was cut; none if the other side closed it.
    async fn read(
        &self,
        mut reader: OwnedReadHalf,
        flow: Flow,
        theirs: bool,
        pongs: Sender<()>,
    ) -> Option<&'static str> {
        let mut framer = Framer::new();
        let mut buffer = vec![0; 8 * 1024];
        // A connection of theirs owes us a message from the first moment.
        let mut owed = theirs.then(|| Instant::now() + self.config.message_deadline);
        loop {
            let idle = Instant::now() + self.config.stream_idle;
            let due = owed.map_or(idle, |owed| owed.min(idle));
            let length = match timeout_at(due, reader.read(&mut buffer)).await {
                Err(_) => return Some("nothing, or no whole message, in time"),
                Ok(Err(_) | Ok(0)) => return None,
                Ok(Ok(length)) => length,
            };
            let octets = buffer.get(..length)?;
            framer.push(octets);
            let mut whole = octets.iter().all(|b| matches!(b, b'\r' | b'\n')) && owed.is_none();
            while let Some(frame) = framer.next_frame() {
                whole = true;
                match frame {
                    Ok(Frame::Message(bytes)) => self.deliver(flow, bytes).await,
                    // Somebody who pings without reading the answers gets fewer.
                    Ok(Frame::Ping) => drop(pongs.try_send(())),
                    Err(_) => return Some("no SIP"),
                }
            }
            owed = if whole {
                None
            } else {
                owed.or_else(|| Some(Instant::now() + self.config.message_deadline))
            };
        }
    }

    async fn write(
        &self,
        mut writer: OwnedWriteHalf,
        mut inbox: Receiver<Bytes>,
        mut pings: Receiver<()>,
    ) -> Option<&'static str> {
        loop {
            let (bytes, message) = tokio::select! {
                bytes = inbox.recv() => match bytes {
                    Some(bytes) => (bytes, true),
                    None => return Some("too slow to take its messages"),
                },
                Some(()) = pings.recv() => (Bytes::from_static(PONG), false),
            };
            match timeout(WRITE_LIMIT, writer.write_all(&bytes)).await {
                Ok(Ok(())) if message => count(&self.counts.messages_sent),
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return Some("took nothing for ten seconds"),
            }
        }
    }

    /// Hands a message in; waits a while if there is no room, which stops the other side too.
    async fn deliver(&self, flow: Flow, bytes: Bytes) {
        let offer = || {
            let bytes = bytes.clone();
            (self.sink)(Input::Received { flow, bytes })
        };
        if offer() {
            return count(&self.counts.messages_received);
        }
        let mut pause = interval(OFFER_EVERY);
        for _ in 0..OFFERS {
            pause.tick().await;
            if offer() {
                return count(&self.counts.messages_received);
            }
        }
        count(&self.counts.messages_dropped);
    }
}
