//! Phones register (RFC 3261 §10), are rung where they are, and call with their password.

use expect_test::expect;

use super::kit::{Peer, SDP, World};
use crate::auth::{Algorithm, Challenge, Login, NonceUse};
use crate::boundary::Input;

const AT: &str = "198.51.100.20:5062";

/// A REGISTER of operator1's phone.
fn register(phone: &mut Peer, extra: &str) -> String {
    phone.user = "operator1".into();
    phone.dials = "operator1".into();
    phone.remote_tag = None;
    phone.request("REGISTER", extra, "")
}

/// The same request with an answer to the newest challenge.
fn with_password(
    world: &World,
    phone: &mut Peer,
    text: &str,
    how: (Algorithm, &str, u32),
) -> String {
    let (algorithm, password, count) = how;
    let refusal = world.last(phone);
    let challenge = refusal
        .headers("WWW-Authenticate")
        .filter_map(Challenge::parse)
        .find(|challenge| challenge.algorithm == algorithm)
        .unwrap();
    let (method, uri) = (
        text.split(' ').next().unwrap(),
        text.split(' ').nth(1).unwrap(),
    );
    let login = Login {
        user: "operator1",
        password,
    };
    let answer = challenge.answer(&login, method, uri, &NonceUse { cnonce: "c", count });
    phone.cseq += 1;
    let number = format!("CSeq: {} {method}", phone.cseq);
    let old = text.lines().find(|line| line.starts_with("CSeq")).unwrap();
    text.replace(old, &number)
        .replace(
            "branch=z9hG4bK-",
            &format!("branch=z9hG4bK-{}-", phone.cseq),
        )
        .replace(
            "Content-Length",
            &format!("Authorization: {answer}\r\nContent-Length"),
        )
}

/// Registers by challenge and answer.
fn registered(world: &mut World, phone: &mut Peer, extra: &str) {
    let first = register(phone, extra);
    world.send(phone, &first);
    let second = with_password(
        world,
        phone,
        &first,
        (Algorithm::Sha256, "operator1-secret", 1),
    );
    phone.remote_tag = None;
    world.send(phone, &second);
    phone.remote_tag = None;
}

