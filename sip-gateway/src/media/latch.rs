//! Symmetric RTP: where packets really come from beats what the SDP says.
//!
//! The first valid packet's source wins. The address in the SDP may take over at any time, because
//! that is whom signalling named. Anybody else has to wait until the source has been silent for a
//! second and then either carry on its stream (same SSRC: a NAT gave it a new port) or send three
//! packets of one stream. So a stranger cannot take a running call's audio.

use std::net::SocketAddr;

use super::TICKS_PER_SECOND;

/// Silence of the source, in ticks, after which another may follow it.
const SILENCE_TICKS: u64 = TICKS_PER_SECOND as u64;
/// Packets of one stream that a stranger must send.
const STRANGER_PACKETS: u8 = 3;

/// Who sends, and who would like to.
#[derive(Debug, Default)]
pub struct Latch {
    announced: Option<SocketAddr>,
    held: Option<Held>,
    candidate: Option<Candidate>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    source: SocketAddr,
    ssrc: u32,
    heard_tick: u64,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    source: SocketAddr,
    ssrc: u32,
    packets: u8,
}

impl Latch {
    /// Signalling named an address. A new one lets go of the old source.
    pub fn announce(&mut self, remote: SocketAddr) {
        if self.announced != Some(remote) {
            self.announced = Some(remote);
            self.held = None;
            self.candidate = None;
        }
    }

    /// Where to send: to the source heard, else where signalling says; nowhere if that is 0.
    #[must_use]
    pub fn destination(&self) -> Option<SocketAddr> {
        let held = self.held.map(|h| h.source);
        held.or(self.announced)
            .filter(|to| !to.ip().is_unspecified() && to.port() != 0)
    }

    /// The source that packets are taken from.
    #[must_use]
    pub fn source(&self) -> Option<SocketAddr> {
        self.held.map(|h| h.source)
    }

    /// Whether a valid packet of a known payload type is taken; may move the latch to its source.
    pub fn admit(&mut self, from: SocketAddr, ssrc: u32, tick: u64) -> bool {
        let admitted = match &mut self.held {
            None => true,
            Some(held) if held.source == from => true,
            Some(_) if self.announced == Some(from) => true,
            Some(held) if tick.saturating_sub(held.heard_tick) < SILENCE_TICKS => false,
            Some(held) if held.ssrc == ssrc => true,
            Some(_) => self.patient(from, ssrc),
        };
        if admitted {
            self.candidate = None;
            self.held = Some(Held {
                source: from,
                ssrc,
                heard_tick: tick,
            });
        }
        admitted
    }

    fn patient(&mut self, source: SocketAddr, ssrc: u32) -> bool {
        let packets = match self.candidate {
            Some(c) if c.source == source && c.ssrc == ssrc => c.packets + 1,
            Some(_) | None => 1,
        };
        self.candidate = Some(Candidate {
            source,
            ssrc,
            packets,
        });
        packets >= STRANGER_PACKETS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    fn latched(port: u16) -> Latch {
        let mut latch = Latch::default();
        latch.announce(address(4000));
        assert!(latch.admit(address(port), 1, 0));
        latch
    }

    #[test]
    fn the_first_source_beats_the_sdp() {
        let mut latch = Latch::default();
        assert_eq!(latch.destination(), None);
        latch.announce(address(4000));
        assert_eq!(latch.destination(), Some(address(4000)));
        assert!(latch.admit(address(5000), 1, 0));
        assert_eq!(latch.destination(), Some(address(5000)));
    }

    #[test]
    fn a_stranger_cannot_take_a_running_stream() {
        let mut latch = latched(5000);
        for tick in 1..500 {
            assert!(latch.admit(address(5000), 1, tick));
            assert!(!latch.admit(address(6666), 1, tick), "even with its SSRC");
        }
    }

    #[test]
    fn after_a_second_of_silence_the_same_stream_may_move() {
        let mut latch = latched(5000);
        assert!(!latch.admit(address(5002), 1, 49));
        assert!(latch.admit(address(5002), 1, 50));
        assert_eq!(latch.source(), Some(address(5002)));
    }

    #[test]
    fn another_stream_must_insist() {
        let mut latch = latched(5000);
        assert!(!latch.admit(address(5002), 2, 60));
        assert!(!latch.admit(address(5004), 3, 60));
        assert!(!latch.admit(address(5002), 2, 61));
        assert!(!latch.admit(address(5002), 2, 62));
        assert!(latch.admit(address(5002), 2, 63));
    }

    #[test]
    fn the_announced_address_takes_over_at_once() {
        let mut latch = latched(6666);
        assert!(latch.admit(address(4000), 9, 1));
        assert_eq!(latch.destination(), Some(address(4000)));
    }

    #[test]
    fn a_new_address_in_the_sdp_lets_go() {
        let mut latch = latched(5000);
        latch.announce(address(4000));
        assert_eq!(latch.destination(), Some(address(5000)), "nothing new");
        latch.announce(address(7000));
        assert_eq!(latch.destination(), Some(address(7000)));
        latch.announce(SocketAddr::from(([0, 0, 0, 0], 7000)));
        assert_eq!(latch.destination(), None);
    }
}
