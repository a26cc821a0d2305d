//! New requests and responses.

use bytes::Bytes;
use rsip::Headers;

use super::reason::default_reason;
use super::{Message, Method, NameAddr, StartLine, Uri, header};

/// What every request must have besides its first line and Via (RFC 3261 §8.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The caller, with a tag.
    pub from: NameAddr,
    /// The callee, with a tag inside a dialog.
    pub to: NameAddr,
    /// Call-ID.
    pub call_id: String,
    /// The number of CSeq, up to [`super::MAX_CSEQ`].
    pub cseq: u32,
}

impl Message {
    /// A request with From, To, Call-ID, CSeq and `Max-Forwards: 70`; its Via comes with
    /// [`Message::push_via`].
    #[must_use]
    pub fn request(method: Method, uri: Uri, head: RequestHead) -> Self {
        let headers = vec![
            header::make("Max-Forwards", "70".to_owned()),
            header::make("From", head.from.to_string()),
            header::make("To", head.to.to_string()),
            header::make("Call-ID", head.call_id.clone()),
            header::make("CSeq", format!("{} {method}", head.cseq)),
        ];
        Self {
            start: StartLine::Request {
                method: method.clone(),
                uri,
            },
            body: Bytes::new(),
            headers: Headers::from(headers),
            from: head.from,
            to: head.to,
            call_id: head.call_id,
            cseq: head.cseq,
            method,
            via: None,
        }
    }

    /// A response with Via, From, To, Call-ID and CSeq of the request, Timestamp in a 100, and
    /// Record-Route where it may make a dialog (RFC 3261 §8.2.6, §12.1.1).
    ///
    /// An empty `reason` becomes the usual one. `to_tag` is added unless To has a tag already or the
    /// status is 100.
    #[must_use]
    pub fn response(to: &Self, code: u16, reason: &str, to_tag: Option<&str>) -> Self {
        let to_addr = match to_tag {
            Some(tag) if code > 100 && to.to.tag().is_none() => to.to.clone().with_tag(tag),
            Some(_) | None => to.to.clone(),
        };
        let with_route = to.method.makes_dialog() && (101..300).contains(&code);
        let copied = |h: &&rsip::Header| {
            ["Via", "From", "To", "Call-ID", "CSeq"]
                .iter()
                .any(|name| header::is(h, name))
                || (with_route && header::is(h, "Record-Route"))
                || (code == 100 && header::is(h, "Timestamp"))
        };
        let with_tag = |h: &rsip::Header| {
            if header::is(h, "To") {
                header::make("To", to_addr.to_string())
            } else {
                h.clone()
            }
        };
        let headers: Vec<_> = to.headers.iter().filter(copied).map(with_tag).collect();
        let reason = if reason.is_empty() {
            default_reason(code)
        } else {
            reason
        };
        Self {
            start: StartLine::Status {
                code,
                reason: super::text::one_line(reason.to_owned()),
            },
            body: Bytes::new(),
            headers: Headers::from(headers),
            from: to.from.clone(),
            to: to_addr,
            call_id: to.call_id.clone(),
            cseq: to.cseq,
            method: to.method.clone(),
            via: to.via.clone(),
        }
    }

    /// The same message with a body of this type.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.set("Content-Type", content_type);
        self.body = body.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::Via;
    use super::super::tests::torture::{BARESIP_INVITE, wire};
    use super::*;

    fn check(message: &Message, expected: Expect) {
        let text = String::from_utf8(message.to_bytes().to_vec()).unwrap();
        expected.assert_eq(&text.replace('\r', ""));
    }

