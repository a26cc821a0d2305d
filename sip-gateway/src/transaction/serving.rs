//! What peers ask of us: server transactions.

use std::net::SocketAddr;

use bytes::Bytes;
use events::Timestamp;

use super::server::{Server, ServerInput};
use super::server_invite::{ServerInvite, ServerInviteInput};
use super::step::{Effect, Effects};
use super::{Kind, Transaction, Transactions, TxId};
use crate::boundary::{Flow, Output, Transport};

impl Transactions {
    /// A request came: true if its transaction is open and has dealt with it.
    pub(crate) fn request(&mut self, now: Timestamp, key: &str, out: &mut Vec<Output>) -> bool {
        let Some(id) = self.keys.get(key).copied() else {
            return false;
        };
        self.repeats.received += 1;
        let Some(tx) = self.open.get_mut(&id) else {
            return false;
        };
        let effects = match &mut tx.kind {
            Kind::ServerInvite { state, .. } => {
                let reliable = tx.flow.transport == Transport::Tcp;
                let (next, effects) = state.step(reliable, ServerInviteInput::Invite);
                *state = next;
                effects
            }
            Kind::Server { state } => {
                let (next, effects) = state.step(ServerInput::Request);
                *state = next;
                effects
            }
            Kind::ClientInvite(_) | Kind::Client { .. } => Effects::NONE,
        };
        self.carry_out(now, id, effects, out);
        true
    }

    /// An ACK came: true if it belongs to a refusal of ours, which it ends.
    pub(crate) fn ack(&mut self, now: Timestamp, key: &str, out: &mut Vec<Output>) -> bool {
        let Some(id) = self.keys.get(key).copied() else {
            return false;
        };
        let Some(Transaction {
            flow,
            kind: Kind::ServerInvite { state, .. },
            ..
        }) = self.open.get_mut(&id)
        else {
            return false;
        };
        let refused = matches!(
            state,
            ServerInvite::Completed { .. } | ServerInvite::Confirmed
        );
        let reliable = flow.transport == Transport::Tcp;
        let (next, effects) = state.step(reliable, ServerInviteInput::Ack);
        *state = next;
        self.carry_out(now, id, effects, out);
        refused
    }

    /// Whether the INVITE that a CANCEL wants to stop has no final answer yet; none if there is no
    /// such INVITE.
    pub(crate) fn cancellable(&self, invite_key: &str) -> Option<bool> {
        let id = *self.keys.get(invite_key)?;
        let tx = self.open.get(&id)?;
        match &tx.kind {
            Kind::ServerInvite { state, .. } => Some(*state == ServerInvite::Proceeding),
            Kind::Server { .. } | Kind::ClientInvite(_) | Kind::Client { .. } => None,
        }
    }

    /// A new INVITE: opens its transaction. Nothing is sent yet. If the stream `flow` breaks,
    /// responses go to `home`.
    pub(crate) fn invited(&mut self, key: String, flow: Flow, home: SocketAddr) -> TxId {
        let state = ServerInvite::Proceeding;
        self.insert(key, flow, Bytes::new(), Kind::ServerInvite { state, home })
    }

    /// Sends a response to an INVITE.
    pub(crate) fn respond(
        &mut self,
        now: Timestamp,
        id: TxId,
        (status, bytes): (u16, Bytes),
        out: &mut Vec<Output>,
    ) {
        let Some(tx) = self.open.get_mut(&id) else {
            return;
        };
        let Kind::ServerInvite { state, .. } = &mut tx.kind else {
            return;
        };
        // A 2xx is resent by its leg, not from here.
        tx.last = if (200..300).contains(&status) {
            Bytes::new()
        } else {
            bytes.clone()
        };
        out.push(Output::Send {
            flow: tx.flow,
            bytes,
        });
        let input = match status {
            0..200 => return,
            200..300 => ServerInviteInput::Success,
            300.. => ServerInviteInput::Refusal,
        };
        let (next, effects) = state.step(tx.flow.transport == Transport::Tcp, input);
        *state = next;
        self.carry_out(now, id, effects, out);
    }

    /// Sends the only response to a request that is not an INVITE, and remembers it.
    pub(crate) fn answer(
        &mut self,
        now: Timestamp,
        key: String,
        (flow, bytes): (Flow, Bytes),
        out: &mut Vec<Output>,
    ) {
        out.push(Output::Send {
            flow,
            bytes: bytes.clone(),
        });
        let (state, effects) = Server::begin(flow.transport == Transport::Tcp);
        if effects != Effects::one(Effect::End) {
            let id = self.insert(key, flow, bytes, Kind::Server { state });
            self.carry_out(now, id, effects, out);
        }
    }

    /// Where responses of a transaction go.
    pub(crate) fn flow(&self, id: TxId) -> Option<Flow> {
        self.open.get(&id).map(|tx| tx.flow)
    }
}
