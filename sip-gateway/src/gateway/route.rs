//! Where a message goes. The gateway asks no name server: a host name falls back to the way the
//! other side's messages come by.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::config::GatewayConfig;
use crate::boundary::{Flow, Transport};
use crate::message::{Host, Message, Scheme, Uri, Via};
use crate::trunk::is_private;

/// The port of SIP without TLS.
const DEFAULT_PORT: u16 = 5_060;

/// Transport and address a SIP URI names, if its host is an address (`maddr` goes before the host,
/// RFC 3261 §19.1.1) and its transport is one of ours.
pub(crate) fn address_of(uri: &Uri) -> Option<(Transport, SocketAddr)> {
    if *uri.scheme() != Scheme::Sip {
        return None;
    }
    let transport = match uri.params().get("transport") {
        None => Transport::Udp,
        Some(word) if word.eq_ignore_ascii_case("udp") => Transport::Udp,
        Some(word) if word.eq_ignore_ascii_case("tcp") => Transport::Tcp,
        Some(_) => return None,
    };
    let ip = match uri.params().get("maddr").and_then(Host::parse) {
        Some(Host::Ip(ip)) => Some(ip),
        Some(Host::Name(_)) | None => uri.ip(),
    };
    let port = uri.port().unwrap_or(DEFAULT_PORT);
    (port != 0).then(|| ip.map(|ip| (transport, SocketAddr::new(ip, port))))?
}

/// The way to a URI: its own address if it names one, else, or if that address is private and the
/// peer's is not (it sits behind NAT and does not know), the way its messages come by. An open
/// stream is always used again (RFC 3261 §18.1.1).
pub(crate) fn way_to(uri: &Uri, came_by: Flow, pinned: bool, config: &GatewayConfig) -> Flow {
    let open_stream = came_by.transport == Transport::Tcp && came_by.connection != 0;
    if pinned || open_stream {
        return came_by;
    }
    match address_of(uri) {
        Some((transport, peer)) if !behind_nat(peer.ip(), came_by.peer.ip()) => {
            let local = match transport {
                _ if transport == came_by.transport => came_by.local,
                Transport::Udp => config.udp,
                Transport::Tcp => config.tcp,
            };
            Flow {
                transport,
                connection: 0,
                local,
                peer,
            }
        }
        Some(_) | None => came_by,
    }
}

fn behind_nat(named: IpAddr, seen: IpAddr) -> bool {
    named == IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        || (named != seen && is_private(named) && !is_private(seen))
}

/// Where the response to a request goes (RFC 3261 §18.2.2, RFC 3581 §4): back by the stream; to the
/// source if `rport` was asked for; else to the source's address and the port of sent-by.
pub(crate) fn reply_flow(top: &Via, came_by: Flow) -> Flow {
    if came_by.transport == Transport::Tcp || top.params.has("rport") {
        return came_by;
    }
    let ip = match top.params.get("maddr").and_then(Host::parse) {
        Some(Host::Ip(ip)) => ip,
        Some(Host::Name(_)) | None => came_by.peer.ip(),
    };
    let peer = SocketAddr::new(ip, top.port.unwrap_or(DEFAULT_PORT));
    Flow { peer, ..came_by }
}

/// Where a new stream for a response goes when its own broke: the source's address, the port of
/// sent-by (RFC 3261 §18.2.2).
pub(crate) fn home(top: &Via, came_by: Flow) -> SocketAddr {
    SocketAddr::new(came_by.peer.ip(), top.port.unwrap_or(DEFAULT_PORT))
}

/// Contact of ours for messages that go by `flow`.
pub(crate) fn contact(flow: Flow, config: &GatewayConfig) -> String {
    let address = SocketAddr::new(config.advertised, flow.local.port());
    match flow.transport {
        Transport::Udp => format!("<sip:liniya@{address}>"),
        Transport::Tcp => format!("<sip:liniya@{address};transport=tcp>"),
    }
}

/// A Via of ours for messages that go by `flow`.
pub(crate) fn via(flow: Flow, branch: &str, config: &GatewayConfig) -> Via {
    let address = SocketAddr::new(config.advertised, flow.local.port());
    let transport = match flow.transport {
        Transport::Udp => "UDP",
        Transport::Tcp => "TCP",
    };
    Via::new(transport, address, branch)
}

/// The request's methods we understand, for Allow.
pub(crate) const ALLOW: &str = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER";

