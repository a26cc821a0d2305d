//! One leg's media: what came in, what goes out, and what the leg's figures are. No socket: the
//! plane gives it datagrams and ticks, and sends what it writes.

use std::net::SocketAddr;
use std::sync::Arc;

use events::LegReport;

use super::dtmf::KeyReceiver;
use super::jitter::JitterBuffer;
use super::latch::Latch;
use super::outgoing::Outgoing;
use super::player::{Player, Progress};
use super::reception::Reception;
use super::rtcp::{self, Echo, Report, Sent};
use super::rtp::{Incoming, Payload};
use super::{FRAME_SAMPLES, Frame, g711};
use crate::boundary::{Codec, EncodedPrompt, MediaFormat, PlayId};

/// A leg that hears one other and has had nothing to relay for this many ticks sends silence of its own.
const RELAY_PAUSE_TICKS: u64 = 5;

/// When something arrived.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrival {
    /// Microseconds of a clock that only goes forward.
    pub us: u64,
    /// The plane's 20 ms tick.
    pub tick: u64,
}

/// The random numbers a leg's stream begins with (RFC 3550 §5.1).
#[derive(Clone, Copy, Debug)]
pub struct StreamStart {
    /// SSRC.
    pub ssrc: u32,
    /// First sequence number.
    pub sequence: u16,
    /// First timestamp, as the distance to the plane's clock.
    pub clock_shift: u32,
}

/// What a leg hears when nothing is played to it.
#[derive(Clone, Copy, Debug)]
pub enum Hears<'f> {
    /// Nobody: silence.
    Nobody,
    /// One other, by [`Session::relay`]; silence once that one pauses.
    Relay,
    /// Several, whose sum this is.
    Sum(&'f Frame),
}

/// A packet that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'p> {
    /// The packet, to be relayed if the leg is bridged and `relay` says so.
    pub packet: Incoming<'p>,
    /// A key that begins with it.
    pub digit: Option<char>,
    /// Whether the other leg of a bridge shall get it.
    pub relay: bool,
}

/// What a tick brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Length of the packet to send.
    pub send: Option<usize>,
    /// A play that ended with it.
    pub ended: Option<PlayId>,
}

/// See the module.
#[derive(Debug)]
pub struct Session {
    format: Option<MediaFormat>,
    latch: Latch,
    reception: Reception,
    outgoing: Outgoing,
    keys: KeyReceiver,
    player: Option<Player>,
    /// The newest frame of our own, as it was sent.
    said: Option<([u8; FRAME_SAMPLES], Codec)>,
    /// Only while somebody listens: tap or recording.
    jitter: Option<JitterBuffer>,
    relayed_tick: u64,
    echo: Option<Echo>,
    reported_packets: u64,
    report: LegReport,
}

impl Session {
    /// A leg before its negotiation.
    #[must_use]
    pub fn new(start: StreamStart) -> Self {
        Self {
            format: None,
            latch: Latch::default(),
            reception: Reception::default(),
            outgoing: Outgoing::new(start.ssrc, start.sequence, start.clock_shift),
            keys: KeyReceiver::default(),
            player: None,
            said: None,
            jitter: None,
            relayed_tick: 0,
            echo: None,
            reported_packets: 0,
            report: LegReport::default(),
        }
    }

    /// What was negotiated, from now on.
    pub fn negotiate(&mut self, format: MediaFormat) {
        self.latch.announce(format.remote);
        self.format = Some(format);
    }

    /// Where RTP goes, if it may go anywhere.
    #[must_use]
    pub fn destination(&self) -> Option<SocketAddr> {
        self.latch.destination()
    }

    /// Where RTCP goes: as negotiated, else one port above RTP; to the latched host in any case.
    #[must_use]
    pub fn rtcp_destination(&self) -> Option<SocketAddr> {
        let format = self.format?;
        let rtp = self.latch.destination()?;
        if rtp == format.remote
            && let Some(named) = format.remote_rtcp
        {
            return Some(named);
        }
        Some(SocketAddr::new(rtp.ip(), rtp.port().checked_add(1)?))
    }

