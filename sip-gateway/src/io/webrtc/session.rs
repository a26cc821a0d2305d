//! One page: str0m towards the browser, a port of plain RTP towards the media plane.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rtp_rs::RtpReader;
use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::format::{Codec as Kind, FormatParams};
use str0m::media::{Frequency, Mid, Pt};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::stats::MediaEgressStats;
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig, RtcError};

use super::super::leg::bind;
use super::mirror::Mirror;
use super::offer::OpenError;
use crate::boundary::{BROWSER_EVENTS, Codec, SessionId, SessionOwner};
use crate::media::carry::Carry;
use crate::media::rtcp;
use crate::media::rtp::{Header, MAX_PACKET, payload_type};

/// A page that was answered and does not connect for so long never will.
const CONNECT_PATIENCE: Duration = Duration::from_secs(15);
/// How often the browser's own figures are passed on.
const STATS_EVERY: Duration = Duration::from_secs(3);
/// The lowest RTCP packet type less 1 bit (RFC 5761 §4): what the media plane sends to one port.
const RTCP_TYPES: std::ops::RangeInclusive<u8> = 192..=223;
/// Samples a millisecond.
const SAMPLES_PER_MS: u64 = 8;
/// Sequence numbers begin here, far from their first cycle.
const FIRST_SEQUENCE: u16 = 1_000;
/// Steps of str0m in one go: a session that wants more is broken.
const MOST_STEPS: usize = 10_000;

/// The certificate of all sessions of a process: browsers check its fingerprint from the answer.
pub(super) fn certificate() -> io::Result<DtlsCert> {
    let provider = str0m::crypto::from_feature_flags();
    let made = provider.dtls_provider.generate_certificate();
    made.ok_or_else(|| io::Error::other("no DTLS certificate can be made"))
}

/// What a session is opened with.
pub(super) struct Opening<'a> {
    pub(super) id: SessionId,
    pub(super) owner: SessionOwner,
    pub(super) candidates: &'a [SocketAddr],
    pub(super) certificate: &'a DtlsCert,
    pub(super) media: IpAddr,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Answered; ICE and DTLS are under way.
    Connecting,
    /// Audio may flow.
    Connected,
    /// To be forgotten: it ended as such things end.
    Over,
    /// To be forgotten: something broke that should not have.
    Faulty,
}

/// See the module.
pub(super) struct Session {
    pub(super) id: SessionId,
    pub(super) owner: SessionOwner,
    pub(super) life: Life,
    /// Our half of the name in the browser's STUN requests.
    pub(super) ufrag: String,
    /// The port towards the media plane, and its address.
    pub(super) port: UdpSocket,
    pub(super) rtp: SocketAddr,
    /// When it wants to be looked at.
    pub(super) due: Instant,
    /// Datagrams for the browser, from which of our addresses to which of theirs.
    pub(super) outbox: VecDeque<Transmit>,
    rtc: Rtc,
    born: Instant,
    mid: Option<Mid>,
    /// The leg whose audio this is now.
    leg: Option<SocketAddr>,
    carry: Carry,
    mirror: Mirror,
}

impl Session {
    /// Reads an offer and makes our answer. A stranger's offer must not take the thread with it.
    pub(super) fn open(opening: &Opening<'_>, offer: &str) -> Result<(Self, String), OpenError> {
        let opened = catch_unwind(AssertUnwindSafe(|| Self::negotiate(opening, offer)));
        opened.unwrap_or_else(|_| Err(OpenError::Offer("it breaks the reader".to_owned())))
    }

