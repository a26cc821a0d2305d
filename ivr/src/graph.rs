//! What a node listens for, as the search graph that Vosk decodes with.
//!
//! The graph allows exactly one phrase of a closed list in an utterance, with any other speech
//! (`[unk]`) or silence around it («ну мне бы паспорт пожалуйста»), or `[unk]` alone, or silence
//! alone. Beside the phrases there may be patterns ([`Pattern`]): dates and numbers, said in as many
//! words as they need. It is written as Kaldi's `HCLG.fst` (an OpenFst binary `VectorFst` over the tropical
//! semiring) and `words.txt`. The same list gives the same bytes.
//!
//! A phone has two transitions in the model's topology: entering it (`2·index + 2`) and staying in it
//! (`2·index + 1`), where `index` counts from silence = 0.

mod automaton;
mod fst;
mod pattern;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::g2p::{self, Phone};
use automaton::Automaton;
use fst::{Arc, Fst};
pub use pattern::Pattern;

/// What speech off the list becomes.
pub const UNKNOWN: &str = "[unk]";
/// Most phrases in one list; more would no longer be a menu.
pub const MAX_PHRASES: usize = 1_000;
/// Most words in one phrase.
pub const MAX_WORDS: usize = 16;
/// Most steps of all patterns of one node together: some megabytes of graph.
pub const MAX_ARCS: usize = 4_000;
/// Changes whenever the same list would give other bytes: part of the name of cached graphs.
pub const VERSION: u32 = 1;

/// Prices in the search, in natural logarithms of probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// Of beginning a stretch of speech off the list.
    pub unknown_enter: f32,
    /// Of each phone in it. Below about 1.8 the decoder's lattices explode (minutes of CPU).
    pub unknown_phone: f32,
    /// Of a pause where one may be.
    pub pause: f32,
    /// Of no pause where one may be.
    pub no_pause: f32,
    /// Of an utterance without any phrase.
    pub no_phrase: f32,
}

impl Default for Costs {
    /// Chosen by measurement: 126 human prompts from a list of 126, and 181 human prompts off it,
    /// accepted at a word confidence of 0.7.
    ///
    /// | enter, phone | right | wrong | off the list, accepted |
    /// |---|---|---|---|
    /// | 2, 2.2 | 112 | 3 | 23 |
    /// | 4, 2.2 | 114 | 4 | 15 |
    /// | 6, 2.2 | 116 | 4 | 12 |
    /// | 4, 2.5 | 118 | 4 | 29 |
    /// | 2, 2.8 | 117 | 5 | 60 |
    ///
    /// A higher price of entering hides a short phrase among other words («ну … пожалуйста»); at 4
    /// and at 6, 96 of 96 such utterances by two unseen synthetic voices were right.
    fn default() -> Self {
        Self {
            unknown_enter: 4.0,
            unknown_phone: 2.2,
            pause: 0.9,
            no_pause: 0.5,
            no_phrase: 1.0,
        }
    }
}

/// Why no graph can be made of a list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GraphError {
    /// Nothing to listen for.
    #[error("список фраз пуст: ни одной фразы русскими буквами")]
    Empty,
    /// Over [`MAX_PHRASES`].
    #[error("в списке {0} фраз, допустимо не более {MAX_PHRASES}")]
    TooManyPhrases(usize),
    /// Over [`MAX_WORDS`].
    #[error("во фразе «{0}» больше {MAX_WORDS} слов")]
    TooManyWords(String),
    /// A word that an official model was not made for.
    #[error("модель распознавания не знает слова «{0}»: замените его или выберите другую модель")]
    UnknownWord(String),
    /// A phrase with digits, Latin letters or nothing.
    #[error("фразу «{0}» нельзя распознать: пишите её русскими буквами, числа — словами")]
    Unspeakable(String),
    /// A pattern that silence would satisfy, or that repeats nothing.
    #[error("образец речи пуст: в нём нет ни одного обязательного слова")]
    EmptyPattern,
    /// Over [`MAX_ARCS`].
    #[error("образцы речи одного узла вместе больше {MAX_ARCS} шагов: спрашивайте по частям")]
    TooLarge,
}

