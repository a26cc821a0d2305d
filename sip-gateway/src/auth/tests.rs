//! The RFCs' own examples, and an attacker's attempts.

use super::*;
use crate::message::{Method, NameAddr, RequestHead, Uri};

const SECRET: [u8; 32] = [7; 32];

fn at(ms: u64) -> Timestamp {
    Timestamp(1_700_000_000_000_000).plus_ms(ms)
}

fn request(authorization: Option<&str>) -> Message {
    let uri = Uri::parse("sip:liniya.example").unwrap();
    let head = RequestHead {
        from: NameAddr::new(uri.clone()).with_tag("f"),
        to: NameAddr::new(uri.clone()),
        call_id: "c".to_owned(),
        cseq: 1,
    };
    let mut message = Message::request(Method::Register, uri, head);
    if let Some(value) = authorization {
        message.push("Authorization", value);
    }
    message
}

fn accounts(user: &str) -> Option<&'static str> {
    match user {
        "operator1" => Some("secret"),
        "оператор \"2\"" => Some("пароль\\"),
        _ => None,
    }
}

/// What a phone with this login answers, the count-th time, to the challenge.
fn phone(challenge: &str, user: &str, password: &str, count: u32) -> String {
    let challenge = Challenge::parse(challenge).unwrap();
    let use_of = NonceUse {
        cnonce: "0a4f113b",
        count,
    };
    challenge.answer(
        &Login { user, password },
        "REGISTER",
        "sip:liniya.example",
        &use_of,
    )
}

fn gate() -> Authenticator {
    Authenticator::new("liniya".to_owned(), SECRET)
}

fn judge(gate: &mut Authenticator, now: Timestamp, value: &str) -> Verdict {
    gate.check(now, &request(Some(value)), accounts)
}

#[test]
fn rfc_2617_section_3_5() {
    let credentials = Credentials::parse(
        "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", \
         nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, \
         nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\", \
         opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
    )
    .unwrap();
    assert_eq!(
        credentials.expected("GET", "Circle Of Life"),
        credentials.response
    );
}

#[test]
fn rfc_7616_section_3_9_1() {
    for (algorithm, response) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        let value = format!(
            "Digest username=\"Mufasa\",realm=\"http-auth@example.org\",uri=\"/dir/index.html\",\
             algorithm={algorithm},nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\",\
             nc=00000001,cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\",qop=auth,\
             response=\"{response}\",opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        let credentials = Credentials::parse(&value).unwrap();
        assert_eq!(
            credentials.expected("GET", "Circle of Life"),
            response,
            "{algorithm}"
        );
    }
}

#[test]
fn rfc_2069_form_without_qop() {
    let credentials = Credentials::parse(
        "Digest username=\"bob\", realm=\"biloxi.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
         uri=\"sip:bob@biloxi.com\", response=\"bf57e4e0d0bffc0fbaedce64d59add5e\"",
    )
    .unwrap();
    assert_eq!(
        credentials.expected("INVITE", "zanzibar"),
        credentials.response
    );
}

