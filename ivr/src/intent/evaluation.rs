//! How well a classifier tells phrases that it has not learnt from.

use std::collections::BTreeMap;

use super::held_out::{HeldOut, Kind};
use super::verdict::SURE_PERMILLE;
use super::{Axis, Classifier, Gates, Guess, Intent, IntentId};

/// What one phrase was taken for on one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Which phrase.
    pub phrase: HeldOut,
    /// Which question was answered wrongly.
    pub axis: Axis,
    /// The right answer, none if the phrase has none on this axis.
    pub meant: Option<IntentId>,
    /// The answer given, none for «не понял».
    pub found: Option<IntentId>,
    /// How sure the nearest guess was, in thousandths.
    pub confidence_permille: u16,
}

/// Rows: what was meant; columns: what was found; none for nothing. Cells: phrases.
pub type Confusion = BTreeMap<(Option<IntentId>, Option<IntentId>), usize>;

/// Part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: usize,
    /// The whole.
    pub whole: usize,
}

impl Share {
    fn of(flags: impl Iterator<Item = bool>) -> Self {
        flags.fold(Self::default(), |mut share, flag| {
            share.whole += 1;
            share.part += usize::from(flag);
            share
        })
    }

    /// In tenths of a per cent, rounded down; of nothing, 0.
    #[must_use]
    pub const fn permille(self) -> usize {
        match (self.part * 1_000).checked_div(self.whole) {
            Some(permille) => permille,
            None => 0,
        }
    }

    fn below(self, per_cent: u8) -> bool {
        self.part * 100 < usize::from(per_cent) * self.whole
    }

    fn above(self, per_cent: u8) -> bool {
        self.part * 100 > usize::from(per_cent) * self.whole
    }
}

/// How one intent was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which intent.
    pub intent: Intent,
    /// Of the phrases that mean it, those found.
    pub recall: Share,
    /// Of the phrases taken for it, those that mean it.
    pub precision: Share,
}

/// Answers to all held-out phrases.
#[derive(Clone, Debug)]
pub struct Evaluation {
    intents: Vec<Intent>,
    answers: Vec<Answer>,
}

#[derive(Clone, Debug)]
struct Answer {
    phrase: HeldOut,
    axis: Axis,
    meant: Option<IntentId>,
    found: Option<IntentId>,
    confidence_permille: u16,
}

impl Answer {
    fn right(&self) -> bool {
        self.meant == self.found
    }
}

/// Asks the classifier for every phrase.
#[must_use]
pub fn evaluate(classifier: &Classifier, phrases: &[HeldOut]) -> Evaluation {
    let corpus = classifier.corpus();
    let mut answers = Vec::with_capacity(phrases.len() * 2);
    for phrase in phrases {
        let understood = classifier.understand(&phrase.text);
        for (axis, verdict) in [
            (Axis::Service, &understood.service),
            (Axis::Task, &understood.task),
        ] {
            let meant = phrase
                .intents
                .iter()
                .find(|id| corpus.intent(id).is_some_and(|intent| intent.axis == axis));
            let confidence = |guess: &Guess| guess.confidence_permille;
            answers.push(Answer {
                phrase: phrase.clone(),
                axis,
                meant: meant.cloned(),
                found: verdict.guess().map(|guess| guess.intent.clone()),
                confidence_permille: verdict.nearest().map_or(0, confidence),
            });
        }
    }
    Evaluation {
        intents: corpus.intents.clone(),
        answers,
    }
}

impl Evaluation {
    /// Share of phrases whose service, or task, or the absence of it is told right.
    #[must_use]
    pub fn accuracy(&self, axis: Axis) -> Share {
        let own = self.answers.iter().filter(|answer| answer.axis == axis);
        Share::of(own.map(Answer::right))
    }

    /// Share of phrases of a kind of which everything is told right.
    #[must_use]
    pub fn whole_accuracy(&self, kind: Kind) -> Share {
        let pairs = self.answers.chunks(2);
        let own = pairs.filter(|pair| pair.iter().all(|answer| answer.phrase.kind == kind));
        Share::of(own.map(|pair| pair.iter().all(Answer::right)))
    }

    /// Phrases out of scope that were taken for something.
    #[must_use]
    pub fn out_of_scope_accepted(&self) -> Share {
        let pairs = self.answers.chunks(2);
        let own = pairs.filter(|pair| pair.iter().all(|answer| answer.meant.is_none()));
        Share::of(own.map(|pair| pair.iter().any(|answer| answer.found.is_some())))
    }

    /// Phrases out of scope that would be acted on without asking back.
    #[must_use]
    pub fn out_of_scope_taken(&self) -> Share {
        let pairs = self.answers.chunks(2);
        let own = pairs.filter(|pair| pair.iter().all(|answer| answer.meant.is_none()));
        let surely =
            |answer: &Answer| answer.found.is_some() && answer.confidence_permille >= SURE_PERMILLE;
        Share::of(own.map(|pair| pair.iter().any(surely)))
    }

    /// Phrases in scope that were taken for nothing at all.
    #[must_use]
    pub fn in_scope_rejected(&self) -> Share {
        let pairs = self.answers.chunks(2);
        let own = pairs.filter(|pair| pair.iter().any(|answer| answer.meant.is_some()));
        Share::of(own.map(|pair| pair.iter().all(|answer| answer.found.is_none())))
    }

