//! The media plane over real sockets on loopback, with phones made here. Time passes by counting
//! the packets of an idle leg, one every 20 ms; nothing sleeps.

mod rooms;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use events::{LegId, LegReport};
use rtp_rs::{RtpPacketBuilder, RtpReader, Seq};

use super::{MediaPlane, MediaPlaneConfig, probe_ports};
use crate::boundary::{Codec, EncodedPrompt, MediaCommand, MediaEvent, MediaFormat, PlayId};
use crate::media::{g711, rtcp};

const PATIENCE: Duration = Duration::from_secs(5);
const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const CALLER: LegId = LegId(1);
const OPERATOR: LegId = LegId(2);
const METRONOME: LegId = LegId(99);

/// What a phone got.
#[derive(Debug, PartialEq, Eq)]
struct Got {
    payload_type: u8,
    sequence: u16,
    timestamp: u32,
    marker: bool,
    octets: Vec<u8>,
}

impl Got {
    fn read(packet: &[u8]) -> Self {
        let read = RtpReader::new(packet).unwrap();
        Self {
            payload_type: read.payload_type(),
            sequence: read.sequence_number().into(),
            timestamp: read.timestamp(),
            marker: read.mark(),
            octets: read.payload().to_vec(),
        }
    }
}

/// A phone: a socket that sends one stream and reads another.
struct Phone {
    socket: UdpSocket,
    rtcp: UdpSocket,
    plane: SocketAddr,
    sequence: u16,
}

impl Phone {
    fn new(plane: SocketAddr) -> Self {
        let local = free_pair();
        let bind = |port| {
            let socket = UdpSocket::bind((HERE, port)).unwrap();
            socket.set_read_timeout(Some(PATIENCE)).unwrap();
            socket
        };
        Self {
            socket: bind(local.port()),
            rtcp: bind(local.port() + 1),
            plane,
            sequence: 100,
        }
    }

    fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    fn say(&mut self, payload_type: u8, octets: &[u8]) {
        self.sequence = self.sequence.wrapping_add(1);
        let timestamp = u32::from(self.sequence) * 160;
        self.say_at(payload_type, timestamp, octets);
    }

    fn say_at(&mut self, payload_type: u8, timestamp: u32, octets: &[u8]) {
        let packet = RtpPacketBuilder::new()
            .payload_type(payload_type)
            .ssrc(u32::from(self.address().port()))
            .sequence(Seq::from(self.sequence))
            .timestamp(timestamp)
            .payload(octets)
            .build()
            .unwrap();
        self.socket.send_to(&packet, self.plane).unwrap();
    }

    fn hear(&self) -> Got {
        let mut buffer = [0; 2_000];
        let (length, from) = self.socket.recv_from(&mut buffer).unwrap();
        assert_eq!(from, self.plane, "symmetric");
        Got::read(&buffer[..length])
    }

    /// The next packet whose octets are not all silence.
    fn hear_sound(&self) -> Got {
        let hush = [g711::ALAW_SILENCE, g711::ULAW_SILENCE];
        let sound = |got: &Got| got.octets.iter().any(|o| !hush.contains(o));
        let mut next = std::iter::repeat_with(|| self.hear()).take(250);
        next.find(sound).expect("five seconds of silence")
    }

    /// Reads away what has come, and says how much that was.
    fn drain(&self) -> usize {
        self.socket.set_nonblocking(true).unwrap();
        let found = std::iter::from_fn(|| self.socket.recv(&mut [0; 2_000]).ok()).count();
        self.socket.set_nonblocking(false).unwrap();
        found
    }
}

fn free_pair() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let offset = u16::try_from(std::process::id() % 100).unwrap() * 200;
    loop {
        let port = 30_000 + offset + NEXT.fetch_add(2, Ordering::Relaxed);
        if probe_ports(IpAddr::from(HERE), port..=port + 1) == [port] {
            return SocketAddr::from((HERE, port));
        }
    }
}

