//! The live desk: a WebSocket that pushes the view when it changes and takes commands.
//!
//! From the server: `{"desk": …}`, at once; `{"room": …}`, the queues and colleagues, up to a second
//! later; with `?board=true` for those who may see it also
//! `{"board": …}` (and `{"floor": …}` if they may change the room), and `{"reply": {"id", "ok", "error", "code"}}`. From the page:
//! `{"id": 1, "command": {"command": "ready"}}`.
//!
//! The phone in the browser: `{"id": 2, "audio": {"offer": SDP}}` is replied to with the `answer`,
//! `{"id": 3, "audio": "leave"}` gives the phone up, and `"phone_taken"` tells that another page of
//! the operator's has it now.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use events::OperatorId;
use serde::{Deserialize, Serialize};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::audio::{AudioAsk, PagePhone};
use super::body::Asked;
use super::commands::carry_out;
use super::desk_command::DeskCommand;
use super::problem::{Problem, ProblemBody};
use super::room::ROOM_PACE;
use super::session::SignedIn;
use super::{Api, BODY_MAX_BYTES};
use crate::desk::{BoardView, DeskView, FloorView};
use crate::organisation::Right;

/// A desk's views follow each other no faster than this: somebody's change wakes every desk.
const DESK_PACE: Duration = Duration::from_millis(20);
/// The same of the board: it is long.
const BOARD_PACE: Duration = Duration::from_millis(250);
/// A page that has not answered a ping when the next is due is gone.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Close code: log in again.
const SIGNED_OUT: u16 = 4401;
/// Close code: the page was silent.
const SILENT: u16 = 4408;

#[derive(Deserialize)]
pub(super) struct LiveQuery {
    #[serde(default)]
    board: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ToPage {
    Desk(Box<DeskView>),
    Board(Box<BoardView>),
    Floor(Box<FloorView>),
    Reply(Reply),
    PhoneTaken,
}

#[derive(Serialize)]
struct Reply {
    id: u64,
    ok: bool,
    error: Option<String>,
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

#[derive(Deserialize)]
struct FromPage {
    id: u64,
    #[serde(flatten)]
    wish: Wish,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wish {
    Command(DeskCommand),
    Audio(AudioAsk),
}

/// Рабочее место вживую (WebSocket)
#[utoipa::path(get, path = "/api/v1/desk/live", tag = "Рабочее место",
    params(("board" = Option<bool>, Query, description = "Присылать и табло смены")),
    responses(
        (status = 101, description = "Соединение открыто"),
        (status = 401, description = "Нужен вход", body = ProblemBody),
        (status = 403, description = "Чужая страница, или табло не для старшего", body = ProblemBody),
    ))]
pub(super) async fn open(
    State(api): State<Api>,
    by: SignedIn,
    Asked(query): Asked<LiveQuery>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    if query.board {
        api.require(&by.operator, Right::SeeRoom)?;
    }
    let manages = api.require(&by.operator, Right::ManageRoom).is_ok();
    let upgrade = upgrade.max_message_size(BODY_MAX_BYTES);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let mut live = Live {
            api,
            by,
            socket,
            board: query.board,
            floor: query.board && manages,
            sent: Sent::default(),
            phone: None,
        };
        // A page that is gone needs no goodbye.
        let _ = live.run().await;
    }))
}

struct Live {
    api: Api,
    by: SignedIn,
    socket: WebSocket,
    board: bool,
    /// Whether those who wait are shown with what they said.
    floor: bool,
    sent: Sent,
    /// Closed with the connection.
    phone: Option<PagePhone>,
}

/// What the page has: the same is not sent twice.
#[derive(Default)]
struct Sent {
    desk: Option<DeskView>,
    room: Option<Utf8Bytes>,
    board: Option<BoardView>,
    floor: Option<FloorView>,
}

/// Looked at again when something changed, but no faster than its pace.
struct Paced {
    pace: Interval,
    is_due: bool,
}

impl Paced {
    fn every(period: Duration) -> Self {
        Self {
            pace: every(period),
            is_due: true,
        }
    }

    /// When it is to be looked at; it is not due again then.
    async fn due(&mut self) {
        if !self.is_due {
            std::future::pending::<()>().await;
        }
        self.pace.tick().await;
        self.is_due = false;
    }
}

/// The socket is closed, or shall be.
struct Gone;

