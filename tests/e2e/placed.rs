//! Calls that the house places: to telephones and to SIPp's callees, which others wrote.

use std::thread::JoinHandle;

use events::{
    CallbackOutcome, CaseEvent, Channel, EntryCause, Event, NotificationEvent, NotificationOutcome,
    Pii, PlacedEvent, PlacedOutcome,
};
use serde_json::json;
use tests::phone::Setup;
use tests::{Browser, Desk, Journal, Phone, Server, sipp};

use crate::story::{notified, open_at_any_hour, ready, sample, settled};

/// Where those are whom the trunk reaches.
const CALLEE: u16 = 5075;
/// Whom the house calls: the user part of the callee's telephone.
const NUMBER: &str = "101101";

/// A house that calls out at any hour, by a carrier that may ask for a password, and lets it ring
/// for three seconds.
fn house() -> (Server, Journal) {
    let call_out = format!(
        "addresses = [\"127.0.0.0/8\"]\ncall_out = \"sip:127.0.0.1:{CALLEE}\"\ncall_user = \
         \"house\"\ncall_password = \"secret\""
    );
    let text = sample(&[
        ("addresses = [\"127.0.0.0/8\"]", &call_out),
        ("trunk = \"\"", "trunk = \"loopback\""),
        ("weekdays = \"09:00-20:00\"", "weekdays = \"00:00-24:00\""),
        ("weekends = \"10:00-18:00\"", "weekends = \"00:00-24:00\""),
        ("ring_s = 40", "ring_s = 3"),
    ]);
    let server = Server::with_scripts(&text, open_at_any_hour);
    let journal = server.journal();
    (server, journal)
}

