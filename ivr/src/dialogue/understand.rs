//! What words mean where the dialogue stands, by the rules of confidence.

use super::{ACCEPT_PERMILLE, CONFIRM_PERMILLE, Dialogue, Doubt, State};
use crate::intent::{normalise, spot};
use crate::script::{Choice, Command, NodeKind, Pick, PickWord, YesNo};
use crate::slot::Reading;

/// Likeness of a typed phrase to one of the list, in thousandths, from which it is that phrase.
const TYPED_LIKENESS_PERMILLE: u32 = 780;

/// Where words came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The recogniser, that knows only what the list holds.
    Speech,
    /// The caller's keyboard.
    Text,
}

/// What words mean in the present node.
pub(super) enum Meaning {
    Command(Command),
    /// «Да» or «нет» to what was asked back.
    Answer(Doubt, YesNo),
    Choice(Choice),
    /// A choice, but not surely.
    DoubtfulChoice(Choice),
    /// A value, and whether it is sure.
    Value(Reading, bool),
    /// The offers that fit, and whether that is sure.
    Offers(Vec<usize>, bool),
    /// Other offers than those said.
    OtherOffers,
    /// Speech off the list, or too doubtful.
    Nonsense,
    /// Nothing to react to.
    Nothing,
}

impl Meaning {
    /// Whether it was taken as an answer.
    pub(super) const fn is_accepted(&self) -> bool {
        match self {
            Self::Command(_) | Self::Answer(..) | Self::Choice(_) | Self::OtherOffers => true,
            Self::Value(reading, sure) => *sure && matches!(reading, Reading::One(_)),
            Self::Offers(_, sure) => *sure,
            Self::DoubtfulChoice(_) | Self::Nonsense | Self::Nothing => false,
        }
    }
}

impl Dialogue {
    pub(super) fn meaning(&self, text: &str, confidence: u16, source: Source) -> Meaning {
        let sure = confidence >= ACCEPT_PERMILLE;
        let (node, telling, doubt) = match &self.state {
            State::Telling { node, .. } => (node.as_str(), true, None),
            // Words while a prompt goes on are an answer, or nothing: the caller talks to somebody.
            State::Asking(a) => (a.node.as_str(), a.saying, a.doubt.as_ref()),
            State::Working(working) => (working.node.as_str(), true, None),
            State::Settings { .. } => ("", false, None),
            State::Dictating { .. } | State::Closing { .. } | State::Over => {
                return Meaning::Nothing;
            }
        };
        let missed = || {
            if telling && source == Source::Speech {
                Meaning::Nothing
            } else {
                Meaning::Nonsense
            }
        };
        if text.is_empty() || confidence < CONFIRM_PERMILLE {
            return missed();
        }
        if let Some(command) = self.command_in(text, source) {
            return if sure {
                Meaning::Command(command)
            } else {
                missed()
            };
        }
        if let Some(doubt) = doubt {
            return match self.yes_no_in(text, source) {
                Some(answer) if sure => Meaning::Answer(doubt.clone(), answer),
                Some(_) | None => missed(),
            };
        }
        let ahead = self.script.question_ahead(node);
        let kind = ahead
            .and_then(|ahead| self.script.node(ahead))
            .map(|node| &node.kind);
        kind.and_then(|kind| self.answer(kind, (text, sure), source))
            .unwrap_or_else(missed)
    }

