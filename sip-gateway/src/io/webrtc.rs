//! The browsers' plane: one thread that carries the audio of every open page (WebRTC).
//!
//! ```text
//! browser ══ ICE-lite, DTLS, SRTP ══ session ── RTP on our own address ── media plane
//! ```
//! A session is a phone to the media plane: a port of ours that sends and takes plain RTP. So a
//! leg's audio is bridged, recorded and recognised in one way, whatever stands at its other end.
//! PCMA and PCMU pass as they are; telephone-event gets the payload type of [`BROWSER_EVENTS`].
//!
//! | page | what |
//! |---|---|
//! | `offer` | what of a page's offer is looked at before it is believed |
//! | `mirror` | the browser's figures, told to the leg |
//! | `session` | one page: str0m and the port towards the media plane |
//! | `worker` | the thread: sockets, deadlines, whose datagram it is |
//!
//! [`BROWSER_EVENTS`]: crate::boundary::BROWSER_EVENTS

mod mirror;
mod offer;
mod session;
#[cfg(test)]
mod tests;
mod worker;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use str0m::config::DtlsCert;

use super::sys::Waker;
use crate::boundary::{BrowserCommand, BrowserEvent, SessionId, SessionOwner};
pub use offer::OpenError;
use session::{Opening, Session};
use worker::{Listener, Order, Worker};

/// How the plane is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebRtcConfig {
    /// Where browsers' packets are received: each is a host candidate (RFC 8445 §5.1.1.1).
    pub addresses: Vec<SocketAddr>,
    /// The address that stands in candidates instead, behind a one-to-one NAT.
    pub advertised: Option<IpAddr>,
    /// The media plane's address: the sessions' other ports are bound there.
    pub media: IpAddr,
    /// Sessions at once; the next page is told to wait.
    pub max_sessions: usize,
}

/// What is seen of the plane. Sums since the start, except where a field says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebRtcFigures {
    /// Sessions now, connected or not.
    pub sessions: u64,
    /// Sessions whose audio came to stand.
    pub connected: u64,
    /// Sessions that never did: no path (ICE) or no keys (DTLS).
    pub failed: u64,
    /// Offers that were refused.
    pub refused: u64,
    /// Datagrams that belonged to no session.
    pub strays: u64,
    /// Sessions closed because something in them went wrong that should not have.
    pub faults: u64,
}

#[derive(Debug, Default)]
struct Counters {
    sessions: AtomicU64,
    connected: AtomicU64,
    failed: AtomicU64,
    refused: AtomicU64,
    strays: AtomicU64,
    faults: AtomicU64,
}

/// Runs until it is dropped; then every session is closed.
pub struct WebRtcPlane {
    config: WebRtcConfig,
    candidates: Vec<SocketAddr>,
    certificate: DtlsCert,
    next: AtomicU64,
    orders: Mutex<Sender<Order>>,
    waker: Arc<Waker>,
    counters: Arc<Counters>,
    handle: Option<JoinHandle<()>>,
}

impl WebRtcPlane {
    /// Binds every address and starts the thread. `events` is called on it: it must not block.
    ///
    /// # Errors
    /// An address that cannot be bound; the system refuses a thread, an epoll set or an event
    /// descriptor; no certificate can be made.
    pub fn start(
        config: WebRtcConfig,
        events: impl Fn(BrowserEvent) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let advertised = config.advertised;
        let listeners: Vec<Listener> = config
            .addresses
            .iter()
            .map(|address| Listener::bind(*address, advertised))
            .collect::<io::Result<_>>()?;
        let candidates = listeners.iter().map(|one| one.candidate).collect();
        let certificate = session::certificate()?;
        let (orders, inbox) = channel();
        let waker = Arc::new(Waker::new()?);
        let counters = Arc::new(Counters::default());
        let parts = (inbox, Arc::clone(&waker), Arc::clone(&counters));
        let worker = Worker::new(listeners, parts, Box::new(events))?;
        let handle = thread::Builder::new()
            .name("webrtc".into())
            .spawn(move || worker.run())?;
        Ok(Self {
            config,
            candidates,
            certificate,
            next: AtomicU64::new(1),
            orders: Mutex::new(orders),
            waker,
            counters,
            handle: Some(handle),
        })
    }

    /// Opens a session for a page's offer: its number and our answer. [`BrowserEvent::Up`] follows
    /// once audio flows. Takes a few milliseconds of arithmetic.
    ///
    /// # Errors
    /// [`OpenError`]: the offer cannot be used, or there are too many sessions.
    pub fn open(&self, owner: SessionOwner, offer: &str) -> Result<(SessionId, String), OpenError> {
        let opened = self.try_open(owner, offer);
        if opened.is_err() {
            self.counters.refused.fetch_add(1, Ordering::Relaxed);
        }
        opened
    }

    fn try_open(&self, owner: SessionOwner, offer: &str) -> Result<(SessionId, String), OpenError> {
        offer::check(offer)?;
        let most = u64::try_from(self.config.max_sessions).unwrap_or(u64::MAX);
        let taken = self.counters.sessions.fetch_add(1, Ordering::Relaxed);
        if taken >= most {
            self.counters.sessions.fetch_sub(1, Ordering::Relaxed);
            return Err(OpenError::Full);
        }
        let id = SessionId(self.next.fetch_add(1, Ordering::Relaxed));
        let opening = Opening {
            id,
            owner,
            candidates: &self.candidates,
            certificate: &self.certificate,
            media: self.config.media,
        };
        match Session::open(&opening, offer) {
            Ok((session, answer)) => {
                self.order(Order::Open(Box::new(session)));
                Ok((id, answer))
            }
            Err(error) => {
                self.counters.sessions.fetch_sub(1, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    /// Closes a session: its page is gone, or wants no audio any more.
    pub fn close(&self, session: SessionId) {
        self.order(Order::Close(session));
    }

    /// Hands a command over; never blocks. What is news for a page is not the plane's.
    pub fn send(&self, command: BrowserCommand) {
        self.order(Order::Command(command));
    }

    /// What is seen from outside.
    #[must_use]
    pub fn figures(&self) -> WebRtcFigures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        WebRtcFigures {
            sessions: read(&counters.sessions),
            connected: read(&counters.connected),
            failed: read(&counters.failed),
            refused: read(&counters.refused),
            strays: read(&counters.strays),
            faults: read(&counters.faults),
        }
    }

    fn order(&self, order: Order) {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread that is gone has closed its sessions; there is nobody left to obey.
        if orders.send(order).is_ok() {
            self.waker.wake();
        }
    }
}

impl Drop for WebRtcPlane {
    fn drop(&mut self) {
        self.order(Order::Stop);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}
