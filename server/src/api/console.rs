//! The console's files, inside the binary.

use axum::http::{HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::problem::Problem;

/// `npm run build` writes them; without it, `build.rs` writes a page that says so.
#[derive(RustEmbed)]
#[folder = "console/dist"]
struct Console;

/// Vite puts a hash of the content into these names.
const NEVER_CHANGES: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// A file of the console, or the answer that there is none.
pub(super) async fn file(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::not_found("Такого адреса в API нет").into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = match path {
        "" => "index.html",
        "wallboard" => "wallboard.html",
        path => path,
    };
    let Some(file) = Console::get(path).filter(|_| !path.starts_with('.')) else {
        return Problem::not_found("Такой страницы нет").into_response();
    };
    let caching = if path.starts_with("assets/") {
        NEVER_CHANGES
    } else {
        ASK_AGAIN
    };
    let headers: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, kind(path)),
        (header::CACHE_CONTROL, caching),
    ];
    (headers, file.data.into_owned()).into_response()
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
