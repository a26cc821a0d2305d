//! «Обращения»: who sees them, what a desk may ask, what it may state.

use axum::http::StatusCode;
use cases::Wish;
use events::{CaseId, CaseNumber, TaskKind};
use liniya::switchboard::DeskAction;
use serde_json::json;

use crate::client::{cookie_of, get, post};
use crate::house::House;

const TASKS: &str = "/api/v1/cases/tasks";

#[tokio::test]
async fn the_page_shows_the_day_and_what_is_owed_most_urgent_first() {
    let mut house = House::new(Ok(()));
    house.morning();
    assert_eq!(
        get(&house.app, "/api/v1/cases", "").await.status,
        StatusCode::UNAUTHORIZED
    );
    let cookie = cookie_of(&house.app, "talk").await;
    let view = get(&house.app, "/api/v1/cases", &cookie).await.json();
    assert_eq!(view["day"], "2026-11-22");
    let visits = view["appointments"].as_array().unwrap();
    let times: Vec<&str> = visits.iter().map(|v| v["time"].as_str().unwrap()).collect();
    assert_eq!(times, ["11:00", "11:00", "14:30"]);
    assert_eq!(visits[2]["recording"], "dictation-C12-1.wav");
    assert_eq!(visits[2]["name"], json!(null));
    let left: Vec<i64> = view["complaints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|complaint| complaint["days_left"].as_i64().unwrap())
        .collect();
    assert_eq!(left, [-2, 3, 30]);
    assert_eq!(view["callbacks"][0]["phone"], "+79991230055");
    assert_eq!(view["callbacks"][0]["is_overdue"], false);
    let other = get(&house.app, "/api/v1/cases?day=2026-11-23", &cookie).await;
    assert_eq!(other.json()["appointments"], json!([]));
    let wrong = get(
        &house.app,
        "/api/v1/cases?day=%D1%83%D1%82%D1%80%D0%BE",
        &cookie,
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn only_recordings_that_a_case_names_are_given_out() {
    let mut house = House::new(Ok(()));
    house.morning();
    let cookie = cookie_of(&house.app, "talk").await;
    let of = |file: &str| format!("/api/v1/cases/recordings/{file}");
    let given = get(&house.app, &of("dictation-C17-2.wav"), &cookie).await;
    assert_eq!(
        (given.status, given.text.as_str()),
        (StatusCode::OK, "RIFF")
    );
    for file in ["C17-1.wav", "..%2Fjournal", "Орлов"] {
        let refused = get(&house.app, &of(file), &cookie).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{file}");
    }
    let stranger = get(&house.app, &of("dictation-C17-2.wav"), "").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_desk_asks_what_the_assistant_asks_and_is_told_what_is_missing() {
    let mut house = House::new(Ok(()));
    house.morning();
    let cookie = cookie_of(&house.app, "talk").await;
    let ask =
        async |body: serde_json::Value| post(&house.app, TASKS, &cookie, &body.to_string()).await;
    let booked = ask(json!({
        "task": "book", "call": "C17",
        "arguments": { "time": { "text": "main@1" }, "remind": { "yes_no": true } },
    }))
    .await;
    assert_eq!(booked.json()["outcome"], "done");
    {
        let tasks = house.tasks.lock().unwrap();
        assert_eq!(tasks[0].request.task, TaskKind::Book);
        assert_eq!(tasks[0].call.map(|call| call.0), Some(17));
    }
    for (body, expected) in [
        (
            json!({ "task": "book", "arguments": {} }),
            "422 \"malformed\" «Не хватает поля «time»»",
        ),
        (
            json!({ "task": "book", "arguments": { "time": { "number": 1 } } }),
            "422 \"malformed\" «Поле «time» не из этой задачи или другого вида»",
        ),
        (
            json!({ "task": "find_times", "arguments": { "service": { "choice": "nowhere" } } }),
            "422 \"malformed\" «Такой услуги нет»",
        ),
        (
            json!({ "task": "find_times", "call": "C18" }),
            "409 \"refused\" «Этого звонка уже нет на вашем рабочем месте»",
        ),
        (
            json!({ "task": "file_complaint", "arguments": {
                "substance": { "dictation": { "file": "C1.wav", "words": "" } } } }),
            "422 \"malformed\" «Записи делает только помощник»",
        ),
    ] {
        assert_eq!(ask(body).await.problem(), expected);
    }
    let number = json!({ "number": { "case": "123" } });
    let wrong = ask(json!({ "task": "find_booking", "arguments": number })).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        house.tasks.lock().unwrap().len(),
        1,
        "nothing else got through"
    );
}

#[tokio::test]
async fn a_desk_states_that_a_complaint_was_answered_and_a_callback_settled() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "boss").await;
    let number = CaseNumber::of(CaseId(218_286));
    let answered = format!("/api/v1/cases/{number}/answer");
    let reply = post(&house.app, &answered, &cookie, "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text);
    let settled = format!("/api/v1/cases/{number}/callback");
    let reply = post(&house.app, &settled, &cookie, r#"{"outcome":"cancelled"}"#).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    let reply = post(&house.app, &settled, &cookie, r#"{"outcome":"expired"}"#).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reply = post(&house.app, "/api/v1/cases/1235/answer", &cookie, "").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wishes = house.wishes.lock().unwrap();
    assert_eq!(
        wishes[0],
        DeskAction::Case(Wish::AnswerComplaint(CaseId(218_286), "boss".into()))
    );
    assert_eq!(wishes.len(), 2);
}