    fn negotiate(opening: &Opening<'_>, offer: &str) -> Result<(Self, String), OpenError> {
        let refuse = |error: &dyn std::fmt::Display| OpenError::Offer(error.to_string());
        let system = |error: io::Error| OpenError::System(error.to_string());
        let offer = SdpOffer::from_sdp_string(offer).map_err(|e| refuse(&e))?;
        let now = now();
        let mut rtc = config(opening.certificate).build(now);
        for address in opening.candidates {
            let candidate = Candidate::host(*address, "udp").map_err(|e| refuse(&e))?;
            rtc.add_local_candidate(candidate);
        }
        let answer = rtc
            .sdp_api()
            .accept_offer(offer)
            .map_err(|e| refuse(&e))?
            .to_sdp_string();
        if !is_g711(&answer) {
            return Err(OpenError::Offer("no G.711 audio in it".to_owned()));
        }
        let port = bind(SocketAddr::new(opening.media, 0)).map_err(system)?;
        let rtp = port.local_addr().map_err(system)?;
        let ufrag = rtc.direct_api().local_ice_credentials().ufrag;
        let mut session = Self {
            id: opening.id,
            owner: opening.owner.clone(),
            life: Life::Connecting,
            ufrag,
            port,
            rtp,
            due: now,
            outbox: VecDeque::new(),
            rtc,
            born: now,
            mid: None,
            leg: None,
            carry: Carry::new(FIRST_SEQUENCE),
            mirror: Mirror::new(),
        };
        session.guarded(|session| session.drain(now));
        Ok((session, answer))
    }

    /// What a change is told by: when it wants to be looked at, and its life.
    pub(super) const fn stand(&self) -> (Instant, Life) {
        (self.due, self.life)
    }

    /// A datagram of the browser's, come to one of our candidates.
    pub(super) fn hear(&mut self, from: SocketAddr, to: SocketAddr, datagram: &[u8]) {
        let now = now();
        self.guarded(|session| {
            let Ok(receive) = Receive::new(Protocol::Udp, from, to, datagram) else {
                return Ok(());
            };
            let input = Input::Receive(now, receive);
            if !session.rtc.accepts(&input) {
                return Ok(());
            }
            session.rtc.handle_input(input)?;
            session.drain(now)
        });
    }

    /// Time passed.
    pub(super) fn pass_time(&mut self) {
        let now = now();
        if self.life == Life::Connecting && now.duration_since(self.born) > CONNECT_PATIENCE {
            self.life = Life::Over;
            return;
        }
        self.guarded(|session| {
            session.rtc.handle_input(Input::Timeout(now))?;
            session.drain(now)
        });
    }

    /// The leg whose audio this is from now on.
    pub(super) fn join(&mut self, leg: Option<SocketAddr>) {
        self.leg = leg;
        self.mirror.forget();
    }

    /// A datagram of the media plane's; whether it was the leg's.
    pub(super) fn take(&mut self, from: SocketAddr, datagram: &[u8]) -> bool {
        let Some(leg) = self.leg.filter(|leg| leg.ip() == from.ip()) else {
            return false;
        };
        if datagram
            .get(1)
            .is_some_and(|kind| RTCP_TYPES.contains(kind))
        {
            self.mirror.note(datagram);
            return true;
        }
        if from != leg {
            return false;
        }
        self.guarded(|session| session.play(datagram));
        true
    }

    /// The browser shall know that we leave.
    pub(super) fn say_goodbye(&mut self) {
        let now = now();
        self.guarded(|session| {
            session.rtc.close()?;
            session.drain(now)
        });
        self.life = Life::Over;
    }

