//! Words of the files for things of the vocabulary, and the limits of what is said.

use events::NeedCode;

/// Words in a sentence: more is not understood by ear (row #26).
pub(super) const SENTENCE_WORDS_MAX: usize = 20;
/// Words in a prompt.
pub(super) const PROMPT_WORDS_MAX: usize = 75;
/// Letters of a phrase below which the recogniser confuses it (`ivr/model/MODEL_CARD.md`).
pub(super) const PHRASE_LETTERS_MIN: usize = 4;
/// Likeness (1 − edits over length, thousandths) from which two phrases of different choices are too close.
pub(super) const ALIKE_PERMILLE: u32 = 800;
/// The placeholder for the organisation's name.
pub(super) const ORGANISATION: &str = "organisation";
/// Letters in a name.
pub(super) const NAME_LETTERS_MAX: usize = 40;

/// The nine needs (row #43) by the words that scripts use.
const NEEDS: &[(&str, NeedCode)] = &[
    ("information", NeedCode::Information),
    ("consultation", NeedCode::Consultation),
    ("forms", NeedCode::Forms),
    ("application", NeedCode::Application),
    ("progress", NeedCode::Progress),
    ("result", NeedCode::Result),
    ("feedback", NeedCode::Feedback),
    ("feedback_result", NeedCode::FeedbackResult),
    ("other", NeedCode::Other),
];

/// The need that a word of a script stands for.
#[must_use]
pub fn need_parse(word: &str) -> Option<NeedCode> {
    NEEDS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, need)| *need)
}

/// The word of a script for a need.
#[must_use]
pub fn need_word(need: NeedCode) -> &'static str {
    NEEDS
        .iter()
        .find(|(_, code)| *code == need)
        .map_or("other", |(name, _)| name)
}

/// The words a script may use for a need, for advice.
pub(super) fn need_words() -> String {
    NEEDS
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether this is a name: Latin small letters, digits and `_`, a letter first.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= NAME_LETTERS_MAX
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether the recogniser's lexicon can spell this: а–я, ё, space, hyphen, and at least a letter.
pub(super) fn is_phrase(phrase: &str) -> bool {
    let letter = |c: char| ('а'..='я').contains(&c) || c == 'ё';
    phrase.chars().any(letter)
        && phrase.chars().all(|c| letter(c) || c == ' ' || c == '-')
        && phrase.trim() == phrase
}

/// The most words of a sentence in the text.
pub(super) fn longest_sentence(text: &str) -> usize {
    text.split(['.', '!', '?', ';', '…'])
        .map(count)
        .max()
        .unwrap_or(0)
}

/// Words of the text.
pub(super) fn count(text: &str) -> usize {
    text.split_whitespace()
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .count()
}

/// Names between braces in the text, in their order.
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            names.push(after);
            break;
        };
        names.push(name);
        rest = tail;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_have_words_both_ways() {
        for need in NeedCode::ALL {
            assert_eq!(need_parse(need_word(*need)), Some(*need));
        }
        assert_eq!(need_parse("nothing"), None);
    }

    #[test]
    fn names_phrases_and_placeholders() {
        assert!(is_name("scrap_licence2") && !is_name("2x") && !is_name("Топик") && !is_name(""));
        assert!(is_phrase("ещё по-русски") && !is_phrase("IT") && !is_phrase("Лом"));
        assert!(!is_phrase("лом 2") && !is_phrase(" ") && !is_phrase("лом "));
        assert_eq!(placeholders("a {b} c {d}{e"), ["b", "d", "e"]);
        assert_eq!(longest_sentence("Раз два. Три! Четыре пять — шесть?"), 3);
    }
}
