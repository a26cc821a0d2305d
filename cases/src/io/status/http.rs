//! A register behind HTTP: one `GET` a question.

use std::time::Duration;

use events::CaseNumber;
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::{HttpSource, Register};
use crate::status::Standing;
use crate::status::read_date;

/// The longest answer that is read.
const BODY_MAX_BYTES: u64 = 64 * 1024;

struct Http {
    agent: Agent,
    source: HttpSource,
}

pub(super) fn open(source: HttpSource, timeout: Duration) -> Result<impl Register + use<>, String> {
    if !source.url.contains("{number}") {
        return Err("в url нет места для номера: добавьте {number}".into());
    }
    let mut config = Agent::config_builder()
        .timeout_global(Some(timeout))
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent("Liniya");
    if let Some(path) = &source.trusted {
        let pem = std::fs::read(path)
            .map_err(|error| format!("сертификаты {} не читаются: {error}", path.display()))?;
        let mut certificates = Vec::new();
        for item in parse_pem(&pem) {
            if let PemItem::Certificate(certificate) =
                item.map_err(|error| format!("сертификаты {}: {error}", path.display()))?
            {
                certificates.push(certificate);
            }
        }
        let roots = RootCerts::new_with_certs(&certificates);
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    Ok(Http {
        agent: config.build().into(),
        source,
    })
}

impl Register for Http {
    fn ask(&self, number: &CaseNumber) -> Result<Option<Standing>, String> {
        let url = self.source.url.replace("{number}", number.digits());
        let mut request = self.agent.get(&url).header("Accept", "application/json");
        if let Some(authorization) = &self.source.authorization {
            request = request.header("Authorization", authorization);
        }
        // The error may name the address, which holds a caller's number: only its kind is told.
        let mut response = request.call().map_err(|error| kind(&error).to_owned())?;
        match response.status().as_u16() {
            200 => {}
            404 | 410 => return Ok(None),
            status => return Err(format!("ответ {status}")),
        }
        let body = response
            .body_mut()
            .with_config()
            .limit(BODY_MAX_BYTES)
            .read_to_string()
            .map_err(|error| kind(&error).to_owned())?;
        let body: Value = serde_json::from_str(&body).map_err(|_| "ответ — не JSON".to_owned())?;
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        let status = text(&self.source.status)
            .map(str::trim)
            .filter(|s| !s.is_empty());
        let status = status.ok_or_else(|| format!("в ответе нет {}", self.source.status))?;
        Ok(Some(Standing {
            status: status.to_owned(),
            due: text(&self.source.due).and_then(read_date),
        }))
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the client may learn new errors at any time"
)]
fn kind(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "не ответил вовремя",
        ureq::Error::HostNotFound => "имя не найдено",
        ureq::Error::ConnectionFailed | ureq::Error::Io(_) => "нет соединения",
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) | ureq::Error::Pem(_) => {
            "соединение TLS не устанавливается: проверьте сертификат"
        }
        ureq::Error::BodyExceedsLimit(_) => "ответ длиннее 64 КиБ",
        _ => "ответ не читается",
    }
}
