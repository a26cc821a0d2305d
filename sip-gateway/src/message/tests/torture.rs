//! Torture messages after RFC 4475 and RFC 5118, and everyday ones, each with what we do.

use super::super::{Message, ParseFailure};

/// Lines of a text as they travel; `\x..` and `\u..` are Rust's.
pub(in crate::message) fn wire(text: &str) -> Vec<u8> {
    text.trim_start_matches('\n')
        .replace('\n', "\r\n")
        .into_bytes()
}

/// A plain request to change for a case.
const BASE: &str = "
OPTIONS sip:user@example.com SIP/2.0
Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bKbase
Max-Forwards: 70
From: <sip:caller@example.net>;tag=b4f6
To: <sip:user@example.com>
Call-ID: base.1@host1.example.com
CSeq: 63104 OPTIONS
Content-Length: 0

";

fn base(from: &str, to: &str) -> Vec<u8> {
    assert!(BASE.contains(from), "the base has no {from:?}");
    wire(&BASE.replacen(from, to, 1))
}

pub(in crate::message) const WSINV: &str = "
INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 10
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

0123456789";

pub(in crate::message) const INTMETH: &str = "
!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
To: \"BEL:\\\u{7} NUL:\\\u{0} DEL:\\\u{7f}\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u{440}\u{430}\u{431}\u{43e}\u{442}\u{430}\";tag=_token~1'+`*%!-.
Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{
CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
Max-Forwards: 255
extensionHeader-!.%*+_`'~:\u{fe0f}\u{43a}\u{438}\u{442}\u{430}\u{439}
Content-Length: 0

";

pub(in crate::message) const JSSIP_REGISTER: &str = "
REGISTER sip:liniya.example SIP/2.0
Via: SIP/2.0/WS 4ue1sm2nnn1t.invalid;branch=z9hG4bK6254431
Max-Forwards: 69
To: <sip:operator1@liniya.example>
From: <sip:operator1@liniya.example>;tag=v0c8s7cpqu
Call-ID: d9c0b8v2l1ai5o7o5rqk
CSeq: 2 REGISTER
Authorization: Digest algorithm=MD5, username=\"operator1\", realm=\"liniya\", nonce=\"1a2b\", uri=\"sip:liniya.example\", response=\"0f1e\", qop=auth, cnonce=\"oh\", nc=00000001
Contact: <sip:a7k1@4ue1sm2nnn1t.invalid;transport=ws>;+sip.ice;reg-id=1;+sip.instance=\"<urn:uuid:1d0c5a1e-0b2e-4c4e-9d38-6ad8a2fb9a1f>\";expires=600
Expires: 600
Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY
Supported: path,gruu,outbound
User-Agent: JsSIP 3.13.8
Content-Length: 0

";

pub(in crate::message) const BARESIP_INVITE: &str = "
INVITE sip:100@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:40123;branch=z9hG4bK5c0ffee5c0ffee55;rport
Contact: <sip:caller-0x55d0a2c3b1a0@127.0.0.1:40123>
Max-Forwards: 70
To: <sip:100@127.0.0.1>
From: \"\u{410}\u{43d}\u{43d}\u{430}\" <sip:caller@127.0.0.1>;tag=5a1cf3d2e4b60718
Call-ID: 8f3c2d1e0b9a8776
CSeq: 50432 INVITE
User-Agent: baresip v1.0.0 (x86_64/linux)
Allow: INVITE,ACK,BYE,CANCEL,OPTIONS,NOTIFY,SUBSCRIBE,INFO,MESSAGE,REFER
Supported: gruu,replaces,norefersub
Content-Type: application/sdp
Content-Length: 297

v=0
o=- 1234567890 9876543 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 41000 RTP/AVP 8 0 101
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=rtcp:41001
a=sendrecv
a=label:1
a=rtcp-rsize
a=ssrc:3141592653 cname:a@b
a=ptime:20
";

pub(in crate::message) const RESPONSE: &str = "
SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
From: <sip:service@example.com>;tag=s1
To: <sip:user@example.com>;tag=u1
Call-ID: response.1
CSeq: 35 INVITE
Contact: <sip:user@host198.example.com>
Content-Length: 0

";

fn reaction(bytes: &[u8]) -> String {
    match Message::parse_datagram(bytes) {
        Ok(message) => match message.status() {
            Some(status) => format!("ok {status} to {}", message.method()),
            None => format!("ok {}", message.method()),
        },
        Err(ParseFailure::Drop(defect)) => format!("drop: {defect}"),
        Err(ParseFailure::Reject(rejection)) => {
            format!("{}: {}", rejection.status, rejection.defect)
        }
    }
}

fn check(table: Vec<(&str, Vec<u8>, &str)>) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(name, bytes, expected)| (name, reaction(bytes), expected))
        .filter(|(_, got, expected)| got != **expected)
        .map(|(name, got, expected)| format!("{name}: {got}, expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn valid_messages_are_taken() {
    let long = format!("Call-ID: {}", "longvalue".repeat(60));
    let mut latin1 = base("To: <", "To: J\u{1}rgen <");
    latin1
        .iter_mut()
        .filter(|b| **b == 1)
        .for_each(|b| *b = 0xfc);
    let mut binary = base(
        "Content-Length: 0\n\n",
        "Content-Type: multipart/mixed;boundary=7a9c\nl: 6\n\n",
    );
    binary.extend([0xff, 0x00, 0x0d, 0x0a, 0x80, 0xfe]);
    check(vec![
        ("wsinv: white space everywhere", wire(WSINV), "ok INVITE"),
        ("intmeth: every character", wire(INTMETH), "ok !interesting-Method0123456789_*+`.%indeed'~"),
        ("esc01: escaped user", base("<sip:caller@", "<sip:sips%3Auser%40example.com@"), "ok OPTIONS"),
        ("escnull: escaped zero bytes", base("<sip:caller@", "<sip:null-%00-null@"), "ok OPTIONS"),
        (
            "esc02: a percent in a method is a percent",
            wire(&BASE.replace("OPTIONS", "RE%47IST%45R")),
            "ok RE%47IST%45R",
        ),
        ("lwsdisp: no space before <", base("From: <", "From: caller<"), "ok OPTIONS"),
        ("longreq: long values", base("Call-ID: base.1@host1.example.com", &long), "ok OPTIONS"),
        (
            "dblreq: a second request behind the first is not its body",
            [wire(BASE), wire(BASE)].concat(),
            "ok OPTIONS",
        ),
        (
            "semiuri: semicolon in the user part",
            base("sip:user@example.com SIP", "sip:user;par=u%40example.net@example.com SIP"),
            "ok OPTIONS",
        ),
        (
            "transports: odd and unknown ones",
            base(
                "Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bKbase",
                "Via: SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bKb\nVia: SIP/2.0/TLS t4.example.com;branch=x",
            ),
            "ok OPTIONS",
        ),
        ("mpart01: binary body", binary, "ok OPTIONS"),
        (
            "unreason: reason of odd characters",
            wire(&RESPONSE.replace("200 OK", "200 = 2**3 * 5**2 \u{43d}\u{43e} \u{441}\u{442}\u{43e}")),
            "ok 200 to INVITE",
        ),
        ("noreason: empty reason", wire(&RESPONSE.replace("200 OK", "100 ")), "ok 100 to INVITE"),
        ("no space behind the status", wire(&RESPONSE.replace("200 OK", "100")), "ok 100 to INVITE"),
        ("custom reason", wire(&RESPONSE.replace("200 OK", "486 \u{417}\u{430}\u{43d}\u{44f}\u{442}\u{43e}")), "ok 486 to INVITE"),
        (
            "unksm2: foreign schemes in From and To",
            base("To: <sip:user@example.com>", "To: isbn:2983792873"),
            "ok OPTIONS",
        ),
        ("zeromf: no hops left", base("Max-Forwards: 70", "Max-Forwards: 0"), "ok OPTIONS"),
        (
            "inv2543: no branch, no tag, no Max-Forwards",
            wire(&BASE.replace(";branch=z9hG4bKbase", "").replace(";tag=b4f6", "").replace("Max-Forwards: 70\n", "")),
            "ok OPTIONS",
        ),
        ("baddn: unquoted name, meaning clear", base("From: <", "From: Bell, Alexander <"), "ok OPTIONS"),
        ("trws: space at the end of the line", base(" SIP/2.0\n", " SIP/2.0  \n"), "ok OPTIONS"),
        ("ipv6 host", base("sip:user@example.com SIP", "sip:[2001:db8::10] SIP"), "ok OPTIONS"),
        ("ipv6 and port", base("sip:user@example.com SIP", "sip:[2001:db8::10]:5070 SIP"), "ok OPTIONS"),
        (
            "ipv6 in Via, received with brackets",
            base("host1.example.com;branch", "[2001:db8::9:1]:5062;received=[2001:db8::9:255];branch"),
            "ok OPTIONS",
        ),
        ("ipv4-mapped", base("@example.com>", "@[::ffff:192.0.2.10]>"), "ok OPTIONS"),
        ("three colons", base("@example.com>", "@[2001:db8:::192.0.2.1]>"), "ok OPTIONS"),
        ("JsSIP REGISTER", wire(JSSIP_REGISTER), "ok REGISTER"),
        ("baresip INVITE", wire(BARESIP_INVITE), "ok INVITE"),
        (
            "REFER with Replaces",
            wire(&BASE.replace("OPTIONS", "REFER").replace(
                "Content-Length: 0",
                "Refer-To: <sip:op@192.0.2.7?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>\nContent-Length: 0",
            )),
            "ok REFER",
        ),
        (
            "comma lists",
            base(
                "Max-Forwards: 70",
                "Route: <sip:a.example;lr>, \"x,y\" <sip:b.example;lr>,<sip:c,d@e.example>\nMax-Forwards: 70",
            ),
            "ok OPTIONS",
        ),
        ("latin-1 name", latin1, "ok OPTIONS"),
        ("no Content-Length", base("Content-Length: 0\n", ""), "ok OPTIONS"),
        ("unregister all", base("Content-Length: 0\n", "Contact: *\nExpires: 0\n"), "ok OPTIONS"),
        ("lone line feeds", BASE.trim_start().into(), "ok OPTIONS"),
        ("line ends before the message", [b"\r\n\r\n".to_vec(), wire(BASE)].concat(), "ok OPTIONS"),
        ("star codes and escapes", base("sip:user@example.com SIP", "sip:#31#a%20b@example.com SIP"), "ok OPTIONS"),
        ("telephone number", base("sip:user@example.com SIP", "tel:+7-495-123;phone-context=ru SIP"), "ok OPTIONS"),
        ("empty tag, as some CANCELs have it", base("To: <sip:user@example.com>", "To: <sip:user@example.com>;tag="), "ok OPTIONS"),
        ("space around the port", base("host1.example.com;", "host1.example.com: 5060 ;"), "ok OPTIONS"),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn invalid_requests_are_answered() {
    let many = "X: y\n".repeat(130) + "Content-Length: 0";
    let long = format!("X: {}\nContent-Length: 0", "y".repeat(9_000));
    let folded = format!(
        "X: y\n{}Content-Length: 0",
        format!(" {}\n", "z".repeat(1_000)).repeat(9)
    );
    check(vec![
        (
            "clerr: body too short",
            base("Content-Length: 0", "Content-Length: 9999"),
            "400: body shorter than Content-Length",
        ),
        (
            "ncl: negative length",
            base("Content-Length: 0", "Content-Length: -999"),
            "400: malformed Content-Length",
        ),
        (
            "signed length",
            base("Content-Length: 0", "Content-Length: +0"),
            "400: malformed Content-Length",
        ),
        (
            "mcl01: two lengths",
            base("Content-Length: 0", "Content-Length: 0\nl: 5"),
            "400: a header is repeated",
        ),
        (
            "scalar02: CSeq beyond 32 bits",
            base("63104", "36893488147419103232"),
            "400: malformed CSeq",
        ),
        (
            "CSeq of 2^31",
            base("63104", "2147483648"),
            "400: malformed CSeq",
        ),
        (
            "CSeq without a method",
            base("63104 OPTIONS", "63104"),
            "400: malformed CSeq",
        ),
        (
            "Max-Forwards beyond a byte",
            base("Max-Forwards: 70", "Max-Forwards: 300"),
            "400: malformed number",
        ),
        (
            "quotbal: open quote",
            base("To: <", "To: \"Mr. J. User <"),
            "400: malformed From or To",
        ),
        (
            "ltgtruri: brackets around the Request-URI",
            base("sip:user@example.com SIP", "<sip:user@example.com> SIP"),
            "400: malformed Request-URI",
        ),
        (
            "lwsruri: space in the Request-URI",
            base("sip:user@example.com SIP", "sip:user@example.com; lr SIP"),
            "400: malformed Request-URI",
        ),
        (
            "lwsstart: two spaces",
            base("OPTIONS sip", "OPTIONS  sip"),
            "400: malformed Request-URI",
        ),
        (
            "escruri: headers in the Request-URI",
            base(
                "sip:user@example.com SIP",
                "sip:user@example.com?Route=%3Csip:e%3E SIP",
            ),
            "400: malformed Request-URI",
        ),
        (
            "regbadct: ? without brackets",
            base(
                "Content-Length: 0",
                "Contact: sip:u@e.com?Route=%3Csip:e%3E\nContent-Length: 0",
            ),
            "400: malformed Contact, Route or Record-Route",
        ),
        (
            "badaspec: spaces inside brackets",
            base("<sip:user@example.com>", "< sip:user@example.com >"),
            "400: malformed From or To",
        ),
        (
            "badvers: SIP/7.0",
            base("SIP/2.0\n", "SIP/7.0\n"),
            "505: unsupported SIP version",
        ),
        (
            "mismatch01: CSeq of another method",
            base("63104 OPTIONS", "63104 INVITE"),
            "400: CSeq names another method",
        ),
        (
            "mismatch02: unknown method, CSeq of another",
            base("63104 OPTIONS", "63104 NEWMETHOD"),
            "400: CSeq names another method",
        ),
        (
            "insuf: no Call-ID",
            base("Call-ID: base.1@host1.example.com\n", ""),
            "400: a mandatory header is missing",
        ),
        (
            "insuf: no From",
            base("From: <sip:caller@example.net>;tag=b4f6\n", ""),
            "400: a mandatory header is missing",
        ),
        (
            "unkscm: unknown scheme",
            base(
                "sip:user@example.com SIP",
                "nobodyKnowsThisScheme:totallyopaquecontent SIP",
            ),
            "416: unsupported URI scheme",
        ),
        (
            "novelsc: atypical scheme",
            base(
                "sip:user@example.com SIP",
                "soap.beep://192.0.2.103:3002 SIP",
            ),
            "416: unsupported URI scheme",
        ),
        (
            "multi01: two CSeq",
            base("Content-Length: 0", "CSeq: 59 OPTIONS\nContent-Length: 0"),
            "400: a header is repeated",
        ),
        (
            "multi01: two Call-ID, one compact",
            base(
                "Content-Length: 0",
                "i: 98asdh@192.0.2.2\nContent-Length: 0",
            ),
            "400: a header is repeated",
        ),
        (
            "multi01: two From",
            base("Content-Length: 0", "f: <sip:x@y>;tag=1\nContent-Length: 0"),
            "400: a header is repeated",
        ),
        (
            "multi01: two To",
            base("Content-Length: 0", "To: <sip:x@y>\nContent-Length: 0"),
            "400: a header is repeated",
        ),
        (
            "two addresses in one From",
            base(
                "From: <sip:caller@example.net>;tag=b4f6",
                "From: <sip:a@b>, <sip:c@d>",
            ),
            "400: malformed From or To",
        ),
        (
            "ipv6 without brackets",
            base("sip:user@example.com SIP", "sip:2001:db8::10 SIP"),
            "400: malformed Request-URI",
        ),
        (
            "two at signs",
            base("sip:user@example.com SIP", "sip:user@a@example.com SIP"),
            "400: malformed Request-URI",
        ),
        (
            "port beyond 16 bits",
            base("@example.com SIP", "@example.com:70000 SIP"),
            "400: malformed Request-URI",
        ),
        (
            "a line without a colon",
            base("Max-Forwards: 70", "Max-Forwards 70"),
            "400: malformed header line",
        ),
        (
            "a carriage return inside a line",
            base("Max-Forwards: 70", "X: a\rb"),
            "400: malformed header line",
        ),
        (
            "no empty line",
            wire(BASE.trim_end()),
            "400: no empty line after the headers",
        ),
        (
            "too many headers",
            base("Content-Length: 0", &many),
            "400: too many headers",
        ),
        (
            "a header too long",
            base("Content-Length: 0", &long),
            "400: header line too long",
        ),
        (
            "a folded header too long",
            base("Content-Length: 0", &folded),
            "400: header line too long",
        ),
        (
            "Call-ID with a space",
            base("base.1@", "base 1@"),
            "400: malformed Call-ID",
        ),
        (
            "lower Via malformed",
            base("Max-Forwards: 70", "Via: nonsense"),
            "400: malformed Via",
        ),
    ]);
}

#[test]
fn what_cannot_be_answered_is_dropped() {
    let ack = BASE.replace("OPTIONS", "ACK");
    check(vec![
        (
            "keep-alive",
            b"\r\n\r\n".to_vec(),
            "drop: nothing but line ends",
        ),
        ("nothing", Vec::new(), "drop: nothing but line ends"),
        (
            "STUN",
            b"\x00\x01\x00\x00\x21\x12\xa4\x42".to_vec(),
            "drop: malformed first line",
        ),
        (
            "HTTP",
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
            "drop: malformed first line",
        ),
        (
            "too large",
            vec![b'x'; 16 * 1024 + 1],
            "drop: too many bytes",
        ),
        (
            "bigcode: status beyond 32 bits",
            wire(&RESPONSE.replace("200 OK", "4294967301 better")),
            "drop: malformed first line",
        ),
        (
            "status of 99",
            wire(&RESPONSE.replace("200 OK", "099 low")),
            "drop: malformed first line",
        ),
        (
            "status of 700",
            wire(&RESPONSE.replace("200 OK", "700 high")),
            "drop: malformed first line",
        ),
        (
            "scalarlg: response with a large CSeq",
            wire(&RESPONSE.replace("CSeq: 35", "CSeq: 9292394834772304023312")),
            "drop: malformed CSeq",
        ),
        (
            "response too short",
            wire(&RESPONSE.replace("Content-Length: 0", "Content-Length: 9")),
            "drop: body shorter than Content-Length",
        ),
        (
            "an ACK is never answered",
            wire(&ack.replace("CSeq: 63104", "CSeq: x")),
            "drop: malformed CSeq",
        ),
        (
            "no Via: nobody to answer",
            base(
                "Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bKbase\n",
                "",
            ),
            "drop: a mandatory header is missing",
        ),
        (
            "Via malformed: nobody to answer",
            base("SIP/2.0/UDP host1", "SIP/3.0/UDP host1"),
            "drop: malformed Via",
        ),
    ]);
}

#[test]
fn a_rejection_carries_what_finds_the_request_again() {
    let bytes = base("63104 OPTIONS", "63104 INVITE");
    let Err(ParseFailure::Reject(rejection)) = Message::parse(&bytes) else {
        panic!("taken")
    };
    let response = rejection.response("192.0.2.9:5070".parse().unwrap());
    expect_test::expect![[r#"
        SIP/2.0 400 Bad Request
        Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bKbase;received=192.0.2.9
        From: <sip:caller@example.net>;tag=b4f6
        To: <sip:user@example.com>;tag=d2f9f40e34eadfa8
        Call-ID: base.1@host1.example.com
        CSeq: 63104 INVITE
        Warning: 399 gateway "CSeq names another method"
        Content-Length: 0

    "#]]
    .assert_eq(
        &String::from_utf8(response.to_vec())
            .unwrap()
            .replace('\r', ""),
    );
    assert!(
        Message::parse(&response).is_ok(),
        "our own answer can be read"
    );
}

#[test]
fn white_space_and_folding_leave_the_values() {
    let message = Message::parse(&wire(WSINV)).unwrap();
    assert_eq!(message.to().tag(), Some("1918181833n"));
    assert_eq!(message.from().display.as_deref(), Some("J Rosenberg \\\""));
    assert_eq!(message.from().tag(), Some("98asjd8"));
    assert_eq!(message.cseq().0, 9);
    assert_eq!(message.max_forwards(), Some(68));
    assert_eq!(message.headers("Via").count(), 3);
    assert_eq!(message.top_via().unwrap().branch(), Some("390skdjuw"));
    assert_eq!(message.header("Subject"), Some(""));
    assert_eq!(
        message.header("newfangledheader"),
        Some("newfangled value continued newfangled value")
    );
    let contact = &message.contacts()[0];
    assert_eq!(contact.display.as_deref(), Some("Quoted string \"\""));
    assert_eq!(
        (contact.params.get("q"), contact.params.get("secondparam")),
        (Some("0.33"), Some(""))
    );
    assert!(message.routes()[0].uri.params().has("lr"));
    assert_eq!(message.body, "0123456789");
}

#[test]
fn odd_characters_leave_the_values() {
    let message = Message::parse(&wire(INTMETH)).unwrap();
    let uri = message.uri().unwrap();
    assert_eq!(
        uri.user(),
        Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*")
    );
    assert_eq!(
        message.to().display.as_deref(),
        Some("BEL:\u{7} NUL:\u{0} DEL:\u{7f}")
    );
    assert_eq!(
        message
            .from()
            .params
            .unquoted("fromparam''~+*_!.-%")
            .unwrap()
            .chars()
            .count(),
        6
    );
    assert_eq!(
        message.top_via().unwrap().branch(),
        Some("z9hG4bK-.!%66*_+`'~")
    );
}

#[test]
fn everyday_messages_leave_the_values() {
    let message = Message::parse(&wire(JSSIP_REGISTER)).unwrap();
    let contact = &message.contacts()[0];
    assert_eq!(
        contact.params.unquoted("+sip.instance").as_deref(),
        Some("<urn:uuid:1d0c5a1e-0b2e-4c4e-9d38-6ad8a2fb9a1f>")
    );
    assert_eq!(contact.params.get("expires"), Some("600"));
    assert_eq!(message.expires(), Some(600));
    assert!(message.has_token("supported", "Outbound"));

    let message = Message::parse(&wire(BARESIP_INVITE)).unwrap();
    assert_eq!(message.media_type().as_deref(), Some("application/sdp"));
    assert_eq!(message.body.len(), 297);
    assert_eq!(
        message.from().display.as_deref(),
        Some("\u{410}\u{43d}\u{43d}\u{430}")
    );

    let lists = base(
        "Max-Forwards: 70",
        "Route: <sip:a.example;lr>, \"x,y\" <sip:b.example;lr>,<sip:c,d@e.example>\nMax-Forwards: 70",
    );
    let routes = Message::parse(&lists).unwrap().routes();
    assert_eq!(routes.len(), 3);
    assert_eq!(routes[1].display.as_deref(), Some("x,y"));
    assert_eq!(routes[2].uri.user(), Some("c,d"));
}
