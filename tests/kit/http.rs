//! A browser's requests without a browser.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::{Value, json};
use tungstenite::WebSocket;
use tungstenite::client::IntoClientRequest as _;

use crate::PATIENCE;

/// An answer.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// One request on a connection of its own; none if the server does not listen.
#[must_use]
pub fn request(
    server: SocketAddr,
    method: &str,
    path: &str,
    cookie: Option<&str>,
    body: Option<&Value>,
) -> Option<Response> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = body.map(Value::to_string).unwrap_or_default();
    let cookie = cookie.map_or_else(String::new, |c| format!("Cookie: {c}\r\n"));
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n{cookie}\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
        unchunk(body)
    } else {
        body.to_owned()
    };
    Some(Response {
        status,
        head: head.to_owned(),
        body,
    })
}

fn unchunk(mut rest: &str) -> String {
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}

/// What an operator's open page is told.
pub type LivePage = WebSocket<TcpStream>;

/// An operator's desk.
pub struct Desk {
    server: SocketAddr,
    cookie: String,
}

impl Desk {
    /// Signs in with a sample password.
    #[must_use]
    pub fn open(server: SocketAddr, login: &str) -> Self {
        Self::with_password(server, login, login)
    }

    /// Signs in with a password of its own.
    #[must_use]
    pub fn with_password(server: SocketAddr, login: &str, password: &str) -> Self {
        let body = json!({"login": login, "password": password});
        let answer = request(server, "POST", "/api/v1/session", None, Some(&body)).unwrap();
        assert!(answer.status < 300, "sign-in of {login}: {answer:?}");
        let cookie = answer
            .head
            .lines()
            .find_map(|l| {
                l.to_lowercase()
                    .starts_with("set-cookie:")
                    .then(|| l[11..].trim())
            })
            .and_then(|cookie| cookie.split(';').next())
            .expect("a session cookie")
            .to_owned();
        Self { server, cookie }
    }

    pub fn get(&self, path: &str) -> Value {
        let answer = request(self.server, "GET", path, Some(&self.cookie), None).unwrap();
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        serde_json::from_str(&answer.body).unwrap_or(Value::String(answer.body))
    }

    /// A command; the answer must be «done».
    pub fn command(&self, command: &Value) {
        let answer = self.try_command(command);
        assert!(answer.status < 300, "{command}: {answer:?}");
    }

    /// A command, and whatever the answer is.
    #[must_use]
    pub fn try_command(&self, command: &Value) -> Response {
        let path = "/api/v1/desk/commands";
        request(self.server, "POST", path, Some(&self.cookie), Some(command)).unwrap()
    }

    /// Any other request with a body; the answer must be «done».
    pub fn send(&self, method: &str, path: &str, body: &Value) {
        let answer = request(self.server, method, path, Some(&self.cookie), Some(body)).unwrap();
        assert!(answer.status < 300, "{method} {path} {body}: {answer:?}");
    }

    /// Opens the page's live connection.
    #[must_use]
    pub fn live(&self) -> LivePage {
        let url = format!("ws://{}/api/v1/desk/live", self.server);
        let mut request = url.into_client_request().unwrap();
        let origin = format!("http://{}", self.server);
        for (name, value) in [("cookie", &self.cookie), ("origin", &origin)] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect_timeout(&self.server, PATIENCE).unwrap();
        tungstenite::client(request, stream).unwrap().0
    }

    #[must_use]
    pub fn view(&self) -> Value {
        self.get("/api/v1/desk")
    }
}
