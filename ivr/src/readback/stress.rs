//! Where the stress falls, for words that the engine does not know or takes for others.
//!
//! The engines want a combining acute behind the stressed vowel (measured with RHVoice 1.8: a `+`
//! before it cuts the word in two); people find a `+` before it easier to type.
//!
//! A dictionary is a list of entries: a word, or a few words, with a `+` before the stressed vowel.
//! Several words tell «до дома» and «два дома» apart; longer entries win. The product has a list of
//! its own, an administrator adds another (`scripts/phrases/stress.toml`), whose entries win.

use std::collections::BTreeMap;

use thiserror::Error;

/// The list that comes with the product.
const BUILT_IN: &str = include_str!("stress.txt");
/// What the engines take for the stress of the vowel before it.
const ACUTE: char = '\u{301}';
/// Letters that can be stressed.
const VOWELS: &str = "аеёиоуыэюяАЕЁИОУЫЭЮЯ";
/// Words in one entry at most.
const WORDS_MAX: usize = 4;

/// Why an entry cannot be used; the text says what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StressError {
    /// Nothing is marked.
    #[error("ударение не отмечено")]
    Unmarked,
    /// A mark stands elsewhere than before a vowel.
    #[error("«+» стоит не перед гласной буквой")]
    Misplaced,
    /// A character that no Russian word has.
    #[error("есть знаки, кроме русских букв, пробела и дефиса")]
    Letters,
    /// Too many words.
    #[error("больше {WORDS_MAX} слов подряд")]
    TooLong,
    /// The same words stand twice.
    #[error("эти слова уже есть выше")]
    Twice,
}

/// Words with their stress.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    words: BTreeMap<String, String>,
}

impl Stress {
    /// The list that comes with the product; its entries are proved by a test.
    #[must_use]
    pub fn built_in() -> Self {
        let mut stress = Self::default();
        for entry in built_in() {
            let added = stress.add(entry);
            debug_assert_eq!(added, Ok(()), "{entry}");
        }
        stress
    }

    /// Adds an entry: `анк+ета`, `из д+ома`.
    ///
    /// # Errors
    /// What is wrong with it; nothing is added then.
    pub fn add(&mut self, entry: &str) -> Result<(), StressError> {
        let written = entry.replace('+', "").to_lowercase();
        let letter = |c: char| matches!(c, 'а'..='я' | 'ё' | ' ' | '-');
        let before_vowel = |at: usize| {
            let after = entry.get(at + 1..).and_then(|rest| rest.chars().next());
            after.is_some_and(|c| VOWELS.contains(c))
        };
        if !entry.contains('+') {
            return Err(StressError::Unmarked);
        }
        if !written.chars().all(letter) {
            return Err(StressError::Letters);
        }
        if !entry.match_indices('+').all(|(at, _)| before_vowel(at)) {
            return Err(StressError::Misplaced);
        }
        if written.split(' ').count() > WORDS_MAX {
            return Err(StressError::TooLong);
        }
        if self.words.contains_key(&written) {
            return Err(StressError::Twice);
        }
        self.words.insert(written, entry.to_owned());
        Ok(())
    }

    /// The built-in list and these entries, which win.
    #[must_use]
    pub fn over_built_in(self) -> Self {
        let mut whole = Self::built_in();
        whole.words.extend(self.words);
        whole
    }

    /// The text with an acute behind the stressed vowel of the words that are known, and of those
    /// that the text itself marks with a `+`.
    #[must_use]
    pub fn mark(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while !rest.is_empty() {
            let gap = word_begin(rest);
            let (before, from) = rest.split_at(gap);
            out.push_str(before);
            let (marked, length) = self.longest(from);
            out.push_str(&marked);
            rest = from.get(length..).unwrap_or_default();
        }
        out
    }

