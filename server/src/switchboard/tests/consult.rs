//! Consultations, attended transfers, conferences and numbers outside.

use acd::{Command, ConsultStep};
use events::{CallId, Pii, TransferTarget};
use expect_test::expect;

use super::sees;
use super::world::{SETTINGS, World};

/// anna talks with the caller, boris is free; numbers of Moscow may be dialled.
fn talking() -> World {
    let settings = SETTINGS.replace(
        "addresses = [\"192.0.2.0/24\"]",
        "addresses = [\"192.0.2.0/24\"]\ncall_out = \"sip:192.0.2.99:5060\"",
    );
    let outside = "[outside]\ntrunk = \"carrier\"\nprefixes = [\"+7495\"]\nring_s = 20\n";
    let mut line = World::with(&format!("{settings}{outside}"));
    line.callee("body");
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line.on_duty("boris");
    line.quiet();
    line
}

fn step(line: &mut World, name: &'static str, step: ConsultStep) {
    let (call, operator) = (CallId(1), name.into());
    line.desk(
        name,
        Command::Consult {
            call,
            operator,
            step,
        },
    );
}

fn consult_boris(line: &mut World) {
    let boris = TransferTarget::Operator("boris".into());
    step(line, "anna", ConsultStep::Start(boris));
}

fn outside(number: &str) -> TransferTarget {
    TransferTarget::Outside(Pii::new(number.to_owned()))
}

