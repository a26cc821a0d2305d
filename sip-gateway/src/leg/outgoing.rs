//! A leg that we dialled, until it stands: ringing, answered, refused, cancelled, forked.

use events::LegId;

use super::goodbye::{send_bye, send_cancel};
use super::{Audio, Calling, Leg, Pass, Progress, State};
use crate::boundary::{Flow, LegEnd, LegEvent};
use crate::dialog::{Caller, Dialog};
use crate::gateway::Turn;
use crate::message::{Message, Uri};
use crate::transaction::{TxId, User};

/// Where a phone is rung.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// Stands in the request line.
    pub(crate) uri: Uri,
    /// How it is reached.
    pub(crate) flow: Flow,
    /// Whether it is reached only this way: the phone registered by it.
    pub(crate) pinned: bool,
}

impl Leg {
    /// Sends the INVITE.
    pub(crate) fn dial(
        turn: &mut Turn<'_>,
        leg: LegId,
        to: &Destination,
        display: &str,
        mut audio: Audio,
    ) -> Self {
        let caller = Caller {
            call_id: format!("{}{}", turn.word(), turn.word()),
            tag: turn.word(),
            branch: turn.branch(),
            display: display.to_owned(),
            user: "liniya".to_owned(),
            domain: None,
            asserted: false,
            cseq: 1,
        };
        let sdp = audio.description();
        let invite = crate::dialog::first_invite(&caller, to, &sdp, &turn.net.config);
        Self::sends(turn, leg, (caller, to), audio, invite)
    }

    /// A leg whose INVITE goes out now.
    pub(super) fn sends(
        turn: &mut Turn<'_>,
        leg: LegId,
        (caller, to): (Caller, &Destination),
        audio: Audio,
        invite: Message,
    ) -> Self {
        let sent = (to.flow, invite);
        let tx = turn
            .net
            .transactions
            .invite(turn.now, sent, User::Invite(leg), turn.out);
        let calling = Calling {
            tx,
            call_id: caller.call_id,
            local_tag: caller.tag,
            progress: Progress::Silent,
            pinned: to.pinned,
            again: None,
            elsewhere: false,
        };
        Self {
            id: leg,
            audio,
            state: State::Calling(Box::new(calling)),
            ended: false,
            pass: Pass::default(),
        }
    }

    /// 1xx.
    pub(crate) fn progress(&mut self, turn: &mut Turn<'_>, status: u16) {
        let State::Calling(calling) = &mut self.state else {
            return;
        };
        let rings = status == 180 || status == 183;
        match calling.progress {
            Progress::Silent | Progress::Trying if rings => {
                calling.progress = Progress::Ringing;
                turn.tell(LegEvent::Ringing { leg: self.id });
            }
            Progress::Silent => calling.progress = Progress::Trying,
            Progress::SilentThenCancel => {
                calling.progress = Progress::Cancelled;
                let (tx, elsewhere) = (calling.tx, calling.elsewhere);
                send_cancel(turn, self.id, tx, elsewhere);
            }
            Progress::Trying | Progress::Ringing | Progress::Cancelled => {}
        }
    }

    /// A 2xx of a branch that has not been acknowledged yet. The first makes the leg; a later one,
    /// or one after we hung up, is acknowledged and said goodbye to (RFC 3261 §13.2.2.4).
    pub(crate) fn accepted(&mut self, turn: &mut Turn<'_>, response: &Message, way: Flow) {
        let calling = match self.take() {
            State::Calling(calling) => calling,
            other @ (State::Offered(_)
            | State::Answered { .. }
            | State::Standing { .. }
            | State::Leaving { .. }
            | State::Over) => {
                self.state = other;
                return;
            }
        };
        let Some(mut dialog) = Dialog::as_client(response, way, calling.pinned) else {
            // Without To tag or Contact nobody can acknowledge it: the other side gives up.
            return self.finish(turn, LegEnd::Broken);
        };
        acknowledge(turn, calling.tx, &dialog, response);
        turn.net
            .alarms
            .disarm(crate::gateway::Alarm::GiveUpCancel(self.id));
        if self.ended {
            send_bye(turn, &mut dialog, User::Bye(self.id));
            self.state = State::Leaving {
                dialog: Box::new(dialog),
            };
        } else if self.audio.accept(turn, self.id, &response.body).is_err() {
            self.say_bye(turn, Box::new(dialog), LegEnd::Broken);
        } else {
            self.state = State::Standing {
                dialog: Box::new(dialog),
                ok: None,
            };
            turn.tell(LegEvent::Established { leg: self.id });
        }
    }

    /// 3xx–6xx; the transaction has acknowledged it.
    pub(crate) fn refused(&mut self, turn: &mut Turn<'_>, status: u16, response: &Message) {
        if self.asks_again(turn, response) {
            return;
        }
        if matches!(self.state, State::Calling(_)) {
            turn.net
                .alarms
                .disarm(crate::gateway::Alarm::GiveUpCancel(self.id));
            self.state = State::Over;
            self.finish(turn, LegEnd::Refused(status));
        }
    }

    /// Timer B, or the stream is gone.
    pub(crate) fn unreachable(&mut self, turn: &mut Turn<'_>) {
        if matches!(self.state, State::Calling(_)) {
            turn.net
                .alarms
                .disarm(crate::gateway::Alarm::GiveUpCancel(self.id));
            self.state = State::Over;
            self.finish(turn, LegEnd::Broken);
        }
    }
}

/// ACK of a 2xx, kept by the transaction for the 2xx's retransmissions.
fn acknowledge(turn: &mut Turn<'_>, tx: TxId, dialog: &Dialog, response: &Message) {
    let branch = turn.branch();
    let flow = dialog.way(&turn.net.config);
    let ack = dialog
        .ack(response.cseq().0, flow, &branch, &turn.net.config)
        .to_bytes();
    turn.net
        .transactions
        .acked(tx, dialog.remote_tag(), flow, ack.clone());
    turn.send(flow, ack);
}

/// A 2xx that no leg wants: a second branch of a forked INVITE, or its leg is gone. ACK, then BYE.
pub(crate) fn part_with_fork(turn: &mut Turn<'_>, tx: TxId, response: &Message, way: Flow) {
    if let Some(mut dialog) = Dialog::as_client(response, way, false) {
        acknowledge(turn, tx, &dialog, response);
        send_bye(turn, &mut dialog, User::Nobody);
    }
}
