//! A supervisor in an operator's talk: listens, whispers, talks with both, leaves.

use events::{CallId, Event, SupervisionEnd, SupervisionEvent, SupervisionMode};
use serde_json::json;
use tests::phone::Setup;
use tests::{Browser, Desk, Journal, Phone, Server, sound};

use crate::story::ready;

const CALLER_HZ: u32 = 440;
const OPERATOR_HZ: u32 = 700;
const SUPERVISOR_HZ: u32 = 1_000;

/// A talk between a caller and operator2; operator1 is the supervisor.
struct Talk {
    server: Server,
    journal: Journal,
    caller: Phone,
    operator: Phone,
    call: CallId,
    _desk: Desk,
}

impl Talk {
    fn begin(server: Server, mut journal: Journal) -> Self {
        let mut operator = Phone::start(&Setup::operator("operator2", 5072));
        let desk = ready(&server, &mut journal, "operator2");
        let mut caller = Phone::start(&Setup::caller(5070));
        caller.dial("100");
        caller.wait("established");
        caller.hears_something();
        caller.press("0");
        operator.answer();
        let bridged = journal.wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
        Self {
            call: bridged.event.call().unwrap(),
            server,
            journal,
            caller,
            operator,
            _desk: desk,
        }
    }

    fn started_or_changed(&mut self, wanted: SupervisionMode) {
        self.journal.wait("the supervision", |e| {
            matches!(
                e,
                Event::Supervision(
                    SupervisionEvent::Started { mode, .. } | SupervisionEvent::Changed { mode, .. }
                ) if *mode == wanted
            )
        });
    }

    fn ended(&mut self, expected: SupervisionEnd) {
        self.journal.wait("the end of the supervision", |e| {
            matches!(e, Event::Supervision(SupervisionEvent::Ended { why, .. }) if *why == expected)
        });
    }

    fn only_the_caller_speaks(&mut self) {
        self.operator.tone(0);
        self.caller.tone(CALLER_HZ);
    }

    fn only_the_operator_speaks(&mut self) {
        self.caller.tone(0);
        self.operator.tone(OPERATOR_HZ);
    }

    /// How long the caller has heard the supervisor, in seconds.
    fn caller_heard_supervisor(&mut self) -> f64 {
        let wav = self.server.folder().join("caller.wav");
        self.caller.save(&wav);
        let (samples, rate) = sound::mono(&wav);
        sound::seconds_of_tone(&samples, rate, SUPERVISOR_HZ)
    }

    fn operator_heard_supervisor(&mut self) -> f64 {
        let wav = self.server.folder().join("operator.wav");
        self.operator.save(&wav);
        let (samples, rate) = sound::mono(&wav);
        sound::seconds_of_tone(&samples, rate, SUPERVISOR_HZ)
    }
}

#[test]
fn a_supervisor_listens_whispers_talks_with_both_and_leaves() {
    let server = Server::start();
    let mut journal = server.journal();
    let mut supervisor = Phone::start(&Setup::operator("operator1", 5071));
    journal.wait(
        "the supervisor's phone",
        |e| matches!(e, Event::PhoneReachable { operator } if operator.as_str() == "operator1"),
    );
    let desk = server.desk("operator1");
    let mut talk = Talk::begin(server, journal);
    let path = "/api/v1/supervision";
    let wish = |mode: &str| json!({"call": talk.call.to_string(), "mode": mode});
    let (listen, whisper, barge) = (wish("listen"), wish("whisper"), wish("barge"));

    desk.send("POST", path, &listen);
    supervisor.answer();
    talk.started_or_changed(SupervisionMode::Listen);
    supervisor.tone(SUPERVISOR_HZ);
    talk.only_the_caller_speaks();
    supervisor.hears_tone(CALLER_HZ);
    talk.operator.hears_tone(CALLER_HZ);
    talk.only_the_operator_speaks();
    supervisor.hears_tone(OPERATOR_HZ);
    talk.caller.hears_tone(OPERATOR_HZ);
    assert!(talk.caller_heard_supervisor() < 0.1 && talk.operator_heard_supervisor() < 0.1);

    desk.send("POST", path, &whisper);
    talk.started_or_changed(SupervisionMode::Whisper);
    talk.operator.tone(0);
    talk.operator.hears_tone(SUPERVISOR_HZ);
    talk.only_the_caller_speaks();
    supervisor.hears_tone(CALLER_HZ);
    assert!(talk.caller_heard_supervisor() < 0.1);

    desk.send("POST", path, &barge);
    talk.started_or_changed(SupervisionMode::Barge);
    talk.caller.hears_tone(SUPERVISOR_HZ);
    supervisor.hears_tone(CALLER_HZ);
    talk.caller.tone(0);
    talk.operator.hears_tone(SUPERVISOR_HZ);

    desk.send("DELETE", path, &json!({}));
    talk.ended(SupervisionEnd::Left);
    supervisor.wait("closed");
    talk.only_the_caller_speaks();
    talk.operator.hears_tone(CALLER_HZ);
    talk.only_the_operator_speaks();
    talk.caller.hears_tone(OPERATOR_HZ);

    // Once more, until the caller hangs up.
    desk.send("POST", path, &listen);
    supervisor.answer();
    talk.started_or_changed(SupervisionMode::Listen);
    talk.caller.hang_up();
    talk.ended(SupervisionEnd::TalkOver);
    supervisor.wait("closed");
    talk.journal
        .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}

#[test]
fn a_supervisor_comes_in_from_the_board_with_the_phone_in_the_browser() {
    let server = Server::start();
    let mut journal = server.journal();
    let mut page = Browser::desk(9_601, SUPERVISOR_HZ, "operator1");
    journal.wait(
        "the phone in the browser",
        |e| matches!(e, Event::PhoneReachable { operator } if operator.as_str() == "operator1"),
    );
    let mut talk = Talk::begin(server, journal);
    talk.only_the_caller_speaks();
    page.click("Табло");
    page.click("Слушать");
    talk.started_or_changed(SupervisionMode::Listen);
    page.sees("вас не слышит никто");
    page.hears_tone(CALLER_HZ);
    talk.only_the_operator_speaks();
    page.hears_tone(OPERATOR_HZ);
    assert!(talk.caller_heard_supervisor() < 0.1);
    page.click("Включиться");
    talk.started_or_changed(SupervisionMode::Barge);
    talk.operator.tone(0);
    talk.caller.hears_tone(SUPERVISOR_HZ);
    page.click("Выйти из разговора");
    talk.ended(SupervisionEnd::Left);
    page.sees_no("Вы в разговоре");
    talk.only_the_caller_speaks();
    talk.operator.hears_tone(CALLER_HZ);
}

#[test]
fn a_crash_ends_a_supervision_with_the_talk() {
    let server = Server::start();
    let mut journal = server.journal();
    let mut supervisor = Phone::start(&Setup::operator("operator1", 5071));
    journal.wait(
        "the supervisor's phone",
        |e| matches!(e, Event::PhoneReachable { operator } if operator.as_str() == "operator1"),
    );
    let desk = server.desk("operator1");
    let mut talk = Talk::begin(server, journal);
    let barge = json!({"call": talk.call.to_string(), "mode": "barge"});
    desk.send("POST", "/api/v1/supervision", &barge);
    supervisor.answer();
    talk.started_or_changed(SupervisionMode::Barge);
    talk.server.kill();
    talk.server.run();
    talk.ended(SupervisionEnd::Failure);
    talk.journal
        .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
}
