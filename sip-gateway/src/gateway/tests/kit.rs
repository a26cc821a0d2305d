//! A small vocabulary for ladders: a world with a clock, and peers that speak SIP as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;

use bytes::Bytes;
use events::{LegId, Millis, Timestamp};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng as _;

use crate::boundary::{
    BrowserCommand, Flow, Input, LegCommand, LegEnd, LegEvent, MediaCommand, Output, TextCommand,
    Transport,
};
use crate::gateway::{Account, FixedContact, Gateway, GatewayConfig, Limits};
use crate::message::{Message, StartLine};
use crate::trunk::Trunk;

pub(super) const UDP: &str = "203.0.113.1:5060";

pub(super) fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

pub(crate) fn config() -> GatewayConfig {
    let account = |name: &str, fixed: Option<&str>| Account {
        name: name.into(),
        password: format!("{name}-secret"),
        fixed: fixed.map(|text| FixedContact::parse(text).unwrap()),
    };
    GatewayConfig {
        udp: address(UDP),
        tcp: address(UDP),
        advertised: address(UDP).ip(),
        media_address: address(UDP).ip(),
        media_ports: (20_000, 20_099),
        realm: "liniya".into(),
        accounts: vec![
            account("operator1", None),
            account("operator2", Some("sip:operator2@198.51.100.7:5060")),
            account(
                "operator3",
                Some("sip:operator3@198.51.100.8:5060;transport=tcp"),
            ),
        ],
        trunks: vec![Trunk {
            name: "carrier".into(),
            sources: vec!["192.0.2.0/24".parse().unwrap()],
            outbound: None,
        }],
        limits: Limits {
            port_rest: Millis(5_000),
            ..Limits::default()
        },
        user_agent: "liniya".into(),
    }
}

