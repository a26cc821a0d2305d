//! What is said: in every language it was written in, values of the call to be filled in.

use std::collections::BTreeMap;

use super::{Language, words::placeholders};
use crate::Phrase;

/// Gives the full name of a variable for its name in a file.
pub(super) type Names<'a> = &'a dyn Fn(&str) -> String;

/// A text that a dialogue says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Said {
    by_language: BTreeMap<Language, Vec<Piece>>,
    /// What is said when the language asked for is not there.
    first: Option<Language>,
}

/// One phrase of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The same for everybody: rendered before the first call, or recorded.
    Fixed(Phrase),
    /// With values of the call.
    Live {
        /// The phrase's name: ends in [`Phrase::LIVE`].
        name: String,
        /// Its words and values, in their order.
        parts: Vec<Part>,
    },
}

/// A stretch of a live phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words of the script.
    Words(String),
    /// The value of a variable.
    Value(String),
}

impl Said {
    /// Adds the text of a language; the first added is said where no other fits. `fixed` makes words
    /// of the script ready to be said; `variable` gives the full name of a placeholder.
    pub(super) fn add(
        &mut self,
        language: &Language,
        name: &str,
        text: &str,
        (fixed, variable): (&dyn Fn(&str) -> String, Names<'_>),
    ) {
        let name = if language.is_russian() {
            name.to_owned()
        } else {
            format!("{name}@{language}")
        };
        self.first.get_or_insert_with(|| language.clone());
        let pieces = pieces(&name, text, fixed, variable);
        self.by_language.insert(language.clone(), pieces);
    }

    /// The phrases in this language, or in the first one.
    #[must_use]
    pub fn pieces(&self, language: &Language) -> &[Piece] {
        let found = self.by_language.get(language);
        let first = || self.by_language.get(self.first.as_ref()?);
        found.or_else(first).map_or(&[], Vec::as_slice)
    }

    /// Says the other after this, in every language of either.
    pub(super) fn append(&mut self, other: &Self) {
        if self.first.is_none() {
            self.first.clone_from(&other.first);
        }
        for (language, pieces) in &other.by_language {
            let own = self.by_language.entry(language.clone()).or_default();
            own.extend(pieces.iter().cloned());
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_language.values().all(Vec::is_empty)
    }

    /// Every phrase that is the same for everybody, in every language.
    pub fn fixed(&self) -> impl Iterator<Item = &Phrase> {
        self.by_language.values().flatten().filter_map(|p| match p {
            Piece::Fixed(phrase) => Some(phrase),
            Piece::Live { .. } => None,
        })
    }

    /// The phrases in this language, `say` giving the words of a variable's value.
    pub(crate) fn render(
        &self,
        language: &Language,
        say: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Phrase> {
        let words = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Value(name) => say(name).unwrap_or_default(),
        };
        let phrases = self.pieces(language).iter().map(|piece| match piece {
            Piece::Fixed(phrase) => phrase.clone(),
            Piece::Live { name, parts } => Phrase {
                name: name.clone(),
                text: parts.iter().map(words).collect(),
            },
        });
        phrases.filter(|p| !p.text.is_empty()).collect()
    }
}

/// In the script's first language, values as `{name}`: for pictures and tools.
impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = self.first.as_ref().and_then(|l| self.by_language.get(l));
        for (number, piece) in first.into_iter().flatten().enumerate() {
            if number > 0 {
                f.write_str(" ")?;
            }
            match piece {
                Piece::Fixed(phrase) => f.write_str(&phrase.text)?,
                Piece::Live { parts, .. } => {
                    for part in parts {
                        match part {
                            Part::Words(words) => f.write_str(words)?,
                            Part::Value(name) => write!(f, "{{{name}}}")?,
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Sentences with values apart from the rest: what is said to everybody is rendered once.
fn pieces(
    name: &str,
    text: &str,
    fixed: &dyn Fn(&str) -> String,
    variable: &dyn Fn(&str) -> String,
) -> Vec<Piece> {
    if placeholders(text).is_empty() {
        let text = fixed(text);
        let phrase = Phrase {
            name: name.to_owned(),
            text,
        };
        return vec![Piece::Fixed(phrase)];
    }
    let mut runs: Vec<(bool, String)> = Vec::new();
    for sentence in sentences(text) {
        let live = !placeholders(sentence).is_empty();
        match runs.last_mut() {
            Some((last, run)) if *last == live => run.push_str(sentence),
            Some(_) | None => runs.push((live, sentence.to_owned())),
        }
    }
    let mut out = Vec::new();
    for (number, (live, run)) in (1u32..).zip(runs) {
        out.push(if live {
            Piece::Live {
                name: format!("{name}{}", Phrase::LIVE),
                parts: parts(run.trim(), fixed, variable),
            }
        } else {
            Piece::Fixed(Phrase {
                name: format!("{name}.{number}"),
                text: fixed(run.trim()),
            })
        });
    }
    out
}

/// The sentences of a text, each with the space after it. A dot within braces ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut from, mut inside, mut ended) = (0, false, false);
    for (at, symbol) in text.char_indices() {
        let ends = matches!(symbol, '.' | '!' | '?' | '…');
        if !symbol.is_whitespace() && !ends {
            let before = text.get(from..at).unwrap_or_default();
            if ended && before.ends_with(char::is_whitespace) {
                out.push(before);
                from = at;
            }
            ended = false;
        }
        match symbol {
            '{' => inside = true,
            '}' => inside = false,
            _ => ended = ended || ends && !inside,
        }
    }
    out.extend(text.get(from..).filter(|rest| !rest.is_empty()));
    out
}

fn parts(
    text: &str,
    fixed: &dyn Fn(&str) -> String,
    variable: &dyn Fn(&str) -> String,
) -> Vec<Part> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        words(before, fixed, &mut out);
        out.push(Part::Value(variable(name)));
        rest = tail;
    }
    words(rest, fixed, &mut out);
    out
}

/// Words between values keep the spaces around them.
fn words(text: &str, fixed: &dyn Fn(&str) -> String, out: &mut Vec<Part>) {
    if text.is_empty() {
        return;
    }
    let space = |there: bool| if there { " " } else { "" };
    let said = fixed(text);
    let (before, after) = (
        space(text.starts_with(char::is_whitespace)),
        space(!said.is_empty() && text.ends_with(char::is_whitespace)),
    );
    out.push(Part::Words(format!("{before}{said}{after}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Said {
        let mut said = Said::default();
        let keep = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = |name: &str| name.to_owned();
        said.add(&Language::russian(), "a.b", text, (&keep, &name));
        said
    }

    fn rendered(text: &str) -> Vec<(String, String)> {
        let value = |name: &str| Some(format!("<{name}>"));
        let phrases = said(text).render(&Language::russian(), &value);
        phrases.into_iter().map(|p| (p.name, p.text)).collect()
    }

    #[test]
    fn sentences_with_values_are_phrases_of_their_own() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(rendered("Раз. Два."), [pair("a.b", "Раз. Два.")]);
        assert_eq!(
            rendered("Готово! Ждём {visit.date}, в {visit.time}. До свидания. Спасибо."),
            [
                pair("a.b.1", "Готово!"),
                pair("a.b.live", "Ждём <visit.date>, в <visit.time>."),
                pair("a.b.3", "До свидания. Спасибо."),
            ]
        );
        assert_eq!(rendered("{x} из {y}"), [pair("a.b.live", "<x> из <y>")]);
        assert_eq!(
            rendered("Так. {x}."),
            [pair("a.b.1", "Так."), pair("a.b.live", "<x>.")]
        );
    }

    #[test]
    fn another_language_has_another_name_and_the_first_stands_in() {
        let mut said = said("Здравствуйте.");
        let keep = |text: &str| text.to_owned();
        let english = Language::parse("en").unwrap();
        said.add(&english, "a.b", "Hello, {x}.", (&keep, &keep));
        let one = |language: &str| {
            let language = Language::parse(language).unwrap();
            said.render(&language, &|_| Some("you".into())).remove(0)
        };
        assert_eq!(one("en").name, "a.b@en.live");
        assert_eq!((one("en").language(), one("en").is_live()), ("en", true));
        assert_eq!((one("be").language(), one("be").is_live()), ("ru", false));
        assert_eq!(said.fixed().count(), 1);
    }
}
