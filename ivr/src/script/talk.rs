//! What talks with people are about, as a closed list: for a model that cannot write down free speech.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::grammar::Grammar;
use super::model::{NodeKind, Script, Taken};
use crate::g2p;
use crate::graph::{MAX_PHRASES, spoken_form};
use crate::intent::Corpus;

/// Most words of a phrase: a longer one is hardly ever said in just these words.
const WORDS_MAX: usize = 4;
/// Least sounds of a phrase: shorter ones sound by chance in other speech.
const SOUNDS_MIN: usize = 8;

/// How the names of such lists begin.
const NAME: &str = "talk@";

/// Whether a list of this name is one of what talks are about.
pub(crate) fn is_talk_list(name: &str) -> bool {
    name.starts_with(NAME)
}

/// The list of a house: what callers may say to choose a service, and the examples of all that they
/// may want. Its name changes with it.
pub(super) fn list<'a>(
    scripts: impl Iterator<Item = &'a Script>,
    corpus: Option<&Corpus>,
) -> Option<Grammar> {
    let mut phrases: Vec<&str> = scripts.flat_map(services).collect();
    let examples = corpus.into_iter().flat_map(|corpus| &corpus.examples);
    phrases.extend(
        examples
            .filter(|example| !example.intents.is_empty())
            .map(|example| example.text.as_str()),
    );
    let mut forms = BTreeSet::new();
    let fits = |phrase: &&str| {
        let form = spoken_form(phrase).filter(|form| is_told_apart(form));
        form.is_some_and(|form| forms.insert(form))
    };
    let phrases: Vec<String> = phrases
        .into_iter()
        .filter(fits)
        .take(MAX_PHRASES)
        .map(str::to_owned)
        .collect();
    let mut sum = DefaultHasher::new();
    phrases.hash(&mut sum);
    (!phrases.is_empty()).then(|| Grammar {
        node: format!("{NAME}{:016x}", sum.finish()),
        phrases,
        patterns: Vec::new(),
    })
}

/// What may be said to choose a service.
fn services(script: &Script) -> impl Iterator<Item = &str> {
    let questions = script.nodes().filter_map(|node| match &node.kind {
        NodeKind::Question(question) => Some(question),
        NodeKind::Say { .. }
        | NodeKind::Answer { .. }
        | NodeKind::Ask(_)
        | NodeKind::Pick(_)
        | NodeKind::Dictate(_)
        | NodeKind::Task(_)
        | NodeKind::If(_)
        | NodeKind::Set(_)
        | NodeKind::Call(_)
        | NodeKind::Return { .. }
        | NodeKind::Handover { .. }
        | NodeKind::Finish { .. } => None,
    });
    let options = questions.flat_map(|question| &question.options);
    let of_service = options.filter(|option| match &option.taken {
        Taken::Way { service, .. } => service.is_some(),
        Taken::Score(_) | Taken::Correction { .. } => false,
    });
    of_service.flat_map(|option| option.phrases.iter().map(String::as_str))
}

/// Whether a phrase is heard among other words, and not by chance.
fn is_told_apart(form: &str) -> bool {
    let words = form.split(' ').count();
    let sounds: usize = form.split(' ').map(|word| g2p::pronounce(word).len()).sum();
    words <= WORDS_MAX && sounds >= SOUNDS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_that_sound_by_chance_or_are_never_said_just_so_are_left_out() {
        assert!(is_told_apart("лицензия на лом"));
        assert!(is_told_apart("технопарк"));
        assert!(!is_told_apart("адрес"));
        assert!(!is_told_apart("через какой сайт подавать на лицензию"));
    }
}