/// Whether the request carries something that we cannot take: 415, or 406 for an answer that the
/// other side would not take (RFC 3261 §8.2.3, §13.3.1).
pub(crate) fn check_body(request: &Message) -> Option<u16> {
    let word = |name: &str| {
        let value = request.header(name).unwrap_or_default();
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    };
    if !request.body.is_empty() {
        let coding = word("Content-Encoding");
        if word("Content-Type") != "application/sdp" || !matches!(&*coding, "" | "identity") {
            return Some(415);
        }
    }
    let ranges = || {
        request
            .tokens("Accept")
            .map(|range| range.split(';').next().unwrap_or_default().trim())
    };
    let ours = ["application/sdp", "application/*", "*/*"];
    let accepts = request.header("Accept").is_none()
        || ranges().any(|range| ours.iter().any(|ours| range.eq_ignore_ascii_case(ours)));
    (!accepts).then_some(406)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::tests_config;

    fn by(transport: Transport, connection: u64, peer: &str) -> Flow {
        let local = "203.0.113.1:5060".parse().unwrap();
        Flow {
            transport,
            connection,
            local,
            peer: peer.parse().unwrap(),
        }
    }

    #[test]
    fn an_address_is_read_from_a_uri_and_a_name_is_not_asked_for() {
        for (uri, expected) in [
            ("sip:1@192.0.2.1", Some((Transport::Udp, "192.0.2.1:5060"))),
            (
                "sip:1@192.0.2.1:5070;transport=TCP",
                Some((Transport::Tcp, "192.0.2.1:5070")),
            ),
            (
                "sip:1@name;maddr=192.0.2.3",
                Some((Transport::Udp, "192.0.2.3:5060")),
            ),
            (
                "sip:1@[2001:db8::1]:5080",
                Some((Transport::Udp, "[2001:db8::1]:5080")),
            ),
            ("sip:1@192.0.2.1;transport=tls", None),
            ("sip:1@phone.example", None),
            ("sips:1@192.0.2.1", None),
            ("tel:112", None),
        ] {
            let expected = expected.map(|(transport, at)| (transport, at.parse().unwrap()));
            assert_eq!(address_of(&Uri::parse(uri).unwrap()), expected, "{uri}");
        }
    }

    #[test]
    fn the_way_back_to_a_contact() {
        let config = tests_config();
        let udp = by(Transport::Udp, 0, "198.51.100.9:40000");
        let way = |uri: &str, flow, pinned| {
            way_to(&Uri::parse(uri).unwrap(), flow, pinned, &config)
                .peer
                .to_string()
        };
        assert_eq!(way("sip:1@192.0.2.1:5070", udp, false), "192.0.2.1:5070");
        assert_eq!(
            way("sip:1@192.0.2.1:5070", udp, true),
            "198.51.100.9:40000",
            "registered"
        );
        assert_eq!(
            way("sip:1@10.0.0.1:5070", udp, false),
            "198.51.100.9:40000",
            "behind NAT"
        );
        assert_eq!(
            way("sip:1@phone.example", udp, false),
            "198.51.100.9:40000",
            "a name"
        );
        let stream = by(Transport::Tcp, 4, "198.51.100.9:40000");
        assert_eq!(
            way("sip:1@192.0.2.1", stream, false),
            "198.51.100.9:40000",
            "open stream"
        );
        let broken = by(Transport::Tcp, 0, "198.51.100.9:40000");
        assert_eq!(
            way("sip:1@192.0.2.1:5070;transport=tcp", broken, false),
            "192.0.2.1:5070"
        );
    }

    #[test]
    fn responses_go_back_as_the_via_wants() {
        let udp = by(Transport::Udp, 0, "198.51.100.9:40000");
        let back = |via: &str, flow| reply_flow(&Via::parse(via).unwrap(), flow).peer.to_string();
        assert_eq!(
            back("SIP/2.0/UDP 10.0.0.1:5070;rport;branch=z", udp),
            "198.51.100.9:40000"
        );
        assert_eq!(
            back("SIP/2.0/UDP 10.0.0.1:5070;branch=z", udp),
            "198.51.100.9:5070"
        );
        assert_eq!(
            back("SIP/2.0/UDP 10.0.0.1;branch=z", udp),
            "198.51.100.9:5060"
        );
        let stream = by(Transport::Tcp, 4, "198.51.100.9:40000");
        assert_eq!(
            back("SIP/2.0/TCP 10.0.0.1:5070;branch=z", stream),
            "198.51.100.9:40000"
        );
    }
}
