//! How a media thread reads: which sockets at once, which once a slot, and where packets go.

use std::io;

use super::counters::PlaneFigures;
use super::leg::Leg;
use super::sys::BATCH;
use super::worker::Worker;
use crate::boundary::MediaEvent;
use crate::media::session::Arrival;

/// Datagrams a live leg may bring in a tick before it is read once a slot: 8 times the usual.
const FLOOD: usize = 64;

impl Worker {
    /// Reads one ready socket: the token is the leg's place twice, plus 1 for RTCP.
    pub(super) fn read(&mut self, token: u64) {
        let Ok(place) = usize::try_from(token / 2) else {
            return;
        };
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        let reading = self.setup.clock.read();
        if token % 2 == 1 {
            for index in 0..self.batch.receive(&leg.rtcp) {
                if let Some((from, octets, stamp)) = self.batch.datagram(index) {
                    let ntp = self.setup.clock.ntp(reading.arrival_us(stamp));
                    leg.session.receive_rtcp(octets, from, ntp);
                }
            }
            return;
        }
        let found = self.batch.receive(&leg.rtp).min(BATCH);
        leg.taken += found;
        let flooded = leg.live && leg.taken > FLOOD;
        for index in 0..found {
            let Some((_, _, stamp)) = self.batch.datagram(index) else {
                self.figures.packets_refused += 1;
                continue;
            };
            self.hear(place, index, reading.arrival_us(stamp));
        }
        if flooded {
            self.figures.floods += 1;
            self.set_pace(place);
        }
    }

    /// One RTP datagram of the batch: into the session, on to those who hear its sender:
    /// as it is, or only a key where a sum is heard.
    fn hear(&mut self, place: usize, index: usize, arrival_us: u64) {
        let (clock, tick) = (self.samples(), self.ticks());
        let Some((from, octets, _)) = self.batch.datagram(index) else {
            return;
        };
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        let arrival = Arrival {
            us: arrival_us,
            tick,
        };
        let Some(heard) = leg.session.receive(octets, from, arrival) else {
            self.figures.packets_refused += 1;
            return;
        };
        self.figures.packets_received += 1;
        // Nobody presses two keys in a tick; whoever sends that floods.
        if let Some(digit) = heard.digit.filter(|_| leg.digit_tick != tick) {
            leg.digit_tick = tick;
            (self.setup.events)(MediaEvent::Digit { leg: leg.id, digit });
        }
        let listeners = leg.room.heard_by;
        for listener in listeners.iter().filter(|_| heard.relay) {
            let Some(Some(other)) = self.legs.get_mut(listener) else {
                continue;
            };
            let written = if other.room.mixes() {
                other
                    .session
                    .pass_key(&heard.packet, clock, &mut self.packet)
            } else {
                other
                    .session
                    .relay(&heard.packet, clock, tick, &mut self.packet)
            };
            if let Some(len) = written {
                transmit(other, &self.packet, len, &mut self.figures);
            }
        }
    }

    /// Watches a new leg's sockets.
    pub(super) fn watch(&self, place: usize) -> io::Result<()> {
        if let Some(Some(leg)) = self.legs.get(place) {
            self.paced.add(&leg.rtp, token(place))?;
            self.live.add(&leg.rtcp, token(place) + 1)?;
        }
        Ok(())
    }

    /// A leg that is relayed is read at once unless it is flooded; the others once a slot.
    pub(super) fn set_pace(&mut self, place: usize) {
        let Some(Some(leg)) = self.legs.get_mut(place) else {
            return;
        };
        let live = leg.room.relayed && leg.taken <= FLOOD;
        if live == leg.live {
            return;
        }
        leg.live = live;
        let (to, from) = if live {
            (&self.live, &self.paced)
        } else {
            (&self.paced, &self.live)
        };
        let moved = from
            .remove(&leg.rtp)
            .and_then(|()| to.add(&leg.rtp, token(place)));
        if let Err(error) = moved {
            tracing::error!(leg = %leg.id, %error, "media thread cannot watch a leg's port");
        }
    }
}

fn token(place: usize) -> u64 {
    place as u64 * 2
}

/// Sends the first `len` octets of `packet` to where the leg's packets go.
pub(super) fn transmit(leg: &Leg, packet: &[u8], len: usize, figures: &mut PlaneFigures) {
    let (Some(to), Some(octets)) = (leg.session.destination(), packet.get(..len)) else {
        return;
    };
    match leg.rtp.send_to(octets, to) {
        Ok(_) => figures.packets_sent += 1,
        Err(_) => figures.send_failures += 1,
    }
}
