//! Short messages by a provider that answers on this computer.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use cases::io::{Outgoing, ShortMessages, SmsFormat, SmsSettings};
use cases::notify::{Text, TryResult};
use events::Pii;

/// Answers one request and gives it back.
fn provider(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let read = stream.read(&mut piece).unwrap();
            heard.extend(piece.iter().take(read));
            let text = String::from_utf8_lossy(&heard).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1).unwrap();
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            if body.len() >= length {
                stream.write_all(answer.as_bytes()).unwrap();
                return text;
            }
        }
    });
    (url, served)
}

fn settings(url: &str, format: SmsFormat) -> SmsSettings {
    let fields = [("phone", "{to}"), ("message", "{text}"), ("extid", "{id}")];
    SmsSettings {
        url: url.to_owned(),
        format,
        authorization: Some("Bearer secret".into()),
        fields: fields
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        accepted: String::new(),
        trusted: None,
        timeout: Duration::from_secs(10),
    }
}

fn message() -> Outgoing {
    Outgoing {
        id: "N7".into(),
        to: Pii::new("+79991234567".into()),
        text: Text {
            subject: String::new(),
            body: "Приём {id} & завтра".into(),
        },
    }
}

fn sends(answer: &'static str, change: impl FnOnce(&mut SmsSettings)) -> (TryResult, String) {
    let (url, served) = provider(answer);
    let mut settings = settings(&url, SmsFormat::Form);
    change(&mut settings);
    let result = ShortMessages::open(settings).unwrap().send(&message());
    (result, served.join().unwrap())
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}";

#[test]
fn a_form_carries_number_words_and_the_key_of_repetition() {
    let (result, request) = sends(OK, |_| {});
    assert_eq!(result, TryResult::Delivered);
    let body = request.split("\r\n\r\n").nth(1).unwrap();
    let fields: BTreeMap<&str, &str> = body.split('&').filter_map(|p| p.split_once('=')).collect();
    assert_eq!(fields["phone"], "%2B79991234567");
    assert_eq!(fields["extid"], "N7");
    assert!(fields["message"].contains("%7Bid%7D"), "{body}");
    let head = request.to_lowercase();
    assert!(head.contains("idempotency-key: n7"), "{head}");
    assert!(head.contains("authorization: bearer secret"), "{head}");
}

#[test]
fn json_carries_the_same() {
    let (result, request) = sends(OK, |settings| settings.format = SmsFormat::Json);
    assert_eq!(result, TryResult::Delivered);
    let body = request.split("\r\n\r\n").nth(1).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["message"], "Приём {id} & завтра");
    assert_eq!(body["phone"], "+79991234567");
}

#[test]
fn what_the_provider_says_decides_about_the_next_try() {
    let answers = [
        (
            "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n",
            TryResult::Hopeless,
        ),
        (
            "HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n",
            TryResult::Failed,
        ),
        (
            "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n",
            TryResult::Failed,
        ),
        (
            "HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n",
            TryResult::Failed,
        ),
        (OK, TryResult::Delivered),
    ];
    for (answer, expected) in answers {
        assert_eq!(sends(answer, |_| {}).0, expected, "{answer}");
    }
    let word = |word: &str| sends(OK, |settings| settings.accepted = word.to_owned()).0;
    assert_eq!(word("\"ok\""), TryResult::Delivered);
    assert_eq!(word("queued"), TryResult::Failed);
}

#[test]
fn a_provider_that_is_not_there_may_be_there_later_and_fields_are_checked() {
    let nobody = settings("http://127.0.0.1:9/send", SmsFormat::Form);
    let result = ShortMessages::open(nobody).unwrap().send(&message());
    assert_eq!(result, TryResult::Failed);
    let mut wrong = settings("http://127.0.0.1:9/send", SmsFormat::Form);
    wrong.fields.remove("message");
    let error = ShortMessages::open(wrong).unwrap_err();
    assert!(error.contains("{text}"), "{error}");
}
