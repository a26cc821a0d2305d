//! Operators whose phone is the page: a real Chromium on one side, a real telephone on the other.

use events::{Event, LegRole, MissedWhy};
use serde_json::json;
use tests::phone::Setup;
use tests::{Browser, Journal, Phone, Server};

/// What the operator's microphone says, and what the caller says.
const OPERATOR_HZ: u32 = 600;
const CALLER_HZ: u32 = 1_100;

/// A house with one operator whose phone is in the browser, ready, and a caller's telephone.
struct House {
    server: Server,
    journal: Journal,
    caller: Phone,
    desk: Browser,
}

impl House {
    fn open() -> Self {
        let server = Server::start();
        let mut journal = server.journal();
        let mut desk = Browser::desk(9_601, OPERATOR_HZ, "operator1");
        journal.wait(
            "the phone in the browser",
            |e| matches!(e, Event::PhoneReachable { operator } if operator.as_str() == "operator1"),
        );
        desk.click("Начать смену");
        desk.click("Принимать звонки");
        journal.wait("readiness", |e| matches!(e, Event::OperatorReady { .. }));
        let caller = Phone::start(&Setup::caller(5070));
        Self {
            server,
            journal,
            caller,
            desk,
        }
    }

    /// A visitor's page in a browser of its own.
    fn visitor(how: &str) -> Browser {
        let mut page = Browser::start(9_602, CALLER_HZ);
        page.open("http://127.0.0.1:8080/call");
        page.click(how);
        page.sees("Вы на линии");
        page
    }

    fn ring(&mut self) {
        self.caller.dial("100");
        self.caller.wait("established");
        self.caller.hears_something();
        self.caller.press("0");
        self.journal
            .wait("the ringing", |e| matches!(e, Event::OfferRinging { .. }));
        self.desk.sees("Звонит здесь");
    }

    fn talk(&mut self) {
        self.ring();
        self.desk.click("Ответить");
        self.journal
            .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
        self.caller.tone(CALLER_HZ);
        self.hear_each_other();
    }

    fn hear_each_other(&mut self) {
        self.desk.hears_tone(CALLER_HZ);
        self.caller.hears_tone(OPERATOR_HZ);
    }
}

#[test]
fn a_call_is_answered_held_muted_reloaded_and_ended_in_the_page() {
    let mut house = House::open();
    house.talk();
    house.desk.sees("Связь хорошая");

    // Nobody hears a muted operator, who hears everybody.
    house.desk.alt("KeyM", "ь");
    house.desk.sees("Вас не слышно");
    house.desk.hears_tone(CALLER_HZ);
    house.desk.reload();
    house.desk.sees("Вас не слышно");
    house.desk.hears_tone(CALLER_HZ);
    house.desk.click("Вас не слышно");
    house.hear_each_other();

    // Held, the caller hears music and the operator nothing.
    house.desk.click("Удержание");
    house
        .journal
        .wait("the hold", |e| matches!(e, Event::TalkHeld { .. }));
    house.caller.hears_something();
    house.desk.hears_nothing();
    house.desk.alt("KeyH", "р");
    house
        .journal
        .wait("the way back", |e| matches!(e, Event::TalkResumed { .. }));
    house.hear_each_other();

    house.desk.choose("Микрофон", 1);
    house.hear_each_other();

    house.desk.click("Завершить разговор");
    house.journal.wait("the end of the talk", |e| {
        matches!(e, Event::TalkEnded { .. })
    });
    let measured = house.journal.wait("the operator's figures", |e| {
        matches!(
            e,
            Event::LegMeasured {
                role: LegRole::Operator,
                ..
            }
        )
    });
    match measured.event {
        Event::LegMeasured { report, .. } => {
            assert!(report.received_packets > 100, "{report:?}");
        }
        other => panic!("{other:?}"),
    }
    house.caller.hang_up();
    house
        .journal
        .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    let connected = "liniya_browser_sessions_total{outcome=\"connected\"}";
    assert!(house.server.metric(connected) >= 2.0);
}

#[test]
fn keys_pressed_in_the_page_reach_the_caller() {
    let mut house = House::open();
    house.talk();
    house.desk.click("Тоновый набор");
    house.desk.click("5");
    let digit = house.caller.wait("digit");
    assert_eq!(digit["key"], "5");
}

