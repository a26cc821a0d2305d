//! Learns from examples, then tells what free words are about.

use std::collections::BTreeMap;

use super::calibration::{Calibration, Signs};
use super::features::{self, Counts, Feature};
use super::least_squares::Solver;
use super::{Axis, Corpus, Guess, IntentId, Understood, Verdict, sound};

/// λ of the regression: how far a weight is held back for the sake of unseen words.
const RIDGE: f64 = 0.35;
/// How much a feature that no example has counts, against the rarest that one has.
const UNKNOWN: f64 = 0.6;

/// A trained classifier. It depends on the corpus alone: the same files, the same verdicts.
#[derive(Clone, Debug)]
pub struct Classifier {
    corpus: Corpus,
    /// Stems that examples and synonyms are made of, with how they sound.
    stems: BTreeMap<String, Vec<u8>>,
    features: BTreeMap<Feature, Weights>,
    unknown: f64,
    bias: Vec<f64>,
    calibrations: BTreeMap<Axis, Calibration>,
}

impl PartialEq for Classifier {
    fn eq(&self, other: &Self) -> bool {
        self.corpus == other.corpus
    }
}

impl Eq for Classifier {}

/// Of one feature.
#[derive(Clone, Debug)]
struct Weights {
    rarity: f64,
    /// For every intent.
    votes: Vec<f64>,
}

/// A line on its way to a verdict.
struct Line {
    counts: Counts,
    /// Share of its words that are known, 0–1.
    known: f64,
}

impl Classifier {
    /// Learns from all examples of the corpus.
    #[must_use]
    pub fn train(corpus: Corpus) -> Self {
        let mut this = Self {
            corpus,
            stems: BTreeMap::new(),
            features: BTreeMap::new(),
            unknown: 0.0,
            bias: Vec::new(),
            calibrations: BTreeMap::new(),
        };
        let lexicon = &this.corpus.lexicon;
        let lines: Vec<Vec<String>> = this
            .corpus
            .examples
            .iter()
            .map(|example| lexicon.stems(&example.text))
            .collect();
        let merged: Vec<Vec<String>> = lines.iter().map(|line| lexicon.merge(line)).collect();
        let all = lines.iter().flatten().map(String::as_str);
        this.stems = all
            .chain(lexicon.known())
            .map(|stem| (stem.to_owned(), sound::key(stem)))
            .collect();
        let counts: Vec<Counts> = merged.iter().map(|line| features::count(line)).collect();
        this.weigh_features(&counts);
        let vectors: Vec<Vec<(Feature, f64)>> =
            counts.iter().map(|counts| this.vector(counts)).collect();
        let left_out = this.regress(&vectors);
        this.calibrate(&merged, &left_out);
        this
    }

    /// What the words are about: the surer of service and task. Pure, and quicker than a
    /// millisecond.
    #[must_use]
    pub fn classify(&self, text: &str) -> Verdict {
        self.understand(text).verdict()
    }

    /// About which service the words are, and what they ask for.
    #[must_use]
    pub fn understand(&self, text: &str) -> Understood {
        let line = self.read(text);
        let scores = self.scores(&self.vector(&line.counts));
        let verdict = |axis| self.verdict(axis, &scores, line.known);
        Understood {
            service: verdict(Axis::Service),
            task: verdict(Axis::Task),
        }
    }

    /// The confidence from which a guess is an answer, in thousandths.
    #[must_use]
    pub fn threshold_permille(&self, axis: Axis) -> u16 {
        self.calibrations
            .get(&axis)
            .map_or(1_000, Calibration::threshold_permille)
    }

    /// What it learnt from.
    #[must_use]
    pub const fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// Whether an intent of that name is known.
    #[must_use]
    pub fn knows(&self, intent: &IntentId) -> bool {
        self.corpus.intent(intent).is_some()
    }

    /// Stems as the classifier sees them: empty words gone, misheard ones mended, synonyms merged.
    /// For explaining a verdict.
    #[must_use]
    pub fn seen(&self, text: &str) -> Vec<String> {
        let stems = self.mend(self.corpus.lexicon.stems(text));
        let stems: Vec<String> = stems.into_iter().map(|(stem, _)| stem).collect();
        self.corpus.lexicon.merge(&stems)
    }

