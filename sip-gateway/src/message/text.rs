//! The smallest pieces of the grammar (RFC 3261 §25.1): tokens, white space, quotes, lists.

use std::borrow::Cow;

/// A character of a token.
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~'
        )
}

/// A non-empty token.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Without the spaces and tabs around it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Digits only, no sign, within `max`; leading zeros are fine (RFC 4475 §3.1.1.1).
pub(crate) fn number(text: &str, max: u32) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let text = text.trim_start_matches('0');
    if text.is_empty() {
        return Some(0);
    }
    text.parse().ok().filter(|n| *n <= max)
}

/// Bytes of a header as text: UTF-8 as RFC 3261 §7.3.1 wants, else Latin-1, which old phones send.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
    }
}

/// Splits at `separator` outside quoted strings and, if `angles`, outside `<…>`.
///
/// Pieces are trimmed. A quote that never closes swallows the rest: whoever parses the piece
/// finds it.
pub(crate) fn split(text: &str, separator: u8, angles: bool) -> Split<'_> {
    Split {
        rest: Some(text),
        separator,
        angles,
    }
}

/// See [`split`].
#[derive(Clone, Debug)]
pub(crate) struct Split<'a> {
    rest: Option<&'a str>,
    separator: u8,
    angles: bool,
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest.take()?;
        let (mut quoted, mut escaped, mut inside) = (false, false, false);
        for (at, byte) in text.bytes().enumerate() {
            if escaped {
                escaped = false;
            } else if quoted {
                match byte {
                    b'\\' => escaped = true,
                    b'"' => quoted = false,
                    _ => {}
                }
            } else if byte == self.separator && !inside {
                let (head, tail) = text.split_at_checked(at)?;
                self.rest = tail.get(1..);
                return Some(trim(head));
            } else {
                match byte {
                    b'"' if !inside => quoted = true,
                    b'<' if self.angles => inside = true,
                    b'>' if self.angles => inside = false,
                    _ => {}
                }
            }
        }
        Some(trim(text))
    }
}

/// The inside of a quoted string at the start of `text`, unescaped, and what follows the quote.
pub(crate) fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if escaped {
            value.push(c);
            escaped = false;
        } else {
            match c {
                '\\' => escaped = true,
                '"' => return Some((value, inside.get(at + 1..)?)),
                _ => value.push(c),
            }
        }
    }
    None
}

/// `value` as a quoted string.
pub(crate) fn quote(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// No line break can be smuggled into a message by a value of ours (header injection).
pub(crate) fn one_line(value: String) -> String {
    if value.contains(['\r', '\n']) {
        value.replace(['\r', '\n'], " ")
    } else {
        value
    }
}
