//! The few SIP messages that the load consists of, as text. Independent of the product's own reader.

use std::fmt::Write as _;

/// Where the server listens.
pub(crate) const SERVER: &str = "127.0.0.1:5060";

/// A header's value, by its long name.
pub(crate) fn header<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        .find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
}

/// The status of a response; none for a request.
pub(crate) fn status(message: &str) -> Option<u16> {
    message.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
}

/// The method of a request, or the one a response answers.
pub(crate) fn method(message: &str) -> &str {
    header(message, "CSeq")
        .and_then(|v| v.split(' ').nth(1))
        .unwrap_or_default()
}

/// The URI of Contact.
pub(crate) fn contact(message: &str) -> String {
    let value = header(message, "Contact").unwrap_or_default();
    let inner = value
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(value, |(uri, _)| uri).to_owned()
}

/// The audio port of the session description.
pub(crate) fn audio_port(message: &str) -> Option<u16> {
    let (_, rest) = message.split_once("m=audio ")?;
    rest.split(' ').next()?.parse().ok()
}

pub(crate) fn description(port: u16) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
         a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
    )
}

/// One side's view of a dialog.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dialog {
    pub(crate) call_id: String,
    /// From and To of requests that this side sends.
    pub(crate) local: String,
    pub(crate) remote: String,
    /// Where requests go.
    pub(crate) target: String,
    pub(crate) cseq: u32,
    /// This side's port.
    pub(crate) port: u16,
}

impl Dialog {
    /// A request of this side; `cseq` is used as it stands.
    pub(crate) fn request(&self, method: &str, body: Option<(&str, &str)>) -> String {
        let Self {
            call_id,
            local,
            remote,
            target,
            cseq,
            port,
        } = self;
        // An ACK of a 2xx is a transaction of its own, so every branch is new.
        let mut text = format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{call_id}{method}{cseq};rport\r\n\
             Max-Forwards: 70\r\nFrom: {local}\r\nTo: {remote}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:load@127.0.0.1:{port}>\r\n"
        );
        finish(&mut text, body);
        text
    }
}

/// A response to a request, with a tag for To where it has none.
pub(crate) fn response(request: &str, code: u16, tag: &str, body: Option<(&str, u16)>) -> String {
    let reason = match code {
        180 => "Ringing",
        200 => "OK",
        486 => "Busy Here",
        487 => "Request Terminated",
        _ => "Answer",
    };
    let mut text = format!("SIP/2.0 {code} {reason}\r\n");
    for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
        let value = header(request, name).unwrap_or_default();
        let tagged = name == "To" && !value.contains("tag=");
        let _ = write!(text, "{name}: {value}");
        text.push_str(&if tagged {
            format!(";tag={tag}\r\n")
        } else {
            "\r\n".to_owned()
        });
    }
    if let Some((contact, port)) = body {
        let _ = write!(text, "Contact: <{contact}>\r\n");
        finish(&mut text, Some(("application/sdp", &description(port))));
    } else {
        finish(&mut text, None);
    }
    text
}

fn finish(text: &mut String, body: Option<(&str, &str)>) {
    if let Some((kind, body)) = body {
        let _ = write!(
            text,
            "Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    } else {
        text.push_str("Content-Length: 0\r\n\r\n");
    }
}
