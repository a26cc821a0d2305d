//! Offers of real phones and what becomes of them.

use std::net::SocketAddr;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::boundary::Codec;

fn ours() -> LocalMedia {
    LocalMedia::new("10.0.0.1:20000".parse().unwrap(), 77)
}

fn read(text: &str) -> SessionDescription {
    SessionDescription::parse(text.trim_start().as_bytes()).unwrap()
}

/// A one-stream offer from 192.0.2.7 with these lines behind the usual head.
fn phone(lines: &str) -> SessionDescription {
    read(&format!(
        "v=0\no=- 1 1 IN IP4 192.0.2.7\ns=-\nc=IN IP4 192.0.2.7\nt=0 0\n{lines}"
    ))
}

fn summary(offer: &SessionDescription) -> String {
    match answer(offer, &ours()) {
        Ok((answer, agreed)) => {
            let format = agreed
                .audio
                .map_or("no audio".to_owned(), |format| describe(&format));
            let sections: Vec<String> = answer
                .media
                .iter()
                .map(|m| {
                    let direction = m.direction.map_or("", Direction::as_str);
                    format!("{} {} {} {direction}", m.kind, m.port, m.formats.join(","))
                })
                .collect();
            format!("{format} | {}", sections.join(" + "))
        }
        Err(error) => error.to_string(),
    }
}

