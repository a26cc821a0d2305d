//! What several tests begin with.

use std::path::Path;

use events::{CallId, Event, NotificationEvent, NotificationOutcome, QueueId};
use serde_json::json;
use tests::phone::Setup;
use tests::{Desk, Journal, Phone, Server};

/// A house with one ready operator, and a caller's telephone.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) journal: Journal,
    pub(crate) caller: Phone,
    pub(crate) operator: Phone,
    pub(crate) desk: Desk,
}

impl House {
    pub(crate) fn open() -> Self {
        Self::over(Server::start())
    }

    /// With a sample configuration in which these texts are replaced.
    pub(crate) fn with_sample(replaced: &[(&str, &str)]) -> Self {
        Self::over(Server::with_file(&sample(replaced)))
    }

    fn over(server: Server) -> Self {
        let mut journal = server.journal();
        let operator = Phone::start(&Setup::operator("operator1", 5071));
        let desk = ready(&server, &mut journal, "operator1");
        let caller = Phone::start(&Setup::caller(5070));
        Self {
            server,
            journal,
            caller,
            operator,
            desk,
        }
    }

    /// The caller reaches the assistant.
    pub(crate) fn call(&mut self, number: &str) -> CallId {
        self.caller.dial(number);
        self.caller.wait("established");
        self.caller.hears_something();
        let arrived = self
            .journal
            .wait("the call", |e| matches!(e, Event::CallArrived { .. }));
        arrived.event.call().unwrap()
    }

    /// The caller presses 0 and waits for a person.
    pub(crate) fn ask_for_a_person(&mut self) -> QueueId {
        self.caller.press("0");
        let entered = self
            .journal
            .wait("the queue", |e| matches!(e, Event::QueueEntered { .. }));
        match entered.event {
            Event::QueueEntered { queue, .. } => queue,
            other => panic!("{other:?}"),
        }
    }

    /// Caller and operator talk, and hear each other.
    pub(crate) fn talk(&mut self) {
        self.operator.answer();
        self.journal
            .wait("the bridge", |e| matches!(e, Event::LegsBridged { .. }));
        self.caller.tone(440);
        self.operator.tone(700);
        self.operator.hears_tone(440);
        self.caller.hears_tone(700);
    }

    pub(crate) fn wait_for_the_end(&mut self) {
        self.journal
            .wait("the end", |e| matches!(e, Event::CallEnded { .. }));
    }
}

/// Signs an operator in and makes them ready, once their telephone is known to be reachable.
pub(crate) fn ready(server: &Server, journal: &mut Journal, login: &str) -> Desk {
    journal.wait(
        "the phone",
        |e| matches!(e, Event::PhoneReachable { operator } if operator.as_str() == login),
    );
    let desk = server.desk(login);
    desk.command(&json!({"command": "sign_in"}));
    desk.command(&json!({"command": "ready"}));
    journal.wait(
        "readiness",
        |e| matches!(e, Event::OperatorReady { operator } if operator.as_str() == login),
    );
    desk
}

/// The sample configuration, in which these texts are replaced where they stand first.
pub(crate) fn sample(replaced: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(tests::root().join("liniya.toml")).unwrap();
    for (from, to) in replaced {
        assert!(text.contains(from), "the sample has no {from}");
        text = text.replacen(from, to, 1);
    }
    text
}

/// Somebody works at every hour of every day: a test has no favourite time.
pub(crate) fn open_at_any_hour(scripts: &Path) {
    let mut hours = String::from("[[hours]]\nid = \"weekdays\"\nfollows_calendar = false\n");
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        hours.push_str(&format!("{day} = [\"00:00-24:00\"]\n"));
    }
    std::fs::write(scripts.join("calendars/hours.toml"), hours).unwrap();
}

/// A second's tone instead of the line's greeting, so that every call soon comes to the question.
pub(crate) fn greet_briefly(scripts: &Path) {
    say_briefly(scripts, "consultation.greeting");
}

/// A second's tone instead of a phrase.
pub(crate) fn say_briefly(scripts: &Path, phrase: &str) {
    let recording = scripts.join(format!("recordings/{phrase}.wav"));
    tests::sound::write_tone(&recording, 1_000, 1);
}

/// Waits for a fact about a notification.
pub(crate) fn notified(
    journal: &mut Journal,
    what: &str,
    wanted: impl Fn(&NotificationEvent) -> bool,
) -> NotificationEvent {
    let fact = journal.wait(
        what,
        |e| matches!(e, Event::Notification(fact) if wanted(fact)),
    );
    match fact.event {
        Event::Notification(fact) => fact,
        other => panic!("{other:?}"),
    }
}

/// How the next notification that is settled was settled.
pub(crate) fn settled(journal: &mut Journal) -> NotificationOutcome {
    let ended = notified(journal, "the end of the notification", |e| {
        matches!(e, NotificationEvent::Ended { .. })
    });
    match ended {
        NotificationEvent::Ended { outcome, .. } => outcome,
        other => panic!("{other:?}"),
    }
}
