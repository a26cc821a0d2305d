//! What the gateway is told at start. The server reads the file; these types cannot be wrong.

use std::net::{IpAddr, SocketAddr};

use events::Millis;

use crate::boundary::Transport;
use crate::message::Uri;
use crate::trunk::Trunk;

/// Everything the gateway needs to know.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Where UDP is received; the port is the real one, never 0.
    pub udp: SocketAddr,
    /// Where TCP is accepted; the port is the real one, never 0.
    pub tcp: SocketAddr,
    /// The address that others reach us by: stands in Via and Contact.
    pub advertised: IpAddr,
    /// The address of RTP sockets, also the one that stands in SDP.
    pub media_address: IpAddr,
    /// RTP ports, both ends included; even ones are RTP, the next odd one is RTCP.
    pub media_ports: (u16, u16),
    /// The digest realm, one for all accounts, so that a challenge betrays nobody.
    pub realm: String,
    /// Phones of ours.
    pub accounts: Vec<Account>,
    /// Who may call without a password.
    pub trunks: Vec<Trunk>,
    /// How much is taken.
    pub limits: Limits,
    /// For `User-Agent` and `Server`: a name without a version, which would help only an attacker.
    pub user_agent: String,
}

/// A phone of ours.
#[derive(Clone)]
pub struct Account {
    /// The user part it registers and calls with: an operator's login.
    pub name: String,
    /// Its SIP password.
    pub password: String,
    /// A phone with a fixed address does not register.
    pub fixed: Option<FixedContact>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("fixed", &self.fixed)
            .finish_non_exhaustive()
    }
}

/// Where a phone stands that does not register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedContact {
    uri: Uri,
    transport: Transport,
    address: SocketAddr,
}

/// The contact of a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a phone's address: write sip:user@1.2.3.4:5060, with ;transport=tcp for TCP \
     (an IP address, not a name)"
)]
pub struct BadContact {
    text: String,
}

impl FixedContact {
    /// Reads `sip:user@1.2.3.4:5070` or `sip:user@[::1]:5070;transport=tcp`.
    ///
    /// # Errors
    /// [`BadContact`] for anything else, a host name included: calls do not wait for a name server.
    pub fn parse(text: &str) -> Result<Self, BadContact> {
        let bad = || BadContact {
            text: text.to_owned(),
        };
        let uri = Uri::parse(text).map_err(|_| bad())?;
        let (transport, address) = super::route::address_of(&uri).ok_or_else(bad)?;
        Ok(Self {
            uri,
            transport,
            address,
        })
    }

    /// What stands in the request line.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// How it is reached.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// Where it is reached.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

/// How much is taken, and what is remembered for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Legs at once, callers' and operators'; above it a new caller gets 503.
    pub max_legs: usize,
    /// New calls a second over a longer time; above it a new caller gets 503.
    pub new_calls_per_s: u32,
    /// New calls at once.
    pub new_calls_burst: u32,
    /// When the oldest input waited longer than this, new callers get 503.
    pub queue_delay: Millis,
    /// What `Retry-After` says, in seconds.
    pub retry_after_s: u32,
    /// The shortest registration, in seconds; a shorter wish gets 423.
    pub min_expires_s: u32,
    /// The longest registration, in seconds; a longer wish is shortened.
    pub max_expires_s: u32,
    /// Addresses an account may be registered from at once; the oldest gives way.
    pub max_bindings: usize,
    /// How long a phone in the browser counts as there after its page was closed or reloaded.
    pub page_grace: Millis,
    /// How long a media port rests before it serves another leg: late packets find nobody.
    pub port_rest: Millis,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_legs: 2_000,
            new_calls_per_s: 100,
            new_calls_burst: 200,
            queue_delay: Millis(200),
            retry_after_s: 5,
            min_expires_s: 60,
            max_expires_s: 3_600,
            max_bindings: 5,
            page_grace: Millis(20_000),
            port_rest: Millis(5_000),
        }
    }
}