    fn read(&self, text: &str) -> Line {
        let stems = self.mend(self.corpus.lexicon.stems(text));
        let known = share(stems.iter().map(|(_, known)| *known));
        let stems: Vec<String> = stems.into_iter().map(|(stem, _)| stem).collect();
        Line {
            counts: features::count(&self.corpus.lexicon.merge(&stems)),
            known,
        }
    }

    /// Joins words that were torn apart and puts the known stem for one that sounds like it; tells
    /// whether each is known then.
    fn mend(&self, stems: Vec<String>) -> Vec<(String, bool)> {
        let mut mended: Vec<(String, bool)> = Vec::with_capacity(stems.len());
        for stem in stems {
            if self.stems.contains_key(&stem) {
                mended.push((stem, true));
                continue;
            }
            if let Some((before, _)) = mended.last_mut() {
                let joined = format!("{before}{stem}");
                if self.stems.contains_key(&joined) {
                    *before = joined;
                    continue;
                }
            }
            match self.alike(&stem) {
                Some(known) => mended.push((known.to_owned(), true)),
                None => mended.push((stem, false)),
            }
        }
        mended
    }

    /// The known stem that sounds nearest, if near enough to be the same word misheard.
    fn alike(&self, stem: &str) -> Option<&str> {
        let key = sound::key(stem);
        let mut best: Option<(usize, &str)> = None;
        for (known, sounds) in &self.stems {
            let most = sound::tolerance(sounds.len().min(key.len()));
            let most = best.map_or(most, |(edits, _)| most.min(edits.saturating_sub(1)));
            if best.is_some_and(|(edits, _)| edits == 0) {
                break;
            }
            if let Some(edits) = sound::edits(&key, sounds, most) {
                best = Some((edits, known));
            }
        }
        best.map(|(_, known)| known)
    }

    fn weigh_features(&mut self, lines: &[Counts]) {
        let mut seen: BTreeMap<Feature, f64> = BTreeMap::new();
        for feature in lines.iter().flat_map(BTreeMap::keys) {
            *seen.entry(*feature).or_insert(0.0) += 1.0;
        }
        let total: f64 = lines.iter().map(|_| 1.0).sum();
        let rarity = |count: f64| ((total + 1.0) / (count + 1.0)).ln() + 1.0;
        self.unknown = rarity(1.0) * UNKNOWN;
        self.features = seen
            .into_iter()
            .map(|(feature, count)| {
                let weights = Weights {
                    rarity: rarity(count),
                    votes: vec![0.0; self.corpus.intents.len()],
                };
                (feature, weights)
            })
            .collect();
    }

    fn vector(&self, counts: &Counts) -> Vec<(Feature, f64)> {
        let rarity = |feature| self.features.get(&feature).map(|weights| weights.rarity);
        features::weigh(counts, rarity, self.unknown)
    }

    /// Finds the votes; gives for every intent what each example scores when it is left out.
    fn regress(&mut self, vectors: &[Vec<(Feature, f64)>]) -> Vec<Vec<f64>> {
        let solver = Solver::new(kernel(vectors), RIDGE);
        let mut all_left_out = Vec::with_capacity(self.corpus.intents.len());
        for (place, intent) in self.corpus.intents.iter().enumerate() {
            let targets: Vec<f64> = self
                .corpus
                .examples
                .iter()
                .map(|example| f64::from(u8::from(example.intents.contains(&intent.id))))
                .collect();
            let (weights, left_out) = solver.solve(&targets);
            for (weight, vector) in weights.iter().zip(vectors) {
                for (feature, value) in vector {
                    let votes = self.features.get_mut(feature).map(|w| &mut w.votes);
                    if let Some(vote) = votes.and_then(|votes| votes.get_mut(place)) {
                        *vote += weight * value;
                    }
                }
            }
            self.bias.push(weights.iter().sum());
            all_left_out.push(left_out);
        }
        all_left_out
    }

