//! How words sound, coarsely: what a recogniser or a hurried typist mixes up becomes one sign.

use crate::g2p::pronounce;

/// Sounds of a word that are looked at: Russian words of the field have 25 at most.
const SOUNDS_MAX: usize = 32;

/// The word by its sounds: unstressed vowels, voice and softness of consonants are levelled, so
/// «субседия» and «субсидия» are the same. Letters and digits without a Russian sound stay.
pub(super) fn key(word: &str) -> Vec<u8> {
    let mut key: Vec<u8> = Vec::with_capacity(word.len());
    for phone in pronounce(word).into_iter().take(SOUNDS_MAX) {
        let sign = level(phone);
        if key.last() != Some(&sign) {
            key.push(sign);
        }
    }
    if key.is_empty() {
        key.extend(word.bytes().take(SOUNDS_MAX));
    }
    key
}

fn level(phone: crate::g2p::Phone) -> u8 {
    let name = phone.to_string();
    match name.trim_end_matches('\'') {
        "a" | "o" => b'a',
        "e" | "i" | "y" | "ya" | "ye" => b'i',
        "u" => b'u',
        "b" | "p" => b'p',
        "v" | "f" => b'f',
        "g" | "k" => b'k',
        "h" => b'h',
        "d" | "t" => b't',
        "z" | "s" => b's',
        "zh" | "sh" | "sch" => b'x',
        "c" => b'c',
        "ch" => b'q',
        "j" => b'j',
        "l" => b'l',
        "m" => b'm',
        "n" => b'n',
        "r" => b'r',
        other => other.bytes().next().unwrap_or(b'?'),
    }
}

/// The sounds of a word, ready to be compared with many others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sounds {
    key: Vec<u8>,
    /// Which sounds there are, a bit each: most words are told apart by this alone.
    there: u32,
}

impl Sounds {
    pub(super) fn of(word: &str) -> Self {
        let key = key(word);
        let there = key.iter().fold(0, |there, sound| there | 1 << (sound % 32));
        Self { key, there }
    }

    /// Edits that two words of these lengths may differ by and still be one misheard word.
    pub(super) fn tolerance(&self, other: &Self) -> usize {
        match self.key.len().min(other.key.len()) {
            0..=4 => 0,
            5..=7 => 1,
            _ => 2,
        }
    }

    /// Edits (one sound put in, left out or changed) from one word to another, if at most `most`.
    pub(super) fn edits(&self, other: &Self, most: usize) -> Option<usize> {
        let (a, b) = (&self.key, &other.key);
        // An edit brings in one kind of sound and takes one away, at most.
        let different = usize::try_from((self.there ^ other.there).count_ones()).ok()?;
        if a.len().abs_diff(b.len()) > most || different > 2 * most {
            return None;
        }
        let mut above: Vec<usize> = (0..=b.len()).collect();
        let mut row = above.clone();
        for (i, x) in a.iter().enumerate() {
            let mut left = i + 1;
            let mut corner = i;
            let cells = b.iter().zip(above.iter().skip(1));
            for ((y, up), out) in cells.zip(row.iter_mut().skip(1)) {
                let changed = corner + usize::from(x != y);
                left = changed.min(*up + 1).min(left + 1);
                corner = *up;
                *out = left;
            }
            if let Some(first) = row.first_mut() {
                *first = i + 1;
            }
            std::mem::swap(&mut above, &mut row);
        }
        above.last().copied().filter(|edits| *edits <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_sound_alike_have_one_key() {
        for (written, heard) in [
            ("субсидия", "субседия"),
            ("лицензия", "лецензия"),
            ("жалоба", "жалаба"),
            ("технопарк", "технопарг"),
            ("сегодня", "севодня"),
            ("металл", "метал"),
        ] {
            assert_eq!(key(written), key(heard), "{written} {heard}");
        }
        assert_ne!(key("приём"), key("прямо"));
        assert_eq!(key("146"), b"146");
        assert!(key("").is_empty());
    }

    #[test]
    fn edits_are_counted_up_to_a_limit() {
        for (a, b, most, found) in [
            ("технопарк", "технопак", 2, Some(1)),
            ("технопарк", "технопарк", 0, Some(0)),
            ("металлолом", "металом", 2, Some(2)),
            ("лом", "дом", 0, None),
            ("", "аб", 2, Some(2)),
            ("жалоба", "субсидия", 2, None),
        ] {
            assert_eq!(Sounds::of(a).edits(&Sounds::of(b), most), found, "{a} {b}");
        }
    }
}
