//! Learning from examples, and applying what was learnt.

use std::collections::{BTreeMap, BTreeSet};

use super::calibration::{Calibration, Signs};
use super::features::{self, Counts, Feature};
use super::least_squares::Solver;
use super::sound::Sounds;
use super::{Axis, Corpus, Guess, IntentId, Lexicon, Verdict};

/// λ of the regression: how far a weight is held back for the sake of unseen words.
const RIDGE: f64 = 0.35;
/// How much a feature that no example has counts, against the rarest that one has.
const UNKNOWN: f64 = 0.6;

/// What was learnt.
#[derive(Clone, Debug)]
pub(super) struct Trained {
    /// Stems that examples and synonyms are made of, with how they sound.
    stems: BTreeMap<String, Sounds>,
    features: BTreeMap<Feature, Weights>,
    unknown: f64,
    bias: Vec<f64>,
    /// Stems that speak of a service and nothing else.
    service_words: BTreeSet<String>,
    calibrations: BTreeMap<Axis, Calibration>,
}

/// Of one feature.
#[derive(Clone, Debug)]
struct Weights {
    rarity: f64,
    /// For every intent.
    votes: Vec<f64>,
}

/// A line on its way to a verdict.
pub(super) struct Line {
    whole: Scored,
    /// Without the words that name a service, if there are any: what is asked about it.
    without_service: Option<Scored>,
}

struct Scored {
    scores: Vec<f64>,
    /// Share of its words that are known, 0–1.
    known: f64,
}

impl Trained {
    /// Learns from all examples of the corpus.
    pub(super) fn learn(corpus: &Corpus) -> Self {
        let lexicon = &corpus.lexicon;
        let examples = corpus.examples.iter();
        let lines: Vec<Vec<String>> = examples.map(|e| lexicon.stems(&e.text)).collect();
        let merged: Vec<Vec<String>> = lines.iter().map(|line| lexicon.merge(line)).collect();
        let stems = lines.iter().flatten().map(String::as_str);
        let mut this = Self {
            stems: stems
                .chain(lexicon.known())
                .map(|stem| (stem.to_owned(), Sounds::of(stem)))
                .collect(),
            features: BTreeMap::new(),
            unknown: 0.0,
            bias: Vec::new(),
            service_words: service_words(corpus, &merged),
            calibrations: BTreeMap::new(),
        };
        let counts: Vec<Counts> = merged.iter().map(|line| features::count(line)).collect();
        this.weigh_features(&counts, corpus.intents.len());
        let vectors: Vec<Vec<(Feature, f64)>> =
            counts.iter().map(|counts| this.vector(counts)).collect();
        let left_out = this.regress(corpus, &vectors);
        this.calibrate(corpus, &merged, &left_out);
        this
    }

    pub(super) fn threshold_permille(&self, axis: Axis) -> u16 {
        self.calibrations
            .get(&axis)
            .map_or(1_000, Calibration::threshold_permille)
    }

    /// The words of a line as they vote.
    pub(super) fn seen(&self, lexicon: &Lexicon, text: &str) -> Vec<String> {
        let stems = self.mend(lexicon, text);
        let stems: Vec<String> = stems.into_iter().map(|(stem, _)| stem).collect();
        lexicon.merge(&stems)
    }

    pub(super) fn read(&self, lexicon: &Lexicon, text: &str) -> Line {
        let stems = self.mend(lexicon, text);
        let known = share(stems.iter().map(|(_, known)| *known));
        let stems: Vec<String> = stems.into_iter().map(|(stem, _)| stem).collect();
        let words = lexicon.merge(&stems);
        let rest = words
            .iter()
            .filter(|word| !self.service_words.contains(*word));
        let rest: Vec<String> = rest.cloned().collect();
        Line {
            without_service: (!rest.is_empty() && rest.len() < words.len())
                .then(|| self.score(&rest, known)),
            whole: self.score(&words, known),
        }
    }

    fn score(&self, words: &[String], known: f64) -> Scored {
        Scored {
            scores: self.scores(&self.vector(&features::count(words))),
            known,
        }
    }

    /// Joins words that were torn apart and puts the known stem for one that sounds like it; tells
    /// whether each is known then.
    fn mend(&self, lexicon: &Lexicon, text: &str) -> Vec<(String, bool)> {
        let mut mended: Vec<(String, bool)> = Vec::new();
        let mut before = String::new();
        for word in lexicon.words(text) {
            let joined = lexicon.stem(&format!("{before}{word}"));
            let stem = lexicon.stem(&word);
            if !before.is_empty() && self.stems.contains_key(&joined) {
                mended.pop();
                mended.push((joined, true));
            } else if self.stems.contains_key(&stem) {
                mended.push((stem, true));
            } else if let Some(known) = self.alike(&stem) {
                mended.push((known.to_owned(), true));
            } else {
                mended.push((stem, false));
            }
            before = word;
        }
        mended
    }

    /// The known stem that sounds nearest, if near enough to be the same word misheard.
    fn alike(&self, stem: &str) -> Option<&str> {
        let heard = Sounds::of(stem);
        let near = self.stems.iter().filter_map(|(known, sounds)| {
            let edits = heard.edits(sounds, heard.tolerance(sounds))?;
            Some((edits, known.as_str()))
        });
        near.min().map(|(_, known)| known)
    }