/// What a node expects to hear, as its script says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Whole phrases.
    pub phrases: Vec<String>,
    /// Values of many words.
    pub patterns: Vec<Pattern>,
}

impl From<Vec<String>> for Expected {
    fn from(phrases: Vec<String>) -> Self {
        Self {
            phrases,
            patterns: Vec::new(),
        }
    }
}

/// A closed list, ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Grammar {
    /// Spoken form → the phrase as the script writes it.
    phrases: BTreeMap<String, String>,
    /// What may be said beside them.
    patterns: Automaton,
}

impl Grammar {
    /// Takes the phrases of a node as written. Two phrases that sound the same keep the first.
    ///
    /// # Errors
    /// The first phrase that cannot be listened for, or a list beyond its limits.
    pub fn new<P: AsRef<str>>(phrases: &[P]) -> Result<Self, GraphError> {
        Self::with_patterns(phrases, &[])
    }

    /// Takes the phrases of a node as written, and its patterns.
    ///
    /// # Errors
    /// As [`Grammar::new`]; or a pattern that is empty, too large, or not in Russian letters.
    pub fn with_patterns<P: AsRef<str>>(
        phrases: &[P],
        patterns: &[Pattern],
    ) -> Result<Self, GraphError> {
        if phrases.len() > MAX_PHRASES {
            return Err(GraphError::TooManyPhrases(phrases.len()));
        }
        let mut spoken = BTreeMap::new();
        for phrase in phrases {
            let phrase = phrase.as_ref();
            let form =
                spoken_form(phrase).ok_or_else(|| GraphError::Unspeakable(phrase.to_owned()))?;
            if form.split(' ').count() > MAX_WORDS {
                return Err(GraphError::TooManyWords(phrase.to_owned()));
            }
            spoken.entry(form).or_insert_with(|| phrase.to_owned());
        }
        let patterns = Automaton::of(patterns)?;
        if spoken.is_empty() && patterns.is_empty() {
            Err(GraphError::Empty)
        } else {
            Ok(Self {
                phrases: spoken,
                patterns,
            })
        }
    }

    /// The phrase as the script writes it, for the words that were recognised.
    #[must_use]
    pub fn written(&self, spoken: &str) -> Option<&str> {
        self.phrases.get(spoken).map(String::as_str)
    }

    /// Whether these words are a phrase of the list or said by a pattern, from begin to end.
    #[must_use]
    pub fn accepts(&self, spoken: &str) -> bool {
        self.phrases.contains_key(spoken) || self.patterns.run(spoken.split_whitespace()).0
    }

    /// Whether these words are a phrase or said by a pattern, and nothing longer begins with them.
    #[must_use]
    pub fn is_complete(&self, spoken: &str) -> bool {
        let longer = |form: &str| {
            form.strip_prefix(spoken)
                .is_some_and(|rest| rest.starts_with(' '))
        };
        let (patterned, more) = self.patterns.run(spoken.split_whitespace());
        (patterned || self.phrases.contains_key(spoken))
            && !more
            && !self.phrases.keys().any(|form| longer(form))
    }

    /// The phrases in their spoken form, sorted.
    pub fn spoken(&self) -> impl Iterator<Item = &str> {
        self.phrases.keys().map(String::as_str)
    }

    /// Every word of phrases and patterns, sorted.
    #[must_use]
    pub fn words(&self) -> BTreeSet<&str> {
        let mut words = self.patterns.words();
        words.extend(self.spoken().flat_map(|form| form.split(' ')));
        words
    }

    /// For a model that takes a list of phrases itself: the phrases, and each word of the patterns
    /// (such a model chains what it is given).
    #[must_use]
    pub fn listing(&self) -> Vec<&str> {
        let mut all: BTreeSet<&str> = self.patterns.words();
        all.extend(self.spoken());
        all.into_iter().collect()
    }

