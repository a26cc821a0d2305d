//! Numbers outside, called by a trunk: answered, busy, challenged, cancelled, without an answer.

use events::{LegId, Pii};
use expect_test::expect;

use super::kit::{Peer, SDP, World, config};
use crate::auth::{Algorithm, Challenge, Login, NonceUse};
use crate::boundary::LegCommand;
use crate::gateway::FixedContact;
use crate::message::Message;
use crate::trunk::{Outbound, TrunkLogin};

fn world(domain: Option<&str>, login: bool) -> World {
    let mut config = config();
    config.trunks[0].outbound = Some(Outbound {
        gateway: FixedContact::parse("sip:192.0.2.99:5060").unwrap(),
        domain: domain.map(str::to_owned),
        caller: domain.map(|_| "+78722000000".into()),
        login: login.then(|| TrunkLogin {
            user: "house".into(),
            password: "secret".into(),
        }),
    });
    World::with(config)
}

fn call(world: &mut World) -> (Peer, LegId, Message) {
    let mut carrier = world.peer("carrier", "192.0.2.99:5060");
    let leg = world.gateway.new_leg();
    world.command(LegCommand::Call {
        leg,
        trunk: "carrier".into(),
        number: Pii::new("+79991234567".into()),
        line: "100".into(),
        display: "Министерство".into(),
        beside: None,
    });
    let invite = world.last_request(&carrier, "INVITE");
    carrier.joins(&invite);
    (carrier, leg, invite)
}

fn lines(message: &Message, names: &[&str]) -> String {
    let text = String::from_utf8(message.to_bytes().to_vec()).unwrap();
    let kept = |line: &&str| names.iter().any(|name| line.starts_with(name));
    text.lines().filter(kept).collect::<Vec<_>>().join("\n")
}

fn challenged(carrier: &Peer, request: &Message, status: u16) -> String {
    let mut response = Message::response(request, status, "", Some(&carrier.tag));
    let header = if status == 401 {
        "WWW-Authenticate"
    } else {
        "Proxy-Authenticate"
    };
    for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
        let challenge = Challenge {
            realm: "carrier".into(),
            nonce: "n1".into(),
            opaque: None,
            algorithm,
            qop_auth: true,
            stale: false,
        };
        response.push(header, challenge.to_string());
    }
    String::from_utf8(response.to_bytes().to_vec()).unwrap()
}

