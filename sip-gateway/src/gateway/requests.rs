//! Which request goes where, and everything that makes no leg.

use bytes::Bytes;
use events::LegId;

use super::Core;
use super::reply::Reply;
use super::route::{ALLOW, home, reply_flow};
use super::turn::{Ask, Turn};
use crate::boundary::Flow;
use crate::leg::Leg;
use crate::message::{Defect, Message, Method, ParseFailure, Peek};
use crate::transaction::{peeked_key, server_key, server_key_as};

impl Core {
    /// Bytes came. True if they made the leg `next_leg`.
    pub(super) fn received(
        &mut self,
        turn: &mut Turn<'_>,
        flow: Flow,
        bytes: &Bytes,
        next_leg: LegId,
    ) -> bool {
        if is_repeated(turn, bytes) {
            return false;
        }
        let message = match Message::parse(bytes) {
            Ok(message) => message,
            Err(failure) => {
                unreadable(turn, flow, &failure);
                return false;
            }
        };
        if !message.is_request() {
            self.response(turn, flow, &message);
            return false;
        }
        self.request(turn, flow, message, next_leg)
    }

    fn request(
        &mut self,
        turn: &mut Turn<'_>,
        flow: Flow,
        mut message: Message,
        next_leg: LegId,
    ) -> bool {
        let method = message.method().clone();
        message.note_source(flow.peer);
        let ways = message
            .top_via()
            .map(|via| (reply_flow(via, flow), home(via, flow)));
        let Some((reply_by, home)) = ways else {
            return false;
        };
        let key = server_key(&message);
        if method == Method::Ack {
            self.ack(turn, flow, &message);
            return false;
        }
        if turn.net.transactions.request(turn.now, &key, turn.out) {
            return false;
        }
        turn.net.stats.asked(&method);
        let ask = Ask {
            flow: reply_by,
            came_by: flow,
            home,
            key,
            message,
        };
        if method == Method::Invite && ask.message.to().tag().is_none() {
            return self.invite(turn, &ask, next_leg);
        }
        if method == Method::Cancel {
            self.cancel(turn, &ask);
        } else if method == Method::Register {
            self.register(turn, &ask);
        } else if ask.message.to().tag().is_some() {
            self.inside_dialog(turn, &ask, &method);
        } else {
            self.outside_dialog(turn, &ask, &method);
        }
        false
    }

    fn ack(&mut self, turn: &mut Turn<'_>, flow: Flow, ack: &Message) {
        let key = server_key(ack);
        if turn.net.transactions.ack(turn.now, &key, turn.out) {
            return;
        }
        // An ACK of no 2xx of ours is dropped: nothing may answer an ACK.
        if let Some(leg) = self.legs.of_dialog(ack) {
            self.legs.with(turn, leg, |leg, turn| {
                leg.heard_by(flow);
                leg.ack(turn, ack);
            });
        }
    }

    fn cancel(&mut self, turn: &mut Turn<'_>, ask: &Ask) {
        let invite = server_key_as(&ask.message, "INVITE");
        let Some(open) = turn.net.transactions.cancellable(&invite) else {
            return turn.turn_away(ask, &Reply::new(481, ""));
        };
        let leg = self.legs.of_invite(&ask.message);
        let tag = leg
            .and_then(|id| self.legs.get(id))
            .map(Leg::local_tag)
            .unwrap_or_default();
        let tag = tag.to_owned();
        turn.answer(ask, &Reply::new(200, &tag));
        if let (true, Some(leg)) = (open, leg) {
            self.legs.with(turn, leg, Leg::cancelled);
        }
    }

    fn inside_dialog(&mut self, turn: &mut Turn<'_>, ask: &Ask, method: &Method) {
        let leg = self.legs.of_dialog(&ask.message);
        if *method == Method::Invite {
            let tx = turn.invited(ask);
            match leg {
                Some(leg) => self
                    .legs
                    .with(turn, leg, |leg, turn| leg.reinvite(turn, ask, tx)),
                None => drop(turn.respond(tx, &ask.message, &Reply::new(481, ""))),
            }
            return;
        }
        let Some(leg) = leg else {
            return turn.turn_away(ask, &Reply::new(481, ""));
        };
        if *method == Method::Bye {
            return self.legs.with(turn, leg, |leg, turn| leg.bye(turn, ask));
        }
        self.legs.with(turn, leg, |leg, turn| {
            match leg.takes(ask.message.cseq().0) {
                true => within(leg, turn, ask, method),
                false => turn.answer(ask, &Reply::new(500, "")),
            }
        });
    }

    fn outside_dialog(&self, turn: &mut Turn<'_>, ask: &Ask, method: &Method) {
        let reply = match method {
            Method::Options if self.admission.is_draining() => Reply::new(503, ""),
            Method::Options if ask.message.header("Require").is_some() => unsupported(&ask.message),
            Method::Options => capabilities(),
            Method::Bye | Method::Info | Method::Update | Method::Prack | Method::Notify => {
                Reply::new(481, "")
            }
            Method::Invite
            | Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Refer
            | Method::Subscribe
            | Method::Message
            | Method::Publish => not_allowed(),
            Method::Other(_) => Reply::new(501, "").header("Allow", ALLOW.to_owned()),
        };
        // Each of these is the same however often it is asked for: nothing to remember.
        turn.turn_away(ask, &reply);
    }
}

/// A request inside a leg's dialog, in its order.
fn within(leg: &mut Leg, turn: &mut Turn<'_>, ask: &Ask, method: &Method) {
    let reply = match method {
        _ if ask.message.header("Require").is_some() => unsupported(&ask.message),
        Method::Info => return leg.info(turn, ask),
        Method::Update => return leg.update(turn, ask),
        Method::Options => capabilities(),
        Method::Refer => Reply::new(603, ""),
        // Of a subscription or a reliable response that we never made (RFC 6665 §4.1.3, RFC 3262 §3).
        Method::Notify | Method::Prack => Reply::new(481, ""),
        Method::Invite
        | Method::Ack
        | Method::Bye
        | Method::Cancel
        | Method::Register
        | Method::Subscribe
        | Method::Message
        | Method::Publish => not_allowed(),
        Method::Other(_) => Reply::new(501, "").header("Allow", ALLOW.to_owned()),
    };
    turn.answer(ask, &reply);
}

fn not_allowed() -> Reply<'static> {
    Reply::new(405, "")
}

/// What we can do (RFC 3261 §11.2).
fn capabilities() -> Reply<'static> {
    Reply::new(200, "")
        .header("Allow", ALLOW.to_owned())
        .accept()
}

/// 420 with everything that was required: we have no extension that could be.
pub(super) fn unsupported(request: &Message) -> Reply<'static> {
    let wanted: Vec<&str> = request.headers("Require").collect();
    Reply::new(420, "").header("Unsupported", wanted.join(", "))
}

/// Whether the bytes are a request that came before, seen without reading all of it.
fn is_repeated(turn: &mut Turn<'_>, bytes: &[u8]) -> bool {
    let key = Peek::parse(bytes)
        .filter(|peek| peek.is_request)
        .and_then(|peek| peeked_key(&peek));
    key.is_some_and(|key| turn.net.transactions.request(turn.now, &key, turn.out))
}

/// Keep-alives are no failures; a request that can be answered gets its 400.
fn unreadable(turn: &mut Turn<'_>, flow: Flow, failure: &ParseFailure) {
    if failure.defect() == Defect::KeepAlive {
        return;
    }
    turn.net.stats.parse_failures += 1;
    if let ParseFailure::Reject(rejection) = failure {
        turn.send(flow, rejection.response(flow.peer));
    }
}
