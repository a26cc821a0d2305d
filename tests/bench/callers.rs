//! Callers.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::figures::Values;
use crate::load::{Agenda, Behaviour, Due, Wish};
use crate::media::{Media, Side};
use crate::sip::{self, Dialog, SERVER};
use crate::wire::{Wire, now_ns};

/// RFC 3261 T1.
const T1_NS: u64 = 500_000_000;
/// A request without an answer is given up after so many tries: 7.5 s.
const TRIES: u32 = 5;
/// A person needs a moment before a key.
const BEFORE_KEY_NS: u64 = 300_000_000;
const PORT: u16 = 6000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Inviting,
    Standing,
    Leaving,
    Over,
}

struct Caller {
    behaviour: Behaviour,
    state: State,
    dialog: Dialog,
    /// The request without an answer, to be sent again.
    pending: Option<String>,
    first_sent_ns: u64,
    server_port: Option<u16>,
}

/// What became of the calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) offered: usize,
    pub(crate) answered: usize,
    pub(crate) finished: usize,
    pub(crate) refused: usize,
    pub(crate) failed: usize,
    pub(crate) retransmissions: usize,
    /// First INVITE → 200, ns.
    pub(crate) answer_delay: Values,
    /// When the last call was over.
    pub(crate) last_ns: u64,
}

pub(crate) struct Callers {
    wire: Wire,
    server: SocketAddr,
    calls: Vec<Caller>,
    by_id: BTreeMap<String, usize>,
    pub(crate) tally: Tally,
}

