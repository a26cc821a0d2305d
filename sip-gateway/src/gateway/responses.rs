//! What the answers to our own requests do.

use super::Core;
use super::turn::Turn;
use crate::boundary::{Flow, Transport};
use crate::leg::{Leg, part_with_fork};
use crate::message::Message;
use crate::transaction::{Heard, TxId, User};

impl Core {
    /// A response came.
    pub(super) fn response(&mut self, turn: &mut Turn<'_>, flow: Flow, response: &Message) {
        let Some(status) = response.status() else {
            return;
        };
        let heard = turn
            .net
            .transactions
            .response(turn.now, flow, (status, response), turn.out);
        let Heard::Pass(tx, user) = heard else {
            return;
        };
        turn.net.stats.heard(response.method(), status);
        match user {
            User::Invite(leg) => self.invite_answered(turn, (leg, tx), flow, (status, response)),
            User::Bye(leg) if status >= 200 => {
                self.legs
                    .with(turn, leg, |leg, turn| leg.bye_answered(turn, response));
            }
            // A CANCEL's answer says nothing: the INVITE's own final answer does.
            User::Bye(_) | User::Cancel(_) | User::Nobody => {}
        }
    }

    fn invite_answered(
        &mut self,
        turn: &mut Turn<'_>,
        (leg, tx): (events::LegId, TxId),
        flow: Flow,
        (status, response): (u16, &Message),
    ) {
        match status {
            0..200 => self
                .legs
                .with(turn, leg, |leg, turn| leg.progress(turn, status)),
            200..300 => {
                if self.legs.get(leg).is_some_and(Leg::is_calling) {
                    self.legs
                        .with(turn, leg, |leg, turn| leg.accepted(turn, response, flow));
                } else {
                    part_with_fork(turn, tx, response, flow);
                }
            }
            300.. => self
                .legs
                .with(turn, leg, |leg, turn| leg.refused(turn, status, response)),
        }
    }

    /// Nobody will answer a request of ours.
    pub(super) fn lost(&mut self, turn: &mut Turn<'_>, user: User) {
        match user {
            User::Invite(leg) => self.legs.with(turn, leg, Leg::unreachable),
            User::Bye(leg) => self.legs.with(turn, leg, |leg, _| leg.bye_done()),
            User::Cancel(_) | User::Nobody => {}
        }
    }

    /// A stream is gone, or could not be opened.
    pub(super) fn closed(&mut self, turn: &mut Turn<'_>, gone: Flow) {
        if gone.transport != Transport::Tcp {
            return;
        }
        let lost = turn
            .net
            .transactions
            .transport_lost(turn.now, gone, turn.out);
        for leg in self.legs.each() {
            leg.transport_lost(gone);
        }
        self.registrar.stream_lost(turn, gone);
        for user in lost {
            self.lost(turn, user);
        }
    }
}
