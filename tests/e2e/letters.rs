//! What the house writes of its own accord: to a mail server that others wrote (aiosmtpd, STARTTLS and
//! a password), and to a provider of short messages.

use events::{
    CaseEvent, CaseNumber, Channel, Event, NotificationEvent, NotificationKind,
    NotificationOutcome, TaskKind, TaskOutcome,
};
use serde_json::{Value, json};
use tests::mail::{Certificate, MailServer};
use tests::phone::Setup;
use tests::provider::Provider;
use tests::{Desk, Journal, Phone, Server, mail, provider, sound};

use crate::story::{greet_briefly, sample, say_briefly, settled};

/// Who answers complaints.
const RESPONSIBLE: &str = "sokolova@example.org";

/// A house with a mail server and a provider, which tries again at once.
struct House {
    server: Server,
    journal: Journal,
    mail: MailServer,
    provider: Provider,
    _folder: tempfile::TempDir,
}

impl House {
    fn open(answers: &[(u16, &'static str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Certificate::new(folder.path());
        let (user, password) = mail::LOGIN;
        let text = sample(&[
            ("# email = \"sokolova@", "email = \"sokolova@"),
            ("weekdays = \"09:00-20:00\"", "weekdays = \"00:00-24:00\""),
            ("weekends = \"10:00-18:00\"", "weekends = \"00:00-24:00\""),
            ("failed_min = 15", "failed_min = 0"),
            ("host = \"\"", "host = \"127.0.0.1\""),
            ("port = 587", &format!("port = {}", mail::PORT)),
            ("user = \"\"", &format!("user = \"{user}\"")),
            ("password = \"\"", &format!("password = \"{password}\"")),
            ("from = \"\"", "from = \"Линия <line@example.org>\""),
            (
                "# trusted = \"/etc/liniya/ca.pem\"  # свои корневые сертификаты, PEM",
                &format!("trusted = \"{}\"", certificate.path.display()),
            ),
            (
                "\nurl = \"\"",
                &format!("\nurl = \"http://127.0.0.1:{}/send\"", provider::PORT),
            ),
            ("authorization = \"\"", "authorization = \"Bearer sesame\""),
            ("accepted = \"\"", "accepted = \"queued\""),
        ]);
        let server = Server::with_scripts(&text, |scripts| {
            greet_briefly(scripts);
            for node in ["intro", "name", "reply_to", "know_official", "substance"] {
                say_briefly(scripts, &format!("part_complaint.{node}"));
            }
        });
        let journal = server.journal();
        // In the network of this thread, which the server's start made.
        let mail = MailServer::start(&certificate);
        let provider = Provider::start(answers);
        Self {
            server,
            journal,
            mail,
            provider,
            _folder: folder,
        }
    }
}

fn tell(desk: &Desk, key: &str, channel: &str, to: &str) {
    let values = json!({"number": "5724", "service": "scrap_licence", "status": "готово"});
    let body = json!({
        "key": key, "kind": "status_changed", "channel": channel, "to": to, "values": values,
    });
    desk.send("POST", "/api/v1/notifications", &body);
}

/// Tries of the newest notification, as a supervisor sees them.
fn tries(desk: &Desk) -> Value {
    desk.get("/api/v1/notifications")["notifications"][0]["attempts"].clone()
}

#[test]
fn letters_and_messages_are_repeated_when_asked_to_and_given_up_when_refused() {
    let mut house = House::open(&[
        (200, "{\"state\":\"queued\"}"),
        (429, "later"),
        (200, "{\"state\":\"queued\"}"),
        (400, "no such number"),
    ]);
    let desk = house.server.desk("operator1");
    letters(&desk, &mut house);
    messages(&desk, &mut house);
}

fn letters(desk: &Desk, house: &mut House) {
    tell(desk, "letter/1", "email", "ivan@example.org");
    let letter = house.mail.wait("letter");
    assert_eq!(letter["to"], json!(["ivan@example.org"]));
    assert_eq!(letter["secret"], true, "STARTTLS and the password");
    assert_eq!(letter["subject"], "Заявление 5724: новый статус «готово»");
    let text = letter["text"].as_str().unwrap();
    assert!(text.contains("изменился: «готово»"), "{text}");
    assert_eq!(letter["headers"]["Auto-Submitted"], "auto-generated");
    assert_eq!(letter["headers"]["Message-ID"], "<N1@example.org>");
    assert_eq!(settled(&mut house.journal), NotificationOutcome::Delivered);

    tell(desk, "letter/2", "email", "later@example.org");
    house.mail.wait("put_off");
    let letter = house.mail.wait("letter");
    assert_eq!(letter["headers"]["Message-ID"], "<N2@example.org>");
    assert_eq!(settled(&mut house.journal), NotificationOutcome::Delivered);
    assert_eq!(tries(desk), 2);

    tell(desk, "letter/3", "email", "nobody@example.org");
    house.mail.wait("refused");
    assert_eq!(settled(&mut house.journal), NotificationOutcome::Failed);
    assert_eq!(tries(desk), 1, "a refusal for good");
}

fn messages(desk: &Desk, house: &mut House) {
    tell(desk, "message/1", "sms", "+79991234561");
    let asked = house.provider.asked();
    assert!(asked.head.starts_with("POST /send "), "{}", asked.head);
    assert_eq!(asked.header("authorization"), Some("Bearer sesame"));
    for field in ["to=%2B79991234561", "id=N4", "text=%D0%97"] {
        assert!(asked.body.contains(field), "{}", asked.body);
    }
    assert_eq!(settled(&mut house.journal), NotificationOutcome::Delivered);

    tell(desk, "message/2", "sms", "+79991234562");
    let first = house.provider.asked();
    let again = house.provider.asked();
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("idempotency-key"), Some("N5"));
    assert_eq!(again.header("idempotency-key"), Some("N5"));
    assert_eq!(settled(&mut house.journal), NotificationOutcome::Delivered);

    tell(desk, "message/3", "sms", "+79991234563");
    let refused = house.provider.asked();
    assert!(refused.body.contains("id=N6"), "{}", refused.body);
    assert_eq!(settled(&mut house.journal), NotificationOutcome::Failed);
    assert_eq!(tries(desk), 1, "a refusal for good");
}

#[test]
fn a_spoken_complaint_reaches_whoever_answers_it_and_is_acknowledged() {
    let mut house = House::open(&[(200, "{\"state\":\"queued\"}")]);
    let mut caller = Phone::start(&Setup {
        user: "79161234567",
        ..Setup::caller(5070)
    });
    let number = complains(&mut house, &mut caller);

    let letter = house.mail.wait("letter");
    assert_eq!(letter["to"], json!([RESPONSIBLE]));
    let subject = letter["subject"].as_str().unwrap();
    assert!(subject.contains("Новая жалоба"), "{subject}");
    assert!(subject.contains(number.digits()), "{subject}");

    let asked = house.provider.asked();
    assert!(asked.body.contains("to=%2B79161234567"), "{}", asked.body);
    assert!(asked.body.contains(number.digits()), "{}", asked.body);
    let receipt = |e: &NotificationEvent| match e {
        NotificationEvent::Planned { kind, channel, .. } => {
            (*kind, *channel) == (NotificationKind::Received, Channel::Sms)
        }
        _ => false,
    };
    let all = house.journal.all();
    let receipts = all.iter().filter(|record| match &record.event {
        Event::Notification(fact) => receipt(fact),
        _ => false,
    });
    assert_eq!(receipts.count(), 1);
}

/// Dictates name, address and substance; the number of what was filed.
fn complains(house: &mut House, caller: &mut Phone) -> CaseNumber {
    caller.dial("100");
    caller.wait("established");
    presses(house, caller, "topic", "7");
    dictates(house, caller, "name", "Иванов Иван Иванович");
    dictates(house, caller, "reply_to", "Москва, улица Лесная, дом пять");
    presses(house, caller, "part_complaint.know_official", "2");
    dictates(
        house,
        caller,
        "substance",
        "На моё заявление не ответили за два месяца",
    );
    presses(house, caller, "part_complaint.inform", "3");
    presses(house, caller, "part_complaint.check_short", "1");
    let filed = house.journal.wait("the complaint", |e| {
        matches!(e, Event::Case(CaseEvent::ComplaintFiled { .. }))
    });
    let Event::Case(CaseEvent::ComplaintFiled {
        case, recordings, ..
    }) = filed.event
    else {
        panic!("{filed:?}");
    };
    for field in ["name", "reply_to", "substance"] {
        let file = house
            .server
            .folder()
            .join("recordings")
            .join(&recordings[field]);
        assert!(file.is_file(), "{}", file.display());
    }
    house.journal.wait("the answer", |e| {
        let done = TaskOutcome::Done;
        matches!(e, Event::TaskAnswered { task: TaskKind::FileComplaint, outcome, .. } if *outcome == done)
    });
    caller.hang_up();
    CaseNumber::of(case)
}

fn comes_to(house: &mut House, node: &str) {
    house.journal.wait(
        node,
        |e| matches!(e, Event::StepReached { step, .. } if step == node),
    );
}

fn presses(house: &mut House, caller: &mut Phone, node: &str, keys: &str) {
    comes_to(house, node);
    caller.press(keys);
}

/// Speaks after the tone until the house has the recording, and keeps it.
fn dictates(house: &mut House, caller: &mut Phone, field: &str, words: &str) {
    comes_to(house, &format!("part_complaint.{field}"));
    caller.hears_beep(440);
    caller.say(&sound::speech(house.server.folder(), words));
    house.journal.wait("the recording", |e| {
        matches!(e, Event::AnswerRecorded { .. })
    });
    caller.press("1"); // keeps it
}
