//! A Russian word without its endings.
//!
//! The algorithm is M. Porter's for Russian (Snowball), with two departures that this field needs:
//! «-сь» goes only from what then looks like a verb («запись» is no verb), and a stem of three
//! letters must not end in a vowel («приём» is not «при» + «-ем»).

const VOWELS: &str = "аеиоуыэюя";

/// Endings that go only after «а» or «я», which stay.
const GERUND_AFTER_A: &[&str] = &["вшись", "вши", "в"];
const GERUND: &[&str] = &["ившись", "ывшись", "ивши", "ывши", "ив", "ыв"];
const REFLEXIVE: &[&str] = &["ся", "сь"];
/// What a verb may end in once «-ся» is gone.
const VERB_LIKE: &[&str] = &[
    "ть", "т", "л", "ла", "ли", "ло", "й", "те", "м", "шь", "вши", "щий", "щая", "щее", "щие",
];
const ADJECTIVE: &[&str] = &[
    "ими", "ыми", "его", "ого", "ему", "ому", "ее", "ие", "ые", "ое", "ей", "ий", "ый", "ой", "ем",
    "им", "ым", "ом", "их", "ых", "ую", "юю", "ая", "яя", "ою", "ею",
];
const PARTICIPLE_AFTER_A: &[&str] = &["ем", "нн", "вш", "ющ", "щ"];
const PARTICIPLE: &[&str] = &["ивш", "ывш", "ующ"];
const VERB_AFTER_A: &[&str] = &[
    "ете", "йте", "ешь", "нно", "ла", "на", "ли", "ем", "ло", "но", "ет", "ют", "ны", "ть", "й",
    "л", "н",
];
const VERB: &[&str] = &[
    "ейте", "уйте", "ила", "ыла", "ена", "ите", "или", "ыли", "ило", "ыло", "ено", "ует", "уют",
    "ены", "ить", "ыть", "ишь", "ей", "уй", "ил", "ыл", "им", "ым", "ен", "ят", "ит", "ыт", "ую",
    "ю",
];
const NOUN: &[&str] = &[
    "иями", "ями", "ами", "ией", "иям", "ием", "иях", "ев", "ов", "ие", "ье", "еи", "ии", "ей",
    "ой", "ий", "ям", "ем", "ам", "ом", "ах", "ях", "ию", "ью", "ия", "ья", "а", "е", "и", "й",
    "о", "у", "ы", "ь", "ю", "я",
];

/// The stem of a word that is already in small letters and without «ё» ([`super::normalise`]).
///
/// ```
/// use ivr::intent::stem;
/// for word in ["документ", "документы", "документами", "документов"] {
///     assert_eq!(stem(word), "документ");
/// }
/// ```
#[must_use]
pub fn stem(word: &str) -> String {
    let Some(start) = region(word) else {
        return word.to_owned();
    };
    let mut word = Word {
        letters: word.to_owned(),
        start,
    };
    if !(word.cut_after_a(GERUND_AFTER_A) || word.cut(GERUND)) {
        word.cut_reflexive();
        if word.cut(ADJECTIVE) {
            let _ = word.cut_after_a(PARTICIPLE_AFTER_A) || word.cut(PARTICIPLE);
        } else {
            let _ = word.cut_after_a(VERB_AFTER_A) || word.cut(VERB) || word.cut(NOUN);
        }
    }
    word.cut(&["и"]);
    word.cut_derivation();
    if word.letters.ends_with("нн") {
        word.letters.truncate(word.letters.len() - "н".len());
    } else if word.cut(&["ейше", "ейш"]) {
        if word.letters.ends_with("нн") {
            word.letters.truncate(word.letters.len() - "н".len());
        }
    } else {
        word.cut(&["ь"]);
    }
    word.letters
}

/// Whether this is the ending of a case of some noun, or nothing.
pub(super) fn is_case_ending(ending: &str) -> bool {
    ending.is_empty() || NOUN.contains(&ending)
}

/// The byte after the first vowel: endings are looked for from here on (RV).
fn region(word: &str) -> Option<usize> {
    word.char_indices()
        .find(|(_, c)| VOWELS.contains(*c))
        .map(|(at, c)| at + c.len_utf8())
}

