//! The transaction layer: RFC 3261 §17 and RFC 6026, thousands of transactions on one deadline queue.
//!
//! The four machines (`client_invite`, `client`, `server_invite`, `server`) are tables without bytes;
//! this page owns the bytes, the keys and the timers and carries out what the machines ask for;
//! `serving` is what peers ask of us, `asking` is what we ask of them.

mod asking;
mod client;
mod client_invite;
mod key;
mod server;
mod server_invite;
mod serving;
mod step;
#[cfg(test)]
mod tables;
mod timer;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use events::{LegId, Timestamp};

use crate::boundary::{Flow, Output, Transport};
use crate::message::Message;
use client::{Client, ClientInput};
use client_invite::{ClientInvite, ClientInviteInput};
pub(crate) use key::{peeked_key, server_key, server_key_as};
use server::{Server, ServerInput};
use server_invite::{ServerInvite, ServerInviteInput};
use step::{Effect, Effects};
use timer::Timer;
pub(crate) use timer::{Deadlines, PATIENCE_MS, T1_MS, doubled};

/// Above this many open transactions, refusals and answers that would open one more are sent without
/// one. Calls that are let in are bounded by the limits of admission, not by this.
pub(crate) const MAX_TRANSACTIONS: usize = 65_536;
/// Above this many branches of one forked INVITE, further 2xx are not remembered.
const MAX_FORKS: usize = 8;

/// Names a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TxId(u64);

/// Who is told about a client transaction's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    /// The leg that dialled.
    Invite(LegId),
    /// The leg that cancelled.
    Cancel(LegId),
    /// The leg that said goodbye.
    Bye(LegId),
    /// Nobody waits for it.
    Nobody,
}

/// What a response was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Seen before, or of no interest to the user.
    Absorbed,
    /// Of no transaction of ours: dropped (RFC 3261 §18.1.2).
    Stray,
    /// New: the user shall look at it.
    Pass(TxId, User),
}

/// An ACK of a 2xx, kept to be sent again when the 2xx comes again (RFC 3261 §13.2.2.4).
#[derive(Debug)]
struct Acked {
    remote_tag: String,
    flow: Flow,
    ack: Bytes,
}

#[derive(Debug)]
struct ClientInviteTx {
    state: ClientInvite,
    user: User,
    invite: Message,
    acks: Vec<Acked>,
}

#[derive(Debug)]
enum Kind {
    ClientInvite(Box<ClientInviteTx>),
    Client {
        state: Client,
        user: User,
    },
    ServerInvite {
        state: ServerInvite,
        /// Where a new stream for the response would go: the source's address, sent-by's port.
        home: SocketAddr,
    },
    Server {
        state: Server,
    },
}

#[derive(Debug)]
struct Transaction {
    key: String,
    flow: Flow,
    /// What is sent again: the request, the last response, or the ACK of a refusal.
    last: Bytes,
    kind: Kind,
}

/// Requests and responses that came or went again, and waits in vain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Repeats {
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) timeouts: u64,
}

/// All open transactions.
#[derive(Debug, Default)]
pub(crate) struct Transactions {
    newest: u64,
    open: BTreeMap<TxId, Transaction>,
    keys: BTreeMap<String, TxId>,
    timers: Deadlines<(TxId, Timer)>,
    pub(crate) repeats: Repeats,
}

impl Transactions {
    /// How many are open.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether another one may be opened for a stranger's request.
    pub(crate) fn is_full(&self) -> bool {
        self.open.len() >= MAX_TRANSACTIONS
    }

    /// When the next timer is due.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    // ── time and transport ────────────────────────────────────────────────────────────────────

    /// Fires every due timer; who waits in vain is added to `lost`.
    pub(crate) fn fire(&mut self, now: Timestamp, out: &mut Vec<Output>, lost: &mut Vec<User>) {
        while let Some((id, timer)) = self.timers.due(now) {
            let Some(tx) = self.open.get_mut(&id) else {
                continue;
            };
            let reliable = tx.flow.transport == Transport::Tcp;
            let (effects, user) = match &mut tx.kind {
                Kind::ClientInvite(tx) => {
                    let (next, effects) = tx.state.step(reliable, ClientInviteInput::Fired(timer));
                    tx.state = next;
                    (effects, tx.user)
                }
                Kind::Client { state, user } => {
                    let (next, effects) = state.step(reliable, ClientInput::Fired(timer));
                    *state = next;
                    (effects, *user)
                }
                Kind::ServerInvite { state, .. } => {
                    let (next, effects) = state.step(reliable, ServerInviteInput::Fired(timer));
                    *state = next;
                    (effects, User::Nobody)
                }
                Kind::Server { state } => {
                    let (next, effects) = state.step(ServerInput::Fired(timer));
                    *state = next;
                    (effects, User::Nobody)
                }
            };
            if self.carry_out(now, id, effects, out).lost {
                self.repeats.timeouts += 1;
                lost.push(user);
            }
        }
    }

