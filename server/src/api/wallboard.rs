//! The wallboard on a large screen in the hall, without anybody's login.
//!
//! An administrator lets a screen in and gets a token, once; the server keeps its SHA-256. The token
//! opens one thing only, this stream, which takes nothing and holds no names. The page has it in the
//! fragment of its address, which no browser sends, and tells it in the connection's first message.

use std::time::Duration;

use axum::Json;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use events::{Act, Pii};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::time::{MissedTickBehavior, interval};
use utoipa::ToSchema;

use super::body::Body;
use super::problem::{Problem, ProblemBody};
use super::session::SignedIn;
use super::{Api, BODY_MAX_BYTES};
use crate::desk::{SCREENS_MAX, ScreenView, WallView};

/// Connections at once, those that have not shown their token yet included.
pub(super) const CONNECTIONS_MAX: usize = 100;
/// Whoever has shown no token by then is gone.
const TOKEN_WAIT: Duration = Duration::from_secs(10);
/// Views follow each other no faster than this.
const PACE: Duration = Duration::from_millis(500);
/// The page is told something this often, though nothing changed; it answers or is gone.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A title is no longer than this.
const TITLE_MAX_CHARS: usize = 60;
/// Close code: this token opens nothing (any more).
const CLOSED: u16 = 4401;
/// Close code: the page was silent.
const SILENT: u16 = 4408;

/// A screen to let in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreenBody {
    /// What people call it: where it hangs.
    title: String,
}

/// A screen that was let in.
#[derive(Serialize, ToSchema)]
pub(super) struct ScreenToken {
    /// The address that opens it, without the server's name; holds the token and is never shown again.
    path: String,
}

/// Экраны, которым открыто табло
#[utoipa::path(get, path = "/api/v1/wallboard/screens", tag = "Администратор",
    responses(
        (status = 200, description = "Экраны; без токенов", body = [ScreenView]),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
    ))]
pub(super) async fn list(State(api): State<Api>) -> Json<Vec<ScreenView>> {
    Json(api.desk().screens())
}

/// Открыть табло экрану: адрес с токеном показывают один раз
#[utoipa::path(post, path = "/api/v1/wallboard/screens", tag = "Администратор", request_body = ScreenBody,
    responses(
        (status = 200, description = "Адрес для экрана", body = ScreenToken),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 409, description = "Экранов уже слишком много", body = ProblemBody),
        (status = 422, description = "Название пустое или длинное", body = ProblemBody),
    ))]
pub(super) async fn open(
    State(api): State<Api>,
    by: SignedIn,
    Body(ScreenBody { title }): Body<ScreenBody>,
) -> Result<Json<ScreenToken>, Problem> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE_MAX_CHARS {
        let what = format!("Назовите экран: от 1 до {TITLE_MAX_CHARS} знаков");
        return Err(Problem::malformed(what));
    }
    if api.desk().screens().len() >= SCREENS_MAX {
        let what = format!("Экранов уже {SCREENS_MAX}: закройте табло тем, которых больше нет");
        return Err(Problem::refused(what));
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| Problem::unavailable(error.to_string()))?;
    let token = hex(&secret);
    let act = Act::ScreenOpened {
        title: title.to_owned(),
        hash: Pii::new(hash(&token)),
    };
    api.administer(by.operator, act).await?;
    let path = format!("/wallboard#{token}");
    Ok(Json(ScreenToken { path }))
}

/// Закрыть табло экрану
#[utoipa::path(delete, path = "/api/v1/wallboard/screens/{id}", tag = "Администратор",
    params(("id" = u64, Path, description = "Номер экрана")),
    responses(
        (status = 204, description = "Экран погаснет сразу"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Только для администратора", body = ProblemBody),
        (status = 404, description = "Такого экрана нет", body = ProblemBody),
    ))]
