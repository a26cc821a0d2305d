//! How the browser hears a leg, told to the leg: its receiver reports come from the browser's own,
//! which str0m has read.

use std::time::Duration;

use super::super::clock::MediaClock;
use crate::media::reception::Block;
use crate::media::rtcp::{self, Echo, Report};

/// What is needed for that: the leg's own stream and its newest sender report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mirror {
    clock: MediaClock,
    ssrc: Option<u32>,
    sender_report: Option<Echo>,
}

impl Mirror {
    pub(super) fn new() -> Self {
        Self {
            clock: MediaClock::start(),
            ssrc: None,
            sender_report: None,
        }
    }

    /// Another leg.
    pub(super) const fn forget(&mut self) {
        (self.ssrc, self.sender_report) = (None, None);
    }

    /// A packet of the leg's stream.
    pub(super) const fn hear(&mut self, ssrc: u32) {
        self.ssrc = Some(ssrc);
    }

    /// A sender report of the leg's: what is echoed to it later.
    pub(super) fn note(&mut self, datagram: &[u8]) {
        let arrived = self.clock.ntp(self.clock.read().us);
        let told = rtcp::read(datagram, 0, arrived);
        if let Some(last_report) = told.and_then(|told| told.sender_report) {
            self.sender_report = Some(Echo {
                last_report,
                arrived: rtcp::middle(arrived),
            });
        }
    }

    /// Writes a receiver report: the part that the browser loses, and the way there and back, by
    /// which the echo seems younger. The report's length; none before the leg was heard.
    pub(super) fn report(
        &self,
        loss: f32,
        round_trip: Option<Duration>,
        packet: &mut [u8],
    ) -> Option<usize> {
        let ssrc = self.ssrc?;
        let echo = round_trip.zip(self.sender_report);
        let echo = echo.map(|(round_trip, echo)| Echo {
            arrived: echo.arrived.wrapping_add(in_65536ths(round_trip)),
            ..echo
        });
        let report = Report {
            ssrc: ssrc.wrapping_add(1),
            cname: "browser",
            ntp: self.clock.ntp(self.clock.read().us),
            sent: None,
            block: Some(Block {
                ssrc,
                fraction_lost: in_256ths(loss),
                ..Block::default()
            }),
            echo,
            bye: false,
        };
        rtcp::write(&report, packet)
    }
}

fn in_65536ths(time: Duration) -> u32 {
    let us = time.as_micros().min(30_000_000);
    u32::try_from(us * 65_536 / 1_000_000).unwrap_or(0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a conversion to u8 stops at its ends"
)]
fn in_256ths(part: f32) -> u8 {
    (part * 256.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_times_are_told_in_the_reports_units() {
        assert_eq!(
            (in_256ths(0.0), in_256ths(0.5), in_256ths(1.0)),
            (0, 128, 255)
        );
        assert_eq!(in_65536ths(Duration::from_millis(500)), 32_768);
        let mut packet = [0; rtcp::MAX_REPORT];
        let mut mirror = Mirror::new();
        assert_eq!(mirror.report(0.0, None, &mut packet), None, "nothing heard");
        mirror.hear(7);
        let len = mirror.report(0.25, None, &mut packet).unwrap();
        let told = rtcp::read(&packet[..len], 7, 0).unwrap();
        assert_eq!(told.fraction_lost, Some(64));
        assert_eq!(told.round_trip, None, "no sender report was echoed");
    }
}