struct House {
    plane: MediaPlane,
    events: Receiver<MediaEvent>,
    metronome: Option<Phone>,
}

impl House {
    fn new() -> Self {
        let (sender, events) = channel();
        let config = MediaPlaneConfig {
            threads: 2,
            seed: 7,
            cname: "liniya@test".into(),
        };
        let plane = MediaPlane::start(&config, move |event| drop(sender.send(event))).unwrap();
        let mut house = Self {
            plane,
            events,
            metronome: None,
        };
        house.metronome = Some(house.open(METRONOME, None, Codec::Pcma));
        house
    }

    fn open(&self, leg: LegId, beside: Option<LegId>, codec: Codec) -> Phone {
        let local = free_pair();
        self.plane.send(MediaCommand::Open { leg, beside, local });
        let phone = Phone::new(local);
        self.negotiate(leg, &format(codec, phone.address()));
        phone
    }

    fn negotiate(&self, leg: LegId, format: &MediaFormat) {
        let format = *format;
        self.plane.send(MediaCommand::Negotiated { leg, format });
    }

    fn bridged(&self, caller: Codec, operator: Codec) -> (Phone, Phone) {
        let phones = (
            self.open(CALLER, None, caller),
            self.open(OPERATOR, Some(CALLER), operator),
        );
        self.plane.send(MediaCommand::Bridge {
            caller: CALLER,
            operator: OPERATOR,
        });
        self.obeyed(OPERATOR);
        phones
    }

    /// Waits until everything said so far about a leg is done: an empty play ends at its next tick.
    fn obeyed(&self, leg: LegId) {
        let play = PlayId(1_000);
        self.play(leg, play.0, vec![]);
        assert_eq!(self.event(), MediaEvent::PromptEnded { leg, play });
    }

    fn play(&self, leg: LegId, play: u64, prompts: Vec<Arc<EncodedPrompt>>) {
        self.plane.send(MediaCommand::Play {
            leg,
            play: PlayId(play),
            prompts,
            repeat: false,
        });
    }

