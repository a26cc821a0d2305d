//! Telling people things, from the supervisor's screen.

use axum::http::StatusCode;
use liniya::switchboard::DeskAction;
use serde_json::json;

use crate::client::{cookie_of, get, post};
use crate::house::House;

#[tokio::test]
async fn a_supervisor_tells_somebody_and_a_campaign_and_sees_no_number() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "boss").await;
    let tell = json!({
        "key": "portal/17", "kind": "status_changed", "channel": "sms",
        "to": "8 (999) 123-45-67", "values": { "number": "5724" },
    });
    let path = "/api/v1/notifications";
    let reply = post(&house.app, path, &cookie, &tell.to_string()).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text);
    let people = json!([{ "id": "1", "to": "a@b.ru" }, { "id": "2", "to": "c@d.ru" }]);
    let campaign = json!({ "name": "may", "channel": "email", "text": "Приём", "people": people });
    let reply = post(
        &house.app,
        "/api/v1/campaigns",
        &cookie,
        &campaign.to_string(),
    )
    .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text);
    let wishes = house.wishes.lock().unwrap();
    let DeskAction::Tell(plan) = &wishes[0] else {
        panic!("{:?}", wishes[0]);
    };
    assert_eq!(plan.to.text().expose(), "+79991234567");
    assert_eq!(plan.key, "api/portal/17");
    let DeskAction::TellAll(plans) = &wishes[1] else {
        panic!("{:?}", wishes[1]);
    };
    let keys: Vec<&str> = plans.iter().map(|plan| plan.key.as_str()).collect();
    assert_eq!(keys, ["campaign/may/1", "campaign/may/2"]);
}

#[tokio::test]
async fn what_cannot_be_told_is_refused_with_the_place_of_the_mistake() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "boss").await;
    let people = json!([{ "id": "1", "to": "a@b.ru" }, { "id": "2", "to": "нет" }]);
    let campaign = json!({ "name": "may", "channel": "email", "text": "Приём", "people": people });
    let reply = post(
        &house.app,
        "/api/v1/campaigns",
        &cookie,
        &campaign.to_string(),
    )
    .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text.contains("Строка 2"), "{}", reply.text);
    let internal = json!({
        "key": "x", "kind": "internal", "channel": "email", "to": "a@b.ru",
    });
    let path = "/api/v1/notifications";
    let reply = post(&house.app, path, &cookie, &internal.to_string()).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(house.wishes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_log_is_for_supervisors() {
    let house = House::new(Ok(()));
    let boss = cookie_of(&house.app, "boss").await;
    let shown = get(&house.app, "/api/v1/notifications?open=true", &boss).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.json()["notifications"], json!([]));
    let nobody = get(&house.app, "/api/v1/notifications", "").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
