//! A caller may leave at any moment.

use expect_test::expect;

use super::sees;
use super::world::World;

#[test]
fn before_the_connection_stands() {
    let mut line = World::new();
    line.caller("caller");
    line.invites("caller", "100");
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → INVITE
          * call arrived C1 100 undetermined
          caller ← 200 (INVITE)
        caller → BYE
          ~ caller ← 200 (BYE)
          * call ended C1 caller_hung_up
    "#]],
    );
    line.ends_empty();
}

#[test]
fn by_never_confirming_the_connection() {
    let mut line = World::new();
    line.caller("caller");
    line.invites("caller", "100");
    line.passes_s(40);
    sees(
        &mut line,
        expect![[r#"
        caller → INVITE
          * call arrived C1 100 undetermined
          caller ← 200 (INVITE)
        40 s pass
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          caller ← 200 (INVITE)
          * call ended C1 failure
          caller ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn from_the_assistant() {
    let mut line = World::new();
    line.arrives("caller", "100");
    line.quiet();
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * dialogue ended C1 notice_played=false caller_left
          * call ended C1 caller_hung_up
          stop listening to caller
    "#]],
    );
    line.ends_empty();
}

#[test]
fn from_the_queue() {
    let mut line = World::new();
    line.asks_for_a_person("caller", "100");
    line.quiet();
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * call unanswered C1 abandoned
          * call ended C1 caller_hung_up
    "#]],
    );
    line.ends_empty();
}

#[test]
fn while_the_operators_phone_rings() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.quiet();
    line.hangs_up("caller");
    line.replies("anna", 487);
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * offer missed C1 anna caller_left
          * call unanswered C1 abandoned
          * call ended C1 caller_hung_up
          anna ← CANCEL
        anna → 487
          ~ anna ← ACK
    "#]],
    );
    line.ends_empty();
}

#[test]
fn from_the_talk() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line.quiet();
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * talk ended caller C1 anna
          * wrap up started C1 anna
          * call ended C1 caller_hung_up
          stop recording caller
          part caller
          anna ← BYE
    "#]],
    );
    line.ends_empty();
}

#[test]
fn instead_of_rating() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.answers("anna");
    line.hangs_up("anna");
    line.quiet();
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * rating skipped C1 anna undetermined hung_up
          * dialogue ended C1 notice_played=false caller_left
          * call ended C1 caller_hung_up
          stop listening to caller
    "#]],
    );
    line.ends_empty();
}

#[test]
fn during_the_farewell() {
    let mut line = World::new();
    line.asks_for_a_person("caller", "200");
    line.quiet();
    line.hangs_up("caller");
    sees(
        &mut line,
        expect![[r#"
            caller → BYE
              ~ caller ← 200 (BYE)
              * dialogue ended C1 notice_played=false caller_left
              * call ended C1 caller_hung_up
              stop listening to caller
        "#]],
    );
    line.ends_empty();
}
