//! A caller's call: answered, lost packets, cancelled, changed, ended.

use expect_test::expect;

use super::kit::{Peer, SDP, World, sdp};

/// A call that stands; its ladder is already read.
fn standing() -> (World, Peer) {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    let ack = heard(&world, &mut caller).ack();
    world.send(&mut caller, &ack);
    world.ladder();
    (world, caller)
}

/// The caller reads its newest message.
fn heard<'a>(world: &World, caller: &'a mut Peer) -> &'a mut Peer {
    let last = world.last(caller);
    caller.remote_tag = last.to().tag().map(str::to_owned);
    caller
}

#[test]
fn a_call_from_door_to_goodbye() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.command(crate::boundary::LegCommand::Ring {
        leg: events::LegId(1),
    });
    world.wait_ms(40);
    world.answer(1);
    let ack = heard(&world, &mut caller).ack();
    world.send(&mut caller, &ack);
    world.wait_ms(10_000);
    let bye = caller.bye();
    world.send(&mut caller, &bye);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: ring L1
        00.000 caller ← 180 Ringing (1 INVITE)
        00.040 switchboard: answer L1
        00.040 caller ← 200 OK (1 INVITE)
        00.040   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.040 caller → ACK sip:100@203.0.113.1
        00.040   L1 established
        10.040 caller → BYE sip:liniya@203.0.113.1:5060
        10.040 caller ← 200 OK (2 BYE)
        10.040   media: close L1
        10.040   L1 ended: remote
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_retransmitted_invite_makes_no_second_leg() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.wait_ms(500);
    world.send(&mut caller, &invite);
    world.command(crate::boundary::LegCommand::Ring {
        leg: events::LegId(1),
    });
    world.wait_ms(500);
    world.send(&mut caller, &invite);
    world.answer(1);
    // After the 200 the INVITE is absorbed: the 200 is resent by its own clock.
    world.send(&mut caller, &invite);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.500 caller → INVITE sip:100@203.0.113.1
        00.500 caller ← 100 Trying (1 INVITE)
        00.500 switchboard: ring L1
        00.500 caller ← 180 Ringing (1 INVITE)
        01.000 caller → INVITE sip:100@203.0.113.1
        01.000 caller ← 180 Ringing (1 INVITE)
        01.000 switchboard: answer L1
        01.000 caller ← 200 OK (1 INVITE)
        01.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        01.000 caller → INVITE sip:100@203.0.113.1
    "#]]
    .assert_eq(&world.ladder());
    assert_eq!(world.gateway.stats().retransmissions_received, 3);
}

