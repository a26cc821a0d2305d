//! The house tells people things of its own accord: by telephones, SIPp's callees and a mail server
//! that others wrote.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use events::{
    CallbackOutcome, CaseEvent, EntryCause, Event, NotificationEvent, NotificationOutcome,
    PlacedEvent, PlacedOutcome,
};
use serde_json::json;
use tests::phone::Setup;
use tests::{Desk, Journal, Phone, Server, sipp};

use crate::story::ready;

/// Where those are whom the trunk reaches.
const CALLEE: u16 = 5075;
/// Whom the house calls: the user part of the callee's telephone.
const NUMBER: &str = "101101";

/// The sample house, with a trunk that calls out at any hour.
fn house(more: &[(&str, &str)]) -> (Server, Journal) {
    let mut text = std::fs::read_to_string(tests::root().join("liniya.toml")).unwrap();
    let call_out = format!("addresses = [\"127.0.0.0/8\"]\ncall_out = \"sip:127.0.0.1:{CALLEE}\"");
    let always = [
        ("addresses = [\"127.0.0.0/8\"]", call_out.as_str()),
        ("trunk = \"\"", "trunk = \"loopback\""),
        ("weekdays = \"09:00-20:00\"", "weekdays = \"00:00-24:00\""),
        ("weekends = \"10:00-18:00\"", "weekends = \"00:00-24:00\""),
    ];
    for (from, to) in always.iter().chain(more) {
        assert!(text.contains(from), "the sample has no {from}");
        text = text.replacen(from, to, 1);
    }
    let server = Server::with_file(&text);
    let journal = server.journal();
    (server, journal)
}

fn tell(desk: &Desk, channel: &str, to: &str) {
    let values = json!({"number": "5724", "service": "scrap_licence", "status": "готово"});
    let body = json!({
        "key": "status/1", "kind": "status_changed", "channel": channel, "to": to, "values": values,
    });
    desk.send("POST", "/api/v1/notifications", &body);
    // The same once more is the same notification.
    desk.send("POST", "/api/v1/notifications", &body);
}

fn placed(journal: &mut Journal) -> PlacedOutcome {
    let ended = journal.wait("the end of the call", |e| {
        matches!(e, Event::Placed(PlacedEvent::Ended { .. }))
    });
    match ended.event {
        Event::Placed(PlacedEvent::Ended { outcome, .. }) => outcome,
        other => panic!("{other:?}"),
    }
}

