//! What stands before every handler: no foreign page may act in an operator's name, and no page of
//! ours runs anything that is not ours.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// Scripts, styles and connections from this server only; no inline code; in no frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

static SECURITY: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self)",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Adds the security headers; what a handler does not say may be cached, may not.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &SECURITY {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses what changes something, or opens a live desk, from a page that is not ours. The cookie
/// is `SameSite=Strict` and bodies must be JSON; this is the third lock, for browsers that say
/// where a request comes from.
pub(super) async fn same_origin(request: Request, next: Next) -> Response {
    let acts = !matches!(*request.method(), Method::GET | Method::HEAD);
    let upgrades = request.headers().contains_key(header::UPGRADE);
    if (acts || upgrades) && !is_ours(request.headers()) {
        return Problem::foreign_origin().into_response();
    }
    next.run(request).await
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    // Programs send no Origin; browsers send one with everything that changes something.
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    host.is_some_and(|(_, host)| text(header::HOST) == Some(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_ours(&headers)
    }

    #[test]
    fn only_our_own_pages_and_programs_may_act() {
        assert!(ours(&[("host", "127.0.0.1:8080")]));
        assert!(ours(&[
            ("host", "127.0.0.1:8080"),
            ("origin", "http://127.0.0.1:8080")
        ]));
        assert!(ours(&[
            ("host", "desk.example"),
            ("origin", "https://desk.example")
        ]));
        assert!(!ours(&[
            ("host", "desk.example"),
            ("origin", "https://evil.example")
        ]));
        assert!(!ours(&[
            ("host", "desk.example"),
            ("origin", "https://desk.example.evil.org")
        ]));
        assert!(!ours(&[("host", "desk.example"), ("origin", "null")]));
        assert!(!ours(&[
            ("host", "desk.example"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!ours(&[
            ("host", "desk.example"),
            ("sec-fetch-site", "same-site")
        ]));
    }
}