    /// All that decides the graph, one line each: equal for equal grammars.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let places = (!self.patterns.is_empty()).then(|| self.patterns.places());
        self.spoken().map(str::to_owned).chain(
            places
                .into_iter()
                .flatten()
                .map(|place| format!("{place:?}")),
        )
    }

    /// The two files of `graph/` that depend on the list.
    #[must_use]
    pub fn build(&self, costs: &Costs) -> GraphFiles {
        let words = self.words();
        let labels: BTreeMap<&str, i32> = words.iter().copied().zip(1..).collect();
        let mut listing = String::from("<eps> 0\n");
        for (word, label) in &labels {
            listing.push_str(&format!("{word} {label}\n"));
        }
        let unknown = labels.values().max().map_or(1, |last| last + 1);
        listing.push_str(&format!("{UNKNOWN} {unknown}\n"));
        let fst = Builder {
            fst: Fst::default(),
            costs,
            unknown,
        }
        .utterance(self, &labels);
        GraphFiles {
            hclg: fst.to_bytes(),
            words: listing,
        }
    }
}

/// Contents of `graph/HCLG.fst` and `graph/words.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphFiles {
    /// `HCLG.fst`.
    pub hclg: Vec<u8>,
    /// `words.txt`.
    pub words: String,
}

/// Lower case, Russian words parted by single spaces; `None` if something in it cannot be said.
#[must_use]
pub fn spoken_form(phrase: &str) -> Option<String> {
    let lower = phrase.to_lowercase();
    let mut words = Vec::new();
    for word in lower.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | '.'
                    | '!'
                    | '?'
                    | '-'
                    | '—'
                    | '–'
                    | '«'
                    | '»'
                    | '"'
                    | ':'
                    | ';'
                    | '('
                    | ')'
                    | '…'
            )
    }) {
        if word.is_empty() {
            continue;
        }
        if !word.chars().all(|c| matches!(c, 'а'..='я' | 'ё')) || g2p::pronounce(word).is_empty()
        {
            return None;
        }
        words.push(word);
    }
    if words.is_empty() {
        None
    } else {
        Some(words.join(" "))
    }
}

/// Builds the one utterance that a list allows.
struct Builder<'a> {
    fst: Fst,
    costs: &'a Costs,
    unknown: i32,
}

