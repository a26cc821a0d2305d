//! The knowledge base at the desk.

use axum::http::StatusCode;
use serde_json::Value;

use crate::client::{get, log_in};
use crate::house::House;

async fn asked(query: &str) -> Value {
    let house = House::new(Ok(()));
    let reply = log_in(&house.app, "talk", "talk").await;
    let cookie = reply.header("set-cookie");
    let token = cookie.split_once("; ").unwrap().0;
    let reply = get(&house.app, &format!("/api/v1/knowledge?{query}"), token).await;
    assert_eq!(reply.status, StatusCode::OK, "{query}");
    reply.json()
}

fn names(view: &Value) -> Vec<&str> {
    let articles = view["articles"].as_array().unwrap();
    let answers = articles
        .iter()
        .flat_map(|article| article["answers"].as_array().unwrap());
    answers
        .map(|answer| answer["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_call_opens_the_articles_of_its_service() {
    let view = asked("service=technopark_status").await;
    assert_eq!(
        names(&view),
        [
            "technopark.application",
            "technopark.documents",
            "technopark.result",
            "technopark.appeal"
        ]
    );
    let documents = &view["articles"][0]["answers"][1];
    assert_eq!(documents["about"], "Документы");
    assert_eq!(documents["validity"], "valid");
    assert!(documents["source"].as_str().unwrap().contains("Карта"));
    assert!(names(&asked("service=undetermined").await).is_empty());
    assert!(names(&asked("").await).len() > 10, "the whole base");
}

#[tokio::test]
async fn a_search_is_for_all_services_and_knows_slips_and_layouts() {
    // «жалоба», «жалобы» with a slip, «жалоба» on the Latin layout.
    for (query, mended) in [
        ("%D0%B6%D0%B0%D0%BB%D0%BE%D0%B1%D0%B0", Value::Null),
        ("%D0%B6%D0%BB%D0%B0%D0%BE%D0%B1%D1%8B", Value::Null),
        (";fkj%2Cf", Value::from("жалоба")),
    ] {
        let view = asked(&format!("q={query}&service=scrap_licence")).await;
        assert_eq!(names(&view)[0], "technopark.appeal", "{query}");
        assert_eq!(view["mended"], mended, "{query}");
    }
}

#[tokio::test]
async fn what_comes_with_the_product_has_not_expired() {
    let house = House::new(Ok(()));
    let boss = crate::client::cookie_of(&house.app, "boss").await;
    let reply = get(&house.app, "/api/v1/knowledge/expiring", &boss).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json(), serde_json::json!([]));
}
