//! Bytes to [`Message`] (RFC 3261 §7, §25; robust as RFC 4475 and RFC 5118 ask).

use std::borrow::Cow;

use bytes::Bytes;
use rsip::Headers;

use super::failure::{Defect, ParseFailure, Rejection};
use super::text::{decode, is_token_byte, number, split, trim};
use super::{
    MAX_CSEQ, MAX_DATAGRAM_BYTES, MAX_HEADERS, MAX_LINE_BYTES, MAX_STREAM_BYTES, Message, Method,
    NameAddr, Scheme, StartLine, Uri, Via, header,
};

/// Headers that may stand once (RFC 3261 §7.3.1) and decide what happens to the message.
const SINGLE: [&str; 6] = [
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Content-Length",
    "Max-Forwards",
];

impl Message {
    /// Reads a message: a datagram's payload, or what the [`super::Framer`] cut out of a stream.
    ///
    /// Header bytes that are no UTF-8 are read as Latin-1; the body is kept byte for byte and ends
    /// where Content-Length says, or with the bytes if there is none.
    ///
    /// # Errors
    /// [`ParseFailure`] says whether to answer or to drop.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseFailure> {
        if bytes.len() > MAX_STREAM_BYTES {
            return Err(ParseFailure::Drop(Defect::TooLarge));
        }
        let mut reader = Reader::default();
        match reader.read(bytes) {
            Ok(message) => Ok(message),
            Err(defect) => Err(reader.fail(defect)),
        }
    }

    /// [`Message::parse`] with the limit of a datagram.
    ///
    /// # Errors
    /// As [`Message::parse`], and [`Defect::TooLarge`] above [`MAX_DATAGRAM_BYTES`].
    pub fn parse_datagram(bytes: &[u8]) -> Result<Self, ParseFailure> {
        if bytes.len() > MAX_DATAGRAM_BYTES {
            return Err(ParseFailure::Drop(Defect::TooLarge));
        }
        Self::parse(bytes)
    }
}

/// What has been read so far: enough to answer, whatever is wrong with the rest.
#[derive(Default)]
struct Reader {
    /// The method, once it is clear that this is a request.
    request: Option<String>,
    headers: Vec<(String, String)>,
}

impl Reader {
    fn read(&mut self, bytes: &[u8]) -> Result<Message, Defect> {
        let mut lines = Lines { rest: bytes };
        let first = loop {
            match lines.next_line() {
                Some([]) => {}
                Some(line) => break line,
                None if lines.rest.is_empty() => return Err(Defect::KeepAlive),
                None => return Err(Defect::StartLine),
            }
        };
        let start = self.start_line(first);
        if let Err(Defect::StartLine) = start {
            return Err(Defect::StartLine);
        }
        // The headers are read even behind a bad request line: the answer needs them.
        self.header_lines(&mut lines)?;
        let start = start?;
        self.check_repeated()?;
        self.assemble(start, lines.rest)
    }

    fn start_line(&mut self, line: &[u8]) -> Result<StartLine, Defect> {
        let text = decode(line.trim_ascii_end());
        if let Some(rest) = strip_prefix_no_case(&text, "SIP/") {
            let (version, rest) = rest.split_once(' ').ok_or(Defect::StartLine)?;
            let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
            let code = number(code, 699)
                .filter(|_| code.len() == 3)
                .ok_or(Defect::StartLine)?;
            let code = u16::try_from(code).map_err(|_| Defect::StartLine)?;
            if version != "2.0" || code < 100 {
                return Err(Defect::StartLine);
            }
            let reason = trim(reason).to_owned();
            return Ok(StartLine::Status { code, reason });
        }
        let (method, rest) = text.split_once(' ').ok_or(Defect::StartLine)?;
        let method = Method::parse(method).ok_or(Defect::StartLine)?;
        let (uri, version) = rest.rsplit_once(' ').ok_or(Defect::StartLine)?;
        let version = strip_prefix_no_case(version, "SIP/").ok_or(Defect::StartLine)?;
        self.request = Some(method.as_str().to_owned());
        if version != "2.0" {
            return Err(Defect::Version);
        }
        let uri = Uri::parse(uri).map_err(|_| Defect::RequestUri)?;
        if matches!(uri.scheme(), Scheme::Other(_)) {
            return Err(Defect::Scheme);
        }
        if uri.headers().is_some() {
            return Err(Defect::RequestUri);
        }
        Ok(StartLine::Request { method, uri })
    }

