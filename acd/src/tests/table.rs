//! Every state × every command, pinned as text: a hole is a visible question.

use std::fmt::Write as _;

use expect_test::expect_file;

use super::{Desk, house, say};

/// A state's name, and how to get there. C1 is the call in question.
const OPERATOR_STATES: &[(&str, &str)] = &[
    ("signed out", "C1 calls 100"),
    ("not ready", "op1 is ready\n op1 pauses\n C1 calls 100"),
    ("phone down", "op1 is ready\n op1 phone down\n C1 calls 100"),
    ("ready", "op1 is ready\n C1 calls 100"),
    ("ringing", "op1 is ready\n C1 calls 100\n C1 wants a person"),
    (
        "connecting",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 answers C1",
    ),
    (
        "talking",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1",
    ),
    (
        "talking, pause wanted",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 pauses",
    ),
    (
        "rung to be consulted",
        "op1 is ready\n op1 pauses\n op2 wants calls\n C1 calls 100\n C1 wants a person\n op2 takes C1
         op1 wants calls\n op2 consults op1 on C1",
    ),
    (
        "consulted",
        "op1 is ready\n op1 pauses\n op2 wants calls\n C1 calls 100\n C1 wants a person\n op2 takes C1
         op1 wants calls\n op2 consults op1 on C1\n op1 answers C1",
    ),
    (
        "ringing a consulted",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op3 is ready\n op1 consults op3 on C1",
    ),
    (
        "consulting",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op3 is ready\n op1 consults op3 on C1\n op3 answers C1",
    ),
    (
        "consulting, turned to the caller",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op3 is ready\n op1 consults op3 on C1\n op3 answers C1\n op1 swaps on C1",
    ),
    (
        "conference",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op3 is ready\n op1 consults op3 on C1\n op3 answers C1\n op1 joins C1",
    ),
    (
        "wrap-up",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 hangs up C1",
    ),
    (
        "wrap-up, noted",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 notes C1
         op1 hangs up C1",
    ),
    (
        "wrap-up, overdue",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 hangs up C1
         wait 31",
    ),
];

const OPERATOR_COMMANDS: &[&str] = &[
    "op1 signs in",
    "op1 signs out",
    "op1 wants calls",
    "op1 pauses",
    "op1 phone up",
    "op1 phone down",
    "op1 rings with C1",
    "op1 answers C1",
    "op1 hears C1",
    "op1 declines C1",
    "op1 busy C1",
    "op1 unreachable C1",
    "op1 hangs up C1",
    "op1 breaks C1",
    "op1 hands C1 to op2",
    "op1 hands C1 to queue consultation",
    "op1 hands C1 to number 5",
    "op1 consults op2 on C1",
    "op1 consults queue consultation on C1",
    "op1 consults number 5 on C1",
    "op1 swaps on C1",
    "op1 returns to C1",
    "op1 connects C1",
    "op1 joins C1",
    "op1 ticks C1",
    "op1 notes C1",
    "op1 finishes",
    "op1 needs more time",
    "C1 leaves",
    "wait 60",
];

/// The same for the call. op1 is the operator who serves it.
const CALL_STATES: &[(&str, &str)] = &[
    ("not there", "op1 is ready"),
    ("at the door", "op1 is ready\n C1 rings 100"),
    ("assistant", "op1 is ready\n C1 calls 100"),
    ("waiting", "C1 calls 100\n C1 wants a person"),
    (
        "waiting, rung for",
        "op1 is ready\n C1 calls 100\n C1 wants a person",
    ),
    (
        "waiting, accepted",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 answers C1",
    ),
    (
        "talking",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1",
    ),
    (
        "talking, on hold beside a consultation",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op1 consults number 5 on C1\n outside answers C1",
    ),
    (
        "a number outside is rung",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op1 hands C1 to number 5",
    ),
    (
        "with a number outside",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op1 hands C1 to number 5\n outside answers C1",
    ),
    (
        "waiting again",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1
         op1 hands C1 to queue consultation",
    ),
    (
        "rating",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 hangs up C1",
    ),
    (
        "rated",
        "op1 is ready\n C1 calls 100\n C1 wants a person\n op1 takes C1\n op1 hangs up C1
         C1 rates 4",
    ),
    ("farewell", "C1 calls 100\n C1 wants a person\n wait 300"),
];

const CALL_COMMANDS: &[&str] = &[
    "C1 rings 100",
    "C1 connects",
    "C1 is about licence",
    "C1 is about support",
    "C1 wants a person",
    "C1 is content",
    "C1 rates 5",
    "C1 says nothing",
    "C1 hold on",
    "C1 asks how long",
    "outside answers C1",
    "outside misses C1",
    "outside leaves C1",
    "C1 leaves",
    "C1 breaks",
    "wait 400",
    "crash",
];

/// One line a cell: the facts by name with what matters in them, or the refusal.
fn table(states: &[(&str, &str)], commands: &[&str]) -> String {
    let mut text = String::new();
    for (state, way) in states {
        writeln!(text, "{state}").unwrap();
        for command in commands {
            let mut desk = Desk::new(house());
            desk.play("op2 is ready\n op2 pauses");
            desk.play(way);
            if command.ends_with("to op2") || command.ends_with("op2 on C1") {
                desk.play("op2 wants calls");
            }
            let told = desk.journal.len();
            let answer = desk.play(command);
            let refused = answer.lines().find_map(|l| l.trim().strip_prefix("нет: "));
            let facts = desk.journal.iter().skip(told).map(|(_, fact)| brief(fact));
            let facts = facts.collect::<Vec<_>>().join(", ");
            let answer = match refused {
                Some(refusal) => format!("нет: {refusal}"),
                None if facts.is_empty() => "–".to_owned(),
                None => facts,
            };
            writeln!(text, "    {command:<36}{answer}").unwrap();
        }
    }
    text
}

/// The fact without ids, times and waits.
fn brief(fact: &events::Event) -> String {
    let said = say(fact);
    let mut words = said.split(' ');
    let name = words.next().unwrap_or_default();
    let detail = words.filter(|w| {
        const TELLING: [&str; 5] = ["OfferMissed", "OperatorNotReady", "CallUnanswered", "", ""];
        let word = w.chars().all(|c| c.is_ascii_alphabetic());
        let listed = TELLING.contains(&name)
            || matches!(
                name,
                "TalkEnded" | "CallEnded" | "RatingSkipped" | "QueueEntered"
            );
        word && listed && !matches!(*w, "Waits" | "None" | "consultation" | "undetermined")
    });
    let detail = detail.collect::<Vec<_>>().join(" ");
    if detail.is_empty() {
        name.to_owned()
    } else {
        format!("{name}({detail})")
    }
}

#[test]
fn every_operator_state_and_command() {
    expect_file!["operator_table.txt"].assert_eq(&table(OPERATOR_STATES, OPERATOR_COMMANDS));
}

#[test]
fn every_call_stage_and_command() {
    expect_file!["call_table.txt"].assert_eq(&table(CALL_STATES, CALL_COMMANDS));
}
