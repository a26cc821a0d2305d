//! Numbers that are places in an order though nothing but the noun shows it: «2 этаж», «в 3 квартале»,
//! «IV квартал», «инвалид I группы».

use super::cases::Case;
use super::numbers::{Gender, masculine_ordinal, ordinal};
use super::written::word_after;

/// Nouns that are numbered by their order, without their endings.
const ORDERED: &[(&str, Gender)] = &[
    ("этаж", Gender::Masculine),
    ("подъезд", Gender::Masculine),
    ("квартал", Gender::Masculine),
    ("век", Gender::Masculine),
    ("этап", Gender::Masculine),
    ("класс", Gender::Masculine),
    ("курс", Gender::Masculine),
    ("созыв", Gender::Masculine),
    ("разряд", Gender::Masculine),
    ("групп", Gender::Feminine),
    ("категори", Gender::Feminine),
    ("степен", Gender::Feminine),
    ("очеред", Gender::Feminine),
    ("полугоди", Gender::Neuter),
];
/// Roman figures of less than forty: larger ones are no places in an order here.
const ROMAN_MAX: u32 = 39;

/// The order's case and gender, if a noun that is numbered by its order follows: what its ending shows.
fn ordered(after: &str) -> Option<(Gender, Case, &str)> {
    let (_, word) = word_after(after)?;
    let lower = word.to_lowercase();
    ORDERED.iter().find_map(|(stem, gender)| {
        let ending = lower.strip_prefix(stem)?;
        let case = match (gender, ending) {
            (Gender::Masculine, "") | (Gender::Feminine, "а" | "я" | "ь") => Case::Nominative,
            (Gender::Neuter, "е") => Case::Nominative,
            (Gender::Masculine | Gender::Neuter, "а" | "я") => Case::Genitive,
            (Gender::Feminine, "ы" | "и") => Case::Genitive,
            (Gender::Masculine | Gender::Neuter, "у" | "ю") => Case::Dative,
            (Gender::Masculine | Gender::Neuter, "ом" | "ем") => Case::Instrumental,
            (Gender::Feminine, "ой" | "ей" | "ью") => Case::Instrumental,
            (Gender::Masculine, "е") | (Gender::Neuter, "и") => Case::Prepositional,
            (Gender::Feminine, "е") => Case::Prepositional,
            _ => return accusative(*gender, ending).then_some((*gender, Case::Nominative, "ую")),
        };
        Some((*gender, case, ""))
    })
}

fn accusative(gender: Gender, ending: &str) -> bool {
    gender == Gender::Feminine && matches!(ending, "у" | "ю")
}

/// The number as the place that the noun behind it asks for; none if it counts.
pub(super) fn by_noun(n: u32, after: &str, before: &str) -> Option<String> {
    let (gender, case, _) = ordered(after)?;
    let single = n % 10 == 1 && n % 100 != 11;
    let of_disabled = super::agreement::last_word(before).is_some_and(|last| {
        ["инвалид", "ребён", "дет"]
            .iter()
            .any(|s| last.starts_with(s))
    });
    // «Два этажа», «одной группы», «двух групп» count; «2 этаж» cannot.
    let counts = match case {
        Case::Genitive => !of_disabled,
        Case::Nominative => gender == Gender::Feminine && single && !after_word(before),
        Case::Dative | Case::Instrumental | Case::Prepositional => false,
    };
    (!counts).then(|| said(n, after))?
}

fn after_word(before: &str) -> bool {
    super::agreement::last_word(before).is_some()
}

/// Roman figures at the beginning of a word, before a noun that is numbered by its order.
pub(super) fn roman(word: &str, after: &str) -> Option<String> {
    let n = roman_value(word)?;
    said(n, after)
}

fn said(n: u32, after: &str) -> Option<String> {
    let (gender, case, accusative) = ordered(after)?;
    let (ending, soft) = match (gender, case) {
        _ if !accusative.is_empty() => ("ую", "ю"),
        (Gender::Masculine, Case::Nominative) => return Some(masculine_ordinal(n)),
        (Gender::Feminine, Case::Nominative) => ("ая", "я"),
        (Gender::Neuter, Case::Nominative) => ("ое", "е"),
        (
            Gender::Feminine,
            Case::Genitive | Case::Dative | Case::Instrumental | Case::Prepositional,
        ) => ("ой", "ей"),
        (Gender::Masculine | Gender::Neuter, Case::Genitive) => ("ого", "его"),
        (Gender::Masculine | Gender::Neuter, Case::Dative) => ("ому", "ему"),
        (Gender::Masculine | Gender::Neuter, Case::Instrumental) => ("ым", "им"),
        (Gender::Masculine | Gender::Neuter, Case::Prepositional) => ("ом", "ем"),
    };
    Some(ordinal(n, ending, soft))
}

/// `IV`, `XII`: written as they should be, no larger than [`ROMAN_MAX`].
fn roman_value(word: &str) -> Option<u32> {
    let written = |n: u32| {
        let tens = "X".repeat(usize::try_from(n / 10).unwrap_or(0));
        let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
        let unit = usize::try_from(n % 10).ok().and_then(|at| units.get(at));
        format!("{tens}{}", unit.copied().unwrap_or_default())
    };
    (1..=ROMAN_MAX).find(|n| written(*n) == word)
}

#[cfg(test)]
mod tests {
    use super::roman_value;

    #[test]
    fn roman_figures() {
        for (word, value) in [
            ("I", Some(1)),
            ("IV", Some(4)),
            ("XIX", Some(19)),
            ("XXXIX", Some(39)),
            ("IIII", None),
            ("", None),
            ("XL", None),
            ("V1", None),
        ] {
            assert_eq!(roman_value(word), value, "{word}");
        }
    }
}