fn describe(format: &crate::boundary::MediaFormat) -> String {
    let codec = match format.codec {
        Codec::Pcma => "PCMA",
        Codec::Pcmu => "PCMU",
    };
    let rtcp = format
        .remote_rtcp
        .map_or(String::new(), |a| format!(" rtcp {a}"));
    let dtmf = match (format.dtmf_send, format.dtmf_receive) {
        (Some(send), Some(receive)) => format!(" keys {send}/{receive}"),
        _ => String::new(),
    };
    let (send, receive) = (
        if format.send { "→" } else { "" },
        if format.receive { "←" } else { "" },
    );
    format!("{codec} {}{rtcp}{dtmf} {receive}{send}", format.remote)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn offers_and_what_becomes_of_them() {
    let table = [
        (
            "m=audio 4000 RTP/AVP 8 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15",
            "PCMA 192.0.2.7:4000 keys 101/101 ←→ | audio 20000 8,101 sendrecv",
        ),
        // The offerer's order counts.
        (
            "m=audio 4000 RTP/AVP 0 8",
            "PCMU 192.0.2.7:4000 ←→ | audio 20000 0 sendrecv",
        ),
        (
            "m=audio 4000 RTP/AVP 96 9 18 8\na=rtpmap:96 opus/48000/2",
            "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv",
        ),
        // The offerer's number of telephone-event is kept, only the 8000 Hz one fits.
        (
            "m=audio 4000 RTP/AVP 96 0 97 98\na=rtpmap:96 opus/48000/2\na=rtpmap:97 telephone-event/48000\na=rtpmap:98 TELEPHONE-EVENT/8000/1",
            "PCMU 192.0.2.7:4000 keys 98/98 ←→ | audio 20000 0,98 sendrecv",
        ),
        (
            "m=audio 4000 RTP/AVP 8\na=rtpmap:8 pcma/8000/1",
            "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv",
        ),
        // Hold, in every manner.
        (
            "m=audio 4000 RTP/AVP 8\na=sendonly",
            "PCMA 192.0.2.7:4000 ← | audio 20000 8 recvonly",
        ),
        (
            "m=audio 4000 RTP/AVP 8\na=recvonly",
            "PCMA 192.0.2.7:4000 → | audio 20000 8 sendonly",
        ),
        (
            "m=audio 4000 RTP/AVP 8\na=inactive",
            "PCMA 192.0.2.7:4000  | audio 20000 8 inactive",
        ),
        (
            "m=audio 4000 RTP/AVP 8\nc=IN IP4 0.0.0.0",
            "PCMA 0.0.0.0:4000 ← | audio 20000 8 recvonly",
        ),
        (
            "m=audio 4000 RTP/AVP 8\nc=IN IP4 0.0.0.0\na=inactive",
            "PCMA 0.0.0.0:4000  | audio 20000 8 inactive",
        ),
        (
            "a=sendonly\nm=audio 4000 RTP/AVP 8",
            "PCMA 192.0.2.7:4000 ← | audio 20000 8 recvonly",
        ),
        (
            "a=sendonly\nm=audio 4000 RTP/AVP 8\na=sendrecv",
            "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv",
        ),
        // Addresses.
        (
            "m=audio 4000 RTP/AVP 8\nc=IN IP4 192.0.2.8",
            "PCMA 192.0.2.8:4000 ←→ | audio 20000 8 sendrecv",
        ),
        (
            "m=audio 4000/2 RTP/AVP 8\na=rtcp:4001",
            "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv",
        ),
        (
            "m=audio 4000 RTP/AVP 8\na=rtcp:5555",
            "PCMA 192.0.2.7:4000 rtcp 192.0.2.7:5555 ←→ | audio 20000 8 sendrecv",
        ),
        (
            "m=audio 4000 RTP/AVP 8\na=rtcp:4001 IN IP4 192.0.2.9",
            "PCMA 192.0.2.7:4000 rtcp 192.0.2.9:4001 ←→ | audio 20000 8 sendrecv",
        ),
        (
            "m=audio 4000 RTP/AVP 8\nc=IN IP4 phone.example.com",
            "no audio stream",
        ),
        (
            "m=audio 4000 RTP/AVP 8\nc=IN IP6 2001:db8::1",
            "no audio stream",
        ),
        (
            "m=audio 4000 RTP/AVP 8\nc=IN IP4 224.2.1.1/127",
            "no audio stream",
        ),
        // Several sections: as many in the answer, one taken.
        (
            "m=video 5000 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 4000 RTP/AVP 8\nm=image 0 udptl t38",
            "PCMA 192.0.2.7:4000 ←→ | video 0 96  + audio 20000 8 sendrecv + image 0 t38 ",
        ),
        (
            "m=audio 4000 RTP/SAVP 8\nm=audio 4002 RTP/AVP 0",
            "PCMU 192.0.2.7:4002 ←→ | audio 0 8  + audio 20000 0 sendrecv",
        ),
        (
            "m=audio 4000 RTP/AVP 8\nm=audio 4002 RTP/AVP 0",
            "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv + audio 0 0 ",
        ),
        (
            "m=audio 4000 RTP/AVPF 8",
            "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv",
        ),
        // Nothing for us.
        ("m=audio 4000 RTP/AVP 18 9", "no common codec"),
        (
            "m=audio 4000 RTP/AVP 8\na=rtpmap:8 G722/8000",
            "no common codec",
        ),
        (
            "m=audio 4000 RTP/AVP 18\nm=video 5000 RTP/AVP 96",
            "no common codec",
        ),
        ("m=audio 0 RTP/AVP 8", "no audio stream"),
        ("m=video 5000 RTP/AVP 96", "no audio stream"),
        ("m=audio 4000 UDP/TLS/RTP/SAVPF 8", "no audio stream"),
        ("", "no audio stream"),
    ];
    let wrong: Vec<String> = table
        .iter()
        .map(|(lines, expected)| (lines, summary(&phone(lines)), expected))
        .filter(|(_, got, expected)| got != *expected)
        .map(|(lines, got, expected)| format!("{lines}\n  got      {got}\n  expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_real_phones_forget_is_forgiven() {
    let bare = read("v=0\nm=audio 4000 RTP/AVP 8\nc=IN IP4 192.0.2.7");
    assert_eq!(
        summary(&bare),
        "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv"
    );
    let odd = read(
        "v=0\r\no=Ne-UA\r\ns=\r\nc=IN IP4 192.0.2.7 \r\nk=prompt\r\nm=audio 4000 RTP/AVP 8 \r\na=\r\na=rtpmap:\r\n\r\n",
    );
    assert_eq!(
        summary(&odd),
        "PCMA 192.0.2.7:4000 ←→ | audio 20000 8 sendrecv"
    );
    assert_eq!(
        summary(&read("v=0\nm=audio 4000 RTP/AVP 8")),
        "no audio stream",
        "no address at all"
    );
    assert!(SessionDescription::parse(b"v=0\ns=J\xfcrgen\nm=audio 1 RTP/AVP 8").is_ok());
}

#[test]
fn what_is_no_description_is_malformed() {
    let many = format!("v=0\n{}", "m=audio 4000 RTP/AVP 8\n".repeat(MAX_MEDIA + 1));
    let wide = format!(
        "v=0\nm=audio 4000 RTP/AVP{}",
        " 8".repeat(MAX_PAYLOAD_TYPES + 1)
    );
    let large = format!("v=0\ns={}", "x".repeat(MAX_SDP_BYTES));
    for text in [
        "",
        "v=1\nm=audio 4000 RTP/AVP 8",
        "m=audio 4000 RTP/AVP 8",
        "v=0\nm=audio",
        "v=0\nm=audio x RTP/AVP 8",
        "v=0\nm=audio 70000 RTP/AVP 8",
        "v=0\nc=192.0.2.1",
        "v=0\nc=IN IP5 192.0.2.1",
        "v=0\nnonsense",
        &many,
        &wide,
        &large,
    ] {
        assert_eq!(
            SessionDescription::parse(text.as_bytes()),
            Err(SdpError::Malformed),
            "{text:.40}"
        );
    }
}

#[test]
fn our_descriptions_read_well() {
    let check = |text: String, expected: Expect| expected.assert_eq(&text.replace('\r', ""));
    check(
        offer(&ours()).to_string(),
        expect![[r#"
            v=0
            o=- 77 1 IN IP4 10.0.0.1
            s=-
            c=IN IP4 10.0.0.1
            t=0 0
            m=audio 20000 RTP/AVP 8 0 101
            a=rtpmap:8 PCMA/8000
            a=rtpmap:0 PCMU/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-15
            a=ptime:20
            a=sendrecv
        "#]],
    );
    let six = LocalMedia::new("[2001:db8::1]:20000".parse().unwrap(), 78);
    let theirs = read(
        "v=0\nc=IN IP6 2001:db8::2\nm=video 9 RTP/AVP 96 97\nm=audio 4000 RTP/AVP 0 96\na=rtpmap:96 telephone-event/8000",
    );
    let (answered, agreed) = answer(&theirs, &six).unwrap();
    let format = agreed.audio.unwrap();
    assert_eq!(
        format.remote,
        "[2001:db8::2]:4000".parse::<SocketAddr>().unwrap()
    );
    check(
        answered.to_string(),
        expect![[r#"
            v=0
            o=- 78 1 IN IP6 2001:db8::1
            s=-
            c=IN IP6 2001:db8::1
            t=0 0
            m=video 0 RTP/AVP 96 97
            m=audio 20000 RTP/AVP 0 96
            a=rtpmap:0 PCMU/8000
            a=rtpmap:96 telephone-event/8000
            a=fmtp:96 0-15
            a=ptime:20
            a=sendrecv
        "#]],
    );
}

#[test]
fn answers_to_our_offer() {
    let table = [
        (
            "m=audio 4000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000",
            "PCMU 192.0.2.7:4000 keys 101/101 ←→",
        ),
        (
            "m=audio 4000 RTP/AVP 8 96\na=rtpmap:96 telephone-event/8000",
            "PCMA 192.0.2.7:4000 keys 96/101 ←→",
        ),
        (
            "m=audio 4000 RTP/AVP 8 0\na=recvonly",
            "PCMA 192.0.2.7:4000 →",
        ),
        ("m=audio 4000 RTP/AVP 8\na=inactive", "PCMA 192.0.2.7:4000 "),
        ("m=audio 0 RTP/AVP 8", "no audio stream"),
        ("m=audio 4000 RTP/AVP 18", "no common codec"),
        ("", "no audio stream"),
    ];
    for (lines, expected) in table {
        let got = accept_answer(&ours(), &phone(lines));
        assert_eq!(
            got.map_or_else(|e| e.to_string(), |f| describe(&f)),
            expected,
            "{lines}"
        );
    }
    let mut holding = ours();
    holding.direction = Direction::SendOnly;
    let format = accept_answer(&holding, &phone("m=audio 4000 RTP/AVP 8")).unwrap();
    assert!(format.send && !format.receive);
}

#[test]
fn the_version_grows_only_with_a_change() {
    let talk = phone("m=audio 4000 RTP/AVP 8");
    let hold = phone("m=audio 4000 RTP/AVP 8\na=sendonly");
    let (first, _) = answer(&talk, &ours()).unwrap();
    let same = answer(&talk, &ours()).unwrap().0.succeeding(Some(&first));
    assert_eq!(same, first);
    let held = answer(&hold, &ours()).unwrap().0.succeeding(Some(&same));
    assert_eq!(held.session_version, first.session_version + 1);
    let back = answer(&talk, &ours()).unwrap().0.succeeding(Some(&held));
    assert_eq!(
        (back.session_id, back.session_version),
        (77, first.session_version + 2)
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_writing_is_stable(
        head in "(v=0\n)?",
        lines in prop::collection::vec(
            prop_oneof![
                "[a-z]=[ -~]{0,30}",
                "m=(audio|video) [0-9]{1,5} (RTP/AVP|RTP/SAVP)( [0-9]{1,3}){0,5}",
                "c=IN IP[46] [0-9a-f:.]{1,15}",
                "a=(rtpmap|fmtp):[0-9]{1,3} (PCMA|telephone-event)/8000",
                "a=(sendonly|recvonly|inactive|rtcp:[0-9]{1,5}|ptime:[0-9]{1,3})",
            ],
            0..12,
        ),
    ) {
        let text = head + &lines.join("\n");
        if let Ok(session) = SessionDescription::parse(text.as_bytes()) {
            let again = SessionDescription::parse(&session.to_bytes()).unwrap();
            prop_assert_eq!(again.to_bytes(), session.to_bytes());
            let written = answer(&session, &ours());
            if let Ok((written, _)) = written {
                prop_assert_eq!(written.media.len(), session.media.len());
                prop_assert_eq!(SessionDescription::parse(&written.to_bytes()).unwrap(), written);
            }
            let _ = accept_answer(&ours(), &session);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = SessionDescription::parse(&bytes);
    }
}

/// Text offered beside audio, alone, without redundancy, and where we have no port for it.
#[test]
fn text_is_taken_where_it_can_be_talked() {
    let t140 = "a=rtpmap:98 t140/1000\na=rtpmap:100 red/1000\na=fmtp:100 98/98/98\n";
    let with = LocalMedia {
        text: Some("192.0.2.1:20010".parse().unwrap()),
        ..ours()
    };
    let taken = |lines: &str, ours: &LocalMedia| match answer(&phone(lines), ours) {
        Ok((answer, agreed)) => {
            let audio = if agreed.audio.is_some() {
                "audio"
            } else {
                "no audio"
            };
            let text = agreed.text.map_or("no text".to_owned(), |t| {
                format!(
                    "text {} red {:?} cps {} to {}",
                    t.text, t.red, t.cps, t.remote
                )
            });
            let sections: Vec<String> = answer
                .media
                .iter()
                .map(|m| format!("{} {} {}", m.kind, m.port, m.formats.join(",")))
                .collect();
            format!("{audio}, {text} | {}", sections.join(" + "))
        }
        Err(error) => error.to_string(),
    };
    let audio = "m=audio 4000 RTP/AVP 8\n";
    let text = format!("m=text 4002 RTP/AVP 100 98\n{t140}");
    assert_eq!(
        taken(&format!("{audio}{text}"), &with),
        "audio, text 98 red Some(100) cps 30 to 192.0.2.7:4002 | audio 20000 8 + text 20010 100,98"
    );
    assert_eq!(
        taken(&text, &with),
        "no audio, text 98 red Some(100) cps 30 to 192.0.2.7:4002 | text 20010 100,98"
    );
    assert_eq!(
        taken(
            "m=text 4002 RTP/AVP 98\na=rtpmap:98 T140/1000\na=fmtp:98 cps=20\n",
            &with
        ),
        "no audio, text 98 red None cps 20 to 192.0.2.7:4002 | text 20010 98"
    );
    assert_eq!(
        taken(&format!("{audio}{text}"), &ours()),
        "audio, no text | audio 20000 8 + text 0 100,98"
    );
    assert_eq!(taken(&text, &ours()), "no audio stream");
    for declined in [
        "m=text 0 RTP/AVP 98\na=rtpmap:98 t140/1000\n",
        "m=text 4002 TCP/MSRP *\n",
        "m=text 4002 RTP/AVP 98\na=rtpmap:98 t140/8000\n",
        "m=text 4002 RTP/AVP 98\n",
    ] {
        assert_eq!(taken(declined, &with), "no audio stream", "{declined}");
    }
}
