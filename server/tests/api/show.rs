//! Looking at the console without telephones.
//!
//! `LINIYA_SHOW=127.0.0.1:8099 cargo test --package liniya --test api show -- --nocapture` serves
//! one lively morning until it is interrupted. Logins, with the same passwords: `boss` (board),
//! `ring`, `talk`, `wrap`, `lunch`, `away`. Nothing that is clicked changes anything.

use std::net::SocketAddr;

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
        let mut house = House::running();
        house.morning();
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let service = house
            .app
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).await.unwrap();
    }
}
