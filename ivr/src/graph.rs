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
mod search;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::g2p;
use automaton::Automaton;
pub use pattern::Pattern;
pub use search::Costs;

/// What speech off the list becomes.
pub const UNKNOWN: &str = "[unk]";
/// Most phrases in one list; more would no longer be a menu.
pub const MAX_PHRASES: usize = 1_000;
/// Most words in one phrase.
pub const MAX_WORDS: usize = 16;
/// Most steps of all patterns of one node together: some megabytes of graph.
pub const MAX_ARCS: usize = 4_000;
/// Changes whenever the same list would give other bytes: part of the name of cached graphs.
pub const VERSION: u32 = 2;

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
    /// Nothing of it is made of words that an official model was made for.
    #[error(
        "модель распознавания не знает ни одной фразы списка, первая — «{0}»: выберите другую модель"
    )]
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
        Self::made_of(phrases, patterns, spoken_form)
    }

    /// The same in the letters of any language, for models that bring their own pronunciations.
    ///
    /// # Errors
    /// As [`Grammar::with_patterns`].
    pub fn in_any_language<P: AsRef<str>>(
        phrases: &[P],
        patterns: &[Pattern],
    ) -> Result<Self, GraphError> {
        Self::made_of(phrases, patterns, spoken_form_of_any_language)
    }

    fn made_of<P: AsRef<str>>(
        phrases: &[P],
        patterns: &[Pattern],
        form_of: fn(&str) -> Option<String>,
    ) -> Result<Self, GraphError> {
        if phrases.len() > MAX_PHRASES {
            return Err(GraphError::TooManyPhrases(phrases.len()));
        }
        let mut spoken = BTreeMap::new();
        for phrase in phrases {
            let phrase = phrase.as_ref();
            let form = form_of(phrase).ok_or_else(|| GraphError::Unspeakable(phrase.to_owned()))?;
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
        GraphFiles {
            hclg: search::utterance(self, &labels, unknown, costs).to_bytes(),
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
    words_that(phrase, |word| {
        word.chars().all(|c| matches!(c, 'а'..='я' | 'ё')) && !g2p::pronounce(word).is_empty()
    })
}

/// Lower case, words of letters parted by single spaces; `None` if there is anything else in it.
fn spoken_form_of_any_language(phrase: &str) -> Option<String> {
    words_that(phrase, |word| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'))
    })
}

fn words_that(phrase: &str, can_be_said: impl Fn(&str) -> bool) -> Option<String> {
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
        if !can_be_said(word) {
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

#[cfg(test)]
mod tests {
    use super::fst::Fst;
    use super::*;
    use crate::g2p::Phone;
    use proptest::prelude::*;

    fn fst(phrases: &[&str]) -> (Grammar, Fst) {
        let grammar = Grammar::new(phrases).unwrap();
        let fst = search(&grammar);
        (grammar, fst)
    }

    fn search(grammar: &Grammar) -> Fst {
        let labels: BTreeMap<&str, i32> = grammar.words().into_iter().zip(1..).collect();
        let unknown = i32::try_from(labels.len()).unwrap() + 1;
        search::utterance(grammar, &labels, unknown, &Costs::default())
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
        text.split(' ')
            .flat_map(|word| g2p::variants(word).swap_remove(0))
            .collect()
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

    /// All states that arcs (from, to) lead to from some.
    fn spread(mut known: BTreeSet<usize>, arcs: &BTreeSet<(usize, usize)>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = known.iter().copied().collect();
        while let Some(from) = open.pop() {
            for (_, to) in arcs.range((from, 0)..(from + 1, 0)) {
                if known.insert(*to) {
                    open.push(*to);
                }
            }
        }
        known
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
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
            let arcs: Vec<(usize, usize)> = fst.states.iter().enumerate()
                .flat_map(|(from, (_, arcs))| arcs.iter().map(move |arc| (from, arc.to)))
                .map(|(from, to)| (from, usize::try_from(to).unwrap()))
                .collect();
            let last = fst.states.iter().enumerate().filter(|(_, s)| s.0.is_some()).map(|(i, _)| i);
            let ends = spread(last.collect(), &arcs.iter().map(|(a, b)| (*b, *a)).collect());
            let reached = spread(BTreeSet::from([0]), &arcs.into_iter().collect());
            prop_assert_eq!(ends.len(), fst.states.len());
            prop_assert_eq!(reached.len(), fst.states.len());
            for form in grammar.spoken() {
                prop_assert!(read(&fst, &said(form)).is_some());
            }
        }
    }
}
