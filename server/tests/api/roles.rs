//! Who may do what, and who did it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use events::{Act, Event, ProposalId, ReloadWay, ScriptTextEvent};
use expect_test::expect;
use serde_json::Value;

use crate::client::{Reply, cookie_of, get, log_in, send};
use crate::house::House;

/// A stranger, then one of each role.
const WHO: [(&str, &str); 5] = [
    ("-", ""),
    ("operator", "talk"),
    ("supervisor", "boss"),
    ("analyst", "analyst"),
    ("administrator", "chief"),
];

pub(crate) async fn ask(
    house: &House,
    method: &str,
    path: &str,
    cookie: &str,
    body: &str,
) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/json");
    send(
        &house.app,
        request.body(Body::from(body.to_owned())).unwrap(),
    )
    .await
}

/// Every route of the document, with something in place of its parameters.
async fn routes(house: &House) -> Vec<(String, String)> {
    let document = get(&house.app, "/api/openapi.json", "").await.json();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            routes.push((path.clone(), method.to_uppercase()));
        }
    }
    // The end of a session comes last.
    let ends_session = |path: &str, method: &str| path == "/api/v1/session" && method == "DELETE";
    routes.sort_by_key(|(path, method)| {
        let last = ends_session(path, method);
        (last, path.clone(), method.clone())
    });
    routes
}

fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let is_parameter = part.starts_with('{');
        if is_parameter { "x" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "the table of all routes")]
