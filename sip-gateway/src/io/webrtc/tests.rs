//! The browsers' plane over real sockets on loopback, with a browser made of str0m and a media
//! plane made of a socket. What a real browser does is tested end to end.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rtp_rs::{RtpPacketBuilder, RtpReader, Seq};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::{Codec as Kind, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use super::*;
use crate::media::rtcp;

const PATIENCE: Duration = Duration::from_secs(10);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn plane(max_sessions: usize) -> (WebRtcPlane, Receiver<BrowserEvent>) {
    let (to, events) = channel();
    let config = WebRtcConfig {
        addresses: vec![SocketAddr::new(HERE, 0)],
        advertised: None,
        media: HERE,
        max_sessions,
    };
    let plane = WebRtcPlane::start(config, move |event| {
        let _ = to.send(event);
    });
    (plane.unwrap(), events)
}

/// A browser's page.
struct Browser {
    rtc: Rtc,
    socket: UdpSocket,
    pending: Option<SdpPendingOffer>,
    mid: Mid,
    is_connected: bool,
    heard: VecDeque<RtpPacket>,
    sequence: u64,
}

impl Browser {
    fn open() -> (Self, String) {
        let socket = UdpSocket::bind((HERE, 0)).unwrap();
        let mut config = RtcConfig::new()
            .set_rtp_mode(true)
            .set_rtcp_report_interval_audio(Duration::from_millis(500))
            .clear_codecs()
            .enable_pcma(true, false)
            .enable_pcmu(true, false);
        config.codec_config().add_config(
            Pt::new_with_value(126),
            None,
            Kind::Tele,
            Frequency::EIGHT_KHZ,
            None,
            FormatParams::default(),
        );
        let mut rtc = config.build(session::now());
        let here = Candidate::host(socket.local_addr().unwrap(), "udp").unwrap();
        rtc.add_local_candidate(here);
        let mut change = rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply().unwrap();
        let browser = Self {
            rtc,
            socket,
            pending: Some(pending),
            mid,
            is_connected: false,
            heard: VecDeque::new(),
            sequence: 100,
        };
        (browser, offer.to_sdp_string())
    }

    fn answered(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        let pending = self.pending.take().unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
    }

    /// Runs until something is so.
    fn until<T>(&mut self, mut wanted: impl FnMut(&mut Self) -> Option<T>) -> T {
        let end = session::now() + PATIENCE;
        let mut buffer = [0; 2_000];
        loop {
            let due = self.drain();
            if let Some(found) = wanted(self) {
                return found;
            }
            assert!(session::now() < end, "the browser waits in vain");
            let wait = due.saturating_duration_since(session::now());
            let wait = wait.clamp(Duration::from_millis(1), Duration::from_millis(50));
            self.socket.set_read_timeout(Some(wait)).unwrap();
            let now = session::now();
            match self.socket.recv_from(&mut buffer) {
                Ok((len, from)) => {
                    let to = self.socket.local_addr().unwrap();
                    let receive = Receive::new(Protocol::Udp, from, to, &buffer[..len]).unwrap();
                    let now = session::now();
                    self.rtc.handle_input(Input::Receive(now, receive)).unwrap();
                }
                Err(_) => self.rtc.handle_input(Input::Timeout(now)).unwrap(),
            }
        }
    }

    fn drain(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => return at,
                Output::Transmit(t) => {
                    self.socket.send_to(&t.contents, t.destination).unwrap();
                }
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::RtpPacket(packet)) => self.heard.push_back(packet),
                Output::Event(_) => {}
            }
        }
    }

    fn says(&mut self, kind: u8, octets: &[u8]) {
        self.sequence += 1;
        let write = RtpWrite::new(
            Pt::new_with_value(kind),
            self.sequence.into(),
            u32::try_from(self.sequence).unwrap() * 160,
            session::now(),
            octets,
        );
        let mut api = self.rtc.direct_api();
        api.stream_tx_by_mid(self.mid, None)
            .unwrap()
            .write_rtp(write);
        self.drain();
        let now = session::now();
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain();
    }

    fn hears(&mut self) -> RtpPacket {
        self.until(|browser| browser.heard.pop_front())
    }
}

/// A leg of the media plane's: a pair of sockets.
struct Leg {
    rtp: UdpSocket,
    rtcp: UdpSocket,
}

