//! Patterns as one machine over words: what the search graph is laid out along, and what tells
//! whether an utterance can go on.

use std::collections::{BTreeMap, BTreeSet};

use super::{GraphError, MAX_ARCS, Pattern};

/// A place in a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Where one gets without a word.
    pub(super) silent: BTreeSet<usize>,
    /// Where one gets by a word.
    pub(super) words: BTreeMap<String, BTreeSet<usize>>,
}

/// All patterns of a node beside each other: they begin at [`Automaton::START`] and end at
/// [`Automaton::END`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Automaton {
    places: Vec<Place>,
    arcs: usize,
}

impl Automaton {
    pub(super) const START: usize = 0;
    pub(super) const END: usize = 1;

    pub(super) fn of(patterns: &[Pattern]) -> Result<Self, GraphError> {
        let mut all = Self {
            places: vec![Place::default(), Place::default()],
            arcs: 0,
        };
        for pattern in patterns {
            if pattern.may_be_empty() {
                return Err(GraphError::EmptyPattern);
            }
            // A way in of its own: nothing of another pattern leads back into it.
            let (begin, end) = (all.place(), all.place());
            all.silent(Self::START, begin)?;
            all.lay(begin, pattern, end)?;
            all.silent(end, Self::END)?;
        }
        Ok(all)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.arcs == 0
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(super) fn words(&self) -> BTreeSet<&str> {
        self.places
            .iter()
            .flat_map(|place| place.words.keys().map(String::as_str))
            .collect()
    }

    /// Whether the words are one of the patterns from begin to end, and whether more could follow.
    pub(super) fn run<'a>(&self, words: impl Iterator<Item = &'a str>) -> (bool, bool) {
        let mut at = self.reached(BTreeSet::from([Self::START]));
        for word in words {
            let next = at
                .iter()
                .filter_map(|place| self.places.get(*place)?.words.get(word))
                .flatten()
                .copied()
                .collect();
            at = self.reached(next);
        }
        let more = at
            .iter()
            .filter_map(|place| self.places.get(*place))
            .any(|place| !place.words.is_empty());
        (at.contains(&Self::END), more)
    }

    /// These places and all that one gets to without a word.
    fn reached(&self, mut at: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut todo: Vec<usize> = at.iter().copied().collect();
        while let Some(place) = todo.pop() {
            let silent = self.places.get(place).into_iter().flat_map(|p| &p.silent);
            todo.extend(silent.copied().filter(|next| at.insert(*next)));
        }
        at
    }

    fn place(&mut self) -> usize {
        self.places.push(Place::default());
        self.places.len() - 1
    }

    fn silent(&mut self, from: usize, to: usize) -> Result<(), GraphError> {
        let added = self
            .places
            .get_mut(from)
            .is_some_and(|place| place.silent.insert(to));
        self.counted(added)
    }

    fn counted(&mut self, added: bool) -> Result<(), GraphError> {
        self.arcs += usize::from(added);
        if self.arcs > MAX_ARCS {
            Err(GraphError::TooLarge)
        } else {
            Ok(())
        }
    }

    fn lay(&mut self, from: usize, pattern: &Pattern, to: usize) -> Result<(), GraphError> {
        match pattern {
            Pattern::Word(word) => {
                let spoken = super::spoken_form(word).filter(|form| !form.contains(' '));
                let spoken = spoken.ok_or_else(|| GraphError::Unspeakable(word.clone()))?;
                let added = self
                    .places
                    .get_mut(from)
                    .is_some_and(|place| place.words.entry(spoken).or_default().insert(to));
                self.counted(added)
            }
            Pattern::Sequence(parts) => {
                let Some((last, before)) = parts.split_last() else {
                    return self.silent(from, to);
                };
                let mut at = from;
                for part in before {
                    let next = self.place();
                    self.lay(at, part, next)?;
                    at = next;
                }
                self.lay(at, last, to)
            }
            Pattern::OneOf(parts) => parts.iter().try_for_each(|part| self.lay(from, part, to)),
            Pattern::Optional(what) => {
                self.lay(from, what, to)?;
                self.silent(from, to)
            }
            Pattern::Repeated {
                what,
                at_least,
                at_most,
            } => self.lay_repeated(from, (what, *at_least, *at_most), to),
        }
    }

