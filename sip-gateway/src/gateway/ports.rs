//! Media ports: a free list, and a rest after use.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

use events::{Millis, Timestamp};

/// RTP ports that are free, and those that rest.
#[derive(Debug)]
pub(crate) struct Ports {
    address: IpAddr,
    free: VecDeque<u16>,
    resting: VecDeque<(Timestamp, u16)>,
    rest: Millis,
}

impl Ports {
    /// Every even port of the range whose odd neighbour is in the range too.
    pub(crate) fn new(address: IpAddr, (first, last): (u16, u16), rest: Millis) -> Self {
        Self {
            address,
            free: (first..=last).filter(|p| p % 2 == 0 && *p < last).collect(),
            resting: VecDeque::new(),
            rest,
        }
    }

    /// Takes the port that has been free the longest.
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<SocketAddr> {
        self.wake(now);
        let port = self.free.pop_front()?;
        Some(SocketAddr::new(self.address, port))
    }

    /// Gives a port back.
    pub(crate) fn give_back(&mut self, now: Timestamp, local: SocketAddr) {
        self.resting.push_back((now + self.rest, local.port()));
    }

    fn wake(&mut self, now: Timestamp) {
        while let Some((_, port)) = self.resting.pop_front_if(|(until, _)| *until <= now) {
            self.free.push_back(port);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_rests_before_it_serves_again() {
        let address = "127.0.0.1".parse().unwrap();
        let mut ports = Ports::new(address, (20_001, 20_006), Millis(5_000));
        let at = |ms| Timestamp(0).plus_ms(ms);
        let a = ports.take(at(0)).unwrap();
        let b = ports.take(at(0)).unwrap();
        assert_eq!(
            (a.port(), b.port()),
            (20_002, 20_004),
            "20006 has no neighbour"
        );
        assert_eq!(ports.take(at(0)), None);
        ports.give_back(at(10), b);
        assert_eq!(ports.take(at(5_009)), None);
        assert_eq!(ports.take(at(5_010)), Some(b));
    }
}
