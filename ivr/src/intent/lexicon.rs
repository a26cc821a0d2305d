//! Which words say nothing, and which words say the same.

use std::collections::BTreeSet;

use super::stem::{is_case_ending, stem};
use super::words::normalise;

/// Words of a line that are looked at: nobody says more in one breath.
const WORDS_MAX: usize = 60;

/// `scripts/intents/words.toml`, ready for use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// Words without meaning here, as they are said.
    empty: BTreeSet<String>,
    /// Nouns whose end looks like an ending: «портал», «металлолом».
    nouns: BTreeSet<String>,
    /// Stems of what is said, and the stem it stands for; longest first.
    synonyms: Vec<(Vec<String>, String)>,
}

impl Lexicon {
    /// `empty` are words that are passed over; `nouns` are whole where the rules of endings would cut
    /// them; each of `synonyms` is a word and what is said for it,
    /// which may be several words each.
    #[must_use]
    pub fn new<'a>(
        empty: impl IntoIterator<Item = &'a str>,
        nouns: impl IntoIterator<Item = &'a str>,
        synonyms: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>,
    ) -> Self {
        let mut lexicon = Self {
            empty: empty.into_iter().map(normalise).collect(),
            nouns: nouns.into_iter().map(normalise).collect(),
            synonyms: Vec::new(),
        };
        let mut all = Vec::new();
        for (word, also) in synonyms {
            let meant = lexicon.stems(word).join(" ");
            all.extend(
                also.into_iter()
                    .map(|said| (lexicon.stems(said), meant.clone())),
            );
        }
        all.retain(|(said, meant)| !said.is_empty() && !meant.is_empty());
        all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        lexicon.synonyms = all;
        lexicon
    }

    /// The words that mean something, in their order.
    pub(super) fn words(&self, text: &str) -> Vec<String> {
        normalise(text)
            .split(' ')
            .filter(|word| !word.is_empty() && !self.empty.contains(*word))
            .take(WORDS_MAX)
            .map(str::to_owned)
            .collect()
    }

    /// Stems of the words that mean something, in their order.
    pub(super) fn stems(&self, text: &str) -> Vec<String> {
        let words = self.words(text);
        words.iter().map(|word| self.stem(word)).collect()
    }

    /// The stem of a word that [`normalise`] has been through.
    pub(super) fn stem(&self, word: &str) -> String {
        let noun = self.nouns.iter().find(|noun| {
            let ending = word.strip_prefix(noun.as_str());
            ending.is_some_and(is_case_ending)
        });
        noun.cloned().unwrap_or_else(|| stem(word))
    }

    /// Every stem that a synonym is made of.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.synonyms
            .iter()
            .flat_map(|(said, _)| said.iter().map(String::as_str))
    }

    /// Puts one word for all its synonyms, the longest first at every place.
    pub(super) fn merge(&self, stems: &[String]) -> Vec<String> {
        let mut merged = Vec::with_capacity(stems.len());
        let mut rest = stems;
        while let Some((first, others)) = rest.split_first() {
            let found = self
                .synonyms
                .iter()
                .find(|(said, _)| rest.starts_with(said));
            if let Some((said, meant)) = found {
                merged.extend(meant.split(' ').map(str::to_owned));
                rest = rest.get(said.len()..).unwrap_or_default();
            } else {
                merged.push(first.clone());
                rest = others;
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::new(
            ["здравствуйте", "мне", "про"],
            ["портал", "лом"],
            [
                ("документы", vec!["бумаги", "справка"]),
                ("не работает", vec!["виснет", "выдаёт ошибку"]),
            ],
        )
    }

    #[test]
    fn empty_words_go_and_synonyms_meet() {
        let lexicon = lexicon();
        let merged = |text| lexicon.merge(&lexicon.stems(text)).join(" ");
        assert_eq!(merged("Здравствуйте, мне про бумагу!"), "документ");
        assert_eq!(merged("портал выдаёт ошибки"), merged("портал не работает"));
        assert_eq!(merged("портал виснет"), "портал не работа");
        assert_eq!(merged("выдаёт бумаги"), "выда документ");
        assert_eq!(
            merged("порталу порталами лома ломом"),
            "портал портал лом лом"
        );
        assert_eq!(merged(""), "");
        assert_eq!(lexicon.known().count(), 5);
    }

    #[test]
    fn a_long_line_is_cut() {
        let line = "слово ".repeat(500);
        assert_eq!(lexicon().stems(&line).len(), WORDS_MAX);
    }
}
