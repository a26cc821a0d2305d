//! The end of a leg: BYE from both sides, and hanging up in every state.

use events::LegId;

use super::{Leg, Progress, State};
use crate::boundary::LegEnd;
use crate::dialog::Dialog;
use crate::gateway::{Alarm, Ask, Reply, Turn};
use crate::message::Method;
use crate::transaction::{PATIENCE_MS, User};

/// Why a phone stops ringing without having missed anything (RFC 3326 §2).
const ANSWERED_ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

impl Leg {
    /// The switchboard hangs up: a refusal, CANCEL or BYE, whichever the state needs.
    pub(crate) fn hang_up(&mut self, turn: &mut Turn<'_>) {
        match self.take() {
            State::Offered(offered) => {
                let reply = Reply::new(480, &offered.local_tag);
                turn.respond(offered.tx, &offered.invite, &reply);
                self.finish(turn, LegEnd::Local);
            }
            State::Calling(calling) => {
                self.state = State::Calling(calling);
                self.cancel(turn);
            }
            // Who was called may not say BYE before the ACK (RFC 3261 §15).
            State::Answered { dialog, ok, .. } => {
                self.state = State::Answered {
                    dialog,
                    ok,
                    leaving: true,
                };
                self.finish(turn, LegEnd::Local);
            }
            State::Standing { dialog, .. } => self.say_bye(turn, dialog, LegEnd::Local),
            State::Leaving { dialog } => self.state = State::Leaving { dialog },
            State::Over => {}
        }
    }

    /// The same because somebody else answered: a phone that rings is told so.
    pub(crate) fn take_back(&mut self, turn: &mut Turn<'_>) {
        if let State::Calling(calling) = &mut self.state {
            calling.elsewhere = true;
        }
        self.hang_up(turn);
    }

    /// Sends BYE and tells the switchboard why.
    pub(super) fn say_bye(&mut self, turn: &mut Turn<'_>, mut dialog: Box<Dialog>, why: LegEnd) {
        self.settle(turn);
        send_bye(turn, &mut dialog, User::Bye(self.id));
        self.state = State::Leaving { dialog };
        self.finish(turn, why);
    }

    /// The other side says BYE.
    pub(crate) fn bye(&mut self, turn: &mut Turn<'_>, ask: &Ask) {
        match self.take() {
            State::Offered(offered) => {
                // Within an early dialog the caller may (RFC 3261 §15): the INVITE ends too.
                turn.answer(ask, &Reply::new(200, ""));
                let reply = Reply::new(487, &offered.local_tag);
                turn.respond(offered.tx, &offered.invite, &reply);
                self.finish(turn, LegEnd::Remote);
            }
            State::Calling(calling) => {
                self.state = State::Calling(calling);
                turn.answer(ask, &Reply::new(481, ""));
            }
            State::Answered {
                mut dialog,
                ok,
                leaving,
            } => {
                if dialog.takes(ask.message.cseq().0) {
                    return self.remote_bye(turn, ask);
                }
                self.state = State::Answered {
                    dialog,
                    ok,
                    leaving,
                };
                turn.answer(ask, &Reply::new(500, ""));
            }
            State::Standing { mut dialog, ok } => {
                if dialog.takes(ask.message.cseq().0) {
                    return self.remote_bye(turn, ask);
                }
                self.state = State::Standing { dialog, ok };
                turn.answer(ask, &Reply::new(500, ""));
            }
            // Both said it at once: each gets its 200, our own still waits for its answer.
            State::Leaving { dialog } => {
                self.state = State::Leaving { dialog };
                turn.answer(ask, &Reply::new(200, ""));
            }
            State::Over => turn.answer(ask, &Reply::new(481, "")),
        }
    }

    fn remote_bye(&mut self, turn: &mut Turn<'_>, ask: &Ask) {
        self.settle(turn);
        turn.answer(ask, &Reply::new(200, ""));
        self.finish(turn, LegEnd::Remote);
    }

    /// Our BYE was answered, or nobody will answer it.
    pub(crate) fn bye_done(&mut self) {
        if matches!(self.state, State::Leaving { .. }) {
            self.state = State::Over;
        }
    }

    /// The media plane has no port for us, or the switchboard's leg cannot go on.
    pub(crate) fn media_failed(&mut self, turn: &mut Turn<'_>) {
        match self.take() {
            State::Offered(offered) => {
                let reply = Reply::new(503, &offered.local_tag);
                turn.respond(offered.tx, &offered.invite, &reply);
                self.finish(turn, LegEnd::Broken);
            }
            State::Standing { dialog, .. } => self.say_bye(turn, dialog, LegEnd::Broken),
            State::Answered { dialog, ok, .. } => {
                self.state = State::Answered {
                    dialog,
                    ok,
                    leaving: true,
                };
                self.finish(turn, LegEnd::Broken);
            }
            State::Calling(calling) => {
                self.state = State::Calling(calling);
                self.finish(turn, LegEnd::Broken);
                self.cancel(turn);
            }
            State::Leaving { dialog } => self.state = State::Leaving { dialog },
            State::Over => {}
        }
    }

    /// CANCEL now, or as soon as the other side has been heard (RFC 3261 §9.1).
    fn cancel(&mut self, turn: &mut Turn<'_>) {
        let State::Calling(calling) = &mut self.state else {
            return;
        };
        match calling.progress {
            Progress::Silent => calling.progress = Progress::SilentThenCancel,
            Progress::Trying | Progress::Ringing => {
                calling.progress = Progress::Cancelled;
                let (tx, elsewhere) = (calling.tx, calling.elsewhere);
                send_cancel(turn, self.id, tx, elsewhere);
            }
            Progress::SilentThenCancel | Progress::Cancelled => {}
        }
        self.finish(turn, LegEnd::Local);
    }

    /// A cancelled INVITE got no final answer in time: it counts as cancelled (RFC 3261 §9.1).
    pub(crate) fn give_up_cancel(&mut self, turn: &mut Turn<'_>) {
        if let State::Calling(calling) = &self.state
            && calling.progress == Progress::Cancelled
        {
            turn.net.transactions.give_up(calling.tx);
            self.state = State::Over;
        }
    }
}

/// Sends the CANCEL of an INVITE of ours: same branch, same way.
pub(super) fn send_cancel(
    turn: &mut Turn<'_>,
    leg: LegId,
    tx: crate::transaction::TxId,
    elsewhere: bool,
) {
    let Some((flow, invite)) = turn.net.transactions.sent_invite(tx) else {
        return;
    };
    let mut cancel = crate::dialog::cancel_of(invite);
    if elsewhere {
        cancel.push("Reason", ANSWERED_ELSEWHERE);
    }
    let sent = (flow, &cancel);
    turn.net
        .transactions
        .send(turn.now, sent, User::Cancel(leg), turn.out);
    turn.net
        .alarms
        .arm(turn.now.plus_ms(PATIENCE_MS), Alarm::GiveUpCancel(leg));
}

/// Sends a BYE inside a dialog.
pub(crate) fn send_bye(turn: &mut Turn<'_>, dialog: &mut Dialog, user: User) {
    let branch = turn.branch();
    let flow = dialog.way(&turn.net.config);
    let bye = dialog.request(Method::Bye, flow, &branch, &turn.net.config);
    turn.net
        .transactions
        .send(turn.now, (flow, &bye), user, turn.out);
}
