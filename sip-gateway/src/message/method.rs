//! Methods of requests (RFC 3261 §7.1): case-sensitive tokens, open for extension.

use std::fmt;

use super::text::is_token;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Begin or change a session (RFC 3261 §13).
    Invite,
    /// Confirm a final response to INVITE (RFC 3261 §17.1.1.3).
    Ack,
    /// End a session (RFC 3261 §15).
    Bye,
    /// Withdraw a pending request (RFC 3261 §9).
    Cancel,
    /// Bind a contact to an address of record (RFC 3261 §10).
    Register,
    /// Ask for capabilities, mostly used as a sign of life (RFC 3261 §11).
    Options,
    /// Mid-session information, keys among it (RFC 6086).
    Info,
    /// Change a session without touching the dialog (RFC 3311).
    Update,
    /// Confirm a reliable provisional response (RFC 3262).
    Prack,
    /// Ask the other side to call somebody (RFC 3515).
    Refer,
    /// Report an event (RFC 6665).
    Notify,
    /// Ask for reports of events (RFC 6665).
    Subscribe,
    /// An instant message (RFC 3428).
    Message,
    /// Publish an event's state (RFC 3903).
    Publish,
    /// Any other token, exactly as it was written.
    Other(String),
}

impl Method {
    /// The method named by `token`; none if it is not a token (RFC 3261 §25.1).
    #[must_use]
    pub fn parse(token: &str) -> Option<Self> {
        Some(match token {
            "INVITE" => Self::Invite,
            "ACK" => Self::Ack,
            "BYE" => Self::Bye,
            "CANCEL" => Self::Cancel,
            "REGISTER" => Self::Register,
            "OPTIONS" => Self::Options,
            "INFO" => Self::Info,
            "UPDATE" => Self::Update,
            "PRACK" => Self::Prack,
            "REFER" => Self::Refer,
            "NOTIFY" => Self::Notify,
            "SUBSCRIBE" => Self::Subscribe,
            "MESSAGE" => Self::Message,
            "PUBLISH" => Self::Publish,
            other if is_token(other) => Self::Other(other.to_owned()),
            _ => return None,
        })
    }

    /// As it stands on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match self {
            Self::Invite => "INVITE",
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Register => "REGISTER",
            Self::Options => "OPTIONS",
            Self::Info => "INFO",
            Self::Update => "UPDATE",
            Self::Prack => "PRACK",
            Self::Refer => "REFER",
            Self::Notify => "NOTIFY",
            Self::Subscribe => "SUBSCRIBE",
            Self::Message => "MESSAGE",
            Self::Publish => "PUBLISH",
            Self::Other(token) => token.as_str(),
        }
    }

    /// Whether a 2xx to it makes a dialog, so that Record-Route must be copied (RFC 3261 §12.1.1,
    /// RFC 6665 §4.4.1, RFC 3515 §2.4.6).
    #[must_use]
    pub const fn makes_dialog(&self) -> bool {
        matches!(self, Self::Invite | Self::Subscribe | Self::Refer)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
