//! The process dies at any moment, and the next one begins where the journal ends.

use expect_test::expect;

use super::sees;
use super::world::World;

#[test]
fn what_a_crash_left_open_is_closed_and_numbers_go_on() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("talking", "100");
    line.answers("anna");
    line.on_duty("boris");
    line.asks_for_a_person("ringing", "100");
    line.arrives("choosing", "100");
    line.quiet();
    line.restart();
    line.on_duty("anna");
    line.arrives("next", "200");
    sees(
        &mut line,
        expect![[r#"
        the server restarts
          * server started 0 7
          * talk ended failure C1 anna
          * call ended C1 server_restarted
          * offer missed C2 boris failure
          * call unanswered C2 failure
          * call ended C2 server_restarted
          * call ended C3 server_restarted
          * operator signed out anna
          * phone unreachable anna
          * operator signed out boris
          * phone unreachable boris
          * phone unreachable vera
          * phone reachable anna
          * phone reachable boris
          * phone reachable vera
        anna's desk: SignIn
          * operator signed in anna
          * operator not ready anna signed_in
        anna's desk: BecomeReady
          * operator ready anna
        next → INVITE
          * call arrived C4 200 technical_support
          * service chosen line C4 technical_support
          next ← 200 (INVITE)
        next → ACK
          * leg answered C4
          * dialogue started C4 support
          * step reached C4 greeting
          next hears support.greeting
          listen to next for support.greeting
    "#]],
    );
    line.hangs_up("next");
    line.ends_empty();
}

#[test]
fn a_call_is_finished_by_a_crash_at_every_stage_with_balanced_books() {
    type Step = fn(&mut World);
    let way: [Step; 9] = [
        |line| {
            line.caller("caller");
            line.invites("caller", "100");
        },
        |line| line.acks("caller"),
        |line| line.presses("caller", '0'),
        |line| {
            line.hears_to_the_end("caller");
            line.hears_to_the_end("caller");
        },
        |line| line.replies("anna", 180),
        |line| line.replies("anna", 200),
        |line| line.hangs_up("anna"),
        |line| line.presses("caller", '5'),
        |line| line.hears_to_the_end("caller"),
    ];
    for steps in 1..=way.len() {
        let mut line = World::new();
        line.on_duty("anna");
        way[..steps].iter().for_each(|step| step(&mut line));
        line.restart();
        let ends = line
            .facts()
            .iter()
            .filter(|fact| fact.starts_with("call ended"))
            .count();
        assert_eq!(ends, 1, "after step {steps}");
        assert_eq!(line.switchboard.open_calls(), 0, "after step {steps}");
        line.ends_empty();
    }
}
