//! `[browser]`: the operator's phone in the browser, and the page from which visitors call.

use std::net::{IpAddr, SocketAddr};

use serde::Deserialize;

/// `[browser]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrowserConfig {
    /// UDP addresses where browsers' audio is received; none: no phone in the browser.
    pub audio: Vec<SocketAddr>,
    /// The address that browsers reach them at, if it is not the listening one.
    pub advertised: Option<IpAddr>,
    /// Pages with audio at once, operators' and visitors'.
    pub max_sessions: usize,
    /// How long a page that was closed or reloaded is waited for, seconds.
    pub grace_s: u64,
    /// The line that visitors of `/call` call, by its number; empty: no such page.
    pub visitor_line: String,
    /// Visitors' calls at once.
    pub visitors: usize,
    /// Visitors' calls at once from one address.
    pub visitors_per_address: usize,
}

impl Default for BrowserConfig {
    fn default() -> Self {
        Self {
            audio: Vec::new(),
            advertised: None,
            max_sessions: 500,
            grace_s: 20,
            visitor_line: String::new(),
            visitors: 50,
            visitors_per_address: 3,
        }
    }
}

impl BrowserConfig {
    /// What is wrong: the key, and what to do.
    pub(super) fn mistake(&self, lines: &[super::Line]) -> Option<(&'static str, String)> {
        let nowhere = self.audio.iter().find(|a| a.ip().is_unspecified());
        if let (Some(address), None) = (nowhere, self.advertised) {
            let what = format!(
                "browser.audio: {address} — не адрес: браузеру нужен настоящий. Назовите адреса \
                 этого компьютера или задайте advertised"
            );
            return Some(("audio", what));
        }
        if self.visitor_line.is_empty() {
            return None;
        }
        if self.audio.is_empty() {
            let what = "browser.visitor_line: для страницы /call нужны адреса звука, audio";
            return Some(("visitor_line", what.to_owned()));
        }
        let number = &self.visitor_line;
        let known = lines.iter().any(|line| line.number == *number);
        let unknown = || format!("browser.visitor_line: линии «{number}» нет среди [[line]]");
        (!known).then(|| ("visitor_line", unknown()))
    }
}