/// Tells by telephone that an application's status changed.
fn tell(desk: &Desk, key: &str, to: &str) {
    let values = json!({"number": "5724", "service": "scrap_licence", "status": "готово"});
    let body = json!({
        "key": key, "kind": "status_changed", "channel": "voice", "to": to, "values": values,
    });
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

fn comes_to(journal: &mut Journal, node: &str) {
    journal.wait(
        node,
        |e| matches!(e, Event::StepReached { step, .. } if step == node),
    );
}

#[test]
fn people_are_told_by_telephone_refuse_by_a_key_and_are_called_back() {
    let (server, mut journal) = house();
    let mut operator = Phone::start(&Setup::operator("operator1", 5071));
    let mut callee = Phone::start(&Setup {
        user: NUMBER,
        ..Setup::caller(CALLEE)
    });
    let desk = ready(&server, &mut journal, "operator1");
    hears_a_notification_and_ends_it_by_a_key(&desk, &mut journal, &mut callee);
    is_called_back_and_reaches_a_person(&desk, &mut journal, (&mut callee, &mut operator));
    has_enough_of_it_and_is_not_called_again(&desk, &mut journal, &mut callee);
}

fn hears_a_notification_and_ends_it_by_a_key(
    desk: &Desk,
    journal: &mut Journal,
    callee: &mut Phone,
) {
    tell(desk, "status/1", NUMBER);
    // The same once more is the same notification.
    tell(desk, "status/1", NUMBER);
    callee.answer();
    callee.hears_something();
    comes_to(journal, "heard");
    callee.press("2");
    assert_eq!(placed(journal), PlacedOutcome::Completed);
    assert_eq!(settled(journal), NotificationOutcome::Delivered);
    callee.wait("closed");
    let dialled =
        |r: &&events::Record| matches!(r.event, Event::Placed(PlacedEvent::Dialled { .. }));
    assert_eq!(journal.all().iter().filter(dialled).count(), 1);
    let shown = desk.get("/api/v1/notifications");
    assert_eq!(shown["notifications"][0]["outcome"], "delivered");
}

fn is_called_back_and_reaches_a_person(
    desk: &Desk,
    journal: &mut Journal,
    (callee, operator): (&mut Phone, &mut Phone),
) {
    let wish = json!({"task": "request_callback", "arguments": {"phone": {"phone": NUMBER}}});
    desk.send("POST", "/api/v1/cases/tasks", &wish);
    callee.answer();
    comes_to(journal, "greeting");
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
    callee.tone(0);
    callee.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    callee.wait("closed");
}

fn has_enough_of_it_and_is_not_called_again(
    desk: &Desk,
    journal: &mut Journal,
    callee: &mut Phone,
) {
    tell(desk, "status/2", NUMBER);
    callee.answer();
    comes_to(journal, "heard");
    callee.press("9");
    let refused = journal.wait("the refusal", |e| {
        matches!(
            e,
            Event::Notification(NotificationEvent::ConsentSet { allowed: false, .. })
        )
    });
    let Event::Notification(NotificationEvent::ConsentSet {
        address, channel, ..
    }) = refused.event
    else {
        panic!("{refused:?}");
    };
    assert_eq!(address, Pii::new(NUMBER.to_owned()));
    assert_eq!(channel, Channel::Voice);
    settled(journal);
    tell(desk, "status/3", NUMBER);
    assert_eq!(settled(journal), NotificationOutcome::OptedOut);
}

#[test]
fn who_gave_up_waiting_is_called_back_by_a_click_and_the_line_is_done() {
    let (server, mut journal) = house();
    let mut operator = Phone::start(&Setup::operator("operator1", 5071));
    let mut caller = Phone::start(&Setup {
        user: NUMBER,
        ..Setup::caller(CALLEE)
    });
    let _desk = ready(&server, &mut journal, "operator1");
    caller.dial("100");
    caller.wait("established");
    caller.hears_something();
    caller.press("0");
    operator.wait("incoming");
    caller.hang_up();
    let lost = journal.wait("the lost call", |e| {
        matches!(e, Event::CallUnanswered { .. })
    });
    journal.wait("its end", |e| matches!(e, Event::CallEnded { .. }));
    caller.wait("closed");
    operator.wait("closed");

    let mut page = Browser::start(9_601, 600);
    page.open("http://127.0.0.1:8080/");
    page.types("Логин", "operator1");
    page.writes("Пароль", "operator1");
    page.sees("На связи");
    page.click("К разбору");
    page.sees("не перезвонили");
    let call = lost.event.call().unwrap();
    page.click(&format!("Перезвонить: {call}"));
    page.sees("служба перезвонит и соединит с сотрудником");
    journal.wait("the call", |e| {
        matches!(e, Event::Placed(PlacedEvent::Dialled { .. }))
    });
    caller.answer();
    comes_to(&mut journal, "greeting");
    page.sees("перезваниваем");
    caller.press("1");
    journal.wait("the queue", |e| {
        let because = EntryCause::Callback;
        matches!(e, Event::QueueEntered { because: b, .. } if *b == because)
    });
    operator.answer();
    caller.tone(440);
    operator.tone(700);
    operator.hears_tone(440);
    caller.hears_tone(700);
    // Whoever has answered sees the call; the list is a click away.
    page.click("К разбору");
    page.sees("Всем перезвонили");
    page.click("только незакрытые");
    page.sees_no("не перезвонили");
    page.sees("перезвонили");
    caller.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}

/// SIPp plays whoever is called, once.
fn callee(scenario: &'static str) -> JoinHandle<()> {
    let port = CALLEE.to_string();
    std::thread::spawn(move || sipp::pass(scenario, &["-p", &port]))
}

#[test]
fn busy_nobody_there_and_a_carrier_that_asks_for_a_password_are_told_apart() {
    let (server, mut journal) = house();
    let desk = server.desk("operator1");
    let carriers = [
        ("callee_busy.xml", PlacedOutcome::Busy),
        ("callee_silent.xml", PlacedOutcome::NoAnswer),
        // Whoever does not know the password is refused; who knows it hears that it is busy.
        ("callee_asks_who.xml", PlacedOutcome::Busy),
    ];
    for (n, (scenario, outcome)) in (1..).zip(carriers) {
        let other_side = callee(scenario);
        tell(&desk, &format!("status/{n}"), &format!("+7999123456{n}"));
        assert_eq!(placed(&mut journal), outcome, "{scenario}");
        notified(&mut journal, "another try later", |e| {
            matches!(e, NotificationEvent::PutOff { .. })
        });
        other_side.join().unwrap();
    }
}
