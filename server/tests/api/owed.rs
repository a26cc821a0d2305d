//! What is owed to callers, and how it is settled.

use axum::http::StatusCode;
use events::{
    CallId, CallbackOutcome, CaseEvent, CaseId, Event, Millis, Pii, RatingScope, UnansweredCause,
    Waits,
};
use serde_json::Value;

use crate::client::{cookie_of, get, post};
use crate::house::House;

const LOST: CallId = CallId(501);
const AGAIN: CallId = CallId(502);

/// A caller of this number gives up after a minute and a half.
fn gives_up(house: &mut House, call: CallId) {
    house
        .fact(Event::CallArrived {
            call,
            leg: events::LegId(call.0),
            line: "100".into(),
            service: "scrap_licence".into(),
            trunk: "loopback".into(),
            caller: Some(Pii::new("+79995550101".into())),
        })
        .fact(Event::CallUnanswered {
            call,
            cause: UnansweredCause::Abandoned,
            waits: Waits {
                total_ms: Millis::from_s(90),
                queue_ms: Millis::from_s(80),
                ring_ms: Millis(0),
            },
        });
}

async fn first(house: &House, boss: &str) -> Value {
    let owed = get(&house.app, "/api/v1/owed", boss).await;
    assert!(!owed.text.contains("+79995550101"), "numbers are masked");
    let owed = owed.json();
    let all = owed["unanswered"].as_array().unwrap();
    all.iter()
        .find(|one| one["call"] == "C501")
        .unwrap()
        .clone()
}

#[tokio::test]
async fn an_unanswered_call_is_owed_until_the_callback_reaches_somebody() {
    let mut house = House::new(Ok(()));
    gives_up(&mut house, LOST);
    let boss = cookie_of(&house.app, "boss").await;
    assert_eq!(first(&house, &boss).await["state"], "open");
    let taken = Event::Administered {
        by: Some("boss".into()),
        act: events::Act::UnansweredTaken {
            call: LOST,
            case: CaseId(7),
        },
    };
    house.fact(taken.clone());
    let one = first(&house, &boss).await;
    assert_eq!(one["state"], "taken");
    assert_eq!(one["by"], "Иванова Анна Сергеевна");
    let ends = |outcome| {
        Event::Case(CaseEvent::CallbackEnded {
            case: CaseId(7),
            outcome,
        })
    };
    house.fact(ends(CallbackOutcome::NoAnswer));
    let one = first(&house, &boss).await;
    assert_eq!((&one["state"], &one["failed"]), (&"open".into(), &1.into()));
    house.fact(taken).fact(ends(CallbackOutcome::Connected));
    assert_eq!(first(&house, &boss).await["state"], "called_back");
    let path = "/api/v1/owed/calls/C501/close";
    let late = post(&house.app, path, &boss, r#"{"note":"уже не нужно"}"#).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn who_calls_again_and_is_answered_is_owed_nothing() {
    let mut house = House::new(Ok(()));
    gives_up(&mut house, LOST);
    house
        .fact(Event::CallArrived {
            call: AGAIN,
            leg: events::LegId(AGAIN.0),
            line: "100".into(),
            service: "scrap_licence".into(),
            trunk: "loopback".into(),
            caller: Some(Pii::new("+79995550101".into())),
        })
        .fact(Event::LegsBridged {
            call: AGAIN,
            operator: "talk".into(),
            waits: Waits::default(),
        });
    let boss = cookie_of(&house.app, "boss").await;
    assert_eq!(first(&house, &boss).await["state"], "reached");
}

#[tokio::test]
async fn an_unanswered_call_expires_and_may_be_closed_with_a_note() {
    let mut house = House::new(Ok(()));
    gives_up(&mut house, LOST);
    house.after_s(24 * 3_600);
    let boss = cookie_of(&house.app, "boss").await;
    assert_eq!(first(&house, &boss).await["state"], "expired");
    let path = "/api/v1/owed/calls/C501/close";
    let empty = post(&house.app, path, &boss, r#"{"note":" "}"#).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = post(&house.app, path, &boss, r#"{"note":"ответили письмом"}"#).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    let one = first(&house, &boss).await;
    assert_eq!(one["state"], "closed");
    assert_eq!(one["note"], "ответили письмом");
}

#[tokio::test]
async fn calling_back_asks_the_house_with_the_callers_number() {
    let mut house = House::new(Ok(()));
    gives_up(&mut house, LOST);
    let boss = cookie_of(&house.app, "boss").await;
    let path = "/api/v1/owed/calls/C501/callback";
    // This house has done everything and gives no number of a case: nothing is promised then.
    let reply = post(&house.app, path, &boss, "").await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    let asked = house.tasks.lock().unwrap().remove(0);
    let arguments = asked.request.arguments.expose();
    assert_eq!(
        format!("{:?}", arguments.get("phone")),
        r#"Some(Phone("+79995550101"))"#
    );
    let nobody = post(&house.app, "/api/v1/owed/calls/C9/callback", &boss, "").await;
    assert_eq!(nobody.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_low_rating_is_looked_into_with_its_recording() {
    let mut house = House::new(Ok(()));
    gives_up(&mut house, LOST);
    house
        .fact(Event::RecordingStarted {
            call: LOST,
            file: "C501-1.wav".into(),
        })
        .fact(Event::CallRated {
            call: LOST,
            operator: "talk".into(),
            service: "scrap_licence".into(),
            score: 2,
            scope: RatingScope::Service,
            script_version: "3".into(),
        });
    let boss = cookie_of(&house.app, "boss").await;
    let owed = get(&house.app, "/api/v1/owed", &boss).await.json();
    let rating = &owed["ratings"][0];
    assert_eq!(rating["recordings"][0], "C501-1.wav");
    assert_eq!(rating["script_version"], "3");
    let path = "/api/v1/owed/ratings/C501/close";
    let note = r#"{"note":"разобрали с сотрудником"}"#;
    let done = post(&house.app, path, &boss, note).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    let again = post(&house.app, path, &boss, note).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let owed = get(&house.app, "/api/v1/owed", &boss).await.json();
    assert_eq!(owed["ratings"][0]["by"], "Иванова Анна Сергеевна");
    let other = get(&house.app, "/api/v1/recordings/liniya.toml", &boss).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let gone = get(&house.app, "/api/v1/recordings/C501-1.wav", &boss).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "deleted by its term");
}
