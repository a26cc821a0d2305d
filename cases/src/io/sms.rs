//! Short messages by a provider's HTTP interface: a POST with the fields that it wants.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value};
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::outgoing::Outgoing;
use crate::notify::TryResult;

/// The longest answer that is read, in bytes.
const ANSWER_MAX_BYTES: u64 = 64 * 1024;

/// The provider.
#[derive(Clone)]
pub struct SmsSettings {
    /// Its address.
    pub url: String,
    /// How the request's body is written.
    pub format: SmsFormat,
    /// The Authorization header, if it wants one.
    pub authorization: Option<String>,
    /// The body's fields; `{to}`, `{text}` and `{id}` are filled in.
    pub fields: BTreeMap<String, String>,
    /// What must stand in the answer; empty if every 2xx is good.
    pub accepted: String,
    /// Certificates in PEM that are trusted instead of the public ones.
    pub trusted: Option<PathBuf>,
    /// How long it may take.
    pub timeout: Duration,
}

/// How the request's body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsFormat {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
}

impl fmt::Debug for SmsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsSettings")
            .field("url", &self.url)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// The way to a provider.
#[derive(Debug)]
pub struct ShortMessages {
    agent: Agent,
    settings: SmsSettings,
}

impl ShortMessages {
    /// Prepares the way; the provider is not asked yet.
    ///
    /// # Errors
    /// What is wrong with the settings, in Russian.
    pub fn open(settings: SmsSettings) -> Result<Self, String> {
        for place in ["{to}", "{text}"] {
            if !settings.fields.values().any(|field| field.contains(place)) {
                return Err(format!("sms.fields: нет поля с {place}, добавьте его"));
            }
        }
        let mut config = Agent::config_builder()
            .timeout_global(Some(settings.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent("Liniya");
        if let Some(path) = &settings.trusted {
            let wrong = |error: &dyn fmt::Display| {
                let path = path.display();
                format!("sms.trusted = {path}: сертификаты не читаются: {error}")
            };
            let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
            let mut certificates = Vec::new();
            for item in parse_pem(&pem) {
                if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(&error))? {
                    certificates.push(certificate);
                }
            }
            let roots = RootCerts::new_with_certs(&certificates);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self {
            agent: config.build().into(),
            settings,
        })
    }

    /// Sends a message and waits for the provider's word. What goes wrong is logged without number
    /// and words.
    #[must_use]
    pub fn send(&self, message: &Outgoing) -> TryResult {
        let (result, status, what) = self.ask(message);
        if result != TryResult::Delivered {
            tracing::warn!(id = message.id, status, what, "SMS не отправлено");
        }
        result
    }

    fn ask(&self, message: &Outgoing) -> (TryResult, u16, &'static str) {
        let fields: Vec<(String, String)> = self
            .settings
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), filled(field, message)))
            .collect();
        let mut request = self
            .agent
            .post(&self.settings.url)
            .header("Idempotency-Key", &message.id);
        if let Some(authorization) = &self.settings.authorization {
            request = request.header("Authorization", authorization);
        }
        let answer = match self.settings.format {
            SmsFormat::Form => request.send_form(fields),
            SmsFormat::Json => {
                let fields = fields.into_iter();
                let body: Map<String, Value> = fields.map(|(n, v)| (n, Value::String(v))).collect();
                request
                    .header("Content-Type", "application/json")
                    .send(Value::Object(body).to_string())
            }
        };
        let Ok(mut answer) = answer else {
            return (TryResult::Failed, 0, "поставщик не отвечает");
        };
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES);
        let text = body.read_to_string().unwrap_or_default();
        match status {
            200..300 if text.contains(&self.settings.accepted) => {
                (TryResult::Delivered, status, "принято")
            }
            200..300 => (TryResult::Failed, status, "в ответе нет sms.accepted"),
            401 | 403 => (TryResult::Failed, status, "поставщик не узнаёт нас"),
            408 | 425 | 429 => (TryResult::Failed, status, "поставщик просит позже"),
            400..500 => (TryResult::Hopeless, status, "поставщик отказал"),
            _ => (TryResult::Failed, status, "сбой у поставщика"),
        }
    }
}

fn filled(field: &str, message: &Outgoing) -> String {
    // The words last: braces in them are nobody's place.
    field
        .replace("{to}", message.to.expose())
        .replace("{id}", &message.id)
        .replace("{text}", &message.text.body)
}
