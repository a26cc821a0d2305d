//! RTCP (RFC 3550 §6): reports written and read with rtcp-types.
//!
//! Times are 32.32 NTP; the middle 32 bits, 1/65536 s, are what reports echo (§6.4.1).

use rtcp_types::prelude::RtcpPacketWriterExt;
use rtcp_types::{
    Bye, Compound, Packet, ReceiverReport, ReportBlock, ReportBlockBuilder, RtcpPacketWriter, Sdes,
    SdesChunk, SdesItem, SenderReport,
};

use super::reception::Block;

/// Room for any report we write.
pub const MAX_REPORT: usize = 256;

/// A round trip above this is a broken echo, not a network: 30 s.
const MAX_ROUND_TRIP: u32 = 30 << 16;

/// What we send, for a sender report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// RTP timestamp of this moment.
    pub rtp_timestamp: u32,
    /// Packets sent.
    pub packets: u64,
    /// Payload octets sent.
    pub octets: u64,
}

/// The other side's newest sender report and when it came: what our next report echoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Echo {
    /// Middle 32 bits of its NTP time.
    pub last_report: u32,
    /// Our NTP time, middle 32 bits, when it arrived.
    pub arrived: u32,
}

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Our SSRC.
    pub ssrc: u32,
    /// Our canonical name (§6.5.1): no personal data.
    pub cname: &'a str,
    /// This moment, 32.32.
    pub ntp: u64,
    /// None if nothing was sent since the last report: a receiver report.
    pub sent: Option<Sent>,
    /// Reception of the other side's stream, if any came.
    pub block: Option<Block>,
    /// Their last sender report.
    pub echo: Option<Echo>,
    /// End with BYE: the leg closes.
    pub bye: bool,
}

/// What the other side told us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// A sender report came: echo this.
    pub sender_report: Option<u32>,
    /// Loss of our stream in its last interval, in 256ths.
    pub fraction_lost: Option<u8>,
    /// Round-trip time in 1/65536 s.
    pub round_trip: Option<u32>,
    /// The other side leaves.
    pub bye: bool,
}

/// The middle 32 bits of an NTP time.
#[must_use]
pub fn middle(ntp: u64) -> u32 {
    u32::try_from((ntp >> 16) & u64::from(u32::MAX)).unwrap_or(0)
}

/// Writes a compound packet: SR or RR, SDES with CNAME, BYE if asked. Its length.
pub fn write(report: &Report<'_>, packet: &mut [u8]) -> Option<usize> {
    let block = report.block.map(|block| reception_block(report, block));
    let mut compound = Compound::builder();
    compound = match report.sent {
        Some(sent) => {
            let mut sr = SenderReport::builder(report.ssrc)
                .ntp_timestamp(report.ntp)
                .rtp_timestamp(sent.rtp_timestamp)
                .packet_count(wrapped(sent.packets))
                .octet_count(wrapped(sent.octets));
            if let Some(block) = block {
                sr = sr.add_report_block(block);
            }
            compound.add_packet(sr)
        }
        None => {
            let mut rr = ReceiverReport::builder(report.ssrc);
            if let Some(block) = block {
                rr = rr.add_report_block(block);
            }
            compound.add_packet(rr)
        }
    };
    let name = SdesItem::builder(SdesItem::CNAME, report.cname);
    let chunk = SdesChunk::builder(report.ssrc).add_item(name);
    compound = compound.add_packet(Sdes::builder().add_chunk(chunk));
    if report.bye {
        compound = compound.add_packet(Bye::builder().add_source(report.ssrc));
    }
    debug_assert!(compound.calculate_size().is_ok_and(|s| s <= MAX_REPORT));
    compound.write_into(packet).ok()
}

fn reception_block(report: &Report<'_>, block: Block) -> ReportBlockBuilder {
    let mut builder = ReportBlock::builder(block.ssrc)
        .fraction_lost(block.fraction_lost)
        .cumulative_lost(block.cumulative_lost)
        .extended_sequence_number(block.highest)
        .interarrival_jitter(block.jitter);
    if let Some(echo) = report.echo {
        let delay = middle(report.ntp).wrapping_sub(echo.arrived);
        builder = builder
            .last_sender_report_timestamp(echo.last_report)
            .delay_since_last_sender_report_timestamp(delay);
    }
    builder
}

/// Reads a compound packet; none if it is not RTCP. `ssrc` is ours, `arrived` our NTP time.
#[must_use]
pub fn read(packet: &[u8], ssrc: u32, arrived: u64) -> Option<Told> {
    let mut told = Told::default();
    for part in Compound::parse(packet).ok()? {
        match part.ok()? {
            Packet::Sr(sr) => {
                told.sender_report = Some(middle(sr.ntp_timestamp()));
                sr.report_blocks()
                    .for_each(|block| told.hear(&block, ssrc, arrived));
            }
            Packet::Rr(rr) => rr
                .report_blocks()
                .for_each(|block| told.hear(&block, ssrc, arrived)),
            Packet::Bye(_) => told.bye = true,
            Packet::App(_)
            | Packet::Sdes(_)
            | Packet::TransportFeedback(_)
            | Packet::PayloadFeedback(_)
            | Packet::Xr(_)
            | Packet::Unknown(_) => {}
        }
    }
    Some(told)
}

