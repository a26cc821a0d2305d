//! Calls that the house places, letters and short messages, and what callers hear first.

use std::collections::BTreeSet;
use std::path::Path;

use cases::notify::{Address, Hours, Plan, Policy, Templates, TryResult};
use events::{
    CaseEvent, CaseId, Channel, Event, LineId, NotificationKind, OperatorId, Pii, ScriptId,
    ServiceId, TaskKind, TaskRequest, Value,
};
use ivr::ScriptSet;

use super::world::{SETTINGS, World};
use crate::switchboard::{DeskAction, DeskTask, DialSetup, Outreach, OutreachSetup};

fn templates() -> Templates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/notifications");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push((name, std::fs::read_to_string(path).unwrap()));
    }
    Templates::read(files.iter().map(|(name, text)| (&**name, &**text))).unwrap()
}

/// A house that may call at any hour. The script that tells something only says a sentence; the one
/// of a call back is the line's own, which knows the way to a person.
fn outreach(scripts: &ScriptSet) -> Outreach {
    let always = Hours {
        weekday: (0, 1_440),
        weekend: (0, 1_440),
    };
    let policy = Policy::default();
    let policy = Policy {
        cases: cases::notify::Rules {
            hours: always,
            ..policy.cases
        },
        ..policy
    };
    let script = |name: &str| scripts.script(&ScriptId::new(name)).unwrap();
    let setup = OutreachSetup {
        dial: Some(DialSetup {
            trunk: "carrier".into(),
            line: "100".into(),
            max_calls: 2,
            yields: true,
            ring: events::Millis::from_s(30),
        }),
        scripts: [
            ("notice".to_owned(), script("farewell")),
            ("callback".to_owned(), script("consultation")),
        ]
        .into(),
        display: "Министерство".into(),
        ..OutreachSetup::default()
    };
    let channels = BTreeSet::from([Channel::Voice, Channel::Sms]);
    Outreach::new(policy, templates(), setup, channels)
}

fn house() -> World {
    house_of(SETTINGS)
}

pub(super) fn house_of(settings: &str) -> World {
    let settings = settings.replace(
        "addresses = [\"192.0.2.0/24\"]",
        "addresses = [\"192.0.2.0/24\"]\ncall_out = \"sip:192.0.2.99:5060\"",
    );
    let mut world = World::telling(&settings, Some(outreach));
    world.callee("callee");
    world
}

fn status(world: &World, key: &str, channel: Channel) -> DeskAction {
    let to = match channel {
        Channel::Email => "anna@example.org",
        Channel::Voice | Channel::Sms => "+79991234567",
    };
    let values = [("number", "5724"), ("service", "x"), ("status", "готово")];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
    DeskAction::Tell(Box::new(Plan {
        key: key.into(),
        kind: NotificationKind::StatusChanged,
        channel,
        to: Address::parse(channel, to).unwrap(),
        case: None,
        not_before: world.now,
        until: world.now.plus_ms(24 * 3_600_000),
        values: Pii::new(values.into()),
    }))
}

/// These words stand in the facts, in this order; others may stand between them.
pub(super) fn in_order(world: &World, wanted: &[&str]) {
    let facts = world.facts();
    let mut rest = facts.iter();
    for words in wanted {
        let found = rest.any(|fact| fact.contains(words));
        assert!(
            found,
            "no «{words}» in its place among\n{}",
            facts.join("\n")
        );
    }
}

pub(super) fn count(world: &World, words: &str) -> usize {
    world
        .facts()
        .iter()
        .filter(|fact| fact.contains(words))
        .count()
}

fn tells_by_call(world: &mut World) {
    let action = status(world, "status/1", Channel::Voice);
    world.desk_asks("tell 79991234567", action);
}

#[test]
fn a_notification_is_told_by_a_call_and_heard_to_its_end() {
    let mut line = house();
    tells_by_call(&mut line);
    line.answers("callee");
    line.hears_to_the_end("callee");
    in_order(
        &line,
        &[
            "notification planned",
            "notification tried 1 C1",
            "placed dialled C1 100",
            "placed answered C1",
            "dialogue started C1",
            "dialogue ended C1",
            "placed ended C1 completed",
            "notification ended 1 delivered",
        ],
    );
    assert!(line.ladder().contains("callee ← BYE"));
    line.ends_empty();
}