    /// Phrases in scope that were taken for a wrong service or task.
    #[must_use]
    pub fn in_scope_wrong(&self) -> Share {
        let pairs = self.answers.chunks(2);
        let own = pairs.filter(|pair| pair.iter().any(|answer| answer.meant.is_some()));
        Share::of(own.map(|pair| {
            pair.iter()
                .any(|answer| answer.found.is_some() && !answer.right())
        }))
    }

    /// Phrases that are nearly an example.
    #[must_use]
    pub fn near(&self) -> Share {
        let own = self
            .answers
            .iter()
            .filter(|answer| answer.axis == Axis::Service);
        Share::of(own.map(|answer| answer.phrase.near))
    }

    /// Every intent, the worst found first.
    #[must_use]
    pub fn found(&self) -> Vec<Found> {
        let count = |test: &dyn Fn(&Answer) -> bool, right: &dyn Fn(&Answer) -> bool| {
            Share::of(self.answers.iter().filter(|a| test(a)).map(right))
        };
        let mut all: Vec<Found> = self
            .intents
            .iter()
            .map(|intent| {
                let meant = |answer: &Answer| answer.meant.as_ref() == Some(&intent.id);
                let found = |answer: &Answer| answer.found.as_ref() == Some(&intent.id);
                Found {
                    intent: intent.clone(),
                    recall: count(&meant, &found),
                    precision: count(&found, &meant),
                }
            })
            .collect();
        all.sort_by_key(|found| found.recall.permille() + found.precision.permille());
        all
    }

    /// What was taken for what.
    #[must_use]
    pub fn confusion(&self, axis: Axis) -> Confusion {
        let mut confusion = Confusion::new();
        for answer in self.answers.iter().filter(|answer| answer.axis == axis) {
            let cell = (answer.meant.clone(), answer.found.clone());
            *confusion.entry(cell).or_insert(0) += 1;
        }
        confusion
    }

    /// What was told wrong: first what was surely taken for something else, then what was missed.
    #[must_use]
    pub fn misses(&self) -> Vec<Miss> {
        let mut misses: Vec<Miss> = self
            .answers
            .iter()
            .filter(|answer| !answer.right())
            .map(|answer| Miss {
                phrase: answer.phrase.clone(),
                axis: answer.axis,
                meant: answer.meant.clone(),
                found: answer.found.clone(),
                confidence_permille: answer.confidence_permille,
            })
            .collect();
        misses.sort_by_key(|miss| {
            let sure = i32::from(miss.confidence_permille);
            let order = if miss.found.is_some() { -sure } else { sure };
            (miss.found.is_none(), order, miss.phrase.place.clone())
        });
        misses
    }

    /// The intents of an axis, in the order of the corpus.
    pub(super) fn intents(&self, axis: Axis) -> impl Iterator<Item = &Intent> {
        self.intents
            .iter()
            .filter(move |intent| intent.axis == axis)
    }

    /// The gates that are not passed, in Russian: what, how much, what was asked.
    #[must_use]
    pub fn failures(&self, gates: &Gates) -> Vec<String> {
        let mut failures = Vec::new();
        let mut least = |what: &str, share: Share, least: u8| {
            if share.below(least) {
                let text = format!("{what}: {}, нужно не меньше {least} %", shown(share));
                failures.push(text);
            }
        };
        least(
            "услуги",
            self.accuracy(Axis::Service),
            gates.service_accuracy_min,
        );
        least("задачи", self.accuracy(Axis::Task), gates.task_accuracy_min);
        let misheard = self.whole_accuracy(Kind::Misheard);
        least(
            "с ошибками распознавания",
            misheard,
            gates.misheard_accuracy_min,
        );
        for found in self.found() {
            let name = found.intent.id.as_str();
            least(&format!("полнота «{name}»"), found.recall, gates.recall_min);
            least(
                &format!("точность «{name}»"),
                found.precision,
                gates.precision_min,
            );
        }
        let mut most = |what: &str, share: Share, most: u8| {
            if share.above(most) {
                failures.push(format!(
                    "{what}: {}, нужно не больше {most} %",
                    shown(share)
                ));
            }
        };
        let accepted = self.out_of_scope_accepted();
        let rejected = self.in_scope_rejected();
        most(
            "посторонних фраз принято",
            accepted,
            gates.out_of_scope_accepted_max,
        );
        most(
            "своих фраз не понято",
            rejected,
            gates.in_scope_rejected_max,
        );
        let mut enough = |what: &str, there: usize, needed: u8| {
            if there < usize::from(needed) {
                failures.push(format!("{what}: проверочных фраз {there}, нужно {needed}"));
            }
        };
        enough(
            "посторонние",
            accepted.whole,
            gates.out_of_scope_phrases_min,
        );
        for found in self.found() {
            enough(
                found.intent.id.as_str(),
                found.recall.whole,
                gates.phrases_min,
            );
        }
        failures
    }
}

/// «93.4 % (142 из 152)».
pub(super) fn shown(share: Share) -> String {
    let permille = share.permille();
    let (whole, tenth) = (permille / 10, permille % 10);
    format!("{whole}.{tenth} % ({} из {})", share.part, share.whole)
}
