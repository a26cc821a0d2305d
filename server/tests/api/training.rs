//! Who learned what, and a rehearsal with a simulated caller.

use events::{Date, Event, TrainingEvent};
use liniya::switchboard::DeskAction;
use serde_json::{Value, json};

use crate::client::{cookie_of, get, post};
use crate::house::House;

const DOOR: &str = "/api/v1/training";

fn learned(operator: &str, on: &str, next: &str) -> Event {
    Event::Training(TrainingEvent::Learned {
        operator: operator.into(),
        topic: "complaints".into(),
        on: Date::parse(on).unwrap(),
        next: Date::parse(next),
        noted_by: "boss".into(),
    })
}

#[tokio::test]
async fn an_operator_sees_what_is_due_and_a_supervisor_sees_everybody() {
    let mut house = House::new(Ok(()));
    house
        .fact(learned("talk", "2025-11-01", "2026-11-01"))
        .fact(learned("ring", "2026-11-01", "2027-11-01"));
    let talk = cookie_of(&house.app, "talk").await;
    let view = get(&house.app, DOOR, &talk).await.json();
    let people = view["people"].as_array().unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(
        (&view["may_note"], &view["today"]),
        (&json!(false), &json!("2026-11-22"))
    );
    let state = |topic: &str| {
        let learned = people[0]["learned"].as_array().unwrap();
        let one = learned.iter().find(|one| one["topic"] == topic).unwrap();
        one["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("complaints"), "overdue");
    assert_eq!(state("scripts"), "never");
    let due = get(&house.app, &format!("{DOOR}/due"), &talk).await.json();
    assert_eq!(
        due[0],
        json!({
            "title": "Приём жалоб и вопросы вне компетенции",
            "state": "overdue",
            "next": "2026-11-01",
        }),
        "the worst first, and only one's own"
    );
    let boss = cookie_of(&house.app, "boss").await;
    let view = get(&house.app, DOOR, &boss).await.json();
    assert!(view["people"].as_array().unwrap().len() > 3);
    assert_eq!(view["may_note"], true);
    let analyst = cookie_of(&house.app, "analyst").await;
    let view = get(&house.app, DOOR, &analyst).await.json();
    assert_eq!(view["people"], json!([]), "an analyst takes no calls");
}

#[tokio::test]
async fn the_next_day_follows_from_the_topic_unless_it_is_told() {
    let house = House::new(Ok(()));
    let boss = cookie_of(&house.app, "boss").await;
    let body = |operator: &str, topic: &str, on: &str, next: Option<&str>| {
        json!({"operator": operator, "topic": topic, "on": on, "next": next}).to_string()
    };
    let path = format!("{DOOR}/learned");
    for (body, status) in [
        (body("talk", "complaints", "2026-11-20", None), 204),
        (
            body("talk", "complaints", "2026-11-20", Some("2027-02-01")),
            204,
        ),
        (body("talk", "x", "2026-11-20", None), 422),
        (body("nobody", "complaints", "2026-11-20", None), 422),
        (body("analyst", "complaints", "2026-11-20", None), 422),
        (body("talk", "complaints", "2026-11-23", None), 422),
        (
            body("talk", "complaints", "2026-11-20", Some("2026-11-20")),
            422,
        ),
        (body("talk", "complaints", "2026-11-20", Some("скоро")), 422),
    ] {
        let reply = post(&house.app, &path, &boss, &body).await;
        assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.text);
    }
    let fact = |next: &str| {
        DeskAction::Train(Box::new(TrainingEvent::Learned {
            operator: "talk".into(),
            topic: "complaints".into(),
            on: Date::parse("2026-11-20").unwrap(),
            next: Date::parse(next),
            noted_by: "boss".into(),
        }))
    };
    let mut wishes = house.wishes.lock().unwrap().clone();
    wishes.retain(|wish| matches!(wish, DeskAction::Train(_)));
    assert_eq!(wishes, [fact("2027-11-20"), fact("2027-02-01")]);
}

#[tokio::test]
async fn who_was_trained_stands_on_the_trail() {
    let mut house = House::new(Ok(()));
    house.fact(learned("talk", "2026-11-20", "2027-11-20"));
    let chief = cookie_of(&house.app, "chief").await;
    let view = get(&house.app, "/api/v1/audit?kind=training", &chief)
        .await
        .json();
    let row = &view["rows"][0];
    assert_eq!(row["by"], "boss");
    let text = row["text"].as_str().unwrap();
    assert!(
        text.starts_with("Отмечено обучение: ")
            && text.ends_with(", тема complaints, 20.11.2026, повторить до 20.11.2027"),
        "{text}"
    );
}

fn run(steps: &[&str], fields: &Value) -> Value {
    let said = |id: &&str| json!({"step": id, "own_words": *id == "listen"});
    json!({
        "caller": "complaint",
        "steps": steps.iter().map(said).collect::<Vec<_>>(),
        "answers": {"wants": "complain"},
        "fields": fields,
        "outcome": "answered",
        "need": "1",
    })
}

#[tokio::test]
async fn a_rehearsal_is_told_and_kept_and_touches_no_call() {
    let mut house = House::new(Ok(()));
    house.morning();
    let talk = cookie_of(&house.app, "talk").await;
    let before = get(&house.app, "/api/v1/desk", &talk).await.json();
    let caller = get(&house.app, &format!("{DOOR}/callers/complaint"), &talk)
        .await
        .json();
    let reply = &caller["replies"]["wants"];
    assert!(reply["say"].is_string() && reply["answer"].is_null());
    let steps = [
        "greeting",
        "listen",
        "wants",
        "name",
        "substance",
        "reply",
        "number",
        "closing",
    ];
    let fields = json!({
        "name": "Сидорова", "substance": "Отказ", "reply_to": " ", "inform_by": "post",
    });
    let path = format!("{DOOR}/rehearsals");
    let told = post(&house.app, &path, &talk, &run(&steps, &fields).to_string()).await;
    let told = told.json();
    assert_eq!(
        (&told["done"], &told["needed"]),
        (&json!(8), &json!(9)),
        "{told}"
    );
    assert_eq!(told["skipped"], json!(["Прочитать и зарегистрировать"]));
    assert_eq!(told["reordered"], json!(["Суть"]));
    assert_eq!(told["own_words"], json!(["Выслушать"]));
    assert_eq!(told["missing"], json!(["Адрес для ответа"]));
    assert_eq!(told["fields"], json!(["Как сообщить о мерах"]));
    assert_eq!(
        (&told["need"], &told["outcome"], &told["answers"]),
        (&json!(true), &json!(false), &json!([]))
    );
    let wishes = house.wishes.lock().unwrap().clone();
    let Some(DeskAction::Train(fact)) = wishes.last().cloned() else {
        panic!("{wishes:?}")
    };
    let kept = format!("{fact:?}");
    assert!(
        !kept.contains("Сидорова") && !kept.contains("Отказ"),
        "what was typed is not kept: {kept}"
    );
    let after = get(&house.app, "/api/v1/desk", &talk).await.json();
    assert_eq!(before["call"], after["call"]);
    house.fact(Event::Training(*fact));
    let view = get(&house.app, DOOR, &talk).await.json();
    let listed = &view["rehearsals"][0];
    assert_eq!(listed["skipped"], told["skipped"]);
    assert_eq!(listed["meant"], json!([]));
    let other = cookie_of(&house.app, "ring").await;
    let view = get(&house.app, DOOR, &other).await.json();
    let listed = view["rehearsals"].as_array().unwrap();
    assert_eq!(listed.len(), 1, "another's are not shown");
    assert_eq!(listed[0]["skipped"], json!(["Письменное обращение"]));
}

#[tokio::test]
async fn a_rehearsal_says_what_it_cannot_take() {
    let house = House::new(Ok(()));
    let talk = cookie_of(&house.app, "talk").await;
    let path = format!("{DOOR}/rehearsals");
    let wrong = run(&["greeting"], &json!({"inform_by": "pigeon"}));
    let mut without = run(&["greeting"], &json!({}));
    without.as_object_mut().unwrap().remove("need");
    let mut nobody = run(&[], &json!({}));
    nobody["caller"] = json!("x");
    for (body, status) in [(wrong, 422), (without, 422), (nobody, 404)] {
        let reply = post(&house.app, &path, &talk, &body.to_string()).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    }
    let none = get(&house.app, &format!("{DOOR}/callers/x"), &talk).await;
    assert_eq!(none.status.as_u16(), 404);
}