    #[test]
    fn a_request_of_ours() {
        let uri = Uri::parse("sip:op@192.0.2.7:5062;transport=tcp").unwrap();
        let ours = Uri::parse("sip:100@192.0.2.1").unwrap();
        let head = RequestHead {
            from: NameAddr::new(ours)
                .with_display("Лицензии \"лом\"")
                .with_tag("f1"),
            to: NameAddr::new(uri.clone()),
            call_id: "c1".to_owned(),
            cseq: 7,
        };
        let mut invite =
            Message::request(Method::Invite, uri, head).with_body("application/sdp", "v=0\r\n");
        invite.push_via(Via::new(
            "TCP",
            "192.0.2.1:5060".parse().unwrap(),
            "z9hG4bKa",
        ));
        invite.push("Contact", "<sip:192.0.2.1:5060;transport=tcp>");
        invite.push("Content-Length", "77");
        invite.set_cseq(8);
        check(
            &invite,
            expect![[r#"
            INVITE sip:op@192.0.2.7:5062;transport=tcp SIP/2.0
            Via: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKa;rport
            Max-Forwards: 70
            From: "Лицензии \"лом\"" <sip:100@192.0.2.1>;tag=f1
            To: <sip:op@192.0.2.7:5062;transport=tcp>
            Call-ID: c1
            CSeq: 8 INVITE
            Content-Type: application/sdp
            Contact: <sip:192.0.2.1:5060;transport=tcp>
            Content-Length: 5

            v=0
        "#]],
        );
    }

    #[test]
    fn responses_copy_what_they_must() {
        let text = BARESIP_INVITE.replacen("Contact:", "Record-Route: <sip:p1;lr>, <sip:p2;lr>\nTimestamp: 54\nVia: SIP/2.0/UDP below;branch=b\nContact:", 1);
        let mut invite = Message::parse(&wire(&text)).unwrap();
        invite.note_source("127.0.0.1:40123".parse().unwrap());
        check(
            &Message::response(&invite, 200, "", Some("ours")),
            expect![[r#"
                SIP/2.0 200 OK
                Via: SIP/2.0/UDP 127.0.0.1:40123;branch=z9hG4bK5c0ffee5c0ffee55;rport=40123;received=127.0.0.1
                Record-Route: <sip:p1;lr>
                Record-Route: <sip:p2;lr>
                Via: SIP/2.0/UDP below;branch=b
                To: <sip:100@127.0.0.1>;tag=ours
                From: "Анна" <sip:caller@127.0.0.1>;tag=5a1cf3d2e4b60718
                Call-ID: 8f3c2d1e0b9a8776
                CSeq: 50432 INVITE
                Content-Length: 0

            "#]],
        );
        check(
            &Message::response(&invite, 100, "", Some("ours")),
            expect![[r#"
                SIP/2.0 100 Trying
                Via: SIP/2.0/UDP 127.0.0.1:40123;branch=z9hG4bK5c0ffee5c0ffee55;rport=40123;received=127.0.0.1
                Timestamp: 54
                Via: SIP/2.0/UDP below;branch=b
                To: <sip:100@127.0.0.1>
                From: "Анна" <sip:caller@127.0.0.1>;tag=5a1cf3d2e4b60718
                Call-ID: 8f3c2d1e0b9a8776
                CSeq: 50432 INVITE
                Content-Length: 0

            "#]],
        );
        let busy = Message::response(&invite, 486, "Занято", Some("ours"));
        assert_eq!(busy.record_routes().len(), 0);
        assert!(
            busy.to_bytes()
                .starts_with("SIP/2.0 486 Занято\r\n".as_bytes())
        );
        let within = Message::response(&busy, 200, "", Some("another"));
        assert_eq!(within.to().tag(), Some("ours"), "a tag is never replaced");
    }

    #[test]
    fn headers_are_set_and_removed_but_the_kept_ones() {
        let mut invite = Message::parse(&wire(BARESIP_INVITE)).unwrap();
        invite.push("k", "timer");
        assert_eq!(invite.headers("Supported").count(), 2);
        invite.set("supported", "timer\r\nEvil: yes");
        assert_eq!(invite.header("Supported"), Some("timer  Evil: yes"));
        invite.remove("Supported");
        invite.remove("Call-ID");
        invite.set("Via", "nonsense");
        assert_eq!(
            (
                invite.header("Supported"),
                invite.header("Call-ID").is_some()
            ),
            (None, true)
        );
        assert!(Message::parse(&invite.to_bytes()).is_ok());
        assert_eq!(
            format!("{invite:?}"),
            "Message(50432 INVITE, 8f3c2d1e0b9a8776)"
        );
    }
}
