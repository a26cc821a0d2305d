//! Responses: what every one of them carries, and their words.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::config::GatewayConfig;
use super::route::{ALLOW, contact};
use super::turn::Turn;
use crate::boundary::Flow;
use crate::message::{Message, Method};
use rand_chacha::rand_core::Rng as _;

/// A response to be.
#[derive(Clone, Debug)]
pub(crate) struct Reply<'a> {
    pub(crate) status: u16,
    tag: &'a str,
    headers: Vec<(&'static str, String)>,
    contact: Option<Flow>,
    sdp: Option<&'a Bytes>,
}

impl<'a> Reply<'a> {
    /// A response with this status. `tag` is ours; if empty, one is made of the request, so that
    /// the same request always gets the same (RFC 3261 §8.2.7).
    pub(crate) const fn new(status: u16, tag: &'a str) -> Self {
        Self {
            status,
            tag,
            headers: Vec::new(),
            contact: None,
            sdp: None,
        }
    }

    /// 500 with a Retry-After between 0 and 10 seconds (RFC 3261 §14.2).
    pub(crate) fn try_later(status: u16, tag: &'a str, turn: &mut Turn<'_>) -> Self {
        let seconds = turn.net.rng.next_u32() % 11;
        Self::new(status, tag).header("Retry-After", seconds.to_string())
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds Contact: where requests of the dialog reach us.
    pub(crate) const fn contact(mut self, flow: Flow) -> Self {
        self.contact = Some(flow);
        self
    }

    /// Adds Accept, which 415 and 406 need.
    pub(crate) fn accept(self) -> Self {
        self.header("Accept", "application/sdp".to_owned())
    }

    /// Adds a session description.
    pub(crate) const fn sdp(mut self, sdp: &'a Bytes) -> Self {
        self.sdp = Some(sdp);
        self
    }

    /// The message, as it goes out.
    pub(crate) fn to_bytes(&self, request: &Message, config: &GatewayConfig) -> Bytes {
        let made;
        let tag = match (self.status, self.tag) {
            (100, _) => None,
            (_, "") => {
                made = tag_of(request);
                Some(made.as_str())
            }
            (_, tag) => Some(tag),
        };
        let mut message = Message::response(request, self.status, "", tag);
        if let Some(flow) = self.contact {
            message.push("Contact", contact(flow, config));
        }
        let invite = *request.method() == Method::Invite;
        if self.status == 405 || (invite && (200..300).contains(&self.status)) {
            message.push("Allow", ALLOW);
        }
        for (name, value) in &self.headers {
            message.push(name, value.as_str());
        }
        if self.status >= 200 && !config.user_agent.is_empty() {
            message.push("Server", config.user_agent.as_str());
        }
        if let Some(sdp) = self.sdp {
            return message.with_body("application/sdp", sdp.clone()).to_bytes();
        }
        message.to_bytes()
    }
}

/// A To tag that is the same for the same request, and differs between requests.
fn tag_of(request: &Message) -> String {
    let mut hash = Sha256::new();
    let tag = request.from().tag().unwrap_or_default();
    for part in [request.call_id(), tag, &request.cseq().0.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