    /// The most words at the beginning of the text that the dictionary has, marked; or the first
    /// word as it is.
    fn longest(&self, text: &str) -> (String, usize) {
        let mut ends = Vec::new();
        let mut at = 0;
        for _ in 0..WORDS_MAX {
            let rest = text.get(at..).unwrap_or_default();
            let end = at + word_end(rest);
            ends.push(end);
            let Some(after) = text.get(end..).and_then(|rest| rest.strip_prefix(' ')) else {
                break;
            };
            if word_begin(after) > 0 {
                break;
            }
            at = end + 1;
        }
        let known = ends.iter().rev().find_map(|end| {
            let written = text.get(..*end)?;
            let marked = self.words.get(&written.to_lowercase())?;
            Some((as_written(written, marked), *end))
        });
        let first = ends.first().copied().unwrap_or_default();
        known.unwrap_or_else(|| {
            let word = text.get(..first).unwrap_or_default();
            (as_written(&unmarked(word), word), first)
        })
    }
}

fn built_in() -> impl Iterator<Item = &'static str> {
    let lines = BUILT_IN.lines().map(str::trim_end);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The text without its marks, for an engine that does not know them and for people to read.
#[must_use]
pub fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let mark = c == '+' && letters.peek().is_some_and(|next| VOWELS.contains(*next));
        if !mark && c != ACUTE {
            out.push(c);
        }
    }
    out
}

/// Where the next word begins, its mark included.
fn word_begin(text: &str) -> usize {
    let begins = |at: usize, c: char| {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        c.is_alphabetic() || c == '+' && rest.starts_with(|next| VOWELS.contains(next))
    };
    text.char_indices()
        .find(|(at, c)| begins(*at, *c))
        .map_or(text.len(), |(at, _)| at)
}

fn word_end(text: &str) -> usize {
    text.find(|c: char| !c.is_alphabetic() && c != '+')
        .unwrap_or(text.len())
}

/// The word as it is written, with acutes where the other has its marks.
fn as_written(written: &str, marked: &str) -> String {
    let mut out = String::with_capacity(written.len() + 2);
    let mut letters = written.chars();
    let mut stressed = false;
    for c in marked.chars() {
        if c == '+' {
            stressed = true;
            continue;
        }
        out.extend(letters.next());
        if std::mem::take(&mut stressed) {
            out.push(ACUTE);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stress(entries: &[&str]) -> Stress {
        let mut stress = Stress::default();
        for entry in entries {
            stress.add(entry).unwrap();
        }
        stress
    }

    #[test]
    fn the_built_in_list_is_right() {
        let entries: Vec<&str> = built_in().collect();
        assert!(entries.len() >= 40, "{}", entries.len());
        assert_eq!(stress(&entries), Stress::built_in());
    }

    #[test]
    fn words_are_marked_as_they_are_written() {
        let stress = stress(&["догов+оры", "из д+ома", "дом+а"]);
        for (text, marked) in [
            ("Договоры и дома.", "Догово\u{301}ры и дома\u{301}."),
            ("Вышли из дома, дома.", "Вышли из до\u{301}ма, дома\u{301}."),
            ("ДОМА", "ДОМА\u{301}"),
            ("домашний", "домашний"),
            ("", ""),
            (
                "зам+ок и +атлас, дома!",
                "замо\u{301}к и а\u{301}тлас, дома\u{301}!",
            ),
            ("из  дома", "из  дома\u{301}"),
            ("плюс + семь", "плюс + семь"),
        ] {
            assert_eq!(stress.mark(text), marked, "{text}");
            assert_eq!(unmarked(&stress.mark(text)), unmarked(text));
        }
        assert_eq!(unmarked("+7 и догов+оры"), "+7 и договоры");
    }

    #[test]
    fn an_administrator_adds_and_corrects() {
        let own = stress(&["анк+ета", "кв+артал"]).over_built_in();
        assert_eq!(own.mark("анкета"), "анке\u{301}та");
        assert_eq!(own.mark("квартал"), "ква\u{301}ртал");
        assert_eq!(own.mark("договоры"), "догово\u{301}ры");
        for (entry, wrong) in [
            ("", StressError::Unmarked),
            ("анкета", StressError::Unmarked),
            ("анк+етa", StressError::Letters),
            ("анкет+", StressError::Misplaced),
            ("а+нкета", StressError::Misplaced),
            ("од+ин два три четыре пять", StressError::TooLong),
            ("Анк+ета", StressError::Twice),
        ] {
            assert_eq!(stress(&["анк+ета"]).add(entry), Err(wrong), "{entry}");
        }
    }
}
