//! Who gets in: challenges, overload, draining, and requests that cannot be met.

use expect_test::expect;

use super::kit::{SDP, World, config};
use crate::boundary::Input;

#[test]
fn options_says_what_we_can_and_503_while_draining() {
    let mut world = World::new();
    let mut caller = world.caller();
    let ping = caller.request("OPTIONS", "", "");
    // Without a user part too.
    let bare = ping.replace("sip:100@203.0.113.1", "sip:203.0.113.1");
    world.send(&mut caller, &bare);
    let answer = world.last(&caller);
    assert_eq!(answer.header("Accept"), Some("application/sdp"));
    assert!(answer.has_token("Allow", "INVITE"));
    world.feed(Input::Drain);
    caller.remote_tag = None;
    let ping = caller.request("OPTIONS", "", "");
    world.send(&mut caller, &ping);
    expect![[r#"
        00.000 caller → OPTIONS sip:203.0.113.1
        00.000 caller ← 200 OK (1 OPTIONS)
        00.000 caller → OPTIONS sip:100@203.0.113.1
        00.000 caller ← 503 Service Unavailable (2 OPTIONS)
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty(), "a sign of life costs no memory");
}

#[test]
fn draining_takes_no_new_call_and_keeps_the_old_one() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    world.feed(Input::Drain);
    let mut late = world.peer("late", "192.0.2.11:5060");
    let invite = late.invite();
    world.send(&mut late, &invite);
    let ack = late.ack_refusal();
    world.send(&mut late, &ack);
    world.answer(1);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 late → INVITE sip:100@203.0.113.1
        00.000 late ← 503 Service Unavailable (1 INVITE)
        00.000   refused 100: draining (503)
        00.000 late → ACK sip:100@203.0.113.1
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn overload_turns_new_calls_away_with_a_time_and_never_a_standing_one() {
    let mut config = config();
    config.limits.new_calls_burst = 1;
    config.limits.new_calls_per_s = 1;
    let mut world = World::with(config);
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    let mut second = world.peer("second", "192.0.2.11:5060");
    let invite = second.invite();
    world.send(&mut second, &invite);
    assert_eq!(world.last(&second).header("Retry-After"), Some("5"));
    let ack = second.ack_refusal();
    world.send(&mut second, &ack);
    world.feed(Input::QueueDelay { delay_us: 900_000 });
    world.answer(1);
    let ack = caller.ack();
    world.send(&mut caller, &ack);
    let last = world.last(&caller);
    caller.remote_tag = last.to().tag().map(str::to_owned);
    let bye = caller.bye();
    world.send(&mut caller, &bye);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 second → INVITE sip:100@203.0.113.1
        00.000 second ← 503 Service Unavailable (1 INVITE)
        00.000   refused 100: overload (503)
        00.000 second → ACK sip:100@203.0.113.1
        00.000 switchboard: answer L1
        00.000 caller ← 200 OK (1 INVITE)
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000 caller → ACK sip:100@203.0.113.1
        00.000 caller → BYE sip:liniya@203.0.113.1:5060
        00.000 caller ← 200 OK (2 BYE)
        00.000   media: close L1
        00.000   L1 ended: remote
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn strangers_are_challenged_and_cost_nothing() {
    let mut world = World::new();
    let mut stranger = world.peer("stranger", "198.51.100.99:5060");
    let invite = stranger.invite();
    world.send(&mut stranger, &invite);
    let ack = stranger.ack_refusal();
    world.send(&mut stranger, &ack);
    expect![[r#"
        00.000 stranger → INVITE sip:100@203.0.113.1
        00.000 stranger ← 401 Unauthorized (1 INVITE)
        00.000 stranger → ACK sip:100@203.0.113.1
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn what_cannot_be_met_is_said_exactly() {
    let mut world = World::new();
    for (name, at, extra, body) in [
        ("extension", "192.0.2.21:5060", "Require: 100rel\r\n", SDP),
        (
            "other-body",
            "192.0.2.22:5060",
            "Content-Type: text/plain\r\n",
            "hello",
        ),
        (
            "other-answer",
            "192.0.2.23:5060",
            "Accept: text/plain\r\n",
            SDP,
        ),
        (
            "no-codec",
            "192.0.2.24:5060",
            "Content-Type: application/sdp\r\n",
            "v=0\r\nm=audio 4000 RTP/AVP 18\r\nc=IN IP4 192.0.2.24\r\n",
        ),
        (
            "no-sdp",
            "192.0.2.25:5060",
            "Content-Type: application/sdp\r\n",
            "v=1\r\n",
        ),
    ] {
        let mut peer = world.peer(name, at);
        let body_type_given = extra.starts_with("Content-Type");
        let mut invite = peer.request("INVITE", extra, body);
        if body_type_given {
            invite = invite.replacen(
                "Content-Type: application/sdp\r\n",
                "",
                usize::from(body.starts_with("v=0")),
            );
        }
        world.send(&mut peer, &invite);
        let ack = peer.ack_refusal();
        world.send(&mut peer, &ack);
    }
    expect![[r#"
        00.000 extension → INVITE sip:100@203.0.113.1
        00.000 extension ← 420 Bad Extension (1 INVITE)
        00.000 extension → ACK sip:100@203.0.113.1
        00.000 other-body → INVITE sip:100@203.0.113.1
        00.000 other-body ← 415 Unsupported Media Type (1 INVITE)
        00.000 other-body → ACK sip:100@203.0.113.1
        00.000 other-answer → INVITE sip:100@203.0.113.1
        00.000 other-answer ← 406 Not Acceptable (1 INVITE)
        00.000 other-answer → ACK sip:100@203.0.113.1
        00.000 no-codec → INVITE sip:100@203.0.113.1
        00.000 no-codec ← 488 Not Acceptable Here (1 INVITE)
        00.000   refused 100: no_media (488)
        00.000 no-codec → ACK sip:100@203.0.113.1
        00.000 no-sdp → INVITE sip:100@203.0.113.1
        00.000 no-sdp ← 400 Bad Request (1 INVITE)
        00.000   refused 100: no_media (400)
        00.000 no-sdp → ACK sip:100@203.0.113.1
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn the_same_invite_by_another_way_is_a_loop() {
    let mut world = World::new();
    let mut caller = world.caller();
    let invite = caller.invite();
    world.send(&mut caller, &invite);
    let other_way = invite.replace("branch=z9hG4bK-caller-1", "branch=z9hG4bK-other");
    world.send(&mut caller, &other_way);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000 caller ← 482 Loop Detected (1 INVITE)
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn outside_a_call_only_options_invite_and_register_make_sense() {
    let mut world = World::new();
    let mut caller = world.caller();
    for method in [
        "BYE",
        "INFO",
        "UPDATE",
        "PRACK",
        "NOTIFY",
        "REFER",
        "SUBSCRIBE",
        "MESSAGE",
        "PUBLISH",
        "DANCE",
    ] {
        let request = caller.request(method, "", "");
        world.send(&mut caller, &request);
        caller.remote_tag = None;
    }
    expect![[r#"
        00.000 caller → BYE sip:100@203.0.113.1
        00.000 caller ← 481 Call/Transaction Does Not Exist (1 BYE)
        00.000 caller → INFO sip:100@203.0.113.1
        00.000 caller ← 481 Call/Transaction Does Not Exist (2 INFO)
        00.000 caller → UPDATE sip:100@203.0.113.1
        00.000 caller ← 481 Call/Transaction Does Not Exist (3 UPDATE)
        00.000 caller → PRACK sip:100@203.0.113.1
        00.000 caller ← 481 Call/Transaction Does Not Exist (4 PRACK)
        00.000 caller → NOTIFY sip:100@203.0.113.1
        00.000 caller ← 481 Call/Transaction Does Not Exist (5 NOTIFY)
        00.000 caller → REFER sip:100@203.0.113.1
        00.000 caller ← 405 Method Not Allowed (6 REFER)
        00.000 caller → SUBSCRIBE sip:100@203.0.113.1
        00.000 caller ← 405 Method Not Allowed (7 SUBSCRIBE)
        00.000 caller → MESSAGE sip:100@203.0.113.1
        00.000 caller ← 405 Method Not Allowed (8 MESSAGE)
        00.000 caller → PUBLISH sip:100@203.0.113.1
        00.000 caller ← 405 Method Not Allowed (9 PUBLISH)
        00.000 caller → DANCE sip:100@203.0.113.1
        00.000 caller ← 501 Not Implemented (10 DANCE)
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}

#[test]
fn a_withheld_number_is_nobody_and_an_asserted_one_goes_first() {
    let mut world = World::new();
    for (name, at, extra) in [
        (
            "asserted",
            "192.0.2.31:5060",
            "P-Asserted-Identity: <tel:+74950000000>\r\n",
        ),
        (
            "withheld",
            "192.0.2.32:5060",
            "P-Asserted-Identity: <tel:+74950000000>\r\nPrivacy: id\r\n",
        ),
    ] {
        let mut peer = world.peer(name, at);
        let invite = peer.request("INVITE", extra, SDP);
        world.send(&mut peer, &invite);
    }
    let mut anonymous = world.peer("anonymous", "192.0.2.33:5060");
    anonymous.user = "anonymous".into();
    let invite = anonymous.invite();
    world.send(&mut anonymous, &invite);
    expect![[r#"
        00.000 asserted → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 asserted ← 100 Trying (1 INVITE)
        00.000   L1 offered: +74950000000 calls 100 by carrier
        00.000 withheld → INVITE sip:100@203.0.113.1
        00.000   media: open L2 on 20002
        00.000 withheld ← 100 Trying (1 INVITE)
        00.000   L2 offered: nobody calls 100 by carrier
        00.000 anonymous → INVITE sip:100@203.0.113.1
        00.000   media: open L3 on 20004
        00.000 anonymous ← 100 Trying (1 INVITE)
        00.000   L3 offered: nobody calls 100 by carrier
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn rubbish_is_counted_and_answered_where_an_answer_can_go() {
    let mut world = World::new();
    let mut caller = world.caller();
    world.send(&mut caller, "\r\n\r\n");
    world.send(&mut caller, "GET / HTTP/1.1\r\n\r\n");
    let torn = caller.invite().replace("CSeq: 1 INVITE", "CSeq: x INVITE");
    world.send(&mut caller, &torn);
    expect![[r#"
        00.000 caller → 
        00.000 caller → GET / HTTP/1.1
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000 caller ← 400 Bad Request (x INVITE)
    "#]]
    .assert_eq(&world.ladder());
    assert_eq!(world.gateway.stats().parse_failures, 2);
}

#[test]
fn an_old_element_without_a_magic_cookie_can_call() {
    let mut world = World::new();
    let mut caller = world.caller();
    let old = |text: String| text.replace("z9hG4bK-", "old-");
    let invite = old(caller.invite());
    world.send(&mut caller, &invite);
    world.send(&mut caller, &invite);
    let (leg, status, retry_after_s) = (events::LegId(1), 486, None);
    world.command(crate::boundary::LegCommand::Reject {
        leg,
        status,
        retry_after_s,
    });
    let ack = old(caller.ack_refusal());
    world.send(&mut caller, &ack);
    world.wait_ms(10_000);
    expect![[r#"
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 caller ← 100 Trying (1 INVITE)
        00.000   L1 offered: 79990000001 calls 100 by carrier
        00.000 caller → INVITE sip:100@203.0.113.1
        00.000 caller ← 100 Trying (1 INVITE)
        00.000 switchboard: reject L1 with 486
        00.000 caller ← 486 Busy Here (1 INVITE)
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 caller → ACK sip:100@203.0.113.1
    "#]]
    .assert_eq(&world.ladder());
    assert!(world.gateway.is_empty());
}