#[test]
fn a_lost_200_comes_again_until_the_ack() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    world.wait_ms(8_000);
    let ack = heard(&world, &mut caller).ack();
    world.send(&mut caller, &ack);
    world.wait_ms(40_000);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.500 caller ← 200 OK (1 INVITE)
        01.500 caller ← 200 OK (1 INVITE)
        03.500 caller ← 200 OK (1 INVITE)
        07.500 caller ← 200 OK (1 INVITE)
        08.000 caller → ACK sip:100@203.0.113.1
        08.000   L1 established
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn without_any_ack_the_leg_breaks_and_says_bye() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    world.wait_ms(31_000);
    world.ladder();
    world.wait_ms(2_000);
    expect![[r#"
        31.500 caller ← 200 OK (1 INVITE)
        32.000 caller ← BYE sip:79990000001@192.0.2.10:5060
        32.000   media: close L1
        32.000   L1 ended: broken
        32.500 caller ← BYE sip:79990000001@192.0.2.10:5060
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_lost_ack_is_taken_as_given_when_a_reinvite_follows() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    heard(&world, &mut caller);
    world.ladder();
    world.wait_ms(80);
    let reinvite = caller.invite();
    world.send(&mut caller, &reinvite);
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    expect![[r#"
        00.080 caller → INVITE sip:100@203.0.113.1
        00.080 caller ← 200 OK (2 INVITE)
        00.080   L1 established
        00.080 caller → ACK sip:liniya@203.0.113.1:5060
    "#]]
    .assert_eq(&world.ladder());
    let bye = caller.bye();
    world.send(&mut caller, &bye);
    world.rest();
}

#[test]
fn cancel_before_the_switchboard_reacts() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    let cancel = caller.cancel();
    world.send(&mut caller, &cancel);
    // The switchboard did not know yet.
    world.answer(1);
    let ack = caller.ack_refusal();
    world.send(&mut caller, &ack);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 caller → CANCEL sip:100@203.0.113.1
        00.000 caller ← 200 OK (1 CANCEL)
        00.000 caller ← 487 Request Terminated (1 INVITE)
        00.000   media: close L1
        00.000   L1 ended: remote
        00.000 switchboard: answer L1
        00.000 caller → ACK sip:100@203.0.113.1
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn cancel_that_crosses_the_200_changes_nothing() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    heard(&world, &mut caller);
    let cancel = caller.cancel();
    world.send(&mut caller, &cancel);
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    let bye = caller.bye();
    world.send(&mut caller, &bye);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000 caller → CANCEL sip:100@203.0.113.1
        00.000 caller ← 200 OK (1 CANCEL)
        00.000 caller → ACK sip:100@203.0.113.1
        00.000   L1 established
        00.000 caller → BYE sip:100@203.0.113.1
        00.000 caller ← 200 OK (2 BYE)
        00.000   media: close L1
        00.000   L1 ended: remote
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn cancel_of_nothing_gets_481() {
    let mut world = World::new();
    let mut caller = world.caller();
    caller.invite();
    let cancel = caller.cancel();
    world.send(&mut caller, &cancel);
    expect![[r#"
        00.000 caller → CANCEL sip:100@203.0.113.1
        00.000 caller ← 481 Call/Transaction Does Not Exist (1 CANCEL)
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn an_ack_before_anything_is_dropped() {
    let mut world = World::new();
    let mut caller = world.caller();
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    expect![[r#"
        00.000 caller → ACK sip:100@203.0.113.1
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn a_reinvite_right_after_the_ack_is_answered_from_the_leg() {
    let (mut world, mut caller) = standing();
    world.wait_ms(100);
    let first = world.last(&caller).body;
    let reinvite = caller.invite();
    world.send(&mut caller, &reinvite);
    assert_eq!(world.last(&caller).body, first, "the same description");
    world.wait_ms(600);
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    expect![[r#"
        00.100 caller → INVITE sip:liniya@203.0.113.1:5060
        00.100 caller ← 200 OK (2 INVITE)
        00.600 caller ← 200 OK (2 INVITE)
        00.700 caller → ACK sip:liniya@203.0.113.1:5060
    "#]]
    .assert_eq(&world.ladder());
    world.hang_up(1);
    let bye = world.last_request(&caller, "BYE");
    let ok = caller.reply(&bye, 200, "");
    world.send(&mut caller, &ok);
    world.rest();
}

#[test]
fn hold_and_back() {
    let (mut world, mut caller) = standing();
    for way in [
        "a=sendonly",
        "a=sendonly",
        "a=sendrecv",
        "a=inactive",
        "a=sendrecv",
    ] {
        let reinvite = caller.request("INVITE", "", &sdp(way));
        world.send(&mut caller, &reinvite);
        let ack = caller.ack();
        world.send(&mut caller, &ack);
    }
    expect![[r#"
        00.000 caller → INVITE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 receive only
        00.000   L1 on hold
        00.000 caller → ACK sip:liniya@203.0.113.1:5060
        00.000 caller → INVITE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (3 INVITE)
        00.000 caller → ACK sip:liniya@203.0.113.1:5060
        00.000 caller → INVITE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (4 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 back from hold
        00.000 caller → ACK sip:liniya@203.0.113.1:5060
        00.000 caller → INVITE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (5 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 silent
        00.000   L1 on hold
        00.000 caller → ACK sip:liniya@203.0.113.1:5060
        00.000 caller → INVITE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (6 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 back from hold
        00.000 caller → ACK sip:liniya@203.0.113.1:5060
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn an_update_with_and_without_an_offer() {
    let (mut world, mut caller) = standing();
    let refresh = caller.request("UPDATE", "", "");
    world.send(&mut caller, &refresh);
    let hold = caller.request("UPDATE", "", &sdp("a=sendonly"));
    world.send(&mut caller, &hold);
    let video = SDP.replace("m=audio", "m=video");
    let unusable = caller.request("UPDATE", "", &video);
    world.send(&mut caller, &unusable);
    expect![[r#"
        00.000 caller → UPDATE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 UPDATE)
        00.000 caller → UPDATE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (3 UPDATE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 receive only
        00.000   L1 on hold
        00.000 caller → UPDATE sip:liniya@203.0.113.1:5060
        00.000 caller ← 488 Not Acceptable Here (4 UPDATE)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_caller_without_an_offer_gets_ours_and_answers_in_the_ack() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.request("INVITE", "", "");
    world.send(&mut caller, &invite);
    world.answer(1);
    heard(&world, &mut caller);
    // Our offer is open: another one is glare.
    let too_early = caller.request("UPDATE", "", SDP);
    world.send(&mut caller, &too_early);
    caller.cseq -= 1;
    let ack = caller.ack_with(SDP);
    world.send(&mut caller, &ack);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000 caller → UPDATE sip:100@203.0.113.1
        00.000 caller ← 491 Request Pending (2 UPDATE)
        00.000 caller → ACK sip:100@203.0.113.1
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 established
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_second_invite_while_ours_is_pending() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.command(crate::boundary::LegCommand::Ring {
        leg: events::LegId(1),
    });
    heard(&world, &mut caller);
    let second = caller.invite();
    world.send(&mut caller, &second);
    assert!(world.last(&caller).header("Retry-After").is_some());
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: ring L1
        00.000 caller ← 180 Ringing (1 INVITE)
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000 caller ← 500 Server Internal Error (2 INVITE)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn glare_when_our_offer_is_open() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.request("INVITE", "", "");
    world.send(&mut caller, &invite);
    world.answer(1);
    heard(&world, &mut caller);
    world.ladder();
    let reinvite = caller.invite();
    world.send(&mut caller, &reinvite);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000 caller ← 491 Request Pending (2 INVITE)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn byes_that_cross_both_get_their_200() {
    let (mut world, mut caller) = standing();
    world.hang_up(1);
    let ours = world.last_request(&caller, "BYE");
    let theirs = caller.bye();
    world.send(&mut caller, &theirs);
    let ok = caller.reply(&ours, 200, "");
    world.send(&mut caller, &ok);
    let again = caller.bye();
    world.send(&mut caller, &again);
    expect![[r#"
        00.000 switchboard: hang up L1
        00.000 caller ← BYE sip:79990000001@192.0.2.10:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 caller → BYE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 BYE)
        00.000 caller → 200 OK (1 BYE)
        00.000 caller → BYE sip:liniya@203.0.113.1:5060
        00.000 caller ← 481 Call/Transaction Does Not Exist (3 BYE)
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn hanging_up_before_the_ack_waits_for_it() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    heard(&world, &mut caller);
    world.hang_up(1);
    world.hang_up(1);
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000 switchboard: hang up L1
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 switchboard: hang up L1
        00.000 caller → ACK sip:100@203.0.113.1
        00.000 caller ← BYE sip:79990000001@192.0.2.10:5060
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_bye_before_the_ack_and_one_before_the_answer() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    let bye = heard(&world, &mut caller).bye();
    world.send(&mut caller, &bye);
    let mut second = world.peer("second", "192.0.2.11:5060");
    let invite = second.invite();
    world.send(&mut second, &invite);
    world.command(crate::boundary::LegCommand::Ring {
        leg: events::LegId(2),
    });
    let bye = heard(&world, &mut second).bye();
    world.send(&mut second, &bye);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000 caller → BYE sip:100@203.0.113.1
        00.000 caller ← 200 OK (2 BYE)
        00.000   media: close L1
        00.000   L1 ended: remote
        00.000 second → INVITE sip:100@203.0.113.1
        00.000   media: open L2 on 20002
        00.000 second ← 100 Trying (1 INVITE)
        00.000   L2 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: ring L2
        00.000 second ← 180 Ringing (1 INVITE)
        00.000 second → BYE sip:100@203.0.113.1
        00.000 second ← 200 OK (2 BYE)
        00.000 second ← 487 Request Terminated (1 INVITE)
        00.000   media: close L2
        00.000   L2 ended: remote
    "#]]
    .assert_eq(&world.ladder());
    let ack = second.ack_refusal();
    world.send(&mut second, &ack);
    world.rest();
}

#[test]
fn nobody_answers_our_bye() {
    let (mut world, _caller) = standing();
    world.hang_up(1);
    world.wait_ms(33_000);
    expect![[r#"
        00.000 switchboard: hang up L1
        00.000 caller ← BYE sip:79990000001@192.0.2.10:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        01.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        03.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        07.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        11.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        15.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        19.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        23.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        27.500 caller ← BYE sip:79990000001@192.0.2.10:5060
        31.500 caller ← BYE sip:79990000001@192.0.2.10:5060
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn a_refusal_is_resent_until_its_ack_and_no_longer_than_timer_h() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    let (leg, status, retry_after_s) = (events::LegId(1), 404, None);
    world.command(crate::boundary::LegCommand::Reject {
        leg,
        status,
        retry_after_s,
    });
    world.wait_ms(40_000);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: reject L1 with 404
        00.000 caller ← 404 Not Found (1 INVITE)
        00.000   media: close L1
        00.000   L1 ended: local
        00.500 caller ← 404 Not Found (1 INVITE)
        01.500 caller ← 404 Not Found (1 INVITE)
        03.500 caller ← 404 Not Found (1 INVITE)
        07.500 caller ← 404 Not Found (1 INVITE)
        11.500 caller ← 404 Not Found (1 INVITE)
        15.500 caller ← 404 Not Found (1 INVITE)
        19.500 caller ← 404 Not Found (1 INVITE)
        23.500 caller ← 404 Not Found (1 INVITE)
        27.500 caller ← 404 Not Found (1 INVITE)
        31.500 caller ← 404 Not Found (1 INVITE)
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn keys_by_info() {
    let (mut world, mut caller) = standing();
    let relay = caller.request(
        "INFO",
        "Content-Type: application/dtmf-relay\r\n",
        "Signal=5\r\nDuration=160\r\n",
    );
    world.send(&mut caller, &relay);
    world.send(&mut caller, &relay);
    let plain = caller.request("INFO", "Content-Type: application/dtmf\r\n", "#");
    world.send(&mut caller, &plain);
    let picture = caller.request(
        "INFO",
        "Content-Type: application/media_control+xml\r\n",
        "<x/>",
    );
    world.send(&mut caller, &picture);
    expect![[r#"
        00.000 caller → INFO sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 INFO)
        00.000   L1 digit 5
        00.000 caller → INFO sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 INFO)
        00.000 caller → INFO sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (3 INFO)
        00.000   L1 digit #
        00.000 caller → INFO sip:liniya@203.0.113.1:5060
        00.000 caller ← 415 Unsupported Media Type (4 INFO)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn other_requests_inside_a_call() {
    let (mut world, mut caller) = standing();
    for method in [
        "OPTIONS",
        "MESSAGE",
        "REFER",
        "NOTIFY",
        "SUBSCRIBE",
        "PRACK",
        "DANCE",
    ] {
        let request = caller.request(method, "", "");
        world.send(&mut caller, &request);
    }
    caller.cseq -= 5;
    let old = caller.request("BYE", "", "");
    world.send(&mut caller, &old);
    expect![[r#"
        00.000 caller → OPTIONS sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 OPTIONS)
        00.000 caller → MESSAGE sip:liniya@203.0.113.1:5060
        00.000 caller ← 405 Method Not Allowed (3 MESSAGE)
        00.000 caller → REFER sip:liniya@203.0.113.1:5060
        00.000 caller ← 603 Decline (4 REFER)
        00.000 caller → NOTIFY sip:liniya@203.0.113.1:5060
        00.000 caller ← 481 Call/Transaction Does Not Exist (5 NOTIFY)
        00.000 caller → SUBSCRIBE sip:liniya@203.0.113.1:5060
        00.000 caller ← 405 Method Not Allowed (6 SUBSCRIBE)
        00.000 caller → PRACK sip:liniya@203.0.113.1:5060
        00.000 caller ← 481 Call/Transaction Does Not Exist (7 PRACK)
        00.000 caller → DANCE sip:liniya@203.0.113.1:5060
        00.000 caller ← 501 Not Implemented (8 DANCE)
        00.000 caller → BYE sip:liniya@203.0.113.1:5060
        00.000 caller ← 500 Server Internal Error (4 BYE)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_call_over_tcp_survives_its_stream() {
    let mut world = World::new();
    let mut caller = world.tcp_peer("caller", "192.0.2.10:5060");
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.answer(1);
    heard(&world, &mut caller);
    // The 2xx is resent on streams too, the INVITE's refusal would not be.
    world.wait_ms(600);
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    let flow = caller.flow;
    world.feed(crate::boundary::Input::Closed { flow });
    world.hang_up(1);
    let bye = world.last_request(&caller, "BYE");
    let ok = caller.reply(&bye, 200, "");
    world.send(&mut caller, &ok);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.500 caller ← 200 OK (1 INVITE)
        00.600 caller → ACK sip:100@203.0.113.1
        00.600   L1 established
        00.600 switchboard: hang up L1
        00.600 caller ← BYE sip:79990000001@192.0.2.10:5060;transport=tcp (new stream)
        00.600   media: close L1
        00.600   L1 ended: local
        00.600 caller → 200 OK (1 BYE)
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn no_media_port_ends_the_leg() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.feed(crate::boundary::Input::MediaFailed {
        leg: events::LegId(1),
    });
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 caller ← 503 Service Unavailable (1 INVITE)
        00.000   media: close L1
        00.000   L1 ended: broken
    "#]]
    .assert_eq(&world.ladder());
    let ack = caller.ack_refusal();
    world.send(&mut caller, &ack);
    world.rest();
}
