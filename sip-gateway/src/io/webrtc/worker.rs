//! The thread of all browsers' audio: whose datagram it is, what is due, what is told.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::super::leg::bind;
use super::super::sys::{Batch, Poller, Waker};
use super::Counters;
use super::session::{Life, Session, now};
use crate::boundary::{BrowserCommand, BrowserEvent, SessionId};
use crate::media::stun;

const WAKER: u64 = u64::MAX;
/// Tokens below it are of our listening sockets, those above of sessions' ports.
const FIRST_SESSION: u64 = 1 << 32;
/// Looked at no less often, in milliseconds: bounds what a missed deadline costs.
const LOOK_MS: u64 = 1_000;
/// Between two looks at a session that is due.
const LEAST_PAUSE: Duration = Duration::from_millis(1);
/// Addresses that one browser's packets may come from at a time.
const ADDRESSES_MAX: usize = 16;

/// Called on the plane's thread: it must not block.
pub(super) type Sink = Box<dyn Fn(BrowserEvent) + Send + Sync>;

/// What the thread is told.
pub(super) enum Order {
    Open(Box<Session>),
    Close(SessionId),
    Command(BrowserCommand),
    Stop,
}

/// A socket that browsers send to, and the address of it that they know.
pub(super) struct Listener {
    socket: UdpSocket,
    pub(super) candidate: SocketAddr,
}

impl Listener {
    pub(super) fn bind(address: SocketAddr, advertised: Option<IpAddr>) -> io::Result<Self> {
        let socket = bind(address)
            .map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))?;
        let local = socket.local_addr()?;
        let ip = advertised.unwrap_or_else(|| local.ip());
        let candidate = SocketAddr::new(ip, local.port());
        Ok(Self { socket, candidate })
    }
}

/// See the module.
pub(super) struct Worker {
    listeners: Vec<Listener>,
    inbox: Receiver<Order>,
    waker: Arc<Waker>,
    counters: Arc<Counters>,
    events: Sink,
    poller: Poller,
    batch: Batch,
    sessions: BTreeMap<SessionId, Box<Session>>,
    by_name: BTreeMap<String, SessionId>,
    /// By our listener and their address.
    by_address: BTreeMap<(usize, SocketAddr), SessionId>,
    due: BTreeSet<(Instant, SessionId)>,
}

impl Worker {
    pub(super) fn new(
        listeners: Vec<Listener>,
        (inbox, waker, counters): (Receiver<Order>, Arc<Waker>, Arc<Counters>),
        events: Sink,
    ) -> io::Result<Self> {
        let poller = Poller::new()?;
        poller.add(&*waker, WAKER)?;
        for (at, listener) in listeners.iter().enumerate() {
            poller.add(&listener.socket, at as u64)?;
        }
        Ok(Self {
            listeners,
            inbox,
            waker,
            counters,
            events,
            poller,
            batch: Batch::new(),
            sessions: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_address: BTreeMap::new(),
            due: BTreeSet::new(),
        })
    }

    /// Until told to stop.
    pub(super) fn run(mut self) {
        let mut tokens = Vec::new();
        loop {
            if let Err(error) = self.poller.wait(self.wait_ms(), &mut tokens) {
                tracing::error!(%error, "browsers' thread cannot wait for packets; their audio is off");
                return;
            }
            for token in &tokens {
                match *token {
                    WAKER => self.waker.clear(),
                    token if token >= FIRST_SESSION => {
                        self.read_leg(SessionId(token - FIRST_SESSION));
                    }
                    token => self.read_browsers(usize::try_from(token).unwrap_or(usize::MAX)),
                }
            }
            if !self.obey() {
                break;
            }
            self.pass_time();
        }
        let open: Vec<SessionId> = self.sessions.keys().copied().collect();
        for id in open {
            self.close(id);
        }
    }

    fn wait_ms(&self) -> i32 {
        let left = self
            .due
            .first()
            .map(|(at, _)| at.saturating_duration_since(now()));
        let left = left.map_or(LOOK_MS, |left| {
            u64::try_from(left.as_micros().div_ceil(1_000)).unwrap_or(LOOK_MS)
        });
        i32::try_from(left.min(LOOK_MS)).unwrap_or(0)
    }

    fn obey(&mut self) -> bool {
        while let Ok(order) = self.inbox.try_recv() {
            match order {
                Order::Open(session) => self.open(session),
                Order::Close(session) => self.close(session),
                Order::Command(BrowserCommand::Join { session, leg }) => {
                    self.join(session, Some(leg));
                }
                Order::Command(BrowserCommand::Part { session }) => self.join(session, None),
                Order::Command(BrowserCommand::Call { .. }) => {}
                Order::Stop => return false,
            }
        }
        true
    }

