//! A browser's side of the conversation.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;

/// An answer, read to its end.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Status, code and text of a refusal.
    pub(crate) fn problem(&self) -> String {
        let body = self.json();
        format!(
            "{} {} «{}»",
            self.status.as_u16(),
            body["code"],
            body["error"].as_str().unwrap()
        )
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn send(app: &Router, request: Request<Body>) -> Reply {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 10_000_000).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Reply {
        status: parts.status,
        headers: parts.headers,
        text,
    }
}

pub(crate) async fn get(app: &Router, path: &str, cookie: &str) -> Reply {
    let request = Request::get(path).header(header::COOKIE, cookie);
    send(app, request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn post(app: &Router, path: &str, cookie: &str, body: &str) -> Reply {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ORIGIN, "http://127.0.0.1:8080");
    send(app, request.body(Body::from(body.to_owned())).unwrap()).await
}

pub(crate) async fn log_in(app: &Router, login: &str, password: &str) -> Reply {
    let body = serde_json::json!({ "login": login, "password": password }).to_string();
    post(app, "/api/v1/session", "", &body).await
}

/// The cookie of an operator whose password is their login.
pub(crate) async fn cookie_of(app: &Router, login: &str) -> String {
    let reply = log_in(app, login, login).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    reply
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}