    fn event(&self) -> MediaEvent {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    /// Lets 20 ms pass, as often as told.
    fn ticks(&self, count: usize) {
        let metronome = self.metronome.as_ref().unwrap();
        metronome.drain();
        for _ in 0..count {
            metronome.hear();
        }
    }
}

fn format(codec: Codec, remote: SocketAddr) -> MediaFormat {
    MediaFormat {
        codec,
        dtmf_send: Some(101),
        dtmf_receive: Some(101),
        remote,
        remote_rtcp: None,
        send: true,
        receive: true,
    }
}

fn prompt(frames: &[i16], rest: usize) -> Arc<EncodedPrompt> {
    let whole = frames.iter().flat_map(|level| [*level; 160]);
    let samples: Vec<i16> = whole.chain(std::iter::repeat_n(9_000, rest)).collect();
    Arc::new(g711::encode_prompt(&samples))
}

#[test]
fn a_prompt_arrives_whole_in_20_ms_steps_and_its_end_is_told() {
    for codec in [Codec::Pcma, Codec::Pcmu] {
        let house = House::new();
        let phone = house.open(CALLER, None, codec);
        assert!(
            phone
                .hear()
                .octets
                .iter()
                .all(|o| *o == g711::silence(codec))
        );
        house.play(
            CALLER,
            5,
            vec![prompt(&[1_000, 2_000], 0), prompt(&[3_000], 40)],
        );
        let mut got = vec![phone.hear_sound()];
        got.extend((0..4).map(|_| phone.hear()));
        // A machine too busy to run us for 100 ms makes the plane give up time, in whole ticks.
        let stalled = house.plane.figures().skipped_slots > 0;
        for pair in got.windows(2) {
            assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
            let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
            assert!(step == 160 || stalled && step % 160 == 0, "{step}");
        }
        for (frame, level) in got.iter().zip([1_000, 2_000, 3_000]) {
            assert_eq!(frame.octets, [g711::encode(codec, level); 160]);
            assert!(!frame.marker);
        }
        let mut last = [g711::silence(codec); 160];
        last[..40].fill(g711::encode(codec, 9_000));
        assert_eq!(got[3].octets, last);
        assert_eq!(got[4].octets, [g711::silence(codec); 160]);
        let ended = MediaEvent::PromptEnded {
            leg: CALLER,
            play: PlayId(5),
        };
        assert_eq!(house.event(), ended);
    }
}

#[test]
fn a_bridge_carries_octets_untouched_both_ways() {
    let house = House::new();
    let (mut caller, mut operator) = house.bridged(Codec::Pcma, Codec::Pcma);
    let (up, down): (Vec<u8>, Vec<u8>) = ((0..160).collect(), (60..220).collect());
    let mut sequences = Vec::new();
    for _ in 0..10 {
        caller.say(8, &up);
        let got = operator.hear_sound();
        assert_eq!((got.payload_type, got.octets), (8, up.clone()));
        sequences.push(got.sequence);
        operator.say(8, &down);
        assert_eq!(caller.hear_sound().octets, down);
    }
    assert!(sequences.windows(2).all(|p| p[1].wrapping_sub(p[0]) < 8));
}

#[test]
fn a_bridge_between_the_laws_translates() {
    let house = House::new();
    let (mut caller, mut operator) = house.bridged(Codec::Pcma, Codec::Pcmu);
    let level = g711::encode(Codec::Pcma, 5_000);
    caller.say(8, &[level; 160]);
    let got = operator.hear_sound();
    let expected = g711::encode(Codec::Pcmu, g711::decode(Codec::Pcma, level));
    assert_eq!((got.payload_type, got.octets), (0, vec![expected; 160]));
    operator.say(0, &[expected; 160]);
    let got = caller.hear_sound();
    assert_eq!((got.payload_type, got.octets), (8, vec![level; 160]));
}

#[test]
fn a_key_is_told_once_and_relayed_with_the_other_sides_payload_type() {
    let house = House::new();
    let (mut caller, operator) = house.bridged(Codec::Pcma, Codec::Pcma);
    let theirs = MediaFormat {
        dtmf_send: Some(97),
        ..format(Codec::Pcma, operator.address())
    };
    house.negotiate(OPERATOR, &theirs);
    house.obeyed(OPERATOR);
    caller.say(8, &[1; 160]);
    operator.hear_sound();
    for (end, duration) in [
        (0, 160_u16),
        (0, 320),
        (0x80, 480),
        (0x80, 480),
        (0x80, 480),
    ] {
        let [high, low] = duration.to_be_bytes();
        caller.sequence += 1;
        caller.say_at(101, 50_000, &[11, 10 | end, high, low]);
        let got = operator.hear_sound();
        assert_eq!((got.payload_type, got.octets.len()), (97, 4));
    }
    let pressed = MediaEvent::Digit {
        leg: CALLER,
        digit: '#',
    };
    assert_eq!(house.event(), pressed);
    house.plane.send(MediaCommand::Close { leg: CALLER });
    assert!(
        matches!(house.event(), MediaEvent::Closed { .. }),
        "no second digit"
    );
}

#[test]
fn audio_goes_to_where_packets_come_from_and_no_stranger_takes_it() {
    let house = House::new();
    let local = free_pair();
    let (leg, beside) = (CALLER, None);
    house.plane.send(MediaCommand::Open { leg, beside, local });
    let mut phone = Phone::new(local);
    // The SDP names a port behind a NAT where nobody listens.
    let announced = free_pair();
    house.negotiate(leg, &format(Codec::Pcma, announced));
    house.ticks(3);
    assert_eq!(phone.drain(), 0);
    phone.say(8, &[1; 160]);
    phone.hear();
    let mut stranger = Phone::new(local);
    for _ in 0..5 {
        stranger.say(8, &[2; 160]);
        phone.say(8, &[1; 160]);
        phone.hear();
    }
    assert_eq!(stranger.drain(), 0);
    // Unknown payload types count for nothing even when nobody else is heard.
    for _ in 0..60 {
        stranger.say(77, &[2; 160]);
        phone.hear();
    }
    assert_eq!(stranger.drain(), 0);
    // After a second of silence another stream may take over.
    for _ in 0..4 {
        stranger.say(8, &[2; 160]);
    }
    stranger.hear();
}

#[test]
fn a_recording_has_the_caller_left_and_the_operator_right() {
    let house = House::new();
    let (mut caller, mut operator) = house.bridged(Codec::Pcma, Codec::Pcmu);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.wav");
    let record = |path: PathBuf| {
        let caller = CALLER;
        house.plane.send(MediaCommand::Record { caller, path });
    };
    record(path.clone());
    let (up, down) = (
        g711::encode(Codec::Pcma, 4_000),
        g711::encode(Codec::Pcmu, -6_000),
    );
    for _ in 0..25 {
        house.ticks(1);
        caller.say(8, &[up; 160]);
        operator.say(0, &[down; 160]);
    }
    house.ticks(5);
    house.plane.send(MediaCommand::Unbridge { leg: OPERATOR });
    house
        .plane
        .send(MediaCommand::StopRecording { caller: CALLER });
    record(folder.path().join("nobody.wav"));
    let refused = house.event();
    assert!(matches!(
        refused,
        MediaEvent::RecordingFailed { caller: CALLER, .. }
    ));
    drop(house);

    let wav = hound::WavReader::open(&path).unwrap();
    let samples: Vec<i16> = wav.into_samples().map(Result::unwrap).collect();
    let frames = samples.len() / 320;
    assert!((25..60).contains(&frames), "{frames} frames");
    let (up, down) = (
        g711::decode(Codec::Pcma, up),
        g711::decode(Codec::Pcmu, down),
    );
    for (channel, level) in [(0, up), (1, down)] {
        let heard = samples
            .iter()
            .skip(channel)
            .step_by(2)
            .filter(|s| **s == level)
            .count();
        // All 25 frames, or a few less if this machine was busy.
        assert!(heard >= 20 * 160, "channel {channel}: {heard} samples");
        let other = if channel == 0 { down } else { up };
        assert!(!samples.iter().skip(channel).step_by(2).any(|s| *s == other));
    }
}

#[test]
fn a_leg_on_hold_hears_nothing_until_it_is_taken_back() {
    let house = House::new();
    let phone = house.open(CALLER, None, Codec::Pcma);
    phone.hear();
    let mut held = format(Codec::Pcma, phone.address());
    held.send = false;
    house.negotiate(CALLER, &held);
    house.ticks(5);
    phone.drain();
    house.ticks(10);
    assert_eq!(phone.drain(), 0);
    held.send = true;
    house.negotiate(CALLER, &held);
    phone.hear();
}

#[test]
fn a_tap_gets_the_callers_words_in_order() {
    let house = House::new();
    let mut phone = house.open(CALLER, None, Codec::Pcma);
    let (feed, mut words) = rtrb::RingBuffer::new(80_000);
    let (sent, mut said) = rtrb::RingBuffer::new(80_000);
    house.plane.send(MediaCommand::Tap {
        leg: CALLER,
        feed,
        sent: Some(sent),
    });
    let levels: Vec<u8> = (0..20)
        .map(|i| g711::encode(Codec::Pcma, 1_000 + i * 1_000))
        .collect();
    for level in &levels {
        phone.hear();
        phone.say(8, &[*level; 160]);
    }
    for _ in 0..10 {
        phone.hear();
    }
    house.plane.send(MediaCommand::Untap { leg: CALLER });
    while !words.is_abandoned() {
        phone.hear();
    }
    let mut heard = vec![0; words.slots()];
    words.pop_entire_slice(&mut heard).unwrap();
    assert_eq!(heard.len() % 160, 0);
    assert_eq!(said.slots(), heard.len(), "beside each other");
    assert!(said.read_chunk(160).is_ok());
    let mut order: Vec<i16> = heard.chunks(160).map(|frame| frame[0]).collect();
    order.dedup();
    let expected: Vec<i16> = levels
        .iter()
        .map(|l| g711::decode(Codec::Pcma, *l))
        .collect();
    let found = order
        .iter()
        .filter(|level| expected.contains(level))
        .count();
    assert!(found >= 18, "{order:?}");
}

#[test]
fn a_tap_in_a_room_gets_what_the_other_says_beside_the_callers_words() {
    let house = House::new();
    let (mut caller, mut operator) = house.bridged(Codec::Pcma, Codec::Pcma);
    let (feed, mut words) = rtrb::RingBuffer::new(80_000);
    let (sent, mut beside) = rtrb::RingBuffer::new(80_000);
    house.plane.send(MediaCommand::Tap {
        leg: CALLER,
        feed,
        sent: Some(sent),
    });
    let [of_caller, of_operator] = [3_000, -9_000].map(|level| g711::encode(Codec::Pcma, level));
    for _ in 0..25 {
        caller.say(8, &[of_caller; 160]);
        operator.say(8, &[of_operator; 160]);
        house.ticks(1);
    }
    house.plane.send(MediaCommand::Untap { leg: CALLER });
    house.obeyed(CALLER);
    let most = |ring: &mut rtrb::Consumer<i16>, octet: u8| {
        let level = g711::decode(Codec::Pcma, octet);
        let samples: Vec<i16> = std::iter::from_fn(|| ring.pop().ok()).collect();
        let of_it = samples.iter().filter(|sample| **sample == level).count();
        assert!(of_it * 2 > samples.len(), "{of_it} of {}", samples.len());
        samples.len()
    };
    assert_eq!(
        most(&mut words, of_caller),
        most(&mut beside, of_operator),
        "frame by frame"
    );
}

#[test]
fn closing_says_goodbye_and_reports() {
    let house = House::new();
    let mut phone = house.open(CALLER, None, Codec::Pcma);
    for lost in [false, false, true, false] {
        phone.hear();
        if lost {
            phone.sequence += 1;
        } else {
            phone.say(8, &[1; 160]);
        }
    }
    house.ticks(3);
    house.plane.send(MediaCommand::Close { leg: CALLER });
    let MediaEvent::Closed { leg, report } = house.event() else {
        panic!("not closed");
    };
    let LegReport {
        received_packets,
        lost_packets,
        sent_packets,
        ..
    } = report;
    assert_eq!((leg, received_packets, lost_packets), (CALLER, 3, 1));
    assert!(sent_packets >= 4);
    let mut buffer = [0; 500];
    let length = phone.rtcp.recv(&mut buffer).unwrap();
    assert!(rtcp::read(&buffer[..length], 0, 0).unwrap().bye);
}

#[test]
fn a_taken_port_is_told_and_closing_that_leg_still_answers() {
    let house = House::new();
    let local = free_pair();
    let _taken = UdpSocket::bind((HERE, local.port() + 1)).unwrap();
    let (leg, beside) = (CALLER, None);
    house.plane.send(MediaCommand::Open { leg, beside, local });
    assert!(matches!(
        house.event(),
        MediaEvent::OpenFailed { leg: CALLER, .. }
    ));
    house.plane.send(MediaCommand::Close { leg });
    let report = LegReport::default();
    assert_eq!(house.event(), MediaEvent::Closed { leg, report });
}

#[test]
fn what_passes_is_counted() {
    let house = House::new();
    let mut phone = house.open(CALLER, None, Codec::Pcma);
    house.obeyed(CALLER);
    phone.say(8, &[1; 160]);
    phone.say(77, &[1; 160]);
    for _ in 0..5 {
        phone.hear();
    }
    house.ticks(1);
    let figures = house.plane.figures();
    assert_eq!((figures.legs, figures.packets_received), (2, 1));
    assert_eq!(figures.packets_refused, 1);
    assert!(figures.packets_sent >= 6);
}
