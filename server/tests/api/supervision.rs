//! A supervisor comes into a talk from the board, and everybody sees what they may.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use events::{CallId, Event, SupervisionEvent, SupervisionMode};
use liniya::switchboard::DeskAction;
use serde_json::{Value, json};

use crate::client::{Reply, cookie_of, get, post, send};
use crate::house::House;

const PATH: &str = "/api/v1/supervision";

async fn leave(house: &House, cookie: &str) -> Reply {
    let request = Request::delete(PATH).header(header::COOKIE, cookie);
    send(&house.app, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_supervisor_comes_in_and_leaves() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "boss").await;
    let wish = json!({ "call": "C17", "mode": "whisper" }).to_string();
    let reply = post(&house.app, PATH, &cookie, &wish).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text);
    assert_eq!(leave(&house, &cookie).await.status, StatusCode::NO_CONTENT);
    let expected = [
        DeskAction::Supervise {
            call: CallId(17),
            supervisor: "boss".into(),
            mode: SupervisionMode::Whisper,
        },
        DeskAction::StopSupervising {
            supervisor: "boss".into(),
        },
    ];
    assert_eq!(*house.wishes.lock().unwrap(), expected);
}

#[tokio::test]
async fn nobody_else_does_and_what_cannot_be_is_said() {
    let house = House::new(Err("разговор не идёт"));
    let wish = json!({ "call": "C17", "mode": "listen" }).to_string();
    for (login, status) in [
        ("talk", StatusCode::FORBIDDEN),
        ("analyst", StatusCode::FORBIDDEN),
        ("boss", StatusCode::CONFLICT),
    ] {
        let cookie = cookie_of(&house.app, login).await;
        let reply = post(&house.app, PATH, &cookie, &wish).await;
        assert_eq!(reply.status, status, "{login}: {}", reply.text);
    }
    let boss = cookie_of(&house.app, "boss").await;
    let shouts = json!({ "call": "C17", "mode": "shout" }).to_string();
    let reply = post(&house.app, PATH, &boss, &shouts).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let talk = cookie_of(&house.app, "talk").await;
    assert_eq!(leave(&house, &talk).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_board_the_supervisor_and_the_operator_see_it_until_it_ends() {
    let mut house = House::new(Ok(()));
    house.on_duty("talk").asks(3, "scrap_licence", "лом");
    house.rings(3, "talk").talks(3, "talk");
    let call = CallId(3);
    house.fact(Event::Supervision(SupervisionEvent::Started {
        call,
        operator: "talk".into(),
        supervisor: "boss".into(),
        mode: SupervisionMode::Listen,
    }));
    house.fact(Event::Supervision(SupervisionEvent::Changed {
        call,
        supervisor: "boss".into(),
        mode: SupervisionMode::Barge,
    }));
    let boss = cookie_of(&house.app, "boss").await;
    let talk = cookie_of(&house.app, "talk").await;
    let look = async || {
        let own = get(&house.app, "/api/v1/desk", &boss).await.json();
        let board = get(&house.app, "/api/v1/board", &boss).await.json();
        let operators = board["operators"].as_array().unwrap().clone();
        let of_talk = operators.into_iter().find(|one| one["login"] == "talk");
        let desk = get(&house.app, "/api/v1/desk", &talk).await.json();
        (
            own["supervising"].clone(),
            of_talk.unwrap()["call"]["supervision"].clone(),
            desk["call"]["supervisor"].clone(),
        )
    };
    let (own, board, operators) = look().await;
    assert_eq!(
        (own["call"].clone(), &own["mode"]),
        (json!("C3"), &json!("barge"))
    );
    assert_eq!(own, board);
    assert_eq!(operators, "Иванова Анна Сергеевна");
    house.fact(Event::Supervision(SupervisionEvent::Ended {
        call,
        supervisor: "boss".into(),
        why: events::SupervisionEnd::Left,
        supervised_ms: events::Millis(5_000),
    }));
    let look = async || {
        let own = get(&house.app, "/api/v1/desk", &boss).await.json();
        let desk = get(&house.app, "/api/v1/desk", &talk).await.json();
        (
            own["supervising"].clone(),
            desk["call"]["supervisor"].clone(),
        )
    };
    assert_eq!(look().await, (Value::Null, Value::Null));
}
