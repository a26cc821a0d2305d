//! Operators' phones.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::config::{PHONES_PORT, login};
use crate::figures::Values;
use crate::load::{Agenda, Due, Manners};
use crate::media::{Media, Side};
use crate::sip::{self, Dialog, SERVER};
use crate::wire::{Wire, now_ns};

const MS_NS: u64 = 1_000_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Free,
    Ringing,
    Answered,
    Talking,
}

#[derive(Default)]
struct Phone {
    state: State,
    /// How often it rang: tells an old alarm from the present one.
    rings: u32,
    invite: String,
    dialog: Dialog,
    server_port: Option<u16>,
    hung_up_ns: Option<u64>,
}

pub(crate) struct Phones {
    wire: Wire,
    server: SocketAddr,
    manners: Manners,
    phones: Vec<Phone>,
    by_login: BTreeMap<String, usize>,
    dice: u64,
    /// Hang-up of a phone → the next INVITE at it, ns.
    pub(crate) gaps: Values,
    /// Talks that began.
    pub(crate) talks: usize,
}

impl Phones {
    pub(crate) fn new(wire: Wire, count: usize, manners: Manners) -> Self {
        let server = SERVER.parse().unwrap();
        let phones = (0..count).map(|_| Phone::default()).collect();
        let by_login = (0..count).map(|index| (login(index), index)).collect();
        let (gaps, talks, dice) = (Values::default(), 0, 1);
        Self {
            wire,
            server,
            manners,
            phones,
            by_login,
            dice,
            gaps,
            talks,
        }
    }

    pub(crate) fn talking(&self) -> usize {
        self.phones
            .iter()
            .filter(|p| p.state == State::Talking)
            .count()
    }

    /// False when nothing is left to read.
    pub(crate) fn read(&mut self, agenda: &mut Agenda, media: &mut Media) -> bool {
        let Some(datagram) = self.wire.receive() else {
            return false;
        };
        let text = String::from_utf8_lossy(self.wire.octets(&datagram)).into_owned();
        if sip::status(&text).is_some() {
            return true; // of a BYE: on loopback it does arrive
        }
        match sip::method(&text) {
            "INVITE" => self.invited(&text, datagram.at_ns, agenda),
            "ACK" => self.acknowledged(&text, agenda, media),
            method @ ("BYE" | "CANCEL") => self.ended(&text, method, media),
            _ => self.reply(&text, 200, None),
        }
        true
    }

    fn reply(&self, request: &str, code: u16, user: Option<&str>) {
        let contact = user.map(|user| format!("sip:{user}@127.0.0.1:{PHONES_PORT}"));
        let body = contact
            .as_deref()
            .map(|contact| (contact, Media::port(Side::Operator)));
        let answer = sip::response(request, code, "p", body);
        self.wire.send(answer.as_bytes(), self.server);
    }

    fn of_call(&self, request: &str) -> Option<usize> {
        let id = sip::header(request, "Call-ID")?;
        self.phones
            .iter()
            .position(|p| p.state != State::Free && p.dialog.call_id == id)
    }

    fn invited(&mut self, text: &str, at_ns: u64, agenda: &mut Agenda) {
        if let Some(index) = self.of_call(text) {
            // Sent again, or a re-INVITE: what was said is said again.
            let answered = self.phones[index].state != State::Ringing;
            self.reply(
                text,
                if answered { 200 } else { 180 },
                answered.then(|| login(index)).as_deref(),
            );
            return;
        }
        let user = text
            .split_once("sip:")
            .and_then(|(_, rest)| rest.split('@').next());
        let Some(index) = user.and_then(|user| self.by_login.get(user)).copied() else {
            return;
        };
        let phone = &mut self.phones[index];
        if phone.state != State::Free {
            self.reply(text, 486, None);
            return;
        }
        if let Some(hung_up) = phone.hung_up_ns.take() {
            self.gaps.push(at_ns.saturating_sub(hung_up));
        }
        phone.state = State::Ringing;
        phone.rings += 1;
        phone.invite = text.to_owned();
        let value = |name| sip::header(text, name).unwrap_or_default().to_owned();
        phone.dialog = Dialog {
            call_id: value("Call-ID"),
            local: value("To") + ";tag=p",
            remote: value("From"),
            target: sip::contact(text),
            cseq: 1,
            port: PHONES_PORT,
        };
        phone.server_port = sip::audio_port(text);
        let rings = phone.rings;
        self.reply(text, 180, None);
        agenda.at(
            now_ns() + self.manners.ring_ms * MS_NS,
            Due::PickUp(index, rings),
        );
    }

    pub(crate) fn due(&mut self, due: Due, agenda: &mut Agenda, media: &mut Media) {
        let (Due::PickUp(index, rings)
        | Due::PickUpAgain(index, rings)
        | Due::HangUp(index, rings)) = due
        else {
            return;
        };
        let phone = &mut self.phones[index];
        if phone.rings != rings {
            return;
        }
        match (due, phone.state) {
            (Due::PickUp(..), State::Ringing) | (Due::PickUpAgain(..), State::Answered) => {
                phone.state = State::Answered;
                self.reply(&self.phones[index].invite, 200, Some(&login(index)));
                agenda.at(now_ns() + 500 * MS_NS, Due::PickUpAgain(index, rings));
            }
            (Due::HangUp(..), State::Talking) => {
                phone
                    .server_port
                    .take()
                    .into_iter()
                    .for_each(|port| media.end(port));
                phone.state = State::Free;
                let bye = phone.dialog.request("BYE", None);
                phone.hung_up_ns = Some(now_ns());
                self.wire.send(bye.as_bytes(), self.server);
            }
            _ => {}
        }
    }

    fn acknowledged(&mut self, text: &str, agenda: &mut Agenda, media: &mut Media) {
        let Some(index) = self.of_call(text) else {
            return;
        };
        let talk_ns = self.talk_ns();
        let phone = &mut self.phones[index];
        if phone.state != State::Answered {
            return;
        }
        phone.state = State::Talking;
        self.talks += 1;
        let speaks = self.manners.speaks;
        phone
            .server_port
            .into_iter()
            .for_each(|port| media.begin(Side::Operator, port, speaks));
        if let Some(talk_ns) = talk_ns {
            agenda.at(now_ns() + talk_ns, Due::HangUp(index, phone.rings));
        }
    }

    /// Uniform between the limits, the same sequence in every run.
    fn talk_ns(&mut self) -> Option<u64> {
        let (shortest, longest) = self.manners.talk_ms?;
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Some((shortest + (self.dice >> 33) % (longest - shortest)) * MS_NS)
    }

    fn ended(&mut self, text: &str, method: &str, media: &mut Media) {
        self.reply(text, 200, None);
        let Some(index) = self.of_call(text) else {
            return;
        };
        if method == "CANCEL" {
            self.reply(&self.phones[index].invite, 487, None);
        }
        let phone = &mut self.phones[index];
        phone
            .server_port
            .take()
            .into_iter()
            .for_each(|port| media.end(port));
        phone.state = State::Free;
        phone.hung_up_ns = None;
    }
}
