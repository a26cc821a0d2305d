//! Reading the assistant's scripts anew, from the supervisor's screen.

use axum::http::StatusCode;
use serde_json::json;

use crate::client::{cookie_of, post};
use crate::house::House;

const PATH: &str = "/api/v1/scripts/reload";

#[tokio::test]
async fn a_supervisor_reloads_the_scripts_and_sees_their_versions() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "boss").await;
    let reply = post(&house.app, PATH, &cookie, "").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    assert_eq!(reply.json(), json!([{ "id": "rating", "version": "2" }]));
}

#[tokio::test]
async fn nobody_else_reloads_them() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let reply = post(&house.app, PATH, &cookie, "").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.text);
    let reply = post(&house.app, PATH, "", "").await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{}", reply.text);
}

#[tokio::test]
async fn mistakes_refuse_the_scripts_with_place_reason_and_remedy() {
    let house = House::new(Err("сценарий изменился, а версия нет"));
    let cookie = cookie_of(&house.app, "boss").await;
    let reply = post(&house.app, PATH, &cookie, "").await;
    assert_eq!(reply.status, StatusCode::CONFLICT, "{}", reply.text);
    let mistake = json!({
        "place": "assistant/rating.toml:3",
        "reason": "сценарий изменился, а версия нет",
        "remedy": "напишите новую version",
    });
    let body = json!({
        "error": "В сценариях ошибки: всё осталось как было",
        "code": "refused",
        "mistakes": [mistake],
    });
    assert_eq!(reply.json(), body);
}