#[test]
fn busy_is_tried_again_and_a_number_that_is_none_is_not() {
    let mut line = house();
    tells_by_call(&mut line);
    line.quiet();
    line.replies("callee", 486);
    line.passes_s(601);
    line.replies("callee", 404);
    in_order(
        &line,
        &[
            "placed ended C1 busy",
            "put_off 1 занято",
            "notification tried 2 C2",
            "notification ended 1 failed",
        ],
    );
    assert_eq!(count(&line, "placed dialled"), 2);
    line.ends_empty();
}

#[test]
fn who_does_not_answer_is_no_longer_rung_and_who_hangs_up_was_not_told() {
    let mut line = house();
    tells_by_call(&mut line);
    line.quiet();
    line.replies("callee", 180);
    line.passes_s(31);
    line.replies("callee", 487);
    line.passes_s(3_601);
    line.answers("callee");
    assert!(line.ladder().contains("callee ← CANCEL"));
    line.hangs_up("callee");
    in_order(
        &line,
        &[
            "placed ended C1 no_answer",
            "put_off 1 не отвечает",
            "placed answered C2",
            "caller_left",
            "placed ended C2 cut_short",
            "put_off 1 не дослушали",
        ],
    );
}

#[test]
fn a_crash_in_the_middle_leaves_no_call_open_and_none_twice() {
    let mut line = house();
    tells_by_call(&mut line);
    line.answers("callee");
    line.quiet();
    line.restart();
    line.passes_s(60);
    in_order(
        &line,
        &[
            "placed answered C1",
            "server started",
            "placed ended C1 failed",
            "put_off 1 перезапуск службы",
        ],
    );
    assert_eq!(count(&line, "placed dialled"), 1);
}

#[test]
fn nobody_is_called_while_somebody_waits() {
    let mut line = house();
    line.on_duty("anna");
    line.asks_for_a_person("first", "100");
    line.answers("anna");
    line.asks_for_a_person("second", "100");
    line.quiet();
    tells_by_call(&mut line);
    line.passes_s(5);
    line.hangs_up("second");
    line.passes_s(2);
    let facts = line.facts();
    let at = |word: &str| facts.iter().position(|fact| fact.contains(word)).unwrap();
    assert!(at("call unanswered C2 abandoned") < at("placed dialled"));
}

fn asks_to_be_called_back(world: &mut World) {
    let fact = CaseEvent::CallbackRequested {
        case: CaseId(57),
        call: None,
        service: ServiceId::new("scrap_licence"),
        phone: Pii::new("+79991234567".into()),
        not_before: world.now,
        until: world.now.plus_ms(24 * 3_600_000),
    };
    world.happens(Event::Case(fact));
}

#[test]
fn a_call_back_waits_for_a_free_operator_and_joins_the_queue() {
    let mut line = house();
    asks_to_be_called_back(&mut line);
    line.passes_s(5);
    line.quiet();
    line.on_duty("anna");
    line.passes_s(2);
    line.answers("callee");
    line.presses("callee", '0');
    line.hears_to_the_end("callee");
    line.answers("anna");
    line.hangs_up("anna");
    line.presses("callee", '5');
    line.hears_to_the_end("callee");
    in_order(
        &line,
        &[
            "phone reachable anna",
            "operator ready anna",
            "placed dialled C1 57 100",
            "placed answered C1",
            "placed handed_over C1 100 scrap_licence",
            "queue entered callback C1 consultation",
            "call offered C1 anna",
            "legs bridged C1 anna",
            "case callback_ended 57 connected",
            "call rated C1 anna",
            "call ended C1 completed",
        ],
    );
    assert_eq!(count(&line, "call arrived"), 0);
    line.ends_empty();
}

#[test]
fn a_short_message_goes_out_again_after_a_failure() {
    let mut line = house();
    let action = status(&line, "status/2", Channel::Sms);
    line.desk_asks("send an SMS", action);
    line.told(1, 1, TryResult::Failed);
    line.passes_s(61);
    line.told(1, 2, TryResult::Delivered);
    line.told(1, 2, TryResult::Failed);
    let action = status(&line, "status/2", Channel::Sms);
    line.desk_asks("send it once more", action);
    let action = status(&line, "status/3", Channel::Email);
    line.desk_asks("send a letter", action);
    in_order(
        &line,
        &[
            "notification tried 1 1",
            "put_off 1 сбой связи",
            "notification tried 2 1",
            "notification ended 1 delivered",
        ],
    );
    assert_eq!(count(&line, "notification ended"), 1);
    assert_eq!(count(&line, "notification planned"), 1);
    let ladder = line.ladder();
    assert!(ladder.contains("N1 goes out to +79991234567, 2: Заявление 5724"));
    assert!(ladder.contains("почта не настроена"), "{ladder}");
}

