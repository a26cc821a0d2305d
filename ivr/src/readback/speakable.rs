//! A text with figures, signs and shortened words as the synthesiser should read it.

use super::abbreviations::{capitals, short};
use super::address;
use super::declined::in_its_case;
use super::figures;
use super::{places, weekdays};

/// The text with telephone numbers, dates, times, sums, numbers, addresses and shortened words
/// written out, in the case and gender that the words around ask for: «до 30 дней» is «до тридцати
/// дней». What has no figures, signs or capitals stays as it is.
#[must_use]
pub fn speakable(text: &str) -> String {
    let mut out = Said::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // Figures begin a word of their own wherever they stand.
        let at_word = !out.in_word || first.is_ascii_digit();
        let taken = if at_word { out.token(rest) } else { None };
        let taken = taken.unwrap_or_else(|| {
            out.push(first);
            first.len_utf8()
        });
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.text
}

/// What is said so far.
#[derive(Default)]
pub(super) struct Said {
    pub(super) text: String,
    /// The last character belongs to a word.
    in_word: bool,
}

impl Said {
    fn push(&mut self, c: char) {
        self.in_word = c.is_alphanumeric();
        self.text.push(if c == '\u{a0}' { ' ' } else { c });
    }

    fn words(&mut self, words: &str) {
        let apart = self.text.ends_with(char::is_alphanumeric);
        if apart && !words.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(words);
        self.in_word = words.ends_with(char::is_alphanumeric);
    }

    /// Takes what begins a word of the text, if it is not read as it is written.
    fn token(&mut self, rest: &str) -> Option<usize> {
        let first = rest.chars().next()?;
        if let Some(length) = address::length(rest) {
            let whole = rest.get(..length)?;
            self.words(&address::said(whole));
            return Some(length);
        }
        if first.is_ascii_digit() || first == '+' {
            let (said, length) = figures::read(rest, &self.text)?;
            self.words(&said);
            // What follows is apart: «5кг».
            self.in_word = false;
            self.gap(rest.get(length..)?);
            return Some(length);
        }
        if let Some((said, length)) = weekdays::short(rest) {
            let begins = first.is_uppercase();
            self.words(&if begins { capital(&said) } else { said });
            return Some(length);
        }
        if let Some((full, length)) = short(rest) {
            let full = in_its_case(full, &self.text);
            if self.text.trim_end().is_empty() || self.ends_sentence() {
                self.words(&capital(full));
            } else {
                self.words(full);
            }
            self.in_word = false;
            self.stop(rest.get(length..)?, full);
            return Some(length);
        }
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '-')
            .unwrap_or(rest.len());
        let word = rest.get(..end)?.trim_end_matches('-');
        if let Some(said) = places::roman(word, rest.get(word.len()..)?) {
            self.words(&said);
            return Some(word.len());
        }
        for word in [word, word.split('-').next()?] {
            if let Some(said) = capitals(word) {
                self.words(&said);
                return Some(word.len());
            }
        }
        None
    }

    fn ends_sentence(&self) -> bool {
        self.text.trim_end().ends_with(['.', '!', '?'])
    }

    /// A space, if a word follows at once; or the full stop that the shortened word took with it.
    fn gap(&mut self, after: &str) {
        if after.starts_with(char::is_alphabetic) {
            self.text.push(' ');
        }
    }

    fn stop(&mut self, after: &str, full: &str) {
        let ends = after.trim_start().chars().next();
        let closing = matches!(
            full,
            "и так далее"
                | "и тому подобное"
                | "и прочее"
                | "и другие"
                | "рублей"
                | "копеек"
                | "минут"
                | "человек"
        );
        let over = ends.is_none_or(|next| closing && next.is_uppercase());
        if over && closing {
            self.text.push('.');
        } else {
            self.gap(after);
            if after.starts_with(|c: char| c.is_ascii_digit()) {
                self.text.push(' ');
            }
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_figure_is_left_and_nothing_panics(text in "[а-яА-Яa-z0-9+:.,№%@() –-]{0,40}") {
            let said = speakable(&text);
            prop_assert!(!said.chars().any(|c| c.is_ascii_digit()), "{said}");
        }

        #[test]
        fn words_stay_as_they_are(text in "[а-я]{3,9}( [а-я]{3,9}){0,5}") {
            prop_assume!(!text.split(' ').any(|w| matches!(w, "год")));
            prop_assert_eq!(speakable(&text), text);
        }
    }
}
