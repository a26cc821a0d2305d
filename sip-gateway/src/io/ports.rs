//! Which RTP ports this host can give.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;

/// Even ports of the range that can be bound at `addr` together with the odd port above (RFC 3550
/// §11). Binds and releases each pair: for the start, before the media plane opens any.
#[must_use]
pub fn probe_ports(addr: IpAddr, range: RangeInclusive<u16>) -> Vec<u16> {
    let free = |port| UdpSocket::bind(SocketAddr::new(addr, port)).is_ok();
    let last = *range.end();
    range
        .filter(|port| port % 2 == 0 && *port != 0 && *port < last)
        .filter(|port| free(*port) && free(port + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_takes_its_pair_away() {
        let here = IpAddr::from([127, 0, 0, 1]);
        let taken = UdpSocket::bind((here, 0)).unwrap();
        let port = taken.local_addr().unwrap().port() & !1;
        assert!(!probe_ports(here, port..=port + 1).contains(&port));
        assert!(
            probe_ports(here, port..=port).is_empty(),
            "no room for the pair"
        );
    }
}
