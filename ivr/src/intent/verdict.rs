//! What free words were taken for.

use std::fmt;

use super::Axis;

/// Confidence, in thousandths, from which a guess is acted on without asking back.
pub(super) const SURE_PERMILLE: u16 = 800;
/// Distance to the runner-up, in thousandths, below which both are offered to the caller.
const BETWEEN_PERMILLE: u16 = 200;

/// The name of an intent: its file in `scripts/intents/` without the ending. A service's intent has
/// the name of the service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(String);

impl IntentId {
    /// The intent of that name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An intent that words were taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The intent.
    pub intent: IntentId,
    /// Whether it is a service or a task.
    pub axis: Axis,
    /// How likely it is right, in thousandths: of a hundred guesses with 900, about ninety are.
    pub confidence_permille: u16,
    /// The next best intent of the same axis and its own confidence.
    pub runner_up: Option<(IntentId, u16)>,
}

/// What a line of free words is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This, with a confidence at or above the learnt threshold.
    Intent(Guess),
    /// Nothing that the line serves. The nearest guess is for reports, not for acting on.
    OutOfScope {
        /// What it was nearest to, if any word was known.
        nearest: Option<Guess>,
    },
}

/// Both questions at once: about which service, and to do what.
///
/// «Какие документы нужны на лом» is about a service and asks for a task; «запишите на приём» is
/// only a service, «соедините с оператором» only a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// About which service.
    pub service: Verdict,
    /// What the caller wants done or told.
    pub task: Verdict,
}

/// What a node with a list of intents does with a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go that way.
    Take(Guess),
    /// Ask back: «Вы сказали …?».
    Confirm(Guess),
    /// Ask which of the two.
    Between(Guess, IntentId),
    /// Not understood here.
    Unknown,
}

impl Verdict {
    /// The guess, if it may be acted on.
    #[must_use]
    pub const fn guess(&self) -> Option<&Guess> {
        match self {
            Self::Intent(guess) => Some(guess),
            Self::OutOfScope { .. } => None,
        }
    }

    /// The guess or what came nearest, for reports.
    #[must_use]
    pub const fn nearest(&self) -> Option<&Guess> {
        match self {
            Self::Intent(guess) => Some(guess),
            Self::OutOfScope { nearest } => nearest.as_ref(),
        }
    }
}

impl Understood {
    /// The surer of both guesses; a task before a service when they are equally sure, because it
    /// says more precisely what to do.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match (self.service, self.task) {
            (Verdict::Intent(service), Verdict::Intent(task)) => {
                let service_first = service.confidence_permille > task.confidence_permille;
                Verdict::Intent(if service_first { service } else { task })
            }
            (Verdict::Intent(guess), Verdict::OutOfScope { .. })
            | (Verdict::OutOfScope { .. }, Verdict::Intent(guess)) => Verdict::Intent(guess),
            (Verdict::OutOfScope { nearest: service }, Verdict::OutOfScope { nearest: task }) => {
                let confidence = |guess: &Option<Guess>| {
                    guess.as_ref().map_or(0, |guess| guess.confidence_permille)
                };
                let service_first = confidence(&service) > confidence(&task);
                let nearest = if service_first { service } else { task };
                Verdict::OutOfScope { nearest }
            }
        }
    }

    /// What a node that lists `intents` does. Words that are surely about something else are not
    /// bent to what is on the list.
    #[must_use]
    pub fn decide(&self, intents: &[IntentId]) -> Decision {
        let listed = |verdict: &Verdict| {
            let guess = verdict.guess()?;
            intents.contains(&guess.intent).then(|| guess.clone())
        };
        let guess = match (listed(&self.service), listed(&self.task)) {
            (Some(service), Some(task)) => {
                if service.confidence_permille > task.confidence_permille {
                    service
                } else {
                    task
                }
            }
            (Some(guess), None) | (None, Some(guess)) => guess,
            (None, None) => return Decision::Unknown,
        };
        if let Some((other, confidence)) = &guess.runner_up
            && intents.contains(other)
            && guess.confidence_permille.saturating_sub(*confidence) < BETWEEN_PERMILLE
        {
            let other = other.clone();
            return Decision::Between(guess, other);
        }
        if guess.confidence_permille >= SURE_PERMILLE {
            Decision::Take(guess)
        } else {
            Decision::Confirm(guess)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(intent: &str, axis: Axis, confidence: u16, runner_up: Option<(&str, u16)>) -> Verdict {
        Verdict::Intent(Guess {
            intent: IntentId::new(intent),
            axis,
            confidence_permille: confidence,
            runner_up: runner_up.map(|(id, confidence)| (IntentId::new(id), confidence)),
        })
    }

    const NOTHING: Verdict = Verdict::OutOfScope { nearest: None };

    #[test]
    fn a_node_takes_asks_back_offers_two_or_gives_up() {
        let list = ["lom", "park", "documents"].map(IntentId::new);
        let decide = |service, task| match (Understood { service, task }).decide(&list) {
            Decision::Take(g) => format!("take {}", g.intent),
            Decision::Confirm(g) => format!("confirm {}", g.intent),
            Decision::Between(g, other) => format!("{} or {other}", g.intent),
            Decision::Unknown => "unknown".to_owned(),
        };
        let service = |confidence, second| guess("lom", Axis::Service, confidence, second);
        for (found, wanted) in [
            (decide(service(950, None), NOTHING), "take lom"),
            (decide(service(700, None), NOTHING), "confirm lom"),
            (
                decide(service(600, Some(("park", 500))), NOTHING),
                "lom or park",
            ),
            (
                decide(service(900, Some(("other", 850))), NOTHING),
                "take lom",
            ),
            (
                decide(
                    service(850, None),
                    guess("documents", Axis::Task, 900, None),
                ),
                "take documents",
            ),
            (
                decide(service(850, None), guess("fee", Axis::Task, 990, None)),
                "take lom",
            ),
            (
                decide(NOTHING, guess("fee", Axis::Task, 990, None)),
                "unknown",
            ),
            (decide(NOTHING, NOTHING), "unknown"),
        ] {
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn the_surer_question_is_the_verdict() {
        let both = Understood {
            service: guess("lom", Axis::Service, 900, None),
            task: guess("fee", Axis::Task, 900, None),
        };
        assert_eq!(both.verdict().guess().unwrap().intent.as_str(), "fee");
        let nothing = Understood {
            service: NOTHING,
            task: NOTHING,
        };
        assert_eq!(nothing.verdict(), NOTHING);
    }
}
