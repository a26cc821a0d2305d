//! G.711: A-law and µ-law as tables, and the tables between them (ITU-T G.711, G.191 §9).

use crate::boundary::{Codec, EncodedPrompt};

/// A-law silence: the smallest positive level.
pub const ALAW_SILENCE: u8 = 0xD5;
/// µ-law silence: positive zero.
pub const ULAW_SILENCE: u8 = 0xFF;

static ALAW_TO_LINEAR: [i16; 256] = linear_table(true);
static ULAW_TO_LINEAR: [i16; 256] = linear_table(false);
static ALAW_TO_ULAW: [u8; 256] = cross_table(true);
static ULAW_TO_ALAW: [u8; 256] = cross_table(false);

/// The octet of silence in a law.
#[must_use]
pub const fn silence(codec: Codec) -> u8 {
    match codec {
        Codec::Pcma => ALAW_SILENCE,
        Codec::Pcmu => ULAW_SILENCE,
    }
}

/// One octet to a 16-bit sample.
#[must_use]
pub fn decode(codec: Codec, octet: u8) -> i16 {
    let table = match codec {
        Codec::Pcma => &ALAW_TO_LINEAR,
        Codec::Pcmu => &ULAW_TO_LINEAR,
    };
    table.get(usize::from(octet)).copied().unwrap_or(0)
}

/// One 16-bit sample to the octet whose decision interval it lies in.
#[must_use]
pub const fn encode(codec: Codec, sample: i16) -> u8 {
    match codec {
        Codec::Pcma => linear_to_alaw(sample),
        Codec::Pcmu => linear_to_ulaw(sample),
    }
}

/// Rewrites octets of one law in the other, in place.
pub fn transcode(from: Codec, to: Codec, octets: &mut [u8]) {
    let table = match (from, to) {
        (Codec::Pcma, Codec::Pcmu) => &ALAW_TO_ULAW,
        (Codec::Pcmu, Codec::Pcma) => &ULAW_TO_ALAW,
        (Codec::Pcma, Codec::Pcma) | (Codec::Pcmu, Codec::Pcmu) => return,
    };
    for octet in octets {
        *octet = table.get(usize::from(*octet)).copied().unwrap_or(*octet);
    }
}

/// Encodes 8 kHz samples once, in both laws, for every leg that will play them.
#[must_use]
pub fn encode_prompt(samples: &[i16]) -> EncodedPrompt {
    EncodedPrompt {
        alaw: samples.iter().map(|s| linear_to_alaw(*s)).collect(),
        ulaw: samples.iter().map(|s| linear_to_ulaw(*s)).collect(),
    }
}

const fn alaw_to_linear(octet: u8) -> i16 {
    let a = octet ^ 0x55;
    let mantissa = (a & 0x0F) as i16;
    let segment = (a >> 4) & 0x07;
    let magnitude = match segment {
        0 => (mantissa << 4) + 8,
        _ => ((mantissa << 4) + 0x108) << (segment - 1),
    };
    if a & 0x80 == 0 { -magnitude } else { magnitude }
}