    fn open(&mut self, session: Box<Session>) {
        let id = session.id;
        if let Err(error) = self.poller.add(&session.port, FIRST_SESSION + id.0) {
            tracing::error!(%error, "a browser's port cannot be watched");
            self.counters.sessions.fetch_sub(1, Ordering::Relaxed);
            return (self.events)(BrowserEvent::Down { session: id });
        }
        self.by_name.insert(session.ufrag.clone(), id);
        self.due.insert((session.due, id));
        self.sessions.insert(id, session);
    }

    fn close(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let was = session.stand();
        session.say_goodbye();
        self.after(id, was);
    }

    fn join(&mut self, id: SessionId, leg: Option<SocketAddr>) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.join(leg);
        }
    }

    /// Packets of the media plane for one browser.
    fn read_leg(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let was = session.stand();
        for index in 0..self.batch.receive(&session.port) {
            if let Some((from, octets, _)) = self.batch.datagram(index)
                && !session.take(from, octets)
            {
                self.counters.strays.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.after(id, was);
    }

    /// Datagrams of browsers, and of anybody.
    fn read_browsers(&mut self, at: usize) {
        let Some(listener) = self.listeners.get(at) else {
            return;
        };
        for index in 0..self.batch.receive(&listener.socket) {
            self.hear(at, index);
        }
    }

    /// One datagram of the batch: to the session that it names, else to whom its address belongs.
    fn hear(&mut self, at: usize, index: usize) {
        let to = self.listeners.get(at).map(|listener| listener.candidate);
        let (Some(to), Some((from, octets, _))) = (to, self.batch.datagram(index)) else {
            return;
        };
        let named = stun::named(octets);
        let whose = match named {
            Some(name) => self.by_name.get(name),
            None => self.by_address.get(&(at, from)),
        };
        let found = whose.copied().and_then(|id| self.sessions.get_mut(&id));
        let Some(session) = found else {
            self.counters.strays.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let (id, was) = (session.id, session.stand());
        session.hear(from, to, octets);
        if named.is_some() {
            remember(&mut self.by_address, (at, from), id);
        }
        self.after(id, was);
    }

    fn pass_time(&mut self) {
        let now = now();
        while self.due.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, id)) = self.due.pop_first() else {
                return;
            };
            let Some(session) = self.sessions.get_mut(&id) else {
                continue;
            };
            let was = session.stand();
            session.pass_time();
            // Whatever str0m asks for, nobody is looked at twice in the same moment.
            session.due = session.due.max(now + LEAST_PAUSE);
            self.after(id, was);
        }
    }

    /// What a session wants after something happened to it: datagrams sent, a look later, the end.
    fn after(&mut self, id: SessionId, (was_due, was): (Instant, Life)) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        deliver(&self.listeners, session);
        if session.due != was_due {
            self.due.remove(&(was_due, id));
            self.due.insert((session.due, id));
        }
        if session.life != was {
            self.lived(id, was);
        }
    }

    /// A session's life took a step.
    fn lived(&mut self, id: SessionId, was: Life) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        let counters = &self.counters;
        match session.life {
            Life::Connecting => return,
            Life::Connected => {
                counters.connected.fetch_add(1, Ordering::Relaxed);
                return (self.events)(BrowserEvent::Up {
                    session: id,
                    owner: session.owner.clone(),
                    rtp: session.rtp,
                });
            }
            Life::Over => {}
            Life::Faulty => {
                counters.faults.fetch_add(1, Ordering::Relaxed);
            }
        }
        if was == Life::Connecting {
            counters.failed.fetch_add(1, Ordering::Relaxed);
        }
        counters.sessions.fetch_sub(1, Ordering::Relaxed);
        if let Some(session) = self.sessions.remove(&id) {
            self.by_name.remove(&session.ufrag);
            self.due.remove(&(session.due, id));
            self.by_address.retain(|_, whose| *whose != id);
        }
        (self.events)(BrowserEvent::Down { session: id });
    }
}

/// Sends what a session wants sent.
fn deliver(listeners: &[Listener], session: &mut Session) {
    while let Some(datagram) = session.outbox.pop_front() {
        let mut all = listeners.iter();
        if let Some(listener) = all.find(|one| one.candidate == datagram.source) {
            // A datagram that cannot be sent is a datagram lost.
            let _ = listener
                .socket
                .send_to(&datagram.contents, datagram.destination);
        }
    }
}

/// A browser's address. One that belongs to another session stays that session's: a request with a
/// forged source must not take a running call's packets away.
fn remember(
    by_address: &mut BTreeMap<(usize, SocketAddr), SessionId>,
    address: (usize, SocketAddr),
    id: SessionId,
) {
    let own = || by_address.values().filter(|whose| **whose == id).count();
    if !by_address.contains_key(&address) && own() < ADDRESSES_MAX {
        by_address.insert(address, id);
    }
}
