//! Ours against rsip's, on what both can read: where they disagree, one of us is wrong.

use proptest::prelude::*;
use rsip::headers::{ToTypedHeader, UntypedHeader};
use rsip::message::HeadersExt;

use super::super::{Host, Message};

/// The common subset: no folding, no compact names, no IPv6, no quoted parameters, known methods;
/// rsip writes `transport=tcp` back in capitals, so it comes so.
fn common() -> impl Strategy<Value = String> {
    let method = prop::sample::select(vec![
        "INVITE", "BYE", "OPTIONS", "REGISTER", "INFO", "UPDATE",
    ]);
    let user = "[a-z0-9][a-z0-9._-]{0,8}";
    let host = prop_oneof![
        "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){1,2}",
        "(1[0-9]|[1-9])\\.[0-9]\\.[1-9][0-9]\\.[0-9]"
    ];
    let name = "([A-Z][a-z]{1,8})?";
    let numbers = (
        1024..60_000_u16,
        0..2_000_000_000_u32,
        0..71_u32,
        0..4_000_u32,
    );
    (
        method,
        user,
        host,
        name,
        numbers,
        "[a-z0-9]{4,12}",
        "[ -~]{0,30}",
    )
        .prop_map(
            |(method, user, host, name, (port, cseq, hops, expires), tag, body)| {
                format!(
                    "{method} sip:{user}@{host}:{port} SIP/2.0\r\n\
                 Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{tag}\r\n\
                 Max-Forwards: {hops}\r\n\
                 From: {name} <sip:{user}@{host}>;tag={tag}\r\n\
                 To: <sip:{tag}@{host}:{port};transport=TCP>\r\n\
                 Call-ID: {tag}@{host}\r\n\
                 CSeq: {cseq} {method}\r\n\
                 Contact: <sip:{user}@{host}:{port}>\r\n\
                 Expires: {expires}\r\n\
                 X-{tag}: {user}\r\n\
                 Content-Type: application/dtmf-relay\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                    body.len()
                )
            },
        )
}

proptest! {
    #[test]
    fn ours_and_rsips_agree(text in common()) {
        let ours = Message::parse(text.as_bytes()).unwrap();
        let theirs = rsip::Request::try_from(text.as_bytes()).unwrap();

        prop_assert_eq!(ours.method().as_str(), theirs.method.to_string());
        prop_assert_eq!(ours.uri().unwrap().to_string(), theirs.uri.to_string());
        prop_assert_eq!(&ours.body[..], &theirs.body[..]);

        // Header by header, in order; Content-Length is not kept by us.
        let kept = |h: &&rsip::Header| !matches!(h, rsip::Header::ContentLength(_));
        let their_headers: Vec<_> = theirs.headers.iter().filter(kept).collect();
        prop_assert_eq!(ours.all_headers().iter().collect::<Vec<_>>(), their_headers);

        let via = theirs.via_header().unwrap().typed().unwrap();
        let our_via = ours.top_via().unwrap();
        prop_assert_eq!(our_via.branch().unwrap(), via.branch().unwrap().value());
        prop_assert_eq!(our_via.transport.as_str(), via.transport.to_string());
        prop_assert_eq!(our_via.sent_by(), via.uri.host_with_port.to_string());

        let from = theirs.from_header().unwrap().typed().unwrap();
        prop_assert_eq!(&ours.from().display, &from.display_name);
        prop_assert_eq!(ours.from().uri.to_string(), from.uri.to_string());
        prop_assert_eq!(ours.from().tag().unwrap(), from.tag().unwrap().value());

        let to = theirs.to_header().unwrap().typed().unwrap();
        prop_assert_eq!(ours.to().uri.to_string(), to.uri.to_string());
        let contact = theirs.contact_header().unwrap().typed().unwrap();
        prop_assert_eq!(ours.contacts()[0].uri.to_string(), contact.uri.to_string());

        prop_assert_eq!(ours.call_id(), theirs.call_id_header().unwrap().value());
        let cseq = theirs.cseq_header().unwrap().typed().unwrap();
        prop_assert_eq!(ours.cseq().0, cseq.seq);
        prop_assert_eq!(ours.max_forwards().unwrap(), theirs.max_forwards_header().unwrap().num().unwrap());
        prop_assert_eq!(ours.media_type().unwrap(), "application/dtmf-relay");
        prop_assert!(matches!(ours.from().uri.host(), Some(Host::Ip(_) | Host::Name(_))));
    }

    #[test]
    fn rsip_reads_what_we_write(text in common()) {
        let ours = Message::parse(text.as_bytes()).unwrap();
        let answer = Message::response(&ours, 486, "", Some("ours"));
        let theirs = rsip::Response::try_from(&answer.to_bytes()[..]).unwrap();
        prop_assert_eq!(&theirs.status_code, &rsip::StatusCode::BusyHere);
        let to = theirs.to_header().unwrap().typed().unwrap();
        prop_assert_eq!(to.tag().unwrap().value(), "ours");
    }
}