    /// A stream is gone: requests on it are lost, responses will open a new one (RFC 3261 §18.2.2).
    pub(crate) fn transport_lost(
        &mut self,
        now: Timestamp,
        gone: Flow,
        out: &mut Vec<Output>,
    ) -> Vec<User> {
        let mut lost = Vec::new();
        let on_it: Vec<TxId> = self
            .open
            .iter()
            .filter(|(_, tx)| same_stream(tx.flow, gone))
            .map(|(id, _)| *id)
            .collect();
        for id in on_it {
            let Some(tx) = self.open.get_mut(&id) else {
                continue;
            };
            let (effects, user) = match &mut tx.kind {
                Kind::ClientInvite(tx) => {
                    let (next, effects) = tx.state.step(true, ClientInviteInput::TransportLost);
                    tx.state = next;
                    (effects, tx.user)
                }
                Kind::Client { state, user } => {
                    let (next, effects) = state.step(true, ClientInput::TransportLost);
                    *state = next;
                    (effects, *user)
                }
                Kind::ServerInvite { home, .. } => {
                    tx.flow = Flow {
                        connection: 0,
                        peer: *home,
                        ..tx.flow
                    };
                    continue;
                }
                Kind::Server { .. } => continue,
            };
            if self.carry_out(now, id, effects, out).lost {
                lost.push(user);
            }
        }
        lost
    }

    // ── inside ────────────────────────────────────────────────────────────────────────────────

    fn insert(&mut self, key: String, flow: Flow, last: Bytes, kind: Kind) -> TxId {
        self.newest += 1;
        let id = TxId(self.newest);
        if let Some(before) = self.keys.insert(key.clone(), id) {
            self.forget(before);
        }
        self.open.insert(
            id,
            Transaction {
                key,
                flow,
                last,
                kind,
            },
        );
        id
    }

    fn carry_out(
        &mut self,
        now: Timestamp,
        id: TxId,
        effects: Effects,
        out: &mut Vec<Output>,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        for effect in effects.iter() {
            match effect {
                Effect::Resend | Effect::Ack => {
                    if let Some(tx) = self.open.get(&id)
                        && !tx.last.is_empty()
                    {
                        self.repeats.sent += u64::from(effect == Effect::Resend);
                        out.push(Output::Send {
                            flow: tx.flow,
                            bytes: tx.last.clone(),
                        });
                    }
                }
                Effect::Arm(timer, ms) => self.timers.arm(now.plus_ms(ms), (id, timer)),
                Effect::Disarm(timer) => self.timers.disarm((id, timer)),
                Effect::Pass => outcome.pass = true,
                Effect::Lost => outcome.lost = true,
                Effect::End => self.end(id),
            }
        }
        outcome
    }

    fn end(&mut self, id: TxId) {
        if let Some(tx) = self.forget(id) {
            self.keys.remove(&tx.key);
        }
    }

    fn forget(&mut self, id: TxId) -> Option<Transaction> {
        let tx = self.open.remove(&id)?;
        let timers: &[Timer] = match tx.kind {
            Kind::ClientInvite(_) => &[Timer::A, Timer::B, Timer::D, Timer::M],
            Kind::Client { .. } => &[Timer::E, Timer::F, Timer::K],
            Kind::ServerInvite { .. } => &[Timer::G, Timer::H, Timer::I, Timer::L],
            Kind::Server { .. } => &[Timer::J],
        };
        for timer in timers {
            self.timers.disarm((id, *timer));
        }
        Some(tx)
    }

    /// Nothing open, nothing armed: for tests of leaks.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.keys.is_empty() && self.timers.len() == 0
    }
}

#[derive(Clone, Copy, Default)]
struct Outcome {
    pass: bool,
    lost: bool,
}

/// Whether something on `flow` is hit when `gone` is gone. A stream that could not be opened has
/// number 0 and is known by its far end.
pub(crate) fn same_stream(flow: Flow, gone: Flow) -> bool {
    flow.transport == Transport::Tcp
        && gone.transport == Transport::Tcp
        && flow.connection == gone.connection
        && (gone.connection != 0 || flow.peer == gone.peer)
}
