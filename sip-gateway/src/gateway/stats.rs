//! Plain counters for `/metrics`: protocol chatter that never becomes a fact.

use std::collections::BTreeMap;

use crate::message::Method;

/// What the gateway has seen since its start, and what stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatewayStats {
    /// Requests received, by method; retransmissions not included.
    pub requests_received: BTreeMap<&'static str, u64>,
    /// Responses sent, by the request's method and the status; retransmissions not included.
    pub responses_sent: BTreeMap<(&'static str, u16), u64>,
    /// Responses received, by the request's method and the status; retransmissions not included.
    pub responses_received: BTreeMap<(&'static str, u16), u64>,
    /// Messages that we sent again.
    pub retransmissions_sent: u64,
    /// Requests that came again.
    pub retransmissions_received: u64,
    /// Messages that could not be read.
    pub parse_failures: u64,
    /// Requests that no answer came to (Timers B and F), and refusals without ACK (Timer H).
    pub timeouts: u64,
    /// Legs open now.
    pub legs: u64,
    /// Transactions open now.
    pub transactions: u64,
    /// Addresses registered now.
    pub registrations: u64,
}

impl GatewayStats {
    /// A closed list of labels: a stranger cannot make new series by inventing methods.
    pub(crate) const fn label(method: &Method) -> &'static str {
        match method {
            Method::Invite => "INVITE",
            Method::Ack => "ACK",
            Method::Bye => "BYE",
            Method::Cancel => "CANCEL",
            Method::Register => "REGISTER",
            Method::Options => "OPTIONS",
            Method::Info => "INFO",
            Method::Update => "UPDATE",
            Method::Prack => "PRACK",
            Method::Subscribe => "SUBSCRIBE",
            Method::Notify => "NOTIFY",
            Method::Refer => "REFER",
            Method::Message => "MESSAGE",
            Method::Publish => "PUBLISH",
            Method::Other(_) => "other",
        }
    }

    pub(crate) fn sent(&mut self, method: &Method, status: u16) {
        *self
            .responses_sent
            .entry((Self::label(method), status))
            .or_default() += 1;
    }

    pub(crate) fn heard(&mut self, method: &Method, status: u16) {
        *self
            .responses_received
            .entry((Self::label(method), status))
            .or_default() += 1;
    }

    pub(crate) fn asked(&mut self, method: &Method) {
        *self
            .requests_received
            .entry(Self::label(method))
            .or_default() += 1;
    }
}