async fn every_route_lets_in_who_may_and_nobody_else() {
    let house = House::new(Ok(()));
    let mut cookies = Vec::new();
    for (role, login) in WHO {
        let cookie = match login {
            "" => String::new(),
            login => cookie_of(&house.app, login).await,
        };
        cookies.push((role, cookie));
    }
    let mut table: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, method) in routes(&house).await {
        let row = table.entry(format!("{path} {method}")).or_default();
        for (role, cookie) in &cookies {
            let reply = ask(&house, &method, &filled(&path), cookie, "").await;
            let kept_out = matches!(
                reply.status,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
            );
            if !kept_out {
                row.push(role);
            }
        }
    }
    let lines: String = table
        .into_iter()
        .map(|(route, who)| format!("{route}: {}\n", who.join(" ")))
        .collect();
    expect![[r#"
        /api/openapi.json GET: - operator supervisor analyst administrator
        /api/v1/audit GET: administrator
        /api/v1/audit.csv GET: administrator
        /api/v1/board GET: supervisor analyst administrator
        /api/v1/bodies GET: operator supervisor analyst administrator
        /api/v1/broadcast PUT: supervisor administrator
        /api/v1/calls GET: supervisor analyst administrator
        /api/v1/calls/{call} GET: supervisor analyst administrator
        /api/v1/calls/{call}/ladder GET: supervisor analyst administrator
        /api/v1/calls/{call}/move POST: supervisor administrator
        /api/v1/campaigns POST: supervisor administrator
        /api/v1/cases GET: operator supervisor administrator
        /api/v1/cases/recordings/{file} GET: operator supervisor administrator
        /api/v1/cases/tasks POST: operator supervisor administrator
        /api/v1/cases/{number}/answer POST: operator supervisor administrator
        /api/v1/cases/{number}/callback POST: operator supervisor administrator
        /api/v1/consents POST: operator supervisor administrator
        /api/v1/desk GET: operator supervisor administrator
        /api/v1/desk/commands POST: operator supervisor administrator
        /api/v1/desk/live GET: operator supervisor analyst administrator
        /api/v1/floor GET: supervisor administrator
        /api/v1/knowledge GET: operator supervisor analyst administrator
        /api/v1/knowledge/expiring GET: operator supervisor analyst administrator
        /api/v1/me GET: operator supervisor analyst administrator
        /api/v1/messages POST: supervisor administrator
        /api/v1/notifications GET: supervisor analyst administrator
        /api/v1/notifications POST: supervisor administrator
        /api/v1/operator-scripts/{service} GET: operator supervisor analyst administrator
        /api/v1/operator-situations GET: operator supervisor analyst administrator
        /api/v1/owed GET: supervisor administrator
        /api/v1/owed/calls/{call}/callback POST: supervisor administrator
        /api/v1/owed/calls/{call}/close POST: supervisor administrator
        /api/v1/owed/ratings/{call}/close POST: supervisor administrator
        /api/v1/people GET: administrator
        /api/v1/people/{login}/account PUT: administrator
        /api/v1/people/{login}/card PUT: administrator
        /api/v1/people/{login}/password PUT: administrator
        /api/v1/queues/{queue}/strategy PUT: supervisor administrator
        /api/v1/reasons GET: operator supervisor analyst administrator
        /api/v1/recordings/{file} GET: supervisor administrator
        /api/v1/reports/summary GET: supervisor analyst administrator
        /api/v1/script-texts GET: operator supervisor analyst administrator
        /api/v1/script-texts/lint POST: operator supervisor analyst administrator
        /api/v1/script-texts/proposals POST: operator supervisor analyst administrator
        /api/v1/script-texts/proposals/{id} GET: operator supervisor analyst administrator
        /api/v1/script-texts/proposals/{id}/approve POST: supervisor administrator
        /api/v1/script-texts/proposals/{id}/reject POST: operator supervisor analyst administrator
        /api/v1/scripts GET: supervisor analyst administrator
        /api/v1/scripts/reload POST: supervisor administrator
        /api/v1/scripts/{script}/picture GET: supervisor analyst administrator
        /api/v1/scripts/{script}/trial POST: supervisor analyst administrator
        /api/v1/session DELETE: - operator supervisor analyst administrator
        /api/v1/session POST: - operator supervisor analyst administrator
        /api/v1/supervision DELETE: supervisor administrator
        /api/v1/supervision POST: supervisor administrator
        /api/v1/team GET: supervisor administrator
        /api/v1/team/{login}/skills PUT: supervisor administrator
        /api/v1/team/{login}/state PUT: supervisor administrator
        /api/v1/training GET: operator supervisor analyst administrator
        /api/v1/training/callers/{id} GET: operator supervisor administrator
        /api/v1/training/due GET: operator supervisor analyst administrator
        /api/v1/training/learned POST: supervisor administrator
        /api/v1/training/rehearsals POST: operator supervisor administrator
        /api/v1/visit GET: - operator supervisor analyst administrator
        /api/v1/wallboard/live GET: - operator supervisor analyst administrator
        /api/v1/wallboard/screens GET: administrator
        /api/v1/wallboard/screens POST: administrator
        /api/v1/wallboard/screens/{id} DELETE: administrator
        /call GET: - operator supervisor analyst administrator
        /healthz GET: - operator supervisor analyst administrator
        /metrics GET: - operator supervisor analyst administrator
        /readyz GET: - operator supervisor analyst administrator
    "#]]
    .assert_eq(&lines);
}

/// Kind, who and what of the acts that stand on the trail.
async fn trail(house: &House, cookie: &str, query: &str) -> Vec<String> {
    let view = get(&house.app, &format!("/api/v1/audit{query}"), cookie)
        .await
        .json();
    let rows = view["rows"].as_array().unwrap().iter();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or("-").to_owned();
    rows.map(|row| {
        format!(
            "{} {}: {}",
            text(row, "kind"),
            text(row, "by"),
            text(row, "text")
        )
    })
    .collect()
}

#[tokio::test]
async fn who_comes_and_who_is_refused_stands_on_the_trail() {
    let house = House::new(Ok(()));
    log_in(&house.app, "talk", "wrong").await;
    log_in(&house.app, "my secret password", "x").await;
    let boss = cookie_of(&house.app, "boss").await;
    let chief = cookie_of(&house.app, "chief").await;
    ask(&house, "POST", "/api/v1/scripts/reload", &boss, "").await;
    ask(&house, "DELETE", "/api/v1/session", &boss, "").await;
    // Nobody waits for a goodbye to be written; this is written after it.
    ask(&house, "POST", "/api/v1/scripts/reload", &chief, "").await;
    expect![[r#"
        scripts chief: Запрошена перезагрузка сценариев
        login boss: Выход
        scripts boss: Запрошена перезагрузка сценариев
        login chief: Вход
        login boss: Вход
        login_refused -: Вход отклонён: неверный логин или пароль
        login_refused talk: Вход отклонён: неверный логин или пароль"#]]
    .assert_eq(&trail(&house, &chief, "").await.join("\n"));
    let own = trail(&house, &chief, "?by=boss&kind=scripts").await;
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(trail(&house, &chief, "?to=2026-11-21").await.is_empty());
    let table = get(
        &house.app,
        "/api/v1/audit.csv?by=boss&from=2026-11-22",
        &chief,
    )
    .await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(!table.text.contains("secret"), "what was typed is not kept");
    expect![[r#"
        ﻿когда;логин;кто;вид;действие
        "2026-11-22 10:00";"boss";"Иванова Анна Сергеевна";"login";"Выход"
        "2026-11-22 10:00";"boss";"Иванова Анна Сергеевна";"scripts";"Запрошена перезагрузка сценариев"
        "2026-11-22 10:00";"boss";"Иванова Анна Сергеевна";"login";"Вход"
    "#]].assert_eq(&table.text.replace('\r', ""));
}

#[tokio::test]
async fn texts_and_what_people_are_told_stand_on_the_trail() {
    let mut house = House::new(Ok(()));
    let chief = cookie_of(&house.app, "chief").await;
    let proposed = ScriptTextEvent::Proposed {
        proposal: ProposalId(1),
        file: "operator/appointment.toml".into(),
        base: None,
        digest: "0".into(),
        author: "talk".into(),
        note: "короче".into(),
    };
    let (proposal, by) = (ProposalId(1), "boss".into());
    house
        .fact(Event::ScriptText(proposed))
        .fact(Event::ScriptText(ScriptTextEvent::Approved {
            proposal,
            by,
        }))
        .fact(Event::ScriptText(ScriptTextEvent::Rejected {
            proposal: ProposalId(2),
            by: "boss".into(),
            why: "длинно".into(),
        }))
        .fact(Event::Administered {
            by: None,
            act: Act::ScriptsReloaded {
                way: ReloadWay::Signal,
            },
        });
    for (path, body) in [
        (
            "/api/v1/notifications",
            r#"{"key":"2026-17","kind":"result","channel":"email","to":"a@example.org"}"#,
        ),
        (
            "/api/v1/campaigns",
            r#"{"name":"hours","channel":"sms","text":"31 декабря до 15:00","people":[{"id":"1","to":"+79991230017"}]}"#,
        ),
        (
            "/api/v1/consents",
            r#"{"address":"+79991230017","channels":["sms","voice"],"allowed":false}"#,
        ),
    ] {
        let reply = ask(&house, "POST", path, &chief, body).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text);
    }
    let all = trail(&house, &chief, "").await.join("\n");
    assert!(!all.contains("9991230017") && !all.contains("example.org"));
    expect![[r#"
        consent chief: Отказ от уведомлений: СМС, звонок
        notification chief: Рассылка «hours»: СМС, адресов: 1
        notification chief: Уведомление 2026-17: результат, письмо
        login chief: Вход
        scripts -: Сценарии перезагружены сигналом SIGHUP
        text boss: Отклонена правка № 2: длинно
        text boss: Утверждена правка № 1
        text talk: Предложена правка № 1: operator/appointment.toml"#]]
    .assert_eq(&all);
    let texts = trail(&house, &chief, "?kind=text").await;
    assert_eq!(texts.len(), 3, "{texts:?}");
    let table = get(&house.app, "/api/v1/audit.csv?kind=consent", &chief).await;
    assert!(table.text.contains("Отказ от уведомлений"));
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_and_is_never_shown() {
    let house = House::new(Ok(()));
    let chief = cookie_of(&house.app, "chief").await;
    let operator = cookie_of(&house.app, "talk").await;
    let path = "/api/v1/people/talk/password";
    let short = ask(&house, "PUT", path, &chief, r#"{"password":"short"}"#).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = r#"{"password":"новый хороший пароль"}"#;
    let done = ask(&house, "PUT", path, &chief, body).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    let out = get(&house.app, "/api/v1/me", &operator).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED, "the session is over");
    let old = log_in(&house.app, "talk", "talk").await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    let new = log_in(&house.app, "talk", "новый хороший пароль").await;
    assert_eq!(new.status, StatusCode::OK);
    let people = get(&house.app, "/api/v1/people", &chief).await;
    let trail = get(&house.app, "/api/v1/audit", &chief).await;
    for text in [&people.text, &trail.text] {
        assert!(
            !text.contains("argon2") && !text.contains("хороший"),
            "{text}"
        );
    }
    let nobody = ask(
        &house,
        "PUT",
        "/api/v1/people/nobody/password",
        &chief,
        body,
    )
    .await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_changed_card_is_said_seen_and_obeyed_at_once() {
    let house = House::new(Ok(()));
    let chief = cookie_of(&house.app, "chief").await;
    let operator = cookie_of(&house.app, "talk").await;
    let path = "/api/v1/people/talk/card";
    let body = |name: &str, role: &str| {
        format!(r#"{{"full_name":"{name}","position":"главный специалист","role":"{role}"}}"#)
    };
    for (path, body, status) in [
        (path, body("Иванова", "operator"), 422),
        (path, body("Иванова Мария", "analyst"), 409),
        (
            "/api/v1/people/chief/card",
            body("Иванова Мария", "operator"),
            409,
        ),
        (
            "/api/v1/people/nobody/card",
            body("Иванова Мария", "operator"),
            404,
        ),
        (path, body("  Иванова  Мария ", "operator"), 204),
    ] {
        let reply = ask(&house, "PUT", path, &chief, &body).await;
        assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.text);
    }
    let greeting = get(
        &house.app,
        "/api/v1/operator-scripts/appointment",
        &operator,
    )
    .await;
    assert!(
        greeting.text.contains("Иванова Мария, главный специалист"),
        "the greeting has the new name (row #27): {}",
        greeting.text
    );
    let board = get(&house.app, "/api/v1/board", &chief).await;
    assert!(board.text.contains("Иванова Мария"), "{}", board.text);
    let promoted = ask(
        &house,
        "PUT",
        path,
        &chief,
        &body("Иванова Мария", "supervisor"),
    )
    .await;
    assert_eq!(promoted.status, StatusCode::NO_CONTENT);
    let board = get(&house.app, "/api/v1/board", &operator).await;
    assert_eq!(board.status, StatusCode::OK, "more rights, the same login");
    let told = trail(&house, &chief, "?kind=account").await;
    assert_eq!(
        told[0],
        "account chief: Карточка изменена: Иванова Мария (talk), главный специалист, роль: старший смены"
    );
    let less = body("Иванова Мария", "operator");
    let demoted = ask(&house, "PUT", path, &chief, &less).await;
    assert_eq!(demoted.status, StatusCode::NO_CONTENT);
    let out = get(&house.app, "/api/v1/me", &operator).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED, "fewer rights");
}

#[tokio::test]
async fn a_closed_account_opens_nothing_until_it_is_opened_again() {
    let house = House::new(Ok(()));
    let chief = cookie_of(&house.app, "chief").await;
    let operator = cookie_of(&house.app, "talk").await;
    let path = "/api/v1/people/talk/account";
    let closed = ask(&house, "PUT", path, &chief, r#"{"enabled":false}"#).await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT, "{}", closed.text);
    let out = get(&house.app, "/api/v1/desk", &operator).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    let refused = log_in(&house.app, "talk", "talk").await;
    assert_eq!(
        refused.problem(),
        log_in(&house.app, "talk", "wrong").await.problem()
    );
    let left = format!("{:?}", house.wishes.lock().unwrap());
    assert!(
        left.contains("SignOut"),
        "no call is offered any more: {left}"
    );
    let own = ask(
        &house,
        "PUT",
        "/api/v1/people/chief/account",
        &chief,
        r#"{"enabled":false}"#,
    )
    .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    ask(&house, "PUT", path, &chief, r#"{"enabled":true}"#).await;
    assert_eq!(
        log_in(&house.app, "talk", "talk").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_analyst_is_on_no_list_of_the_shift() {
    let house = House::new(Ok(()));
    let analyst = cookie_of(&house.app, "analyst").await;
    let board = get(&house.app, "/api/v1/board", &analyst).await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(!board.text.contains("Зайцева") && !board.text.contains("Орлов"));
    let operator = cookie_of(&house.app, "talk").await;
    let desk = get(&house.app, "/api/v1/desk", &operator).await;
    assert!(!desk.text.contains("Зайцева"));
}