impl Live {
    async fn run(&mut self) -> Result<(), Gone> {
        let mut changed = self.api.house.changed.clone();
        let mut desk = Paced::every(DESK_PACE);
        let mut room = Paced::every(ROOM_PACE);
        let mut board = Paced::every(BOARD_PACE);
        board.is_due = self.board;
        let mut ping = every(PING_EVERY);
        let mut is_answered = true;
        loop {
            tokio::select! {
                news = changed.changed() => {
                    news.map_err(|_| Gone)?;
                    (desk.is_due, room.is_due, board.is_due) = (true, true, self.board);
                }
                () = desk.due() => self.push_desk().await?,
                () = room.due() => room.is_due = !self.push_room().await?,
                () = board.due() => self.push_board().await?,
                message = self.socket.recv() => {
                    is_answered = true;
                    let message = message.ok_or(Gone)?.map_err(|_| Gone)?;
                    self.take(message).await?;
                }
                () = taken(&mut self.phone) => {
                    self.phone = None;
                    self.say(&ToPage::PhoneTaken).await?;
                }
                _ = ping.tick() => {
                    if !std::mem::take(&mut is_answered) {
                        return self.close(SILENT, "").await;
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                    // Once more, though nothing changed: a page that hears nothing knows
                    // that the connection is lost, and its clock is set right.
                    self.sent = Sent::default();
                    (desk.is_due, room.is_due, board.is_due) = (true, true, self.board);
                }
            }
        }
    }

    async fn push_desk(&mut self) -> Result<(), Gone> {
        let Some(operator) = self.still_signed_in().await? else {
            return Ok(());
        };
        let view = self.api.desk().view(&operator, self.api.now());
        if let Some(view) = view.filter(|view| !is_same_desk(self.sent.desk.as_ref(), view)) {
            self.sent.desk = Some(view.clone());
            self.say(&ToPage::Desk(Box::new(view))).await?;
        }
        Ok(())
    }

    /// Whether the page knows the newest now.
    async fn push_room(&mut self) -> Result<bool, Gone> {
        self.still_signed_in().await?;
        let room = self.api.room();
        if self.sent.room.as_ref() != Some(&room.text) {
            self.sent.room = Some(room.text.clone());
            self.send(Message::Text(room.text)).await?;
        }
        Ok(room.is_current)
    }

    async fn push_board(&mut self) -> Result<(), Gone> {
        self.still_signed_in().await?;
        let view = self.api.desk().board(self.api.now());
        if !is_same_board(self.sent.board.as_ref(), &view) {
            self.sent.board = Some(view.clone());
            self.say(&ToPage::Board(Box::new(view))).await?;
        }
        if self.floor {
            let view = self.api.desk().floor(self.api.now());
            if !is_same_floor(self.sent.floor.as_ref(), &view) {
                self.sent.floor = Some(view.clone());
                self.say(&ToPage::Floor(Box::new(view))).await?;
            }
        }
        Ok(())
    }

    async fn take(&mut self, message: Message) -> Result<(), Gone> {
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Binary(_) | Message::Close(_) => return Err(Gone),
        };
        let Some(operator) = self.still_signed_in().await? else {
            return Ok(());
        };
        let may = self.api.require(&operator, Right::TakeCalls);
        let reply = match serde_json::from_str::<FromPage>(&text) {
            Ok(FromPage { id, .. }) if let Err(problem) = &may => Reply::no(id, problem),
            Ok(FromPage {
                id,
                wish: Wish::Command(command),
            }) => reply(&self.api, operator, id, command).await,
            Ok(FromPage {
                id,
                wish: Wish::Audio(ask),
            }) => self.audio(operator, id, ask).await,
            Err(error) => {
                let problem = Problem::malformed(format!("Команда не понята: {error}"));
                Reply::no(id_of(&text), &problem)
            }
        };
        self.say(&ToPage::Reply(reply)).await
    }

    /// The phone in the browser: opened anew, or given up.
    async fn audio(&mut self, operator: OperatorId, id: u64, ask: AudioAsk) -> Reply {
        match ask {
            AudioAsk::Offer(offer) => match PagePhone::open(&self.api, operator, offer).await {
                Ok((phone, answer)) => {
                    self.phone = Some(phone);
                    Reply {
                        answer: Some(answer),
                        ..Reply::yes(id)
                    }
                }
                Err(problem) => Reply::no(id, &problem),
            },
            AudioAsk::Leave => {
                if let Some(phone) = self.phone.take() {
                    phone.leave();
                }
                Reply::yes(id)
            }
        }
    }

    async fn still_signed_in(&mut self) -> Result<Option<OperatorId>, Gone> {
        let operator = self.api.sessions.operator(self.api.now(), &self.by.ticket);
        if operator.is_none() {
            self.close(SIGNED_OUT, "signed_out").await?;
            return Err(Gone);
        }
        Ok(operator)
    }

    async fn say(&mut self, message: &ToPage) -> Result<(), Gone> {
        let text = serde_json::to_string(message).map_err(|_| Gone)?;
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        self.socket.send(message).await.map_err(|_| Gone)
    }

    async fn close(&mut self, code: u16, reason: &'static str) -> Result<(), Gone> {
        self.send(Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        })))
        .await
    }
}

async fn reply(api: &Api, operator: OperatorId, id: u64, command: DeskCommand) -> Reply {
    match carry_out(api, operator, command).await {
        Ok(()) => Reply::yes(id),
        Err(problem) => Reply::no(id, &problem),
    }
}

/// Until another page takes this one's phone; for ever if it has none.
async fn taken(phone: &mut Option<PagePhone>) {
    match phone {
        Some(phone) => phone.replaced().await,
        None => std::future::pending().await,
    }
}

impl Reply {
    const fn yes(id: u64) -> Self {
        Self {
            id,
            ok: true,
            error: None,
            code: None,
            answer: None,
        }
    }

    fn no(id: u64, problem: &Problem) -> Self {
        Self {
            id,
            ok: false,
            error: Some(problem.text().to_owned()),
            code: Some(problem.code()),
            answer: None,
        }
    }
}

/// The number of a message whose rest was not understood; 0 if it has none.
fn id_of(text: &str) -> u64 {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value
        .get("id")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or_default()
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Whether a page that counts by itself would show the same.
fn is_same_desk(sent: Option<&DeskView>, new: &DeskView) -> bool {
    let Some(sent) = sent else { return false };
    let mut like_sent = new.clone();
    like_sent.now_ms = sent.now_ms;
    if let (Some(old), Some(new)) = (&sent.call, &mut like_sent.call)
        && new.waited.is_waiting
        && old.waited.is_waiting
    {
        new.waited = old.waited;
    }
    like_sent == *sent
}

fn is_same_floor(sent: Option<&FloorView>, new: &FloorView) -> bool {
    sent.is_some_and(|sent| sent.waiting == new.waiting && sent.messages == new.messages)
}

fn is_same_board(sent: Option<&BoardView>, new: &BoardView) -> bool {
    let Some(sent) = sent else { return false };
    BoardView {
        now_ms: sent.now_ms,
        ..new.clone()
    } == *sent
}
