//! Where the stress falls, for words that the engine does not know or takes for others.
//!
//! The engines want a combining acute behind the stressed vowel (measured with RHVoice 1.8: a `+`
//! before it cuts the word in two); people find a `+` before it easier to type.
//!
//! A dictionary is a text of lines `as written<TAB>with a + before the stressed vowel`; lines that
//! begin with `#` are remarks. A line may hold several words, so that «до дома» and «два дома» can be
//! told apart. Longer lines win.

use std::collections::BTreeMap;

use thiserror::Error;

/// The dictionary that comes with the product.
const BUILT_IN: &str = include_str!("stress.tsv");
/// What the engines take for the stress of the vowel before it.
const ACUTE: char = '\u{301}';
/// Letters that can be stressed.
const VOWELS: &str = "аеёиоуыэюяАЕЁИОУЫЭЮЯ";
/// Words in one line at most.
const WORDS_MAX: usize = 4;
/// Lines in one dictionary at most.
const LINES_MAX: usize = 20_000;

/// Why a dictionary cannot be read; the text says where and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StressError {
    /// A line is not as it should be.
    #[error(
        "словарь ударений, строка {0}: нужны слово, табуляция и то же слово с «+» перед ударной \
         гласной, например «договоры<TAB>догов+оры»"
    )]
    Line(usize),
    /// Too many lines.
    #[error("в словаре ударений больше {LINES_MAX} строк: оставьте только нужные")]
    TooLong,
}

/// Words with their stress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stress {
    words: BTreeMap<String, String>,
}

impl Stress {
    /// The dictionary that comes with the product; its lines are proved by a test.
    #[must_use]
    pub fn built_in() -> Self {
        Self::read(BUILT_IN).unwrap_or(Self {
            words: BTreeMap::new(),
        })
    }

    fn read(text: &str) -> Result<Self, StressError> {
        let mut words = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            if number > LINES_MAX {
                return Err(StressError::TooLong);
            }
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (written, marked) = line.split_once('\t').ok_or(StressError::Line(number))?;
            let written = written.to_lowercase();
            let vowel = |at: usize| {
                let after = marked.get(at + 1..).and_then(|rest| rest.chars().next());
                after.is_some_and(|c| VOWELS.contains(c))
            };
            let marks = marked.match_indices('+').count();
            let right = marks > 0
                && marked.match_indices('+').all(|(at, _)| vowel(at))
                && marked.replace('+', "") == written
                && (1..=WORDS_MAX).contains(&written.split(' ').count());
            if !right {
                return Err(StressError::Line(number));
            }
            words.insert(written, marked.to_owned());
        }
        Ok(Self { words })
    }

    /// This dictionary and another, whose lines win.
    ///
    /// # Errors
    /// The first line that is not as it should be.
    pub fn extended(mut self, text: &str) -> Result<Self, StressError> {
        self.words.extend(Self::read(text)?.words);
        Ok(self)
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

    #[test]
    fn the_built_in_dictionary_is_right() {
        let built_in = Stress::read(BUILT_IN).unwrap();
        assert!(built_in.words.len() >= 40, "{}", built_in.words.len());
        assert_eq!(built_in, Stress::built_in());
    }

    #[test]
    fn words_are_marked_as_they_are_written() {
        let stress =
            Stress::read("# remark\n\nдоговоры\tдогов+оры\nиз дома\tиз д+ома\nдома\tдом+а\n")
                .unwrap();
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
        let stress = Stress::built_in().extended("анкета\tанк+ета\n").unwrap();
        assert_eq!(stress.mark("анкета"), "анке\u{301}та");
        for (text, line) in [
            ("анкета", 1),
            ("# да\nанкета\tанкета", 2),
            ("анкета\tанк+етa", 1),
            ("анкета\tанкет+", 1),
            ("анкета\tа+нкета", 1),
            ("один два три четыре пять\tод+ин два три четыре пять", 1),
        ] {
            assert_eq!(Stress::read(text), Err(StressError::Line(line)), "{text}");
        }
    }
}
