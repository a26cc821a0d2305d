//! Visitors: the page `/call`, and the connection by which it calls a line with audio, keys and
//! text.
//!
//! From the page: `{"call": {"offer": SDP, "writes": true}}` first, then `"typing"`,
//! `{"line": "…"}`, `"hang_up"`. From the server: `{"answer": SDP}`, `{"news": "ringing"}`
//! (`answered`, `ended`, `refused`, `{"line": "…"}`) and `{"error": "…"}`.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{Method, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use sip_gateway::boundary::{BrowserEvent, SessionId, SessionOwner};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::audio::{PageNews, Typed};
use super::console;
use super::limits::network;
use super::problem::{Problem, ProblemBody};
use super::{Api, BODY_MAX_BYTES};

/// A line of a visitor's is no longer than this.
const LINE_MAX_CHARS: usize = 500;
/// Messages of one visitor in a minute; beyond it they are not read until the next.
const MESSAGES_A_MINUTE: u32 = 120;
/// A page that has not answered a ping when the next is due is gone.
const PING_EVERY: Duration = Duration::from_secs(15);

/// Who may call from the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorRules {
    /// The line that is called, by its number.
    pub line: String,
    /// Calls at once.
    pub at_once: usize,
    /// Calls at once from one address.
    pub per_address: usize,
}

/// Visitors' connections, by address.
#[derive(Debug, Default)]
pub(super) struct Visitors {
    open: Mutex<BTreeMap<Option<IpAddr>, usize>>,
}

/// A visitor's place; given back when dropped.
struct Place {
    visitors: Arc<Visitors>,
    address: Option<IpAddr>,
}

impl Visitors {
    fn admit(self: &Arc<Self>, rules: &VisitorRules, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(network);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.get(&address).copied().unwrap_or_default();
        if own >= rules.per_address || open.values().sum::<usize>() >= rules.at_once {
            return None;
        }
        open.insert(address, own + 1);
        let visitors = Arc::clone(self);
        Some(Place { visitors, address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let open = self.visitors.open.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Страница звонка для посетителей
#[utoipa::path(get, path = "/call", tag = "Посетители",
    responses(
        (status = 200, description = "Страница", content_type = "text/html"),
        (status = 404, description = "Страница выключена", body = ProblemBody),
    ))]
pub(super) async fn page(State(api): State<Api>) -> Result<Response, Problem> {
    if api.house.visitors.is_none() {
        return Err(Problem::not_found("Такой страницы нет"));
    }
    Ok(console::file(Method::GET, Uri::from_static("/call.html")).await)
}

/// Звонок посетителя (WebSocket)
#[utoipa::path(get, path = "/api/v1/visit", tag = "Посетители",
    responses(
        (status = 101, description = "Соединение открыто"),
        (status = 403, description = "Чужая страница", body = ProblemBody),
        (status = 404, description = "Страница выключена", body = ProblemBody),
        (status = 503, description = "Слишком много звонков", body = ProblemBody),
    ))]
pub(super) async fn open(
    State(api): State<Api>,
    source: Option<Extension<ConnectInfo<SocketAddr>>>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let rules = api.house.visitors.clone();
    let rules = rules.ok_or_else(|| Problem::not_found("Такой страницы нет"))?;
    let address = source.map(|Extension(ConnectInfo(address))| address.ip());
    let upgrade = upgrade.max_message_size(BODY_MAX_BYTES);
    let place = api.visitors.admit(&rules, address);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let mut visit = Visit {
            api,
            line: rules.line,
            socket,
            call: None,
            messages_left: MESSAGES_A_MINUTE,
        };
        // A page that is gone needs no goodbye.
        let _ = match place {
            Some(_place) => visit.run().await,
            None => visit.refuse().await,
        };
    }))
}