    /// Takes a datagram of the RTP port; none if it is not this leg's audio or events.
    pub fn receive<'p>(
        &mut self,
        datagram: &'p [u8],
        from: SocketAddr,
        arrival: Arrival,
    ) -> Option<Heard<'p>> {
        let format = self.format?;
        let packet = Incoming::read(datagram, format.dtmf_receive)?;
        if !self.latch.admit(from, packet.ssrc, arrival.tick) {
            return None;
        }
        let audio = matches!(packet.payload, Payload::Audio(_));
        if !self.reception.receive(&packet, arrival.us, audio) {
            return None;
        }
        let mut heard = Heard {
            packet,
            digit: None,
            relay: format.receive,
        };
        match packet.payload {
            Payload::Audio(codec) => {
                if let Some(jitter) = self.jitter.as_mut().filter(|_| format.receive) {
                    jitter.push(packet.ssrc, packet.timestamp, codec, packet.octets);
                }
            }
            Payload::TelephoneEvent => heard.digit = self.keys.receive(&packet),
            Payload::ComfortNoise => {}
        }
        Some(heard)
    }

    /// Writes a packet that the other leg of the bridge heard; its length, or none if this leg is
    /// on hold, plays something, or cannot carry it.
    pub fn relay(
        &mut self,
        incoming: &Incoming<'_>,
        clock: u32,
        tick: u64,
        packet: &mut [u8],
    ) -> Option<usize> {
        let format = self.format.filter(|f| f.send)?;
        if self.player.is_some() {
            return None;
        }
        let to = (format.codec, format.dtmf_send);
        let len = self.outgoing.relay(incoming, to, clock, packet)?;
        self.relayed_tick = tick;
        Some(len)
    }

    /// Plays prompts instead of whatever was playing. On a bridged leg the prompts are heard
    /// instead of the other side until they end.
    pub fn play(&mut self, play: PlayId, prompts: Vec<Arc<EncodedPrompt>>, repeat: bool) {
        self.player = Some(Player::new(play, prompts, repeat));
    }

    /// Begins a play whose parts come while it is heard.
    pub fn play_live(&mut self, play: PlayId, prompts: Vec<Arc<EncodedPrompt>>) {
        self.player = Some(Player::live(play, prompts));
    }

    /// The next part of a live play, unless another play has begun.
    pub fn play_more(&mut self, play: PlayId, prompts: Vec<Arc<EncodedPrompt>>, last: bool) {
        if let Some(player) = &mut self.player {
            player.more(play, prompts, last);
        }
    }

    /// Falls silent.
    pub fn stop_playing(&mut self) {
        self.player = None;
    }

    /// Falls silent in the middle of a play.
    pub const fn pause_playing(&mut self) {
        if let Some(player) = &mut self.player {
            player.pause();
        }
    }

    /// Goes on with a play that was paused.
    pub fn resume_playing(&mut self) {
        if let Some(player) = &mut self.player {
            player.resume();
        }
    }

    /// Writes a key that somebody pressed whom this leg hears among others: its packets go between
    /// those of the sum. None for audio, and where [`Self::relay`] would write none.
    pub fn pass_key(
        &mut self,
        incoming: &Incoming<'_>,
        clock: u32,
        packet: &mut [u8],
    ) -> Option<usize> {
        let format = self.format.filter(|f| f.send)?;
        if self.player.is_some() || incoming.payload != Payload::TelephoneEvent {
            return None;
        }
        self.outgoing
            .key(incoming, format.dtmf_send?, clock, packet)
    }

    /// A 20 ms tick: the next frame of the play, or what the leg hears. A play goes on while the leg
    /// is on hold, unheard, so that it always ends.
    pub fn tick(&mut self, clock: u32, tick: u64, hears: Hears<'_>, packet: &mut [u8]) -> Ticked {
        let Some(format) = self.format else {
            return Ticked::default();
        };
        let mut frame = [g711::silence(format.codec); FRAME_SAMPLES];
        let mut ended = None;
        if let Some(player) = &mut self.player {
            if let Progress::Ended(play) = player.next(format.codec, &mut frame) {
                ended = Some(play);
                self.player = None;
            }
        } else {
            match hears {
                Hears::Relay if tick.saturating_sub(self.relayed_tick) < RELAY_PAUSE_TICKS => {
                    self.said = None;
                    return Ticked::default();
                }
                Hears::Relay | Hears::Nobody => {}
                Hears::Sum(sum) => {
                    for (octet, sample) in frame.iter_mut().zip(sum) {
                        *octet = g711::encode(format.codec, *sample);
                    }
                }
            }
        }
        self.said = Some((frame, format.codec));
        let send = format
            .send
            .then(|| self.outgoing.own(clock, format.codec, &frame, packet))
            .flatten();
        Ticked { send, ended }
    }

    /// Begins or ends decoding for a tap or a recording.
    pub fn listen(&mut self, wanted: bool) {
        if wanted != self.jitter.is_some() {
            self.jitter = wanted.then(JitterBuffer::default);
        }
    }

    /// The next 20 ms heard, silence where nothing came; call once a tick while listening.
    pub fn pull(&mut self, frame: &mut Frame) {
        match &mut self.jitter {
            Some(jitter) => {
                jitter.pull(frame);
            }
            None => frame.fill(0),
        }
    }

    /// The newest frame of our own, decoded: what the other side's echo is made of. None while
    /// somebody's packets are passed on instead.
    #[must_use]
    pub fn said(&self) -> Option<Frame> {
        let (octets, codec) = self.said.as_ref()?;
        Some(octets.map(|octet| g711::decode(*codec, octet)))
    }

    /// Takes a datagram of the RTCP port. `ntp` is our time when it arrived.
    pub fn receive_rtcp(&mut self, datagram: &[u8], from: SocketAddr, ntp: u64) {
        let expected = self
            .latch
            .destination()
            .is_some_and(|d| d.ip() == from.ip());
        if !expected {
            return;
        }
        let Some(told) = rtcp::read(datagram, self.outgoing.ssrc(), ntp) else {
            return;
        };
        if let Some(last_report) = told.sender_report {
            self.echo = Some(Echo {
                last_report,
                arrived: rtcp::middle(ntp),
            });
        }
        if let Some(fraction) = told.fraction_lost {
            self.report.remote_lost_permille = Some(u16::from(fraction) * 125 / 32);
        }
        if let Some(round_trip) = told.round_trip {
            self.report.round_trip_us = Some(u64::from(round_trip) * 1_000_000 / 65_536);
        }
    }

    /// Writes the periodic report, or the last with BYE; none before the negotiation.
    pub fn write_rtcp(
        &mut self,
        (ntp, clock): (u64, u32),
        cname: &str,
        bye: bool,
        packet: &mut [u8],
    ) -> Option<usize> {
        self.format?;
        let packets = self.outgoing.packets();
        let sent = (packets > self.reported_packets).then(|| Sent {
            rtp_timestamp: self.outgoing.now(clock),
            packets,
            octets: self.outgoing.octets(),
        });
        self.reported_packets = packets;
        let report = Report {
            ssrc: self.outgoing.ssrc(),
            cname,
            ntp,
            sent,
            block: self.reception.block(),
            echo: self.echo,
            bye,
        };
        rtcp::write(&report, packet)
    }

    /// The leg's figures so far.
    #[must_use]
    pub fn report(&self) -> LegReport {
        LegReport {
            received_packets: self.reception.received(),
            lost_packets: self.reception.lost(),
            sent_packets: self.outgoing.packets(),
            jitter_us: self.reception.jitter_us(),
            remote_lost_permille: self.report.remote_lost_permille,
            round_trip_us: self.report.round_trip_us,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::rtp::{Header, MAX_PACKET};

    const PHONE: ([u8; 4], u16) = ([192, 0, 2, 7], 4000);

    fn format(codec: Codec) -> MediaFormat {
        MediaFormat {
            codec,
            dtmf_send: Some(101),
            dtmf_receive: Some(96),
            remote: PHONE.into(),
            remote_rtcp: None,
            send: true,
            receive: true,
        }
    }

    fn session(codec: Codec) -> Session {
        let mut session = Session::new(StreamStart {
            ssrc: 1,
            sequence: 0,
            clock_shift: 0,
        });
        session.negotiate(format(codec));
        session
    }

    fn packet(payload_type: u8, sequence: u16, octets: &[u8]) -> Vec<u8> {
        let mut packet = [0; MAX_PACKET];
        let header = Header {
            payload_type,
            ssrc: 77,
            sequence,
            timestamp: u32::from(sequence) * 160,
            marker: false,
        };
        let len = header.write(octets, &mut packet).unwrap();
        packet[..len].to_vec()
    }

    #[test]
    fn before_the_negotiation_nothing_moves() {
        let mut session = Session::new(StreamStart {
            ssrc: 1,
            sequence: 0,
            clock_shift: 0,
        });
        let datagram = packet(8, 1, &[0xD5; 160]);
        assert!(
            session
                .receive(&datagram, PHONE.into(), Arrival::default())
                .is_none()
        );
        let mut out = [0; MAX_PACKET];
        assert_eq!(
            session.tick(0, 0, Hears::Nobody, &mut out),
            Ticked::default()
        );
        assert!(session.write_rtcp((0, 0), "x", false, &mut out).is_none());
    }

    #[test]
    fn an_unknown_payload_type_never_latches() {
        let mut session = session(Codec::Pcma);
        let stranger = SocketAddr::from(([198, 51, 100, 1], 9));
        let datagram = packet(97, 1, &[0; 160]);
        assert!(
            session
                .receive(&datagram, stranger, Arrival::default())
                .is_none()
        );
        assert_eq!(session.destination(), Some(PHONE.into()));
    }

    #[test]
    fn a_leg_on_hold_sends_nothing_but_its_prompt_ends() {
        let mut session = session(Codec::Pcma);
        session.negotiate(MediaFormat {
            send: false,
            ..format(Codec::Pcma)
        });
        session.play(
            PlayId(4),
            vec![Arc::new(g711::encode_prompt(&[0; 200]))],
            false,
        );
        let mut out = [0; MAX_PACKET];
        assert_eq!(
            session.tick(0, 0, Hears::Nobody, &mut out),
            Ticked::default()
        );
        let last = session.tick(160, 1, Hears::Nobody, &mut out);
        assert_eq!((last.send, last.ended), (None, Some(PlayId(4))));
        let heard = packet(8, 1, &[0xD5; 160]);
        let incoming = Incoming::read(&heard, None).unwrap();
        assert_eq!(session.relay(&incoming, 0, 0, &mut out), None);
    }

    #[test]
    fn a_bridged_leg_is_fed_by_the_relay_and_by_silence_when_that_pauses() {
        let mut session = session(Codec::Pcmu);
        let mut out = [0; MAX_PACKET];
        let heard = packet(8, 1, &[0xD5; 160]);
        let incoming = Incoming::read(&heard, None).unwrap();
        let len = session.relay(&incoming, 0, 100, &mut out).unwrap();
        assert_eq!(out[12..len], [0xFE; 160], "A-law has no zero");
        for tick in 100..105 {
            assert_eq!(session.tick(0, tick, Hears::Relay, &mut out).send, None);
        }
        assert_eq!(
            session.tick(800, 105, Hears::Relay, &mut out).send,
            Some(172)
        );
        assert_eq!(out[12..172], [0xFF; 160]);
    }

    #[test]
    fn a_key_is_told_once_and_still_relayed() {
        let mut session = session(Codec::Pcma);
        let digits: Vec<_> = (1..=3)
            .map(|i| {
                let datagram = packet(96, 1, &[11, 10, 0, i * 80]);
                let heard = session.receive(&datagram, PHONE.into(), Arrival::default());
                heard.map(|h| (h.digit, h.relay)).unwrap()
            })
            .collect();
        assert_eq!(digits, [(Some('#'), true), (None, true), (None, true)]);
    }

    #[test]
    fn what_is_heard_is_decoded_only_while_somebody_listens() {
        let mut session = session(Codec::Pcma);
        let mut frame = [1; FRAME_SAMPLES];
        session.pull(&mut frame);
        assert_eq!(frame, [0; FRAME_SAMPLES]);
        session.listen(true);
        for sequence in 0..3 {
            let datagram = packet(0, sequence, &[0x80; 160]);
            session.receive(&datagram, PHONE.into(), Arrival::default());
            session.pull(&mut frame);
        }
        assert_eq!(
            frame, [32_124; FRAME_SAMPLES],
            "µ-law although A-law was agreed"
        );
    }

    #[test]
    fn rtcp_follows_the_latch_and_carries_the_figures() {
        let mut ours = session(Codec::Pcma);
        assert_eq!(ours.rtcp_destination(), Some(([192, 0, 2, 7], 4001).into()));
        let mut out = [0; MAX_PACKET];
        ours.tick(0, 0, Hears::Nobody, &mut out);
        let len = ours
            .write_rtcp((100 << 32, 0), "liniya", false, &mut out)
            .unwrap();
        // The phone answers 10 ms later with a report block about us.
        let told = rtcp::read(&out[..len], 0, 0).unwrap();
        let answer = Report {
            ssrc: 77,
            cname: "phone",
            ntp: 1 << 32,
            sent: None,
            block: Some(crate::media::reception::Block {
                ssrc: 1,
                fraction_lost: 128,
                ..Default::default()
            }),
            echo: told.sender_report.map(|last_report| Echo {
                last_report,
                arrived: 1 << 16,
            }),
            bye: false,
        };
        let len = rtcp::write(&answer, &mut out).unwrap();
        let later = (100 << 32) + (1 << 32) / 100;
        ours.receive_rtcp(&out[..len], ([198, 51, 100, 1], 4001).into(), later);
        assert_eq!(ours.report().round_trip_us, None, "from a stranger");
        ours.receive_rtcp(&out[..len], ([192, 0, 2, 7], 4001).into(), later);
        let report = ours.report();
        assert_eq!(report.remote_lost_permille, Some(500));
        assert!(
            report
                .round_trip_us
                .is_some_and(|us| (9_900..=10_000).contains(&us))
        );
        assert_eq!(report.sent_packets, 1);
    }
}