fn complaint(reply_to: &str) -> DeskTask {
    let text = |words: &str| Value::Text(words.into());
    let given = [
        ("name", text("Иванова")),
        ("reply_to", text(reply_to)),
        ("substance", text("не ответили в срок")),
        ("inform_by", Value::Choice("post".into())),
        ("phone", Value::Phone("+79991234567".into())),
    ];
    let given = given.map(|(name, value)| (name.to_owned(), value));
    DeskTask {
        call: None,
        operator: OperatorId::new("anna"),
        request: TaskRequest {
            task: TaskKind::FileComplaint,
            arguments: Pii::new(given.into()),
        },
    }
}

#[test]
fn a_complaint_is_acknowledged_once_by_a_way_that_the_house_has() {
    let mut line = house();
    // This house sends no letters: an address by e-mail is no way to its owner.
    line.desk_task(complaint("ivan@example.org"));
    line.told(1, 1, TryResult::Delivered);
    in_order(
        &line,
        &[
            "case complaint_filed",
            "notification planned",
            "notification tried 1 1",
            "notification ended 1 delivered",
        ],
    );
    assert_eq!(count(&line, "notification planned"), 1);
    let ladder = line.ladder();
    assert!(ladder.contains("N1 goes out to +79991234567"), "{ladder}");
    assert!(
        ladder.contains("зарегистрировано. Ответ не позднее"),
        "{ladder}"
    );
    line.restart();
    line.passes_s(3_600);
    assert_eq!(count(&line, "notification tried"), 1);
}

#[test]
fn a_broadcast_with_an_end_ends_by_itself_and_while_the_house_is_down() {
    let mut line = house();
    let heard = |line: &World| {
        let number = LineId::new("100");
        line.switchboard.broadcast(&number).map(str::to_owned)
    };
    let says = |until| DeskAction::Broadcast {
        line: None,
        text: Some("Портал не работает".into()),
        until: Some(until),
        operator: OperatorId::new("anna"),
    };
    line.desk_asks("a broadcast of yesterday", says(line.now));
    assert!(line.ladder().contains("уже прошло"));
    assert_eq!(count(&line, "broadcast set"), 0);
    let until = line.now.plus_ms(60_000);
    line.desk_asks("a broadcast for a minute", says(until));
    line.passes_s(59);
    assert_eq!(heard(&line).as_deref(), Some("Портал не работает"));
    line.passes_s(1);
    assert_eq!(heard(&line), None);
    assert_eq!(count(&line, "broadcast set"), 2, "its end is a fact too");
    let until = line.now.plus_ms(3_000);
    line.desk_asks("a broadcast for three seconds", says(until));
    line.restart();
    assert_eq!(heard(&line), None, "five seconds later");
    assert_eq!(count(&line, "broadcast set"), 4);
    line.passes_s(60);
    assert_eq!(count(&line, "broadcast set"), 4);
}

#[test]
fn a_broadcast_is_for_callers_until_it_is_taken_back() {
    let mut line = house();
    let says = |line: Option<&str>, text: Option<&str>| DeskAction::Broadcast {
        line: line.map(LineId::new),
        text: text.map(str::to_owned),
        until: None,
        operator: OperatorId::new("anna"),
    };
    line.desk_asks("a broadcast", says(None, Some("  Сбой  сети ")));
    line.desk_asks("a broadcast", says(Some("200"), Some("Поддержка до 15:00")));
    line.desk_asks("a broadcast", says(Some("300"), Some("x")));
    assert!(line.ladder().contains("линии 300 нет"));
    assert_eq!(count(&line, "broadcast set"), 2);
    line.restart();
    let heard = |line: &World, number: &str| {
        let number = LineId::new(number);
        line.switchboard.broadcast(&number).map(str::to_owned)
    };
    assert_eq!(heard(&line, "100").as_deref(), Some("Сбой сети"));
    assert_eq!(heard(&line, "200").as_deref(), Some("Поддержка до 15:00"));
    line.desk_asks("a broadcast", says(None, None));
    assert_eq!(heard(&line, "100"), None);
    assert_eq!(heard(&line, "200").as_deref(), Some("Поддержка до 15:00"));
}