/// The byte after the first consonant that follows a vowel (R1), from `from` on.
fn after_syllable(word: &str, from: usize) -> Option<usize> {
    let mut vowel = false;
    for (at, c) in word.get(from..)?.char_indices() {
        if VOWELS.contains(c) {
            vowel = true;
        } else if vowel {
            return Some(from + at + c.len_utf8());
        }
    }
    None
}

struct Word {
    letters: String,
    start: usize,
}

impl Word {
    /// The length in bytes that is left without the ending, if the ending may go.
    fn without(&self, ending: &str) -> Option<usize> {
        let tail = self.letters.get(self.start..)?;
        let left = self.start + tail.strip_suffix(ending)?.len();
        let kept = self.letters.get(..left)?;
        let short = kept.chars().count() <= 3;
        (!(short && ending.chars().count() > 1 && kept.ends_with(|c| VOWELS.contains(c))))
            .then_some(left)
    }

    /// Takes the longest of these endings off; they are sorted by length.
    fn cut(&mut self, endings: &[&str]) -> bool {
        let left = endings.iter().find_map(|ending| self.without(ending));
        if let Some(left) = left {
            self.letters.truncate(left);
        }
        left.is_some()
    }

    fn cut_after_a(&mut self, endings: &[&str]) -> bool {
        let left = endings.iter().find_map(|ending| {
            let left = self.without(ending)?;
            let kept = self.letters.get(self.start..left)?;
            kept.ends_with(['а', 'я']).then_some(left)
        });
        if let Some(left) = left {
            self.letters.truncate(left);
        }
        left.is_some()
    }

    fn cut_reflexive(&mut self) {
        let left = REFLEXIVE
            .iter()
            .find_map(|ending| self.without(ending))
            .filter(|left| {
                let kept = self.letters.get(..*left).unwrap_or_default();
                VERB_LIKE.iter().any(|ending| kept.ends_with(ending))
            });
        if let Some(left) = left {
            self.letters.truncate(left);
        }
    }

    /// «-ость» and «-ост» go from the second syllable on (R2).
    fn cut_derivation(&mut self) {
        let Some(second) =
            after_syllable(&self.letters, 0).and_then(|first| after_syllable(&self.letters, first))
        else {
            return;
        };
        for ending in ["ость", "ост"] {
            if let Some(kept) = self.letters.strip_suffix(ending)
                && kept.len() >= second
            {
                self.letters.truncate(kept.len());
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_a_word_meet_in_its_stem() {
        for (wanted, forms) in [
            ("лиценз", "лицензия лицензии лицензию лицензией"),
            (
                "технопарк",
                "технопарк технопарка технопарку технопарком технопарки",
            ),
            ("прием", "прием приема приему приеме приемом"),
            ("запис", "запись записи записью"),
            ("лом", "лом лома лому ломом ломе"),
            ("субсид", "субсидия субсидии субсидию субсидий субсидиями"),
            ("документ", "документ документы документов документами"),
            ("жалоб", "жалоба жалобу жалобы жалобой"),
            ("пожалова", "пожаловаться пожаловался пожалована"),
            ("поддержк", "поддержка поддержки поддержку поддержкой"),
            ("рассмотрен", "рассмотрение рассмотрения рассмотрению"),
            (
                "государствен",
                "государственная государственной государственные",
            ),
            ("стоимост", "стоимость стоимости"),
            (
                "предпринимател",
                "предприниматель предпринимателя предпринимателей",
            ),
            ("срок", "срок срока сроки сроков"),
        ] {
            for form in forms.split(' ') {
                assert_eq!(stem(form), wanted, "{form}");
            }
        }
    }

    #[test]
    fn short_words_and_foreign_ones_stay() {
        for word in ["", "в", "146", "abc", "мфц", "да"] {
            assert_eq!(stem(word), word);
        }
    }

    proptest! {
        #[test]
        fn a_stem_begins_its_word(word in "[а-я]{0,20}") {
            prop_assert!(word.starts_with(&stem(&word)));
        }

        #[test]
        fn any_text_has_a_stem(word in "\\PC{0,30}") {
            let _ = stem(&word);
        }
    }
}
