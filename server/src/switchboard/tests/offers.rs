//! From the queue to the bridge, and the ways that do not lead there.

use expect_test::expect;

use super::sees;
use super::world::{SETTINGS, World};

#[test]
fn a_busy_phone_sends_the_caller_to_the_next_operator() {
    let mut line = World::new();
    line.on_duty("anna");
    line.on_duty("boris");
    line.asks_for_a_person("caller", "100");
    line.quiet();
    line.replies("anna", 486);
    line.answers("boris");
    sees(
        &mut line,
        expect![[r#"
        anna → 486
          ~ anna ← ACK
          * offer missed C1 anna busy
          * operator not ready anna phone
          * call offered C1 boris единственный свободный, свободен 0 с
          boris ← INVITE
        boris → 180
          * offer ringing C1 boris
        boris → 200
          ~ boris ← ACK
          * offer accepted C1 boris
          * legs bridged C1 boris
          * recording started C1 C1-1.wav
          join caller and boris
          record caller to C1-1.wav
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

/// Both phones of the queue ring at once.
fn ringing_all() -> World {
    let all = "id = \"consultation\"\nstrategy = \"ring_all\"";
    let settings = SETTINGS.replace("id = \"consultation\"", all);
    let mut line = World::with(&settings);
    line.on_duty("anna");
    line.on_duty("boris");
    line
}

#[test]
fn all_phones_ring_and_the_first_answer_silences_the_others() {
    let mut line = ringing_all();
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.replies("boris", 180);
    line.quiet();
    line.answers("boris");
    line.replies("anna", 487);
    sees(
        &mut line,
        expect![[r#"
        boris → 180
        boris → 200
          ~ boris ← ACK
          * offer missed C1 anna answered_by_another
          * offer accepted C1 boris
          * legs bridged C1 boris
          * recording started C1 C1-1.wav
          anna ← CANCEL
          join caller and boris
          record caller to C1-1.wav
        anna → 487
          ~ anna ← ACK
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn two_who_pick_up_in_the_same_moment_do_not_both_have_the_caller() {
    let mut line = ringing_all();
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.replies("boris", 180);
    line.answers("boris");
    line.quiet();
    line.replies("anna", 200);
    sees(
        &mut line,
        expect![[r#"
        anna → 200
          ~ anna ← ACK
          ~ anna ← BYE
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn who_waits_is_told_the_place_and_a_time_that_is_made_anew() {
    let told = "id = \"consultation\"\ntell_place = true\ntell_wait = true";
    let mut line = World::with(&SETTINGS.replace("id = \"consultation\"", told));
    line.on_duty("anna");
    line.asks_for_a_person("first", "100");
    line.answers("anna");
    line.quiet();
    line.asks_for_a_person("second", "100");
    line.hears_to_the_end("second");
    sees(
        &mut line,
        expect![[r#"
        second → INVITE
          * call arrived C2 100 undetermined
          second ← 200 (INVITE)
        second → ACK
          * leg answered C2
          * dialogue started C2 consultation
          * step reached C2 greeting
          second hears consultation.greeting
          listen to second for consultation.greeting
        second presses 0
          * digit pressed C2 0 greeting
          second hears nothing
          stop listening to second
          second hears dialogue.transfer + dialogue.recording_notice
        second heard it to the end
          * dialogue ended C2 notice_played=true person_asked
          * queue entered assistant C2 consultation
          * wait estimated C2 {"from_ms":120000,"to_ms":900000} 1 consultation
          second hears waiting.first + waiting.place_1 + waiting.time_2_15
        second heard it to the end
          second hears music.waiting + music.waiting
    "#]],
    );
    line.hangs_up("first");
    line.hangs_up("second");
    line.ends_empty();
}

#[test]
fn a_caller_who_leaves_silences_every_phone() {
    let mut line = ringing_all();
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.replies("boris", 180);
    line.quiet();
    line.hangs_up("caller");
    line.replies("anna", 487);
    line.replies("boris", 487);
    sees(
        &mut line,
        expect![[r#"
        caller → BYE
          ~ caller ← 200 (BYE)
          * offer missed C1 anna caller_left
          * offer missed C1 boris caller_left
          * call unanswered C1 abandoned
          * call ended C1 caller_hung_up
          anna ← CANCEL
          boris ← CANCEL
        anna → 487
          ~ anna ← ACK
        boris → 487
          ~ boris ← ACK
    "#]],
    );
    line.ends_empty();
}

#[test]
fn who_declines_is_not_offered_the_next_call() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.quiet();
    line.replies("anna", 603);
    sees(
        &mut line,
        expect![[r#"
        anna → 603
          ~ anna ← ACK
          * offer missed C1 anna declined
          * operator not ready anna rona
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_phone_that_rings_too_long_is_told_to_stop() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.quiet();
    line.passes_s(20);
    line.replies("anna", 487);
    sees(
        &mut line,
        expect![[r#"
        20 s pass
          * offer missed C1 anna ring_timeout
          * operator not ready anna rona
          anna ← CANCEL
        anna → 487
          ~ anna ← ACK
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn an_answer_that_crosses_the_cancel_is_ended_politely() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.passes_s(20);
    line.quiet();
    line.replies("anna", 200);
    sees(
        &mut line,
        expect![[r#"
        anna → 200
          ~ anna ← ACK
          ~ anna ← BYE
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn a_phone_that_says_nothing_at_all_is_given_up() {
    let mut line = World::new();
    line.on_duty("anna");
    line.asks_for_a_person("caller", "100");
    line.quiet();
    line.passes_s(20);
    sees(
        &mut line,
        expect![[r#"
        20 s pass
          anna ← INVITE
          anna ← INVITE
          anna ← INVITE
          anna ← INVITE
          anna ← INVITE
          * offer missed C1 anna ring_timeout
          * operator not ready anna rona
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}

#[test]
fn who_waited_too_long_hears_a_farewell_and_the_call_ends() {
    let mut line = World::new();
    line.asks_for_a_person("caller", "100");
    line.quiet();
    line.passes_s(40);
    line.hears_to_the_end("caller");
    sees(
        &mut line,
        expect![[r#"
            40 s pass
              * call unanswered C1 timeout
              * dialogue started C1 unanswered
              * step reached C1 sorry
              caller hears unanswered.sorry
              listen to caller for unanswered.sorry
            caller heard it to the end
        "#]],
    );
    line.ends_empty();
}

#[test]
fn a_farewell_whose_end_nobody_reports_ends_too() {
    let mut line = World::new();
    line.asks_for_a_person("caller", "200");
    line.quiet();
    line.passes_s(60);
    sees(
        &mut line,
        expect![[r#"
            60 s pass
              caller hears unanswered.sorry.silence
              listen to caller for unanswered.sorry
        "#]],
    );
    line.ends_empty();
}

#[test]
fn an_operator_who_leaves_while_it_rings_hands_the_caller_on() {
    let mut line = World::new();
    line.on_duty("anna");
    line.on_duty("boris");
    line.asks_for_a_person("caller", "100");
    line.replies("anna", 180);
    line.quiet();
    line.desk(
        "anna",
        acd::Command::SignOut {
            operator: "anna".into(),
        },
    );
    line.answers("boris");
    sees(
        &mut line,
        expect![[r#"
        anna's desk: SignOut
          * offer missed C1 anna operator_left
          * operator signed out anna
          * call offered C1 boris единственный свободный, свободен 0 с
          anna ← CANCEL
          boris ← INVITE
        boris → 180
          * offer ringing C1 boris
        boris → 200
          ~ boris ← ACK
          * offer accepted C1 boris
          * legs bridged C1 boris
          * recording started C1 C1-1.wav
          join caller and boris
          record caller to C1-1.wav
    "#]],
    );
    line.hangs_up("caller");
    line.ends_empty();
}
