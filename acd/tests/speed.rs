//! A turn costs the same with a thousand callers in the queue as with ten.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Instant;

use events::{
    CallId, DialogueOutcome, DialoguePurpose, EndCause, Event, LegId, OperatorId, Timestamp,
};

use acd::{Acd, Command, LineSettings, QueueSettings, Settings};

const OPERATORS: u64 = 50;

fn crowd(callers: u64) -> Acd {
    let mut settings = Settings::default();
    let operators = (0..OPERATORS).map(|n| OperatorId::new(format!("op{n}")));
    let queue = QueueSettings {
        operators: operators.clone().collect(),
        capacity: usize::MAX,
        ..QueueSettings::default()
    };
    settings.queues.insert("queue".into(), queue);
    let line = LineSettings::new("queue", ["service"]);
    settings.lines.insert("100".into(), line);
    let mut acd = Acd::new(settings);
    let catalogue = acd.settings().catalogue();
    acd.apply(Timestamp::default(), &Event::CatalogueLoaded(catalogue));
    for operator in operators {
        command(&mut acd, Command::PhoneUp { operator });
    }
    for call in 0..callers {
        enter(&mut acd, CallId(call));
    }
    acd
}

fn command(acd: &mut Acd, command: Command) -> usize {
    let mut out = Vec::new();
    acd.handle(Timestamp::default(), command, &mut out).unwrap();
    out.len()
}

fn enter(acd: &mut Acd, call: CallId) -> usize {
    let arrives = Command::CallArrives {
        call,
        leg: LegId(call.0),
        line: "100".into(),
        trunk: "trunk".to_owned(),
        caller: None,
    };
    let ends = Command::DialogueEnds {
        call,
        purpose: DialoguePurpose::Assistant,
        outcome: DialogueOutcome::ToPerson,
        notice_played: true,
    };
    command(acd, arrives) + command(acd, Command::CallerConnected { call }) + command(acd, ends)
}

/// Every operator comes, is rung, answers, talks, loses the caller, writes it up and gets the next
/// one, while callers keep coming and leaving. Returns microseconds a command.
#[expect(clippy::disallowed_methods, reason = "this is about real time")]
fn busy_hour(callers: u64) -> f64 {
    let mut acd = crowd(callers);
    let start = Instant::now();
    let mut commands = 0_u32;
    for n in 0..OPERATORS {
        let operator = OperatorId::new(format!("op{n}"));
        let at = |operator: &OperatorId| operator.clone();
        command(
            &mut acd,
            Command::SignIn {
                operator: at(&operator),
            },
        );
        command(
            &mut acd,
            Command::BecomeReady {
                operator: at(&operator),
            },
        );
        let found = acd.operator(&operator).and_then(|o| o.presence.call());
        let call = found.unwrap();
        command(
            &mut acd,
            Command::OperatorAnswers {
                call,
                operator: at(&operator),
            },
        );
        command(&mut acd, Command::Bridged { call, operator });
        let cause = EndCause::CallerHungUp;
        command(&mut acd, Command::CallerGone { call, cause });
        let late = CallId(callers + n);
        enter(&mut acd, late);
        command(&mut acd, Command::CallerGone { call: late, cause });
        command(&mut acd, Command::Tick);
        commands += 10;
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(commands)
}

#[test]
fn a_turn_does_not_depend_on_how_many_wait() {
    // The best of a few: whatever else the machine does only adds.
    let best = |callers| (0..5).map(|_| busy_hour(callers)).fold(f64::MAX, f64::min);
    let (few, many) = (best(100), best(10_000));
    println!("{few:.1} us a command with 100 waiting, {many:.1} us with 10 000");
    assert!(many < few * 8.0 + 200.0, "{few:.1} us became {many:.1} us");
}
