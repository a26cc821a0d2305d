//! The room, and what supervisors change of it.

use axum::http::StatusCode;
use events::{Act, EntryCause, Event, OperatorId};
use expect_test::expect;

use crate::client::{cookie_of, get, post};
use crate::house::House;

#[tokio::test]
async fn supervisors_see_who_waits_and_what_they_said_but_no_number() {
    let mut house = House::new(Ok(()));
    house.morning();
    let boss = cookie_of(&house.app, "boss").await;
    let floor = get(&house.app, "/api/v1/floor", &boss).await;
    assert_eq!(floor.status, StatusCode::OK);
    assert!(!floor.text.contains("+7999"), "{}", floor.text);
    let waiting = &floor.json()["waiting"];
    assert!(!waiting.as_array().unwrap().is_empty());
    assert_eq!(waiting[0]["queue"]["id"], "consultation");
}

#[tokio::test]
async fn supervisors_change_states_skills_rules_and_places_in_their_own_name() {
    let house = House::new(Ok(()));
    let boss = cookie_of(&house.app, "boss").await;
    let asked = [
        (
            "PUT",
            "/api/v1/team/talk/state",
            r#"{"state":"not_ready","reason":"lunch"}"#,
        ),
        ("PUT", "/api/v1/team/talk/state", r#"{"state":"sign_out"}"#),
        (
            "PUT",
            "/api/v1/team/talk/state",
            r#"{"state":"not_ready","reason":"rona"}"#,
        ),
        (
            "PUT",
            "/api/v1/team/talk/skills",
            r#"{"skills":{"metal":7}}"#,
        ),
        ("PUT", "/api/v1/team/talk/skills", r#"{"skills":{"a b":7}}"#),
        (
            "PUT",
            "/api/v1/queues/support/strategy",
            r#"{"strategy":"ring_all"}"#,
        ),
        (
            "PUT",
            "/api/v1/queues/support/strategy",
            r#"{"strategy":"dice"}"#,
        ),
        ("POST", "/api/v1/calls/C17/move", r#"{"to":"front"}"#),
        (
            "POST",
            "/api/v1/calls/C17/move",
            r#"{"to":{"queue":"support"}}"#,
        ),
        (
            "POST",
            "/api/v1/calls/C17/move",
            r#"{"to":{"operator":"ring"}}"#,
        ),
        ("POST", "/api/v1/calls/17/move", r#"{"to":"front"}"#),
    ];
    let mut told = String::new();
    for (method, path, body) in asked {
        let reply = crate::roles::ask(&house, method, path, &boss, body).await;
        let wish = house.wishes.lock().unwrap().pop();
        let wish = wish.map_or_else(|| "-".to_owned(), |wish| format!("{wish:?}"));
        told.push_str(&format!("{} {wish}\n", reply.status.as_u16()));
    }
    expect![[r#"
        204 Acd(Direct { by: boss, operator: talk, to: NotReady(Lunch) })
        204 Acd(Direct { by: boss, operator: talk, to: SignedOut })
        422 -
        204 Acd(ChangeSkills { by: boss, operator: talk, skills: [SkillLevel { skill: metal, level: 7 }] })
        422 -
        204 Acd(ChangeStrategy { by: boss, queue: support, strategy: RingAll })
        422 -
        204 Acd(MoveCall { by: boss, call: C17, to: Front })
        204 Acd(MoveCall { by: boss, call: C17, to: Queue(support) })
        204 Acd(MoveCall { by: boss, call: C17, to: Operator(ring) })
        422 -
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn a_message_stands_at_the_desks_until_it_is_read() {
    let mut house = House::new(Ok(()));
    house.morning();
    let boss = cookie_of(&house.app, "boss").await;
    let operator = cookie_of(&house.app, "talk").await;
    let path = "/api/v1/messages";
    let empty = post(&house.app, path, &boss, r#"{"to":"everybody","text":"  "}"#).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = r#"{"to":{"operator":"nobody"},"text":"Здравствуйте"}"#;
    let nobody = post(&house.app, path, &boss, nobody).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = r#"{"to":"everybody","text":"Портал   не работает до 18:00"}"#;
    let sent = post(&house.app, path, &boss, body).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.text);
    let desk = get(&house.app, "/api/v1/desk", &operator).await.json();
    let message = &desk["messages"][0];
    assert_eq!(message["text"], "Портал не работает до 18:00");
    assert_eq!(message["from"], "Иванова Анна Сергеевна");
    let id = message["id"].as_u64().unwrap();
    let read = format!(r#"{{"command":"read_message","message":{id}}}"#);
    let read_it = post(&house.app, "/api/v1/desk/commands", &operator, &read).await;
    assert_eq!(read_it.status, StatusCode::NO_CONTENT, "{}", read_it.text);
    let again = post(&house.app, "/api/v1/desk/commands", &operator, &read).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let desk = get(&house.app, "/api/v1/desk", &operator).await.json();
    assert_eq!(desk["messages"].as_array().unwrap().len(), 0);
    let floor = get(&house.app, "/api/v1/floor", &boss).await.json();
    let sent = &floor["messages"][0];
    assert_eq!(sent["read"][0], "Петров Олег Ильич");
    let unread = sent["unread"].to_string();
    assert!(
        !unread.contains("Алиев"),
        "whoever is away is told nothing: {unread}"
    );
    assert!(
        !unread.contains("Иванова"),
        "nobody tells themselves: {unread}"
    );
}

#[tokio::test]
async fn changed_skills_and_rules_are_shown_as_changed() {
    let mut house = House::new(Ok(()));
    house.morning();
    let by = Some(OperatorId::new("boss"));
    let skills = Act::SkillsChanged {
        of: "talk".into(),
        skills: vec![events::SkillLevel {
            skill: "metal".into(),
            level: 7,
        }],
    };
    let rule = Act::StrategyChanged {
        queue: "support".into(),
        strategy: events::Strategy::RingAll,
    };
    house
        .fact(Event::Administered {
            by: by.clone(),
            act: skills,
        })
        .fact(Event::Administered { by, act: rule });
    let boss = cookie_of(&house.app, "boss").await;
    let team = get(&house.app, "/api/v1/team", &boss).await.json();
    let operators = team["operators"].as_array().unwrap();
    let talk = operators.iter().find(|one| one["login"] == "talk").unwrap();
    assert_eq!(talk["skills"][0]["level"], 7);
    assert_eq!(talk["are_skills_changed"], true);
    assert_eq!(team["skills"][0], "metal");
    let queues = team["queues"].as_array().unwrap();
    let support = queues.iter().find(|one| one["id"] == "support").unwrap();
    assert_eq!(support["strategy"], "ring_all");
    assert_eq!(support["is_strategy_changed"], true);
}

#[tokio::test]
async fn who_is_moved_has_waited_since_before() {
    let mut house = House::new(Ok(()));
    house.morning();
    let boss = cookie_of(&house.app, "boss").await;
    let before = get(&house.app, "/api/v1/floor", &boss).await.json();
    let call = before["waiting"][0]["call"].as_str().unwrap().to_owned();
    let number = call.trim_start_matches('C').parse().unwrap();
    let until = house.now().plus_ms(600_000);
    house.after_s(60).fact(Event::QueueEntered {
        call: events::CallId(number),
        queue: "support".into(),
        because: EntryCause::Moved,
        wanted: None,
        until,
        terms: events::Terms::default(),
    });
    let after = get(&house.app, "/api/v1/floor", &boss).await.json();
    let waiting = after["waiting"].as_array().unwrap();
    let same = waiting.iter().find(|one| one["call"] == call).unwrap();
    assert_eq!(same["queue"]["id"], "support");
    assert_eq!(same["since_at_ms"], before["waiting"][0]["since_at_ms"]);
}
