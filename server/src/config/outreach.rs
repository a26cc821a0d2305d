//! `[notify]`, `[smtp]`, `[sms]`: what people are told of the house's own accord, and by what.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// `[notify]`: when, how often, by which trunk.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotifyConfig {
    /// The line in whose name the house calls, by its number; the first one if empty.
    pub line: String,
    /// The trunk it calls by, by its name; empty means that it calls nobody.
    pub trunk: String,
    /// Placed calls at once.
    pub max_calls: u32,
    /// Placed calls at once, as a share of `max_calls` of `[sip]`, percent.
    pub share_percent: u32,
    /// Place no call while somebody waits for an operator.
    pub yield_to_callers: bool,
    /// How long it rings, seconds.
    pub ring_s: u64,
    /// Hours of calls and messages, Monday to Friday; an empty text means never.
    pub weekdays: String,
    /// The same for Saturday and Sunday.
    pub weekends: String,
    /// Whether nobody is told anything about their own case without having said yes.
    pub case_consent: bool,
    /// Notifications about cases to one address, at most…
    pub case_cap: u32,
    /// … within so many hours.
    pub case_cap_h: u64,
    /// Campaigns to one address, at most…
    pub campaign_cap: u32,
    /// … within so many hours.
    pub campaign_cap_h: u64,
    /// Tries of one notification or callback.
    pub attempts: u8,
    /// Pause after «busy», minutes; twice as long each time.
    pub busy_min: u64,
    /// Pause after nobody answered, minutes.
    pub no_answer_min: u64,
    /// Pause after a failure of network or server, minutes.
    pub failed_min: u64,
    /// How people are reminded of a visit.
    pub reminder: ReminderBy,
    /// So many hours before the visit.
    pub reminder_h: u64,
}

/// How people are reminded of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderBy {
    /// By a call.
    Voice,
    /// By a short message.
    Sms,
    /// Not at all.
    None,
}

/// `[smtp]`: the mail server.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name; empty means that no letters are sent.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The user; empty means that the server asks for none.
    pub user: String,
    /// The password.
    pub password: String,
    /// The sender.
    pub from: String,
    /// Certificates in PEM that are trusted beside the public ones.
    pub trusted: Option<PathBuf>,
    /// How long the server may take, seconds.
    pub timeout_s: u64,
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// RFC 3207: begins in the clear and must become protected.
    Starttls,
    /// RFC 8314: protected from the first byte.
    Implicit,
    /// In the clear: only within this computer or a protected network.
    None,
}

/// `[sms]`: the provider of short messages.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmsConfig {
    /// Its address; empty means that no messages are sent.
    pub url: String,
    /// How the request's body is written.
    pub format: SmsFormat,
    /// The Authorization header, if it wants one.
    pub authorization: String,
    /// The body's fields; `{to}`, `{text}` and `{id}` stand for the number, the words and the key
    /// by which a repeated request is the same.
    pub fields: BTreeMap<String, String>,
    /// What must stand in the answer of a request that was taken; every 2xx is good if empty.
    pub accepted: String,
    /// Certificates in PEM that are trusted instead of the public ones.
    pub trusted: Option<PathBuf>,
    /// How long the provider may take, seconds.
    pub timeout_s: u64,
}

/// How a provider wants the request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsFormat {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
}

impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SmsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmsConfig")
            .field("url", &self.url)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self {
            line: String::new(),
            trunk: String::new(),
            max_calls: 10,
            share_percent: 20,
            yield_to_callers: true,
            ring_s: 40,
            weekdays: "09:00-20:00".into(),
            weekends: "10:00-18:00".into(),
            case_consent: false,
            case_cap: 5,
            case_cap_h: 24,
            campaign_cap: 1,
            campaign_cap_h: 168,
            attempts: 3,
            busy_min: 10,
            no_answer_min: 60,
            failed_min: 15,
            reminder: ReminderBy::Voice,
            reminder_h: 24,
        }
    }
}

impl Default for SmtpConfig {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 587,
            tls: TlsMode::Starttls,
            user: String::new(),
            password: String::new(),
            from: String::new(),
            trusted: None,
            timeout_s: 30,
        }
    }
}

impl Default for SmsConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            format: SmsFormat::Form,
            authorization: String::new(),
            fields: [("to", "{to}"), ("text", "{text}"), ("id", "{id}")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            accepted: String::new(),
            trusted: None,
            timeout_s: 30,
        }
    }
}
