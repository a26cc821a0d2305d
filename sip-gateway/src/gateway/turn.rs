//! One turn of the gateway: what every part of it may touch while an input is handled.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use events::{LegId, Timestamp};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::Rng as _;

use super::config::GatewayConfig;
use super::ports::Ports;
use super::reply::Reply;
use super::stats::GatewayStats;
use crate::boundary::{
    BrowserCommand, Flow, LegEvent, MediaCommand, Output, TextCommand, Transport,
};
use crate::message::Message;
use crate::transaction::{Deadlines, Transactions, TxId};

/// What wakes the gateway besides the transactions' timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alarm {
    /// The leg's 2xx goes out again (RFC 3261 §13.3.1.4).
    ResendOk(LegId),
    /// The leg's 2xx was never acknowledged (64·T1).
    NoAck(LegId),
    /// The leg's cancelled INVITE was never answered (64·T1 after the CANCEL, RFC 3261 §9.1).
    GiveUpCancel(LegId),
    /// The earliest registration of an account ends.
    Binding(usize),
    /// The page of an account's phone in the browser did not come back.
    PageGone(usize),
}

/// What lies below the legs: transactions, clocks, chance, ports.
#[derive(Debug)]
pub(crate) struct Net {
    pub(crate) config: Arc<GatewayConfig>,
    pub(crate) transactions: Transactions,
    pub(crate) alarms: Deadlines<Alarm>,
    pub(crate) ports: Ports,
    pub(crate) rng: ChaCha12Rng,
    pub(crate) stats: GatewayStats,
}

/// One turn.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pub(crate) now: Timestamp,
    pub(crate) out: &'a mut Vec<Output>,
    pub(crate) net: &'a mut Net,
}

/// A request with the way its response goes.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// The way the response goes.
    pub(crate) flow: Flow,
    /// The way it came.
    pub(crate) came_by: Flow,
    /// Where a new stream for the response would go.
    pub(crate) home: SocketAddr,
    /// Its server transaction's key.
    pub(crate) key: String,
    /// Top Via stamped with `received` and `rport`.
    pub(crate) message: Message,
}

impl Turn<'_> {
    /// Says what happened to a leg.
    pub(crate) fn tell(&mut self, event: LegEvent) {
        self.out.push(Output::Leg(event));
    }

    /// Tells the media plane.
    pub(crate) fn media(&mut self, command: MediaCommand) {
        self.out.push(Output::Media(command));
    }

    /// Tells the text plane.
    pub(crate) fn text(&mut self, command: TextCommand) {
        self.out.push(Output::Text(command));
    }

    /// Tells a browser's session.
    pub(crate) fn browser(&mut self, command: BrowserCommand) {
        self.out.push(Output::Browser(command));
    }

    /// Sends bytes that no transaction repeats: an ACK, a stateless response.
    pub(crate) fn send(&mut self, flow: Flow, bytes: Bytes) {
        self.out.push(Output::Send { flow, bytes });
    }

    /// A random word that nobody can guess: tags, branches, Call-IDs (RFC 3261 §19.3).
    pub(crate) fn word(&mut self) -> String {
        format!("{:016x}", self.net.rng.next_u64())
    }

    /// A random number.
    pub(crate) fn number(&mut self) -> u64 {
        self.net.rng.next_u64()
    }

    /// A Via branch of ours.
    pub(crate) fn branch(&mut self) -> String {
        format!("z9hG4bK{:016x}", self.net.rng.next_u64())
    }

    /// Responds to an INVITE by its transaction; gives the bytes back for a 2xx to be resent.
    pub(crate) fn respond(&mut self, tx: TxId, invite: &Message, reply: &Reply<'_>) -> Bytes {
        let bytes = reply.to_bytes(invite, &self.net.config);
        self.net.stats.sent(invite.method(), reply.status);
        let sent = (reply.status, bytes.clone());
        self.net.transactions.respond(self.now, tx, sent, self.out);
        bytes
    }

    /// Answers a request that is not an INVITE; the answer is repeated as long as the request is.
    pub(crate) fn answer(&mut self, ask: &Ask, reply: &Reply<'_>) {
        if self.net.transactions.is_full() {
            return self.turn_away(ask, reply);
        }
        let bytes = reply.to_bytes(&ask.message, &self.net.config);
        self.net.stats.sent(ask.message.method(), reply.status);
        let sent = (ask.flow, bytes);
        self.net
            .transactions
            .answer(self.now, ask.key.clone(), sent, self.out);
    }

    /// Responds without remembering anything (RFC 3261 §8.2.7): the same request gets a new, equal
    /// response. For strangers, who must not be able to fill our memory.
    pub(crate) fn turn_away(&mut self, ask: &Ask, reply: &Reply<'_>) {
        let bytes = reply.to_bytes(&ask.message, &self.net.config);
        self.net.stats.sent(ask.message.method(), reply.status);
        self.send(ask.flow, bytes);
    }

    /// Refuses an INVITE that gets no leg: by a transaction of its own, or without one when full.
    pub(crate) fn refuse(&mut self, ask: &Ask, reply: &Reply<'_>) {
        if self.net.transactions.is_full() {
            return self.turn_away(ask, reply);
        }
        let tx = self.invited(ask);
        self.respond(tx, &ask.message, reply);
    }

    /// Opens the transaction of an INVITE.
    pub(crate) fn invited(&mut self, ask: &Ask) -> TxId {
        self.net
            .transactions
            .invited(ask.key.clone(), ask.flow, ask.home)
    }

    /// Our address for a transport.
    pub(crate) fn local(&self, transport: Transport) -> SocketAddr {
        match transport {
            Transport::Udp => self.net.config.udp,
            Transport::Tcp => self.net.config.tcp,
        }
    }
}