pub(super) async fn close(
    State(api): State<Api>,
    by: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    let screens = api.desk().screens();
    let screen = screens.into_iter().find(|screen| screen.id == id);
    let screen = screen.ok_or_else(|| Problem::not_found("Такого экрана нет"))?;
    let act = Act::ScreenClosed {
        screen: id,
        title: screen.title,
    };
    api.administer(by.operator, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Табло вживую для экрана (WebSocket): первое сообщение — токен, дальше только читать
#[utoipa::path(get, path = "/api/v1/wallboard/live", tag = "Старший смены",
    responses(
        (status = 101, description = "Соединение открыто; чужой токен закроет его с кодом 4401"),
        (status = 403, description = "Чужая страница", body = ProblemBody),
        (status = 503, description = "Слишком много соединений", body = ProblemBody),
    ))]
pub(super) async fn live(
    State(api): State<Api>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let place = api.walls.clone().try_acquire_owned();
    let place = place.map_err(|_| Problem::unavailable("Слишком много экранов сразу"))?;
    let upgrade = upgrade.max_message_size(BODY_MAX_BYTES);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let wall = Wall { api, socket };
        // A page that is gone needs no goodbye.
        let _ = wall.run().await;
        drop(place);
    }))
}

struct Wall {
    api: Api,
    socket: WebSocket,
}

/// The socket is closed, or shall be.
struct Gone;

#[derive(Serialize)]
struct ToScreen<'a> {
    board: &'a WallView,
}

impl Wall {
    async fn run(mut self) -> Result<(), Gone> {
        let hash = self.token().await?;
        let mut changed = self.api.house.changed.clone();
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut is_due, mut is_answered) = (true, true);
        let mut sent: Option<WallView> = None;
        loop {
            tokio::select! {
                news = changed.changed() => {
                    news.map_err(|_| Gone)?;
                    is_due = true;
                }
                _ = pace.tick(), if is_due => {
                    is_due = false;
                    self.push(&hash, &mut sent).await?;
                }
                message = self.socket.recv() => {
                    is_answered = true;
                    match message.ok_or(Gone)?.map_err(|_| Gone)? {
                        Message::Ping(_) | Message::Pong(_) => {}
                        // Read-only: whoever says more than the token is none of ours.
                        Message::Text(_) | Message::Binary(_) | Message::Close(_) => return Err(Gone),
                    }
                }
                _ = ping.tick() => {
                    if !std::mem::take(&mut is_answered) {
                        return self.close(SILENT).await;
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                    (sent, is_due) = (None, true);
                }
            }
        }
    }

    /// The hash of a token that opens something.
    async fn token(&mut self) -> Result<String, Gone> {
        let first = tokio::time::timeout(TOKEN_WAIT, self.socket.recv()).await;
        let first = first.map_err(|_| Gone)?.ok_or(Gone)?.map_err(|_| Gone)?;
        let Message::Text(token) = first else {
            return Err(Gone);
        };
        Ok(hash(token.trim()))
    }

    async fn push(&mut self, hash: &str, sent: &mut Option<WallView>) -> Result<(), Gone> {
        let view = {
            let desk = self.api.desk();
            desk.screen(hash).map(|_| desk.wall(self.api.now()))
        };
        let Some(view) = view else {
            self.close(CLOSED).await?;
            return Err(Gone);
        };
        let is_same = sent.as_ref().is_some_and(|sent| {
            *sent
                == WallView {
                    now_ms: sent.now_ms,
                    ..view.clone()
                }
        });
        if !is_same {
            let text = serde_json::to_string(&ToScreen { board: &view }).map_err(|_| Gone)?;
            self.send(Message::Text(text.into())).await?;
            *sent = Some(view);
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        self.socket.send(message).await.map_err(|_| Gone)
    }

    async fn close(&mut self, code: u16) -> Result<(), Gone> {
        let reason = "".into();
        self.send(Message::Close(Some(CloseFrame { code, reason })))
            .await
    }
}

/// What the server keeps of a token: it has 256 random bits, so that nobody guesses from the hash.
fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
