//! Requests and answers.

use acd::Command;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use events::{CallId, CallOutcome, ChosenBy, ClientType, NeedCode, NotReadyReason};
use liniya::switchboard::DeskAction;

use crate::client::{cookie_of, get, log_in, post, send};
use crate::house::House;

const DESK: &str = "/api/v1/desk/commands";

/// Everything that shows anything of people or calls.
const GUARDED: [&str; 11] = [
    "/api/v1/me",
    "/api/v1/desk",
    "/api/v1/board",
    "/api/v1/operator-scripts/scrap_licence",
    "/api/v1/knowledge",
    "/api/v1/reasons",
    "/api/v1/calls",
    "/api/v1/calls/C17",
    "/api/v1/calls/C17/ladder",
    "/api/v1/reports/summary",
    "/api/v1/desk/live",
];

#[tokio::test]
async fn who_logs_in_gets_a_cookie_that_no_script_and_no_other_site_can_use() {
    let house = House::new(Ok(()));
    let reply = log_in(&house.app, "talk", "talk").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json()["full_name"], "Петров Олег Ильич");
    let cookie = reply.header("set-cookie");
    let (token, flags) = cookie.split_once("; ").unwrap();
    assert_eq!(
        token.strip_prefix("liniya_session=").unwrap().len(),
        64,
        "256 bits in hex"
    );
    assert_eq!(flags, "HttpOnly; SameSite=Strict; Path=/; Max-Age=43200");

    let me = get(&house.app, "/api/v1/me", token).await;
    assert_eq!(me.json()["login"], "talk");
    let forged = format!("liniya_session={}", "0".repeat(64));
    assert_eq!(
        get(&house.app, "/api/v1/me", &forged).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn behind_tls_the_cookie_is_never_sent_in_the_clear() {
    let house = House::new(Ok(()));
    let request = Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .header("x-forwarded-proto", "https")
        .body(Body::from(r#"{"login":"talk","password":"talk"}"#))
        .unwrap();
    let reply = send(&house.app, request).await;
    assert!(
        reply.header("set-cookie").ends_with("; Secure"),
        "{}",
        reply.header("set-cookie")
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_answered_alike() {
    let house = House::new(Ok(()));
    let wrong = log_in(&house.app, "talk", "guess").await;
    let unknown = log_in(&house.app, "nobody", "guess").await;
    assert_eq!(
        wrong.problem(),
        r#"401 "wrong_password" «Неверный логин или пароль»"#
    );
    assert_eq!(wrong.problem(), unknown.problem());
    assert_eq!(wrong.header("set-cookie"), "");
}

#[tokio::test]
async fn after_ten_wrong_passwords_even_the_right_one_waits() {
    let mut house = House::new(Ok(()));
    for _ in 0..10 {
        assert_eq!(
            log_in(&house.app, "talk", "guess").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let reply = log_in(&house.app, "talk", "talk").await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.header("retry-after"), "60");
    house.after_s(60);
    assert_eq!(
        log_in(&house.app, "talk", "talk").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn who_logs_out_is_out() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let request = Request::delete("/api/v1/session").header("cookie", &cookie);
    let reply = send(&house.app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(
        get(&house.app, "/api/v1/me", &cookie).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_stranger_learns_nothing_about_people_or_calls() {
    let mut house = House::new(Ok(()));
    house.morning();
    for path in GUARDED {
        let reply = get(&house.app, path, "").await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(
            !reply.text.contains("+7999") && !reply.text.contains("Петров"),
            "{path}"
        );
    }
    let reply = post(&house.app, DESK, "", r#"{"command":"ready"}"#).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(house.wishes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_operator_sees_their_own_desk_and_a_supervisor_the_room() {
    let mut house = House::new(Ok(()));
    house.morning();
    let operator = cookie_of(&house.app, "talk").await;
    let desk = get(&house.app, "/api/v1/desk", &operator).await.json();
    assert_eq!(desk["call"]["call"], "C17");
    assert_eq!(desk["call"]["caller"], "+79991230017");
    for path in GUARDED.iter().filter(|path| {
        ["board", "calls", "reports"]
            .iter()
            .any(|part| path.contains(part))
    }) {
        let reply = get(&house.app, path, &operator).await;
        assert!(reply.problem().starts_with(r#"403 "no_right""#), "{path}");
    }
    let supervisor = cookie_of(&house.app, "boss").await;
    let board = get(&house.app, "/api/v1/board", &supervisor).await;
    assert_eq!(board.json()["today"]["unanswered"], 1);
    assert!(
        !board.text.contains("+7999"),
        "a board on a wall shows no caller's number"
    );
}

#[tokio::test]
async fn a_wish_reaches_the_distribution_in_the_name_of_who_is_logged_in() {
    let mut house = House::new(Ok(()));
    house.morning();
    let cookie = cookie_of(&house.app, "talk").await;
    for wish in [
        r#"{"command":"not_ready","reason":"lunch"}"#,
        r#"{"command":"choose_service","call":"C17","service":"appointment"}"#,
        r#"{"command":"disposition","call":"C17","outcome":"way_given","need":"5","client":"company"}"#,
        r#"{"command":"hang_up","call":"C17"}"#,
    ] {
        let reply = post(&house.app, DESK, &cookie, wish).await;
        assert_eq!(
            reply.status,
            StatusCode::NO_CONTENT,
            "{wish}: {}",
            reply.text
        );
    }
    let (call, operator) = (CallId(17), events::OperatorId::new("talk"));
    let expected = [
        DeskAction::Acd(Command::BecomeNotReady {
            operator: operator.clone(),
            reason: NotReadyReason::Lunch,
        }),
        DeskAction::Acd(Command::ChooseService {
            call,
            service: "appointment".into(),
            by: ChosenBy::Operator,
        }),
        DeskAction::Acd(Command::SetDisposition {
            call,
            operator: operator.clone(),
            outcome: CallOutcome::WayGiven,
            need: NeedCode::Progress,
            client: Some(ClientType::Company),
        }),
        DeskAction::HangUp { call, operator },
    ];
    assert_eq!(*house.wishes.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_refusal_of_the_distribution_is_shown_in_its_words() {
    let house = House::new(Err("сейчас это невозможно: идёт разговор"));
    let cookie = cookie_of(&house.app, "talk").await;
    let reply = post(&house.app, DESK, &cookie, r#"{"command":"sign_out"}"#).await;
    assert_eq!(
        reply.problem(),
        r#"409 "refused" «сейчас это невозможно: идёт разговор»"#
    );
}

#[tokio::test]
async fn nobody_touches_a_call_of_another_desk_and_nothing_unknown_gets_through() {
    let mut house = House::new(Ok(()));
    house.morning();
    let cookie = cookie_of(&house.app, "talk").await;
    for (wish, status) in [
        (r#"{"command":"hang_up","call":"C18"}"#, 409),
        (
            r#"{"command":"choose_service","call":"C18","service":"appointment"}"#,
            409,
        ),
        (
            r#"{"command":"choose_service","call":"C17","service":"technical_support"}"#,
            422,
        ),
        (r#"{"command":"not_ready","reason":"rona"}"#, 422),
        (
            r#"{"command":"tick_step","call":"C17","script":"scrap_licence","step":"x","done":true}"#,
            422,
        ),
        (
            r#"{"command":"answer_step","call":"C17","script":"complaint","step":"wants","answer":"x"}"#,
            422,
        ),
        (
            r#"{"command":"own_words","call":"C17","script":"complaint","step":"x"}"#,
            422,
        ),
        (
            r#"{"command":"note_field","call":"C17","field":"x","value":"y"}"#,
            422,
        ),
        (
            r#"{"command":"note_field","call":"C17","field":"inform_by","value":"голубем"}"#,
            422,
        ),
        (
            r#"{"command":"note_field","call":"C18","field":"name","value":"Иванов"}"#,
            409,
        ),
        (r#"{"command":"refer","call":"C17","body":"x"}"#, 422),
        (r#"{"command":"fly"}"#, 422),
        (r#"{"command":"#, 400),
    ] {
        let reply = post(&house.app, DESK, &cookie, wish).await;
        assert_eq!(reply.status.as_u16(), status, "{wish}: {}", reply.text);
        assert!(reply.json()["error"].is_string(), "{wish}");
    }
    assert!(house.wishes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_foreign_page_cannot_act_and_a_form_cannot_post() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let wish = |origin: &str, kind: &str, body: String| {
        Request::post(DESK)
            .header("cookie", &cookie)
            .header("host", "127.0.0.1:8080")
            .header("origin", origin)
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap()
    };
    let ready = || r#"{"command":"ready"}"#.to_owned();
    let ours = "http://127.0.0.1:8080";
    let foreign = send(
        &house.app,
        wish("http://evil.example", "application/json", ready()),
    )
    .await;
    assert!(foreign.problem().starts_with(r#"403 "foreign_origin""#));
    let form = send(&house.app, wish(ours, "text/plain", ready())).await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = send(
        &house.app,
        wish(ours, "application/json", " ".repeat(20_000)),
    )
    .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(house.wishes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_operators_script_is_filled_with_their_own_name() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "ring").await;
    let script = get(
        &house.app,
        "/api/v1/operator-scripts/scrap_licence",
        &cookie,
    )
    .await
    .json();
    let greeting = script["steps"][0]["say"].as_str().unwrap();
    assert!(
        greeting.starts_with(
            "Министерство промышленности и торговли. Магомедова Патимат, специалист консультационной линии."
        ),
        "{greeting}"
    );
    let other = get(&house.app, "/api/v1/operator-scripts/unheard_of", &cookie)
        .await
        .json();
    assert_eq!(other["service"], "undetermined");
}

#[tokio::test]
async fn supervisors_ask_for_calls_by_line_service_and_local_day() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "boss").await;
    let path = "/api/v1/calls?line=100&service=scrap_licence&from=2026-11-22&to=2026-11-22&limit=5";
    let asked = get(&house.app, path, &cookie).await.json();
    expect_test::expect![[
        r#""CallFilter { line: Some(100), service: Some(scrap_licence), from: Some(1795294800000000us), to: Some(1795381200000000us), limit: 5 }""#
    ]]
    .assert_eq(&asked[0]["asked"].to_string());
    for bad in ["from=22.11.2026", "limit=0", "limit=many"] {
        let reply = get(&house.app, &format!("/api/v1/calls?{bad}"), &cookie).await;
        assert!(reply.status.is_client_error(), "{bad}");
    }
    assert_eq!(
        get(&house.app, "/api/v1/calls/C17", &cookie).await.json()["call_id"],
        17
    );
    assert_eq!(
        get(&house.app, "/api/v1/calls/C99", &cookie).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        get(&house.app, "/api/v1/calls/17", &cookie)
            .await
            .status
            .as_u16(),
        422
    );
    assert_eq!(
        get(&house.app, "/api/v1/calls/C17/ladder", &cookie)
            .await
            .text,
        "C17\n"
    );
    let today = get(&house.app, "/api/v1/reports/summary", &cookie)
        .await
        .json();
    assert_eq!(today["from"], 1_795_294_800_000_000_i64);
}

#[tokio::test]
async fn machines_that_watch_need_no_login() {
    let house = House::new(Ok(()));
    let metrics = get(&house.app, "/metrics", "").await;
    assert_eq!(metrics.text, "liniya_calls_waiting 0\n");
    assert_eq!(
        metrics.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(get(&house.app, "/healthz", "").await.status, StatusCode::OK);
    let ready = get(&house.app, "/readyz", "").await;
    assert_eq!(
        ready.problem(),
        r#"503 "unavailable" «журнал не пишется: диск заполнен»"#
    );
    let document = get(&house.app, "/api/openapi.json", "").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[tokio::test]
async fn every_answer_forbids_foreign_code_and_frames() {
    let house = House::new(Ok(()));
    for path in [
        "/",
        "/metrics",
        "/api/v1/me",
        "/no-such-page",
        "/api/no-such",
    ] {
        let reply = get(&house.app, path, "").await;
        let policy = reply.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            ["no-store", "no-cache"].contains(&reply.header("cache-control")),
            "{path}"
        );
    }
    let page = get(&house.app, "/", "").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.contains("Линия"));
    assert_eq!(
        get(&house.app, "/no-such-page", "").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        get(&house.app, "/api/no-such", "").await.json()["code"],
        "not_found"
    );
}