#[test]
fn rfc_4231_case_2_in_spirit() {
    // RFC 4231 §4.3 has a shorter key; zeros up to the block are the same key.
    let mut key = [0; 32];
    key[..4].copy_from_slice(b"Jefe");
    assert_eq!(
        to_hex(&hmac_sha256(&key, b"what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn the_preferred_challenge_comes_first() {
    let [first, second] = gate().challenges(at(0), true);
    assert!(
        first.contains("algorithm=SHA-256, qop=\"auth\", stale=true"),
        "{first}"
    );
    assert!(second.contains("algorithm=MD5,"), "{second}");
    assert_eq!(
        Challenge::parse(&first).unwrap().nonce,
        Challenge::parse(&second).unwrap().nonce
    );
}

#[test]
fn a_phone_gets_in_with_either_digest() {
    let mut gate = gate();
    assert_eq!(
        gate.check(at(0), &request(None), accounts),
        Verdict::Missing
    );
    for (count, challenge) in (1..).zip(gate.challenges(at(0), false)) {
        let value = phone(&challenge, "operator1", "secret", count);
        let user = "operator1".to_owned();
        assert_eq!(
            judge(&mut gate, at(40), &value),
            Verdict::Authenticated { user }
        );
    }
    let [challenge, _] = gate.challenges(at(0), false);
    let value = phone(&challenge, "оператор \"2\"", "пароль\\", 1);
    let user = "оператор \"2\"".to_owned();
    assert_eq!(
        judge(&mut gate, at(40), &value),
        Verdict::Authenticated { user }
    );
}

#[test]
fn a_count_serves_once_in_any_order() {
    let mut gate = gate();
    let [challenge, _] = gate.challenges(at(0), false);
    let mut verdict = |count| {
        judge(
            &mut gate,
            at(10),
            &phone(&challenge, "operator1", "secret", count),
        )
    };
    let entered = Verdict::Authenticated {
        user: "operator1".to_owned(),
    };
    assert_eq!(verdict(3), entered);
    assert_eq!(verdict(3), Verdict::Stale, "replayed");
    assert_eq!(verdict(1), entered, "overtaken");
    assert_eq!(verdict(1), Verdict::Stale);
    assert_eq!(verdict(0), Verdict::Stale, "counts begin at 1");
    assert_eq!(verdict(u32::MAX), entered);
    assert_eq!(verdict(4), Verdict::Stale, "far behind");
}

#[test]
fn a_nonce_grows_old() {
    let mut gate = gate();
    let [challenge, _] = gate.challenges(at(0), false);
    let value = phone(&challenge, "operator1", "secret", 1);
    let fresh = judge(&mut gate, at(NONCE_LIFE.0 - 1), &value);
    assert!(matches!(fresh, Verdict::Authenticated { .. }));
    let value = phone(&challenge, "operator1", "secret", 2);
    assert_eq!(
        judge(&mut gate, at(NONCE_LIFE.0 + 1), &value),
        Verdict::Stale
    );
    assert!(gate.used.is_empty(), "nothing of it is kept");
    let [future, _] = gate.challenges(at(10_000_000), false);
    let value = phone(&future, "operator1", "secret", 1);
    assert_eq!(
        judge(&mut gate, at(0), &value),
        Verdict::Stale,
        "not from the future"
    );
}

#[test]
fn a_stranger_and_a_wrong_password_look_alike() {
    let mut gate = gate();
    let [challenge, _] = gate.challenges(at(0), false);
    let stranger = phone(&challenge, "operator9", "secret", 1);
    let guess = phone(&challenge, "operator1", "guess", 1);
    let default = phone(&challenge, "operator9", "nobody has this password", 1);
    for value in [stranger, guess, default] {
        assert_eq!(judge(&mut gate, at(10), &value), Verdict::Wrong);
    }
    assert!(gate.used.is_empty(), "strangers cost no memory");
}

#[test]
fn forged_and_malformed_credentials_are_wrong() {
    let mut gate = gate();
    let [challenge, _] = gate.challenges(at(0), false);
    let good = phone(&challenge, "operator1", "secret", 1);
    let nonce = Challenge::parse(&challenge).unwrap().nonce;
    let other_secret = Authenticator::new("liniya".to_owned(), [8; 32]).challenges(at(0), false);
    for value in [
        phone(&other_secret[0], "operator1", "secret", 1),
        phone(&challenge.replace(&nonce, "abc"), "operator1", "secret", 1),
        phone(&challenge.replace(&nonce, "ü"), "operator1", "secret", 1),
        good.replace("nc=00000001", "nc=00000002"),
        good.replace("nc=00000001", "nc=x"),
        good.replace("qop=auth", "qop=auth-int"),
        good.replace("algorithm=SHA-256", "algorithm=SHA-512-256"),
        good.replace("response=\"", "response=\"0"),
        good.replace("cnonce=\"0a4f113b\", ", ""),
        good.replace("uri=", "uri=\"x\", uri="),
        "Digest username=\"operator1".to_owned(),
        "Basic b3BlcmF0b3IxOnNlY3JldA==".to_owned(),
        format!("{good}, x=\"{}\"", "y".repeat(MAX_AUTHORIZATION_BYTES)),
    ] {
        assert_eq!(judge(&mut gate, at(10), &value), Verdict::Wrong, "{value}");
    }
    let elsewhere = good.replace("realm=\"liniya\"", "realm=\"elsewhere\"");
    assert_eq!(judge(&mut gate, at(10), &elsewhere), Verdict::Missing);
    let mut both = request(Some(&elsewhere));
    both.push("Authorization", good);
    assert!(matches!(
        gate.check(at(10), &both, accounts),
        Verdict::Authenticated { .. }
    ));
}

#[test]
fn secrets_are_never_printed() {
    let login = Login {
        user: "operator1",
        password: "secret",
    };
    assert!(!format!("{:?} {login:?}", gate()).contains("secret"));
}

proptest::proptest! {
    #[test]
    fn no_authorization_panics(value in "(Digest )?[ -~\u{410}-\u{420}]{0,80}") {
        judge(&mut gate(), at(0), &value);
        let _ = Challenge::parse(&value);
    }
}