#[test]
fn consult_swap_and_leave_the_caller_to_the_consulted() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    step(&mut line, "anna", ConsultStep::Swap);
    step(&mut line, "anna", ConsultStep::Swap);
    step(&mut line, "anna", ConsultStep::Complete);
    line.hangs_up("boris");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Consult
          * talk held C1 anna
          * consultation started C1 anna {"operator":"boris"} boris
          room: caller hears , anna hears 
          caller hears music.waiting for ever
          boris ← INVITE
        boris → 180
        boris → 200
          ~ boris ← ACK
          * consultation answered C1 anna boris
          anna hears nothing
          room: caller hears , anna hears boris, boris hears anna
        anna's desk: Consult
          * talk resumed C1 anna
          * consultation swapped C1 anna to_caller=true
          caller hears nothing
          room: caller hears anna, anna hears caller, boris hears 
          boris hears music.waiting for ever
        anna's desk: Consult
          * talk held C1 anna
          * consultation swapped C1 anna to_caller=false
          boris hears nothing
          room: boris hears anna, anna hears boris, caller hears 
          caller hears music.waiting for ever
        anna's desk: Consult
          * call transferred C1 anna attended {"operator":"boris"}
          * consultation ended C1 anna transferred boris
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * legs bridged C1 boris
          * recording started C1 C1-2.wav
          stop recording caller
          part caller
          anna ← BYE
          join caller and boris
          record caller to C1-2.wav
        boris → BYE
          ~ boris ← 200 (BYE)
          * talk ended operator C1 boris
          * wrap up started C1 boris
          * dialogue started C1 rating
          * step reached C1 question
          stop recording caller
          part caller
          caller hears rating.question
          listen to caller for rating.question
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn back_to_the_caller_from_a_consultation_and_from_ringing() {
    let mut line = talking();
    consult_boris(&mut line);
    step(&mut line, "anna", ConsultStep::Return);
    consult_boris(&mut line);
    line.answers("boris");
    step(&mut line, "anna", ConsultStep::Return);
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Consult
          * talk held C1 anna
          * consultation started C1 anna {"operator":"boris"} boris
          room: caller hears , anna hears 
          caller hears music.waiting for ever
          boris ← INVITE
        anna's desk: Consult
          * consultation ended C1 anna cancelled boris
          * talk resumed C1 anna
          caller hears nothing
          anna hears nothing
          join caller and anna
        anna's desk: Consult
          * talk held C1 anna
          * consultation started C1 anna {"operator":"boris"} boris
          room: caller hears , anna hears 
          caller hears music.waiting for ever
          boris ← INVITE
        boris → 180
        boris → 200
          ~ boris ← ACK
          * consultation answered C1 anna boris
          anna hears nothing
          room: caller hears , anna hears boris, boris hears anna
        anna's desk: Consult
          * consultation ended C1 anna cancelled boris
          * talk resumed C1 anna
          caller hears nothing
          anna hears nothing
          join caller and anna
          boris ← BYE
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_conference_goes_on_without_the_operator() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    step(&mut line, "anna", ConsultStep::Conference);
    line.hangs_up("anna");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Consult
          * talk held C1 anna
          * consultation started C1 anna {"operator":"boris"} boris
          room: caller hears , anna hears 
          caller hears music.waiting for ever
          boris ← INVITE
        boris → 180
        boris → 200
          ~ boris ← ACK
          * consultation answered C1 anna boris
          anna hears nothing
          room: caller hears , anna hears boris, boris hears anna
        anna's desk: Consult
          * talk resumed C1 anna
          * consultation conference_started C1 anna
          caller hears nothing
          boris hears nothing
          room: caller hears anna + boris, anna hears caller + boris, boris hears caller + anna
        anna → BYE
          ~ anna ← 200 (BYE)
          * call transferred C1 anna conference {"operator":"boris"}
          * consultation ended C1 anna transferred boris
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * legs bridged C1 boris
          * recording started C1 C1-2.wav
          stop recording caller
          part caller
          join caller and boris
          record caller to C1-2.wav
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_conference_without_the_consulted_is_a_talk_again() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    step(&mut line, "anna", ConsultStep::Conference);
    line.quiet();
    line.hangs_up("boris");
    sees(
        &mut line,
        expect![[r#"
        boris → BYE
          ~ boris ← 200 (BYE)
          * consultation ended C1 anna left boris
          caller hears nothing
          anna hears nothing
          join caller and anna
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_consulted_who_declines_gives_the_operator_back_to_the_caller() {
    let mut line = talking();
    consult_boris(&mut line);
    line.quiet();
    line.replies("boris", 603);
    sees(
        &mut line,
        expect![[r#"
        boris → 603
          ~ boris ← ACK
          * consultation ended C1 anna declined boris
          * operator not ready boris rona
          * talk resumed C1 anna
          caller hears nothing
          anna hears nothing
          join caller and anna
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_caller_who_hangs_up_ends_the_consultation() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    line.quiet();
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * consultation ended C1 anna caller_left boris
          * talk ended caller C1 anna
          * wrap up started C1 anna
          * call ended C1 caller_hung_up
          boris ← BYE
          stop recording caller
          part caller
          anna ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn an_operator_who_hangs_up_with_the_caller_on_hold_brings_them_back_to_the_queue() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    line.quiet();
    line.desk_hangs_up("anna", 1);
    line.hangs_up("anna");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: hang up
          the desk is told: Клиент на удержании: сначала вернитесь к нему или соедините его с собеседником
        anna → BYE
          ~ anna ← 200 (BYE)
          * consultation ended C1 anna operator_left boris
          * talk ended operator C1 anna
          * wrap up started C1 anna
          * queue entered returned C1 consultation
          * call offered C1 boris единственный свободный, свободен 0 с
          boris ← BYE
          stop recording caller
          part caller
          caller hears transfer.announcement + music.waiting
          boris ← INVITE
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn the_consulted_hangs_up_by_the_desk() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    line.quiet();
    line.desk_hangs_up("boris", 1);
    sees(
        &mut line,
        expect![[r#"
        boris's desk: hang up
          * consultation ended C1 anna left boris
          * talk resumed C1 anna
          boris ← BYE
          caller hears nothing
          anna hears nothing
          join caller and anna
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

/// What the journal says of C1 once a process that died in this state was followed by another.
fn after_a_crash(state: &str, way: &[fn(&mut World)]) -> String {
    let mut line = talking();
    way.iter().for_each(|step| step(&mut line));
    let before = line.facts().len();
    line.restart();
    let facts = line.facts();
    let ours = facts[before..].iter().filter(|fact| fact.contains(" C1"));
    let ours: Vec<&str> = ours.map(String::as_str).collect();
    // Nobody is lost: whoever still has the old call on the phone gets rid of it, and both operators
    // take the next one.
    line.hangs_up("caller");
    line.on_duty("anna");
    line.asks_for_a_person("next", "100");
    line.answers("anna");
    line.on_duty("boris");
    line.asks_for_a_person("another", "100");
    line.answers("boris");
    let facts = line.facts();
    let bridged = facts
        .iter()
        .filter(|fact| fact.starts_with("legs bridged") && !fact.contains(" C1"));
    assert_eq!(bridged.count(), 2, "{state}");
    line.hangs_up("next");
    line.hangs_up("another");
    line.ends_empty();
    format!("{state}\n  {}\n", ours.join("\n  "))
}

#[test]
fn a_crash_in_every_state_of_a_consultation_closes_it_with_the_talk() {
    const BODY: &str = "+74951234567";
    let rings: fn(&mut World) = consult_boris;
    let answers: fn(&mut World) = |line| line.answers("boris");
    let swaps: fn(&mut World) = |line| step(line, "anna", ConsultStep::Swap);
    let joins: fn(&mut World) = |line| step(line, "anna", ConsultStep::Conference);
    let connects: fn(&mut World) = |line| step(line, "anna", ConsultStep::Complete);
    let asks_body: fn(&mut World) = |line| step(line, "anna", ConsultStep::Start(outside(BODY)));
    let body_answers: fn(&mut World) = |line| line.answers("body");
    let hands_on: fn(&mut World) = |line| {
        let (call, operator) = (CallId(1), "anna".into());
        let to = outside(BODY);
        line.desk("anna", Command::Transfer { call, operator, to });
    };
    let told: String = [
        after_a_crash("a colleague is rung", &[rings]),
        after_a_crash("talks with the colleague", &[rings, answers]),
        after_a_crash("back with the caller", &[rings, answers, swaps]),
        after_a_crash("all three talk", &[rings, answers, joins]),
        after_a_crash("the colleague has the caller", &[rings, answers, connects]),
        after_a_crash("a number outside is rung", &[asks_body]),
        after_a_crash("talks with the number", &[asks_body, body_answers]),
        after_a_crash("the number is rung for the caller", &[hands_on]),
        after_a_crash("the number has the caller", &[hands_on, body_answers]),
    ]
    .concat();
    expect![[r#"
        a colleague is rung
          consultation ended C1 anna failure boris
          talk ended failure C1 anna
          call ended C1 server_restarted
        talks with the colleague
          consultation ended C1 anna failure boris
          talk ended failure C1 anna
          call ended C1 server_restarted
        back with the caller
          consultation ended C1 anna failure boris
          talk ended failure C1 anna
          call ended C1 server_restarted
        all three talk
          consultation ended C1 anna failure boris
          talk ended failure C1 anna
          call ended C1 server_restarted
        the colleague has the caller
          talk ended failure C1 boris
          call ended C1 server_restarted
          wrap up ended C1 anna
        a number outside is rung
          consultation ended C1 anna failure
          talk ended failure C1 anna
          call ended C1 server_restarted
        talks with the number
          consultation ended C1 anna failure
          talk ended failure C1 anna
          call ended C1 server_restarted
        the number is rung for the caller
          outside missed C1 failure
          call ended C1 server_restarted
          wrap up ended C1 anna
        the number has the caller
          outside ended failure C1
          call ended C1 server_restarted
          wrap up ended C1 anna
    "#]]
    .assert_eq(&told);
}

#[test]
fn after_a_crash_the_phones_of_a_conference_are_told_that_it_is_over() {
    let mut line = talking();
    consult_boris(&mut line);
    line.answers("boris");
    step(&mut line, "anna", ConsultStep::Conference);
    line.restart();
    line.quiet();
    for name in ["caller", "anna", "boris"] {
        line.hangs_up(name);
    }
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 481 (BYE)
        anna → BYE
          ~ anna ← 481 (BYE)
        boris → BYE
          ~ boris ← 481 (BYE)
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_number_outside_takes_the_caller() {
    let mut line = talking();
    let (call, operator) = (CallId(1), "anna".into());
    let to = outside("8 (495) 123-45-67");
    line.desk("anna", Command::Transfer { call, operator, to });
    line.answers("body");
    line.hangs_up("body");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Transfer
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * outside dialled C1 +74951234567 anna
          stop recording caller
          part caller
          anna ← BYE
          caller hears transfer.announcement + music.waiting + music.waiting + music.waiting + music.waiting
          body ← INVITE
        body → 180
        body → 200
          ~ body ← ACK
          * call transferred C1 anna outside {"outside":"+74951234567"}
          * outside joined C1 +74951234567 anna
          join caller and body
        body → BYE
          ~ body ← 200 (BYE)
          * outside ended transfer C1
          * call ended C1 completed
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_number_outside_that_is_busy_or_silent_brings_the_caller_back() {
    let mut line = talking();
    let transfer = |to| {
        let (call, operator) = (CallId(1), "anna".into());
        Command::Transfer { call, operator, to }
    };
    line.desk("anna", transfer(outside("+74951234567")));
    line.quiet();
    line.replies("body", 486);
    line.answers("boris");
    sees(
        &mut line,
        expect![[r#"
        body → 486
          ~ body ← ACK
          * outside missed C1 busy
          * queue entered returned C1 consultation
          * call offered C1 boris единственный свободный, свободен 0 с
          caller hears transfer.announcement + music.waiting
          boris ← INVITE
        boris → 180
          * offer ringing C1 boris
        boris → 200
          ~ boris ← ACK
          * offer accepted C1 boris
          * legs bridged C1 boris
          * recording started C1 C1-2.wav
          join caller and boris
          record caller to C1-2.wav
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();

    let mut line = talking();
    line.desk("anna", transfer(outside("+74951234567")));
    line.replies("body", 180);
    line.quiet();
    line.passes_s(21);
    sees(
        &mut line,
        expect![[r#"
        21 s pass
          * outside missed C1 no_answer
          * queue entered returned C1 consultation
          * call offered C1 boris единственный свободный, свободен 20 с
          body ← CANCEL
          caller hears transfer.announcement + music.waiting
          boris ← INVITE
          boris ← INVITE
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_number_outside_is_consulted_unrecorded_and_joined() {
    let mut line = talking();
    step(
        &mut line,
        "anna",
        ConsultStep::Start(outside("+74951234567")),
    );
    line.answers("body");
    step(&mut line, "anna", ConsultStep::Conference);
    step(&mut line, "anna", ConsultStep::Complete);
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Consult
          * talk held C1 anna
          * consultation started C1 anna {"outside":"+74951234567"}
          stop recording caller
          room: caller hears , anna hears 
          caller hears music.waiting for ever
          body ← INVITE
        body → 180
        body → 200
          ~ body ← ACK
          * consultation answered C1 anna
          anna hears nothing
          room: caller hears , anna hears body, body hears anna
        anna's desk: Consult
          * talk resumed C1 anna
          * consultation conference_started C1 anna
          caller hears nothing
          body hears nothing
          room: caller hears anna + body, anna hears caller + body, body hears caller + anna
        anna's desk: Consult
          * call transferred C1 anna outside {"outside":"+74951234567"}
          * consultation ended C1 anna transferred
          * talk ended transfer C1 anna
          * wrap up started C1 anna
          * outside joined C1 +74951234567 anna
          stop recording caller
          part caller
          anna ← BYE
          join caller and body
        caller → BYE
          ~ caller ← 200 (BYE)
          * outside ended caller C1
          * call ended C1 caller_hung_up
          body ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn what_is_not_listed_is_not_dialled() {
    let mut line = talking();
    step(
        &mut line,
        "anna",
        ConsultStep::Start(outside("+3725551234")),
    );
    step(&mut line, "anna", ConsultStep::Start(outside("нет")));
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Consult
          the desk is told: на этот номер звонить не разрешено
        anna's desk: Consult
          the desk is told: номер не читается: нужны цифры, например +7 495 123-45-67
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line.quiet();
    step(
        &mut line,
        "anna",
        ConsultStep::Start(outside("+74951234567")),
    );
    sees(
        &mut line,
        expect![[r#"
        anna's desk: Consult
          the desk is told: звонки на внешние номера не настроены: раздел [outside] настроек
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}
