//! Looking at the console without telephones.
//!
//! `LINIYA_SHOW=127.0.0.1:8099 cargo test --package liniya --test api show -- --nocapture` serves
//! one lively morning until it is interrupted, and at the next port the same morning a minute later,
//! when `talk` asks `lunch` for advice. Logins, with the same passwords: `boss` (board),
//! `ring`, `talk`, `wrap`, `lunch`, `away`. Nothing that is clicked changes anything.

use std::net::SocketAddr;

use events::{CallId, ConsultationEvent, Event, OperatorId, TransferTarget};

use crate::client::{cookie_of, get};
use crate::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_of_the_morning_can_be_shown() {
    let mut house = House::running();
    house.morning();
    for (login, stage) in [
        ("ring", "ringing"),
        ("talk", "talking"),
        ("wrap", "wrap_up"),
        ("lunch", ""),
        ("away", ""),
    ] {
        let cookie = cookie_of(&house.app, login).await;
        let desk = get(&house.app, "/api/v1/desk", &cookie).await.json();
        assert_eq!(
            desk["call"]["stage"].as_str().unwrap_or(""),
            stage,
            "{login}"
        );
    }
    house.disposes(18, "wrap");
    let cookie = cookie_of(&house.app, "wrap").await;
    let desk = get(&house.app, "/api/v1/desk", &cookie).await.json();
    assert_eq!(desk["call"]["disposition"]["need"], "2");

    if let Ok(address) = std::env::var("LINIYA_SHOW") {
        let address: SocketAddr = address.parse().unwrap();
        let next = SocketAddr::new(address.ip(), address.port() + 1);
        let mut house = House::running();
        house.morning();
        let mut later = House::running();
        later.morning();
        consults(&mut later, "talk", "lunch");
        tokio::join!(serve(&house, address), serve(&later, next));
    }
}

async fn serve(house: &House, address: SocketAddr) {
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let app = house.app.clone();
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await.unwrap();
}

#[tokio::test]
async fn both_sides_of_a_consultation_see_who_hears_whom() {
    let mut house = House::new(Ok(()));
    house.morning();
    consults(&mut house, "talk", "lunch");
    for (login, is_mine) in [("talk", true), ("lunch", false)] {
        let cookie = cookie_of(&house.app, login).await;
        let desk = get(&house.app, "/api/v1/desk", &cookie).await.json();
        let beside = &desk["call"]["consultation"];
        assert_eq!(beside["is_mine"], is_mine, "{login}");
        assert_eq!(beside["state"], "aside", "{login}");
        assert_eq!(beside["operator"], "Петров Олег Ильич", "{login}");
    }
}

/// The operator of C17 asks a colleague: the caller is on hold, the two have talked for a while.
fn consults(house: &mut House, login: &str, with: &str) {
    let call = CallId(17);
    let (operator, with) = (OperatorId::new(login), OperatorId::new(with));
    let until = house.now().plus_ms(20_000);
    house
        .fact(Event::OperatorReady {
            operator: with.clone(),
        })
        .fact(Event::TalkHeld {
            call,
            operator: operator.clone(),
        })
        .fact(Event::Consultation(ConsultationEvent::Started {
            call,
            operator: operator.clone(),
            to: TransferTarget::Operator(with.clone()),
            with: Some(with.clone()),
            until,
        }))
        .after_s(4)
        .fact(Event::Consultation(ConsultationEvent::Answered {
            call,
            operator,
            with: Some(with),
        }))
        .after_s(52);
}
