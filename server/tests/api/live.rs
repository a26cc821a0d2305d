//! The live desk, by a real WebSocket on loopback.

use std::net::{SocketAddr, TcpStream};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Message, WebSocket};

use crate::client::{cookie_of, get, post};
use crate::house::House;

type Desk = WebSocket<TcpStream>;

async fn serve(house: &House) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = house
        .app
        .clone()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Opens the live desk, or tells the status that was given instead.
fn open(address: SocketAddr, cookie: &str, origin: &str, query: &str) -> Result<Desk, u16> {
    connect(
        address,
        cookie,
        origin,
        &format!("/api/v1/desk/live{query}"),
    )
}

fn connect(address: SocketAddr, cookie: &str, origin: &str, path: &str) -> Result<Desk, u16> {
    let url = format!("ws://{address}{path}");
    let mut request = url.into_client_request().unwrap();
    request
        .headers_mut()
        .insert("cookie", cookie.parse().unwrap());
    request
        .headers_mut()
        .insert("origin", origin.parse().unwrap());
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    match tungstenite::client(request, stream) {
        Ok((desk, _)) => Ok(desk),
        Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(response))) => {
            Err(response.status().as_u16())
        }
        Err(other) => panic!("{other}"),
    }
}

/// The next message that is a text.
fn next(desk: &mut Desk) -> Value {
    loop {
        if let Message::Text(text) = desk.read().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_is_pushed_when_it_changes_and_takes_commands() {
    let mut house = House::new(Err("укажите итог разговора и потребность клиента"));
    house.on_duty("talk");
    let address = serve(&house).await;
    let cookie = cookie_of(&house.app, "talk").await;
    let origin = format!("http://{address}");
    let mut desk =
        tokio::task::spawn_blocking(move || open(address, &cookie, &origin, "").unwrap())
            .await
            .unwrap();
    let [own, room] = begins(&mut desk);
    assert_eq!(own["operator"]["state"], "ready");
    assert_eq!(room["queues"][0]["ready"], 1);

    house
        .asks(17, "scrap_licence", "лицензия на лом")
        .rings(17, "talk");
    let ringing = loop {
        let seen = next_with(&mut desk, "desk");
        if seen["desk"]["call"].is_object() {
            break seen;
        }
    };
    assert_eq!(ringing["desk"]["call"]["stage"], "ringing");
    assert_eq!(
        ringing["desk"]["call"]["heard"][0]["text"],
        "лицензия на лом"
    );

    let wish = json!({ "id": 7, "command": { "command": "finish_wrap_up" } });
    desk.send(Message::text(wish.to_string())).unwrap();
    let reply = next_with(&mut desk, "reply");
    assert_eq!(reply["reply"]["id"], 7);
    assert_eq!(reply["reply"]["ok"], false);
    assert_eq!(
        reply["reply"]["error"],
        "укажите итог разговора и потребность клиента"
    );
    assert_eq!(house.wishes.lock().unwrap().len(), 1);

    desk.send(Message::text(r#"{"id":8,"command":{"command":"fly"}}"#))
        .unwrap();
    let reply = next_with(&mut desk, "reply");
    assert_eq!(
        (&reply["reply"]["id"], &reply["reply"]["ok"]),
        (&json!(8), &json!(false))
    );
    assert_eq!(house.wishes.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_desk_is_closed_when_its_session_is() {
    let mut house = House::new(Ok(()));
    let address = serve(&house).await;
    let cookie = cookie_of(&house.app, "talk").await;
    let origin = format!("http://{address}");
    let mut desk =
        tokio::task::spawn_blocking(move || open(address, &cookie, &origin, "").unwrap())
            .await
            .unwrap();
    begins(&mut desk);
    house.after_s(13 * 3_600).on_duty("talk");
    assert_eq!(closed(&mut desk), 4401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_gets_the_board_with_it_and_others_do_not() {
    let mut house = House::new(Ok(()));
    house.morning();
    let address = serve(&house).await;
    let (boss, talk) = (
        cookie_of(&house.app, "boss").await,
        cookie_of(&house.app, "talk").await,
    );
    let ours = format!("http://{address}");
    let (board, refused, foreign, stranger) = tokio::task::spawn_blocking(move || {
        let mut desk = open(address, &boss, &ours, "?board=true").unwrap();
        (
            next_with(&mut desk, "board"),
            open(address, &talk, &ours, "?board=true").map(drop),
            open(address, &talk, "http://evil.example", "").map(drop),
            open(address, "", &ours, "").map(drop),
        )
    })
    .await
    .unwrap();
    assert_eq!(board["board"]["operators"].as_array().unwrap().len(), 6);
    assert_eq!((refused, foreign, stranger), (Err(403), Err(403), Err(401)));
}

/// What every page is told first, in any order: its own desk, and the room.
fn begins(desk: &mut Desk) -> [Value; 2] {
    let first = [next(desk), next(desk)];
    ["desk", "room"].map(|key| {
        let mut said = first.iter();
        said.find_map(|message| message.get(key)).unwrap().clone()
    })
}

/// The next message with this key.
fn next_with(desk: &mut Desk, key: &str) -> Value {
    loop {
        let message = next(desk);
        if message == key || !message[key].is_null() {
            return message;
        }
    }
}

fn tell(desk: &mut Desk, message: &Value) {
    desk.send(Message::text(message.to_string())).unwrap();
}

/// What was asked of the browsers' audio, once that much was.
fn asked(house: &House, count: usize) -> Vec<String> {
    let mut all = Vec::new();
    while all.len() < count {
        all.extend(house.audio.said());
        std::thread::yield_now();
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_phone_is_in_the_newest_page_and_goes_with_it() {
    let mut house = House::new(Ok(()));
    house.on_duty("talk");
    let address = serve(&house).await;
    let cookie = cookie_of(&house.app, "talk").await;
    let origin = format!("http://{address}");
    tokio::task::spawn_blocking(move || {
        let page = || open(address, &cookie, &origin, "").unwrap();
        let (mut first, mut second) = (page(), page());
        tell(&mut first, &json!({"id": 1, "audio": {"offer": "bad"}}));
        let refused = next_with(&mut first, "reply");
        assert_eq!(refused["reply"]["error"], "обновите страницу");
        tell(&mut first, &json!({"id": 2, "audio": {"offer": "one"}}));
        let opened = next_with(&mut first, "reply");
        assert_eq!(opened["reply"]["answer"], "answer to one");
        tell(&mut second, &json!({"id": 1, "audio": {"offer": "three"}}));
        next_with(&mut second, "reply");
        assert_eq!(next_with(&mut first, "phone_taken"), "phone_taken");
        let account = "open for Account(\"talk\")";
        assert_eq!(asked(&house, 3), [account, account, "close 3"]);
        tell(&mut second, &json!({"id": 2, "audio": "leave"}));
        next_with(&mut second, "reply");
        assert_eq!(asked(&house, 2), ["Left { account: \"talk\" }", "close 5"]);
        tell(&mut second, &json!({"id": 3, "audio": {"offer": "again"}}));
        next_with(&mut second, "reply");
        drop(second);
        assert_eq!(
            asked(&house, 2),
            [account, "close 5"],
            "with the connection"
        );
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_calls_types_and_hears_how_it_goes() {
    let house = House::new(Ok(()));
    let address = serve(&house).await;
    let origin = format!("http://{address}");
    tokio::task::spawn_blocking(move || {
        let page = || connect(address, "", &origin, "/api/v1/visit").unwrap();
        let mut page_one = page();
        tell(
            &mut page_one,
            &json!({"call": {"offer": "seven", "writes": true}}),
        );
        assert_eq!(next(&mut page_one)["answer"], "answer to seven");
        let calls = "Calls { session: SessionId(5), dialled: \"100\", writes: true }";
        assert_eq!(asked(&house, 2), ["open for Visitor", calls]);
        house.audio.news(5, liniya::api::PageNews::Ringing);
        assert_eq!(next(&mut page_one), json!({"news": "ringing"}));
        let line = liniya::api::PageNews::Line("Здравствуйте".into());
        house.audio.news(5, line);
        assert_eq!(next(&mut page_one)["news"]["line"], "Здравствуйте");
        tell(&mut page_one, &json!("typing"));
        tell(&mut page_one, &json!({"line": " меня\u{7} зовут \n"}));
        tell(&mut page_one, &json!({"line": "  "}));
        tell(&mut page_one, &json!("hang_up"));
        assert_eq!(
            asked(&house, 3),
            [
                "5 types Begun",
                "5 types Line(\"меня зовут\")",
                "HangsUp { session: SessionId(5) }"
            ]
        );
        tell(&mut page_one, &json!({"fly": 1}));
        assert!(next(&mut page_one)["error"].is_string());
        let (_second, mut third) = (page(), page());
        let full = next(&mut third);
        assert!(full["error"].as_str().unwrap().contains("слишком много"));
        house.audio.news(5, liniya::api::PageNews::Ended);
        assert_eq!(next(&mut page_one), json!({"news": "ended"}));
        assert_eq!(asked(&house, 1), ["close 5"]);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_in_the_hall_sees_sums_until_it_is_closed() {
    let mut house = House::new(Ok(()));
    house.on_duty("talk");
    house.asks(17, "scrap_licence", "лицензия на лом");
    let address = serve(&house).await;
    let chief = cookie_of(&house.app, "chief").await;
    let made = post(
        &house.app,
        "/api/v1/wallboard/screens",
        &chief,
        r#"{"title":"Зал, у входа"}"#,
    )
    .await;
    let path = made.json()["path"].as_str().unwrap().to_owned();
    let token = path.strip_prefix("/wallboard#").unwrap().to_owned();
    assert_eq!(token.len(), 64);
    let listed = get(&house.app, "/api/v1/wallboard/screens", &chief).await;
    let trail = get(&house.app, "/api/v1/audit?kind=screen", &chief).await;
    for text in [&listed.text, &trail.text] {
        assert!(
            text.contains("Зал, у входа") && !text.contains(&token),
            "{text}"
        );
    }
    let origin = format!("http://{address}");
    let screen = |token: String| {
        let origin = origin.clone();
        tokio::task::spawn_blocking(move || {
            let mut wall = connect(address, "", &origin, "/api/v1/wallboard/live").unwrap();
            wall.send(Message::text(token)).unwrap();
            wall
        })
    };
    let mut wall = screen(token.clone()).await.unwrap();
    let seen = next(&mut wall);
    assert_eq!(seen["board"]["queues"][0]["waiting"], 1);
    let operators = seen["board"]["operators"].as_array().unwrap();
    assert!(operators.iter().any(|one| one["state"] == "ready"));
    let text = seen.to_string();
    assert!(
        !text.contains("Алиев") && !text.contains("talk") && !text.contains("9991230017"),
        "no names in the hall: {text}"
    );
    let id = listed.json()[0]["id"].as_u64().unwrap();
    let path = format!("/api/v1/wallboard/screens/{id}");
    let supervisor = cookie_of(&house.app, "boss").await;
    for (who, status) in [(&supervisor, 403), (&chief, 204), (&chief, 404)] {
        let reply = crate::roles::ask(&house, "DELETE", &path, who, "").await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    }
    house.after_s(1).on_duty("ring");
    assert_eq!(closed(&mut wall), 4401);
    let mut late = screen(token).await.unwrap();
    assert_eq!(closed(&mut late), 4401);
    let mut guess = screen("0".repeat(64)).await.unwrap();
    assert_eq!(closed(&mut guess), 4401);
}

#[tokio::test]
async fn a_screen_has_a_name() {
    let house = House::new(Ok(()));
    let chief = cookie_of(&house.app, "chief").await;
    let long = "а".repeat(61);
    for title in ["", "  ", &long] {
        let body = json!({ "title": title }).to_string();
        let reply = post(&house.app, "/api/v1/wallboard/screens", &chief, &body).await;
        assert_eq!(reply.status.as_u16(), 422, "{title}");
    }
}

/// The code with which the server closed; nothing more is told before.
fn closed(desk: &mut Desk) -> u16 {
    loop {
        match desk.read().unwrap() {
            Message::Close(frame) => return frame.unwrap().code.into(),
            Message::Text(text) => panic!("nothing more is told: {text}"),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}