/// What a visitor's page says.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FromVisitor {
    Call {
        offer: String,
        #[serde(default)]
        writes: bool,
    },
    Typing,
    Line(String),
    HangUp,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ToVisitor<'a> {
    Answer(&'a str),
    News(&'a PageNews),
    Error(&'a str),
}

struct Visit {
    api: Api,
    line: String,
    socket: WebSocket,
    call: Option<Call>,
    messages_left: u32,
}

/// A call under way; closed when dropped.
struct Call {
    api: Api,
    session: SessionId,
    news: mpsc::Receiver<PageNews>,
    writes: bool,
}

impl Drop for Call {
    fn drop(&mut self) {
        self.api.house.audio.close(self.session);
    }
}

/// The connection is closed, or shall be.
struct Gone;

impl Visit {
    async fn refuse(&mut self) -> Result<(), Gone> {
        let text =
            "Сейчас с этой страницы звонит слишком много людей. Повторите через несколько минут";
        self.say(&ToVisitor::Error(text)).await
    }

    async fn run(&mut self) -> Result<(), Gone> {
        let (mut ping, mut minute) = (every(PING_EVERY), every(Duration::from_secs(60)));
        let mut is_answered = true;
        loop {
            tokio::select! {
                news = news_of(&mut self.call) => {
                    self.say(&ToVisitor::News(&news)).await?;
                    if matches!(news, PageNews::Ended | PageNews::Refused) {
                        self.call = None;
                    }
                }
                message = self.socket.recv(), if self.messages_left > 0 => {
                    is_answered = true;
                    self.messages_left -= 1;
                    self.take(message.ok_or(Gone)?.map_err(|_| Gone)?).await?;
                }
                _ = minute.tick() => self.messages_left = MESSAGES_A_MINUTE,
                _ = ping.tick() => {
                    if !std::mem::take(&mut is_answered) {
                        return Err(Gone);
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
            }
        }
    }

    async fn take(&mut self, message: Message) -> Result<(), Gone> {
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Binary(_) | Message::Close(_) => return Err(Gone),
        };
        match serde_json::from_str(&text) {
            Ok(FromVisitor::Call { offer, writes }) => self.call(offer, writes).await,
            Ok(FromVisitor::Typing) => self.types(Typed::Begun),
            Ok(FromVisitor::Line(line)) => self.line(&line),
            Ok(FromVisitor::HangUp) => {
                if let Some(call) = &self.call {
                    let session = call.session;
                    self.api.house.audio.tell(BrowserEvent::HangsUp { session });
                }
                Ok(())
            }
            Err(_) => {
                self.say(&ToVisitor::Error("Страница устарела: обновите её"))
                    .await
            }
        }
    }

    async fn call(&mut self, offer: String, writes: bool) -> Result<(), Gone> {
        if self.call.is_some() {
            return Ok(());
        }
        let audio = Arc::clone(&self.api.house.audio);
        let open = move || audio.open(SessionOwner::Visitor, &offer);
        let opened = tokio::task::spawn_blocking(open).await.map_err(|_| Gone)?;
        let (session, answer) = match opened {
            Ok(opened) => opened,
            Err(why) => return self.say(&ToVisitor::Error(&why)).await,
        };
        self.call = Some(Call {
            api: self.api.clone(),
            session,
            news: self.api.house.audio.listen(session),
            writes,
        });
        self.api.house.audio.tell(BrowserEvent::Calls {
            session,
            dialled: self.line.clone(),
            writes,
        });
        self.say(&ToVisitor::Answer(&answer)).await
    }

    fn line(&self, line: &str) -> Result<(), Gone> {
        let clean: String = line.chars().filter(|c| !c.is_control()).collect();
        let clean: String = clean.trim().chars().take(LINE_MAX_CHARS).collect();
        if clean.is_empty() {
            return Ok(());
        }
        self.types(Typed::Line(clean))
    }

    fn types(&self, typed: Typed) -> Result<(), Gone> {
        if let Some(call) = self.call.as_ref().filter(|call| call.writes) {
            self.api.house.audio.types(call.session, typed);
        }
        Ok(())
    }

    async fn say(&mut self, message: &ToVisitor<'_>) -> Result<(), Gone> {
        let text = serde_json::to_string(message).map_err(|_| Gone)?;
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        self.socket.send(message).await.map_err(|_| Gone)
    }
}

/// The next news of a call; never, if there is no call or nothing more comes.
async fn news_of(call: &mut Option<Call>) -> PageNews {
    let news = match call {
        Some(call) => call.news.recv().await,
        None => None,
    };
    match news {
        Some(news) => news,
        None => std::future::pending().await,
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn places_are_bounded_by_address_and_in_all_and_come_back() {
        let rules = VisitorRules {
            line: "100".into(),
            at_once: 3,
            per_address: 2,
        };
        let visitors = Arc::new(Visitors::default());
        let first = visitors.admit(&rules, address(1));
        let second = visitors.admit(&rules, address(1));
        assert!(first.is_some() && second.is_some());
        assert!(visitors.admit(&rules, address(1)).is_none(), "one address");
        let third = visitors.admit(&rules, address(2));
        assert!(third.is_some());
        assert!(visitors.admit(&rules, address(3)).is_none(), "all in all");
        drop(first);
        assert!(visitors.admit(&rules, address(1)).is_some());
        drop((second, third));
        assert!(visitors.open.lock().unwrap().is_empty());
    }

    #[test]
    fn pages_say_what_they_say() {
        let read = |text: &str| serde_json::from_str::<FromVisitor>(text).is_ok();
        assert!(read(r#"{"call":{"offer":"v=0","writes":true}}"#));
        assert!(read(r#""typing""#) && read(r#""hang_up""#) && read(r#"{"line":"да"}"#));
        assert!(!read(r#"{"fly":1}"#));
    }
}