/// The gateway, a clock and everything that was said.
pub(super) struct World {
    pub(super) gateway: Gateway,
    pub(super) now: Timestamp,
    ladder: String,
    inbox: BTreeMap<SocketAddr, Vec<Message>>,
    names: BTreeMap<SocketAddr, &'static str>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(config())
    }

    pub(super) fn with(config: GatewayConfig) -> Self {
        let rng = ChaCha12Rng::seed_from_u64(7);
        let gateway = Gateway::new(config, LegId(1), rng);
        let mut world = Self {
            gateway,
            now: Timestamp(1_000_000_000),
            ladder: String::new(),
            inbox: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        world.feed(Input::Tick);
        world.ladder.clear();
        world
    }

    /// A peer of this name at this address, over UDP.
    pub(super) fn peer(&mut self, name: &'static str, at: &str) -> Peer {
        self.names.insert(address(at), name);
        Peer::new(name, Transport::Udp, at)
    }

    /// The same over TCP, on a connection of its own.
    pub(super) fn tcp_peer(&mut self, name: &'static str, at: &str) -> Peer {
        self.names.insert(address(at), name);
        Peer::new(name, Transport::Tcp, at)
    }

    pub(super) fn caller(&mut self) -> Peer {
        self.peer("caller", "192.0.2.10:5060")
    }

    /// A message arrives.
    pub(super) fn send(&mut self, peer: &mut Peer, text: &str) {
        let _ = writeln!(
            self.ladder,
            "{}{} → {}",
            self.clock(),
            peer.name,
            first_line(text)
        );
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.feed(Input::Received {
            flow: peer.flow,
            bytes,
        });
        if let Some(last) = self.inbox.get(&peer.flow.peer).and_then(|all| all.last()) {
            peer.hears(last);
        }
    }

    /// The switchboard wants something.
    pub(super) fn command(&mut self, command: LegCommand) {
        let text = match &command {
            LegCommand::Ring { leg } => format!("ring {leg}"),
            LegCommand::Answer { leg } => format!("answer {leg}"),
            LegCommand::Reject { leg, status, .. } => format!("reject {leg} with {status}"),
            LegCommand::HangUp { leg } => format!("hang up {leg}"),
            LegCommand::PickUp { leg } => format!("pick up {leg}"),
            LegCommand::Mute { leg, muted } => format!("mute {leg}: {muted}"),
            LegCommand::TakeBack { leg } => format!("take back {leg}"),
            LegCommand::Dial { leg, account, .. } => format!("dial {account} as {leg}"),
            LegCommand::Call { leg, trunk, .. } => format!("call by {trunk} as {leg}"),
        };
        let _ = writeln!(self.ladder, "{}switchboard: {text}", self.clock());
        self.feed(Input::Command(command));
    }

    pub(super) fn answer(&mut self, leg: u64) {
        self.command(LegCommand::Answer { leg: LegId(leg) });
    }

    pub(super) fn hang_up(&mut self, leg: u64) {
        self.command(LegCommand::HangUp { leg: LegId(leg) });
    }

    pub(super) fn dial(&mut self, account: &str) -> LegId {
        let leg = self.gateway.new_leg();
        let (account, display) = (account.to_owned(), "Линия 100".to_owned());
        self.command(LegCommand::Dial {
            leg,
            account,
            beside: LegId(900),
            display,
        });
        leg
    }

    /// Time passes; every timer that comes due fires at its own time.
    pub(super) fn wait_ms(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        while let Some(due) = self.gateway.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.feed(Input::Tick);
        }
        self.now = until;
    }

    pub(super) fn feed(&mut self, input: Input) {
        let mut out = Vec::new();
        self.gateway.handle(self.now, input, &mut out);
        for output in out {
            self.note(output);
        }
    }

    fn note(&mut self, output: Output) {
        let text = match output {
            Output::Send { flow, bytes } => {
                let text = String::from_utf8_lossy(&bytes);
                let name = self.names.get(&flow.peer).copied().unwrap_or("somebody");
                let fresh = flow.transport == Transport::Tcp && flow.connection == 0;
                let how = if fresh { " (new stream)" } else { "" };
                let line = format!("{name} ← {}{how}", first_line(&text));
                // The answer to rubbish may echo rubbish.
                if let Ok(message) = Message::parse(&bytes) {
                    self.inbox.entry(flow.peer).or_default().push(message);
                }
                line
            }
            Output::Leg(event) => format!("  {}", event_text(&event)),
            Output::Media(command) => format!("  media: {}", media_text(&command)),
            Output::Text(TextCommand::Open { format, alone, .. }) => {
                let red = if format.red.is_some() {
                    "with"
                } else {
                    "without"
                };
                let beside = if alone { "alone" } else { "beside audio" };
                format!(
                    "  text: open to {} {red} redundancy, {beside}",
                    format.remote
                )
            }
            Output::Text(command) => format!("  text: {command:?}"),
            Output::Browser(command) => format!("  browser: {}", browser_text(&command)),
            Output::Phone { account, reachable } => {
                format!(
                    "  phone of {account}: {}",
                    if reachable { "there" } else { "gone" }
                )
            }
            Output::Refused {
                dialled,
                why,
                status,
            } => {
                format!("  refused {dialled}: {} ({status})", why.as_str())
            }
        };
        let clock = self.clock();
        let _ = writeln!(self.ladder, "{clock}{text}");
    }

    fn clock(&self) -> String {
        let ms = self.now.since(Timestamp(1_000_000_000)).0;
        format!("{:02}.{:03} ", ms / 1_000, ms % 1_000)
    }

    /// What was said since the last time.
    pub(super) fn ladder(&mut self) -> String {
        std::mem::take(&mut self.ladder)
    }

    /// The newest message sent to a peer.
    pub(super) fn last(&self, peer: &Peer) -> Message {
        self.inbox[&peer.flow.peer].last().unwrap().clone()
    }

    /// The same, if there is one.
    pub(super) fn newest(&self, peer: &Peer) -> Option<Message> {
        self.inbox.get(&peer.flow.peer)?.last().cloned()
    }

    /// The newest request of this method sent to a peer.
    pub(super) fn last_request(&self, peer: &Peer, method: &str) -> Message {
        let wanted = |m: &&Message| m.is_request() && m.method().as_str() == method;
        self.inbox[&peer.flow.peer]
            .iter()
            .rev()
            .find(wanted)
            .unwrap()
            .clone()
    }

    /// After everything has had its time nothing may be left.
    pub(super) fn rest(&mut self) {
        self.wait_ms(200_000);
        assert!(
            self.gateway.is_empty(),
            "something leaked: {:?}",
            self.gateway.stats()
        );
        self.ladder.clear();
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.strip_prefix("SIP/2.0 ") {
        Some(status) => {
            let cseq = text
                .lines()
                .find_map(|l| l.strip_prefix("CSeq: "))
                .unwrap_or("?");
            format!("{status} ({cseq})")
        }
        None => line.strip_suffix(" SIP/2.0").unwrap_or(line).to_owned(),
    }
}