impl Leg {
    fn open() -> Self {
        loop {
            let rtp = UdpSocket::bind((HERE, 0)).unwrap();
            let above = rtp.local_addr().unwrap().port() + 1;
            if let Ok(rtcp) = UdpSocket::bind((HERE, above)) {
                rtp.set_read_timeout(Some(PATIENCE)).unwrap();
                rtcp.set_read_timeout(Some(PATIENCE)).unwrap();
                return Self { rtp, rtcp };
            }
        }
    }

    fn join(plane: &WebRtcPlane, session: SessionId) -> Self {
        let leg = Self::open();
        let address = leg.rtp.local_addr().unwrap();
        plane.send(BrowserCommand::Join {
            session,
            leg: address,
        });
        leg
    }

    fn says(&self, to: SocketAddr, (ssrc, sequence, timestamp): (u32, u16, u32), octets: &[u8]) {
        let packet = RtpPacketBuilder::new()
            .payload_type(8)
            .ssrc(ssrc)
            .sequence(Seq::from(sequence))
            .timestamp(timestamp)
            .payload(octets)
            .build()
            .unwrap();
        self.rtp.send_to(&packet, to).unwrap();
    }

    /// Payload type and octets of the next packet.
    fn hears(&self) -> (u8, Vec<u8>) {
        let mut buffer = [0; 2_000];
        let (len, _) = self.rtp.recv_from(&mut buffer).unwrap();
        let read = RtpReader::new(&buffer[..len]).unwrap();
        (read.payload_type(), read.payload().to_vec())
    }
}

