//! Trunks: who may call without a password, known by the address their packets come from, and by
//! whom the house calls out.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use crate::gateway::FixedContact;

/// A carrier's or an exchange's access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trunk {
    /// Stands in journal and metrics.
    pub name: String,
    /// Where its packets come from.
    pub sources: Vec<Network>,
    /// How numbers outside are called by it; none if it only brings calls.
    pub outbound: Option<Outbound>,
}

/// How numbers outside are called by a trunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Where its INVITEs go.
    pub gateway: FixedContact,
    /// What stands behind the `@` of numbers, if the carrier wants a name there; else addresses.
    pub domain: Option<String>,
    /// The number that is shown to whom we call (From and P-Asserted-Identity, RFC 3325), if it is
    /// not the line's own.
    pub caller: Option<String>,
    /// With what a challenge is answered (RFC 3261 §22).
    pub login: Option<TrunkLogin>,
}

/// The carrier's user and password.
#[derive(Clone, PartialEq, Eq)]
pub struct TrunkLogin {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for TrunkLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrunkLogin")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// An address, or a network in CIDR notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A trunk's source cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no address or network: write 10.1.2.3 or 10.1.2.0/24")]
pub struct BadNetwork {
    text: String,
}

impl Network {
    /// Whether an address lies in it. An IPv4 address that came in IPv6 clothes counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(it)) => {
                same_prefix(&net.octets(), &it.octets(), self.prefix)
            }
            (IpAddr::V6(net), IpAddr::V6(it)) => {
                same_prefix(&net.octets(), &it.octets(), self.prefix)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same_prefix(a: &[u8], b: &[u8], prefix: u8) -> bool {
    let mut left = u32::from(prefix);
    a.iter().zip(b).all(|(a, b)| {
        let bits = left.min(8);
        left -= bits;
        let mask = 0xff_u8.checked_shl(8 - bits).unwrap_or(0);
        (a ^ b) & mask == 0
    })
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let bad = || BadNetwork {
            text: text.to_owned(),
        };
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| bad())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.trim().parse().map_err(|_| bad())?,
            None => longest,
        };
        if prefix > longest {
            return Err(bad());
        }
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Whether an address is of the kind that cannot be reached from outside its own network:
/// RFC 1918, RFC 6598, link-local, RFC 4193.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_link_local() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => is_unique_local(v6) || v6.is_unicast_link_local(),
    }
}

const fn is_unique_local(address: Ipv6Addr) -> bool {
    let [first, ..] = address.octets();
    first & 0xfe == 0xfc
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(address.parse().unwrap())
    }

    #[test]
    fn networks_contain_what_they_say() {
        assert!(within("10.1.2.3", "10.1.2.3"));
        assert!(!within("10.1.2.3", "10.1.2.4"));
        assert!(within("10.1.2.0/24", "10.1.2.255"));
        assert!(!within("10.1.2.0/24", "10.1.3.0"));
        assert!(within("10.1.2.0/23", "10.1.3.7"));
        assert!(within("0.0.0.0/0", "192.0.2.1"));
        assert!(within("127.0.0.1", "::ffff:127.0.0.1"), "v4 on a v6 socket");
        assert!(within("2001:db8::/32", "2001:db8:1::1"));
        assert!(!within("2001:db8::/32", "2001:db9::1"));
        assert!(!within("0.0.0.0/0", "::1"));
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for bad in ["", "trunk.example", "10.1.2.3/33", "10.1.2.3/x", "::1/129"] {
            let error = bad.parse::<Network>().unwrap_err().to_string();
            assert!(error.contains("10.1.2.0/24"), "{error}");
        }
    }

    #[test]
    fn private_addresses_are_known() {
        for (address, private) in [
            ("10.0.0.1", true),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("192.168.1.1", true),
            ("127.0.0.1", false),
            ("8.8.8.8", false),
            ("fd00::1", true),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
        }
    }
}
