//! What must hold for every input.

use std::net::SocketAddr;

use proptest::prelude::*;

use super::super::{
    Frame, Framer, Message, Method, NameAddr, Params, ParseFailure, Peek, RequestHead, Uri, Via,
};
use super::torture::{BARESIP_INVITE, INTMETH, JSSIP_REGISTER, RESPONSE, WSINV, wire};

/// A sound message with a few bytes replaced, cut or doubled: close enough to get deep.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let seeds = [BARESIP_INVITE, JSSIP_REGISTER, WSINV, INTMETH, RESPONSE]
        .map(wire)
        .to_vec();
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(b"\r\n\t \"<>;:,=@?[]\\%0".to_vec())
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, byte), 0..6);
    (prop::sample::select(seeds), edits).prop_map(|(mut bytes, edits)| {
        for (at, what, byte) in edits {
            let at = at
                .index(bytes.len().max(1))
                .min(bytes.len().saturating_sub(1));
            match what {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ => bytes.truncate(bytes.len().max(40) - at % 40),
            }
        }
        bytes
    })
}

fn survive(bytes: &[u8]) {
    let peek = Peek::parse(bytes);
    match Message::parse(bytes) {
        Ok(message) => {
            let written = message.to_bytes();
            let again = Message::parse(&written).expect("what we wrote can be read");
            assert_eq!(again.to_bytes(), written, "writing is stable");
            assert_eq!(again, message);
            if let Some(peek) = peek {
                assert_eq!(peek.is_request, message.is_request());
                assert_eq!(peek.call_id, message.call_id());
                assert_eq!(
                    (peek.cseq, peek.method),
                    (message.cseq().0, message.method().as_str())
                );
                assert_eq!(Some(peek.branch), message.top_via().unwrap().branch());
            }
            let answer = Message::response(&message, 200, "", Some("t"));
            assert!(Message::parse(&answer.to_bytes()).is_ok());
        }
        Err(ParseFailure::Reject(rejection)) => {
            let response = rejection.response("192.0.2.1:5060".parse().unwrap());
            assert!(response.starts_with(b"SIP/2.0 "));
            assert_eq!(response.windows(4).filter(|w| w == b"\r\n\r\n").count(), 1);
        }
        Err(ParseFailure::Drop(_)) => {}
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        survive(&bytes);
    }

    #[test]
    fn damaged_messages_never_panic_and_what_is_read_is_stable(bytes in damaged()) {
        survive(&bytes);
    }

    #[test]
    fn pieces_never_panic_and_round_trip(text in "[ -~\\t\u{400}-\u{440}]{0,60}") {
        let text = text.as_str();
        for text in [text.to_owned(), format!("sip:{text}"), format!("<sip:a@b>{text}")] {
            if let Ok(uri) = Uri::parse(&text) {
                prop_assert_eq!(Uri::parse(&uri.to_string()), Ok(uri.clone()));
                prop_assert!(uri.is_equivalent(&uri));
            }
            if let Ok(address) = NameAddr::parse(&text) {
                prop_assert_eq!(NameAddr::parse(&address.to_string()), Ok(address));
            }
            if let Ok(params) = Params::parse(&text) {
                prop_assert_eq!(Params::parse(&params.to_string()), Ok(params));
            }
        }
        if let Ok(via) = Via::parse(&format!("SIP/2.0/UDP {text}")) {
            prop_assert_eq!(Via::parse(&via.to_string()), Ok(via));
        }
    }

    #[test]
    fn a_stream_is_cut_the_same_however_it_arrives(
        cuts in prop::collection::vec(1..400_usize, 0..20),
        order in prop::collection::vec(0..4_usize, 1..6),
    ) {
        let parts = [wire(BARESIP_INVITE), wire(RESPONSE), wire(JSSIP_REGISTER), b"\r\n\r\n".to_vec()];
        let stream: Vec<u8> = order.iter().flat_map(|o| parts[*o].clone()).collect();
        let mut framer = Framer::new();
        let mut frames = Vec::new();
        let mut rest = stream.as_slice();
        for cut in cuts.into_iter().chain([usize::MAX]) {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            framer.push(now);
            rest = later;
            while let Some(frame) = framer.next_frame() {
                frames.push(frame.unwrap());
            }
        }
        let expected: Vec<Frame> = order
            .iter()
            .map(|o| if *o == 3 { Frame::Ping } else { Frame::Message(parts[*o].clone().into()) })
            .collect();
        prop_assert_eq!(frames, expected);
    }

    #[test]
    fn a_framer_never_panics_and_never_hoards(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut framer = Framer::new();
        framer.push(&bytes);
        for _ in 0..1_000 {
            if !matches!(framer.next_frame(), Some(Ok(_))) {
                break;
            }
        }
    }

    #[test]
    fn values_of_ours_cannot_smuggle_headers(value in "[a-z\r\n: ]{0,40}") {
        let uri = Uri::sip(Some(&value), "192.0.2.1:5060".parse::<SocketAddr>().unwrap());
        let head = RequestHead {
            from: NameAddr::new(uri.clone()).with_display(&value).with_tag("a"),
            to: NameAddr::new(uri.clone()),
            call_id: "c".to_owned(),
            cseq: 1,
        };
        let mut message = Message::request(Method::Options, uri, head);
        message.push_via(Via::new("UDP", "192.0.2.2:5060".parse().unwrap(), "z9hG4bKx"));
        message.push("Subject", value.as_str());
        message.push("X-Other", value.as_str());
        let again = Message::parse(&message.to_bytes()).unwrap();
        prop_assert_eq!(again.all_headers().iter().count(), message.all_headers().iter().count());
    }
}