impl Builder<'_> {
    /// start –pause?→ –unknown?→ one phrase –unknown?→ –pause?→ end, and a way round the phrase.
    fn utterance(mut self, grammar: &Grammar, labels: &BTreeMap<&str, i32>) -> Fst {
        let start = self.fst.state();
        let [listening, before, after, closing, end] = [(); 5].map(|()| self.fst.state());
        self.fst.finish_at(end);
        self.pause(start, listening);
        self.fst.skip(listening, before, 0.0);
        self.unknown(listening, before);
        let mut each = Self::equally_likely(grammar.phrases.len());
        if !grammar.patterns.is_empty() {
            // Half of all answers are by pattern.
            each += Self::equally_likely(2);
            let end = self.patterns((before, after), &grammar.patterns, labels);
            self.fst.skip(before, end, Self::equally_likely(2));
        }
        for form in grammar.spoken() {
            let mut at = before;
            for (position, word) in form.split(' ').enumerate() {
                if position > 0 {
                    let next = self.fst.state();
                    self.pause(at, next);
                    at = next;
                }
                let label = labels.get(word).copied().unwrap_or(self.unknown);
                at = self.word(at, word, label, if position == 0 { each } else { 0.0 });
            }
            self.fst.skip(at, after, 0.0);
        }
        self.fst.skip(after, closing, 0.0);
        self.unknown(after, closing);
        self.fst.skip(before, closing, self.costs.no_phrase);
        let silent = self.pause(closing, end);
        self.fst.finish_at(silent);
        self.fst
    }

    /// Lays the patterns out beside the phrases, and returns the state they begin in. Each way on
    /// from a place is as likely as any other; between two words there may be a pause.
    fn patterns(
        &mut self,
        (before, after): (i32, i32),
        patterns: &Automaton,
        labels: &BTreeMap<&str, i32>,
    ) -> i32 {
        let states: Vec<i32> = patterns.places().iter().map(|_| self.fst.state()).collect();
        let state = |place: usize| states.get(place).copied().unwrap_or(before);
        for (number, place) in patterns.places().iter().enumerate() {
            let from = state(number);
            let ways =
                place.silent.len() + place.words.len() + usize::from(number == Automaton::END);
            let each = Self::equally_likely(ways);
            for to in &place.silent {
                self.fst.skip(from, state(*to), each);
            }
            if place.words.is_empty() {
                continue;
            }
            let speaking = self.fst.state();
            self.pause(from, speaking);
            for (word, next) in &place.words {
                let label = labels.get(word.as_str()).copied().unwrap_or(self.unknown);
                let said = self.word(speaking, word, label, each);
                for to in next {
                    self.fst.skip(said, state(*to), 0.0);
                }
            }
        }
        self.fst.skip(state(Automaton::END), after, 0.0);
        state(Automaton::START)
    }

    #[expect(clippy::cast_precision_loss, reason = "at most MAX_PHRASES")]
    fn equally_likely(phrases: usize) -> f32 {
        (phrases.max(1) as f32).ln()
    }

    /// An optional pause; returns the state inside it.
    fn pause(&mut self, from: i32, to: i32) -> i32 {
        let silent = self.fst.phone(from, Phone::SILENCE, 0, self.costs.pause);
        self.fst.skip(silent, to, 0.0);
        self.fst.skip(from, to, self.costs.no_pause);
        silent
    }

    /// One or more phones of any kind, heard as [`UNKNOWN`].
    fn unknown(&mut self, from: i32, to: i32) {
        let hub = self.fst.state();
        let label = self.unknown;
        self.fst.arc(
            from,
            Arc {
                input: 0,
                output: label,
                cost: self.costs.unknown_enter,
                to: hub,
            },
        );
        for phone in Phone::speech() {
            let said = self.fst.phone(hub, phone, 0, self.costs.unknown_phone);
            self.fst.skip(said, hub, 0.0);
            self.fst.skip(said, to, 0.0);
        }
    }

    /// A word in each of its pronunciations; the first phone carries label and cost.
    fn word(&mut self, from: i32, word: &str, label: i32, cost: f32) -> i32 {
        let to = self.fst.state();
        for phones in g2p::variants(word) {
            let mut at = from;
            for (position, phone) in phones.into_iter().enumerate() {
                let (output, cost) = if position == 0 {
                    (label, cost)
                } else {
                    (0, 0.0)
                };
                at = self.fst.phone(at, phone, output, cost);
            }
            self.fst.skip(at, to, 0.0);
        }
        to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fst(phrases: &[&str]) -> (Grammar, Fst) {
        let grammar = Grammar::new(phrases).unwrap();
        let fst = search(&grammar);
        (grammar, fst)
    }

    fn search(grammar: &Grammar) -> Fst {
        let labels: BTreeMap<&str, i32> = grammar.words().into_iter().zip(1..).collect();
        let unknown = i32::try_from(labels.len()).unwrap() + 1;
        let costs = Costs::default();
        Builder {
            fst: Fst::default(),
            costs: &costs,
            unknown,
        }
        .utterance(grammar, &labels)
    }

    /// Cheapest reading of a sequence of phones (each entered once), as output labels.
    fn read(fst: &Fst, phones: &[Phone]) -> Option<Vec<i32>> {
        type Best = BTreeMap<i32, (f32, Vec<i32>)>;
        fn relax(best: &mut Best, to: i32, cost: f32, outputs: Vec<i32>) -> bool {
            let better = best.get(&to).is_none_or(|(known, _)| cost < *known);
            if better {
                best.insert(to, (cost, outputs));
            }
            better
        }
        fn close(fst: &Fst, best: &mut Best) {
            let mut again = true;
            while again {
                again = false;
                for (state, (cost, outputs)) in best.clone() {
                    for arc in fst.states[usize::try_from(state).unwrap()]
                        .1
                        .iter()
                        .filter(|a| a.input == 0)
                    {
                        let mut next = outputs.clone();
                        next.extend((arc.output != 0).then_some(arc.output));
                        again |= relax(best, arc.to, cost + arc.cost, next);
                    }
                }
            }
        }
        let mut best = Best::from([(0, (0.0, Vec::new()))]);
        close(fst, &mut best);
        for phone in phones {
            let mut after = Best::new();
            for (state, (cost, outputs)) in &best {
                for arc in &fst.states[usize::try_from(*state).unwrap()].1 {
                    if arc.input == 2 * phone.index() + 2 {
                        let mut next = outputs.clone();
                        next.extend((arc.output != 0).then_some(arc.output));
                        relax(&mut after, arc.to, cost + arc.cost, next);
                    }
                }
            }
            best = after;
            close(fst, &mut best);
        }
        best.into_iter()
            .filter(|(state, _)| fst.states[usize::try_from(*state).unwrap()].0.is_some())
            .min_by(|a, b| a.1.0.total_cmp(&b.1.0))
            .map(|(_, (_, outputs))| outputs)
    }

    fn said(text: &str) -> Vec<Phone> {
        text.split(' ').flat_map(g2p::pronounce).collect()
    }

    #[test]
    fn one_phrase_of_the_list_with_or_without_other_speech_around_it() {
        let (_, fst) = fst(&["загранпаспорт", "замена паспорта", "оператор"]);
        // words sorted: загранпаспорт 1, замена 2, оператор 3, паспорта 4, [unk] 5
        assert_eq!(read(&fst, &said("загранпаспорт")), Some(vec![1]));
        assert_eq!(read(&fst, &said("замена паспорта")), Some(vec![2, 4]));
        assert_eq!(
            read(&fst, &said("ну оператор пожалуйста")),
            Some(vec![5, 3, 5])
        );
        assert_eq!(read(&fst, &said("сегодня дождь")), Some(vec![5]));
        assert_eq!(read(&fst, &[Phone::SILENCE]), Some(vec![]));
        assert_eq!(read(&fst, &[]), Some(vec![]));
        // never two phrases
        let twice = read(&fst, &said("оператор загранпаспорт")).unwrap();
        assert_eq!(twice.iter().filter(|label| **label != 5).count(), 1);
    }

    #[test]
    fn a_pattern_is_said_beside_the_phrases_or_alone() {
        let days = Pattern::any_word("пятое шестое")
            .then(Pattern::any_word("мая июня").optional())
            .repeated(1);
        let both = Grammar::with_patterns(&["оператор"], std::slice::from_ref(&days)).unwrap();
        let fst = search(&both);
        // words sorted: июня 1, мая 2, оператор 3, пятое 4, шестое 5, [unk] 6
        assert_eq!(read(&fst, &said("оператор")), Some(vec![3]));
        assert_eq!(read(&fst, &said("пятое")), Some(vec![4]));
        assert_eq!(read(&fst, &said("шестое мая")), Some(vec![5, 2]));
        assert_eq!(read(&fst, &said("шестое мая пятое")), Some(vec![5, 2, 4]));
        assert_eq!(
            read(&fst, &said("ну пятое июня да")),
            Some(vec![6, 4, 1, 6])
        );
        assert_eq!(read(&fst, &said("сегодня дождь")), Some(vec![6]));
        assert_eq!(read(&fst, &[]), Some(vec![]));
        assert!(both.accepts("пятое июня") && both.accepts("оператор") && !both.accepts("мая"));
        assert!(
            both.is_complete("оператор") && !both.is_complete("пятое мая"),
            "a loop goes on"
        );
        assert_eq!(both.written("пятое мая"), None);
        assert_eq!(
            both.listing(),
            ["июня", "мая", "оператор", "пятое", "шестое"]
        );

        let alone = Grammar::with_patterns::<&str>(&[], &[days]).unwrap();
        assert_eq!(read(&search(&alone), &said("пятое мая")), Some(vec![3, 2]));
        assert_ne!(
            alone.lines().collect::<Vec<_>>(),
            both.lines().collect::<Vec<_>>()
        );
    }

    #[test]
    fn results_come_back_as_the_script_writes_them() {
        let grammar = Grammar::new(&["Замена паспорта!", "да", "Да, верно"]).unwrap();
        assert_eq!(grammar.written("замена паспорта"), Some("Замена паспорта!"));
        assert!(!grammar.is_complete("да") && grammar.is_complete("да верно"));
        assert!(!grammar.is_complete("замена"));
    }

    #[test]
    fn a_list_that_cannot_be_heard_is_refused_in_words() {
        let none: [&str; 0] = [];
        assert_eq!(Grammar::new(&none), Err(GraphError::Empty));
        for phrase in ["справка 2 ндфл", "gosuslugi", "", "\"", "ь"] {
            assert_eq!(
                Grammar::new(&[phrase]),
                Err(GraphError::Unspeakable(phrase.to_owned()))
            );
        }
        assert!(matches!(
            Grammar::new(&["да ".repeat(17)]),
            Err(GraphError::TooManyWords(_))
        ));
        assert!(matches!(
            Grammar::new(&vec!["да"; 1_001]),
            Err(GraphError::TooManyPhrases(1_001))
        ));
    }

    #[test]
    fn the_file_begins_as_openfst_wants_it() {
        let files = Grammar::new(&["да", "нет"])
            .unwrap()
            .build(&Costs::default());
        assert_eq!(files.words, "<eps> 0\nда 1\nнет 2\n[unk] 3\n");
        assert_eq!(&files.hclg[..4], &2_125_659_606_i32.to_le_bytes());
        assert_eq!(&files.hclg[8..14], b"vector");
        assert_eq!(
            files,
            Grammar::new(&["Нет", "да"])
                .unwrap()
                .build(&Costs::default())
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_phrase_is_readable_and_every_state_leads_to_the_end(
            phrases in prop::collection::vec("[а-я]{2,7}( [а-я]{2,7}){0,2}", 1..6)
        ) {
            let phrases: Vec<&str> = phrases.iter().map(String::as_str)
                .filter(|phrase| spoken_form(phrase).is_some()).collect();
            prop_assume!(!phrases.is_empty());
            let (grammar, fst) = fst(&phrases);
            let count = i32::try_from(fst.states.len()).unwrap();
            for (_, arcs) in &fst.states {
                for arc in arcs {
                    prop_assert!((0..count).contains(&arc.to));
                    prop_assert!((0..=90).contains(&arc.input) && arc.output >= 0 && arc.cost >= 0.0);
                }
            }
            let mut ends: BTreeSet<usize> =
                fst.states.iter().enumerate().filter(|(_, s)| s.0.is_some()).map(|(i, _)| i).collect();
            let mut reached = BTreeSet::from([0_usize]);
            for _ in 0..fst.states.len() {
                let before = (ends.len(), reached.len());
                for (from, (_, arcs)) in fst.states.iter().enumerate() {
                    for arc in arcs {
                        let to = usize::try_from(arc.to).unwrap();
                        if ends.contains(&to) { ends.insert(from); }
                        if reached.contains(&from) { reached.insert(to); }
                    }
                }
                if before == (ends.len(), reached.len()) { break; }
            }
            prop_assert_eq!(ends.len(), fst.states.len());
            prop_assert_eq!(reached.len(), fst.states.len());
            for form in grammar.spoken() {
                prop_assert!(read(&fst, &said(form)).is_some());
            }
        }
    }
}