    /// Nothing that a browser sends may end the thread: what goes wrong ends this session.
    fn guarded(&mut self, act: impl FnOnce(&mut Self) -> Result<(), RtcError>) {
        match catch_unwind(AssertUnwindSafe(|| act(self))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::info!(session = self.id.0, %error, "a browser's audio ends");
                self.life = Life::Over;
            }
            Err(_) => {
                tracing::error!(session = self.id.0, "a browser's audio broke");
                self.life = Life::Faulty;
            }
        }
    }

    /// Everything that str0m wants done, until it waits again.
    fn drain(&mut self, now: Instant) -> Result<(), RtcError> {
        for _ in 0..MOST_STEPS {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.due = at.min(now + CONNECT_PATIENCE);
                    if !self.rtc.is_alive() {
                        self.life = Life::Over;
                    }
                    return Ok(());
                }
                Output::Transmit(datagram) => self.outbox.push_back(datagram),
                Output::Event(event) => self.event(&event),
            }
        }
        self.life = Life::Faulty;
        Ok(())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "events of video, data channels and bandwidth: there are none here, and new ones may come"
    )]
    fn event(&mut self, event: &Event) {
        match event {
            Event::Connected => self.life = Life::Connected,
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) | Event::Closed => {
                self.life = Life::Over;
            }
            Event::MediaAdded(added) => self.mid = Some(added.mid),
            Event::RtpPacket(packet) => self.pass_on(packet),
            Event::MediaEgressStats(stats) => self.report(stats),
            _ => {}
        }
    }

    /// A packet of the browser's goes to the leg as it is.
    fn pass_on(&self, packet: &RtpPacket) {
        let Some(leg) = self.leg else {
            return;
        };
        let from = &packet.header;
        // Two static types and one dynamic were agreed.
        let kind = match *from.payload_type {
            agreed @ (0 | 8) => agreed,
            _ => BROWSER_EVENTS,
        };
        let header = Header {
            payload_type: kind,
            ssrc: *from.ssrc,
            sequence: from.sequence_number,
            timestamp: from.timestamp,
            marker: from.marker,
        };
        let mut written = [0; MAX_PACKET];
        if let Some(len) = header.write(&packet.payload, &mut written)
            && let Some(octets) = written.get(..len)
        {
            // A packet that cannot be sent is a packet lost.
            let _ = self.port.send_to(octets, leg);
        }
    }

    /// A packet of the leg's goes to the browser.
    fn play(&mut self, datagram: &[u8]) -> Result<(), RtcError> {
        let (Some(mid), Ok(reader)) = (self.mid, RtpReader::new(datagram)) else {
            return Ok(());
        };
        let kind = reader.payload_type();
        if kind != payload_type(Codec::Pcma) && kind != payload_type(Codec::Pcmu) {
            return Ok(());
        }
        let now = now();
        let age_ms = u64::try_from(now.duration_since(self.born).as_millis()).unwrap_or(0);
        let clock = u32::try_from(age_ms.wrapping_mul(SAMPLES_PER_MS) & u64::from(u32::MAX));
        let theirs = (reader.sequence_number().into(), reader.timestamp());
        self.mirror.hear(reader.ssrc());
        let placed = self
            .carry
            .place(reader.ssrc(), theirs, clock.unwrap_or_default());
        let Some(numbers) = placed else {
            return Ok(());
        };
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else {
            return Ok(());
        };
        let write = RtpWrite::new(
            Pt::new_with_value(kind),
            numbers.sequence.into(),
            numbers.timestamp,
            now,
            reader.payload(),
        );
        stream.write_rtp(write.marker(numbers.fresh || reader.mark()));
        self.drain(now)?;
        self.rtc.handle_input(Input::Timeout(now))?;
        self.drain(now)
    }

    /// Tells the leg how the browser hears it.
    fn report(&self, stats: &MediaEgressStats) {
        let (Some(leg), Some(loss)) = (self.leg, stats.loss) else {
            return;
        };
        let mut packet = [0; rtcp::MAX_REPORT];
        let len = self.mirror.report(loss, stats.rtt, &mut packet);
        if let (Some(len), Some(above)) = (len, leg.port().checked_add(1))
            && let Some(octets) = packet.get(..len)
        {
            let to = SocketAddr::new(leg.ip(), above);
            // A report that cannot be sent is followed by the next.
            let _ = self.port.send_to(octets, to);
        }
    }
}

fn config(certificate: &DtlsCert) -> RtcConfig {
    let mut config = RtcConfig::new()
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .set_dtls_cert(certificate.clone())
        .set_stats_interval(Some(STATS_EVERY))
        .clear_codecs()
        .enable_pcma(true, false)
        .enable_pcmu(true, false);
    // Not among str0m's own; a browser offers it, and its keypad needs it (RFC 4733).
    config.codec_config().add_config(
        Pt::new_with_value(BROWSER_EVENTS),
        None,
        Kind::Tele,
        Frequency::EIGHT_KHZ,
        None,
        FormatParams::default(),
    );
    config
}

/// Whether the audio section of our answer stands and has G.711 in it.
fn is_g711(answer: &str) -> bool {
    let section = answer
        .lines()
        .find_map(|line| line.strip_prefix("m=audio "));
    let mut words = section.unwrap_or_default().split_whitespace();
    words.next().is_some_and(|port| port != "0") && words.any(|kind| kind == "0" || kind == "8")
}

#[expect(
    clippy::disallowed_methods,
    reason = "str0m wants instants; no fact is dated by them"
)]
pub(super) fn now() -> Instant {
    Instant::now()
}