#[test]
fn a_refusal_in_the_page_is_counted_and_the_caller_is_served_on() {
    let mut house = House::open();
    house.ring();
    house.desk.click("Отклонить");
    house.journal.wait("the refusal", |e| {
        matches!(
            e,
            Event::OfferMissed {
                why: MissedWhy::Declined,
                ..
            }
        )
    });
    house.caller.hears_something();
}

#[test]
fn a_page_that_does_not_come_back_is_a_lost_phone_and_ends_the_talk() {
    let server_settings = [("LINIYA_BROWSER_GRACE_S", "2")];
    let server = Server::with(&server_settings);
    let mut journal = server.journal();
    let mut desk = Browser::desk(9_601, OPERATOR_HZ, "operator1");
    desk.click("Начать смену");
    desk.click("Принимать звонки");
    journal.wait("readiness", |e| matches!(e, Event::OperatorReady { .. }));
    let mut caller = Phone::start(&Setup::caller(5070));
    caller.dial("100");
    caller.wait("established");
    caller.hears_something();
    caller.press("0");
    desk.alt("KeyA", "ф");
    desk.sees("Звонит здесь");
    desk.alt("KeyA", "ф");
    journal.wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    desk.open("about:blank");
    journal.wait("the lost phone", |e| {
        matches!(e, Event::PhoneUnreachable { .. })
    });
    journal.wait("the end of the talk", |e| {
        matches!(e, Event::TalkEnded { .. })
    });
    caller.hang_up();
    journal.wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}

#[test]
fn the_newest_page_has_the_phone() {
    let server = Server::start();
    let mut journal = server.journal();
    let mut first = Browser::desk(9_601, OPERATOR_HZ, "operator1");
    journal.wait("the phone", |e| matches!(e, Event::PhoneReachable { .. }));
    let mut second = Browser::desk(9_602, OPERATOR_HZ, "operator1");
    first.sees("Телефон открыт в другом окне");
    first.click("Перенести сюда");
    second.sees("Телефон открыт в другом окне");
    second.click("SIP-телефон");
    first.sees("Телефон в браузере готов");
    let seen = server.desk("operator1").view();
    assert_eq!(seen["operator"]["is_phone_reachable"], json!(true));
}

#[test]
fn a_visitor_calls_from_a_page_and_talks_with_an_operator_in_another() {
    let mut house = House::open();
    let mut visitor = House::visitor("Позвонить голосом");
    let arrived = house
        .journal
        .wait("the call", |e| matches!(e, Event::CallArrived { .. }));
    match arrived.event {
        Event::CallArrived { trunk, caller, .. } => {
            assert_eq!((trunk.as_str(), caller), ("page", None));
        }
        other => panic!("{other:?}"),
    }
    house
        .journal
        .wait("the assistant", |e| matches!(e, Event::StepReached { .. }));
    visitor.click("0");
    house
        .journal
        .wait("the key", |e| matches!(e, Event::DigitPressed { .. }));
    house.desk.sees("Звонит здесь");
    house.desk.alt("KeyA", "ф");
    house
        .journal
        .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    house.desk.hears_tone(CALLER_HZ);
    visitor.hears_tone(OPERATOR_HZ);
    visitor.click("Завершить звонок");
    visitor.sees("Звонок завершён");
    house
        .journal
        .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}

#[test]
fn a_visitor_reads_and_types() {
    let mut house = House::open();
    let mut visitor = House::visitor("Позвонить с текстом");
    visitor.sees("По какому вопросу");
    visitor.writes("Ваш ответ", "соедините с сотрудником");
    house
        .journal
        .wait("the line", |e| matches!(e, Event::TextReceived { .. }));
    house.desk.sees("Звонит здесь");
    house.desk.click("Ответить");
    house
        .journal
        .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
    visitor.writes("Ваш ответ", "я не слышу");
    house.desk.sees("я не слышу");
    house.desk.writes("Ответ клиенту", "пишите, я читаю");
    visitor.sees("пишите, я читаю");
    visitor.open("about:blank");
    house
        .journal
        .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}