    /// What words answer to a question; none if nothing.
    fn answer(
        &self,
        kind: &NodeKind,
        (text, sure): (&str, bool),
        source: Source,
    ) -> Option<Meaning> {
        match kind {
            NodeKind::Question(question) => {
                let phrases = question.options.iter().flat_map(Choice::all_phrases);
                let written = match source {
                    Source::Speech => question.heard(text),
                    Source::Text => nearest(text, phrases).and_then(|p| question.heard(p)),
                };
                let (choice, guessed) = match written {
                    Some(choice) => (choice, false),
                    None => self.script.meant(question, text)?,
                };
                match (sure && !guessed, question.rating.is_some()) {
                    (true, _) => Some(Meaning::Choice(choice.clone())),
                    // «Да» would be key 1 and «нет» key 2, and both are scores: ask again instead.
                    (false, true) => None,
                    (false, false) => Some(Meaning::DoubtfulChoice(choice.clone())),
                }
            }
            NodeKind::Ask(ask) => {
                let (today, now) = (self.context.today, self.context.now);
                let reading = match source {
                    Source::Speech => ask.slot.understand_speech(text, today, now),
                    Source::Text => ask.slot.understand_text(text, today, now),
                };
                (reading != Reading::Nothing).then_some(Meaning::Value(reading, sure))
            }
            NodeKind::Pick(pick) => self.offer_meant(pick, (text, sure), source),
            NodeKind::Dictate(_)
            | NodeKind::Say { .. }
            | NodeKind::Answer { .. }
            | NodeKind::Task(_)
            | NodeKind::If(_)
            | NodeKind::Set(_)
            | NodeKind::Call(_)
            | NodeKind::Return { .. }
            | NodeKind::Handover { .. }
            | NodeKind::Finish { .. } => None,
        }
    }

    fn offer_meant(
        &self,
        pick: &Pick,
        (text, sure): (&str, bool),
        source: Source,
    ) -> Option<Meaning> {
        let written = match source {
            Source::Speech => None,
            Source::Text => nearest(text, PickWord::phrases(pick.at_once)),
        };
        match PickWord::heard(written.unwrap_or(text), pick.at_once) {
            Some(PickWord::Others) => Some(Meaning::OtherOffers),
            Some(PickWord::Place(place)) => {
                let place = self.place_said(pick, place)?;
                Some(Meaning::Offers(vec![place], sure))
            }
            None => {
                let places = self.offers_named(pick, text, source);
                (!places.is_empty()).then_some(Meaning::Offers(places, sure))
            }
        }
    }

    pub(super) fn command_in(&self, text: &str, source: Source) -> Option<Command> {
        let command = match source {
            Source::Speech => Command::heard(text),
            Source::Text => {
                let all = Command::ALL.iter().flat_map(|c| {
                    let foreign = c.phrases_in(&self.pace.language);
                    c.phrases().iter().chain(foreign).copied()
                });
                typed_whole(text, all).and_then(Command::heard)
            }
        };
        command.filter(|command| self.script.knows(*command))
    }

    fn yes_no_in(&self, text: &str, source: Source) -> Option<YesNo> {
        match source {
            Source::Speech => YesNo::heard(text),
            Source::Text => {
                let answers = [YesNo::Yes, YesNo::No];
                let all = answers.iter().flat_map(|a| {
                    let foreign = a.phrases_in(&self.pace.language);
                    a.phrases().iter().chain(foreign).copied()
                });
                nearest(text, all).and_then(YesNo::heard)
            }
        }
    }
}

/// The phrase that a typed line holds, or is but for slips of the fingers.
fn nearest<'a>(line: &str, phrases: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    spot(line, phrases.clone()).or_else(|| typed_whole(line, phrases))
}

/// The phrase that a whole typed line is, but for slips of the fingers.
fn typed_whole<'a>(line: &str, phrases: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let line = normalise(line);
    let likeness = |phrase: &str| strsim::normalized_damerau_levenshtein(&line, &normalise(phrase));
    phrases
        .map(|phrase| (likeness(phrase), phrase))
        .filter(|(likeness, _)| likeness * 1_000.0 >= f64::from(TYPED_LIKENESS_PERMILLE))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, phrase)| phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_fingers_are_mended_and_other_words_are_not() {
        let phrases = ["запись на приём", "оператор", "да"];
        let near = |line| nearest(line, phrases.iter().copied());
        assert_eq!(near("Запиь на прием"), Some("запись на приём"));
        assert_eq!(
            near("мне бы запись на приём, пожалуйста"),
            Some("запись на приём")
        );
        assert_eq!(near("опреатор"), Some("оператор"));
        assert_eq!(near("да!"), Some("да"));
        assert_eq!(near("до"), None);
        assert_eq!(near("оперативно"), None);
    }
}
