//! What of a line votes: its words, its pairs of words, and the sounds within its words.

use std::collections::BTreeMap;

use super::sound;

/// Sounds in a row that vote together.
const SOUNDS: [usize; 2] = [3, 4];

/// Kinds of features. Each kind has its share of the vote, however many features it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Word,
    Pair,
    Sounds,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Word, Self::Pair, Self::Sounds];

    /// Share of the vote. Found by leaving examples out.
    const fn share(self) -> f64 {
        match self {
            Self::Word => 0.5,
            Self::Pair => 0.2,
            Self::Sounds => 0.3,
        }
    }
}

/// A feature by its name's hash. Two names with one hash are one in 10¹¹ here, and would only blur
/// both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Feature(Kind, u64);

/// Features and how often they are there.
pub(super) type Counts = BTreeMap<Feature, f64>;

/// Features of a line whose words are stems already, synonyms merged.
pub(super) fn count(stems: &[String]) -> Counts {
    let mut counts = Counts::new();
    let mut add = |feature| *counts.entry(feature).or_insert(0.0) += 1.0;
    for stem in stems {
        add(word(stem));
        let mut sounds = vec![b'^'];
        sounds.extend(sound::key(stem));
        sounds.push(b'$');
        for size in SOUNDS {
            for run in sounds.windows(size) {
                add(Feature(Kind::Sounds, hash(&[run])));
            }
        }
    }
    for (first, second) in stems.iter().zip(stems.iter().skip(1)) {
        add(Feature(
            Kind::Pair,
            hash(&[first.as_bytes(), second.as_bytes()]),
        ));
    }
    counts
}

/// The feature of a word.
pub(super) fn word(stem: &str) -> Feature {
    Feature(Kind::Word, hash(&[stem.as_bytes()]))
}

/// Weighs the counts by how telling each feature is (`None` for one that no example has) and gives
/// every kind its share. What nobody knows makes the rest say less.
pub(super) fn weigh(
    counts: &Counts,
    rarity: impl Fn(Feature) -> Option<f64>,
    unknown: f64,
) -> Vec<(Feature, f64)> {
    let mut weighed = Vec::with_capacity(counts.len());
    for kind in Kind::ALL {
        let from = weighed.len();
        let mut square = 0.0;
        for (feature, count) in counts.iter().filter(|(feature, _)| feature.0 == kind) {
            let known = rarity(*feature);
            let value = count.sqrt() * known.unwrap_or(unknown);
            square += value * value;
            if known.is_some() {
                weighed.push((*feature, value));
            }
        }
        if square > 0.0 {
            let scale = (kind.share() / square).sqrt();
            for (_, value) in weighed.iter_mut().skip(from) {
                *value *= scale;
            }
        }
    }
    weighed
}

/// FNV-1a (64 bits) over the parts, with a mark between them.
fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn every_kind_has_its_share_of_the_vote() {
        let counts = count(&stems("лиценз металлолом"));
        let weighed = weigh(&counts, |_| Some(1.0), 1.0);
        for kind in Kind::ALL {
            let square: f64 = weighed
                .iter()
                .filter(|(feature, _)| feature.0 == kind)
                .map(|(_, value)| value * value)
                .sum();
            assert!((square - kind.share()).abs() < 1e-9, "{kind:?}");
        }
    }

    #[test]
    fn unknown_words_make_known_ones_say_less() {
        let known = word("лом");
        let alone = count(&stems("лом"));
        let among = count(&stems("лом погода завтра"));
        let value = |counts| {
            let weighed = weigh(counts, |f| (f == known).then_some(1.0), 1.0);
            weighed.iter().find(|(f, _)| *f == known).unwrap().1
        };
        assert!(value(&among) < value(&alone));
        assert!(weigh(&Counts::new(), |_| Some(1.0), 1.0).is_empty());
    }
}
