//! Who is let in, and who is told what.

use expect_test::expect;

use super::sees;
use super::world::{SETTINGS, World};
use crate::switchboard::Input;

#[test]
fn a_number_of_nobody_is_not_found() {
    let mut line = World::new();
    line.caller("caller");
    line.invites("caller", "999");
    sees(
        &mut line,
        expect![[r#"
        caller → INVITE
          ~ caller ← 404 (INVITE)
          * call refused unknown 404 unknown_line
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_repeated_invite_draws_no_answer_ahead_of_its_facts() {
    let mut line = World::new();
    line.caller("caller");
    line.invites("caller", "100");
    line.quiet();
    line.repeats_the_invite("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → INVITE again
    "#]],
    );
    line.acks("caller");
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn one_caller_too_many_is_told_when_to_try_again() {
    let mut line = World::new();
    for caller in ["one", "two", "three"] {
        line.arrives(caller, "100");
    }
    line.quiet();
    line.caller("four");
    line.invites("four", "100");
    sees(
        &mut line,
        expect![[r#"
        four → INVITE
          ~ four ← 503 (INVITE) Retry-After 5
          * call refused 100 503 overload
    "#]],
    );
    line.hangs_up("one");
    line.quiet();
    line.arrives("five", "100");
    sees(
        &mut line,
        expect![[r#"
        five → INVITE
          * call arrived C4 100 undetermined
          five ← 200 (INVITE)
        five → ACK
          * leg answered C4
          * dialogue started C4 consultation
          * step reached C4 greeting
          five hears consultation.greeting
          listen to five for consultation.greeting
    "#]],
    );
    for caller in ["two", "three", "five"] {
        line.hangs_up(caller);
    }
    line.ends_empty();
}

#[test]
fn while_the_disk_refuses_new_callers_are_told_so_at_once() {
    let mut line = World::new();
    line.arrives("early", "100");
    line.quiet();
    line.disk_refuses(true);
    line.caller("late");
    line.invites("late", "100");
    line.hangs_up("early");
    line.disk_refuses(false);
    line.arrives("later", "100");
    sees(
        &mut line,
        expect![[r#"
        the disk refuses
        late → INVITE
          ~ late ← 503 (INVITE) Retry-After 5
          * call refused 100 503 overload
        early → BYE
          ~ early ← 200 (BYE)
          * dialogue ended C1 notice_played=false caller_left
          * call ended C1 caller_hung_up
        the disk works again
          stop listening to early
        later → INVITE
          * call arrived C2 100 undetermined
          later ← 200 (INVITE)
        later → ACK
          * leg answered C2
          * dialogue started C2 consultation
          * step reached C2 greeting
          later hears consultation.greeting
          listen to later for consultation.greeting
    "#]],
    );
    line.hangs_up("later");
    line.ends_empty();
}

#[test]
fn what_waits_for_the_disk_is_not_overtaken_by_its_own_repetition() {
    let mut line = World::new();
    line.disk_refuses(true);
    line.give(Input::JournalStalled(false)); // the disk is merely slow: nobody has noticed yet
    line.caller("caller");
    line.invites("caller", "100");
    line.passes_s(2);
    sees(
        &mut line,
        expect![[r#"
        the disk refuses
        caller → INVITE
          * call arrived C1 100 undetermined
        2 s pass
    "#]],
    );
    line.disk_refuses(false);
    line.acks("caller");
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_draining_house_finishes_what_it_began() {
    let mut line = World::new();
    line.arrives("early", "100");
    line.quiet();
    line.give(Input::Drain);
    line.caller("late");
    line.invites("late", "100");
    line.hangs_up("early");
    sees(
        &mut line,
        expect![[r#"
        late → INVITE
          ~ late ← 503 (INVITE) Retry-After 5
          * call refused 100 503 draining
        early → BYE
          ~ early ← 200 (BYE)
          * dialogue ended C1 notice_played=false caller_left
          * call ended C1 caller_hung_up
          stop listening to early
    "#]],
    );
    line.ends_empty();
}

#[test]
fn the_end_of_draining_is_a_failure_of_ours_and_no_caller_is_said_to_have_left() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("talking", "100");
    line.answers("anna");
    line.asks_for_a_person("waiting", "100");
    line.caller("newcomer");
    line.invites("newcomer", "100");
    line.quiet();
    line.ends_every_call();
    let quiet = line.switchboard.is_quiet();
    sees(
        &mut line,
        expect![[r#"
            the house ends every call
              * talk ended failure C1 anna
              * wrap up started C1 anna
              * call ended C1 server_restarted
              * call unanswered C2 failure
              * call ended C2 server_restarted
              * call ended C3 server_restarted
              talking ← BYE
              stop recording talking
              part talking
              anna ← BYE
              waiting ← BYE
        "#]],
    );
    assert!(!quiet, "the caller at the door has no BYE yet");
    line.ends_empty();
    assert!(line.switchboard.is_quiet());
}

#[test]
fn without_a_port_a_call_is_a_failure_and_leaves_nothing() {
    let mut line = World::new();
    line.ports_run_out();
    line.caller("caller");
    line.invites("caller", "100");
    line.acks("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → INVITE
          * call arrived C1 100 undetermined
          caller ← 200 (INVITE)
          * call ended C1 failure
        caller → ACK
          ~ caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn a_phone_that_cannot_be_rung_leaves_nothing() {
    // One pair of ports: the caller has it, and no operator can be rung beside them.
    let one_pair = SETTINGS.replace(
        "[sip]",
        "[media]\nport_min = 20000\nport_max = 20001\n[sip]",
    );
    let mut line = World::with(&one_pair);
    line.on_duty("anna");
    line.on_duty("boris");
    line.arrives("caller", "100");
    line.presses("caller", '0');
    line.quiet();
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
        caller heard it to the end
          * dialogue ended C1 notice_played=true person_asked
          * queue entered assistant C1 consultation
          * call offered C1 anna свободен дольше всех: 0 с, из 2 свободных
          * offer missed C1 anna unreachable
          * operator not ready anna phone
          * call offered C1 boris единственный свободный, свободен 0 с
          * offer missed C1 boris unreachable
          * operator not ready boris phone
          caller hears music.waiting
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}