const fn ulaw_to_linear(octet: u8) -> i16 {
    let u = !octet;
    let mantissa = (u & 0x0F) as i16;
    let segment = (u >> 4) & 0x07;
    let magnitude = (((mantissa << 3) + 0x84) << segment) - 0x84;
    if u & 0x80 == 0 { magnitude } else { -magnitude }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most 12 bits are shifted down to 7 first"
)]
const fn linear_to_alaw(sample: i16) -> u8 {
    // One's complement for the negative side, as G.191 does: 12 bits of magnitude.
    let mut magnitude = if sample < 0 {
        !sample >> 4
    } else {
        sample >> 4
    };
    if magnitude > 15 {
        let mut exponent = 1;
        while magnitude > 31 {
            magnitude >>= 1;
            exponent += 1;
        }
        magnitude = (magnitude - 16) + (exponent << 4);
    }
    let sign = if sample < 0 { 0 } else { 0x80 };
    (magnitude as u8 | sign) ^ 0x55
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "segment and mantissa are masked to 7 bits"
)]
const fn linear_to_ulaw(sample: i16) -> u8 {
    // 13 bits of magnitude plus the bias 33, one's complement for the negative side (G.191).
    let magnitude = if sample < 0 {
        !sample >> 2
    } else {
        sample >> 2
    } + 33;
    let magnitude = if magnitude > 0x1FFF {
        0x1FFF
    } else {
        magnitude
    };
    let mut segment = 0;
    while (magnitude >> 6) >> segment != 0 {
        segment += 1;
    }
    let mantissa = (magnitude >> (segment + 1)) & 0x0F;
    let sign: u8 = if sample < 0 { 0x80 } else { 0 };
    !(((segment << 4) as u8) | mantissa as u8 | sign)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "evaluated at compile time; a table index below 256 is an octet"
)]
const fn linear_table(alaw: bool) -> [i16; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = if alaw {
            alaw_to_linear(i as u8)
        } else {
            ulaw_to_linear(i as u8)
        };
        i += 1;
    }
    table
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "evaluated at compile time; a table index below 256 is an octet"
)]
const fn cross_table(from_alaw: bool) -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = if from_alaw {
            linear_to_ulaw(alaw_to_linear(i as u8))
        } else {
            linear_to_alaw(ulaw_to_linear(i as u8))
        };
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAWS: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

    /// G.711 tables 1a and 2a as a formula in whole numbers, written down without shifts.
    fn level(codec: Codec, octet: u8) -> i32 {
        match codec {
            Codec::Pcma => {
                let bits = octet ^ 0b0101_0101;
                let (segment, step) = (i32::from(bits / 16 % 8), i32::from(bits % 16));
                let magnitude = if segment == 0 {
                    (2 * step + 1) * 8
                } else {
                    (2 * step + 33) * 8 * 2_i32.pow(u32::try_from(segment).unwrap() - 1)
                };
                if bits >= 128 { magnitude } else { -magnitude }
            }
            Codec::Pcmu => {
                let bits = 255 - octet;
                let (segment, step) = (u32::from(bits / 16 % 8), i32::from(bits % 16));
                let magnitude = ((2 * step + 33) * 2_i32.pow(segment) - 33) * 4;
                if bits >= 128 { -magnitude } else { magnitude }
            }
        }
    }

    #[test]
    fn every_octet_decodes_to_its_level() {
        for codec in LAWS {
            for octet in 0..=255 {
                assert_eq!(i32::from(decode(codec, octet)), level(codec, octet));
            }
        }
    }

    /// Half the width of an octet's decision interval (G.711 tables 1a and 2a, column 3).
    fn half_step(codec: Codec, octet: u8) -> i32 {
        match codec {
            Codec::Pcma => 8 << ((octet ^ 0x55) / 16 % 8).saturating_sub(1),
            Codec::Pcmu => 4 << ((255 - octet) / 16 % 8),
        }
    }

    #[test]
    fn every_sample_encodes_to_the_level_of_its_interval() {
        for codec in LAWS {
            let loudest = level(codec, encode(codec, i16::MAX));
            let mut before = i32::MIN;
            for sample in i16::MIN..=i16::MAX {
                let octet = encode(codec, sample);
                let ours = level(codec, octet);
                let inside = (ours - i32::from(sample)).abs() <= half_step(codec, octet);
                let clipped = ours.abs() == loudest && ours.abs() < i32::from(sample).abs();
                assert!(inside || clipped, "{codec:?} {sample} became {ours}");
                assert!(ours >= before, "{codec:?} {sample} goes back");
                before = ours;
            }
        }
    }

    #[test]
    fn known_values_and_silence() {
        assert_eq!(encode(Codec::Pcma, 0), ALAW_SILENCE);
        assert_eq!(encode(Codec::Pcmu, 0), ULAW_SILENCE);
        assert_eq!(decode(Codec::Pcmu, 0x00), -32_124);
        assert_eq!(decode(Codec::Pcmu, 0x80), 32_124);
        assert_eq!(decode(Codec::Pcma, 0xAA), 32_256);
        assert_eq!(decode(Codec::Pcma, 0x2A), -32_256);
    }

    #[test]
    fn a_level_survives_its_own_law() {
        for codec in LAWS {
            for octet in 0..=255_u8 {
                let again = encode(codec, decode(codec, octet));
                // µ-law has two zeros; negative zero becomes positive zero.
                let same = again == octet || (codec == Codec::Pcmu && octet == 0x7F);
                assert!(same, "{codec:?} {octet:#x} became {again:#x}");
            }
        }
    }

    #[test]
    fn transcoding_keeps_the_nearest_level_and_silence() {
        let mut octets: Vec<u8> = (0..=255).collect();
        transcode(Codec::Pcma, Codec::Pcmu, &mut octets);
        for (alaw, ulaw) in (0..=255).zip(&octets) {
            assert_eq!(*ulaw, encode(Codec::Pcmu, decode(Codec::Pcma, alaw)));
        }
        let mut hush = [ULAW_SILENCE];
        transcode(Codec::Pcmu, Codec::Pcma, &mut hush);
        assert_eq!(hush, [ALAW_SILENCE]);
        let mut same = [1, 2, 3];
        transcode(Codec::Pcma, Codec::Pcma, &mut same);
        assert_eq!(same, [1, 2, 3]);
    }

    #[test]
    fn a_prompt_is_encoded_in_both_laws() {
        let prompt = encode_prompt(&[0, 1000, -1000]);
        assert_eq!(prompt.alaw.len(), 3);
        assert_eq!(decode(Codec::Pcma, prompt.alaw[1]), 1008);
        assert_eq!(decode(Codec::Pcmu, prompt.ulaw[2]), -988);
    }
}