    fn weigh_features(&mut self, lines: &[Counts], intents: usize) {
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
                    votes: vec![0.0; intents],
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
    fn regress(&mut self, corpus: &Corpus, vectors: &[Vec<(Feature, f64)>]) -> Vec<Vec<f64>> {
        let solver = Solver::new(&kernel(vectors), RIDGE);
        let (mut all_weights, mut all_left_out) = (Vec::new(), Vec::new());
        for intent in &corpus.intents {
            let examples = corpus.examples.iter();
            let targets: Vec<f64> = examples
                .map(|example| f64::from(u8::from(example.intents.contains(&intent.id))))
                .collect();
            let (weights, left_out) = solver.solve(&targets);
            all_weights.push(weights);
            all_left_out.push(left_out);
        }
        self.bias = all_weights
            .iter()
            .map(|weights| weights.iter().sum())
            .collect();
        for (place, vector) in vectors.iter().enumerate() {
            let own: Vec<f64> = all_weights
                .iter()
                .map(|weights| weights.get(place).copied().unwrap_or(0.0))
                .collect();
            for (feature, value) in vector {
                if let Some(weights) = self.features.get_mut(feature) {
                    for (vote, weight) in weights.votes.iter_mut().zip(&own) {
                        *vote += weight * value;
                    }
                }
            }
        }
        all_left_out
    }

    fn calibrate(&mut self, corpus: &Corpus, lines: &[Vec<String>], left_out: &[Vec<f64>]) {
        let mut often: BTreeMap<&str, usize> = BTreeMap::new();
        for stem in lines.iter().flatten() {
            *often.entry(stem).or_insert(0) += 1;
        }
        for axis in Axis::ALL {
            let mut guesses = Vec::with_capacity(corpus.examples.len());
            for (place, (example, line)) in corpus.examples.iter().zip(lines).enumerate() {
                let scores: Vec<f64> = left_out
                    .iter()
                    .map(|all| all.get(place).copied().unwrap_or(0.0))
                    .collect();
                // Without this example its rare words would not be known.
                let known = share(line.iter().map(|s| often.get(s.as_str()) > Some(&1)));
                if let Some(top) = top(corpus, axis, &scores) {
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

    /// What the line is about on one axis. A task that is asked about a service is looked for with
    /// and without the words for the service.
    pub(super) fn verdict(&self, corpus: &Corpus, axis: Axis, line: &Line) -> Verdict {
        let rest = line.without_service.as_ref().filter(|_| axis == Axis::Task);
        let guesses = [Some(&line.whole), rest].into_iter().flatten();
        let best = guesses
            .filter_map(|scored| self.guess(corpus, axis, scored))
            .max_by_key(|guess| guess.confidence_permille);
        match best {
            Some(guess) if guess.confidence_permille >= self.threshold_permille(axis) => {
                Verdict::Intent(guess)
            }
            nearest => Verdict::OutOfScope { nearest },
        }
    }

    fn guess(&self, corpus: &Corpus, axis: Axis, scored: &Scored) -> Option<Guess> {
        let known = scored.known;
        if known <= 0.0 {
            return None;
        }
        let top = top(corpus, axis, &scored.scores)?;
        let calibration = self.calibrations.get(&axis)?;
        let runner_up = top.second.map(|(intent, score)| {
            let signs = Signs {
                score,
                lead: score - top.score,
                known,
            };
            (intent.clone(), calibration.permille(signs))
        });
        Some(Guess {
            intent: top.intent.clone(),
            axis,
            confidence_permille: calibration.permille(top.signs(known)),
            runner_up,
        })
    }
}

/// Stems of which at least four in five uses, and at least two, are in examples of one service.
fn service_words(corpus: &Corpus, lines: &[Vec<String>]) -> BTreeSet<String> {
    let mut uses: BTreeMap<&str, (usize, BTreeMap<&IntentId, usize>)> = BTreeMap::new();
    for (example, line) in corpus.examples.iter().zip(lines) {
        let is_service = |id: &&IntentId| {
            let intent = corpus.intent(id);
            intent.is_some_and(|intent| intent.axis == Axis::Service)
        };
        let service = example.intents.iter().find(is_service);
        for stem in line.iter().collect::<BTreeSet<_>>() {
            let (all, of) = uses.entry(stem).or_default();
            *all += 1;
            if let Some(service) = service {
                *of.entry(service).or_insert(0) += 1;
            }
        }
    }
    let most = |of: &BTreeMap<&IntentId, usize>| of.values().copied().max().unwrap_or(0);
    uses.into_iter()
        .filter(|(_, (all, of))| most(of) >= 2 && most(of) * 5 >= all * 4)
        .map(|(stem, _)| stem.to_owned())
        .collect()
}

/// The best of an axis by these scores.
fn top<'a>(corpus: &'a Corpus, axis: Axis, scores: &[f64]) -> Option<Top<'a>> {
    let mut own: Vec<(&IntentId, f64)> = corpus
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
