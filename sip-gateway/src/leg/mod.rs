//! A leg: one caller's or one operator's side of a call, from the first INVITE to the end.
//!
//! | page | what |
//! |---|---|
//! | `incoming` | offered, ringing, answered, refused, cancelled |
//! | `outgoing` | dialled, ringing, answered, cancelled, forked |
//! | `trunk_call` | a number outside: who we are, and the answer to a challenge |
//! | `session` | what may come while it stands: re-INVITE, UPDATE, ACK, INFO |
//! | `goodbye` | BYE from both sides, hanging up in every state |
//! | `audio` | the leg's port and its offers and answers |

mod audio;
mod goodbye;
mod incoming;
mod outgoing;
mod session;
mod trunk_call;

use bytes::Bytes;
use events::LegId;

use crate::boundary::{Flow, LegEnd, LegEvent};
use crate::dialog::Dialog;
use crate::gateway::{Alarm, Turn};
use crate::message::Message;
use crate::transaction::TxId;
pub(crate) use audio::Audio;
pub(crate) use incoming::Arrival;
pub(crate) use outgoing::{Destination, part_with_fork};
use trunk_call::{Again, Pass};

/// One leg.
#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) id: LegId,
    audio: Audio,
    state: State,
    /// The switchboard has been told of the end; what remains is between SIP and us.
    ended: bool,
    /// The trunk's password, for each request of ours that may yet be challenged.
    pass: Pass,
}

/// Where a leg stands.
#[derive(Debug)]
enum State {
    /// A caller at the door, without a final answer.
    Offered(Box<Offered>),
    /// We dialled and have no final answer.
    Calling(Box<Calling>),
    /// Our 200 to the first INVITE waits for its ACK; if `leaving`, a BYE follows the ACK.
    Answered {
        dialog: Box<Dialog>,
        ok: Unacked,
        leaving: bool,
    },
    /// Both sides have confirmed; a 200 to a re-INVITE may wait for its ACK.
    Standing {
        dialog: Box<Dialog>,
        ok: Option<Unacked>,
    },
    /// Our BYE waits for its answer.
    Leaving { dialog: Box<Dialog> },
    /// Nothing is left: the gateway takes the leg off its list.
    Over,
}

/// A caller's INVITE without a final answer.
#[derive(Debug)]
struct Offered {
    invite: Message,
    tx: TxId,
    local_tag: String,
    /// The way responses go.
    flow: Flow,
    /// The way it came.
    came_by: Flow,
    pinned: bool,
}

/// An INVITE of ours without a final answer.
#[derive(Debug)]
struct Calling {
    tx: TxId,
    call_id: String,
    local_tag: String,
    progress: Progress,
    pinned: bool,
    /// Taken back because somebody else answered.
    elsewhere: bool,
    /// How the INVITE is said once more with a password, if the trunk asks for one.
    again: Option<Box<Again>>,
}

/// How far an INVITE of ours has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Nothing heard: a CANCEL would have to wait (RFC 3261 §9.1).
    Silent,
    /// Hung up before anything was heard: the CANCEL follows the first provisional response.
    SilentThenCancel,
    /// A provisional response came.
    Trying,
    /// The switchboard knows that it rings.
    Ringing,
    /// CANCEL sent.
    Cancelled,
}

/// A 2xx of ours whose ACK has not come.
#[derive(Debug)]
struct Unacked {
    /// Knows the way.
    tx: TxId,
    cseq: u32,
    bytes: Bytes,
    pause_ms: u64,
    /// The 2xx carried our offer; the ACK carries the answer.
    asks: bool,
}

impl Leg {
    /// Whether the gateway may forget it.
    pub(crate) const fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Whether the switchboard still knows it.
    pub(crate) const fn is_open(&self) -> bool {
        !self.ended
    }

    /// The Call-ID and our tag, by which requests inside the dialog find the leg.
    pub(crate) fn dialog_key(&self) -> Option<(String, String)> {
        match &self.state {
            State::Offered(offered) => {
                let call_id = offered.invite.call_id().to_owned();
                Some((call_id, offered.local_tag.clone()))
            }
            State::Calling(calling) => Some((calling.call_id.clone(), calling.local_tag.clone())),
            State::Answered { dialog, .. }
            | State::Standing { dialog, .. }
            | State::Leaving { dialog } => Some(dialog.key()),
            State::Over => None,
        }
    }

    /// The other side's tag, once it has one.
    pub(crate) fn remote_tag(&self) -> Option<&str> {
        match &self.state {
            State::Offered(offered) => offered.invite.from().tag(),
            State::Answered { dialog, .. }
            | State::Standing { dialog, .. }
            | State::Leaving { dialog } => Some(dialog.remote_tag()),
            State::Calling(_) | State::Over => None,
        }
    }

    /// Tells the switchboard, once, that the leg is over, and closes its media first.
    fn finish(&mut self, turn: &mut Turn<'_>, why: LegEnd) {
        if !self.ended {
            self.ended = true;
            self.audio.close(turn, self.id);
            turn.tell(LegEvent::Ended { leg: self.id, why });
        }
    }

    /// Whether an INVITE of ours waits for its answer.
    pub(crate) const fn is_calling(&self) -> bool {
        matches!(self.state, State::Calling(_))
    }

    /// Takes the state out, to be replaced at once.
    const fn take(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Over)
    }

    /// Takes out the caller's INVITE, if it still waits.
    fn take_offered(&mut self) -> Option<Box<Offered>> {
        match self.take() {
            State::Offered(offered) => Some(offered),
            other @ (State::Calling(_)
            | State::Answered { .. }
            | State::Standing { .. }
            | State::Leaving { .. }
            | State::Over) => {
                self.state = other;
                None
            }
        }
    }

    /// Lets nobody hear this side, or lets them again.
    pub(crate) fn mute(&mut self, turn: &mut Turn<'_>, muted: bool) {
        self.audio.mute(turn, self.id, muted);
    }

    /// Stops resending a 2xx.
    fn settle(&self, turn: &mut Turn<'_>) {
        turn.net.alarms.disarm(Alarm::ResendOk(self.id));
        turn.net.alarms.disarm(Alarm::NoAck(self.id));
    }

    /// A stream is gone: what goes to it next opens a new one.
    pub(crate) fn transport_lost(&mut self, gone: Flow) {
        match &mut self.state {
            State::Offered(offered) => {
                offered.flow = reopened(offered.flow, gone);
                offered.came_by = reopened(offered.came_by, gone);
            }
            State::Answered { dialog, .. } | State::Standing { dialog, .. } => {
                dialog.flow = reopened(dialog.flow, gone);
            }
            State::Leaving { dialog } => dialog.flow = reopened(dialog.flow, gone),
            State::Calling(_) | State::Over => {}
        }
    }
}

fn reopened(flow: Flow, gone: Flow) -> Flow {
    if crate::transaction::same_stream(flow, gone) {
        Flow {
            connection: 0,
            ..flow
        }
    } else {
        flow
    }
}