impl Told {
    fn hear(&mut self, block: &ReportBlock<'_>, ssrc: u32, arrived: u64) {
        if block.ssrc() != ssrc {
            return;
        }
        self.fraction_lost = Some(block.fraction_lost());
        let last = block.last_sender_report_timestamp();
        if last == 0 {
            return;
        }
        let delay = block.delay_since_last_sender_report_timestamp();
        let round_trip = middle(arrived).wrapping_sub(last).wrapping_sub(delay);
        if round_trip <= MAX_ROUND_TRIP {
            self.round_trip = Some(round_trip);
        }
    }
}

/// RTCP counts are 32 bits and wrap.
fn wrapped(count: u64) -> u32 {
    u32::try_from(count & u64::from(u32::MAX)).unwrap_or(0)
}

/// Whether a datagram on a port that carries both is RTCP (RFC 5761 §4).
#[must_use]
pub fn looks_like_rtcp(datagram: &[u8]) -> bool {
    matches!(datagram, [_, 192..=223, ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn report() -> Report<'static> {
        Report {
            ssrc: 1,
            cname: "liniya",
            ntp: 100 << 32,
            sent: Some(Sent {
                rtp_timestamp: 9,
                packets: 50,
                octets: 8_000,
            }),
            block: None,
            echo: None,
            bye: false,
        }
    }

    #[test]
    fn a_round_trip_is_what_is_left_of_the_echo() {
        // Ours at 100 s; it takes 30 ms to get there, 2 s until they answer, 30 ms back.
        let mut packet = [0; MAX_REPORT];
        let len = write(&report(), &mut packet).unwrap();
        let theirs = read(&packet[..len], 7, 0).unwrap();
        assert_eq!(theirs.sender_report, Some(100 << 16));

        let second = 1_u64 << 32;
        let there = 100 * second + second * 30 / 1_000;
        let answer = Report {
            ssrc: 7,
            ntp: there + 2 * second,
            sent: None,
            block: Some(Block {
                ssrc: 1,
                fraction_lost: 64,
                ..Block::default()
            }),
            echo: theirs.sender_report.map(|last_report| Echo {
                last_report,
                arrived: middle(there),
            }),
            ..report()
        };
        let len = write(&answer, &mut packet).unwrap();
        let told = read(&packet[..len], 1, there + 2 * second + second * 30 / 1_000).unwrap();
        assert_eq!(told.fraction_lost, Some(64));
        let ms = u64::from(told.round_trip.unwrap()) * 1_000 / 65_536;
        assert!((59..=60).contains(&ms), "{ms}");
        assert_eq!(told.sender_report, None);
    }

    #[test]
    fn a_bye_ends_the_compound() {
        let mut packet = [0; MAX_REPORT];
        let len = write(
            &Report {
                bye: true,
                ..report()
            },
            &mut packet,
        )
        .unwrap();
        assert!(read(&packet[..len], 1, 0).unwrap().bye);
        assert!(looks_like_rtcp(&packet[..len]));
        assert!(!looks_like_rtcp(&[0x80, 8]));
    }

    #[test]
    fn blocks_about_others_and_echoes_from_the_future_are_no_news() {
        let mut packet = [0; MAX_REPORT];
        let block = Some(Block {
            ssrc: 1,
            ..Block::default()
        });
        let echo = Some(Echo {
            last_report: 200 << 16,
            arrived: 100 << 16,
        });
        let len = write(
            &Report {
                block,
                echo,
                ..report()
            },
            &mut packet,
        )
        .unwrap();
        assert_eq!(
            read(&packet[..len], 2, 100 << 32).unwrap().fraction_lost,
            None
        );
        let told = read(&packet[..len], 1, 100 << 32).unwrap();
        assert_eq!((told.fraction_lost, told.round_trip), (Some(0), None));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes, 1, 0);
        }

        #[test]
        fn a_bent_report_never_panics(
            at in 0_usize..MAX_REPORT, bit in 0_u8..8, cut in 0_usize..MAX_REPORT
        ) {
            let mut packet = [0; MAX_REPORT];
            let block = Some(Block { ssrc: 1, ..Block::default() });
            let len = write(&Report { block, bye: true, ..report() }, &mut packet).unwrap();
            if let Some(byte) = packet[..len].get_mut(at) {
                *byte ^= 1 << bit;
            }
            let _ = read(&packet[..len.min(cut)], 1, 0);
        }
    }
}