pub(super) fn event_text(event: &LegEvent) -> String {
    match event {
        LegEvent::Offered {
            leg,
            dialled,
            caller,
            trunk,
        } => {
            let caller = caller.as_ref().map_or("nobody", |caller| caller.expose());
            format!("{leg} offered: {caller} calls {dialled} by {trunk}")
        }
        LegEvent::Ringing { leg } => format!("{leg} ringing"),
        LegEvent::Established { leg } => format!("{leg} established"),
        LegEvent::Hold { leg, held } => {
            format!("{leg} {}", if *held { "on hold" } else { "back from hold" })
        }
        LegEvent::Digit { leg, digit } => format!("{leg} digit {digit}"),
        LegEvent::Ended { leg, why } => {
            let why = match why {
                LegEnd::Remote => "remote".into(),
                LegEnd::Local => "local".into(),
                LegEnd::Refused(status) => format!("refused {status}"),
                LegEnd::Broken => "broken".into(),
            };
            format!("{leg} ended: {why}")
        }
    }
}

fn browser_text(command: &BrowserCommand) -> String {
    match command {
        BrowserCommand::Join { session, leg } => format!("{} joins {}", session.0, leg.port()),
        BrowserCommand::Part { session } => format!("{} parts", session.0),
        BrowserCommand::Call { session, news } => format!("{} is told {news:?}", session.0),
    }
}

fn media_text(command: &MediaCommand) -> String {
    match command {
        MediaCommand::Open { leg, local, .. } => format!("open {leg} on {}", local.port()),
        MediaCommand::Negotiated { leg, format } => {
            let way = match (format.send, format.receive) {
                (true, true) => "both ways",
                (true, false) => "send only",
                (false, true) => "receive only",
                (false, false) => "silent",
            };
            format!("{leg} {:?} with {} {way}", format.codec, format.remote)
        }
        MediaCommand::Close { leg } => format!("close {leg}"),
        other @ (MediaCommand::Play { .. }
        | MediaCommand::PlayLive { .. }
        | MediaCommand::PlayMore { .. }
        | MediaCommand::StopPlaying { .. }
        | MediaCommand::PausePlaying { .. }
        | MediaCommand::ResumePlaying { .. }
        | MediaCommand::Bridge { .. }
        | MediaCommand::Mix { .. }
        | MediaCommand::Unbridge { .. }
        | MediaCommand::Tap { .. }
        | MediaCommand::Untap { .. }
        | MediaCommand::Record { .. }
        | MediaCommand::StopRecording { .. }) => panic!("not the gateway's to say: {other:?}"),
    }
}

/// Somebody who speaks SIP.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) flow: Flow,
    pub(super) call_id: String,
    pub(super) tag: String,
    pub(super) cseq: u32,
    /// Request-URI user and From user.
    pub(super) dials: String,
    pub(super) user: String,
    branch: u32,
    invite_branch: u32,
    pub(super) remote_tag: Option<String>,
    contact: Option<String>,
}

pub(super) const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

pub(super) fn sdp(extra: &str) -> String {
    format!("{SDP}{extra}\r\n")
}

impl Peer {
    fn new(name: &'static str, transport: Transport, at: &str) -> Self {
        let connection = u64::from(transport == Transport::Tcp) * u64::from(address(at).port());
        Self {
            name,
            flow: Flow {
                transport,
                connection,
                local: address(UDP),
                peer: address(at),
            },
            call_id: format!("call-of-{name}"),
            tag: format!("tag-of-{name}"),
            cseq: 0,
            dials: "100".into(),
            user: "79990000001".into(),
            branch: 0,
            invite_branch: 0,
            remote_tag: None,
            contact: None,
        }
    }