#[test]
fn a_phone_registers_with_either_digest() {
    assert_eq!(
        a_registration(Algorithm::Md5),
        a_registration(Algorithm::Sha256)
    );
    expect![[r#"
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 401 Unauthorized (1 REGISTER)
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 200 OK (2 REGISTER)
        00.000   phone of operator1: there
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 200 OK (2 REGISTER)
        600.000   phone of operator1: gone
    "#]]
    .assert_eq(&a_registration(Algorithm::Sha256));
}

/// Ladder of a registration from the first REGISTER to the day nobody renews it.
fn a_registration(algorithm: Algorithm) -> String {
    let mut world = World::new();
    let mut phone = world.peer("phone", AT);
    let first = register(&mut phone, "Expires: 600\r\n");
    world.send(&mut phone, &first);
    let second = with_password(
        &world,
        &mut phone,
        &first,
        (algorithm, "operator1-secret", 1),
    );
    world.send(&mut phone, &second);
    // Lost answer: the same again, and no second binding.
    world.send(&mut phone, &second);
    assert_eq!(world.gateway.stats().registrations, 1);
    let contact = world.last(&phone).header("Contact").map(str::to_owned);
    assert_eq!(
        contact.as_deref(),
        Some("<sip:operator1@198.51.100.20:5062>;expires=600")
    );
    world.wait_ms(601_000);
    assert!(world.gateway.is_empty());
    world.ladder()
}

#[test]
fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let mut answers = Vec::new();
    for user in ["operator1", "nobody"] {
        let mut world = World::new();
        let mut phone = world.peer("phone", AT);
        let first = register(&mut phone, "");
        world.send(&mut phone, &first);
        let how = (Algorithm::Md5, "wrong", 1);
        let second = with_password(&world, &mut phone, &first, how);
        world.send(&mut phone, &second.replace("operator1", user));
        let names: Vec<String> = world
            .last(&phone)
            .all_headers()
            .iter()
            .map(|h| h.to_string())
            .collect();
        let shape = |line: &String| line.split(['=', '"']).next().unwrap_or_default().to_owned();
        answers.push((
            world.last(&phone).status(),
            names.iter().map(shape).collect::<Vec<_>>(),
        ));
    }
    let second = answers.pop().unwrap();
    let strip = |(status, names): (Option<u16>, Vec<String>)| {
        (
            status,
            names
                .into_iter()
                .map(|n| n.replace("nobody", "operator1"))
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(strip(answers.pop().unwrap()), strip(second));
}

#[test]
fn a_stale_nonce_is_asked_again_without_asking_the_person() {
    let mut world = World::new();
    let mut phone = world.peer("phone", AT);
    let first = register(&mut phone, "");
    world.send(&mut phone, &first);
    let late = with_password(
        &world,
        &mut phone,
        &first,
        (Algorithm::Md5, "operator1-secret", 1),
    );
    world.wait_ms(3_600_000);
    world.send(&mut phone, &late);
    let challenge = world
        .last(&phone)
        .header("WWW-Authenticate")
        .unwrap()
        .to_owned();
    assert!(challenge.contains("stale=true"), "{challenge}");
    let again = with_password(
        &world,
        &mut phone,
        &first,
        (Algorithm::Md5, "operator1-secret", 1),
    );
    world.send(&mut phone, &again);
    expect![[r#"
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 401 Unauthorized (1 REGISTER)
        3600.000 phone → REGISTER sip:operator1@203.0.113.1
        3600.000 phone ← 401 Unauthorized (2 REGISTER)
        3600.000 phone → REGISTER sip:operator1@203.0.113.1
        3600.000 phone ← 200 OK (3 REGISTER)
        3600.000   phone of operator1: there
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn too_short_is_423_a_query_lists_and_a_star_forgets() {
    let mut world = World::new();
    let mut phone = world.peer("phone", AT);
    registered(&mut world, &mut phone, "Expires: 30\r\n");
    assert_eq!(world.last(&phone).header("Min-Expires"), Some("60"));
    registered(&mut world, &mut phone, "Expires: 99999999\r\n");
    world.ladder();
    let contact = "Contact: <sip:operator1@198.51.100.20:5062>\r\n";
    let query = register(&mut phone, "").replace(contact, "");
    world.send(&mut phone, &query);
    let query = with_password(
        &world,
        &mut phone,
        &query,
        (Algorithm::Md5, "operator1-secret", 1),
    );
    world.send(&mut phone, &query);
    let listed = world.last(&phone).header("Contact").map(str::to_owned);
    assert_eq!(
        listed.as_deref(),
        Some("<sip:operator1@198.51.100.20:5062>;expires=3600")
    );
    let star = register(&mut phone, "Expires: 0\r\n").replace(contact, "Contact: *\r\n");
    world.send(&mut phone, &star);
    let star = with_password(
        &world,
        &mut phone,
        &star,
        (Algorithm::Md5, "operator1-secret", 1),
    );
    world.send(&mut phone, &star);
    expect![[r#"
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 401 Unauthorized (5 REGISTER)
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 200 OK (6 REGISTER)
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 401 Unauthorized (7 REGISTER)
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 200 OK (8 REGISTER)
        00.000   phone of operator1: gone
    "#]]
    .assert_eq(&world.ladder());
    world.wait_ms(40_000);
    assert!(world.gateway.is_empty());
}

#[test]
fn the_newest_of_several_phones_is_rung_and_the_oldest_gives_way() {
    let mut world = World::new();
    let places = [
        "198.51.100.21:5062",
        "198.51.100.22:5062",
        "198.51.100.23:5062",
        "198.51.100.24:5062",
        "198.51.100.25:5062",
        "198.51.100.26:5062",
    ];
    for (at, place) in places.into_iter().enumerate() {
        let mut phone = world.peer("phone", place);
        phone.call_id = format!("register-{at}");
        registered(&mut world, &mut phone, "");
    }
    assert_eq!(world.gateway.stats().registrations, 5);
    world.peer("newest", places[5]);
    world.ladder();
    world.dial("operator1");
    expect![[r#"
        00.000 switchboard: dial operator1 as L1
        00.000   media: open L1 on 20000
        00.000 newest ← INVITE sip:operator1@198.51.100.26:5062
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_phone_on_a_stream_is_rung_by_it_and_gone_with_it() {
    let mut world = World::new();
    let mut phone = world.tcp_peer("phone", AT);
    registered(&mut world, &mut phone, "");
    world.dial("operator1");
    let invite = world.last_request(&phone, "INVITE");
    phone.joins(&invite);
    let ok = phone.reply(&invite, 200, SDP);
    world.send(&mut phone, &ok);
    let flow = phone.flow;
    world.feed(Input::Closed { flow });
    world.dial("operator1");
    expect![[r#"
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 401 Unauthorized (1 REGISTER)
        00.000 phone → REGISTER sip:operator1@203.0.113.1
        00.000 phone ← 200 OK (2 REGISTER)
        00.000   phone of operator1: there
        00.000 switchboard: dial operator1 as L1
        00.000   media: open L1 on 20000
        00.000 phone ← INVITE sip:operator1@198.51.100.20:5062;transport=tcp
        00.000 phone → 200 OK (1 INVITE)
        00.000 phone ← ACK sip:phone@198.51.100.20:5062
        00.000   media: L1 Pcma with 192.0.2.10:40000 both ways
        00.000   L1 established
        00.000   phone of operator1: gone
        00.000 switchboard: dial operator1 as L2
        00.000   L2 ended: refused 480
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_phone_of_ours_may_call_a_line_with_its_password() {
    let mut world = World::new();
    let mut phone = world.peer("phone", AT);
    phone.user = "operator1".into();
    let invite = phone.invite();
    world.send(&mut phone, &invite);
    let ack = phone.ack_refusal();
    world.send(&mut phone, &ack);
    phone.remote_tag = None;
    let how = (Algorithm::Sha256, "operator1-secret", 1);
    let invite = with_password(&world, &mut phone, &invite, how);
    world.send(&mut phone, &invite);
    expect![[r#"
        00.000 phone → INVITE sip:100@203.0.113.1
        00.000 phone ← 401 Unauthorized (1 INVITE)
        00.000 phone → ACK sip:100@203.0.113.1
        00.000 phone → INVITE sip:100@203.0.113.1
        00.000   media: open L1 on 20000
        00.000 phone ← 100 Trying (2 INVITE)
        00.000   L1 offered: operator1 calls 100 by registered
    "#]]
    .assert_eq(&world.ladder());
}

#[test]
fn a_phone_cannot_call_as_somebody_else() {
    let mut world = World::new();
    let mut phone = world.peer("phone", AT);
    phone.user = "operator2".into();
    let invite = phone.invite();
    world.send(&mut phone, &invite);
    let how = (Algorithm::Sha256, "operator1-secret", 1);
    let invite = with_password(&world, &mut phone, &invite, how);
    world.send(&mut phone, &invite);
    expect![[r#"
        00.000 phone → INVITE sip:100@203.0.113.1
        00.000 phone ← 401 Unauthorized (1 INVITE)
        00.000 phone → INVITE sip:100@203.0.113.1
        00.000 phone ← 403 Forbidden (2 INVITE)
    "#]]
    .assert_eq(&world.ladder());
}
