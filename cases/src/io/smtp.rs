//! Letters by a mail server (RFC 5321), protected by STARTTLS or TLS from the first byte.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Address, Transport as _};

use super::outgoing::Outgoing;
use crate::notify::TryResult;

/// The mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// User and password, if it wants them.
    pub login: Option<(String, String)>,
    /// The sender: `Линия <line@example.org>`.
    pub from: String,
    /// Certificates in PEM that are trusted beside the public ones.
    pub trusted: Option<PathBuf>,
    /// How long it may take.
    pub timeout: Duration,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// RFC 3207; a server that does not offer it gets no letter.
    Starttls,
    /// RFC 8314.
    Implicit,
    /// In the clear.
    None,
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// The way to a mail server.
pub struct Letters {
    transport: SmtpTransport,
    from: Mailbox,
}

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letters").finish_non_exhaustive()
    }
}

impl Letters {
    /// Prepares the way; the server is not asked yet.
    ///
    /// # Errors
    /// What is wrong with the settings, in Russian.
    pub fn open(settings: &SmtpSettings) -> Result<Self, String> {
        let from: Mailbox = settings.from.parse().map_err(|_| {
            let from = &settings.from;
            format!("smtp.from = «{from}»: нужен адрес вида Линия <line@example.org>")
        })?;
        let mut tls = TlsParameters::builder(settings.host.clone());
        if let Some(path) = &settings.trusted {
            let wrong = |error: &dyn fmt::Display| {
                let path = path.display();
                format!("smtp.trusted = {path}: сертификаты не читаются: {error}")
            };
            let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
            let certificate = Certificate::from_pem(&pem).map_err(|error| wrong(&error))?;
            tls = tls.add_root_certificate(certificate);
        }
        let tls = tls.build().map_err(|error| format!("TLS: {error}"))?;
        let tls = match settings.tls {
            SmtpTls::Starttls => Tls::Required(tls),
            SmtpTls::Implicit => Tls::Wrapper(tls),
            SmtpTls::None => Tls::None,
        };
        let mut transport = SmtpTransport::builder_dangerous(&settings.host)
            .port(settings.port)
            .timeout(Some(settings.timeout))
            .tls(tls);
        if let Some((user, password)) = &settings.login {
            transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self {
            transport: transport.build(),
            from,
        })
    }

    /// Sends a letter and waits for the server's word. What goes wrong is logged without the
    /// address: servers repeat it in their answers.
    #[must_use]
    pub fn send(&self, letter: &Outgoing) -> TryResult {
        let Some(message) = self.message(letter) else {
            return TryResult::Hopeless;
        };
        match self.transport.send(&message) {
            Ok(_) => TryResult::Delivered,
            Err(error) => {
                let result = after(&error);
                let status = error.status().map(u16::from);
                let kind = kind(&error);
                tracing::warn!(id = letter.id, status, kind, "письмо не отправлено");
                result
            }
        }
    }

    fn message(&self, letter: &Outgoing) -> Option<Message> {
        let to: Address = letter.to.expose().parse().ok()?;
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.text.subject.clone())
            // The same letter sent again is the same letter.
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.body.clone())
            .ok()?;
        // RFC 3834: nobody's holiday notice answers it.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        let value = HeaderValue::new(name, "auto-generated".to_owned());
        message.headers_mut().insert_raw(value);
        Some(message)
    }
}

/// What an error means for the next try: a mailbox that the server refuses for good is hopeless, a
/// server that does not know us is the administrator's to mend.
fn after(error: &Error) -> TryResult {
    let status = error.status().map(u16::from);
    match status {
        Some(550 | 551 | 553 | 554) => TryResult::Hopeless,
        Some(_) | None => TryResult::Failed,
    }
}

fn kind(error: &Error) -> &'static str {
    if error.is_timeout() {
        "сервер не ответил вовремя"
    } else if error.is_tls() {
        "TLS не устанавливается: проверьте tls и сертификат"
    } else if error.is_permanent() {
        "сервер отказал"
    } else if error.is_transient() {
        "сервер просит позже"
    } else {
        "нет соединения"
    }
}
