//! Whom a STUN request is for. Browsers' sessions share a port; the name in the request (RFC 8445
//! §7.2.2) tells them apart before anything is decrypted or looked up by address.

/// A STUN header (RFC 8489 §5).
const HEADER_LEN: usize = 20;
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];
const BINDING_REQUEST: [u8; 2] = [0, 1];
const USERNAME: [u8; 2] = [0, 6];

/// Our half of the name in a binding request; none for any other datagram.
#[must_use]
pub fn named(datagram: &[u8]) -> Option<&str> {
    let (header, mut rest) = datagram.split_at_checked(HEADER_LEN)?;
    if header.get(..2)? != BINDING_REQUEST || header.get(4..8)? != MAGIC_COOKIE {
        return None;
    }
    while let Some((head, body)) = rest.split_at_checked(4) {
        let len = usize::from(u16::from_be_bytes([*head.get(2)?, *head.get(3)?]));
        if head.get(..2)? == USERNAME {
            let name = std::str::from_utf8(body.get(..len)?).ok()?;
            return name.split_once(':').map(|(ours, _)| ours);
        }
        rest = body.get(len.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend(kind.to_be_bytes());
            body.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let len = u16::try_from(body.len()).unwrap().to_be_bytes();
        let mut request = [&[0, 1], &len[..], &MAGIC_COOKIE, &[7; 12]].concat();
        request.extend(body);
        request
    }

    #[test]
    fn our_half_of_the_name_is_found_behind_other_attributes() {
        let found = request(&[(0x0025, b""), (0x8022, b"odd"), (6, b"ours:theirs")]);
        assert_eq!(named(&found), Some("ours"));
        assert_eq!(named(&request(&[(0x0025, b"")])), None, "no name");
        assert_eq!(named(&request(&[(6, b"alone")])), None, "no other half");
        let mut response = found;
        response[0] = 1;
        assert_eq!(named(&response), None, "not a request");
    }

    proptest! {
        #[test]
        fn nothing_that_arrives_panics(datagram in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = named(&datagram);
            let mut request = request(&[]);
            request.extend(&datagram);
            let _ = named(&request);
        }
    }
}