fn settled(journal: &mut Journal) -> NotificationOutcome {
    let ended = journal.wait("the end of the notification", |e| {
        matches!(e, Event::Notification(NotificationEvent::Ended { .. }))
    });
    match ended.event {
        Event::Notification(NotificationEvent::Ended { outcome, .. }) => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_notification_is_heard_on_a_telephone_and_ended_by_a_key() {
    let (server, mut journal) = house(&[]);
    let desk = server.desk("operator1");
    let mut callee = Phone::start(&Setup {
        user: NUMBER,
        ..Setup::caller(CALLEE)
    });
    tell(&desk, "voice", NUMBER);
    callee.answer();
    callee.hears_something();
    journal.wait(
        "the message heard",
        |e| matches!(e, Event::StepReached { step, .. } if step == "heard"),
    );
    callee.press("2");
    assert_eq!(placed(&mut journal), PlacedOutcome::Completed);
    assert_eq!(settled(&mut journal), NotificationOutcome::Delivered);
    callee.wait("closed");
    let dialled =
        |r: &&events::Record| matches!(r.event, Event::Placed(PlacedEvent::Dialled { .. }));
    assert_eq!(journal.all().iter().filter(dialled).count(), 1);
    let shown = desk.get("/api/v1/notifications");
    assert_eq!(shown["notifications"][0]["outcome"], "delivered");
}

#[test]
fn who_has_enough_of_it_is_not_called_again() {
    let (server, mut journal) = house(&[]);
    let desk = server.desk("operator1");
    let mut callee = Phone::start(&Setup {
        user: NUMBER,
        ..Setup::caller(CALLEE)
    });
    tell(&desk, "voice", NUMBER);
    callee.answer();
    journal.wait(
        "the message heard",
        |e| matches!(e, Event::StepReached { step, .. } if step == "heard"),
    );
    callee.press("9");
    journal.wait("the refusal", |e| {
        let refused = NotificationEvent::ConsentSet {
            address: events::Pii::new(NUMBER.to_owned()),
            channel: events::Channel::Voice,
            allowed: false,
            call: None,
        };
        match (e, refused) {
            (
                Event::Notification(NotificationEvent::ConsentSet {
                    address, allowed, ..
                }),
                NotificationEvent::ConsentSet {
                    address: wanted, ..
                },
            ) => *address == wanted && !allowed,
            _ => false,
        }
    });
    settled(&mut journal);
    let values = json!({"number": "5724", "service": "scrap_licence", "stage": "проверка"});
    let again = json!({
        "key": "stage/1", "kind": "stage", "channel": "voice", "to": NUMBER, "values": values,
    });
    desk.send("POST", "/api/v1/notifications", &again);
    assert_eq!(settled(&mut journal), NotificationOutcome::OptedOut);
}

/// SIPp plays whoever is called, once.
fn callee(scenario: &'static str) -> JoinHandle<()> {
    let port = CALLEE.to_string();
    std::thread::spawn(move || sipp::pass(scenario, &["-p", &port]))
}

#[test]
fn busy_and_nobody_there_are_told_apart_and_tried_again() {
    for (scenario, outcome) in [
        ("callee_busy.xml", PlacedOutcome::Busy),
        ("callee_silent.xml", PlacedOutcome::NoAnswer),
    ] {
        let (server, mut journal) = house(&[("ring_s = 40", "ring_s = 2")]);
        let other_side = callee(scenario);
        tell(&server.desk("operator1"), "voice", "+79991234567");
        assert_eq!(placed(&mut journal), outcome, "{scenario}");
        journal.wait("another try", |e| {
            matches!(e, Event::Notification(NotificationEvent::PutOff { .. }))
        });
        other_side.join().unwrap();
    }
}

#[test]
fn a_carrier_that_asks_for_a_password_gets_it() {
    let (server, mut journal) = house(&[(
        "call_out = ",
        "call_user = \"house\"\ncall_password = \"secret\"\ncall_out = ",
    )]);
    let other_side = callee("callee_asks_who.xml");
    tell(&server.desk("operator1"), "voice", "+79991234567");
    assert_eq!(placed(&mut journal), PlacedOutcome::Busy);
    other_side.join().unwrap();
}

#[test]
fn a_call_back_reaches_a_person() {
    let (server, mut journal) = house(&[]);
    let mut operator = Phone::start(&Setup::operator("operator1", 5071));
    let mut callee = Phone::start(&Setup {
        user: NUMBER,
        ..Setup::caller(CALLEE)
    });
    let desk = ready(&server, &mut journal, "operator1");
    let wish = json!({"task": "request_callback", "arguments": {"phone": {"phone": NUMBER}}});
    desk.send("POST", "/api/v1/cases/tasks", &wish);
    let asked = journal.wait("the request", |e| {
        matches!(e, Event::Case(CaseEvent::CallbackRequested { .. }))
    });
    let Event::Case(CaseEvent::CallbackRequested { not_before, .. }) = asked.event else {
        panic!("{asked:?}");
    };
    if not_before > asked.at {
        return; // outside the hours of calls back nobody is called now: tests/sim has a clock
    }
    callee.answer();
    callee.press("1");
    journal.wait("the queue", |e| {
        let because = EntryCause::Callback;
        matches!(e, Event::QueueEntered { because: b, .. } if *b == because)
    });
    operator.answer();
    callee.tone(440);
    operator.hears_tone(440);
    journal.wait("the promise kept", |e| {
        let outcome = CallbackOutcome::Connected;
        matches!(e, Event::Case(CaseEvent::CallbackEnded { outcome: o, .. }) if *o == outcome)
    });
}

/// aiosmtpd, which prints every letter.
struct MailServer {
    process: Child,
    letters: BufReader<std::process::ChildStdout>,
}

impl MailServer {
    fn start() -> Self {
        let python = tests::root().join("var/mail/bin/python");
        assert!(
            python.is_file(),
            "the mail server is missing: run deploy/setup/mail.sh var/mail"
        );
        let mut process = Command::new(python)
            .args(["-u", "-m", "aiosmtpd", "-n", "-l", "127.0.0.1:2525"])
            .args(["-c", "aiosmtpd.handlers.Debugging", "stdout"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let letters = BufReader::new(process.stdout.take().unwrap());
        Self { process, letters }
    }

    /// The next letter, up to its end.
    fn letter(&mut self) -> String {
        let mut letter = String::new();
        while !letter.contains("END MESSAGE") {
            assert!(self.letters.read_line(&mut letter).unwrap() > 0, "{letter}");
        }
        letter
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_letter_reaches_a_mail_server() {
    tests::network::private();
    let mut mail = MailServer::start();
    let (server, mut journal) = house(&[
        ("host = \"\"", "host = \"127.0.0.1\""),
        ("port = 587", "port = 2525"),
        ("tls = \"starttls\"", "tls = \"none\""),
        ("from = \"\"", "from = \"Линия <line@example.org>\""),
        ("failed_min = 15", "failed_min = 0"),
    ]);
    tell(&server.desk("operator1"), "email", "ivan@example.org");
    let letter = mail.letter();
    assert!(letter.contains("To: ivan@example.org"), "{letter}");
    assert!(
        letter.contains("Auto-Submitted: auto-generated"),
        "{letter}"
    );
    assert!(letter.contains("Message-ID: <N1@example.org>"), "{letter}");
    assert_eq!(settled(&mut journal), NotificationOutcome::Delivered);
}

#[test]
fn callers_hear_a_broadcast_first_until_it_is_taken_back() {
    let (mut server, mut journal) = house(&[]);
    let desk = server.desk("operator1");
    let words = json!({"text": "Сегодня приём граждан отменён."});
    desk.send("PUT", "/api/v1/broadcast", &words);
    journal.wait("the broadcast", |e| {
        matches!(e, Event::BroadcastSet { text: Some(_), .. })
    });
    server.kill();
    server.run();
    let desk = server.desk("operator1");
    let shown = desk.get("/api/v1/notifications");
    assert_eq!(shown["broadcasts"][0]["text"], words["text"]);
    assert!((server.metric("liniya_broadcasts_active") - 1.0).abs() < 1e-9);
    desk.send("PUT", "/api/v1/broadcast", &json!({}));
    journal.wait("taken back", |e| {
        matches!(e, Event::BroadcastSet { text: None, .. })
    });
}
