//! What we ask of peers: client transactions.

use bytes::Bytes;
use events::Timestamp;

use super::client::{Client, ClientInput};
use super::client_invite::{ClientInvite, ClientInviteInput};
use super::key::client_key;
use super::{Acked, ClientInviteTx, Heard, Kind, MAX_FORKS, Transaction, Transactions, TxId, User};
use crate::boundary::{Flow, Output, Transport};
use crate::dialog::ack_of_refusal;
use crate::message::Message;

impl Transactions {
    /// Sends an INVITE.
    pub(crate) fn invite(
        &mut self,
        now: Timestamp,
        (flow, invite): (Flow, Message),
        user: User,
        out: &mut Vec<Output>,
    ) -> TxId {
        let bytes = invite.to_bytes();
        let key = client_key(&invite);
        out.push(Output::Send {
            flow,
            bytes: bytes.clone(),
        });
        let (state, effects) = ClientInvite::begin(flow.transport == Transport::Tcp);
        let tx = ClientInviteTx {
            state,
            user,
            invite,
            acks: Vec::new(),
        };
        let id = self.insert(key, flow, bytes, Kind::ClientInvite(Box::new(tx)));
        self.carry_out(now, id, effects, out);
        id
    }

    /// Sends a request that is neither INVITE nor ACK.
    pub(crate) fn send(
        &mut self,
        now: Timestamp,
        (flow, request): (Flow, &Message),
        user: User,
        out: &mut Vec<Output>,
    ) {
        let bytes = request.to_bytes();
        out.push(Output::Send {
            flow,
            bytes: bytes.clone(),
        });
        let (state, effects) = Client::begin(flow.transport == Transport::Tcp);
        let id = self.insert(
            client_key(request),
            flow,
            bytes,
            Kind::Client { state, user },
        );
        self.carry_out(now, id, effects, out);
    }

    /// The INVITE that a client transaction sent, and where: a CANCEL copies it.
    pub(crate) fn sent_invite(&self, id: TxId) -> Option<(Flow, &Message)> {
        let tx = self.open.get(&id)?;
        match &tx.kind {
            Kind::ClientInvite(invite) => Some((tx.flow, &invite.invite)),
            Kind::Client { .. } | Kind::ServerInvite { .. } | Kind::Server { .. } => None,
        }
    }

    /// Remembers the ACK of a 2xx, to be sent again whenever the 2xx comes again.
    pub(crate) fn acked(&mut self, id: TxId, remote_tag: &str, flow: Flow, ack: Bytes) {
        if let Some(Transaction {
            kind: Kind::ClientInvite(tx),
            ..
        }) = self.open.get_mut(&id)
            && tx.acks.len() < MAX_FORKS
        {
            tx.acks.push(Acked {
                remote_tag: remote_tag.to_owned(),
                flow,
                ack,
            });
        }
    }

    /// A response came.
    pub(crate) fn response(
        &mut self,
        now: Timestamp,
        flow: Flow,
        (status, response): (u16, &Message),
        out: &mut Vec<Output>,
    ) -> Heard {
        let Some(id) = self.keys.get(&client_key(response)).copied() else {
            return Heard::Stray;
        };
        let Some(tx) = self.open.get_mut(&id) else {
            return Heard::Stray;
        };
        let reliable = tx.flow.transport == Transport::Tcp;
        if reliable && tx.flow.connection == 0 && flow.peer == tx.flow.peer {
            // The stream that was opened for the request: ACK and CANCEL take it too.
            tx.flow = flow;
        }
        let (effects, user) = match &mut tx.kind {
            Kind::ClientInvite(tx_invite) => {
                let input = match status {
                    0..200 => ClientInviteInput::Provisional,
                    200..300 => ClientInviteInput::Success,
                    300.. => ClientInviteInput::Refusal,
                };
                let tag = response.to().tag().unwrap_or_default();
                if input == ClientInviteInput::Success
                    && let Some(acked) = tx_invite.acks.iter().find(|a| a.remote_tag == tag)
                {
                    let (flow, bytes) = (acked.flow, acked.ack.clone());
                    out.push(Output::Send { flow, bytes });
                    self.repeats.received += 1;
                    self.repeats.sent += 1;
                    return Heard::Absorbed;
                }
                let first = !matches!(tx_invite.state, ClientInvite::Completed);
                let (next, effects) = tx_invite.state.step(reliable, input);
                tx_invite.state = next;
                if input == ClientInviteInput::Refusal && first {
                    tx.last = ack_of_refusal(&tx_invite.invite, response);
                }
                (effects, tx_invite.user)
            }
            Kind::Client { state, user } => {
                let input = if status < 200 {
                    ClientInput::Provisional
                } else {
                    ClientInput::Final
                };
                let (next, effects) = state.step(reliable, input);
                *state = next;
                (effects, *user)
            }
            Kind::ServerInvite { .. } | Kind::Server { .. } => return Heard::Stray,
        };
        let pass = self.carry_out(now, id, effects, out).pass;
        if pass {
            Heard::Pass(id, user)
        } else {
            self.repeats.received += 1;
            Heard::Absorbed
        }
    }

    /// Gives up a client transaction: a cancelled INVITE that nobody answers (RFC 3261 §9.1).
    pub(crate) fn give_up(&mut self, id: TxId) {
        self.end(id);
    }
}