impl Callers {
    pub(crate) fn new(wire: Wire) -> Self {
        let server = SERVER.parse().unwrap();
        Self {
            wire,
            server,
            calls: Vec::new(),
            by_id: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    pub(crate) fn standing(&self) -> usize {
        self.calls
            .iter()
            .filter(|c| c.state == State::Standing)
            .count()
    }

    /// Every call that was begun is answered, refused or given up.
    pub(crate) fn settled(&self) -> bool {
        self.tally.answered + self.tally.refused + self.tally.failed >= self.tally.offered
    }

    /// No call is left.
    pub(crate) fn all_over(&self) -> bool {
        self.tally.finished + self.tally.refused + self.tally.failed >= self.tally.offered
    }

    pub(crate) fn dial(&mut self, behaviour: Behaviour, agenda: &mut Agenda) {
        let index = self.calls.len();
        let line = behaviour.line;
        let dialog = Dialog {
            call_id: format!("load{index}"),
            local: format!("<sip:7999{index:07}@127.0.0.1>;tag=c{index}"),
            remote: format!("<sip:{line}@127.0.0.1>"),
            target: format!("sip:{line}@{SERVER}"),
            cseq: 1,
            port: PORT,
        };
        let body = sip::description(Media::port(Side::Caller));
        let invite = dialog.request("INVITE", Some(("application/sdp", &body)));
        self.by_id.insert(dialog.call_id.clone(), index);
        self.tally.offered += 1;
        let (state, first_sent_ns) = (State::Inviting, now_ns());
        let (pending, server_port) = (Some(invite), None);
        self.calls.push(Caller {
            behaviour,
            state,
            dialog,
            pending,
            first_sent_ns,
            server_port,
        });
        self.transmit(index, 0, agenda);
    }

    /// Sends the pending request, and again later.
    fn transmit(&mut self, index: usize, tries: u32, agenda: &mut Agenda) {
        let Some(text) = &self.calls[index].pending else {
            return;
        };
        self.wire.send(text.as_bytes(), self.server);
        agenda.at(
            now_ns() + (T1_NS << tries.min(3)),
            Due::Again(index * 4 + self.phase(index), tries + 1),
        );
    }

    /// Tells an old alarm from the present one.
    fn phase(&self, index: usize) -> usize {
        match self.calls[index].state {
            State::Inviting => 0,
            State::Standing => 1,
            State::Leaving => 2,
            State::Over => 3,
        }
    }

    fn ask(&mut self, index: usize, method: &str, body: Option<(&str, &str)>, agenda: &mut Agenda) {
        let call = &mut self.calls[index];
        call.dialog.cseq += 1;
        call.pending = Some(call.dialog.request(method, body));
        self.transmit(index, 0, agenda);
    }

    pub(crate) fn due(&mut self, due: Due, agenda: &mut Agenda) {
        match due {
            Due::Key(index) if self.calls[index].state == State::Standing => {
                let body = ("application/dtmf-relay", "Signal=0\r\nDuration=100\r\n");
                self.ask(index, "INFO", Some(body), agenda);
            }
            Due::Again(packed, tries) => {
                let index = packed / 4;
                if self.phase(index) != packed % 4 || self.calls[index].pending.is_none() {
                    return;
                }
                if tries >= TRIES {
                    self.tally.failed += 1;
                    self.over(index);
                } else {
                    self.tally.retransmissions += 1;
                    self.transmit(index, tries, agenda);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn leave_all(&mut self, agenda: &mut Agenda, media: &mut Media) {
        for index in 0..self.calls.len() {
            if self.calls[index].state == State::Standing {
                self.leave(index, agenda, media);
            }
        }
    }

    fn leave(&mut self, index: usize, agenda: &mut Agenda, media: &mut Media) {
        self.calls[index].state = State::Leaving;
        self.calls[index]
            .server_port
            .take()
            .into_iter()
            .for_each(|port| media.end(port));
        self.ask(index, "BYE", None, agenda);
    }

    fn over(&mut self, index: usize) {
        self.calls[index].state = State::Over;
        self.calls[index].pending = None;
        self.tally.last_ns = now_ns();
    }

    /// False when nothing is left to read.
    pub(crate) fn read(&mut self, agenda: &mut Agenda, media: &mut Media) -> bool {
        let Some(datagram) = self.wire.receive() else {
            return false;
        };
        let text = String::from_utf8_lossy(self.wire.octets(&datagram)).into_owned();
        let index = sip::header(&text, "Call-ID")
            .and_then(|id| self.by_id.get(id))
            .copied();
        let Some(index) = index else { return true };
        match (sip::status(&text), sip::method(&text)) {
            (Some(code @ 200..), "INVITE") => {
                self.invited((index, code), (&text, datagram.at_ns), agenda, media);
            }
            (Some(200..), "BYE") if self.calls[index].state == State::Leaving => {
                self.tally.finished += 1;
                self.over(index);
            }
            (Some(200..), "INFO") => self.calls[index].pending = None,
            (Some(_), _) | (None, "ACK") => {}
            (None, method) => self.asked(index, method, &text, media),
        }
        true
    }

    fn invited(
        &mut self,
        (index, code): (usize, u16),
        (text, at_ns): (&str, u64),
        agenda: &mut Agenda,
        media: &mut Media,
    ) {
        let call = &mut self.calls[index];
        let remote = sip::header(text, "To").unwrap_or_default().to_owned();
        if code >= 300 {
            // The ACK of a refusal belongs to the INVITE's transaction.
            let mut dialog = call.dialog.clone();
            dialog.remote = remote;
            let ack = dialog.request("ACK", None).replacen("ACK1;", "INVITE1;", 1);
            self.wire.send(ack.as_bytes(), self.server);
            if call.state == State::Inviting {
                if code == 503 {
                    self.tally.refused += 1
                } else {
                    self.tally.failed += 1
                }
                self.over(index);
            }
            return;
        }
        let mut ack = call.dialog.clone();
        (ack.remote, ack.target, ack.cseq) = (remote, sip::contact(text), 1);
        self.wire
            .send(ack.request("ACK", None).as_bytes(), self.server);
        if call.state != State::Inviting {
            return;
        }
        call.dialog = ack;
        call.state = State::Standing;
        call.pending = None;
        self.tally.answered += 1;
        self.tally
            .answer_delay
            .push(at_ns.saturating_sub(call.first_sent_ns));
        let behaviour = call.behaviour;
        if behaviour.wish == Wish::Nothing {
            self.leave(index, agenda, media);
            return;
        }
        call.server_port = sip::audio_port(text);
        call.server_port
            .into_iter()
            .for_each(|port| media.begin(Side::Caller, port, behaviour.speaks));
        if behaviour.wish == Wish::Person {
            agenda.at(now_ns() + BEFORE_KEY_NS, Due::Key(index));
        }
    }

    /// A request of the server.
    fn asked(&mut self, index: usize, method: &str, text: &str, media: &mut Media) {
        let body = ("sip:load@127.0.0.1:6000", Media::port(Side::Caller));
        let answer = sip::response(text, 200, "c", (method == "INVITE").then_some(body));
        self.wire.send(answer.as_bytes(), self.server);
        if method == "BYE" && matches!(self.calls[index].state, State::Standing | State::Leaving) {
            self.calls[index]
                .server_port
                .take()
                .into_iter()
                .for_each(|port| media.end(port));
            self.tally.finished += 1;
            self.over(index);
        }
    }
}
