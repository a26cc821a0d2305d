//! The text plane: one thread that carries every leg's real-time text. Text is a few packets a second
//! where it flows at all, so one thread has room for thousands of legs.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use events::{LegId, Pii};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::clock::MediaClock;
use super::leg::bind;
use super::sys::{Poller, Waker};
use crate::boundary::{PlayId, TextCommand, TextEvent, TextFormat};
use crate::media::latch::Latch;
use crate::media::rtp::{Header, MAX_PACKET};
use crate::text::{self, Line, Typed};

const WAKER: u64 = u64::MAX;
/// Looked at no less often, in milliseconds: bounds what a missed deadline costs.
const LOOK_MS: u64 = 1_000;
/// Datagrams of one leg read at one look.
const DATAGRAMS_MAX: usize = 32;
/// Ticks of the latch, in milliseconds.
const TICK_MS: u64 = 20;

/// Called on the plane's thread: it must not block.
type TextSink = Arc<dyn Fn(TextEvent) + Send + Sync>;

enum Order {
    Command(TextCommand),
    Stop,
}

/// Runs until it is dropped.
pub struct TextPlane {
    orders: Sender<Order>,
    waker: Arc<Waker>,
    handle: Option<JoinHandle<()>>,
}

impl TextPlane {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread, an epoll set or an event descriptor.
    pub fn start(
        seed: u64,
        events: impl Fn(TextEvent) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let (orders, inbox) = channel();
        let waker = Arc::new(Waker::new()?);
        let poller = Poller::new()?;
        poller.add(&*waker, WAKER)?;
        let worker = Worker {
            clock: MediaClock::start(),
            rng: ChaCha12Rng::seed_from_u64(seed),
            events: Arc::new(events),
            inbox,
            waker: Arc::clone(&waker),
            poller,
            legs: BTreeMap::new(),
        };
        let handle = thread::Builder::new()
            .name("text".into())
            .spawn(move || worker.run())?;
        Ok(Self {
            orders,
            waker,
            handle: Some(handle),
        })
    }

    /// Hands a command over; never blocks.
    pub fn send(&self, command: TextCommand) {
        if self.orders.send(Order::Command(command)).is_ok() {
            self.waker.wake();
        }
    }
}

impl Drop for TextPlane {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        self.waker.wake();
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

/// One leg's text.
struct Leg {
    socket: UdpSocket,
    latch: Latch,
    format: TextFormat,
    alone: bool,
    receiver: text::Receiver,
    sender: text::Sender,
    line: Line,
    ssrc: u32,
    sequence: u16,
    /// The play whose text is being written.
    writing: Option<PlayId>,
    /// What was written will have been read at this time, in milliseconds.
    read_ms: Option<u64>,
}

/// How long a text is looked at after it stands there, in milliseconds: a glance.
const GLANCE_MS: u64 = 500;

struct Worker {
    clock: MediaClock,
    rng: ChaCha12Rng,
    events: TextSink,
    inbox: Receiver<Order>,
    waker: Arc<Waker>,
    poller: Poller,
    legs: BTreeMap<LegId, Leg>,
}

impl Worker {
    fn run(mut self) {
        let mut tokens = Vec::new();
        loop {
            let wait = self.deadline_ms().saturating_sub(self.now_ms());
            let wait = i32::try_from(wait.min(LOOK_MS)).unwrap_or(0);
            if let Err(error) = self.poller.wait(wait, &mut tokens) {
                tracing::error!(%error, "text thread cannot wait for packets; text is off");
                return;
            }
            for token in &tokens {
                if *token == WAKER {
                    self.waker.clear();
                } else {
                    self.read(LegId(*token));
                }
            }
            while let Ok(order) = self.inbox.try_recv() {
                match order {
                    Order::Command(command) => self.command(command),
                    Order::Stop => return,
                }
            }
            self.pass_time();
        }
    }

    fn now_ms(&self) -> u64 {
        self.clock.read().us / 1_000
    }

    fn deadline_ms(&self) -> u64 {
        let due = self.legs.values().flat_map(|leg| {
            [
                leg.sender.deadline_ms(),
                leg.receiver.deadline_ms(),
                leg.line.deadline_ms(),
                leg.read_ms,
            ]
        });
        due.flatten().min().unwrap_or(u64::MAX)
    }

