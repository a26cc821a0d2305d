//! The few words of a message that find its transaction, read without reading the rest.

use super::header;
use super::parse::{Lines, split_header};
use super::text::{number, split, trim};

/// Enough to match a transaction (RFC 3261 §17.1.3, §17.2.3), so that a retransmission never
/// reaches the full parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peek<'a> {
    /// Request or response.
    pub is_request: bool,
    /// The status of a response.
    pub status: Option<u16>,
    /// The branch of the topmost Via.
    pub branch: &'a str,
    /// `host` or `host:port` of the topmost Via, as written.
    pub sent_by: &'a str,
    /// The number of CSeq.
    pub cseq: u32,
    /// The method of CSeq.
    pub method: &'a str,
    /// Call-ID.
    pub call_id: &'a str,
}

impl<'a> Peek<'a> {
    /// Reads the first Via, Call-ID and CSeq; none if the message is unusual (folded lines, no
    /// branch, not UTF-8) or malformed: then the full parse decides.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut lines = Lines { rest: bytes };
        let first = std::str::from_utf8(lines.next_line()?).ok()?;
        let status = match first.strip_prefix("SIP/2.0 ") {
            Some(rest) => Some(u16::try_from(number(rest.get(..3)?, 699)?).ok()?),
            None => None,
        };
        if status.is_none() && !first.ends_with(" SIP/2.0") {
            return None;
        }
        let (mut via, mut cseq, mut call_id) = (None, None, None);
        while via.is_none() || cseq.is_none() || call_id.is_none() {
            let line = lines.next_line()?;
            let (name, value) = split_header(line).ok()?;
            let slot = match header::expand(name) {
                name if name.eq_ignore_ascii_case("Via") => &mut via,
                name if name.eq_ignore_ascii_case("CSeq") => &mut cseq,
                name if name.eq_ignore_ascii_case("Call-ID") => &mut call_id,
                _ => continue,
            };
            if slot.is_none() {
                if lines.next_continuation().is_some() {
                    return None;
                }
                *slot = Some(trim(std::str::from_utf8(value).ok()?));
            }
        }
        let (seq, method) = cseq?.split_once(' ')?;
        let (branch, sent_by) = top_via(via?)?;
        Some(Self {
            is_request: status.is_none(),
            status,
            branch,
            sent_by,
            cseq: number(seq, super::MAX_CSEQ)?,
            method: trim(method),
            call_id: call_id?,
        })
    }
}

fn top_via(text: &str) -> Option<(&str, &str)> {
    let first = split(text, b',', false).next()?;
    let mut pieces = split(first, b';', false);
    let (_, transport_and_host) = pieces.next()?.rsplit_once('/')?;
    let (_, sent_by) = trim(transport_and_host).split_once([' ', '\t'])?;
    let sent_by = trim(sent_by);
    if sent_by.contains([' ', '\t']) {
        return None;
    }
    let branch = pieces.find_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        trim(name)
            .eq_ignore_ascii_case("branch")
            .then(|| trim(value))
    })?;
    (!branch.is_empty()).then_some((branch, sent_by))
}

#[cfg(test)]
mod tests {
    use super::super::tests::torture::{BARESIP_INVITE, RESPONSE, WSINV, wire};
    use super::*;

    #[test]
    fn the_usual_is_seen_and_the_unusual_left_to_the_parser() {
        let bytes = wire(BARESIP_INVITE);
        assert_eq!(
            Peek::parse(&bytes),
            Some(Peek {
                is_request: true,
                status: None,
                branch: "z9hG4bK5c0ffee5c0ffee55",
                sent_by: "127.0.0.1:40123",
                cseq: 50432,
                method: "INVITE",
                call_id: "8f3c2d1e0b9a8776",
            })
        );
        let bytes = wire(RESPONSE);
        let peek = Peek::parse(&bytes).unwrap();
        assert_eq!(
            (peek.is_request, peek.status, peek.sent_by),
            (false, Some(200), "192.0.2.198")
        );
        assert_eq!(Peek::parse(&wire(WSINV)), None, "folded");
        assert_eq!(
            Peek::parse(&wire(&RESPONSE.replace(";branch=z9hG4bK1324923", ""))),
            None
        );
        assert_eq!(Peek::parse(b""), None);
    }
}
