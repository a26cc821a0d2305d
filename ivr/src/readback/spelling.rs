//! Letters by their names.

/// Letters, Russian and Latin, and how they are called in Russian; Latin ones as in an address.
const NAMES: &[(char, &str)] = &[
    ('а', "а"),
    ('б', "бэ"),
    ('в', "вэ"),
    ('г', "гэ"),
    ('д', "дэ"),
    ('е', "е"),
    ('ё', "ё"),
    ('ж', "жэ"),
    ('з', "зэ"),
    ('и', "и"),
    ('й', "и краткое"),
    ('к', "ка"),
    ('л', "эль"),
    ('м', "эм"),
    ('н', "эн"),
    ('о', "о"),
    ('п', "пэ"),
    ('р', "эр"),
    ('с', "эс"),
    ('т', "тэ"),
    ('у', "у"),
    ('ф', "эф"),
    ('х', "ха"),
    ('ц', "цэ"),
    ('ч', "че"),
    ('ш', "ша"),
    ('щ', "ща"),
    ('ъ', "твёрдый знак"),
    ('ы', "ы"),
    ('ь', "мягкий знак"),
    ('э', "э"),
    ('ю', "ю"),
    ('я', "я"),
    ('a', "а"),
    ('b', "бэ"),
    ('c', "цэ"),
    ('d', "дэ"),
    ('e', "е"),
    ('f', "эф"),
    ('g', "жэ"),
    ('h', "аш"),
    ('i', "и"),
    ('j', "йот"),
    ('k', "ка"),
    ('l', "эль"),
    ('m', "эм"),
    ('n', "эн"),
    ('o', "о"),
    ('p', "пэ"),
    ('q', "ку"),
    ('r', "эр"),
    ('s', "эс"),
    ('t', "тэ"),
    ('u', "у"),
    ('v', "вэ"),
    ('w', "дубль вэ"),
    ('x', "икс"),
    ('y', "игрек"),
    ('z', "зет"),
];

/// The name of a small letter.
pub(super) fn letter_name(letter: char) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(known, _)| *known == letter)
        .map(|(_, name)| *name)
}

/// Letters one by one, with hyphens so that they are read as one word: «эм-эф-цэ».
pub(super) fn by_letters(word: &str) -> String {
    let names: Vec<&str> = word
        .to_lowercase()
        .chars()
        .filter_map(letter_name)
        .collect();
    names.join("-")
}
