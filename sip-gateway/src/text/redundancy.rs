//! One packet's payload: new text and, before it, the text of packets sent earlier (RFC 2198 §3 as
//! RFC 4103 §4 uses it).

/// Generations of earlier text that we read at most; more are ignored.
pub const GENERATIONS_MAX: usize = 8;

/// Length of a block at most: 10 bits (RFC 2198 §3).
pub const BLOCK_MAX: usize = 1_023;

/// Age of a block at most, in clock ticks: 14 bits (RFC 2198 §3).
const AGE_MAX: u32 = 16_383;

/// The blocks of a payload, oldest first; the last is the new text. Any may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Blocks {
    /// Text in UTF-8, as bytes.
    pub blocks: Vec<Vec<u8>>,
}

/// A block that was sent before and is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// RTP time at which it was new.
    pub timestamp: u32,
    /// Its text.
    pub octets: Vec<u8>,
}

/// Reads a payload of type `red` whose blocks are all of type `text`; none if it is malformed or
/// carries something else.
#[must_use]
pub fn read(payload: &[u8], text: u8) -> Option<Blocks> {
    let mut rest = payload;
    let mut lengths = Vec::new();
    loop {
        let (&first, tail) = rest.split_first()?;
        if first & 0x7F != text {
            return None;
        }
        if first & 0x80 == 0 {
            rest = tail;
            break;
        }
        let (header, tail) = tail.split_at_checked(3)?;
        let [_, high, low] = *header else { return None };
        lengths.push(usize::from(u16::from_be_bytes([high, low]) & 0x03FF));
        if lengths.len() > GENERATIONS_MAX {
            return None;
        }
        rest = tail;
    }
    let mut blocks = Vec::with_capacity(lengths.len() + 1);
    for length in lengths {
        let (block, tail) = rest.split_at_checked(length)?;
        blocks.push(block.to_vec());
        rest = tail;
    }
    blocks.push(rest.to_vec());
    Some(Blocks { blocks })
}

/// Writes a payload: earlier blocks, oldest first, then the new text. Blocks too old or too long for
/// their header are left out; the generations that follow keep their order.
#[must_use]
pub fn write(text: u8, now: u32, earlier: &[Earlier], new: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(earlier.len() * 4 + 1);
    let mut body = Vec::new();
    for block in earlier {
        let age = now.wrapping_sub(block.timestamp).min(AGE_MAX);
        let octets: &[u8] = if block.octets.len() > BLOCK_MAX {
            &[]
        } else {
            &block.octets
        };
        let length = u32::try_from(octets.len()).unwrap_or(0);
        let [_, high, middle, low] = (age << 10 | length).to_be_bytes();
        header.extend([0x80 | (text & 0x7F), high, middle, low]);
        body.extend_from_slice(octets);
    }
    header.push(text & 0x7F);
    header.extend(body);
    header.extend_from_slice(new);
    header
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_rfc() {
        // RFC 4103 §5.1's shape: two generations of `t140` (98), 300 and 600 ticks old.
        let earlier = [
            Earlier {
                timestamp: 400,
                octets: b"a".to_vec(),
            },
            Earlier {
                timestamp: 700,
                octets: "я".as_bytes().to_vec(),
            },
        ];
        let payload = write(98, 1_000, &earlier, b"b");
        let expected = [
            0xE2, 0x09, 0x60, 0x01, 0xE2, 0x04, 0xB0, 0x02, 0x62, b'a', 0xD1, 0x8F, b'b',
        ];
        assert_eq!(payload, expected);
    }

    #[test]
    fn what_is_cut_off_or_of_another_type_is_refused() {
        for bad in [
            &[][..],
            &[0xE2],
            &[0xE2, 0, 0],
            &[0xE2, 0, 0, 5],
            &[0xE2, 0, 0, 5, 0x62, b'a'],
            &[0x63, b'a'],
            &[0xE2, 0, 0, 0, 0x63],
        ] {
            assert_eq!(read(bad, 98), None, "{bad:02x?}");
        }
        let endless = [0xE2, 0, 0, 0].repeat(GENERATIONS_MAX + 1);
        assert_eq!(read(&endless, 98), None);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            earlier in prop::collection::vec((0_u32..10_000, prop::collection::vec(any::<u8>(), 0..40)), 0..4),
            new in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let earlier: Vec<Earlier> = earlier.into_iter().map(|(timestamp, octets)| Earlier { timestamp, octets }).collect();
            let blocks = read(&write(98, 10_000, &earlier, &new), 98).unwrap().blocks;
            let mut expected: Vec<Vec<u8>> = earlier.into_iter().map(|b| b.octets).collect();
            expected.push(new);
            prop_assert_eq!(blocks, expected);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, 98);
        }
    }
}