    pub(super) fn hears(&mut self, message: &Message) {
        let ours = message.call_id() == self.call_id;
        if ours && !message.is_request() && message.status().is_some_and(|s| s > 100) {
            if let Some(tag) = message.to().tag() {
                self.remote_tag = Some(tag.to_owned());
            }
            if let Some(contact) = message.contacts().first() {
                self.contact = Some(contact.uri.to_string());
            }
        }
    }

    fn via(&self, branch: u32) -> String {
        let transport = if self.flow.transport == Transport::Tcp {
            "TCP"
        } else {
            "UDP"
        };
        format!(
            "SIP/2.0/{transport} {};branch=z9hG4bK-{}-{branch}",
            self.flow.peer, self.name
        )
    }

    /// A request as text.
    fn text(&self, method: &str, branch: u32, (extra, body): (&str, &str)) -> String {
        let cseq = self.cseq;
        let in_dialog = self.remote_tag.is_some() && method != "CANCEL";
        let uri = match (&self.contact, in_dialog) {
            (Some(contact), true) => contact.clone(),
            _ => format!("sip:{}@203.0.113.1", self.dials),
        };
        let to_tag = match (&self.remote_tag, in_dialog) {
            (Some(tag), true) => format!(";tag={tag}"),
            _ => String::new(),
        };
        let by = if self.flow.transport == Transport::Tcp {
            ";transport=tcp"
        } else {
            ""
        };
        let kind = if body.starts_with("v=0") {
            "Content-Type: application/sdp\r\n"
        } else {
            ""
        };
        format!(
            "{method} {uri} SIP/2.0\r\nVia: {}\r\nMax-Forwards: 70\r\nFrom: <sip:{}@example>;tag={}\r\n\
             To: <sip:{}@203.0.113.1>{to_tag}\r\nCall-ID: {}\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:{}@{}{by}>\r\n{kind}{extra}Content-Length: {}\r\n\r\n{body}",
            self.via(branch),
            self.user,
            self.tag,
            self.dials,
            self.call_id,
            self.user,
            self.flow.peer,
            body.len(),
        )
    }

    /// A request with the next number.
    pub(super) fn request(&mut self, method: &str, extra: &str, body: &str) -> String {
        self.cseq += 1;
        self.branch += 1;
        if method == "INVITE" {
            self.invite_branch = self.branch;
        }
        self.text(method, self.branch, (extra, body))
    }

    pub(super) fn invite(&mut self) -> String {
        self.request("INVITE", "", SDP)
    }

    pub(super) fn bye(&mut self) -> String {
        self.request("BYE", "", "")
    }

    /// ACK of a 2xx to the newest INVITE: a branch of its own.
    pub(super) fn ack(&mut self) -> String {
        self.ack_with("")
    }

    pub(super) fn ack_with(&mut self, body: &str) -> String {
        self.branch += 1;
        self.text("ACK", self.branch, ("", body))
    }

    /// ACK of a refusal: the INVITE's branch.
    pub(super) fn ack_refusal(&self) -> String {
        self.text("ACK", self.invite_branch, ("", ""))
    }

    pub(super) fn cancel(&self) -> String {
        self.text("CANCEL", self.invite_branch, ("", ""))
    }

    /// A response to a request of the gateway's.
    pub(super) fn reply(&self, request: &Message, status: u16, body: &str) -> String {
        let mut response = Message::response(request, status, "", Some(&self.tag));
        if (101..300).contains(&status) {
            response.push("Contact", format!("<sip:{}@{}>", self.name, self.flow.peer));
        }
        if !body.is_empty() {
            response = response.with_body("application/sdp", body.to_owned());
        }
        String::from_utf8(response.to_bytes().to_vec()).unwrap()
    }

    /// Takes part in the dialog that the gateway's INVITE began.
    pub(super) fn joins(&mut self, invite: &Message) {
        self.call_id = invite.call_id().to_owned();
        self.remote_tag = invite.from().tag().map(str::to_owned);
        self.contact = invite
            .contacts()
            .first()
            .map(|contact| contact.uri.to_string());
        if let StartLine::Request { uri, .. } = &invite.start {
            self.user = uri.user().unwrap_or_default().to_owned();
        }
    }
}
