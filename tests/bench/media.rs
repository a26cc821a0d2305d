//! RTP: A-law silence every 20 ms, in talks with its send time in the payload, and a meter of what
//! arrives.
//!
//! All callers share a socket, and so do all operators' phones: a stream is told by the server's
//! port, which is its own for every leg.

use std::net::SocketAddr;

use crate::figures::Values;
use crate::wire::{Wire, now_ns};

/// Marks a payload of ours; the send time follows.
const MARK: [u8; 8] = *b"liniyaRT";
const PACKET: usize = 172;
const MS_NS: u64 = 1_000_000;
/// Streams are spread over the 20 ms.
const SLOTS: usize = 20;

/// Whose end of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Caller,
    Operator,
}

struct Stream {
    side: Side,
    to: SocketAddr,
    speaks: bool,
    sequence: u16,
    last_ns: u64,
    last_sequence: Option<u16>,
}

/// What arrived while the meter was on.
#[derive(Default)]
pub(crate) struct Metered {
    pub(crate) intervals: Values,
    pub(crate) delays: Values,
    pub(crate) packets: u64,
    pub(crate) missing: u64,
    pub(crate) reordered: u64,
}

pub(crate) struct Media {
    callers: Wire,
    operators: Wire,
    streams: Vec<Option<Stream>>,
    by_port: Vec<Option<usize>>,
    slots: Vec<Vec<usize>>,
    next_ns: u64,
    slot: usize,
    metering: bool,
    /// Whether packets carry their send time. A recogniser hears that as noise.
    pub(crate) marked: bool,
    pub(crate) metered: Metered,
    /// Slots sent later than 10 ms: the load generator itself was held up.
    pub(crate) late_slots: u64,
}

impl Media {
    pub(crate) fn new(callers: Wire, operators: Wire) -> Self {
        Self {
            callers,
            operators,
            streams: Vec::new(),
            by_port: vec![None; 65_536],
            slots: vec![Vec::new(); SLOTS],
            next_ns: now_ns(),
            slot: 0,
            metering: false,
            marked: false,
            metered: Metered::default(),
            late_slots: 0,
        }
    }

    /// Our port of a side's media.
    pub(crate) const fn port(side: Side) -> u16 {
        match side {
            Side::Caller => 6002,
            Side::Operator => 7002,
        }
    }

    pub(crate) fn meter(&mut self, on: bool) {
        if on {
            self.metered = Metered::default();
            self.late_slots = 0;
        }
        self.metering = on;
    }

    pub(crate) fn begin(&mut self, side: Side, server_port: u16, speaks: bool) {
        let to = SocketAddr::from(([127, 0, 0, 1], server_port));
        let index = self.streams.len();
        let (sequence, last_ns, last_sequence) = (0, 0, None);
        self.streams.push(Some(Stream {
            side,
            to,
            speaks,
            sequence,
            last_ns,
            last_sequence,
        }));
        self.by_port[usize::from(server_port)] = Some(index);
        if speaks {
            self.slots[index % SLOTS].push(index);
        }
    }

    pub(crate) fn end(&mut self, server_port: u16) {
        if let Some(index) = self.by_port[usize::from(server_port)].take() {
            self.streams[index] = None;
            self.slots[index % SLOTS].retain(|i| *i != index);
        }
    }

    pub(crate) fn read(&mut self) {
        while self.read_one(Side::Caller) {}
        while self.read_one(Side::Operator) {}
    }

    fn read_one(&mut self, side: Side) -> bool {
        let wire = match side {
            Side::Caller => &mut self.callers,
            Side::Operator => &mut self.operators,
        };
        let Some(datagram) = wire.receive() else {
            return false;
        };
        let octets = wire.octets(&datagram);
        let stream =
            self.by_port[usize::from(datagram.port)].and_then(|i| self.streams[i].as_mut());
        let Some(stream) = stream.filter(|_| octets.len() > 12) else {
            return true;
        };
        let sequence = u16::from_be_bytes([octets[2], octets[3]]);
        if self.metering {
            self.metered.note(stream, sequence, datagram.at_ns);
            if octets.len() >= 28 && octets[12..20] == MARK {
                let sent = u64::from_be_bytes(octets[20..28].try_into().unwrap());
                self.metered
                    .delays
                    .push(datagram.at_ns.saturating_sub(sent));
            }
        }
        stream.last_ns = datagram.at_ns;
        stream.last_sequence = Some(sequence);
        true
    }

    /// Sends every slot that is due.
    pub(crate) fn send(&mut self, now: u64) {
        while self.next_ns <= now {
            self.late_slots += u64::from(now - self.next_ns > 10 * MS_NS);
            for index in self.slots[self.slot].clone() {
                if let Some(stream) = self.streams[index].as_mut().filter(|s| s.speaks) {
                    let packet = stream.packet(u32::try_from(index).unwrap(), self.marked);
                    let wire = match stream.side {
                        Side::Caller => &self.callers,
                        Side::Operator => &self.operators,
                    };
                    wire.send(&packet, stream.to);
                }
            }
            self.slot = (self.slot + 1) % SLOTS;
            self.next_ns += MS_NS;
        }
    }
}

impl Metered {
    fn note(&mut self, stream: &Stream, sequence: u16, at_ns: u64) {
        self.packets += 1;
        if stream.last_ns > 0 {
            self.intervals.push(at_ns.saturating_sub(stream.last_ns));
        }
        match stream.last_sequence.map(|last| sequence.wrapping_sub(last)) {
            None | Some(1) => {}
            Some(step @ 2..1_000) => self.missing += u64::from(step) - 1,
            Some(_) => self.reordered += 1,
        }
    }
}

impl Stream {
    fn packet(&mut self, ssrc: u32, marked: bool) -> [u8; PACKET] {
        let mut packet = [0xD5; PACKET];
        packet[0] = 0x80;
        packet[1] = 8;
        packet[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        packet[4..8].copy_from_slice(&(u32::from(self.sequence) * 160).to_be_bytes());
        packet[8..12].copy_from_slice(&ssrc.to_be_bytes());
        if marked {
            packet[12..20].copy_from_slice(&MARK);
            packet[20..28].copy_from_slice(&now_ns().to_be_bytes());
        }
        self.sequence = self.sequence.wrapping_add(1);
        packet
    }
}
