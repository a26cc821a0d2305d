//! Finding a phrase of the list in what a model of free speech wrote down.

use crate::graph::Grammar;

/// Most words of one utterance that are looked at: a minute of speech.
const MOST_WORDS: usize = 150;
/// Most words of a phrase or pattern looked for.
const MOST_PHRASE: usize = 24;

/// Where the longest phrase of the list stands among these words, the first of equals.
pub(super) fn phrase_in(grammar: &Grammar, words: &[&str]) -> Option<std::ops::Range<usize>> {
    let words = words.get(..MOST_WORDS).unwrap_or(words);
    let longest = words.len().min(MOST_PHRASE);
    (1..=longest).rev().find_map(|length| {
        let at = words
            .windows(length)
            .position(|window| grammar.accepts(&window.join(" ")))?;
        Some(at..at + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_found_among_other_words() {
        let grammar = Grammar::new(&["лицензия", "лицензия на лом", "да"]).unwrap();
        let found = |said: &str| {
            let words: Vec<&str> = said.split(' ').collect();
            phrase_in(&grammar, &words).map(|at| words[at].join(" "))
        };
        let said = "здравствуйте мне бы лицензия на лом нужна да";
        assert_eq!(found(said).as_deref(), Some("лицензия на лом"));
        assert_eq!(found("ну да").as_deref(), Some("да"));
        assert_eq!(found("когда"), None);
        assert_eq!(phrase_in(&grammar, &[]), None);
    }
}