#[test]
fn the_invite_says_who_calls_whom() {
    let names = ["INVITE", "From", "To", "P-Asserted", "Contact"];
    let (_, _, plain) = call(&mut world(None, false));
    let (_, _, named) = call(&mut world(Some("carrier.example"), false));
    let text = format!("{}\n\n{}", lines(&plain, &names), lines(&named, &names));
    expect![[r#"
        INVITE sip:+79991234567@192.0.2.99:5060 SIP/2.0
        From: "Министерство" <sip:100@203.0.113.1:5060>;tag=41bb69a0be5ade8a
        To: <sip:+79991234567@192.0.2.99:5060>
        Contact: <sip:liniya@203.0.113.1:5060>
        P-Asserted-Identity: <sip:100@203.0.113.1:5060>

        INVITE sip:+79991234567@carrier.example SIP/2.0
        From: "Министерство" <sip:+78722000000@carrier.example>;tag=41bb69a0be5ade8a
        To: <sip:+79991234567@carrier.example>
        Contact: <sip:liniya@203.0.113.1:5060>
        P-Asserted-Identity: <sip:+78722000000@carrier.example>"#]]
    .assert_eq(&text);
}

#[test]
fn a_call_with_early_media_is_answered_and_ended_by_us() {
    let mut world = world(None, false);
    let (mut carrier, leg, invite) = call(&mut world);
    for (status, body) in [(100, ""), (183, SDP), (180, ""), (200, SDP)] {
        let reply = carrier.reply(&invite, status, body);
        world.send(&mut carrier, &reply);
    }
    world.hang_up(leg.0);
    let bye = world.last_request(&carrier, "BYE");
    let ok = carrier.reply(&bye, 200, "");
    world.send(&mut carrier, &ok);
    expect![[r#"
        00.000 switchboard: call by carrier as L1
        00.000   media: open L1 on 20000
        00.000 carrier ← INVITE sip:+79991234567@192.0.2.99:5060
        00.000 carrier → 100 Trying (1 INVITE)
        00.000 carrier → 183 Session Progress (1 INVITE)
        00.000   L1 ringing
        00.000 carrier → 180 Ringing (1 INVITE)
        00.000 carrier → 200 OK (1 INVITE)
        00.000 carrier ← ACK sip:carrier@192.0.2.99:5060
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 established
        00.000 switchboard: hang up L1
        00.000 carrier ← BYE sip:carrier@192.0.2.99:5060
        00.000   media: close L1
        00.000   L1 ended: local
        00.000 carrier → 200 OK (2 BYE)
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn busy_and_refusals_end_the_leg_with_their_status() {
    for status in [404, 486, 603] {
        let mut world = world(None, false);
        let (mut carrier, leg, invite) = call(&mut world);
        let reply = carrier.reply(&invite, status, "");
        world.send(&mut carrier, &reply);
        let ended = format!("{leg} ended: refused {status}");
        assert!(world.ladder().contains(&ended));
        world.rest();
    }
}

#[test]
fn a_challenge_is_answered_once_under_the_next_number() {
    for status in [401, 407] {
        let mut world = world(None, true);
        let (mut carrier, leg, invite) = call(&mut world);
        let asks = challenged(&carrier, &invite, status);
        world.send(&mut carrier, &asks);
        let again = world.last_request(&carrier, "INVITE");
        assert_eq!(again.cseq().0, 2);
        assert_eq!(again.call_id(), invite.call_id());
        assert_eq!(again.from().tag(), invite.from().tag());
        let header = if status == 401 {
            "Authorization"
        } else {
            "Proxy-Authorization"
        };
        let answer = again.header(header).unwrap();
        let challenge = Challenge {
            realm: "carrier".into(),
            nonce: "n1".into(),
            opaque: None,
            algorithm: Algorithm::Sha256,
            qop_auth: true,
            stale: false,
        };
        let cnonce = answer.split("cnonce=\"").nth(1).unwrap();
        let cnonce = cnonce.split('"').next().unwrap();
        let login = Login {
            user: "house",
            password: "secret",
        };
        let used = NonceUse { cnonce, count: 1 };
        let uri = "sip:+79991234567@192.0.2.99:5060";
        assert_eq!(answer, challenge.answer(&login, "INVITE", uri, &used));
        if status == 401 {
            // The password is wrong: no third try.
            let asks = challenged(&carrier, &again, status);
            world.send(&mut carrier, &asks);
            let ended = format!("{leg} ended: refused {status}");
            assert!(world.ladder().contains(&ended));
        } else {
            let ok = carrier.reply(&again, 200, SDP);
            world.send(&mut carrier, &ok);
            world.hang_up(leg.0);
            let bye = world.last_request(&carrier, "BYE");
            let asks = challenged(&carrier, &bye, status);
            world.send(&mut carrier, &asks);
            let again = world.last_request(&carrier, "BYE");
            assert_eq!(again.cseq().0, 4);
            assert!(again.header(header).is_some());
            let ok = carrier.reply(&again, 200, "");
            world.send(&mut carrier, &ok);
        }
        world.rest();
    }
}

#[test]
fn a_challenge_without_a_password_is_a_refusal() {
    let mut world = world(None, false);
    let (mut carrier, leg, invite) = call(&mut world);
    let asks = challenged(&carrier, &invite, 407);
    world.send(&mut carrier, &asks);
    assert!(
        world
            .ladder()
            .contains(&format!("{leg} ended: refused 407"))
    );
    world.rest();
}

#[test]
fn who_does_not_answer_is_no_longer_rung() {
    let mut world = world(None, true);
    let (mut carrier, leg, invite) = call(&mut world);
    let ringing = carrier.reply(&invite, 180, "");
    world.send(&mut carrier, &ringing);
    world.wait_ms(30_000);
    world.hang_up(leg.0);
    let cancel = world.last_request(&carrier, "CANCEL");
    let ok = carrier.reply(&cancel, 200, "");
    world.send(&mut carrier, &ok);
    let gone = carrier.reply(&invite, 487, "");
    world.send(&mut carrier, &gone);
    expect![[r#"
        00.000 switchboard: call by carrier as L1
        00.000   media: open L1 on 20000
        00.000 carrier ← INVITE sip:+79991234567@192.0.2.99:5060
        00.000 carrier → 180 Ringing (1 INVITE)
        00.000   L1 ringing
        30.000 switchboard: hang up L1
        30.000 carrier ← CANCEL sip:+79991234567@192.0.2.99:5060
        30.000   media: close L1
        30.000   L1 ended: local
        30.000 carrier → 200 OK (1 CANCEL)
        30.000 carrier → 487 Request Terminated (1 INVITE)
        30.000 carrier ← ACK sip:+79991234567@192.0.2.99:5060
    "#]]
    .assert_eq(&world.ladder());
    world.rest();
}

#[test]
fn a_silent_carrier_and_an_unknown_trunk_break_the_leg() {
    let mut world = world(None, false);
    let (_, leg, _) = call(&mut world);
    world.wait_ms(40_000);
    assert!(world.ladder().contains(&format!("{leg} ended: broken")));
    let leg = world.gateway.new_leg();
    world.command(LegCommand::Call {
        leg,
        trunk: "nobody".into(),
        number: Pii::new("101".into()),
        line: "100".into(),
        display: String::new(),
        beside: None,
    });
    assert!(world.ladder().contains(&format!("{leg} ended: broken")));
    world.rest();
}