fn connected(
    plane: &WebRtcPlane,
    events: &Receiver<BrowserEvent>,
) -> (Browser, SessionId, SocketAddr) {
    let (mut browser, offer) = Browser::open();
    let (session, answer) = plane.open(SessionOwner::Visitor, &offer).unwrap();
    assert!(answer.contains("a=ice-lite"), "{answer}");
    browser.answered(&answer);
    browser.until(|browser| browser.is_connected.then_some(()));
    match events.recv_timeout(PATIENCE).unwrap() {
        BrowserEvent::Up {
            session: up, rtp, ..
        } if up == session => (browser, session, rtp),
        other @ (BrowserEvent::Up { .. }
        | BrowserEvent::Down { .. }
        | BrowserEvent::Left { .. }
        | BrowserEvent::Calls { .. }
        | BrowserEvent::HangsUp { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn octets_pass_untouched_both_ways_and_the_stream_goes_on_with_the_next_leg() {
    let (plane, events) = plane(4);
    let (mut browser, session, rtp) = connected(&plane, &events);
    let leg = Leg::join(&plane, session);
    // The order to join and the packet go by different ways: the first packets may be early.
    let spoken = browser.until(|browser| {
        browser.says(8, &[0x55; 160]);
        let mut buffer = [0; 2_000];
        leg.rtp
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        leg.rtp.recv_from(&mut buffer).ok().map(|(_, from)| from)
    });
    assert_eq!(spoken, rtp, "the browser's packets come from its port");
    leg.rtp.set_read_timeout(Some(PATIENCE)).unwrap();
    browser.says(126, &[5, 0x8A, 0, 160]);
    let key = loop {
        let (kind, octets) = leg.hears();
        if kind != 8 {
            break (kind, octets);
        }
        assert_eq!(octets, [0x55; 160]);
    };
    assert_eq!(key, (101, vec![5, 0x8A, 0, 160]));

    leg.says(rtp, (7, 65_535, 10), &[1; 160]);
    leg.says(rtp, (7, 0, 170), &[2; 160]);
    let (first, second) = (browser.hears(), browser.hears());
    assert_eq!(
        (&*first.payload, &*second.payload),
        (&[1; 160][..], &[2; 160][..])
    );
    assert_eq!(*second.seq_no, *first.seq_no + 1);
    assert_eq!(second.header.timestamp, first.header.timestamp + 160);

    plane.send(BrowserCommand::Part { session });
    let next = Leg::join(&plane, session);
    let third = browser.until(|browser| {
        next.says(rtp, (8, 40_000, 999), &[3; 160]);
        browser.heard.pop_front()
    });
    assert!(*third.seq_no > *second.seq_no && third.header.marker);
    leg.says(rtp, (7, 1, 330), &[4; 160]);
    next.says(rtp, (8, 40_001, 1_159), &[5; 160]);
    let fourth = browser.until(|browser| {
        let packet = browser.heard.pop_front()?;
        (*packet.payload != [3; 160]).then_some(packet)
    });
    assert_eq!(*fourth.payload, [5; 160], "nothing of the leg that parted");

    plane.close(session);
    let down = BrowserEvent::Down { session };
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), down);
    assert_eq!(plane.figures().sessions, 0);
    assert_eq!(plane.figures().connected, 1);
}

#[test]
fn the_leg_is_told_how_the_browser_hears_it() {
    let (plane, events) = plane(4);
    let (mut browser, session, rtp) = connected(&plane, &events);
    let leg = Leg::join(&plane, session);
    leg.rtcp
        .set_read_timeout(Some(Duration::from_millis(5)))
        .unwrap();
    let mut sequence = 0_u16;
    let told = browser.until(|_| {
        sequence += 1;
        leg.says(rtp, (7, sequence, u32::from(sequence) * 160), &[1; 160]);
        let mut buffer = [0; 500];
        let (len, _) = leg.rtcp.recv_from(&mut buffer).ok()?;
        rtcp::read(&buffer[..len], 7, 0)
    });
    assert_eq!(told.fraction_lost, Some(0));
}

#[test]
fn strangers_are_not_heard_and_take_nothing_with_them() {
    let (plane, events) = plane(4);
    let (mut browser, session, _) = connected(&plane, &events);
    let stranger = UdpSocket::bind((HERE, 0)).unwrap();
    let address = plane.candidates[0];
    TestRunner::default()
        .run(
            &prop::collection::vec(any::<u8>(), 0..300),
            |mut datagram| {
                stranger.send_to(&datagram, address).unwrap();
                // The same from the browser's own address, dressed as what a browser sends.
                for first in [0, 1, 22, 128, 200] {
                    if let Some(kind) = datagram.first_mut() {
                        *kind = first;
                        browser.socket.send_to(&datagram, address).unwrap();
                    }
                }
                Ok(())
            },
        )
        .unwrap();
    let leg = Leg::join(&plane, session);
    browser.until(|browser| {
        browser.says(8, &[9; 160]);
        leg.rtp
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        let mut buffer = [0; 2_000];
        leg.rtp.recv_from(&mut buffer).ok()
    });
    let figures = plane.figures();
    assert!(figures.strays > 0 && figures.faults == 0, "{figures:?}");
}

#[test]
fn offers_that_are_none_are_refused_and_nothing_is_left_of_them() {
    let (plane, _events) = plane(2);
    let (_, offer) = Browser::open();
    for bad in [
        String::new(),
        "v=0\r\n".into(),
        offer.replace("m=audio", "m=video"),
        format!("{offer}{}", &offer[offer.find("m=audio").unwrap()..]),
        offer
            .replace("PCMA", "OPUS")
            .replace("PCMU", "OPUS")
            .replace(" 0 8 ", " 111 "),
        "a".repeat(20_000),
    ] {
        let refused = plane.open(SessionOwner::Visitor, &bad);
        assert!(
            matches!(refused, Err(OpenError::Offer(_))),
            "{bad}\n{refused:?}"
        );
    }
    assert_eq!(plane.figures().sessions, 0);
    assert_eq!(plane.figures().refused, 6);
}

#[test]
fn sessions_are_bounded() {
    let (plane, _events) = plane(2);
    let open = || plane.open(SessionOwner::Visitor, &Browser::open().1);
    let (first, _) = open().unwrap();
    open().unwrap();
    assert_eq!(open().unwrap_err(), OpenError::Full);
    plane.close(first);
    while plane.figures().sessions > 1 {
        thread::yield_now();
    }
    open().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_damaged_offer_never_panics(cut in 0_usize..2_000, junk in "[ -~]{0,20}", at in 0_usize..2_000) {
        let (plane, _events) = plane(1_000);
        let (_, mut offer) = Browser::open();
        let at = at.min(offer.len());
        let end = (at + cut % 40).min(offer.len());
        offer.replace_range(at..end, &junk);
        let _ = plane.open(SessionOwner::Visitor, &offer);
        prop_assert_eq!(plane.figures().faults, 0);
    }
}
