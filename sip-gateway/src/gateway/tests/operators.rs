//! Legs that we dial: answered, busy, silent, cancelled, forked, lost.

use events::LegId;
use expect_test::expect;

use super::kit::{Peer, SDP, World, sdp};
use crate::boundary::LegCommand;

fn ringing() -> (World, Peer, crate::message::Message) {
    let mut world = World::new();
    let mut phone = world.peer("operator2", "198.51.100.7:5060");
    world.dial("operator2");
    let invite = world.last_request(&phone, "INVITE");
    phone.joins(&invite);
    let ringing = phone.reply(&invite, 180, "");
    world.send(&mut phone, &ringing);
    (world, phone, invite)
}

#[test]
fn an_operator_with_a_fixed_contact_answers() {
    let (mut world, mut phone, invite) = ringing();
    let ok = phone.reply(&invite, 200, SDP);
    world.send(&mut phone, &ok);
    // Our ACK was lost.
    world.send(&mut phone, &ok);
    let hold = phone.request("INVITE", "", &sdp("a=sendonly"));
    world.send(&mut phone, &hold);
    let ack = phone.ack();
    world.send(&mut phone, &ack);
    let bye = phone.bye();
    world.send(&mut phone, &bye);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 established
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000 operator2 → INVITE sip:liniya@203.0.113.1:5060
        00.000 operator2 ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 receive only
        00.000   L1 on hold
        00.000 operator2 → ACK sip:liniya@203.0.113.1:5060
        00.000 operator2 → BYE sip:liniya@203.0.113.1:5060
        00.000 operator2 ← 200 OK (2 BYE)
        00.000   media: close L1
        00.000   L1 ended: remote
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn what_the_invite_says() {
    let (world, phone, _) = ringing();
    let invite = world.last_request(&phone, "INVITE").to_bytes();
    let text = String::from_utf8(invite.to_vec())
        .unwrap()
        .replace('\r', "");
    expect![[r#"
        INVITE sip:operator2@198.51.100.7:5060 SIP/2.0
        Via: SIP/2.0/UDP 203.0.113.1:5060;branch=z9hG4bK200e74db785397a7;rport
        Max-Forwards: 70
        From: "Линия 100" <sip:liniya@203.0.113.1:5060>;tag=41bb69a0be5ade8a
        To: <sip:operator2@198.51.100.7:5060>
        Call-ID: f37d574fbcb06be02ceb0dab9897f4d2
        CSeq: 1 INVITE
        Contact: <sip:liniya@203.0.113.1:5060>
        Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER
        User-Agent: liniya
        Content-Type: application/sdp
        Content-Length: 236

        v=0
        o=- 1256671883103340653 1 IN IP4 203.0.113.1
        s=-
        c=IN IP4 203.0.113.1
        t=0 0
        m=audio 20000 RTP/AVP 8 0 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=ptime:20
        a=sendrecv
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_busy_operator() {
    let (mut world, mut phone, invite) = ringing();
    let busy = phone.reply(&invite, 486, "");
    world.send(&mut phone, &busy);
    world.send(&mut phone, &busy);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 operator2 → 486 Busy Here (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000   media: close L1
        00.000   L1 ended: refused 486
        00.000 operator2 → 486 Busy Here (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_phone_that_was_not_the_first_to_answer_is_told_so() {
    let (mut world, mut phone, invite) = ringing();
    world.command(LegCommand::TakeBack { leg: LegId(1) });
    let cancel = world.last_request(&phone, "CANCEL");
    assert_eq!(
        cancel.headers("Reason").collect::<Vec<_>>(),
        ["SIP;cause=200;text=\"Call completed elsewhere\""]
    );
    // It answers in the same moment: the caller is with somebody else, so it hears BYE.
    let late = phone.reply(&invite, 200, "");
    world.send(&mut phone, &late);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 switchboard: take back L1
        00.000 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000 operator2 ← BYE sip:operator2@198.51.100.7:5060
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn ring_timeout_cancels() {
    let (mut world, mut phone, invite) = ringing();
    world.wait_ms(20_000);
    world.hang_up(1);
    let cancel = world.last_request(&phone, "CANCEL");
    let ok = phone.reply(&cancel, 200, "");
    world.send(&mut phone, &ok);
    let terminated = phone.reply(&invite, 487, "");
    world.send(&mut phone, &terminated);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        20.000 switchboard: hang up L1
        20.000 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        20.000   media: close L1
        20.000   L1 ended: local
        20.000 operator2 → 200 OK (1 CANCEL)
        20.000 operator2 → 487 Request Terminated (1 INVITE)
        20.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn hanging_up_a_silent_phone_waits_with_the_cancel() {
    let mut world = World::new();
    let mut phone = world.peer("operator2", "198.51.100.7:5060");
    world.dial("operator2");
    world.hang_up(1);
    let invite = world.last_request(&phone, "INVITE");
    let trying = phone.reply(&invite, 100, "");
    world.send(&mut phone, &trying);
    let cancel = world.last_request(&phone, "CANCEL");
    let ok = phone.reply(&cancel, 200, "");
    world.send(&mut phone, &ok);
    let terminated = phone.reply(&invite, 487, "");
    world.send(&mut phone, &terminated);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 switchboard: hang up L1
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 operator2 → 100 Trying (1 INVITE)
        00.000 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        00.000 operator2 → 200 OK (1 CANCEL)
        00.000 operator2 → 487 Request Terminated (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_200_that_crosses_the_cancel_gets_ack_and_bye() {
    let (mut world, mut phone, invite) = ringing();
    world.hang_up(1);
    let ok = phone.reply(&invite, 200, SDP);
    world.send(&mut phone, &ok);
    let cancel = world.last_request(&phone, "CANCEL");
    let too_late = phone.reply(&cancel, 200, "");
    world.send(&mut phone, &too_late);
    let bye = world.last_request(&phone, "BYE");
    let ok = phone.reply(&bye, 200, "");
    world.send(&mut phone, &ok);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 switchboard: hang up L1
        00.000 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000 operator2 ← BYE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 200 OK (1 CANCEL)
        00.000 operator2 → 200 OK (2 BYE)
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn nobody_answers_the_cancel() {
    let (mut world, _phone, _) = ringing();
    world.hang_up(1);
    world.wait_ms(33_000);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 switchboard: hang up L1
        00.000 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        01.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        03.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        07.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        11.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        15.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        19.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        23.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        27.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
        31.500 operator2 ← CANCEL sip:operator2@198.51.100.7:5060
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn timer_b_breaks_the_leg() {
    let mut world = World::new();
    world.peer("operator2", "198.51.100.7:5060");
    world.dial("operator2");
    world.wait_ms(33_000);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.500 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        01.500 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        03.500 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        07.500 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        15.500 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        31.500 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        32.000   media: close L1
        32.000   L1 ended: broken
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn a_second_branch_of_a_fork_is_sent_home() {
    let (mut world, mut phone, invite) = ringing();
    let ok = phone.reply(&invite, 200, SDP);
    world.send(&mut phone, &ok);
    let mut other = phone.clone();
    other.tag = "tag-of-the-other".into();
    let ok = other.reply(&invite, 200, SDP);
    world.send(&mut phone, &ok);
    world.send(&mut phone, &ok);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 established
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000 operator2 ← BYE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_phone_that_invites_us_while_we_call_it_gets_491() {
    let (mut world, mut phone, _) = ringing();
    let glare = phone.invite();
    world.send(&mut phone, &glare);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 operator2 → INVITE sip:liniya@203.0.113.1:5060
        00.000 operator2 ← 491 Request Pending (1 INVITE)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn an_answer_without_audio_is_no_answer() {
    let (mut world, mut phone, invite) = ringing();
    let ok = phone.reply(&invite, 200, "");
    world.send(&mut phone, &ok);
    expect![[r#"
        00.000 switchboard: dial operator2 as L1
        00.000   media: open L1 on 20000
        00.000 operator2 ← INVITE sip:operator2@198.51.100.7:5060
        00.000 operator2 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 operator2 → 200 OK (1 INVITE)
        00.000 operator2 ← ACK sip:operator2@198.51.100.7:5060
        00.000 operator2 ← BYE sip:operator2@198.51.100.7:5060
        00.000   media: close L1
        00.000   L1 ended: broken
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_phone_over_tcp_that_is_not_there() {
    let mut world = World::new();
    let phone = world.tcp_peer("operator3", "198.51.100.8:5060");
    world.dial("operator3");
    let flow = crate::boundary::Flow {
        connection: 0,
        ..phone.flow
    };
    world.feed(crate::boundary::Input::Closed { flow });
    expect![[r#"
        00.000 switchboard: dial operator3 as L1
        00.000   media: open L1 on 20000
        00.000 operator3 ← INVITE sip:operator3@198.51.100.8:5060;transport=tcp (new stream)
        00.000   media: close L1
        00.000   L1 ended: broken
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn nobody_can_ring_who_is_not_registered() {
    let mut world = World::new();
    world.dial("operator1");
    world.dial("nobody");
    expect![[r#"
        00.000 switchboard: dial operator1 as L1
        00.000   L1 ended: refused 480
        00.000 switchboard: dial nobody as L2
        00.000   L2 ended: refused 480
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn the_stream_that_was_opened_for_the_invite_serves_the_whole_call() {
    let mut world = World::new();
    let mut phone = world.tcp_peer("operator3", "198.51.100.8:5060");
    world.dial("operator3");
    let invite = world.last_request(&phone, "INVITE");
    phone.joins(&invite);
    for (status, body) in [(180, ""), (200, SDP)] {
        let reply = phone.reply(&invite, status, body);
        world.send(&mut phone, &reply);
    }
    world.hang_up(1);
    let bye = world.last_request(&phone, "BYE");
    let ok = phone.reply(&bye, 200, "");
    world.send(&mut phone, &ok);
    expect![[r#"
        00.000 switchboard: dial operator3 as L1
        00.000   media: open L1 on 20000
        00.000 operator3 ← INVITE sip:operator3@198.51.100.8:5060;transport=tcp (new stream)
        00.000 operator3 → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        00.000 operator3 → 200 OK (1 INVITE)
        00.000 operator3 ← ACK sip:operator3@198.51.100.8:5060
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 established
        00.000 switchboard: hang up L1
        00.000 operator3 ← BYE sip:operator3@198.51.100.8:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 operator3 → 200 OK (2 BYE)
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}
