//! A caller's leg until it stands: offered, ringing, answered, refused, cancelled.

use bytes::Bytes;
use events::LegId;

use super::{Audio, Leg, Offered, Pass, State, Unacked};
use crate::boundary::{LegEnd, LegEvent};
use crate::dialog::Dialog;
use crate::gateway::{Alarm, Ask, Reply, Turn};
use crate::message::Message;
use crate::transaction::{PATIENCE_MS, T1_MS, TxId, doubled};

/// An INVITE that was let in.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// The new leg's number.
    pub(crate) leg: LegId,
    /// Its INVITE transaction, 100 already sent.
    pub(crate) tx: TxId,
    /// Whether the peer is reached only the way its request came (a registered phone behind NAT).
    pub(crate) pinned: bool,
    /// The leg's port, and the answer to the offer if there was one.
    pub(crate) audio: Audio,
}

impl Leg {
    /// A caller stands at the door.
    pub(crate) fn offered(turn: &mut Turn<'_>, ask: &Ask, arrival: Arrival) -> Self {
        let local_tag = turn.word();
        let Arrival {
            leg,
            tx,
            pinned,
            audio,
        } = arrival;
        let (invite, flow, came_by) = (ask.message.clone(), ask.flow, ask.came_by);
        let offered = Offered {
            invite,
            tx,
            local_tag,
            flow,
            came_by,
            pinned,
        };
        Self {
            id: leg,
            audio,
            state: State::Offered(Box::new(offered)),
            ended: false,
            pass: Pass::default(),
        }
    }

    /// 180 Ringing.
    pub(crate) fn ring(&mut self, turn: &mut Turn<'_>) {
        if let State::Offered(offered) = &self.state {
            let reply = Reply::new(180, &offered.local_tag).contact(offered.flow);
            turn.respond(offered.tx, &offered.invite, &reply);
        }
    }

    /// 200 OK with our answer, or with our offer if the INVITE had none.
    pub(crate) fn answer(&mut self, turn: &mut Turn<'_>) {
        let Some(offered) = self.take_offered() else {
            return;
        };
        let Some(dialog) = Dialog::as_server(
            &offered.invite,
            &offered.local_tag,
            offered.came_by,
            offered.pinned,
        ) else {
            let reply = Reply::new(400, &offered.local_tag);
            turn.respond(offered.tx, &offered.invite, &reply);
            return self.finish(turn, LegEnd::Broken);
        };
        let asks = !self.audio.has_answer();
        let sdp = self.audio.description();
        let reply = Reply::new(200, &offered.local_tag)
            .contact(offered.flow)
            .sdp(&sdp);
        let bytes = turn.respond(offered.tx, &offered.invite, &reply);
        self.audio.commit(turn, self.id);
        let ok = self.unacked(turn, (offered.tx, offered.invite.cseq().0), bytes, asks);
        self.state = State::Answered {
            dialog: Box::new(dialog),
            ok,
            leaving: false,
        };
    }

    /// Starts to resend a 2xx until its ACK comes, on streams too (RFC 3261 §13.3.1.4).
    pub(super) fn unacked(
        &self,
        turn: &mut Turn<'_>,
        (tx, cseq): (TxId, u32),
        bytes: Bytes,
        asks: bool,
    ) -> Unacked {
        turn.net
            .alarms
            .arm(turn.now.plus_ms(T1_MS), Alarm::ResendOk(self.id));
        turn.net
            .alarms
            .arm(turn.now.plus_ms(PATIENCE_MS), Alarm::NoAck(self.id));
        Unacked {
            tx,
            cseq,
            bytes,
            pause_ms: T1_MS,
            asks,
        }
    }

    /// A final refusal by the switchboard.
    pub(crate) fn reject(&mut self, turn: &mut Turn<'_>, status: u16, retry_after_s: Option<u32>) {
        let Some(offered) = self.take_offered() else {
            return self.hang_up(turn);
        };
        let mut reply = Reply::new(status.clamp(400, 699), &offered.local_tag);
        if let Some(seconds) = retry_after_s {
            reply = reply.header("Retry-After", seconds.to_string());
        }
        turn.respond(offered.tx, &offered.invite, &reply);
        self.finish(turn, LegEnd::Local);
    }

    /// CANCEL found the INVITE unanswered; its own 200 has been sent.
    pub(crate) fn cancelled(&mut self, turn: &mut Turn<'_>) {
        if let Some(offered) = self.take_offered() {
            let reply = Reply::new(487, &offered.local_tag);
            turn.respond(offered.tx, &offered.invite, &reply);
            self.finish(turn, LegEnd::Remote);
        }
    }

    /// Our tag in responses to the first INVITE; the 200 to its CANCEL carries it too.
    pub(crate) fn local_tag(&self) -> &str {
        match &self.state {
            State::Offered(offered) => &offered.local_tag,
            State::Calling(calling) => &calling.local_tag,
            State::Answered { dialog, .. }
            | State::Standing { dialog, .. }
            | State::Leaving { dialog } => dialog.local_tag(),
            State::Over => "",
        }
    }

    /// ACK of a 2xx.
    pub(crate) fn ack(&mut self, turn: &mut Turn<'_>, ack: &Message) {
        let (State::Answered { ok, .. } | State::Standing { ok: Some(ok), .. }) = &self.state
        else {
            return;
        };
        if ok.cseq != ack.cseq().0 {
            return;
        }
        let asks = ok.asks;
        self.settle(turn);
        let (dialog, first, leaving) = match self.take() {
            State::Answered {
                dialog, leaving, ..
            } => (dialog, true, leaving),
            State::Standing { dialog, .. } => (dialog, false, false),
            State::Offered(_) | State::Calling(_) | State::Leaving { .. } | State::Over => return,
        };
        if leaving {
            return self.say_bye(turn, dialog, LegEnd::Local);
        }
        if asks && self.audio.accept(turn, self.id, &ack.body).is_err() {
            return self.say_bye(turn, dialog, LegEnd::Broken);
        }
        self.state = State::Standing { dialog, ok: None };
        if first {
            turn.tell(LegEvent::Established { leg: self.id });
        }
    }

    /// The pause is over and the 2xx is still unacknowledged.
    pub(crate) fn resend_ok(&mut self, turn: &mut Turn<'_>) {
        let ok = match &mut self.state {
            State::Answered { ok, .. } | State::Standing { ok: Some(ok), .. } => ok,
            State::Offered(_)
            | State::Calling(_)
            | State::Standing { ok: None, .. }
            | State::Leaving { .. }
            | State::Over => return,
        };
        ok.pause_ms = doubled(ok.pause_ms);
        let at = turn.now.plus_ms(ok.pause_ms);
        let (tx, bytes) = (ok.tx, ok.bytes.clone());
        turn.net.alarms.arm(at, Alarm::ResendOk(self.id));
        // The transaction knows whether its stream has changed; it lives as long as we resend.
        if let Some(flow) = turn.net.transactions.flow(tx) {
            turn.net.transactions.repeats.sent += 1;
            turn.send(flow, bytes);
        }
    }

    /// 64·T1 without an ACK: BYE (RFC 3261 §13.3.1.4).
    pub(crate) fn no_ack(&mut self, turn: &mut Turn<'_>) {
        turn.net.transactions.repeats.timeouts += 1;
        match self.take() {
            State::Answered { dialog, .. } | State::Standing { dialog, .. } => {
                self.say_bye(turn, dialog, LegEnd::Broken);
            }
            other @ (State::Offered(_)
            | State::Calling(_)
            | State::Leaving { .. }
            | State::Over) => self.state = other,
        }
    }
}
