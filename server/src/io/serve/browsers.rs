//! The browsers' audio: the plane, and the API's way to it.

use std::sync::Arc;

use anyhow::Context as _;
use events::Pii;
use sip_gateway::boundary::{BrowserEvent, SessionId, SessionOwner, TextEvent};
use sip_gateway::io::{OpenError, WebRtcConfig, WebRtcPlane};
use tokio::sync::mpsc;

use crate::api::{BrowserAudio, PageNews, Typed};
use crate::config::Config;
use crate::io::engine::Inbox;
use crate::io::pages::Pages;
use crate::switchboard::Input;

/// Binds the addresses of browsers' audio; none if none are configured.
pub(super) fn plane(config: &Config, inbox: &Inbox) -> anyhow::Result<Option<Arc<WebRtcPlane>>> {
    if config.browser.audio.is_empty() {
        return Ok(None);
    }
    let wanted = WebRtcConfig {
        addresses: config.browser.audio.clone(),
        advertised: config.browser.advertised,
        media: config.sip.advertised.unwrap_or(config.media.address),
        max_sessions: config.browser.max_sessions,
    };
    let inbox = inbox.clone();
    let plane = WebRtcPlane::start(wanted, move |event| inbox.push(Input::Browser(event)));
    let plane =
        plane.context("адрес звука браузеров занят или недоступен: измените [browser] audio")?;
    Ok(Some(Arc::new(plane)))
}

/// The API's way to the browsers' audio.
pub(super) struct Audio {
    pub(super) plane: Option<Arc<WebRtcPlane>>,
    pub(super) inbox: Inbox,
    pub(super) pages: Arc<Pages>,
}

impl BrowserAudio for Audio {
    fn is_on(&self) -> bool {
        self.plane.is_some()
    }

    fn open(&self, owner: SessionOwner, offer: &str) -> Result<(SessionId, String), String> {
        let Some(plane) = &self.plane else {
            return Err("Телефон в браузере выключен: нужен ключ audio в [browser]".to_owned());
        };
        plane.open(owner, offer).map_err(|error| match error {
            OpenError::Full => {
                "Слишком много открытых страниц со звуком: повторите позже".to_owned()
            }
            OpenError::Offer(why) => {
                tracing::info!(why, "предложение браузера не подошло");
                "Браузер предложил звук, который служба не понимает: обновите страницу".to_owned()
            }
            OpenError::System(error) => {
                tracing::error!(error, "нет порта для звука браузера");
                "Звук браузера сейчас не открывается: сообщите администратору".to_owned()
            }
        })
    }

    fn close(&self, session: SessionId) {
        self.pages.forget(session);
        if let Some(plane) = &self.plane {
            plane.close(session);
        }
    }

    fn tell(&self, event: BrowserEvent) {
        self.inbox.push(Input::Browser(event));
    }

    fn listen(&self, session: SessionId) -> mpsc::Receiver<PageNews> {
        self.pages.listen(session)
    }

    fn types(&self, session: SessionId, typed: Typed) {
        let Some(leg) = self.pages.leg_of(session) else {
            return;
        };
        let event = match typed {
            Typed::Begun => TextEvent::Begun { leg },
            Typed::Line(line) => TextEvent::Line {
                leg,
                line: Pii::new(line),
            },
        };
        self.inbox.push(Input::Text(event));
    }
}