    fn calibrate(&mut self, lines: &[Vec<String>], left_out: &[Vec<f64>]) {
        let mut often: BTreeMap<&str, usize> = BTreeMap::new();
        for stem in lines.iter().flatten() {
            *often.entry(stem).or_insert(0) += 1;
        }
        for axis in Axis::ALL {
            let mut guesses = Vec::with_capacity(self.corpus.examples.len());
            for (place, (example, line)) in self.corpus.examples.iter().zip(lines).enumerate() {
                let scores: Vec<f64> = left_out
                    .iter()
                    .map(|all| all.get(place).copied().unwrap_or(0.0))
                    .collect();
                // Without this example its rare words would not be known.
                let known = share(line.iter().map(|s| often.get(s.as_str()) > Some(&1)));
                if let Some(top) = self.top(axis, &scores) {
                    let right = example.intents.contains(top.intent);
                    guesses.push((top.signs(known), right));
                }
            }
            self.calibrations.insert(axis, Calibration::learn(&guesses));
        }
    }

    fn scores(&self, vector: &[(Feature, f64)]) -> Vec<f64> {
        let mut scores = self.bias.clone();
        for (feature, value) in vector {
            if let Some(weights) = self.features.get(feature) {
                for (score, vote) in scores.iter_mut().zip(&weights.votes) {
                    *score += vote * value;
                }
            }
        }
        scores
    }

    fn top(&self, axis: Axis, scores: &[f64]) -> Option<Top<'_>> {
        let mut own: Vec<(&IntentId, f64)> = self
            .corpus
            .intents
            .iter()
            .zip(scores)
            .filter(|(intent, _)| intent.axis == axis)
            .map(|(intent, score)| (&intent.id, *score))
            .collect();
        own.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (intent, score) = own.first().copied()?;
        Some(Top {
            intent,
            score,
            second: own.get(1).copied(),
        })
    }

    fn verdict(&self, axis: Axis, scores: &[f64], known: f64) -> Verdict {
        let nothing = Verdict::OutOfScope { nearest: None };
        if known <= 0.0 {
            return nothing;
        }
        let (Some(top), Some(calibration)) = (self.top(axis, scores), self.calibrations.get(&axis))
        else {
            return nothing;
        };
        let confidence_permille = calibration.permille(top.signs(known));
        let runner_up = top.second.map(|(intent, score)| {
            let signs = Signs {
                score,
                lead: score - top.score,
                known,
            };
            (intent.clone(), calibration.permille(signs))
        });
        let guess = Guess {
            intent: top.intent.clone(),
            axis,
            confidence_permille,
            runner_up,
        };
        if confidence_permille >= calibration.threshold_permille() {
            Verdict::Intent(guess)
        } else {
            Verdict::OutOfScope {
                nearest: Some(guess),
            }
        }
    }
}

/// The best of an axis.
struct Top<'a> {
    intent: &'a IntentId,
    score: f64,
    second: Option<(&'a IntentId, f64)>,
}

impl Top<'_> {
    fn signs(&self, known: f64) -> Signs {
        Signs {
            score: self.score,
            lead: self
                .second
                .map_or(self.score, |(_, second)| self.score - second),
            known,
        }
    }
}

/// Products of all pairs of vectors, and 1 for the bias: the lower triangle.
fn kernel(vectors: &[Vec<(Feature, f64)>]) -> Vec<Vec<f64>> {
    let mut holders: BTreeMap<Feature, Vec<(usize, f64)>> = BTreeMap::new();
    for (place, vector) in vectors.iter().enumerate() {
        for (feature, value) in vector {
            holders.entry(*feature).or_default().push((place, *value));
        }
    }
    let mut rows: Vec<Vec<f64>> = (1..=vectors.len()).map(|width| vec![1.0; width]).collect();
    for holders in holders.values() {
        for (i, a) in holders {
            let Some(row) = rows.get_mut(*i) else {
                continue;
            };
            for (j, b) in holders.iter().take_while(|(j, _)| j <= i) {
                if let Some(cell) = row.get_mut(*j) {
                    *cell += a * b;
                }
            }
        }
    }
    rows
}

/// Share of the true ones, 0 of none.
fn share(flags: impl Iterator<Item = bool>) -> f64 {
    let (mut yes, mut all) = (0.0, 0.0);
    for flag in flags {
        all += 1.0;
        yes += f64::from(u8::from(flag));
    }
    if all > 0.0 { yes / all } else { 0.0 }
}

#[cfg(test)]
mod tests;
