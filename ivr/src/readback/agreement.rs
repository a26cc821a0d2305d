//! What the words around a number ask of it.

use super::cases::Case;
use super::figures::DayForm;
use super::numbers::Gender;

/// Words that want the genitive behind them.
const OF: &[&str] = &[
    "от",
    "до",
    "из",
    "без",
    "для",
    "после",
    "около",
    "у",
    "кроме",
    "свыше",
    "более",
    "менее",
    "больше",
    "меньше",
    "старше",
    "младше",
    "течение",
    "порядка",
    "ранее",
    "раньше",
    "позднее",
    "позже",
    "размере",
    "с",
    "со",
    "истечении",
    "возрасте",
    "сверх",
    "ниже",
    "выше",
    "минимум",
];
/// «Минимум» and «максимум» leave a number as it is.
const NOT_OF: &[&str] = &["минимум"];
/// Words that want the dative.
const TO: &[&str] = &["к", "ко", "благодаря"];
/// Words that want the instrumental.
const BY: &[&str] = &["между", "над", "перед", "под"];
/// Words that want the prepositional.
const ABOUT: &[&str] = &["о", "об", "при"];
/// Words that want the accusative, in which only «одна» and its noun differ from the nominative.
const INTO: &[&str] = &["в", "во", "на", "за", "через", "про", "спустя"];
/// Nouns that end in «е» when they are feminine and in the prepositional.
const FEMININE_E: &[&str] = &[
    "неделе",
    "минуте",
    "секунде",
    "анкете",
    "форме",
    "справке",
    "заявке",
    "строке",
    "странице",
    "папке",
    "комнате",
    "школе",
    "семье",
    "программе",
    "услуге",
    "линии",
];

/// The last word of what was said, if nothing but spaces and brackets follow it.
pub(super) fn last_word(before: &str) -> Option<String> {
    let trimmed = before.trim_end_matches([' ', '\u{a0}', '(', '«']);
    let start = trimmed
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphabetic())
        .last()
        .map(|(at, _)| at)?;
    trimmed.get(start..).map(str::to_lowercase)
}

fn follows(before: &str, words: &[&str]) -> bool {
    last_word(before).is_some_and(|last| words.contains(&last.as_str()))
}

/// The case that the word before a number asks for.
pub(super) fn governed(before: &str) -> Option<Case> {
    if follows(before, NOT_OF) {
        None
    } else if follows(before, OF) {
        Some(Case::Genitive)
    } else if follows(before, TO) {
        Some(Case::Dative)
    } else if follows(before, BY) {
        Some(Case::Instrumental)
    } else if follows(before, ABOUT) {
        Some(Case::Prepositional)
    } else {
        None
    }
}

/// How a day is put behind the word before it.
pub(super) fn of_date(before: &str) -> Option<DayForm> {
    match governed(before) {
        Some(Case::Genitive) => Some(DayForm::On),
        Some(Case::Dative) => Some(DayForm::By),
        Some(Case::Nominative | Case::Instrumental | Case::Prepositional) | None => {
            follows(before, &["по", "на", "за", "под"]).then_some(DayForm::Named)
        }
    }
}

/// Whether «с» was said already.
pub(super) fn has_from(before: &str) -> bool {
    follows(before, &["с", "со"])
}

/// Whether «в» stands before a year.
pub(super) fn is_inside(before: &str) -> bool {
    follows(before, &["в", "во"])
}

/// Whether the number is a name: «пункт 3».
pub(super) fn is_numbering(before: &str) -> bool {
    last_word(before)
        .is_some_and(|last| last == "добавочный" || super::declined::names_by_number(&last))
}

/// Whether the accusative is wanted.
pub(super) fn is_into(before: &str) -> bool {
    follows(before, INTO)
}

/// Whether a time of day may stand behind the word.
pub(super) fn before_time(before: &str) -> bool {
    follows(
        before,
        &[
            "в",
            "во",
            "с",
            "со",
            "до",
            "по",
            "к",
            "около",
            "после",
            "на",
        ],
    )
}

