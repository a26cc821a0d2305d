//! Sockets: SIP, text, media. What they bring goes to the loop.

use anyhow::Context as _;
use sip_gateway::io::{MediaPlane, MediaPlaneConfig, TextPlane, TransportConfig, Transports};

use crate::config::Config;
use crate::io::engine::Inbox;
use crate::switchboard::Input;

/// SIP.
pub(super) fn transports(config: &Config, inbox: &Inbox) -> anyhow::Result<Transports> {
    let wanted = TransportConfig {
        udp: vec![config.sip.udp],
        tcp: vec![config.sip.tcp],
        ..TransportConfig::default()
    };
    let inbox = inbox.clone();
    Transports::start(&wanted, move |input| inbox.push_sip(input)).with_context(|| {
        format!(
            "порт SIP {} занят или недоступен: остановите другую программу или измените [sip] udp и tcp",
            config.sip.udp
        )
    })
}

/// Real-time text.
pub(super) fn texts(seed: u64, inbox: &Inbox) -> anyhow::Result<TextPlane> {
    let inbox = inbox.clone();
    TextPlane::start(seed, move |event| inbox.push(Input::Text(event)))
        .context("поток текста не запускается")
}

/// RTP.
pub(super) fn plane(config: &Config, seed: u64, inbox: &Inbox) -> anyhow::Result<MediaPlane> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = match config.media.threads {
        0 => cores.saturating_sub(1).max(1),
        chosen => chosen,
    };
    let wanted = MediaPlaneConfig {
        threads,
        seed,
        cname: "liniya".into(),
    };
    let inbox = inbox.clone();
    MediaPlane::start(&wanted, move |event| inbox.push(Input::Media(event)))
        .context("потоки медиа не запускаются")
}
