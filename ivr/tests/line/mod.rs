//! A telephone line for the tests that speak to the recognisers, and people who speak on it.

use std::path::Path;

use ivr::io::wav;

const SOUNDS: &str = "/usr/share/asterisk/sounds/ru";

/// A person's recording of Debian's asterisk-core-sounds-ru-wav.
pub(crate) fn recording(name: &str) -> Vec<i16> {
    let path = Path::new(SOUNDS).join(format!("{name}.wav"));
    wav::read_8k(&path).unwrap_or_else(|why| {
        panic!(
            "{}: {why}. Установите пакет Debian asterisk-core-sounds-ru-wav",
            path.display()
        )
    })
}

/// There and back through ITU-T G.711 A-law.
fn a_law(x: i16) -> i16 {
    let magnitude = (u32::from(x.unsigned_abs()) >> 3).min(4_095);
    let kept = if magnitude < 32 {
        (magnitude & !1) + 1
    } else {
        let shift = magnitude.ilog2() - 4;
        ((magnitude >> shift) << shift) + (1 << (shift - 1))
    };
    let level = i16::try_from(kept << 3).unwrap();
    if x < 0 { -level } else { level }
}

/// A caller's utterance with so many quiet samples before it and a second of them behind it, on a line
/// with noise that many times as loud as a little hiss.
pub(crate) fn on_a_line(speech: &[i16], before: usize, loudness: i16) -> Vec<i16> {
    let mut noise = 1_u32;
    let around = std::iter::repeat_n(&0, before)
        .chain(speech)
        .chain(std::iter::repeat_n(&0, 8_000));
    around
        .map(|x| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = (i16::try_from(noise >> 27).unwrap() - 16) * loudness;
            a_law(x.saturating_add(hiss))
        })
        .collect()
}