    fn command(&mut self, command: TextCommand) {
        let now_ms = self.now_ms();
        match command {
            TextCommand::Open {
                leg,
                local,
                format,
                alone,
            } => self.open(leg, local, (format, alone)),
            // Lines to a page are no packets: they go over the page's own connection.
            TextCommand::OpenPage { .. } => {}
            TextCommand::Write { leg, play, text } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.writing = Some(play);
                    leg.read_ms = None;
                    leg.sender.say(now_ms, &text);
                    leg.sender
                        .say(now_ms, text::LINE_SEPARATOR.encode_utf8(&mut [0; 4]));
                }
            }
            TextCommand::Stop { leg } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    (leg.writing, leg.read_ms) = (None, None);
                    if leg.sender.fall_silent() {
                        let cut = format!(" …{}", text::LINE_SEPARATOR);
                        leg.sender.say(now_ms, &cut);
                    }
                }
            }
            TextCommand::Taken { leg } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.line.clear();
                }
            }
            TextCommand::Close { leg } => {
                if let Some(leg) = self.legs.remove(&leg) {
                    // A closed descriptor leaves the set by itself too.
                    let _ = self.poller.remove(&leg.socket);
                }
            }
        }
    }

    fn open(&mut self, id: LegId, local: SocketAddr, (format, alone): (TextFormat, bool)) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.latch.announce(format.remote);
            leg.alone = alone;
            if leg.format != format {
                leg.format = format;
                leg.receiver = text::Receiver::new(format.text, format.red);
                leg.sender = text::Sender::new(format.text, format.red, format.cps);
            }
            return;
        }
        let socket = match bind(local) {
            Ok(socket) => socket,
            Err(error) => {
                tracing::error!(leg = %id, %local, %error, "text port cannot be opened; the call goes on without text");
                return;
            }
        };
        if let Err(error) = self.poller.add(&socket, id.0) {
            tracing::error!(leg = %id, %error, "text port cannot be watched; the call goes on without text");
            return;
        }
        let mut latch = Latch::default();
        latch.announce(format.remote);
        let leg = Leg {
            socket,
            latch,
            format,
            alone,
            receiver: text::Receiver::new(format.text, format.red),
            sender: text::Sender::new(format.text, format.red, format.cps),
            line: Line::default(),
            ssrc: self.rng.next_u32(),
            sequence: u16::try_from(self.rng.next_u32() >> 16).unwrap_or(0),
            writing: None,
            read_ms: None,
        };
        self.legs.insert(id, leg);
    }

    fn read(&mut self, id: LegId) {
        let now_ms = self.now_ms();
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let mut datagram = [0; MAX_PACKET];
        for _ in 0..DATAGRAMS_MAX {
            let Ok((length, from)) = leg.socket.recv_from(&mut datagram) else {
                return;
            };
            let Some(octets) = datagram.get(..length) else {
                return;
            };
            let characters = leg.receive(now_ms, octets, from);
            tell(&self.events, id, leg, now_ms, &characters);
        }
    }

    fn pass_time(&mut self) {
        let now_ms = self.now_ms();
        for (id, leg) in &mut self.legs {
            let late = leg.receiver.tick(now_ms);
            tell(&self.events, *id, leg, now_ms, &late);
            if let Some(Typed::Paused(line)) = leg.line.tick(now_ms) {
                let line = Pii::new(line);
                (self.events)(TextEvent::Paused { leg: *id, line });
            }
            leg.send(now_ms);
            if leg.read_ms.is_some_and(|at| at <= now_ms) {
                leg.read_ms = None;
                if let Some(play) = leg.writing.take().filter(|_| leg.alone) {
                    (self.events)(TextEvent::Written { leg: *id, play });
                }
            }
        }
    }
}

/// Tells what characters led to.
fn tell(events: &TextSink, id: LegId, leg: &mut Leg, now_ms: u64, characters: &str) {
    if characters.is_empty() {
        return;
    }
    let mut typed = Vec::new();
    leg.line.take(now_ms, characters, &mut typed);
    for typed in typed {
        events(match typed {
            Typed::Begun => TextEvent::Begun { leg: id },
            Typed::Paused(line) => TextEvent::Paused {
                leg: id,
                line: Pii::new(line),
            },
            Typed::Ended(line) => TextEvent::Line {
                leg: id,
                line: Pii::new(line),
            },
        });
    }
}

impl Leg {
    fn receive(&mut self, now_ms: u64, octets: &[u8], from: SocketAddr) -> String {
        let Ok(packet) = rtp_rs::RtpReader::new(octets) else {
            return String::new();
        };
        let payload_type = packet.payload_type();
        let ours = payload_type == self.format.text || Some(payload_type) == self.format.red;
        if !ours || !self.latch.admit(from, packet.ssrc(), now_ms / TICK_MS) {
            return String::new();
        }
        let head = (
            packet.ssrc(),
            u16::from(packet.sequence_number()),
            payload_type,
        );
        self.receiver.receive(now_ms, head, packet.payload())
    }

    fn send(&mut self, now_ms: u64) {
        let Some(packet) = self.sender.packet(now_ms) else {
            return;
        };
        let header = Header {
            payload_type: packet.payload_type,
            ssrc: self.ssrc,
            sequence: self.sequence,
            timestamp: packet.timestamp,
            marker: packet.marker,
        };
        let mut datagram = [0; MAX_PACKET];
        let written = header.write(&packet.payload, &mut datagram);
        if let (Some(length), Some(to)) = (written, self.latch.destination())
            && let Some(octets) = datagram.get(..length)
        {
            // A packet that cannot be sent now is repeated by the redundancy of the next.
            let _ = self.socket.send_to(octets, to);
            self.sequence = self.sequence.wrapping_add(1);
        }
        if self.writing.is_some() && self.sender.is_said() && self.read_ms.is_none() {
            self.read_ms = Some(now_ms + GLANCE_MS);
        }
    }
}