    fn lay_repeated(
        &mut self,
        from: usize,
        (what, at_least, at_most): (&Pattern, u8, Option<u8>),
        to: usize,
    ) -> Result<(), GraphError> {
        if what.may_be_empty() || at_most.is_some_and(|most| most < at_least || most == 0) {
            return Err(GraphError::EmptyPattern);
        }
        let mut at = self.place();
        self.silent(from, at)?;
        if at_least == 0 {
            self.silent(at, to)?;
        }
        // Once for each time that is counted; the last one may be repeated where none is counted.
        for time in 1..=at_most.unwrap_or(at_least.max(1)) {
            let next = self.place();
            self.lay(at, what, next)?;
            if time >= at_least {
                self.silent(next, to)?;
            }
            if at_most.is_none() && time >= at_least {
                self.silent(next, at)?;
            }
            at = next;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pattern: &Pattern, words: &str) -> (bool, bool) {
        Automaton::of(std::slice::from_ref(pattern))
            .unwrap()
            .run(words.split_whitespace())
    }

    #[test]
    fn words_are_followed_through_a_pattern() {
        let day = Pattern::said("на")
            .optional()
            .then(Pattern::any_word("пятое шестое").then(Pattern::any_word("мая июня").optional()));
        assert_eq!(run(&day, ""), (false, true));
        assert_eq!(run(&day, "на"), (false, true));
        assert_eq!(run(&day, "пятое"), (true, true));
        assert_eq!(run(&day, "на шестое июня"), (true, false));
        assert_eq!(run(&day, "июня"), (false, false));
        assert_eq!(run(&day, "пятое мая июня"), (false, false));
    }

    #[test]
    fn repetitions_are_counted_or_loops() {
        let digit = || Pattern::any_word("ноль один");
        let loops = digit().repeated(2);
        assert_eq!(run(&loops, "ноль"), (false, true));
        assert_eq!(run(&loops, "ноль один"), (true, true));
        assert_eq!(run(&loops, "ноль один ноль один один"), (true, true));
        let counted = |at_least, at_most| Pattern::Repeated {
            what: Box::new(digit()),
            at_least,
            at_most: Some(at_most),
        };
        assert_eq!(run(&counted(1, 2), "ноль"), (true, true));
        assert_eq!(run(&counted(1, 2), "ноль ноль"), (true, false));
        assert_eq!(run(&counted(1, 2), "ноль ноль ноль"), (false, false));
        let tail = Pattern::said("код").then(counted(0, 1));
        assert_eq!(run(&tail, "код"), (true, true));
        // A loop that needs more is as large as so many times, not larger.
        let places = Automaton::of(&[digit().repeated(40)]).unwrap().places.len();
        assert!(places < 50, "{places}");
    }

    #[test]
    fn what_cannot_be_a_pattern_is_refused() {
        let of = |pattern: Pattern| Automaton::of(&[pattern]).map(|_| ());
        let empty = Pattern::said("да").optional();
        assert_eq!(of(empty.clone()), Err(GraphError::EmptyPattern));
        assert_eq!(
            of(Pattern::said("да").then(empty.repeated(1))),
            Err(GraphError::EmptyPattern)
        );
        assert_eq!(
            of(Pattern::OneOf(Vec::new())),
            Err(GraphError::EmptyPattern)
        );
        assert_eq!(
            of(Pattern::said("форма 2")),
            Err(GraphError::Unspeakable("2".to_owned()))
        );
        let many = Pattern::Repeated {
            what: Box::new(Pattern::OneOf(vec![
                Pattern::any_word(&"да нет ".repeat(3));
                200
            ])),
            at_least: 255,
            at_most: None,
        };
        assert!(of(many).is_ok(), "the same word to the same place is one");
        let long = Pattern::Sequence(vec![Pattern::any_word("да нет ну"); MAX_ARCS / 2]);
        assert_eq!(of(long), Err(GraphError::TooLarge));
    }
}