    fn header_lines(&mut self, lines: &mut Lines<'_>) -> Result<(), Defect> {
        loop {
            let line = lines.next_line().ok_or(Defect::HeadUnfinished)?;
            if line.is_empty() {
                return Ok(());
            }
            let (name, value) = split_header(line)?;
            let mut value = Cow::Borrowed(value);
            while let Some(more) = lines.next_continuation() {
                let joined = value.to_mut();
                joined.push(b' ');
                joined.extend_from_slice(more.trim_ascii());
                if joined.len() > MAX_LINE_BYTES {
                    return Err(Defect::LineTooLong);
                }
            }
            if line.len() > MAX_LINE_BYTES {
                return Err(Defect::LineTooLong);
            }
            let value = decode(value.trim_ascii());
            if value.contains('\r') {
                return Err(Defect::HeaderLine);
            }
            self.take(header::expand(name), &value)?;
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Defect> {
        if header::is_list(name) {
            for piece in split(value, b',', true).filter(|p| !p.is_empty()) {
                self.headers.push((name.to_owned(), piece.to_owned()));
            }
        } else {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        if self.headers.len() > MAX_HEADERS {
            return Err(Defect::TooManyHeaders);
        }
        Ok(())
    }

    fn values(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let wanted = move |entry: &&(String, String)| entry.0.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .filter(wanted)
            .map(|(_, value)| value.as_str())
    }

    fn one(&self, name: &'static str) -> Result<&str, Defect> {
        self.values(name).next().ok_or(Defect::Missing)
    }

    fn check_repeated(&self) -> Result<(), Defect> {
        if SINGLE.iter().any(|name| self.values(name).nth(1).is_some()) {
            return Err(Defect::Repeated);
        }
        Ok(())
    }

    fn assemble(&mut self, start: StartLine, rest: &[u8]) -> Result<Message, Defect> {
        let via = Via::parse(self.one("Via")?).map_err(|_| Defect::Via)?;
        for lower in self.values("Via").skip(1) {
            Via::parse(lower).map_err(|_| Defect::Via)?;
        }
        let from = NameAddr::parse(self.one("From")?).map_err(|_| Defect::Address)?;
        let to = NameAddr::parse(self.one("To")?).map_err(|_| Defect::Address)?;
        let call_id = self.one("Call-ID")?;
        if call_id.is_empty() || call_id.contains([' ', '\t']) {
            return Err(Defect::CallId);
        }
        let (cseq, method) = parse_cseq(self.one("CSeq")?)?;
        if let StartLine::Request { method: asked, .. } = &start
            && *asked != method
        {
            return Err(Defect::MethodMismatch);
        }
        self.check_numbers()?;
        self.check_addresses()?;
        let body = self.body(rest)?;
        let call_id = call_id.to_owned();
        let mut headers = Vec::with_capacity(self.headers.len() + 2);
        for (name, value) in std::mem::take(&mut self.headers) {
            if !name.eq_ignore_ascii_case("Content-Length") {
                headers.push(header::make(&name, value));
            }
        }
        Ok(Message {
            start,
            body,
            headers: Headers::from(headers),
            from,
            to,
            call_id,
            cseq,
            method,
            via: Some(via),
        })
    }

    fn check_numbers(&self) -> Result<(), Defect> {
        if let Some(hops) = self.values("Max-Forwards").next() {
            number(hops, 255).ok_or(Defect::Number)?;
        }
        Ok(())
    }

    fn check_addresses(&self) -> Result<(), Defect> {
        for name in ["Contact", "Route", "Record-Route"] {
            for value in self.values(name) {
                if !(value == "*" && name == "Contact") {
                    NameAddr::parse(value).map_err(|_| Defect::Route)?;
                }
            }
        }
        Ok(())
    }

    fn body(&self, rest: &[u8]) -> Result<Bytes, Defect> {
        let Some(length) = self.values("Content-Length").next() else {
            return Ok(Bytes::copy_from_slice(rest));
        };
        let length = number(length, u32::MAX).ok_or(Defect::ContentLength)?;
        let length = usize::try_from(length).map_err(|_| Defect::ContentLength)?;
        rest.get(..length)
            .map(Bytes::copy_from_slice)
            .ok_or(Defect::BodyTooShort)
    }

    fn fail(self, defect: Defect) -> ParseFailure {
        let answerable = self
            .request
            .as_deref()
            .is_some_and(|method| method != "ACK");
        let via = self.one("Via").ok().and_then(|via| Via::parse(via).ok());
        let (true, Some(top_via)) = (answerable, via) else {
            return ParseFailure::Drop(defect);
        };
        let mut echoed: Vec<_> = self
            .values("Via")
            .skip(1)
            .map(|via| ("Via".to_owned(), via.to_owned()))
            .collect();
        for name in ["From", "To", "Call-ID", "CSeq"] {
            if let Ok(value) = self.one(name) {
                echoed.push((name.to_owned(), value.to_owned()));
            }
        }
        let status = match defect {
            Defect::Version => 505,
            Defect::Scheme => 416,
            Defect::KeepAlive
            | Defect::TooLarge
            | Defect::StartLine
            | Defect::RequestUri
            | Defect::LineTooLong
            | Defect::TooManyHeaders
            | Defect::HeaderLine
            | Defect::HeadUnfinished
            | Defect::Missing
            | Defect::Repeated
            | Defect::Via
            | Defect::Address
            | Defect::Route
            | Defect::CallId
            | Defect::CSeq
            | Defect::MethodMismatch
            | Defect::Number
            | Defect::ContentLength
            | Defect::BodyTooShort => 400,
        };
        ParseFailure::Reject(Box::new(Rejection {
            status,
            defect,
            top_via,
            echoed,
        }))
    }
}

/// `4711 INVITE`, the number up to 2³¹ − 1 (RFC 3261 §8.1.1.5).
fn parse_cseq(text: &str) -> Result<(u32, Method), Defect> {
    let (seq, method) = text.split_once([' ', '\t']).ok_or(Defect::CSeq)?;
    let seq = number(seq, MAX_CSEQ).ok_or(Defect::CSeq)?;
    let method = Method::parse(trim(method)).ok_or(Defect::CSeq)?;
    Ok((seq, method))
}

/// Name and value of a header line; white space before the colon is allowed (RFC 3261 §7.3.1).
pub(super) fn split_header(line: &[u8]) -> Result<(&str, &[u8]), Defect> {
    let colon = line
        .iter()
        .position(|b| *b == b':')
        .ok_or(Defect::HeaderLine)?;
    let (name, value) = line.split_at_checked(colon).ok_or(Defect::HeaderLine)?;
    let name = name.trim_ascii_end();
    if name.is_empty() || !name.iter().all(|b| is_token_byte(*b)) {
        return Err(Defect::HeaderLine);
    }
    let name = std::str::from_utf8(name).map_err(|_| Defect::HeaderLine)?;
    Ok((name, value.get(1..).unwrap_or_default()))
}

fn strip_prefix_no_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

/// Lines ended by CRLF, or by a lone LF from careless senders.
pub(super) struct Lines<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Lines<'a> {
    /// The next line without its end; none if no line ends any more.
    pub(super) fn next_line(&mut self) -> Option<&'a [u8]> {
        let at = self.rest.iter().position(|b| *b == b'\n')?;
        let (line, tail) = self.rest.split_at_checked(at)?;
        self.rest = tail.get(1..)?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The next line if it continues the one before (RFC 3261 §7.3.1).
    pub(super) fn next_continuation(&mut self) -> Option<&'a [u8]> {
        match self.rest.first() {
            Some(b' ' | b'\t') => self.next_line(),
            _ => None,
        }
    }
}