/// Numbers in the accusative: «одна минута» becomes «одну минуту».
pub(super) fn accusative(said: &str) -> String {
    let mut after_one = false;
    let words = said.split(' ').map(|word| {
        let one = word == "одна";
        let noun = std::mem::replace(&mut after_one, one);
        let (bare, stop) = word
            .strip_suffix('.')
            .map_or((word, ""), |bare| (bare, "."));
        match bare.strip_suffix('а').filter(|_| noun) {
            Some(stem) => format!("{stem}у{stop}"),
            None if one => "одну".to_owned(),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The noun behind a number, if there is one.
pub(super) struct Noun<'a>(Option<&'a str>);

/// The noun that the text begins with; adjectives are passed over.
pub(super) fn noun(after: &str) -> Noun<'_> {
    const ADJECTIVES: &[&str] = &[
        "ых", "их", "ым", "им", "ыми", "ими", "ая", "яя", "ое", "ее", "ый", "ий", "ую", "юю",
        "ого", "его", "ой", "ые", "ие",
    ];
    let mut rest = after;
    for _ in 0..3 {
        let Some((gap, word)) = super::written::word_after(rest) else {
            return Noun(None);
        };
        let after_word = rest.get(gap + word.len()..).unwrap_or_default();
        let adjective = word.chars().count() > 4
            && !word.ends_with("ние")
            && !word.ends_with("тий")
            && ADJECTIVES.iter().any(|ending| word.ends_with(ending));
        if !adjective || super::written::word_after(after_word).is_none() {
            return Noun(Some(word));
        }
        rest = after_word;
    }
    Noun(None)
}

impl Noun<'_> {
    fn ends(&self, endings: &[&str]) -> bool {
        self.0
            .is_some_and(|noun| endings.iter().any(|ending| noun.ends_with(ending)))
    }

    /// The case that its form and the word before the number show.
    pub(super) fn case(&self, n: u32, before: &str) -> Option<Case> {
        let single = n % 10 == 1 && n % 100 != 11;
        if single
            && follows(before, &["в", "во", "на"])
            && (self.ends(&["ии"]) || self.ends(&["е"]) && !self.ends(&["ие", "ье"]))
        {
            return Some(Case::Prepositional);
        }
        if self.0.is_none_or(|noun| noun.chars().count() < 4) {
            None
        } else if self.ends(&["ами", "ями", "дьми"]) {
            Some(Case::Instrumental)
        } else if self.ends(&["ах", "ях"]) {
            Some(Case::Prepositional)
        } else if self.ends(&["ам", "ям"]) {
            Some(Case::Dative)
        } else {
            None
        }
    }

    /// Whether it is «неделю», «минуту».
    pub(super) fn is_accusative(&self) -> bool {
        self.ends(&["у", "ю"])
    }

    /// Its gender, as far as a number that ends in one or two shows it.
    pub(super) fn gender(&self, n: u32, case: Case) -> Gender {
        let single = n % 10 == 1 && n % 100 != 11;
        let two = n % 10 == 2 && n % 100 != 12;
        let soft = ["сть", "пись", "редь", "щадь", "чать", "вь", "знь"];
        let feminine = match case {
            Case::Nominative if single => self.ends(&["а", "я"]) || self.ends(&soft),
            Case::Nominative if two => self.ends(&["ы", "и"]),
            Case::Genitive if single => self.ends(&["ы", "и"]),
            Case::Dative if single => self.ends(&["е", "и"]),
            Case::Prepositional if single => {
                self.ends(FEMININE_E) || self.ends(&["и"]) && !self.ends(&["нии"])
            }
            Case::Instrumental if single => self.ends(&["ой", "ей", "ью"]),
            Case::Nominative
            | Case::Genitive
            | Case::Dative
            | Case::Instrumental
            | Case::Prepositional => false,
        };
        if feminine {
            Gender::Feminine
        } else if case == Case::Nominative && single && self.ends(&["о", "е"]) {
            Gender::Neuter
        } else {
            Gender::Masculine
        }
    }
}
